"""Knows the command `report`: the documents of an audit, written whole into a folder."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.audit_report import report_of
from fcim_audit.auditfile.folder import OUT
from fcim_audit.cli.audits import AlsoInFolder, Folder, folder_of, now, standings_in
from fcim_audit.cli.words import message, said
from fcim_audit.durable import write_whole
from fcim_audit.errors import UsageError
from fcim_audit.language import Text
from fcim_audit.renderers.documents import DOCUMENTS
from fcim_audit.document_kinds import Kind
from fcim_audit.report import Report


class ReportFormat(StrEnum):
    """What a document is written as."""

    DOCX = "docx"
    HTML = "html"
    XLSX = "xlsx"
    PDF = "pdf"
    MD = "md"
    JSON = "json"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "report",
        help=said(
            "由审核文件夹生成文件：审核计划、检查表、不符合项报告、审核报告、差距评估、认证推荐表。",
            "Write the documents of an audit: plan, checklist, nonconformity reports, audit report, gap report, recommendation.",
        ),
        epilog=said(
            "例：fcim-audit report 审核 · fcim-audit report 审核 --kind nc --format docx --out 文件",
            "Examples: fcim-audit report AUDIT; fcim-audit report AUDIT --kind nc --format docx --out DIR",
        ),
    )(report_command)


def report_command(
    audit: Folder = None,
    also: AlsoInFolder = None,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            help=said(
                "哪种文件，可重复；缺省 audit", "Which document, repeatable; audit by default"
            )
        ),
    ] = None,
    format_: Annotated[
        list[ReportFormat] | None,
        typer.Option(
            "--format", help=said("格式，可重复；缺省 docx", "Format, repeatable; docx by default")
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=said("写到哪个文件夹，缺省为审核的 out", "Folder; by default the audit's out"),
        ),
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            "--today", metavar="DATE", help=said("报告日期", "The day the report is made for")
        ),
    ] = None,
) -> None:
    """Write each document in each format."""
    folder = folder_of(audit, also)
    kinds, formats = kind or [Kind.AUDIT], format_ or [ReportFormat.DOCX]
    _demand_known(kinds, formats)
    standings = standings_in(folder)
    report = report_of(standings, today=_day(today))
    target = out or folder / OUT
    target.mkdir(parents=True, exist_ok=True)
    files = [
        (target / _name(report, k, f), DOCUMENTS[k, f.value](report))
        for k in kinds
        for f in formats
    ]
    for file, data in files:
        write_whole(file, data)
        message(str(file))


def _demand_known(kinds: list[Kind], formats: list[ReportFormat]) -> None:
    for kind in kinds:
        for format_ in formats:
            if (kind, format_.value) not in DOCUMENTS:
                there = ", ".join(f for k, f in DOCUMENTS if k is kind)
                raise UsageError(
                    Text(f"{kind} 没有 {format_} 格式", f"there is no {kind} as {format_}"),
                    "--format",
                    Text(f"可用：{there}", f"use one of {there}"),
                )


def _name(report: Report, kind: Kind, format_: ReportFormat) -> str:
    return f"{report.bundle}-{kind.value}.{format_.value}"


def _day(option: str | None) -> dt.date:
    if option is None:
        return now().date()
    try:
        return dt.date.fromisoformat(option)
    except ValueError:
        raise UsageError(
            Text(f"不是日期：{option}", f"is no date: {option}"),
            "--today",
            Text("如 2026-01-31", "as 2026-01-31"),
        ) from None
