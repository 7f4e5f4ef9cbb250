"""Builds small audits with judgements, a result and findings, for the tests of findings."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fcim_audit.auditfile.folder import FINDINGS, JUDGEMENTS, Audit, changing, create, open_audit
from fcim_audit.auditfile.grading import Ground, ground_of
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.proposals import proposals_of
from fcim_audit.auditfile.schema import (
    Alarm,
    AuditedSite,
    Auditee,
    AuditFile,
    AuditType,
    Criteria,
    Dates,
    EvidenceKind,
    EvidenceRef,
    FindingEntry,
    JudgementEntry,
    KeptProposal,
    Member,
    Role,
)
from fcim_audit.auditfile.standing import standings_of
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status
from fcim_audit.profile import FindingRules, Profile, load_profile
from fcim_audit.yaml_source import Strict

AT = dt.datetime(2026, 1, 20, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 20)
RESULT = "0" * 64
TEAM = (
    Member(id="L", name="李立", role=Role.LEAD),
    Member(id="A", name="Ann Bell", role=Role.AUDITOR),
    Member(id="T", name="Tom Thorn", role=Role.TRAINEE),
    Member(id="O", name="Olga Orr", role=Role.OBSERVER),
)
SITES = (
    AuditedSite(id="S1", name="总部"),
    AuditedSite(id="S2", name="东区"),
    AuditedSite(id="S3", name="西区"),
    AuditedSite(id="S4", name="北区", visited=False),
)


@cache
def checklist() -> Checklist:
    """The checklist that comes with the tool, read once."""
    return load_checklist(shipped("checklists") / "fcim", rules=False)


@cache
def titles() -> dict[str, Text]:
    """The title of each of its requirements."""
    return {id_: r.title for id_, (_, r) in checklist().requirements.items()}


@cache
def profile() -> Profile:
    """The profile that comes with the tool."""
    return load_profile(shipped("checklists") / "profiles" / "iso17021-2015.yaml")


def rules() -> FindingRules:
    """Its rules for findings."""
    return profile().findings


def plan(**changes: object) -> AuditFile:
    """A plan whose closing meeting is on 21 January 2026."""
    made = AuditFile(
        audit="1", id="YQ", language=Lang.EN, type=AuditType.STAGE_2,
        organisation=Auditee(name="Clouds", representative="周明", sites=SITES),
        criteria=Criteria(edition=checklist().head.edition, sha256=checklist().sha256),
        scope="services", objectives=("certify",), team=TEAM, independence="none",
        dates=Dates(start=dt.date(2026, 1, 19), end=dt.date(2026, 1, 21)),
    )  # fmt: skip
    return made.model_copy(update=changes)


def begun(folder: Path, **changes: object) -> Audit:
    """An audit in a folder."""
    return create(folder, plan(**changes), by="L", at=AT, heads={})


def judgement(
    status: Status = Status.MINOR,
    *,
    rule: str | None = None,
    proposal: Status | None = None,
    reason: str | None = None,
    evidence: tuple[EvidenceRef, ...] = (EvidenceRef(kind=EvidenceKind.INTERVIEW, ref="seen"),),
    note: str | None = None,
) -> JudgementEntry:
    """A judgement; with a rule, of a proposal that the tool had made under it."""
    kept = None
    if rule is not None:
        kept = KeptProposal(
            status=proposal or status, rule=rule, says=Text(f"词 {rule}", f"words of {rule}"), result=RESULT
        )  # fmt: skip
    return JudgementEntry(
        status=status, evidence=evidence, reason=reason, note=note, by="A", at=AT, proposal=kept
    )


def finding(**values: object) -> FindingEntry:
    """A minor finding that nothing is wrong with."""
    told: dict[str, object] = {
        "grade": Status.MINOR, "proposed_grade": Status.MINOR, "rule": "m1", "requirement": "6.3-d",
        "statement": "Tickets are not answered in time.",
        "objective_evidence": "12 of 90 tickets were answered late",
        "site": "S1", "process": "service",
        "instances": [{"requirement": "6.3-d", "says": "12 of 90 late"}],
        "raised_by": "A", "raised_on": DAY, **values,
    }  # fmt: skip
    return FindingEntry.model_validate(told)


def put(folder: Path, document: str, path: tuple[str, ...], value: Strict) -> Audit:
    """Put a value into a document of an audit."""
    with changing(folder) as ledger:
        ledger.put(document, path, value)
        return ledger.commit(by="A", at=AT, action="put")


def judged(folder: Path, judgements: Mapping[str, JudgementEntry]) -> Audit:
    """An audit with judgements put into it."""
    with changing(folder) as ledger:
        for id_, entry in judgements.items():
            ledger.put(JUDGEMENTS, ("requirements", id_), entry)
        return ledger.commit(by="A", at=AT, action="judge")


def found(folder: Path, id_: str, entry: FindingEntry) -> Audit:
    """An audit with a finding put into it."""
    return put(folder, FINDINGS, ("items", id_), entry)


def doubted(folder: Path, *requirements: str) -> Audit:
    """An audit with an open doubt about evidence."""
    alarm = Alarm(about="same scan", requirements=requirements, raised_by="A", raised_on=DAY)
    return put(folder, JUDGEMENTS, ("alarms", "D1"), alarm)


def ground(folder: Path) -> Ground:
    """What grading looks at."""
    audit = open_audit(folder)
    bench = Bench(audit, checklist(), proposals_of(folder))
    return ground_of(standings_of(bench, profile()))


def evaluated(folder: Path, *checks: dict[str, object]) -> str:
    """Write a result with failed checks of requirements; returns the sha256 of its evidence file."""
    digest = hashlib.sha256(b"rows").hexdigest()
    by_id: dict[str, list[dict[str, object]]] = {}
    for check in checks:
        by_id.setdefault(str(check["id"]).partition(".x")[0], []).append(check)
    result = {
        "schema": "fcim-audit/result/1", "checklist": {"id": "fcim", "edition": "draft", "sha256": "0" * 64}, "as_of": "2026-01-15",
        "requirements": [
            {"id": id_, "clause": id_.partition("-")[0], "title": {"zh": "标题", "en": "title"}, "status": "minor", "checks": own}
            for id_, own in by_id.items()
        ],
        "evidence": [{"file": "crm/tickets.xlsx", "sha256": digest}],
    }  # fmt: skip
    (folder / "out" / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return digest


def failed(id_: str, count: int, of: int, *rows: int) -> dict[str, object]:
    """One failed check as a result tells it, with a name in its key and values."""
    return {
        "id": f"{id_}.x", "kind": "records", "verdict": "fail",
        "measured": {"value": (of - count) / of, "unit": "ratio"}, "target": {"op": ">=", "value": 1},
        "denominator": of,
        "exceptions": {
            "count": count,
            "places": [
                {"file": "crm/tickets.xlsx", "sheet": "all", "row": row, "key": "王小明", "values": {"by": "王小明"}}
                for row in rows
            ],
        },
    }  # fmt: skip
