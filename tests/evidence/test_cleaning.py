"""A column whose texts are all of the usual form is cleaned at once, and says what each would say alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb

from fcim_audit.datasets import Column
from fcim_audit.evidence.cells import Cleaning, define_macros
from fcim_audit.evidence.cleaning import Wanted, clean

Cell = tuple[object, object, bool]


def cleaned(texts: Sequence[str], kind: str, cleaning: Cleaning | None = None) -> list[Cell]:
    """Of each text what it says, its value, and whether it is bad."""
    column = Column.model_validate({"name": "x", "title": {"zh": "某列", "en": "x"}, "type": kind})
    with duckdb.connect() as connection:
        define_macros(connection)
        connection.execute("CREATE TABLE source (_row BIGINT, c0 VARCHAR)")
        connection.executemany("INSERT INTO source VALUES (?, ?)", list(enumerate(texts, start=1)))
        wanted = (Wanted(column, "c0"),)
        clean(connection, "source", "done", "_row", wanted, cleaning or Cleaning("Asia/Shanghai"))
        return connection.execute("SELECT s0, v0, b0 FROM done ORDER BY _row").fetchall()


def test_usual_stamps_have_their_values_and_impossible_ones_none() -> None:
    assert cleaned(["2025-03-01 09:05:07", "", "2025-02-30 09:00:00"], "datetime") == [
        ("2025-03-01 09:05:07", dt.datetime.fromisoformat("2025-03-01 09:05:07"), False),
        (None, None, False),
        ("2025-02-30 09:00:00", None, True),
    ]


def test_usual_stamps_in_a_column_of_dates_are_dates() -> None:
    assert cleaned(["2025-03-01 09:05:07"], "date") == [
        ("2025-03-01 09:05:07", dt.date.fromisoformat("2025-03-01"), False)
    ]


def test_one_unusual_stamp_changes_nothing_for_the_others() -> None:
    usual = ["2025-03-01 09:05:07", "2025-13-01 00:00:00", "2025-03-01 24:00:00", "-"]
    assert cleaned([*usual, "2025年3月1日"], "datetime")[:4] == cleaned(usual, "datetime")


def test_a_numeral_within_a_stamp_of_usual_length_is_no_usual_stamp() -> None:
    assert cleaned(["2025-03-0一 09:05:07"], "datetime")[0][2]


def test_a_declared_form_goes_before_the_usual_one() -> None:
    form = Cleaning("Asia/Shanghai", datetime="%Y-%d-%m %H:%M:%S")
    assert cleaned(["2025-03-01 09:05:07"], "datetime", form)[0][1] == dt.datetime.fromisoformat(
        "2025-01-03 09:05:07"
    )


def test_blank_words_say_nothing_in_a_column_of_plain_texts() -> None:
    assert cleaned(["A", "N/A", "-", ""], "text") == [
        ("A", "A", False), (None, None, False), (None, None, False), (None, None, False),
    ]  # fmt: skip


def test_one_text_with_blanks_around_it_changes_nothing_for_the_others() -> None:
    plain = ["A", "n/a", "客户 1", "#N/A", "1E+05"]
    assert cleaned([*plain, " B\u3000"], "text")[:5] == cleaned(plain, "text")
