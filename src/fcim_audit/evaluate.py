"""Knows how a checklist meets evidence: every requirement gets an outcome for each of its checks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fcim_audit.checklist.schema import Checklist, Requirement
from fcim_audit.claims import claims_of
from fcim_audit.datasets import SQL_TYPES, Dataset
from fcim_audit.engines import engine_named
from fcim_audit.engines.base import Engine, TableFiles
from fcim_audit.evidence.bundle import BundleFile
from fcim_audit.evidence.holdings import Holdings
from fcim_audit.expression import Moment
from fcim_audit.leads import Paragraphs
from fcim_audit.model import (
    Figure,
    RequirementResult,
)
from fcim_audit.moments import moment_of
from fcim_audit.plans import Plans, plans_of
from fcim_audit.provenance import traced
from fcim_audit.runs import Run

Say = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the checks found, and the values that the organisation's plan gave them."""

    results: tuple[RequirementResult, ...]
    moment: Moment
    defaulted: frozenset[str]
    corrected: frozenset[str]
    engine: str
    claims: Mapping[str, Figure] = field(default_factory=dict)


def evaluate(
    checklist: Checklist,
    holdings: Holdings,
    bundle: BundleFile,
    *,
    only: frozenset[str] | None = None,
    engine: str = "duckdb",
    say: Say | None = None,
    plans: Plans | None = None,
) -> Evaluation:
    """Run every check of the requirements in scope; the others stay unlooked at, with no outcome."""
    moment, defaulted = moment_of(checklist, bundle)
    claims = claims_of(checklist, bundle.claimed)
    plans = plans or plans_of(checklist, moment, engine, only=only)
    wanted = [r for r in checklist.requirements if only is None or r in only]
    with (
        tempfile.TemporaryDirectory(prefix="fcim-engine-") as folder,
        engine_named(engine, Path(folder)) as running,
    ):
        _load(running, checklist, holdings)
        run = Run(moment, holdings, running, plans)
        paragraphs = Paragraphs(run.paragraphs())
        results = []
        for number, requirement_id in enumerate(wanted, start=1):
            _, requirement = checklist.requirements[requirement_id]
            if say is not None:
                say(number, len(wanted), requirement_id)
            outcomes = tuple(run.outcome(requirement, check) for check in requirement.checks)
            leads = paragraphs.best(_words(requirement)) if requirement.keywords else ()
            results.append(RequirementResult(requirement_id, outcomes, leads))
        corrected = run.corrected()
    found = traced(results, plans, holdings, checklist.datasets)
    return Evaluation(found, moment, defaulted, corrected, engine, claims)


def _load(engine: Engine, checklist: Checklist, holdings: Holdings) -> None:
    tables = [
        TableFiles(name, tuple((file, first) for file, first in table.parquet))
        for name, table in sorted(holdings.tables.items())
    ]
    columns = {name: sql_columns(dataset) for name, dataset in sorted(checklist.datasets.items())}
    engine.load(tables, columns)


def sql_columns(dataset: Dataset) -> dict[str, str]:
    """Name and SQL type of every column of a dataset's table."""
    types = {name: SQL_TYPES[type_] for name, type_ in dataset.types.items()}
    return {**types, "_place": "BIGINT", "_bad": "VARCHAR"}


def _words(requirement: Requirement) -> tuple[str, ...]:
    """What paragraphs on a requirement would speak of."""
    return (requirement.title.zh, *requirement.keywords)


def plan_values(evaluation: Evaluation) -> Mapping[str, str]:
    """Every plan parameter as people write it."""
    return {name: str(value) for name, value in sorted(evaluation.moment.plan.items())}
