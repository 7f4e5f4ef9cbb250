"""Knows how a bundle's view runs: over the united text of its files, in a DuckDB that is locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import duckdb
import sqlglot
from duckdb import DuckDBPyConnection
from sqlglot import exp
from sqlglot.errors import SqlglotError

from fcim_audit.datasets import ColumnType, Dataset
from fcim_audit.errors import AuditError
from fcim_audit.evidence.cells import Cleaning, formatted_sql, said_sql, value_sql
from fcim_audit.evidence.cleaning import Wanted
from fcim_audit.evidence.holdings import PLACE_BITS
from fcim_audit.evidence.mapping import SPECIAL
from fcim_audit.evidence.sheets import SOURCE, Origins, SheetTable, SourceColumn
from fcim_audit.evidence.spoken import Figures, figures
from fcim_audit.expression import Moment, bound, columns_of, select_over
from fcim_audit.language import Text
from fcim_audit.readers.base import quoted

RESULT = "view_result"


def used_headings(text: str) -> frozenset[str]:
    """The headings a view speaks of; empty when it can't be parsed (the gate says why)."""
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except (SqlglotError, RecursionError):
        return frozenset()
    names = {column.name for column in tree.find_all(exp.Column)}
    aliases = {alias.alias for alias in tree.find_all(exp.Alias)}
    selected = {column.name for e in tree.expressions for column in e.find_all(exp.Column)}
    return frozenset(names - (aliases - selected) - set(SPECIAL) - {"_place"})


def gate(text: str, headings: Collection[str]) -> exp.Select:
    """The view as a tree of allowed parts; raises every mistake in it."""
    tree = select_over(text, [*headings, *SPECIAL])
    if tree.args.get("distinct") is not None:
        raise AuditError(
            Text("视图不能用 SELECT DISTINCT", "a view may not say SELECT DISTINCT"),
            hint=Text("改用 GROUP BY", "use GROUP BY"),
        )
    return tree


def build_source(
    connection: DuckDBPyConnection,
    tables: Sequence[SheetTable],
    headings: Sequence[str],
    types: Mapping[str, ColumnType],
    cleaning: Cleaning,
) -> tuple[SourceColumn, ...]:
    """Make the table `source`: special names, `_place`, typed headings and their doubts."""
    united = " UNION ALL ".join(_sheet_sql(table, headings, cleaning) for table in tables)
    connection.execute(f"CREATE TEMP TABLE source_said AS {united}")
    columns = tuple(
        SourceColumn(name, types.get(name) or _type(connection, index, cleaning), f"_doubt{index}")
        for index, name in enumerate(headings)
    )
    plain = figures(connection, "source_said", [(f"s{i}", c.type) for i, c in enumerate(columns)])
    values = "".join(
        f", {value_sql(_in_figures(plain, i), c.type, cleaning)} AS v{i}"
        for i, c in enumerate(columns)
    )
    joins = "".join(found.join for found in plain.values())
    shown = "".join(
        f", v{i} AS {quoted(c.heading)}, (d{i} OR (s{i} IS NOT NULL AND v{i} IS NULL)) AS {c.doubt}"
        f", s{i} AS _said{i}"
        for i, c in enumerate(columns)
    )
    connection.execute(
        f"CREATE TABLE {SOURCE} AS SELECT _place, {', '.join(SPECIAL)}{shown} "
        f"FROM (SELECT *{values} FROM source_said{joins}) ORDER BY _place"
    )
    connection.execute("DROP TABLE source_said")
    return columns


def _in_figures(plain: Mapping[str, Figures], index: int) -> str:
    found = plain.get(f"s{index}")
    return found.name if found is not None else f"s{index}"


def _sheet_sql(table: SheetTable, headings: Sequence[str], cleaning: Cleaning) -> str:
    special = ", ".join(f"{table.text_sql(name)} AS {name}" for name in SPECIAL[:-1])
    cells = "".join(
        f", {said_sql(table.text_sql(name), ColumnType.TEXT, cleaning)} AS s{index}"
        f", {table.doubtful_sql(name)} AS d{index}"
        for index, name in enumerate(headings)
    )
    place = f"({table.part}::BIGINT << {PLACE_BITS}) | _row AS _place"
    return f"SELECT {place}, {special}, _row{cells} FROM {quoted(table.layout.data)}"


def _type(connection: DuckDBPyConnection, index: int, cleaning: Cleaning) -> ColumnType:
    """A column is a moment when more than half of what it says has the declared format."""
    if cleaning.datetime is None:
        return ColumnType.TEXT
    said = f"s{index}"
    found = connection.execute(
        f"SELECT 2 * count({formatted_sql(said, cleaning)}) > count({said}) FROM source_said"
    ).fetchone()
    return ColumnType.DATETIME if found is not None and found[0] else ColumnType.TEXT


