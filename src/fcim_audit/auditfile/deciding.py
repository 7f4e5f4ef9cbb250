"""Knows how the lead decides what copies of an audit say differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.auditfile.conflicts import (
    CONFLICTS,
    DECIDE,
    FileDecision,
    Open,
    Section,
    open_conflicts,
    place_of,
)
from fcim_audit.auditfile.folder import Audit, Ledger, changing
from fcim_audit.auditfile.history import Stand
from fcim_audit.auditfile.keeping import Plain, plain
from fcim_audit.auditfile.merge import written
from fcim_audit.auditfile.schema import Role
from fcim_audit.auditfile.united_files import bring_forward
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text
from fcim_audit.yaml_source import Value

ALL, NEITHER = "all", "none"
_NUMBERED = frozenset({Section.FINDINGS, Section.ALARMS})
"""What bears a number that two auditors may have given to different things."""
_BLANK = frozenset({Section.REQUIREMENTS, Section.MATURITY})


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the lead says of one conflict: a side by its id or by who said it, `all`, or `none`."""

    take: str
    reason: str | None = None


def decide(folder: Path, named: str, ruling: Ruling, *, by: str, at: dt.datetime) -> Audit:
    """Settle one conflict, named by its key or `section:key`; raises AuditError."""
    with changing(folder) as ledger:
        _demand_lead(ledger.audit, by)
        conflict = found(ledger.audit, named)
        if conflict.section is Section.EVIDENCE:
            _decide_file(ledger, conflict.key, ruling, by, at)
        else:
            for path, value in _outcome(ledger.audit, conflict, ruling):
                ledger.put(*path, value)
            ledger.put(CONFLICTS, (conflict.section.value, conflict.key), None)
        words = f"{conflict.section}:{conflict.key} {ruling.take}"
        note = f"{words}: {ruling.reason}" if ruling.reason else words
        return ledger.commit(by=by, at=at, action=DECIDE, note=note)


def _demand_lead(audit: Audit, by: str) -> None:
    member = audit.file.member(by)
    if member is None or member.role is not Role.LEAD:
        lead = audit.file.lead.id
        raise UsageError(
            Text("只有组长决定冲突", "only the lead decides conflicts"),
            f"--by {by}",
            Text(f"组长是 {lead}", f"the lead is {lead}"),
        )


def found(audit: Audit, named: str) -> Open:
    """The open conflict that is meant; raises UsageError if there is none, or more than one."""
    conflicts = open_conflicts(audit.conflicts)
    hits = [c for c in conflicts if named in {c.key, f"{c.section}:{c.key}"}]
    if len(hits) == 1:
        return hits[0]
    names = ", ".join(f"{c.section}:{c.key}" for c in hits or conflicts)
    if hits:
        raise UsageError(
            Text(f"{named} 有几处冲突", f"{named} names several conflicts"),
            hint=Text(f"写成其中之一：{names}", f"write one of: {names}"),
        )
    raise UsageError(
        Text(f"{named} 没有待决定的冲突", f"there is no open conflict on {named}"),
        hint=Text(f"待决定的：{names or '无'}", f"open: {names or 'none'}"),
    )


def sides_of(audit: Audit, conflict: Open) -> tuple[Stand, ...]:
    """The sides as they are kept, values as they were written; raises AuditError for an altered one."""
    raw = _walk(audit.sources[CONFLICTS].value, (conflict.section, conflict.key, "sides"))
    sides = []
    for number, side in enumerate(raw if isinstance(raw, list) else []):
        touched = _walk(side, ("changed",))
        names = [
            (str(_walk(one, ("by",))), str(_walk(one, ("at",))))
            for one in (touched if isinstance(touched, list) else [])
        ]
        stand = Stand(_walk(side, ("value",)), tuple(names))
        if stand.id != _walk(side, ("id",)):
            raise AuditError(
                Text("这一方被手工改动过", "this side was edited by hand"),
                audit.sources[CONFLICTS].where(
                    (conflict.section.value, conflict.key, "sides", number)
                ),
                Text(
                    "撤销改动；要作别的判断，先 --take none",
                    "undo the edit; to judge otherwise take none first",
                ),
            )
        sides.append(stand)
    return tuple(sides)


def _walk(value: Value, path: Sequence[str]) -> Value:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def speakers(side: Stand) -> frozenset[str]:
    """Who says it: who judged or raised it, else who changed it."""
    said = _walk(side.value, ("by",)) or _walk(side.value, ("raised_by",))
    return frozenset({*(by for by, _ in side.touched), *([said] if isinstance(said, str) else [])})


