"""Knows the command `inspect`: what lies in the evidence, row by row accounted for."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.cli.inputs import cache_folder, datasets_at, secrets_of
from fcim_audit.cli.map_evidence import looked_at
from fcim_audit.cli.options import KeyFile, PasswordFile
from fcim_audit.cli.outputs import demand_folder
from fcim_audit.cli.progress import Progress
from fcim_audit.cli.words import language, said
from fcim_audit.datasets import Dataset
from fcim_audit.durable import write_whole
from fcim_audit.errors import UsageError, raise_all
from fcim_audit.evidence.bare import Suggestions, is_bare
from fcim_audit.evidence.bundle import Bundle, open_bundle
from fcim_audit.evidence.holdings import FileReport, Holdings, SheetReport
from fcim_audit.evidence.ingest import gather
from fcim_audit.evidence.inspection import inspection
from fcim_audit.evidence.kinds import KINDS
from fcim_audit.evidence.known import Secrets
from fcim_audit.evidence.remembered import Memory, default_file
from fcim_audit.language import Text
from fcim_audit.wording import clean

PROBLEMS_SHOWN = 10
UNREADABLE = 3


class InspectFormat(StrEnum):
    """How the inspection is told."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "inspect",
        help=said(
            "查看证据：文件、编码、工作表、标题行、对应的数据集、读取和排除的行、每个问题的位置。",
            "Look at evidence: files, encodings, sheets, headings, datasets, rows in and out, problems.",
        ),
        epilog=said(
            "例：fcim-audit inspect 证据包 · fcim-audit inspect 文件.xls · "
            "fcim-audit inspect 证据包 --format xlsx -o 请修改.xlsx",
            "Examples: fcim-audit inspect BUNDLE; fcim-audit inspect FILE.xls; "
            "fcim-audit inspect BUNDLE --format xlsx -o to-mend.xlsx",
        ),
    )(inspect_command)


def inspect_command(
    path: Annotated[
        Path,
        typer.Argument(
            help=said(
                "证据包，或还没有 bundle.yaml 的文件夹、文件",
                "Bundle, or a folder or file that has no bundle.yaml yet",
            )
        ),
    ],
    format_: Annotated[
        InspectFormat, typer.Option("--format", help=said("输出格式", "Output format"))
    ] = InspectFormat.TEXT,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=said("写到哪个文件", "The file to write")),
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option(
            metavar="all|N", help=said("JSON 中带上多少行原文", "Rows of raw text in the JSON")
        ),
    ] = None,
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(help=said("证据文件所在文件夹", "Folder of the files, if not the bundle's")),
    ] = None,
    pseudonymise: KeyFile = None,
    password_file: PasswordFile = None,
) -> None:
    """Read a bundle and account for every file, sheet, row and cell."""
    limit = _limit(rows)
    _demand_out(format_, out)
    datasets = datasets_at(checklist)
    secrets = secrets_of(password_file, pseudonymise)
    with cache_folder() as folder:
        if is_bare(path):
            with tempfile.TemporaryDirectory(prefix="fcim-rows-") as rows_folder:
                keep = None if limit == 0 else Path(rows_folder)
                bare = looked_at(path, datasets, secrets, Memory(default_file()), keep)
                holdings = bare.completed(_gathered(bare.bundle, datasets, folder, secrets))
                _shown(holdings, format_, out, limit, bare.suggestions)
        else:
            with open_bundle(path, evidence) as bundle:
                holdings = _gathered(bundle, datasets, folder, secrets)
                _shown(holdings, format_, out, limit, {})
    if any(file.unreadable is not None for file in holdings.files):
        raise typer.Exit(UNREADABLE)


def _gathered(
    bundle: Bundle, datasets: Mapping[str, Dataset], cache: Path, secrets: Secrets
) -> Holdings:
    progress = Progress()
    holdings = gather(
        bundle,
        datasets,
        cache,
        secrets=secrets,
        say=lambda file: progress(said(f"读取 {file}", f"reading {file}")),
    )
    progress.done()
    return holdings


def _shown(
    holdings: Holdings,
    format_: InspectFormat,
    out: Path | None,
    rows: int | None,
    suggestions: Suggestions,
) -> None:
    if format_ is InspectFormat.TEXT:
        data = _text(holdings).encode()
    elif format_ is InspectFormat.JSON:
        document = inspection(holdings, rows, suggestions)
        data = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        from fcim_audit.renderers import corrections

        made = corrections.workbook if format_ is InspectFormat.XLSX else corrections.page
        data = made(holdings, language())
    if out is not None:
        write_whole(out, data)
    elif format_ is InspectFormat.TEXT:
        sys.stdout.write(data.decode())
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _demand_out(format_: InspectFormat, out: Path | None) -> None:
    if out is not None:
        raise_all(demand_folder(out))
    elif format_ is InspectFormat.XLSX:
        raise UsageError(
            Text("xlsx 不能写到终端", "xlsx can't go to the terminal"),
            "--format",
            Text("用 -o 文件.xlsx 指明文件", "name a file with -o FILE.xlsx"),
        )


