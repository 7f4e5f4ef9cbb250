"""YAML of ours: plain values as written, every mistake with its file and line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, field_validator

from fcim_audit.errors import AuditError
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status
from fcim_audit.yaml_source import Refusal, Strict, Value, parse_yaml, read_yaml, validated


class Reading(Strict):
    """A model with one rule of its own."""

    point: str
    value: Annotated[int, Field(ge=0)]
    unit: str = "s"

    @field_validator("unit")
    @classmethod
    def _is_known(cls, unit: str) -> str:
        if unit == "furlong":
            raise Refusal(
                Text(f"没有单位 {unit}", f"there is no unit {unit}"), Text("写 s", "write s")
            )
        return unit


class Readings(Strict):
    """A list of them."""

    readings: tuple[Reading, ...]


def parsed(text: str) -> Value:
    return parse_yaml(text.encode(), "f.yaml").value


def mistake(data: bytes, lang: Lang = Lang.EN) -> str:
    with pytest.raises(AuditError) as caught:
        parse_yaml(data, "f.yaml")
    return caught.value.said(lang)


def mistakes(text: str, lang: Lang = Lang.EN) -> list[str]:
    with pytest.raises(AuditError) as caught:
        validated(Readings, parse_yaml(text.encode(), "f.yaml"))
    return caught.value.said(lang).splitlines()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: NO", {"a": "NO"}, id="the-word-no"),
        pytest.param("a: 1.10", {"a": "1.10"}, id="a-version"),
        pytest.param("a: 0012", {"a": "0012"}, id="leading-zeros"),
        pytest.param("a: 1E5", {"a": "1E5"}, id="an-exponent"),
        pytest.param("a: 2025-01-01", {"a": "2025-01-01"}, id="a-date"),
        pytest.param("a: 12:30", {"a": "12:30"}, id="a-time"),
        pytest.param("a: true", {"a": "true"}, id="a-truth"),
        pytest.param('a: "null"', {"a": "null"}, id="quoted-null"),
        pytest.param("a: x # why", {"a": "x"}, id="a-comment"),
        pytest.param("a: |\n  x\n  y\n", {"a": "x\ny\n"}, id="a-block"),
        pytest.param("[[1, 2], [3]]", [["1", "2"], ["3"]], id="lists"),
        pytest.param("---\na: 1\n...\n", {"a": "1"}, id="one-marked-document"),
        pytest.param("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}, id="windows-line-ends"),
        pytest.param("\ufeffa: 1", {"a": "1"}, id="a-byte-order-mark"),
        pytest.param("名称: 某公司", {"名称": "某公司"}, id="chinese"),
    ],
)
def test_scalars_are_kept_as_written(text: str, value: Value) -> None:
    assert parsed(text) == value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"a: 1\nb: &x 1", "f.yaml:2: anchors and aliases", id="anchor"),
        pytest.param(b"a: 1\nb: *x", "f.yaml:2: anchors and aliases", id="alias"),
        pytest.param(b"a: [x,\n  &y z]", "f.yaml:2: anchors and aliases", id="anchor-in-a-list"),
        pytest.param(b"a: &x [b]", "f.yaml:1: anchors and aliases", id="anchor-on-a-list"),
        pytest.param(b"a: !!int 1", "f.yaml:1: tags (!) are not allowed", id="tag"),
        pytest.param(b"a: 1\nb: !x 1", "f.yaml:2: tags (!) are not allowed", id="own-tag"),
        pytest.param(
            b'a: !!python/object/apply:os.system ["x"]',
            "f.yaml:1: tags (!) are not allowed",
            id="tag-that-runs-code",
        ),
        pytest.param(b"a: 1\n---\nb: 2", "f.yaml:2: too many entries", id="two-documents"),
        pytest.param(b"[" * 10_000, "f.yaml:1: nested deeper than 50", id="10000-lists"),
        pytest.param(b"{" * 10_000, "f.yaml:1: nested deeper than 50", id="10000-mappings"),
        pytest.param(b"- " * 10_000, "f.yaml:1: nested deeper than 50", id="10000-dashes"),
        pytest.param(b"[" * 51 + b"]" * 51, "f.yaml:1: nested deeper than 50", id="51-lists"),
        pytest.param(b"- 1\n" * 500_001, ": too many entries", id="500001-entries"),
        pytest.param(b"a" * 5_000_001, "f.yaml: the file is larger than", id="too-large"),
        pytest.param(b"a: 1\nb: \xff", "f.yaml:2: is not UTF-8", id="a-byte-that-is-not-utf-8"),
        pytest.param("a: 中".encode("gbk"), "f.yaml:1: is not UTF-8", id="gbk"),
        pytest.param("a: 1".encode("utf-16"), "f.yaml:1: is not UTF-8", id="utf-16"),
        pytest.param(b"", "f.yaml: the file is empty", id="empty"),
        pytest.param(b"# nothing\n\n", "f.yaml: the file is empty", id="a-comment-only"),
        pytest.param(b"a:\n\tb: 1", "f.yaml:2: YAML syntax error", id="a-tab"),
        pytest.param(b"a: 1\n b: 2", "f.yaml:2: YAML syntax error", id="crooked-indentation"),
        pytest.param(b"a: 1\nb: 'x", "f.yaml:2: YAML syntax error", id="an-open-quote"),
        pytest.param(b"a: 1\nb: @x", "f.yaml:2: YAML syntax error", id="a-reserved-letter"),
        pytest.param(b'a: "\\ud800"', "f.yaml:1: YAML syntax error", id="half-a-surrogate"),
        pytest.param(b"a: \x00", "f.yaml", id="a-control-character"),
    ],
)
def test_what_is_not_plain_yaml_is_said_with_its_line(data: bytes, said: str) -> None:
    assert said in mistake(data)


def test_fifty_levels_are_read() -> None:
    assert parse_yaml(b"[" * 50 + b"]" * 50, "f.yaml").lines[()] == 1


def test_every_key_that_stands_twice_is_said() -> None:
    assert mistake(b"a: 1\nb: {c: 1, c: 2}\na: 2\n").splitlines() == [
        "f.yaml:2: the key c stands twice",
        "  -> keep one of them",
        "f.yaml:3: the key a stands twice",
        "  -> keep one of them",
        "2 mistakes",
    ]


def test_a_mistake_is_said_in_chinese_too() -> None:
    assert mistake(b"a: 1\na: 2", Lang.ZH) == "f.yaml:2: 键 a 重复\n  → 只保留一个"


def test_a_file_is_read_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_bytes(b"a:\n  - b\n  - c: 1\n")
    source = read_yaml(file, "bundle.yaml")
    assert (source.name, source.value) == ("bundle.yaml", {"a": ["b", {"c": "1"}]})


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        read_yaml(tmp_path / "bundle.yaml", "bundle.yaml")
    assert caught.value.said(Lang.EN).startswith("bundle.yaml: there is no such file")


def test_a_folder_can_not_be_read_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        read_yaml(tmp_path, "bundle.yaml")
    assert caught.value.said(Lang.EN).startswith("bundle.yaml: can't be read: ")


@pytest.mark.parametrize(
    ("loc", "where"),
    [
        pytest.param((), "f.yaml:1", id="the-document"),
        pytest.param(("a", 1, "c"), "f.yaml:3 (a.1.c)", id="a-value"),
        pytest.param(("a", 1, "d"), "f.yaml:3 (a.1.d)", id="a-missing-key-at-its-parent"),
        pytest.param(("z",), "f.yaml:1 (z)", id="an-unknown-path-at-the-document"),
    ],
)
def test_a_path_has_the_line_of_its_nearest_known_part(
    loc: tuple[str | int, ...], where: str
) -> None:
    assert parse_yaml(b"a:\n  - b\n  - c: 1\n", "f.yaml").where(loc) == where


def test_a_sound_document_becomes_its_model() -> None:
    source = parse_yaml(b"readings:\n  - {point: 0012, value: 3}\n", "f.yaml")
    assert validated(Readings, source).readings == (Reading(point="0012", value=3),)


def test_a_part_of_a_document_is_validated_with_its_own_lines() -> None:
    source = parse_yaml(b"readings:\n  - point: P1\n    value: -1\n", "f.yaml")
    with pytest.raises(AuditError) as caught:
        validated(Reading, source, ("readings", 0))
    assert caught.value.where == "f.yaml:3 (readings.0.value)"


def test_all_mistakes_are_said_at_once_with_their_lines() -> None:
    text = """readings:
  - point: P1
    value: 1
    colour: red
  - point: P2
    value: many
  - point: P3
    value: 2
    unit: furlong
