"""Knows what makes an export doubtful as a whole: cut off, empty columns, lost digits, rows of another time, gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from fcim_audit.datasets import ColumnType
from fcim_audit.evidence.cleaning import Wanted
from fcim_audit.language import Text
from fcim_audit.readers.base import quoted

_SHEET_LIMITS = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
_ROUND, _LEAST_ROUND = 1_000, 1_000
_LEAST_IDS = 10
_MOST_MISSING = 5
"""A sequence with more than one number in so many missing is none that anybody kept."""
_DIGITS_KEPT = 15
_TELLING_ZEROS = 6
"""So many zeros where any digit might stand are no accident."""
MAX_LISTED = 10


@dataclass(frozen=True, slots=True)
class Period:
    """The audit period, both ends included."""

    start: dt.datetime
    end: dt.datetime


def is_cut_off(rows: int) -> bool:
    """Whether an export of so many rows may have ended at a limit of its system."""
    return rows in _SHEET_LIMITS or (rows >= _LEAST_ROUND and rows % _ROUND == 0)


def sheet_remarks(
    connection: DuckDBPyConnection,
    cleaned: str,
    wanted: Sequence[Wanted],
    where: str,
    period: Period,
    rows: int,
    empty: Mapping[str, int],
) -> tuple[Text, ...]:
    """What to say of a sheet's rows as a whole; `empty` counts the empty cells by column."""
    return (
        *_cut_off(rows),
        *_empty_columns(wanted, rows, empty),
        *_lost_digits(connection, cleaned, wanted, where),
        *_outside(connection, cleaned, wanted, where, period),
    )


def _cut_off(rows: int) -> Iterator[Text]:
    if is_cut_off(rows):
        yield Text(
            f"正好 {rows:,} 行数据：导出可能被截断，请核对系统中的总数",
            f"exactly {rows:,} rows of data: the export may be cut off; check the total in the system",
        )


def _empty_columns(wanted: Sequence[Wanted], rows: int, empty: Mapping[str, int]) -> Iterator[Text]:
    blank = [w.column for w in wanted if rows and empty.get(w.column.name) == rows]
    if blank:
        yield Text(
            f"整列为空：{'、'.join(column.title.zh for column in blank)}",
            f"columns without a single value: {', '.join(column.title.en for column in blank)}",
        )


def _lost_digits(
    connection: DuckDBPyConnection, cleaned: str, wanted: Sequence[Wanted], where: str
) -> Iterator[Text]:
    """Columns of long numbers that are all zeros behind the digits that a spreadsheet keeps."""
    texts = [(i, w.column) for i, w in enumerate(wanted) if w.column.type is ColumnType.TEXT]
    if not texts:
        return
    flags = ", ".join(
        f"bool_and(CASE WHEN {_is_long(i)} "
        f"THEN rtrim(substr(s{i}, {_DIGITS_KEPT + 1}), '0') = '' END)"
        for i, _ in texts
    )
    found = connection.execute(f"SELECT {flags} FROM {quoted(cleaned)} WHERE {where}").fetchone()
    for (index, column), only_zeros in zip(texts, found or (), strict=False):
        if not only_zeros:
            continue
        row = connection.execute(
            f"SELECT count(*), coalesce(sum(length(said) - {_DIGITS_KEPT}), 0) FROM (SELECT DISTINCT "
            f"s{index} AS said FROM {quoted(cleaned)} WHERE {where} AND {_is_long(index)})"
        ).fetchone()
        values, zeros = row or (0, 0)
        if zeros >= _TELLING_ZEROS:
            yield Text(
                f"{column.title.zh}：{values} 个长号码从第 {_DIGITS_KEPT + 1} 位起全是 0，"
                "导出前可能在 Excel 里丢了末尾几位；请从系统中按文本重新导出",
                f"{column.title.en}: of {values} long numbers every digit after the "
                f"{_DIGITS_KEPT}th is 0; digits were probably lost in Excel before the export. "
                "Export it from the system again, as text",
            )


def _is_long(index: int) -> str:
    """SQL: whether a text is a number of more digits than a spreadsheet keeps."""
    return f"length(s{index}) > {_DIGITS_KEPT} AND regexp_full_match(s{index}, '\\d+')"


def _outside(
    connection: DuckDBPyConnection,
    cleaned: str,
    wanted: Sequence[Wanted],
    where: str,
    period: Period,
) -> Iterator[Text]:
    """Rows of events from before or after the period, by the moment that every row must have."""
    moments = (
        (index, w.column)
        for index, w in enumerate(wanted)
        if w.column.type is ColumnType.DATETIME and (w.column.required or w.column.key)
    )
    index, column = next(moments, (None, None))
    if index is None or column is None:
        return
    found = connection.execute(
        f"SELECT count(*) FILTER (v{index} < ?), count(*) FILTER (v{index} > ?) "
        f"FROM {quoted(cleaned)} WHERE {where}",
        [period.start, period.end],
    ).fetchone()
    before, after = found or (0, 0)
    if before or after:
        dates = f"{period.start:%Y-%m-%d} – {period.end:%Y-%m-%d}"
        yield Text(
            f"按{column.title.zh}，{before} 行早于、{after} 行晚于审核期间（{dates}）",
            f"by {column.title.en}, rows before the period {dates}: {before}, after it: {after}",
        )


def gaps(connection: DuckDBPyConnection, table: str, key: str) -> tuple[int, tuple[str, ...]]:
    """How many numbers a running sequence of ids leaves out, and the first of them.

    Ids belong together that share all but their last digits and their length. A sequence counts as
    running when it has ten ids and leaves out at most one in five.
    """
    name = quoted(key)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE numbered AS SELECT DISTINCT id.stem AS stem, "
        "length(id.number) AS digits, try_cast(id.number AS BIGINT) AS n FROM ("
        f"SELECT regexp_extract({name}, '^(.*?)(\\d{{1,9}})$', ['stem', 'number']) AS id "
        f"FROM ({table}) WHERE right({name}, 1) BETWEEN '0' AND '9')"
    )
    runs = connection.execute(
        f"SELECT stem, digits, min(n), max(n), count(*) FROM numbered GROUP BY stem, digits "
        f"HAVING count(*) >= {_LEAST_IDS} AND max(n) - min(n) + 1 > count(*) "
        f"AND (max(n) - min(n) + 1 - count(*)) * {_MOST_MISSING} <= max(n) - min(n) + 1 "
        "ORDER BY stem, digits"
    ).fetchall()
    missing = sum(last - first + 1 - count for _, _, first, last, count in runs)
    listed: list[str] = []
    for stem, digits, first, last, _ in runs:
        found = connection.execute(
            "SELECT n FROM generate_series(?::BIGINT, ?::BIGINT) AS s(n) WHERE n NOT IN "
            "(SELECT numbered.n FROM numbered WHERE stem = ? AND digits = ?) ORDER BY n LIMIT ?",
            [first, last, stem, digits, MAX_LISTED],
        ).fetchall()
        listed += [f"{stem}{n:0{digits}d}" for (n,) in found]
    return missing, tuple(listed[:MAX_LISTED])
