"""Knows CSV and TSV: DuckDB reads the regular ones whole, Python the others line by line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.datasets import normalised
from fcim_audit.language import Text
from fcim_audit.readers.base import (
    RawFile,
    RawSheet,
    Request,
    Unreadable,
    cell_columns,
    literal,
    quoted,
)
from fcim_audit.readers.encoding import TextFile, text_file
from fcim_audit.readers.text_table import (
    CSV_OPTIONS,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_LINE,
    NumberedRow,
    load_rows,
)

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_BYTES = 256 * 1024
_SAMPLE_ROWS = 50


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one delimited text file; raises Unreadable with the line that can't be read."""
    text = text_file(request, MAX_LINE)
    sample = _sample(text)
    delimiter = request.delimiter or _delimiter(sample, request.expected)
    width = len(next(_parsed(sample, delimiter), []))
    usual = 0 < width <= MAX_COLUMNS
    if not usual or not _load_whole(connection, request.table, text, delimiter, width):
        rows = _numbered_rows(text, delimiter)
        width = load_rows(connection, request.table, rows, request.work)
    kind = "tsv" if delimiter == "\t" else "csv"
    return RawFile(kind, text.encoding, (RawSheet(None, request.table, width),))


def _sample(text: TextFile) -> str:
    with text.path.open(encoding="utf-8-sig", newline="") as source:
        sample = source.read(_SAMPLE_BYTES)
        return sample if len(sample) < _SAMPLE_BYTES else sample[: sample.rfind("\n") + 1] or sample


def _delimiter(sample: str, expected: frozenset[str]) -> str:
    ranked = sorted(
        ((_fit(sample, delimiter, expected), delimiter) for delimiter in _DELIMITERS),
        key=lambda found: found[0],
        reverse=True,
    )
    (best, delimiter), (second, other) = ranked[:2]
    if best == second and best[1] > 0:
        raise Unreadable(
            Text(
                f"分不清分隔符是 {delimiter!r} 还是 {other!r}",
                f"the delimiter may be {delimiter!r} or {other!r}",
            ),
            hint=Text("在 read.delimiter 写明分隔符", "name it in read.delimiter"),
        )
    return delimiter if best[1] > 0 else ","


def _fit(sample: str, delimiter: str, expected: frozenset[str]) -> tuple[int, int]:
    """How well a delimiter fits: expected headings found in one row, rows of the usual width."""
    rows = [row for row in islice(_parsed(sample, delimiter), _SAMPLE_ROWS) if row]
    hits = max((len({normalised(cell) for cell in row} & expected) for row in rows), default=0)
    widths = Counter(len(row) for row in rows)
    usual = max((count for width, count in widths.items() if width > 1), default=0)
    return hits if usual else min(hits, 1), usual


def _parsed(sample: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        return


def _load_whole(
    connection: DuckDBPyConnection, table: str, text: TextFile, delimiter: str, width: int
) -> bool:
    """Let DuckDB read the file; False when it refuses or its rows don't add up to the lines."""
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in cell_columns(width))
    cells = ", ".join(f"coalesce({name}, '') AS {name}" for name in cell_columns(width))
    raw = quoted(f"{table}_raw")
    try:
        connection.execute(
            f"CREATE TEMP TABLE {raw} AS SELECT {cells} FROM read_csv("
            f"{literal(str(text.path))}, delim = {literal(delimiter)}, columns = {{{types}}}, "
            f"null_padding = false, {CSV_OPTIONS})"
        )
    except duckdb.Error:
        connection.execute(f"DROP TABLE IF EXISTS {raw}")
        return False
    breaks = _breaks_within(connection, raw, width)
    adds_up = _total_lines(connection, raw, breaks) + text.trailing_blank_lines == text.lines
    if adds_up:
        before = f"coalesce(sum({breaks}) OVER (ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING "
        before += "AND 1 PRECEDING), 0)" if breaks != "0" else "0"
        number = f"rowid + 1 + {before}" if breaks != "0" else "rowid + 1"
        connection.execute(
            f"CREATE TABLE {quoted(table)} AS SELECT ({number})::BIGINT AS _row, "
            f"{width}::INTEGER AS _cells, {', '.join(cell_columns(width))} "
            f"FROM {raw} ORDER BY rowid"
        )
    connection.execute(f"DROP TABLE {raw}")
    return adds_up


def _breaks_within(connection: DuckDBPyConnection, raw: str, width: int) -> str:
    """SQL for the line breaks inside a record's cells; `0` when no cell of the file has any."""
    names = cell_columns(width)
    has_any = " OR ".join(f"contains({n}, chr(10)) OR contains({n}, chr(13))" for n in names)
    found = connection.execute(f"SELECT count(*) FROM {raw} WHERE {has_any}").fetchone()
    if found is None or found[0] == 0:
        return "0"
    whole = f"concat_ws(' ', {', '.join(names)})"
    return f"(length(regexp_replace({whole}, '\\r\\n|\\r|\\n', chr(10), 'g')) - length(" + (
        f"regexp_replace({whole}, '\\r\\n|\\r|\\n', '', 'g')))"
    )


def _total_lines(connection: DuckDBPyConnection, raw: str, breaks: str) -> int:
    found = connection.execute(
        f"SELECT count(*) + coalesce(sum({breaks}), 0) FROM {raw}"
    ).fetchone()
    return int(found[0]) if found is not None else 0


def _numbered_rows(text: TextFile, delimiter: str) -> Iterator[NumberedRow]:
    """Every record with its first physical line; blank lines are rows without cells."""
    limit = csv.field_size_limit(MAX_CELL)
    start = 1
    try:
        with text.path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            for row in reader:
                yield start, row
                start = reader.line_num + 1
    except csv.Error as error:
        raise _broken(start, error) from None
    finally:
        csv.field_size_limit(limit)


def _broken(line: int, error: csv.Error) -> Unreadable:
    if "unexpected end of data" in str(error):
        problem = Text(
            f"第 {line} 行起的引号没有闭合", f"a quote opened in line {line} never closes"
        )
    elif "field larger" in str(error):
        problem = Text(
            f"第 {line} 行的单元格过长，可能是引号没有闭合",
            f"a cell in line {line} is too long; a quote may never close",
        )
    else:
        problem = Text(
            f"第 {line} 行的引号不合规则", f"the quotes in line {line} are not as CSV asks"
        )
    return Unreadable(problem, hint=Text("请修正该行或重新导出", "mend the line or export again"))
