"""What a report says of figures, thresholds, places and reasons, in both languages."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    Beside,
    Comparator,
    ExceptionRow,
    Figure,
    Outcome,
    Place,
    Target,
    Verdict,
)
from fcim_audit.wording import (
    beside_texts,
    decimals,
    figure_text,
    measured_text,
    place_text,
    target_text,
    why_text,
)

AT_LEAST_95 = Target(Comparator.AT_LEAST, Fraction(95, 100))


def listed(
    why: str = "missing", *, sheet: str | None = None, row: int = 14, unknown: bool = False
) -> ExceptionRow:
    """One exception in tickets.xlsx."""
    return ExceptionRow(Place("tickets.xlsx", sheet, row), "T1", why, unknown, {})


def outcome(value: Fraction | None, unit: str, target: Target | None, *share: int) -> Outcome:
    """An open outcome with a figure and, where given, its numerator and denominator."""
    numerator, denominator = share or (None, None)
    return Outcome(
        check_id="6.3-d:response",
        kind="metric",
        verdict=Verdict.INCONCLUSIVE,
        measured=Figure(value, unit),
        target=target,
        numerator=numerator,
        denominator=denominator,
        beside=(Beside(Text("全部", "all"), 9, 10),),
    )


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        pytest.param(Fraction(1, 2), 0, "1", id="a-half-goes-up"),
        pytest.param(Fraction(3, 2), 0, "2", id="one-and-a-half-goes-up"),
        pytest.param(Fraction(5, 2), 0, "3", id="two-and-a-half-goes-up-too"),
        pytest.param(Fraction(49, 100), 0, "0", id="under-a-half"),
        pytest.param(Fraction(94995, 1000), 2, "95", id="a-half-at-two-digits-carries"),
        pytest.param(Fraction(949949, 10000), 2, "94.99", id="under-a-half-at-two-digits"),
        pytest.param(Fraction(1, 3), 2, "0.33", id="a-third"),
        pytest.param(Fraction(1, 20), 2, "0.05", id="a-zero-after-the-point"),
        pytest.param(Fraction(913, 10), 2, "91.3", id="no-trailing-zero"),
        pytest.param(Fraction(90), 2, "90", id="no-point-without-digits"),
        pytest.param(Fraction(100), 0, "100", id="zeros-before-the-point-stay"),
        pytest.param(Fraction(0), 2, "0", id="zero"),
        pytest.param(Fraction(-1, 2), 0, "-1", id="minus-a-half-goes-away-from-zero"),
        pytest.param(Fraction(-5, 4), 1, "-1.3", id="negative"),
        pytest.param(Fraction(-1, 1000), 2, "0", id="no-minus-before-zero"),
    ],
)
def test_a_number_is_rounded_half_up_for_reading(value: Fraction, digits: int, text: str) -> None:
    assert decimals(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Fraction(999), "999", id="three-digits"),
        pytest.param(Fraction(626400), "626,400", id="six-digits"),
        pytest.param(Fraction(-1234567), "-1,234,567", id="negative"),
        pytest.param(Fraction(12345678901234567890), "12,345,678,901,234,567,890", id="very-large"),
    ],
)
def test_a_number_is_grouped_by_thousands(value: Fraction, text: str) -> None:
    assert decimals(value, 0, grouped=True) == text


@pytest.mark.parametrize(
    ("value", "unit", "lang", "text"),
    [
        pytest.param(None, "ratio", Lang.EN, "—", id="no-figure"),
        pytest.param(Fraction(390, 890), "ratio", Lang.EN, "43.82 %", id="share"),
        pytest.param(Fraction(1), "ratio", Lang.ZH, "100 %", id="whole-share"),
        pytest.param(Fraction(0), "ratio", Lang.EN, "0 %", id="zero-is-a-figure"),
        pytest.param(Fraction(913, 10), "score", Lang.EN, "91.3", id="score-in-english"),
        pytest.param(Fraction(913, 10), "score", Lang.ZH, "91.3 分", id="score-in-chinese"),
        pytest.param(Fraction(7200), "s", Lang.EN, "7,200 s", id="seconds"),
        pytest.param(Fraction(86399), "s", Lang.EN, "86,399 s", id="just-under-a-day"),
        pytest.param(Fraction(86400), "s", Lang.EN, "86,400 s (1 d)", id="a-day"),
        pytest.param(Fraction(626400), "s", Lang.ZH, "626,400 s (7.25 d)", id="days"),
        pytest.param(Fraction(3), "count", Lang.EN, "3 count", id="count"),
    ],
)
def test_a_figure_is_said_with_its_unit(
    value: Fraction | None, unit: str, lang: Lang, text: str
) -> None:
    assert figure_text(Figure(value, unit), lang) == text


@pytest.mark.parametrize(
    ("target", "unit", "text"),
    [
        pytest.param(None, "ratio", "", id="none"),
        pytest.param(AT_LEAST_95, "ratio", "≥ 95 %", id="share"),
        pytest.param(Target(Comparator.AT_LEAST, Fraction(995, 1000)), "ratio", "≥ 99.5 %", id="f"),
        pytest.param(Target(Comparator.AT_LEAST, Fraction(90)), "score", "≥ 90", id="score"),
        pytest.param(Target(Comparator.AT_MOST, Fraction(7200)), "s", "≤ 7200", id="at-most"),
        pytest.param(Target(Comparator.AT_MOST, Fraction(0)), "count", "≤ 0", id="zero-is-a-limit"),
    ],
)
def test_a_threshold_is_said_with_its_sign(target: Target | None, unit: str, text: str) -> None:
    assert target_text(target, unit) == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        pytest.param(listed(), "tickets.xlsx:14", id="file-and-row"),
        pytest.param(listed(sheet="一月"), "tickets.xlsx!一月:14", id="file-sheet-and-row"),
        pytest.param(
            replace(listed(sheet="一月"), decisive="E14"),
            "tickets.xlsx!一月!E14",
            id="a-cell-that-decides",
        ),
        pytest.param(listed(row=0), "tickets.xlsx", id="nothing-has-no-row"),
        pytest.param(listed(sheet="一月", row=0), "tickets.xlsx!一月", id="a-sheet-without-a-row"),
    ],
)
def test_a_place_is_said(row: ExceptionRow, text: str) -> None:
    assert place_text(row) == text


@pytest.mark.parametrize(
    ("row", "lang", "text"),
    [
        pytest.param(listed("missing"), Lang.EN, "missing", id="a-word"),
        pytest.param(listed("missing"), Lang.ZH, "没有", id="a-word-in-chinese"),
        pytest.param(listed("late:closed_at"), Lang.EN, "late: closed_at", id="with-a-column"),
        pytest.param(listed("late:closed_at"), Lang.ZH, "超时：closed_at", id="column-in-chinese"),
        pytest.param(listed("gap"), Lang.ZH, "间隔过长", id="a-gap-in-chinese"),
        pytest.param(listed("leak"), Lang.EN, "leak", id="an-own-word-is-kept"),
        pytest.param(listed("leak:pipe"), Lang.ZH, "leak:pipe", id="an-own-word-is-kept-whole"),
        pytest.param(listed(""), Lang.EN, "", id="no-reason"),
        pytest.param(
            listed("late:closed_at", unknown=True),
            Lang.EN,
            "a cell could not be understood",
            id="unreadable",
        ),
        pytest.param(listed(unknown=True), Lang.ZH, "单元格读不懂", id="unreadable-in-chinese"),
    ],
)
def test_a_reason_is_said_in_both_languages(row: ExceptionRow, lang: Lang, text: str) -> None:
    assert why_text(row, lang) == text


@pytest.mark.parametrize(
    ("one", "text"),
    [
        pytest.param(
            outcome(Fraction(390, 890), "ratio", AT_LEAST_95, 390, 890),
            "390/890 = 43.82 % (≥ 95 %)",
            id="share-with-its-parts",
        ),
        pytest.param(
            outcome(Fraction(18, 19), "ratio", AT_LEAST_95), "94.74 % (≥ 95 %)", id="share-alone"
        ),
        pytest.param(outcome(Fraction(875, 10), "score", None), "87.5", id="score-without-target"),
        pytest.param(outcome(None, "ratio", AT_LEAST_95), "— (≥ 95 %)", id="no-figure"),
        pytest.param(
            outcome(Fraction(0), "ratio", AT_LEAST_95, 0, 5),
            "0/5 = 0 % (≥ 95 %)",
            id="none-of-five",
        ),
    ],
)
def test_a_measurement_is_said_with_how_it_came_about(one: Outcome, text: str) -> None:
    assert measured_text(one, Lang.EN) == text


def test_a_figure_beside_is_said_in_the_reports_language() -> None:
    one = outcome(Fraction(1), "ratio", None)
    assert (beside_texts(one, Lang.EN), beside_texts(one, Lang.ZH)) == (
        ("all: 9/10",),
        ("全部: 9/10",),
    )
