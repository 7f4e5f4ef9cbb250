"""Knows the sheets of one evidence entry: read, their tables found, their doubtful cells marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from duckdb import DuckDBPyConnection

from fcim_audit.datasets import ColumnType
from fcim_audit.evidence.bundle import EvidenceEntry
from fcim_audit.evidence.cleaning import MAX_LISTED
from fcim_audit.evidence.headings import Heading, Sought
from fcim_audit.evidence.holdings import CellProblem, SheetReport
from fcim_audit.evidence.kinds import ERROR_WORDS
from fcim_audit.evidence.layout import Layout, find_table
from fcim_audit.language import Text
from fcim_audit.readers.base import WHOLE_ROW, Fault, RawFile, RawSheet, Unreadable, literal, quoted

SOURCE = "source"
DELIMITED = frozenset({"csv", "tsv"})


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet that holds a table of the entry's dataset."""

    file: str
    part: int
    raw: RawSheet
    layout: Layout
    columns: Mapping[str, str]
    faults: tuple[Fault, ...]

    def cell(self, heading: str) -> int | None:
        """The cell column below a heading."""
        return next((h.cell for h in self.layout.headings if h.name == heading), None)

    def text_sql(self, heading: str) -> str:
        """SQL for the text of a heading's cell, or of one of the special names."""
        path = PurePosixPath(self.file)
        special = {
            "_file": literal(self.file),
            "_stem": literal(path.stem),
            "_sheet": literal(self.raw.name or ""),
            "_row": "_row::VARCHAR",
        }
        return special.get(heading, f"c{self.cell(heading)}")

    def doubtful_sql(self, heading: str) -> str:
        """SQL that says whether the reader found fault with a heading's cell."""
        cells = {WHOLE_ROW, self.cell(heading)}
        if not any(fault.column in cells for fault in self.faults):
            return "false"
        listed = ", ".join(str(cell) for cell in sorted(c for c in cells if c is not None))
        faults = quoted(f"{self.raw.table}_faults")
        return f"_row IN (SELECT _row FROM {faults} WHERE cell IN ({listed}))"

    @property
    def whole_rows(self) -> tuple[Fault, ...]:
        """The faults that concern whole rows."""
        return tuple(fault for fault in self.faults if fault.column == WHOLE_ROW)


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One heading that the view uses, its type, and the SQL name of its doubt."""

    heading: str
    type: ColumnType
    doubt: str


@dataclass(frozen=True, slots=True)
class Origins:
    """Which headings each column of a view is made of, and of which they stand in its very row."""

    made_of: Mapping[str, tuple[str, ...]]
    in_row: tuple[str, ...]


Mapper = Callable[[tuple[Heading, ...]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sorted:
    """The sheets of one file: those that hold the table, reports of the others, remarks."""

    tables: tuple[SheetTable, ...]
    others: tuple[SheetReport, ...]
    notes: tuple[Text, ...]


def sort_sheets(
    connection: DuckDBPyConnection,
    raw: RawFile,
    entry: EvidenceEntry,
    file: str,
    sought: Sought,
    mapper: Mapper,
    first_part: int,
) -> Sorted:
    """Tell the sheets of a file that hold the entry's table; raises Unreadable if none does."""
    tables: list[SheetTable] = []
    others: list[SheetReport] = []
    notes: list[Text] = []
    chosen = _chosen(raw, entry)
    for sheet in raw.sheets:
        layout = None
        if sheet in chosen and (sheet.width or sheet.headings is not None):
            layout = find_table(connection, sheet, sought, entry.read.header_rows)
        if layout is None or not layout.headings:
            others.append(unused_sheet(sheet))
            if sheet in chosen and sheet.name is not None:
                notes.append(_no_table(sheet))
            continue
        faults = (*sheet.faults, *ragged(connection, raw.kind, sheet, layout))
        columns = _mapped(mapper, layout, sheet)
        if faults:
            _store_faults(connection, sheet, faults)
        part = first_part + len(tables)
        tables.append(SheetTable(file, part, sheet, layout, columns, faults))
    _demand_one(tables, chosen, entry)
    notes.extend(note for table in tables for note in _remarks(table))
    return Sorted(tuple(tables), tuple(others), tuple(notes))


def _mapped(mapper: Mapper, layout: Layout, sheet: RawSheet) -> Mapping[str, str]:
    try:
        return mapper(layout.headings)
    except Unreadable as error:
        if sheet.name is None:
            raise
        rows = "–".join(
            str(row)
            for row in dict.fromkeys(layout.header_rows[:: len(layout.header_rows) - 1 or 1])
        )
        raise Unreadable(
            Text(
                f"工作表 {sheet.name}（标题行 {rows}）：{error.problem.zh}",
                f"sheet {sheet.name} (heading row {rows}): {error.problem.en}",
            ),
            error.where,
            error.hint,
        ) from error


def _remarks(table: SheetTable) -> Iterator[Text]:
    """What a person who only looks at the sheet would not see."""
    sheet, layout = table.raw, table.layout
    name = sheet.name or ""
    if not sheet.visible:
        yield Text(f"工作表 {name} 是隐藏的，已读取", f"the sheet {name} is hidden; it was read")
    heading = max(layout.header_rows, default=0)
    rows = [row for row in sheet.hidden_rows if row > heading]
    if rows:
        yield Text(
            f"工作表 {name} 有 {len(rows)} 行被隐藏或筛掉（首个是第 {rows[0]} 行），已读取",
            f"hidden or filtered rows of sheet {name} were read: {len(rows)}, from row {rows[0]} on",
        )
    hidden = [h.name for h in layout.headings if h.cell in sheet.hidden_columns]
    if hidden:
        yield Text(
            f"工作表 {name} 隐藏的列已读取：{'、'.join(hidden)}",
            f"hidden columns of sheet {name} were read: {', '.join(hidden)}",
        )
    if layout.filled:
        yield Text(
            f"工作表 {name} 有 {layout.filled} 个单元格取自其上方的合并单元格",
            f"cells of sheet {name} filled from the merged cell above them: {layout.filled}",
        )


