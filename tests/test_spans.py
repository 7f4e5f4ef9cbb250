"""Lengths of time and figures as people declare them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from fcim_audit.spans import SECOND, PlanValue, Span, declared

HOUR = 3600 * SECOND
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("2 h", Span(2 * HOUR), id="hours"),
        pytest.param("90 min", Span(5400 * SECOND), id="minutes"),
        pytest.param("1.5 h", Span(5400 * SECOND), id="hours-and-a-half"),
        pytest.param("30s", Span(30 * SECOND), id="seconds-without-a-blank"),
        pytest.param("3 d", Span(3 * DAY), id="days"),
        pytest.param("0 d", Span(), id="zero-days"),
        pytest.param("  3   Days ", Span(3 * DAY), id="capitals-and-blanks"),
        pytest.param("12 months", Span(months=12), id="months"),
        pytest.param("1 year", Span(months=12), id="a-year"),
        pytest.param("30 天", Span(30 * DAY), id="days-in-chinese"),
        pytest.param("30日", Span(30 * DAY), id="days-by-date-in-chinese"),
        pytest.param("2 小时", Span(2 * HOUR), id="hours-in-chinese"),
        pytest.param("5 分钟", Span(300 * SECOND), id="minutes-in-chinese"),
        pytest.param("12个月", Span(months=12), id="months-in-chinese"),
        pytest.param("2年", Span(months=24), id="years-in-chinese"),
        pytest.param("95 %", Fraction(95, 100), id="percent"),
        pytest.param("99.5%", Fraction(995, 1000), id="percent-with-a-fraction"),
        pytest.param("95 ％", Fraction(95, 100), id="percent-full-width"),
        pytest.param("0.5", Fraction(1, 2), id="a-figure"),
        pytest.param("0", Fraction(0), id="zero"),
        pytest.param("0.1", Fraction(1, 10), id="a-tenth-exactly"),
        pytest.param("90", Fraction(90), id="a-whole-figure"),
    ],
)
def test_a_declared_value_is_read_exactly(text: str, value: PlanValue) -> None:
    assert declared(text) == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("soon", id="a-word"),
        pytest.param("h", id="a-unit-alone"),
        pytest.param("2 weeks", id="an-unknown-unit"),
        pytest.param("-2 h", id="below-zero"),
        pytest.param("2 h 30 min", id="two-parts"),
        pytest.param("1.5 months", id="half-a-month"),
        pytest.param("0.0000001 s", id="less-than-a-microsecond"),
        pytest.param("1,5 h", id="a-decimal-comma"),
        pytest.param(".5", id="no-digit-before-the-point"),
        pytest.param("1e3", id="an-exponent"),
        pytest.param("2:30", id="clock-time"),
        pytest.param("nan", id="not-a-number"),
        pytest.param("95 %%", id="percent-twice"),
    ],
)
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        declared(text)


@pytest.mark.parametrize(
    ("span", "moment", "before"),
    [
        pytest.param(Span(2 * HOUR), "2026-01-01 01:00", "2025-12-31 23:00", id="over-new-year"),
        pytest.param(Span(DAY), "2024-03-01 09:30", "2024-02-29 09:30", id="to-a-leap-day"),
        pytest.param(Span(), "2024-03-01 09:30", "2024-03-01 09:30", id="nothing"),
        pytest.param(Span(months=1), "2025-03-31 09:30", "2025-02-28 09:30", id="march-ends"),
        pytest.param(Span(months=1), "2024-03-31 09:30", "2024-02-29 09:30", id="leap-march-ends"),
        pytest.param(Span(months=1), "2026-01-31 09:30", "2025-12-31 09:30", id="january-ends"),
        pytest.param(Span(months=12), "2024-02-29 09:30", "2023-02-28 09:30", id="from-a-leap-day"),
        pytest.param(Span(months=12), "2025-02-28 09:30", "2024-02-28 09:30", id="to-a-leap-year"),
        pytest.param(Span(months=48), "2024-02-29 09:30", "2020-02-29 09:30", id="leap-to-leap"),
        pytest.param(Span(months=12), "2025-12-15 09:30", "2024-12-15 09:30", id="in-december"),
    ],
)
def test_before_keeps_the_day_or_takes_the_months_last(
    span: Span, moment: str, before: str
) -> None:
    assert span.before(dt.datetime.fromisoformat(moment)) == dt.datetime.fromisoformat(before)


@pytest.mark.parametrize(
    ("span", "moment", "ago"),
    [
        pytest.param(Span(2 * HOUR), "2025-03-31 09:30", "2025-03-31 07:30", id="hours"),
        pytest.param(Span(36 * HOUR), "2025-03-31 09:30", "2025-03-29 21:30", id="day-and-a-half"),
        pytest.param(Span(3 * DAY), "2025-03-31 09:30", "2025-03-28 00:00", id="days"),
        pytest.param(Span(), "2025-03-31 09:30", "2025-03-31 00:00", id="no-day"),
        pytest.param(Span(months=1), "2025-03-31 09:30", "2025-02-28 00:00", id="march-ends"),
        pytest.param(Span(months=12), "2024-02-29 09:30", "2023-02-28 00:00", id="from-a-leap-day"),
    ],
)
def test_ago_is_the_start_of_the_day_for_days_and_months(span: Span, moment: str, ago: str) -> None:
    assert span.ago(dt.datetime.fromisoformat(moment)) == dt.datetime.fromisoformat(ago)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        pytest.param(Span(months=12), "12 months", id="months"),
        pytest.param(Span(3 * DAY), "3 d", id="days"),
        pytest.param(Span(), "0 d", id="zero"),
        pytest.param(Span(36 * HOUR), "36 h", id="hours"),
        pytest.param(Span(90 * 60 * SECOND), "90 min", id="minutes"),
        pytest.param(Span(90 * SECOND), "90 s", id="seconds"),
        pytest.param(Span(SECOND // 2), "1/2 s", id="half-a-second"),
    ],
)
def test_a_span_is_said_in_its_largest_whole_unit(span: Span, text: str) -> None:
    assert str(span) == text
