"""Knows the case tables that prove a checklist's rules: small evidence in, the verdict that must come out.

A case file speaks of one requirement. Evidence is written as a table an auditor can read: a line of
column names, then a line for each row, cells parted by commas. A blank cell is empty, `?` is a cell
that could not be understood. Dates are `2025-03-01`, stamps `2025-03-01 09:00`, spans `12 h`.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import BeforeValidator, Field

from fcim_audit.checklist.schema import Checklist, RequirementId
from fcim_audit.checks import AnyCheck
from fcim_audit.checks.base import ScopedCheck
from fcim_audit.datasets import Column, ColumnType, Dataset, Identifier
from fcim_audit.errors import AuditError
from fcim_audit.evaluate import evaluate, sql_columns
from fcim_audit.evidence.bundle import BundleFile
from fcim_audit.evidence.holdings import Holdings, Part, Table
from fcim_audit.language import Text
from fcim_audit.model import Coverage, Outcome, Verdict
from fcim_audit.moments import moment_of
from fcim_audit.plans import Plans, plans_of
from fcim_audit.spans import Span, declared
from fcim_audit.yaml_source import Refusal, Strict, read_yaml, validated

PERIOD = {"start": "2025-01-01", "end": "2025-12-31"}
AS_OF = "2025-12-31"
NOT_UNDERSTOOD = "?"


@dataclass(frozen=True, slots=True)
class Expectation:
    """The verdict a check must give and, where the case says so, the keys of its exceptions."""

    verdict: Verdict
    keys: tuple[str, ...] | None

    def is_met_by(self, outcome: Outcome) -> bool:
        """Whether the outcome is as expected, keys in any order."""
        keys = sorted(e.key for e in outcome.exceptions)
        return outcome.verdict is self.verdict and self.keys in {None, tuple(keys)}


def _expectation(value: object) -> object:
    word, _, keys = str(value).partition(" ")
    if word not in set(Verdict):
        raise Refusal(
            Text(f"{word} 不是结论", f"{word} is no verdict"),
            Text(f"可用：{'、'.join(Verdict)}", f"use one of {', '.join(Verdict)}"),
        )
    named = tuple(sorted(key.strip() for key in keys.split(",") if key.strip()))
    return Expectation(Verdict(word), named or None)


class Case(Strict):
    """One case: its evidence by dataset, and what each check must conclude from it."""

    name: str
    evidence: dict[Identifier, str] = Field(default_factory=dict)
    expect: Annotated[
        dict[Identifier, Annotated[Expectation, BeforeValidator(_expectation)]], Field(min_length=1)
    ]
    plan: dict[Identifier, str] = Field(default_factory=dict)
    as_of: str = AS_OF


class CaseFile(Strict):
    """All cases of one requirement."""

    requirement: RequirementId
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


def read_cases(folder: Path) -> dict[str, CaseFile]:
    """Every case file of a folder by requirement, in the order of names; raises all mistakes."""
    found: dict[str, CaseFile] = {}
    for file in sorted(folder.glob("*.yaml")):
        source = read_yaml(file, file.name)
        read = validated(CaseFile, source)
        if read.requirement in found:
            raise AuditError(
                Text(f"{read.requirement} 有两个文件", f"{read.requirement} has two files"),
                file.name,
            )
        found[read.requirement] = read
    return found


def unproven(checklist: Checklist, cases: Mapping[str, CaseFile]) -> Iterator[Text]:
    """What automatic checks lack a passing, a failing and an empty case."""
    for id_ in sorted(set(cases) - set(checklist.requirements)):
        yield Text(f"没有要求 {id_}", f"there is no requirement {id_}")
    for id_, (_, requirement) in checklist.requirements.items():
        told = cases[id_].cases if id_ in cases else ()
        for check in requirement.checks:
            if check.kind == "manual":
                continue
            seen = {case.expect[check.name].verdict for case in told if check.name in case.expect}
            lacking = ", ".join(v for v in _to_prove(check) if v not in seen)
            if lacking:
                yield Text(
                    f"{id_}.{check.name} 缺少案例：{lacking}",
                    f"{id_}.{check.name} lacks a case: {lacking}",
                )


def _to_prove(check: AnyCheck) -> tuple[Verdict, ...]:
    """A pass, a failure, and what comes of nothing: no word of it where none need be handed in."""
    only_then = isinstance(check, ScopedCheck) and check.when_supplied == check.dataset
    empty = Verdict.NOT_APPLICABLE if only_then else Verdict.NO_EVIDENCE
    return (Verdict.PASS, Verdict.FAIL, empty)


class Prover:
    """Runs cases of one checklist; rules are compiled once for all cases that share their limits."""

    def __init__(self, checklist: Checklist) -> None:
        self._checklist = checklist
        self._plans: dict[tuple[str, str, tuple[tuple[str, str], ...]], Plans] = {}

    def broken(self, requirement: str, case: Case) -> Iterator[Text]:
        """Where a case does not come out as it says."""
        yield from _broken(self._outcomes(requirement, case), requirement, case)

    def _outcomes(self, requirement: str, case: Case) -> tuple[Outcome, ...]:
        bundle = _bundle(case)
        only = frozenset({requirement})
        key = (requirement, case.as_of, tuple(sorted(case.plan.items())))
        if key not in self._plans:
            moment, _ = moment_of(self._checklist, bundle)
            self._plans[key] = plans_of(self._checklist, moment, "duckdb", only=only)
        with (
            tempfile.TemporaryDirectory(prefix="fcim-case-") as folder,
            duckdb.connect() as connection,
        ):
            tables = {
                name: _table(connection, self._checklist.datasets, name, text, number, Path(folder))
                for number, (name, text) in enumerate(case.evidence.items())
            }
            parts = tuple(Part(name, None) for name in case.evidence)
            holdings = Holdings((), tables, parts)
            plans = self._plans[key]
            found = evaluate(self._checklist, holdings, bundle, only=only, plans=plans)
        return found.results[0].outcomes


def broken(checklist: Checklist, requirement: str, case: Case) -> Iterator[Text]:
    """Where one case does not come out as it says."""
    return Prover(checklist).broken(requirement, case)


def _broken(outcomes: tuple[Outcome, ...], requirement: str, case: Case) -> Iterator[Text]:
    named = {outcome.check_id.removeprefix(f"{requirement}."): outcome for outcome in outcomes}
    for name, expected in case.expect.items():
        outcome = named.get(name)
        if outcome is None:
            yield Text(f"没有检查 {name}", f"there is no check {name}")
        elif not expected.is_met_by(outcome):
            wanted = " ".join((expected.verdict, ", ".join(expected.keys or ())))
            keys = ", ".join(sorted(e.key for e in outcome.exceptions))
            why = "; ".join(reason.en for reason in outcome.reasons)
            yield Text(
                f"{requirement}.{name}「{case.name}」：应为 {wanted}，实为 {outcome.verdict} {keys}（{why}）",
                f"{requirement}.{name} '{case.name}': expected {wanted}, got {outcome.verdict} {keys} ({why})",
            )


def _bundle(case: Case) -> BundleFile:
    return BundleFile.model_validate(
        {
            "bundle": "1",
            "organisation": {"name": "案例"},
            "period": PERIOD,
            "as_of": case.as_of,
            "plan": case.plan,
        }
    )


def _table(
    connection: duckdb.DuckDBPyConnection,
    datasets: Mapping[str, Dataset],
    name: str,
    text: str,
    number: int,
    folder: Path,
) -> Table:
    dataset = datasets.get(name)
    if dataset is None:
        raise AuditError(Text(f"未知的数据集 {name}", f"unknown dataset {name}"))
    heading, *rows = csv.reader(io.StringIO(text.strip()), skipinitialspace=True)
    columns = [_column(dataset, written.strip()) for written in heading]
    types = sql_columns(dataset)
    spelled = ", ".join(f'"{column}" {type_}' for column, type_ in types.items())
    connection.execute(f'CREATE TABLE "{name}" ({spelled})')
    marks = ", ".join("?" for _ in types)
    for line, row in enumerate(rows, start=2):
        if len(row) != len(columns):
            raise AuditError(
                Text(f"{name} 第 {line} 行列数不对", f"{name}: row {line} has another width")
            )
        values: dict[str, object] = dict.fromkeys(types)
        bad = []
        for column, cell in zip(columns, row, strict=True):
            if cell.strip() == NOT_UNDERSTOOD:
                bad.append(column.name)
            else:
                values[column.name] = _value(column, cell.strip())
        values |= {"_place": line, "_bad": f",{','.join(bad)}," if bad else ""}
        connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', list(values.values()))
    file = folder / f"{name}.parquet"
    connection.execute(f"COPY \"{name}\" TO '{file}' (FORMAT parquet)")
    return Table(
        dataset=name,
        parquet=((file, number),),
        rows=len(rows),
        provided=frozenset(column.name for column in columns),
        coverage=Coverage.POPULATION,
        population_size=None,
    )


def _column(dataset: Dataset, name: str) -> Column:
    column = dataset.column(name)
    if column is None:
        raise AuditError(
            Text(f"数据集 {dataset.name} 没有列 {name}", f"{dataset.name} has no column {name}")
        )
    return column


def _value(column: Column, cell: str) -> object:
    if not cell:
        return None
    if column.type is ColumnType.ENUM and cell not in column.values:
        raise AuditError(
            Text(f"列 {column.name} 没有取值 {cell}", f"{column.name} has no value {cell}"),
            hint=Text(f"可用：{'、'.join(column.values)}", f"use {', '.join(column.values)}"),
        )
    if column.type is ColumnType.DURATION:
        span = declared(cell)
        return span.microseconds if isinstance(span, Span) else None
    return cell
