"""Real data that nobody here wrote, and the figures that must come out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import REAL, check_in, result, run

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def tickets(real_data: Path) -> dict[str, Any]:
    return result(REAL / "servicenow", "--evidence", real_data / "servicenow")


def test_no_row_of_the_ticket_log_is_dropped(tickets: dict[str, Any]) -> None:
    (sheet,) = tickets["evidence"][0]["sheets"]
    assert (sheet["rows"], sheet["left_out"], sheet["problem_count"]) == (5998, [], 0)


def test_390_of_890_tickets_were_answered_within_two_hours(tickets: dict[str, Any]) -> None:
    response = check_in(tickets, "6.3-d.response")
    assert (response["numerator"], response["denominator"]) == (390, 890)
    assert response["measured"] == {"value": 0.438202, "unit": "ratio"}
    assert response["verdict"] == "fail"


def test_each_of_the_500_late_tickets_has_its_place(tickets: dict[str, Any]) -> None:
    exceptions = check_in(tickets, "6.3-d.response")["exceptions"]
    places = exceptions["places"]
    assert exceptions["count"] == 500
    assert len({place["row"] for place in places}) == len({place["key"] for place in places}) == 500
    assert places[0]["file"] == "incident_event_log.csv"
    assert (places[0]["key"], places[0]["row"]) == ("INC0000045", 2)


def test_what_the_naive_count_would_say_is_said_beside(tickets: dict[str, Any]) -> None:
    (naive,) = check_in(tickets, "6.3-d.response")["beside"]
    assert (naive["numerator"], naive["denominator"]) == (392, 890)


def test_the_two_tickets_answered_before_they_were_opened_are_named(
    tickets: dict[str, Any],
) -> None:
    order = check_in(tickets, "6.3-d.order")
    early = [place["values"]["seconds_early"] for place in order["exceptions"]["places"]]
    assert (order["verdict"], sorted(early)) == ("fail", ["1080", "8820"])


def test_882_of_890_tickets_were_closed_with_an_action(tickets: dict[str, Any]) -> None:
    closed = check_in(tickets, "6.3-e.closed")
    assert (closed["numerator"], closed["denominator"]) == (882, 890)
    assert closed["exceptions"]["count"] == 8
    said = [(figure["numerator"], figure["denominator"]) for figure in closed["beside"]]
    assert said == [(890, 890), (861, 890)]


def test_29_tickets_have_no_time_of_resolution(real_data: Path) -> None:
    told = run("inspect", REAL / "servicenow", "--evidence", real_data / "servicenow")
    assert "resolved_at 29, action 8" in told.stdout


def test_the_ambient_sensor_has_ten_gaps_of_more_than_an_hour(real_data: Path) -> None:
    document = result(REAL / "ambient_sensor", "--evidence", real_data / "sensors")
    gaps = check_in(document, "7.1.5-a.gaps")
    (sheet,) = document["evidence"][0]["sheets"]
    assert (sheet["rows"], gaps["exceptions"]["count"]) == (7267, 10)
    assert gaps["measured"] == {"value": 626400, "unit": "s"}
    assert {place["key"] for place in gaps["exceptions"]["places"]} == {
        "ambient_temperature_system_failure"
    }


def test_the_machine_sensor_has_no_gap_but_repeats_and_disorder(real_data: Path) -> None:
    document = result(REAL / "machine_sensor", "--evidence", real_data / "sensors")
    gaps = check_in(document, "7.1.5-a.gaps")
    (sheet,) = document["evidence"][0]["sheets"]
    assert (sheet["rows"], gaps["exceptions"]["count"], gaps["verdict"]) == (22695, 0, "pass")
    notes = " ".join(note["en"] for note in gaps["notes"])
    assert "12 repeated time stamps" in notes
    assert "out of order" in notes


def test_the_terminal_says_repeats_and_disorder_too(real_data: Path) -> None:
    told = run("evaluate", REAL / "machine_sensor", "--evidence", real_data / "sensors")
    assert "12 repeated time stamps" in told.stdout
    assert "out of order" in told.stdout


def test_every_line_of_the_server_log_is_parsed_or_listed(real_data: Path) -> None:
    document = result(REAL / "openssh", "--evidence", real_data / "openssh", "--only", "4.1-a")
    (sheet,) = document["evidence"][0]["sheets"]
    assert sheet["rows"] + len(sheet["left_out"]) == 2000
