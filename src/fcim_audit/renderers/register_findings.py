"""Knows the register's sheets of findings: what was found, what became of it, where it was seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.auditfile.schema import (
    FindingEntry,
    FindingPlace,
    Instance,
    Regrade,
    VerificationMethod,
)
from fcim_audit.auditfile.states import STATE_WORDS
from fcim_audit.language import Lang, Text
from fcim_audit.model import Verdict
from fcim_audit.profile import DueStep
from fcim_audit.renderers.held_words import due_text
from fcim_audit.renderers.plain_book import Row, Value
from fcim_audit.renderers.register import NO, YES, Table, lines, status_cell
from fcim_audit.renderers.register_requirements import member
from fcim_audit.report import HeldAudit, Report
from fcim_audit.wording import STATUS_WORDS, measured_text

_WHICH = (("编号", "Id", 14), ("等级", "Grade", 13), ("状态", "State", 13))
_FOUND_COLUMNS = (
    *_WHICH, ("要求", "Requirement", 13), ("要求的名称", "Title", 22), ("不符合", "Statement", 42),
    ("客观证据", "Objective evidence", 46), ("最近期限", "Due next", 22), ("场所", "Site", 11),
    ("部门", "Department", 12), ("过程", "Process", 12), ("分级规则", "Rule", 8),
    ("分级依据", "Graded by", 26), ("建议等级", "Suggested grade", 13),
    ("改级理由", "Reason for the grade", 22), ("曾改级", "Regraded", 26), ("原因分组", "Group", 12),
    ("重复于", "Repeats", 13), ("转自", "Carried from", 13), ("工作量（人日）", "Effort (days)", 9),
    ("提出人", "Raised by", 12), ("提出日", "Raised on", 11), ("复核人", "Reviewed by", 12),
    ("复核日", "Reviewed on", 11), ("开出日", "Issued on", 11),
)  # fmt: skip
_STEPS = (DueStep.RESPONSE, DueStep.ACTION, DueStep.VERIFICATION, DueStep.HARD_STOP)
_FOLLOWED_COLUMNS = (
    *_WHICH, ("最近期限", "Due next", 24), ("逾期天数", "Days overdue", 9), ("答复期限", "Response due", 11),
    ("措施期限", "Action due", 11), ("验证期限", "Verification due", 11), ("最后期限", "Last day", 11),
    ("确认人", "Acknowledged by", 15), ("确认日", "Acknowledged on", 15), ("异议", "Dissent", 22),
    ("答复日", "Answered on", 11), ("纠正", "Correction", 28), ("原因", "Cause", 28),
    ("原因分析方法", "Method", 12), ("影响范围", "Extent", 24), ("纠正措施", "Corrective action", 28),
    ("负责人", "Owner", 12), ("承诺完成日", "Promised for", 11), ("计划接受日", "Plan accepted on", 11),
    ("退回", "Returned", 24), ("提交日", "Handed in on", 11), ("提交的证据", "Handed in", 28),
    ("有效性说明", "Effectiveness, as told", 24), ("验证方式", "Verified by way of", 12),
    ("有效", "Effective", 9), ("验证说明", "Verification note", 26), ("验证人", "Verified by", 12),
    ("验证日", "Verified on", 11), ("关闭人", "Closed by", 12), ("关闭日", "Closed on", 11),
    ("撤销理由", "Withdrawn", 22),
)  # fmt: skip
_SEEN_COLUMNS = (
    *_WHICH[:2], ("要求", "Requirement", 13), ("检查", "Check", 18), ("事实", "Fact", 40),
    ("数量", "Count", 8), ("总体", "Of", 8), ("场所", "Site", 11), ("文件", "File", 30),
    ("工作表", "Sheet", 14), ("行", "Row", 8), ("单元格", "Cell", 9), ("sha256", "sha256", 66),
)  # fmt: skip
_PROPOSED_COLUMNS = (
    ("要求", "Requirement", 13), ("建议等级", "Suggested grade", 14), ("要求的名称", "Title", 26),
    ("理由", "Why", 34), ("要求的内容", "What is asked", 40), ("未通过的检查", "Checks failed", 50),
    ("例外数", "Exceptions", 10),
)  # fmt: skip
_NAME = Text("不符合项", "Findings")
_METHOD_WORDS = {
    VerificationMethod.DOCUMENT: Text("书面", "documents"),
    VerificationMethod.ON_SITE: Text("现场", "on site"),
    VerificationMethod.NEXT_AUDIT: Text("下次审核", "next audit"),
}


def proposed(report: Report) -> Table:
    """What the tool proposes as nonconformities and opportunities, the gravest first."""
    return Table(
        _NAME,
        Text("建议的不符合项与改进机会", "proposed nonconformities and opportunities"),
        _PROPOSED_COLUMNS,
        (_proposed(report, r) for r in report.findings),
    )


def found(report: Report, held: HeldAudit) -> Table:
    """Every finding: criterion, statement, objective evidence, grade."""
    titles = {r.id: report.said(r.title) for r in report.requirements}
    return Table(
        _NAME,
        Text("不符合项与改进机会：事实、等级、状态", "nonconformities and opportunities as raised"),
        _FOUND_COLUMNS,
        (
            _found(held, id_, f, titles.get(f.requirement), report.lang)
            for id_, f in held.findings.items()
        ),
    )


def followed(report: Report, held: HeldAudit) -> Table:
    """What is due about every finding and what became of it."""
    return Table(
        Text("整改跟踪", "Follow-up"),
        Text("期限、答复、验证、关闭", "what is due, answers, verification, closing"),
        _FOLLOWED_COLUMNS,
        (tuple(_followed(held, id_, f, report.lang)) for id_, f in held.findings.items()),
    )


def seen(report: Report, held: HeldAudit) -> Table:
    """Every place that stands behind a finding."""
    return Table(
        Text("实例", "Instances"),
        Text("不符合项的每处出现及其位置", "each occurrence behind a finding, with its place"),
        _SEEN_COLUMNS,
        (
            row
            for id_, f in held.findings.items()
            for i in f.instances
            for row in _seen(id_, f, i, report.lang)
        ),
    )


def _proposed(report: Report, r: RequirementAssessment) -> Row:
    failed = [o for o in r.outcomes if o.verdict is Verdict.FAIL]
    return (
        r.id, status_cell(r.status, report.lang), report.said(r.title),
        lines(*(f"{why.rule} · {report.said(why.says)}" for why in r.why)), report.said(r.criterion),
        lines(*(f"{o.check_id} {measured_text(o, report.lang)}" for o in failed)),
        sum(o.exception_count for o in failed),
    )  # fmt: skip


def _which(id_: str, f: FindingEntry, lang: Lang) -> tuple[Value, Value, Value]:
    return id_, status_cell(f.grade, lang), STATE_WORDS[f.state].said(lang)


def _found(held: HeldAudit, id_: str, f: FindingEntry, title: str | None, lang: Lang) -> Row:
    return (
        *_which(id_, f, lang), f.requirement, title, f.statement, f.objective_evidence,
        _due_next(held, id_, f, lang), f.site, f.department, f.process, f.rule, f.why,
        status_cell(f.proposed_grade, lang), f.grade_reason,
        lines(*(_regrade(held, g, lang) for g in f.regraded)), f.cause_tag, f.repeat_of,
        f.carried_from, f.effort, member(held, f.raised_by), f.raised_on,
        member(held, f.reviewed_by), f.reviewed_on, f.issued_on,
    )  # fmt: skip


def _regrade(held: HeldAudit, g: Regrade, lang: Lang) -> str:
    was = STATUS_WORDS[g.was].said(lang)
    return f"{g.on} {member(held, g.by)}: {Text('原为', 'was').said(lang)} {was}; {g.reason}"


def _due_next(held: HeldAudit, id_: str, f: FindingEntry, lang: Lang) -> str | None:
    dues = held.dues.get(id_, ())
    return due_text(dues[0], f, held.today).said(lang) if dues else None


def _followed(held: HeldAudit, id_: str, f: FindingEntry, lang: Lang) -> Iterator[Value]:
    yield from _which(id_, f, lang)
    yield from (_due_next(held, id_, f, lang), *_dues(held, id_, lang))
    yield from _answer(f)
    yield f.plan_accepted_on
    yield lines(*f.returned)
    yield from _handed_in(f)
    yield from _verified(held, f, lang)
    yield from (member(held, f.closed_by), f.closed_on, f.withdrawn)


def _dues(held: HeldAudit, id_: str, lang: Lang) -> Iterator[Value]:
    dues = held.dues.get(id_, ())
    over = max((due.days_over(held.today) for due in dues), default=0)
    yield over if over > 0 else None
    later = Text("下次审核", "next audit").said(lang)
    days: dict[DueStep, dt.date | str] = {}
    for due in dues:
        days.setdefault(due.step, due.day or later)
    for step in _STEPS:
        yield days.get(step)


def _answer(f: FindingEntry) -> tuple[Value, ...]:
    told, answer = f.acknowledgement, f.response
    heard = (None,) * 3 if told is None else (told.by, told.on, told.dissent)
    if answer is None:
        return *heard, *(None,) * 8
    return (
        *heard, answer.received_on, answer.correction, answer.cause, answer.method, answer.extent,
        answer.action, answer.owner, answer.due,
    )  # fmt: skip


def _handed_in(f: FindingEntry) -> tuple[Value, Value, Value]:
    given = f.submission
    if given is None:
        return None, None, None
    return given.on, lines(*map(str, given.evidence)), given.effectiveness


def _verified(held: HeldAudit, f: FindingEntry, lang: Lang) -> tuple[Value, ...]:
    v = f.verification
    if v is None:
        return (None,) * 5
    effective = (YES if v.effective else NO).said(lang)
    return _METHOD_WORDS[v.method].said(lang), effective, v.note, member(held, v.by), v.on


def _seen(id_: str, f: FindingEntry, i: Instance, lang: Lang) -> Iterator[Row]:
    head = (
        id_, status_cell(f.grade, lang), i.requirement, i.check, i.says, i.count, i.population,
        i.site,
    )  # fmt: skip
    for place in i.places:
        yield *head, *_place(place)
    if not i.places:
        yield *head, *(None,) * 5


def _place(place: FindingPlace) -> tuple[Value, ...]:
    return place.file, place.sheet, place.row, place.cell, place.sha256
