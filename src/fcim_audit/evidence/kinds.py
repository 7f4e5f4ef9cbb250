"""Knows the kinds of problem a cell may have, what to say of each, and what to do about it."""

from __future__ import annotations

import re

from fcim_audit.datasets import ColumnType
from fcim_audit.language import Text

ERROR_WORDS = (
    "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!",
    "#GETTING_DATA",
)  # fmt: skip
LOST_DIGITS = r"^[+-]?\d(?:\.\d+)?[eE]\+\d{1,2}$"
"""What a spreadsheet made of a long number: `1.23457E+15`."""
_SAVE_AS_TEXT = Text("在来源系统把该列导出为文本", "export the column as text from its system")

KINDS: dict[str, tuple[Text, Text]] = {
    "not_an_integer": (Text("不是整数", "not a whole number"), Text("改为整数", "write a whole number")),
    "not_a_number": (Text("不是数值", "not a number"), Text("只写数值", "write the number alone")),
    "not_yes_or_no": (
        Text("既不是“是”也不是“否”", "neither yes nor no"),
        Text("写“是”或“否”，或在 values 中说明", "write yes or no, or declare the word under values"),
    ),
    "not_a_date": (
        Text("不是日期", "not a date"),
        Text("写成 2025-03-01，或用 read.datetime 说明格式", "write 2025-03-01, or declare read.datetime"),
    ),
    "not_a_datetime": (
        Text("不是时间", "not a date and time"),
        Text(
            "写成 2025-03-01 09:05，或用 read.datetime 说明格式",
            "write 2025-03-01 09:05, or declare read.datetime",
        ),
    ),
    "not_a_duration": (
        Text("不是时长", "not a length of time"),
        Text("写成 1小时30分 或 90分钟", "write 1h 30min or 90min"),
    ),
    "unknown_value": (
        Text("不在取值表内", "not one of the values that are known"),
        Text("在 values 中说明它是哪一个", "say which it is under values"),
    ),
    "error_value": (
        Text("表格里的错误值", "a spreadsheet's error value"),
        Text("修正公式后重新导出", "mend the formula and export again"),
    ),
    "formula_without_value": (
        Text("公式没有保存结果", "a formula without its result"),
        Text("用 Excel 或 WPS 打开、保存后重新提交", "open and save it in Excel or WPS"),
    ),
    "digits_lost": (Text("数字太长，尾数已丢失", "so long a number lost its last digits"), _SAVE_AS_TEXT),
    "date_range": (
        Text("是一段时间，不是一个日期", "a range, not one date"),
        Text("分成开始和结束两列", "split it into a start and an end"),
    ),
    "no_year": (
        Text("没有年份", "the year is missing"),
        Text("写上年份，或在 read.year 声明", "write the year, or declare read.year"),
    ),
    "partial_date": (
        Text("日期不完整", "only part of a date"),
        Text("写到哪一天", "write the day too"),
    ),
    "excel_serial": (
        Text("像是 Excel 的日期序列号", "looks like a serial date of Excel"),
        Text(
            "设成日期格式后另存，或声明 read.datetime: excel",
            "format it as a date, or declare read.datetime: excel",
        ),
    ),
    "day_order": (
        Text("日、月、年的次序不明", "day, month and year may stand in any order"),
        Text("写成 2025-03-01，或用 read.datetime 说明格式", "write 2025-03-01, or declare read.datetime"),
    ),
    "ambiguous_stamp": (
        Text("可能是时间戳，也可能是年月日时分", "may be seconds since 1970 or a date and time"),
        Text("声明 read.datetime: epoch，或写明格式", "declare read.datetime: epoch, or the format"),
    ),
    "weekday_mismatch": (
        Text("日期与星期不符", "the date is not on that day of the week"),
        Text("核对哪一个是对的", "find out which is right"),
    ),
    "no_such_day": (
        Text("没有这一天或这一刻", "there is no such day or time"),
        Text("核对日期", "check the date"),
    ),
    "time_only": (
        Text("只有时刻，没有日期", "a time without its date"),
        Text("与日期合在一格，或用 view 拼接", "put the date with it, or join them in a view"),
    ),
    "comparison": (
        Text("是一个限值，不是测得的值", "a limit, not a value"),
        Text("写实际数值", "write the value itself"),
    ),
    "number_range": (
        Text("是一个区间，不是一个值", "a range, not one value"),
        Text("写实际数值", "write the value itself"),
    ),
    "approximate": (
        Text("是约数", "only about right"),
        Text("写准确数值", "write the exact value"),
    ),
    "no_unit": (
        Text("时长没有单位", "a length of time without its unit"),
        Text("在标题写明单位，如 响应时长(分钟)", "name the unit in the heading, such as Response (min)"),
    ),
    "ambiguous_duration": (
        Text("分不清是时:分还是分:秒", "may be hours:minutes or minutes:seconds"),
        Text("写成 1:30:00 或 90分钟", "write 1:30:00 or 90min"),
    ),
    "bad_line": (
        Text("整行不是一条记录", "the whole line is no record"),
        Text("重新导出", "export it again"),
    ),
    "duplicate_key": (
        Text("同一行里一个键出现两次", "a key stands twice in one record"),
        Text("重新导出", "export it again"),
    ),
    "ragged_row": (
        Text("该行的单元格数与标题行不同", "the row has more or fewer cells than the heading"),
        Text("检查多出或缺少的分隔符", "look for a separator too many or too few"),
    ),
    "not_text": (Text("是二进制数据", "binary data"), Text("导出为文本", "export it as text")),
    "conflicting_duplicate": (
        Text("同一编号有内容不同的行", "rows share this key but differ"),
        Text("核对哪一行是对的", "find out which is right"),
    ),
    "blank_key": (
        Text("编号是空的", "the identifying cell is empty"),
        Text("补上编号，或删去该行", "fill it in, or remove the row"),
    ),
    "doubtful": (
        Text("所在的行或来源单元格有疑问", "its row, or a cell it comes from, is in doubt"),
        Text("见同一行的其他问题", "see the other problems of the row"),
    ),
}  # fmt: skip
"""Every kind: what it is, and what to do."""

