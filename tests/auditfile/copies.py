"""Builds small audits for tests."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from fcim_audit.auditfile.folder import FINDINGS, JUDGEMENTS, Audit, changing, create
from fcim_audit.auditfile.schema import (
    Alarm,
    Auditee,
    AuditFile,
    AuditType,
    Criteria,
    Dates,
    FindingEntry,
    FindingState,
    JudgementEntry,
    Member,
    Role,
)
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.model import Status

AT = dt.datetime(2026, 1, 20, 9, 0, tzinfo=dt.UTC)
TEAM = (
    Member(id="L", name="Lead", role=Role.LEAD),
    Member(id="A1", name="One", role=Role.AUDITOR),
    Member(id="A2", name="Two", role=Role.AUDITOR),
)


@cache
def shipped_checklist() -> Checklist:
    """The checklist that comes with the tool, read once."""
    return load_checklist(shipped("checklists") / "fcim", rules=False)


def plan(**changes: object) -> AuditFile:
    """A small plan against the shipped checklist."""
    checklist = shipped_checklist()
    made = AuditFile(
        audit="1", id="YQ-2026", type=AuditType.STAGE_2, organisation=Auditee(name="云栖物业"),
        criteria=Criteria(edition=checklist.head.edition, sha256=checklist.sha256),
        scope="物业服务", objectives=("初次认证",), team=TEAM, independence="none",
        dates=Dates(start=dt.date(2026, 1, 19), end=dt.date(2026, 1, 21)),
    )  # fmt: skip
    return made.model_copy(update=changes)


def begun(folder: Path, **changes: object) -> Audit:
    """An audit in a folder."""
    return create(folder, plan(**changes), by="L", at=AT, heads={})


def judgement(
    status: Status = Status.NOT_VERIFIED, by: str = "A1", note: str | None = None
) -> JudgementEntry:
    """A judgement."""
    return JudgementEntry(status=status, by=by, at=AT, note=note)


def finding(
    requirement: str = "6.3-d",
    grade: Status = Status.MINOR,
    state: FindingState = FindingState.ISSUED,
    **more: object,
) -> FindingEntry:
    """A finding."""
    return FindingEntry.model_validate(
        {
            "grade": grade, "state": state, "requirement": requirement, "statement": "late",
            "objective_evidence": "12 of 90 tickets", "raised_by": "A1",
            "raised_on": dt.date(2026, 1, 20), **more,
        }
    )  # fmt: skip


def judge(folder: Path, requirement: str, entry: JudgementEntry | None, by: str = "A1") -> None:
    """Put a judgement in an audit."""
    put(folder, JUDGEMENTS, ("requirements", requirement), entry, by)


def find(folder: Path, id_: str, entry: FindingEntry | None, by: str = "A1") -> None:
    """Put a finding in an audit."""
    put(folder, FINDINGS, ("items", id_), entry, by)


def put(
    folder: Path,
    document: str,
    path: tuple[str, ...],
    value: JudgementEntry | FindingEntry | Alarm | str | None,
    by: str = "A1",
) -> None:
    """Put a value in a document of an audit."""
    with changing(folder) as ledger:
        ledger.put(document, path, value)
        ledger.commit(by=by, at=AT, action="judge")
