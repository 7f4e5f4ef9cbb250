"""Page numbers of a final document's contents: laid out once, written where Word shows them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from fcim_audit.cli.report_final import numbered
from fcim_audit.document_kinds import Kind
from fcim_audit.renderers.docx import document
from fcim_audit.renderers.docx.contents import with_pages
from scripts.word_templates import look
from tests.renderers.held import with_audit
from tests.renderers.told import report


def contents(data: bytes) -> list[str]:
    """The lines of a contents: whatever ends in a tab and a page."""
    return [p.text for p in Document(io.BytesIO(data)).paragraphs if "\t" in p.text]


def marked(*pages: tuple[str, int]) -> bytes:
    """A document with a line for each mark and, after so many page breaks, the mark itself."""
    word = Document()
    for name, _ in pages:
        line = word.add_paragraph(f"{name}\t")
        look.field(line, f"PAGEREF {name} \\h", "–")
    for number, (name, breaks) in enumerate(pages):
        for _ in range(breaks):
            word.add_page_break()
        paragraph = word.add_paragraph("here")
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            element = OxmlElement(tag)
            element.set(qn("w:id"), str(number))
            element.set(qn("w:name"), name)
            paragraph._p.append(element)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


@pytest.mark.office
def test_each_line_shows_the_page_its_mark_lies_on() -> None:
    data = with_pages(marked(("_Toc000001", 1), ("第一章", 2), ("a-b", 0)))
    assert contents(data) == ["_Toc000001\t2", "第一章\t4", "a-b\t4"]


@pytest.mark.office
def test_a_mark_that_is_nowhere_keeps_what_it_showed() -> None:
    word = Document(io.BytesIO(marked(("there", 1))))
    look.field(word.add_paragraph("lost\t"), "PAGEREF lost \\h", "–")
    out = io.BytesIO()
    word.save(out)
    assert contents(with_pages(out.getvalue())) == ["there\t2", "lost\t–"]


@pytest.mark.office
def test_every_line_of_an_audit_report_has_a_page_and_they_rise() -> None:
    lines = contents(with_pages(document(with_audit(report()), Kind.AUDIT)))
    pages = [int(line.split("\t")[1]) for line in lines]
    assert len(pages) == 17
    assert pages == sorted(pages)
    assert pages[0] == 2
    assert pages[-1] > 10


@pytest.mark.office
def test_nothing_but_the_results_of_the_fields_changes() -> None:
    before = document(with_audit(report()), Kind.AUDIT)
    after = with_pages(before)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        names = [n for n in old.namelist() if n != "word/document.xml"]
        assert [n for n in names if old.read(n) != new.read(n)] == []
    told = [p.text.split("\t")[0] for p in Document(io.BytesIO(before)).paragraphs]
    assert [p.text.split("\t")[0] for p in Document(io.BytesIO(after)).paragraphs] == told


def test_a_document_without_such_fields_is_not_touched() -> None:
    plain = document(with_audit(report()), Kind.NC)
    assert with_pages(plain) == plain


def test_without_libreoffice_a_final_document_is_written_as_it_was_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("FCIM_LANG", "en")
    data = marked(("there", 1))
    assert numbered(data) == data
    assert "the contents have no page numbers (there is no LibreOffice)" in capsys.readouterr().err
