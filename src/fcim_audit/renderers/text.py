"""Knows the result on a terminal: verdict first, then findings, figures, and what was not looked at."""

from __future__ import annotations

import io

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from fcim_audit.assessment import Kpi, RequirementAssessment
from fcim_audit.language import Lang, Text
from fcim_audit.model import Comparator, Outcome, Status, Verdict
from fcim_audit.renderers.claim_words import claimed_text, difference_text
from fcim_audit.report import DRAFT_NOTE, Report
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    beside_texts,
    clean,
    figure_text,
    measured_text,
    place_text,
    target_text,
    why_text,
)

WIDTH = 100
BAR = 10
PLACES_SHOWN = 3
LINES_SHOWN = 12
_STYLES = {
    Status.MAJOR: "bold red",
    Status.MINOR: "red",
    Status.OFI: "yellow",
    Status.CONFORM: "green",
    Status.NOT_VERIFIED: "dim",
    Status.NOT_APPLICABLE: "dim",
}


def render(report: Report) -> bytes:
    """The whole text without colours."""
    out = io.StringIO()
    printed(report, Console(file=out, width=WIDTH, no_color=True, highlight=False, emoji=False))
    return out.getvalue().encode("utf-8", errors="backslashreplace")


def printed(report: Report, console: Console) -> None:
    """Print the report on a console."""
    _head(report, console)
    _kpis(report, console)
    _findings(report, console)
    _open_rules(report, console)
    _remarks(report, console)
    _not_looked_at(report, console)
    _foot(report, console)


def _said(report: Report, zh: str, en: str) -> str:
    return zh if report.lang is Lang.ZH else en


def _head(report: Report, console: Console) -> None:
    period = f"{report.period_start.date()} – {report.period_end.date()}"
    name = clean(report.organisation.name)
    console.print(Line(name, style="bold"), Line(f"  {period}"))
    checklist = report.judgement.checklist
    console.print(
        Line(
            _said(
                report,
                f"{checklist.title.zh}（{checklist.edition}）· 截止 {report.as_of.date()} · {report.engine}",
                f"{checklist.title.en} ({checklist.edition}) · cut-off {report.as_of.date()} · {report.engine}",
            ),
            style="dim",
        )
    )
    console.print()
    console.print(Line(report.said(report.verdict), style="bold"))
    counts = Line()
    for status in _STYLES:
        n = report.count(status)
        if n or status in {Status.MAJOR, Status.MINOR}:
            counts.append(f"{STATUS_WORDS[status].said(report.lang)} {n}", style=_STYLES[status])
            counts.append("  ")
    counts.append(
        _said(report, f"共 {len(report.requirements)} 项", f"of {len(report.requirements)}")
    )
    console.print(counts)
    console.print()


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _kpis(report: Report, console: Console) -> None:
    console.print(Line(_said(report, "6.3 的八项指标", "The eight figures of 6.3"), style="bold"))
    table = _table(
        "", _said(report, "指标", "figure"), _said(report, "实测", "measured"), "",
        _said(report, "要求", "required"), "",
    )  # fmt: skip
    words = {
        True: (_said(report, "√ 达标", "√ met"), "green"),
        False: (_said(report, "× 未达标", "× missed"), "red"),
        None: (_said(report, "? 未核实", "? not verified"), "dim"),
    }
    for kpi in report.judgement.kpis:
        word, style = words[kpi.attained]
        table.add_row(
            kpi.id,
            report.said(kpi.name),
            figure_text(kpi.measured, report.lang),
            _bar(kpi),
            target_text(kpi.target, kpi.measured.unit),
            Line(word, style=style),
        )
    console.print(Padding(table, (0, 0, 1, 2)))
    for kpi in report.judgement.kpis:
        if kpi.claimed is not None:
            claim = _said(report, "声称", "claimed")
            told = (claimed_text(kpi, report.lang), difference_text(kpi, report.lang))
            console.print(f"  {kpi.id} {claim} {'  '.join(part for part in told if part)}")


def _bar(kpi: Kpi) -> Line:
    value, target = kpi.measured.value, kpi.target
    if value is None or target is None or target.op is not Comparator.AT_LEAST:
        return Line("")
    whole = 1 if kpi.measured.unit == "ratio" else 100
    filled = max(0, min(BAR, int(value / whole * BAR)))
    style = "green" if kpi.attained else "red"
    return Line("■" * filled, style=style) + Line("□" * (BAR - filled), style="dim")


