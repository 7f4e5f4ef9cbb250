"""What a sample says about its population, against worked numbers; nothing is a float."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fcim_audit.model import Coverage, Verdict
from fcim_audit.sampling import ALPHA, at_most, lower_bound, share_verdict

P90, P95, P99 = Fraction(90, 100), Fraction(95, 100), Fraction(99, 100)
ALL = Fraction(1)
PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
CENSUS, RANDOM, PICKED = (
    Coverage.POPULATION,
    Coverage.RANDOM_SAMPLE,
    Coverage.JUDGEMENT_SAMPLE,
)


@pytest.mark.parametrize(
    ("good", "bad", "required", "verdict"),
    [
        pytest.param(38, 2, P95, PASS, id="38-of-40-is-95-percent"),
        pytest.param(18, 1, P95, FAIL, id="18-of-19-only-rounds-to-95-percent"),
        pytest.param(94999, 5001, P95, FAIL, id="94999-of-100000-rounds-to-95-percent"),
        pytest.param(95000, 5000, P95, PASS, id="95000-of-100000"),
        pytest.param(900, 100, P90, PASS, id="900-of-1000-at-90-percent"),
        pytest.param(1, 0, ALL, PASS, id="one-of-one"),
        pytest.param(999_999, 1, ALL, FAIL, id="one-bad-in-a-million-at-100-percent"),
        pytest.param(2, 1, Fraction(2, 3), PASS, id="two-thirds-exactly"),
        pytest.param(0, 5, Fraction(0), PASS, id="nothing-required"),
        pytest.param(0, 0, P95, OPEN, id="nothing-seen"),
    ],
)
def test_a_census_is_counted_exactly(
    good: int, bad: int, required: Fraction, verdict: Verdict
) -> None:
    assert share_verdict(good, bad, 0, required, CENSUS, None) is verdict


@pytest.mark.parametrize(
    ("good", "bad", "unknown", "verdict"),
    [
        pytest.param(19, 0, 1, PASS, id="unknown-can-not-decide-against"),
        pytest.param(18, 1, 1, OPEN, id="unknown-could-decide"),
        pytest.param(18, 0, 2, OPEN, id="two-unknown-could-decide"),
        pytest.param(17, 2, 1, FAIL, id="unknown-can-not-decide-for"),
        pytest.param(0, 0, 20, OPEN, id="all-unknown"),
    ],
)
def test_unknown_rows_count_against_a_pass_and_against_a_fail(
    good: int, bad: int, unknown: int, verdict: Verdict
) -> None:
    assert share_verdict(good, bad, unknown, P95, CENSUS, None) is verdict


@pytest.mark.parametrize(
    ("good", "bad", "unknown", "verdict"),
    [
        pytest.param(59, 0, 0, PASS, id="all-known"),
        pytest.param(58, 0, 1, OPEN, id="one-unknown-takes-the-pass"),
        pytest.param(180, 20, 0, FAIL, id="twenty-bad"),
        pytest.param(180, 10, 10, OPEN, id="ten-bad-and-ten-unknown-are-no-failure"),
    ],
)
def test_unknown_rows_of_a_sample_count_against_both_too(
    good: int, bad: int, unknown: int, verdict: Verdict
) -> None:
    assert share_verdict(good, bad, unknown, P95, RANDOM, None) is verdict


@pytest.mark.parametrize(
    ("good", "bad", "required", "verdict"),
    [
        pytest.param(59, 0, P95, PASS, id="row-1-59-of-59"),
        pytest.param(58, 1, P95, OPEN, id="row-1-58-of-59"),
        pytest.param(58, 0, P95, OPEN, id="58-of-58-is-one-too-few"),
        pytest.param(300, 0, P99, PASS, id="row-2-300-of-300"),
        pytest.param(299, 0, P99, PASS, id="row-2-299-of-299"),
        pytest.param(298, 0, P99, OPEN, id="298-of-298-is-one-too-few"),
        pytest.param(298, 2, P99, OPEN, id="row-2-298-of-300"),
        pytest.param(10, 0, P95, OPEN, id="row-2-10-of-10-carries-0.741"),
        pytest.param(10, 0, Fraction(741, 1000), PASS, id="row-2-10-of-10-at-0.741"),
        pytest.param(10, 0, Fraction(742, 1000), OPEN, id="row-2-10-of-10-at-0.742"),
        pytest.param(20, 0, Fraction(860, 1000), PASS, id="row-2-20-of-20-at-0.860"),
        pytest.param(20, 0, Fraction(861, 1000), OPEN, id="row-2-20-of-20-at-0.861"),
        pytest.param(100, 0, Fraction(970, 1000), PASS, id="row-2-100-of-100-at-0.970"),
        pytest.param(100, 0, Fraction(971, 1000), OPEN, id="row-2-100-of-100-at-0.971"),
        pytest.param(99, 1, P95, PASS, id="row-3-99-of-100"),
        pytest.param(99, 1, Fraction(954, 1000), OPEN, id="row-3-99-of-100-at-0.954"),
        pytest.param(95, 5, P95, OPEN, id="row-3-95-of-100"),
        pytest.param(95, 5, Fraction(897, 1000), PASS, id="row-3-95-of-100-at-0.897"),
        pytest.param(95, 5, Fraction(981, 1000), FAIL, id="row-3-95-of-100-at-0.981"),
        pytest.param(45, 5, P95, OPEN, id="row-4-45-of-50"),
        pytest.param(45, 5, Fraction(960, 1000), FAIL, id="row-4-45-of-50-at-0.960"),
        pytest.param(180, 20, P95, FAIL, id="row-4-180-of-200"),
        pytest.param(1000, 0, ALL, OPEN, id="no-sample-proves-100-percent"),
        pytest.param(999, 1, ALL, FAIL, id="one-bad-refutes-100-percent"),
    ],
)
def test_a_sample_of_an_unknown_population(
    good: int, bad: int, required: Fraction, verdict: Verdict
) -> None:
    assert share_verdict(good, bad, 0, required, RANDOM, None) is verdict


@pytest.mark.parametrize(
    ("good", "bad", "size", "required", "verdict"),
    [
        pytest.param(50, 0, 200, P95, PASS, id="row-5-50-of-200-is-just-enough"),
        pytest.param(50, 0, 500, P95, OPEN, id="row-5-50-of-500"),
        pytest.param(78, 2, 500, P95, OPEN, id="row-6-two-bad-of-80-of-500"),
        pytest.param(90, 10, 1000, P95, FAIL, id="row-7-ten-bad-of-100-of-1000"),
        pytest.param(68, 12, 200, P90, FAIL, id="row-8-twelve-bad-of-80-of-200-at-90"),
        pytest.param(68, 12, 200, P95, FAIL, id="row-8-twelve-bad-of-80-of-200-at-95"),
        pytest.param(47, 0, 200, P95, PASS, id="47-of-200"),
        pytest.param(46, 0, 200, P95, OPEN, id="46-of-200-is-one-too-few"),
        pytest.param(71, 1, 200, P95, PASS, id="one-bad-of-72-of-200"),
        pytest.param(70, 1, 200, P95, OPEN, id="one-bad-of-71-of-200-is-one-too-few"),
        pytest.param(28, 0, 1000, P90, PASS, id="28-of-1000-at-90-percent"),
        pytest.param(27, 0, 1000, P90, OPEN, id="27-of-1000-at-90-percent-is-one-too-few"),
        pytest.param(95, 5, 100, P95, PASS, id="a-sample-of-everything-is-a-census"),
        pytest.param(94, 6, 100, P95, FAIL, id="a-failed-sample-of-everything"),
        pytest.param(99, 0, 100, ALL, OPEN, id="all-but-one-does-not-prove-100-percent"),
        pytest.param(100, 0, 100, ALL, PASS, id="everything-proves-100-percent"),
        pytest.param(98, 1, 100, ALL, FAIL, id="one-bad-refutes-100-percent"),
    ],
)
def test_a_sample_of_a_known_population(
    good: int, bad: int, size: int, required: Fraction, verdict: Verdict
) -> None:
    assert share_verdict(good, bad, 0, required, RANDOM, size) is verdict


@pytest.mark.parametrize(
    ("good", "bad", "size", "required", "verdict"),
    [
        pytest.param(14, 6, 100, P95, FAIL, id="row-9-six-bad-are-certain"),
        pytest.param(15, 5, 100, P95, OPEN, id="row-9-five-bad-are-not"),
        pytest.param(95, 0, 100, P95, PASS, id="enough-good-for-certain"),
        pytest.param(94, 0, 100, P95, OPEN, id="one-good-too-few"),
        pytest.param(20, 0, None, P95, OPEN, id="of-an-unknown-population"),
        pytest.param(0, 20, None, P95, OPEN, id="all-bad-of-an-unknown-population"),
        pytest.param(19, 1, None, ALL, FAIL, id="one-bad-refutes-100-percent"),
        pytest.param(900, 0, 1000, P90, PASS, id="900-of-1000-tolerates-exactly-100"),
        pytest.param(0, 101, 1000, P90, FAIL, id="101-bad-of-1000"),
        pytest.param(0, 100, 1000, P90, OPEN, id="100-bad-of-1000-are-tolerated"),
    ],
)
def test_picked_rows_conclude_only_for_certain(
    good: int, bad: int, size: int | None, required: Fraction, verdict: Verdict
) -> None:
    assert share_verdict(good, bad, 0, required, PICKED, size) is verdict


@pytest.mark.parametrize(
    ("found", "size", "defective", "drawn", "above"),
    [
        pytest.param(0, 200, 10, 50, True, id="row-5-ten-of-200-are-possible"),
        pytest.param(0, 200, 11, 50, False, id="row-5-eleven-of-200-are-not"),
        pytest.param(0, 500, 27, 50, True, id="row-5-27-of-500-are-possible"),
        pytest.param(0, 500, 28, 50, False, id="row-5-28-of-500-are-not"),
        pytest.param(2, 500, 36, 80, True, id="row-6-36-of-500-are-possible"),
        pytest.param(2, 500, 37, 80, False, id="row-6-37-of-500-are-not"),
        pytest.param(10, 1000, 160, 100, True, id="row-7-160-of-1000-are-possible"),
        pytest.param(10, 1000, 161, 100, False, id="row-7-161-of-1000-are-not"),
        pytest.param(12, 200, 42, 80, True, id="row-8-42-of-200-are-possible"),
        pytest.param(12, 200, 43, 80, False, id="row-8-43-of-200-are-not"),
    ],
)
def test_the_most_defective_that_a_sample_leaves_possible(
    found: int, size: int, defective: int, drawn: int, above: bool
) -> None:
    assert (at_most(found, size, defective, drawn) > ALPHA) is above


@pytest.mark.parametrize(
    ("found", "size", "defective", "drawn", "possible"),
    [
        pytest.param(2, 500, 3, 80, True, id="row-6-three-of-500-are-possible"),
        pytest.param(2, 500, 2, 80, False, id="row-6-two-of-500-are-not"),
        pytest.param(10, 1000, 58, 100, True, id="row-7-58-of-1000-are-possible"),
        pytest.param(10, 1000, 57, 100, False, id="row-7-57-of-1000-are-not"),
        pytest.param(12, 200, 21, 80, True, id="row-8-21-of-200-are-possible"),
        pytest.param(12, 200, 20, 80, False, id="row-8-20-of-200-are-not"),
    ],
)
def test_the_fewest_defective_that_a_sample_leaves_possible(
    found: int, size: int, defective: int, drawn: int, possible: bool
) -> None:
    assert (1 - at_most(found - 1, size, defective, drawn) > ALPHA) is possible


@pytest.mark.parametrize(
    ("found", "size", "defective", "drawn", "chance"),
    [
        pytest.param(0, 4, 1, 2, Fraction(1, 2), id="one-of-four-in-two-draws"),
        pytest.param(1, 4, 1, 2, Fraction(1), id="at-most-all-of-them"),
        pytest.param(0, 10, 0, 5, Fraction(1), id="none-defective"),
        pytest.param(0, 10, 10, 5, Fraction(0), id="all-defective"),
        pytest.param(-1, 10, 3, 5, Fraction(0), id="fewer-than-none"),
        pytest.param(0, 10, 11, 5, Fraction(0), id="more-defective-than-there-are"),
        pytest.param(0, 100, 1, 95, Fraction(5, 100), id="one-of-100-missed-by-95"),
    ],
)
def test_a_chance_is_an_exact_fraction(
    found: int, size: int, defective: int, drawn: int, chance: Fraction
) -> None:
    assert at_most(found, size, defective, drawn) == chance


@pytest.mark.parametrize(
    ("bad", "seen", "size", "bound"),
    [
        pytest.param(0, 59, None, Fraction(9504, 10000), id="row-1-59-of-59"),
        pytest.param(1, 59, None, Fraction(9221, 10000), id="row-1-58-of-59"),
        pytest.param(0, 300, None, Fraction(9900, 10000), id="row-2-300-of-300"),
        pytest.param(2, 300, None, Fraction(9791, 10000), id="row-2-298-of-300"),
        pytest.param(0, 10, None, Fraction(7411, 10000), id="row-2-10-of-10"),
        pytest.param(1, 100, None, Fraction(9534, 10000), id="row-3-99-of-100"),
        pytest.param(5, 50, None, Fraction(8011, 10000), id="row-4-45-of-50"),
        pytest.param(10, 10, None, Fraction(0), id="all-bad"),
        pytest.param(0, 50, 200, Fraction(190, 200), id="row-5-50-of-200"),
        pytest.param(0, 50, 500, Fraction(473, 500), id="row-5-50-of-500"),
        pytest.param(2, 80, 500, Fraction(464, 500), id="row-6-78-of-80-of-500"),
        pytest.param(10, 100, 1000, Fraction(840, 1000), id="row-7-90-of-100-of-1000"),
        pytest.param(12, 80, 200, Fraction(158, 200), id="row-8-68-of-80-of-200"),
        pytest.param(3, 100, 100, Fraction(97, 100), id="a-sample-of-everything"),
    ],
)
def test_the_share_that_a_random_sample_supports(
    bad: int, seen: int, size: int | None, bound: Fraction
) -> None:
    assert lower_bound(bad, seen, RANDOM, size) == bound


@pytest.mark.parametrize(
    ("coverage", "seen"),
    [
        pytest.param(CENSUS, 10, id="a-census-needs-none"),
        pytest.param(PICKED, 10, id="picked-rows-carry-none"),
        pytest.param(RANDOM, 0, id="nothing-seen"),
    ],
)
def test_without_inference_there_is_no_bound(coverage: Coverage, seen: int) -> None:
    assert lower_bound(0, seen, coverage, None) is None


SAMPLES: dict[str, st.SearchStrategy[Any]] = {
    "good": st.integers(0, 60),
    "bad": st.integers(0, 20),
    "unknown": st.integers(0, 10),
    "required": st.sampled_from([P90, P95, P99, ALL]),
    "coverage": st.sampled_from(list(Coverage)),
    "size": st.none() | st.integers(95, 300),
}


@given(**SAMPLES)
def test_a_good_row_turned_bad_never_makes_a_pass(
    good: int, bad: int, unknown: int, required: Fraction, coverage: Coverage, size: int | None
) -> None:
    worse = share_verdict(good, bad + 1, unknown, required, coverage, size)
    assert worse is not PASS or (
        share_verdict(good + 1, bad, unknown, required, coverage, size) is PASS
    )


@given(**SAMPLES)
def test_a_bad_row_more_never_turns_a_fail_into_a_pass(
    good: int, bad: int, unknown: int, required: Fraction, coverage: Coverage, size: int | None
) -> None:
    before = share_verdict(good, bad, unknown, required, coverage, size)
    after = share_verdict(good, bad + 1, unknown, required, coverage, size)
    assert (before, after) != (FAIL, PASS)


@given(**SAMPLES)
def test_an_unknown_row_made_known_never_turns_a_verdict_round(
    good: int, bad: int, unknown: int, required: Fraction, coverage: Coverage, size: int | None
) -> None:
    unclear = share_verdict(good, bad, unknown + 1, required, coverage, size)
    as_good = share_verdict(good + 1, bad, unknown, required, coverage, size)
    as_bad = share_verdict(good, bad + 1, unknown, required, coverage, size)
    assert {(unclear, as_good), (unclear, as_bad)}.isdisjoint({(PASS, FAIL), (FAIL, PASS)})


@pytest.mark.parametrize("coverage", [RANDOM, PICKED])
def test_a_population_smaller_than_its_sample_concludes_nothing(coverage: Coverage) -> None:
    assert share_verdict(12, 0, 0, P95, coverage, 10) is OPEN
    assert share_verdict(0, 12, 0, ALL, coverage, 10) is OPEN
    assert lower_bound(0, 12, coverage, 10) is None
