"""Knows which SQL a checklist or a bundle may say, and what its few own functions mean.

Conditions and views are written in DuckDB's dialect, parsed by sqlglot when they are loaded, and
refused unless every part of them is on the list: no file, network, settings or table function, no
second statement, no float division. Own functions (times are stamps or dates, spans are
`seconds(n)`, `minutes(n)`, `hours(n)`, `days(n)`, `months(n)` or a plan parameter `$name`):

- `elapsed(a, b)`: microseconds from a to b;
- `within(a, b, span)`: b is not before a and at most `span` after it;
- `overdue(a, span)`: more than `span` has passed from a to the cut-off;
- `ago(span)`: the moment `span` before the cut-off, for whole days the start of that day;
- `$as_of`, `$period_start`, `$period_end` and the plan parameters are values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.spans import SECOND, PlanValue, Span

DIALECT = "duckdb"
MAX_LENGTH = 20_000
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

_CONDITION_PARTS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.And, exp.Or, exp.Not, exp.Is, exp.Null, exp.Boolean, exp.EQ, exp.NEQ, exp.GT, exp.GTE,
        exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In, exp.Like, exp.Paren,
        exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Column, exp.Identifier, exp.Literal, exp.Case,
        exp.If, exp.Coalesce, exp.Nullif, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Abs,
        exp.Least, exp.Greatest, exp.Parameter, exp.Placeholder, exp.Var, exp.Tuple, exp.Cast,
        exp.DataType,
    }
)  # fmt: skip
_AGGREGATE_PARTS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Select, exp.From, exp.Table, exp.Alias, exp.Where, exp.Group, exp.Having, exp.Min,
        exp.Max, exp.Sum, exp.Count, exp.Distinct, exp.ArgMax, exp.ArgMin, exp.Filter, exp.Star,
    }
)  # fmt: skip
_SOURCE_PARTS = (
    _CONDITION_PARTS
    | _AGGREGATE_PARTS
    | {exp.RegexpExtract, exp.RegexpLike, exp.Replace, exp.Substring, exp.SplitPart, exp.Concat,
       exp.DPipe, exp.StartsWith, exp.ILike, exp.Contains}
)  # fmt: skip
_VIEW_PARTS = (
    _CONDITION_PARTS
    | _AGGREGATE_PARTS
    | {exp.Join, exp.With, exp.CTE, exp.TableAlias, exp.Subquery, exp.Order, exp.Ordered,
       exp.Window, exp.WindowSpec, exp.Lag, exp.Lead, exp.RowNumber}
)  # fmt: skip
_CAST_TARGETS = frozenset({"DATE", "TIMESTAMP", "TIMESTAMPNTZ", "BIGINT", "VARCHAR", "TEXT"})


@dataclass(frozen=True, slots=True)
class Moment:
    """The values that rules may use besides evidence: cut-off, period, the organisation's plan."""

    as_of: dt.datetime
    period_start: dt.datetime
    period_end: dt.datetime
    plan: Mapping[str, PlanValue]


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed expression: its text, its tree, the columns and plan parameters that it uses."""

    text: str
    tree: exp.Expr
    columns: frozenset[str]
    parameters: frozenset[str]


def condition(
    text: str,
    columns: Collection[str],
    vocabularies: Mapping[str, Collection[str]] | None = None,
    parameters: Collection[str] = (),
) -> Condition:
    """Parse one condition or value over one table's columns; raises every mistake in it."""
    if len(text) > MAX_LENGTH:
        raise AuditError(Text("表达式过长", "the expression is too long"))
    try:
        tree = sqlglot.condition(text, dialect=DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise _unparsable(text, error) from None
    raise_all(
        [
            *_refused_parts(tree, _CONDITION_PARTS),
            *_unknown_columns(tree, columns),
            *_unknown_words(tree, vocabularies or {}),
            *_misused_functions(tree),
            *_unknown_parameters(tree, parameters),
        ]
    )
    return Condition(text, tree, columns_of(tree), parameters_of(tree) - MOMENTS)


def view(
    text: str, tables: Mapping[str, Collection[str]], parameters: Collection[str] = ()
) -> exp.Select:
    """Parse a checklist's view: one SELECT over known datasets that yields `_place` and `_bad`."""
    tree = _one_select(text)
    shared = {cte.alias for cte in tree.find_all(exp.CTE)}
    mistakes = [
        *_refused_parts(tree, _VIEW_PARTS),
        *_unknown_tables(tree, set(tables) | shared),
        *_misused_functions(tree),
        *_unknown_parameters(tree, parameters),
    ]
    missing = {"_place", "_bad"} - set(tree.named_selects)
    if missing:
        names = ", ".join(sorted(missing))
        mistakes.append(AuditError(Text(f"视图必须给出 {names}", f"the view must yield {names}")))
    raise_all(mistakes)
    return tree


def select_over(text: str, columns: Collection[str]) -> exp.Select:
    """Parse a bundle's view: one SELECT over `source`, without join, subquery or window."""
    tree = _one_select(text)
    aliases = {alias.alias for alias in tree.expressions if isinstance(alias, exp.Alias)}
    mistakes = [
        *_refused_parts(tree, _SOURCE_PARTS),
        *_unknown_tables(tree, {"source"}),
        *_unknown_columns(tree, {*columns, *aliases}),
        *_misused_functions(tree),
        *_unknown_parameters(tree, ()),
    ]
    if tree.args.get("from_") is None and tree.args.get("from") is None:
        mistakes.append(AuditError(Text("缺少 FROM source", "FROM source is missing")))
    mistakes += _unnamed(tree)
    raise_all(mistakes)
    return tree


def columns_of(tree: exp.Expr) -> frozenset[str]:
    """The names of all columns in an expression."""
    return frozenset(column.name for column in tree.find_all(exp.Column))


def parameters_of(tree: exp.Expr) -> frozenset[str]:
    """The names of all `$parameters` in an expression."""
    return frozenset(part.name for part in tree.find_all(exp.Parameter, exp.Placeholder))


def bound(tree: exp.Expr, moment: Moment) -> exp.Expr:
    """A copy with own functions and parameters replaced by plain SQL."""
    copy = tree.copy()
    return copy.transform(lambda node: _plain(node, moment), copy=False)


def stamp(moment: dt.datetime) -> exp.Expr:
    """A literal time stamp."""
    return exp.cast(exp.Literal.string(moment.isoformat(sep=" ")), "TIMESTAMP")


def microseconds(value: exp.Expr) -> exp.Expr:
    """The microseconds since 1970 of a date or stamp."""
    return exp.Anonymous(this="EPOCH_US", expressions=[exp.cast(value.copy(), "TIMESTAMP")])


def later(value: exp.Expr, span: Span) -> exp.Expr:
    """A stamp plus calendar months."""
    return exp.Add(
        this=exp.cast(value.copy(), "TIMESTAMP"),
        expression=exp.Interval(this=exp.Literal.string(str(span.months)), unit=exp.var("MONTH")),
    )


def within(start: exp.Expr, end: exp.Expr, span: Span) -> exp.Expr:
    """SQL for: `end` is not before `start` and at most `span` after it."""
    return exp.paren(exp.and_(_not_before(start, end), _not_after(start, end, span)))


def _not_before(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.GTE(this=microseconds(end), expression=microseconds(start))


def _not_after(start: exp.Expr, end: exp.Expr, span: Span) -> exp.Expr:
    if span.months:
        return exp.LTE(this=exp.cast(end.copy(), "TIMESTAMP"), expression=later(start, span))
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
        return exp.paren(exp.Not(this=exp.paren(_not_after(start, end, span))))
    if name == "elapsed":
        start, end = (bound(argument, moment) for argument in arguments)
        return exp.paren(exp.Sub(this=microseconds(end), expression=microseconds(start)))
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
        return exp.Literal.number(value.microseconds)
    return exp.Literal.number(decimal_text(value))


def decimal_text(value: Fraction) -> str:
    """An exact decimal for a figure that has one, as declared limits do."""
    digits = 0
    while (value * 10**digits).denominator != 1 and digits < 12:
        digits += 1
    return f"{int(value * 10**digits) / 10**digits:.{digits}f}" if digits else str(int(value))


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
    amount = int(node.expressions[0].name)
    if str(node.this).lower() == "months":
        return Span(months=amount)
    return Span(microseconds=amount * SPAN_FUNCTIONS[str(node.this).lower()])


def _one_select(text: str) -> exp.Select:
    if len(text) > MAX_LENGTH:
        raise AuditError(Text("SQL 过长", "the SQL is too long"))
    try:
        statements = sqlglot.parse(text, dialect=DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise _unparsable(text, error) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise AuditError(
            Text(
                f"必须恰好是一条 SELECT，这里有 {len(statements)} 条语句",
                f"must be exactly one SELECT; here are {len(statements)} statements",
            ),
            hint=Text("只保留一条 SELECT，去掉分号后的内容", "keep one SELECT, nothing after ';'"),
        )
    return statements[0]


def _unparsable(text: str, error: Exception) -> AuditError:
    first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return AuditError(
        Text(f"无法解析 {text[:80]!r}：{first}", f"can't parse {text[:80]!r}: {first}"),
        hint=Text("检查括号、引号和拼写", "check brackets, quotes and spelling"),
    )


def _refused_parts(tree: exp.Expr, allowed: Collection[type[exp.Expr]]) -> Iterator[AuditError]:
    for node in tree.walk():
        refused = type(node) not in allowed and not _own(node)
        if isinstance(node, exp.Cast):
            refused = node.to.this.value not in _CAST_TARGETS
        if isinstance(node, exp.Table) and (node.args.get("db") or not node.name):
            refused = True
        if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest")):
            refused = True
        if refused:
            shown = node.sql(DIALECT)[:80]
            yield AuditError(
                Text(f"不允许 {shown}", f"{shown} is not allowed"),
                hint=Text("见文档中允许的函数和运算", "the docs list what may be used"),
            )
            return


def _unnamed(tree: exp.Select) -> Iterator[AuditError]:
    for selected in tree.expressions:
        if not selected.alias_or_name or isinstance(selected, exp.Star):
            shown = selected.sql(DIALECT)
            yield AuditError(
                Text(f"{shown} 没有列名", f"{shown} has no name"),
                hint=Text("写成 … AS 列名", "write ... AS column"),
            )


def _own(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and str(node.this).lower() in OWN_FUNCTIONS


def _unknown_tables(tree: exp.Expr, known: Collection[str]) -> Iterator[AuditError]:
    for table in tree.find_all(exp.Table):
        if table.name and table.name not in known:
            yield AuditError(
                Text(f"未知的表 {table.name}", f"unknown table {table.name}"),
                hint=Text(f"可用：{'、'.join(sorted(known))}", f"use {', '.join(sorted(known))}"),
            )


def _unknown_columns(tree: exp.Expr, known: Collection[str]) -> Iterator[AuditError]:
    for name in sorted(columns_of(tree) - set(known)):
        yield AuditError(
            Text(f"未知的列 {name}", f"unknown column {name}"),
            hint=Text(f"可用：{'、'.join(known)}", f"use one of {', '.join(known)}"),
        )


def _unknown_words(
    tree: exp.Expr, vocabularies: Mapping[str, Collection[str]]
) -> Iterator[AuditError]:
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In):
        column = node.this
        if not isinstance(column, exp.Column) or column.name not in vocabularies:
            continue
        words = node.expressions if isinstance(node, exp.In) else [node.expression]
        for word in words:
            known = vocabularies[column.name]
            if isinstance(word, exp.Literal) and word.this not in known:
                yield AuditError(
                    Text(
                        f"列 {column.name} 没有取值 {word.this!r}",
                        f"the column {column.name} has no value {word.this!r}",
                    ),
                    hint=Text(f"可用：{'、'.join(known)}", f"use one of {', '.join(known)}"),
                )


def _misused_functions(tree: exp.Expr) -> Iterator[AuditError]:
    for node in tree.find_all(exp.Anonymous):
        name = str(node.this).lower()
        wanted = OWN_FUNCTIONS.get(name)
        if wanted is None:
            continue
        right = len(node.expressions) == wanted
        if name in {*SPAN_FUNCTIONS, "months"} and right:
            right = isinstance(node.expressions[0], exp.Literal) and node.expressions[0].is_int
        if name in {"within", "overdue", "ago"} and right:
            right = _is_span(node.expressions[-1])
        if not right:
            shown = node.sql(DIALECT)
            yield AuditError(
                Text(f"{shown} 的参数不对", f"{shown} has the wrong arguments"),
                hint=Text(
                    f"{name} 需要 {wanted} 个参数；时长写成 hours(2) 或 $参数",
                    f"{name} takes {wanted}; write a span as hours(2) or $parameter",
                ),
            )


def _is_span(node: exp.Expr) -> bool:
    if isinstance(node, exp.Parameter | exp.Placeholder):
        return node.name not in MOMENTS
    return _own(node) and str(node.this).lower() in {*SPAN_FUNCTIONS, "months"}


def _unknown_parameters(tree: exp.Expr, known: Collection[str]) -> Iterator[AuditError]:
    for name in sorted(parameters_of(tree) - MOMENTS - set(known)):
        yield AuditError(
            Text(f"未知的参数 ${name}", f"unknown parameter ${name}"),
            hint=Text("在检查表的 plan 中声明它", "declare it under plan in the checklist"),
        )
