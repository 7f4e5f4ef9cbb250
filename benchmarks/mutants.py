"""Breaks the conforming sample in one place at a time and sees that just that is found.

Usage: python benchmarks/mutants.py [--propose]. The list stands in tests/mutants.yaml: which cell is
changed or which rows go, which requirement must fail, and which others stand on the same fact.
`--propose` looks for a mutant for every automatic check that has none and appends it, for a person
to read.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb
from pydantic import Field

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.checks.base import ScopedCheck
from fcim_audit.datasets import Column, ColumnType
from fcim_audit.evaluate import any_moment, evaluate, moment_of, sql_columns
from fcim_audit.evidence.bundle import Bundle, open_bundle
from fcim_audit.evidence.holdings import Holdings
from fcim_audit.evidence.ingest import gather
from fcim_audit.model import Verdict
from fcim_audit.plans import Plans, plans_of
from fcim_audit.yaml_source import Strict, read_yaml, validated

LIST = Path(__file__).resolve().parents[1] / "tests" / "mutants.yaml"
SAMPLE = "eldercare"
FEW = 2
"""So many requirements besides the broken one may stand on the same fact before another is tried."""
MOST_TRIED = 60


class Mutant(Strict):
    """One break: `set` (column: SQL value) or the rows' removal where `set` is empty."""

    breaks: str
    dataset: str
    where: str
    set: dict[str, str] = Field(default_factory=dict)
    also: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        """The requirement that must fail."""
        return self.breaks.rpartition(".")[0]


class Mutants(Strict):
    """The whole list."""

    mutants: tuple[Mutant, ...] = ()


@dataclass(frozen=True)
class Sample:
    """The conforming organisation, ingested, and what looks at which dataset."""

    checklist: Checklist
    bundle: Bundle
    holdings: Holdings
    readers: Mapping[str, frozenset[str]]
    plans: Plans

    def failing(
        self, mutant: Mutant, folder: Path, only: frozenset[str] | None = None
    ) -> dict[str, str]:
        """Automatic checks that no longer pass, with their verdicts; of all that read the dataset."""
        only = only or self.readers[mutant.dataset]
        table = self.holdings.tables[mutant.dataset]
        file = folder / "mutant.parquet"
        rows = _mutated(
            mutant, table.parquet, sql_columns(self.checklist.datasets[mutant.dataset]), file
        )
        broken = replace(table, parquet=((file, 0),), rows=rows)
        needed = {name for name, ids in self.readers.items() if ids & only}
        tables = {name: t for name, t in self.holdings.tables.items() if name in needed}
        holdings = replace(self.holdings, tables={**tables, mutant.dataset: broken})
        found = evaluate(
            self.checklist,
            holdings,
            self.bundle.file,
            only=only,
            plans=self.plans,
        )
        return {
            o.check_id: o.verdict
            for r in found.results
            for o in r.outcomes
            if o.verdict not in {Verdict.PASS, Verdict.MANUAL, Verdict.NOT_APPLICABLE}
        }


def _mutated(
    mutant: Mutant, parquet: tuple[tuple[Path, int], ...], columns: Mapping[str, str], out: Path
) -> int:
    with duckdb.connect() as connection:
        spelled = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
        connection.execute(f"CREATE TABLE t ({spelled})")
        for file, first in parquet:
            connection.execute(
                f"INSERT INTO t BY NAME SELECT * REPLACE (_place + {first << 40} AS _place) "
                f"FROM read_parquet('{file}')"
            )
        if mutant.set:
            sets = ", ".join(f'"{name}" = {value}' for name, value in mutant.set.items())
            done = connection.execute(f"UPDATE t SET {sets} WHERE {mutant.where}").fetchone()
        else:
            done = connection.execute(f"DELETE FROM t WHERE {mutant.where}").fetchone()
        assert done is not None
        if done[0] == 0:
            raise SystemExit(f"{mutant.breaks}: no row where {mutant.where}")
        connection.execute(f"COPY t TO '{out}' (FORMAT parquet)")
        (count,) = connection.execute("SELECT count(*) FROM t").fetchall()[0]
    return int(count)


def sample(cache: Path) -> Iterator[Sample]:
    """The sample, open."""
    checklist = load_checklist(shipped("checklists") / "fcim")
    with open_bundle(shipped("evidence_samples") / SAMPLE) as bundle:
        holdings = gather(bundle, checklist.datasets, cache)
        moment = any_moment(checklist)
        readers: dict[str, set[str]] = {}
        for id_, (_, requirement) in checklist.requirements.items():
            for check in requirement.checks:
                plan = check.plan(checklist.catalogue, moment)
                for dataset in () if plan is None else plan.needs:
                    readers.setdefault(dataset, set()).add(id_)
        plans = plans_of(checklist, moment_of(checklist, bundle.file)[0], "duckdb")
        named = {name: frozenset(ids) for name, ids in readers.items()}
        yield Sample(checklist, bundle, holdings, named, plans)


