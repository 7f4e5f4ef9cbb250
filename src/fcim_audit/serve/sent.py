"""Knows what the page sends: a choice as typed, complete or not, and what it lacks, field by field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from fcim_audit.auditfile.judging import Decision
from fcim_audit.errors import AuditError, AuditErrors
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.yaml_source import Strict

MAX_LINE = 4000
MAX_EFFORT = 10_000
_EFFORT = re.compile(r"\d{1,5}", re.ASCII)
_Typed = Annotated[str, StringConstraints(max_length=MAX_LINE, strip_whitespace=True)]
_Raw = Annotated[str, StringConstraints(max_length=MAX_LINE)]


class Typed(Strict):
    """What stands in the fields of one requirement, finished or not."""

    status: Status | None = None
    evidence: Annotated[tuple[_Raw, ...], Field(max_length=200)] = ()
    note: _Raw = ""
    reason: _Raw = ""
    approved_by: Annotated[str, StringConstraints(max_length=20)] = ""
    effort: Annotated[str, StringConstraints(max_length=20)] = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed or chosen."""
        return self == Typed()


class Sent(Strict):
    """One request of the page: the requirement, what the reader saw of it, what was typed."""

    id: _Typed
    seen: _Typed
    typed: Typed = Typed()


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a choice lacks, at its field."""

    field: str
    says: Text


class Refused(Exception):
    """A choice that is not complete."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__("; ".join(lack.says.en for lack in lacks))
        self.lacks = tuple(lacks)


class Stale(Exception):
    """The requirement was changed elsewhere since the reader saw it."""


def lacking(error: AuditError, id_: str) -> Refused:
    """The mistakes of a judgement, each at its field."""
    errors = error.errors if isinstance(error, AuditErrors) else (error,)
    return Refused([Lack(e.where.removeprefix(id_).strip() or "form", _told(e)) for e in errors])


def _told(error: AuditError) -> Text:
    """Without hints that speak of the command line: the page says beside the field why it asks."""
    hint = error.hint
    if error.where.endswith(" reason"):
        return Text("需要说明理由", "a reason is needed")
    if hint is None or "--" in hint.en:
        return error.problem
    return Text(f"{error.problem.zh}：{hint.zh}", f"{error.problem.en}: {hint.en}")


def decision(typed: Typed, more_evidence: Sequence[str] = ()) -> Decision:
    """What was typed as a decision; raises Refused without a status or with an odd effort."""
    lacks = []
    if typed.status is None:
        lacks.append(Lack("status", Text("先选一个结论", "choose a status first")))
    effort = typed.effort.strip()
    if effort and not (_EFFORT.fullmatch(effort) and int(effort) <= MAX_EFFORT):
        says = Text("整改人日是 0 到 10000 的整数", "days to correct: a whole number, 0 to 10000")
        lacks.append(Lack("effort", says))
    if lacks or typed.status is None:
        raise Refused(lacks)
    evidence = [line.strip() for line in typed.evidence if line.strip()]
    return Decision(
        status=typed.status,
        evidence=tuple(dict.fromkeys((*evidence, *more_evidence))),
        note=typed.note.strip() or None,
        reason=typed.reason.strip() or None,
        approved_by=typed.approved_by.strip() or None,
        effort=int(effort) if effort else None,
    )
