"""The work-paper as a workbook: what is locked, what can be chosen, and that another program keeps it."""

from __future__ import annotations

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.paper import HEADINGS, REQUIREMENT_COLUMNS, TO_FILL, Column
from fcim_audit.auditfile.schema import EvidenceKind, EvidenceRef, JudgementEntry, MaturityEntry
from fcim_audit.auditfile.workpaper import workpaper_of
from fcim_audit.model import Status
from fcim_audit.renderers.workpaper import render
from tests.auditfile.paper_audits import AT, begun, proposal, proposing
from tests.auditfile.papers import bench, exported, imported, refused, told
from tests.auditfile.test_workpaper import HOSTILE

FORMULA = JudgementEntry(
    status=Status.NOT_VERIFIED, note="=1+1", reason="@SUM(A1)", by="LW", at=AT,
    evidence=(EvidenceRef(kind=EvidenceKind.FILE, ref="=cmd|' /C calc'!A0"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """An audit with a proposal on 6.3-d and a judgement that looks like a formula on 4.1-a."""
    audit = begun(tmp_path_factory.mktemp("r") / "A")
    proposing(audit.folder, proposal("6.3-d", "minor"))
    return bench(audit, {"4.1-a": FORMULA})


@pytest.fixture(scope="module")
def book(on: Bench) -> Workbook:
    return openpyxl.load_workbook(BytesIO(exported(on)))


def sheet(book: Workbook) -> Worksheet:
    return book["工作底稿"]


def row(book: Workbook, key: str) -> dict[Column, object]:
    """The cells of a requirement, by column."""
    (found,) = [r for r in sheet(book).iter_rows() if r[0].value == key]
    return {column: cell.value for column, cell in zip(REQUIREMENT_COLUMNS, found, strict=True)}


def test_the_same_paper_gives_the_same_bytes(on: Bench) -> None:
    assert exported(on) == exported(on)


def test_the_sheets_stand_in_reading_order_and_ours_are_hidden(book: Workbook) -> None:
    assert [(s.title, s.sheet_state) for s in book.worksheets] == [
        ("封面", "visible"), ("填写说明", "visible"), ("工作底稿", "visible"),
        ("_lists", "hidden"), ("_meta", "hidden"),
    ]  # fmt: skip


def test_an_english_audit_has_an_english_paper(tmp_path: Path) -> None:
    on = bench(begun(tmp_path / "A", language="en", type="gap"))
    book = openpyxl.load_workbook(BytesIO(exported(on)))
    assert [s.title for s in book.worksheets][:4] == ["Cover", "Read me", "Work-paper", "Maturity"]
    assert [c.value for c in book["Work-paper"][1]] == [HEADINGS[c].en for c in REQUIREMENT_COLUMNS]


def test_a_row_tells_what_is_asked_what_is_proposed_and_what_was_measured(book: Workbook) -> None:
    cells = row(book, "6.3-d")
    assert cells[Column.PROPOSAL] == "一般不符合"
    assert cells[Column.BASIS] == "M1  检查不通过"
    assert "不通过 390/890 = 43.82 % (≥ 100 %)" in str(cells[Column.MEASURED])
    assert str(cells[Column.MEASURED]).startswith("6.3-d.response")
    assert cells[Column.PLACES] == "客服/工单.xlsx!工单:17 T1"
    assert all(
        cells[c] for c in (Column.CRITERION, Column.QUESTION, Column.ASK_FOR, Column.SAMPLING)
    )


def test_nothing_in_it_is_a_formula(on: Bench) -> None:
    with zipfile.ZipFile(BytesIO(exported(on))) as opened:
        sheets = [n for n in opened.namelist() if n.startswith("xl/worksheets/sheet")]
        assert [name for name in sheets if b"<f>" in opened.read(name)] == []


def test_facts_are_locked_and_what_is_to_be_filled_in_is_not(book: Workbook) -> None:
    assert sheet(book).protection.sheet
    open_ = {
        column
        for column, cell in zip(REQUIREMENT_COLUMNS, sheet(book)[2], strict=True)
        if not cell.protection.locked
    }
    assert open_ == TO_FILL & set(REQUIREMENT_COLUMNS)


def test_statuses_and_people_are_chosen_from_lists(book: Workbook) -> None:
    lists = {
        str(v.sqref): v.formula1
        for v in sheet(book).data_validations.dataValidation
        if v.type == "list"
    }
    assert lists == {
        "N2:N6": '"符合,改进机会,一般不符合,严重不符合,未核实,不适用"',
        "R2:R6": "_lists!$A$1:$A$3",
        "T2:T6": "_lists!$B$1:$B$1",
    }
    assert [c.value for c in book["_lists"]["A"]] == ["LW 李 伟", "ZM 张敏", "OB 王观"]


def test_headings_stay_in_sight_repeat_in_print_and_filter(book: Workbook) -> None:
    found = sheet(book)
    assert (found.freeze_panes, found.auto_filter.ref, found.print_title_rows) == (
        "F2",
        "A1:U6",
        "$1:$1",
    )
    assert (found.page_setup.orientation, found.page_setup.fitToHeight) == ("landscape", 0)
    assert found.column_dimensions["A"].hidden


def test_the_words_of_a_text_that_looks_like_a_formula_are_kept(book: Workbook) -> None:
    cells = row(book, "4.1-a")
    assert (cells[Column.NOTE], cells[Column.REASON]) == ("=1+1", "@SUM(A1)")


@pytest.mark.office
def test_a_save_by_libreoffice_changes_nothing(tmp_path: Path) -> None:
    audit = begun(tmp_path / "A", type="gap")
    proposing(audit.folder, proposal("6.3-d", "minor"))
    ids = [
        f"{clause}-{letter}"
        for clause in ("4.1", "4.2", "5.1.1", "5.1.2", "6.1.2", "8.1")
        for letter in "abcd"
    ]
    judged = {
        id_: FORMULA.model_copy(update={"note": text, "reason": text, "effort": 7})
        for id_, text in zip(ids, HOSTILE, strict=True)
    }
    level = MaturityEntry(level=0, note="=1+1", by="ZM", at=AT)
    on = bench(audit, judged, {"6.3": level})
    (tmp_path / "sent.xlsx").write_bytes(render(workpaper_of(on)))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "back"), str(tmp_path / "sent.xlsx")],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    plan = imported(on, tmp_path, (tmp_path / "back" / "sent.xlsx").read_bytes())
    assert (told(plan), refused(plan), plan.remarks) == ([], [], ())
