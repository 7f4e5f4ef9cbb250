"""Knows how a figure falls apart by calendar month and by site, and which part misses its target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sqlglot import exp

from fcim_audit.checks.plan import Facts
from fcim_audit.checks.scope import Scope
from fcim_audit.model import Breakdown, Coverage, Dimension, Figure, Target

SITE = "site_id"
"""The column that names a site, in every dataset and view that knows one."""
MAX_PARTS = 400
"""A figure with more sites than this has no sites but something else in that column."""
_COUNTED = ("good", "bad", "unknown")


def by_parts(
    scope: Scope,
    units: exp.Select,
    sums: Mapping[str, exp.Expr] | None = None,
    also: Sequence[str] = (),
) -> exp.Select | None:
    """The query that counts units by month and site; None where the rows know neither.

    It yields month, site, good, bad, unknown, then the columns `also` grouped by, then `sums`.
    """
    month, site = _month(scope), _site(scope)
    if month is None and site is None:
        return None
    named = units.copy().select(
        exp.alias_(month or exp.null(), "month_", copy=False),
        exp.alias_(site or exp.null(), "site_", copy=False),
        copy=False,
    )
    groups = ("month_", "site_", *also)
    counts = [exp.alias_(_count(state), state, copy=False) for state in _COUNTED]
    return (
        exp.select(
            "month_", "site_", *counts, *(exp.column(name) for name in also),
            *(exp.alias_(value.copy(), name, copy=False) for name, value in (sums or {}).items()),
        )
        .from_(named.subquery("units", copy=False), copy=False)
        .where(exp.column("state").isin(*_COUNTED), copy=False)
        .group_by(*groups, copy=False)
        .order_by(*groups, copy=False)
    )  # fmt: skip


def _month(scope: Scope) -> exp.Expr | None:
    if scope.relation.time is None:
        return None
    stamp = exp.cast(exp.column(scope.relation.time), "TIMESTAMP", copy=False)
    text = exp.cast(stamp, "VARCHAR", copy=False)
    return exp.Substring(
        this=text, start=exp.Literal.number(1), length=exp.Literal.number(len("2025-01"))
    )


def _site(scope: Scope) -> exp.Expr | None:
    if SITE not in scope.relation.columns or SITE in scope.relation.personal:
        return None
    return exp.cast(exp.column(SITE), "VARCHAR", copy=False)


def _count(state: str) -> exp.Expr:
    one = exp.Case().when(exp.column("state").eq(state), exp.Literal.number(1), copy=False)
    return exp.Sum(this=one.else_(exp.Literal.number(0), copy=False))


@dataclass(slots=True)
class _Part:
    """One month or site while it is added up."""

    good: int = 0
    bad: int = 0
    unknown: int = 0
    rest: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.good + self.bad + self.unknown


def shares(facts: Facts, target: Target, at_least: int) -> tuple[Breakdown, ...]:
    """Month by month and site by site the share of good units."""
    made = []
    for dimension, label, part in _parts(facts.parts):
        met: bool | None = None
        if part.good >= target.value * part.seen:
            met = True
        elif part.good + part.unknown < target.value * part.seen:
            met = False
        figure = Figure(Fraction(part.good, part.seen), "ratio")
        told = Breakdown(dimension, label, figure, part.good, part.seen, part.unknown, met)
        made.append(_certain(told, part, facts, at_least))
    return tuple(made)


def ratios(facts: Facts, target: Target, at_least: int) -> tuple[Breakdown, ...]:
    """Month by month and site by site the ratio of two sums."""
    made = []
    for dimension, label, part in _parts(facts.parts):
        top = sum((Fraction(str(t)) for t, _ in part.rest), Fraction(0))
        bottom = sum((Fraction(str(b)) for _, b in part.rest), Fraction(0))
        figure = Figure(top / bottom if bottom else None, "ratio")
        met = _met(figure, target, part)
        told = Breakdown(dimension, label, figure, int(top), int(bottom), part.unknown, met)
        made.append(_certain(told, part, facts, at_least))
    return tuple(made)


def means(facts: Facts, target: Target, at_least: int) -> tuple[Breakdown, ...]:
    """Month by month and site by site the mean score, rescaled to 0 to 100."""
    made = []
    for dimension, label, part in _parts(facts.parts):
        total, count = Fraction(0), 0
        for low, high, n, scores in part.rest:
            span = Fraction(str(high)) - Fraction(str(low))
            total += 100 * (Fraction(str(scores)) - n * Fraction(str(low))) / span
            count += n
        figure = Figure(total / count if count else None, "score")
        met = _met(figure, target, part)
        told = Breakdown(dimension, label, figure, None, count, part.unknown, met)
        made.append(_certain(told, part, facts, at_least))
    return tuple(made)


def _met(figure: Figure, target: Target, part: _Part) -> bool | None:
    """Whether a ratio or mean meets its target; not known while a row lacks its figure."""
    if figure.value is None or part.bad or part.unknown:
        return None
    return target.is_met_by(figure.value)


def _certain(told: Breakdown, part: _Part, facts: Facts, at_least: int) -> Breakdown:
    """Of a sample, and of too few rows, no part is said to meet or to miss a target."""
    if facts.coverage is Coverage.POPULATION and part.seen >= at_least:
        return told
    return replace(told, met=None)


def _parts(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Dimension, str, _Part]]:
    """Months in order, then sites in order; a row without a month or site is under no heading of its own."""
    found: dict[Dimension, dict[str, _Part]] = {d: {} for d in Dimension}
    for month, site, good, bad, unknown, *rest in rows:
        for dimension, label in ((Dimension.MONTH, month), (Dimension.SITE, site)):
            part = found[dimension].setdefault("" if label is None else str(label), _Part())
            part.good += int(good)
            part.bad += int(bad)
            part.unknown += int(unknown)
            if good:
                part.rest.append(tuple(rest))
    for dimension, parts in found.items():
        if set(parts) != {""} and len(parts) <= MAX_PARTS:
            for label, part in sorted(parts.items()):
                yield dimension, label, part