def _limit(rows: str | None) -> int | None:
    if rows is None:
        return 0
    if rows == "all":
        return None
    if rows.isdigit():
        return int(rows)
    raise UsageError(
        Text(f"{rows} 不是行数", f"{rows} is not a number of rows"),
        "--rows",
        Text("写 all 或数字", "all or a number"),
    )


def _text(holdings: Holdings) -> str:
    lines: list[str] = []
    for file in holdings.files:
        lines += [*_file(file), ""]
    for name, table in sorted(holdings.tables.items()):
        if table.remarks:
            rows = said(f"{table.rows} 行", f"rows: {table.rows}")
            lines += [f"{name} · {rows}", *("  " + said(n.zh, n.en) for n in table.remarks), ""]
    if not holdings.files:
        lines.append(said("没有找到证据文件", "no file of evidence was found"))
    return "".join(clean(line) + "\n" for line in lines)


def _file(file: FileReport) -> list[str]:
    encoding = f" · {file.encoding}" if file.encoding else ""
    lines = [f"{file.file} · {file.kind}{encoding} · {file.bytes:,} B · sha256 {file.sha256[:12]}…"]
    if file.unreadable is not None:
        lines.append(
            "  " + said(f"× 读不了：{file.unreadable.zh}", f"× can't be read: {file.unreadable.en}")
        )
    lines += ["  " + said(note.zh, note.en) for note in file.notes]
    for sheet in file.sheets:
        lines += _sheet(sheet)
    return lines


def _sheet(sheet: SheetReport) -> list[str]:
    name = sheet.name or ""
    hidden = "" if sheet.visible else said("（隐藏）", " (hidden)")
    heading = "、".join(str(row) for row in sheet.header_rows) or "—"
    dataset = sheet.dataset or said("未对应数据集", "no dataset")
    lines = [
        "  "
        + said(
            f"{name}{hidden} → {dataset} · 标题行 {heading} · 数据 {sheet.row_count} 行",
            f"{name}{hidden} -> {dataset} · heading row {heading} · {sheet.row_count} rows of data",
        )
    ]
    if sheet.columns:
        lines.append("    " + ", ".join(f"{c} = {h}" for c, h in sheet.columns.items()))
    unmapped = [h for h in sheet.headings if h and h not in sheet.columns.values()]
    if unmapped:
        lines.append("    " + said("未使用的列：", "columns not used: ") + ", ".join(unmapped))
    empty = {column: n for column, n in sheet.empty_cells.items() if n}
    if empty:
        listed = ", ".join(f"{column} {n}" for column, n in empty.items())
        lines.append("    " + said("空单元格：", "empty cells: ") + listed)
    if sheet.left_out:
        listed = ", ".join(f"{left.row} ({left.why})" for left in sheet.left_out[:PROBLEMS_SHOWN])
        n = len(sheet.left_out)
        lines.append(
            "    " + said(f"不是数据的 {n} 行：", f"{n} rows that are not data: ") + listed
        )
    return lines + _problems(sheet)


def _problems(sheet: SheetReport) -> list[str]:
    if not sheet.problem_count:
        return []
    n = sheet.problem_count
    told: dict[str, str] = {}
    lines = ["    " + said(f"读不懂的单元格 {n} 个：", f"{n} cells that could not be understood:")]
    for problem in sheet.problems[:PROBLEMS_SHOWN]:
        shown = (
            said("（个人信息，不显示）", "(personal, not shown)")
            if problem.text is None
            else repr(problem.text[:60])
        )
        where = said(f"第 {problem.row} 行", f"row {problem.row}")
        what, todo = KINDS.get(problem.kind, (Text(problem.kind, problem.kind), Text("", "")))
        lines.append(
            f"      {where} {problem.heading or problem.column}: {said(what.zh, what.en)} {shown}"
        )
        told.setdefault(problem.kind, said(todo.zh, todo.en))
    if n > PROBLEMS_SHOWN:
        lines.append("      …")
    lines += [f"      → {todo}" for todo in dict.fromkeys(told.values()) if todo]
    return lines
