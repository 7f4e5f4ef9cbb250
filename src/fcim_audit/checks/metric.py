"""Knows the check that a figure computed from records reaches its threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from pydantic import model_validator
from sqlglot import exp

from fcim_audit.checks.base import ScopedCheck, Share
from fcim_audit.checks.breakdown import by_parts, means, ratios, shares
from fcim_audit.checks.concluding import share_outcome
from fcim_audit.checks.plan import Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.checks.units import as_units, count_if, is_true, planned
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.model import Beside, Breakdown, Comparator, Counts, Figure, Outcome, Target, Verdict
from fcim_audit.yaml_source import Refusal, Strict


class BesideFigure(Strict):
    """A second count on the same population, said beside the figure; it decides nothing."""

    name: Text
    good: str


class MetricTarget(Strict):
    """The threshold of a figure."""

    op: Comparator
    value: Share


class MetricCheck(ScopedCheck):
    """A share of records, a ratio of two sums, or a mean score, held against a threshold.

    Passes: `statistic: share`, `good: done`, target >= 95 %: 38 of 40 done.
    Fails: the same with 18 of 19 done (94.7 %).
    """

    kind: Literal["metric"]
    statistic: Literal["share", "ratio", "mean"] = "share"
    good: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    value: str | None = None
    scale_min: str | None = None
    scale_max: str | None = None
    target: MetricTarget
    beside: tuple[BesideFigure, ...] = ()

    @model_validator(mode="after")
    def _says_what_its_statistic_needs(self) -> MetricCheck:
        needed = {
            "share": ("good",),
            "ratio": ("numerator", "denominator"),
            "mean": ("value", "scale_min", "scale_max"),
        }
        for statistic, fields in needed.items():
            for name in fields:
                if (getattr(self, name) is not None) != (statistic == self.statistic):
                    raise Refusal(
                        Text(
                            f"statistic {self.statistic} 需要 {'、'.join(needed[self.statistic])}",
                            f"statistic {self.statistic} needs {', '.join(needed[self.statistic])} only",
                        )
                    )
        if self.statistic == "share" and self.target.op is not Comparator.AT_LEAST:
            raise Refusal(Text("share 的目标只能用 >=", "the target of a share must be >="))
        return self

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan:
        """Units are rows; a row without a figure it needs is unknown."""
        scope = Scope.over(self.dataset, catalogue, moment)
        if self.statistic == "share":
            return self._share_plan(scope)
        if self.statistic == "ratio":
            return self._ratio_plan(scope)
        return self._mean_plan(scope)

    def _share_plan(self, scope: Scope) -> Plan:
        assert self.good is not None
        good = scope.sql(self.good)
        aside = Scope.over(self.dataset, scope.catalogue, scope.moment)
        extra = {f"beside_{i}": aside.sql(b.good) for i, b in enumerate(self.beside)}
        units = as_units(scope, self, good, extra=extra)
        counted = exp.column("state").isin("good", "bad", "unknown")
        sums = {name: count_if(exp.and_(exp.column(name), counted, copy=False)) for name in extra}
        plan = planned(units, tuple(self.show), scope.needs(self.optional), sums)
        needs = tuple(aside.parsed(b.good).columns for b in self.beside)
        return self._with_parts(replace(plan, beside_needs=needs), scope, units)

    def _ratio_plan(self, scope: Scope) -> Plan:
        assert self.numerator is not None
        assert self.denominator is not None
        top, bottom = scope.sql(self.numerator), scope.sql(self.denominator)
        sound = exp.and_(
            exp.GTE(this=bottom.copy(), expression=exp.Literal.number(0)),
            exp.GTE(this=top.copy(), expression=exp.Literal.number(0)),
            exp.LTE(this=top.copy(), expression=bottom.copy()),
            copy=False,
        )
        units = as_units(scope, self, sound, extra={"top": top, "bottom": bottom})
        good = exp.column("state").eq("good")
        sums = {
            name: exp.Sum(this=exp.Case().when(good, exp.column(name), copy=False))
            for name in ("top", "bottom")
        }
        plan = planned(units, tuple(self.show), scope.needs(self.optional), sums)
        return self._with_parts(plan, scope, units, sums)

    def _mean_plan(self, scope: Scope) -> Plan:
        assert self.value is not None
        assert self.scale_min is not None
        assert self.scale_max is not None
        value, low, high = (scope.sql(t) for t in (self.value, self.scale_min, self.scale_max))
        sound = exp.and_(
            exp.GTE(this=value.copy(), expression=low.copy()),
            exp.LTE(this=value.copy(), expression=high.copy()),
            exp.LT(this=low.copy(), expression=high.copy()),
            copy=False,
        )
        units = as_units(scope, self, sound, extra={"score_": value, "low_": low, "high_": high})
        detail = (
            exp.select(
                "low_", "high_", exp.Count(this=exp.Star()), exp.Sum(this=exp.column("score_"))
            )
            .from_(units.copy().subquery("units", copy=False), copy=False)
            .where(is_true(exp.column("state").eq("good")), copy=False)
            .group_by("low_", "high_", copy=False)
            .order_by("low_", "high_", copy=False)
        )
        plan = planned(units, tuple(self.show), scope.needs(self.optional), detail=detail)
        good = is_true(exp.column("state").eq("good"))
        sums = {
            "n_": count_if(good),
            "sum_": exp.Sum(this=exp.Case().when(good, exp.column("score_"), copy=False)),
        }
        return self._with_parts(plan, scope, units, sums, ("low_", "high_"))

    def _with_parts(
        self,
        plan: Plan,
        scope: Scope,
        units: exp.Select,
        sums: Mapping[str, exp.Expr] | None = None,
        also: tuple[str, ...] = (),
    ) -> Plan:
        return replace(plan, parts=by_parts(scope, units, sums, also)) if self.kpi else plan

    def breakdown(self, facts: Facts) -> tuple[Breakdown, ...]:
        """The figure by month and site, against the same threshold."""
        tell = {"share": shares, "ratio": ratios, "mean": means}[self.statistic]
        return tell(facts, Target(self.target.op, self.target.value), self.at_least)

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """The figure against its threshold, exactly."""
        target = Target(self.target.op, self.target.value)
        if self.statistic == "share":
            outcome = share_outcome(self, check_id, self.kind, facts, target, self.at_least)
            return _with_beside(outcome, self.beside, plan, facts)
        return self._figure_outcome(check_id, facts, target)

    def _figure_outcome(self, check_id: str, facts: Facts, target: Target) -> Outcome:
        counts = facts.counts
        shared = share_outcome(
            self,
            check_id,
            self.kind,
            facts,
            Target(Comparator.AT_LEAST, Fraction(1)),
            self.at_least,
        )
        measured, top, bottom = self._measured(facts)
        reasons = list(shared.reasons)
        if counts.bad:
            reasons.append(
                Text(
                    f"{counts.bad} 条缺少数值或超出范围，未计入",
                    f"{counts.bad} rows lack a figure or are out of range; they are not in the figure",
                )
            )
        verdict = self._verdict(measured.value, counts, target)
        if facts.coverage.value != "population" and verdict in {Verdict.PASS, Verdict.FAIL}:
            verdict = Verdict.INCONCLUSIVE
        return Outcome(
            check_id=check_id,
            kind=self.kind,
            verdict=verdict,
            measured=measured,
            target=target,
            numerator=top,
            denominator=bottom,
            counts=counts,
            coverage=facts.coverage,
            exceptions=facts.exceptions,
            exception_count=counts.bad + counts.unknown,
            reasons=tuple(reasons),
            consequence=self.consequence,
            is_kpi=self.kpi,
        )

    def _measured(self, facts: Facts) -> tuple[Figure, int | None, int | None]:
        if self.statistic == "mean":
            total, count = Fraction(0), 0
            for low, high, n, value_sum in facts.detail:
                span = Fraction(high) - Fraction(low)
                total += 100 * (Fraction(value_sum) - n * Fraction(low)) / span
                count += n
            return Figure(total / count if count else None, "score"), None, count
        top, bottom = facts.summary.get("top"), facts.summary.get("bottom")
        if not bottom:
            return Figure(None, "ratio"), None, None
        over, under = Fraction(str(top)), Fraction(str(bottom))
        return Figure(over / under, "ratio"), int(over), int(under)

    def _verdict(self, value: Fraction | None, counts: Counts, target: Target) -> Verdict:
        if value is None or counts.bad or counts.unknown or counts.population < self.at_least:
            return Verdict.INCONCLUSIVE
        return Verdict.PASS if target.is_met_by(value) else Verdict.FAIL


def _with_beside(
    outcome: Outcome, figures: tuple[BesideFigure, ...], plan: Spelled, facts: Facts
) -> Outcome:
    """Say each figure whose columns the evidence supplies."""
    beside = tuple(
        Beside(figure.name, int(facts.summary.get(f"beside_{i}") or 0), outcome.counts.population)
        for i, figure in enumerate(figures)
        if plan.beside_needs[i] <= facts.provided
    )
    return replace(outcome, beside=beside)
