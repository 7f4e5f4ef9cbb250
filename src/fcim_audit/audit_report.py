"""Knows how an audit becomes a report: what its evaluation said, what its auditors decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from fcim_audit import __version__
from fcim_audit.assessment import (
    Decided,
    Judgement,
    PlanValueUsed,
    RequirementAssessment,
    Source,
    Why,
)
from fcim_audit.auditfile.due import dues_of
from fcim_audit.auditfile.maturity import maturity_of
from fcim_audit.auditfile.standing import Standing, Standings, score_of
from fcim_audit.auditfile.ways import ways_of
from fcim_audit.checklist.schema import Requirement
from fcim_audit.checks import ManualCheck
from fcim_audit.document_lint import lacks
from fcim_audit.evidence.bundle import Organisation, Site, written_moment
from fcim_audit.judge import kpis_of, rolled_up
from fcim_audit.language import Lang, Text
from fcim_audit.model import Coverage, Figure, Outcome, Status
from fcim_audit.profile import Profile
from fcim_audit.report import HeldAudit, Report
from fcim_audit.result_file import ResultFile
from fcim_audit.told import ToldRequirement

_NOBODY = Why("unjudged", Text("审核员尚未判断", "not judged by an auditor yet"))
_CONTESTED = Why(
    "contested", Text("合并后有争议，待组长决定", "contested after a merge; the lead decides")
)


def report_of(standings: Standings, *, today: dt.date, lang: Lang | None = None) -> Report:
    """The report of an audit as it stands; statuses are the auditors', scores follow them."""
    audit, proposals = standings.bench.audit, standings.bench.proposals
    result = None if proposals is None else proposals.result
    start, end, as_of = _period(standings, result)
    return Report(
        lang=lang or audit.file.language,
        version=__version__,
        bundle=audit.file.id,
        organisation=Organisation(
            name=audit.file.organisation.name, code=audit.file.organisation.code,
            sites=tuple(Site(id=s.id, name=s.name) for s in audit.file.organisation.sites),
        ),
        period_start=start, period_end=end, as_of=as_of,
        engine="—" if result is None else result.engine,
        judgement=_judgement(standings, result),
        files=() if result is None else tuple(file.report for file in result.evidence),
        audit=_held(standings, today),
    )  # fmt: skip


def _held(standings: Standings, today: dt.date) -> HeldAudit:
    audit, proposals = standings.bench.audit, standings.bench.proposals
    rules = standings.profile.findings
    items = audit.findings.items
    return HeldAudit(
        file=audit.file,
        findings=items,
        dues={id_: dues_of(id_, finding, audit.file, rules) for id_, finding in items.items()},
        alarms=audit.judgements.alarms,
        maturity=maturity_of(standings),
        ways=ways_of(standings),
        head=audit.journal.head,
        result=None if proposals is None else proposals.sha256,
        today=today,
        changed=tuple(standings.changed_evidence()),
        lacks=lacks(standings),
    )


def _period(
    standings: Standings, result: ResultFile | None
) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    """Period and cut-off of the evidence; without an evaluation the days of the audit."""
    dates = standings.bench.audit.file.dates
    said = (dates.start.isoformat(), dates.end.isoformat(), dates.end.isoformat())
    if result is not None:
        period = result.period
        start, end = (said[0], said[1]) if period is None else (period.start, period.end)
        said = (start, end, result.as_of)
    start_at, end_at, as_of = (
        written_moment(text, end_of_day=late)
        for text, late in zip(said, (False, True, True), strict=True)
    )
    assert isinstance(start_at, dt.datetime)
    assert isinstance(end_at, dt.datetime)
    assert isinstance(as_of, dt.datetime)
    return start_at, end_at, as_of


