"""Knows what the page of one requirement shows: queue, proposal, figures with places, choice, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from fcim_audit.auditfile.folder import JUDGEMENTS
from fcim_audit.auditfile.judging import CONCLUDED
from fcim_audit.auditfile.schema import JudgementEntry, Member, Role
from fcim_audit.auditfile.standing import Standing, Standings
from fcim_audit.checklist.schema import CriteriaNote
from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    UNCONCLUDED,
    Status,
    Verdict,
)
from fcim_audit.serve.desk import Desk, seen
from fcim_audit.serve.drafts import Draft
from fcim_audit.serve.history import UNDO, Step, steps_of, undoable
from fcim_audit.serve.sent import Typed
from fcim_audit.told import ToldCheck, ToldLead, ToldPlace
from fcim_audit.wording import STATUS_WORDS, lead_text, measured_text, place_text, why_text

PLACES_SHOWN = 50
KEYS = tuple(zip("123456", Status, strict=True))
_ACTIONS = {
    "new": Text("新建", "begun"),
    "judge": Text("判断", "judged"),
    "accept": Text("采纳建议", "proposal accepted"),
    "retract": Text("收回判断", "retracted"),
    UNDO: Text("撤销", "undone"),
    "edited_by_hand": Text("手工修改文件", "file edited by hand"),
}


class Show(StrEnum):
    """Which requirements the queue lists."""

    OPEN = "open"
    MINE = "mine"
    FAILED = "failed"
    ALL = "all"


SHOW_WORDS = {
    Show.OPEN: Text("未判断", "open"),
    Show.MINE: Text("我的", "mine"),
    Show.FAILED: Text("建议不符合", "failing"),
    Show.ALL: Text("全部", "all"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One filter of the queue and how many it lists."""

    show: Show
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One exception in words, and how it is named as evidence."""

    where: str
    key: str
    why: str
    values: str
    ref: str


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One check in words."""

    id: str
    title: str
    verdict: Verdict
    figure: str
    notes: tuple[str, ...]
    places: tuple[PlaceShown, ...]
    more: int
    ref: str
    """How it is named as evidence; empty where it concluded nothing."""

    @property
    def has_why(self) -> bool:
        """Whether any place says why it is listed."""
        return any(place.why for place in self.places)


