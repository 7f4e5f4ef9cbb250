"""What `bundle.yaml` may say of moments, and the cut-off that rules see."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import BundleFile
from fcim_audit.moments import moment_of

SOUND = {
    "bundle": "1",
    "organisation": {"name": "某公司"},
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "as_of": "2026-01-15",
}


def declared(**changes: object) -> BundleFile:
    return BundleFile.model_validate({**SOUND, **changes})


def test_a_plain_day_is_whole() -> None:
    bundle = declared()
    assert bundle.period.start == dt.datetime(2025, 1, 1)
    assert bundle.period.end == dt.datetime(2025, 12, 31, 23, 59, 59, 999999)
    assert bundle.as_of == dt.datetime(2026, 1, 15, 23, 59, 59, 999999)


def test_a_stamp_is_taken_as_it_stands() -> None:
    assert declared(as_of="2026-01-15T18:00").as_of == dt.datetime(2026, 1, 15, 18)


@pytest.mark.parametrize(
    "wrong",
    [
        "20260115",
        "1768435200",
        "2026-01-15T18:00+08:00",
        "2026-02-30",
        "15.01.2026",
        "soon",
        "2026-01",
    ],
)
def test_what_could_be_misread_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        declared(as_of=wrong)


def test_the_period_that_rules_see_ends_at_the_cut_off() -> None:
    checklist = load_checklist(shipped("checklists") / "fcim", rules=False)
    moment, _ = moment_of(checklist, declared(as_of="2025-06-30"))
    assert moment.period_end == dt.datetime(2025, 6, 30, 23, 59, 59, 999999)


def test_a_cut_off_before_the_period_is_refused() -> None:
    checklist = load_checklist(shipped("checklists") / "fcim", rules=False)
    with pytest.raises(AuditError):
        moment_of(checklist, declared(as_of="2024-12-31"))
