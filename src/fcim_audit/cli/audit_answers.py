"""Knows what a new audit is asked: the answers from options, from the audit before, from a terminal, as an `AuditFile`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import typer
from pydantic import BaseModel, ValidationError

from fcim_audit.auditfile.schema import (
    AuditedSite,
    Auditee,
    AuditFile,
    AuditType,
    CertificationBody,
    Criteria,
    Dates,
    Member,
)
from fcim_audit.cli.words import language
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text

Answers = Mapping[str, tuple[str, ...]]
"""By option, as `--site`: one text or several."""

Model = TypeVar("Model", bound=BaseModel)


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
        AuditType.STAGE_2,
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
            answers[question.option] = tuple(_asked(question))
    return answers


def _asked(question: Question) -> Iterator[str]:
    """What a terminal answers; an empty line ends what may be said again, and skips what is not needed."""
    needed = question.needed
    while True:
        words = question.words if needed else _optional(question.words)
        text = str(
            typer.prompt(
                words.said(language()),
                default=question.default or (None if needed else ""),
                show_default=bool(question.default),
                err=True,
            )
        ).strip()
        if text:
            yield text
        if not text or not question.again:
            return
        needed = False


def _optional(words: Text) -> Text:
    return Text(f"{words.zh}，回车跳过", f"{words.en}, Enter to go on")


def plan_file(answers: Answers, rest: Mapping[str, str | None], plan: Sequence[str]) -> AuditFile:
    """The plan from answers, from what no question asks, and from `NAME=VALUE`; raises UsageErrors."""
    dates = _built(
        Dates, "--start/--end", start=_one(answers, "--start"), end=_one(answers, "--end")
    )
    body = _one(answers, "--body")
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
            address=_one(answers, "--address"), representative=_one(answers, "--representative"),
            sites=sites_of(answers["--site"]),
        ),
        certification_body=None if body is None else CertificationBody(name=body),
        criteria=Criteria(
            checklist=str(rest["checklist"]), edition=str(rest["edition"]), sha256=str(rest["sha256"])
        ),
        profile=rest["profile"], scope=answers["--scope"][0], objectives=answers["--objective"],
        dates=dates, as_of=rest["as_of"], team=members_of(answers["--member"]),
        independence=answers["--independence"][0], plan=dict(_named(plan)),
        confidentiality=_one(answers, "--confidentiality"), remote=_one(answers, "--remote"),
    )  # fmt: skip


def _one(answers: Answers, option: str) -> str | None:
    return next(iter(answers.get(option, ())), None)


def _id(code: str | None, start: dt.date, type_: str) -> str:
    return f"{code or 'AUDIT'}-{start:%Y%m}-{type_}"


def _named(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise UsageError(
                Text(f"看不懂 {text}", f"can't understand {text}"),
                "--plan",
                Text("写成 feedback_close_limit='3 d'", "write feedback_close_limit='3 d'"),
            )
        yield name.strip(), value.strip()


def members_of(texts: Sequence[str]) -> tuple[Member, ...]:
    """Members as `ID:NAME:ROLE[:CLAUSES[:COMPETENCE]]`; raises UsageErrors for all that won't do."""

    def member(text: str, parts: Sequence[str]) -> Member:
        id_, name, role, clauses, competence = (*parts, "", "")[:5]
        return _built(
            Member, f"--member {text}", id=id_, name=name, role=role,
            clauses=_listed(clauses), competence=_listed(competence),
        )  # fmt: skip

    hint = Text("写成 A1:张三:lead", "write A1:Zhang San:lead")
    return tuple(_each(texts, "--member", (3, 5), member, hint))


def sites_of(texts: Sequence[str]) -> tuple[AuditedSite, ...]:
    """Sites as `ID:NAME[:ADDRESS]`; raises UsageErrors for all that won't do."""

    def site(text: str, parts: Sequence[str]) -> AuditedSite:
        id_, name, address = (*parts, "")[:3]
        return _built(AuditedSite, f"--site {text}", id=id_, name=name, address=address or None)

    hint = Text("写成 S1:一号园区:地址", "write S1:North campus:address")
    return tuple(_each(texts, "--site", (2, 3), site, hint))


def _each(
    texts: Sequence[str],
    option: str,
    parts: tuple[int, int],
    make: Callable[[str, Sequence[str]], Model],
    hint: Text,
) -> list[Model]:
    """One model a text of `parts` (least, most) parts with colons between them."""
    least, most = parts
    made, mistakes = [], []
    for text in texts:
        split = [part.strip() for part in text.replace("：", ":").split(":", most - 1)]
        if len(split) < least:
            problem = Text(f"看不懂 {text}", f"can't understand {text}")
            mistakes.append(UsageError(problem, option, hint))
            continue
        try:
            made.append(make(text, split))
        except AuditError as error:
            mistakes.append(UsageError(error.problem, error.where, error.hint))
    raise_all(mistakes)
    return made


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
