"""Knows on which page each mark of a Word document lies, and writes that into the fields that ask for it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from urllib.parse import quote

from lxml import etree

from fcim_audit.renderers import pdf
from fcim_audit.renderers.docx.filling import without_times

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"


def with_pages(document: bytes) -> bytes:
    """The document with the page numbers that LibreOffice finds in the results of its PAGEREF fields.

    What it names no page for stays as it was; a document without such a field is not laid out at all.
    Raises AuditError where LibreOffice or a Chinese font is missing or no PDF comes out.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        tree = etree.fromstring(package.read(_BODY), etree.XMLParser(resolve_entities=False))
    asked = {mark for mark, _ in _fields(tree)}
    if not asked:
        return document
    pages = _pages(pdf.from_docx(document, with_marks=True), asked)
    for mark, shown in _fields(tree):
        if mark in pages:
            _write(shown, str(pages[mark]))
    body = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return _with_body(document, body)


@dataclass(slots=True)
class _Field:
    """A field that is not closed yet: its code, and what it shows once its result has begun."""

    code: str = ""
    shown: list[etree._Element] = dataclass_field(default_factory=list)
    in_result: bool = False

    def take(self, element: etree._Element) -> None:
        """Take what stands between the marks of the field."""
        if element.tag == f"{_W}instrText":
            self.code += element.text or ""
        elif element.get(f"{_W}fldCharType") == "separate":
            self.in_result = True
        elif self.in_result:
            self.shown.append(element)

    def mark(self) -> str | None:
        """The mark whose page a PAGEREF field shows; None for any other field."""
        words = self.code.split()
        asks = len(words) > 1 and words[0].upper() == "PAGEREF" and self.shown
        return words[1].strip('"') if asks else None


def _fields(tree: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """The mark each PAGEREF field asks for and the texts of its result; fields may stand in fields."""
    opened: list[_Field] = []
    for element in tree.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}t"):
        kind = element.get(f"{_W}fldCharType")
        if kind == "begin":
            opened.append(_Field())
        elif kind == "end" and opened:
            field = opened.pop()
            if (mark := field.mark()) is not None:
                yield mark, field.shown
        elif opened:
            opened[-1].take(element)


def _write(shown: list[etree._Element], text: str) -> None:
    first, *others = shown
    first.text = text
    for other in others:
        other.text = ""


def _pages(printed: bytes, asked: set[str]) -> Mapping[str, int]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(printed))
    found: dict[str, int] = {}
    for name, destination in reader.named_destinations.items():
        page = reader.get_destination_page_number(destination)
        if page is not None:
            found[name.removeprefix("/")] = page + 1
    return {mark: found[_spelt(mark)] for mark in asked if _spelt(mark) in found}


def _spelt(mark: str) -> str:
    """A mark as LibreOffice spells it in a PDF: percent-encoded, then what is no letter or digit in hex."""
    return "".join(c if c.isalnum() or c == "-" else f"{ord(c):02X}" for c in quote(mark))


def _with_body(document: bytes, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, body if name == _BODY else source.read(name))
    return without_times(out.getvalue())
