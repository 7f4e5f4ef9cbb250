"""Knows the check that everything that needs something has it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from fcim_audit.checks.base import ScopedCheck, Share
from fcim_audit.checks.concluding import share_outcome
from fcim_audit.checks.plan import ROW_MASK, Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.checks.units import as_units, case, is_true, listed, planned
from fcim_audit.datasets import Identifier
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.model import Comparator, Outcome, Target
from fcim_audit.yaml_source import Refusal, Strict


class Covering(Strict):
    """The rows that cover: in which dataset, joined by which column, under which condition."""

    dataset: Identifier
    on: Identifier
    where: str | None = None
    rows: Annotated[int, Field(ge=1)] = 1


class CoverageCheck(ScopedCheck):
    """Each required thing needs its rows: the values of a column, or the rows of another dataset.

    With `values` the things are words of the column `on`; without, each row in scope of `dataset`
    must find rows in `covered_by` that carry its `on`.
    Passes: a rated risk for each of the themes data_leak and outage.
    Fails: the same with no risk of theme outage.
    """

    absence_decides: ClassVar[bool] = True

    kind: Literal["coverage"]
    on: Identifier
    values: tuple[str, ...] = ()
    rows: Annotated[int, Field(ge=1)] = 1
    must: str | None = None
    covered_by: Covering | None = None
    share: Share = Fraction(1)

    @model_validator(mode="after")
    def _says_what_is_required(self) -> CoverageCheck:
        if bool(self.values) == (self.covered_by is not None):
            raise Refusal(
                Text(
                    "写 values 或 covered_by，二者取一",
                    "write values or covered_by, one of the two",
                ),
                Text("values 列出必须出现的词", "values lists the words that must occur"),
            )
        if self.covered_by is not None and self.must is not None:
            raise Refusal(Text("must 只与 values 同用", "must goes with values only"))
        return self

    def others(self) -> tuple[str, ...]:
        """The dataset whose rows cover."""
        return () if self.covered_by is None else (self.covered_by.dataset,)

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan:
        """One unit a required thing; good where enough rows cover it."""
        scope = Scope.over(self.dataset, catalogue, moment)
        if self.values:
            return self._values_plan(scope)
        return self._rows_plan(scope, catalogue, moment)

    def _values_plan(self, scope: Scope) -> Plan:
        known = scope.relation.vocabularies.get(self.on)
        for value in self.values:
            if known is not None:
                scope.parsed(f"{self.on} = '{value}'")
        match: exp.Expr = exp.Not(
            this=exp.Is(this=exp.paren(scope.column(self.on), copy=False), expression=exp.Null())
        )
        if self.must is not None:
            match = exp.and_(match, scope.sql(self.must), copy=False)
        rows = as_units(
            scope,
            self,
            match,
            extra={"item_": exp.cast(scope.column(self.on), "VARCHAR", copy=False)},
        )
        hits = exp.Sum(this=_when("good"))
        unclear = exp.Sum(this=_when("unknown"))
        found = (
            exp.select(
                "item_",
                exp.alias_(hits, "hits", copy=False),
                exp.alias_(unclear, "unclear", copy=False),
            )
            .from_(rows.subquery("rows_", copy=False), copy=False)
            .group_by("item_", copy=False)
        )
        floor = exp.Sub(
            this=exp.Min(this=exp.column("_place")),
            expression=exp.Mod(
                this=exp.Min(this=exp.column("_place")), expression=exp.Literal.number(ROW_MASK)
            ),
        )
        place = exp.select(exp.alias_(floor, "_place", copy=False)).from_(
            scope.source(), copy=False
        )
        wanted = listed(self.values)
        units = (
            exp.select(
                exp.column("_place", "place_"),
                exp.alias_(exp.column("item", "wanted"), "key", copy=False),
                exp.alias_(_covered(self.rows), "state", copy=False),
                exp.alias_(exp.Literal.string("missing"), "why", copy=False),
            )
            .from_(wanted.subquery("wanted", copy=False), copy=False)
            .join(place.subquery("place_", copy=False), join_type="cross", copy=False)
            .join(
                found.subquery("found", copy=False),
                on="found.item_ = wanted.item",
                join_type="left",
                copy=False,
            )
            .join(_any_unclear(rows), join_type="cross", copy=False)
        )
        return planned(units, (), scope.needs(self.optional))

    def _rows_plan(self, scope: Scope, catalogue: Catalogue, moment: Moment) -> Plan:
        assert self.covered_by is not None
        cover = Scope.over(self.covered_by.dataset, catalogue, moment)
        on = cover.column(self.covered_by.on)
        where = is_true(cover.sql(self.covered_by.where)) if self.covered_by.where else exp.true()
        found = (
            exp.select(
                exp.alias_(exp.cast(on, "VARCHAR", copy=False), "item_", copy=False),
                exp.alias_(exp.Count(this=exp.Star()), "hits", copy=False),
            )
            .from_(cover.source(), copy=False)
            .where(where, copy=False)
            .group_by("item_", copy=False)
        )
        unread = (
            exp.select(exp.alias_(exp.Count(this=exp.Star()), "unclear", copy=False))
            .from_(cover.source(), copy=False)
            .where(cover.unreadable(sorted(cover.used)), copy=False)
        )
        required = as_units(
            scope,
            self,
            exp.true(),
            extra={
                "item_": exp.cast(scope.column(self.on), "VARCHAR", copy=False),
                "unread_": scope.unreadable([self.on]),
            },
        )
        shown = [exp.column(name, "required") for name in self.show]
        own = exp.column("state", "required")
        blurred = exp.and_(own.copy().eq("good"), exp.column("unread_", "required"), copy=False)
        state = (
            exp.Case()
            .when(blurred, exp.Literal.string("unknown"), copy=False)
            .when(own.copy().eq("good"), _covered(self.covered_by.rows), copy=False)
            .else_(own, copy=False)
        )
        units = (
            exp.select(
                exp.column("_place", "required"),
                exp.column("key", "required"),
                exp.alias_(state, "state", copy=False),
                exp.alias_(exp.Literal.string("uncovered"), "why", copy=False),
                *shown,
            )
            .from_(required.subquery("required", copy=False), copy=False)
            .join(
                found.subquery("found", copy=False),
                on="found.item_ = required.item_",
                join_type="left",
                copy=False,
            )
            .join(unread.subquery("unread", copy=False), join_type="cross", copy=False)
        )
        return planned(
            units, tuple(self.show), _merged(scope.needs(self.optional), cover.needs(self.optional))
        )

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """The share of required things that are covered."""
        target = Target(Comparator.AT_LEAST, self.share)
        return share_outcome(self, check_id, self.kind, facts, target, self.at_least)


def _when(state: str) -> exp.Expr:
    return (
        exp.Case()
        .when(exp.column("state").eq(state), exp.Literal.number(1), copy=False)
        .else_(exp.Literal.number(0), copy=False)
    )


def _covered(rows: int) -> exp.Expr:
    return case(
        [
            (
                exp.GTE(this=exp.column("hits", "found"), expression=exp.Literal.number(rows)),
                "good",
            ),
            (
                exp.GT(this=exp.column("unclear", "unread"), expression=exp.Literal.number(0)),
                "unknown",
            ),
        ],
        "bad",
    )


def _any_unclear(rows: exp.Select) -> exp.Expr:
    unread = (
        exp.select(exp.alias_(exp.Count(this=exp.Star()), "unclear", copy=False))
        .from_(rows.copy().subquery("rows_", copy=False), copy=False)
        .where(exp.column("state").eq("unknown"), copy=False)
    )
    return unread.subquery("unread", copy=False)


def _merged(
    first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    return {
        name: first.get(name, frozenset()) | second.get(name, frozenset())
        for name in sorted({*first, *second})
    }
