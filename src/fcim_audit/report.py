"""Knows an audit run in reading order: what is said, in which words, in Chinese and English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fcim_audit.assessment import Judgement, RecommendationCode, RequirementAssessment
from fcim_audit.auditfile.due import Due
from fcim_audit.auditfile.maturity import ClauseMaturity
from fcim_audit.auditfile.schema import Alarm, AuditFile, FindingEntry
from fcim_audit.auditfile.whatif import Way
from fcim_audit.checklist.schema import CriteriaNote
from fcim_audit.document_kinds import Kind
from fcim_audit.evidence.bundle import Organisation
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    UNCONCLUDED,
    Outcome,
    Status,
    Verdict,
)

RECOMMENDATION_WORDS = {
    RecommendationCode.RECOMMEND: Text("推荐", "recommended"),
    RecommendationCode.AFTER_PLAN: Text(
        "提交整改计划并被接受后推荐", "recommended once a corrective plan is accepted"
    ),
    RecommendationCode.AFTER_VERIFICATION: Text(
        "整改验证后推荐", "recommended once corrections are verified"
    ),
    RecommendationCode.NOT_RECOMMENDED: Text("不推荐", "not recommended"),
    RecommendationCode.CANNOT_CONCLUDE: Text("尚不能下结论", "cannot conclude yet"),
}
DRAFT = Text("草稿", "DRAFT")
DRAFT_NOTE = Text(
    "本结果由工具依据证据提出，须经审核员判断；认证决定由未参与审核的人员作出。",
    "The tool proposes from evidence; the auditor decides, and the certification decision is made by"
    " people who did not audit.",
)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a document must say and does not: the rule, the documents it concerns, where, what to do."""

    rule: str
    kinds: frozenset[Kind]
    is_error: bool
    says: Text
    where: str


@dataclass(frozen=True, slots=True)
class HeldAudit:
    """The audit a report is of: who held it, what was found, what is due, what would be better.

    `today` is the day the report is made for; `head` the journal's last hash, `result` the sha256 of
    the evaluation it rests on (None: nothing was evaluated). `changed`: requirement and evidence
    whose file is not the one any more that was judged on.
    """

    file: AuditFile
    findings: Mapping[str, FindingEntry]
    dues: Mapping[str, tuple[Due, ...]]
    alarms: Mapping[str, Alarm]
    maturity: tuple[ClauseMaturity, ...]
    ways: tuple[Way, ...]
    head: str
    result: str | None
    today: dt.date
    changed: tuple[tuple[str, str], ...] = ()
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that renderers may say; they add no fact.

    Of a bundle alone it tells what the tool proposes; with `audit`, what the auditors decided, the
    proposals beside it. `declaration`: the sha256 of the bundle.yaml that was evaluated.
    """

    lang: Lang
    version: str
    bundle: str
    organisation: Organisation
    period_start: dt.datetime
    period_end: dt.datetime
    as_of: dt.datetime
    engine: str
    judgement: Judgement
    files: tuple[FileReport, ...]
    audit: HeldAudit | None = None
    is_final: bool = False
    declaration: str | None = None

    def said(self, text: Text) -> str:
        """The text in this report's language."""
        return text.said(self.lang)

    @property
    def requirements(self) -> tuple[RequirementAssessment, ...]:
        """Every requirement, in clause order."""
        return self.judgement.requirements

    @property
    def findings(self) -> tuple[RequirementAssessment, ...]:
        """Nonconformities first, then opportunities; the gravest first, in clause order."""
        order = (Status.MAJOR, Status.MINOR, Status.OFI)
        return tuple(r for status in order for r in self.requirements if r.status is status)

    def count(self, status: Status) -> int:
        """How many requirements have a status."""
        return sum(r.status == status for r in self.requirements)

    @property
    def open_rules(self) -> tuple[tuple[RequirementAssessment, Outcome], ...]:
        """Automatic rules that could not conclude, with their requirement."""
        return tuple(
            (r, o) for r in self.requirements for o in r.outcomes if o.verdict in UNCONCLUDED
        )

    @property
    def manual_questions(self) -> int:
        """Questions that wait for the auditor."""
        return sum(o.verdict is Verdict.MANUAL for r in self.requirements for o in r.outcomes)

    @property
    def verdict(self) -> Text:
        """One sentence: what the tool would recommend, and what stands in the way."""
        recommendation = self.judgement.recommendation
        words = RECOMMENDATION_WORDS[recommendation.code]
        return Text(
            f"{words.zh}：" + "；".join(w.zh for w in recommendation.why) + "。",
            f"{words.en[0].upper()}{words.en[1:]}: "
            + "; ".join(w.en for w in recommendation.why)
            + ".",
        )

    @property
    def defaults(self) -> tuple[Text, ...]:
        """Plan parameters that the organisation did not declare."""
        return tuple(
            Text(f"{p.title.zh}：{p.value}（缺省值）", f"{p.title.en}: {p.value} (default)")
            for p in self.judgement.plan
            if p.is_default
        )

    def notes_on(self, clause: str) -> tuple[CriteriaNote, ...]:
        """The defects of the standard's text that matter to a clause."""
        return tuple(note for note in self.judgement.notes if note.concerns(clause))

    @property
    def not_looked_at(self) -> tuple[tuple[str, Text], ...]:
        """What in the evidence was not used, and where: unread files, sheets, rows and cells."""
        return tuple(self._unused())

    def _unused(self) -> Iterator[tuple[str, Text]]:
        for file in self.files:
            if file.unreadable is not None:
                yield file.file, file.unreadable
            for note in file.notes:
                yield file.file, note
            for sheet in file.sheets:
                yield from _unused_of(file, sheet)


