"""Knows the check that a document exists, is approved, and is in force at the cut-off."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from sqlglot import exp

from fcim_audit.checks.base import ScopedCheck
from fcim_audit.checks.concluding import share_outcome
from fcim_audit.checks.plan import ROW_MASK, Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.checks.units import case, is_true, listed, planned
from fcim_audit.datasets import Identifier
from fcim_audit.expression import Moment
from fcim_audit.model import Comparator, Figure, Outcome, Target

RUNGS = ("missing", "unapproved", "not_in_force", "review_overdue", "current")
_SCORES = {"missing": 0, "unapproved": 25, "not_in_force": 25, "review_overdue": 50, "current": 75}


class DocumentCheck(ScopedCheck):
    """A document of each type is registered, approved, in force and not overdue for review.

    Content is for the auditor (or a text check): this kind decides existence and control only.
    Passes: a policy approved on 5 January, in force, review due next year.
    Fails: a policy without an approver.
    """

    absence_decides: ClassVar[bool] = True

    kind: Literal["document"]
    dataset: Identifier = "document_register"
    types: Annotated[tuple[str, ...], Field(min_length=1)]
    in_period: bool = False

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan:
        """One unit a type, good where its best document is current; `why` is the rung it reached."""
        scope = Scope.over(self.dataset, catalogue, moment)
        for name in self.types:
            scope.parsed(f"type = '{name}'")
        where = scope.sql(self.where) if self.where is not None else exp.true()
        rung = self._rung(scope)
        best = (
            exp.select(
                "type",
                exp.alias_(exp.Max(this=rung), "rung", copy=False),
                exp.alias_(
                    exp.ArgMax(this=exp.column("_place"), expression=rung.copy()),
                    "_place",
                    copy=False,
                ),
                exp.alias_(
                    exp.Max(this=_flag(scope.unreadable(sorted(scope.used)))), "unclear", copy=False
                ),
            )
            .from_(scope.source(), copy=False)
            .where(is_true(where), copy=False)
            .group_by("type", copy=False)
        )
        first = exp.Min(this=exp.column("_place"))
        floor = exp.Sub(
            this=first,
            expression=exp.Mod(this=first.copy(), expression=exp.Literal.number(ROW_MASK)),
        )
        place = exp.select(exp.alias_(floor, "file_place", copy=False)).from_(
            scope.source(), copy=False
        )
        reached = exp.Coalesce(this=exp.column("rung", "best"), expressions=[exp.Literal.number(0)])
        top = len(RUNGS) - 1
        state = case(
            [
                (exp.EQ(this=reached, expression=exp.Literal.number(top)), "good"),
                (
                    exp.EQ(this=exp.column("unclear", "best"), expression=exp.Literal.number(1)),
                    "unknown",
                ),
            ],
            "bad",
        )
        why = case(
            [
                (exp.EQ(this=reached.copy(), expression=exp.Literal.number(i)), RUNGS[i])
                for i in range(top)
            ],
            "",
        )
        units = (
            exp.select(
                exp.alias_(
                    exp.Coalesce(
                        this=exp.column("_place", "best"), expressions=[exp.column("file_place")]
                    ),
                    "_place",
                    copy=False,
                ),
                exp.alias_(exp.column("item", "wanted"), "key", copy=False),
                exp.alias_(state, "state", copy=False),
                exp.alias_(why, "why", copy=False),
            )
            .from_(listed(self.types).subquery("wanted", copy=False), copy=False)
            .join(place.subquery("place_", copy=False), join_type="cross", copy=False)
            .join(
                best.subquery("best", copy=False),
                on="best.type = wanted.item",
                join_type="left",
                copy=False,
            )
        )
        lowest = exp.Min(this=_score_of(exp.column("why")))
        return planned(units, (), scope.needs(self.optional), {"score": lowest})

    def _rung(self, scope: Scope) -> exp.Expr:
        approved = scope.sql(
            "approver is not null and approved_at is not null and approved_at <= $as_of"
        )
        in_force = scope.sql(
            "status = 'in_force' and (effective_on is null or effective_on <= $as_of)"
        )
        reviewed = scope.sql("review_due is null or not overdue(review_due, days(1))")
        made = exp.Case()
        for number, test in enumerate((approved, in_force, reviewed), start=1):
            made = made.when(
                exp.not_(is_true(test), copy=False), exp.Literal.number(number), copy=False
            )
        return made.else_(exp.Literal.number(len(RUNGS) - 1), copy=False)

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """Every type must be current; the figure is the score of the weakest."""
        target = Target(Comparator.AT_LEAST, Fraction(1))
        outcome = share_outcome(self, check_id, self.kind, facts, target)
        score = facts.summary.get("score")
        value = None if score is None else Fraction(int(score))
        return replace(
            outcome,
            measured=Figure(value, "score"),
            target=Target(Comparator.AT_LEAST, Fraction(_SCORES["current"])),
        )


def _flag(test: exp.Expr) -> exp.Expr:
    return (
        exp.Case()
        .when(is_true(test), exp.Literal.number(1), copy=False)
        .else_(exp.Literal.number(0), copy=False)
    )


def _score_of(why: exp.Expr) -> exp.Expr:
    made = exp.Case()
    for word in RUNGS[:-1]:
        made = made.when(why.copy().eq(word), exp.Literal.number(_SCORES[word]), copy=False)
    return made.else_(exp.Literal.number(_SCORES["current"]), copy=False)
