"""Knows JSON lines: one object a line, its keys the headings, its values as text."""

from __future__ import annotations

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
from fcim_audit.readers.lines import load_lines

MAX_KEYS = 2_000


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one file of JSON lines; a line that is not an object is skipped and said."""
    lines = f"{request.table}_lines"
    text = load_lines(connection, request, lines)
    objects = quoted(f"{request.table}_objects")
    connection.execute(
        f"CREATE TEMP TABLE {objects} AS SELECT _row, line, trim(line, ' \t\r') = '' AS is_blank, "
        f"CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS is_object "
        f"FROM {quoted(lines)} ORDER BY _row"
    )
    keys = _keys(connection, objects)
    _extract(connection, request.table, objects, keys)
    faults = (
        *_twice(connection, objects, keys),
        *_bad_lines(connection, objects),
        *_long_numbers(connection, objects, keys),
    )
    skipped = _skipped(connection, objects)
    connection.execute(f"DROP TABLE {objects}; DROP TABLE {quoted(lines)}")
    sheet = RawSheet(None, request.table, len(keys), headings=keys, faults=faults, skipped=skipped)
    return RawFile("jsonl", text.encoding, (sheet,))


def _keys(connection: DuckDBPyConnection, objects: str) -> tuple[str, ...]:
    rows = connection.execute(
        f"SELECT key FROM (SELECT _row, unnest(json_keys(line)) AS key, "
        f"generate_subscripts(json_keys(line), 1) AS position FROM {objects} WHERE is_object) "
        f"GROUP BY key ORDER BY min((_row, position))"
    ).fetchmany(MAX_KEYS + 1)
    if len(rows) > MAX_KEYS:
        raise Unreadable(
            Text(f"不同的键超过 {MAX_KEYS} 个", f"more than {MAX_KEYS} different keys"),
            hint=Text("请导出成表格", "export it as a table"),
        )
    return tuple(row[0] for row in rows)


def _pointer(key: str) -> str:
    return literal("/" + key.replace("~", "~0").replace("/", "~1"))


def _extract(
    connection: DuckDBPyConnection, table: str, objects: str, keys: tuple[str, ...]
) -> None:
    cells = "".join(
        f", coalesce(json_extract_string(line, {_pointer(key)}), '') AS c{index}"
        for index, key in enumerate(keys)
    )
    connection.execute(
        f"CREATE TABLE {quoted(table)} AS SELECT _row, {len(keys)}::INTEGER AS _cells{cells} "
        f"FROM {objects} WHERE is_object ORDER BY _row"
    )


def _twice(
    connection: DuckDBPyConnection, objects: str, keys: tuple[str, ...]
) -> tuple[Fault, ...]:
    rows = connection.execute(
        f"SELECT DISTINCT _row, key FROM (SELECT _row, unnest(json_keys(line)) AS key "
        f"FROM {objects} WHERE is_object) GROUP BY _row, key HAVING count(*) > 1 ORDER BY _row, key"
    ).fetchall()
    return tuple(Fault(row, keys.index(key), "duplicate_key") for row, key in rows)


def _long_numbers(
    connection: DuckDBPyConnection, objects: str, keys: tuple[str, ...]
) -> tuple[Fault, ...]:
    """Numbers of so many digits that no reader of JSON keeps them all."""
    found: list[Fault] = []
    suspects = f"{objects} WHERE is_object AND regexp_matches(line, '\\d{{16}}')"
    count = connection.execute(f"SELECT count(*) FROM {suspects}").fetchone()
    if count is None or count[0] == 0:
        return ()
    for index, key in enumerate(keys):
        rows = connection.execute(
            f"SELECT _row FROM {suspects} AND json_type(line, {_pointer(key)}) = 'DOUBLE' AND "
            f"regexp_matches(json_extract_string(line, {_pointer(key)}), '\\d{{16}}|[eE]') "
            "ORDER BY _row"
        ).fetchall()
        found.extend(Fault(row[0], index, "digits_lost") for row in rows)
    return tuple(found)


def _bad_lines(connection: DuckDBPyConnection, objects: str) -> tuple[Fault, ...]:
    rows = connection.execute(
        f"SELECT _row FROM {objects} WHERE NOT is_object AND NOT is_blank ORDER BY _row"
    ).fetchall()
    return tuple(Fault(row[0], -1, "bad_line") for row in rows)


def _skipped(connection: DuckDBPyConnection, objects: str) -> tuple[Skipped, ...]:
    rows = connection.execute(
        f"SELECT _row, is_blank FROM {objects} WHERE NOT is_object ORDER BY _row"
    ).fetchall()
    return tuple(Skipped(row, "blank" if blank else "unparsed") for row, blank in rows)
