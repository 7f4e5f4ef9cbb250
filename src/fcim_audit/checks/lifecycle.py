"""Knows the check that each case goes through its steps, in order and in time."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator
from sqlglot import exp

from fcim_audit.checks.base import Limit, ScopedCheck
from fcim_audit.checks.concluding import share_outcome, span_of
from fcim_audit.checks.plan import Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.checks.units import as_units, planned
from fcim_audit.datasets import Identifier
from fcim_audit.expression import Moment, microseconds, stamp, within
from fcim_audit.language import Text
from fcim_audit.model import Comparator, Outcome, Target
from fcim_audit.yaml_source import Refusal, Strict


class StepLimit(Strict):
    """How long one step may take after another."""

    start: Identifier
    end: Identifier
    within: Limit


class LifecycleCheck(ScopedCheck):
    """Each case must have its steps stamped, in their order, each within its limit.

    A step that is missing while its limit has not run out at the cut-off is not yet due.
    Passes: raised 1 March, approved 2 March, implemented 5 March.
    Fails: implemented on 1 March, approved on 2 March.
    """

    kind: Literal["lifecycle"]
    steps: Annotated[tuple[Identifier, ...], Field(min_length=2)]
    may_be_missing: tuple[Identifier, ...] = ()
    limits: tuple[StepLimit, ...] = ()
    must: str | None = None

    @model_validator(mode="after")
    def _names_its_own_steps(self) -> LifecycleCheck:
        named = {*self.may_be_missing}
        for limit in self.limits:
            named |= {limit.start, limit.end}
        unknown = sorted(named - set(self.steps))
        if unknown:
            raise Refusal(
                Text(f"{unknown[0]} 不在 steps 中", f"{unknown[0]} is not one of the steps"),
                Text("只能使用 steps 中的列", "use columns listed under steps"),
            )
        return self

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan:
        """One unit a case; `why` names the first thing that is wrong."""
        scope = Scope.over(self.dataset, catalogue, moment)
        faults = self._faults(scope, moment)
        good = exp.not_(
            exp.paren(
                exp.or_(*(exp.paren(test.copy(), copy=False) for test, _ in faults), copy=False),
                copy=False,
            ),
            copy=False,
        )
        why = exp.Case()
        for test, word in faults:
            why = why.when(test.copy(), exp.Literal.string(word), copy=False)
        units = as_units(
            scope,
            self,
            good,
            why=why.else_(exp.Literal.string(""), copy=False),
            not_due=self._pending(scope, moment),
        )
        return planned(units, tuple(self.show), scope.needs(self.optional))

    def _faults(self, scope: Scope, moment: Moment) -> list[tuple[exp.Expr, str]]:
        columns = {name: scope.column(name) for name in self.steps}
        faults: list[tuple[exp.Expr, str]] = [
            (_missing(columns[name]), f"missing:{name}")
            for name in self.steps
            if name not in self.may_be_missing
        ]
        for number, earlier in enumerate(self.steps):
            for later_step in self.steps[number + 1 :]:
                reversed_ = exp.LT(
                    this=microseconds(columns[later_step]),
                    expression=microseconds(columns[earlier]),
                )
                faults.append((_certain(reversed_), f"order:{later_step}<{earlier}"))
        for limit in self.limits:
            span = span_of(limit.within, moment)
            on_time = within(columns[limit.start], columns[limit.end], span)
            both = exp.not_(exp.paren(_missing(columns[limit.end]), copy=False), copy=False)
            faults.append(
                (
                    exp.and_(both, exp.not_(_certain(on_time), copy=False), copy=False),
                    f"late:{limit.end}",
                )
            )
            overdue = exp.not_(
                _certain(within(columns[limit.start], stamp(moment.as_of), span)), copy=False
            )
            faults.append(
                (
                    exp.and_(_missing(columns[limit.end]), overdue, copy=False),
                    f"overdue:{limit.end}",
                )
            )
        if self.must is not None:
            faults.append((exp.not_(_certain(scope.sql(self.must)), copy=False), "must"))
        return faults

    def _pending(self, scope: Scope, moment: Moment) -> exp.Expr | None:
        """The first step still missing has time left, and no later step is stamped."""
        if not self.limits:
            return None
        tests = []
        for limit in self.limits:
            start, end = scope.column(limit.start), scope.column(limit.end)
            in_time = within(start, stamp(moment.as_of), span_of(limit.within, moment))
            after = self.steps[self.steps.index(limit.end) + 1 :]
            waiting = [_missing(scope.column(name)) for name in after]
            tests.append(exp.and_(_missing(end), in_time, *waiting, copy=False))
        return exp.or_(*(exp.paren(test, copy=False) for test in tests), copy=False)

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """Every case that is due must be in order."""
        target = Target(Comparator.AT_LEAST, Fraction(1))
        return share_outcome(self, check_id, self.kind, facts, target, self.at_least)


def _missing(column: exp.Expr) -> exp.Expr:
    return exp.Is(this=column.copy(), expression=exp.Null())


def _certain(test: exp.Expr) -> exp.Expr:
    return exp.Is(this=exp.paren(test.copy(), copy=False), expression=exp.true())
