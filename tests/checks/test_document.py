"""A document exists, is approved, and is in force at the cut-off (15 January 2026)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from fcim_audit.model import Verdict
from tests.checks.stories import DOCUMENTS
from tests.workbench import at, concluded

POLICY = {"kind": "document", "types": ["policy"]}
SOUND = {
    "id": "D1", "type": "policy", "approver": "某经理", "approved_at": at("01-05"),
    "status": "in_force", "effective_on": dt.date(2025, 1, 6), "review_due": dt.date(2026, 1, 15),
}  # fmt: skip


def test_a_document_under_control_passes() -> None:
    assert concluded(POLICY, [DOCUMENTS], {"document_register": [SOUND]}).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("change", "why", "score"),
    [
        pytest.param({"approver": None}, "unapproved", 25, id="no-approver"),
        pytest.param(
            {"approved_at": dt.datetime(2026, 1, 16)}, "unapproved", 25, id="approved-later"
        ),
        pytest.param({"status": "draft"}, "not_in_force", 25, id="draft"),
        pytest.param({"effective_on": dt.date(2026, 2, 1)}, "not_in_force", 25, id="not-yet"),
        pytest.param(
            {"review_due": dt.date(2026, 1, 14)}, "review_overdue", 50, id="review-overdue"
        ),
        pytest.param({"type": "scope"}, "missing", 0, id="another-document"),
    ],
)
def test_what_is_missing_is_said(change: dict[str, object], why: str, score: int) -> None:
    outcome = concluded(POLICY, [DOCUMENTS], {"document_register": [{**SOUND, **change}]})
    assert outcome.verdict is Verdict.FAIL
    assert outcome.exceptions[0].why == why
    assert outcome.measured.value == Fraction(score)


def test_the_best_version_counts() -> None:
    rows = [{**SOUND, "status": "draft"}, SOUND]
    assert concluded(POLICY, [DOCUMENTS], {"document_register": rows}).verdict is Verdict.PASS


def test_an_unreadable_approval_leaves_it_open() -> None:
    row = {**SOUND, "approved_at": None, "_bad": ",approved_at,"}
    outcome = concluded(POLICY, [DOCUMENTS], {"document_register": [row]})
    assert outcome.verdict is Verdict.INCONCLUSIVE
