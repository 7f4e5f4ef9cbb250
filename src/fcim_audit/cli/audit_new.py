"""Knows the command `audit new`: the questions of an audit plan, asked on a terminal or answered by options."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from fcim_audit.auditfile.folder import (
    AUDIT,
    EVIDENCE,
    FINDINGS,
    JUDGEMENTS,
    create,
    is_audit,
    open_audit,
)
from fcim_audit.auditfile.schema import (
    Auditee,
    AuditFile,
    AuditType,
    CertificationBody,
    Criteria,
    Dates,
    Member,
    Role,
)
from fcim_audit.cli.audit_before import Start, going_on
from fcim_audit.cli.audits import now
from fcim_audit.cli.inputs import DEFAULT_CHECKLIST, DEFAULT_PROFILE, checklist_at, profile_at
from fcim_audit.cli.words import language, message, said
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.evidence.bundle import BUNDLE_FILE
from fcim_audit.language import Text

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a plan needs: the option that answers it, its words on a terminal, a default."""

    option: str
    words: Text
    default: str = ""


_QUESTIONS = (
    Question("--organisation", Text("受审核方名称", "Name of the organisation")),
    Question(
        "--type",
        Text(
            "审核类型（" + " ".join(AuditType) + "）", "Type of audit (" + " ".join(AuditType) + ")"
        ),
        AuditType.STAGE_2,
    ),
    Question("--scope", Text("审核范围", "Scope")),
    Question("--objective", Text("审核目的", "Objective")),
    Question("--start", Text("审核开始日（2026-01-20）", "First day (2026-01-20)")),
    Question("--end", Text("末次会议日（2026-01-22）", "Day of the closing meeting (2026-01-22)")),
    Question(
        "--member",
        Text(
            "组长（id:姓名:lead:条款:能力，如 A1:张三:lead）",
            "Lead (id:name:lead:clauses:competence, as A1:Zhang San:lead)",
        ),
    ),
    Question("--independence", Text("独立性声明", "Statement of independence")),
)


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
    answers = _answered(
        {} if old is None else going_on(old.file),
        {
            "--organisation": _one(organisation), "--type": _one(type_), "--scope": _one(scope),
            "--objective": tuple(objective or ()), "--start": _one(start), "--end": _one(end),
            "--member": tuple(member or ()), "--independence": _one(independence),
        },
    )  # fmt: skip
    held_by = checklist_at(checklist)
    profile_at(profile)
    file = _audit_file(
        answers,
        {
            "id": id_,
            "code": code or (None if old is None else old.file.organisation.code),
            "representative": representative,
            "body": body,
            "as_of": as_of,
            "checklist": DEFAULT_CHECKLIST if checklist is None else str(checklist.resolve()),
            "profile": DEFAULT_PROFILE if profile is None else str(profile.resolve()),
            "edition": held_by.head.edition,
            "sha256": held_by.sha256,
        },
    )
    begins = Start.of(old, folder, held_by, mapping)
    file = begins.completed(file)
    _demand_evidence(evidence)
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


def _answered(
    known: dict[str, tuple[str, ...]], given: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """All answers: given, else known, else asked for on a terminal, else a UsageError that names them."""
    given = {option: answer or known.get(option, ()) for option, answer in given.items()}
    missing = [question for question in _QUESTIONS if not given[question.option]]
    if missing and not (sys.stdin.isatty() and sys.stderr.isatty()):
        names = " ".join(question.option for question in missing)
        raise UsageError(
            Text(f"缺少 {names}", f"missing: {names}"),
            "audit new",
            Text(
                "补上这些选项，或在终端里运行来回答", "add these options, or answer on a terminal"
            ),
        )
    answers = dict(given)
    for question in missing:
        answers[question.option] = (
            typer.prompt(
                question.words.said(language()), default=question.default or None, err=True
            ).strip(),
        )
    return answers


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


def _audit_file(answers: dict[str, tuple[str, ...]], rest: dict[str, str | None]) -> AuditFile:
    dates = _built(Dates, "--start/--end", start=answers["--start"][0], end=answers["--end"][0])
    team = members_of(answers["--member"])
    body = rest["body"]
    type_ = answers["--type"][0]
    return _built(
        AuditFile,
        "audit new",
        audit="1",
        id=rest["id"] or _id(rest["code"], dates.start, type_),
        language=language(),
        type=type_,
        organisation=Auditee(
            name=answers["--organisation"][0], code=rest["code"],
            representative=rest["representative"],
        ),
        certification_body=None if body is None else CertificationBody(name=body),
        criteria=Criteria(
            checklist=str(rest["checklist"]), edition=str(rest["edition"]), sha256=str(rest["sha256"])
        ),
        profile=rest["profile"], scope=answers["--scope"][0], objectives=answers["--objective"],
        dates=dates, as_of=rest["as_of"], team=team, independence=answers["--independence"][0],
    )  # fmt: skip


def _id(code: str | None, start: dt.date, type_: str) -> str:
    return f"{code or 'AUDIT'}-{start:%Y%m}-{type_}"


def members_of(texts: Sequence[str]) -> tuple[Member, ...]:
    """Members as `ID:NAME:ROLE[:CLAUSES[:COMPETENCE]]`; raises UsageErrors for all that won't do."""
    members, mistakes = [], []
    for text in texts:
        parts = [part.strip() for part in text.replace("：", ":").split(":", 4)]
        if len(parts) < 3:
            mistakes.append(
                UsageError(
                    Text(f"看不懂 {text}", f"can't understand {text}"),
                    "--member",
                    Text("写成 A1:张三:lead", "write A1:Zhang San:lead"),
                )
            )
            continue
        id_, name, role, clauses, competence = (*parts, "", "")[:5]
        try:
            members.append(
                _built(
                    Member, f"--member {text}", id=id_, name=name, role=role,
                    clauses=_listed(clauses), competence=_listed(competence),
                )
            )  # fmt: skip
        except AuditError as error:
            mistakes.append(UsageError(error.problem, error.where, error.hint))
    raise_all(mistakes)
    return tuple(members)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _built(model: type[Model], where: str, **values: object) -> Model:
    """A model from answers; raises UsageError with what won't do."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        cause = first.get("ctx", {}).get("error")
        problem = getattr(cause, "problem", None)
        if not isinstance(problem, Text):
            shown = str(first.get("input"))[:80]
            expected = first.get("ctx", {}).get("expected")
            more = f" ({expected})" if expected else ""
            problem = Text(f"{field} 不能是 {shown}{more}", f"{field} can't be {shown}{more}")
        raise UsageError(problem, where, getattr(cause, "hint", None)) from None
