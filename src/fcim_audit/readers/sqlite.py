"""Knows SQLite files: every table a sheet, opened so that nothing in or beside it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import Fault, RawFile, RawSheet, Request, Unreadable
from fcim_audit.readers.base import quoted as named
from fcim_audit.readers.text_table import NumberedRow, load_rows

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "ORDER BY name"
)


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read every table; views are not run, for they are the file's own program."""
    journal = request.path.with_name(request.path.name + "-wal")
    if journal.is_file() and journal.stat().st_size:
        raise Unreadable(
            Text(
                "数据库没有正常关闭，最近的改动还在 -wal 文件里",
                "the database was not closed: its latest changes still lie in the -wal file",
            ),
            hint=Text(
                "关闭使用它的程序后重新复制", "close the program that uses it, copy it again"
            ),
        )
    uri = f"file:{quote(str(request.path))}?mode=ro&immutable=1"
    sheets = []
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.text_factory = bytes
            tables = [name.decode() for (name,) in database.execute(_TABLES)]
            for number, name in enumerate(tables):
                sheets.append(_sheet(connection, database, request, number, name))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise Unreadable(
            Text("SQLite 文件已损坏", "the SQLite file is damaged"),
            hint=Text("请重新复制", "copy it again"),
        ) from error
    if not sheets:
        raise Unreadable(Text("数据库里没有表", "the database holds no table"))
    return RawFile("sqlite", None, tuple(sheets))


def _sheet(
    connection: DuckDBPyConnection,
    database: sqlite3.Connection,
    request: Request,
    number: int,
    name: str,
) -> RawSheet:
    table = f"{request.table}_{number}"
    cursor = database.execute(f"SELECT * FROM {named(name)}")  # quoted
    headings = tuple(str(column[0]) for column in cursor.description)
    faults: list[Fault] = []
    load_rows(connection, table, _rows(cursor, faults), request.work)
    return RawSheet(name, table, len(headings), headings=headings, faults=tuple(faults))


def _rows(cursor: sqlite3.Cursor, faults: list[Fault]) -> Iterator[NumberedRow]:
    for row, values in enumerate(cursor, start=1):
        cells = []
        for column, value in enumerate(values):
            text = _text(value)
            if text is None:
                faults.append(Fault(row, column, "not_text"))
            cells.append(text or "")
        yield row, cells


def _text(value: object) -> str | None:
    """A value as text; None for bytes that are none."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return None if "\0" in text else text
    return repr(value) if isinstance(value, float) else str(value)
