"""Makes the Word templates that come with the tool; a body may restyle the result in Word."""

from __future__ import annotations

import sys
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table

FOLDER = Path(__file__).resolve().parents[1] / "templates"
SERIF, SANS = "宋体", "微软雅黑"

WORDS: dict[str, dict[str, object]] = {
    "zh": {
        "title": "审核结果报告（草稿）", "organisation": "受审核方", "period": "审核期间", "as_of": "截止日",
        "checklist": "检查表", "profile": "规则", "tool": "工具", "verdict": "一、结论",
        "counts": "严重不符合 {{ majors }} 项，一般不符合 {{ minors }} 项，改进机会 {{ ofis }} 项；已核实 {{ verified }} 项要求，"
        "自动规则未能下结论 {{ open_count }} 条，待审核员判断 {{ question_count }} 个问题。得分 {{ score }}（仅就已核实部分，不作为结论）。",
        "kpis": "二、6.3 的八项指标", "kpi_heads": ["编号", "指标", "实测", "要求", "结果"],
        "findings": "三、不符合与改进机会", "criterion": "准则：", "why": "分级理由：", "facts": "客观证据：",
        "none": "没有。", "open": "四、自动规则未能下结论", "open_heads": ["检查", "结果", "原因"],
        "unused": "五、没有看的", "unused_lead": "{{ question_count }} 个问题只能由审核员判断。",
        "requirements": "六、全部要求", "req_heads": ["编号", "要求", "状态", "检查与数据"],
        "clauses": "七、条款引导句（审核员判断）", "clause_heads": ["条款", "断言"],
        "notes": "八、标准文本的问题与本表的读法", "note_heads": ["编号", "条款", "问题", "读法"],
        "plan": "九、采用的限值", "plan_heads": ["限值", "值", "来源"],
        "evidence": "十、证据清单", "ev_heads": ["文件", "sha256", "内容"],
        "sign": "十一、签署", "leader": "审核组长：", "auditee": "受审核方代表：", "date": "日期：", "page": "第 ", "of": " 页 / 共 ", "end": " 页",
    },
    "en": {
        "title": "Audit result (DRAFT)", "organisation": "Organisation", "period": "Audit period", "as_of": "Cut-off",
        "checklist": "Checklist", "profile": "Profile", "tool": "Tool", "verdict": "1  Verdict",
        "counts": "{{ majors }} major and {{ minors }} minor nonconformities, {{ ofis }} opportunities for improvement; "
        "{{ verified }} requirements verified, {{ open_count }} automatic rules could not conclude, {{ question_count }} questions wait for the auditor. "
        "Score {{ score }} (of the verified only; it decides nothing).",
        "kpis": "2  The eight figures of clause 6.3", "kpi_heads": ["Id", "Figure", "Measured", "Required", "Result"],
        "findings": "3  Nonconformities and opportunities", "criterion": "Criterion: ", "why": "Grade because: ", "facts": "Objective evidence:",
        "none": "None.", "open": "4  Automatic rules that could not conclude", "open_heads": ["Check", "Verdict", "Why"],
        "unused": "5  What was not looked at", "unused_lead": "{{ question_count }} questions only an auditor can answer.",
        "requirements": "6  Every requirement", "req_heads": ["Id", "Requirement", "Status", "Checks and figures"],
        "clauses": "7  Leading sentences of clauses (for the auditor)", "clause_heads": ["Clause", "Assertion"],
        "notes": "8  Defects of the standard and how they are read", "note_heads": ["Id", "Clauses", "Defect", "Reading"],
        "plan": "9  Limits used", "plan_heads": ["Limit", "Value", "Source"],
        "evidence": "10  Evidence register", "ev_heads": ["File", "sha256", "Content"],
        "sign": "11  Signatures", "leader": "Team leader:", "auditee": "For the organisation:", "date": "Date:", "page": "Page ", "of": " of ", "end": "",
    },
}  # fmt: skip


def main() -> None:
    """Write both templates."""
    FOLDER.mkdir(exist_ok=True)
    for language, words in WORDS.items():
        file = FOLDER / f"report.{language}.docx"
        _template(language, words).save(str(file))
        sys.stdout.write(f"{file.name}\n")


