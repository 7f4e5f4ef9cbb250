"""Knows how a choice becomes a judgement: under the audit's lock, by the rules of judging, never over what the reader did not see."""

from __future__ import annotations

from collections.abc import Callable

from fcim_audit.auditfile.folder import JUDGEMENTS, Ledger, changing
from fcim_audit.auditfile.judging import Bench, accepted, judged, lacks
from fcim_audit.auditfile.schema import JUDGING, JudgementEntry
from fcim_audit.auditfile.standing import standings_of
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.serve.desk import Desk, seen
from fcim_audit.serve.history import UNDO, steps_of, undoable
from fcim_audit.serve.sent import Lack, Refused, Sent, Stale, decision, lacking

REQUIREMENTS = "requirements"
_JUDGE, _ACCEPT = "judge", "accept"


def save(desk: Desk, sent: Sent) -> None:
    """Keep a choice as the judgement; raises Refused, Stale or AuditError, and then nothing changed."""

    def made(bench: Bench) -> JudgementEntry:
        return judged(bench, sent.id, decision(sent.typed), by=desk.member, at=desk.clock())

    _keep(desk, sent, made, _JUDGE)


def accept(desk: Desk, sent: Sent) -> None:
    """Keep the tool's proposal as the judgement, with the evidence and note typed beside it."""

    def made(bench: Bench) -> JudgementEntry:
        at = desk.clock()
        note = sent.typed.note.strip() or None
        taken = accepted(bench, sent.id, by=desk.member, at=at, note=note)
        typed = sent.typed.model_copy(update={"status": taken.status})
        chosen = decision(typed, [str(ref) for ref in taken.evidence])
        return judged(bench, sent.id, chosen, by=desk.member, at=at)

    _keep(desk, sent, made, _ACCEPT)


def undo(desk: Desk, sent: Sent) -> None:
    """Put back what stood before the last change that still stands; the journal keeps both."""
    path = (REQUIREMENTS, sent.id)
    with changing(desk.folder) as ledger:
        bench = _bench_as_seen(desk, ledger, sent)
        _demand_judge(desk, ledger)
        step = undoable(steps_of(ledger.audit, JUDGEMENTS, path))
        if step is None:
            raise Refused([Lack("form", Text("没有可撤销的改动", "there is no change to undo"))])
        earlier = None
        if step.before is not None:
            earlier = JudgementEntry.model_validate(step.before)
            try:
                raise_all(lacks(bench, bench.requirement(sent.id), earlier))
            except AuditError as error:
                raise lacking(error, sent.id) from error
        ledger.put(JUDGEMENTS, path, earlier)
        ledger.commit(by=desk.member, at=desk.clock(), action=UNDO, note=sent.id)


def _keep(desk: Desk, sent: Sent, made: Callable[[Bench], JudgementEntry], action: str) -> None:
    with changing(desk.folder) as ledger:
        bench = _bench_as_seen(desk, ledger, sent)
        try:
            entry = made(bench)
        except AuditError as error:
            raise lacking(error, sent.id) from error
        if not _says_the_same(ledger.audit.judgements.requirements.get(sent.id), entry):
            ledger.put(JUDGEMENTS, (REQUIREMENTS, sent.id), entry)
            ledger.commit(by=desk.member, at=entry.at, action=action)


def _bench_as_seen(desk: Desk, ledger: Ledger, sent: Sent) -> Bench:
    """The audit under the lock; raises Stale if the requirement is not as the reader saw it."""
    bench = desk.bench(ledger.audit)
    bench.requirement(sent.id)
    if seen(standings_of(bench, desk.profile).by_id[sent.id]) != sent.seen:
        raise Stale
    return bench


def _demand_judge(desk: Desk, ledger: Ledger) -> None:
    role = desk.me(ledger.audit).role
    if role not in JUDGING:
        says = Text(
            f"{desk.member} 的角色是 {role}，不作判断", f"{desk.member} ({role}) does not judge"
        )
        raise Refused([Lack("form", says)])


def _says_the_same(old: JudgementEntry | None, new: JudgementEntry) -> bool:
    return old is not None and old == new.model_copy(update={"at": old.at})
