"""Until when what is due, and how late a day is."""

from __future__ import annotations

import datetime as dt

import pytest

from fcim_audit.auditfile.due import Due, day_of, dues_of, escalation, month_later
from fcim_audit.auditfile.schema import Dates, FindingState
from fcim_audit.model import Status
from fcim_audit.profile import DueStep, Limit
from tests.auditfile.finding_audits import finding, plan, rules

RESPONSE = {
    "received_on": "2026-02-01", "correction": "answered", "cause": "no deputy", "extent": "both sites",
    "action": "name a deputy", "owner": "service manager", "due": "2026-03-15",
}  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param("2026-01-31", 1, "2026-02-28", id="the-month-is-shorter"),
        pytest.param("2028-01-31", 1, "2028-02-29", id="the-month-is-shorter-in-a-leap-year"),
        pytest.param("2028-02-29", 12, "2029-02-28", id="from-a-leap-day"),
        pytest.param("2028-02-29", 48, "2032-02-29", id="to-a-leap-day"),
        pytest.param("2026-02-28", 1, "2026-03-28", id="a-months-last-day-is-no-rule"),
        pytest.param("2025-08-31", 6, "2026-02-28", id="over-a-years-end"),
        pytest.param("2025-12-31", 12, "2026-12-31", id="december-stays-december"),
    ],
)
def test_months_keep_the_day_or_take_the_last(start: str, months: int, end: str) -> None:
    assert month_later(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("2025-12-15", "2026-01-14", id="over-a-years-end"),
        pytest.param("2028-02-15", "2028-03-16", id="over-a-leap-day"),
        pytest.param("2026-02-15", "2026-03-17", id="over-a-february-without-one"),
    ],
)
def test_thirty_days_are_thirty_calendar_days(start: str, end: str) -> None:
    limit = Limit(grade=Status.MINOR, step=DueStep.RESPONSE, days=30)
    assert day_of(limit, day(start)) == day(end)


def dues(**values: object) -> list[tuple[str, str]]:
    return [(d.step.value, str(d.day)) for d in dues_of("NC01", finding(**values), plan(), rules())]


def test_a_minor_is_answered_in_thirty_days_and_verified_at_the_next_audit() -> None:
    assert dues() == [("response", "2026-02-20"), ("verification", "None")]


def test_a_major_has_a_last_day_of_all() -> None:
    assert dues(grade=Status.MAJOR) == [
        ("response", "2026-02-05"),
        ("verification", "2026-04-21"),
        ("hard_stop", "2026-07-21"),
    ]


def test_an_opportunity_asks_for_nothing() -> None:
    assert dues(grade=Status.OFI) == []


@pytest.mark.parametrize("state", [FindingState.CLOSED, FindingState.WITHDRAWN])
def test_what_is_over_is_not_due(state: FindingState) -> None:
    assert dues(state=state) == []


def test_once_the_plan_is_accepted_the_auditees_own_day_counts() -> None:
    accepted = {"state": "plan_accepted", "response": RESPONSE, "plan_accepted_on": "2026-02-03"}
    assert dues(**accepted) == [("action", "2026-03-15"), ("verification", "None")]


def test_a_returned_answer_is_due_again_on_the_same_day() -> None:
    assert dues(state="returned", response=RESPONSE)[0] == ("response", "2026-02-20")


def test_a_carried_minor_is_verified_by_the_closing_meeting_of_its_next_audit() -> None:
    later = plan(dates=Dates(start=day("2027-01-11"), end=day("2027-01-13")))
    carried = finding(state="plan_accepted", carried_from="YQ-NC01", response=RESPONSE)
    found = dues_of("NC01", carried, later, rules())
    assert [(d.step.value, str(d.day)) for d in found] == [
        ("action", "2026-03-15"),
        ("verification", "2027-01-13"),
    ]


def test_a_carried_finding_without_an_answer_keeps_its_day() -> None:
    later = plan(dates=Dates(start=day("2027-01-11"), end=day("2027-01-13")))
    carried = finding(state="issued", carried_from="YQ-NC01", issued_on="2026-01-21")
    assert dues_of("NC01", carried, later, rules())[0].day == day("2026-02-20")


@pytest.mark.parametrize(
    ("as_of", "level"),
    [
        pytest.param("2026-02-12", None, id="eight-days-before"),
        pytest.param("2026-02-13", "reminder", id="seven-days-before"),
        pytest.param("2026-02-20", "reminder", id="the-day-itself-is-in-time"),
        pytest.param("2026-02-21", "leader", id="the-day-after"),
        pytest.param("2026-03-06", "leader", id="fourteen-days-after"),
        pytest.param("2026-03-07", "certification_body", id="fifteen-days-after"),
        pytest.param("2026-03-21", "certification_body", id="twenty-nine-days-after"),
        pytest.param("2026-03-22", "suspension_proposal", id="thirty-days-after"),
    ],
)
def test_the_ladder_rises_with_the_days(as_of: str, level: str | None) -> None:
    due = Due("NC01", DueStep.RESPONSE, day("2026-02-20"))
    rung = escalation(due, day(as_of), rules())
    assert (None if rung is None else rung.level) == level


def test_what_is_due_on_a_day_is_overdue_the_day_after() -> None:
    due = Due("NC01", DueStep.RESPONSE, day("2026-02-20"))
    assert not due.is_overdue(day("2026-02-20"))
    assert due.is_overdue(day("2026-02-21"))


def test_what_is_due_at_the_next_audit_is_never_overdue() -> None:
    due = Due("NC01", DueStep.VERIFICATION, None)
    assert not due.is_overdue(dt.date.max)
    assert escalation(due, dt.date.max, rules()) is None