def _findings(report: Report, console: Console) -> None:
    if not report.findings:
        return
    console.print(
        Line(_said(report, "不符合与改进机会", "Nonconformities and opportunities"), style="bold")
    )
    for r in report.findings:
        line = Line("  ")
        line.append(f"{report.said(STATUS_WORDS[r.status])}  ", style=_STYLES[r.status])
        line.append(f"{r.id}  ", style="bold")
        line.append(report.said(r.title))
        console.print(line)
        for why in r.why:
            console.print(Line(f"      {why.rule}  {report.said(why.says)}", style="dim"))
        for outcome in _worth_saying(r):
            _outcome(report, console, outcome)
    console.print()


def _worth_saying(r: RequirementAssessment) -> list[Outcome]:
    failed = [o for o in r.outcomes if o.verdict is Verdict.FAIL]
    return failed or [o for o in r.outcomes if o.sql is not None]


def _outcome(report: Report, console: Console, outcome: Outcome) -> None:
    said = [measured_text(outcome, report.lang), *_said_beside(report, outcome)]
    console.print(Line("      " + clean(_join(report, said))))
    for row in outcome.exceptions[:PLACES_SHOWN]:
        why = why_text(row, report.lang)
        parts = [place_text(row), row.key, why]
        console.print(Line("        · " + "  ".join(clean(p) for p in parts if p), style="dim"))
    left = outcome.exception_count - min(PLACES_SHOWN, len(outcome.exceptions))
    if left > 0:
        console.print(
            Line(
                _said(report, f"        · 还有 {left} 处", f"        · and {left} more"),
                style="dim",
            )
        )


def _open_rules(report: Report, console: Console) -> None:
    if not report.open_rules:
        return
    console.print(
        Line(
            _said(report, "自动规则未能下结论", "Automatic rules that could not conclude"),
            style="bold",
        )
    )
    table = _table("", "", "")
    table.show_header = False
    for r, outcome in report.open_rules[:LINES_SHOWN]:
        table.add_row(
            outcome.check_id,
            VERDICT_WORDS[outcome.verdict].said(report.lang),
            clean(report.said(outcome.reasons[-1])) if outcome.reasons else report.said(r.title),
        )
    console.print(Padding(table, (0, 0, 0, 2)))
    _more(report, console, len(report.open_rules) - LINES_SHOWN)
    console.print()


def _remarks(report: Report, console: Console) -> None:
    """What is said of rules that found nothing wrong."""
    lines = [
        f"  {o.check_id}  {clean(_join(report, [measured_text(o, report.lang), *remarks]))}"
        for r in report.requirements
        for o in r.outcomes
        if o.verdict is Verdict.PASS and (remarks := _said_beside(report, o))
    ]
    if not lines:
        return
    console.print(
        Line(_said(report, "通过的规则另有说明", "Remarks on rules that passed"), style="bold")
    )
    for line in lines[:LINES_SHOWN]:
        console.print(Line(line))
    _more(report, console, len(lines) - LINES_SHOWN)
    console.print()


def _said_beside(report: Report, outcome: Outcome) -> list[str]:
    return [*beside_texts(outcome, report.lang), *(report.said(r) for r in outcome.reasons)]


def _join(report: Report, parts: list[str]) -> str:
    return ("；" if report.lang is Lang.ZH else "; ").join(parts)


def _not_looked_at(report: Report, console: Console) -> None:
    console.print(Line(_said(report, "没有看的", "What was not looked at"), style="bold"))
    questions = Text(
        f"{report.manual_questions} 个问题只能由审核员判断",
        f"{report.manual_questions} questions only an auditor can answer",
    )
    console.print(Line(f"  {report.said(questions)}"))
    lines = report.not_looked_at
    for where, what in lines[:LINES_SHOWN]:
        console.print(Line(f"  {clean(where)}: {clean(report.said(what))}"))
    _more(report, console, len(lines) - LINES_SHOWN)
    defaults = len(report.defaults)
    if defaults:
        console.print(
            Line(
                _said(
                    report,
                    f"  {defaults} 个限值组织未声明，用的是缺省值",
                    f"  {defaults} limits were not declared by the organisation; defaults were used",
                )
            )
        )
    console.print()


def _more(report: Report, console: Console, left: int) -> None:
    if left > 0:
        console.print(Line(_said(report, f"  还有 {left} 条", f"  and {left} more"), style="dim"))


def _foot(report: Report, console: Console) -> None:
    overall = report.judgement.overall
    score = "—" if overall.score is None else f"{float(overall.score):.1f}"
    console.print(
        Line(
            _said(
                report,
                f"得分 {score}（仅就已核实的 {overall.verified}/{overall.applicable} 项，不作为结论）",
                f"Score {score} (of the {overall.verified}/{overall.applicable} verified only; it decides nothing)",
            ),
            style="dim",
        )
    )
    console.print(Line(report.said(DRAFT_NOTE), style="dim"))
