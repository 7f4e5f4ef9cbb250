"""Knows what a Word template may say of a requirement: figures, what was heard, sources, who decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.language import Text
from fcim_audit.model import Outcome
from fcim_audit.renderers.docx.fields import RequirementField
from fcim_audit.renderers.held_words import short_id
from fcim_audit.renderers.sources import short_text
from fcim_audit.report import Report
from fcim_audit.wording import STATUS_WORDS, VERDICT_WORDS, clean, measured_text

_CHECK = "check:"


def requirement_fields(report: Report) -> Iterator[RequirementField]:
    """Every requirement in clause order."""
    clause = ""
    for r in report.requirements:
        yield _requirement(report, r, r.clause != clause)
        clause = r.clause


def _requirement(report: Report, r: RequirementAssessment, first: bool) -> RequirementField:
    questions = [report.said(o.question) for o in r.outcomes if o.question is not None]
    figures = [_figure(report, o) for o in r.outcomes if o.question is None]
    sources = list(_sources(report, r))
    decided = r.decided
    heard = () if decided is None else _heard(decided.evidence)
    title = report.judgement.clause_titles.get(r.clause)
    return RequirementField(
        id=r.id, clause=r.clause,
        heading=f"{r.clause} {report.said(title)}" if first and title is not None else "",
        title=report.said(r.title), criterion=report.said(r.criterion), status=_status(report, r),
        checks=clean("\n".join([*figures, *sources, *questions])), questions=clean("\n".join(questions)),
        evidence=clean("\n".join([*figures, *heard, *sources])), note=clean("\n".join(_noted(report, r))),
        findings=clean(", ".join(_short(report, id_) for id_ in r.findings)),
    )  # fmt: skip


def _status(report: Report, r: RequirementAssessment) -> str:
    """The status; in an audit the one that was decided, the tool's beside it where it differs."""
    said = report.said(STATUS_WORDS[r.status])
    if report.audit is None:
        return said
    if r.decided is None:
        return report.said(Text("未判断", "not judged"))
    proposed = r.decided.proposed
    if proposed is None or proposed is r.status:
        return said
    was = report.said(STATUS_WORDS[proposed])
    return report.said(Text(f"{said}\n（工具建议：{was}）", f"{said}\n(tool: {was})"))


def _noted(report: Report, r: RequirementAssessment) -> Iterator[str]:
    """What the auditor wrote, who decided, and who approved."""
    decided = r.decided
    if decided is None:
        return
    if decided.note:
        yield decided.note
    if decided.reason:
        yield report.said(Text(f"理由：{decided.reason}", f"Reason: {decided.reason}"))
    yield f"{decided.by} {decided.at.date()}"
    if decided.approved_by:
        yield report.said(Text(f"批准：{decided.approved_by}", f"Approved: {decided.approved_by}"))


def _short(report: Report, finding: str) -> str:
    return finding if report.audit is None else short_id(finding, report.audit.file.id)


def _figure(report: Report, o: Outcome) -> str:
    return f"{o.check_id} {report.said(VERDICT_WORDS[o.verdict])} {measured_text(o, report.lang)}"


def _sources(report: Report, r: RequirementAssessment) -> Iterator[str]:
    """Each source once; where some checks of the requirement do without it, those that read it."""
    checks = [o for o in r.outcomes if o.question is None]
    readers: dict[str, list[str]] = {}
    for o in checks:
        for text in dict.fromkeys(short_text(source, report.lang) for source in o.sources):
            readers.setdefault(text, []).append(o.check_id.removeprefix(f"{r.id}."))
    for text, names in readers.items():
        by = "" if len(names) == len(checks) else f" [{', '.join(names)}]"
        yield f"← {text}{by}"


def _heard(evidence: Sequence[str]) -> list[str]:
    """What the auditor rests on, one a line; the checks of the tool all on one."""
    checks = [ref.removeprefix(_CHECK).strip() for ref in evidence if ref.startswith(_CHECK)]
    others = [ref for ref in evidence if not ref.startswith(_CHECK)]
    return [*others, *([f"{_CHECK} {', '.join(checks)}"] if checks else [])]
