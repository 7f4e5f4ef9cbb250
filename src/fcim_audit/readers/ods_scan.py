"""Knows what the XML of an .ods workbook says, apart from the library that reads its cells."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from fcim_audit.language import Text
from fcim_audit.readers.base import Fault, Merge, Unreadable
from fcim_audit.readers.workbook_parts import BROKEN, checked, part
from fcim_audit.readers.workbook_scan import MAX_COLUMN, MAX_MERGED, MAX_ROW, demand_area

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_UNSEEN = frozenset({"collapse", "filter"})


@dataclass(slots=True)
class OdsSheet:
    """The rows of one sheet that hold values, its faults, merged ranges and hidden parts."""

    filled: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    ranges: list[Merge] = field(default_factory=list)
    concealed: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    rows: int = 0
    width: int = 0
    declared: int = 0

    @property
    def merged(self) -> tuple[Merge, ...]:
        """Merged ranges."""
        return tuple(self.ranges)

    @property
    def hidden_rows(self) -> tuple[int, ...]:
        """Rows with values that a person does not see."""
        return tuple(self.concealed)

    @property
    def hidden_columns(self) -> tuple[int, ...]:
        """Columns that a person does not see, from 0."""
        return tuple(column for column in self.columns if column < self.width)

    def unread(self, read: frozenset[int]) -> tuple[int, ...]:
        """Rows that hold a value and are not among those that were read."""
        return tuple(sorted(self.filled - read - {fault.row for fault in self.faults}))


def scan_ods(path: Path) -> dict[str, OdsSheet]:
    """Walk every sheet; raises Unreadable for a damaged or protected file or one too sparse."""
    try:
        with zipfile.ZipFile(path) as opened:
            checked(opened)
            if b"encryption-data" in part(opened, "META-INF/manifest.xml"):
                raise Unreadable(
                    Text("文件有打开密码", "the file is protected by a password"),
                    hint=Text("请去掉密码后另存", "save it without a password"),
                )
            with opened.open("content.xml") as content:
                return _sheets(
                    etree.iterparse(
                        content, ("start", "end"), resolve_entities=False, no_network=True
                    )
                )
    except (*BROKEN, etree.XMLSyntaxError, KeyError) as error:
        raise Unreadable(
            Text("文件已损坏", "the file is damaged"),
            hint=Text("请用 LibreOffice 或 WPS 另存后重试", "save it again in LibreOffice or WPS"),
        ) from error


def _sheets(events: etree.iterparse) -> dict[str, OdsSheet]:
    sheets: dict[str, OdsSheet] = {}
    name = ""
    for event, element in events:
        if event == "start":
            if element.tag == f"{_TABLE}table":
                name = element.get(f"{_TABLE}name", "")
                sheets[name] = OdsSheet()
        elif element.tag == f"{_TABLE}table-column" and name:
            _column(sheets[name], element)
        elif element.tag == f"{_TABLE}table-row" and name:
            _row(sheets[name], element, name)
            element.clear()
        elif element.tag == f"{_TABLE}table":
            demand_area(name, max(sheets[name].filled, default=0), sheets[name].width)
    return sheets


def _often(element: etree._Element, what: str, most: int) -> int:
    return min(int(element.get(f"{_TABLE}number-{what}-repeated", "1")), most)


def _column(sheet: OdsSheet, element: etree._Element) -> None:
    often = _often(element, "columns", MAX_COLUMN)
    if element.get(f"{_TABLE}visibility") in _UNSEEN:
        sheet.columns.extend(range(sheet.declared, sheet.declared + often))
    sheet.declared += often


def _row(sheet: OdsSheet, element: etree._Element, name: str) -> None:
    first = sheet.rows + 1
    often = _often(element, "rows", MAX_ROW)
    column = 0
    says = False
    for cell in element:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        wide = _often(cell, "columns", MAX_COLUMN)
        if _says(cell):
            says = True
            sheet.width = max(sheet.width, column + wide)
        if cell.get(f"{_CALC}value-type") == "error":
            text = "".join(str(piece) for piece in cell.itertext()).strip()
            sheet.faults.extend(
                Fault(row, column, "error_value", text) for row in range(first, first + often)
            )
        _merge(sheet, cell, first, column)
        column += wide
    sheet.rows += often
    if says:
        demand_area(name, sheet.rows, sheet.width)
        rows = range(first, first + often)
        sheet.filled.update(rows)
        if element.get(f"{_TABLE}visibility") in _UNSEEN:
            sheet.concealed.extend(rows)


def _merge(sheet: OdsSheet, cell: etree._Element, row: int, column: int) -> None:
    down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
    across = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
    if (down > 1 or across > 1) and len(sheet.ranges) < MAX_MERGED:
        sheet.ranges.append(Merge(row, column, row + down - 1, column + across - 1))


def _says(cell: etree._Element) -> bool:
    if cell.get(f"{_OFFICE}value-type") not in {None, "string"}:
        return True
    return any(text.strip() for p in cell.iter(f"{_TEXT}p") for text in p.itertext())
