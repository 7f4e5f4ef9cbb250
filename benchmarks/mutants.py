"""Breaks the conforming sample in one place at a time and counts what is found.

Usage: python benchmarks/mutants.py [--propose]. The list is tests/mutants.yaml, which the tests run
too; here it is counted: mutants, caught, missed, false alarms. `--propose` looks for a mutant for
every automatic check that has none and appends it, for a person to read.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from fcim_audit.checks.base import ScopedCheck
from fcim_audit.datasets import Column, ColumnType
from fcim_audit.model import Verdict
from fcim_audit.moments import any_moment

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.mutation import LIST, Mutant, Sample, breakable, flagged, listed, sample

FEW = 2
"""So many requirements besides the broken one may stand on the same fact before another is tried."""
MOST_TRIED = 240


def proposals(sample: Sample, check_id: str) -> Iterator[Mutant]:
    """Breaks worth trying on a check: every cell of a row, then every row, of each dataset it reads."""
    requirement, _, name = check_id.rpartition(".")
    _, declared = sample.checklist.requirements[requirement]
    check = next(c for c in declared.checks if c.name == name)
    plan = check.plan(sample.checklist.catalogue, any_moment(sample.checklist))
    assert plan is not None
    assert isinstance(check, ScopedCheck)
    for dataset, needed in sorted(plan.needs.items(), key=lambda n: n[0] != check.dataset):
        looked_at = _looked_at(sample, check, dataset)
        columns = [c for c in sample.checklist.datasets[dataset].columns if c.name in needed]
        yield from (
            Mutant(breaks=check_id, dataset=dataset, where=where, set={column.name: value})
            for column in sorted(columns, key=lambda c: c.key)
            for where in (*_rows(sample, dataset, looked_at), looked_at)
            for value in _wrong_values(column)
        )
    for dataset in plan.needs:
        looked_at = _looked_at(sample, check, dataset)
        groups = (*_rows(sample, dataset, looked_at), *_groups(sample, dataset), looked_at)
        yield from (Mutant(breaks=check_id, dataset=dataset, where=where) for where in groups)


def _looked_at(sample: Sample, check: ScopedCheck, dataset: str) -> str:
    """The condition under which a check looks at a row of a dataset; true where that is not plain."""
    covered = getattr(check, "covered_by", None)
    said = [check.where] if check.dataset == dataset else []
    said += [covered.where] if covered is not None and covered.dataset == dataset else []
    for where in said:
        plain = str(where).replace("$as_of", f"DATE '{sample.bundle.file.as_of}'")
        if where and "$" not in plain and _picks(sample, dataset, plain):
            return plain
    return "true"


def _picks(sample: Sample, dataset: str, where: str) -> bool:
    files = [str(file) for file, _ in sample.holdings.tables[dataset].parquet]
    with duckdb.connect() as connection:
        try:
            found = connection.execute(
                f"SELECT 1 FROM read_parquet({files}) WHERE {where} LIMIT 1"
            ).fetchall()
        except duckdb.Error:
            return False
    return bool(found)


def _wrong_values(column: Column) -> tuple[str, ...]:
    """SQL values that a sound cell could wrongly have."""
    name = f'"{column.name}"'
    wrong = {
        ColumnType.TEXT: ("'another'",),
        ColumnType.BOOL: ("false",),
        ColumnType.INT: ("0", f"{name} * 2"),
        ColumnType.NUMBER: ("0", f"{name} * 2"),
        ColumnType.DATE: (f"{name} - 400", f"{name} + 100"),
        ColumnType.DATETIME: (f"{name} - INTERVAL 40 DAY", f"{name} + INTERVAL 40 DAY"),
        ColumnType.DURATION: (f"{name} * 100",),
        ColumnType.ENUM: tuple(f"'{word}'" for word in column.values),
    }
    return (*wrong.get(column.type, ()), "NULL")


def _rows(sample: Sample, dataset: str, looked_at: str) -> list[str]:
    """Conditions that pick single rows: a few along the table, by key where there is one."""
    keys = sample.checklist.datasets[dataset].keys
    files = [str(file) for file, _ in sample.holdings.tables[dataset].parquet]
    picked = ", ".join(f'"{key}"' for key in keys) or "_place"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {picked} FROM read_parquet({files}) WHERE {looked_at} ORDER BY _place"
        ).fetchall()
    names = [f'"{key}"' for key in keys] or ["_place"]
    chosen = [rows[i] for i in sorted({0, len(rows) // 3, len(rows) // 2, len(rows) - 1}) if rows]
    return [
        " AND ".join(f"{name} = {_literal(value)}" for name, value in zip(names, row, strict=True))
        for row in chosen
    ]


def _groups(sample: Sample, dataset: str) -> Iterator[str]:
    """Conditions that pick all rows of one word of a vocabulary, or a stretch of time."""
    declared = sample.checklist.datasets[dataset]
    for column in declared.columns:
        for word in column.values:
            yield f"\"{column.name}\" = '{word}'"
    if declared.time is not None:
        yield f"\"{declared.time}\" BETWEEN '2025-04-01' AND '2025-09-30'"
        yield f"\"{declared.time}\" >= '2025-07-01'"


def _literal(value: object) -> str:
    text = str(value).replace("'", "''")
    return text if isinstance(value, int) else f"'{text}'"


def propose(sample: Sample, folder: Path) -> None:
    """Append a mutant for every check without one: the first break that it alone, or few, find."""
    done = {mutant.breaks for mutant in listed()}
    with LIST.open("a", encoding="utf-8") as out:
        if not done:
            out.write("mutants:\n")
        for check_id in breakable(sample):
            if check_id in done:
                continue
            found = _first_caught(sample, check_id, folder)
            out.write(f"  # {check_id}: no break found\n" if found is None else _written(found))
            out.flush()


def _first_caught(sample: Sample, check_id: str, folder: Path) -> Mutant | None:
    """The break that fewest others find, of those tried until one is found by few."""
    alone = frozenset({check_id.rpartition(".")[0]})
    best: tuple[int, Mutant] | None = None
    for mutant in islice(proposals(sample, check_id), MOST_TRIED):
        try:
            if sample.failing(mutant, folder, alone).get(check_id) != Verdict.FAIL:
                continue
            alarms = flagged(sample, mutant, folder).alarms(mutant)
        except LookupError:
            continue
        if best is None or len(alarms) < best[0]:
            best = len(alarms), mutant.model_copy(update={"also": tuple(alarms)})
        if best[0] <= FEW:
            break
    return None if best is None else best[1]


def _written(mutant: Mutant) -> str:
    lines = [f"  - breaks: {mutant.breaks}", f"    dataset: {mutant.dataset}"]
    lines.append(f"    where: {_quoted(mutant.where)}")
    if mutant.set:
        said = ", ".join(f"{name}: {_quoted(value)}" for name, value in mutant.set.items())
        lines.append(f"    set: {{{said}}}")
    if mutant.also:
        lines.append(f"    also: [{', '.join(mutant.also)}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main() -> None:
    """Run the list, or add to it."""
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as work:
        for opened in sample(Path(cache)):
            if "--propose" in sys.argv:
                propose(opened, Path(work))
            _report(opened, Path(work))


def _report(opened: Sample, work: Path) -> None:
    mutants = listed()
    missed, alarms = [], []
    for mutant in mutants:
        found = flagged(opened, mutant, work)
        if found.verdict != mutant.verdict:
            missed.append(mutant.breaks)
        missed += [f"{mutant.breaks} -> {id_}" for id_ in found.silent(mutant)]
        alarms += [f"{mutant.breaks} -> {id_}" for id_ in found.alarms(mutant)]
    without = sorted(set(breakable(opened)) - {m.breaks for m in mutants})
    for title, lines in (("missed", missed), ("false alarm", alarms), ("no mutant", without)):
        for line in lines:
            sys.stdout.write(f"{title}: {line}\n")
    caught_count = len(mutants) - len({line.partition(" ")[0] for line in missed})
    sys.stdout.write(
        f"{len(mutants)} mutants, {caught_count} caught, {len(missed)} missed, "
        f"{len(alarms)} false alarms, {len(without)} checks without a mutant\n"
    )
    if missed or alarms or without:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
