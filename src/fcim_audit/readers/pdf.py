"""Knows PDF documents: text page by page. A scan has none, and says nothing for or against anybody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import RawFile, Request, Unreadable
from fcim_audit.readers.control import FIELDS, PICTURE, Control, field_of, in_line
from fcim_audit.readers.document import Document, Paragraph, as_tables
from fcim_audit.readers.pdf_signatures import signature_rows, signed_fields

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_PAGES = 2_000
_FRONT_PAGES = 2
_READABLE = 0.6
_FULL_LINE = 0.8
_HEADING = re.compile(
    r"^(?:\d+(?:\.\d+)*\.?\s*\S.{1,28}|第[一二三四五六七八九十\d]+[章节].{0,28})$"
)
_SPACED_DATE = re.compile(r"(?<=\d) (?=[年月日])|(?<=[年月]) (?=\d)")
_ENDS = "。！？；：:;"


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one PDF document, with its electronic signatures."""
    found = document(request.path)
    signed = signature_rows(request.path, request.roots, found.signed_fields)
    return as_tables(connection, request, found, signed)


def document(path: Path) -> Document:
    """What a PDF says; raises Unreadable for a damaged, locked or oversized one."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(
                Text("文件有打开密码", "the file is protected by a password"),
                hint=Text("请去掉密码后另存", "save it without a password"),
            )
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise Unreadable(Text(f"超过 {MAX_PAGES} 页", f"has more than {MAX_PAGES} pages"))
        pages = [_lines(page) for page in reader.pages]
        signed = tuple(signed_fields(reader))
        pictures = any(_has_picture(page) for page in reader.pages[:_FRONT_PAGES])
    except Unreadable:
        raise
    except Exception as error:  # a hostile file makes the library raise anything
        raise Unreadable(
            Text("PDF 已损坏或结构异常", "the PDF is damaged or oddly built"),
            hint=Text("请重新导出", "export it again"),
        ) from error
    if not _is_readable("".join("".join(page) for page in pages)):
        return Document("pdf", Control(), (), count, signed)
    return Document("pdf", _control(pages, pictures), list(_paragraphs(pages)), count, signed)


def signature_fields(path: Path) -> tuple[str, ...]:
    """The signature fields of a PDF that are filled; raises Unreadable."""
    return document(path).signed_fields


def _lines(page: PageObject) -> list[str]:
    lines = (" ".join(line.split()) for line in page.extract_text().splitlines())
    return [_SPACED_DATE.sub("", line) for line in lines if line]


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources is not None else None
    objects = drawn.get_object() if drawn is not None else {}
    return any(objects[name].get_object().get("/Subtype") == "/Image" for name in objects)


def _width(line: str) -> int:
    """How wide a line prints, in Latin letters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def _is_readable(text: str) -> bool:
    """Whether what was extracted is writing, not the codes of a font without its table."""
    sound = sum(
        unicodedata.category(c)[0] in "LNPSZ" and not "\ue000" <= c <= "\uf8ff" for c in text
    )
    return len(text) >= 10 and sound >= _READABLE * len(text)


def _control(pages: list[list[str]], pictures: bool) -> Control:
    """From the first pages; a label without an answer is doubtful where pictures stand about."""
    control = Control()
    unanswered = set()
    for line in (line for page in pages[:_FRONT_PAGES] for line in page):
        control.take(in_line(line))
        words = line.split()
        for label, value in zip(words, [*words[1:], ""], strict=True):
            name = field_of(label)
            if name is None:
                continue
            if value and field_of(value) is None:
                control.take(in_line(f"{label.rstrip(':：')}：{value}"))
            else:
                unanswered.add(name)
    if pictures:
        for name in FIELDS:
            if name in unanswered and name not in control.values:
                control.doubts.setdefault(name, PICTURE)
    return control


def _paragraphs(pages: list[list[str]]) -> Iterator[Paragraph]:
    heading = ""
    for number, lines in enumerate(pages, start=1):
        wide = max(map(_width, lines), default=0)
        under_way = ""
        for line in lines:
            if _HEADING.match(line):
                if under_way:
                    yield Paragraph(heading, number, under_way)
                heading, under_way = line, ""
                yield Paragraph(heading, number, line)
                continue
            under_way += line
            if line.endswith(tuple(_ENDS)) or _width(line) < _FULL_LINE * wide:
                yield Paragraph(heading, number, under_way)
                under_way = ""
        if under_way:
            yield Paragraph(heading, number, under_way)
