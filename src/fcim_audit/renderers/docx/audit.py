"""Knows what a Word template may say of an audit: who, when, where, findings, maturity, ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fcim_audit.auditfile.audit_words import ROLE_WORDS, TYPE_WORDS
from fcim_audit.auditfile.maturity import LEVELS, ClauseMaturity
from fcim_audit.auditfile.schema import Member, Slot
from fcim_audit.auditfile.whatif import Fix, Way
from fcim_audit.language import Text
from fcim_audit.renderers.docx.bars import LENGTH, bar
from fcim_audit.renderers.docx.fields import (
    AlarmField,
    AuditFields,
    FixField,
    MaturityField,
    MemberField,
    RequirementField,
    SiteField,
    SlotField,
    WayField,
)
from fcim_audit.renderers.docx.nonconformities import nonconformities
from fcim_audit.renderers.held_words import DO_WORDS, clauses_text, short_id
from fcim_audit.report import RECOMMENDATION_WORDS, HeldAudit, Report
from fcim_audit.wording import clean

UNSTATED = Text("〔未填写〕", "[not stated]")
_LEVELS = 5


def audit_fields(
    report: Report, held: HeldAudit, requirements: tuple[RequirementField, ...]
) -> AuditFields:
    """The fields of an audit; what its file does not say is said not to be stated."""
    file, unstated = held.file, report.said(UNSTATED)
    who, body = file.organisation, file.certification_body
    found = nonconformities(report, held)

    def told(value: object) -> str:
        return unstated if value is None or value == "" else clean(str(value))

    return AuditFields(
        audit_id=file.id, audit_type=report.said(TYPE_WORDS[file.type]),
        organisation_code=told(who.code), address=told(who.address),
        representative=told(who.representative), contact=told(who.contact),
        headcount=told(who.headcount),
        sites=tuple(
            SiteField(
                clean(s.id), clean(s.name), told(s.address), told(s.headcount),
                report.said(Text("是", "yes") if s.visited else Text("否", "no")),
            )
            for s in who.sites
        ),
        body=told(None if body is None else body.name),
        body_address=told(None if body is None else body.address),
        body_rules=told(None if body is None else body.rules),
        scope=clean(file.scope), objectives=tuple(clean(o) for o in file.objectives),
        start=str(file.dates.start), end=str(file.dates.end),
        days=str((file.dates.end - file.dates.start).days + 1),
        remote=told(file.remote), confidentiality=told(file.confidentiality),
        independence=clean(file.independence), previous=told(file.previous),
        duration=told(file.duration), sampling_plan=told(file.sampling),
        deviations=told(file.deviations), changes=told(file.changes),
        programme=told(file.programme), unresolved=told(file.unresolved),
        combined=told(file.combined), certificate_use=told(file.certificate_use),
        previous_verification=told(file.previous_verification),
        effectiveness=told(file.effectiveness), scope_appropriate=told(file.scope_appropriate),
        objectives_met=told(file.objectives_met),
        team_recommendation=told(
            None if file.recommendation is None
            else report.said(RECOMMENDATION_WORDS[file.recommendation])
        ),
        team=tuple(_member(report, m) for m in file.team), leader=clean(file.lead.name),
        schedule=tuple(_schedule(report, held)),
        nonconformities=found,
        earlier=tuple(f for f in found if f.carried_from),
        without_finding=tuple(
            shown for r, shown in zip(report.requirements, requirements, strict=True)
            if r.is_finding and not r.findings
        ),
        alarms=tuple(
            AlarmField(
                id_, clean(a.about),
                report.said(Text("未了结", "open")) if a.settled is None
                else clean(f"{a.settled.how} ({a.settled.by}, {a.settled.on})"),
            )
            for id_, a in held.alarms.items()
        ),
        maturity=tuple(_maturity(report, m) for m in held.maturity),
        ways=tuple(_way(report, held, way) for way in held.ways),
        today=str(held.today), journal=held.head, result_sha256=held.result or "—",
        unstated=unstated,
    )  # fmt: skip


def _member(report: Report, member: Member) -> MemberField:
    return MemberField(
        member.id, clean(member.name), report.said(ROLE_WORDS[member.role]),
        clean(member.registration or "—"), clean(", ".join(member.competence)) or "—",
        clean(clauses_text(member.clauses, report.lang)) or "—",
    )  # fmt: skip


def _schedule(report: Report, held: HeldAudit) -> Iterator[SlotField]:
    """The timetable; without one, the meetings and who audits which chapter, times left open."""
    file = held.file
    if file.schedule:
        yield from (_slot(held, slot) for slot in file.schedule)
        return
    opening, closing = Text("首次会议", "Opening meeting"), Text("末次会议", "Closing meeting")
    everyone = clean(", ".join(m.name for m in file.team))
    yield SlotField(str(file.dates.start), "", report.said(opening), "", everyone)
    for chapter in report.judgement.chapters:
        mine = [r for r in report.requirements if r.clause.split(".")[0] == chapter.id]
        auditors = [m for m in file.team if any(m.audits(r.id) for r in mine)]
        named = clean(", ".join(m.name for m in auditors)) or report.said(UNSTATED)
        yield SlotField("", "", f"{chapter.id} {report.said(chapter.title)}", "", named)
    inside = Text("审核组内部沟通", "Meeting of the audit team")
    yield SlotField("", "", report.said(inside), "", everyone)
    yield SlotField(str(file.dates.end), "", report.said(closing), "", everyone)


def _slot(held: HeldAudit, slot: Slot) -> SlotField:
    members = [held.file.member(id_) for id_ in slot.auditors]
    return SlotField(
        str(slot.day), clean(slot.time or ""), clean(slot.what), clean(slot.department or ""),
        clean(", ".join(m.name for m in members if m is not None)),
    )  # fmt: skip


def _maturity(report: Report, m: ClauseMaturity) -> MaturityField:
    def level(value: int | None) -> str:
        return "—" if value is None else report.said(LEVELS[value])

    shown = 0 if m.level is None else m.level * LENGTH // _LEVELS
    return MaturityField(
        f"{m.clause.id} {report.said(m.clause.title)}", level(m.level), level(m.ceiling),
        report.said(m.why), bar(shown), bar(LENGTH - shown),
    )  # fmt: skip


def _way(report: Report, held: HeldAudit, way: Way) -> WayField:
    kinds = dict.fromkeys(fix.do for fix in way.fixes)
    return WayField(
        report.said(RECOMMENDATION_WORDS[way.code]), way.days,
        tuple(_fixes(report, held, (fix,)) for fix in way.fixes),
        tuple(_fixes(report, held, [f for f in way.fixes if f.do is do]) for do in kinds),
    )  # fmt: skip


def _fixes(report: Report, held: HeldAudit, fixes: Sequence[Fix]) -> FixField:
    """Fixes of one kind: what, which, the days of all; an estimate where one of them is."""
    guess = report.said(Text("（估计）", " (estimate)"))
    ids = ", ".join(short_id(fix.id, held.file.id) for fix in fixes)
    days = sum(fix.days for fix in fixes)
    is_estimate = any(fix.is_estimate for fix in fixes)
    what = report.said(DO_WORDS[fixes[0].do])
    return FixField(what, clean(ids), f"{days}{guess if is_estimate else ''}")
