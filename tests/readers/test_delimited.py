"""CSV and TSV: text as written, true line numbers, nothing dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.reading import read, refusal


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param(b"a,b\n1,2\n", [(1, ["a", "b"]), (2, ["1", "2"])], id="plain"),
        pytest.param(b"a,b\n1,2", [(1, ["a", "b"]), (2, ["1", "2"])], id="no line end at the end"),
        pytest.param(b"a,b\r\n1,2\r\n", [(1, ["a", "b"]), (2, ["1", "2"])], id="CR LF"),
        pytest.param(b"a,b\r1,2\r", [(1, ["a", "b"]), (2, ["1", "2"])], id="CR alone"),
        pytest.param(b"\xef\xbb\xbfa,b\n1,2\n", [(1, ["a", "b"]), (2, ["1", "2"])], id="BOM"),
        pytest.param(
            b"a,b\n#2,FAIL\n", [(1, ["a", "b"]), (2, ["#2", "FAIL"])], id="a hash is no comment"
        ),
        pytest.param(
            b"a,b\n007,1E5\n", [(1, ["a", "b"]), (2, ["007", "1E5"])], id="numbers as written"
        ),
        pytest.param(
            b'a,b\n"x\ny",1\nz,2\n',
            [(1, ["a", "b"]), (2, ["x\ny", "1"]), (4, ["z", "2"])],
            id="a line break in quotes counts as a line",
        ),
        pytest.param(
            b'a,b\r\n"x\ry",1\r\nz,2\r\n',
            [(1, ["a", "b"]), (2, ["x\ry", "1"]), (4, ["z", "2"])],
            id="a CR in quotes counts as a line",
        ),
        pytest.param(
            b"a,b\n\n1,2\n\n\n3,4\n\n",
            [(1, ["a", "b"]), (2, []), (3, ["1", "2"]), (4, []), (5, []), (6, ["3", "4"]), (7, [])],
            id="blank lines keep the numbers true",
        ),
        pytest.param(
            b"a,b\n1,2\n\n\n", [(1, ["a", "b"]), (2, ["1", "2"])], id="blank lines at the end"
        ),
        pytest.param(
            b"a,b\n1\n1,2,3\n",
            [(1, ["a", "b"]), (2, ["1"]), (3, ["1", "2", "3"])],
            id="ragged rows are kept as they are",
        ),
        pytest.param(
            b'a,b\n5" pipe,2\n', [(1, ["a", "b"]), (2, ['5" pipe', "2"])], id="a quote in a cell"
        ),
        pytest.param(
            b'a,b\n"x ""y""",2\n', [(1, ["a", "b"]), (2, ['x "y"', "2"])], id="doubled quotes"
        ),
        pytest.param(b"a,b\n1,2\r\n3,4\n", [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3", "4"])],
                     id="mixed line ends"),
        pytest.param(b"a\n1\n2\n", [(1, ["a"]), (2, ["1"]), (3, ["2"])], id="one column"),
        pytest.param(b"a,b\n", [(1, ["a", "b"])], id="header only"),
        pytest.param(b"a;b\n1,5;2\n", [(1, ["a", "b"]), (2, ["1,5", "2"])], id="semicolons"),
        pytest.param(b"a|b\n1|2\n", [(1, ["a", "b"]), (2, ["1", "2"])], id="bars"),
        pytest.param(b"a,b\n,\n1,2\n", [(1, ["a", "b"]), (2, ["", ""]), (3, ["1", "2"])],
                     id="a row of empty cells is a row"),
    ],
)  # fmt: skip
def test_every_record_is_read_with_its_first_line(
    tmp_path: Path, content: bytes, rows: list[tuple[int, list[str]]]
) -> None:
    assert read(tmp_path, content).rows == rows


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, encoding: str, told: str) -> None:
    seen = read(tmp_path, "工单编号,状态\n一,已关闭\n".encode(encoding))
    assert seen.file.encoding == told
    assert seen.rows == [(1, ["工单编号", "状态"]), (2, ["一", "已关闭"])]


def test_big_endian_utf_16_is_told_by_its_mark(tmp_path: Path) -> None:
    seen = read(tmp_path, b"\xfe\xff" + "编号\t名\n1\t甲\n".encode("utf-16-be"))
    assert (seen.file.kind, seen.file.encoding) == ("tsv", "utf-16-be")
    assert seen.rows == [(1, ["编号", "名"]), (2, ["1", "甲"])]


def test_a_declared_encoding_wins(tmp_path: Path) -> None:
    seen = read(tmp_path, "編號,名\n1,甲\n".encode("big5"), encoding="big5")
    assert seen.rows == [(1, ["編號", "名"]), (2, ["1", "甲"])]


def test_a_declared_delimiter_wins(tmp_path: Path) -> None:
    assert read(tmp_path, b"a,b;c\n", delimiter=";").rows == [(1, ["a,b", "c"])]


def test_expected_headings_tell_the_delimiter(tmp_path: Path) -> None:
    seen = read(tmp_path, b"a;b,c\n1;2,3\n", expected=frozenset({"a", "b,c"}))
    assert seen.rows == [(1, ["a", "b,c"]), (2, ["1", "2,3"])]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"", "the file is empty (0 bytes)", id="empty"),
        pytest.param(
            b'a,b\n1,2\n"x,3\n4,5\n', "a quote opened in line 3 never closes", id="unclosed quote"
        ),
        pytest.param(
            b'a,b\n1,2\n"x"y,3\n', "the quotes in line 3 are not as CSV asks", id="odd quotes"
        ),
        pytest.param(b"a,b\n1\x00,2\n", "line 2 holds a NUL character", id="NUL"),
        pytest.param(b"a,b\n\xff\xff\xff,2\n", "is neither UTF-8 nor GB18030", id="no encoding"),
        pytest.param(
            b"a;b,c\n1;2,3\n", "the delimiter may be ',' or ';'", id="two delimiters fit alike"
        ),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path: Path, content: bytes, why: str) -> None:
    assert refusal(tmp_path, content) == why


def test_a_wrong_declared_encoding_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"a,b\n\xff,2\n", encoding="utf-8") == "its bytes are not utf-8"


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"a,b\n", encoding="klingon") == "unknown encoding klingon"


def test_line_numbers_hold_across_large_chunks(tmp_path: Path) -> None:
    lines = "".join(f'{n},"x\r\ny"\r\n' for n in range(200_000))
    seen = read(tmp_path, f"a,b\r\n{lines}".encode())
    assert len(seen.rows) == 200_001
    assert seen.rows[-1] == (400_000, ["199999", "x\r\ny"])
