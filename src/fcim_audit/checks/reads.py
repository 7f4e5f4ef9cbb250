"""Knows which columns of which datasets a check's query reads, and which it shows as they are."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from fcim_audit.checks.base import ScopedCheck
from fcim_audit.checks.plan import Relation

_OURS = frozenset({"_place", "_bad"})


def columns_read(query: exp.Select) -> dict[str, frozenset[str]]:
    """By table the columns that a query looks at, through subqueries and joins.

    A column without a table's name, where several tables are joined, counts for each of them.
    """
    found: dict[str, set[str]] = {}
    for scope in traverse_scope(query):
        tables = {n: s.name for n, s in scope.sources.items() if isinstance(s, exp.Table)}
        for table in tables.values():
            found.setdefault(table, set())
        for column in scope.columns if tables else ():
            owners = [column.table] if column.table else tables
            for owner in owners:
                if owner in tables:
                    found[tables[owner]].add(column.name)
    return {table: frozenset(names - _OURS) for table, names in sorted(found.items())}


def verbatim(check: ScopedCheck, relation: Relation) -> frozenset[str]:
    """The columns below whose words stand beside an exception unchanged; none that is personal."""
    names = {name for name in relation.keys if name not in relation.personal}
    names |= {name for text in check.show.values() if (name := _bare(text)) is not None}
    if relation.select is None:
        return frozenset(names)
    seen, new = set[str](), names
    while new:
        seen |= new
        new = {
            alias.this.name
            for alias in relation.select.find_all(exp.Alias)
            if alias.alias in new and isinstance(alias.this, exp.Column)
        } - seen
    return frozenset(seen - relation.personal)


def _bare(text: str) -> str | None:
    """The column that an expression is, if it is nothing more."""
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except SqlglotError:
        return None
    return tree.name if isinstance(tree, exp.Column) else None
