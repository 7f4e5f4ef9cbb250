"""The documents of an audit in Word: each kind, both languages, a body's own template."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.whatif import Do, Fix, Way
from fcim_audit.document_kinds import Kind
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang, Text
from fcim_audit.renderers import pdf
from fcim_audit.renderers.docx import document, of_one
from fcim_audit.renderers.docx.template_check import available, demand_known
from fcim_audit.report import Lack, Report
from tests.renderers.held import with_audit
from tests.renderers.told import FORMULA, SCRIPT, report

LACK = Lack("R-a", frozenset({Kind.AUDIT}), True, Text("认证机构", "body"), "audit.yaml")


def told(data: bytes) -> str:
    word = Document(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in word.paragraphs), *cells])


def lacking(held: Report, *lacks: Lack) -> Report:
    assert held.audit is not None
    return replace(held, audit=replace(held.audit, lacks=lacks))


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_filled_without_a_field_left_over(kind: Kind, lang: Lang) -> None:
    text = told(document(with_audit(report(lang), findings=2), kind))
    assert "{{" not in text
    assert "{%" not in text
    assert "A-1" in text


@pytest.mark.parametrize("kind", [Kind.CHECKLIST, Kind.AUDIT, Kind.GAP])
def test_every_requirement_is_in_the_long_documents(kind: Kind) -> None:
    held = with_audit(report())
    lines = told(document(held, kind)).split("\n")
    assert [r.id for r in held.requirements if r.id not in lines] == []


def test_hostile_text_of_a_finding_arrives_as_text() -> None:
    text = told(document(with_audit(report(), text=f"{FORMULA} {SCRIPT} & <b>"), Kind.NC))
    assert f"{FORMULA} {SCRIPT} & <b>" in text


def test_a_nonconformity_report_has_fact_grade_answer_and_verification() -> None:
    text = told(document(with_audit(report(), findings=2), Kind.NC))
    assert "□ 严重不符合  ■ 一般不符合  □ 改进机会" in text
    assert "■ 严重不符合  □ 一般不符合  □ 改进机会" in text
    assert all(
        word in text
        for word in ("不符合事实", "原因分析", "举一反三", "验证结论", "受审核方代表：")
    )


def test_one_finding_stands_alone() -> None:
    text = told(document(of_one(with_audit(report(), findings=3), "NC02"), Kind.NC))
    assert "NC02" in text
    assert "NC01" not in text


def test_a_document_that_lacks_something_is_stamped_a_draft() -> None:
    text = told(document(lacking(with_audit(report()), LACK), Kind.AUDIT))
    assert "尚缺：R-a（fcim-audit report --check）" in text
    assert "草稿" in text


def test_a_warning_makes_no_draft() -> None:
    warning = replace(LACK, is_error=False)
    text = told(document(lacking(with_audit(report()), warning), Kind.AUDIT))
    assert "尚缺" not in text
    assert "内容齐全，未标为终稿" in text


def test_what_is_marked_final_says_so() -> None:
    text = told(document(replace(with_audit(report()), is_final=True), Kind.AUDIT))
    assert "终稿" in text


def test_what_the_audit_file_does_not_say_is_said_not_to_be_stated() -> None:
    assert "〔未填写〕" in told(document(with_audit(report()), Kind.AUDIT))


def test_the_contents_have_a_page_number_field_for_each_heading() -> None:
    with zipfile.ZipFile(io.BytesIO(document(with_audit(report()), Kind.AUDIT))) as package:
        xml = package.read("word/document.xml").decode()
    assert xml.count("PAGEREF _Toc") == xml.count('w:name="_Toc') == 17


def test_header_rows_repeat_and_every_kind_has_page_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(document(with_audit(report()), Kind.CHECKLIST))) as package:
        assert "w:tblHeader" in package.read("word/document.xml").decode()
        assert "NUMPAGES" in package.read("word/footer1.xml").decode()


def test_an_own_template_is_filled(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ organisation }} / {{ leader }}")
    assert told(document(with_audit(report()), Kind.AUDIT, own)).startswith(f"{FORMULA}")


def test_an_unknown_field_is_named_with_its_place(tmp_path: Path) -> None:
    own = template(tmp_path, "组长 {{ leaderr }}")
    with pytest.raises(AuditError) as caught:
        demand_known(own)
    assert "leaderr" in caught.value.problem.en
    assert "¶1 组长 {{ leaderr }}" in caught.value.where


def test_a_template_runs_no_code(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ organisation.__class__.__mro__[1].__subclasses__() }}")
    with pytest.raises(AuditError):
        document(with_audit(report()), Kind.AUDIT, own)


def test_a_broken_tag_and_a_file_that_is_no_word_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError):
        demand_known(template(tmp_path, "{{ organisation "))
    (tmp_path / "x.docx").write_bytes(b"PK nothing")
    with pytest.raises(AuditError):
        demand_known(tmp_path / "x.docx")


def test_the_fields_that_a_template_may_use_are_listed() -> None:
    assert {"organisation", "leader", "team[].name", "nonconformities[].statement"} <= set(
        available()
    )


def test_the_same_audit_is_the_same_bytes() -> None:
    held = with_audit(report())
    assert document(held, Kind.AUDIT) == document(held, Kind.AUDIT)


def test_findings_of_this_audit_are_called_without_its_number() -> None:
    held = with_audit(report())
    assert held.audit is not None
    finding = held.audit.findings["NC01"]
    held = replace(
        held, audit=replace(held.audit, findings={"A-1-NC01": finding, "A-0-NC07": finding})
    )
    text = told(document(held, Kind.RECOMMENDATION))
    assert "\nNC01\n" in text
    assert "\nA-0-NC07\n" in text


def test_the_way_to_a_certificate_names_all_that_is_done_alike_in_one_row() -> None:
    held = with_audit(report(Lang.EN), findings=2)
    assert held.audit is not None
    fixes = (
        Fix(Do.VERIFY, "4.1-a", 1, is_estimate=True), Fix(Do.CLOSE, "A-1-NC01", 3, is_estimate=False),
        Fix(Do.VERIFY, "4.1-b", 2, is_estimate=False),
    )  # fmt: skip
    ways = (Way(RecommendationCode.RECOMMEND, fixes),)
    rows = told(document(replace(held, audit=replace(held.audit, ways=ways)), Kind.GAP)).split("\n")
    at = rows.index("verify (2)")
    assert rows[at : at + 6] == [
        "verify (2)", "4.1-a, 4.1-b", "3 (estimate)", "correct and close (1)", "NC01", "3",
    ]  # fmt: skip


def test_a_bar_ends_in_something_so_that_libreoffice_paints_it() -> None:
    assert "\u00a0\u200b" in told(document(with_audit(report()), Kind.GAP))


def test_limits_are_said_in_the_language_of_the_document() -> None:
    chinese, english = (told(document(with_audit(report(lang)), Kind.PLAN)) for lang in Lang)
    assert "12 个月" in chinese
    assert "12 months" in english
    assert "months" not in chinese
    assert "19/20" not in chinese + english


@pytest.mark.office
def test_the_pdf_has_page_numbers_in_its_contents(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf.from_docx(document(with_audit(report()), Kind.AUDIT)))
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"],
        capture_output=True, encoding="utf-8", timeout=60, check=True,
    ).stdout  # fmt: skip
    (line,) = [line for line in text.split("\n") if line.startswith("十四、签署..")]
    assert line.rsplit(".", 1)[1].strip().isdigit()


def template(folder: Path, text: str) -> Path:
    word = Document()
    word.add_paragraph(text)
    word.save(str(folder / "own.docx"))
    return folder / "own.docx"
