"""Each record as it must be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fcim_audit.model import Coverage, Verdict
from tests.checks.stories import MARCH, TICKETS, ticket, tickets
from tests.workbench import concluded

OWNED = {
    "kind": "records",
    "dataset": "tickets",
    "must": "owner is not null",
    "show": {"made": "created"},
}
IN_TIME = {"kind": "records", "dataset": "tickets", "must": "within(created, answered, hours(2))"}


def test_every_record_good_passes() -> None:
    outcome = concluded(OWNED, [TICKETS], {"tickets": tickets(3, owner="x")})
    assert (outcome.verdict, outcome.numerator, outcome.exceptions) == (Verdict.PASS, 3, ())


def test_one_bad_record_fails_and_is_named_with_its_place() -> None:
    rows = [*tickets(2, owner="x"), ticket(3)]
    (exception,) = concluded(OWNED, [TICKETS], {"tickets": rows}).exceptions
    assert (exception.place.file, exception.place.row, exception.key) == ("tickets.csv", 4, "T3")
    assert exception.values == {"made": "2025-03-01 09:00:00"}


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        pytest.param(0, Verdict.PASS, id="at-once"),
        pytest.param(7200, Verdict.PASS, id="just-inside"),
        pytest.param(7201, Verdict.FAIL, id="just-outside"),
        pytest.param(7200.000001, Verdict.FAIL, id="a-microsecond-outside"),
        pytest.param(-1, Verdict.FAIL, id="before-it-began"),
    ],
)
def test_the_limit_of_two_hours_holds_to_the_microsecond(seconds: float, verdict: Verdict) -> None:
    row = ticket(1, answered=MARCH + timedelta(seconds=seconds))
    assert concluded(IN_TIME, [TICKETS], {"tickets": [row]}).verdict is verdict


def test_a_missing_stamp_is_never_in_time() -> None:
    assert concluded(IN_TIME, [TICKETS], {"tickets": [ticket(1)]}).verdict is Verdict.FAIL


def test_an_unreadable_cell_in_the_scope_leaves_it_open() -> None:
    check = {**OWNED, "where": "done"}
    rows = [ticket(1, owner="x", done=True), ticket(2, done=None, _bad=",done,")]
    assert concluded(check, [TICKETS], {"tickets": rows}).verdict is Verdict.INCONCLUSIVE


@settings(max_examples=15, deadline=None)
@given(st.permutations([True, True, False, None]))
def test_the_order_of_rows_changes_nothing(flags: list[bool | None]) -> None:
    check = {"kind": "records", "dataset": "tickets", "must": "done", "share": "50 %"}
    rows = [ticket(n, done=flag) for n, flag in enumerate(flags)]
    outcome = concluded(check, [TICKETS], {"tickets": rows})
    assert (outcome.verdict, outcome.numerator, outcome.denominator) == (Verdict.PASS, 2, 4)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_a_further_bad_row_never_turns_fail_into_pass(flags: list[bool]) -> None:
    check = {"kind": "records", "dataset": "tickets", "must": "done", "share": "80 %"}
    rows = [ticket(n, done=flag) for n, flag in enumerate(flags)]
    before = concluded(check, [TICKETS], {"tickets": rows}).verdict
    after = concluded(check, [TICKETS], {"tickets": [*rows, ticket(99, done=False)]}).verdict
    assert not (before is Verdict.FAIL and after is Verdict.PASS)


@pytest.mark.parametrize("coverage", [Coverage.RANDOM_SAMPLE, Coverage.JUDGEMENT_SAMPLE])
def test_a_population_smaller_than_its_sample_is_said(coverage: Coverage) -> None:
    outcome = concluded(
        {"kind": "records", "dataset": "tickets", "must": "done"}, [TICKETS],
        {"tickets": tickets(3, done=True)}, coverage=coverage, population_size=2,
    )  # fmt: skip
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert outcome.reasons[-1].en == "the declared population of 2 is smaller than the sample of 3"


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        pytest.param("2025-12-16 00:00", Verdict.PASS, id="within"),
        pytest.param("2025-12-15 23:59", Verdict.STALE, id="older"),
        pytest.param("2026-01-16 00:00", Verdict.STALE, id="only-in-the-future"),
    ],
)
def test_rows_must_be_fresh_where_that_is_demanded(day: str, verdict: Verdict) -> None:
    check = {
        "kind": "records", "dataset": "tickets", "must": "done", "fresh_within": "30 d",
        "in_period": False,
    }  # fmt: skip
    row = ticket(1, done=True, created=datetime.fromisoformat(day))
    assert concluded(check, [TICKETS], {"tickets": [row]}).verdict is verdict


@pytest.mark.parametrize(
    "must",
    [
        pytest.param("owner is null or done", id="is-null"),
        pytest.param("coalesce(owner, 'x') = 'x'", id="coalesce"),
        pytest.param("case when owner = 'y' then false else true end", id="case"),
        pytest.param("owner is distinct from 'y'", id="is-distinct-from"),
    ],
)
def test_an_unreadable_cell_does_not_pass_for_an_empty_one(must: str) -> None:
    check = {"kind": "records", "dataset": "tickets", "must": must}
    unread = ticket(1, owner=None, done=None, _bad=",owner,")
    assert concluded(check, [TICKETS], {"tickets": [unread]}).verdict is Verdict.INCONCLUSIVE
    empty = ticket(1, owner=None, done=None)
    assert concluded(check, [TICKETS], {"tickets": [empty]}).verdict is Verdict.PASS
