"""Knows rows that stand twice in one dataset: one key with the same content, or with another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from pydantic import TypeAdapter

from fcim_audit.evidence.holdings import PLACE_BITS
from fcim_audit.readers.base import literal, quoted
from fcim_audit.yaml_source import Strict

MAX_LISTED = 50


class Comparison(Strict):
    """The typed files of one dataset, the columns of its key, its other columns."""

    parquet: tuple[tuple[Path, int], ...]
    keys: tuple[str, ...]
    others: tuple[str, ...]
    out: Path


class DuplicatesJob(Strict):
    """Everything to compare, one dataset after the other."""

    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many rows repeat an earlier one, and the places of the first."""

    identical: int
    identical_places: tuple[int, ...]
    conflicting: int
    conflicting_places: tuple[tuple[int, str], ...]


_TYPE = TypeAdapter(Duplicates)


def find_duplicates(job: DuplicatesJob) -> None:
    """Compare all rows that share a key; write what was found to each comparison's file."""
    with duckdb.connect() as connection:
        for comparison in job.comparisons:
            _compare(connection, comparison)


def _compare(connection: duckdb.DuckDBPyConnection, job: Comparison) -> None:
    united = " UNION ALL ".join(
        f"SELECT * REPLACE (_place + {first << PLACE_BITS} AS _place) "
        f"FROM read_parquet({literal(str(path))})"
        for path, first in job.parquet
    )
    keys = ", ".join(quoted(name) for name in job.keys)
    content = ", ".join([*(quoted(name) for name in job.others), "''"])
    shown = " || '|' || ".join(f"coalesce({quoted(name)}::VARCHAR, '')" for name in job.keys)
    complete = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in job.keys)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE shared AS SELECT _place, {shown} AS shown, "
        f"row_number() OVER (PARTITION BY {keys} ORDER BY _place) AS turn, "
        f"count(*) OVER (PARTITION BY {keys}) AS often, "
        f"min(hash({content})) OVER (PARTITION BY {keys}) AS least, "
        f"max(hash({content})) OVER (PARTITION BY {keys}) AS most "
        f"FROM ({united}) WHERE {complete} QUALIFY often > 1"
    )
    identical = connection.execute(
        "SELECT _place FROM shared WHERE least = most AND turn > 1 ORDER BY _place"
    ).fetchall()
    conflicting = connection.execute(
        "SELECT _place, shown FROM shared WHERE least <> most ORDER BY _place"
    ).fetchall()
    found = Duplicates(
        len(identical),
        tuple(row[0] for row in identical[:MAX_LISTED]),
        len(conflicting),
        tuple((place, shown) for place, shown in conflicting[:MAX_LISTED]),
    )
    temporary = job.out.with_suffix(".part")
    temporary.write_bytes(_TYPE.dump_json(found))
    temporary.replace(job.out)


def read_duplicates(path: Path) -> Duplicates:
    """What was found and stored."""
    return _TYPE.validate_json(path.read_bytes())
