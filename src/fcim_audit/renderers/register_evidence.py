"""Knows the register's sheets of evidence: exceptions, what figures were made of, every file with its hash."""

from __future__ import annotations

from collections.abc import Iterator

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.evidence.holdings import FileReport
from fcim_audit.language import Text
from fcim_audit.model import ExceptionRow, Outcome, SheetSource, Status
from fcim_audit.renderers.plain_book import Marked, Row
from fcim_audit.renderers.register import NO, YES, Table, lines, status_cell
from fcim_audit.renderers.sources import cells_text, columns_text, span_text
from fcim_audit.report import Report
from fcim_audit.wording import why_text

_EXCEPTION_COLUMNS = (
    ("检查", "Check", 18), ("文件", "File", 30), ("工作表", "Sheet", 14), ("行", "Row", 8),
    ("编号", "Key", 18), ("原因", "Why", 26), ("值", "Values", 40),
    ("决定性单元格", "Deciding cell", 10), ("单元格原文", "Cells as they stood", 46),
    ("要求", "Requirement", 13), ("状态", "Status", 14),
)  # fmt: skip
_SOURCE_COLUMNS = (
    ("检查", "Check", 18), ("数据集", "Dataset", 20), ("文件", "File", 30),
    ("工作表", "Sheet", 14), ("范围", "Cells", 14), ("数据行", "Rows", 10),
    ("排除行", "Left out", 10), ("读取的列", "Columns read", 60), ("sha256", "sha256", 66),
)  # fmt: skip
_EVIDENCE_COLUMNS = (
    ("文件", "File", 34), ("sha256", "sha256", 66), ("字节", "Bytes", 12), ("格式", "Format", 8),
    ("编码", "Encoding", 11), ("工作表", "Sheet", 16), ("隐藏", "Hidden", 8),
    ("数据集", "Dataset", 22), ("数据行", "Rows", 9), ("排除行", "Left out", 9),
    ("读不懂", "Problems", 9), ("说明", "Remarks", 40),
)  # fmt: skip


def exceptions(report: Report) -> Table:
    """Every exception with its place and what stood there."""
    return Table(
        Text("例外", "Exceptions"),
        Text("每处例外：文件、工作表、行、原文", "every exception: file, sheet, row, text"),
        _EXCEPTION_COLUMNS,
        (row for r in report.requirements for o in r.outcomes for row in _listed(report, r, o)),
    )


def sources(report: Report) -> Table:
    """What every figure was made of."""
    return Table(
        Text("数据来源", "Sources"),
        Text(
            "每个数值取自哪些文件、范围和列", "files, cells and columns that figures were made of"
        ),
        _SOURCE_COLUMNS,
        (
            _source(report, o, source)
            for r in report.requirements
            for o in r.outcomes
            for source in o.sources
        ),
    )


def evidence(report: Report) -> Table:
    """Every file with its hash and what was read of it."""
    return Table(
        Text("证据", "Evidence"),
        Text("证据清单：文件与 sha256", "the evidence register: files and their sha256"),
        _EVIDENCE_COLUMNS,
        (row for file in report.files for row in _file(report, file)),
    )


def _listed(report: Report, r: RequirementAssessment, o: Outcome) -> Iterator[Row]:
    last = r.id, status_cell(r.status, report.lang)
    for row in o.exceptions:
        yield *_exception(report, o, row), *last
    missing = o.exception_count - len(o.exceptions)
    if missing > 0:
        says = Text(f"另有 {missing} 处，结果中未列出", f"{missing} more, not listed in the result")
        yield o.check_id, *(None,) * 4, report.said(says), *(None,) * 3, *last


def _exception(report: Report, o: Outcome, row: ExceptionRow) -> Row:
    values = "; ".join(f"{n} = {'—' if v is None else v}" for n, v in row.values.items())
    return (
        o.check_id, row.place.file, row.place.sheet, row.place.row or None, row.key,
        why_text(row, report.lang), values, row.decisive,
        cells_text(row, report.lang, "\n") or None,
    )  # fmt: skip


def _source(report: Report, o: Outcome, source: SheetSource) -> Row:
    return (
        o.check_id, source.dataset, source.file, source.sheet, span_text(source, report.lang),
        source.rows, source.left_out, columns_text(source), source.sha256,
    )  # fmt: skip


def _file(report: Report, file: FileReport) -> Iterator[Row]:
    head = file.file, file.sha256, file.bytes, file.kind, file.encoding
    notes = lines(*map(report.said, file.notes))
    if file.unreadable is not None:
        yield *head, *(None,) * 6, Marked(report.said(file.unreadable), Status.MAJOR)
    for number, sheet in enumerate(file.sheets):
        hidden = report.said(NO if sheet.visible else YES)
        left_out = sum(sheet.left_out_counts.values()) or len(sheet.left_out)
        yield (
            *head, sheet.name, hidden, sheet.dataset, sheet.row_count, left_out,
            sheet.problem_count, None if number else notes,
        )  # fmt: skip
    if file.unreadable is None and not file.sheets:
        yield *head, *(None,) * 6, notes