def _chosen(raw: RawFile, entry: EvidenceEntry) -> list[RawSheet]:
    if entry.sheet is None:
        return list(raw.sheets)
    chosen = [s for s in raw.sheets if s.name is not None and fnmatchcase(s.name, entry.sheet)]
    if not chosen:
        names = [sheet.name for sheet in raw.sheets if sheet.name is not None]
        raise Unreadable(
            Text(f"没有名为 {entry.sheet} 的工作表", f"no sheet is called {entry.sheet}"),
            hint=Text(
                f"文件里的工作表：{'、'.join(names) or '（无）'}",
                f"the sheets in the file: {', '.join(names) or '(none)'}",
            ),
        )
    return chosen


def _demand_one(
    tables: Sequence[SheetTable], chosen: Sequence[RawSheet], entry: EvidenceEntry
) -> None:
    if tables and (entry.sheet is None or len(tables) == len(chosen)):
        return
    found = {table.raw.name for table in tables}
    names = [sheet.name for sheet in chosen if sheet.name is not None and sheet.name not in found]
    where_zh = f"工作表 {'、'.join(names)} 里" if names else ""
    where_en = f" in sheet {', '.join(names)}" if names else ""
    empty = all(not sheet.width for sheet in chosen)
    raise Unreadable(
        Text(f"{where_zh}没有内容", f"there is nothing{where_en}")
        if empty
        else Text(f"{where_zh}找不到标题行", f"no heading row was found{where_en}"),
        hint=Text(
            "在 bundle.yaml 写明 columns，或用 read.header_row 指出标题行",
            "name the columns in bundle.yaml, or the heading row by read.header_row",
        ),
    )


def _no_table(sheet: RawSheet) -> Text:
    return Text(
        f"工作表 {sheet.name} 没有可识别的标题行，未读入",
        f"the sheet {sheet.name} has no heading row that is known; it was not taken in",
    )


def unused_sheet(sheet: RawSheet) -> SheetReport:
    """A sheet of which nothing was taken."""
    return SheetReport(
        name=sheet.name, visible=sheet.visible, dataset=None, header_rows=(), headings=(),
        columns={}, row_count=0, left_out=(), problem_count=0, problems=(), empty_cells={},
        metadata={},
    )  # fmt: skip


def ragged(
    connection: DuckDBPyConnection, kind: str, sheet: RawSheet, layout: Layout
) -> tuple[Fault, ...]:
    """Rows of a delimited file that have more or fewer cells than the heading row."""
    if kind not in DELIMITED or not layout.header_rows:
        return ()
    rows = connection.execute(
        f"SELECT _row, _cells FROM {quoted(layout.data)} WHERE _cells <> (SELECT _cells FROM "
        f"{quoted(sheet.table)} WHERE _row = {layout.header_rows[0]}) ORDER BY _row"
    ).fetchall()
    return tuple(Fault(row, WHOLE_ROW, "ragged_row", str(cells)) for row, cells in rows)


def _store_faults(connection: DuckDBPyConnection, sheet: RawSheet, faults: Sequence[Fault]) -> None:
    table = quoted(f"{sheet.table}_faults")
    connection.execute(f"CREATE TABLE {table} (_row BIGINT, cell INTEGER)")
    connection.execute(
        f"INSERT INTO {table} SELECT unnest(?), unnest(?)",
        [[fault.row for fault in faults], [fault.column for fault in faults]],
    )


def stray_problems(
    connection: DuckDBPyConnection, table: SheetTable, used: frozenset[str]
) -> tuple[int, list[CellProblem]]:
    """Faults of whole rows, errors in columns nobody asked for: how many, and the first."""
    found = [CellProblem(f.row, "", "", f.kind, f.text) for f in table.whole_rows]
    unused = [heading for heading in table.layout.headings if heading.name not in used]
    names = {heading.cell: heading.name for heading in unused}
    faulty = {(fault.row, fault.column) for fault in table.faults}
    found.extend(
        CellProblem(fault.row, "", names[fault.column], fault.kind, fault.text)
        for fault in table.faults
        if fault.column in names
    )
    for row, cell, text in _error_words(connection, table, list(names)):
        if (row, cell) not in faulty:
            found.append(CellProblem(row, "", names[cell], "error_value", text))
    return len(found), found[:MAX_LISTED]


def _error_words(
    connection: DuckDBPyConnection, table: SheetTable, cells: Sequence[int]
) -> list[tuple[int, int, str]]:
    """Every cell of these columns that holds a spreadsheet's error value."""
    if not cells:
        return []
    errors = ", ".join(literal(word) for word in ERROR_WORDS)
    any_error = " OR ".join(f"c{cell} IN ({errors})" for cell in cells)
    names = ", ".join(f"c{cell}" for cell in cells)
    rows = connection.execute(
        f"SELECT _row, {names} FROM {quoted(table.layout.data)} WHERE {any_error} ORDER BY _row"
    ).fetchall()
    return [
        (row, cell, text)
        for row, *texts in rows
        for cell, text in zip(cells, texts, strict=True)
        if text in ERROR_WORDS
    ]
