"""Figures against thresholds: exact, never rounded, never a pass on nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from pydantic import ValidationError

from fcim_audit.checks.metric import MetricCheck
from fcim_audit.model import Coverage, Outcome, Verdict
from tests.checks.stories import TICKETS, ticket, tickets
from tests.workbench import Rows, concluded

DONE_95 = {
    "kind": "metric",
    "dataset": "tickets",
    "good": "done",
    "target": {"op": ">=", "value": "95 %"},
}
RATIO_95 = {
    "kind": "metric", "dataset": "tickets", "statistic": "ratio", "numerator": "good",
    "denominator": '"all"', "target": {"op": ">=", "value": "95 %"},
}  # fmt: skip
MEAN_90 = {
    "kind": "metric", "dataset": "tickets", "statistic": "mean", "value": "score",
    "scale_min": "1", "scale_max": "5", "target": {"op": ">=", "value": "90"},
}  # fmt: skip


def told(check: Mapping[str, object], rows: Rows) -> Outcome:
    return concluded(check, [TICKETS], {"tickets": rows})


def done(good: int, bad: int) -> list[dict[str, object]]:
    return [*tickets(good, done=True), *tickets(bad, done=False)]


def test_38_of_40_is_exactly_95_percent_and_passes() -> None:
    outcome = told(DONE_95, done(38, 2))
    assert (outcome.verdict, outcome.measured.value) == (Verdict.PASS, Fraction(38, 40))


def test_18_of_19_rounds_to_95_percent_and_fails() -> None:
    assert told(DONE_95, done(18, 1)).verdict is Verdict.FAIL


def test_an_unknown_flag_is_not_met() -> None:
    outcome = told(DONE_95, [ticket(1, done=None)])
    assert (outcome.verdict, outcome.exceptions[0].key) == (Verdict.FAIL, "T1")


def test_no_rows_are_no_evidence() -> None:
    assert told(DONE_95, []).verdict is Verdict.NO_EVIDENCE


def test_a_column_that_one_file_lacks_is_named_with_the_file() -> None:
    outcome = concluded(DONE_95, [TICKETS], {"tickets": done(3, 0)}, partly={"done": ("2.csv",)})
    assert outcome.verdict is Verdict.NO_EVIDENCE
    assert [reason.en for reason in outcome.reasons] == [
        "tickets does not supply done (not in 2.csv)"
    ]


def test_a_column_that_no_rule_reads_may_be_lacking() -> None:
    outcome = concluded(DONE_95, [TICKETS], {"tickets": done(3, 0)}, partly={"owner": ("2.csv",)})
    assert (outcome.verdict, outcome.reasons) == (Verdict.PASS, ())


def test_rows_but_none_in_scope_are_inconclusive() -> None:
    assert told({**DONE_95, "where": "owner = 'x'"}, done(3, 0)).verdict is Verdict.INCONCLUSIVE


def test_a_row_before_the_period_is_outside_and_said() -> None:
    early = ticket(9, done=False) | {"created": ticket(9)["created"].replace(year=2024)}  # type: ignore[attr-defined]
    outcome = told(DONE_95, [*done(3, 0), early])
    assert (outcome.verdict, outcome.counts.outside) == (Verdict.PASS, 1)


def test_an_unreadable_flag_that_could_decide_leaves_it_open() -> None:
    rows = [*done(18, 0), ticket(19, done=None, _bad=",done,")]
    outcome = told(DONE_95, rows)
    assert (outcome.verdict, outcome.counts.unknown) == (Verdict.INCONCLUSIVE, 1)


def test_an_unreadable_flag_that_can_not_decide_changes_nothing() -> None:
    rows = [*done(39, 0), ticket(40, done=None, _bad=",done,")]
    assert told(DONE_95, rows).verdict is Verdict.PASS


def test_an_exclusion_is_counted_apart() -> None:
    check = {
        **DONE_95,
        "exclude": [{"when": "owner = 'test'", "reason": {"zh": "测试", "en": "test"}}],
    }
    outcome = told(check, [*done(2, 0), ticket(3, done=False, owner="test")])
    assert (outcome.verdict, outcome.counts.excluded, outcome.denominator) == (Verdict.PASS, 1, 2)


def test_what_is_not_due_is_counted_apart() -> None:
    check = {**DONE_95, "not_due": "not overdue(created, days(400))"}
    outcome = told(check, done(0, 2))
    assert (outcome.verdict, outcome.counts.not_due) == (Verdict.INCONCLUSIVE, 2)


def test_a_figure_beside_decides_nothing() -> None:
    check = {**DONE_95, "beside": [{"name": {"zh": "全部", "en": "all"}, "good": "id is not null"}]}
    outcome = told(check, done(1, 1))
    assert (outcome.verdict, outcome.beside[0].numerator, outcome.beside[0].denominator) == (
        Verdict.FAIL, 2, 2,
    )  # fmt: skip


def test_a_ratio_of_sums_is_exact() -> None:
    assert told(RATIO_95, [ticket(1, good=9400, all=10000)]).verdict is Verdict.FAIL
    assert told(RATIO_95, [ticket(1, good=9500, all=10000)]).verdict is Verdict.PASS


def test_a_ratio_without_one_of_its_figures_is_inconclusive() -> None:
    rows = [ticket(1, good=95, all=100), ticket(2, good=None, all=100)]
    assert told(RATIO_95, rows).verdict is Verdict.INCONCLUSIVE


def test_more_parts_than_the_whole_is_no_figure() -> None:
    assert told(RATIO_95, [ticket(1, good=101, all=100)]).verdict is Verdict.INCONCLUSIVE


def test_a_whole_of_nothing_is_no_figure() -> None:
    assert told(RATIO_95, [ticket(1, good=0, all=0)]).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("scores", "measured", "verdict"),
    [
        pytest.param([4, 5], Fraction(175, 2), Verdict.FAIL, id="stars-mean-4.5-is-87.5"),
        pytest.param([5, 5, 5, 4, 4], Fraction(90), Verdict.PASS, id="stars-mean-4.6-is-90"),
    ],
)
def test_a_mean_is_rescaled_linearly(
    scores: list[int], measured: Fraction, verdict: Verdict
) -> None:
    outcome = told(MEAN_90, [ticket(n, score=score) for n, score in enumerate(scores)])
    assert (outcome.measured.value, outcome.verdict) == (measured, verdict)


def test_a_score_outside_its_scale_leaves_the_mean_open() -> None:
    rows = [ticket(1, score=5), ticket(2, score=6)]
    assert told(MEAN_90, rows).verdict is Verdict.INCONCLUSIVE


def test_too_few_rows_do_not_conclude() -> None:
    assert told({**MEAN_90, "at_least": "30"}, [ticket(1, score=5)]).verdict is Verdict.INCONCLUSIVE


def test_a_short_period_does_not_conclude() -> None:
    outcome = concluded(
        {**DONE_95, "min_period": "3 months"}, [TICKETS], {"tickets": done(2, 0)},
        bundle={"period": {"start": "2025-02-01", "end": "2025-03-31"}},
    )  # fmt: skip
    assert outcome.verdict is Verdict.INCONCLUSIVE


def test_unread_files_take_a_pass_away() -> None:
    outcome = concluded(
        DONE_95, [TICKETS], {"tickets": done(2, 0)}, unreadable={"tickets": ("more.xlsx",)}
    )
    assert outcome.verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("coverage", "good", "bad", "size", "verdict"),
    [
        pytest.param(Coverage.RANDOM_SAMPLE, 59, 0, None, Verdict.PASS, id="59-of-59"),
        pytest.param(Coverage.RANDOM_SAMPLE, 58, 1, None, Verdict.INCONCLUSIVE, id="58-of-59"),
        pytest.param(Coverage.RANDOM_SAMPLE, 50, 0, 200, Verdict.PASS, id="50-of-200"),
        pytest.param(Coverage.RANDOM_SAMPLE, 50, 0, 500, Verdict.INCONCLUSIVE, id="50-of-500"),
        pytest.param(Coverage.RANDOM_SAMPLE, 90, 10, 1000, Verdict.FAIL, id="90-of-100-of-1000"),
        pytest.param(Coverage.JUDGEMENT_SAMPLE, 14, 6, 100, Verdict.FAIL, id="certain-failure"),
        pytest.param(Coverage.JUDGEMENT_SAMPLE, 15, 5, 100, Verdict.INCONCLUSIVE, id="uncertain"),
    ],
)
def test_a_sample_concludes_only_as_far_as_it_carries(
    coverage: Coverage, good: int, bad: int, size: int | None, verdict: Verdict
) -> None:
    outcome = concluded(
        DONE_95, [TICKETS], {"tickets": done(good, bad)}, coverage=coverage, population_size=size
    )
    assert outcome.verdict is verdict


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"good": None}, id="share-without-good"),
        pytest.param({"statistic": "ratio"}, id="ratio-without-its-parts"),
        pytest.param({"target": {"op": "<=", "value": "5 %"}}, id="share-at-most"),
        pytest.param({"target": {"op": ">=", "value": "many"}}, id="target-in-words"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MetricCheck.model_validate({"name": "c", **DONE_95, **wrong})


@pytest.mark.parametrize(
    ("good", "bad", "size", "bound"),
    [
        pytest.param(50, 0, 200, Fraction(190, 200), id="at-most-10-bad-of-200"),
        pytest.param(50, 0, 500, Fraction(473, 500), id="at-most-27-bad-of-500"),
        pytest.param(78, 2, 500, Fraction(464, 500), id="at-most-36-bad-of-500"),
        pytest.param(90, 10, 1000, Fraction(840, 1000), id="at-most-160-bad-of-1000"),
        pytest.param(59, 0, None, Fraction(9504, 10000), id="clopper-pearson-59-of-59"),
        pytest.param(95, 5, None, Fraction(8977, 10000), id="clopper-pearson-95-of-100"),
    ],
)
def test_a_random_sample_says_what_it_is_sure_of(
    good: int, bad: int, size: int | None, bound: Fraction
) -> None:
    outcome = concluded(
        DONE_95, [TICKETS], {"tickets": done(good, bad)},
        coverage=Coverage.RANDOM_SAMPLE, population_size=size,
    )  # fmt: skip
    assert outcome.bound == bound
