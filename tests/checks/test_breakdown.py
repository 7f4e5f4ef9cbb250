"""An indicator falls apart by month and by site, and a part that misses its target is said."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from fcim_audit.model import Coverage, Outcome, Verdict
from tests.workbench import at, concluded, dataset

JOBS = dataset(
    "jobs",
    {
        "id": "text", "on": "date", "done": "bool", "site_id": "text", "top": "int",
        "bottom": "int", "score": "number",
    },
    time="on",
)  # fmt: skip
SHARE = {"kind": "metric", "good": "done", "target": {"op": ">=", "value": "80 %"}}
RATIO = {
    "kind": "metric", "statistic": "ratio", "numerator": "top", "denominator": "bottom",
    "target": {"op": ">=", "value": "90 %"},
}  # fmt: skip
MEAN = {
    "kind": "metric", "statistic": "mean", "value": "score", "scale_min": "1", "scale_max": "5",
    "target": {"op": ">=", "value": "75"},
}  # fmt: skip
Row = dict[str, object]


def job(number: int, month: int, **facts: object) -> Row:
    return {"id": f"J{number}", "on": at(f"{month:02d}-05").date(), **facts}


def told(
    check: Mapping[str, object], rows: list[Row], coverage: Coverage = Coverage.POPULATION
) -> Outcome:
    whole = {"dataset": "jobs", "kpi": True, **check}
    return concluded(whole, [JOBS], {"jobs": rows}, coverage=coverage)


def parts(outcome: Outcome) -> list[tuple[object, ...]]:
    return [(p.dimension.value, p.label, p.numerator, p.denominator, p.met) for p in outcome.by]


def test_a_yearly_pass_hides_a_failing_month_and_a_failing_site() -> None:
    good = [job(n, 3, done=True, site_id="S1") for n in range(8)]
    mixed = [job(8, 4, done=True, site_id="S2"), job(9, 4, done=False, site_id="S2")]
    outcome = told(SHARE, good + mixed)
    assert outcome.verdict is Verdict.PASS
    assert parts(outcome) == [
        ("month", "2025-03", 8, 8, True),
        ("month", "2025-04", 1, 2, False),
        ("site", "S1", 8, 8, True),
        ("site", "S2", 1, 2, False),
    ]
    assert [text.en for text in outcome.reasons] == [
        "met as a whole, but not in month 2025-04: 1/2 = 50 %",
        "met as a whole, but not in site S2: 1/2 = 50 %",
    ]


def test_a_part_just_at_the_target_meets_it() -> None:
    rows = [job(n, 3, done=n > 0) for n in range(5)]
    assert parts(told(SHARE, rows)) == [("month", "2025-03", 4, 5, True)]


def test_a_cell_that_is_not_understood_leaves_its_month_open() -> None:
    rows = [job(n, 3, done=True) for n in range(9)] + [job(9, 4, done=None, _bad=",done,")]
    outcome = told(SHARE, rows)
    assert parts(outcome)[1] == ("month", "2025-04", 0, 1, None)
    assert outcome.by[1].unknown == 1
    assert outcome.hidden == ()


def test_rows_outside_the_period_are_in_no_month() -> None:
    rows = [
        job(1, 3, done=True),
        job(2, 3, done=False) | {"on": at("03-05").date().replace(year=2024)},
    ]
    assert parts(told(SHARE, rows)) == [("month", "2025-03", 1, 1, True)]


def test_rows_without_a_site_among_others_with_one_stand_under_no_name() -> None:
    rows = [job(1, 3, done=True, site_id="S1"), job(2, 3, done=True)]
    assert parts(told(SHARE, rows))[1:] == [("site", "", 1, 1, True), ("site", "S1", 1, 1, True)]


def test_a_check_that_carries_no_indicator_is_not_broken_down() -> None:
    rows = [job(1, 3, done=True, site_id="S1")]
    assert told({**SHARE, "kpi": False}, rows).by == ()


def test_of_a_sample_no_month_is_said_to_miss_the_target() -> None:
    rows = [job(1, 3, done=False), *(job(n, 4, done=True) for n in range(2, 9))]
    outcome = told(SHARE, rows, Coverage.JUDGEMENT_SAMPLE)
    assert [p.met for p in outcome.by] == [None, None]


def test_a_month_of_too_few_rows_concludes_nothing() -> None:
    rows = [job(1, 3, done=False), *(job(n, 4, done=True) for n in range(2, 9))]
    assert [p.met for p in told({**SHARE, "at_least": 2}, rows).by] == [None, True]


def test_sums_are_added_up_by_month() -> None:
    rows = [job(1, 3, top=99, bottom=100), job(2, 3, top=1, bottom=1), job(3, 4, top=8, bottom=10)]
    outcome = told(RATIO, rows)
    assert parts(outcome) == [
        ("month", "2025-03", 100, 101, True),
        ("month", "2025-04", 8, 10, False),
    ]
    assert outcome.by[0].measured.value == Fraction(100, 101)


def test_scores_are_averaged_by_month_and_a_row_without_one_leaves_it_open() -> None:
    rows = [
        job(1, 3, score=5),
        job(2, 3, score=4),
        job(3, 4, score=2),
        job(4, 5),
        job(5, 5, score=5),
    ]
    outcome = told(MEAN, rows)
    assert [(p.label, p.measured.value, p.denominator, p.met) for p in outcome.by] == [
        ("2025-03", Fraction(175, 2), 2, True),
        ("2025-04", 25, 1, False),
        ("2025-05", 100, 1, None),
    ]


def test_records_that_carry_an_indicator_are_broken_down_too() -> None:
    check = {"kind": "records", "must": "done", "share": "80 %"}
    rows = [job(n, 3, done=n > 0) for n in range(5)]
    assert parts(told(check, rows)) == [("month", "2025-03", 4, 5, True)]


@pytest.mark.spark
@pytest.mark.parametrize("check", [SHARE, RATIO, MEAN], ids=["share", "ratio", "mean"])
def test_both_engines_break_a_figure_down_alike(check: Mapping[str, object]) -> None:
    rows = [
        job(1, 3, done=True, site_id="S1", top=9, bottom=10, score=5),
        job(2, 4, done=False, site_id="S2", top=1, bottom=10, score=2),
        job(3, 4, done=None, _bad=",done,score,top,"),
    ]
    whole = {"dataset": "jobs", "kpi": True, **check}
    first = concluded(whole, [JOBS], {"jobs": rows})
    assert first.by
    assert concluded(whole, [JOBS], {"jobs": rows}, engine="spark").by == first.by
