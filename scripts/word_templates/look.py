"""Knows how the Word templates look: fonts of both scripts, colours, page, header and footer."""

from __future__ import annotations

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SERIF, SANS = "宋体", "微软雅黑"
INK, DIM, RED = RGBColor(0x1C, 0x23, 0x30), RGBColor(0x5A, 0x64, 0x72), RGBColor(0xB0, 0x20, 0x20)
HEAD_FILL, LABEL_FILL, BAND_FILL = "E4E9F0", "F3F5F8", "EDF1F6"
FILLS = {
    "conform": "2E7D4F", "ofi": "2F6FB0", "minor": "D98A00", "major": "B3261E", "open": "C9CED6",
    "level": "2F6FB0", "rest": "E4E9F0",
}  # fmt: skip
AIR = 28
"""Twentieths of a point between the text of a cell and the line above or below it."""
WIDTH = 17.0
"""Centimetres between the margins."""


def dressed(document: Document, lang: str) -> None:
    """Set page, fonts and languages."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    _fonts(document, lang)
    _sizes(document)


def _fonts(document: Document, lang: str) -> None:
    latin = "Times New Roman" if lang == "zh" else "Calibri"
    for themed in document.styles.element.iter(qn("w:rFonts")):
        for attribute in [name for name in themed.attrib if name.lower().endswith("theme")]:
            del themed.attrib[attribute]
    for style in document.styles:
        if not hasattr(style, "font"):
            continue
        title = style.name.startswith(("Heading", "Title"))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(kind), latin)
        fonts.set(qn("w:eastAsia"), SANS if title else SERIF)
        if title:
            style.font.color.rgb = INK
    _defaults(document, latin)


def _defaults(document: Document, latin: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    fonts = run.find(qn("w:rFonts"))
    fonts.attrib.clear()
    for kind in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), latin)
    fonts.set(qn("w:eastAsia"), SERIF)
    lang = run.find(qn("w:lang"))
    lang.set(qn("w:val"), "en-US")
    lang.set(qn("w:eastAsia"), "zh-CN")


def _sizes(document: Document) -> None:
    styles = document.styles
    styles["Normal"].font.size = Pt(10.5)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    styles["Title"].font.size = Pt(22)
    styles["Title"].font.bold = True
    styles["Title"].paragraph_format.space_after = Pt(6)
    for border in list(styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    for level, size in ((1, 14), (2, 11.5), (3, 10.5)):
        heading = styles[f"Heading {level}"]
        heading.font.size = Pt(size)
        heading.font.bold = True
        heading.paragraph_format.space_before = Pt(14 if level == 1 else 10)
        heading.paragraph_format.space_after = Pt(4)
        heading.paragraph_format.keep_with_next = True


def shade(element: object, fill: str) -> None:
    """Give a cell's or run's properties a background."""
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), fill)
    element.append(shading)  # type: ignore[attr-defined]  # an lxml element


def field(paragraph: Paragraph, code: str, shown: str = "1") -> None:
    """Add a field with the result it shows until it is computed."""
    for kind, text in (
        ("begin", None),
        (None, code),
        ("separate", None),
        ("", shown),
        ("end", None),
    ):
        run = paragraph.add_run()
        if kind == "":
            run.text = str(text)
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = f" {text} "
        run._r.append(element)


def small(run: Run, *, dim: bool = False, bold: bool = False, size: float = 9) -> Run:
    """Set a run in the size of tables."""
    run.font.size = Pt(size)
    run.bold = bold
    if dim:
        run.font.color.rgb = DIM
    return run


def head_and_foot(document: Document, lang: str, head: str) -> None:
    """What stands on every page: document and stamp above, page numbers below."""
    section = document.sections[0]
    document.styles["Header"].paragraph_format.tab_stops.clear_all()
    above = section.header.paragraphs[0]
    above.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), 2)
    small(above.add_run(f"{head}\t"), dim=True, size=8.5)
    stamp = small(above.add_run("{{ stamp }}"), bold=True, size=12)
    stamp.font.color.rgb = RED
    below = section.footer.paragraphs[0]
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = ("第 ", " 页 / 共 ", " 页") if lang == "zh" else ("Page ", " of ", "")
    below.add_run(before)
    field(below, "PAGE")
    below.add_run(between)
    field(below, "NUMPAGES")
    below.add_run(after)
    for run in below.runs:
        run.font.size = Pt(8.5)