"""
    assert mistakes(text) == [
        "f.yaml:4 (readings.0.colour): unknown key colour",
        "  -> check the spelling, or remove it",
        "f.yaml:6 (readings.1.value): value: many won't do: Input should be a valid integer,"
        " unable to parse string as an integer",
        "f.yaml:9 (readings.2.unit): there is no unit furlong",
        "  -> write s",
        "3 mistakes",
    ]


def test_a_missing_key_is_said_at_the_mapping_that_lacks_it() -> None:
    said = mistakes("readings:\n  - point: P1\n    value: 1\n  - value: 2\n")
    assert (said[0].startswith("f.yaml:4 (readings.1"), said[0].endswith(": point is missing")) == (
        True,
        True,
    )


def test_what_a_model_refuses_is_said_in_chinese_too() -> None:
    text = "readings:\n  - {point: P1, value: 1, unit: furlong}\n"
    assert mistakes(text, Lang.ZH) == [
        "f.yaml:2 (readings.0.unit): 没有单位 furlong",
        "  → 写 s",
    ]


def test_a_list_where_a_mapping_belongs_is_said() -> None:
    assert mistakes("- 1\n")[0].startswith("f.yaml:1: ")


def test_what_is_left_empty_is_nothing() -> None:
    assert parsed("a:\nb: ~\nc: null\nd: ''\n") == {"a": None, "b": None, "c": None, "d": ""}


def test_a_control_character_is_told_with_its_line() -> None:
    assert mistake(b"a: x\nb: \x01\n").startswith("f.yaml:2: the character #x0001 is not allowed")


def test_a_key_must_be_text() -> None:
    assert mistake(b"a: 1\n[b]: 1\n").startswith("f.yaml:2: a key must be text")


class Dated(Strict):
    """A model with a day, a moment and a choice of enum members."""

    day: dt.date
    at: dt.datetime
    status: Literal[Status.OFI, Status.MINOR]


def test_a_day_a_moment_and_a_choice_are_told_as_people_write_them() -> None:
    text = b"day: 20.1.2026\nat: soon\nstatus: tiny\n"
    with pytest.raises(AuditError) as caught:
        validated(Dated, parse_yaml(text, "f.yaml"))
    assert caught.value.said(Lang.EN).splitlines() == [
        "f.yaml:1 (day): day: 20.1.2026 is no date",
        "  -> write it as 2026-01-31",
        "f.yaml:2 (at): at: soon is no time",
        "  -> write it as 2026-01-31T14:30:00Z",
        "f.yaml:3 (status): status: tiny is not allowed",
        "  -> use one of 'ofi' or 'minor'",
        "3 mistakes",
    ]
    assert "可用：'ofi'、'minor'" in caught.value.said(Lang.ZH)
