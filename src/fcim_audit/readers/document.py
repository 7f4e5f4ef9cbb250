"""Knows what a document gives as evidence: control block, text by paragraph, electronic signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import Fault, RawFile, RawSheet, Request
from fcim_audit.readers.control import FIELDS, Control
from fcim_audit.readers.text_table import create_empty, load_rows

CONTROL_SHEET = "控制信息"
TEXT_SHEET = "正文"
SIGNATURE_SHEET = "电子签名"
NO_TEXT = "no_text"
_CONTROL_HEADINGS = (*FIELDS, "页数", "有可读文字")
_TEXT_HEADINGS = ("段号", "标题", "页码", "文字")
SIGNATURE_HEADINGS = (
    "签名域", "签名人", "证书颁发者", "声称签名时间", "时间戳时间", "完整性", "覆盖范围", "签后变更", "信任", "受信任根",
)  # fmt: skip


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
    signed_fields: tuple[str, ...] = ()

    @property
    def has_text(self) -> bool:
        """Whether there is text to read at all."""
        return bool(self.paragraphs) or bool(self.control.values)


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One electronic signature as cells below the headings; a doubt and its words by cell."""

    cells: tuple[str, ...]
    doubts: Mapping[int, tuple[str, str]]


def as_tables(
    connection: DuckDBPyConnection,
    request: Request,
    document: Document,
    signed: Sequence[SignatureRow] = (),
) -> RawFile:
    """The document as three sheets: its control block, its paragraphs, its electronic signatures."""
    sheets = (
        _control_sheet(connection, request, document),
        _text_sheet(connection, request, document),
        _signature_sheet(connection, request, signed),
    )
    return RawFile(document.kind, None, sheets)


def _control_sheet(
    connection: DuckDBPyConnection, request: Request, document: Document
) -> RawSheet:
    pages = "" if document.pages is None else str(document.pages)
    block = [document.control.values.get(name, "") for name in FIELDS]
    row = [*block, pages, "是" if document.has_text else "否"]
    doubts = document.control.doubts if document.has_text else dict.fromkeys(FIELDS, NO_TEXT)
    faults = [Fault(1, index, doubts[name]) for index, name in enumerate(FIELDS) if name in doubts]
    return _sheet(connection, request, 0, CONTROL_SHEET, _CONTROL_HEADINGS, [row], faults)


def _text_sheet(connection: DuckDBPyConnection, request: Request, document: Document) -> RawSheet:
    rows = [
        [str(number), p.heading, "" if p.page is None else str(p.page), p.text]
        for number, p in enumerate(document.paragraphs, start=1)
    ]
    return _sheet(connection, request, 1, TEXT_SHEET, _TEXT_HEADINGS, rows, ())


def _signature_sheet(
    connection: DuckDBPyConnection, request: Request, signed: Sequence[SignatureRow]
) -> RawSheet:
    faults = [
        Fault(number, cell, kind, said)
        for number, row in enumerate(signed, start=1)
        for cell, (kind, said) in row.doubts.items()
    ]
    rows = [list(row.cells) for row in signed]
    return _sheet(connection, request, 2, SIGNATURE_SHEET, SIGNATURE_HEADINGS, rows, faults)


def _sheet(
    connection: DuckDBPyConnection,
    request: Request,
    number: int,
    name: str,
    headings: tuple[str, ...],
    rows: Sequence[list[str]],
    faults: Sequence[Fault],
) -> RawSheet:
    table = f"{request.table}_{number}"
    if rows:
        load_rows(connection, table, list(enumerate(rows, start=1)), request.work)
    else:
        create_empty(connection, table, len(headings))
    return RawSheet(name, table, len(headings), headings=headings, faults=tuple(faults))