def _outcome(
    audit: Audit, conflict: Open, ruling: Ruling
) -> Iterator[tuple[tuple[str, tuple[str, ...]], Plain]]:
    """What is put where."""
    place = place_of(conflict.section, conflict.key)
    assert place is not None
    sides = sides_of(audit, conflict)
    if ruling.take == NEITHER:
        _demand_may_be_blank(conflict, ruling)
        yield place, None
    elif ruling.take == ALL and conflict.section in _NUMBERED:
        yield from _each_by_a_number(audit, conflict, sides)
    elif ruling.take == ALL:
        yield place, written(place, _joined(conflict, sides))
    else:
        yield place, written(place, _side(sides, ruling.take).value)


def _demand_may_be_blank(conflict: Open, ruling: Ruling) -> None:
    if conflict.section not in _BLANK:
        raise UsageError(
            Text("只有判断可以都不取", "only a judgement can be left blank"),
            "--take none",
            Text("取其中一方", "take one of the sides"),
        )
    if not ruling.reason:
        raise UsageError(
            Text("都不取需要理由", "taking none needs a reason"),
            "--take none",
            Text("补上 --reason", "add --reason"),
        )


def _side(sides: Sequence[Stand], take: str) -> Stand:
    hits = [side for side in sides if side.id == take]
    hits = hits or [side for side in sides if take in speakers(side)]
    if len(hits) == 1:
        return hits[0]
    names = "; ".join(f"{side.id} ({', '.join(sorted(speakers(side)))})" for side in sides)
    problem = (
        Text(f"{take} 不止一方", f"{take} stands behind more than one side")
        if hits
        else Text(f"没有 {take} 这一方", f"there is no side {take}")
    )
    raise UsageError(problem, "--take", Text(f"各方：{names}", f"the sides: {names}"))


def _each_by_a_number(
    audit: Audit, conflict: Open, sides: Sequence[Stand]
) -> Iterator[tuple[tuple[str, tuple[str, ...]], Plain]]:
    """Findings or doubts that came by one number: the first keeps it, the others get one of their own."""
    taken = {*audit.findings.items, *audit.conflicts.findings}
    taken |= {*audit.judgements.alarms, *audit.conflicts.alarms}
    id_, number = conflict.key, 1
    for side in sides:
        if side.value is None:
            continue
        place = place_of(conflict.section, id_)
        assert place is not None
        yield place, written(place, side.value)
        while id_ in taken:
            number += 1
            id_ = f"{conflict.key}.{number}"


def _joined(conflict: Open, sides: Sequence[Stand]) -> Value:
    """One judgement of several that agree on the status: the first, with the evidence of all."""
    statuses = {str(_walk(side.value, ("status",))) for side in sides}
    if conflict.section is not Section.REQUIREMENTS or len(statuses) > 1 or "None" in statuses:
        raise UsageError(
            Text("各方结论不同，不能都取", "the sides say different things: not all can be taken"),
            "--take all",
            Text("取其中一方", "take one of the sides"),
        )
    first = sides[0].value
    made: dict[str, Value] = dict(first) if isinstance(first, dict) else {}
    evidence: list[Value] = []
    for side in sides:
        given = _walk(side.value, ("evidence",))
        evidence += [e for e in (given if isinstance(given, list) else []) if e not in evidence]
    notes = [n for n in (_walk(side.value, ("note",)) for side in sides) if isinstance(n, str)]
    if evidence:
        made["evidence"] = evidence
    if notes:
        made["note"] = "\n".join(dict.fromkeys(notes))
    return made


def _decide_file(ledger: Ledger, path: str, ruling: Ruling, by: str, at: dt.datetime) -> None:
    """The file that was taken comes to the path, the one that lay there goes beside it."""
    clash = ledger.audit.conflicts.evidence[path]
    hits = [sha256 for sha256 in clash.sides if sha256.startswith(ruling.take)]
    if len(ruling.take) < 8 or len(hits) != 1:
        names = ", ".join(sha256[:8] for sha256 in clash.sides)
        raise UsageError(
            Text(f"没有文件 {ruling.take}", f"there is no file {ruling.take}"),
            "--take",
            Text(f"写 sha256 的前 8 位：{names}", f"write the first 8 digits of its sha256: {names}"),
        )  # fmt: skip
    decision = FileDecision(taken=hits[0], among=clash.sides, by=by, at=at, reason=ruling.reason)
    decisions = (*clash.decisions, decision)
    bring_forward(ledger.audit.evidence, path, hits[0])
    made = plain(clash.model_copy(update={"decisions": decisions}))
    ledger.put(CONFLICTS, (Section.EVIDENCE.value, path), made)
