"""JSON lines, logs and Parquet: every line is read or listed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from fcim_audit.readers.base import Fault, Skipped
from fcim_audit.readers.log import group_names, pattern_mistake
from tests.readers.reading import read, refusal


def test_keys_are_united_in_the_order_seen(tmp_path: Path) -> None:
    seen = read(tmp_path, b'{"b": 1, "a": "x"}\n{"c": null, "a": "007"}\n')
    assert seen.file.sheets[0].headings == ("b", "a", "c")
    assert seen.rows == [(1, ["1", "x", ""]), (2, ["", "007", ""])]


def test_nested_values_keep_their_json_text(tmp_path: Path) -> None:
    seen = read(tmp_path, b'{"a/b~c": {"x": [1, 2]}, "on": true}\n')
    assert seen.rows == [(1, ['{"x":[1,2]}', "true"])]


def test_bad_lines_are_left_out_and_placed(tmp_path: Path) -> None:
    seen = read(tmp_path, b'{"a": 1}\n{"a": \n\n[1]\n{"a": 2}\n')
    sheet = seen.file.sheets[0]
    assert seen.rows == [(1, ["1"]), (5, ["2"])]
    assert sheet.skipped == (Skipped(2, "unparsed"), Skipped(3, "blank"), Skipped(4, "unparsed"))
    assert sheet.faults == (Fault(2, -1, "bad_line"), Fault(4, -1, "bad_line"))


def test_a_key_that_stands_twice_is_a_problem(tmp_path: Path) -> None:
    seen = read(tmp_path, b'{"a": 1, "b": 2, "a": 3}\n')
    assert seen.file.sheets[0].faults == (Fault(1, 0, "duplicate_key"),)


def test_a_number_of_too_many_digits_is_a_problem(tmp_path: Path) -> None:
    seen = read(tmp_path, b'{"id": 123456789012345678901234}\n{"id": "123456789012345678901234"}\n')
    assert seen.file.sheets[0].faults == (Fault(1, 0, "digits_lost"),)


def test_control_characters_do_not_end_a_line(tmp_path: Path) -> None:
    seen = read(tmp_path, b"k=1\x1f2\nk=3\n", pattern=r"k=(?P<k>.*)")
    assert seen.rows == [(1, ["1\x1f2"]), (2, ["3"])]


def test_every_log_line_is_parsed_or_listed(tmp_path: Path) -> None:
    seen = read(tmp_path, b"10 ok\r\nnoise\r\n\r\n12 bad\r\n", pattern=r"^(?P<n>\d+) (?P<w>\w+)$")
    assert seen.rows == [(1, ["10", "ok"]), (4, ["12", "bad"])]
    assert seen.file.sheets[0].skipped == (Skipped(2, "unparsed"), Skipped(3, "blank"))
    assert seen.file.sheets[0].headings == ("n", "w")


def test_unnamed_groups_do_not_shift_the_names(tmp_path: Path) -> None:
    seen = read(tmp_path, b"a-b-c\n", pattern=r"(?P<x>a)-(b)-(?P<y>c)")
    assert group_names(r"(?P<x>a)-(b)-(?P<y>c)") == ("x", "_group2", "y")
    assert seen.rows == [(1, ["a", "c"])]


def test_a_pattern_that_re2_refuses_is_told() -> None:
    mistake = pattern_mistake(r"(?P<x>a)(?=b)")
    assert mistake is not None
    assert "invalid perl operator" in mistake.en
    assert pattern_mistake(r"(?P<x>a)b") is None


def test_a_pattern_on_a_workbook_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"PAR1xx", pattern="(?P<a>.)") == (
        "a pattern is for text logs, this is parquet"
    )


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    duckdb.execute(
        "COPY (SELECT 7 AS id, DATE '2025-03-01' AS d, TIMESTAMP '2025-03-01 09:05:00' AS t, "
        f"true AS ok, [1, 2] AS items, NULL::VARCHAR AS none) TO '{path}' (FORMAT parquet)"
    )
    seen = read(tmp_path, path)
    assert seen.file.sheets[0].headings == ("id", "d", "t", "ok", "items", "none")
    assert seen.rows == [(1, ["7", "2025-03-01", "2025-03-01 09:05:00", "true", "[1,2]", ""])]


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1"])
def test_damaged_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content) == "the Parquet file is damaged"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"%PDF-1.7", "the PDF is damaged or oddly built", id="pdf"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "the file is damaged", id="ole"),
        pytest.param(b"7z\xbc\xaf\x27\x1c..", "7z files are not supported yet", id="7z"),
        pytest.param(b"<?xml version='1.0'?><a/>", "xml files are not supported yet", id="xml"),
        pytest.param(
            b"PK\3\4 broken", "the file is damaged (its zip structure is broken)", id="broken zip"
        ),
    ],
)
def test_what_has_no_reader_says_so(tmp_path: Path, content: bytes, why: str) -> None:
    assert refusal(tmp_path, content) == why
