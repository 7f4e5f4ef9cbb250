"""Knows what a judgement must carry: objective evidence, reasons, who may decide what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from fcim_audit.auditfile.evidence_refs import evidence_ref
from fcim_audit.auditfile.folder import JUDGEMENTS, Audit
from fcim_audit.auditfile.proposals import Proposals
from fcim_audit.auditfile.schema import (
    JUDGING,
    JudgementEntry,
    KeptProposal,
    Role,
)
from fcim_audit.checklist.schema import Checklist, Requirement
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Status, Verdict
from fcim_audit.told import ToldRequirement

CONCLUDED = frozenset({Status.CONFORM, Status.OFI, Status.MINOR, Status.MAJOR})
"""Statuses that say something of the organisation: they need objective evidence."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an auditor says of one requirement, before it is checked."""

    status: Status
    evidence: tuple[str, ...] = ()
    note: str | None = None
    reason: str | None = None
    approved_by: str | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What a judgement is held against: the audit, its checklist, what the tool proposes."""

    audit: Audit
    checklist: Checklist
    proposals: Proposals | None

    def requirement(self, id_: str) -> Requirement:
        """A requirement of the checklist; raises UsageError for an unknown one."""
        found = self.checklist.requirements.get(id_)
        if found is None:
            raise UsageError(
                Text(f"检查表没有要求 {id_}", f"the checklist has no requirement {id_}"),
                hint=Text(
                    "用 fcim-audit checklist show 查看编号",
                    "see the ids with: fcim-audit checklist show",
                ),
            )
        return found[1]

    def proposal(self, id_: str) -> ToldRequirement | None:
        """What the tool proposes for a requirement; None where nothing was evaluated."""
        return None if self.proposals is None else self.proposals.by_id.get(id_)


def judged(
    bench: Bench, id_: str, decision: Decision, *, by: str, at: dt.datetime
) -> JudgementEntry:
    """The judgement as it is kept, the proposal beside it; raises AuditErrors with all that it lacks."""
    requirement = bench.requirement(id_)
    mistakes: list[AuditError] = []
    evidence = []
    for text in decision.evidence:
        try:
            evidence.append(evidence_ref(bench.audit, bench.proposals, text))
        except AuditError as error:
            mistakes.append(error)
    entry = _entry(
        id_, status=decision.status, evidence=tuple(evidence), note=decision.note,
        reason=decision.reason, approved_by=decision.approved_by, effort=decision.effort,
        by=by, at=at, proposal=kept(bench, id_),
    )  # fmt: skip
    told = bool(decision.evidence)
    mistakes += [
        e for e in lacks(bench, requirement, entry) if not (told and e.where == "evidence")
    ]
    raise_all(AuditError(e.problem, f"{id_} {e.where}".strip(), e.hint) for e in mistakes)
    return entry


def _entry(id_: str, **values: object) -> JudgementEntry:
    try:
        return JudgementEntry.model_validate(values)
    except ValidationError as error:
        raise_all(
            AuditError(
                Text(f"{d['loc'][0]} 不合要求：{d['msg']}", f"{d['loc'][0]} won't do: {d['msg']}"),
                id_,
            )
            for d in error.errors()
        )
        raise


def accepted(
    bench: Bench, id_: str, *, by: str, at: dt.datetime, note: str | None
) -> JudgementEntry:
    """The tool's proposal taken as the judgement, its checks as evidence; raises AuditError if it is open."""
    proposal = bench.proposal(id_)
    bench.requirement(id_)
    if proposal is None or proposal.status not in CONCLUDED:
        raise AuditError(
            Text("工具没有可采纳的结论", "the tool proposes nothing that could be accepted"),
            id_,
            Text(
                "用 --status 给出判断和证据", "give your own judgement with --status and evidence"
            ),
        )
    checks = [c.id for c in proposal.checks if c.verdict in {Verdict.PASS, Verdict.FAIL}]
    decision = Decision(proposal.status, tuple(f"check: {id_}" for id_ in checks), note)
    return judged(bench, id_, decision, by=by, at=at)


