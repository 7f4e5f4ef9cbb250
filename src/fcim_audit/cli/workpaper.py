"""Knows the commands `workpaper export` and `workpaper import`: an audit as an Excel file and back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.folder import changing, open_audit
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.paper import HEADINGS, SheetKind
from fcim_audit.auditfile.paper_import import CellChange, PaperImport, planned
from fcim_audit.auditfile.workpaper import workpaper_of
from fcim_audit.cli.audits import By, InFolder, bench_of, now, speaker
from fcim_audit.cli.inputs import scope_of
from fcim_audit.cli.outputs import demand_folder
from fcim_audit.cli.told_as import AsFormat, ToldAs
from fcim_audit.cli.words import language, message, said
from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.evidence.reader_process import ReaderProcess
from fcim_audit.evidence.returned import ReturnedSheet, cells_of
from fcim_audit.language import Text
from fcim_audit.wording import clean

SUFFIX = ".xlsx"
SCHEMA = "fcim-audit/workpaper-import/1"
USAGE, UNUSABLE = 2, 3
_LONGEST_SHOWN = 160
_YES = frozenset({"y", "yes", "是"})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group(), name="workpaper")


def group() -> typer.Typer:
    """The two commands."""
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help=said(
            "Excel 工作底稿：导出，填写，导入。",
            "The Excel work-paper: export it, fill it in, import it.",
        ),
    )
    app.command(
        "export",
        help=said(
            "写出 Excel 工作底稿：每项要求的问题、工具建议、实测，和待填的判断。",
            "Write the Excel work-paper: for each requirement the questions, what the tool proposes "
            "and measured, and the judgement to fill in.",
        ),
        epilog=said(
            "例：fcim-audit workpaper export -C 审核 -o 底稿.xlsx --for LW",
            "Example: fcim-audit workpaper export -C audit -o paper.xlsx --for LW",
        ),
    )(export_command)
    app.command(
        "import",
        help=said(
            "读回工作底稿：先显示每一处改动和问题，确认后写入。",
            "Read a work-paper back: shows every change and problem, writes once you have agreed.",
        ),
        epilog=said(
            "例：fcim-audit workpaper import 底稿.xlsx -C 审核。"
            "退出码：0 已导入或没有改动，2 没有确认，3 底稿有问题，什么都没写入。",
            "Example: fcim-audit workpaper import paper.xlsx -C audit. "
            "Exit codes: 0 imported or nothing changed, 2 not agreed to, 3 the paper has problems and "
            "nothing was written.",
        ),
    )(import_command)
    return app


def export_command(
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE.xlsx", help=said("写到哪个文件", "Where to write it")),
    ],
    audit: InFolder = Path(),
    only: Annotated[
        str | None, typer.Option("--only", help=said("只要这些条款，如 6.3,8.*", "Only these clauses, as 6.3,8.*"))
    ] = None,
    member: Annotated[
        str | None,
        typer.Option("--for", metavar="MEMBER", help=said("只要分给此人的条款", "Only the clauses given to this member")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=said("替换已有的文件", "Replace a file that is there"))
    ] = False,
) -> None:  # fmt: skip
    """Write the work-paper of an audit."""
    from fcim_audit.renderers.workpaper import render

    _demand_place(out, force)
    bench = bench_of(open_audit(audit))
    paper = workpaper_of(bench, _scope(bench, only, member))
    write_whole(out, render(paper))
    rows = len(paper.sheets[0].rows)
    message(said(f"{out}：{rows} 项要求", f"{out}: {rows} requirements"))


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=said("填好的工作底稿", "The filled-in work-paper"))],
    audit: InFolder = Path(),
    by: By = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=said("只显示，不写入", "Show only, write nothing"))
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=said("不问，直接写入", "Write without asking"))
    ] = False,
    partial: Annotated[
        bool,
        typer.Option("--partial", help=said("写入没有问题的行，并说明略过了什么", "Write the rows without problems and say what was left")),
    ] = False,
    format_: AsFormat = ToldAs.TEXT,
) -> None:  # fmt: skip
    """Show what a returned work-paper changes; write it as one line of the journal."""
    opened = open_audit(audit)
    who, at = speaker(by, opened), now()
    with ReaderProcess() as reader:
        reader.start()
        bench = bench_of(opened)
        sheets = cells_of(reader, file)
    plan = planned(bench, sheets, file.name, by=who, at=at)
    blocked = bool(plan.refusals) and not partial
    writes = bool(plan.entries) and not (blocked or dry_run)
    if format_ is ToldAs.TEXT or not (writes and yes):
        _tell(plan, format_, applied=False, partial=partial)
    if blocked:
        raise typer.Exit(UNUSABLE)
    if not writes:
        return
    if not yes:
        _demand_agreement(plan, format_)
    _write(audit, sheets, file.name, plan, by=who)
    if format_ is ToldAs.JSON and yes:
        _tell(plan, format_, applied=True, partial=partial)
    n = len(plan.entries)
    message(said(f"已写入 {n} 行", f"{n} {'row' if n == 1 else 'rows'} written"))


def _demand_place(out: Path, force: bool) -> None:
    if out.suffix.lower() != SUFFIX:
        raise UsageError(
            Text(f"{out.name} 不是 {SUFFIX} 文件", f"{out.name} is not called {SUFFIX}"),
            "--out",
            Text(f"写成 {out.stem}{SUFFIX}", f"write {out.stem}{SUFFIX}"),
        )
    raise_all(demand_folder(out))
    if out.exists() and not force:
        raise UsageError(
            Text("文件已存在，可能有人填过", "the file is there already and may be filled in"),
            str(out),
            Text(
                "换一个名字，或加 --force 替换", "choose another name, or replace it with --force"
            ),
        )


def _scope(bench: Bench, only: str | None, member: str | None) -> frozenset[str] | None:
    """The requirements asked for by `--only` and `--for`; None for all."""
    scope = scope_of(only, bench.checklist)
    if member is None:
        return scope
    found = bench.audit.file.member(member)
    ids = ", ".join(m.id for m in bench.audit.file.team)
    if found is None:
        raise UsageError(
            Text(f"审核组没有成员 {member}", f"nobody in the team is {member}"),
            "--for",
            Text(f"审核组：{ids}", f"the team: {ids}"),
        )
    theirs = frozenset(id_ for id_ in bench.checklist.requirements if found.audits(id_))
    theirs = theirs if scope is None else theirs & scope
    if not theirs:
        raise UsageError(
            Text(f"没有分给 {member} 的条款", f"no clause here is given to {member}"),
            "--for",
            Text(
                "写在 audit.yaml 中 team 的 clauses 里", "put them into audit.yaml: team, clauses"
            ),
        )
    return theirs


def _demand_agreement(plan: PaperImport, format_: ToldAs) -> None:
    """Ask on a terminal; without one nothing is written unless `--yes` said so."""
    n = len(plan.entries)
    if format_ is ToldAs.TEXT and sys.stdin.isatty() and sys.stderr.isatty():
        rows = "row" if n == 1 else "rows"
        sys.stderr.write(
            said(
                f"写入这 {n} 行？[y/N] ",
                f"Write {'this' if n == 1 else 'these'} {n} {rows}? [y/N] ",
            )
        )
        sys.stderr.flush()
        if sys.stdin.readline().strip().casefold() in _YES:
            return
        message(said("什么都没写入", "nothing was written"))
        raise typer.Exit(USAGE)
    message(said("什么都没写入；确认后加 --yes", "nothing was written; agree with --yes"))
    raise typer.Exit(USAGE)  # fmt: skip


def _write(
    folder: Path, sheets: Sequence[ReturnedSheet], name: str, plan: PaperImport, *, by: str
) -> None:
    """Write under the lock what was shown; raises AuditError if the audit is another by now."""
    with changing(folder) as ledger:
        again = planned(bench_of(ledger.audit), sheets, name, by=by, at=plan.at)
        if (again.changes, again.entries) != (plan.changes, plan.entries):
            raise AuditError(
                Text("审核在此期间被改动", "the audit was changed in the meantime"),
                str(folder),
                Text("重新导入", "import again"),
            )
        plan.write(ledger, by=by, file=name)


def _tell(plan: PaperImport, format_: ToldAs, *, applied: bool, partial: bool) -> None:
    if format_ is ToldAs.JSON:
        sys.stdout.write(json.dumps(_document(plan, applied), ensure_ascii=False, indent=2) + "\n")
        return
    sys.stdout.write("".join(f"{line}\n" for line in _lines(plan)))
    sys.stdout.flush()
    for remark in plan.remarks:
        message(clean(remark.said(language())))
    for refusal in plan.refusals:
        message(clean(refusal.said(language())))
    n = len(plan.refusals)
    if n and partial:
        message(
            said(f"略过了以上 {n} 处所在的行", f"the rows of these {n} problems were left aside")
        )
    elif n:
        message(
            said(
                f"{n} 处问题，什么都没写入；改正后再导入，或用 --partial 略过它们",
                f"{n} problem{'s' * (n > 1)}, nothing was written; mend and import again, or leave those rows with --partial",
            )
        )


def _lines(plan: PaperImport) -> Iterator[str]:
    lang = language()
    if not plan.changes:
        yield said("没有改动", "nothing changed")
    last = ""
    for change in plan.changes:
        if change.key != last:
            last = change.key
            back = said("  撤回判断", "  judgement taken back") if plan.takes_back(change) else ""
            yield f"{change.key}  ({change.by}){back}"
        yield f"  {HEADINGS[change.field].said(lang)}: {_short(change.old)} -> {_short(change.new)}"


def _short(text: str) -> str:
    """A cell's text on one line of a terminal."""
    line = clean(" ⏎ ".join(text.split("\n"))) or "—"
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}… [{len(line)}]"


def _document(plan: PaperImport, applied: bool) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "applied": applied,
        "changes": [_change(change) for change in plan.changes],
        "refusals": [
            {"where": e.where, "problem": e.problem.as_dict(), "hint": e.hint and e.hint.as_dict()}
            for e in plan.refusals
        ],
        "remarks": [remark.as_dict() for remark in plan.remarks],
    }


def _change(change: CellChange) -> dict[str, str]:
    about = "clause" if change.kind is SheetKind.MATURITY else "requirement"
    return {
        about: change.key, "field": change.field.value, "old": change.old, "new": change.new,
        "by": change.by, "cell": change.cell,
    }  # fmt: skip