def lacks_of(report: Report, kind: Kind) -> tuple[Lack, ...]:
    """What a document of an audit lacks before it can be marked final."""
    held = report.audit
    return () if held is None else tuple(lack for lack in held.lacks if kind in lack.kinds)


def is_draft(report: Report, kind: Kind | None = None) -> bool:
    """Whether a document must say that it is a draft: of a bundle alone always, else while it lacks something."""
    return kind is None or any(lack.is_error for lack in lacks_of(report, kind))


def draft_why(report: Report, kind: Kind | None) -> Text:
    """Why a document is a draft, in words; empty for one that is none."""
    if kind is None:
        return DRAFT_NOTE
    rules = list(dict.fromkeys(lack.rule for lack in lacks_of(report, kind) if lack.is_error))
    if not rules:
        return Text("", "")
    named = ", ".join(rules)
    return Text(
        f"尚缺：{named}（fcim-audit report --check）",
        f"lacking: {named} (fcim-audit report --check)",
    )


def state_of(report: Report, kind: Kind | None) -> Text:
    """Whether a document is a draft, complete, or marked final."""
    if is_draft(report, kind):
        return DRAFT
    return (
        Text("终稿", "final")
        if report.is_final
        else Text("内容齐全，未标为终稿", "complete, not marked final")
    )


def _unused_of(file: FileReport, sheet: SheetReport) -> Iterator[tuple[str, Text]]:
    where = f"{file.file}!{sheet.name}" if sheet.name else file.file
    if sheet.dataset is None:
        yield where, Text("未对应任何数据集，未使用", "maps to no dataset, not used")
    if not sheet.visible:
        yield where, Text("隐藏的工作表（已读取）", "a hidden sheet (it was read)")
    if sheet.left_out:
        n = len(sheet.left_out)
        yield (
            where,
            Text(f"{n} 行不是数据，未计入", f"{n} rows are not data and were left out"),
        )
    if sheet.problem_count:
        yield (
            where,
            Text(
                f"{sheet.problem_count} 个单元格读不懂：{_first_problems(sheet)}",
                f"{sheet.problem_count} cells could not be understood: {_first_problems(sheet)}",
            ),
        )


def _first_problems(sheet: SheetReport) -> str:
    problems = sheet.problems
    shown = [f"{p.heading or p.column}@{p.row}" for p in problems[:3]]
    return ", ".join(shown) + (" …" if len(problems) > 3 else "")
