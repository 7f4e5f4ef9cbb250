"""Knows how one answer about a new audit is understood: a day, a type, a site, a member, a limit."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from fcim_audit.auditfile.schema import AuditedSite, AuditType, Dates, Member, Role
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text

Answers = Mapping[str, tuple[str, ...]]
"""By option, as `--site`: one text or several."""

Model = TypeVar("Model", bound=BaseModel)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def demand(option: str, answers: Answers) -> None:
    """Raise UsageErrors for all that won't do about the answers to one option, seen with the others."""
    texts = answers.get(option, ())
    if option == "--type" and texts:
        type_of(texts[0])
    elif option in {"--start", "--end"} and texts:
        day_of(option, texts[0])
        if option == "--end" and _is_day(answers.get("--start", ())):
            days_of(answers)
    elif option == "--site":
        sites_of(texts)
    elif option == "--member":
        demand_team(members_of(texts))


def type_of(text: str) -> AuditType:
    """The type of an audit; raises UsageError."""
    if text not in set(AuditType):
        raise UsageError(
            Text(f"type 不能是 {text}", f"type can't be {text}"),
            "--type",
            Text(f"可用：{'、'.join(AuditType)}", f"use one of {', '.join(AuditType)}"),
        )
    return AuditType(text)


def day_of(option: str, text: str) -> dt.date:
    """A day as `2026-01-20`; raises UsageError."""
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass  # no such day: told as any other text that is none
    name = option.removeprefix("--").replace("-", "_")
    raise UsageError(
        Text(f"{name} 不能是 {text}", f"{name} can't be {text}"),
        option,
        Text("写成 2026-01-20", "write it as 2026-01-20"),
    )


def _is_day(texts: tuple[str, ...]) -> bool:
    try:
        return bool(texts) and bool(day_of("--start", texts[0]))
    except AuditError:
        return False


def days_of(answers: Answers) -> Dates:
    """First and last day; raises UsageErrors."""
    days: dict[str, dt.date] = {}
    mistakes: list[AuditError] = []
    for option in ("--start", "--end"):
        try:
            days[option] = day_of(option, answers[option][0])
        except AuditError as error:
            mistakes.append(error)
    raise_all(mistakes)
    return built(Dates, "--start/--end", start=days["--start"], end=days["--end"])


def demand_team(members: Sequence[Member]) -> None:
    """Raise UsageError if two members have one id, or more than one leads."""
    ids = [member.id for member in members]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise UsageError(
            Text(f"两名成员同用 {twice[0]}", f"two members of the team have one id: {twice[0]}"),
            "--member",
            Text("给每人不同的 id", "give each their own id"),
        )
    if sum(member.role is Role.LEAD for member in members) > 1:
        raise no_one_lead()


def no_one_lead() -> UsageError:
    """What is said of a team without a lead, or with two."""
    return UsageError(
        Text("审核组必须有且只有一名组长", "the team needs exactly one lead"),
        "--member",
        Text("把一人的角色写成 lead，如 A1:张三:lead", "give one member the role lead, as A1:Zhang San:lead"),
    )  # fmt: skip


def named_limits(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Limits as `NAME=VALUE`; raises UsageError."""
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
        return built(
            Member, f"--member {text}", id=id_, name=name, role=role,
            clauses=_listed(clauses), competence=_listed(competence),
        )  # fmt: skip

    hint = Text("写成 A1:张三:lead", "write A1:Zhang San:lead")
    return tuple(_each(texts, "--member", (3, 5), member, hint))


def sites_of(texts: Sequence[str]) -> tuple[AuditedSite, ...]:
    """Sites as `ID:NAME[:ADDRESS]`; raises UsageErrors for all that won't do."""

    def site(text: str, parts: Sequence[str]) -> AuditedSite:
        id_, name, address = (*parts, "")[:3]
        return built(AuditedSite, f"--site {text}", id=id_, name=name, address=address or None)

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


def built(model: type[Model], where: str, **values: object) -> Model:
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
