"""Knows what a new audit is asked: the answers from options, from the audit before, from a terminal, as an `AuditFile`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import typer

from fcim_audit.auditfile.schema import (
    Auditee,
    AuditFile,
    AuditType,
    CertificationBody,
    Criteria,
    Role,
)
from fcim_audit.cli.audit_parts import (
    Answers,
    built,
    day_of,
    days_of,
    demand,
    members_of,
    named_limits,
    no_one_lead,
    sites_of,
)
from fcim_audit.cli.words import language, message
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a plan holds: the option that answers it, its words on a terminal, a default.

    What is not `needed` may be left empty; what may be said `again` is asked until it is.
    """

    option: str
    words: Text
    default: str = ""
    needed: bool = True
    again: bool = False


QUESTIONS = (
    Question("--organisation", Text("受审核方名称", "Name of the organisation")),
    Question("--address", Text("受审核方地址", "Its address"), needed=False),
    Question("--representative", Text("受审核方代表", "Its representative"), needed=False),
    Question(
        "--site",
        Text("场所（id:名称:地址，如 S1:一号园区）", "Site (id:name:address, as S1:North campus)"),
        needed=False,
        again=True,
    ),
    Question(
        "--type",
        Text(
            "审核类型（" + " ".join(AuditType) + "）", "Type of audit (" + " ".join(AuditType) + ")"
        ),
        AuditType.STAGE_2.value,
    ),
    Question("--scope", Text("审核范围", "Scope")),
    Question("--objective", Text("审核目的", "Objective")),
    Question("--start", Text("审核开始日（2026-01-20）", "First day (2026-01-20)")),
    Question("--end", Text("末次会议日（2026-01-22）", "Day of the closing meeting (2026-01-22)")),
    Question("--body", Text("认证机构", "Certification body"), needed=False),
    Question(
        "--member",
        Text(
            "审核组成员（id:姓名:角色:条款:能力，如 A1:张三:lead:*:物业）",
            "Member of the team (id:name:role:clauses:competence, as A1:Zhang San:lead:*:property)",
        ),
        again=True,
    ),
    Question("--independence", Text("独立性声明", "Statement of independence")),
    Question("--confidentiality", Text("保密承诺", "Confidentiality"), needed=False),
    Question(
        "--remote", Text("远程审核安排（没有写“无”）", "Remote auditing (or: none)"), needed=False
    ),
)


def answered(known: Answers, given: Answers) -> dict[str, tuple[str, ...]]:
    """All answers: given, else known, else asked for on a terminal.

    Where something needed is missing, a terminal is asked for all that is open; without a terminal a
    UsageError names what is missing.
    """
    answers = {q.option: given.get(q.option, ()) or known.get(q.option, ()) for q in QUESTIONS}
    missing = [q.option for q in QUESTIONS if q.needed and not answers[q.option]]
    if not missing:
        return answers
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        names = " ".join(missing)
        raise UsageError(
            Text(f"缺少 {names}", f"missing: {names}"),
            "audit new",
            Text(
                "补上这些选项，或在终端里运行来回答", "add these options, or answer on a terminal"
            ),
        )
    for question in QUESTIONS:
        if not answers[question.option]:
            answers[question.option] = _asked(question, answers)
    return answers


def _asked(question: Question, answers: Answers) -> tuple[str, ...]:
    """What a terminal answers; what won't do is told and asked again.

    An empty line ends what may be said again, and skips what is not needed.
    """
    given: tuple[str, ...] = ()
    while True:
        text = _typed(question, needed=question.needed and not given)
        if not text:
            if question.option == "--member" and not _has_lead(given):
                message(no_one_lead().said(language()))
                continue
            return given
        try:
            demand(question.option, {**answers, question.option: (*given, text)})
        except AuditError as error:
            message(error.said(language()))
            continue
        given = (*given, text)
        if not question.again:
            return given


def _has_lead(texts: tuple[str, ...]) -> bool:
    return any(member.role is Role.LEAD for member in members_of(texts))


def _typed(question: Question, *, needed: bool) -> str:
    words = question.words if needed else _optional(question.words)
    return str(
        typer.prompt(
            words.said(language()),
            default=question.default or (None if needed else ""),
            show_default=bool(question.default),
            err=True,
        )
    ).strip()


def _optional(words: Text) -> Text:
    return Text(f"{words.zh}，回车跳过", f"{words.en}, Enter to go on")


def plan_file(answers: Answers, rest: Mapping[str, str | None], plan: Sequence[str]) -> AuditFile:
    """The plan from answers, from what no question asks, and from `NAME=VALUE`; raises UsageErrors."""
    _demand_sound(answers, rest["as_of"], plan)
    dates = days_of(answers)
    body = _one(answers, "--body")
    type_ = answers["--type"][0]
    return built(
        AuditFile,
        "audit new",
        audit="1",
        id=rest["id"] or _id(rest["code"], dates.start, type_),
        language=language(),
        type=type_,
        organisation=Auditee(
            name=answers["--organisation"][0], code=rest["code"],
            address=_one(answers, "--address"), representative=_one(answers, "--representative"),
            sites=sites_of(answers["--site"]),
        ),
        certification_body=None if body is None else CertificationBody(name=body),
        criteria=Criteria(
            checklist=str(rest["checklist"]), edition=str(rest["edition"]), sha256=str(rest["sha256"])
        ),
        profile=rest["profile"], scope=answers["--scope"][0], objectives=answers["--objective"],
        dates=dates, as_of=rest["as_of"], team=members_of(answers["--member"]),
        independence=answers["--independence"][0], plan=dict(named_limits(plan)),
        confidentiality=_one(answers, "--confidentiality"), remote=_one(answers, "--remote"),
    )  # fmt: skip


def _demand_sound(answers: Answers, as_of: str | None, plan: Sequence[str]) -> None:
    """Raise UsageErrors with everything that won't do, whatever it is about."""
    mistakes: list[AuditError] = []
    for option in answers:
        try:
            demand(option, answers)
        except AuditError as error:
            mistakes.append(error)
    try:
        if as_of is not None:
            day_of("--as-of", as_of)
        dict(named_limits(plan))
    except AuditError as error:
        mistakes.append(error)
    if not mistakes and not _has_lead(answers["--member"]):
        mistakes.append(no_one_lead())
    raise_all(mistakes)


def _one(answers: Answers, option: str) -> str | None:
    return next(iter(answers.get(option, ())), None)


def _id(code: str | None, start: dt.date, type_: str) -> str:
    return f"{code or 'AUDIT'}-{start:%Y%m}-{type_}"
