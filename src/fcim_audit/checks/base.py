"""Knows what every kind of check declares: its dataset, its rows, its words, its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator
from sqlglot import exp

from fcim_audit.checks.plan import RESERVED, Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.datasets import Identifier
from fcim_audit.expression import Moment, stamp
from fcim_audit.language import Text
from fcim_audit.model import Breakdown, Consequence, Outcome
from fcim_audit.spans import PlanValue, Span, declared
from fcim_audit.yaml_source import Refusal, Strict


def _share(value: object) -> object:
    try:
        read = declared(str(value))
    except ValueError:
        read = None
    if not isinstance(read, Fraction):
        raise Refusal(
            Text(f"{value} 不是数值", f"{value} is not a figure"),
            Text("写成 95 % 或 0.95", "write 95 % or 0.95"),
        )
    return read


def _limit(value: object) -> object:
    text = str(value).strip()
    if text.startswith("$"):
        return text
    try:
        read: PlanValue | None = declared(text)
    except ValueError:
        read = None
    if not isinstance(read, Span):
        raise Refusal(
            Text(f"{text} 不是时长", f"{text} is not a length of time"),
            Text("写成 2 h、3 d、12 months 或 $参数", "write 2 h, 3 d, 12 months or $parameter"),
        )
    return text


Share = Annotated[Fraction, BeforeValidator(_share), Field(json_schema_extra={"type": "string"})]

Limit = Annotated[str, BeforeValidator(_limit)]


class Exclusion(Strict):
    """Rows that don't belong to the population, and why."""

    when: str
    reason: Text


class Check(Strict):
    """What the YAML of every kind may say."""

    absence_decides: ClassVar[bool] = False
    """Whether a row that is not there counts against: then a sample can't prove a failure."""

    name: Identifier
    title: Text | None = None
    consequence: Consequence = Consequence.NONE
    kpi: bool = False

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan | None:
        """The check's queries; None for a kind that asks no data."""
        raise NotImplementedError

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """The outcome from what the queries gave."""
        raise NotImplementedError

    def parameters(self) -> frozenset[str]:
        """The plan parameters that the check uses."""
        found: set[str] = set()
        for value in self.model_dump(mode="python").values():
            found.update(_parameters_in(value))
        return frozenset(found)


def _parameters_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        for part in value.replace("(", " ").replace(")", " ").replace(",", " ").split():
            if part.startswith("$"):
                yield part[1:]
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _parameters_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _parameters_in(inner)


class ScopedCheck(Check):
    """A check on the rows of one dataset or view."""

    dataset: Identifier
    where: str | None = None
    exclude: tuple[Exclusion, ...] = ()
    not_due: str | None = None
    in_period: bool = True
    optional: tuple[Identifier, ...] = ()
    show: dict[Identifier, str] = Field(default_factory=dict)
    at_least: Annotated[int, Field(ge=1)] = 1
    fresh_within: Limit | None = None

    min_period: Limit | None = None
    when_supplied: Identifier | None = None
    """Looks closer where this dataset is handed in; says nothing where it is not."""

    @field_validator("show")
    @classmethod
    def _leaves_our_names_alone(cls, value: dict[str, str]) -> dict[str, str]:
        taken = sorted(set(value) & RESERVED)
        if taken:
            raise Refusal(
                Text(f"show 不能用名字 {taken[0]}", f"show may not use the name {taken[0]}"),
                Text("换一个名字", "take another name"),
            )
        return value

    def newest(self, catalogue: Catalogue, moment: Moment) -> exp.Select | None:
        """The query for the latest stamp up to the cut-off, where fresh rows are demanded."""
        scope = Scope.over(self.dataset, catalogue, moment)
        if self.fresh_within is None or scope.relation.time is None:
            return None
        time = exp.cast(exp.column(scope.relation.time), "TIMESTAMP")
        past = exp.LTE(this=time.copy(), expression=stamp(moment.as_of))
        latest = exp.cast(exp.Max(this=time), "VARCHAR")
        return exp.select(latest).from_(scope.source(), copy=False).where(past, copy=False)

    def breakdown(self, facts: Facts) -> tuple[Breakdown, ...]:
        """The figure by month and site, where the check carries an indicator."""
        return ()

    def others(self) -> tuple[str, ...]:
        """The further datasets or views that it looks into."""
        return ()
