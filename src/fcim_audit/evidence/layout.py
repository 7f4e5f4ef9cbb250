"""Knows where the table is on a sheet: its heading row, its data, and the rows that are neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from fcim_audit.datasets import EXAMPLE_ROW
from fcim_audit.evidence.cells import plain_sql, trimmed_sql
from fcim_audit.evidence.headings import (
    LEVEL,
    Heading,
    Sought,
    distinct,
    find_heading,
    guess_heading,
)
from fcim_audit.evidence.holdings import LeftOut
from fcim_audit.evidence.merged import fill_down
from fcim_audit.readers.base import RawSheet, cell_columns, literal, quoted

SEARCHED_ROWS = 20
_TOTALS = (
    "合计",
    "小计",
    "总计",
    "平均",
    "平均值",
    "本页合计",
    "本页小计",
    "total",
    "subtotal",
    "grandtotal",
)
_SIGNED = (
    "编制|编制人|审核|审核人|批准|批准人|审批|审批人|制表|制表人|填表|填表人|填报人|复核|复核人|"
    "负责人|部门负责人|主管|签字|签名|经办人|记录人|填表日期|制表日期|编制日期|审核日期|批准日期|打印时间|打印日期"
)
_SUSPICIOUS = "(?i)计|平均|total|编制|审|批准|表|填|复核|负责|主管|签|经办|记录|打印|注|说明"
_PERSONAL_LABEL = re.compile(r"人$|编制|审核|批准|制表|审批|复核|姓名|电话|手机|签")
_PAIR = re.compile(r"([^\s:：;；,，]{1,20})\s*[:：]\s*([^\s:：;；]+(?: [\d:.]+)?)")


@dataclass(frozen=True, slots=True)
class Layout:
    """The table of a sheet; its data rows stand in the DuckDB view `data`.

    `filled` counts the cells that took what stands in the merged cell above them.
    """

    data: str
    header_rows: tuple[int, ...]
    headings: tuple[Heading, ...]
    left_out: tuple[LeftOut, ...]
    row_count: int
    metadata: Mapping[str, str]
    filled: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The headings in the order of the sheet."""
        return tuple(heading.name for heading in self.headings)


def find_table(
    connection: DuckDBPyConnection,
    sheet: RawSheet,
    sought: Sought,
    header_rows: Sequence[int] = (),
    *,
    guess: bool = False,
) -> Layout | None:
    """Find the table of a sheet; None when no row has enough of the headings that are sought.

    `guess`: then take what looks like a heading, whatever its words.
    """
    if sheet.headings is not None:
        return _headed(connection, sheet, sheet.headings)
    top = _top_rows(connection, sheet, max(header_rows, default=None))
    found = find_heading(top, sheet.merged, sought, header_rows)
    if found is None and guess:
        found = guess_heading(top, sheet.merged)
    if found is None:
        return None
    first, last = found.rows[0], found.rows[-1]
    headings = _named(connection, sheet, last, found.cells)
    left = _classified(connection, sheet, found.rows, headings)
    filled = fill_down(connection, sheet, last)
    above = [LeftOut(row, "title" if any(said) else "blank") for row, said in top if row < first]
    data, count = _data_view(connection, sheet, last)
    skipped = [LeftOut(skip.row, skip.why) for skip in sheet.skipped]
    left_out = tuple(sorted((*above, *left, *skipped), key=lambda out: out.row))
    metadata = _metadata(cells for row, cells in top if row < first)
    return Layout(data, found.rows, headings, left_out, count, metadata, filled)


def _headed(connection: DuckDBPyConnection, sheet: RawSheet, names: tuple[str, ...]) -> Layout:
    data = f"{sheet.table}_data"
    connection.execute(f"CREATE VIEW {quoted(data)} AS SELECT * FROM {quoted(sheet.table)}")
    count = _count(connection, data)
    headings = tuple(
        Heading(name, index, (said,))
        for index, (name, said) in enumerate(zip(distinct(names), names, strict=True))
    )
    skipped = tuple(LeftOut(skip.row, skip.why) for skip in sheet.skipped)
    return Layout(data, (), headings, skipped, count, {})


def _top_rows(
    connection: DuckDBPyConnection, sheet: RawSheet, last: int | None
) -> list[tuple[int, list[str]]]:
    limit = f"WHERE _row <= {last}" if last is not None else f"LIMIT {SEARCHED_ROWS}"
    cells = "".join(f", {name}" for name in cell_columns(sheet.width))
    rows = connection.execute(
        f"SELECT _row, _cells{cells} FROM "
        f"(SELECT * FROM {quoted(sheet.table)} ORDER BY _row) {limit}"
    ).fetchall()
    return [(row[0], [_shown(cell) for cell in row[2 : 2 + row[1]]]) for row in rows]


def _shown(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.replace("\ufeff", "").replace("\u3000", " ")).strip()


def _named(
    connection: DuckDBPyConnection,
    sheet: RawSheet,
    number: int,
    cells: Sequence[tuple[str, ...]],
) -> tuple[Heading, ...]:
    """Headings with distinct names; a column without heading is `#n`, if anything stands in it."""
    unnamed = [index for index in range(len(cells)) if not cells[index]]
    used: set[int] = set()
    if unnamed:
        filled = ", ".join(f"count(*) FILTER (trim(c{index}) <> '')" for index in unnamed)
        found = connection.execute(
            f"SELECT {filled} FROM {quoted(sheet.table)} WHERE _row > {number}"
        ).fetchone()
        used = {i for i, count in zip(unnamed, found or (), strict=True) if count}
    kept = [index for index in range(len(cells)) if cells[index] or index in used]
    names = distinct([LEVEL.join(cells[index]) or f"#{index + 1}" for index in kept])
    return tuple(Heading(n, index, cells[index]) for n, index in zip(names, kept, strict=True))


