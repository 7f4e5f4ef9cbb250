"""Knows how the way back is written out: a source with its cells, a cell with what stood in it."""

from __future__ import annotations

from fcim_audit.language import Lang, Text
from fcim_audit.model import ExceptionRow, SheetSource, SourceCell, SourceColumn

_EMPTY = Text("（空）", "(empty)")
_SHORT = 12


def cell_text(cell: SourceCell, lang: Lang) -> str:
    """`E17 首次响应时间 = 2025-03-01 10:00`; only the place where the text is not repeated."""
    where = cell.heading if cell.address is None else f"{cell.address} {cell.heading}"
    return where if cell.text is None else f"{where} = {cell.text or _EMPTY.said(lang)}"


def cells_text(row: ExceptionRow, lang: Lang, separator: str = "; ") -> str:
    """All cells of a row that the check read."""
    return separator.join(cell_text(cell, lang) for cell in row.cells)


def span_text(source: SheetSource, lang: Lang) -> str:
    """`A4:K893` in a workbook, `lines 1–893` elsewhere."""
    if source.range is not None or source.first_row is None or source.last_row is None:
        return source.range or ""
    rows = f"{source.first_row}–{source.last_row}"
    return Text(f"第 {rows} 行", f"lines {rows}").said(lang)


def table_text(source: SheetSource, lang: Lang) -> str:
    """`file!sheet!A4:K893`, or `file lines 1–893`."""
    where = f"{source.file}!{source.sheet}" if source.sheet else source.file
    span = span_text(source, lang)
    return f"{where}!{span}" if source.range is not None else f"{where} {span}".rstrip()


def counted_text(source: SheetSource, lang: Lang) -> str:
    """How many rows were read and how many left out."""
    return Text(
        f"{source.rows} 行，排除 {source.left_out} 行",
        f"{source.rows} rows, {source.left_out} left out",
    ).said(lang)


def column_text(column: SourceColumn) -> str:
    """`created_at = D 创建时间`; a view's column with the columns it is made of."""
    if column.parts:
        return f"{column.name} = {', '.join(_headed(*part) for part in column.parts)}"
    return f"{column.name} = {_headed(column.heading, column.letter)}"


def _headed(heading: str, letter: str | None) -> str:
    return heading if letter is None else f"{letter} {heading}"


def columns_text(source: SheetSource) -> str:
    """All columns of a source that the check read."""
    return ", ".join(column_text(column) for column in source.columns)


def short_text(source: SheetSource, lang: Lang) -> str:
    """A source on one line: where, how many rows, the beginning of its hash."""
    table, counted = table_text(source, lang), counted_text(source, lang)
    return f"{table} ({counted}, sha256 {source.sha256[:_SHORT]}…)"
