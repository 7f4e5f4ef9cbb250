"""The exceptions as CSV: every one, quoted, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from fcim_audit.language import Lang
from fcim_audit.renderers.csv import render
from fcim_audit.report import Report
from tests.renderers.told import LONG, report


def lines(told: Report) -> list[list[str]]:
    """The file as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(render(told).decode("utf-8-sig"), newline="")))


def test_it_opens_in_excel_as_utf_8() -> None:
    assert render(report()).startswith(b'\xef\xbb\xbf"')


def test_every_field_is_quoted() -> None:
    first = render(report(Lang.EN)).decode("utf-8-sig").split("\r\n")[1]
    assert first.startswith('"6.3-d","major nonconformity","6.3-d.response","fail",')


def test_there_is_a_line_for_each_exception_and_the_head() -> None:
    assert len(lines(report())) == 7


def test_a_formula_is_text_and_the_line_says_where_it_was_changed() -> None:
    line = lines(report(Lang.EN))[1]
    assert line[4] == "'=1+1.csv"
    assert line[7] == "'=1+1"
    assert line[12] == "File, Key"


def test_what_was_not_changed_is_not_said_to_be() -> None:
    line = lines(report(Lang.EN))[2]
    assert (line[7], line[12]) == ("<script>alert(1)</script>", "File")


def test_a_long_text_is_whole() -> None:
    assert lines(report())[5][7] == LONG


def test_control_characters_and_halves_of_characters_are_shown() -> None:
    data = render(report()).decode("utf-8-sig")
    assert "\x07" not in data
    assert r"bell\x07" in data
    assert r"half\xd800" in data


def test_exceptions_that_the_result_does_not_list_are_counted() -> None:
    told = report(Lang.EN)
    requirements = tuple(
        replace(
            r, outcomes=tuple(replace(o, exception_count=9) for o in r.outcomes if o.exceptions)
        )
        for r in told.requirements
    )
    told = replace(told, judgement=replace(told.judgement, requirements=requirements))
    assert lines(told)[-1][8] == "3 more, not listed in the result"
