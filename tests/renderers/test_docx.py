"""The Word document: from a template, hostile text as text, the same bytes every time."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document

from fcim_audit.language import Lang
from fcim_audit.renderers.docx import render
from tests.renderers.told import FORMULA, SCRIPT, report


def lines(data: bytes) -> list[str]:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_hostile_text_arrives_as_text() -> None:
    told = "\n".join(lines(render(report())))
    assert FORMULA in told
    assert SCRIPT in told


def test_a_figure_says_what_it_was_made_of_and_an_exception_what_stood_there() -> None:
    told = "\n".join(lines(render(report())))
    assert f"← {FORMULA}.xlsx!{SCRIPT}!A1:C4 (3 行，排除 1 行, sha256 {'1' * 12}…)" in told
    assert f"B2 {FORMULA} = {FORMULA}; C2 备注" in told


def test_every_requirement_has_a_row() -> None:
    document = Document(io.BytesIO(render(report())))
    (table,) = [
        t for t in document.tables if t.rows[0].cells[0].text == "编号" and len(t.rows) > 100
    ]
    ids = [row.cells[0].text for row in table.rows]
    assert sum(bool(re.fullmatch(r"\d+\.\d+(\.\d+)*(-[a-z0-9]+)?", id_)) for id_ in ids) == 167


def test_no_template_field_is_left_over() -> None:
    told = "\n".join(lines(render(report(Lang.EN))))
    assert "{{" not in told
    assert "{%" not in told


def test_english_speaks_english() -> None:
    told = lines(render(report(Lang.EN)))
    assert told[:2] == ["Audit result", "DRAFT "]


def test_east_asian_fonts_and_language_are_set() -> None:
    with zipfile.ZipFile(io.BytesIO(render(report()))) as package:
        styles = package.read("word/styles.xml").decode()
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="zh-CN"' in styles
    assert "eastAsiaTheme" not in styles


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(report()) == render(report())


@pytest.mark.office
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(render(report()))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "r.docx")],
        capture_output=True, timeout=180, check=True,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "r.pdf"), "-"],
        capture_output=True, encoding="utf-8", timeout=60, check=True,
    ).stdout  # fmt: skip
    assert "全部要求" in text