OF_TYPE = {
    ColumnType.INT: "not_an_integer",
    ColumnType.NUMBER: "not_a_number",
    ColumnType.BOOL: "not_yes_or_no",
    ColumnType.DATE: "not_a_date",
    ColumnType.DATETIME: "not_a_datetime",
    ColumnType.DURATION: "not_a_duration",
    ColumnType.ENUM: "unknown_value",
    ColumnType.TEXT: "error_value",
}
_DAY = r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}[日号]?"
_STAMPS = (
    ("date_range", re.compile(rf"{_DAY}.*(?:至|到|~|～|—|–|-).*\d{{1,2}}[日号:./-]?")),
    ("weekday_mismatch", re.compile(rf"^{_DAY}\s*\(?(?:星期|周|礼拜)[一二三四五六日天]")),
    ("no_such_day", re.compile(rf"^{_DAY}(?:$|[\sT]*(?:上午|下午)?\s*\d{{1,2}}[:时点])|^\d{{8}}$")),
    ("no_year", re.compile(r"^\d{1,2}月\d{1,2}[日号]")),
    (
        "partial_date",
        re.compile(r"^\d{4}(?:年|[./-]\d{1,2}|年\d{1,2}月|年?第?[一二三四1-4]季度)?$"),
    ),
    ("excel_serial", re.compile(r"^\d{5}(?:\.\d+)?$")),
    ("day_order", re.compile(r"^\d{1,2}[./-]\d{1,2}[./-]\d{1,4}(?:\s|$)")),
    ("ambiguous_stamp", re.compile(r"^1\d{9}$")),
    ("time_only", re.compile(r"^(?:上午|下午)?\s*\d{1,2}[:时点]\d{0,2}")),
)
_AMOUNTS = (
    (
        "comparison",
        re.compile(r"^(?:[≥≤><≧≦]|>=|<=|不低于|不少于|不超过|大于|小于|高于|低于)|(?:以上|以下)$"),
    ),
    ("number_range", re.compile(r"^[\d.]+%?\s*(?:[~～—–-]|至|到)\s*[\d.]+")),
    (
        "approximate",
        re.compile(r"^(?:约|大约|近|±|approx|about)|(?:左右|多|余|几)\D*$", re.IGNORECASE),
    ),
)
_LENGTHS = (
    ("no_unit", re.compile(r"^\d+(?:\.\d+)?$")),
    ("ambiguous_duration", re.compile(r"^\d{1,3}:\d{1,2}$")),
    *_AMOUNTS,
)
_BY_TYPE = {
    ColumnType.DATE: _STAMPS,
    ColumnType.DATETIME: _STAMPS,
    ColumnType.DURATION: _LENGTHS,
    ColumnType.INT: _AMOUNTS,
    ColumnType.NUMBER: _AMOUNTS,
}


def kind_of(kind: ColumnType, text: str | None) -> str:
    """The kind of problem that a text is in a column of this type."""
    if text is None:
        return OF_TYPE[kind]
    if text in ERROR_WORDS:
        return "error_value"
    if kind is ColumnType.TEXT and re.match(LOST_DIGITS, text):
        return "digits_lost"
    found = (name for name, pattern in _BY_TYPE.get(kind, ()) if pattern.search(text))
    return next(found, OF_TYPE[kind])
