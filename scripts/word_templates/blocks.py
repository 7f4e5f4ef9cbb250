"""Knows the blocks that the Word templates are built of: headings with contents, tables, loops, signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from scripts.word_templates import look

Part = tuple[str, str]
"""A field of a bar and the name of its fill."""
_END = "\u200b"
"""Ends a bar: LibreOffice paints no shade behind blanks at the end of a cell. It takes no room."""


@dataclass
class Word:
    """A template in the making; every text is given in Chinese and English and one is taken."""

    lang: str
    doc: Document = field(default_factory=Document)
    marks: int = 0
    contents: list[tuple[str, str]] = field(default_factory=list)
    contents_at: Paragraph | None = None
    breaks_next: bool = False

    @staticmethod
    def new(lang: str, head: str) -> Word:
        """An empty A4 page with header and footer."""
        word = Word(lang)
        look.dressed(word.doc, lang)
        look.head_and_foot(word.doc, lang, head)
        return word

    def t(self, zh: str, en: str) -> str:
        """The text in the template's language."""
        return zh if self.lang == "zh" else en

    def title(self) -> None:
        """The document's name and the stamp of a draft."""
        self.doc.add_paragraph(style="Title").add_run("{{ title }}")
        with self.when("stamp"):
            stamp = look.small(self.doc.add_paragraph().add_run("{{ stamp }} "), bold=True, size=16)
            stamp.font.color.rgb = look.RED
            self.text("{{ stamp_why }}", dim=True)

    def heading(self, zh: str, en: str, level: int = 1) -> None:
        """A heading; one of the first level gets a line in the contents."""
        text = self.t(zh, en)
        paragraph = self.doc.add_heading(text, level)
        if level == 1:
            paragraph.paragraph_format.page_break_before = self.breaks_next
            self.breaks_next = False
            self.marks += 1
            name = f"_Toc{self.marks:06d}"
            _bookmark(paragraph, name, self.marks)
            self.contents.append((text, name))

    def table_of_contents(self) -> None:
        """The place of the contents; `finished` writes its lines."""
        head = self.doc.add_paragraph()
        look.small(head.add_run(self.t("目  录", "Contents")), bold=True, size=12)
        self.breaks_next = True
        self.contents_at = self.doc.add_paragraph()

    def finished(self) -> Document:
        """The template, with a line for each heading where the contents stand."""
        if self.contents_at is not None:
            for text, name in self.contents:
                _contents_line(self.contents_at.insert_paragraph_before(), text, name)
            self.contents_at._p.getparent().remove(self.contents_at._p)
        return self.doc

    def text(
        self, text: str, *, bold: bool = False, dim: bool = False, style: str | None = None,
        size: float | None = None, with_next: bool = False,
    ) -> Paragraph:  # fmt: skip
        """A paragraph; `with_next`: on the page of what follows."""
        paragraph = self.doc.add_paragraph(style=style)
        run = paragraph.add_run(text)
        run.bold = bold
        if size is not None:
            run.font.size = Pt(size)
        if dim:
            run.font.color.rgb = look.DIM
        paragraph.paragraph_format.keep_with_next = with_next
        return paragraph

    def labelled(self, zh: str, en: str, value: str) -> None:
        """A paragraph that begins with its label."""
        paragraph = self.doc.add_paragraph()
        paragraph.add_run(self.t(f"{zh}：", f"{en}: ")).bold = True
        paragraph.add_run(value)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is made inside appears where the condition holds."""
        self.doc.add_paragraph(f"{{%p if {condition} %}}")
        yield
        self.doc.add_paragraph("{%p endif %}")

    def otherwise(self) -> None:
        """What follows inside `when` appears where its condition does not hold."""
        self.doc.add_paragraph("{%p else %}")

    @contextmanager
    def each(self, loop: str) -> Iterator[None]:
        """What is made inside appears once for each, such as `f in findings`."""
        self.doc.add_paragraph(f"{{%p for {loop} %}}")
        yield
        self.doc.add_paragraph("{%p endfor %}")

    def bullets(self, loop: str, text: str) -> None:
        """A list; "none" where it is empty."""
        items = loop.split(" in ")[1]
        with self.when(items):
            with self.each(loop):
                self.text(text, style="List Bullet")
            self.otherwise()
            self.text(self.t("无。", "None."))

    def pairs(
        self, rows: Sequence[tuple[str, str, str]], label: float = 3.6, room: float = 0
    ) -> None:
        """A form: label in Chinese, in English, the value beside it; `room`: least height in cm."""
        table = grid(self.doc, [label, look.WIDTH - label], len(rows))
        for row, (zh, en, value) in zip(table.rows, rows, strict=True):
            write(row.cells[0], self.t(zh, en), bold=True)
            look.shade(row.cells[0]._tc.get_or_add_tcPr(), look.LABEL_FILL)
            write(row.cells[1], value)
            whole(row)
            if room:
                row.height = Cm(room)
        self.gap()

    def listing(
        self, heads: Sequence[tuple[str, str]], widths: Sequence[float], loop: str,
        cells: Sequence[str | Sequence[Part]], *, band: str | None = None, size: float = 9,
        long: bool = False,
    ) -> None:  # fmt: skip
        """A table with a row for each; "none" where there is nothing.

        `cells`: a text, or the parts of a bar. `band`: a field of the row that, where it says
        something, stands above the row across the whole width. `long`: a row may go over pages.
        """
        name = loop.split(" in ")[0]
        with self.when(loop.split(" in ")[1]):
            table = grid(self.doc, widths, 4 if band is None else 7)
            _head(table, [self.t(zh, en) for zh, en in heads])
            rows = iter(table.rows[1:])
            write(next(rows).cells[0], f"{{%tr for {loop} %}}")
            if band is not None:
                write(next(rows).cells[0], f"{{%tr if {name}.{band} %}}")
                _band(next(rows), f"{{{{ {name}.{band} }}}}")
                write(next(rows).cells[0], "{%tr endif %}")
            filled = next(rows)
            if not long:
                whole(filled)
            for cell, content in zip(filled.cells, cells, strict=True):
                if isinstance(content, str):
                    write(cell, content, size=size)
                else:
                    bars(cell, content)
            write(next(rows).cells[0], "{%tr endfor %}")
            self.otherwise()
            self.text(self.t("无。", "None."))
        self.gap()

    def signatures(self, people: Sequence[tuple[str, str]]) -> None:
        """Room to sign, with date and seal, for each of those named."""
        widths = [look.WIDTH / len(people)] * len(people)
        table = grid(self.doc, widths, 2)
        for cell, (zh, en) in zip(table.rows[0].cells, people, strict=True):
            write(cell, self.t(f"{zh}：", f"{en}:") + "\n\n\n", bold=False)
        for cell in table.rows[1].cells:
            write(cell, self.t("日期：        年    月    日", "Date:"))
        for row in table.rows:
            whole(row)
        for paragraph in table.rows[0].cells[0].paragraphs:
            paragraph.paragraph_format.keep_with_next = True
        self.gap()

    def gap(self) -> None:
        """A little air below a table."""
        self.doc.add_paragraph().paragraph_format.space_after = Pt(2)

    def page(self) -> None:
        """Begin a new page."""
        self.doc.add_page_break()


def grid(doc: Document, widths: Sequence[float], rows: int) -> Table:
    """A table whose columns keep their width (in centimetres)."""
    table = doc.add_table(rows=rows, cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(int(Cm(width).twips)))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    _air(table)
    return table


def _air(table: Table) -> None:
    """Keep the text of cells off the lines above and below it."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:top", "w:bottom"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), str(look.AIR))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    properties.find(qn("w:tblLook")).addprevious(margins)


