"""Knows the result JSON (`fcim-audit/result/1`): a promise to machines, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

from fcim_audit.assessment import Kpi, RequirementAssessment, Score
from fcim_audit.evidence.bundle import BUNDLE_FILE
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.language import Text
from fcim_audit.model import ExceptionRow, Outcome, SheetSource, Target
from fcim_audit.report import Report

SCHEMA = "fcim-audit/result/1"
_MICROSECONDS_LAST = 999_999

Json = dict[str, object]


def render(report: Report) -> bytes:
    """The result as UTF-8 JSON with a final line break."""
    text = json.dumps(document(report), ensure_ascii=False, indent=2, allow_nan=False)
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


def document(report: Report) -> Json:
    """The result as plain values, in the order of the contract."""
    judgement = report.judgement
    checklist, profile = judgement.checklist, judgement.profile
    return {
        "schema": SCHEMA,
        "tool": {"name": "fcim-audit", "version": report.version},
        "checklist": {
            "id": checklist.id, "edition": checklist.edition, "sha256": checklist.sha256,
        },
        "profile": {"id": profile.id, "sha256": profile.sha256},
        "organisation": {
            "name": report.organisation.name,
            "code": report.organisation.code,
            "sites": [{"id": site.id, "name": site.name} for site in report.organisation.sites],
        },
        "period": {"start": _moment(report.period_start), "end": _moment(report.period_end)},
        "as_of": _moment(report.as_of),
        "engine": report.engine,
        "plan": [
            {"name": p.name, "value": p.value, "is_default": p.is_default} for p in judgement.plan
        ],
        "requirements": [_requirement(r) for r in judgement.requirements],
        "kpis": [_kpi(kpi) for kpi in judgement.kpis],
        "clauses": [_score(score) for score in judgement.clauses],
        "chapters": [_score(score) for score in judgement.chapters],
        "lead_ins": [
            {"clause": clause, "says": [_text(says) for says in told]}
            for clause, told in judgement.lead_ins.items()
        ],
        "criteria_notes": [
            {"id": note.id, "clauses": list(note.clauses), "type": note.type,
             "defect": _text(note.defect), "reading": _text(note.reading),
             "decided_by": _text(note.decided_by), "decided_on": note.decided_on}
            for note in judgement.notes
        ],
        "score": {
            "overall": _number(judgement.overall.score, 1),
            "verified_share": _number(judgement.overall.verified_share, 4),
        },
        "recommendation": {
            "code": judgement.recommendation.code.value,
            "why": [_text(why) for why in judgement.recommendation.why],
        },
        "red_flags": [],
        "evidence": [_file(file) for file in report.files],
        **_declaration(report),
    }  # fmt: skip


def _declaration(report: Report) -> Json:
    """The bundle.yaml by which the evidence was read, where it is known."""
    if report.declaration is None:
        return {}
    return {"declaration": {"file": BUNDLE_FILE, "sha256": report.declaration}}


def _requirement(r: RequirementAssessment) -> Json:
    return {
        "id": r.id,
        "clause": r.clause,
        "title": _text(r.title),
        "status": r.status.value,
        "on_sample": r.on_sample,
        "score": _number(r.score, 1),
        "weight": _number(r.weight, 2),
        "why": [{"rule": why.rule, **_text(why.says)} for why in r.why],
        "checks": [_check(outcome) for outcome in r.outcomes],
        "leads": [
            {
                "file": lead.file,
                "paragraph": lead.paragraph,
                "page": lead.page,
                "heading": lead.heading,
                "text": lead.text,
            }
            for lead in r.leads
        ],
    }


def _check(o: Outcome) -> Json:
    automatic = o.sql is not None
    return {
        "id": o.check_id,
        "kind": o.kind,
        "verdict": o.verdict.value,
        "measured": {"value": _number(o.measured.value, 6), "unit": o.measured.unit},
        "target": _target(o.target),
        "numerator": o.numerator,
        "denominator": o.denominator,
        "population": o.counts.population if automatic else None,
        "examined": o.counts.population if automatic else None,
        "bound": _number(o.bound, 6),
        "coverage": o.coverage.value,
        "exceptions": {"count": o.exception_count, "places": [_place(row) for row in o.exceptions]},
        "beside": [
            {"name": _text(b.name), "numerator": b.numerator, "denominator": b.denominator}
            for b in o.beside
        ],
        "notes": [_text(reason) for reason in o.reasons],
        "datasets": list(o.datasets),
        "sql": o.sql,
        "sources": [_source(source) for source in o.sources],
        "by": [
            {"dimension": p.dimension.value, "label": p.label,
             "value": _number(p.measured.value, 6), "unit": p.measured.unit,
             "numerator": p.numerator, "denominator": p.denominator, "unknown": p.unknown,
             "met": p.met}
            for p in o.by
        ],
    }  # fmt: skip


def _source(source: SheetSource) -> Json:
    return {
        "dataset": source.dataset,
        "file": source.file,
        "sha256": source.sha256,
        "sheet": source.sheet,
        "range": source.range,
        "first_row": source.first_row,
        "last_row": source.last_row,
        "rows": source.rows,
        "left_out": source.left_out,
        "columns": {
            column.name: {
                "heading": column.heading,
                "letter": column.letter,
                "parts": [{"heading": h, "letter": letter} for h, letter in column.parts],
            }
            for column in source.columns
        },
    }


def _place(row: ExceptionRow) -> Json:
    return {
        "file": row.place.file,
        "sheet": row.place.sheet,
        "row": row.place.row or None,
        "key": row.key,
        "why": row.why,
        "unknown": row.unknown,
        "values": dict(row.values),
        "cell": row.decisive,
        "cells": [
            {"column": c.column, "heading": c.heading, "cell": c.address, "text": c.text}
            for c in row.cells
        ],
    }


def _kpi(kpi: Kpi) -> Json:
    return {
        "id": kpi.id,
        "name": _text(kpi.name),
        "measured": _number(kpi.measured.value, 6),
        "unit": kpi.measured.unit,
        "target": _target(kpi.target),
        "numerator": kpi.numerator,
        "denominator": kpi.denominator,
        "attained": kpi.attained,
        "claimed": None if kpi.claimed is None else _number(kpi.claimed, 6),
    }


def _score(score: Score) -> Json:
    return {
        "id": score.id,
        "score": _number(score.score, 1),
        "verified_share": _number(score.verified_share, 4),
    }


def _file(file: FileReport) -> Json:
    return {
        "file": file.file,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "kind": file.kind,
        "encoding": file.encoding,
        "unreadable": None if file.unreadable is None else _text(file.unreadable),
        "notes": [_text(note) for note in file.notes],
        "sheets": [_sheet(sheet) for sheet in file.sheets],
    }


def _sheet(sheet: SheetReport) -> Json:
    return {
        "name": sheet.name,
        "visible": sheet.visible,
        "dataset": sheet.dataset,
        "header_row": sheet.header_rows[-1] if sheet.header_rows else None,
        "columns": {
            column: {"heading": heading, "letter": sheet.letter(heading)}
            for column, heading in sheet.columns.items()
        },
        "rows": sheet.row_count,
        "left_out": [{"row": left.row, "why": left.why} for left in sheet.left_out],
        "problem_count": sheet.problem_count,
        "problems": [
            {
                "row": p.row,
                "cell": sheet.address(p),
                "column": p.heading or p.column,
                "kind": p.kind,
                "text": p.text,
            }
            for p in sheet.problems
        ],
    }


def _text(text: Text) -> dict[str, object]:
    return {"zh": text.zh, "en": text.en}


def _target(target: Target | None) -> Json | None:
    if target is None:
        return None
    return {"op": target.op.value, "value": _number(target.value, 6)}


def _number(value: Fraction | None, digits: int) -> int | float | None:
    """Rounded half up to `digits`; whole numbers without a point."""
    if value is None:
        return None
    scaled = (abs(value) * 10**digits * 2 + 1) // 2
    number = Fraction(int(scaled), 10**digits) * (-1 if value < 0 else 1)
    return int(number) if number.denominator == 1 else float(number)


def _moment(moment: dt.datetime) -> str:
    """A day for its first or last moment, else the stamp."""
    whole_day = moment.time() == dt.time.min or moment.microsecond == _MICROSECONDS_LAST
    return moment.date().isoformat() if whole_day else moment.isoformat()
