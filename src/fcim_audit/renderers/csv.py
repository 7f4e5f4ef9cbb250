"""Knows the exceptions as CSV: one line each, every field quoted, nothing that a spreadsheet would run.

A field that begins as a formula does gets a `'` in front; the last column names the columns where
that was done, so that what stood in the evidence can be had back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.language import Lang, Text
from fcim_audit.model import ExceptionRow, Outcome
from fcim_audit.renderers.sources import cells_text
from fcim_audit.report import Report
from fcim_audit.wording import STATUS_WORDS, VERDICT_WORDS, clean, why_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADS = (
    Text("要求", "Requirement"),
    Text("状态", "Status"),
    Text("检查", "Check"),
    Text("检查结果", "Verdict"),
    Text("文件", "File"),
    Text("工作表", "Sheet"),
    Text("行", "Row"),
    Text("编号", "Key"),
    Text("原因", "Why"),
    Text("值", "Values"),
    Text("决定性单元格", "Deciding cell"),
    Text("单元格原文", "Cells as they stood"),
    Text("以公式字符开头、前加 ' 的列", "Columns with ' put before what begins as a formula"),
)


def render(report: Report) -> bytes:
    """The file as UTF-8 with a byte order mark, which Excel needs."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    heads = [head.said(report.lang) for head in HEADS]
    writer.writerow(heads)
    for line in _lines(report):
        safe, changed = _safe(line, heads)
        writer.writerow([*safe, ", ".join(changed)])
    return out.getvalue().encode("utf-8-sig", errors="backslashreplace")


def _lines(report: Report) -> Iterator[tuple[str, ...]]:
    for r in report.requirements:
        for o in r.outcomes:
            head = _head(report, r, o)
            for row in o.exceptions:
                yield (*head, *_row(row, report.lang))
            missing = o.exception_count - len(o.exceptions)
            if missing > 0:
                says = Text(
                    f"另有 {missing} 处，结果中未列出", f"{missing} more, not listed in the result"
                )
                yield (*head, "", "", "", "", says.said(report.lang), "", "", "")  # fmt: skip


def _head(report: Report, r: RequirementAssessment, o: Outcome) -> tuple[str, str, str, str]:
    status, verdict = STATUS_WORDS[r.status], VERDICT_WORDS[o.verdict]
    return r.id, status.said(report.lang), o.check_id, verdict.said(report.lang)


def _row(row: ExceptionRow, lang: Lang) -> tuple[str, ...]:
    values = "; ".join(f"{n} = {'—' if v is None else v}" for n, v in row.values.items())
    return (
        row.place.file, row.place.sheet or "", str(row.place.row or ""), row.key,
        why_text(row, lang), values, row.decisive or "", cells_text(row, lang),
    )  # fmt: skip


def _safe(line: tuple[str, ...], heads: list[str]) -> tuple[list[str], list[str]]:
    """The fields as no spreadsheet runs them, and the heads of those that were changed."""
    fields, changed = [], []
    for head, text in zip(heads, map(clean, line), strict=False):
        is_formula = text.lstrip(" ").startswith(FORMULA_STARTS)
        fields.append(f"'{text}" if is_formula else text)
        if is_formula:
            changed.append(head)
    return fields, changed
