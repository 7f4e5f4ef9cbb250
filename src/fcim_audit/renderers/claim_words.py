"""Knows how a figure that the organisation claims is told beside the one computed again."""

from __future__ import annotations

from fractions import Fraction

from fcim_audit.assessment import Kpi
from fcim_audit.language import Lang, Text
from fcim_audit.model import Figure
from fcim_audit.wording import decimals, figure_text

CLAIM_TOLERANCE = Fraction(1, 2)
"""Points by which a claimed figure may differ from the recomputed one before it is asked about."""


def claimed_text(kpi: Kpi, lang: Lang) -> str:
    """What the organisation claims for an indicator: `96.2 %`; empty where it claims nothing."""
    return "" if kpi.claimed is None else figure_text(Figure(kpi.claimed, kpi.measured.unit), lang)


def difference_text(kpi: Kpi, lang: Lang) -> str:
    """Recomputed minus claimed, a share in percentage points; more than half a point asks to be looked into."""
    if kpi.difference is None:
        return ""
    points = _points(kpi)
    share = kpi.measured.unit == "ratio"
    unit = Text("个百分点", " pp") if share else Text("分", "")
    told = f"{'+' if points > 0 else ''}{decimals(points, 2)}{unit.said(lang)}"
    if not is_apart(kpi):
        return told
    return told + Text("，声称与复算不一致，须查明（9.1.1、9.1.3-a）",
                       ": claim and recomputed figure differ, look into it (9.1.1, 9.1.3-a)").said(lang)  # fmt: skip


def is_apart(kpi: Kpi) -> bool:
    """Whether claim and recomputed figure differ by more than half a point."""
    return abs(_points(kpi)) > CLAIM_TOLERANCE


def _points(kpi: Kpi) -> Fraction:
    difference = kpi.difference or Fraction(0)
    return difference * 100 if kpi.measured.unit == "ratio" else difference
