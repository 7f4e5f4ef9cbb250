"""Knows what a nonconformity report says: the fact and its evidence, what was answered, what was verified."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from fcim_audit.auditfile.due import STEP_WORDS, Due
from fcim_audit.auditfile.schema import FindingEntry, FindingPlace, Instance, VerificationMethod
from fcim_audit.auditfile.states import STATE_WORDS
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status
from fcim_audit.renderers.docx.fields import InstanceField, NonconformityField
from fcim_audit.renderers.held_words import short_id
from fcim_audit.report import HeldAudit, Report
from fcim_audit.wording import STATUS_WORDS, clean

PLACES_SHOWN = 20
_GRADES = (Status.MAJOR, Status.MINOR, Status.OFI)
_METHODS = {
    VerificationMethod.DOCUMENT: Text("书面", "documents"),
    VerificationMethod.ON_SITE: Text("现场", "on site"),
    VerificationMethod.NEXT_AUDIT: Text("下次审核", "next audit"),
}
_SHORT = 12
T = TypeVar("T", bound=StrEnum)


def nonconformities(report: Report, held: HeldAudit) -> tuple[NonconformityField, ...]:
    """Every finding that was raised, in the order of the ids."""
    items = sorted(held.findings.items(), key=_natural)
    return tuple(_field(report, held, n, id_, f) for n, (id_, f) in enumerate(items, 1))


def _natural(item: tuple[str, FindingEntry]) -> list[tuple[bool, int, str]]:
    parts = re.split(r"(\d+)", item[0])
    return [(p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]


def _field(
    report: Report, held: HeldAudit, number: int, id_: str, f: FindingEntry
) -> NonconformityField:
    by_id = {r.id: r for r in report.requirements}
    of = by_id.get(f.requirement)
    answer, ack, verified = f.response, f.acknowledgement, f.verification
    dues = held.dues.get(id_, ())
    return NonconformityField(
        number=number, id=clean(id_), short=clean(short_id(id_, held.file.id)), grade=report.said(STATUS_WORDS[f.grade]),
        boxes=_boxes(report, {g: STATUS_WORDS[g] for g in _GRADES}, f.grade),
        grade_reason=clean(_grade_reason(report, f)), state=report.said(STATE_WORDS[f.state]),
        requirement=f.requirement,
        title="" if of is None else report.said(of.title),
        criterion="" if of is None else report.said(of.criterion),
        statement=clean(f.statement), evidence=clean(f.objective_evidence),
        instances=tuple(_instance(report, i) for i in f.instances),
        site=_or_dash(f.site), department=_or_dash(f.department), process=_or_dash(f.process),
        raised_by=_name(held, f.raised_by), raised_on=str(f.raised_on),
        reviewed="" if f.reviewed_by is None else f"{_name(held, f.reviewed_by)} {f.reviewed_on}",
        issued_on=_day(f.issued_on), repeat_of=f.repeat_of or "", carried_from=f.carried_from or "",
        dues=tuple(_due(report, due) for due in dues),
        nearest_due=_due(report, dues[0]) if dues else "—",
        acknowledged="" if ack is None else clean(f"{ack.by} {ack.on}"),
        dissent="" if ack is None else clean(ack.dissent or ""),
        correction="" if answer is None else clean(answer.correction),
        cause="" if answer is None else clean(answer.cause),
        method="" if answer is None else clean(answer.method or ""),
        extent="" if answer is None else clean(answer.extent),
        action="" if answer is None else clean(answer.action),
        owner="" if answer is None else clean(answer.owner),
        action_due="" if answer is None else str(answer.due),
        returned=clean("\n".join(f.returned)), submitted=_submitted(f),
        method_boxes=_boxes(report, _METHODS, None if verified is None else verified.method),
        verification="" if verified is None else _verification(report, f),
        verified_by="" if verified is None else f"{_name(held, verified.by)} {verified.on}",
        closed=_closed(report, held, f),
    )  # fmt: skip


def _boxes(report: Report, words: Mapping[T, Text], chosen: T | None) -> str:
    return "  ".join(
        f"{'■' if choice is chosen else '□'} {report.said(word)}" for choice, word in words.items()
    )


def _or_dash(value: str | None) -> str:
    return "—" if value is None else clean(value)


def _day(value: object) -> str:
    return "" if value is None else str(value)


def _name(held: HeldAudit, id_: str) -> str:
    member = held.file.member(id_)
    return id_ if member is None else clean(f"{member.name} ({id_})")


def _grade_reason(report: Report, f: FindingEntry) -> str:
    """The rule and its words; where the auditor graded otherwise, why; then every later change."""
    parts = [" ".join(part for part in (f.rule, f.why) if part)]
    if f.proposed_grade is not None and f.proposed_grade is not f.grade:
        was = STATUS_WORDS[f.proposed_grade]
        parts.append(report.said(Text(f"工具建议：{was.zh}", f"the tool proposed: {was.en}")))
    parts.append(f.grade_reason or "")
    for change in f.regraded:
        was = STATUS_WORDS[change.was]
        parts.append(
            report.said(
                Text(
                    f"{change.on} 改级，原为{was.zh}：{change.reason}",
                    f"regraded {change.on}, was {was.en}: {change.reason}",
                )
            )
        )
    return "; ".join(part for part in parts if part) or "—"


def _instance(report: Report, i: Instance) -> InstanceField:
    counted = "" if i.count is None else str(i.count)
    if i.count is not None and i.population is not None:
        counted = f"{i.count}/{i.population}"
    places = [_place(p) for p in i.places[:PLACES_SHOWN]]
    left = len(i.places) - len(places)
    if left > 0:
        places.append(
            report.said(Text(f"还有 {left} 处，见工作簿", f"and {left} more, see the workbook"))
        )
    named = i.check or i.requirement
    head = " ".join(
        part for part in ("" if i.says.startswith(named) else named, i.site or "") if part
    )
    colon = ("：" if report.lang is Lang.ZH else ": ") if head else ""
    return InstanceField(clean(f"{head}{colon}{i.says}"), counted or "—", clean("\n".join(places)))


def _place(place: FindingPlace) -> str:
    where = f"{place.file}!{place.sheet}" if place.sheet else place.file
    if place.cell:
        where = f"{where}!{place.cell}"
    elif place.row is not None:
        where = f"{where}:{place.row}"
    return f"{where} (sha256 {place.sha256[:_SHORT]}…)" if place.sha256 else where


def _due(report: Report, due: Due) -> str:
    day = Text("下次审核", "at the next audit").said(report.lang) if due.day is None else due.day
    return f"{report.said(STEP_WORDS[due.step])} {day}"


def _submitted(f: FindingEntry) -> str:
    if f.submission is None:
        return ""
    evidence = "\n".join(str(ref) for ref in f.submission.evidence)
    return clean(f"{f.submission.on}\n{evidence}\n{f.submission.effectiveness}")


def _verification(report: Report, f: FindingEntry) -> str:
    assert f.verification is not None
    effective = (
        Text("有效", "effective") if f.verification.effective else Text("无效", "not effective")
    )
    return clean(f"{report.said(effective)}\n{f.verification.note}")


def _closed(report: Report, held: HeldAudit, f: FindingEntry) -> str:
    if f.withdrawn is not None:
        return clean(report.said(Text(f"撤销：{f.withdrawn}", f"Withdrawn: {f.withdrawn}")))
    return "" if f.closed_by is None else f"{_name(held, f.closed_by)} {f.closed_on}"
