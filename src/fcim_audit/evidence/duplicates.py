"""Knows rows that stand twice in one dataset: one key with the same content, or with another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from pydantic import TypeAdapter

from fcim_audit.evidence.holdings import PLACE_BITS
from fcim_audit.evidence.quality import gaps
from fcim_audit.readers.base import PARQUET, literal, quoted
from fcim_audit.yaml_source import Strict

MAX_LISTED = 50


class Comparison(Strict):
    """The typed files of one dataset, the columns of its key, its other columns.

    `numbered` is the key whose running numbers are looked at, if it may be told.
    """

    parquet: tuple[tuple[Path, int], ...]
    keys: tuple[str, ...]
    others: tuple[str, ...]
    numbered: str | None = None
    out: Path


class DuplicatesJob(Strict):
    """Everything to compare, one dataset after the other."""

    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many rows were dropped as repeating an earlier one in every cell, and the first places.

    Rows share a key and differ, or can't be told to be the same: these are conflicting. `missing` are
    the numbers that running ids leave out.
    """

    dropped: int
    dropped_places: tuple[int, ...]
    conflicting: int
    conflicting_places: tuple[tuple[int, str], ...]
    missing: int = 0
    missing_ids: tuple[str, ...] = ()


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
    content = ", ".join([keys, *(quoted(name) for name in job.others)])
    shown = " || '|' || ".join(f"coalesce({quoted(name)}::VARCHAR, '')" for name in job.keys)
    complete = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in job.keys)
    # Few rows share a key: only those are sorted and compared.
    twice = f"SELECT {keys} FROM ({united}) WHERE {complete} GROUP BY {keys} HAVING count(*) > 1"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE shared AS SELECT _place, {shown} AS shown, row({keys}) AS whole_key, "
        f"_bad = '' AND row_number() OVER (PARTITION BY {content} ORDER BY _place) > 1 AS is_repeat "
        f"FROM ({united}) SEMI JOIN ({twice}) USING ({keys})"
    )
    dropped = connection.execute(
        "SELECT _place FROM shared WHERE is_repeat ORDER BY _place"
    ).fetchall()
    conflicting = connection.execute(
        "SELECT _place, shown FROM shared WHERE NOT is_repeat "
        "QUALIFY count(*) OVER (PARTITION BY whole_key) > 1 ORDER BY _place"
    ).fetchall()
    if dropped:
        _write_unique(connection, united, unique_rows(job.out))
    missing, missing_ids = gaps(connection, united, job.numbered) if job.numbered else (0, ())
    found = Duplicates(
        len(dropped),
        tuple(row[0] for row in dropped[:MAX_LISTED]),
        len(conflicting),
        tuple((place, shown) for place, shown in conflicting[:MAX_LISTED]),
        missing,
        missing_ids,
    )
    temporary = job.out.with_suffix(".part")
    temporary.write_bytes(_TYPE.dump_json(found))
    temporary.replace(job.out)


def _write_unique(connection: duckdb.DuckDBPyConnection, united: str, target: Path) -> None:
    """All rows but those that repeat, their places counted over all files."""
    temporary = target.with_suffix(".part")
    connection.execute(
        f"COPY (SELECT * FROM ({united}) WHERE _place NOT IN "
        f"(SELECT _place FROM shared WHERE is_repeat) ORDER BY _place) "
        f"TO {literal(str(temporary))} ({PARQUET})"
    )
    temporary.replace(target)


def unique_rows(out: Path) -> Path:
    """Where the rows that are left stand, if any were dropped."""
    return out.with_suffix(".parquet")


def read_duplicates(path: Path) -> Duplicates:
    """What was found and stored."""
    return _TYPE.validate_json(path.read_bytes())
