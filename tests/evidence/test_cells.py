"""What a cell says: a table of texts, and for each what becomes of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest

from fcim_audit.datasets import ColumnType
from fcim_audit.evidence.cells import Cleaning, comparable, define_macros, said_sql, value_sql

SHANGHAI = Cleaning("Asia/Shanghai")
NOT_UNDERSTOOD = "not understood"
BLANK = "blank"


def said(
    text: str | None, kind: ColumnType, cleaning: Cleaning = SHANGHAI, unit: str | None = None
) -> object:
    """What one cell says, as a column of this type."""
    with duckdb.connect() as connection:
        define_macros(connection)
        words = said_sql("raw", kind, cleaning)
        row = connection.execute(
            f"SELECT said, {value_sql('said', kind, cleaning, unit)} FROM "
            f"(SELECT {words} AS said FROM (SELECT ?::VARCHAR AS raw))",
            [text],
        ).fetchone()
    assert row is not None
    if row[0] is None:
        return BLANK
    return NOT_UNDERSTOOD if row[1] is None else row[1]


def at(*parts: int) -> dt.datetime:
    """A moment without a zone, as the tables hold it."""
    return dt.datetime(*parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-01", at(2025, 3, 1)),
        ("2025/3/1", at(2025, 3, 1)),
        ("2025.3.1", at(2025, 3, 1)),
        ("2025年3月1日", at(2025, 3, 1)),
        ("2025年3月1号", at(2025, 3, 1)),
        ("20250301", at(2025, 3, 1)),
        ("２０２５－０３－０１", at(2025, 3, 1)),
        ("\u30002025-03-01\t", at(2025, 3, 1)),
        ("2025-03-01 9:05", at(2025, 3, 1, 9, 5)),
        ("2025-03-01 09:05:07", at(2025, 3, 1, 9, 5, 7)),
        ("2025-03-01 09:05:07.25", at(2025, 3, 1, 9, 5, 7, 250_000)),
        ("2025-03-01T09:05:07", at(2025, 3, 1, 9, 5, 7)),
        ("2025-03-01T01:05:07Z", at(2025, 3, 1, 9, 5, 7)),
        ("2025-03-01T01:05:07+00:00", at(2025, 3, 1, 9, 5, 7)),
        ("2025-03-01T09:05:07+0800", at(2025, 3, 1, 9, 5, 7)),
        ("2025-02-28T20:35:07-04:30", at(2025, 3, 1, 9, 5, 7)),
        ("2025年3月1日 下午3:05", at(2025, 3, 1, 15, 5)),
        ("2025年3月1日上午9:05", at(2025, 3, 1, 9, 5)),
        ("2025年3月1日9时5分", at(2025, 3, 1, 9, 5)),
        ("2025-03-01 上午12:30", at(2025, 3, 1, 0, 30)),
        ("2025-03-01 下午12:30", at(2025, 3, 1, 12, 30)),
        ("2025-03-01 3:05 PM", at(2025, 3, 1, 15, 5)),
        ("2025-03-01 24:00", at(2025, 3, 2)),
        ("20250301120000", at(2025, 3, 1, 12)),
        ("2024-02-29", at(2024, 2, 29)),
        ("2025-02-29", NOT_UNDERSTOOD),
        ("2025-02-30 10:00:00", NOT_UNDERSTOOD),
        ("2025-13-01", NOT_UNDERSTOOD),
        ("2025-03-01 25:00", NOT_UNDERSTOOD),
        ("2025-03-01 24:01", NOT_UNDERSTOOD),
        ("2025-03-01 10:61", NOT_UNDERSTOOD),
        ("2025-03-01 下午25:00", NOT_UNDERSTOOD),
        ("2025-3-19:05", NOT_UNDERSTOOD),
        ("01/02/2025", NOT_UNDERSTOOD),
        ("3月1日", NOT_UNDERSTOOD),
        ("2025-03", NOT_UNDERSTOOD),
        ("45717", NOT_UNDERSTOOD),
        ("1740791107", at(2025, 3, 1, 9, 5, 7)),
        ("1740791107250", at(2025, 3, 1, 9, 5, 7, 250_000)),
        ("1712011830", NOT_UNDERSTOOD),
        ("2025030109", NOT_UNDERSTOOD),
        ("长期", NOT_UNDERSTOOD),
        ("2025-03-01 or so", NOT_UNDERSTOOD),
        ("-", BLANK),
    ],
)
def test_a_moment_is_year_first_or_not_understood(text: str, moment: object) -> None:
    assert said(text, ColumnType.DATETIME) == moment


def test_a_date_column_keeps_the_day() -> None:
    assert said("2025-03-01 13:00", ColumnType.DATE) == dt.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("text", "form", "year", "moment"),
    [
        ("01-03-2025 09:05", "%d-%m-%Y %H:%M", None, at(2025, 3, 1, 9, 5)),
        ("Dec 10 06:55:46", "%b %d %H:%M:%S", 2015, at(2015, 12, 10, 6, 55, 46)),
        ("Dec  1 06:55:46", "%b %d %H:%M:%S", 2015, at(2015, 12, 1, 6, 55, 46)),
        ("Feb 29 06:55:46", "%b %d %H:%M:%S", 2015, NOT_UNDERSTOOD),
        ("2025-03-01", "%d-%m-%Y", None, at(2025, 3, 1)),
        ("31-13-2025", "%d-%m-%Y", None, NOT_UNDERSTOOD),
        ("3月1日", None, 2025, at(2025, 3, 1)),
        ("3月1日 9:05", None, 2025, at(2025, 3, 1, 9, 5)),
        ("45717", "excel", None, at(2025, 3, 1)),
        ("45717.378472222226", "excel", None, at(2025, 3, 1, 9, 5)),
        ("44255", "excel-1904", None, at(2025, 3, 1)),
        ("60", "excel", None, NOT_UNDERSTOOD),
        ("2025-03-01", "excel", None, at(2025, 3, 1)),
        ("1712011830", "epoch", None, at(2024, 4, 2, 6, 50, 30)),
        ("1740791107250", "epoch-ms", None, at(2025, 3, 1, 9, 5, 7, 250_000)),
        ("10/Mar/2025:23:55:36 +0000", "%d/%b/%Y:%H:%M:%S %z", None, at(2025, 3, 11, 7, 55, 36)),
    ],
)
def test_a_declared_format_or_year_is_used(
    text: str, form: str | None, year: int | None, moment: object
) -> None:
    cleaning = Cleaning("Asia/Shanghai", datetime=form, year=year)
    assert said(text, ColumnType.DATETIME, cleaning) == moment


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", Decimal("1234.5")),
        ("1,234,567", Decimal(1234567)),
        ("95%", Decimal("0.95")),
        ("９５％", Decimal("0.95")),
        ("98.5分", Decimal("98.5")),
        ("-3", Decimal(-3)),
        (".5", Decimal("0.5")),
        ("1e-05", Decimal("0.00001")),
        ("≥95", NOT_UNDERSTOOD),
        ("12,34", NOT_UNDERSTOOD),
        ("5_0", NOT_UNDERSTOOD),
        ("NaN", NOT_UNDERSTOOD),
        ("inf", NOT_UNDERSTOOD),
        ("1 2", NOT_UNDERSTOOD),
        ("1e99", NOT_UNDERSTOOD),
        ("1.5小时", NOT_UNDERSTOOD),
        ("优秀", NOT_UNDERSTOOD),
        ("#DIV/0!", NOT_UNDERSTOOD),
        ("N/A", BLANK),
    ],
)
def test_a_number_is_exact_or_not_understood(text: str, number: object) -> None:
    assert said(text, ColumnType.NUMBER) == number


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [("5mm", "mm", Decimal(5)), ("5 mm", "mm", Decimal(5)), ("5分", "mm", NOT_UNDERSTOOD)],
)
def test_a_number_may_carry_only_its_own_unit(text: str, unit: str, number: object) -> None:
    assert said(text, ColumnType.NUMBER, unit=unit) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", 1234),
        ("12.0", 12),
        ("007", 7),
        ("12人", 12),
        ("12.5", NOT_UNDERSTOOD),
        ("1e3", NOT_UNDERSTOOD),
        ("99999999999999999999", NOT_UNDERSTOOD),
    ],
)
def test_an_integer_is_whole_or_not_understood(text: str, number: object) -> None:
    assert said(text, ColumnType.INT) == number


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *[
            (word, True)
            for word in ("是", "有", "√", "✓", "Y", "yes", "TRUE", "1", "合格", "已完成")
        ],
        *[
            (word, False)
            for word in ("否", "无", "×", "✗", "n", "No", "false", "0", "不合格", "未完成")
        ],
        ("已知", NOT_UNDERSTOOD),
        ("大概", NOT_UNDERSTOOD),
        ("/", BLANK),
    ],
)
def test_yes_and_no_are_a_closed_list(text: str, answer: object) -> None:
    assert said(text, ColumnType.BOOL) == answer


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("90分钟", None, 5400),
        ("1小时30分", None, 5400),
        ("1天2小时", None, 93600),
        ("1个小时", None, 3600),
        ("01:30:00", None, 5400),
        ("30:00:00", None, 108000),
        ("1.5h", None, 5400),
        ("45s", None, 45),
        ("90", "min", 5400),
        ("90", "秒", 90),
    ],
)
def test_a_duration_is_whole_microseconds(text: str, unit: str | None, seconds: int) -> None:
    assert said(text, ColumnType.DURATION, unit=unit) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["90", "1:30", "h", "半小时", "01:75:00", "-5s"])
def test_a_duration_without_a_sure_meaning_is_not_understood(text: str) -> None:
    assert said(text, ColumnType.DURATION) == NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Ａ００１　", "A001"),
        ("（甲）", "（甲）"),
        ("已处理，待回访", "已处理，待回访"),
        ("'007", "'007"),
        ("1E5", "1E5"),
        ("1.23457E+15", NOT_UNDERSTOOD),
        ("#N/A", NOT_UNDERSTOOD),
        ("无", "无"),
        *[(word, BLANK) for word in ("", "-", "--", "—", "/", "N/A", "NULL", "null", "　")],
    ],
)
def test_text_keeps_what_it_says(text: str, kept: object) -> None:
    assert said(text, ColumnType.TEXT) == kept


def test_declared_null_values_are_blank() -> None:
    assert said("?", ColumnType.TEXT, Cleaning("Asia/Shanghai", ("?",))) == BLANK
    assert said("?", ColumnType.NUMBER) == NOT_UNDERSTOOD


def test_words_of_a_vocabulary_are_compared_without_case_width_or_blanks() -> None:
    assert comparable(" Ｃlosed （超时） ") == comparable("closed(超时)")
    assert comparable("已关闭") != comparable("已关闭(超时)")
