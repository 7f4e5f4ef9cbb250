"""Each case goes through its steps, in order and in time."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from fcim_audit.checks.lifecycle import LifecycleCheck
from fcim_audit.model import Verdict
from tests.workbench import at, concluded, dataset

CHANGES = dataset(
    "changes",
    {
        "id": "text",
        "raised": "datetime",
        "approved": "datetime",
        "done": "datetime",
        "owner": "text",
    },
)
ORDERLY = {
    "kind": "lifecycle", "dataset": "changes", "steps": ["raised", "approved", "done"],
    "may_be_missing": ["done"],
    "limits": [{"start": "raised", "end": "approved", "within": "$limit"}],
    "must": "owner is not null",
}  # fmt: skip


def change(**stamps: str | None) -> dict[str, object]:
    read = {name: None if text is None else at(text) for name, text in stamps.items()}
    return {"id": "C1", "owner": "x", **read}


def why(row: dict[str, object]) -> str:
    outcome = concluded(ORDERLY, [CHANGES], {"changes": [row]})
    assert outcome.verdict is Verdict.FAIL
    return outcome.exceptions[0].why


def test_in_order_and_in_time_passes() -> None:
    row = change(raised="03-01 09:00", approved="03-01 11:00", done="03-02 09:00")
    assert concluded(ORDERLY, [CHANGES], {"changes": [row]}).verdict is Verdict.PASS


def test_a_step_that_may_be_missing_may_be_missing() -> None:
    row = change(raised="03-01 09:00", approved="03-01 11:00")
    assert concluded(ORDERLY, [CHANGES], {"changes": [row]}).verdict is Verdict.PASS


def test_a_second_too_late_is_late() -> None:
    assert why(change(raised="03-01 09:00", approved="03-01 11:00:01")) == "late:approved"


def test_done_before_approval_is_out_of_order() -> None:
    row = change(raised="03-01 09:00", approved="03-01 11:00", done="03-01 10:00")
    assert why(row) == "order:done<approved"


def test_a_step_missing_after_its_limit_is_missing() -> None:
    assert why(change(raised="03-01 09:00", approved=None)) == "missing:approved"


def test_a_condition_that_does_not_hold_is_said() -> None:
    row = change(raised="03-01 09:00", approved="03-01 11:00") | {"owner": None}
    assert why(row) == "must"


def test_a_step_still_in_time_at_the_cut_off_is_not_due() -> None:
    outcome = concluded(
        ORDERLY, [CHANGES], {"changes": [change(raised="03-01 09:00", approved=None)]},
        bundle={"as_of": "2025-03-01T10:00:00"},
    )  # fmt: skip
    assert (outcome.verdict, outcome.counts.not_due) == (Verdict.INCONCLUSIVE, 1)


def test_an_unreadable_stamp_leaves_it_open() -> None:
    row = change(raised="03-01 09:00", approved=None) | {"_bad": ",approved,"}
    assert concluded(ORDERLY, [CHANGES], {"changes": [row]}).verdict is Verdict.INCONCLUSIVE


def test_a_limit_on_a_step_that_is_none_is_refused() -> None:
    wrong = {**ORDERLY, "limits": [{"start": "raised", "end": "closed", "within": "2 h"}]}
    with pytest.raises(ValidationError):
        LifecycleCheck.model_validate({"name": "c", **wrong})
