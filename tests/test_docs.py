"""Docs say what is so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.checks import KINDS
from fcim_audit.checks.base import ScopedCheck
from fcim_audit.evidence.bundle import BundleFile, EvidenceEntry
from fcim_audit.expression import OWN_FUNCTIONS
from scripts.make_docs import FILES, rewritten
from scripts.make_tables import pages
from tests.conftest import ROOT

PAGES = [
    "README.md",
    "README.zh.md",
    "CONTRIBUTING.md",
    *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a Unix shell")
@pytest.mark.parametrize("name", FILES)
def test_the_output_in_the_docs_is_the_real_output(name: str) -> None:
    assert rewritten(page(name)) == page(name)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#]+)\)", page(name))
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_path_that_is_named_exists(name: str) -> None:
    named = re.findall(
        r"`((?:src|docs|tests|checklists|templates|scripts|\.ci)/[\w./-]+)`", page(name)
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_kind_of_check_and_its_parameters_are_documented() -> None:
    text = page("docs/checklists.md")
    own = {
        field
        for kind in KINDS
        for field in kind.model_fields
        if field not in ScopedCheck.model_fields and field != "kind"
    }
    assert [name for name in sorted(own | set(OWN_FUNCTIONS)) if name not in text] == []


def test_every_key_of_a_bundle_is_documented() -> None:
    keys = {*BundleFile.model_fields, *EvidenceEntry.model_fields}
    assert [key for key in sorted(keys) if f"`{key}`" not in page("docs/bundles.md")] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_every_kind_shows_what_passes_and_what_fails(kind: type) -> None:
    assert kind.__doc__ is not None
    assert "Passes" in kind.__doc__
    assert "ails" in kind.__doc__


def test_the_readme_lists_every_exit_code() -> None:
    codes = re.findall(r"^\| (\d+) \|", page("README.md"), re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "70", "130"]


def test_what_the_docs_cut_is_marked() -> None:
    assert len(page("README.md").splitlines()) < 170
    assert re.search(r"^\[… \d+ lines cut …\]$", page("README.md"), re.MULTILINE)
    assert re.search(r"^［……此处略去 \d+ 行……］$", page("README.zh.md"), re.MULTILINE)


def test_both_readmes_have_the_same_parts_and_commands() -> None:
    def shape(name: str) -> tuple[int, list[str]]:
        text = page(name)
        return text.count("\n## "), re.findall(
            r"^    (fcim-audit [a-z]+(?: [a-z]+)?)", text, re.MULTILINE
        )

    assert shape("README.md") == shape("README.zh.md")


def test_no_page_is_empty() -> None:
    assert [
        name for name in PAGES if len(Path(ROOT / name).read_text(encoding="utf-8")) < 200
    ] == []


@pytest.mark.parametrize("name", ["requirements.md", "datasets.md"])
def test_the_tables_are_those_of_the_checklist(name: str) -> None:
    checklist = load_checklist(shipped("checklists") / "fcim", rules=False)
    assert pages(checklist)[name] == page(f"docs/{name}")


PICTURES = ROOT / "docs" / "pictures"
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def shown(name: str) -> list[tuple[str, Path]]:
    """The words and the file of each picture on a page."""
    folder = (ROOT / name).parent
    return [(words, (folder / link).resolve()) for words, link in IMAGE.findall(page(name))]


def test_every_picture_is_shown_and_every_one_shown_is_there() -> None:
    named = {file for name in PAGES for _, file in shown(name)}
    assert named == {file.resolve() for file in PICTURES.iterdir()}


def test_every_picture_is_told_in_words() -> None:
    assert [file.name for name in PAGES for words, file in shown(name) if len(words) < 15] == []


def test_every_picture_is_small() -> None:
    assert [f.name for f in PICTURES.iterdir() if f.stat().st_size > 150_000] == []