def _judgement(standings: Standings, result: ResultFile | None) -> Judgement:
    checklist, profile = standings.bench.checklist, standings.profile
    requirements = tuple(_requirement(item, profile) for item in standings.items)
    clauses, chapters, overall = rolled_up(checklist, requirements)
    return Judgement(
        requirements=requirements,
        kpis=tuple(kpis_of(requirements, _claims(result))),
        clauses=clauses, chapters=chapters, overall=overall,
        recommendation=standings.recommendation(),
        plan=_plan(standings, result),
        checklist=Source(
            checklist.head.id, checklist.head.edition, checklist.sha256, checklist.head.title
        ),
        profile=Source(profile.rules.id, profile.rules.date, profile.sha256, profile.rules.title),
        clause_titles={clause.id: clause.title for _, clause in checklist.clauses()},
        lead_ins={c.id: c.lead_in for _, c in checklist.clauses() if c.lead_in},
        notes=checklist.head.criteria_notes,
    )  # fmt: skip


def _claims(result: ResultFile | None) -> dict[str, Figure]:
    told = () if result is None else result.kpis
    return {
        kpi.id: Figure(Fraction(str(kpi.claimed)), kpi.unit)
        for kpi in told
        if kpi.claimed is not None
    }


def _plan(standings: Standings, result: ResultFile | None) -> tuple[PlanValueUsed, ...]:
    known = standings.bench.checklist.head.plan
    return tuple(
        PlanValueUsed(p.name, known[p.name].title, p.value, p.is_default)
        for p in (() if result is None else result.plan)
        if p.name in known
    )


def _requirement(item: Standing, profile: Profile) -> RequirementAssessment:
    requirement, said = item.requirement, item.proposal
    outcomes = () if said is None else _outcomes(requirement, said)
    sampled = any(o.coverage is not Coverage.POPULATION for o in outcomes)
    return RequirementAssessment(
        id=item.id, clause=item.clause.id, title=requirement.title,
        criterion=requirement.criterion, modality=requirement.modality,
        weight=Fraction(str(requirement.weight)), status=item.status,
        score=score_of(item, profile), on_sample=sampled and item.status is Status.CONFORM,
        why=_why(item), outcomes=outcomes,
        in_scope=said is not None and all(why.rule != "scope" for why in said.why),
        interpretation=requirement.interpretation,
        leads=() if said is None else tuple(lead.lead for lead in said.leads),
        decided=_decided(item), findings=item.findings,
        proposed=None if said is None else said.status,
    )  # fmt: skip


def _outcomes(requirement: Requirement, said: ToldRequirement) -> tuple[Outcome, ...]:
    checks = {f"{requirement.id}.{check.name}": check for check in requirement.checks}
    made = []
    for told in said.checks:
        check = checks.get(told.id)
        question = None
        if isinstance(check, ManualCheck):
            question = check.question or requirement.question
        outcome = told.outcome(None if check is None else check.title, question)
        is_kpi = check is not None and getattr(check, "kpi", False) is True
        made.append(replace(outcome, is_kpi=is_kpi))
    return tuple(made)


def _why(item: Standing) -> tuple[Why, ...]:
    """Why the status is what it is: the tool's rule where the auditor agreed, else the reason given."""
    if item.is_contested:
        return (_CONTESTED,)
    if item.entry is None:
        return (_NOBODY,)
    kept = item.entry.proposal
    if kept is not None and kept.status is item.status and kept.rule and kept.says is not None:
        return (Why(kept.rule, kept.says),)
    reason = item.entry.reason
    return () if reason is None else (Why("auditor", Text(reason, reason)),)


def _decided(item: Standing) -> Decided | None:
    entry = item.entry
    if entry is None:
        return None
    kept = entry.proposal
    return Decided(
        by=entry.by, at=entry.at, evidence=tuple(str(ref) for ref in entry.evidence),
        note=entry.note, reason=entry.reason, approved_by=entry.approved_by,
        proposed=None if kept is None else kept.status, rule=None if kept is None else kept.rule,
    )  # fmt: skip
