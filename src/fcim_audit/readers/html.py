"""Knows tables in HTML, as many systems export them under the name of .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from duckdb import DuckDBPyConnection
from lxml import etree, html

from fcim_audit.language import Text
from fcim_audit.readers.base import Merge, RawFile, RawSheet, Request, Unreadable
from fcim_audit.readers.encoding import text_file, whole
from fcim_audit.readers.text_table import load_rows
from fcim_audit.readers.workbook_scan import MAX_COLUMN, MAX_ROW, demand_area

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_ASIDE = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_USUAL = frozenset({"utf-8", "utf8", "gb2312", "gbk", "gb18030", "x-gbk", "unicode", "utf-16"})


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read every table that holds no other table; the rows found are held against the tags."""
    text = text_file(_with_charset(request))
    source = whole(text)
    tables = _tables(source)
    sheets = []
    for number, grid in enumerate(tables):
        table = f"{request.table}_{number}"
        width = load_rows(connection, table, enumerate(grid.rows, start=1), request.work)
        name = None if len(tables) == 1 else str(number + 1)
        sheets.append(
            RawSheet(
                name, table, width, merged=tuple(grid.merged), hidden_rows=tuple(grid.hidden_rows)
            )
        )
    return RawFile("html", text.encoding, tuple(sheets))


def _with_charset(request: Request) -> Request:
    """The declared character set where it is none of those that the bytes themselves tell."""
    if request.encoding is not None:
        return request
    with request.path.open("rb") as file:
        found = _CHARSET.search(file.read(4096))
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    return request if declared in _USUAL else replace(request, encoding=declared)


@dataclass(slots=True)
class _Grid:
    """One table with its spans spread out: what stands in a spanned cell stands in its first."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)


def _tables(source: str) -> list[_Grid]:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        document = html.document_fromstring(source.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(
            Text("HTML 无法读取", "the HTML can't be read"),
            hint=Text("请另存为 .xlsx 后重试", "save it as .xlsx and try again"),
        ) from error
    leaves = [table for table in document.iter("table") if sum(1 for _ in table.iter("table")) == 1]
    if not leaves:
        raise Unreadable(
            Text("HTML 里没有表格", "the HTML holds no table"),
            hint=Text(
                "导出的可能是登录页或错误页", "what was exported may be a login or error page"
            ),
        )
    _demand_all_rows(source, document)
    return [_grid(table) for table in leaves]


def _demand_all_rows(source: str, document: html.HtmlElement) -> None:
    told = len(_ROW.findall(_ASIDE.sub("", source)))
    read_ = sum(1 for _ in document.iter("tr"))
    if told > read_:
        raise Unreadable(
            Text(
                f"HTML 里有 {told} 个 <tr>，只读到 {read_} 行",
                f"the HTML holds {told} <tr>, only {read_} rows were read",
            ),
            hint=Text("请另存为 .xlsx 后重试", "save it as .xlsx and try again"),
        )


def _grid(table: html.HtmlElement) -> _Grid:
    grid = _Grid()
    below: dict[int, int] = {}
    width = 0
    for row in table.iter("tr"):
        number = len(grid.rows) + 1
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while below.get(len(cells), 0) >= number:
                cells.append("")
            across, down = _span(cell, "colspan", MAX_COLUMN), _span(cell, "rowspan", MAX_ROW)
            left = len(cells)
            if across > 1 or down > 1:
                grid.merged.append(Merge(number, left, number + down - 1, left + across - 1))
            cells += [_text(cell), *[""] * (across - 1)]
            below |= dict.fromkeys(range(left, left + across), number + down - 1)
            if len(cells) > MAX_COLUMN:
                demand_area("HTML", MAX_ROW, len(cells))
        width = max(width, len(cells))
        if _UNSEEN.search(row.get("style", "")):
            grid.hidden_rows.append(number)
        grid.rows.append(cells)
    demand_area("HTML", len(grid.rows), width)
    last = len(grid.rows)
    grid.merged = [Merge(m.top, m.left, min(m.bottom, last), m.right) for m in grid.merged]
    return grid


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    said = cell.get(name, "1").strip()
    return max(1, min(int(said), most)) if said.isascii() and said.isdigit() else 1


def _text(cell: html.HtmlElement) -> str:
    """What a person reads in a cell: blanks folded as a browser does, <br> a line break."""
    return "\n".join(" ".join(line.split()) for line in "".join(_pieces(cell)).split("\v")).strip()


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in _elements(element):
        if child.tag == "br":
            yield "\v"
        elif child.tag not in {"script", "style"}:
            yield from _pieces(child)
        yield child.tail or ""


def _elements(element: html.HtmlElement) -> Sequence[html.HtmlElement]:
    return [child for child in element if isinstance(child.tag, str)]
