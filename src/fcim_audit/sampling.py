"""Knows what a sample says about its population: exact bounds, nothing rounded, nothing simulated.

Source: the one-sided exact tests of ISO 2859-2's isolated lots, as hypergeometric tail for a known
population and as binomial tail (Clopper-Pearson) for an unknown one.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, comb

from fcim_audit.model import Coverage, Verdict

ALPHA = Fraction(5, 100)


def share_verdict(
    good: int, bad: int, unknown: int, required: Fraction, coverage: Coverage, size: int | None
) -> Verdict:
    """Whether a share of at least `required` holds in the population.

    `good`, `bad` and `unknown` are the rows seen; unknown ones count against a pass and against a
    fail. `size` is the population's size where rows are a sample (None: unknown); one smaller than
    the sample itself concludes nothing.
    """
    seen = good + bad + unknown
    if seen == 0:
        return Verdict.INCONCLUSIVE
    if coverage is Coverage.POPULATION:
        return _census(good, bad, unknown, required)
    if size is not None and size < seen:
        return Verdict.INCONCLUSIVE
    if coverage is Coverage.JUDGEMENT_SAMPLE:
        return _certain(good, bad, required, size)
    return _random(good, bad, unknown, required, size)


def _census(good: int, bad: int, unknown: int, required: Fraction) -> Verdict:
    seen = good + bad + unknown
    if good >= required * seen:
        return Verdict.PASS
    if good + unknown < required * seen:
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE


def _certain(good: int, bad: int, required: Fraction, size: int | None) -> Verdict:
    if size is None:
        return Verdict.FAIL if required == 1 and bad else Verdict.INCONCLUSIVE
    needed = ceil(required * size)
    if good >= needed:
        return Verdict.PASS
    return Verdict.FAIL if bad > size - needed else Verdict.INCONCLUSIVE


def _random(good: int, bad: int, unknown: int, required: Fraction, size: int | None) -> Verdict:
    if required == 1 and bad:
        return Verdict.FAIL
    seen = good + bad + unknown
    if size is None:
        too_good = _binomial_at_most(bad + unknown, seen, 1 - required) <= ALPHA
        too_bad = 1 - _binomial_at_most(bad - 1, seen, 1 - required) <= ALPHA
    else:
        tolerated = size - ceil(required * size)
        too_good = at_most(bad + unknown, size, tolerated + 1, seen) <= ALPHA or seen == size
        too_bad = 1 - at_most(bad - 1, size, tolerated, seen) <= ALPHA
        if seen == size:
            return _census(good, bad, unknown, required)
    if too_good and required < 1:
        return Verdict.PASS
    return Verdict.FAIL if too_bad and bad else Verdict.INCONCLUSIVE


def lower_bound(bad: int, seen: int, coverage: Coverage, size: int | None) -> Fraction | None:
    """The share that at least holds in the population, at 95 % one-sided; None without inference.

    For an unknown size the Clopper-Pearson limit, rounded down to four decimals.
    """
    if coverage is not Coverage.RANDOM_SAMPLE or seen == 0 or (size is not None and size < seen):
        return None
    if size is None:
        steps = 10_000
        low, high = 0, steps
        while low < high:
            middle = (low + high + 1) // 2
            sure = _binomial_at_most(bad, seen, 1 - Fraction(middle, steps)) <= ALPHA
            low, high = (middle, high) if sure else (low, middle - 1)
        return Fraction(low, steps)
    low, high = bad, size - (seen - bad)
    while low < high:
        middle = (low + high + 1) // 2
        possible = at_most(bad, size, middle, seen) > ALPHA
        low, high = (middle, high) if possible else (low, middle - 1)
    return Fraction(size - low, size)


def at_most(found: int, size: int, defective: int, drawn: int) -> Fraction:
    """P(at most `found` defective among `drawn`) when `defective` of `size` are."""
    if defective > size:
        return Fraction(0)
    ways = sum(
        comb(defective, i) * comb(size - defective, drawn - i)
        for i in range(min(found, drawn, defective) + 1)
    )
    return Fraction(ways, comb(size, drawn))


def _binomial_at_most(found: int, drawn: int, rate: Fraction) -> Fraction:
    return sum(
        (
            comb(drawn, i) * rate**i * (1 - rate) ** (drawn - i)
            for i in range(min(found, drawn) + 1)
        ),
        Fraction(0),
    )
