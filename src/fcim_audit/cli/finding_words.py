"""Knows how findings are told on a terminal and as JSON: where each stands and what is due about it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fcim_audit.auditfile.due import STEP_WORDS, Due, dues_of, escalation
from fcim_audit.auditfile.folder import Audit
from fcim_audit.auditfile.keeping import in_order
from fcim_audit.auditfile.schema import FindingEntry, FindingState, Instance
from fcim_audit.auditfile.states import STATE_WORDS
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status
from fcim_audit.profile import FindingRules
from fcim_audit.wording import clean

SCHEMA = "fcim-audit/findings/1"
GRADE_WORDS = {
    Status.MAJOR: Text("严重", "major"),
    Status.MINOR: Text("一般", "minor"),
    Status.OFI: Text("改进机会", "OFI"),
}
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, with what is due about it on a day."""

    id: str
    finding: FindingEntry
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Findings as of a day, by the rules of their audit's profile."""

    audit: Audit
    rules: FindingRules
    as_of: dt.date

    def told(self) -> tuple[Told, ...]:
        """Every finding, in the order of the ids."""
        items = self.audit.findings.items
        return tuple(
            Told(id_, items[id_], dues_of(id_, items[id_], self.audit.file, self.rules))
            for id_ in sorted(items, key=in_order)
        )

    def as_json(self, findings: Sequence[Told]) -> dict[str, object]:
        """The findings as other tools read them."""
        return {
            "schema": SCHEMA, "audit": self.audit.file.id, "as_of": self.as_of.isoformat(),
            "findings": [
                {
                    "id": told.id,
                    **told.finding.model_dump(mode="json"),
                    "dues": [self._due_json(due, told.finding) for due in told.dues],
                }
                for told in findings
            ],
        }  # fmt: skip

    def _due_json(self, due: Due, finding: FindingEntry) -> dict[str, object]:
        rung = None if _is_unissued(finding) else escalation(due, self.as_of, self.rules)
        return {
            "step": due.step.value,
            "day": None if due.day is None else due.day.isoformat(),
            "overdue": due.is_overdue(self.as_of),
            "days_over": None if due.day is None else due.days_over(self.as_of),
            "level": None if rung is None else rung.level,
        }

    def lines(self, findings: Sequence[Told], lang: Lang) -> Iterator[str]:
        """A line for each finding, its nearest due day, then how many there are."""
        for told in findings:
            finding = told.finding
            yield "  ".join(
                (
                    clean(told.id), GRADE_WORDS[finding.grade].said(lang),
                    STATE_WORDS[finding.state].said(lang), finding.requirement,
                    _short(finding.statement),
                )
            )  # fmt: skip
            if told.dues:
                yield f"    {self.due_words(told.dues[0], told.finding).said(lang)}"
        yield self._counted(findings).said(lang)

    def due_lines(self, findings: Sequence[Told], lang: Lang) -> Iterator[str]:
        """Everything that is due, the nearest first; what is due at the next audit comes last."""
        dues = sorted(
            ((due, told.finding) for told in findings for due in told.dues),
            key=lambda pair: (pair[0].day is None, pair[0].day or self.as_of, in_order(pair[0].finding)),
        )  # fmt: skip
        for due, finding in dues:
            yield "  ".join(
                (
                    clean(due.finding), GRADE_WORDS[finding.grade].said(lang),
                    STATE_WORDS[finding.state].said(lang), self.due_words(due, finding).said(lang),
                )
            )  # fmt: skip
        yield self._counted(findings).said(lang)

    def due_words(self, due: Due, finding: FindingEntry) -> Text:
        """What is due, when, and how late that is."""
        step = STEP_WORDS[due.step]
        if due.day is None:
            return Text(f"{step.zh}：下次审核", f"{step.en}: at the next audit")
        over = due.days_over(self.as_of)
        rung = escalation(due, self.as_of, self.rules)
        level = Text("", "") if rung is None else Text(f"：{rung.says.zh}", f": {rung.says.en}")
        if _is_unissued(finding):
            level = Text("：尚未开出", ": not issued yet")
        if over > 0:
            return Text(
                f"{step.zh} {due.day}，逾期 {over} 天{level.zh}",
                f"{step.en} {due.day}, {over} {_days(over)} overdue{level.en}",
            )
        left = "今天" if over == 0 else f"还有 {-over} 天"
        left_en = "today" if over == 0 else f"{-over} {_days(-over)} left"
        return Text(
            f"{step.zh} {due.day}，{left}{level.zh}", f"{step.en} {due.day}, {left_en}{level.en}"
        )

    def _counted(self, findings: Sequence[Told]) -> Text:
        grades = [told.finding.grade for told in findings]
        major, minor, ofi = (grades.count(g) for g in (Status.MAJOR, Status.MINOR, Status.OFI))
        late = sum(any(due.is_overdue(self.as_of) for due in told.dues) for told in findings)
        is_open = sum(told.finding.is_open for told in findings)
        return Text(
            f"共 {len(findings)} 项（{self.as_of}）：严重 {major}，一般 {minor}，改进机会 {ofi}；未结束 {is_open}，逾期 {late}",
            f"{len(findings)} in all ({self.as_of}): {major} major, {minor} minor, {ofi} OFI; "
            f"{is_open} open, {late} overdue",
        )

    def shown(self, told: Told, lang: Lang) -> Iterator[str]:
        """Everything about one finding."""
        finding = told.finding
        yield f"{clean(told.id)}  {GRADE_WORDS[finding.grade].said(lang)}  {STATE_WORDS[finding.state].said(lang)}"
        for name, value in finding.model_dump(mode="json", exclude_none=True).items():
            if name in {"grade", "state", "instances"} or value in ([], ()):
                continue
            yield from _field(name, value, lang)
        for number, instance in enumerate(finding.instances, start=1):
            yield f"  {Text('实例', 'instance').said(lang)} {number}: {_instance(instance)}"
        for due in told.dues:
            yield f"  {Text('到期', 'due').said(lang)}: {self.due_words(due, finding).said(lang)}"


