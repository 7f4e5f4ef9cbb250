"""Containers other than .xlsx and CSV: HTML, JSON, SQLite, key=value logs, named log formats."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fcim_audit.readers.base import Fault, Merge, Skipped
from tests.readers.reading import read, refusal


def test_a_table_of_html_with_its_spans(tmp_path: Path) -> None:
    seen = read(
        tmp_path,
        '<html><head><meta charset="gbk"><style>tr{}</style></head><body><table>'
        "<tr><th rowspan=2>工单号<th colspan=2>处置</tr><tr><td>时间<td>人</tr>"
        "<tr style='display:none'><td>007<td>09:05<br>到 &lt;场&gt;<td> 李\n 某</table>".encode(
            "gbk"
        ),
    )
    assert (seen.file.kind, seen.file.encoding) == ("html", "gb18030")
    assert seen.rows == [
        (1, ["工单号", "处置", ""]),
        (2, ["", "时间", "人"]),
        (3, ["007", "09:05\n到 <场>", "李 某"]),
    ]
    assert seen.file.sheets[0].merged == (Merge(1, 0, 2, 0), Merge(1, 1, 1, 2))
    assert seen.file.sheets[0].hidden_rows == (3,)


def test_html_without_a_table_may_be_a_login_page(tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><html><body><form>login</form></body></html>"
    assert refusal(tmp_path, page) == "the HTML holds no table"


def test_the_character_set_that_html_declares_counts(tmp_path: Path) -> None:
    page = '<html><meta charset="big5"><table><tr><td>編號</table>'.encode("big5")
    assert read(tmp_path, page).rows == [(1, ["編號"])]


def test_each_table_of_html_is_a_sheet(tmp_path: Path) -> None:
    page = b"<table><tr><td><table><tr><td>a</table></table><table><tr><td>b</table>"
    assert read(tmp_path, page).by_sheet == {"1": [(1, ["a"])], "2": [(1, ["b"])]}


def test_json_records_become_rows_and_nested_keys_headings(tmp_path: Path) -> None:
    seen = read(
        tmp_path,
        b'[{"id": "001", "at": {"day": 1, "ok": true}}, 7, {"id": 2.50, "tags": ["a"], "at": null}]',
    )
    assert seen.file.sheets[0].headings == ("id", "at.day", "at.ok", "tags", "at")
    assert seen.rows == [
        (1, ["001", "1", "true", "", ""]),
        (2, ["", "", "", "", ""]),
        (3, ["2.50", "", "", '["a"]', ""]),
    ]
    assert seen.file.sheets[0].faults == (Fault(2, -1, "bad_line"),)


def test_json_records_lie_where_the_path_says(tmp_path: Path) -> None:
    content = b'{"code": 0,\n "data": {"list": [{"id": 1}], "total": 1}}'
    assert read(tmp_path, content, inside="data.list").rows == [(1, ["1"])]
    assert refusal(tmp_path, content) == "the records lie inside the JSON; where is not said"
    assert refusal(tmp_path, content, inside="data.rows") == "the JSON has no list at data.rows"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'[{"a": 1},\n{"a": ]', "line 2 is not valid JSON"),
        (b'[{"a": NaN}]', "the JSON holds NaN"),
        (b'[{"a":' + b"[" * 100_000, "the JSON is nested too deeply"),
    ],
)
def test_bad_json_says_where(tmp_path: Path, content: bytes, why: str) -> None:
    assert refusal(tmp_path, content) == why


def test_a_key_said_twice_in_json_is_a_fault(tmp_path: Path) -> None:
    seen = read(tmp_path, b'[{"a": 1, "a": 2}, {"a": 0.12345678901234567}]')
    assert seen.file.sheets[0].faults == (
        Fault(1, -1, "duplicate_key"),
        Fault(2, 0, "digits_lost", "0.12345678901234567"),
    )


def _database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE 工单 (编号 TEXT, 评分 REAL, 附件 BLOB)")
        database.execute("INSERT INTO 工单 VALUES ('001', 4.5, x'ff00'), ('002', NULL, NULL)")
        database.execute("CREATE VIEW w AS SELECT * FROM 工单")
        database.commit()
    return path


def test_every_table_of_sqlite_is_a_sheet_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    path = _database(tmp_path / "d" / "a.db")
    before = path.read_bytes()
    seen = read(tmp_path, path)
    assert seen.by_sheet == {"工单": [(1, ["001", "4.5", ""]), (2, ["002", "", ""])]}
    assert seen.file.sheets[0].headings == ("编号", "评分", "附件")
    assert seen.file.sheets[0].faults == (Fault(1, 2, "not_text"),)
    assert [p.name for p in path.parent.iterdir()] == ["a.db"]
    assert path.read_bytes() == before


def test_sqlite_with_changes_in_its_journal_is_not_read(tmp_path: Path) -> None:
    path = _database(tmp_path / "a.db")
    path.with_name("a.db-wal").write_bytes(b"x")
    assert refusal(tmp_path, path) == (
        "the database was not closed: its latest changes still lie in the -wal file"
    )


def test_damaged_sqlite_is_refused(tmp_path: Path) -> None:
    damaged = b"SQLite format 3\0" + b"x" * 2000
    assert refusal(tmp_path, damaged) == "the SQLite file is damaged"


def test_lines_of_key_value(tmp_path: Path) -> None:
    seen = read(
        tmp_path,
        'ts=2025-03-01T09:05:00Z level=warn msg="过 \\"热\\" 了" 值=3\n\nnothing here\nlevel=a level=b\n'.encode(),
        pattern="kv",
    )
    assert seen.file.sheets[0].headings == ("ts", "level", "msg", "值")
    assert seen.rows == [
        (1, ["2025-03-01T09:05:00Z", "warn", '过 "热" 了', "3"]),
        (4, ["", "a", "", ""]),
    ]
    assert seen.file.sheets[0].skipped == (Skipped(2, "blank"), Skipped(3, "unparsed"))
    assert seen.file.sheets[0].faults == (Fault(4, 1, "duplicate_key"),)


@pytest.mark.parametrize(
    ("pattern", "line", "cells"),
    [
        (
            "nginx",
            '10.0.0.1 - li [10/Mar/2025:13:55:36 +0800] "GET /a?b=1 HTTP/1.1" 200 2326 "-" "Mozilla/5.0"',
            [
                "10.0.0.1",
                "li",
                "10/Mar/2025:13:55:36 +0800",
                "GET",
                "/a?b=1",
                "200",
                "2326",
                "-",
                "Mozilla/5.0",
            ],
        ),
        (
            "apache",
            '10.0.0.1 - - [10/Mar/2025:13:55:36 +0800] "GET /a HTTP/1.0" 304 -',
            ["10.0.0.1", "-", "10/Mar/2025:13:55:36 +0800", "GET", "/a", "304", "-", "", ""],
        ),
        (
            "syslog",
            "<34>Mar  1 09:05:01 host1 sshd[42]: Accepted: yes",
            ["Mar  1 09:05:01", "host1", "sshd", "42", "Accepted: yes"],
        ),
        (
            "syslog5424",
            '<165>1 2025-03-01T09:05:00.003Z host app 42 ID47 [a@1 k="v\\]"] message',
            [
                "165",
                "2025-03-01T09:05:00.003Z",
                "host",
                "app",
                "42",
                "ID47",
                '[a@1 k="v\\]"]',
                "message",
            ],
        ),
    ],
)
def test_a_log_format_by_its_name(
    tmp_path: Path, pattern: str, line: str, cells: list[str]
) -> None:
    assert read(tmp_path, line.encode(), pattern=pattern).rows == [(1, cells)]
