"""Dates, lengths and numbers in words: put into figures where they can mean one thing only."""

from __future__ import annotations

import pytest

from fcim_audit.datasets import ColumnType
from fcim_audit.evidence.kinds import KINDS, kind_of
from fcim_audit.evidence.spoken import in_figures

LEFT = None


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("2025年3月1日 星期六 9:05", "2025年3月1日 9:05"),
        ("2025-03-01(周六)", "2025-03-01"),
        ("2025-03-01(周日)", LEFT),
        ("2025-03-01 中午12:30", "2025-03-01 12:30"),
        ("2025-03-01 中午1:10", "2025-03-01 13:10"),
        ("2025-03-01 晚上8:30", "2025-03-01 20:30"),
        ("2025-03-01 晚上12:00", LEFT),
        ("2025-03-01 凌晨12:30", "2025-03-01 0:30"),
        ("2025-03-01 早上8:15", "2025-03-01 8:15"),
        ("2025年3月1日9时", "2025年3月1日9:00"),
        ("2025年3月1日 9点半", "2025年3月1日 9:30"),
        ("二〇二五年三月一日", "2025年3月1日"),
        ("二〇二五年十二月三十一日", "2025年12月31日"),
        ("下周", LEFT),
    ],
)
def test_a_moment_in_words(text: str, figures: str | None) -> None:
    assert in_figures(text, ColumnType.DATETIME) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("三百二十一", "321"),
        ("两百", "200"),
        ("1.2万", "12000"),
        ("1.2万元", "12000元"),
        ("百分之九十五", "95%"),
        ("负三", LEFT),
        ("一万二", LEFT),
        ("一二三", LEFT),
        ("十几", "10几"),
    ],
)
def test_a_number_in_words(text: str, figures: str | None) -> None:
    assert in_figures(text, ColumnType.NUMBER) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("半小时", "30分钟"),
        ("两个半小时", "2.5小时"),
        ("三十分钟", "30分钟"),
        ("一天两小时", "1天2小时"),
        ("三刻钟", "45分钟"),
        ("半天", LEFT),
    ],
)
def test_a_length_in_words(text: str, figures: str | None) -> None:
    assert in_figures(text, ColumnType.DURATION) == figures


@pytest.mark.parametrize(
    ("type_", "text", "kind"),
    [
        (ColumnType.DATE, "2025-03-01至2025-03-05", "date_range"),
        (ColumnType.DATE, "2025.3.1-3.5", "date_range"),
        (ColumnType.DATE, "2025年3月", "partial_date"),
        (ColumnType.DATE, "2025-03", "partial_date"),
        (ColumnType.DATE, "3月1日", "no_year"),
        (ColumnType.DATE, "45717", "excel_serial"),
        (ColumnType.DATE, "01/02/2025", "day_order"),
        (ColumnType.DATE, "25-3-1", "day_order"),
        (ColumnType.DATE, "2025-02-30", "no_such_day"),
        (ColumnType.DATE, "2025-03-01 星期日", "weekday_mismatch"),
        (ColumnType.DATETIME, "1712011830", "ambiguous_stamp"),
        (ColumnType.DATETIME, "9:05", "time_only"),
        (ColumnType.DATE, "尽快", "not_a_date"),
        (ColumnType.NUMBER, "≥95", "comparison"),
        (ColumnType.NUMBER, "90以上", "comparison"),
        (ColumnType.NUMBER, "90~95", "number_range"),
        (ColumnType.NUMBER, "约90", "approximate"),
        (ColumnType.NUMBER, "优秀", "not_a_number"),
        (ColumnType.INT, "#REF!", "error_value"),
        (ColumnType.DURATION, "90", "no_unit"),
        (ColumnType.DURATION, "1:30", "ambiguous_duration"),
        (ColumnType.TEXT, "1.23457E+15", "digits_lost"),
        (ColumnType.BOOL, "大概", "not_yes_or_no"),
    ],
)
def test_a_problem_has_its_own_kind(type_: ColumnType, text: str, kind: str) -> None:
    assert kind_of(type_, text) == kind
    assert kind in KINDS
