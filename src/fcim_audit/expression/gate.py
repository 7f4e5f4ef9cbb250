"""Knows which SQL a checklist or a bundle may say.

Conditions and views are written in DuckDB's dialect, parsed by sqlglot when they are loaded, and
refused unless every part of them is on the list: no file, network, settings or table function, no
second statement, no float division, no word that a column can't hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from fcim_audit.errors import AuditError, raise_all
from fcim_audit.expression.meaning import MOMENTS, OWN_FUNCTIONS, SPAN_FUNCTIONS, span_of
from fcim_audit.language import Text

DIALECT = "duckdb"
MAX_LENGTH = 20_000
MAX_DEPTH = 200
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
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
_SPANS = frozenset({*SPAN_FUNCTIONS, "months"})
_HINTS = {
    "months": Text(
        "months(n) 只用在 within、overdue、ago 里，因为月份长短不一",
        "months(n) stands within within, overdue or ago only: months differ in length",
    )
}
_CAST_TARGETS = frozenset({"DATE", "TIMESTAMP", "TIMESTAMPNTZ", "BIGINT", "VARCHAR", "TEXT"})


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
    _refuse_depth(tree)
    raise_all(
        [
            *_refused_parts(tree, _CONDITION_PARTS),
            *_qualified(tree),
            *_unknown_columns(tree, columns),
            *_unknown_words(tree, vocabularies or {}),
            *_misused_functions(tree),
            *_unknown_parameters(tree, parameters),
        ]
    )
    return Condition(text, tree, columns_of(tree), parameters_of(tree) - MOMENTS)


def view(
    text: str,
    tables: Mapping[str, Collection[str]],
    parameters: Collection[str] = (),
    vocabularies: Mapping[str, Collection[str]] | None = None,
) -> exp.Select:
    """Parse a checklist's view: one SELECT over known datasets that yields `_place` and `_bad`."""
    tree = _one_select(text)
    shared = {cte.alias for cte in tree.find_all(exp.CTE)}
    mistakes = [
        *_refused_parts(tree, _VIEW_PARTS),
        *_misnamed(tree, tables),
        *_unknown_tables(tree, set(tables) | shared),
        *_unknown_words(tree, _unshadowed(tree, vocabularies or {})),
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
        *_qualified(tree),
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
    _refuse_depth(statements[0])
    return statements[0]


def _refuse_depth(tree: exp.Expr) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return
    raise AuditError(
        Text(f"表达式嵌套超过 {MAX_DEPTH} 层", f"the expression is nested over {MAX_DEPTH} deep"),
        hint=Text("拆成几个检查", "split it into several checks"),
    )


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
        if isinstance(node, exp.In) and set(node.args) - {"this", "expressions"}:
            refused = any(node.args.get(part) for part in ("query", "unnest", "field"))
        if isinstance(node, exp.TableAlias) and node.args.get("columns"):
            refused = True
        if refused:
            shown = node.sql(DIALECT)[:80]
            yield AuditError(
                Text(f"不允许 {shown}", f"{shown} is not allowed"),
                hint=Text("见文档中允许的函数和运算", "the docs list what may be used"),
            )
            return


def _unnamed(tree: exp.Select) -> Iterator[AuditError]:
    seen: set[str] = set()
    for selected in tree.expressions:
        name = selected.alias_or_name
        if not name or not isinstance(selected, exp.Alias | exp.Column):
            shown = selected.sql(DIALECT)
            yield AuditError(
                Text(f"{shown} 没有列名", f"{shown} has no name"),
                hint=Text("写成 … AS 列名", "write ... AS column"),
            )
        elif name in seen:
            yield AuditError(
                Text(f"列名 {name} 出现两次", f"the column {name} is selected twice"),
                hint=Text("给每一列不同的名字", "give each column its own name"),
            )
        seen.add(name)


def _qualified(tree: exp.Expr) -> Iterator[AuditError]:
    for column in tree.find_all(exp.Column):
        if column.args.get("table"):
            yield AuditError(
                Text(f"{column.sql(DIALECT)} 带有表名", f"{column.sql(DIALECT)} names a table"),
                hint=Text(f"只写 {column.name}", f"write {column.name} alone"),
            )


def _misnamed(tree: exp.Expr, tables: Collection[str]) -> Iterator[AuditError]:
    """Names that a view gives must be plain, and must not hide a dataset."""
    for alias in tree.find_all(exp.TableAlias):
        name = alias.name
        hides = name in tables and isinstance(alias.parent, exp.CTE)
        if name and (hides or not _NAME.fullmatch(name)):
            yield AuditError(
                Text(f"不能用 {name} 作名字", f"{name} can't be a name here"),
                hint=Text(
                    "用字母、数字和下划线，且不与数据集同名",
                    "use letters, digits and _, and no dataset's name",
                ),
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
    for sides in _compared(tree):
        for column in filter(None, map(_worded, sides)):
            known = vocabularies.get(column)
            for side in sides:
                word = side.this if isinstance(side, exp.Literal) and side.is_string else None
                folded = word.lower() if word and any(s.find(exp.Upper) for s in sides) else word
                if known is None or word is None or folded in known:
                    continue
                yield AuditError(
                    Text(
                        f"列 {column} 没有取值 {word!r}",
                        f"the column {column} has no value {word!r}",
                    ),
                    hint=Text(f"可用：{'、'.join(known)}", f"use one of {', '.join(known)}"),
                )


def _compared(tree: exp.Expr) -> Iterator[list[exp.Expr]]:
    """Groups of expressions that are held against each other."""
    for node in tree.find_all(
        exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Nullif, exp.Case
    ):
        if isinstance(node, exp.In):
            yield [node.this, *node.expressions]
        elif not isinstance(node, exp.Case):
            yield [node.this, node.expression]
        elif node.this is not None:
            yield [node.this, *(branch.this for branch in node.args.get("ifs", ()))]


def _worded(node: exp.Expr) -> str | None:
    """The column whose words an expression says, if it says a column's words."""
    while isinstance(
        node, exp.Paren | exp.Lower | exp.Upper | exp.Trim | exp.Coalesce | exp.Nullif
    ):
        node = node.this
    return node.name if isinstance(node, exp.Column) else None


def _unshadowed(
    tree: exp.Expr, vocabularies: Mapping[str, Collection[str]]
) -> dict[str, Collection[str]]:
    """The vocabularies of columns whose names a view does not give to something else."""
    made = {
        alias.alias
        for alias in tree.find_all(exp.Alias)
        if not (isinstance(alias.this, exp.Column) and alias.this.name == alias.alias)
    }
    return {name: words for name, words in vocabularies.items() if name not in made}


def _misused_functions(tree: exp.Expr) -> Iterator[AuditError]:
    spans_taken = set()
    for node in tree.find_all(exp.Anonymous):
        name = str(node.this).lower()
        wanted = OWN_FUNCTIONS.get(name)
        if wanted is None:
            continue
        right = len(node.expressions) == wanted
        if name in {"within", "overdue", "ago"} and right:
            spans_taken.add(id(node.expressions[-1]))
            right = _is_span(node.expressions[-1])
        if name in _SPANS and right:
            right = _is_length(node) and (name != "months" or id(node) in spans_taken)
        if not right:
            shown = node.sql(DIALECT)
            yield AuditError(
                Text(f"{shown} 的参数不对", f"{shown} has the wrong arguments"),
                hint=_HINTS.get(name)
                or Text(
                    f"{name} 需要 {wanted} 个参数；时长写成 hours(2) 或 $参数",
                    f"{name} takes {wanted}; write a span as hours(2) or $parameter",
                ),
            )


def _is_length(node: exp.Anonymous) -> bool:
    amount = node.expressions[0]
    if not isinstance(amount, exp.Literal) or not amount.is_int:
        return False
    try:
        span_of(node)
    except ValueError:
        return False
    return True


def _is_span(node: exp.Expr) -> bool:
    if isinstance(node, exp.Parameter | exp.Placeholder):
        return node.name not in MOMENTS
    return _own(node) and str(node.this).lower() in _SPANS


def _unknown_parameters(tree: exp.Expr, known: Collection[str]) -> Iterator[AuditError]:
    for name in sorted(parameters_of(tree) - MOMENTS - set(known)):
        yield AuditError(
            Text(f"未知的参数 ${name}", f"unknown parameter ${name}"),
            hint=Text("在检查表的 plan 中声明它", "declare it under plan in the checklist"),
        )
