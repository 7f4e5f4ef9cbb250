"""Knows how long the page's bars are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from fcim_audit.model import Comparator, Figure, Status, Target

STACK = 160
"""Pixels of a bar that is divided among statuses."""


def stack(counts: Mapping[Status, int]) -> Iterator[tuple[Status, int, int]]:
    """Each status with where its part of the bar starts and how long it is."""
    total, before = sum(counts.values()), 0
    for status, number in counts.items():
        if number:
            start, end = (STACK * n // total for n in (before, before + number))
            yield status, start, end - start
        before += number


def bar(figure: Figure) -> int:
    """The figure's length of 100."""
    if figure.value is None:
        return 0
    return max(0, min(100, int(figure.value * _scale(figure.unit))))


def target_mark(target: Target | None, unit: str) -> int | None:
    """Where of 100 the least that is asked for stands."""
    if target is None or target.op is not Comparator.AT_LEAST:
        return None
    return int(target.value * _scale(unit))


def _scale(unit: str) -> Fraction:
    return Fraction(100 if unit == "ratio" else 1)