@dataclass(frozen=True, slots=True)
class LeadShown:
    """One paragraph to read, and how it is named as evidence."""

    where: str
    text: str
    ref: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """One change of the judgement in words."""

    at: str
    by: str
    action: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the page."""

    lang: Lang
    show: Show
    audit: str
    member: Member
    tabs: tuple[Tab, ...]
    queue: tuple[Standing, ...]
    drafts: frozenset[str]
    judged: int
    total: int
    item: Standing
    notes: tuple[CriteriaNote, ...]
    checks: tuple[CheckShown, ...]
    leads: tuple[LeadShown, ...]
    altered: tuple[str, ...]
    """Evidence of the judgement whose file is another one now, or gone."""
    approvers: tuple[Member, ...]
    files: tuple[str, ...]
    typed: Typed
    draft: Draft | None
    history: tuple[StepShown, ...]
    undo: str
    facts: Mapping[str, str | bool | None]
    """What the script needs to know."""

    @property
    def concluded(self) -> bool:
        """Whether the tool proposes a result that can be accepted."""
        return self.item.proposal is not None and self.item.proposal.status in CONCLUDED


def shown_of(
    desk: Desk,
    standings: Standings,
    id_: str,
    *,
    show: Show,
    lang: Lang,
    drafts: Mapping[str, Draft],
) -> Shown:
    """The page of one requirement as it stands now."""
    item = standings.by_id[id_]
    audit = standings.bench.audit
    member = desk.me(audit)
    queue = listed(standings, show, member)
    in_queue = {item.id for item in queue} | {id_}
    steps = steps_of(audit, JUDGEMENTS, ("requirements", id_))
    last = undoable(steps)
    draft = drafts.get(id_)
    return Shown(
        lang=lang,
        show=show,
        audit=audit.file.organisation.name,
        member=member,
        tabs=tuple(
            Tab(s, SHOW_WORDS[s].said(lang), len(listed(standings, s, member))) for s in Show
        ),
        queue=tuple(item for item in standings.items if item.id in in_queue),
        drafts=frozenset(drafts),
        judged=len(standings.items) - len(standings.unjudged),
        total=len(standings.items),
        item=item,
        notes=tuple(n for n in desk.checklist.head.criteria_notes if n.concerns(item.clause.id)),
        checks=tuple(_checks(item, lang)),
        leads=tuple(_leads(item, lang)),
        altered=tuple(ref for _, ref in replace(standings, items=(item,)).changed_evidence()),
        approvers=tuple(m for m in audit.file.team if m.role is Role.LEAD),
        files=tuple(desk.files()),
        typed=draft.typed if draft is not None else _typed(item.entry),
        draft=draft,
        history=tuple(_step(step, lang) for step in reversed(steps)),
        undo="" if last is None else _undoing(last, lang),
        facts=_facts(desk, standings, item, show, queue),
    )


def listed(standings: Standings, show: Show, member: Member) -> tuple[Standing, ...]:
    """The requirements that a filter lists, in clause order."""
    match show:
        case Show.OPEN:
            return standings.unjudged
        case Show.MINE:
            return tuple(item for item in standings.items if member.audits(item.id))
        case Show.FAILED:
            failed = {Status.MINOR, Status.MAJOR}
            return tuple(
                i for i in standings.items if i.proposal is not None and i.proposal.status in failed
            )
        case Show.ALL:
            return standings.items


def next_open(standings: Standings, queue: tuple[Standing, ...], after: str | None) -> str | None:
    """The first unjudged requirement of a queue after one of the checklist, from the start again."""
    order = [item.id for item in standings.items]
    begin = 0 if after is None else order.index(after) + 1
    waiting = {item.id for item in queue if item.entry is None} - {after}
    return next((id_ for id_ in (*order[begin:], *order[:begin]) if id_ in waiting), None)


def _facts(
    desk: Desk, standings: Standings, item: Standing, show: Show, queue: tuple[Standing, ...]
) -> dict[str, str | bool | None]:
    proposed = None if item.proposal is None else item.proposal.status
    return {
        "id": item.id,
        "seen": seen(item),
        "head": standings.bench.audit.journal.head,
        "show": show.value,
        "next": next_open(standings, queue, item.id),
        "proposed": proposed.value if proposed in CONCLUDED else None,
        "saved": item.entry is not None,
    }


def _typed(entry: JudgementEntry | None) -> Typed:
    """A judgement as it was typed."""
    if entry is None:
        return Typed()
    return Typed(
        status=entry.status,
        evidence=tuple(str(ref) for ref in entry.evidence),
        note=entry.note or "",
        reason=entry.reason or "",
        approved_by=entry.approved_by or "",
        effort="" if entry.effort is None else str(entry.effort),
    )


def _checks(item: Standing, lang: Lang) -> Iterator[CheckShown]:
    titles = {f"{item.id}.{check.name}": check.title for check in item.requirement.checks}
    for check in () if item.proposal is None else item.proposal.checks:
        title = titles.get(check.id)
        places = check.exceptions.places
        open_ = {*UNCONCLUDED, Verdict.MANUAL}
        yield CheckShown(
            id=check.id,
            title="" if title is None else title.said(lang),
            verdict=check.verdict,
            figure=_figure(check, lang),
            notes=(
                *(f"{b.name.said(lang)}: {b.numerator}/{b.denominator}" for b in check.beside),
                *(note.said(lang) for note in check.notes),
            ),
            places=tuple(_place(place, lang) for place in places[:PLACES_SHOWN]),
            more=check.exceptions.count - min(len(places), PLACES_SHOWN),
            ref="" if check.verdict in open_ else f"check: {check.id}",
        )


def _figure(check: ToldCheck, lang: Lang) -> str:
    """`117/120 = 97.5 % (≥ 100 %)`, from what the result says; nothing where it measured nothing."""
    outcome = check.outcome()
    if outcome.measured.value is None and outcome.target is None:
        return ""
    return measured_text(outcome, lang)


def _place(place: ToldPlace, lang: Lang) -> PlaceShown:
    row = place.exception
    file, _, member = place.file.partition("!/")
    inside = ":".join(str(part) for part in (member, place.sheet, place.row) if part)
    return PlaceShown(
        where=place_text(row),
        key=place.key,
        why=why_text(row, lang),
        values="；".join(f"{k} = {'—' if v is None else v}" for k, v in place.values.items()),
        ref=f"{file}#{inside}" if inside else file,
    )


def _leads(item: Standing, lang: Lang) -> Iterator[LeadShown]:
    for lead in () if item.proposal is None else item.proposal.leads:
        yield LeadShown(_lead_place(lead, lang), lead.text, _lead_ref(lead, lang))


def _lead_place(lead: ToldLead, lang: Lang) -> str:
    return lead_text(lead.lead, lang)


def _lead_ref(lead: ToldLead, lang: Lang) -> str:
    where = Text(f"第 {lead.paragraph} 段", f"paragraph {lead.paragraph}").said(lang)
    file, _, member = lead.file.partition("!/")
    return f"{file}#{member}:{where}" if member else f"{file}#{where}"


def _step(step: Step, lang: Lang) -> StepShown:
    unknown = Text(step.action, step.action)
    return StepShown(
        at=step.at[:16].replace("T", " "),
        by=step.by,
        action=_ACTIONS.get(step.action, unknown).said(lang),
        before=_status(step, lang, before=True),
        after=_status(step, lang, before=False),
    )


def _status(step: Step, lang: Lang, *, before: bool) -> str:
    value = step.before if before else step.after
    if value is None:
        return Text("无判断", "no judgement").said(lang)
    status = value.get("status") if isinstance(value, dict) else None
    if not isinstance(status, str) or status not in set(Status):
        return "?"
    return STATUS_WORDS[Status(status)].said(lang)


def _undoing(step: Step, lang: Lang) -> str:
    return _status(step, lang, before=True)
