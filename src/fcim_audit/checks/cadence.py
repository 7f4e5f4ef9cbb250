"""Knows the check that something happens again and again without too long a gap."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

from sqlglot import exp

from fcim_audit.checks.base import Limit, ScopedCheck
from fcim_audit.checks.concluding import share_outcome, span_of
from fcim_audit.checks.plan import Catalogue, Facts, Plan, Spelled
from fcim_audit.checks.scope import Scope
from fcim_audit.checks.units import case, count_if, is_true, planned
from fcim_audit.datasets import Identifier
from fcim_audit.expression import Moment, microseconds, stamp, within
from fcim_audit.language import Text
from fcim_audit.model import Comparator, Figure, Outcome, Target, Verdict
from fcim_audit.spans import Span


class CadenceCheck(ScopedCheck):
    """From one event to the next no more than a limit may pass, per group if there is one.

    With `edges` the time from the start of the period to the first event, and from the last one to
    its end (or the cut-off), counts as well. Repeated stamps and stamps out of order are said.
    Passes: reviews in January, June and December with a limit of 12 months.
    Fails: readings at 1:00 and 4:00 with a limit of 1 h.
    """

    absence_decides: ClassVar[bool] = True

    kind: Literal["cadence"]
    at: Identifier
    by: Identifier | None = None
    max_gap: Limit
    edges: bool = True
    many_rows_an_event: bool = False

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan:
        """One unit an interval; `why` is `gap`, `start` or `end`."""
        scope = Scope.over(self.dataset, catalogue, moment)
        if self.by is not None:
            scope.shown({"by": self.by})
        span = span_of(self.max_gap, moment)
        parts = self._intervals(scope, moment, span)
        units: exp.Expr = parts[0]
        for part in parts[1:]:
            units = exp.union(units, part, distinct=False, copy=False)
        whole = exp.select("*").from_(
            exp.Subquery(this=units, alias=exp.TableAlias(this=exp.to_identifier("intervals"))),
            copy=False,
        )
        gap = exp.column("gap_seconds")
        sums = {
            "longest": exp.Max(
                this=exp.Case().when(exp.column("state").isin("good", "bad"), gap, copy=False)
            ),
            "repeated": count_if(
                exp.and_(exp.column("gap_seconds").eq(0), exp.column("why").eq("gap"), copy=False)
            ),
            "events": exp.Sum(this=exp.column("events")),
            "disordered": exp.Sum(this=exp.column("disordered")),
        }
        shown = ("since", "until", "gap_seconds")
        return planned(whole, shown, scope.needs(self.optional), sums)

    def _events(self, scope: Scope, moment: Moment) -> exp.Select:
        at: exp.Expr = exp.cast(scope.column(self.at), "TIMESTAMP", copy=False)
        group = (
            exp.cast(scope.column(self.by), "VARCHAR", copy=False)
            if self.by
            else exp.Literal.string("")
        )
        unread = scope.unreadable([self.at])
        tests: list[exp.Expr] = []
        if self.where is not None:
            where = scope.sql(self.where)
            unclear = exp.and_(
                exp.Is(this=where.copy(), expression=exp.Null()),
                scope.unreadable(sorted(scope.parsed(self.where).columns)),
                copy=False,
            )
            tests.append(exp.or_(is_true(where), unclear.copy(), copy=False))
            unread = exp.or_(unread, unclear, copy=False)
            at = exp.Case().when(is_true(where), at, copy=False)
        tests += [exp.not_(is_true(scope.sql(e.when)), copy=False) for e in self.exclude]
        if self.in_period:
            inside = exp.Between(
                this=at.copy(), low=stamp(moment.period_start), high=stamp(moment.period_end)
            )
            tests.append(exp.or_(inside, exp.Is(this=at.copy(), expression=exp.Null()), copy=False))
        events = exp.select(
            exp.column("_place"), exp.alias_(group, "grouped", copy=False),
            exp.alias_(at, "at_", copy=False), exp.alias_(unread, "unread", copy=False),
        ).from_(scope.source(), copy=False)  # fmt: skip
        if tests:
            events = events.where(*tests, copy=False)
        return self._merged(events) if self.many_rows_an_event else events

    def _merged(self, events: exp.Select) -> exp.Select:
        first, unread = exp.Min(this=exp.column("_place")), exp.Max(this=exp.column("unread"))
        merged = exp.select(
            exp.alias_(first, "_place", copy=False),
            "grouped",
            "at_",
            exp.alias_(unread, "unread", copy=False),
        ).from_(events.subquery("rows_", copy=False), copy=False)
        return merged.group_by("grouped", "at_", copy=False)

    def _intervals(self, scope: Scope, moment: Moment, span: Span) -> list[exp.Select]:
        events = self._events(scope, moment)
        ordered = exp.select(
            "_place", "grouped", "at_", "unread", _lag("at_", "at_", "previous"),
            _lag("at_", "_place", "row_before"),
        ).from_(events.subquery("events", copy=False), copy=False)  # fmt: skip
        state = case(
            [
                (exp.Is(this=exp.column("at_"), expression=exp.Null()), "unknown"),
                (exp.Is(this=exp.column("previous"), expression=exp.Null()), "first"),
                (is_true(within(exp.column("previous"), exp.column("at_"), span)), "good"),
            ],
            "bad",
        )
        earlier = exp.LT(this=exp.column("at_"), expression=exp.column("row_before"))
        disordered = (
            exp.Case()
            .when(earlier, exp.Literal.number(1), copy=False)
            .else_(exp.Literal.number(0), copy=False)
        )
        between = _interval(
            exp.column("_place"), state, "gap", exp.column("previous"), exp.column("at_"),
            exp.Literal.number(1), disordered,
        ).from_(ordered.subquery("ordered", copy=False), copy=False)  # fmt: skip
        if not self.edges:
            return [between]
        return [between, *self._edges(events, moment, span)]

    def _edges(self, events: exp.Select, moment: Moment, span: Span) -> list[exp.Select]:
        span_of_group = (
            exp.select(
                exp.alias_(exp.Min(this=exp.column("_place")), "_place", copy=False), exp.column("grouped"),
                exp.alias_(exp.Min(this=exp.column("at_")), "first_", copy=False),
                exp.alias_(exp.Max(this=exp.column("at_")), "last_", copy=False),
            ).from_(events.copy().subquery("events", copy=False), copy=False)
            .where(exp.not_(exp.Is(this=exp.column("at_"), expression=exp.Null()), copy=False), copy=False)
            .group_by("grouped", copy=False)
        )  # fmt: skip
        zero = exp.Literal.number(0)
        parts = []
        for why, since, until in (
            ("start", stamp(moment.period_start), exp.column("first_")),
            ("end", exp.column("last_"), stamp(_next_second(moment.period_end))),
        ):
            state = case([(is_true(within(since, until, span)), "good")], "bad")
            part = _interval(exp.column("_place"), state, why, since, until, zero, zero.copy())
            parts.append(part.from_(span_of_group.copy().subquery("edges", copy=False), copy=False))
        return parts

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """Every interval must be short enough; the figure is the longest one in seconds."""
        target = Target(Comparator.AT_LEAST, Fraction(1))
        outcome = share_outcome(self, check_id, self.kind, facts, target, 1)
        longest = facts.summary.get("longest")
        measured = Figure(None if longest is None else Fraction(longest), "s")
        reasons = [*outcome.reasons, *_order_remarks(facts)]
        verdict = outcome.verdict
        if verdict is Verdict.PASS and int(facts.summary.get("events") or 0) < self.at_least:
            verdict = Verdict.INCONCLUSIVE
        if verdict is Verdict.FAIL and facts.counts.bad <= facts.counts.unknown:
            verdict = Verdict.INCONCLUSIVE
            reasons.append(
                Text(
                    "读不懂的记录可能正好填补这些间隔",
                    "the rows that could not be understood may fill these gaps",
                )
            )
        return replace(
            outcome, verdict=verdict, measured=measured, target=None, reasons=tuple(reasons)
        )


def _next_second(moment: dt.datetime) -> dt.datetime:
    """The last microsecond of a day stands for its end."""
    return moment + dt.timedelta(microseconds=1 if moment.microsecond == 999_999 else 0)


def _order_remarks(facts: Facts) -> list[Text]:
    repeated = int(facts.summary.get("repeated") or 0)
    disordered = int(facts.summary.get("disordered") or 0)
    remarks = []
    if repeated:
        remarks.append(Text(f"{repeated} 个时间戳重复", f"{repeated} repeated time stamps"))
    if disordered:
        remarks.append(
            Text(
                f"文件未按时间排序：{disordered} 处倒退",
                f"the file is out of order: time runs back in {disordered} places",
            )
        )
    return remarks


def _interval(
    place: exp.Expr,
    state: exp.Expr,
    why: str,
    since: exp.Expr,
    until: exp.Expr,
    events: exp.Expr,
    disordered: exp.Expr,
) -> exp.Select:
    gap = exp.Sub(this=microseconds(until), expression=microseconds(since))
    seconds = exp.cast(
        exp.Cast(this=gap, to=exp.DataType.build("DECIMAL(28, 6)"))
        * exp.Literal.number("0.000001"),
        "DECIMAL(28, 6)",
        copy=False,
    )
    return exp.select(
        exp.alias_(place, "_place", copy=False),
        exp.alias_(exp.column("grouped"), "key", copy=False),
        exp.alias_(state, "state", copy=False),
        exp.alias_(exp.Literal.string(why), "why", copy=False),
        exp.alias_(exp.cast(since.copy(), "VARCHAR", copy=False), "since", copy=False),
        exp.alias_(exp.cast(until.copy(), "VARCHAR", copy=False), "until", copy=False),
        exp.alias_(seconds, "gap_seconds", copy=False),
        exp.alias_(events, "events", copy=False),
        exp.alias_(disordered, "disordered", copy=False),
    )


def _lag(value: str, order: str, name: str) -> exp.Expr:
    window = exp.Window(
        this=exp.Lag(this=exp.column(value)),
        partition_by=[exp.column("grouped")],
        order=exp.Order(
            expressions=[exp.Ordered(this=exp.column(o)) for o in dict.fromkeys((order, "_place"))]
        ),
    )
    return exp.alias_(window, name, copy=False)
