"""Knows what a Word template may say of an audit: who, when, where, findings, maturity, ways."""

from __future__ import annotations

from collections.abc import Iterator

from fcim_audit.auditfile.maturity import LEVELS, ClauseMaturity
from fcim_audit.auditfile.schema import AuditType, Member, Role
from fcim_audit.auditfile.whatif import Do, Way
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
from fcim_audit.report import RECOMMENDATION_WORDS, HeldAudit, Report
from fcim_audit.wording import clean

TYPE_WORDS = {
    AuditType.GAP: Text("差距评估", "gap assessment"),
    AuditType.STAGE_1: Text("初次审核第一阶段", "initial audit, stage 1"),
    AuditType.STAGE_2: Text("初次审核第二阶段", "initial audit, stage 2"),
    AuditType.SURVEILLANCE_1: Text("第一次监督审核", "first surveillance"),
    AuditType.SURVEILLANCE_2: Text("第二次监督审核", "second surveillance"),
    AuditType.RECERTIFICATION: Text("再认证审核", "recertification"),
    AuditType.SPECIAL: Text("特殊审核", "special audit"),
}
ROLE_WORDS = {
    Role.LEAD: Text("组长", "lead"),
    Role.AUDITOR: Text("审核员", "auditor"),
    Role.TRAINEE: Text("实习审核员", "trainee"),
    Role.EXPERT: Text("技术专家", "technical expert"),
    Role.OBSERVER: Text("观察员", "observer"),
}
_DO_WORDS = {
    Do.VERIFY: Text("核实", "verify"),
    Do.CLOSE: Text("整改并关闭", "correct and close"),
    Do.PLAN: Text("提交整改计划", "have a plan accepted for"),
    Do.SETTLE: Text("了结疑问", "settle the doubt"),
}
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
        deviations=told(file.deviations), changes=told(file.changes),
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
        ways=tuple(_way(report, way) for way in held.ways),
        today=str(held.today), journal=held.head, result_sha256=held.result or "—",
        unstated=unstated,
    )  # fmt: skip


def _member(report: Report, member: Member) -> MemberField:
    return MemberField(
        member.id, clean(member.name), report.said(ROLE_WORDS[member.role]),
        clean(member.registration or "—"), clean(", ".join(member.competence)) or "—",
        clean(", ".join(member.clauses)) or "—",
    )  # fmt: skip


def _schedule(report: Report, held: HeldAudit) -> Iterator[SlotField]:
    """Opening meeting, every chapter with who audits it, closing meeting; times are for the lead."""
    file = held.file
    yield SlotField(str(file.dates.start), report.said(Text("首次会议", "Opening meeting")), "—")
    for chapter in report.judgement.chapters:
        mine = [r for r in report.requirements if r.clause.startswith(f"{chapter.id}.")]
        auditors = [m for m in file.team if any(m.audits(r.id) for r in mine)]
        yield SlotField(
            "",
            f"{chapter.id} {report.said(chapter.title)}",
            clean(", ".join(m.name for m in auditors)) or report.said(UNSTATED),
        )
    inside = Text("审核组内部沟通", "Meeting of the audit team")
    yield SlotField("", report.said(inside), clean(file.lead.name))
    yield SlotField(str(file.dates.end), report.said(Text("末次会议", "Closing meeting")), "—")


def _maturity(report: Report, m: ClauseMaturity) -> MaturityField:
    def level(value: int | None) -> str:
        return "—" if value is None else report.said(LEVELS[value])

    shown = 0 if m.level is None else m.level * LENGTH // _LEVELS
    return MaturityField(
        f"{m.clause.id} {report.said(m.clause.title)}", level(m.level), level(m.ceiling),
        report.said(m.why), bar(shown), bar(LENGTH - shown),
    )  # fmt: skip


def _way(report: Report, way: Way) -> WayField:
    guess = report.said(Text("（估计）", " (estimate)"))
    return WayField(
        report.said(RECOMMENDATION_WORDS[way.code]), way.days,
        tuple(
            FixField(
                report.said(_DO_WORDS[fix.do]), fix.id,
                f"{fix.days}{guess if fix.is_estimate else ''}",
            )
            for fix in way.fixes
        ),
    )  # fmt: skip
