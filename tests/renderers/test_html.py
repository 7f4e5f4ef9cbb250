"""The page is one file, escaped, and asks nobody for anything."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from fcim_audit.language import Lang
from fcim_audit.renderers.html import render
from tests.renderers.told import FORMULA, report


@pytest.fixture(scope="module")
def page() -> str:
    return render(report()).decode()


def test_hostile_markup_is_text(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_control_and_turning_characters_are_shown(page: str) -> None:
    assert "\x07" not in page
    assert "\u202e" not in page
    assert r"bell\x07" in page


def test_nothing_is_asked_from_outside(page: str) -> None:
    assert re.findall(r"""(?:src|href)=["'](?!#)""", page) == []
    assert "https://" not in page
    assert "default-src 'none'" in page


def test_an_exception_stands_beside_its_cells_as_they_were(page: str) -> None:
    assert f"<td>B2 {FORMULA} = {FORMULA}<br>C2 备注</td>" in page


def test_a_figure_leads_to_its_table_its_hash_and_its_columns(page: str) -> None:
    assert "feedback_tickets: =1+1.xlsx!&lt;script&gt;alert(1)&lt;/script&gt;!A1:C4" in page
    assert f"sha256 {'1' * 64}" in page
    assert "made = C 甲" in page


def test_every_requirement_has_a_row_to_link_to(page: str) -> None:
    assert len(re.findall(r'<tr id="r-[^"]+">', page)) == 167


def test_the_tiles_count_what_the_list_shows(page: str) -> None:
    assert re.search(r'<li>严重不符合 <a href="#r-6.3-d" data-ids="6.3-d">1</a></li>', page)


def test_english_speaks_english() -> None:
    page = render(report(Lang.EN)).decode()
    assert "What was not looked at" in page
    assert 'lang="en"' in page
    assert FORMULA in page


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(report()) == render(report())


@pytest.mark.browser
def test_a_browser_shows_it(page: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    shown = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    assert shown.stdout.count('<tr id="r-') == 167
