"""Knows the register's sheets of figures: the eight of clause 6.3, and each figure by month and site."""

from __future__ import annotations

from collections.abc import Mapping

from fcim_audit.assessment import Kpi, RequirementAssessment
from fcim_audit.language import Text
from fcim_audit.model import Breakdown, Dimension, Figure, Outcome
from fcim_audit.renderers.claim_words import difference_text, is_apart
from fcim_audit.renderers.plain_book import Row
from fcim_audit.renderers.register import Table, attained_cell, figure_cell, lines
from fcim_audit.report import Report
from fcim_audit.wording import hidden_texts, parts_not_told, target_text

_COLUMNS = (
    ("编号", "Id", 10), ("指标", "Figure", 36), ("实测", "Measured", 12),
    ("分子", "Numerator", 12), ("分母", "Denominator", 13), ("要求值", "Required", 12),
    ("结果", "Result", 14), ("组织声称", "Claimed", 12), ("复算减声称", "Recomputed minus claimed", 14),
    ("说明", "Remarks", 60),
)  # fmt: skip
_PART_COLUMNS = (
    ("检查", "Check", 20), ("指标", "Figure", 34), ("按", "By", 9), ("月份或场所", "Month or site", 16),
    ("分子", "Numerator", 12), ("分母", "Denominator", 13), ("实测", "Measured", 14),
    ("读不懂", "Not understood", 12), ("要求值", "Required", 12), ("结果", "Result", 14),
)  # fmt: skip
_BY = {Dimension.MONTH: Text("月份", "month"), Dimension.SITE: Text("场所", "site")}
_NAMELESS = Text("（未写明）", "(not named)")


def figures(report: Report) -> Table:
    """The eight figures, measured beside required."""
    by_id = {r.id: r for r in report.requirements}
    return Table(
        Text("指标", "Figures"),
        Text("6.3 的八项指标", "the eight figures of clause 6.3"),
        _COLUMNS,
        (_figure(report, kpi, by_id) for kpi in report.judgement.kpis),
    )


def parts(report: Report) -> Table:
    """Every figure that falls apart by month or site."""
    return Table(
        Text("月份与场所", "Months and sites"),
        Text("按月份和场所分列的数值", "figures by month and by site"),
        _PART_COLUMNS,
        (
            _part(report, r, o, part)
            for r in report.requirements
            for o in r.outcomes
            for part in o.by
        ),
    )


def _figure(report: Report, kpi: Kpi, by_id: Mapping[str, RequirementAssessment]) -> Row:
    told = by_id.get(kpi.id)
    outcomes = [] if told is None else [o for o in told.outcomes if o.is_kpi]
    remarks = (
        text for o in outcomes for text in (*o.reasons, *hidden_texts(o), *parts_not_told(o))
    )
    claim = None if kpi.claimed is None else Figure(kpi.claimed, kpi.measured.unit)
    apart = difference_text(kpi, report.lang) if is_apart(kpi) else None
    return (
        kpi.id, report.said(kpi.name), figure_cell(kpi.measured, report.lang), kpi.numerator,
        kpi.denominator, target_text(kpi.target, kpi.measured.unit),
        attained_cell(kpi.attained, report.lang),
        None if claim is None else figure_cell(claim, report.lang),
        None if kpi.difference is None else figure_cell(Figure(kpi.difference, kpi.measured.unit), report.lang),
        lines(apart, *dict.fromkeys(map(report.said, remarks))),
    )  # fmt: skip


def _part(report: Report, r: RequirementAssessment, o: Outcome, part: Breakdown) -> Row:
    result = "—" if part.met is None else attained_cell(part.met, report.lang)
    return (
        o.check_id, report.said(r.title if o.title is None else o.title),
        report.said(_BY[part.dimension]), part.label or report.said(_NAMELESS), part.numerator,
        part.denominator, figure_cell(part.measured, report.lang), part.unknown or None,
        target_text(o.target, part.measured.unit), result,
    )  # fmt: skip
