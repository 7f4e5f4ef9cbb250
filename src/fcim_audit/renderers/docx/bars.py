"""Knows bars that are shaded blanks: no picture, no font for it, restyled in Word like any text."""

from __future__ import annotations

from collections.abc import Sequence

from fcim_audit.assessment import Kpi

LENGTH = 40
"""Blanks in a whole bar."""
_BLANK = "\u00a0"


def bar(length: int) -> str:
    """A bar, or a part of one; the template shades it."""
    return _BLANK * length


def split(counts: Sequence[int]) -> list[int]:
    """The lengths of a whole bar's parts: in proportion, none that counts something without a blank."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    lengths = [max(1, n * LENGTH // total) if n else 0 for n in counts]
    longest = lengths.index(max(lengths))
    lengths[longest] += LENGTH - sum(lengths)
    return lengths


def kpi_bar(kpi: Kpi) -> int:
    """How long a share or a score of 100 is; 0 for what is neither or was not measured."""
    value = kpi.measured.value
    if value is None or kpi.measured.unit not in {"ratio", "score"}:
        return 0
    whole = value if kpi.measured.unit == "ratio" else value / 100
    return max(0, min(LENGTH, int(whole * LENGTH)))
