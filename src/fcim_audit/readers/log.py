"""Knows text logs: a pattern with named groups takes each line apart, or the line is listed."""

from __future__ import annotations

import re

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import (
    Fault,
    RawFile,
    RawSheet,
    Request,
    Skipped,
    Unreadable,
    literal,
    quoted,
)
from fcim_audit.readers.jsonl import MAX_KEYS
from fcim_audit.readers.lines import load_lines
from fcim_audit.readers.log_formats import KEY_VALUE, pattern_of

_PAIR = r'(?:^|[\s,;|])([\pL_][\pL\d_.-]*)=("(?:[^"\\]|\\.)*"|[^\s,;|"]*)'


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one log by its pattern; every line is parsed, or skipped and said."""
    if request.pattern is None:
        raise Unreadable(Text("读取日志需要 pattern", "reading a log needs a pattern"))
    if request.pattern == KEY_VALUE:
        return _key_values(connection, request)
    groups = group_names(pattern_of(request.pattern))
    lines = f"{request.table}_lines"
    text = load_lines(connection, request, lines)
    pattern = literal(pattern_of(request.pattern))
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


def _key_values(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Lines of `key=value`: every key a heading; a key said twice is a fault of its cell."""
    lines = f"{request.table}_lines"
    text = load_lines(connection, request, lines)
    pairs = f"{request.table}_pairs"
    connection.execute(
        f"CREATE TEMP TABLE {quoted(pairs)} AS SELECT _row, position, key, CASE WHEN "
        f"starts_with(said, '\"') THEN replace(said[2:-2], '\\\"', '\"') ELSE said END AS said "
        f"FROM (SELECT _row, unnest(regexp_extract_all(line, {literal(_PAIR)}, 1)) AS key, "
        f"unnest(regexp_extract_all(line, {literal(_PAIR)}, 2)) AS said, "
        f"generate_subscripts(regexp_extract_all(line, {literal(_PAIR)}, 1), 1) AS position "
        f"FROM {quoted(lines)})"
    )
    keys = _keys(connection, pairs)
    cells = "".join(
        f", coalesce(min(said) FILTER (key = {literal(key)}), '') AS c{index}"
        for index, key in enumerate(keys)
    )
    connection.execute(
        f"CREATE TABLE {quoted(request.table)} AS SELECT _row, {len(keys)}::INTEGER AS _cells"
        f"{cells} FROM {quoted(pairs)} GROUP BY _row ORDER BY _row"
    )
    twice = connection.execute(
        f"SELECT _row, key FROM {quoted(pairs)} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL"
    ).fetchall()
    faults = tuple(Fault(row, keys.index(key), "duplicate_key") for row, key in twice)
    rows = connection.execute(
        f"SELECT _row, trim(line, ' \t\r') = '' FROM {quoted(lines)} "
        f"WHERE _row NOT IN (SELECT _row FROM {quoted(pairs)}) ORDER BY _row"
    ).fetchall()
    connection.execute(f"DROP TABLE {quoted(pairs)}; DROP TABLE {quoted(lines)}")
    skipped = tuple(Skipped(row, "blank" if blank else "unparsed") for row, blank in rows)
    sheet = RawSheet(None, request.table, len(keys), headings=keys, faults=faults, skipped=skipped)
    return RawFile("log", text.encoding, (sheet,))


def _keys(connection: DuckDBPyConnection, pairs: str) -> tuple[str, ...]:
    rows = connection.execute(
        f"SELECT key FROM {quoted(pairs)} GROUP BY key ORDER BY min((_row, position))"
    ).fetchmany(MAX_KEYS + 1)
    if len(rows) > MAX_KEYS:
        raise Unreadable(
            Text(f"不同的键超过 {MAX_KEYS} 个", f"more than {MAX_KEYS} different keys"),
            hint=Text("请导出成表格", "export it as a table"),
        )
    return tuple(row[0] for row in rows)


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
