"""Knows how statuses, verdicts, figures and places are told, and how hostile text is shown."""

from __future__ import annotations

import re
from fractions import Fraction

from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    Breakdown,
    Comparator,
    Dimension,
    ExceptionRow,
    Figure,
    Lead,
    Outcome,
    Status,
    Target,
    Verdict,
)

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_MONTHS = re.compile(r"(\d+) months")
_SHARE = re.compile(r"\d+/\d+")
STATUS_WORDS = {
    Status.CONFORM: Text("符合", "conform"),
    Status.OFI: Text("改进机会", "opportunity for improvement"),
    Status.MINOR: Text("一般不符合", "minor nonconformity"),
    Status.MAJOR: Text("严重不符合", "major nonconformity"),
    Status.NOT_VERIFIED: Text("未核实", "not verified"),
    Status.NOT_APPLICABLE: Text("不适用", "not applicable"),
}
VERDICT_WORDS = {
    Verdict.PASS: Text("通过", "pass"),
    Verdict.FAIL: Text("不通过", "fail"),
    Verdict.INCONCLUSIVE: Text("无法下结论", "inconclusive"),
    Verdict.NO_EVIDENCE: Text("无证据", "no evidence"),
    Verdict.STALE: Text("证据过时", "stale"),
    Verdict.UNREADABLE: Text("无法读取", "unreadable"),
    Verdict.MANUAL: Text("待审核员判断", "for the auditor"),
    Verdict.NOT_APPLICABLE: Text("不适用", "not applicable"),
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


def clean(text: str) -> str:
    """Text without control, bidirectional-override or surrogate characters; each shows as `\\xNN`."""
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


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


def limit_text(value: str, lang: Lang) -> str:
    """A declared limit as people read it: `12 个月`, `95 %` for 19/20; other units stay as they are."""
    months, share = _MONTHS.fullmatch(value), _SHARE.fullmatch(value)
    if months is not None and lang is Lang.ZH:
        return f"{months[1]} 个月"
    if share is not None:
        return f"{decimals(Fraction(value) * 100, 2)} %"
    return value


def decimals(value: Fraction, digits: int, *, grouped: bool = False) -> str:
    """Rounded half up for reading only, without trailing zeros; verdicts never use this."""
    scaled = (abs(value) * 10**digits * 2 + 1) // 2
    whole, rest = divmod(int(scaled), 10**digits)
    text = f"{whole:,}" if grouped else str(whole)
    if digits and rest:
        text += f".{rest:0{digits}d}".rstrip("0")
    return f"-{text}" if value < 0 and scaled else text


def place_text(row: ExceptionRow) -> str:
    """`file!sheet!E17` where one cell decides, else `file!sheet:row`; no row where there is none."""
    where = f"{row.place.file}!{row.place.sheet}" if row.place.sheet else row.place.file
    if row.decisive is not None:
        return f"{where}!{row.decisive}"
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


def part_text(part: Breakdown, lang: Lang) -> str:
    """A month's or site's figure: `38/40 = 95 %`."""
    figure = figure_text(part.measured, lang)
    if part.numerator is None or part.denominator is None:
        return figure
    return f"{part.numerator}/{part.denominator} = {figure}"


def hidden_texts(outcome: Outcome) -> tuple[Text, ...]:
    """Each month or site that misses the target while the whole meets it, in words."""
    words = {Dimension.MONTH: Text("月份", "month"), Dimension.SITE: Text("场所", "site")}
    nameless = Text("（未写明）", "(not named)")
    return tuple(
        Text(
            f"总体达标，但{words[p.dimension].zh} {p.label or nameless.zh} 未达标：{part_text(p, Lang.ZH)}",
            f"met as a whole, but not in {words[p.dimension].en} {p.label or nameless.en}:"
            f" {part_text(p, Lang.EN)}",
        )
        for p in outcome.hidden
    )


def parts_not_told(outcome: Outcome) -> tuple[Text, ...]:
    """What an indicator could not be broken down by, because the data do not say it."""
    if not outcome.is_kpi or outcome.sql is None or not outcome.counts.population:
        return ()
    told = {part.dimension for part in outcome.by}
    words = {
        Dimension.MONTH: Text(
            "数据中没有时间，不能按月列示", "no time in the data: not told by month"
        ),
        Dimension.SITE: Text(
            "数据中没有场所，不能按场所列示", "site not in the data: not told by site"
        ),
    }
    return tuple(words[d] for d in Dimension if d not in told)
