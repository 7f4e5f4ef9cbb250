"""Knows what the own functions of conditions mean: bound to a moment, they become plain SQL.

Times are stamps or dates; spans are `seconds(n)`, `minutes(n)`, `hours(n)`, `days(n)`, `months(n)`
or a plan parameter `$name`:

- `elapsed(a, b)`: microseconds from a to b;
- `within(a, b, span)`: b is not before a and at most `span` after it;
- `overdue(a, span)`: more than `span` has passed from a to the cut-off;
- `ago(span)`: the moment `span` before the cut-off, for whole days the start of that day;
- `$as_of`, `$period_start`, `$period_end` and the plan parameters are values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.spans import SECOND, PlanValue, Span

MOMENTS = frozenset({"as_of", "period_start", "period_end"})
SPAN_FUNCTIONS = {
    "seconds": SECOND,
    "minutes": 60 * SECOND,
    "hours": 3600 * SECOND,
    "days": 86400 * SECOND,
}
OWN_FUNCTIONS = {"elapsed": 2, "within": 3, "overdue": 2, "ago": 1, "months": 1} | dict.fromkeys(
    SPAN_FUNCTIONS, 1
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The values that rules may use besides evidence: cut-off, period, the organisation's plan."""

    as_of: dt.datetime
    period_start: dt.datetime
    period_end: dt.datetime
    plan: Mapping[str, PlanValue]


def bound(tree: exp.Expr, moment: Moment) -> exp.Expr:
    """A copy with own functions and parameters replaced by plain SQL."""
    copy = tree.copy()
    return copy.transform(lambda node: _plain(node, moment), copy=False)


def stamp(moment: dt.datetime) -> exp.Expr:
    """A literal time stamp."""
    return exp.cast(exp.Literal.string(moment.isoformat(sep=" ")), "TIMESTAMP", copy=False)


def microseconds(value: exp.Expr) -> exp.Expr:
    """The microseconds since 1970 of a date or stamp."""
    return exp.Anonymous(
        this="EPOCH_US", expressions=[exp.cast(value.copy(), "TIMESTAMP", copy=False)]
    )


def later(value: exp.Expr, span: Span) -> exp.Expr:
    """A stamp plus calendar months."""
    return exp.Add(
        this=exp.cast(value.copy(), "TIMESTAMP", copy=False),
        expression=exp.Interval(this=exp.Literal.string(str(span.months)), unit=exp.var("MONTH")),
    )


def within(start: exp.Expr, end: exp.Expr, span: Span) -> exp.Expr:
    """SQL for: `end` is not before `start` and at most `span` after it."""
    return exp.paren(
        exp.and_(_not_before(start, end), _not_after(start, end, span), copy=False), copy=False
    )


def _not_before(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.GTE(this=microseconds(end), expression=microseconds(start))


def _not_after(start: exp.Expr, end: exp.Expr, span: Span) -> exp.Expr:
    if span.months:
        return exp.LTE(
            this=exp.cast(end.copy(), "TIMESTAMP", copy=False), expression=later(start, span)
        )
    difference = exp.Sub(this=microseconds(end), expression=microseconds(start))
    return exp.LTE(this=difference, expression=exp.Literal.number(span.microseconds))


def _plain(node: exp.Expr, moment: Moment) -> exp.Expr:
    if isinstance(node, exp.Parameter | exp.Placeholder):
        return _literal(_parameter(node.name, moment))
    if not isinstance(node, exp.Anonymous):
        return node
    name = str(node.this).lower()
    arguments = [argument.copy() for argument in node.expressions]
    if name in {"within", "overdue"}:
        start = bound(arguments[0], moment)
        end = stamp(moment.as_of) if name == "overdue" else bound(arguments[1], moment)
        span = _span(arguments[-1], moment)
        if name == "within":
            return within(start, end, span)
        return exp.paren(
            exp.Not(this=exp.paren(_not_after(start, end, span), copy=False)), copy=False
        )
    if name == "elapsed":
        start, end = (bound(argument, moment) for argument in arguments)
        return exp.paren(
            exp.Sub(this=microseconds(end), expression=microseconds(start)), copy=False
        )
    if name == "ago":
        return stamp(_span(arguments[0], moment).ago(moment.as_of))
    if name in OWN_FUNCTIONS:
        return exp.Literal.number(_span(node, moment).microseconds)
    return node


def _parameter(name: str, moment: Moment) -> PlanValue | dt.datetime:
    return getattr(moment, name) if name in MOMENTS else moment.plan[name]


def _literal(value: PlanValue | dt.datetime) -> exp.Expr:
    if isinstance(value, dt.datetime):
        return stamp(value)
    if isinstance(value, Span):
        if value.months:
            raise AuditError(
                Text(
                    f"{value} 长短不定，不能当数值用",
                    f"{value} has no fixed length to compute with",
                ),
                hint=Text("改用天数，例如 90 d", "declare it in days, as 90 d"),
            )
        return exp.Literal.number(value.microseconds)
    return exp.Literal.number(_decimal(value))


def _decimal(value: Fraction) -> str:
    """The exact decimal of a figure that has one, as declared limits do."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    whole = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole


def _span(node: exp.Expr, moment: Moment) -> Span:
    if isinstance(node, exp.Parameter | exp.Placeholder):
        value = _parameter(node.name, moment)
        if isinstance(value, Span):
            return value
        raise AuditError(
            Text(
                f"参数 {node.name} 不是时长", f"the parameter {node.name} is not a length of time"
            ),
            hint=Text("写成 3 d、2 h 或 12 months", "write it as 3 d, 2 h or 12 months"),
        )
    return span_of(node)


def span_of(node: exp.Expr) -> Span:
    """The span that `hours(2)` and its like say; raises ValueError for one beyond reason."""
    amount = int(node.expressions[0].name)
    if str(node.this).lower() == "months":
        return Span(months=amount)
    return Span(microseconds=amount * SPAN_FUNCTIONS[str(node.this).lower()])
