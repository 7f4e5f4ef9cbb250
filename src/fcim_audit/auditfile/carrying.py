"""Knows what of an audit goes on in the next one: open findings, unsettled doubts, repeats, coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.auditfile.conflicts import CONFLICTS, open_conflicts
from fcim_audit.auditfile.folder import AUDIT, Audit, open_audit
from fcim_audit.auditfile.keeping import in_order
from fcim_audit.auditfile.schema import (
    Alarm,
    AuditType,
    FindingEntry,
    FindingState,
)
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Status

CYCLE_BEGINS = frozenset({AuditType.STAGE_2, AuditType.RECERTIFICATION})
"""Audits with which a certification cycle begins: what lies before them is another cycle."""
Renamed = Callable[[str], tuple[str, ...]]
"""A requirement's ids in the new edition of the checklist; none where it is gone."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a new audit begins with; `unplaced`: findings whose requirement has no one successor."""

    findings: Mapping[str, FindingEntry]
    alarms: Mapping[str, Alarm]
    unplaced: tuple[str, ...]


def same_id(requirement: str) -> tuple[str, ...]:
    """The new edition's ids where the edition did not change."""
    return (requirement,)


def carried(old: Audit, renamed: Renamed = same_id) -> Carried:
    """The open findings and unsettled doubts of an audit, under their ids; it is not changed.

    A finding keeps its grade and where it stood in its life. One whose requirement has no successor,
    or several, keeps its requirement's old id and is named in `unplaced`. Raises AuditErrors while
    copies of the audit say different things: nobody knows yet what goes on.
    """
    raise_all(
        AuditError(
            conflict.says,
            old.where(CONFLICTS, (conflict.section, conflict.key)),
            Text("先决定：fcim-audit merge decide", "decide it first: fcim-audit merge decide"),
        )
        for conflict in open_conflicts(old.conflicts)
    )
    findings, unplaced = {}, []
    for id_, finding in old.findings.items.items():
        if not finding.is_open:
            continue
        successors = renamed(finding.requirement)
        if len(successors) == 1:
            changes = {"carried_from": id_, "requirement": successors[0]}
        else:
            changes = {"carried_from": id_}
            unplaced.append(id_)
        findings[id_] = finding.model_copy(update=changes)
    alarms = {id_: a for id_, a in old.judgements.alarms.items() if a.settled is None}
    return Carried(findings, alarms, tuple(unplaced))


def repeat_of(previous: Mapping[str, FindingEntry], requirement: str) -> str | None:
    """The earlier nonconformity on a requirement that was not effectively closed: its recurrence is M5.

    Of several the gravest, then the first by its id.
    """
    left = [
        (finding.grade is not Status.MAJOR, in_order(id_), id_)
        for id_, finding in previous.items()
        if _names(finding, requirement) and not effectively_closed(finding)
    ]
    return min(left)[2] if left else None


def effectively_closed(finding: FindingEntry) -> bool:
    """Whether a nonconformity is over: withdrawn, or closed after somebody found its action effective."""
    if finding.grade is Status.OFI or finding.state is FindingState.WITHDRAWN:
        return True
    verified = finding.verification is not None and finding.verification.effective
    return finding.state is FindingState.CLOSED and verified


def _names(finding: FindingEntry, requirement: str) -> bool:
    return requirement in {finding.requirement, *(i.requirement for i in finding.instances)}


def cycle_of(audit: Audit) -> tuple[Audit, ...]:
    """The audits of the cycle, this one first, by `previous` of each; raises AuditError for a circle."""
    chain = [audit]
    seen = {audit.folder.resolve()}
    while chain[-1].file.previous is not None and chain[-1].file.type not in CYCLE_BEGINS:
        folder = previous_folder(chain[-1])
        where = chain[-1].where(AUDIT, ("previous",))
        if folder in seen:
            raise AuditError(
                Text(
                    "previous 绕回了这条链上的审核", "previous leads back to an audit of this chain"
                ),
                where,
                Text("写上一次审核的文件夹", "name the folder of the audit before"),
            )
        if not (folder / AUDIT).is_file():
            raise AuditError(
                Text(f"上一次审核不在 {folder}", f"the audit before is not at {folder}"),
                where,
                Text("改正路径（相对于审核文件夹）", "mend the path (relative to the audit folder)"),
            )  # fmt: skip
        seen.add(folder)
        chain.append(open_audit(folder))
    return tuple(chain)


def previous_folder(audit: Audit) -> Path:
    """Where the audit before lies; only for an audit that names one."""
    assert audit.file.previous is not None
    return (audit.folder / audit.file.previous).resolve()


@dataclass(frozen=True, slots=True)
class Covered:
    """One clause over the cycle: in which audits something under it was judged, oldest first."""

    clause: str
    judged: tuple[tuple[str, int], ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing under it was judged in the whole cycle."""
        return not self.judged


def coverage_of(
    chain: Iterable[Audit], clauses: Mapping[str, str] | None = None
) -> tuple[Covered, ...]:
    """Every clause with the audits that judged something under it, what was never judged first.

    `clauses`: the clause of every requirement, from the checklist; without it only clauses are known
    that were judged at least once.
    """
    found: dict[str, list[tuple[str, int]]] = {c: [] for c in (clauses or {}).values()}
    for audit in reversed(list(chain)):
        counts: dict[str, int] = {}
        for requirement in _judged(audit):
            clause = (clauses or {}).get(requirement) or clause_of(requirement)
            counts[clause] = counts.get(clause, 0) + 1
        for clause, count in counts.items():
            found.setdefault(clause, []).append((audit.file.id, count))
    covered = [Covered(clause, tuple(judged)) for clause, judged in found.items()]
    return tuple(sorted(covered, key=lambda c: (bool(c.judged), in_order(c.clause))))


def _judged(audit: Audit) -> Iterator[str]:
    for id_, entry in audit.judgements.requirements.items():
        if entry.status is not Status.NOT_VERIFIED:
            yield id_


def clause_of(requirement: str) -> str:
    """The clause that a requirement's id names: `6.3` for `6.3-d`."""
    return requirement.partition("-")[0]
