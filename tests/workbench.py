"""Runs one check on literal rows, through the real engines: what the tests of checks stand on."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from fcim_audit.checklist.schema import Chapter, Checklist, Head
from fcim_audit.datasets import Dataset
from fcim_audit.evaluate import evaluate, sql_columns
from fcim_audit.evidence.bundle import BundleFile
from fcim_audit.evidence.holdings import Holdings, Part, Table
from fcim_audit.model import Coverage, Outcome

EMPTY_HEAD = {
    "checklist": "1",
    "id": "t",
    "edition": "t",
    "title": {"zh": "测", "en": "t"},
    "criteria": {"zh": "测", "en": "t"},
    "plan": {"limit": {"default": "2 h", "title": {"zh": "限", "en": "limit"}}},
}
BUNDLE = {
    "bundle": "1",
    "organisation": {"name": "某公司"},
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "as_of": "2026-01-15",
}
Rows = Sequence[Mapping[str, object]]


def dataset(
    name: str, columns: Mapping[str, str], *, key: str = "id", time: str | None = None
) -> Dataset:
    """A dataset with the given columns and types; `enum:a,b` gives a vocabulary."""
    declared = []
    for column, type_ in columns.items():
        entry: dict[str, object] = {
            "name": column,
            "title": {"zh": column, "en": column},
            "type": type_.split(":")[0],
            "key": column == key,
        }
        if type_.startswith("enum:"):
            entry["values"] = {word: [] for word in type_[5:].split(",")}
        declared.append(entry)
    return Dataset.model_validate(
        {
            "name": name,
            "title": {"zh": name, "en": name},
            "systems": {"zh": name, "en": name},
            "columns": declared,
            **({"time": time} if time else {}),
        }
    )


def concluded(
    check: Mapping[str, object],
    datasets: Sequence[Dataset],
    rows: Mapping[str, Rows],
    *,
    engine: str = "duckdb",
    coverage: Coverage = Coverage.POPULATION,
    population_size: int | None = None,
    bundle: Mapping[str, object] | None = None,
    head: Mapping[str, object] | None = None,
    unreadable: Mapping[str, tuple[str, ...]] | None = None,
    partly: Mapping[str, tuple[str, ...]] | None = None,
) -> Outcome:
    """The outcome of one check on literal rows (`_bad` in a row names its unreadable cells).

    `partly`: columns of every dataset that some of its files lack, with these files.
    """
    named = {d.name: d for d in datasets}
    checklist = Checklist(
        Head.model_validate({**EMPTY_HEAD, **(head or {})}), (chapter(check),), named, "0" * 64
    )
    with tempfile.TemporaryDirectory() as folder:
        tables = {
            name: _table(named[name], number, of_table, Path(folder), coverage, population_size)
            for number, (name, of_table) in enumerate(rows.items())
        }
        parts = tuple(Part(f"{name}.csv", None) for name in rows)
        if partly:
            tables = {name: _without(table, partly) for name, table in tables.items()}
        holdings = Holdings((), tables, parts, dict(unreadable or {}))
        declared = BundleFile.model_validate({**BUNDLE, **(bundle or {})})
        found = evaluate(checklist, holdings, declared, engine=engine)
    return found.results[0].outcomes[0]


def chapter(check: Mapping[str, object]) -> Chapter:
    requirement = {
        "id": "1.1-a",
        "title": {"zh": "测", "en": "t"},
        "criterion": {"zh": "测", "en": "t"},
        "modality": "shall",
        "weight": "1",
        "checks": [{"name": "c", **check}],
    }
    clause = {"id": "1.1", "title": {"zh": "测", "en": "t"}, "requirements": [requirement]}
    return Chapter.model_validate(
        {"chapter": "1", "title": {"zh": "测", "en": "t"}, "clauses": [clause]}
    )


def _table(
    declared: Dataset,
    number: int,
    rows: Rows,
    folder: Path,
    coverage: Coverage,
    population_size: int | None,
) -> Table:
    file = folder / f"{declared.name}.parquet"
    columns = sql_columns(declared)
    connection = duckdb.connect()
    spelled = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
    connection.execute(f"CREATE TABLE t ({spelled})")
    marks = ", ".join("?" for _ in columns)
    for row_number, row in enumerate(rows, start=2):
        values = [row.get(name) for name in declared.types]
        connection.execute(
            f"INSERT INTO t VALUES ({marks})", [*values, row_number, row.get("_bad", "")]
        )
    connection.execute(f"COPY t TO '{file}' (FORMAT parquet)")
    connection.close()
    return Table(
        dataset=declared.name,
        parquet=((file, number),),
        rows=len(rows),
        provided=frozenset(declared.types),
        coverage=coverage,
        population_size=population_size,
    )


def _without(table: Table, partly: Mapping[str, tuple[str, ...]]) -> Table:
    return replace(table, provided=table.provided - set(partly), partly=partly)


def at(text: str) -> dt.datetime:
    """`03-01 09:00` as a stamp of 2025."""
    return dt.datetime.fromisoformat(f"2025-{text}")