def kept(bench: Bench, id_: str) -> KeptProposal | None:
    """What the tool proposes now, to be kept beside a judgement."""
    proposal = bench.proposal(id_)
    if proposal is None or bench.proposals is None:
        return None
    why = proposal.why[0] if proposal.why else None
    return KeptProposal(
        status=proposal.status,
        rule=None if why is None else why.rule,
        says=None if why is None else Text(why.zh, why.en),
        result=bench.proposals.sha256,
    )


def lacks(bench: Bench, requirement: Requirement, entry: JudgementEntry) -> Iterator[AuditError]:
    """Everything that a judgement still lacks, each with the field it concerns."""
    yield from _who(bench.audit, entry)
    if entry.status in CONCLUDED and not entry.evidence:
        yield AuditError(
            Text("需要客观证据", "objective evidence is needed"),
            "evidence",
            Text(
                "--evidence 文件#位置，或 --evidence 访谈：内容",
                "--evidence FILE#PLACE, or --evidence 'interview: WHAT'",
            ),
        )
    if entry.status is Status.NOT_APPLICABLE:
        yield from _exclusion(bench.audit, requirement, entry)
    proposed = None if entry.proposal is None else entry.proposal.status
    if proposed in CONCLUDED and proposed is not entry.status and not entry.reason:
        yield AuditError(
            Text(
                f"与工具的建议（{proposed}）不同，需要说明理由",
                f"it differs from what the tool proposes ({proposed}): a reason is needed",
            ),
            "reason",
            Text("补上 --reason", "add --reason"),
        )


def _who(audit: Audit, entry: JudgementEntry) -> Iterator[AuditError]:
    member = audit.file.member(entry.by)
    if member is None:
        ids = ", ".join(m.id for m in audit.file.team)
        yield AuditError(
            Text(f"审核组没有成员 {entry.by}", f"nobody in the team is {entry.by}"),
            "by",
            Text(f"审核组：{ids}", f"the team: {ids}"),
        )
    elif member.role not in JUDGING:
        yield AuditError(
            Text(f"{entry.by} 的角色是 {member.role}，不作判断", f"{entry.by} ({member.role}) does not judge"),
            "by",
        )  # fmt: skip


def _exclusion(
    audit: Audit, requirement: Requirement, entry: JudgementEntry
) -> Iterator[AuditError]:
    if not requirement.may_be_not_applicable:
        yield AuditError(
            Text("检查表不允许此项不适用", "the checklist does not let this be not applicable"),
            "status",
        )
    if not entry.reason:
        yield AuditError(
            Text("不适用需要说明理由", "not applicable needs a reason"),
            "reason",
            Text("补上 --reason", "add --reason"),
        )
    approver = None if entry.approved_by is None else audit.file.member(entry.approved_by)
    if approver is None or approver.role is not Role.LEAD:
        yield AuditError(
            Text("不适用需要组长批准", "not applicable needs the lead's approval"),
            "approved_by",
            Text(f"补上 --approved-by {audit.file.lead.id}", f"add --approved-by {audit.file.lead.id}"),
        )  # fmt: skip


def standing_mistakes(bench: Bench) -> list[AuditError]:
    """What is wrong with the judgements as they stand in the file, each with its line."""
    found: list[AuditError] = []
    for id_, entry in bench.audit.judgements.requirements.items():
        path: Sequence[str] = ("requirements", id_)
        known = bench.checklist.requirements.get(id_)
        if known is None:
            problem = Text(f"检查表没有要求 {id_}", f"the checklist has no requirement {id_}")
            found.append(AuditError(problem, bench.audit.where(JUDGEMENTS, path)))
            continue
        for error in lacks(bench, known[1], entry):
            where = bench.audit.where(JUDGEMENTS, (*path, error.where))
            found.append(AuditError(error.problem, where, error.hint))
    return found
