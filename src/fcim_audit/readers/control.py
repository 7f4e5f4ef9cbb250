"""Knows a document's control block: number, version, who prepared, reviewed and approved, when.

It is taken from tables and from lines that say `label: value`, never from the file's properties,
which office programs fill with whatever was there before. A field that only a picture answers is
doubtful, not empty; so is one that the document answers in two ways.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

FIELDS: dict[str, tuple[str, ...]] = {
    "文件编号": ("文件编号", "文件编码", "文档编号", "编号"),
    "文件名称": ("文件名称", "文档名称", "文件标题"),
    "版本号": ("版本号", "版本", "版次", "版本/修改状态", "版本/状态"),
    "编制人": ("编制", "编制人", "拟制", "起草", "起草人", "拟稿", "拟稿人"),
    "审核人": ("审核", "审核人", "校核", "校核人"),
    "批准人": ("批准", "批准人", "审批", "审批人", "签发", "签发人"),
    "编制日期": ("编制日期", "拟制日期", "起草日期"),
    "审核日期": ("审核日期", "审核时间"),
    "批准日期": ("批准日期", "批准时间", "审批日期", "签发日期"),
    "发布日期": ("发布日期", "发文日期"),
    "生效日期": ("生效日期", "实施日期", "执行日期"),
    "评审到期": ("评审到期", "下次评审日期", "复审日期", "有效期至"),
}
"""The fields of a control block by the words that documents label them with."""
PICTURE = "picture"
CONFLICT = "conflicting"
_DATE_LABELS = ("日期", "时间")
_OF_PERSON = {"编制人": "编制日期", "审核人": "审核日期", "批准人": "批准日期"}
_LINE = re.compile(r"([^\s:：|]{2,10})\s*[:：]\s*([^\s:：|]+)")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a document's table: its text, and whether a picture stands in it."""

    text: str
    picture: bool = False


@dataclass(slots=True)
class Control:
    """What the control block says so far; `doubts` names the kind of doubt by field."""

    values: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)

    def take(self, pairs: Iterable[tuple[str, Cell]]) -> None:
        """Add answers: the first stands; a different one makes the field doubtful."""
        for name, cell in pairs:
            said = self.values.get(name)
            if cell.text and said is None:
                self.values[name] = cell.text
            elif cell.text and _plain(said or "") != _plain(cell.text):
                self.doubts[name] = CONFLICT
            elif cell.picture and not cell.text and said is None:
                self.doubts.setdefault(name, PICTURE)


def field_of(text: str) -> str | None:
    """The field that a label names."""
    return _LABELS.get(_plain(text).rstrip(":"))


def in_table(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[str, Cell]]:
    """The answers in a table: beside their labels, or below where labels stand in a row."""
    for number, row in enumerate(rows):
        below = rows[number + 1] if number + 2 == len(rows) else None
        person = None
        for index, cell in enumerate(row):
            yield from in_line(cell.text)
            name = field_of(cell.text)
            if name is None and person and _plain(cell.text).rstrip(":") in _DATE_LABELS:
                name = _OF_PERSON[person]
            if name is None:
                continue
            person = name if name in _OF_PERSON else person
            answer = _answer(row, index, below)
            if answer is not None:
                yield name, answer


def _answer(row: Sequence[Cell], index: int, below: Sequence[Cell] | None) -> Cell | None:
    beside = row[index + 1] if index + 1 < len(row) else None
    if beside is not None and not _is_label(beside.text):
        return beside
    labels = sum(_is_label(cell.text) for cell in row)
    if below is None or len(below) != len(row) or labels < 2 or _is_label(below[index].text):
        return None
    return below[index]


def in_line(text: str) -> Iterator[tuple[str, Cell]]:
    """The answers in a line of text: `文件编号：QM-01 版本：A/1`."""
    for label, value in _LINE.findall(text):
        name = field_of(label)
        if name is not None:
            yield name, Cell(value)


def _is_label(text: str) -> bool:
    return field_of(text) is not None or _plain(text).rstrip(":") in _DATE_LABELS


def _plain(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


_LABELS = {_plain(word): name for name, words in FIELDS.items() for word in words}
