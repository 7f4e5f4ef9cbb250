"""Knows how commands come by an audit: its checklist and profile, who is speaking, what time it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.folder import AUDIT, OUT, Audit, changing, open_audit
from fcim_audit.auditfile.judging import Bench, standing_mistakes
from fcim_audit.auditfile.proposals import RESULT_FILE, proposals_of
from fcim_audit.auditfile.standing import Standings, standings_of
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.cli.inputs import DEFAULT_CHECKLIST, cache_folder, checklist_in_use, profile_at
from fcim_audit.cli.words import message, said
from fcim_audit.durable import sha256_of, write_whole
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text
from fcim_audit.moments import plan_values
from fcim_audit.profile import Profile
from fcim_audit.renderers.json import render
from fcim_audit.report import Report

TOOL = "fcim-audit"
"""Who the journal names for what the tool does by itself."""

Folder = Annotated[
    Path | None,
    typer.Argument(
        metavar="AUDIT",
        help=said("审核文件夹，缺省为当前文件夹", "Audit folder; by default this one"),
    ),
]
"""The audit as the first word of a command that takes no other."""
InFolder = Annotated[
    Path,
    typer.Option(
        "--audit", "-C", metavar="AUDIT", help=said("审核文件夹，缺省为当前文件夹", "Audit folder; by default this one")
    ),
]  # fmt: skip
AlsoInFolder = Annotated[
    Path | None,
    typer.Option("--audit", "-C", metavar="AUDIT", help=said("同 AUDIT", "The same as AUDIT")),
]
"""The audit as an option, where it may be the first word too."""
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="MEMBER",
        help=said(
            "谁（审核组成员 id）；缺省取 FCIM_AUDITOR，只有一人时即此人",
            "Who (id in the team); else FCIM_AUDITOR, else the only one",
        ),
    ),
]


def folder_of(word: Path | None, option: Path | None) -> Path:
    """The audit that is meant; raises UsageError for two different ones."""
    if word is not None and option is not None and word != option:
        raise UsageError(
            Text("给了两个审核文件夹", "two audit folders are named"),
            f"{word}, -C {option}",
            Text("只写一个", "name one of them"),
        )
    return word or option or Path()


def now() -> dt.datetime:
    """This moment, to the second, with its zone."""
    return dt.datetime.now().astimezone().replace(microsecond=0)


def speaker(option: str | None, audit: Audit) -> str:
    """Who does this: the option, else FCIM_AUDITOR, else the only member; raises UsageError."""
    named = option or os.environ.get("FCIM_AUDITOR")
    team = audit.file.team
    if named is None and len(team) == 1:
        return team[0].id
    ids = ", ".join(member.id for member in team)
    if named is None:
        raise UsageError(
            Text("没有说是谁", "it does not say who does this"),
            "--by",
            Text(f"写 --by，或设 FCIM_AUDITOR；审核组：{ids}", f"use --by or set FCIM_AUDITOR; the team: {ids}"),
        )  # fmt: skip
    if audit.file.member(named) is None:
        raise UsageError(
            Text(f"审核组没有成员 {named}", f"nobody in the team is {named}"),
            "--by",
            Text(f"审核组：{ids}", f"the team: {ids}"),
        )
    return named


def checklist_of(audit: Audit) -> Checklist:
    """The checklist an audit is held by; raises AuditError if it is not the one it was begun with.

    The plan parameters of `audit.yaml` are looked at too: AuditErrors name those that won't do.
    """
    criteria, folder = audit.file.criteria, checklist_folder(audit)
    with cache_folder() as cache:
        checklist = checklist_in_use(folder, cache)
    if checklist.sha256 != criteria.sha256:
        raise AuditError(
            Text(
                "检查表与审核开始时的不同",
                "the checklist is not the one that the audit was begun with",
            ),
            audit.where(AUDIT, ("criteria", "sha256")),
            Text(
                f"用原来的版本，或把 criteria.sha256 改成 {checklist.sha256}（会记入日志）",
                f"use the earlier version, or set criteria.sha256 to {checklist.sha256} "
                "(the journal will say so)",
            ),
        )
    plan_values(checklist, audit.file.plan, lambda name: audit.where(AUDIT, ("plan", name)))
    return checklist


def checklist_folder(audit: Audit) -> Path | None:
    """The folder of an audit's checklist; None is the shipped one."""
    name = audit.file.criteria.checklist
    return None if name == DEFAULT_CHECKLIST else _beside(audit, name)


def profile_file(audit: Audit) -> Path:
    """The file of an audit's profile: a shipped one by its id, else one beside the audit."""
    own = shipped("checklists") / "profiles" / f"{audit.file.profile}.yaml"
    return own if own.is_file() else _beside(audit, audit.file.profile)


def profile_of(audit: Audit) -> Profile:
    """The profile an audit is judged by."""
    return profile_at(profile_file(audit))


def _beside(audit: Audit, name: str) -> Path:
    path = Path(name)
    return path if path.is_absolute() else audit.folder / path


def demand_own_criteria(**options: object) -> None:
    """An audit brings its own checklist, profile, cut-off and evidence; raises UsageError for others."""
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if given:
        raise UsageError(
            Text("审核文件夹自带这些，不能另给", "an audit folder brings its own"),
            ", ".join(given),
            Text("要改就改 audit.yaml", "change audit.yaml instead"),
        )


def keep_result(audit: Audit, report: Report, *, whole: bool) -> None:
    """Keep a whole evaluation as what the tool proposes in this audit, and note it in the journal."""
    file = audit.folder / OUT / RESULT_FILE
    if not whole:
        message(
            said(
                f"只判定了一部分，{file} 保持不变",
                f"only a part was evaluated, {file} stays as it was",
            )
        )
        return
    data = render(report)
    digest = hashlib.sha256(data).hexdigest()
    with changing(audit.folder) as ledger:
        if file.is_file() and sha256_of(file) == digest:
            return
        file.parent.mkdir(exist_ok=True)
        write_whole(file, data)
        ledger.commit(by=TOOL, at=now(), action="evaluate", note=digest)
    message(said(f"结果：{file}", f"result: {file}"))


def bench_of(audit: Audit) -> Bench:
    """An audit with its checklist and the tool's proposals; raises every mistake of its judgements."""
    bench = Bench(audit, checklist_of(audit), proposals_of(audit.folder))
    raise_all(standing_mistakes(bench))
    return bench


def standings_in(folder: Path) -> Standings:
    """Where an audit stands; raises AuditErrors with all that is wrong with it."""
    audit = open_audit(folder)
    return standings_of(bench_of(audit), profile_of(audit))