def write(
    cell: _Cell, text: str, *, bold: bool = False, dim: bool = False, size: float = 9
) -> None:
    """Put a text into a cell."""
    paragraph = cell.paragraphs[0]
    look.small(paragraph.add_run(text), bold=bold, dim=dim, size=size)
    paragraph.paragraph_format.space_after = Pt(0)


def bars(cell: _Cell, parts: Sequence[Part]) -> None:
    """Put a bar into a cell: shaded blanks one after the other, so that no picture is needed."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    for name, fill in parts:
        run = look.small(paragraph.add_run(f"{{{{ {name} }}}}"), size=7)
        look.shade(run._r.get_or_add_rPr(), look.FILLS[fill])
    look.small(paragraph.add_run(_END), size=7)


def whole(row: object) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]  # python-docx row


def _head(table: Table, heads: Sequence[str]) -> None:
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        write(cell, head, bold=True)
        look.shade(cell._tc.get_or_add_tcPr(), look.HEAD_FILL)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    whole(table.rows[0])


def _band(row: object, text: str) -> None:
    cells = row.cells  # type: ignore[attr-defined]  # python-docx row
    merged = cells[0].merge(cells[-1])
    for paragraph in merged.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    write(merged, text, bold=True)
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    look.shade(merged._tc.get_or_add_tcPr(), look.BAND_FILL)


def _bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def _contents_line(paragraph: Paragraph, text: str, name: str) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(
        Cm(look.WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.add_run(f"{text}\t")
    look.field(paragraph, f"PAGEREF {name} \\h", "–")
    for run in paragraph.runs:
        run.font.size = Pt(9.5)


Build = Callable[[Word], None]
