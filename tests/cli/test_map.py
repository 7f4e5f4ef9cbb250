"""`map` and `inspect` on files of which nobody has said what they are."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import yaml

from tests.cli.command import COMMAND, run
from tests.conftest import ROOT

TICKETS = "工单编号,创建时间,渠道,客户名称,状态\n001,2025-03-01 09:05,电话,张三,已关闭\n"
RENAMED = TICKETS.replace("创建时间", "创建时刻")


@pytest.fixture(autouse=True)
def _own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FCIM_MAPPINGS", str(tmp_path / "mappings.yaml"))


def _folder(path: Path, **files: str) -> Path:
    folder = path / "evidence"
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def test_exact_headings_map_by_themselves(tmp_path: Path) -> None:
    result = run("map", str(_folder(tmp_path, a=TICKETS)))
    assert result.returncode == 0
    assert yaml.safe_load(result.stdout)["evidence"] == [
        {"file": "a.csv", "dataset": "feedback_tickets"}
    ]


def _book(folder: Path, **sheets: str) -> Path:
    """A workbook whose sheets hold these lines of cells."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    folder.mkdir(exist_ok=True)
    book.save(folder / "a.xlsx")
    return folder


def test_sheets_alike_by_month_are_one_entry_and_a_cover_is_none(tmp_path: Path) -> None:
    months = {f"{month}月": TICKETS.replace("001", f"00{month}") for month in (1, 2, 3)}
    folder = _book(tmp_path / "e", 封面="二〇二五年工单", **months)
    result = run("map", str(folder))
    assert result.returncode == 0
    assert yaml.safe_load(result.stdout)["evidence"] == [
        {"file": "a.xlsx", "dataset": "feedback_tickets"}
    ]
    assert [line for line in result.stdout.splitlines() if "a.xlsx!" in line] == [
        "  # a.xlsx!封面: no heading row that is known",
        "  # a.xlsx!1月: heading row 1, rows of data: 1; exact headings: 5",
        "  # a.xlsx!2月: heading row 1, rows of data: 1; exact headings: 5",
        "  # a.xlsx!3月: heading row 1, rows of data: 1; exact headings: 5",
    ]
    told = json.loads(run("inspect", str(folder), "--format", "json").stdout)
    (file,) = told["files"]
    found = [(sheet["name"], sheet["dataset"], sheet["row_count"]) for sheet in file["sheets"]]
    data = [(name, "feedback_tickets", 1) for name in months]
    assert found == [("封面", None, 0), *data]


@pytest.mark.parametrize(
    "other",
    [
        TICKETS.replace("创建时间", "创建时刻"),
        "汇总项,一月,二月\n工单数,1,1\n",
        "订单号,下单时间,客户名称,服务类型,渠道,状态\n1,2025-03-01,甲,维修,电话,已完成\n",
    ],
    ids=["not all map", "no dataset", "another dataset"],
)
def test_sheets_that_differ_have_entries_of_their_own(tmp_path: Path, other: str) -> None:
    folder = _book(tmp_path / "e", 一=TICKETS, 二=TICKETS, 三=other)
    found = yaml.safe_load(run("map", str(folder)).stdout)["evidence"]
    assert [entry["sheet"] for entry in found][:2] == ["一", "二"]
    assert {entry["dataset"] for entry in found[:2]} == {"feedback_tickets"}


def test_a_required_column_that_is_only_alike_is_suggested_and_ends_with_3(tmp_path: Path) -> None:
    result = run("map", str(_folder(tmp_path, a=RENAMED)))
    assert result.returncode == 3
    assert yaml.safe_load(result.stdout)["evidence"] == []
    assert "created_at ? 创建时刻（71%，the values fit, such as 2025-03-01 09:05）" in result.stderr


def test_the_opposite_is_never_suggested(tmp_path: Path) -> None:
    text = TICKETS.replace("创建时间", "预计关闭时间")
    result = run("map", str(_folder(tmp_path, a=text)))
    assert result.returncode == 3
    assert "预计关闭时间（" not in result.stderr


def test_write_keeps_what_was_there(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a=TICKETS)
    (folder / "bundle.yaml").write_text("old", encoding="utf-8")
    assert run("map", str(folder), "--write").returncode == 0
    assert (folder / "bundle.yaml.bak").read_text(encoding="utf-8") == "old"
    assert "feedback_tickets" in (folder / "bundle.yaml").read_text(encoding="utf-8")


def test_the_sample_organisation_is_recognised_file_by_file() -> None:
    folder = ROOT / "evidence_samples" / "eldercare"
    declared = yaml.safe_load((folder / "bundle.yaml").read_bytes())["evidence"]
    found = yaml.safe_load(run("map", str(folder)).stdout)["evidence"]
    wanted = {(entry["file"], entry["dataset"]) for entry in declared if "*" not in entry["file"]}
    missed = wanted - {(entry["file"], entry["dataset"]) for entry in found}
    assert missed == {("运维/backup.log", "backups")}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks_and_remembers_what_was_said(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a=RENAMED)
    command = [COMMAND, "map", str(folder)]
    ours, theirs = pty.openpty()
    os.write(ours, b"1\n1\n")
    with subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        first = child.stdout.read().decode()
    os.close(theirs)
    os.close(ours)
    assert child.returncode == 0
    entry = {"file": "a.csv", "dataset": "feedback_tickets", "columns": {"created_at": "创建时刻"}}
    assert yaml.safe_load(first)["evidence"] == [entry]
    again = run("map", str(folder))
    assert again.returncode == 0
    assert yaml.safe_load(again.stdout)["evidence"] == [entry]


