"""Knows the life of a finding: it goes from state to state by steps, each with its guard, and may be regraded.

Overdue and escalated are no states: they follow from the day (`due`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from fcim_audit.auditfile.guards import GUARDS
from fcim_audit.auditfile.schema import (
    ENDED,
    Acknowledgement,
    FindingEntry,
    FindingState,
    Grade,
    Regrade,
    Response,
    Role,
    Submission,
    Verification,
)
from fcim_audit.auditfile.states import LEAD, STATE_WORDS, STEPS, Case, Said, Step, changed, made
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Status

S = FindingState


def moved(case: Case, to: FindingState, said: Said) -> FindingEntry:
    """The finding in its next state; raises AuditErrors with everything that stands against it."""
    step = _step(case, to)
    raise_all([*_who(case, step.roles, said), *_untold(case, step, said), *_days(case, said)])
    raise_all(GUARDS[to](case, said))
    return _APPLIED[to](case, said)


def _step(case: Case, to: FindingState) -> Step:
    steps = STEPS[case.finding.state]
    found = next((step for step in steps if step.to is to), None)
    if found is not None:
        return found
    ways = ", ".join(step.to for step in steps)
    state = STATE_WORDS[case.finding.state]
    hint = Text(f"可到：{ways}", f"it can go to: {ways}") if ways else None
    raise AuditError(
        Text(
            f"{state.zh}的不符合项不能变为 {STATE_WORDS[to].zh}",
            f"a finding that is {state.en} can't become {STATE_WORDS[to].en}",
        ),
        f"{case.id} state",
        hint or Text("它已结束；复发时另开一项并写 --repeat-of", "it is over; raise a new one with --repeat-of if it recurs"),
    )  # fmt: skip


def _who(case: Case, roles: frozenset[Role], said: Said) -> Iterator[AuditError]:
    member = case.file.member(said.by)
    if member is None or member.role not in roles:
        ids = ", ".join(m.id for m in case.file.team if m.role in roles)
        yield AuditError(
            Text(f"{said.by} 不能做这一步", f"{said.by} may not do this"),
            f"{case.id} --by",
            Text(f"由他们来做：{ids}", f"it is for: {ids}"),
        )


def _untold(case: Case, step: Step, said: Said) -> Iterator[AuditError]:
    for name in step.needs:
        value: object = getattr(said, name)
        if value is None or value in ("", ()):
            option = _OPTIONS.get(name, Text(*[f"--{name.replace('_', '-')}"] * 2))
            yield AuditError(
                Text(f"变为{STATE_WORDS[step.to].zh}需要 {name}", f"to be {STATE_WORDS[step.to].en} it needs {name}"),
                f"{case.id} {name}",
                Text(f"补上 {option.zh}", f"add {option.en}"),
            )  # fmt: skip


_OPTIONS = {
    "effective": Text("--effective 或 --not-effective", "--effective or --not-effective"),
    "verification": Text("--verification document|on_site|next_audit", "--verification document|on_site|next_audit"),
}  # fmt: skip
"""What answers a need, where that is more than an option of its name."""


def _days(case: Case, said: Said) -> Iterator[AuditError]:
    """A step is not taken tomorrow, and not before the one it follows."""
    if said.on > said.today:
        yield AuditError(
            Text(f"{said.on} 还没有到", f"{said.on} is still to come"),
            f"{case.id} --on",
            Text("写实际日期", "give the day on which it happened"),
        )
    last = _last_day(case.finding)
    if said.on < last:
        yield AuditError(
            Text(f"{said.on} 早于上一步的 {last}", f"{said.on} is before the last step, {last}"),
            f"{case.id} --on",
            Text("检查日期", "check the day"),
        )


def _last_day(finding: FindingEntry) -> dt.date:
    answer, response = finding.acknowledgement, finding.response
    submission, verification = finding.submission, finding.verification
    days = (
        finding.raised_on,
        finding.reviewed_on,
        finding.issued_on,
        None if answer is None else answer.on,
        None if response is None else response.received_on,
        finding.plan_accepted_on,
        None if submission is None else submission.on,
        None if verification is None else verification.on,
    )
    return max(day for day in days if day is not None)


def _to(state: FindingState) -> Callable[[Case, Said], FindingEntry]:
    return lambda case, said: changed(case, state=state)


def _reviewed(case: Case, said: Said) -> FindingEntry:
    return changed(case, state=S.REVIEWED, reviewed_by=said.by, reviewed_on=said.on)


def _drafted(case: Case, said: Said) -> FindingEntry:
    return changed(case, state=S.DRAFT, reviewed_by=None, reviewed_on=None)


def _answered_by(to: FindingState) -> Callable[[Case, Said], FindingEntry]:
    def applied(case: Case, said: Said) -> FindingEntry:
        """A dissent stays in its words, whatever the lead decides."""
        if case.finding.acknowledgement is not None:
            return changed(case, state=to)
        told = {"by": said.acknowledged_by, "on": said.on, "dissent": said.dissent}
        return changed(case, state=to, acknowledgement=made(Acknowledgement, told, case.id))

    return applied


def _response(case: Case, said: Said) -> FindingEntry:
    told = {
        "received_on": said.on, "correction": said.correction, "cause": said.cause,
        "method": said.method, "extent": said.extent, "action": said.action,
        "owner": said.owner, "due": said.due,
    }  # fmt: skip
    response = made(Response, told, f"{case.id} response")
    return changed(case, state=S.RESPONSE_RECEIVED, response=response, plan_accepted_on=None)


def _returned(case: Case, said: Said) -> FindingEntry:
    reason = said.reason if said.reason is not None else said.note
    return changed(case, state=S.RETURNED, returned=(*case.finding.returned, reason))


def _submitted(case: Case, said: Said) -> FindingEntry:
    told = {"on": said.on, "evidence": said.evidence, "effectiveness": said.effectiveness}
    submission = made(Submission, told, f"{case.id} submission")
    return changed(case, state=S.EVIDENCE_SUBMITTED, submission=submission, verification=None)


def _verified(case: Case, said: Said) -> FindingEntry:
    """What was found not to be effective goes back, with what was found."""
    told = {
        "method": said.verification, "effective": said.effective, "note": said.note,
        "by": said.by, "on": said.on,
    }  # fmt: skip
    verification = made(Verification, told, f"{case.id} verification")
    kept = replace(case, finding=changed(case, verification=verification))
    return changed(kept, state=S.VERIFIED) if said.effective else _returned(kept, said)


_APPLIED: Mapping[FindingState, Callable[[Case, Said], FindingEntry]] = {
    S.DRAFT: _drafted,
    S.REVIEWED: _reviewed,
    S.ISSUED: lambda case, said: changed(case, state=S.ISSUED, issued_on=said.on),
    S.ACKNOWLEDGED: _answered_by(S.ACKNOWLEDGED),
    S.DISPUTED: _answered_by(S.DISPUTED),
    S.RESPONSE_RECEIVED: _response,
    S.PLAN_ACCEPTED: lambda case, said: changed(
        case, state=S.PLAN_ACCEPTED, plan_accepted_on=said.on
    ),
    S.RETURNED: _returned,
    S.EVIDENCE_SUBMITTED: _submitted,
    S.VERIFIED: _verified,
    S.CLOSED: lambda case, said: changed(
        case, state=S.CLOSED, closed_by=said.by, closed_on=said.on
    ),
    S.WITHDRAWN: lambda case, said: changed(case, state=S.WITHDRAWN, withdrawn=said.reason),
    S.CARRIED_OVER: _to(S.CARRIED_OVER),
}


def regraded(case: Case, grade: Grade, said: Said) -> FindingEntry:
    """The finding with another grade; the earlier one is kept with the reason. Raises AuditErrors."""
    finding = case.finding
    mistakes = [*_who(case, LEAD, said), *_days(case, said)]
    if not said.reason:
        mistakes.append(AuditError(
            Text("改级别需要理由", "a change of grade needs a reason"), f"{case.id} reason",
            Text("补上 --reason", "add --reason"),
        ))  # fmt: skip
    if finding.state in ENDED:
        mistakes.append(AuditError(
            Text("它已结束，级别不再改", "it is over, its grade stays"), f"{case.id} state"
        ))  # fmt: skip
    if grade is finding.grade:
        mistakes.append(AuditError(
            Text(f"级别已是 {grade}", f"its grade is {grade} already"), f"{case.id} grade"
        ))  # fmt: skip
    if grade is Status.OFI:
        mistakes.append(AuditError(
            Text("不符合不得改记为改进机会", "a nonconformity is never recorded as an opportunity"),
            f"{case.id} grade",
            Text("不成立时撤销它：finding move … withdrawn", "if it does not stand, withdraw it: finding move … withdrawn"),
        ))  # fmt: skip
    raise_all(mistakes)
    kept = made(
        Regrade,
        {"was": finding.grade, "reason": said.reason, "by": said.by, "on": said.on},
        case.id,
    )
    return changed(case, grade=grade, grade_reason=said.reason, regraded=(*finding.regraded, kept))
