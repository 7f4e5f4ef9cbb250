"""Knows what an .xlsx workbook's own XML says, sheet by sheet, apart from the library that reads its cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.language import Text
from fcim_audit.readers.base import SAVE_AGAIN, Unreadable
from fcim_audit.readers.workbook_parts import BROKEN, checked, part, plain_part, sheet_parts
from fcim_audit.readers.workbook_scan import Far, SheetXml, nothing, scan

_DATE_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_SHARED = "xl/sharedStrings.xml"
_SHEETS = "xl/worksheets/sheet"
_STYLES = "xl/styles.xml"
_LENGTH = re.compile(rb"""\[(?:h+|m+|s+)\]|numFmtId=["']46["']""", re.IGNORECASE)
"""A format that shows a length of time, as `[h]:mm`."""
_LARGE = 512 * 1024
"""So many packed bytes are some 10,000 rows."""


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """One sheet of an open workbook, its XML not yet unpacked.

    `is_plain`: it holds no lengths of time and no days from 1904.
    """

    opened: zipfile.ZipFile
    member: str
    name: str
    shared: bytes
    is_plain: bool

    @property
    def is_large(self) -> bool:
        """Whether reading it takes so long that it is worth its while to count it meanwhile."""
        return self.opened.getinfo(self.member).compress_size >= _LARGE

    def count(self, far: Far = nothing) -> SheetXml:
        """Its second count; raises Unreadable for damage, and as `scan` does."""
        return scan(plain_part(self.opened, self.member), self.name, self.shared, far)


@dataclass(frozen=True, slots=True)
class XlsxSheets:
    """An open workbook: its sheets, and whether days count from 1904."""

    sheets: Mapping[str, XlsxSheet]
    date1904: bool


def opened_xlsx(path: Path) -> zipfile.ZipFile:
    """The workbook as a zip; raises Unreadable when it is none."""
    try:
        return zipfile.ZipFile(path)
    except BROKEN as error:
        raise _damaged() from error


def sheets_of(opened: zipfile.ZipFile, name: str) -> XlsxSheets:
    """Every worksheet of an open workbook, its other parts checked; raises Unreadable for damage."""
    try:
        names = {info.filename for info in opened.infolist()}
        large = {member for member in names if member.startswith(_SHEETS)} | (names & {_SHARED})
        checked(opened, later=large)
        shared = plain_part(opened, _SHARED) if _SHARED in names else b""
        date1904 = _DATE_1904.search(part(opened, "xl/workbook.xml")) is not None
        parts = sheet_parts(opened)
        for member in sorted(large - {_SHARED, *parts.values()}):
            plain_part(opened, member)
    except BROKEN as error:
        raise _damaged() from error
    if not parts:
        raise Unreadable(Text("文件里没有工作表", "the file holds no sheet"), hint=SAVE_AGAIN)
    is_plain = not date1904 and not (_STYLES in names and _LENGTH.search(part(opened, _STYLES)))
    return XlsxSheets(
        {n: XlsxSheet(opened, m, n, shared, is_plain) for n, m in parts.items()}, date1904
    )


def _damaged() -> Unreadable:
    return Unreadable(Text("文件已损坏", "the file is damaged"), hint=SAVE_AGAIN)
