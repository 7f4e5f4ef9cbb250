"""Knows what a new audit takes over from the one before: answers, open findings, unsettled doubts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.auditfile.carrying import carried, same_id
from fcim_audit.auditfile.editions import read_editions
from fcim_audit.auditfile.folder import Audit
from fcim_audit.auditfile.schema import (
    AuditedSite,
    AuditFile,
    AuditType,
    Findings,
    Judgements,
    Member,
)
from fcim_audit.checklist.schema import Checklist
from fcim_audit.cli.audits import checklist_of
from fcim_audit.errors import UsageError
from fcim_audit.language import Text

NEXT = {
    AuditType.STAGE_1: AuditType.STAGE_2,
    AuditType.STAGE_2: AuditType.SURVEILLANCE_1,
    AuditType.SURVEILLANCE_1: AuditType.SURVEILLANCE_2,
    AuditType.SURVEILLANCE_2: AuditType.RECERTIFICATION,
    AuditType.RECERTIFICATION: AuditType.SURVEILLANCE_1,
}
"""Which audit follows which in a certification cycle."""


def going_on(old: AuditFile) -> dict[str, tuple[str, ...]]:
    """Answers that the audit before gives; days and independence are asked anew."""
    following, body = NEXT.get(old.type), old.certification_body
    return {
        "--organisation": (old.organisation.name,),
        "--type": () if following is None else (following.value,),
        "--scope": (old.scope,),
        "--objective": old.objectives,
        "--member": tuple(_as_option(member) for member in old.team),
        "--site": tuple(f"{s.id}:{s.name}:{s.address or ''}" for s in old.organisation.sites),
        "--address": _known(old.organisation.address),
        "--representative": _known(old.organisation.representative),
        "--body": _known(None if body is None else body.name),
        "--confidentiality": _known(old.confidentiality),
        "--remote": _known(old.remote),
    }


def _known(answer: str | None) -> tuple[str, ...]:
    return () if answer is None else (answer,)


def _as_option(member: Member) -> str:
    clauses, competence = ",".join(member.clauses), ",".join(member.competence)
    return f"{member.id}:{member.name}:{member.role.value}:{clauses}:{competence}"


@dataclass(frozen=True, slots=True)
class Start:
    """What an audit begins with: nothing, or what the one before left open."""

    old: AuditFile | None
    previous: str | None
    findings: Findings | None
    judgements: Judgements | None
    said: tuple[Text, ...]

    @classmethod
    def of(
        cls, old: Audit | None, folder: Path, checklist: Checklist, mapping: Path | None
    ) -> Start:
        """What the audit before leaves; raises AuditErrors for a mapping that won't do."""
        if old is None:
            if mapping is not None:
                raise UsageError(
                    Text("没有上一次审核可对应", "there is no audit before to map from"), "--mapping",
                    Text("同时写 --from", "use it with --from"),
                )  # fmt: skip
            return cls(None, None, None, None, ())
        renamed = same_id
        if mapping is not None:
            editions = (old.file.criteria.edition, checklist.head.edition)
            before = checklist_of(old).requirements
            renamed = read_editions(mapping, editions, before, checklist.requirements).of
        taken = carried(old, renamed)
        return cls(
            old.file,
            os.path.relpath(old.folder, folder).replace(os.sep, "/"),
            Findings(findings="1", items=dict(taken.findings)),
            Judgements(judgements="1", alarms=dict(taken.alarms)),
            tuple(_told(len(taken.findings), len(taken.alarms), taken.unplaced)),
        )

    def completed(self, file: AuditFile) -> AuditFile:
        """The plan with what no option says: where the audit before lies, what it knew of sites and body, its limits."""
        if self.old is None:
            return file
        before, body = self.old, self.old.certification_body
        _demand_later(file, before)
        organisation = file.organisation.model_copy(
            update={
                "sites": tuple(
                    _same(site, before.organisation.sites) for site in file.organisation.sites
                ),
                "headcount": before.organisation.headcount,
                "contact": before.organisation.contact,
            }
        )
        same_body = (
            body is not None
            and file.certification_body is not None
            and (body.name == file.certification_body.name)
        )
        return file.model_copy(
            update={
                "organisation": organisation,
                "certification_body": body if same_body else file.certification_body,
                "previous": self.previous,
                "plan": {**before.plan, **file.plan},
            }
        )


def _demand_later(file: AuditFile, before: AuditFile) -> None:
    """Raise UsageError if the audit begins before the one that it follows has ended."""
    if file.dates.start < before.dates.end:
        raise UsageError(
            Text(
                f"早于上一次审核的结束日 {before.dates.end}",
                f"it begins before the audit before ended ({before.dates.end})",
            ),
            f"--start {file.dates.start}",
            Text(
                "改 --start，或换一个 --from", "change --start, or name another audit with --from"
            ),
        )


def _same(site: AuditedSite, before: tuple[AuditedSite, ...]) -> AuditedSite:
    """The site as the audit before knows it, if it is one of the same id, name and address."""
    known = {(s.id, s.name, s.address): s for s in before}
    return known.get((site.id, site.name, site.address), site)


def _told(findings: int, alarms: int, unplaced: tuple[str, ...]) -> list[Text]:
    told = [
        Text(
            f"带过未关闭的不符合项 {findings} 项，未了结的疑问 {alarms} 项",
            f"carried over: {findings} open findings, {alarms} unsettled doubts",
        )
    ]
    if unplaced:
        told.append(
            Text(
                f"要求在新版中没有唯一对应：{'、'.join(unplaced)}",
                f"their requirement has no one successor in the new edition: {', '.join(unplaced)}",
            )
        )
    return told
