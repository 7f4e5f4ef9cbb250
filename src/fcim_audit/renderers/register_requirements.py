"""Knows the register's sheets of requirements and of their checks."""

from __future__ import annotations

from collections.abc import Iterator

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.language import Text
from fcim_audit.model import Coverage, Outcome, Status, Verdict
from fcim_audit.renderers.plain_book import Marked, Number, Row, Value
from fcim_audit.renderers.register import Table, lines, status_cell
from fcim_audit.report import HeldAudit, Report
from fcim_audit.wording import (
    VERDICT_WORDS,
    beside_texts,
    figure_text,
    hidden_texts,
    measured_text,
    target_text,
)

_NAME = Text("要求", "Requirements")
_ID = (("编号", "Id", 11), ("要求", "Requirement", 26), ("要求的内容", "What is asked", 36))
_PROPOSED_COLUMNS = (
    *_ID, ("状态", "Status", 14), ("得分", "Score", 8), ("权重", "Weight", 8), ("理由", "Why", 40),
    ("检查与数据", "Checks and figures", 60), ("审核问题", "Question", 50),
)  # fmt: skip
_JUDGED_COLUMNS = (
    *_ID, ("审核员判断", "Judged", 14), ("工具现在的建议", "Tool suggests now", 14),
    ("判断时的建议", "Suggested then", 16), ("依据", "Why", 28), ("证据", "Evidence", 34),
    ("说明", "Note", 26), ("不同于建议的理由", "Reason for differing", 22),
    ("判断人", "Judged by", 12), ("判断时间", "Judged at", 17), ("批准", "Approved by", 12),
    ("不符合项", "Findings", 16), ("得分", "Score", 8), ("权重", "Weight", 8),
    ("检查与数据", "Checks and figures", 60), ("审核问题", "Question", 50),
)  # fmt: skip
_CHECK_COLUMNS = (
    ("检查", "Check", 20), ("要求", "Requirement", 13), ("种类", "Kind", 13), ("内容", "What", 26),
    ("结果", "Verdict", 12), ("实测", "Measured", 16), ("要求值", "Required", 11),
    ("分子", "Numerator", 10), ("分母", "Denominator", 13), ("总体", "Rows judged", 10),
    ("抽样", "Coverage", 14), ("总体至少（95 %）", "At least, of all (95 %)", 13), ("例外数", "Exceptions", 10),
    ("数据集", "Datasets", 24), ("说明", "Remarks", 50),
)  # fmt: skip
_COVERAGE = {
    Coverage.POPULATION: Text("全部记录", "all rows"),
    Coverage.RANDOM_SAMPLE: Text("随机抽样", "random sample"),
    Coverage.JUDGEMENT_SAMPLE: Text("判断抽样", "judgement sample"),
}
_VERDICT_COLOURS = {Verdict.PASS: Status.CONFORM, Verdict.FAIL: Status.MAJOR}


def requirements(report: Report) -> Table:
    """Every requirement: proposed of a bundle; of an audit what was judged beside what is proposed."""
    held = report.audit
    if held is None:
        about = Text("每项要求的建议状态", "every requirement with its proposed status")
        rows = (_proposed(report, r) for r in report.requirements)
        return Table(_NAME, about, _PROPOSED_COLUMNS, rows)
    about = Text(
        "每项要求：审核员的判断与工具的建议", "every requirement: judgement and suggestion"
    )
    return Table(
        _NAME, about, _JUDGED_COLUMNS, (_judged(report, held, r) for r in report.requirements)
    )


def checks(report: Report) -> Table:
    """Every automatic check with its figure."""
    return Table(
        Text("检查", "Checks"),
        Text("每项自动检查的数值", "every automatic check with its figure"),
        _CHECK_COLUMNS,
        (
            tuple(_check(report, r, o))
            for r in report.requirements
            for o in r.outcomes
            if o.question is None
        ),
    )


def _proposed(report: Report, r: RequirementAssessment) -> Row:
    return (
        *_identity(report, r), status_cell(r.status, report.lang), _score(r), float(r.weight),
        _why(report, r), *_facts(report, r),
    )  # fmt: skip


def _judged(report: Report, held: HeldAudit, r: RequirementAssessment) -> Row:
    lang, d = report.lang, r.decided
    status: Value = Text("尚未判断", "not judged yet").said(lang)
    then: Value = None
    rest: tuple[Value, ...] = (None,) * 6
    if d is not None:
        status, then = status_cell(r.status, lang), status_cell(d.proposed, lang)
        rest = (
            lines(*d.evidence), d.note, d.reason, member(held, d.by),
            d.at.isoformat(sep=" ", timespec="minutes"), member(held, d.approved_by),
        )  # fmt: skip
    return (
        *_identity(report, r), status, status_cell(r.proposed, lang), then, _why(report, r), *rest,
        ", ".join(r.findings) or None, _score(r), float(r.weight), *_facts(report, r),
    )  # fmt: skip


def member(held: HeldAudit, id_: str | None) -> str | None:
    """A member of the team by id and name."""
    who = None if id_ is None else held.file.member(id_)
    return id_ if who is None else f"{who.id} {who.name}"


def _identity(report: Report, r: RequirementAssessment) -> tuple[Value, Value, Value]:
    return r.id, report.said(r.title), report.said(r.criterion)


def _score(r: RequirementAssessment) -> Value:
    return None if r.score is None else round(float(r.score), 1)


def _why(report: Report, r: RequirementAssessment) -> str | None:
    sampled = Text("（抽样）", "(on sample)").said(report.lang) if r.on_sample else None
    return lines(*(f"{w.rule} · {report.said(w.says)}" for w in r.why), sampled)


def _facts(report: Report, r: RequirementAssessment) -> tuple[Value, Value]:
    told = (
        f"{o.check_id} {report.said(VERDICT_WORDS[o.verdict])} {measured_text(o, report.lang)}"
        for o in r.outcomes
        if o.question is None
    )
    return lines(*told), lines(
        *(report.said(o.question) for o in r.outcomes if o.question is not None)
    )


def _check(report: Report, r: RequirementAssessment, o: Outcome) -> Iterator[Value]:
    lang = report.lang
    yield from (o.check_id, r.id, o.kind, None if o.title is None else report.said(o.title))
    yield Marked(report.said(VERDICT_WORDS[o.verdict]), _VERDICT_COLOURS.get(o.verdict))
    yield from (figure_text(o.measured, lang), target_text(o.target, o.measured.unit))
    yield from (o.numerator, o.denominator, o.counts.population if o.sql is not None else None)
    yield report.said(_COVERAGE[o.coverage])
    yield None if o.bound is None else Number(float(o.bound), "0.00%")
    yield from (o.exception_count, ", ".join(o.datasets) or None)
    yield lines(
        *(report.said(text) for text in (*o.reasons, *hidden_texts(o))), *beside_texts(o, lang)
    )