def verdict_on(sample: Sample, mutant: Mutant, folder: Path) -> tuple[bool, list[str]]:
    """Whether the broken check fails, and what else is flagged without being listed."""
    failing = sample.failing(mutant, folder)
    expected = {mutant.requirement, *mutant.also}
    alarms = sorted({id_.rpartition(".")[0] for id_ in failing} - expected)
    return failing.get(mutant.breaks) == Verdict.FAIL, alarms


def proposals(sample: Sample, check_id: str) -> Iterator[Mutant]:
    """Breaks worth trying on a check: every cell of a row, then every row, of each dataset it reads."""
    requirement, _, name = check_id.rpartition(".")
    _, declared = sample.checklist.requirements[requirement]
    check = next(c for c in declared.checks if c.name == name)
    plan = check.plan(sample.checklist.catalogue, any_moment(sample.checklist))
    assert plan is not None
    assert isinstance(check, ScopedCheck)
    for dataset, needed in plan.needs.items():
        columns = [c for c in sample.checklist.datasets[dataset].columns if not c.key]
        for column in sorted(columns, key=lambda c: c.name not in needed):
            for where in (*_rows(sample, dataset, column.name), "true"):
                for value in _wrong_values(column):
                    changed = {column.name: value}
                    yield Mutant(breaks=check_id, dataset=dataset, where=where, set=changed)
    for dataset in plan.needs:
        for where in (*_rows(sample, dataset, None), *_groups(sample, dataset), "true"):
            yield Mutant(breaks=check_id, dataset=dataset, where=where)


def _wrong_values(column: Column) -> tuple[str, ...]:
    """SQL values that a sound cell could wrongly have."""
    name = f'"{column.name}"'
    wrong = {
        ColumnType.BOOL: ("false",),
        ColumnType.INT: ("0", f"{name} * 2"),
        ColumnType.NUMBER: ("0", f"{name} * 2"),
        ColumnType.DATE: (f"{name} - 400", f"{name} + 100"),
        ColumnType.DATETIME: (f"{name} - INTERVAL 40 DAY", f"{name} + INTERVAL 40 DAY"),
        ColumnType.DURATION: (f"{name} * 100",),
        ColumnType.ENUM: tuple(f"'{word}'" for word in column.values),
    }
    return ("NULL", *wrong.get(column.type, ()))


def _rows(sample: Sample, dataset: str, column: str | None) -> list[str]:
    """Conditions that pick single rows: a few along the table, by key where there is one."""
    keys = sample.checklist.datasets[dataset].keys
    files = [str(file) for file, _ in sample.holdings.tables[dataset].parquet]
    said = f'"{column}" IS NOT NULL' if column else "true"
    picked = ", ".join(f'"{key}"' for key in keys) or "_place"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {picked} FROM read_parquet({files}) WHERE {said} ORDER BY _place"
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


def listed() -> tuple[Mutant, ...]:
    """The mutants of the list."""
    return validated(Mutants, read_yaml(LIST, LIST.name)).mutants if LIST.exists() else ()


def automatic(checklist: Checklist) -> list[str]:
    """The ids of all automatic checks."""
    return [
        f"{id_}.{check.name}"
        for id_, (_, requirement) in checklist.requirements.items()
        for check in requirement.checks
        if check.kind != "manual"
    ]


def propose(sample: Sample, folder: Path) -> None:
    """Append a mutant for every check without one: the first break that it alone, or few, find."""
    done = {mutant.breaks for mutant in listed()}
    with LIST.open("a", encoding="utf-8") as out:
        if not done:
            out.write("mutants:\n")
        for check_id in automatic(sample.checklist):
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
            _, alarms = verdict_on(sample, mutant, folder)
        except SystemExit:
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
        caught, wrong = verdict_on(opened, mutant, work)
        if not caught:
            missed.append(mutant.breaks)
        alarms += [f"{mutant.breaks} -> {id_}" for id_ in wrong]
    without = sorted(set(automatic(opened.checklist)) - {m.breaks for m in mutants})
    for title, lines in (("missed", missed), ("false alarm", alarms), ("no mutant", without)):
        for line in lines:
            sys.stdout.write(f"{title}: {line}\n")
    caught_count = len(mutants) - len(missed)
    sys.stdout.write(
        f"{len(mutants)} mutants, {caught_count} caught, {len(missed)} missed, "
        f"{len(alarms)} false alarms, {len(without)} checks without a mutant\n"
    )
    if missed or alarms or without:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