def _template(language: str, w: dict[str, object]) -> Doc:
    doc = Document()
    _fonts(doc, language)
    section = doc.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    _footer(doc, w)
    heading = doc.add_paragraph(style="Title")
    heading.add_run(str(w["title"]))
    rows = [
        (w["organisation"], "{{ organisation }}"),
        (w["period"], "{{ period_start }} – {{ period_end }}"),
        (w["as_of"], "{{ as_of }}"),
        (w["checklist"], "{{ checklist }} ({{ criteria_edition }})  sha256 {{ checklist_sha256 }}"),
        (w["profile"], "{{ profile }}  sha256 {{ profile_sha256 }}"),
        (w["tool"], "{{ tool }}"),
    ]
    control = _grid(doc, [Cm(3.2), Cm(13.8)], len(rows))
    for row, (label, value) in zip(control.rows, rows, strict=True):
        _cell(row.cells[0], str(label), bold=True)
        _cell(row.cells[1], value)
    doc.add_heading(str(w["verdict"]), 1)
    _paragraph(doc, "{{ verdict }}", bold=True)
    _paragraph(doc, str(w["counts"]))
    _paragraph(doc, "{{ note }}", dim=True)
    doc.add_heading(str(w["kpis"]), 1)
    _listing(doc, w["kpi_heads"], [1.6, 6.4, 4.0, 2.2, 2.8], "k in kpis",
             ["{{ k.id }}", "{{ k.name }}", "{{ k.measured }}", "{{ k.required }}", "{{ k.result }}"])  # fmt: skip
    doc.add_heading(str(w["findings"]), 1)
    _findings(doc, w)
    doc.add_heading(str(w["open"]), 1)
    _optional(doc, "open_rules", w, lambda: _listing(
        doc, w["open_heads"], [4.2, 3.0, 9.8], "o in open_rules", ["{{ o.check }}", "{{ o.verdict }}", "{{ o.why }}"]))  # fmt: skip
    doc.add_heading(str(w["unused"]), 1)
    _paragraph(doc, str(w["unused_lead"]))
    _paragraph(doc, "{%p for u in unused %}")
    _paragraph(doc, "{{ u.where }}: {{ u.what }}", style="List Bullet")
    _paragraph(doc, "{%p endfor %}")
    doc.add_heading(str(w["requirements"]), 1)
    _listing(doc, w["req_heads"], [1.9, 4.8, 2.7, 7.6], "r in requirements",
             ["{{ r.id }}", "{{ r.title }}", "{{ r.status }}", "{{ r.checks }}"])  # fmt: skip
    doc.add_heading(str(w["clauses"]), 1)
    _listing(
        doc, w["clause_heads"], [5.0, 12.0], "c in clauses", ["{{ c.clause }}", "{{ c.says }}"]
    )
    doc.add_heading(str(w["notes"]), 1)
    _listing(doc, w["note_heads"], [1.2, 2.6, 6.2, 7.0], "n in notes",
             ["{{ n.id }}", "{{ n.clauses }}", "{{ n.defect }}", "{{ n.reading }}"])  # fmt: skip
    doc.add_heading(str(w["plan"]), 1)
    _listing(
        doc,
        w["plan_heads"],
        [11.0, 3.0, 3.0],
        "p in plan",
        ["{{ p.title }}", "{{ p.value }}", "{{ p.source }}"],
    )
    doc.add_heading(str(w["evidence"]), 1)
    _listing(
        doc,
        w["ev_heads"],
        [4.5, 6.5, 6.0],
        "f in files",
        ["{{ f.file }}", "{{ f.sha256 }}", "{{ f.content }}"],
    )
    doc.add_heading(str(w["sign"]), 1)
    sign = _grid(doc, [Cm(8.5), Cm(8.5)], 2)
    for cell, text in zip(sign.rows[0].cells, (w["leader"], w["auditee"]), strict=True):
        _cell(cell, f"{text}\n\n")
    for cell in sign.rows[1].cells:
        _cell(cell, str(w["date"]))
    return doc


