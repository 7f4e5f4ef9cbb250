"""Knows an audit run in reading order: what is said, in which words, in Chinese and English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from fcim_audit.assessment import Judgement, RecommendationCode, RequirementAssessment
from fcim_audit.checklist.schema import CriteriaNote
from fcim_audit.evidence.bundle import Organisation
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    UNCONCLUDED,
    Comparator,
    ExceptionRow,
    Figure,
    Lead,
    Outcome,
    Status,
    Target,
    Verdict,
)
from fcim_audit.wording import STATUS_WORDS as STATUS_WORDS
from fcim_audit.wording import VERDICT_WORDS as VERDICT_WORDS

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
DAY = 86_400
WHY_WORDS = {
    "missing": Text("没有", "missing"),
    "uncovered": Text("没有对应记录", "no matching record"),
    "unapproved": Text("未经批准", "not approved"),
    "not_in_force": Text("未生效或已作废", "not in force"),
    "review_overdue": Text("评审已过期", "review overdue"),
    "gap": Text("间隔过长", "gap too long"),
    "start": Text("期初间隔过长", "gap at the start of the period"),
    "end": Text("期末间隔过长", "gap at the end of the period"),
    "must": Text("条件不满足", "condition not met"),
    "late": Text("超时", "late"),
    "overdue": Text("逾期未完成", "overdue"),
    "order": Text("时间顺序颠倒", "out of order"),
}
DRAFT_NOTE = Text(
    "本结果由工具依据证据提出，须经审核员判断；认证决定由未参与审核的人员作出。",
    "The tool proposes from evidence; the auditor decides, and the certification decision is made by"
    " people who did not audit.",
)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that renderers may say; they add no fact."""

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


def figure_text(figure: Figure, lang: Lang) -> str:
    """A figure as people read it: `43.82 %`, `91.3`, `626,400 s`; a dash when there is none."""
    if figure.value is None:
        return "—"
    if figure.unit == "ratio":
        return f"{decimals(figure.value * 100, 2)} %"
    if figure.unit == "score":
        return f"{decimals(figure.value, 2)}{' 分' if lang is Lang.ZH else ''}"
    if figure.unit == "s" and figure.value >= DAY:
        seconds = decimals(figure.value, 0, grouped=True)
        return f"{seconds} s ({decimals(figure.value / DAY, 2)} d)"
    return f"{decimals(figure.value, 0, grouped=True)} {figure.unit}"


def target_text(target: Target | None, unit: str) -> str:
    """A threshold as people read it: `≥ 95 %`."""
    if target is None:
        return ""
    sign = "≥" if target.op is Comparator.AT_LEAST else "≤"
    value = target.value * 100 if unit == "ratio" else target.value
    return f"{sign} {decimals(value, 2)}{' %' if unit == 'ratio' else ''}"


def decimals(value: Fraction, digits: int, *, grouped: bool = False) -> str:
    """Rounded half up for reading only, without trailing zeros; verdicts never use this."""
    scaled = (abs(value) * 10**digits * 2 + 1) // 2
    whole, rest = divmod(int(scaled), 10**digits)
    text = f"{whole:,}" if grouped else str(whole)
    if digits and rest:
        text += f".{rest:0{digits}d}".rstrip("0")
    return f"-{text}" if value < 0 and scaled else text


def place_text(row: ExceptionRow) -> str:
    """`file!sheet:row`, without the row where the fact is that there is none."""
    where = f"{row.place.file}!{row.place.sheet}" if row.place.sheet else row.place.file
    return f"{where}:{row.place.row}" if row.place.row else where


def why_text(row: ExceptionRow, lang: Lang) -> str:
    """Why a unit is listed: `approved_at 没有`, `late: closed_at`."""
    if row.unknown:
        return Text("单元格读不懂", "a cell could not be understood").said(lang)
    word, _, about = row.why.partition(":")
    if word not in WHY_WORDS:
        return row.why
    said = WHY_WORDS[word].said(lang)
    return (
        f"{said}：{about}" if about and lang is Lang.ZH else f"{said}: {about}" if about else said
    )


def measured_text(outcome: Outcome, lang: Lang) -> str:
    """`390/890 = 43.82 % (≥ 100 %)`: the figure, how it came about, and the threshold."""
    told = _measured(outcome, lang)
    if outcome.title is None:
        return told
    return f"{outcome.title.said(lang)}{'：' if lang is Lang.ZH else ': '}{told}"


def _measured(outcome: Outcome, lang: Lang) -> str:
    figure = figure_text(outcome.measured, lang)
    if outcome.kind == "document":
        return Text(f"文件受控得分 {figure}", f"document control score {figure}").said(lang)
    if (
        outcome.numerator is not None
        and outcome.denominator is not None
        and outcome.measured.unit == "ratio"
    ):
        figure = f"{outcome.numerator}/{outcome.denominator} = {figure}"
    target = target_text(outcome.target, outcome.measured.unit)
    return f"{figure} ({target})" if target else figure


def lead_text(lead: Lead, lang: Lang) -> str:
    """Where a lead stands: `方针.docx, page 2, paragraph 7, 管理方针`."""
    page = "" if lead.page is None else f"第 {lead.page} 页 · "
    english = "" if lead.page is None else f"page {lead.page} · "
    heading = f" · {lead.heading}" if lead.heading and lead.heading != lead.text else ""
    return Text(
        f"{lead.file} · {page}第 {lead.paragraph} 段{heading}",
        f"{lead.file} · {english}paragraph {lead.paragraph}{heading}",
    ).said(lang)


def beside_texts(outcome: Outcome, lang: Lang) -> tuple[str, ...]:
    """The figures said beside the first."""
    return tuple(f"{b.name.said(lang)}: {b.numerator}/{b.denominator}" for b in outcome.beside)
