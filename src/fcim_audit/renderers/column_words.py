"""Knows how a column of a collection template is headed, explained, and which words it offers."""

from __future__ import annotations

import re

from fcim_audit.datasets import Column, ColumnType, normalised
from fcim_audit.language import Lang, Text

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_UNITS = {"s": "秒", "min": "分钟", "h": "小时", "d": "天"}
_YES_NO = Text("是/否", "yes/no")
_FORMATS = {
    ColumnType.TEXT: Text("文字", "text"),
    ColumnType.INT: Text("整数，如 12", "a whole number, as 12"),
    ColumnType.NUMBER: Text("数字，如 96.5", "a number, as 96.5"),
    ColumnType.BOOL: Text("是 或 否", "yes or no"),
    ColumnType.DATE: Text("日期，如 2025-03-01", "a date, as 2025-03-01"),
    ColumnType.DATETIME: Text(
        "日期和时间，如 2025-03-01 09:30", "a date and time, as 2025-03-01 09:30"
    ),
    ColumnType.ENUM: Text("从下拉列表中选", "choose from the list"),
    ColumnType.DURATION: Text("时长，如 1.5h 或 90分钟", "a length of time, as 1.5h or 90min"),
}
_KEY = Text(
    "主键：区分各行（有几列时合起来看），不得留空；空着的会作为读不懂报告。",
    "Key: tells the rows apart (several of them together); "
    "an empty cell is reported as not understood.",
)
_REQUIRED = Text(
    "必需：没有这一列，整张表无法使用。空单元格表示没有记录，不会被当作符合。",
    "Required: without this column the sheet can't be used. "
    "An empty cell says that nothing is recorded; it never counts as met.",
)
_OPTIONAL = Text(
    "可选：空单元格表示没有发生或没有记录。没有这类数据时请删去整列，不要留空列。",
    "Optional: an empty cell says that it did not happen or is not recorded. "
    "Without such data delete the whole column rather than leave it empty.",
)
_PERSONAL = Text(
    "个人信息：可用代号代替，同一人在各表中始终用同一代号。",
    "Personal data: may be pseudonymised; one person, one pseudonym, on every sheet.",
)


def is_demanded(column: Column) -> bool:
    """Whether a sheet can't be used without the column."""
    return column.key or column.required


def heading(column: Column, lang: Lang) -> str:
    """A heading that ingest knows as this column, with its unit; `*` where it is demanded."""
    known = {normalised(word) for word in (column.name, *column.aliases)}
    title = column.title.said(lang)
    aliases = [a for a in column.aliases if _CHINESE.search(a)] if lang is Lang.ZH else []
    said = next((word for word in (title, *aliases) if normalised(word) in known), column.name)
    unit = _unit(column, lang)
    if unit:
        said += f"（{unit}）" if lang is Lang.ZH else f" ({unit})"
    return said + ("*" if is_demanded(column) else "")


def _unit(column: Column, lang: Lang) -> str | None:
    if column.unit is None or lang is Lang.EN:
        return column.unit
    return _UNITS.get(column.unit, column.unit)


def offered(column: Column, lang: Lang) -> tuple[str, ...]:
    """The words of a drop-down list: one for each code, or yes and no; none for other types."""
    if column.type is ColumnType.BOOL:
        return tuple(_YES_NO.said(lang).split("/"))
    return tuple(word_for(column, code, lang) for code in column.values)


def word_for(column: Column, code: str, lang: Lang) -> str:
    """How a code of an enum is written: its first Chinese alias, or the code itself."""
    if lang is Lang.EN:
        return code
    return next((word for word in column.values[code] if _CHINESE.search(word)), code)


def note(column: Column, lang: Lang, example: str = "") -> str:
    """What a heading's note says: meaning, format, example, unit, duties, what empty means."""
    lines = [f"{column.title.said(lang)} · {column.name}"]
    form = _FORMATS[column.type].said(lang)
    if column.type is ColumnType.TEXT and example:
        form += Text("，如 ", ", as ").said(lang) + example
    lines.append(Text("填写：", "Write: ").said(lang) + form)
    if column.type is ColumnType.ENUM:
        lines.append(Text("、", ", ").said(lang).join(offered(column, lang)))
    unit = _unit(column, lang)
    if unit:
        plain = Text("（只写数字时）", " (of a plain number)").said(lang)
        lines.append(Text("单位：", "Unit: ").said(lang) + unit + plain)
    lines.append((_KEY if column.key else _REQUIRED if column.required else _OPTIONAL).said(lang))
    if column.empty_words:
        words = "、".join(column.empty_words)
        lines.append(
            Text(f"写“{words}”等于空。", f"These words count as empty: {words}").said(lang)
        )
    if column.personal:
        lines.append(_PERSONAL.said(lang))
    return "\n".join(lines)
