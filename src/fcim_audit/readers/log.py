"""Knows text logs: a pattern with named groups takes each line apart, or the line is listed."""

from __future__ import annotations

import re

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import (
    RawFile,
    RawSheet,
    Request,
    Skipped,
    Unreadable,
    literal,
    quoted,
)
from fcim_audit.readers.lines import load_lines


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one log by its pattern; every line is parsed, or skipped and said."""
    if request.pattern is None:
        raise Unreadable(Text("读取日志需要 pattern", "reading a log needs a pattern"))
    groups = group_names(request.pattern)
    lines = f"{request.table}_lines"
    text = load_lines(connection, request, lines)
    pattern = literal(request.pattern)
    names = ", ".join(literal(name) for name in groups)
    kept = [name for name in groups if not name.startswith("_group")]
    cells = "".join(
        f", coalesce(parts[{literal(name)}], '') AS c{index}" for index, name in enumerate(kept)
    )
    connection.execute(
        f"CREATE TABLE {quoted(request.table)} AS SELECT _row, "
        f"{len(kept)}::INTEGER AS _cells{cells} FROM (SELECT _row, "
        f"regexp_extract(line, {pattern}, [{names}]) AS parts "
        f"FROM {quoted(lines)} WHERE regexp_matches(line, {pattern})) ORDER BY _row"
    )
    rows = connection.execute(
        f"SELECT _row, trim(line, ' \t\r') = '' FROM {quoted(lines)} "
        f"WHERE NOT regexp_matches(line, {pattern}) ORDER BY _row"
    ).fetchall()
    connection.execute(f"DROP TABLE {quoted(lines)}")
    skipped = tuple(Skipped(row, "blank" if blank else "unparsed") for row, blank in rows)
    sheet = RawSheet(None, request.table, len(kept), headings=tuple(kept), skipped=skipped)
    return RawFile("log", text.encoding, (sheet,))


def group_names(pattern: str) -> tuple[str, ...]:
    """The groups of a pattern in order; unnamed ones get a name that is not kept."""
    compiled = re.compile(pattern)
    by_number = {number: name for name, number in compiled.groupindex.items()}
    return tuple(
        by_number.get(number, f"_group{number}") for number in range(1, compiled.groups + 1)
    )


def pattern_mistake(pattern: str) -> Text | None:
    """Why DuckDB's regular expressions (RE2) refuse a pattern; None when they accept it."""
    with duckdb.connect() as connection:
        try:
            connection.execute("SELECT regexp_matches('', ?)", [pattern])
        except duckdb.InvalidInputException as error:
            reason = str(error).removeprefix("Invalid Input Error: ").splitlines()[0]
            return Text(
                f"pattern 不能用：{reason}（不支持前后查看和反向引用）",
                f"the pattern won't do: {reason} (no look-around, no back references)",
            )
    return None
