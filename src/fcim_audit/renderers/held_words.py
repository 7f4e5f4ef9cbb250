"""Knows the words of an audit that was held: what is due and when, what a fix is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fcim_audit.auditfile.due import STEP_WORDS, Due
from fcim_audit.auditfile.schema import FindingEntry, FindingPlace, FindingState
from fcim_audit.auditfile.whatif import Do
from fcim_audit.language import Lang, Text

DO_WORDS = {
    Do.VERIFY: Text("核实", "verify"),
    Do.CLOSE: Text("整改并关闭", "correct and close"),
    Do.PLAN: Text("提交整改计划", "have a plan accepted for"),
    Do.SETTLE: Text("了结疑问", "settle the doubt"),
}


def clauses_text(clauses: Sequence[str], lang: Lang) -> str:
    """The clauses that a member audits; `*` in words."""
    every = Text("全部条款", "all clauses").said(lang)
    return ", ".join(every if clause == "*" else clause for clause in clauses)


def short_id(finding: str, audit: str) -> str:
    """`NC01` of the audit's own findings; what was carried from another keeps that audit's number."""
    return finding.removeprefix(f"{audit}-")


def due_text(due: Due, finding: FindingEntry, today: dt.date) -> Text:
    """What is due and when, how late that is, and whether the auditee was told at all."""
    step = STEP_WORDS[due.step]
    if due.day is None:
        return Text(f"{step.zh}：下次审核", f"{step.en}: at the next audit")
    zh, en = f"{step.zh} {due.day}", f"{step.en} {due.day}"
    if due.is_overdue(today):
        over = due.days_over(today)
        zh, en = f"{zh}，逾期 {over} 天", f"{en}, overdue by {over} d"
    if finding.state in {FindingState.DRAFT, FindingState.REVIEWED}:
        zh, en = f"{zh}（尚未开出）", f"{en} (not issued yet)"
    return Text(zh, en)


def finding_place(place: FindingPlace) -> str:
    """`file!sheet!E17`, else `file!sheet:17`."""
    where = f"{place.file}!{place.sheet}" if place.sheet else place.file
    if place.cell:
        return f"{where}!{place.cell}"
    return where if place.row is None else f"{where}:{place.row}"
