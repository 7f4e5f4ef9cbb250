"""Again and again, without too long a gap."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fcim_audit.errors import AuditError
from fcim_audit.model import Verdict
from tests.checks.stories import TICKETS, ticket
from tests.workbench import Rows, at, concluded, dataset

READINGS = dataset("readings", {"id": "text", "point": "text", "at": "datetime"})
HOURLY = {
    "kind": "cadence",
    "dataset": "readings",
    "at": "at",
    "by": "point",
    "max_gap": "1 h",
    "edges": "false",
}
MONTHLY = {"kind": "cadence", "dataset": "readings", "at": "at", "max_gap": "6 months"}


def readings(*stamps: str | None, point: str = "P1") -> list[dict[str, object]]:
    return [
        {"id": str(n), "point": point, "at": None if stamp is None else at(stamp)}
        for n, stamp in enumerate(stamps)
    ]


def test_a_gap_of_exactly_the_limit_passes() -> None:
    rows = readings("03-01 09:00", "03-01 10:00", "03-01 11:00")
    outcome = concluded(HOURLY, [READINGS], {"readings": rows})
    assert (outcome.verdict, outcome.measured.value) == (Verdict.PASS, Fraction(3600))


def test_a_second_more_fails_and_names_the_gap() -> None:
    rows = readings("03-01 09:00", "03-01 10:00:01")
    (gap,) = concluded(HOURLY, [READINGS], {"readings": rows}).exceptions
    assert (gap.key, gap.why, gap.values["gap_seconds"], gap.place.row) == ("P1", "gap", "3601", 3)


def test_points_are_followed_apart() -> None:
    rows = [
        *readings("03-01 09:00", "03-01 10:00"),
        *readings("03-01 15:00", "03-01 16:00", point="P2"),
    ]
    assert concluded(HOURLY, [READINGS], {"readings": rows}).verdict is Verdict.PASS


def test_rows_out_of_order_are_put_in_order_and_said() -> None:
    rows = readings("03-01 10:00", "03-01 09:00", "03-01 11:00")
    outcome = concluded(HOURLY, [READINGS], {"readings": rows})
    assert outcome.verdict is Verdict.PASS
    assert "out of order" in outcome.reasons[0].en


def test_repeated_stamps_are_said() -> None:
    rows = readings("03-01 10:00", "03-01 10:00", "03-01 11:00")
    assert "1 repeated" in concluded(HOURLY, [READINGS], {"readings": rows}).reasons[0].en


def test_one_reading_alone_shows_no_interval() -> None:
    rows = readings("03-01 10:00")
    assert concluded(HOURLY, [READINGS], {"readings": rows}).verdict is Verdict.INCONCLUSIVE


def test_an_unreadable_stamp_leaves_it_open() -> None:
    rows = readings("03-01 09:00", "03-01 10:00", None)
    rows[2]["_bad"] = ",at,"
    assert concluded(HOURLY, [READINGS], {"readings": rows}).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("stamps", "whys"),
    [
        pytest.param(("05-01", "10-01"), [], id="well-spread"),
        pytest.param(("07-02", "10-01"), ["start"], id="late-start"),
        pytest.param(("05-01",), ["end"], id="early-end"),
        pytest.param(("02-01", "08-02"), ["gap"], id="gap-between"),
    ],
)
def test_the_edges_of_the_period_count(stamps: tuple[str, ...], whys: list[str]) -> None:
    outcome = concluded(MONTHLY, [READINGS], {"readings": readings(*stamps)})
    assert [e.why for e in outcome.exceptions] == whys


def test_nothing_at_all_is_no_evidence() -> None:
    assert concluded(MONTHLY, [READINGS], {"readings": _none()}).verdict is Verdict.NO_EVIDENCE


def _none() -> Rows:
    return []


def test_a_personal_column_may_not_tell_groups_apart() -> None:
    people = READINGS.model_copy(
        update={
            "columns": tuple(
                c.model_copy(update={"personal": c.name == "point"}) for c in READINGS.columns
            )
        }
    )
    with pytest.raises(AuditError):
        concluded(HOURLY, [people], {"readings": readings("03-01 09:00", "03-01 10:00")})


def test_a_row_that_may_be_an_event_leaves_a_gap_open() -> None:
    rows = [
        ticket(1, theme="leak", created=at("01-01 00:00")),
        ticket(2, theme=None, created=at("06-01 00:00"), _bad=",theme,"),
        ticket(3, theme="leak", created=at("12-31 23:00")),
    ]
    check = {
        "kind": "cadence", "dataset": "tickets", "at": "created", "max_gap": "200 d",
        "where": "theme = 'leak'",
    }  # fmt: skip
    outcome = concluded(check, [TICKETS], {"tickets": rows})
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert "may fill these gaps" in outcome.reasons[-1].en


def test_more_gaps_than_unread_rows_are_a_failure() -> None:
    rows = [
        ticket(1, created=at("01-01 00:00")),
        ticket(2, created=None, _bad=",created,"),
        ticket(3, created=at("05-01 00:00")),
        ticket(4, created=at("12-31 23:00")),
    ]
    check = {"kind": "cadence", "dataset": "tickets", "at": "created", "max_gap": "30 d"}
    assert concluded(check, [TICKETS], {"tickets": rows}).verdict is Verdict.FAIL


def test_an_event_at_the_start_of_the_period_is_not_repeated() -> None:
    rows = [ticket(1, created=at("01-01 00:00")), ticket(2, created=at("12-31 00:00"))]
    check = {"kind": "cadence", "dataset": "tickets", "at": "created", "max_gap": "12 months"}
    outcome = concluded(check, [TICKETS], {"tickets": rows})
    assert [r.en for r in outcome.reasons if "repeated" in r.en] == []
