"""Knows the command `audit new`: the questions of an audit plan, asked on a terminal or answered by options."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.folder import (
    AUDIT,
    EVIDENCE,
    FINDINGS,
    JUDGEMENTS,
    create,
    is_audit,
    open_audit,
)
from fcim_audit.auditfile.schema import AuditType, Role
from fcim_audit.cli.audit_answers import answered, plan_file
from fcim_audit.cli.audit_before import Start, going_on
from fcim_audit.cli.audits import now
from fcim_audit.cli.inputs import (
    DEFAULT_CHECKLIST,
    DEFAULT_PROFILE,
    cache_folder,
    checklist_in_use,
    profile_at,
)
from fcim_audit.cli.words import language, message, said
from fcim_audit.errors import UsageError
from fcim_audit.evidence.bundle import BUNDLE_FILE, open_bundle
from fcim_audit.language import Text
from fcim_audit.moments import plan_values


def new_command(
    folder: Annotated[Path, typer.Argument(help=said("新的审核文件夹", "The new audit folder"))],
    organisation: Annotated[
        str | None, typer.Option(help=said("受审核方名称", "Name of the organisation"))
    ] = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", metavar="TYPE", help=" | ".join(AuditType)),
    ] = None,
    scope: Annotated[str | None, typer.Option(help=said("审核范围", "Scope"))] = None,
    objective: Annotated[
        list[str] | None, typer.Option(help=said("审核目的，可重复", "Objective, repeatable"))
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="DATE", help=said("首日", "First day"))
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(metavar="DATE", help=said("末次会议日", "Day of the closing meeting")),
    ] = None,
    member: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID:NAME:ROLE[:CLAUSES[:COMPETENCE]]",
            help=said(
                f"审核组成员，可重复；角色 {' '.join(Role)}；条款与能力用逗号分隔",
                f"Member of the team, repeatable; roles {' '.join(Role)}; clauses and competence by commas",
            ),
        ),
    ] = None,
    independence: Annotated[
        str | None, typer.Option(help=said("独立性声明", "Statement of independence"))
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option(metavar="ID:NAME[:ADDRESS]", help=said("场所，可重复", "Site, repeatable")),
    ] = None,
    address: Annotated[
        str | None, typer.Option(help=said("受审核方地址", "Address of the organisation"))
    ] = None,
    confidentiality: Annotated[
        str | None, typer.Option(help=said("保密承诺", "Confidentiality"))
    ] = None,
    remote: Annotated[
        str | None,
        typer.Option(help=said("远程审核安排，没有写“无”", "Remote auditing, or: none")),
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help=said(
                "组织给自己定的限值，可重复，如 feedback_close_limit='3 d'；优先于 bundle.yaml",
                "A limit the organisation set for itself, repeatable, as feedback_close_limit='3 d'; "
                "it outranks bundle.yaml",
            ),
        ),
    ] = None,
    id_: Annotated[
        str | None,
        typer.Option(
            "--id", help=said("审核编号，缺省由代码、年月和类型组成", "Number of the audit")
        ),
    ] = None,
    code: Annotated[
        str | None, typer.Option(help=said("受审核方代码", "Code of the organisation"))
    ] = None,
    representative: Annotated[
        str | None, typer.Option(help=said("受审核方代表", "The auditee's representative"))
    ] = None,
    body: Annotated[str | None, typer.Option(help=said("认证机构", "Certification body"))] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            help=said("把这个证据文件夹复制进来", "A folder of evidence to copy into the audit")
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help=said("证据截止日", "Cut-off"))
    ] = None,
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
    profile: Annotated[Path | None, typer.Option(help=said("规则文件", "Profile"))] = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="AUDIT",
            help=said(
                "上一次审核：沿用其组织、范围、审核组，带过未关闭的不符合项",
                "The audit before: its organisation, scope and team go on, its open findings are carried",
            ),
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help=said("检查表版本之间的对应表", "What became of requirements between two editions")
        ),
    ] = None,
) -> None:
    """Make an audit folder; on a terminal what no option answers is asked."""
    if is_audit(folder):
        raise UsageError(
            Text("这里已经有一次审核", "there is an audit already"),
            str(folder),
            Text("换一个文件夹", "choose another folder"),
        )
    old = None if from_ is None else open_audit(from_)
    _demand_evidence(evidence)
    stated, stated_code = _stated_in(evidence)
    answers = answered(
        stated if old is None else going_on(old.file),
        {
            "--organisation": _one(organisation), "--type": _one(type_), "--scope": _one(scope),
            "--objective": tuple(objective or ()), "--start": _one(start), "--end": _one(end),
            "--member": tuple(member or ()), "--independence": _one(independence),
            "--site": tuple(site or ()), "--address": _one(address),
            "--representative": _one(representative), "--body": _one(body),
            "--confidentiality": _one(confidentiality), "--remote": _one(remote),
        },
    )  # fmt: skip
    with cache_folder() as cache:
        held_by = checklist_in_use(checklist, cache)
    profile_at(profile)
    file = plan_file(
        answers,
        {
            "id": id_,
            "code": code or (stated_code if old is None else old.file.organisation.code),
            "as_of": as_of,
            "checklist": DEFAULT_CHECKLIST if checklist is None else str(checklist.resolve()),
            "profile": DEFAULT_PROFILE if profile is None else str(profile.resolve()),
            "edition": held_by.head.edition,
            "sha256": held_by.sha256,
        },
        plan or (),
    )
    plan_values(held_by, file.plan, lambda name: f"--plan {name}")
    begins = Start.of(old, folder, held_by, mapping)
    file = begins.completed(file)
    if evidence is not None:
        shutil.copytree(evidence, folder / EVIDENCE, symlinks=True, dirs_exist_ok=True)
    create(
        folder, file, by=file.lead.id, at=now(), heads=heads(), judgements=begins.judgements,
        findings=begins.findings,
    )  # fmt: skip
    message(said(f"新建 {folder}（{file.id}）", f"made {folder} ({file.id})"))
    for text in begins.said:
        message(text.said(language()))
    message(
        said(f"下一步：fcim-audit audit status {folder}", f"next: fcim-audit audit status {folder}")
    )


def heads() -> dict[str, str]:
    """The comment that opens each file of an audit."""
    return {
        AUDIT: said(
            "# 审核计划。可以直接编辑，注释会保留；每次改动由下一个命令记入 journal.jsonl。\n",
            "# The audit plan. Edit it freely, comments stay; the next command notes the change in journal.jsonl.\n",
        ),
        JUDGEMENTS: said(
            "# 审核员的判断，工具当时的建议在旁。用 fcim-audit audit judge 或工作底稿填写。\n",
            "# What the auditors decided, with what the tool proposed then. Written by fcim-audit audit judge.\n",
        ),
        FINDINGS: said(
            "# 不符合项及其状态。用 fcim-audit finding 维护。\n",
            "# Nonconformities and their life. Kept with fcim-audit finding.\n",
        ),
    }


def _one(answer: str | None) -> tuple[str, ...]:
    return () if answer is None else (answer,)


def _stated_in(evidence: Path | None) -> tuple[dict[str, tuple[str, ...]], str | None]:
    """Answers that the evidence gives (name, sites), and the code of the organisation."""
    if evidence is None or not (evidence / BUNDLE_FILE).is_file():
        return {}, None
    with open_bundle(evidence) as bundle:
        organisation = bundle.file.organisation
        sites = tuple(f"{site.id}:{site.name}" for site in organisation.sites)
        return {"--organisation": (organisation.name,), "--site": sites}, organisation.code


def _demand_evidence(evidence: Path | None) -> None:
    if evidence is None:
        return
    if not evidence.is_dir():
        raise UsageError(
            Text("不是文件夹", "is no folder"),
            f"--evidence {evidence}",
            Text("先解压 zip", "unpack a zip first"),
        )
    if not (evidence / BUNDLE_FILE).is_file():
        message(
            said(
                f"{evidence} 里没有 bundle.yaml；之后用 fcim-audit map 生成",
                f"there is no bundle.yaml in {evidence}; make one with fcim-audit map",
            )
        )
