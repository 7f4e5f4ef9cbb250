"""Knows the command `report`: the documents of an audit, written whole into a folder."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.audit_report import report_of
from fcim_audit.auditfile.folder import OUT
from fcim_audit.cli import words
from fcim_audit.cli.audits import AlsoInFolder, By, Folder, folder_of, now, standings_in
from fcim_audit.cli.report_final import demand_complete, numbered, spoken_for, write_final
from fcim_audit.cli.words import message, said
from fcim_audit.document_kinds import KIND_WORDS, Kind
from fcim_audit.durable import write_whole
from fcim_audit.errors import UsageError
from fcim_audit.language import Lang, Text
from fcim_audit.renderers import pdf
from fcim_audit.renderers.documents import DOCUMENTS
from fcim_audit.renderers.docx import document, of_one
from fcim_audit.renderers.docx.template_check import available, demand_known
from fcim_audit.report import Lack, Report, lacks_of
from fcim_audit.wording import clean

MOST_PLACES = 12
"""How many places of one rule are listed before the rest is counted."""


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
    language: Annotated[
        Lang | None,
        typer.Option(
            "--language",
            help=said(
                "文件的语言，缺省为审核的", "Language of the documents; the audit's by default"
            ),
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FILE.docx",
            help=said(
                "自己的 Word 模板（先检查字段）",
                "A Word template of your own; its fields are checked first",
            ),
        ),
    ] = None,
    each: Annotated[
        bool,
        typer.Option(
            "--each", help=said("nc：每项不符合一个文件", "nc: a file for each nonconformity")
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help=said(
                "只检查内容是否齐全，缺一项错误即退出码 1",
                "Only check that nothing is lacking; exit code 1 for an error",
            ),
        ),
    ] = False,
    final: Annotated[
        bool,
        typer.Option(
            "--final",
            help=said(
                "标为终稿并记入日志；有缺项则拒绝",
                "Mark as final and note it in the journal; refused while something is lacking",
            ),
        ),
    ] = False,
    by: By = None,
    pages: Annotated[
        bool,
        typer.Option(
            "--pages",
            help=said(
                "docx 的目录写上页码（用 LibreOffice，需数秒；终稿总会写）",
                "Write page numbers into the contents of docx (by LibreOffice, takes seconds; "
                "final ones always have them)",
            ),
        ),
    ] = False,
    fields: Annotated[
        bool,
        typer.Option(
            "--fields", help=said("列出模板可用的字段", "List the fields that a template may use")
        ),
    ] = False,
) -> None:
    """Check, or write each document in each format."""
    if fields:
        sys.stdout.write("\n".join(available()) + "\n")
        return
    kinds, formats = kind or [Kind.AUDIT], format_ or [ReportFormat.DOCX]
    _demand_known(kinds, formats)
    if template is not None:
        _demand_one_docx(kinds, formats)
        demand_known(template)
    folder = folder_of(audit, also)
    standings = standings_in(folder)
    report = report_of(standings, today=_day(today), lang=language)
    errors = _told_lacks(report, kinds, loud=check or final)
    if check:
        raise typer.Exit(1 if errors else 0)
    who = None
    if final:
        demand_complete(errors, folder)
        who = spoken_for(folder, by)
        report = report_of(standings_in(folder), today=_day(today), lang=language)
        report = replace(report, is_final=True)
    target = out or folder / OUT
    made = [
        (target / name, data)
        for k in kinds
        for f in formats
        for name, data in _documents(report, k, f, template, each=each, pages=pages or final)
    ]
    if who is not None and report.audit is not None:
        write_final(folder, made, by=who, head=report.audit.head)
        return
    target.mkdir(parents=True, exist_ok=True)
    for file, data in made:
        write_whole(file, data)
        message(str(file))


def _told_lacks(report: Report, kinds: list[Kind], *, loud: bool) -> int:
    """Say what the documents lack; how many of it are errors."""
    errors = 0
    for kind in kinds:
        lacking = lacks_of(report, kind)
        wrong = sum(lack.is_error for lack in lacking)
        errors += wrong
        title = KIND_WORDS[kind].said(words.language())
        if not loud:
            if wrong:
                message(
                    said(
                        f"{title}：草稿，尚缺 {wrong} 项（--check 查看）",
                        f"{title}: a draft; lacking: {wrong} (see --check)",
                    )
                )
            continue
        message(
            said(
                f"{title}：{wrong} 项错误，{len(lacking) - wrong} 项提醒",
                f"{title}: {wrong} errors, {len(lacking) - wrong} warnings",
            )
        )
        told_by_rule(lacking)
    return errors


def told_by_rule(lacking: Sequence[Lack]) -> None:
    """Every rule once, below it the places where it is not met: all, or the first of very many."""
    by_rule = groupby(lacking, lambda lack: (lack.is_error, lack.rule, lack.says))
    for (is_error, rule, says), group in by_rule:
        message(f"  {'×' if is_error else '!'} {rule}  {says.said(words.language())}")
        places = [clean(lack.where) for lack in group]
        shown = places if len(places) <= MOST_PLACES else places[: MOST_PLACES - 1]
        for place in shown:
            message(f"      {place}")
        if left := len(places) - len(shown):
            message(said(f"      还有 {left} 处", f"      and {left} more places"))


def _documents(
    report: Report,
    kind: Kind,
    format_: ReportFormat,
    template: Path | None,
    *,
    each: bool,
    pages: bool,
) -> Iterator[tuple[str, bytes]]:
    """File name and content of each document."""
    name = f"{report.bundle}-{kind.value}"
    if kind is Kind.NC and each and report.audit is not None:
        for id_ in report.audit.findings:
            made = _document(of_one(report, id_), kind, format_, template, pages=pages)
            yield f"{name}-{id_}.{format_.value}", made
        return
    yield f"{name}.{format_.value}", _document(report, kind, format_, template, pages=pages)


def _document(
    report: Report, kind: Kind, format_: ReportFormat, template: Path | None, *, pages: bool
) -> bytes:
    if format_ is ReportFormat.PDF:
        if pdf.office() is None and (kind, "html") in DOCUMENTS:
            return pdf.from_html(DOCUMENTS[kind, "html"](report))
        return pdf.from_docx(document(report, kind, template))
    if format_ is ReportFormat.DOCX:
        made = document(report, kind, template)
        return numbered(made) if pages else made
    return DOCUMENTS[kind, format_.value](report)


def _demand_one_docx(kinds: list[Kind], formats: list[ReportFormat]) -> None:
    if len(kinds) != 1 or set(formats) - {ReportFormat.DOCX, ReportFormat.PDF}:
        raise UsageError(
            Text("模板用于一种 Word 文件", "a template is for one kind of Word document"),
            "--template",
            Text("只写一个 --kind，格式 docx 或 pdf", "give one --kind, format docx or pdf"),
        )


def _demand_known(kinds: list[Kind], formats: list[ReportFormat]) -> None:
    for kind in kinds:
        for format_ in formats:
            source = "docx" if format_ is ReportFormat.PDF else format_.value
            if (kind, source) not in DOCUMENTS:
                there = ", ".join([*(f for k, f in DOCUMENTS if k is kind), "pdf"])
                raise UsageError(
                    Text(f"{kind} 没有 {format_} 格式", f"there is no {kind} as {format_}"),
                    "--format",
                    Text(f"可用：{there}", f"use one of {there}"),
                )


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
