"""Knows what can be compared of an audit, or of a result alone: statuses, findings, figures, evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.carrying import Covered
from fcim_audit.auditfile.conflicts import Open, open_conflicts
from fcim_audit.auditfile.folder import EVIDENCE, Audit
from fcim_audit.auditfile.proposals import Proposals
from fcim_audit.auditfile.schema import Findings
from fcim_audit.auditfile.standing import Standings
from fcim_audit.auditfile.united_files import files_in
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.told import ToldKpi


class Basis(StrEnum):
    """Who says a status: the auditor, the tool alone, or nobody."""

    JUDGED = "judged"
    PROPOSED = "proposed"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Said:
    """A requirement's status, and who says it."""

    status: Status
    basis: Basis


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One side of a comparison; what it can't know is None."""

    name: str
    audit: str | None
    edition: str
    checklist: str
    as_of: str | None
    statuses: Mapping[str, Said]
    findings: Findings | None
    kpis: Mapping[str, ToldKpi]
    evidence: Mapping[str, str]
    recommendation: RecommendationCode | None
    why: tuple[Text, ...] = ()
    coverage: tuple[Covered, ...] = ()
    contested: tuple[Open, ...] = ()
    remarks: tuple[Text, ...] = ()


def of_result(path: Path, proposals: Proposals) -> Snapshot:
    """A result JSON alone: what the tool proposes, no judgement, no finding."""
    result = proposals.result
    recommended = result.recommendation
    return Snapshot(
        name=str(path),
        audit=None,
        edition=result.checklist.edition,
        checklist=result.checklist.sha256,
        as_of=result.as_of,
        statuses={r.id: Said(r.status, Basis.PROPOSED) for r in result.requirements},
        findings=None,
        kpis={kpi.id: kpi for kpi in result.kpis},
        evidence={file.file: file.sha256 for file in result.evidence},
        recommendation=None if recommended is None else recommended.code,
        why=() if recommended is None else recommended.why,
    )


def of_audit(
    audit: Audit,
    proposals: Proposals | None,
    standings: Standings | None,
    *,
    coverage: tuple[Covered, ...] = (),
    remarks: tuple[Text, ...] = (),
) -> Snapshot:
    """An audit folder; without its checklist (`standings`) nothing is recommended."""
    recommended = None if standings is None else standings.recommendation()
    ids = _ids(audit, proposals, standings)
    as_of = audit.file.as_of
    return Snapshot(
        name=str(audit.folder),
        audit=audit.file.id,
        edition=audit.file.criteria.edition,
        checklist=audit.file.criteria.sha256,
        as_of=str(as_of) if as_of else None if proposals is None else proposals.result.as_of,
        statuses={id_: _said(audit, proposals, id_) for id_ in ids},
        findings=audit.findings,
        kpis={} if proposals is None else {kpi.id: kpi for kpi in proposals.result.kpis},
        evidence=_evidence(audit),
        recommendation=None if recommended is None else recommended.code,
        why=() if recommended is None else recommended.why,
        coverage=coverage,
        contested=open_conflicts(audit.conflicts),
        remarks=remarks,
    )


def _ids(audit: Audit, proposals: Proposals | None, standings: Standings | None) -> Collection[str]:
    if standings is not None:
        return [item.id for item in standings.items]
    proposed = () if proposals is None else proposals.by_id
    contested = audit.conflicts.requirements
    return dict.fromkeys((*proposed, *audit.judgements.requirements, *contested))


def _said(audit: Audit, proposals: Proposals | None, id_: str) -> Said:
    if id_ in audit.conflicts.requirements:
        return Said(Status.NOT_VERIFIED, Basis.JUDGED)
    entry = audit.judgements.requirements.get(id_)
    if entry is not None:
        return Said(entry.status, Basis.JUDGED)
    proposal = None if proposals is None else proposals.by_id.get(id_)
    if proposal is not None:
        return Said(proposal.status, Basis.PROPOSED)
    return Said(Status.NOT_VERIFIED, Basis.NOBODY)


def _evidence(audit: Audit) -> dict[str, str]:
    if not audit.evidence.is_dir():
        return {}
    files = files_in(audit.folder)
    start = f"{EVIDENCE}/"
    return {p.removeprefix(start): sha256 for p, sha256 in files.items() if p.startswith(start)}