_NAMES = {
    "requirement": Text("要求", "requirement"),
    "statement": Text("不符合陈述", "statement"),
    "objective_evidence": Text("客观证据", "objective evidence"),
    "rule": Text("分级规则", "rule"),
    "why": Text("规则理由", "why"),
    "proposed_grade": Text("建议级别", "proposed grade"),
    "grade_reason": Text("级别理由", "reason for the grade"),
    "cause_tag": Text("原因标签", "cause tag"),
    "site": Text("场所", "site"),
    "process": Text("过程", "process"),
    "department": Text("部门", "department"),
    "repeat_of": Text("重复发生自", "repeat of"),
    "carried_from": Text("转自", "carried from"),
    "raised_by": Text("提出人", "raised by"),
    "raised_on": Text("提出日期", "raised on"),
    "reviewed_by": Text("复核人", "reviewed by"),
    "reviewed_on": Text("复核日期", "reviewed on"),
    "issued_on": Text("开出日期", "issued on"),
    "acknowledgement": Text("受审核方确认", "acknowledgement"),
    "response": Text("答复", "response"),
    "plan_accepted_on": Text("计划接受日期", "plan accepted on"),
    "returned": Text("退回", "returned"),
    "submission": Text("提交的证据", "submission"),
    "verification": Text("验证", "verification"),
    "closed_by": Text("关闭人", "closed by"),
    "closed_on": Text("关闭日期", "closed on"),
    "withdrawn": Text("撤销理由", "withdrawn"),
    "regraded": Text("改级", "regraded"),
    "effort": Text("整改人日", "days to correct"),
    "by": Text("由", "by"),
    "on": Text("日期", "on"),
    "dissent": Text("异议", "dissent"),
    "received_on": Text("收到日期", "received on"),
    "correction": Text("纠正", "correction"),
    "cause": Text("原因", "cause"),
    "method": Text("方法", "method"),
    "extent": Text("举一反三", "extent"),
    "action": Text("纠正措施", "corrective action"),
    "owner": Text("措施负责人", "owner"),
    "due": Text("完成期限", "due"),
    "evidence": Text("证据", "evidence"),
    "kind": Text("种类", "kind"),
    "ref": Text("出处", "reference"),
    "effectiveness": Text("有效性", "effectiveness"),
    "effective": Text("有效", "effective"),
    "note": Text("说明", "note"),
    "was": Text("原级别", "was"),
    "reason": Text("理由", "reason"),
}
_METHODS = {
    "document": Text("文件验证", "on documents"),
    "on_site": Text("现场验证", "on site"),
    "next_audit": Text("下次审核验证", "at the next audit"),
}


def _is_unissued(finding: FindingEntry) -> bool:
    """The auditee does not know of it yet: nobody is reminded, whatever the day."""
    return finding.state in {FindingState.DRAFT, FindingState.REVIEWED}


def _field(name: str, value: object, lang: Lang) -> Iterator[str]:
    label = _NAMES.get(name, Text(name, name)).said(lang)
    if isinstance(value, dict):
        yield f"  {label}:"
        for key, inner in value.items():
            yield from (f"  {line}" for line in _field(str(key), inner, lang))
    elif isinstance(value, list):
        for inner in value:
            yield from _field(name, inner, lang)
    else:
        yield f"  {label}: {_lines(_in_words(name, value).said(lang))}"


def _in_words(name: str, value: object) -> Text:
    """A value of a closed choice as people say it; any other as it stands."""
    if name in {"proposed_grade", "was"}:
        return GRADE_WORDS[Status(str(value))]
    if name == "method" and value in _METHODS:
        return _METHODS[str(value)]
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    return Text(str(value), str(value))


def _lines(text: str) -> str:
    """Several lines stay several, none of them can pose as a line of ours."""
    return clean(re.sub(r"\r\n?|\n", "\n      ", text))


def _instance(instance: Instance) -> str:
    places = [
        f"{p.file}{f'#{p.sheet}' if p.sheet else ''}{f':{p.row or p.cell}' if p.row or p.cell else ''}"
        for p in instance.places
    ]
    at = f" [{'; '.join(places)}]" if places else ""
    return _lines(f"{instance.requirement}  {instance.says}{at}")


def _short(text: str) -> str:
    line = clean(" ".join(text.split()))
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
