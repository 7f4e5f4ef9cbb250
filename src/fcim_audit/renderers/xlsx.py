"""Knows the result as a workbook: requirements, figures, findings, exceptions, evidence; text stays text."""

from __future__ import annotations

from collections.abc import Sequence

from fcim_audit.language import Lang
from fcim_audit.model import Status
from fcim_audit.renderers.plain_book import Sheets, Value
from fcim_audit.renderers.sources import cells_text, columns_text, span_text
from fcim_audit.report import DRAFT_NOTE, Report
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    figure_text,
    measured_text,
    target_text,
    why_text,
)


def render(report: Report) -> bytes:
    """The workbook."""
    sheets = Sheets()
    _summary(report, sheets)
    _requirements(report, sheets)
    _figures(report, sheets)
    _exceptions(report, sheets)
    _sources(report, sheets)
    _clauses(report, sheets)
    _evidence(report, sheets)
    return sheets.done()


def _heads(report: Report, *columns: tuple[str, str, int]) -> list[tuple[str, int]]:
    zh = report.lang is Lang.ZH
    return [(chinese if zh else english, width) for chinese, english, width in columns]


def _name(report: Report, zh: str, en: str) -> str:
    return zh if report.lang is Lang.ZH else en


def _summary(report: Report, sheets: Sheets) -> None:
    judgement = report.judgement
    period = f"{report.period_start.date()} – {report.period_end.date()}"
    lines: list[tuple[str, Value]] = [
        (_name(report, "受审核方", "Organisation"), report.organisation.name),
        (_name(report, "审核期间", "Audit period"), period),
        (_name(report, "截止日", "Cut-off"), str(report.as_of.date())),
        (
            _name(report, "检查表", "Checklist"),
            f"{report.said(judgement.checklist.title)} ({judgement.checklist.edition})",
        ),
        (_name(report, "准则哈希", "Checklist sha256"), judgement.checklist.sha256),
        (_name(report, "规则", "Profile"), f"{judgement.profile.id} {judgement.profile.sha256}"),
        (_name(report, "结论", "Verdict"), report.said(report.verdict)),
    ]
    lines += [(report.said(STATUS_WORDS[status]), report.count(status)) for status in Status]
    lines.append((_name(report, "说明", "Note"), report.said(DRAFT_NOTE)))
    lines += [
        (_name(report, "没有看的", "Not looked at"), f"{w}: {report.said(t)}")
        for w, t in report.not_looked_at
    ]
    lines += [
        (_name(report, "缺省限值", "Default limit"), report.said(text)) for text in report.defaults
    ]
    columns = _heads(report, ("项目", "Item", 24), ("内容", "Content", 100))
    sheets.add(_name(report, "概要", "Summary"), columns, ((None, line) for line in lines))


def _requirements(report: Report, sheets: Sheets) -> None:
    columns = _heads(
        report, ("编号", "Id", 11), ("要求", "Requirement", 36), ("状态", "Status", 14),
        ("得分", "Score", 8), ("权重", "Weight", 8), ("理由", "Why", 40),
        ("检查与数据", "Checks and figures", 60), ("审核问题", "Question", 50),
    )  # fmt: skip
    rows: list[tuple[Status | None, Sequence[Value]]] = []
    for r in report.requirements:
        checks = [
            f"{o.check_id} {report.said(VERDICT_WORDS[o.verdict])} {measured_text(o, report.lang)}"
            for o in r.outcomes
            if o.question is None
        ]
        questions = [report.said(o.question) for o in r.outcomes if o.question is not None]
        why = [f"{w.rule} {report.said(w.says)}" for w in r.why]
        score = None if r.score is None else round(float(r.score), 1)
        rows.append(
            (
                r.status,
                (r.id, report.said(r.title), report.said(STATUS_WORDS[r.status]), score,
                 float(r.weight), "\n".join(why), "\n".join(checks), "\n".join(questions)),
            )
        )  # fmt: skip
    sheets.add(_name(report, "要求", "Requirements"), columns, rows)


