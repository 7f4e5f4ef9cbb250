"""Knows a text file as numbered lines, for the formats in which a line is a record."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import Request, literal, quoted
from fcim_audit.readers.encoding import TextFile, text_file
from fcim_audit.readers.text_table import MAX_CELL, MAX_LINE, NumberedRow, load_rows

_ABSENT = "\x1f"


def load_lines(connection: DuckDBPyConnection, request: Request, table: str) -> TextFile:
    """Put every line of a text file into a table `_row`, `line`; line ends are not part of it."""
    text = text_file(request, MAX_LINE)
    if not _load_whole(connection, table, text):
        load_rows(connection, table, _numbered_lines(text), request.work)
        connection.execute(f"ALTER TABLE {quoted(table)} RENAME c0 TO line")
    return text


def _load_whole(connection: DuckDBPyConnection, table: str, text: TextFile) -> bool:
    try:
        connection.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT row_number() OVER () AS _row, "
            f"coalesce(line, '') AS line FROM read_csv("
            f"{literal(str(text.path))}, auto_detect = false, header = false, "
            f"delim = {literal(_ABSENT)}, quote = '', escape = '', comment = '', "
            f"strict_mode = true, columns = {{'line': 'VARCHAR'}}, max_line_size = {MAX_CELL})"
        )
    except duckdb.Error:
        return False
    found = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()
    if found is not None and found[0] == text.lines:
        return True
    connection.execute(f"DROP TABLE {quoted(table)}")
    return False


def _numbered_lines(text: TextFile) -> Iterator[NumberedRow]:
    with text.path.open(encoding="utf-8-sig", newline=None) as source:
        for number, line in enumerate(source, start=1):
            yield number, (line.rstrip("\n"),)
