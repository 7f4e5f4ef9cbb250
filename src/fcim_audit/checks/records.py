"""Knows the check that each record of a dataset is as it must be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from fcim_audit.checks.base import ScopedCheck, Share
from fcim_audit.checks.breakdown import by_parts, shares
from fcim_audit.checks.concluding import share_outcome
from fcim_audit.checks.plan import Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.checks.units import as_units, planned
from fcim_audit.expression import Moment
from fcim_audit.model import Breakdown, Comparator, Outcome, Target


class RecordsCheck(ScopedCheck):
    """Every record in scope must meet a condition (or at least `share` of them).

    Passes: `must: risk is not null` where every change request names its risk.
    Fails: the same with one change request whose risk cell is empty.
    """

    kind: Literal["records"]
    must: str
    share: Share = Fraction(1)

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan:
        """One unit a row, good where `must` holds for sure."""
        scope = Scope.over(self.dataset, catalogue, moment)
        units = as_units(scope, self, scope.sql(self.must))
        plan = planned(units, tuple(self.show), scope.needs(self.optional))
        return replace(plan, parts=by_parts(scope, units)) if self.kpi else plan

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """The share of good records against the required share."""
        target = Target(Comparator.AT_LEAST, self.share)
        return share_outcome(self, check_id, self.kind, facts, target, self.at_least)

    def breakdown(self, facts: Facts) -> tuple[Breakdown, ...]:
        """The share of good records by month and site."""
        return shares(facts, Target(Comparator.AT_LEAST, self.share), self.at_least)
