"""Knows the result as one self-contained page: no request, no external font, everything escaped."""

from __future__ import annotations

from fractions import Fraction

import jinja2

from fcim_audit.assessment import Kpi
from fcim_audit.checklist.shipped import shipped
from fcim_audit.language import Lang
from fcim_audit.model import Comparator, Outcome
from fcim_audit.renderers.sources import cell_text, column_text, counted_text, table_text
from fcim_audit.report import DRAFT_NOTE, RECOMMENDATION_WORDS, Report
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    beside_texts,
    clean,
    decimals,
    figure_text,
    lead_text,
    measured_text,
    place_text,
    target_text,
    why_text,
)

TEMPLATE = "report.html.j2"
EXCEPTIONS_SHOWN = 200


def render(report: Report) -> bytes:
    """The page as UTF-8."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    page = environment.get_template(TEMPLATE).render(
        report=report,
        zh=report.lang is Lang.ZH,
        t=lambda zh, en: zh if report.lang is Lang.ZH else en,
        said=report.said,
        status_words=STATUS_WORDS,
        verdict_words=VERDICT_WORDS,
        recommendation_words=RECOMMENDATION_WORDS,
        draft_note=DRAFT_NOTE,
        figure=lambda figure: figure_text(figure, report.lang),
        target=target_text,
        measured=lambda outcome: measured_text(outcome, report.lang),
        beside=lambda outcome: beside_texts(outcome, report.lang),
        place=place_text,
        why=lambda row: why_text(row, report.lang),
        score=lambda value: "—" if value is None else decimals(value, 1),
        bar=_bar,
        target_mark=_target_mark,
        limit=EXCEPTIONS_SHOWN,
        failed=_failed,
        lead=lambda lead: lead_text(lead, report.lang),
        cell=lambda cell: cell_text(cell, report.lang),
        table=lambda source: table_text(source, report.lang),
        counted=lambda source: counted_text(source, report.lang),
        column=column_text,
    )
    return page.encode("utf-8", errors="backslashreplace")


def _cleaned(value: object) -> object:
    return clean(value) if type(value) is str else value


def _bar(kpi: Kpi) -> int:
    """The figure's length of 100."""
    if kpi.measured.value is None:
        return 0
    return max(0, min(100, int(kpi.measured.value * _scale(kpi))))


def _target_mark(kpi: Kpi) -> int | None:
    if kpi.target is None or kpi.target.op is not Comparator.AT_LEAST:
        return None
    return int(kpi.target.value * _scale(kpi))


def _scale(kpi: Kpi) -> Fraction:
    return Fraction(100 if kpi.measured.unit == "ratio" else 1)


def _failed(outcome: Outcome) -> bool:
    return outcome.verdict.value == "fail"