def _classified(
    connection: DuckDBPyConnection,
    sheet: RawSheet,
    rows: tuple[int, ...],
    headings: Sequence[Heading],
) -> list[LeftOut]:
    """Mark every row below the heading that is not data, and say why."""
    names = cell_columns(sheet.width)
    table, left = quoted(sheet.table), quoted(f"{sheet.table}_left")
    first = "coalesce(" + ", ".join(_filled(name) for name in names) + ")"
    said = connection.execute(
        f"SELECT {', '.join(names)} FROM {table} WHERE _row BETWEEN {rows[0]} AND {rows[-1]} "
        "ORDER BY _row"
    ).fetchall()
    repeats = [{h.cell: str(cells[h.cell]) for h in headings} for cells in said]
    alike = headings[0].cell if headings else 0
    begins = ", ".join(literal(row.get(alike, "")) for row in repeats)
    connection.execute(
        f"CREATE TABLE {left} AS SELECT *, {first} AS first_cell FROM {table} "
        f"WHERE _row > {rows[-1]} AND ({first} IS NULL "
        f"OR regexp_matches({first}, {literal(_SUSPICIOUS)}) OR {_example(names)} "
        f"OR c{alike} IN ({begins}))"
    )
    if not _count(connection, f"{sheet.table}_left"):
        return []
    plain = ", ".join(plain_sql(name) for name in names)
    connection.execute(
        f"CREATE OR REPLACE TABLE {left} AS SELECT _row, why FROM (SELECT _row, "
        f"{_why(repeats, names)} AS why FROM (SELECT * REPLACE ({plain_sql('first_cell')} AS first_cell), "
        f"list_filter([{plain}], lambda cell: cell <> '') AS said FROM {left})) "
        f"WHERE why IS NOT NULL ORDER BY _row"
    )
    found = connection.execute(f"SELECT _row, why FROM {left} ORDER BY _row").fetchall()
    return [LeftOut(row, why) for row, why in found]


def _filled(name: str) -> str:
    """SQL for a cell's text, NULL when it is blank; cells that begin with a character are quick."""
    begins = r"^[!-~\x{4e00}-\x{9fff}]"
    trimmed = f"nullif({trimmed_sql(name)}, '')"
    return f"CASE WHEN regexp_matches({name}, '{begins}') THEN {name} ELSE {trimmed} END"


def _example(names: Iterable[str]) -> str:
    """SQL that says whether a cell of the row marks it as the sample row of a template."""
    marks = (EXAMPLE_ROW.zh, EXAMPLE_ROW.en)
    return " OR ".join(f"starts_with({name}, {literal(m)})" for name in names for m in marks)


def _why(repeats: Sequence[Mapping[int, str]], cells: Sequence[str]) -> str:
    totals = ", ".join(literal(total) for total in _TOTALS)
    word = r"lower(regexp_replace(first_cell, '[\s:*_/-]', '', 'g'))"
    same = " OR ".join(f"({_all_say(row)})" for row in repeats)
    columns = max(len(row) for row in repeats)
    signed = literal(rf"^(?:{_SIGNED})(?:\([^)]*\))?\s*:")
    labelled = f"len(list_filter(said, lambda cell: NOT regexp_matches(cell, {signed}))) = 0"
    note = literal(r"^(?:注|备注|说明|注意)\s*\d*\s*:")
    return (
        f"CASE WHEN len(said) = 0 THEN 'blank' WHEN {_example(cells)} THEN 'example' "
        f"WHEN {word} IN ({totals}) THEN 'total' WHEN {same} THEN 'repeated_heading' "
        f"WHEN regexp_matches(first_cell, {signed}) "
        f"AND (2 * len(said) <= {columns} OR {labelled}) THEN 'signature' "
        f"WHEN len(said) = 1 AND regexp_matches(first_cell, {note}) THEN 'note' END"
    )


def _all_say(row: Mapping[int, str]) -> str:
    """SQL that says whether every cell holds what it holds in this row of the heading."""
    return " AND ".join(f"c{cell} = {literal(text)}" for cell, text in row.items()) or "false"


def _data_view(connection: DuckDBPyConnection, sheet: RawSheet, number: int) -> tuple[str, int]:
    data = f"{sheet.table}_data"
    connection.execute(
        f"CREATE VIEW {quoted(data)} AS SELECT * FROM {quoted(sheet.table)} WHERE _row > {number} "
        f"AND _row NOT IN (SELECT _row FROM {quoted(sheet.table + '_left')})"
    )
    return data, _count(connection, data)


def _count(connection: DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()
    return int(found[0]) if found is not None else 0


def _metadata(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for cells in rows:
        for index, cell in enumerate(cells):
            for label, value in _PAIR.findall(cell):
                found.setdefault(label, value)
            label = cell.rstrip(":：").strip()
            if cell.endswith((":", "：")) and index + 1 < len(cells) and cells[index + 1]:
                found.setdefault(label, cells[index + 1])
    return {k: v for k, v in found.items() if not _PERSONAL_LABEL.search(k)}