def test_inspect_tells_of_a_folder_without_a_bundle(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a=TICKETS, b=RENAMED, c="甲,乙\n1,#REF!\n")
    result = run("inspect", str(folder), "--format", "json", "--rows", "all")
    assert result.returncode == 0
    sheets = [file["sheets"][0] for file in json.loads(result.stdout)["files"]]
    assert [sheet["dataset"] for sheet in sheets] == ["feedback_tickets", None, None]
    assert sheets[1]["suggestions"]["创建时刻"] == ["created_at"]
    assert sheets[2]["rows"] == [{"row": 2, "cells": {"甲": "1", "乙": "#REF!"}}]
    assert sheets[2]["problems"] == [
        {"row": 2, "cell": "B2", "column": "乙", "kind": "error_value", "text": "#REF!"}
    ]


def test_inspect_finds_a_table_whose_words_it_does_not_know() -> None:
    result = run("inspect", str(ROOT / "tests/mess/form.xlsx"), "--format", "json", "--rows", "all")
    (sheet,) = json.loads(result.stdout)["files"][0]["sheets"]
    assert sheet["header_rows"] == [4]
    assert sheet["metadata"] == {"编号": "QR-07-03", "版本": "A/1", "填表日期": "2025-12-31"}
    assert [row["row"] for row in sheet["rows"]] == [5, 6, 9]


ACCESS = '10.0.0.1 - li [01/Mar/2025:09:05:00 +0800] "GET /a HTTP/1.1" 200 5 "-" "x"\n'
PAIRS = 'ticket_id=T1 created_at="2025-03-01 09:00" channel=电话 customer=a status=已关闭\n'


def _log(path: Path, content: str) -> Path:
    folder = path / "logs"
    folder.mkdir()
    (folder / "a.log").write_text(content, encoding="utf-8")
    return folder


def test_a_log_of_keys_and_values_maps_by_its_keys(tmp_path: Path) -> None:
    folder = _log(tmp_path, PAIRS)
    result = run("map", folder)
    assert result.returncode == 0
    assert yaml.safe_load(result.stdout)["evidence"] == [
        {"file": "a.log", "pattern": "kv", "dataset": "feedback_tickets"}
    ]
    inspected = json.loads(run("inspect", folder, "--format", "json").stdout)
    assert inspected["files"][0]["sheets"][0]["dataset"] == "feedback_tickets"


def test_what_an_access_log_is_evidence_of_is_only_suggested(tmp_path: Path) -> None:
    result = run("map", _log(tmp_path, ACCESS * 3))
    assert result.returncode == 3
    assert yaml.safe_load(result.stdout)["evidence"] == []
    assert "# - {file: a.log, dataset: access_log, pattern: nginx, columns: {at: time," in (
        result.stdout
    )


def test_map_tells_programs_what_is_open(tmp_path: Path) -> None:
    result = run("map", _folder(tmp_path, a=RENAMED), "--format", "json")
    assert result.returncode == 3
    document = json.loads(result.stdout)
    assert document["schema"] == "fcim-audit/map/1"
    (file,) = document["files"]
    (sheet,) = file["sheets"]
    assert (file["file"], file["kind"], file["pattern"], file["unreadable"]) == (
        "a.csv", "csv", None, None,
    )  # fmt: skip
    assert (sheet["dataset"], sheet["open"], sheet["row_count"]) == (None, True, 1)
    assert sheet["candidates"][0] == "feedback_tickets"
    assert sheet["columns"]["ticket_id"] == "工单编号"
    assert sheet["suggestions"]["created_at"] == [
        {"heading": "创建时刻", "score": 0.71, "fits": True, "samples": ["2025-03-01 09:05"]}
    ]


def test_map_tells_programs_why_a_file_is_unreadable(tmp_path: Path) -> None:
    result = run("map", _folder(tmp_path, a="a,b\n1,\0\n"), "--format", "json")
    assert result.returncode == 3
    (file,) = json.loads(result.stdout)["files"]
    assert file["unreadable"]["en"].startswith("line 2 holds a NUL character")
    assert file["sheets"] == []


def test_what_is_not_there_says_so(tmp_path: Path) -> None:
    result = run("map", str(tmp_path / "none"))
    assert result.returncode == 3
    assert "there is no such file or folder" in result.stderr


def test_the_list_to_send_back_names_each_cell(tmp_path: Path) -> None:
    text = TICKETS + "002,3月1日,电话,李四,说不清\n"
    folder = _folder(tmp_path, a=text)
    out = tmp_path / "mend.xlsx"
    assert run("inspect", folder, "--format", "xlsx", "-o", out).returncode == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["To mend", "Read", "Rows left out"]
    assert [row[2:6] for row in book["To mend"].iter_rows(min_row=2, values_only=True)] == [
        ("B3", "创建时间", "3月1日", "the year is missing"),
        ("E3", "状态", "说不清", "not one of the values that are known"),
    ]


def test_the_page_to_send_back_runs_nothing_and_names_nobody(tmp_path: Path) -> None:
    text = TICKETS + "<script>x</script>,2025-03-02,电话,#N/A,已关闭\n"
    result = run("inspect", _folder(tmp_path, a=text), "--format", "html")
    assert "<script" not in result.stdout
    assert "(personal, not shown)" in result.stdout


def test_a_workbook_does_not_go_to_the_terminal(tmp_path: Path) -> None:
    result = run("inspect", str(_folder(tmp_path, a=TICKETS)), "--format", "xlsx")
    assert result.returncode == 2
    assert "name a file with -o FILE.xlsx" in result.stderr