def _findings(doc: Doc, w: dict[str, object]) -> None:
    _optional(doc, "findings", w, lambda: None)
    _paragraph(doc, "{%p for n in findings %}")
    doc.add_heading("{{ n.number }}. {{ n.grade }} · {{ n.id }} {{ n.title }}", 2)
    _paragraph(doc, f"{w['criterion']}{{{{ n.criterion }}}}")
    _paragraph(doc, f"{w['why']}{{{{ n.why }}}}")
    _paragraph(doc, str(w["facts"]), bold=True)
    _paragraph(doc, "{%p for f in n.facts %}")
    _paragraph(doc, "{{ f.check }}  {{ f.figure }}")
    _paragraph(doc, "{%p if f.remarks %}")
    _paragraph(doc, "{{ f.remarks }}", dim=True)
    _paragraph(doc, "{%p endif %}")
    _paragraph(doc, "{%p for place in f.places %}")
    _paragraph(doc, "{{ place }}", style="List Bullet")
    _paragraph(doc, "{%p endfor %}")
    _paragraph(doc, "{%p endfor %}")
    _paragraph(doc, "{%p endfor %}")


def _optional(doc: Doc, name: str, w: dict[str, object], body: object) -> None:
    _paragraph(doc, f"{{%p if not {name} %}}")
    _paragraph(doc, str(w["none"]))
    _paragraph(doc, "{%p endif %}")
    body()  # type: ignore[operator]  # a local closure


def _listing(doc: Doc, heads: object, widths: list[float], loop: str, cells: list[str]) -> None:
    titles = list(heads)  # type: ignore[call-overload]  # a list of headings
    table = _grid(doc, [Cm(width) for width in widths], 4)
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        _cell(cell, title, bold=True)
        _shade(cell, "E4E9F0")
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    _cell(table.rows[1].cells[0], f"{{%tr for {loop} %}}")
    for cell, text in zip(table.rows[2].cells, cells, strict=True):
        _cell(cell, text)
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _cell(table.rows[3].cells[0], "{%tr endfor %}")


def _grid(doc: Doc, widths: list[Cm], rows: int) -> Table:
    table = doc.add_table(rows=rows, cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(int(width.twips)))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def _cell(cell: object, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]  # type: ignore[attr-defined]  # python-docx cell
    run = paragraph.add_run(text)
    run.bold = bold
    run.font.size = Pt(9)
    paragraph.paragraph_format.space_after = Pt(0)


def _shade(cell: object, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)  # type: ignore[attr-defined]  # python-docx cell


def _paragraph(
    doc: Doc, text: str, *, bold: bool = False, dim: bool = False, style: str | None = None
) -> None:
    paragraph = doc.add_paragraph(style=style)
    run = paragraph.add_run(text)
    run.bold = bold
    if dim:
        run.font.color.rgb = RGBColor(0x5A, 0x64, 0x72)
    paragraph.paragraph_format.space_after = Pt(4)


def _fonts(doc: Doc, language: str) -> None:
    latin = "Times New Roman" if language == "zh" else "Calibri"
    for style in doc.styles:
        if not hasattr(style, "font"):
            continue
        title = style.name.startswith(("Heading", "Title"))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[attribute]
        for kind in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(kind), latin)
        fonts.set(qn("w:eastAsia"), SANS if title else SERIF)
        if title:
            style.font.color.rgb = RGBColor(0x1C, 0x23, 0x30)
    _without_themes(doc)
    doc.styles["Normal"].font.size = Pt(10.5)
    doc.styles["Title"].font.size = Pt(20)
    defaults = (
        doc.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    )
    fonts = defaults.find(qn("w:rFonts"))
    fonts.attrib.clear()
    for kind, face in (
        ("w:ascii", latin),
        ("w:hAnsi", latin),
        ("w:cs", latin),
        ("w:eastAsia", SERIF),
    ):
        fonts.set(qn(kind), face)
    lang = defaults.find(qn("w:lang"))
    lang.set(qn("w:val"), "en-US")
    lang.set(qn("w:eastAsia"), "zh-CN")


def _without_themes(doc: Doc) -> None:
    for themed in doc.styles.element.iter(qn("w:rFonts")):
        for attribute in [name for name in themed.attrib if name.lower().endswith("theme")]:
            del themed.attrib[attribute]


def _footer(doc: Doc, w: dict[str, object]) -> None:
    paragraph = doc.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(str(w["page"]))
    _field(paragraph, "PAGE")
    paragraph.add_run(str(w["of"]))
    _field(paragraph, "NUMPAGES")
    paragraph.add_run(str(w["end"]))


def _field(paragraph: object, code: str) -> None:
    run = paragraph.add_run()  # type: ignore[attr-defined]  # python-docx paragraph
    for kind, text in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


if __name__ == "__main__":
    main()
