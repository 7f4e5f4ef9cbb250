"""Word and PDF documents: their control block and their visible text, a doubt where only a picture answers."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from fcim_audit.readers.control import FIELDS
from tests.readers.reading import read, refusal

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PICTURE = "<w:drawing/>"


def cell(text: str) -> str:
    inner = text if text.startswith("<") else f"<w:t>{text}</w:t>"
    return f"<w:tc><w:p><w:r>{inner}</w:r></w:p></w:tc>"


def table(*rows: tuple[str, ...]) -> str:
    return (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"
    )


def word(path: Path, body: str, **parts: str) -> Path:
    """A Word document with this body, and other parts by name."""
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            out.writestr(f"word/{name}.xml", content)
    return path


def control(folder: Path, body: str, **parts: str) -> dict[str, str]:
    """The fields that the control block answers; a doubtful one by its doubt."""
    seen = read(folder, word(folder / "d.docx", body, **parts))
    [(_, cells)] = seen.by_sheet["控制信息"]
    said = {name: value for name, value in zip(FIELDS, cells, strict=False) if value}
    doubts = {list(FIELDS)[f.column]: f"? {f.kind}" for f in seen.file.sheets[0].faults}
    return said | doubts


def paragraphs(folder: Path, body: str, **parts: str) -> list[list[str]]:
    """Heading, page and text of every paragraph."""
    seen = read(folder, word(folder / "d.docx", body, **parts))
    return [cells[1:] for _, cells in seen.by_sheet["正文"]]


def test_labels_answer_to_the_right(tmp_path: Path) -> None:
    said = control(
        tmp_path,
        table(("文件编号", "QM-01", "版 本", "A/1"), ("批准：", "李四", "批准日期", "2025-01-06")),
    )
    assert said == {
        "文件编号": "QM-01",
        "版本号": "A/1",
        "批准人": "李四",
        "批准日期": "2025-01-06",
    }


def test_labels_in_a_row_answer_below(tmp_path: Path) -> None:
    said = control(tmp_path, table(("编制", "审核", "批准"), ("张三", "王五", "李四")))
    assert said == {"编制人": "张三", "审核人": "王五", "批准人": "李四"}


def test_a_date_belongs_to_the_person_before_it(tmp_path: Path) -> None:
    said = control(
        tmp_path,
        table(("编制", "张三", "日期", "2025-01-02"), ("批准", "李四", "日期", "2025-01-06")),
    )
    assert (said["编制日期"], said["批准日期"]) == ("2025-01-02", "2025-01-06")


def test_a_history_of_versions_is_no_control_block(tmp_path: Path) -> None:
    history = table(("版本", "编制", "批准"), ("A/0", "张三", "李四"), ("A/1", "张三", "王五"))
    assert control(tmp_path, history) == {}


def test_lines_answer_after_a_colon(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>文件编号：QM-01  版本：A/1</w:t></w:r></w:p>"
    assert control(tmp_path, body) == {"文件编号": "QM-01", "版本号": "A/1"}


def test_the_page_header_answers_too(tmp_path: Path) -> None:
    header = f"<w:hdr {_W}><w:p><w:r><w:t>文件编号：QM-01</w:t></w:r></w:p></w:hdr>"
    assert control(tmp_path, "<w:p/>", header1=header) == {"文件编号": "QM-01"}


def test_a_picture_is_a_doubt_not_a_missing_approval(tmp_path: Path) -> None:
    assert control(tmp_path, table(("编制", "张三"), ("批准", PICTURE))) == {
        "编制人": "张三",
        "批准人": "? picture",
    }


def test_an_empty_cell_is_empty(tmp_path: Path) -> None:
    assert control(tmp_path, table(("编制", "张三"), ("批准", ""))) == {"编制人": "张三"}


def test_two_answers_are_a_doubt(tmp_path: Path) -> None:
    header = f"<w:hdr {_W}><w:p><w:r><w:t>版本：A/2</w:t></w:r></w:p></w:hdr>"
    said = control(tmp_path, table(("版本", "A/1")), header1=header)
    assert said == {"版本号": "? conflicting"}


def test_file_properties_say_nothing(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.author = "Administrator"
    made.core_properties.title = "QM-99"
    made.add_paragraph("管理方针全文如下")
    made.save(str(tmp_path / "p.docx"))
    [(_, cells)] = read(tmp_path, tmp_path / "p.docx").by_sheet["控制信息"]
    assert [value for value in cells[: len(FIELDS)] if value] == []


def test_paragraphs_stand_under_their_heading(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {_W}><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    body = (
        '<w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>范围</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>覆盖全部</w:t></w:r><w:r><w:t>过程</w:t></w:r></w:p>"
    )
    assert paragraphs(tmp_path, body, styles=styles) == [
        ["范围", "", "范围"],
        ["范围", "", "覆盖全部过程"],
    ]


def test_pages_are_counted_where_the_file_knows_them(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>一</w:t></w:r></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>二</w:t></w:r></w:p>"
    )
    assert paragraphs(tmp_path, body) == [["", "1", "一"], ["", "2", "二"]]


@pytest.mark.parametrize(
    ("inner", "visible"),
    [
        pytest.param("<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新", id="deleted"),
        pytest.param("<w:ins><w:r><w:t>增</w:t></w:r></w:ins>", "新增", id="inserted"),
        pytest.param("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>", "新", id="hidden"),
        pytest.param("<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>", "新", id="moved-away"),
    ],
)
def test_what_a_reader_sees_is_what_is_read(tmp_path: Path, inner: str, visible: str) -> None:
    assert paragraphs(tmp_path, f"<w:p><w:r><w:t>新</w:t></w:r>{inner}</w:p>") == [
        ["", "", visible]
    ]


def test_a_doctype_is_refused(tmp_path: Path) -> None:
    bad = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:hdr/>'
    assert "DOCTYPE" in refusal(tmp_path, word(tmp_path / "d.docx", "<w:p/>", header1=bad))


def test_a_damaged_document_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, word(tmp_path / "d.docx", "<w:p>")) == "the file is damaged"


def pdf(stream: bytes) -> bytes:
    """A one-page PDF that draws this."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 6>>\n" % listed
    return out + table + b"startxref\n%d\n%%%%EOF\n" % len(out)


