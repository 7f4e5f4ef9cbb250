"""Knows how an audit is told on a terminal: progress, the next thing to look at, judgements, the journal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fcim_audit.auditfile.audit_words import TYPE_WORDS
from fcim_audit.auditfile.carrying import coverage_of, cycle_of
from fcim_audit.auditfile.folder import Audit
from fcim_audit.auditfile.maturity import LEVELS, maturity_of
from fcim_audit.auditfile.schema import JudgementEntry
from fcim_audit.auditfile.standing import Standing, Standings
from fcim_audit.auditfile.steps import Step, following
from fcim_audit.cli.compared import coverage_counted
from fcim_audit.cli.words import language, said
from fcim_audit.language import Text
from fcim_audit.model import Status, Verdict
from fcim_audit.report import RECOMMENDATION_WORDS
from fcim_audit.wording import STATUS_WORDS, clean, measured_text, place_text, why_text

HERE = Path()
PLACES = 5
_DONE, _OPEN, _NOTHING = "√", "○", "–"


def _print(text: str = "") -> None:
    sys.stdout.write(clean(text) + "\n")


def _in(text: Text) -> str:
    return text.said(language())


def status(standings: Standings, steps: Sequence[Step]) -> None:
    """How far an audit is: who and when, every step, what is found, what is recommended."""
    audit = standings.bench.audit
    file = audit.file
    _print(f"{file.id}  {file.organisation.name}  {_in(TYPE_WORDS[file.type])}")
    _print(f"{file.dates.start} – {file.dates.end}  {file.criteria.edition}")
    _print()
    for step in steps:
        mark = _NOTHING if not step.total else _DONE if step.is_done else _OPEN
        count = f"  {step.done}/{step.total}" if step.total > 1 else ""
        _print(f"{mark} {_in(step.name)}{count}")
        for text in step.open:
            _print(f"    {_in(text)}")
    _print()
    _counts(standings)
    _alarms(standings)
    _edits(audit)
    recommendation = standings.recommendation()
    _print(
        f"{said('推荐意见', 'Recommendation')}: {_in(RECOMMENDATION_WORDS[recommendation.code])}"
    )
    for why in recommendation.why:
        _print(f"    {_in(why)}")
    if audit.file.previous is not None:
        _print()
        _print(said("周期内覆盖的条款", "Clauses over the cycle"))
        clauses = {item.id: item.clause.id for item in standings.items}
        for line in coverage_counted(coverage_of(cycle_of(audit), clauses)):
            _print(f"    {_in(line)}")
    upcoming = following(steps)
    if upcoming is not None:
        _print()
        first = f"  ({_in(upcoming.open[0])})" if upcoming.open else ""
        _print(f"{said('下一步', 'Next')}: {upcoming.command}{first}")


def _counts(standings: Standings) -> None:
    parts = [
        f"{_in(STATUS_WORDS[status])} {standings.count(status)}"
        for status in Status
        if status is not Status.NOT_VERIFIED and standings.count(status)
    ]
    overrides = sum(item.is_override for item in standings.items)
    if overrides:
        parts.append(said(f"与建议不同 {overrides}", f"other than proposed {overrides}"))
    judged = len(standings.items) - len(standings.unjudged)
    head = said(
        f"已判断 {judged}/{len(standings.items)}", f"Judged {judged}/{len(standings.items)}"
    )
    _print("  ".join([head, *parts]))


def _alarms(standings: Standings) -> None:
    for id_, alarm in standings.bench.audit.judgements.alarms.items():
        if alarm.settled is None:
            _print(f"{said('真实性疑问', 'Doubt')} {id_}: {alarm.about}")


def _edits(audit: Audit) -> None:
    for change in audit.edited:
        where = f"{change.document}: {'.'.join(change.path)}"
        _print(
            said(
                f"手工改动（下次写入时记入日志）：{where}",
                f"edited by hand (the next change notes it): {where}",
            )
        )


def status_json(standings: Standings, steps: Sequence[Step]) -> dict[str, object]:
    """The same for machines."""
    recommendation = standings.recommendation()
    file = standings.bench.audit.file
    return {
        "audit": file.id,
        "type": file.type.value,
        "steps": [
            {
                "name": step.name.as_dict(), "done": step.done, "total": step.total,
                "is_done": step.is_done, "open": [text.as_dict() for text in step.open],
                "command": step.command,
            }
            for step in steps
        ],
        "judged": len(standings.items) - len(standings.unjudged),
        "statuses": {status.value: standings.count(status) for status in Status},
        "recommendation": {
            "code": recommendation.code.value,
            "why": [why.as_dict() for why in recommendation.why],
        },
        "edited_by_hand": [
            {"document": c.document, "path": list(c.path)} for c in standings.bench.audit.edited
        ],
    }  # fmt: skip


def next_step(standings: Standings, step: Step | None, item: Standing | None) -> None:
    """What to look at next: a step of the audit, or a requirement with all that bears on it."""
    if item is not None:
        requirement(standings, item)
        return
    if step is None:
        _print(said("没有待办", "nothing is left to do"))
        return
    _print(_in(step.name))
    for text in step.open:
        _print(f"  {_in(text)}")
    _print(f"-> {step.command}")


def next_json(standings: Standings, step: Step | None, item: Standing | None) -> dict[str, object]:
    """The same for machines."""
    if item is not None:
        proposed = None if item.proposal is None else item.proposal.status.value
        return {"kind": "requirement", "id": item.id, "proposal": proposed}
    if step is None:
        return {"kind": "nothing"}
    return {"kind": "step", "name": step.name.as_dict(), "command": step.command}


def requirement(standings: Standings, item: Standing) -> None:
    """One requirement: what it asks, what to ask for, what the tool proposes and from which places."""
    asked = item.requirement
    _print(f"{item.id}  {_in(asked.title)}")
    _print(f"  {_in(asked.criterion)}")
    rows = (
        (Text("问", "ask"), asked.question),
        (Text("看", "look at"), asked.ask_for),
        (Text("抽样", "sampling"), asked.sampling),
        (Text("不够", "not enough"), asked.not_enough),
        (Text("解释", "reading"), asked.interpretation),
    )
    for name, text in rows:
        if text is not None:
            _print(f"  {_in(name)}: {_in(text)}")
    for line in _proposal_lines(standings, item):
        _print(line)
    _print()
    if item.proposal is not None and item.proposal.status in {Status.CONFORM, Status.MINOR, Status.MAJOR, Status.OFI}:  # fmt: skip
        _print(f"-> fcim-audit audit accept {item.id}")
    _print(f"-> fcim-audit audit judge {item.id} --status … --evidence …")


def _proposal_lines(standings: Standings, item: Standing) -> Iterator[str]:
    proposal = item.proposal
    if proposal is None:
        yield said("  工具没有建议（还没有判定）", "  the tool proposes nothing (not evaluated)")
        return
    why = proposal.why[0] if proposal.why else None
    rule = f"  {why.rule}: {_in(Text(why.zh, why.en))}" if why else ""
    yield f"  {said('建议', 'proposed')}: {_in(STATUS_WORDS[proposal.status])}{rule}"
    titles = {f"{item.id}.{check.name}": check.title for check in item.requirement.checks}
    for check in proposal.checks:
        outcome = check.outcome(titles.get(check.id))
        if check.verdict is Verdict.MANUAL:
            continue
        yield f"    {measured_text(outcome, language())}"
        for row in outcome.exceptions[:PLACES]:
            yield f"      · {place_text(row)}  {row.key}  {why_text(row, language())}"
        if check.exceptions.count > PLACES:
            n = check.exceptions.count - PLACES
            yield said(f"      还有 {n} 处", f"      and {n} more")


def judgement(id_: str, entry: JudgementEntry) -> None:
    """What was recorded."""
    _print(f"{id_}: {_in(STATUS_WORDS[entry.status])} ({entry.by})")
    kept = entry.proposal
    if kept is not None and kept.status is not entry.status:
        _print(f"  {said('工具的建议', 'the tool had proposed')}: {_in(STATUS_WORDS[kept.status])}")


def taken(entries: Mapping[str, JudgementEntry], left: Mapping[str, Text]) -> None:
    """Which proposals were taken, which not and why."""
    for id_, entry in entries.items():
        _print(f"{id_}: {_in(STATUS_WORDS[entry.status])}")
    for id_, why in left.items():
        _print(f"{id_}: {said('未采纳', 'not taken')} – {_in(why)}")
    _print(
        said(
            f"采纳 {len(entries)} 项，未采纳 {len(left)} 项",
            f"taken: {len(entries)}, not taken: {len(left)}",
        )
    )


def maturity(standings: Standings, clause: str, level: int) -> None:
    """The level that was recorded, and whether the figures allow it."""
    _print(f"{clause}: {_in(LEVELS[level])}")
    found = next((m for m in maturity_of(standings) if m.clause.id == clause), None)
    if found is not None and found.ceiling is not None and level > found.ceiling:
        _print(
            said(
                f"  数据最多支持 L{found.ceiling}（{found.why.zh}），请核对",
                f"  the figures allow L{found.ceiling} at most ({found.why.en}): check again",
            )
        )
