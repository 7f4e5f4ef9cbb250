"""Knows the result as a Word document, from a template that a body restyles in Word itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import jinja2
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from fcim_audit.checklist.shipped import shipped
from fcim_audit.language import Lang
from fcim_audit.model import ExceptionRow, Outcome, Status, Verdict
from fcim_audit.renderers.sources import cells_text, short_text
from fcim_audit.report import DRAFT_NOTE, Report
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    beside_texts,
    clean,
    decimals,
    figure_text,
    measured_text,
    place_text,
    target_text,
    why_text,
)

TEMPLATES = {Lang.ZH: "report.zh.docx", Lang.EN: "report.en.docx"}
PLACES_SHOWN = 20
_ALWAYS = (1980, 1, 1, 0, 0, 0)


def render(report: Report) -> bytes:
    """The document; the same report gives the same bytes."""
    template = DocxTemplate(shipped("templates") / TEMPLATES[report.lang])
    environment = SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    template.render(fields(report), jinja_env=environment, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return _without_times(out.getvalue())


def fields(report: Report) -> Mapping[str, object]:
    """Every field that a template may use; all of them are text, numbers or lists of such."""
    judgement = report.judgement
    overall = judgement.overall
    return {
        "organisation": clean(report.organisation.name),
        "period_start": str(report.period_start.date()),
        "period_end": str(report.period_end.date()),
        "as_of": str(report.as_of.date()),
        "checklist": report.said(judgement.checklist.title),
        "criteria_edition": judgement.checklist.edition,
        "checklist_sha256": judgement.checklist.sha256,
        "profile": f"{judgement.profile.id} ({judgement.profile.edition})",
        "profile_sha256": judgement.profile.sha256,
        "tool": f"fcim-audit {report.version} ({report.engine})",
        "verdict": report.said(report.verdict),
        "note": report.said(DRAFT_NOTE),
        "majors": report.count(Status.MAJOR),
        "minors": report.count(Status.MINOR),
        "ofis": report.count(Status.OFI),
        "verified": f"{overall.verified}/{overall.applicable}",
        "score": "—" if overall.score is None else decimals(overall.score, 1),
        "open_count": len(report.open_rules),
        "question_count": report.manual_questions,
        "kpis": [_kpi(report, number) for number in range(len(judgement.kpis))],
        "findings": [_finding(report, number) for number in range(len(report.findings))],
        "requirements": [
            _requirement(report, number) for number in range(len(report.requirements))
        ],
        "open_rules": [
            {
                "check": o.check_id,
                "verdict": report.said(VERDICT_WORDS[o.verdict]),
                "why": clean("; ".join(report.said(reason) for reason in o.reasons)),
            }
            for _, o in report.open_rules
        ],
        "unused": [
            {"where": clean(where), "what": clean(report.said(what))}
            for where, what in report.not_looked_at
        ],
        "clauses": [
            {
                "clause": f"{clause} {report.said(judgement.clause_titles[clause])}",
                "says": "\n".join(report.said(says) for says in told),
            }
            for clause, told in judgement.lead_ins.items()
        ],
        "notes": [
            {
                "id": note.id,
                "clauses": ", ".join(note.clauses) or _pick(report, "全文", "all"),
                "defect": report.said(note.defect),
                "reading": report.said(note.reading),
            }
            for note in judgement.notes
        ],
        "plan": [
            {
                "title": report.said(p.title),
                "value": p.value,
                "source": _pick(report, "缺省值", "default")
                if p.is_default
                else _pick(report, "组织声明", "declared"),
            }
            for p in judgement.plan
        ],
        "files": [
            {
                "file": clean(f.file),
                "sha256": f.sha256,
                "content": clean(
                    report.said(f.unreadable)
                    if f.unreadable is not None
                    else "; ".join(
                        f"{s.name or ''} {s.dataset or '—'}: {s.row_count}" for s in f.sheets
                    )
                ),
            }
            for f in report.files
        ],
    }


def _pick(report: Report, zh: str, en: str) -> str:
    return zh if report.lang is Lang.ZH else en


def _kpi(report: Report, number: int) -> Mapping[str, str]:
    kpi = report.judgement.kpis[number]
    words = {
        True: _pick(report, "√ 达标", "√ met"),
        False: _pick(report, "× 未达标", "× missed"),
        None: _pick(report, "未核实", "not verified"),
    }
    shown = figure_text(kpi.measured, report.lang)
    if kpi.numerator is not None and kpi.measured.unit == "ratio":
        shown = f"{shown} ({kpi.numerator}/{kpi.denominator})"
    return {
        "id": kpi.id,
        "name": report.said(kpi.name),
        "measured": shown,
        "required": target_text(kpi.target, kpi.measured.unit),
        "result": words[kpi.attained],
    }


def _finding(report: Report, number: int) -> Mapping[str, object]:
    r = report.findings[number]
    failed = [o for o in r.outcomes if o.verdict is Verdict.FAIL] or list(r.outcomes)
    return {
        "number": number + 1,
        "id": r.id,
        "grade": report.said(STATUS_WORDS[r.status]),
        "title": report.said(r.title),
        "criterion": report.said(r.criterion),
        "why": "; ".join(f"{w.rule} {report.said(w.says)}" for w in r.why),
        "facts": [_facts(report, o) for o in failed if o.question is None],
    }


def _facts(report: Report, outcome: Outcome) -> Mapping[str, object]:
    places = [_place(report, e) for e in outcome.exceptions[:PLACES_SHOWN]]
    left = outcome.exception_count - len(places)
    if left > 0:
        places.append(
            _pick(report, f"还有 {left} 处，见工作簿", f"and {left} more, see the workbook")
        )
    remarks = [*beside_texts(outcome, report.lang), *(report.said(n) for n in outcome.reasons)]
    return {
        "check": outcome.check_id,
        "figure": measured_text(outcome, report.lang),
        "remarks": clean("; ".join(remarks)),
        "places": places,
    }


def _requirement(report: Report, number: int) -> Mapping[str, str]:
    r = report.requirements[number]
    said = [line for o in r.outcomes for line in _evidence_of(report, o)]
    return {
        "id": r.id,
        "title": report.said(r.title),
        "status": report.said(STATUS_WORDS[r.status]),
        "checks": clean("\n".join(said)),
    }


def _evidence_of(report: Report, o: Outcome) -> list[str]:
    if o.question is not None:
        return [report.said(o.question)]
    told = f"{o.check_id} {report.said(VERDICT_WORDS[o.verdict])} {measured_text(o, report.lang)}"
    return [told, *(f"← {short_text(source, report.lang)}" for source in o.sources)]


def _place(report: Report, e: ExceptionRow) -> str:
    parts = (place_text(e), e.key, why_text(e, report.lang), cells_text(e, report.lang))
    return clean("  ".join(part for part in parts if part))


def _without_times(data: bytes) -> bytes:
    """The same package with fixed member times, so that equal reports are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, _ALWAYS)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(info))
    return out.getvalue()
