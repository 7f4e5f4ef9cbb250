"""Knows Word documents: visible text in reading order, headings by style, tables cell by cell.

Deleted, moved-away and hidden text is left out, inserted text is kept, a text box is read once.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from duckdb import DuckDBPyConnection
from lxml import etree

from fcim_audit.language import Text
from fcim_audit.readers.base import RawFile, Request, Unreadable
from fcim_audit.readers.control import Cell, Control, in_line, in_table
from fcim_audit.readers.document import Document, Paragraph, as_tables
from fcim_audit.readers.workbook_parts import BROKEN, checked, part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback"})
_PICTURES = frozenset({f"{_W}drawing", f"{_W}pict", f"{_W}object"})
_BREAKS = frozenset({f"{_W}tab", f"{_W}br", f"{_W}cr"})
_HEADING = re.compile(r"(?i)^(heading|标题|title)\s*\d?$")
_HEADERS = re.compile(r"^word/(header|footer)\d*\.xml$")
_BODY = "word/document.xml"
_FRONT_LINES = 40
_AGAIN = Text("请用 Word 或 WPS 另存后重试", "save it again in Word or WPS")


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one Word document."""
    return as_tables(connection, request, document(request.path))


def document(path: Path) -> Document:
    """What a Word document says; raises Unreadable for a damaged or unsafe one."""
    try:
        with zipfile.ZipFile(path) as opened:
            checked(opened)
            names = sorted(info.filename for info in opened.infolist())
            body = _parsed(part(opened, _BODY))
            headers = [_parsed(part(opened, name)) for name in names if _HEADERS.match(name)]
            styles = _heading_styles(opened) if "word/styles.xml" in names else frozenset()
    except BROKEN as error:
        raise Unreadable(Text("文件已损坏", "the file is damaged"), hint=_AGAIN) from error
    paragraphs = list(_paragraphs(body, styles))
    control = Control()
    for tree in (body, *headers):
        for table in tree.iter(f"{_W}tbl"):
            control.take(in_table(_rows(table)))
    for line in (_text(p) for tree in headers for p in tree.iter(f"{_W}p")):
        control.take(in_line(line))
    for paragraph in paragraphs[:_FRONT_LINES]:
        control.take(in_line(paragraph.text))
    pages = [p.page for p in paragraphs if p.page is not None]
    return Document("docx", control, paragraphs, max(pages, default=None))


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Text("文件已损坏", "the file is damaged"), hint=_AGAIN) from error


def _heading_styles(opened: zipfile.ZipFile) -> frozenset[str]:
    """The ids of styles that are headings by name or by outline level."""
    found = set()
    for style in _parsed(part(opened, "word/styles.xml")).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        called = "" if name is None else str(name.get(f"{_W}val"))
        if _HEADING.match(called) or style.find(f".//{_W}outlineLvl") is not None:
            found.add(str(style.get(f"{_W}styleId")))
    return frozenset(found)


def _paragraphs(body: etree._Element, headings: frozenset[str]) -> Iterator[Paragraph]:
    heading = ""
    knows_pages = next(body.iter(f"{_W}lastRenderedPageBreak"), None) is not None
    page = 1
    for paragraph in body.iter(f"{_W}p"):
        if any(parent.tag in _LEFT_OUT for parent in paragraph.iterancestors()):
            continue
        page += sum(1 for _ in paragraph.iter(f"{_W}lastRenderedPageBreak"))
        text = _text(paragraph)
        if not text:
            continue
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if style is not None and style.get(f"{_W}val") in headings:
            heading = text
        yield Paragraph(heading, page if knows_pages else None, text)


def _text(paragraph: etree._Element) -> str:
    """The visible text of one paragraph, without that of text boxes inside it."""
    said: list[str] = []

    def walk(node: etree._Element) -> None:
        for child in node:
            if child.tag in _LEFT_OUT or child.tag == f"{_W}txbxContent" or _is_hidden(child):
                continue
            if child.tag == f"{_W}t":
                said.append(child.text or "")
            elif child.tag in _BREAKS:
                said.append(" ")
            elif isinstance(child.tag, str):
                walk(child)

    walk(paragraph)
    return " ".join("".join(said).split())


def _is_hidden(node: etree._Element) -> bool:
    vanish = node.find(f"{_W}rPr/{_W}vanish") if node.tag == f"{_W}r" else None
    return vanish is not None and vanish.get(f"{_W}val") not in {"0", "false"}


def _rows(table: etree._Element) -> list[list[Cell]]:
    return [
        [
            Cell(
                " ".join(filter(None, (_text(p) for p in cell.iter(f"{_W}p")))),
                any(node.tag in _PICTURES for node in cell.iter()),
            )
            for cell in row.iterchildren(f"{_W}tc")
        ]
        for row in table.iterchildren(f"{_W}tr")
    ]
