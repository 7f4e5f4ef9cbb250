"""Knows how far an audit is: each step, what of it is done, what blocks it, which command goes on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.auditfile.folder import AUDIT, Audit
from fcim_audit.auditfile.judging import CONCLUDED
from fcim_audit.auditfile.proposals import Proposals
from fcim_audit.auditfile.schema import AuditType, FindingState, Role
from fcim_audit.auditfile.standing import Standing, Standings
from fcim_audit.durable import sha256_of, text_sha256
from fcim_audit.evidence.bundle import BUNDLE_FILE
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.spans import declared

_BEFORE_ISSUE = frozenset({FindingState.DRAFT, FindingState.REVIEWED})
NONCONFORMING = frozenset({Status.OFI, Status.MINOR, Status.MAJOR})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the audit: `done` of `total`; `open`: what is left, in words; `command` goes on."""

    name: Text
    done: int
    total: int
    open: tuple[Text, ...] = ()
    command: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.done >= self.total and not self.open


def steps_of(standings: Standings) -> tuple[Step, ...]:
    """All steps in their order."""
    audit, proposals = standings.bench.audit, standings.bench.proposals
    return (
        _planned(audit),
        _evidence(audit),
        _evaluated(audit, proposals),
        _judged(standings),
        _drafted(standings),
        _issued(audit),
        _closed(audit),
    )


def following(steps: Sequence[Step]) -> Step | None:
    """The step to take next: what judging needs comes first, then gaps of the plan, which hold up documents."""
    planned, *others = steps
    order = (*others[:3], planned, *others[3:])
    return next((step for step in order if not step.is_done), None)


def _here(audit: Audit) -> str:
    """The option that leads a command to this audit."""
    return "" if audit.folder == Path() else f" -C {shlex.quote(str(audit.folder))}"


def _planned(audit: Audit) -> Step:
    left = tuple(_plan_gaps(audit))
    return Step(Text("策划", "Plan"), 0 if left else 1, 1, left, str(audit.folder / AUDIT))


def _plan_gaps(audit: Audit) -> Iterator[Text]:
    """What a plan still lacks after ISO/IEC 17021-1, 9.2.3.2."""
    file = audit.file
    if file.certification_body is None and file.type is not AuditType.GAP:
        yield Text("未写认证机构", "no certification body is named")
    if file.organisation.representative is None:
        yield Text("未写受审核方代表", "no representative of the auditee is named")
    for member in file.team:
        if member.role in {Role.LEAD, Role.AUDITOR} and not member.competence:
            yield Text(f"{member.id} 未写能力", f"the competence of {member.id} is not stated")
    several = len([m for m in file.team if m.role in {Role.LEAD, Role.AUDITOR}]) > 1
    if several and not any(member.clauses for member in file.team):
        yield Text("未分配谁审核哪些条款", "who audits which clause is not stated")


def _evidence(audit: Audit) -> Step:
    there = (audit.evidence / BUNDLE_FILE).is_file()
    left = (
        ()
        if there
        else (Text("evidence 里没有 bundle.yaml", "there is no bundle.yaml in evidence"),)
    )
    return Step(
        Text("证据", "Evidence"), int(there), 1, left, f"fcim-audit map {shlex.quote(str(audit.evidence))} --write"
    )  # fmt: skip


def _evaluated(audit: Audit, proposals: Proposals | None) -> Step:
    name, command = (
        Text("数据判定", "Evaluation"),
        f"fcim-audit evaluate {shlex.quote(str(audit.folder))}",
    )
    if proposals is None:
        left = Text("还没有判定", "nothing was evaluated yet")
        return Step(name, 0, 1, (left,), command)
    changed = changed_since(audit, proposals)
    if changed:
        named = _named(changed, 3)
        left = Text(f"判定之后证据有变：{named.zh}", f"evidence changed since: {named.en}")
        return Step(name, 0, 1, (left,), command)
    terms = tuple(_other_terms(audit, proposals))
    return Step(name, 0 if terms else 1, 1, terms, command)


def _other_terms(audit: Audit, proposals: Proposals) -> Iterator[Text]:
    """On what other terms than those of `audit.yaml` the last evaluation was made."""
    file, result = audit.file, proposals.result
    if result.checklist.sha256 != file.criteria.sha256:
        yield Text("检查表与判定时的不同", "the checklist is another than it was evaluated by")
    day = result.as_of[:10]
    if file.as_of is not None and day != file.as_of.isoformat():
        yield Text(f"判定时的截止日是 {day}", f"the cut-off of the evaluation was {day}")
    used = {p.name: p.value for p in result.plan}
    for name, text in file.plan.items():
        if name in used and used[name] != str(declared(text)):
            yield Text(
                f"判定时 plan.{name} 是 {used[name]}",
                f"plan.{name} was {used[name]} in the evaluation",
            )


