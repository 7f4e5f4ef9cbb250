"""Knows the register's sheets of what else a reader must know: limits, doubts, gaps, the standard's defects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fcim_audit.auditfile.maturity import ClauseMaturity
from fcim_audit.auditfile.schema import Alarm
from fcim_audit.language import Text
from fcim_audit.renderers.held_words import DO_WORDS
from fcim_audit.renderers.plain_book import Row
from fcim_audit.renderers.register import NO, YES, Table
from fcim_audit.report import DRAFT_NOTE, RECOMMENDATION_WORDS, HeldAudit, Report
from fcim_audit.report_facts import red_flag_statement, sampling_statement
from fcim_audit.wording import limit_text

_COLUMNS = (("种类", "Kind", 20), ("何处", "Where", 40), ("内容", "Content", 100))
_CLAUSE_COLUMNS = (
    ("条款", "Clause", 16), ("种类", "Kind", 16), ("内容", "Content", 70), ("读法", "Reading", 70),
)  # fmt: skip
_MATURITY_COLUMNS = (
    ("条款", "Clause", 10), ("名称", "Title", 40), ("审核员给的等级", "Level given", 14),
    ("数据允许的最高等级", "Highest by figures", 14), ("依据", "Why", 40), ("高于数据", "Above figures", 12),
)  # fmt: skip


def remarks(report: Report, cut: Callable[[], int]) -> Table:
    """Everything that bounds what the report says; `cut`: how many texts were too long for a cell."""
    return Table(
        Text("说明", "Remarks"),
        Text(
            "抽样、疑点、没有看的、采用的限值", "sampling, doubts, what was not looked at, limits"
        ),
        _COLUMNS,
        _remarks(report, cut),
    )


def clauses(report: Report) -> Table:
    """Leading sentences, and defects of the standard with their reading."""
    return Table(
        Text("条款说明", "Clause notes"),
        Text("引导句与标准文本的问题", "leading sentences and defects of the standard's text"),
        _CLAUSE_COLUMNS,
        _clauses(report),
    )


def maturity(report: Report, held: HeldAudit) -> Table:
    """The maturity of every clause, as given and as figures allow."""
    return Table(
        Text("成熟度", "Maturity"),
        Text("各条款的成熟度", "the maturity of clauses"),
        _MATURITY_COLUMNS,
        (_level(report, item) for item in held.maturity),
    )


def _remarks(report: Report, cut: Callable[[], int]) -> Iterator[Row]:
    draft, sampling = Text("性质", "Nature"), Text("抽样", "Sampling")
    flags, unused = Text("疑点", "Red flags"), Text("没有看的", "Not looked at")
    yield report.said(draft), None, report.said(DRAFT_NOTE)
    for says in sampling_statement(report):
        yield report.said(sampling), None, report.said(says)
    for says in red_flag_statement(report):
        yield report.said(flags), None, report.said(says)
    if report.audit is not None:
        yield from _held(report, report.audit)
    for where, says in report.not_looked_at:
        yield report.said(unused), where, report.said(says)
    yield from _limits(report)
    if cut():
        says = Text(
            f"{cut()} 个单元格的文字过长而被截断（标有 …[全长]）；全文见 JSON。",
            f"The text of {cut()} cells was too long and is cut (marked …[its length]); the JSON holds all of it.",
        )
        yield report.said(Text("截断", "Cut")), None, report.said(says)


def _held(report: Report, held: HeldAudit) -> Iterator[Row]:
    for id_, alarm in held.alarms.items():
        yield (
            report.said(Text("证据真实性疑问", "Doubt about evidence")),
            id_,
            _alarm(report, alarm),
        )
    for requirement, ref in held.changed:
        says = Text(f"判断后被改动：{ref}", f"changed since it was judged on: {ref}")
        yield report.said(Text("证据改动", "Evidence changed")), requirement, report.said(says)
    for way in held.ways:
        fixes = "; ".join(f"{report.said(DO_WORDS[fix.do])} {fix.id}" for fix in way.fixes)
        to = report.said(RECOMMENDATION_WORDS[way.code])
        days = Text(f"{way.days} 人日", f"{way.days} person-days")
        yield (
            report.said(Text("最少要做的", "The least to do")),
            to,
            f"{report.said(days)}: {fixes}",
        )


def _alarm(report: Report, alarm: Alarm) -> str:
    if alarm.settled is None:
        return f"{alarm.about} · {report.said(Text('未了结', 'not settled'))}"
    settled = report.said(Text("已了结", "settled"))
    return f"{alarm.about} · {settled}: {alarm.settled.how} ({alarm.settled.by} {alarm.settled.on})"


def _limits(report: Report) -> Iterator[Row]:
    default = report.said(Text("（缺省值，组织未声明）", "(default, not declared)"))
    for p in report.judgement.plan:
        told = limit_text(p.value, report.lang)
        value = f"{told} {default}" if p.is_default else told
        yield (
            report.said(Text("采用的限值", "Limit used")),
            p.name,
            f"{report.said(p.title)}: {value}",
        )


def _clauses(report: Report) -> Iterator[Row]:
    lead = report.said(Text("引导句", "leading sentence"))
    for clause, told in report.judgement.lead_ins.items():
        for says in told:
            yield clause, lead, report.said(says), None
    for note in report.judgement.notes:
        where = ", ".join(note.clauses) or "4–10"
        yield where, note.id, report.said(note.defect), report.said(note.reading)


def _level(report: Report, item: ClauseMaturity) -> Row:
    above = (YES if item.is_above else NO).said(report.lang)
    levels = tuple(None if n is None else f"L{n}" for n in (item.level, item.ceiling))
    return item.clause.id, report.said(item.clause.title), *levels, report.said(item.why), above
