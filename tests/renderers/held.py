"""A report as that of an audit: one requirement decided otherwise than proposed, and some findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from fcim_audit.assessment import Decided, RecommendationCode, RequirementAssessment
from fcim_audit.auditfile.due import Due
from fcim_audit.auditfile.schema import AuditFile, FindingEntry, FindingPlace, Instance
from fcim_audit.auditfile.whatif import Do, Fix, Way
from fcim_audit.model import Status
from fcim_audit.profile import DueStep
from fcim_audit.report import HeldAudit, Report

PLAN = AuditFile.model_validate(
    {
        "audit": "1", "id": "A-1", "type": "stage_2",
        "organisation": {"name": "某公司", "sites": [{"id": "S1", "name": "总部", "visited": False}]},
        "criteria": {"edition": "draft", "sha256": "0" * 64},
        "scope": "物业服务", "objectives": ["验证符合性"],
        "dates": {"start": "2026-01-20", "end": "2026-01-22"},
        "team": [{"id": "A1", "name": "张三", "role": "lead"}],
        "independence": "近三年未提供咨询",
    }
)  # fmt: skip


def with_audit(told: Report, findings: int = 1, text: str = "未满足") -> Report:
    """The report, as that of an audit with so many findings; the second of each three is a major."""
    items = {f"NC{n:02d}": _finding(n, text) for n in range(1, findings + 1)}
    dues = {id_: (Due(id_, DueStep.RESPONSE, dt.date(2026, 2, 21)),) for id_ in items}
    fix = Fix(Do.CLOSE, "NC01", 3, is_estimate=False)
    held = HeldAudit(
        file=PLAN, findings=items, dues=dues, alarms={}, maturity=(),
        ways=(Way(RecommendationCode.AFTER_PLAN, (fix,)),),
        head="a" * 64, result="b" * 64, today=dt.date(2026, 2, 28),
    )  # fmt: skip
    requirements = tuple(_decided(r) for r in told.requirements)
    judgement = replace(told.judgement, requirements=requirements)
    return replace(told, judgement=judgement, audit=held)


def _decided(r: RequirementAssessment) -> RequirementAssessment:
    if r.id != "6.3-d":
        return r
    return replace(
        r,
        status=Status.MINOR,
        findings=("NC01",),
        decided=Decided(
            by="A1", at=dt.datetime(2026, 1, 21, 9, tzinfo=dt.UTC),
            evidence=("interview: 客服主管",), note="第一行\n<b>第二行</b>", reason="另有记录",
            proposed=Status.MAJOR, rule="M3",
        ),
    )  # fmt: skip


def _finding(number: int, text: str) -> FindingEntry:
    places = (
        FindingPlace(file="工单.csv", row=2),
        FindingPlace(file="a.xlsx", sheet="表", cell="E7"),
    )
    return FindingEntry(
        grade=Status.MAJOR if number % 3 == 2 else Status.MINOR,
        requirement="6.3-d", statement=text, objective_evidence=f"{text}\n第二行",
        instances=(
            Instance(requirement="6.3-d", check="6.3-d.response", says=text, count=1, population=3,
                     places=places),
        ),
        raised_by="A1", raised_on=dt.date(2026, 1, 22),
    )  # fmt: skip
