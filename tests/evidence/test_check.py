"""Mistakes in `bundle.yaml` show before any file is read: all at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.gathering import mistakes

VIEW = "  - file: a.csv\n    dataset: tickets\n    view: |\n      "


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("  - {file: a.csv, dataset: ticket}\n", "unknown dataset ticket"),
        (
            "  - {file: a.csv, dataset: tickets, columns: {ticket: 单号}}\n",
            "the dataset tickets has no column ticket",
        ),
        (
            "  - {file: a.csv, dataset: tickets, columns: {ticket_id: _name}}\n",
            "unknown special name _name",
        ),
        (
            "  - {file: a.csv, dataset: tickets, columns: {ticket_id: 时间, created_at: 时间}}\n",
            "the heading 时间 serves both ticket_id and created_at",
        ),
        (
            "  - {file: a.csv, dataset: tickets, values: {status: {完结: done}}}\n",
            "the column status has no value done",
        ),
        (
            "  - {file: a.csv, dataset: tickets, values: {state: {完结: closed}}}\n",
            "the dataset tickets has no column state",
        ),
        (
            "  - {file: a.csv, dataset: tickets, read: {types: {x: int}}}\n",
            "read.types is for entries with a view",
        ),
        (
            "  - {file: a.csv, dataset: tickets, read: {datetime: '%b %d'}}\n",
            "the format has no year",
        ),
        (
            "  - {file: a.csv, dataset: tickets, read: {datetime: '%Q'}}\n",
            "the format is wrong",
        ),
        (
            "  - {file: a.csv, dataset: tickets, pattern: '(?P<at>a)(?=b)'}\n",
            "the pattern won't do",
        ),
        (VIEW + "SELECT a AS ticket_id FROM source\n", "does not yield the required column"),
        (VIEW + "SELECT a AS ticket_id, b AS created_at, c AS d FROM source\n", "has no column d"),
        (
            VIEW + "SELECT DISTINCT a AS ticket_id, b AS created_at FROM source\n",
            "a view may not say SELECT DISTINCT",
        ),
        (VIEW + "SELECT a AS ticket_id, b AS created_at FROM read_csv('/x')\n", "unknown table"),
        (VIEW + "DROP TABLE source\n", "must be exactly one SELECT"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, evidence: str, said: str) -> None:
    told = mistakes(tmp_path, evidence)
    assert said in told or "is not allowed" in told
    assert "bundle.yaml:" in told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = mistakes(
        tmp_path,
        "  - {file: a.csv, dataset: ticket}\n"
        "  - {file: a.csv, dataset: tickets, columns: {x: 1, y: 2}}\n",
    )
    assert told.endswith("3 mistakes")
    assert "bundle.yaml:6" in told
    assert "bundle.yaml:7" in told