def _figures(report: Report, sheets: Sheets) -> None:
    columns = _heads(
        report, ("编号", "Id", 10), ("指标", "Figure", 36), ("实测", "Measured", 14),
        ("分子", "Numerator", 12), ("分母", "Denominator", 12), ("要求", "Required", 12),
        ("结果", "Result", 14),
    )  # fmt: skip
    words = {
        True: _name(report, "达标", "met"),
        False: _name(report, "未达标", "missed"),
        None: _name(report, "未核实", "not verified"),
    }
    status = {True: Status.CONFORM, False: Status.MAJOR, None: None}
    sheets.add(
        _name(report, "指标", "Figures"),
        columns,
        (
            (
                status[k.attained],
                (k.id, report.said(k.name), figure_text(k.measured, report.lang), k.numerator,
                 k.denominator, target_text(k.target, k.measured.unit), words[k.attained]),
            )
            for k in report.judgement.kpis
        ),
    )  # fmt: skip


def _exceptions(report: Report, sheets: Sheets) -> None:
    columns = _heads(
        report, ("检查", "Check", 18), ("文件", "File", 30), ("工作表", "Sheet", 14),
        ("行", "Row", 8), ("编号", "Key", 18), ("原因", "Why", 30), ("值", "Values", 60),
        ("决定性单元格", "Deciding cell", 12), ("单元格原文", "Cells as they stood", 60),
    )  # fmt: skip
    rows: list[tuple[Status | None, Sequence[Value]]] = []
    for r in report.requirements:
        for o in r.outcomes:
            for e in o.exceptions:
                values = "; ".join(f"{n} = {'—' if v is None else v}" for n, v in e.values.items())
                rows.append(
                    (None, (o.check_id, e.place.file, e.place.sheet, e.place.row or None, e.key,
                            why_text(e, report.lang), values, e.decisive,
                            cells_text(e, report.lang, "\n") or None))
                )  # fmt: skip
    sheets.add(_name(report, "例外", "Exceptions"), columns, rows)


def _sources(report: Report, sheets: Sheets) -> None:
    columns = _heads(
        report, ("检查", "Check", 18), ("数据集", "Dataset", 20), ("文件", "File", 30),
        ("工作表", "Sheet", 14), ("范围", "Cells", 14), ("数据行", "Rows", 10),
        ("排除行", "Left out", 10), ("读取的列", "Columns read", 60), ("sha256", "sha256", 66),
    )  # fmt: skip
    rows: list[tuple[Status | None, Sequence[Value]]] = [
        (None, (o.check_id, s.dataset, s.file, s.sheet, span_text(s, report.lang), s.rows,
                s.left_out, columns_text(s), s.sha256))
        for r in report.requirements
        for o in r.outcomes
        for s in o.sources
    ]  # fmt: skip
    sheets.add(_name(report, "数据来源", "Sources"), columns, rows)


def _clauses(report: Report, sheets: Sheets) -> None:
    columns = _heads(
        report, ("条款", "Clause", 16), ("种类", "Kind", 16), ("内容", "Content", 70),
        ("读法", "Reading", 70),
    )  # fmt: skip
    lead = _name(report, "引导句", "leading sentence")
    rows: list[tuple[Status | None, Sequence[Value]]] = [
        (None, (clause, lead, report.said(says), None))
        for clause, told in report.judgement.lead_ins.items()
        for says in told
    ]
    rows += [
        (None, (", ".join(note.clauses) or "4–10", note.id, report.said(note.defect),
                report.said(note.reading)))
        for note in report.judgement.notes
    ]  # fmt: skip
    sheets.add(_name(report, "条款说明", "Clause notes"), columns, rows)


def _evidence(report: Report, sheets: Sheets) -> None:
    columns = _heads(
        report, ("文件", "File", 34), ("sha256", "sha256", 66), ("字节", "Bytes", 12),
        ("编码", "Encoding", 12), ("工作表", "Sheet", 16), ("数据集", "Dataset", 22),
        ("数据行", "Rows", 10), ("排除行", "Left out", 10), ("读不懂", "Problems", 10),
    )  # fmt: skip
    rows: list[tuple[Status | None, Sequence[Value]]] = []
    for f in report.files:
        if f.unreadable is not None:
            rows.append(
                (
                    Status.MAJOR,
                    (
                        f.file,
                        f.sha256,
                        f.bytes,
                        report.said(f.unreadable),
                        None,
                        None,
                        None,
                        None,
                        None,
                    ),
                )
            )
        rows += [
            (None, (f.file, f.sha256, f.bytes, f.encoding, s.name, s.dataset, s.row_count,
                    len(s.left_out), s.problem_count))
            for s in f.sheets
        ]  # fmt: skip
    sheets.add(_name(report, "证据", "Evidence"), columns, rows)