def run(
    connection: DuckDBPyConnection,
    tree: exp.Select,
    columns: Sequence[SourceColumn],
    moment: Moment,
) -> None:
    """Run a view that passed the gate; its result gets `_place` and a doubt per output column."""
    query = bound(tree, moment)
    assert isinstance(query, exp.Select)
    doubts = {column.heading.casefold(): column.doubt for column in columns}
    grouped = tree.args.get("group") is not None or any(
        selected.find(exp.AggFunc) for selected in tree.expressions
    )
    filters = [_clause_doubt(query, clause, tree, doubts) for clause in ("where", "having")]
    query = _doubtful_rows_stay(query, filters)
    for index, selected in enumerate(tree.expressions):
        parts = [_doubt_of(selected, tree, doubts), *filters]
        query = query.select(f"{_over(_either(parts), grouped)} AS _d{index}", dialect="duckdb")
    place = "min(_place)" if grouped else "_place"
    query = query.select(f"{place} AS _place", dialect="duckdb")
    try:
        connection.execute(f"CREATE TABLE {RESULT} AS {query.sql('duckdb')}")
    except duckdb.Error as error:
        raise _failed(error) from None


def _doubt_of(node: exp.Expression, tree: exp.Select, doubts: Mapping[str, str]) -> frozenset[str]:
    """The doubts of all source columns that an expression uses, through aliases too."""
    aliases = {a.alias.casefold(): a.this for a in tree.expressions if isinstance(a, exp.Alias)}
    found: set[str] = set()
    waiting, seen = [node], set[str]()
    while waiting:
        for name in (column.casefold() for column in columns_of(waiting.pop())):
            if name in doubts:
                found.add(doubts[name])
            elif name in aliases and name not in seen:
                seen.add(name)
                waiting.append(aliases[name])
    return frozenset(found)


def _clause_doubt(
    query: exp.Select, clause: str, tree: exp.Select, doubts: Mapping[str, str]
) -> frozenset[str]:
    condition = query.args.get(clause)
    return frozenset() if condition is None else _doubt_of(condition, tree, doubts)


def _doubtful_rows_stay(query: exp.Select, filters: Sequence[frozenset[str]]) -> exp.Select:
    """A row that a filter could not judge stays in, marked: unknown must not mean gone."""
    for clause, doubts in zip(("where", "having"), filters, strict=True):
        condition = query.args.get(clause)
        if condition is None or not doubts:
            continue
        unsure = _over(_either([doubts]), grouped=clause == "having")
        condition.set(
            "this", exp.or_(exp.paren(condition.this), sqlglot.parse_one(unsure, dialect="duckdb"))
        )
    return query


def _either(doubts: Sequence[frozenset[str]]) -> str:
    names = sorted(frozenset().union(*doubts))
    return "(" + " OR ".join(names) + ")" if names else "false"


def _over(doubt: str, grouped: bool) -> str:
    return f"bool_or({doubt})" if grouped and doubt != "false" else doubt


def wanted_columns(tree: exp.Select, dataset: Dataset) -> tuple[Wanted, ...]:
    """The outputs of a view as columns of the dataset, to be cleaned as any other text."""
    outputs = {selected.alias_or_name: i for i, selected in enumerate(tree.expressions)}
    return tuple(
        Wanted(
            column,
            _output_text(tree.expressions[outputs[column.name]], column.type),
            f"_d{outputs[column.name]}",
        )
        for column in dataset.columns
        if column.name in outputs
    )


def _output_text(selected: exp.Expression, kind: ColumnType) -> str:
    """SQL for an output as text; what `elapsed` gives is microseconds and says so."""
    name = quoted(selected.alias_or_name)
    measured = any(str(call.this).lower() == "elapsed" for call in selected.find_all(exp.Anonymous))
    if kind is ColumnType.DURATION and measured:
        return f"(({name}::DECIMAL(30,0) * 0.000001)::VARCHAR || 's')"
    return f"{name}::VARCHAR"


def _failed(error: duckdb.Error) -> AuditError:
    first = str(error).splitlines()[0][:200]
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException):
        first = type(error).__name__
    return AuditError(
        Text(f"视图无法执行：{first}", f"the view can't run: {first}"),
        hint=Text(
            "检查列的类型；可在 read.types 中声明 int、number、datetime",
            "check the types; declare int, number or datetime under read.types",
        ),
    )


def personal_headings(
    tree: exp.Select, dataset: Dataset, columns: Sequence[SourceColumn]
) -> frozenset[str]:
    """The headings that feed a column which may name a person."""
    headings = {column.doubt: column.heading for column in columns}
    doubts = {column.heading.casefold(): column.doubt for column in columns}
    found: set[str] = set()
    for selected in tree.expressions:
        column = dataset.column(selected.alias_or_name)
        if column is not None and column.personal:
            found |= {headings[doubt] for doubt in _doubt_of(selected, tree, doubts)}
    return frozenset(found)


def origins(tree: exp.Select, columns: Sequence[SourceColumn]) -> Origins:
    """By output column the headings it is made of, and the outputs made of one row alone.

    What is gathered over a group stems from many rows: then only what the rows are grouped by is
    known to stand in the first of them, where the view's row is placed.
    """
    group = tree.args.get("group")
    keys = frozenset() if group is None else _doubt_of(group, tree, _by_name(columns))
    gathered = group is not None or any(e.find(exp.AggFunc) for e in tree.expressions)
    made_of: dict[str, tuple[str, ...]] = {}
    in_row = []
    for selected in tree.expressions:
        used = _doubt_of(selected, tree, _by_name(columns))
        made_of[selected.alias_or_name] = tuple(sorted(used))
        if not gathered or (used <= keys and not selected.find(exp.AggFunc)):
            in_row.append(selected.alias_or_name)
    return Origins(made_of, tuple(in_row))


def _by_name(columns: Sequence[SourceColumn]) -> dict[str, str]:
    return {column.heading.casefold(): column.heading for column in columns}