def test_a_pdf_without_text_answers_nothing_and_says_so(tmp_path: Path) -> None:
    seen = read(tmp_path, pdf(b""))
    [(_, cells)] = seen.by_sheet["控制信息"]
    assert cells[-2:] == ["1", "否"]
    assert {fault.kind for fault in seen.file.sheets[0].faults} == {"no_text"}
    assert seen.by_sheet["正文"] == []


def test_the_text_of_a_pdf_is_read_with_its_page(tmp_path: Path) -> None:
    seen = read(tmp_path, pdf(b"BT /F 12 Tf 20 200 Td (Scope of the management system) Tj ET"))
    assert seen.by_sheet["正文"] == [(1, ["1", "", "1", "Scope of the management system"])]


@pytest.mark.parametrize("cut", [40, 200, 330])
def test_a_cut_off_pdf_is_refused_or_says_nothing(tmp_path: Path, cut: int) -> None:
    whole = pdf(b"BT /F 12 Tf 20 200 Td (Scope) Tj ET")
    said = refusal(tmp_path, whole[:cut])
    assert said in {"the PDF is damaged or oddly built", "was read"}
    if said == "was read":
        assert read(tmp_path, whole[:cut]).by_sheet["正文"] == []


@pytest.mark.office
def test_a_chinese_pdf_gives_its_control_block(tmp_path: Path) -> None:
    made = docx.Document()
    rows = [["文件编号", "QM-01", "版本", "A/1"], ["批准", "李四", "批准日期", "2025年1月6日"]]
    drawn = made.add_table(rows=2, cols=4)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            drawn.cell(r, c).text = text
    made.add_paragraph("公司承诺以顾客为中心，持续改进无纸化服务。")
    made.save(str(tmp_path / "p.docx"))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "p.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    seen = read(tmp_path, tmp_path / "p.pdf")
    [(_, cells)] = seen.by_sheet["控制信息"]
    said = dict(zip(FIELDS, cells, strict=False))
    assert (said["文件编号"], said["版本号"], said["批准人"], said["批准日期"]) == (
        "QM-01", "A/1", "李四", "2025年1月6日",
    )  # fmt: skip
    assert "公司承诺以顾客为中心，持续改进无纸化服务。" in [c[3] for _, c in seen.by_sheet["正文"]]
