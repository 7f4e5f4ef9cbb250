"""Knows a work-paper that came back: what it was when it went out, and which row speaks of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fcim_audit.auditfile.paper import (
    DIGESTS,
    HEADINGS,
    META,
    SCHEMA,
    SHEET_COLUMNS,
    TO_FILL,
    Column,
    SheetKind,
    digest,
)
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.evidence.holdings import column_letters
from fcim_audit.evidence.returned import CellKind, ReturnedCell, ReturnedRow, ReturnedSheet
from fcim_audit.language import Text

_HEADING_ROWS = 10
_NOTHING = ReturnedCell(column=0, kind=CellKind.TEXT, text="")
_EXPORT = Text(
    "重新运行 fcim-audit workpaper export，把填写的内容抄过去",
    "export again with: fcim-audit workpaper export, and copy over what was filled in",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the hidden sheet says of the paper when it went out."""

    facts: Mapping[str, str]
    digests: Mapping[tuple[SheetKind, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet that came back, and where its columns stand now."""

    name: str
    kind: SheetKind
    columns: Mapping[Column, int]
    rows: tuple[ReturnedRow, ...]
    strange: tuple[str, ...]
    """Headings of columns that are not ours."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row that came back."""

    grid: Grid
    number: int
    cells: Mapping[int, ReturnedCell]

    def cell(self, column: Column) -> ReturnedCell:
        """What stands in a column now."""
        return self.cells.get(self.grid.columns[column], _NOTHING)

    def where(self, column: Column) -> str:
        """`Work-paper!J5`: the cell as a person finds it."""
        return f"{self.grid.name}!{column_letters(self.grid.columns[column] - 1)}{self.number}"

    @property
    def key(self) -> str:
        """What the row speaks of."""
        return self.cell(Column.KEY).text.strip()

    @property
    def is_blank(self) -> bool:
        """Whether none of our columns holds anything."""
        return not any(self.cell(column).text.strip() for column in self.grid.columns)

    def changed(self, sent: Mapping[str, str], columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns whose text is not the one that went out."""
        return tuple(
            column
            for column in columns
            if digest(self.key, column, self.cell(column).text) != sent.get(column.value)
        )


def sent_of(sheets: Sequence[ReturnedSheet], name: str) -> Sent:
    """The hidden sheet of a paper; raises AuditError where it is missing or damaged."""
    meta = next((sheet for sheet in sheets if sheet.name == META), None)
    if meta is None:
        raise AuditError(
            Text(
                f"不是本工具导出的工作底稿（没有工作表 {META}）",
                f"is no work-paper of this tool (there is no sheet {META})",
            ),
            name,
            _EXPORT,
        )
    facts: dict[str, str] = {}
    digests: dict[tuple[SheetKind, str], Mapping[str, str]] = {}
    below = False
    for row in meta.rows:
        texts = {cell.column: cell.text for cell in row.cells}
        first = texts.get(1, "")
        if below and first in set(SheetKind):
            parts = (part.partition("=") for part in texts.get(3, "").split())
            digests[SheetKind(first), texts.get(2, "")] = {k: v for k, _, v in parts}
        elif first == DIGESTS:
            below = True
        elif not below:
            facts[first] = texts.get(2, "")
    if facts.get("schema") != SCHEMA or not digests:
        raise AuditError(
            Text(f"工作表 {META} 被改动或版本不符", f"the sheet {META} was altered or is of another version"),
            name,
            _EXPORT,
        )  # fmt: skip
    return Sent(facts, digests)


def grids_of(sheets: Sequence[ReturnedSheet], sent: Sent, name: str) -> tuple[Grid, ...]:
    """The sheets that were filled in, known by their headings; raises every reason why they won't do."""
    kinds = dict.fromkeys(kind for kind, _ in sent.digests)
    found = [g for sheet in sheets if sheet.name != META for g in _grids(sheet, tuple(kinds))]
    raise_all(_sheet_mistakes(found, tuple(kinds), name))
    return tuple(found)


def rows_of(grid: Grid) -> Iterator[GridRow]:
    """The rows below the headings that hold anything of ours."""
    for row in grid.rows:
        made = GridRow(grid, row.row, {cell.column: cell for cell in row.cells})
        if not made.is_blank:
            yield made


def _grids(sheet: ReturnedSheet, kinds: Sequence[SheetKind]) -> Iterator[Grid]:
    """A sheet is one of ours if a row near its top names our key and what is to be filled in there."""
    for position, row in enumerate(sheet.rows[:_HEADING_ROWS]):
        known = {_heading(cell.text) for cell in row.cells}
        for kind in kinds:
            sign = Column.LEVEL if kind is SheetKind.MATURITY else Column.STATUS
            if {Column.KEY, sign} <= known:
                columns, strange = _columns(row, kind)
                yield Grid(sheet.name, kind, columns, sheet.rows[position + 1 :], strange)
                return


def _columns(row: ReturnedRow, kind: SheetKind) -> tuple[dict[Column, int], tuple[str, ...]]:
    """Where each of our columns stands, and the headings that are not ours or stand there again."""
    columns: dict[Column, int] = {}
    strange = []
    for cell in row.cells:
        column = _heading(cell.text)
        if column in SHEET_COLUMNS[kind] and column is not None and column not in columns:
            columns[column] = cell.column
        else:
            strange.append(cell.text.strip())
    return columns, tuple(strange)


def _heading(text: str) -> Column | None:
    said = re.sub(r"\s+", " ", text).strip().casefold()
    return next((c for c, t in HEADINGS.items() if said in {t.zh, t.en.casefold()}), None)


def _sheet_mistakes(
    grids: Sequence[Grid], kinds: Sequence[SheetKind], name: str
) -> Iterator[AuditError]:
    for kind in kinds:
        named = [grid for grid in grids if grid.kind is kind]
        if not named:
            yield AuditError(
                Text(
                    f"找不到填写的工作表（表头被改动或删除）：{kind}",
                    f"the sheet to be filled in ({kind}) is not there, or its headings were altered",
                ),
                name,
                Text("恢复第一行的表头", "restore the headings of its first row"),
            )
        for grid in named[1:]:
            yield AuditError(
                Text("同一张表有两份", "it is there twice"),
                f"{name} {grid.name}",
                Text("只留一份", "keep one"),
            )
        for grid in named[:1]:
            yield from _column_mistakes(grid)


def _column_mistakes(grid: Grid) -> Iterator[AuditError]:
    for column in SHEET_COLUMNS[grid.kind]:
        if column not in grid.columns:
            heading = HEADINGS[column]
            yield AuditError(
                Text(f"缺少列“{heading.zh}”", f"the column '{heading.en}' is missing"),
                f"{grid.name}!1",
                Text("恢复这一列和它的表头", "restore the column and its heading"),
            )
    ours = {text for c in TO_FILL for text in (HEADINGS[c].zh, HEADINGS[c].en)}
    for heading_text in grid.strange:
        if heading_text in ours:
            yield AuditError(
                Text(f"列“{heading_text}”有两个", f"the column '{heading_text}' is there twice"),
                f"{grid.name}!1",
                Text("只留一个", "keep one"),
            )
