"""Breaks the conforming sample in one place at a time and says what is flagged.

The list stands in mutants.yaml: which cell is changed or which rows go, which check must no longer
pass, and which other requirements stand on the same fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import Field

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.evaluate import evaluate, sql_columns
from fcim_audit.evidence.bundle import Bundle, open_bundle
from fcim_audit.evidence.holdings import Holdings
from fcim_audit.evidence.ingest import gather
from fcim_audit.model import Verdict
from fcim_audit.moments import any_moment, moment_of
from fcim_audit.plans import Plans, plans_of
from fcim_audit.yaml_source import Strict, read_yaml, validated

LIST = Path(__file__).with_name("mutants.yaml")
SAMPLE = "eldercare"


class Mutant(Strict):
    """One break: `set` (column: SQL value) or the rows' removal where `set` is empty."""

    breaks: str
    dataset: str
    where: str
    set: dict[str, str] = Field(default_factory=dict)
    also: tuple[str, ...] = ()
    verdict: Literal["fail", "inconclusive"] = "fail"

    @property
    def requirement(self) -> str:
        """The requirement that must fail."""
        return self.breaks.rpartition(".")[0]

    @property
    def expected(self) -> frozenset[str]:
        """The requirements that must be flagged, and no others."""
        return frozenset({self.requirement, *self.also})


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
        """Automatic checks that no longer pass, with their verdicts; of all that read the dataset.

        LookupError: the mutant breaks nothing.
        """
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
            raise LookupError(f"{mutant.breaks}: no row where {mutant.where}")
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


@dataclass(frozen=True)
class Flagged:
    """What a break changed: the verdict on the broken check, and the requirements flagged."""

    verdict: str | None
    requirements: frozenset[str]

    def alarms(self, mutant: Mutant) -> list[str]:
        """Requirements flagged that are neither the broken one nor listed beside it."""
        return sorted(self.requirements - mutant.expected)

    def silent(self, mutant: Mutant) -> list[str]:
        """Requirements listed beside the broken one that are not flagged."""
        return sorted(mutant.expected - self.requirements)


def flagged(sample: Sample, mutant: Mutant, folder: Path) -> Flagged:
    """What the tool says of the broken sample."""
    failing = sample.failing(mutant, folder)
    return Flagged(failing.get(mutant.breaks), frozenset(id_.rpartition(".")[0] for id_ in failing))


def listed() -> tuple[Mutant, ...]:
    """The mutants of the list."""
    return validated(Mutants, read_yaml(LIST, LIST.name)).mutants if LIST.exists() else ()


def breakable(sample: Sample) -> list[str]:
    """The ids of all automatic checks that the sample has evidence for.

    A check that holds only where a dataset is supplied (`when_supplied`) has nothing to break in a
    sample without it.
    """
    return [
        f"{id_}.{check.name}"
        for id_, (_, requirement) in sample.checklist.requirements.items()
        for check in requirement.checks
        if check.kind != "manual"
        if check.when_supplied is None or sample.holdings.tables[check.when_supplied].rows
    ]
