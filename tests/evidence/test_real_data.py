"""Exports that nobody here wrote: a ticket system's log, two sensors, a server's log."""

from __future__ import annotations

from pathlib import Path

from fcim_audit.datasets import Dataset
from tests.evidence.gathering import gathered


def dataset(name: str, **types: str) -> dict[str, Dataset]:
    """A dataset with these columns; the first one is its key."""
    title = {"zh": name, "en": name}
    columns = [
        {"name": column, "title": {"zh": column, "en": column}, "type": type_}
        for column, type_ in types.items()
    ]
    declared = {"name": name, "title": title, "systems": title, "columns": columns}
    return {name: Dataset.model_validate(declared)}


def test_an_incident_log_becomes_its_tickets(tmp_path: Path, real_data: Path) -> None:
    found = gathered(
        tmp_path,
        {"log.csv": (real_data / "servicenow/incident_event_log.csv").read_bytes()},
        "  - file: log.csv\n    dataset: tickets\n"
        "    read: {null_values: ['?'], datetime: '%d-%m-%Y %H:%M'}\n"
        "    view: SELECT number AS ticket_id, min(opened_at) AS created_at, "
        "max(closed_at) AS closed_at, max(resolved_at) AS resolved_at "
        "FROM source GROUP BY number\n",
        dataset("tickets", ticket_id="text", created_at="datetime", closed_at="datetime",
                resolved_at="datetime"),
    )  # fmt: skip
    assert (found.sheet.row_count, found.table.rows, found.sheet.problem_count) == (5998, 890, 0)
    assert found.rows("count(DISTINCT ticket_id), min(created_at)::VARCHAR, max(_place)") == [
        (890, "2016-02-29 01:16:00", 5994)
    ]


def test_sensors_take_their_name_from_the_file(tmp_path: Path, real_data: Path) -> None:
    found = gathered(
        tmp_path,
        {path.name: path.read_bytes() for path in (real_data / "sensors").glob("*.csv")},
        "  - file: '*.csv'\n    dataset: events\n"
        "    columns: {point_id: _stem, event_at: timestamp, value: value}\n",
        dataset("events", point_id="text", event_at="datetime", value="number"),
    )
    assert [file.sheets[0].row_count for file in found.holdings.files] == [7267, 22695]
    assert found.rows("count(*), count(event_at), count(value), count(DISTINCT point_id)") == [
        (29962, 29962, 29962, 2)
    ]


def test_every_line_of_a_server_log_is_parsed(tmp_path: Path, real_data: Path) -> None:
    found = gathered(
        tmp_path,
        {"sshd.log": (real_data / "openssh/OpenSSH_2k.log").read_bytes()},
        "  - file: sshd.log\n    dataset: access\n"
        "    read: {datetime: '%b %d %H:%M:%S', year: 2015}\n"
        "    pattern: '^(?P<at>\\w{3} +\\d+ [\\d:]+) (?P<host>\\S+) \\S+: (?P<message>.*)$'\n",
        dataset("access", at="datetime", host="text", message="text"),
    )
    assert (found.table.rows, found.table.unparsed, found.sheet.problem_count) == (2000, 0, 0)
    failed = "count(*) FILTER (contains(message, '{}'))"
    assert found.rows(
        ", ".join(
            failed.format(text)
            for text in (
                "Failed password",
                "Failed password for root",
                "Failed password for invalid user admin",
            )
        )
    ) == [(520, 370, 44)]
    assert found.rows('min("at")::VARCHAR, max("at")::VARCHAR') == [
        ("2015-12-10 06:55:46", "2015-12-10 11:04:45")
    ]
