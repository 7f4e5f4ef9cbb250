"""Knows how judged requirements become drafts of findings: one failure, one finding, no cause in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fcim_audit.auditfile.carrying import repeat_of
from fcim_audit.auditfile.folder import FINDINGS, Audit
from fcim_audit.auditfile.grading import (
    NOT_MET,
    Basis,
    Ground,
    Proposed,
    proposed,
)
from fcim_audit.auditfile.instances import evidence_words, instances_of
from fcim_audit.auditfile.schema import FindingEntry, Grade
from fcim_audit.auditfile.standing import Standing
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status

_LONGEST = 72
_NUMBER = re.compile(r"-(NC|OFI)(\d+)$")


@dataclass(frozen=True, slots=True)
class Told:
    """What a person tells of a draft; what is not told is drawn from judgements and results."""

    statement: str | None = None
    objective_evidence: str | None = None
    grade: Grade | None = None
    grade_reason: str | None = None
    cause_tag: str | None = None
    site: str | None = None
    process: str | None = None
    department: str | None = None
    repeat_of: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Requirements that no draft was made of, and the rule that forbids it."""

    requirements: tuple[str, ...]
    why: Proposed


@dataclass(frozen=True, slots=True)
class Drafts:
    """New findings by their ids, and what was left out."""

    made: Mapping[str, FindingEntry] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


def drafts(
    ground: Ground,
    *,
    by: str,
    on: dt.date,
    only: frozenset[str] | None = None,
    together: Mapping[str, tuple[str, ...]] | None = None,
    told: Told | None = None,
) -> Drafts:
    """Drafts of all judged minors, majors and opportunities that no finding of this audit names yet.

    `together`: requirements that share one cause, by the cause's tag; they become one finding each.
    `told`: what goes for all of them, such as the site.
    """
    numbers = _Numbers.of(ground.audit)
    made: dict[str, FindingEntry] = {}
    left_out = []
    for tag, group in _groups(ground, _undrafted(ground, only), together or {}):
        entry = drafted(ground, group, replace(told or Told(), cause_tag=tag), by=by, on=on)
        if isinstance(entry, Proposed):
            left_out.append(LeftOut(tuple(item.id for item in group), entry))
        else:
            made[numbers.next(entry.grade)] = entry
    return Drafts(made, tuple(left_out))


def drafted(
    ground: Ground, group: Sequence[Standing], told: Told, *, by: str, on: dt.date
) -> FindingEntry | Proposed:
    """One draft of requirements that belong together; where no grade may be proposed, why not."""
    lang = ground.audit.file.language
    primary = min(group, key=lambda item: (item.status not in NOT_MET, -item.requirement.weight))
    site = told.site or _only_site(ground.audit)
    instances = [i for item in group for i in instances_of(item, _hashes(ground), lang, site)]
    repeat = told.repeat_of or next(
        (id_ for item in group if (id_ := repeat_of(ground.earlier, item.id)) is not None), None
    )
    basis = Basis(
        tuple(item.id for item in group),
        told.cause_tag,
        frozenset(() if site is None else (site,)),
        repeat,
    )
    grade = proposed(basis, ground)
    given, reason = _graded(group, grade, told)
    if given is None:
        return grade
    return FindingEntry(
        grade=given, requirement=primary.id, rule=grade.rule, why=grade.says.said(lang),
        statement=told.statement or statement(group, primary, lang),
        objective_evidence=told.objective_evidence or evidence_words(instances, lang),
        proposed_grade=grade.grade, grade_reason=reason, cause_tag=told.cause_tag, site=site,
        process=told.process, department=told.department, instances=tuple(instances),
        repeat_of=repeat, effort=_effort(group), raised_by=by, raised_on=on,
    )  # fmt: skip


def _graded(
    group: Sequence[Standing], grade: Proposed, told: Told
) -> tuple[Grade | None, str | None]:
    """The grade a draft gets, with the reason where an auditor had set himself above the rules."""
    if told.grade is not None:
        return told.grade, told.grade_reason
    if grade.grade is None:
        return None, None
    reasons = [item.entry.reason for item in group if item.entry is not None and item.is_override]
    judged = _worst(group)
    if judged is not grade.grade and len(reasons) == len(group):
        return judged, told.grade_reason or "; ".join(r for r in reasons if r) or None
    if judged is Status.MAJOR:
        return judged, told.grade_reason or next((r for r in reasons if r), None)
    return grade.grade, told.grade_reason


def _worst(group: Sequence[Standing]) -> Grade:
    statuses = {item.status for item in group}
    if Status.MAJOR in statuses:
        return Status.MAJOR
    return Status.MINOR if Status.MINOR in statuses else Status.OFI


