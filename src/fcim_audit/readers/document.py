"""Knows what a document gives as evidence: its control block, and its text paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import Fault, RawFile, RawSheet, Request
from fcim_audit.readers.control import FIELDS, Control
from fcim_audit.readers.text_table import create_empty, load_rows

CONTROL_SHEET = "控制信息"
TEXT_SHEET = "正文"
NO_TEXT = "no_text"
_CONTROL_HEADINGS = (*FIELDS, "页数", "有可读文字")
_TEXT_HEADINGS = ("段号", "标题", "页码", "文字")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: the heading it stands under, its page where the format knows pages."""

    heading: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says; one without text (a scan) says nothing, which is not an answer."""

    kind: str
    control: Control
    paragraphs: Sequence[Paragraph]
    pages: int | None

    @property
    def has_text(self) -> bool:
        """Whether there is text to read at all."""
        return bool(self.paragraphs) or bool(self.control.values)


def as_tables(connection: DuckDBPyConnection, request: Request, document: Document) -> RawFile:
    """The document as two sheets: one row of control block, one row for each paragraph."""
    pages = "" if document.pages is None else str(document.pages)
    block = [document.control.values.get(name, "") for name in FIELDS]
    control = f"{request.table}_0"
    row = [*block, pages, "是" if document.has_text else "否"]
    load_rows(connection, control, [(1, row)], request.work)
    doubts = document.control.doubts if document.has_text else dict.fromkeys(FIELDS, NO_TEXT)
    faults = tuple(
        Fault(1, index, doubts[name]) for index, name in enumerate(FIELDS) if name in doubts
    )
    text = f"{request.table}_1"
    rows = [
        (number, [str(number), p.heading, "" if p.page is None else str(p.page), p.text])
        for number, p in enumerate(document.paragraphs, start=1)
    ]
    if rows:
        load_rows(connection, text, rows, request.work)
    else:
        create_empty(connection, text, len(_TEXT_HEADINGS))
    sheets = (
        RawSheet(
            CONTROL_SHEET,
            control,
            len(_CONTROL_HEADINGS),
            headings=_CONTROL_HEADINGS,
            faults=faults,
        ),
        RawSheet(TEXT_SHEET, text, len(_TEXT_HEADINGS), headings=_TEXT_HEADINGS),
    )
    return RawFile(document.kind, None, sheets)
