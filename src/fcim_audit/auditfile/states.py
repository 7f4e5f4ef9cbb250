"""Knows the states of a finding: the steps between them, who may take each, and what it has to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from fcim_audit.auditfile.schema import (
    JUDGING,
    AuditFile,
    EvidenceRef,
    FindingEntry,
    FindingState,
    Role,
    VerificationMethod,
)
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.profile import FindingRules

Model = TypeVar("Model", bound=BaseModel)
S = FindingState
LEAD = frozenset({Role.LEAD})
SENIOR = frozenset({Role.LEAD, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Step:
    """One way from state to state: who may go it, and what has to be told (options of the command)."""

    to: FindingState
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()


_ANSWER = ("correction", "cause", "extent", "action", "owner", "due")
_CHECKED = ("verification", "effective", "note")
_WITHDRAWN = Step(S.WITHDRAWN, LEAD, ("reason",))
_RESPONSE = Step(S.RESPONSE_RECEIVED, JUDGING, _ANSWER)
_EVIDENCE = Step(S.EVIDENCE_SUBMITTED, JUDGING, ("evidence", "effectiveness"))
_ACKNOWLEDGED = Step(S.ACKNOWLEDGED, JUDGING, ("acknowledged_by",))
_RETURNED = Step(S.RETURNED, JUDGING, ("reason",))
_VERIFIED = Step(S.VERIFIED, SENIOR, _CHECKED)
_CARRIED = Step(S.CARRIED_OVER, LEAD, ("note",))
STEPS: Mapping[FindingState, tuple[Step, ...]] = {
    S.DRAFT: (Step(S.REVIEWED, LEAD), _WITHDRAWN),
    S.REVIEWED: (Step(S.ISSUED, LEAD), Step(S.DRAFT, LEAD, ("reason",)), _WITHDRAWN),
    S.ISSUED: (
        _ACKNOWLEDGED,
        Step(S.DISPUTED, JUDGING, ("acknowledged_by", "dissent")),
        _WITHDRAWN,
    ),
    S.ACKNOWLEDGED: (_RESPONSE, Step(S.CLOSED, LEAD), _WITHDRAWN),
    S.DISPUTED: (Step(S.ACKNOWLEDGED, LEAD, ("note",)), _RESPONSE, _WITHDRAWN),
    S.RESPONSE_RECEIVED: (Step(S.PLAN_ACCEPTED, SENIOR), _RETURNED, _WITHDRAWN),
    S.PLAN_ACCEPTED: (_EVIDENCE, _CARRIED, _WITHDRAWN),
    S.RETURNED: (_RESPONSE, _EVIDENCE, _CARRIED, _WITHDRAWN),
    S.EVIDENCE_SUBMITTED: (_VERIFIED, _RETURNED, _CARRIED, _WITHDRAWN),
    S.VERIFIED: (Step(S.CLOSED, LEAD), _RETURNED),
    S.CARRIED_OVER: (_RESPONSE, _EVIDENCE, _WITHDRAWN),
    S.CLOSED: (),
    S.WITHDRAWN: (),
}
"""Every step there is; only the lead answers for review, issue, closing, withdrawal and regrading."""

STATE_WORDS = {
    S.DRAFT: Text("草稿", "draft"),
    S.REVIEWED: Text("已复核", "reviewed"),
    S.ISSUED: Text("已开出", "issued"),
    S.ACKNOWLEDGED: Text("已确认", "acknowledged"),
    S.DISPUTED: Text("有异议", "disputed"),
    S.RESPONSE_RECEIVED: Text("已答复", "response received"),
    S.PLAN_ACCEPTED: Text("计划已接受", "plan accepted"),
    S.RETURNED: Text("已退回", "returned"),
    S.EVIDENCE_SUBMITTED: Text("已提交证据", "evidence submitted"),
    S.VERIFIED: Text("已验证有效", "verified effective"),
    S.CLOSED: Text("已关闭", "closed"),
    S.WITHDRAWN: Text("已撤销", "withdrawn"),
    S.CARRIED_OVER: Text("转入下次审核", "carried over"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is told with a step; each field is one option of the command."""

    by: str
    on: dt.date
    today: dt.date
    note: str | None = None
    reason: str | None = None
    acknowledged_by: str | None = None
    dissent: str | None = None
    correction: str | None = None
    cause: str | None = None
    method: str | None = None
    extent: str | None = None
    action: str | None = None
    owner: str | None = None
    due: dt.date | None = None
    evidence: tuple[EvidenceRef, ...] = ()
    effectiveness: str | None = None
    verification: VerificationMethod | None = None
    effective: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A finding with what its life depends on; `hits`: how many things its lint would mend."""

    id: str
    finding: FindingEntry
    file: AuditFile
    rules: FindingRules
    hits: int = 0


def changed(case: Case, **values: object) -> FindingEntry:
    """The finding with other values; raises AuditErrors for values that won't do."""
    return made(FindingEntry, {**dict(case.finding), **values}, case.id)


def made(model: type[Model], values: Mapping[str, object], where: str) -> Model:
    """A model of told values; raises AuditErrors that name each field that won't do."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise_all(
            AuditError(
                Text(f"不合要求：{detail['msg']}", f"won't do: {detail['msg']}"),
                f"{where} {'.'.join(map(str, detail['loc']))}",
            )
            for detail in error.errors()
        )
        raise
