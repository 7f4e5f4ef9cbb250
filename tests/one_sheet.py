"""Makes workbooks of one sheet from its XML: what no library would write."""

from __future__ import annotations

import io
import zipfile

import openpyxl

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def workbook(sheet: bytes, *more: str) -> bytes:
    """A workbook whose only sheet has this XML, and the members of it that `more` names."""
    plain, out = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as opened, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in opened.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            made.writestr(name, sheet if is_sheet else opened.read(name))
        for name in more:
            made.writestr(name, b"")
    return out.getvalue()
