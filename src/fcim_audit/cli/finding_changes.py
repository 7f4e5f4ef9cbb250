"""Knows the commands that write findings: `finding draft`, `finding new`, `finding update`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.drafting import Drafts, Told, demand_judged, drafted, drafts, next_id
from fcim_audit.auditfile.evidence_refs import evidence_ref
from fcim_audit.auditfile.folder import changing
from fcim_audit.auditfile.grading import Ground, Proposed, basis_of, proposed
from fcim_audit.auditfile.instances import place_of
from fcim_audit.auditfile.schema import (
    EvidenceKind,
    FindingEntry,
    FindingState,
    Grade,
    Instance,
)
from fcim_audit.auditfile.standing import Standing
from fcim_audit.auditfile.states import Case, changed, made
from fcim_audit.cli.audits import By, InFolder, now, speaker
from fcim_audit.cli.finding_words import GRADE_WORDS
from fcim_audit.cli.findings import (
    FindingName,
    case_of,
    demand_auditor,
    finding_in,
    ground_in,
    kept,
)
from fcim_audit.cli.inputs import scope_of
from fcim_audit.cli.words import language, message, said
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text
from fcim_audit.model import Status

HERE = Path()
_SET = ("statement", "objective_evidence", "grade_reason", "site", "process", "department", "cause_tag", "repeat_of")  # fmt: skip


class GradeTold(StrEnum):
    """The grades a person may give."""

    MAJOR = "major"
    MINOR = "minor"
    OFI = "ofi"

    @property
    def grade(self) -> Grade:
        """As findings hold it."""
        grades: dict[GradeTold, Grade] = {
            GradeTold.MAJOR: Status.MAJOR, GradeTold.MINOR: Status.MINOR, GradeTold.OFI: Status.OFI,
        }  # fmt: skip
        return grades[self]


def _text(option: str, zh: str, en: str) -> typer.models.OptionInfo:
    made_: typer.models.OptionInfo = typer.Option(option, metavar="TEXT", help=said(zh, en))
    return made_


Statement = Annotated[
    str | None, _text("--statement", "不符合陈述", "Which requirement is not met")
]
Words = Annotated[
    str | None, _text("--objective-evidence", "客观证据的文字", "Objective evidence in words")
]
Evidence = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence", metavar="EVIDENCE",
        help=said("文件#位置，或 访谈：内容；可重复，各成一个实例", "FILE#PLACE or 'interview: WHAT'; repeatable, an instance each"),
    ),
]  # fmt: skip
Site = Annotated[str | None, _text("--site", "场所 id", "Site, by its id")]
Process = Annotated[str | None, _text("--process", "过程", "Process")]
Department = Annotated[str | None, _text("--department", "部门", "Department")]
CauseTag = Annotated[
    str | None, _text("--cause-tag", "原因标签，用于归并", "Tag of the cause, by which findings are seen together")
]  # fmt: skip
RepeatOf = Annotated[
    str | None,
    _text("--repeat-of", "重复发生自上次的哪一项", "The earlier finding that it repeats"),
]
Reason = Annotated[
    str | None,
    _text("--grade-reason", "级别与建议不同的理由", "Why the grade is not the one proposed"),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "draft",
        help=said(
            "从判断起草：一般、严重不符合和改进机会，凡还没有不符合项的。同一失效归为一项，各实例列在其中。",
            "Draft findings from judgements: every minor, major or OFI that no finding names yet. One "
            "failure is one finding with its instances.",
        ),
        epilog=said(
            "例：fcim-audit finding draft --dry-run · fcim-audit finding draft --group 权限=7.5.3-a,8.5.4-b",
            "Examples: fcim-audit finding draft --dry-run; "
            "fcim-audit finding draft --group access=7.5.3-a,8.5.4-b",
        ),
    )(draft)
    app.command(
        "new",
        help=said("就一条要求新开一项。", "Raise a finding on one requirement."),
        epilog=said(
            "例：fcim-audit finding new 7.2 --site S1 --process 培训 --evidence 培训/记录.xlsx#B4",
            "Example: fcim-audit finding new 7.2 --site S1 --process training --evidence training/records.xlsx#B4",
        ),
    )(new)
    app.command(
        "update",
        help=said(
            "改草稿的内容；空文字清除该项。复核后只能改原因标签。",
            "Change a draft; an empty text clears a field. Once reviewed only its cause tag can change.",
        ),
        epilog=said(
            "例：fcim-audit finding update NC01 --site S1 --process 客服",
            "Example: fcim-audit finding update NC01 --site S1 --process service",
        ),
    )(update)


def draft(
    folder: InFolder = HERE,
    by: By = None,
    from_judgements: Annotated[
        bool,
        typer.Option(
            "--from-judgements",
            help=said("从判断起草；这是缺省，也是唯一的来源", "From judgements: the default, and the only source"),
        ),
    ] = True,
    only: Annotated[
        str | None,
        typer.Option(metavar="IDS", help=said("只用这些要求，如 6.3,8.5.*", "Only these requirements, as 6.3,8.5.*")),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG=ID,ID", help=said("这些要求同一原因，合为一项；可重复", "These share one cause and become one finding; repeatable")
        ),
    ] = None,
    site: Site = None,
    process: Process = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=said("只显示，不写入", "Show them, write nothing"))
    ] = False,
) -> None:  # fmt: skip
    """Draft findings from judgements."""
    at = now()
    with changing(folder) as ledger:
        who = speaker(by, ledger.audit)
        demand_auditor(ledger.audit, who)
        ground = ground_in(ledger.audit)
        scope = scope_of(only, ground.standings.bench.checklist)
        found = drafts(
            ground,
            by=who,
            on=at.date(),
            only=scope,
            together=_groups(group or ()),
            told=Told(site=site, process=process),
        )
        if found.made and not dry_run:
            for id_, entry in found.made.items():
                kept(ledger, id_, entry)
            ledger.commit(by=who, at=at, action="finding_draft")
    _tell(found, ground, dry_run)


def _groups(options: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for option in options:
        tag, _, ids = option.partition("=")
        named = tuple(dict.fromkeys(part.strip() for part in ids.split(",") if part.strip()))
        if not tag.strip() or not named:
            raise UsageError(
                Text(f"看不懂 {option}", f"{option} is not understood"),
                "--group",
                Text("写成 标签=要求,要求", "write TAG=ID,ID"),
            )
        twice = sorted(taken & set(named))
        if twice or tag.strip() in found:
            what = ", ".join(twice) or tag.strip()
            raise UsageError(
                Text(f"{what} 出现在两组里", f"{what} stands in two groups"),
                "--group",
                Text("每条要求只归一组", "one group for each requirement and tag"),
            )
        taken |= set(named)
        found[tag.strip()] = named
    return found


def _tell(found: Drafts, ground: Ground, dry_run: bool) -> None:
    lang = language()
    for id_, entry in found.made.items():
        sys.stdout.write(_line(id_, entry) + "\n")
    for left in found.left_out:
        message(
            said(
                f"未起草 {'、'.join(left.requirements)}（{left.why.rule}：{left.why.says.zh}）",
                f"no draft for {', '.join(left.requirements)} ({left.why.rule}: {left.why.says.en})",
            )
        )
    unjudged = len(ground.standings.unjudged)
    count = len(found.made)
    message(
        Text(
            f"{'将起草' if dry_run else '起草'} {count} 项；{unjudged} 项要求尚无判断，不起草（G0）",
            f"{count} {'draft' if count == 1 else 'drafts'}{' (nothing written)' if dry_run else ''}; "
            f"{unjudged} requirements are not judged and not drafted (G0)",
        ).said(lang)
    )


def _line(id_: str, entry: FindingEntry) -> str:
    grade = GRADE_WORDS[entry.grade].said(language())
    count = len(entry.instances)
    plural = "instance" if count == 1 else "instances"
    instances = said(f"{count} 个实例", f"{count} {plural}")
    return f"{id_}  {grade} ({entry.rule})  {entry.requirement}  {instances}  {entry.statement}"


def new(
    requirement: Annotated[
        str, typer.Argument(metavar="REQUIREMENT", help=said("要求编号", "Id of the requirement"))
    ],
    folder: InFolder = HERE,
    by: By = None,
    statement: Statement = None,
    objective_evidence: Words = None,
    evidence: Evidence = None,
    grade: Annotated[
        GradeTold | None, typer.Option(help=said("级别；缺省按规则", "Grade; by the rules if not given"))
    ] = None,
    grade_reason: Reason = None,
    site: Site = None,
    process: Process = None,
    department: Department = None,
    cause_tag: CauseTag = None,
    repeat_of: RepeatOf = None,
) -> None:  # fmt: skip
    """Raise a finding on one requirement."""
    told = Told(
        statement, objective_evidence, None if grade is None else grade.grade, grade_reason,
        cause_tag, site, process, department, repeat_of,
    )  # fmt: skip
    at = now()
    with changing(folder) as ledger:
        who = speaker(by, ledger.audit)
        demand_auditor(ledger.audit, who)
        ground = ground_in(ledger.audit)
        ground.standings.bench.requirement(requirement)
        item = ground.standings.by_id[requirement]
        demand_judged(item, told)
        entry = drafted(ground, [item], told, by=who, on=at.date())
        if isinstance(entry, Proposed):
            raise _no_grade(item, entry)
        id_ = next_id(ledger.audit, entry.grade)
        case = case_of(ledger.audit, id_, entry)
        entry = _with_evidence(case, ground, evidence or ())
        if not entry.grade_reason and entry.grade is not entry.proposed_grade:
            raise _no_reason(id_, entry)
        others = [
            k
            for k, f in ledger.audit.findings.items.items()
            if f.is_open and f.requirement == requirement
        ]
        kept(ledger, id_, entry)
        ledger.commit(by=who, at=at, action="finding_new")
    if others:
        named = ", ".join(others)
        message(
            said(
                f"提示：{requirement} 已有未结束的不符合项：{named}",
                f"note: {requirement} has open findings already: {named}",
            )
        )
    sys.stdout.write(_line(id_, entry) + "\n")


def _no_grade(item: Standing, why: Proposed) -> AuditError:
    return AuditError(
        Text(f"不建议级别（{why.rule}）：{why.says.zh}", f"no grade is proposed ({why.rule}): {why.says.en}"),
        item.id,
        Text(
            "先作判断或解决疑问；确有别的证据时用 --grade 和 --grade-reason",
            "judge it or settle the doubt first; if there is other evidence, use --grade and --grade-reason",
        ),
    )  # fmt: skip


def _no_reason(id_: str, entry: FindingEntry) -> AuditError:
    proposal = entry.proposed_grade or "—"
    return AuditError(
        Text(
            f"级别 {entry.grade} 与建议（{proposal}）不同，需要理由",
            f"the grade {entry.grade} is not the proposed one ({proposal}): a reason is needed",
        ),
        f"{id_} grade_reason",
        Text("补上 --grade-reason", "add --grade-reason"),
    )


def _with_evidence(case: Case, ground: Ground, evidence: Sequence[str]) -> FindingEntry:
    """The finding with an instance for each piece of evidence; one that stands on nothing else loses its stand-in."""
    if not evidence:
        return changed(case)
    requirement = case.finding.requirement
    more = []
    for text in evidence:
        bench = ground.standings.bench
        ref = evidence_ref(bench.audit, bench.proposals, text)
        places = (place_of(ref),) if ref.kind is EvidenceKind.FILE else ()
        told = {
            "requirement": requirement,
            "says": str(ref),
            "places": places,
            "site": case.finding.site,
        }
        more.append(made(Instance, told, f"{case.id} --evidence"))
    before = [i for i in case.finding.instances if i.says != i.requirement]
    words = case.finding.objective_evidence
    own = "\n".join(i.says for i in more)
    said_ = own if not before and words in {requirement, ""} else f"{words}\n{own}"
    return changed(case, instances=(*before, *more), objective_evidence=said_)


def update(
    name: FindingName,
    folder: InFolder = HERE,
    by: By = None,
    statement: Statement = None,
    objective_evidence: Words = None,
    evidence: Evidence = None,
    grade_reason: Reason = None,
    site: Site = None,
    process: Process = None,
    department: Department = None,
    cause_tag: CauseTag = None,
    repeat_of: RepeatOf = None,
) -> None:
    """Change a draft."""
    told = Told(
        statement, objective_evidence, None, grade_reason, cause_tag, site, process, department,
        repeat_of,
    )  # fmt: skip
    values = {
        field: value or None
        for field, value in asdict(told).items()
        if field in _SET and value is not None
    }
    if not values and not evidence:
        raise UsageError(
            Text("没有说要改什么", "it does not say what to change"),
            "finding update",
            Text("例如 --site S1 --process 客服", "for example --site S1 --process service"),
        )
    at = now()
    with changing(folder) as ledger:
        who = speaker(by, ledger.audit)
        demand_auditor(ledger.audit, who)
        id_, before = finding_in(ledger.audit, name)
        _demand_draft(id_, before, {*values, *(["evidence"] if evidence else [])})
        ground = ground_in(ledger.audit)
        case = case_of(ledger.audit, id_, before)
        case = case_of(ledger.audit, id_, changed(case, **values))
        case = case_of(ledger.audit, id_, _with_evidence(case, ground, evidence or ()))
        after = _regraded(case, ground)
        kept(ledger, id_, after)
        ledger.commit(by=who, at=at, action="finding_update")
    if after.proposed_grade is not before.proposed_grade:
        message(
            said(
                f"规则现在的建议：{after.proposed_grade}（{after.rule}：{after.why}）",
                f"the rules now propose: {after.proposed_grade} ({after.rule}: {after.why})",
            )
        )
    sys.stdout.write(_line(id_, after) + "\n")


def _demand_draft(id_: str, finding: FindingEntry, fields: set[str]) -> None:
    frozen = sorted(fields - {"cause_tag"})
    if finding.state is FindingState.DRAFT or not frozen:
        return
    raise AuditError(
        Text(f"它已不是草稿，{', '.join(frozen)} 不能再改", f"it is no draft any more: {', '.join(frozen)} can't change"),
        f"{id_} state",
        Text(
            "已复核未开出的可退回：finding move … draft --reason；已开出的撤销后另开",
            "one that was reviewed can go back: finding move … draft --reason; one that was issued is "
            "withdrawn and raised anew",
        ),
    )  # fmt: skip


def _regraded(case: Case, ground: Ground) -> FindingEntry:
    """What the rules propose after a change; a draft follows unless its grade was given with a reason."""
    finding = case.finding
    if finding.state is not FindingState.DRAFT:
        return finding
    grade = proposed(basis_of(finding), ground, case.id)
    lang = ground.audit.file.language
    follows = finding.grade is finding.proposed_grade and grade.grade is not None
    return changed(
        case, rule=grade.rule, why=grade.says.said(lang), proposed_grade=grade.grade,
        grade=grade.grade if follows else finding.grade,
    )  # fmt: skip