def statement(group: Sequence[Standing], primary: Standing, lang: Lang) -> str:
    """Which requirement is not met, in the audit's language: no cause, no solution, no second id."""
    title = primary.requirement.title
    if primary.status is Status.OFI:
        said = Text(
            f"“{title.zh}”（{primary.id}）符合要求，有改进的机会。",
            f'"{title.en}" ({primary.id}) conforms, with an opportunity for improvement.',
        )
        return said.said(lang)
    others = len(group) - 1
    zh, en = "", ""
    if others:
        same = {item.clause.id for item in group} == {primary.clause.id}
        zh = f"；{'同一条款' if same else '同类情形'}另有 {others} 项要求未得到满足，见各实例"
        more = "1 more requirement is" if others == 1 else f"{others} more requirements are"
        en = f"; {more} not met {'in the same clause' if same else 'in the same way'}, see the instances"
    said = Text(
        f"“{title.zh}”（{primary.id}）的要求未得到满足{zh}。",
        f'The requirement "{title.en}" ({primary.id}) is not met{en}.',
    )
    return said.said(lang)


def _undrafted(ground: Ground, only: frozenset[str] | None) -> list[Standing]:
    """Judged with a result to tell, and named by no finding but those of the audit before."""
    items = ground.audit.findings.items
    return [
        item
        for item in ground.standings.items
        if item.status in {*NOT_MET, Status.OFI}
        and (only is None or item.id in only)
        and all(items[id_].carried_from is not None for id_ in item.findings)
        and (item.status in NOT_MET or not item.findings)
    ]


def _groups(
    ground: Ground, items: Sequence[Standing], together: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str | None, list[Standing]]]:
    """What shares a cause, then what a rule makes one failure of a clause, then each by itself."""
    tags = {id_: tag for tag, ids in together.items() for id_ in ids}
    _demand_groups(tags, {item.id for item in items}, ground)
    groups: dict[tuple[str | None, str], list[Standing]] = {}
    for item in items:
        tag = tags.get(item.id)
        systemic = ground.systemic.get(item.clause.id)
        own = item.id
        if tag is not None:
            own = ""
        elif systemic is not None and item.id in systemic.members:
            own = f"clause {item.clause.id}"
        groups.setdefault((tag, own), []).append(item)
    for (tag, _), group in groups.items():
        yield tag, group


def _demand_groups(tags: Mapping[str, str], known: set[str], ground: Ground) -> None:
    lost = sorted(set(tags) - known)
    if not lost:
        return
    for id_ in lost:
        ground.standings.bench.requirement(id_)
    raise UsageError(
        Text(
            f"{'、'.join(lost)} 没有可起草的判断，或已有不符合项",
            f"{', '.join(lost)}: not judged as not met, or a finding names it already",
        ),
        "--group",
        Text("先作判断，或从 --group 中去掉", "judge it first, or leave it out of --group"),
    )


def _hashes(ground: Ground) -> Mapping[str, str]:
    proposals = ground.standings.bench.proposals
    return {} if proposals is None else {f.file: f.sha256 for f in proposals.result.evidence}


def _only_site(audit: Audit) -> str | None:
    sites = [site.id for site in audit.file.organisation.sites if site.visited]
    return sites[0] if len(sites) == 1 else None


def _effort(group: Sequence[Standing]) -> int | None:
    efforts = [
        item.entry.effort
        for item in group
        if item.entry is not None and item.entry.effort is not None
    ]
    return min(sum(efforts), 10_000) if efforts else None


@dataclass(slots=True)
class _Numbers:
    """The next free number of each kind; a number that the journal knows is never given again."""

    audit: str
    last: dict[str, int]

    @classmethod
    def of(cls, audit: Audit) -> _Numbers:
        used = set(audit.findings.items)
        for entry in audit.journal.entries:
            for change in entry.changes:
                if change.document == FINDINGS and len(change.path) > 1:
                    used.add(change.path[1])
        prefix = audit.file.id[:_LONGEST]
        last: dict[str, int] = {}
        for id_ in used:
            found = _NUMBER.search(id_)
            if found is not None and id_[: found.start()] == prefix and len(found[2]) < 6:
                last[found[1]] = max(last.get(found[1], 0), int(found[2]))
        return cls(prefix, last)

    def next(self, grade: Status) -> str:
        kind = "OFI" if grade is Status.OFI else "NC"
        self.last[kind] = self.last.get(kind, 0) + 1
        return f"{self.audit}-{kind}{self.last[kind]:02}"


def next_id(audit: Audit, grade: Status) -> str:
    """The next id for a finding of this audit: `<audit>-NC01`; opportunities count apart, `-OFI01`."""
    return _Numbers.of(audit).next(grade)


def demand_judged(item: Standing, told: Told) -> None:
    """A nonconformity needs a judgement that says so, and is never recorded as an opportunity."""
    if item.status is Status.CONFORM and told.grade is not Status.OFI:
        raise AuditError(
            Text("已判为符合，不能开不符合项", "it was judged as conform: no nonconformity can be raised"),
            item.id,
            Text("先改判断：fcim-audit audit judge", "change the judgement first: fcim-audit audit judge"),
        )  # fmt: skip
    if item.status is Status.NOT_APPLICABLE:
        raise AuditError(Text("已判为不适用", "it was judged as not applicable"), item.id)
    if item.status in NOT_MET and told.grade is Status.OFI:
        raise AuditError(
            Text("不符合不得记为改进机会", "a nonconformity is never recorded as an opportunity"),
            item.id,
            Text("用 --grade minor 或 major", "use --grade minor or major"),
        )
