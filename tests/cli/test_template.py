"""The template as an organisation meets it: written, filled in, read without a mapping."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.datasets import Column, ColumnType, Dataset
from tests.cli.command import HEAD, result, run, run_afresh, statuses

DATASETS = load_checklist(shipped("checklists") / "fcim", rules=False).datasets
MARKS = ("【示例行】", "[EXAMPLE ROW]")
ROWS = 20


@dataclass(frozen=True)
class Filled:
    """A bundle whose only file is a template, and what `inspect` says of it."""

    folder: Path
    inspected: dict[str, Any]

    @property
    def sheets(self) -> dict[str, dict[str, Any]]:
        """What was read, by dataset."""
        found = [sheet for file in self.inspected["files"] for sheet in file["sheets"]]
        return {sheet["dataset"]: sheet for sheet in found if sheet["dataset"] is not None}


def written(folder: Path, lang: str, *, rows: int) -> Filled:
    """Have every template written, fill in each sheet, declare it as its first sheet says."""
    folder.mkdir()
    file = folder / "T.xlsx"
    done = run("--lang", lang, "template", "--all", "-o", file)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(file)
    guide = [str(row[0]) for row in book.worksheets[0].iter_rows(values_only=True)]
    entries = "\n".join(guide[guide.index("evidence:") :])
    (folder / "bundle.yaml").write_text(f"{HEAD}{entries}\n", encoding="utf-8")
    shown = [sheet for sheet in book.worksheets[1:] if sheet.sheet_state == "visible"]
    for sheet, name in zip(shown, sorted(DATASETS), strict=True):
        fill(sheet, DATASETS[name], rows)
    book.save(file)
    done = run("inspect", folder, "--format", "json", FCIM_CACHE=str(folder.parent / "cache"))
    assert done.returncode == 0, done.stdout + done.stderr
    return Filled(folder, json.loads(done.stdout))


def fill(sheet: Worksheet, dataset: Dataset, rows: int) -> None:
    """Write rows like the sample one, each word of every list in one of them."""
    lists = {
        range_boundaries(str(v.sqref))[0]: words_of(sheet, v.formula1)
        for v in sheet.data_validations.dataValidation
        if v.type == "list"
    }
    for number in range(rows):
        for place, column in enumerate(dataset.columns, start=1):
            words = lists.get(place)
            sample = filled_in(column, sheet.cell(2, place).value, number)
            sheet.cell(3 + number, place).value = words[number % len(words)] if words else sample


def words_of(sheet: Worksheet, formula: str) -> list[str]:
    """The words of a list: written out, or, if they are many, on the hidden sheet."""
    where, marked, cells = formula.partition("!")
    if not marked:
        return formula.strip('"').split(",")
    book = sheet.parent
    assert book is not None
    return [str(row[0].value) for row in book[where][cells.replace("$", "")]]


def filled_in(column: Column, value: object, number: int) -> Any:
    """A value like that of the sample row; texts and stamps differ from row to row."""
    plain = value
    if isinstance(value, str):
        plain = value.removeprefix(MARKS[0]).removeprefix(MARKS[1]).strip()
    if column.type is ColumnType.TEXT and plain is not None:
        return f"{plain}-{number}"
    if column.type in {ColumnType.DATE, ColumnType.DATETIME} and plain is not None:
        stamp = plain if isinstance(plain, dt.datetime) else dt.datetime.fromisoformat(str(plain))
        return stamp + dt.timedelta(days=number)
    return plain


@pytest.fixture(scope="module", params=["zh", "en"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Every sheet filled in, in both languages."""
    return written(tmp_path_factory.mktemp(request.param) / "b", request.param, rows=ROWS)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The template as it was written."""
    return written(tmp_path_factory.mktemp("untouched") / "b", "zh", rows=0)


def test_every_column_of_every_dataset_is_recognised(filled: Filled) -> None:
    assert {name: list(sheet["columns"]) for name, sheet in filled.sheets.items()} == {
        name: list(dataset.types) for name, dataset in DATASETS.items()
    }


def test_the_sample_row_is_left_out_with_its_reason(filled: Filled) -> None:
    left = [sheet["left_out"] for sheet in filled.sheets.values()]
    assert left == [[{"row": 2, "why": "example"}]] * len(DATASETS)


def test_every_filled_row_is_understood(filled: Filled) -> None:
    read = {name: (s["row_count"], s["problems"]) for name, s in filled.sheets.items()}
    assert read == {name: (ROWS, []) for name in DATASETS}


def test_only_the_guide_is_not_taken_in(filled: Filled) -> None:
    sheets = [sheet for file in filled.inspected["files"] for sheet in file["sheets"]]
    assert [s["name"] for s in sheets if s["dataset"] is None] in [
        ["说明"], ["Read me"], ["说明", "_lists"], ["Read me", "_lists"],
    ]  # fmt: skip


def test_a_filled_template_is_evaluated(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FCIM_CACHE", str(filled.folder.parent / "cache"))
    document = result(filled.folder, "--only", "6.3-d,6.3-e")
    assert set(statuses(document)) == {"6.3-d", "6.3-e"}


def test_an_untouched_template_proves_nothing(
    untouched: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FCIM_CACHE", str(untouched.folder.parent / "cache"))
    assert {sheet["row_count"] for sheet in untouched.sheets.values()} == {0}
    assert "conform" not in statuses(result(untouched.folder)).values()


def test_the_same_call_gives_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "T.xlsx"
    run_afresh("template", "feedback_tickets", "ohs_alerts", "-o", file)
    first = file.read_bytes()
    run_afresh("template", "feedback_tickets", "ohs_alerts", "-o", file, "--force")
    assert file.read_bytes() == first


def test_datasets_stand_in_the_order_of_the_call_once_each(tmp_path: Path) -> None:
    file = tmp_path / "T.xlsx"
    done = run("--lang", "en", "template", "suppliers", "backups", "suppliers", "-o", file)
    assert openpyxl.load_workbook(file).sheetnames == ["Read me", "Suppliers", "Backup jobs"]
    assert done.stderr == f"{file}: 2 sheets to fill in; the first sheet says how\n"


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "T.xlsx"
    file.write_text("filled in")
    done = run("--lang", "en", "template", "backups", "-o", file)
    assert done.returncode == 2
    assert "may have been filled in" in done.stderr
    assert "replace it with --force" in done.stderr
    assert file.read_text() == "filled in"


def test_force_replaces_a_file_that_is_there(tmp_path: Path) -> None:
    file = tmp_path / "T.xlsx"
    file.write_text("old")
    assert run("template", "backups", "-o", file, "--force").returncode == 0
    assert openpyxl.load_workbook(file).sheetnames[1:] == ["Backup jobs"]
    assert [path.name for path in tmp_path.iterdir()] == ["T.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("nope", "-o", "T.xlsx"), "there is no dataset nope", id="unknown"),
        pytest.param(("nope", "-o", "T.xlsx"), "use any of access_log,", id="the-known-ones"),
        pytest.param(("-o", "T.xlsx"), "no dataset was named", id="none"),
        pytest.param(("--all", "backups", "-o", "T.xlsx"), "exclude each other", id="both"),
        pytest.param(("backups",), "Missing option", id="no-file"),
        pytest.param(("backups", "-o", "T.xls"), "is not called .xlsx", id="not-a-workbook"),
        pytest.param(("backups", "-o", "no/T.xlsx"), "there is no folder no", id="no-folder"),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run("--lang", "en", "template", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_shows_an_example() -> None:
    assert "fcim-audit template --all -o" in run("--lang", "en", "template", "--help").stdout