def changed_since(audit: Audit, proposals: Proposals) -> list[str]:
    """Evidence files that are gone or have another hash than in the last evaluation."""
    changed = set()
    for said in proposals.result.evidence:
        name = said.file.partition("!/")[0]
        file = audit.evidence / name
        whole = name == said.file
        if not file.is_file() or (whole and sha256_of(file) != said.sha256):
            changed.add(name)
    declaration = proposals.result.declaration
    if declaration is not None and declaration.sha256 != _declared(audit):
        changed.add(BUNDLE_FILE)
    return sorted(changed)


def _declared(audit: Audit) -> str | None:
    """The sha256 of the audit's bundle.yaml as evaluations tell it; None if it can't be read."""
    try:
        data = (audit.evidence / BUNDLE_FILE).read_bytes()
    except OSError:
        return None
    return text_sha256(data).hex()


def _named(ids: Sequence[str], most: int = 5) -> Text:
    """The first few, and how many there are beside them."""
    shown, more = ids[:most], len(ids) - most
    zh, en = "、".join(shown), ", ".join(shown)
    if more <= 0:
        return Text(zh, en)
    return Text(f"{zh} 等 {len(ids)} 个", f"{en} and {more} more")


def _judged(standings: Standings) -> Step:
    items = standings.items
    left = []
    if standings.unjudged:
        n = len(standings.unjudged)
        left.append(Text(f"{n} 项要求未判断", f"{n} requirements are not judged"))
    outdated = [item.id for item in items if item.is_outdated]
    if outdated:
        named = _named(outdated)
        left.append(
            Text(
                f"{len(outdated)} 项判断之后工具的建议变了：{named.zh}",
                f"the proposal changed after the judgement on {len(outdated)}: {named.en}",
            )
        )
    for requirement, ref in standings.changed_evidence():
        left.append(
            Text(
                f"{requirement} 引用的证据有变：{ref}", f"evidence of {requirement} changed: {ref}"
            )
        )
    done = len(items) - len(standings.unjudged)
    return Step(
        Text("判断", "Judgements"),
        done,
        len(items),
        tuple(left),
        f"fcim-audit audit next{_here(standings.bench.audit)}",
    )


def undrafted(standings: Standings) -> tuple[Standing, ...]:
    """Requirements judged as not conforming that no finding names."""
    return tuple(i for i in standings.items if i.status in NONCONFORMING and not i.findings)


def _drafted(standings: Standings) -> Step:
    wanted = [item for item in standings.items if item.status in NONCONFORMING]
    missing = undrafted(standings)
    left: tuple[Text, ...] = ()
    if missing:
        named = _named([item.id for item in missing])
        left = (Text(f"没有写成不符合项：{named.zh}", f"no finding written for: {named.en}"),)
    return Step(
        Text("不符合项", "Findings"), len(wanted) - len(missing), len(wanted), left,
        f"fcim-audit finding draft{_here(standings.bench.audit)}",
    )  # fmt: skip


def _issued(audit: Audit) -> Step:
    items = audit.findings.items
    waiting = [id_ for id_, finding in items.items() if finding.state in _BEFORE_ISSUE]
    left: tuple[Text, ...] = ()
    if waiting:
        named = _named(waiting)
        left = (Text(f"未开具：{named.zh}", f"not issued: {named.en}"),)
    done = len(items) - len(waiting)
    return Step(
        Text("开具", "Issued"), done, len(items), left, f"fcim-audit finding list{_here(audit)}"
    )


def _closed(audit: Audit) -> Step:
    items = audit.findings.items
    waiting = [id_ for id_, finding in items.items() if finding.is_open]
    left: tuple[Text, ...] = ()
    if waiting:
        named = _named(waiting)
        left = (Text(f"未关闭：{named.zh}", f"not closed: {named.en}"),)
    done = len(items) - len(waiting)
    return Step(
        Text("关闭", "Closed"),
        done,
        len(items),
        left,
        f"fcim-audit finding list --due{_here(audit)}",
    )


def next_to_judge(standings: Standings, member: str | None) -> Standing | None:
    """The requirement to look at next: one's own clauses first, there what seems not to conform."""
    who = None if member is None else standings.bench.audit.file.member(member)
    open_ = [*standings.unjudged, *(item for item in standings.items if item.is_outdated)]

    def rank(item: Standing) -> tuple[bool, bool]:
        mine = who is None or not who.clauses or who.audits(item.id)
        proposed = None if item.proposal is None else item.proposal.status
        return (not mine, proposed not in CONCLUDED - {Status.CONFORM})

    return min(open_, key=rank, default=None)
