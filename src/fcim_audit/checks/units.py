"""Knows the query that every check compiles to: one row for each thing, in one of a few states.

The states are `good`, `bad`, `unknown` (a cell it needs could not be understood), `not_due`, `excluded`
and `outside` (not in the audit period). Counting and listing them is the same for all kinds of checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from fcim_audit.checks.base import ScopedCheck
from fcim_audit.checks.plan import STATES, Plan
from fcim_audit.checks.scope import Scope


def is_true(test: exp.Expr) -> exp.Expr:
    """The test holds for sure; SQL's unknown does not."""
    return exp.Is(this=exp.paren(test.copy(), copy=False), expression=exp.true())


def case(branches: Sequence[tuple[exp.Expr, str]], otherwise: str) -> exp.Expr:
    """CASE WHEN test THEN 'word' ... ELSE 'word' END."""
    made = exp.Case()
    for test, word in branches:
        made = made.when(test, exp.Literal.string(word), copy=False)
    return made.else_(exp.Literal.string(otherwise), copy=False)


def as_units(
    scope: Scope,
    check: ScopedCheck,
    good: exp.Expr,
    *,
    why: exp.Expr | None = None,
    not_due: exp.Expr | None = None,
    extra: Mapping[str, exp.Expr] | None = None,
) -> exp.Select:
    """One row a unit: `_place`, `key`, `state`, `why`, the shown values, then `extra` columns."""
    where = scope.sql(check.where) if check.where is not None else None
    decisive = set(scope.used)
    branches: list[tuple[exp.Expr, str]] = [
        (test, state) for state, test in scope.period(check.in_period).items()
    ]
    if where is not None:
        branches.append((exp.Not(this=exp.paren(is_true(where), copy=False)), "unknown"))
    branches += [(is_true(scope.sql(e.when)), "excluded") for e in check.exclude]
    if check.not_due is not None:
        branches.append((is_true(scope.sql(check.not_due)), "not_due"))
    if not_due is not None:
        branches.append((is_true(not_due), "not_due"))
    lenient = sorted(_lenient(good) & set(scope.relation.columns))
    if lenient:
        branches.append((exp.and_(is_true(good), scope.unreadable(lenient)), "unknown"))
    branches.append((is_true(good), "good"))
    branches.append((scope.unreadable(sorted(scope.used)), "unknown"))
    select = exp.select(
        exp.column("_place"),
        exp.alias_(scope.key(), "key", copy=False),
        exp.alias_(case(branches, "bad"), "state", copy=False),
        exp.alias_(why if why is not None else exp.Literal.string(""), "why", copy=False),
        *(exp.alias_(value, name, copy=False) for name, value in scope.shown(check.show).items()),
        *(exp.alias_(value, name, copy=False) for name, value in (extra or {}).items()),
    ).from_(scope.source(), copy=False)
    if where is None:
        return select
    unclear = exp.and_(
        exp.Is(this=where.copy(), expression=exp.Null()),
        scope.unreadable(sorted(decisive)),
        copy=False,
    )
    return select.where(exp.or_(is_true(where), unclear, copy=False), copy=False)


def _lenient(test: exp.Expr) -> set[str]:
    """Columns whose emptiness can make a test hold: an unreadable cell must not pass for empty."""
    found: set[str] = set()
    for node in test.find_all(exp.Is, exp.Coalesce, exp.Case, exp.NullSafeEQ, exp.NullSafeNEQ):
        asks = isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null)
        refuses = isinstance(node, exp.Is) and isinstance(node.parent, exp.Not)
        if not asks and not refuses:
            found |= {column.name for column in node.find_all(exp.Column)}
    return found


def planned(
    units: exp.Select,
    shown: Sequence[str],
    needs: Mapping[str, frozenset[str]],
    sums: Mapping[str, exp.Expr] | None = None,
    detail: exp.Select | None = None,
) -> Plan:
    """The plan over units; `sums` are further columns of the summary."""
    counts = [
        exp.alias_(exp.Sum(this=_one_if(exp.column("state").eq(state))), state, copy=False)
        for state in STATES
    ]
    summary = exp.select(
        *counts, *(exp.alias_(value, name, copy=False) for name, value in (sums or {}).items())
    ).from_(units.subquery("units", copy=False), copy=False)
    listed = exp.column("state").isin("bad", "unknown")
    listing = (
        exp.select("_place", "key", "state", "why", *(exp.column(name) for name in shown))
        .from_(units.subquery("units", copy=False), copy=False)
        .where(listed, copy=False)
        .order_by("_place", "key", "why", copy=False)
    )
    return Plan(summary, listing, tuple(shown), needs, detail)


def _one_if(test: exp.Expr) -> exp.Expr:
    return (
        exp.Case()
        .when(test, exp.Literal.number(1), copy=False)
        .else_(exp.Literal.number(0), copy=False)
    )


def count_if(test: exp.Expr) -> exp.Expr:
    """SUM(CASE WHEN test IS TRUE THEN 1 ELSE 0 END)."""
    return exp.Sum(this=_one_if(is_true(test)))


def listed(words: Sequence[str]) -> exp.Query:
    """SELECT 'a' AS item UNION ALL SELECT 'b' ..."""
    selects = [
        exp.select(exp.alias_(exp.Literal.string(word), "item", copy=False)) for word in words
    ]
    made: exp.Query = selects[0]
    for select in selects[1:]:
        made = exp.union(made, select, distinct=False, copy=False)
    return made
