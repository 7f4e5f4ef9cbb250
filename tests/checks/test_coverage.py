"""Everything that needs something has it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from fcim_audit.checks.coverage import CoverageCheck
from fcim_audit.model import Coverage, Verdict
from tests.checks.stories import TICKETS, ticket
from tests.workbench import Rows, concluded, dataset

THEMES = {
    "kind": "coverage",
    "dataset": "tickets",
    "on": "theme",
    "values": ["leak", "outage"],
    "must": "owner is not null",
}
ANSWERS = dataset("answers", {"answer": "text", "ticket": "text", "sent": "bool"}, key="answer")
ANSWERED = {
    "kind": "coverage", "dataset": "tickets", "on": "id",
    "covered_by": {"dataset": "answers", "on": "ticket", "where": "sent"},
}  # fmt: skip


def test_each_word_with_its_row_passes() -> None:
    rows = [ticket(1, theme="leak", owner="x"), ticket(2, theme="outage", owner="x")]
    assert concluded(THEMES, [TICKETS], {"tickets": rows}).verdict is Verdict.PASS


def test_a_word_without_a_row_is_named_with_the_file() -> None:
    outcome = concluded(THEMES, [TICKETS], {"tickets": [ticket(1, theme="leak", owner="x")]})
    (missing,) = outcome.exceptions
    assert (missing.key, missing.why, missing.place.file, missing.place.row) == (
        "outage", "missing", "tickets.csv", 0,
    )  # fmt: skip


def test_a_row_that_does_not_meet_the_condition_does_not_cover() -> None:
    rows = [ticket(1, theme="leak", owner="x"), ticket(2, theme="outage")]
    assert concluded(THEMES, [TICKETS], {"tickets": rows}).verdict is Verdict.FAIL


def test_an_unreadable_word_leaves_a_missing_one_open() -> None:
    rows = [ticket(1, theme="leak", owner="x"), ticket(2, theme=None, owner="x", _bad=",theme,")]
    assert concluded(THEMES, [TICKETS], {"tickets": rows}).verdict is Verdict.INCONCLUSIVE


def test_each_row_with_its_counterpart_passes() -> None:
    rows = {"tickets": [ticket(1)], "answers": [{"answer": "A", "ticket": "T1", "sent": True}]}
    assert concluded(ANSWERED, [TICKETS, ANSWERS], rows).verdict is Verdict.PASS


def test_a_row_without_counterpart_is_named() -> None:
    rows = {
        "tickets": [ticket(1), ticket(2)],
        "answers": [
            {"answer": "A", "ticket": "T1", "sent": True},
            {"answer": "B", "ticket": "T2", "sent": False},
        ],
    }
    outcome = concluded(ANSWERED, [TICKETS, ANSWERS], rows)
    assert [(e.key, e.place.row) for e in outcome.exceptions] == [("T2", 3)]


def test_a_null_never_finds_a_counterpart() -> None:
    rows: dict[str, Rows] = {
        "tickets": [ticket(1) | {"id": None}],
        "answers": [{"answer": "A", "ticket": None, "sent": True}],
    }
    assert concluded(ANSWERED, [TICKETS, ANSWERS], rows).verdict is Verdict.FAIL


def test_without_the_other_dataset_there_is_no_evidence() -> None:
    rows = {"tickets": [ticket(1)]}
    assert concluded(ANSWERED, [TICKETS, ANSWERS], rows).verdict is Verdict.NO_EVIDENCE


def test_values_and_covered_by_exclude_each_other() -> None:
    with pytest.raises(ValidationError):
        CoverageCheck.model_validate({"name": "c", **THEMES, "covered_by": ANSWERED["covered_by"]})


def test_a_sample_does_not_prove_that_a_word_is_missing() -> None:
    outcome = concluded(
        THEMES, [TICKETS], {"tickets": [ticket(1, theme="leak", owner="x")]},
        coverage=Coverage.RANDOM_SAMPLE, population_size=9,
    )  # fmt: skip
    assert outcome.verdict is Verdict.INCONCLUSIVE


def test_an_unreadable_key_of_its_own_leaves_a_row_open() -> None:
    rows: dict[str, Rows] = {
        "tickets": [ticket(1) | {"id": None, "_bad": ",id,"}, ticket(2)],
        "answers": [{"answer": "A", "ticket": "T2", "sent": True}],
    }
    assert concluded(ANSWERED, [TICKETS, ANSWERS], rows).verdict is Verdict.INCONCLUSIVE


def test_names_of_our_own_can_not_be_shown() -> None:
    with pytest.raises(ValidationError, match="may not use the name state"):
        CoverageCheck.model_validate({"name": "c", **THEMES, "show": {"state": "id"}})
