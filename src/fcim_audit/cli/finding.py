"""Knows the command group `finding`, and those commands of it that change nothing: list, show, lint, ics."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.folder import Audit, open_audit
from fcim_audit.cli import finding_changes, finding_moves
from fcim_audit.cli.audits import InFolder, now, profile_of
from fcim_audit.cli.finding_words import View
from fcim_audit.cli.findings import FindingName, as_of, day_told, finding_in, lint_of
from fcim_audit.cli.outputs import demand_folder
from fcim_audit.cli.told_as import AsFormat, ToldAs
from fcim_audit.cli.words import language, message, said
from fcim_audit.durable import write_whole
from fcim_audit.errors import UsageError, raise_all
from fcim_audit.language import Text

HERE = Path()
SUFFIX = ".ics"


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help=said("按哪一天算，缺省为今天", "As of which day; today by default")
    ),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group(), name="finding")


def group() -> typer.Typer:
    """The command group."""
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help=said(
            "不符合项：起草、分级、开出、跟踪到关闭。",
            "Findings: draft, grade, issue and follow them until they are closed.",
        ),
        epilog=said(
            "例：fcim-audit finding draft · fcim-audit finding move NC01 reviewed · "
            "fcim-audit finding list --due",
            "Examples: fcim-audit finding draft; fcim-audit finding move NC01 reviewed; "
            "fcim-audit finding list --due",
        ),
    )
    finding_changes.register(app)
    app.command(
        "list",
        help=said("列出不符合项和到期日。", "List findings and what is due about them."),
        epilog=said(
            "例：fcim-audit finding list --due --as-of 2026-03-01 · fcim-audit finding list --open --format json",
            "Examples: fcim-audit finding list --due --as-of 2026-03-01; "
            "fcim-audit finding list --open --format json",
        ),
    )(list_command)
    app.command(
        "show",
        help=said("显示一项不符合的全部内容。", "Show everything about one finding."),
        epilog=said("例：fcim-audit finding show NC01", "Example: fcim-audit finding show NC01"),
    )(show)
    app.command(
        "lint",
        help=said(
            "检查措辞：原因和措施用语、没有数量的含糊词、人名、两条要求、缺少的部分。退出码 0 无，1 有。",
            "Check the words: cause, solution, vague without a count, names, two requirements, missing "
            "parts. Exit code 0 clean, 1 something to mend.",
        ),
        epilog=said("例：fcim-audit finding lint", "Example: fcim-audit finding lint"),
    )(lint)
    app.command(
        "ics",
        help=said(
            "把到期日写成日历文件（iCalendar）。",
            "Write due days to a calendar file (iCalendar).",
        ),
        epilog=said(
            "例：fcim-audit finding ics -o 到期.ics", "Example: fcim-audit finding ics -o due.ics"
        ),
    )(ics)
    finding_moves.register(app)
    return app


def _view(audit: Audit, day: str | None) -> View:
    return View(audit, profile_of(audit).findings, as_of(day))


def _told(lines: object) -> None:
    sys.stdout.write(json.dumps(lines, ensure_ascii=False, indent=2) + "\n")


def list_command(
    folder: InFolder = HERE,
    due: Annotated[
        bool, typer.Option("--due", help=said("只列到期事项，近的在前", "What is due, the nearest first"))
    ] = False,
    open_: Annotated[
        bool, typer.Option("--open", help=said("只列未结束的", "Only what is open"))
    ] = False,
    day: AsOf = None,
    format_: AsFormat = ToldAs.TEXT,
) -> None:  # fmt: skip
    """List findings."""
    view = _view(open_audit(folder), day)
    findings = [
        told
        for told in view.told()
        if (told.finding.is_open or not open_) and (told.dues or not due)
    ]
    if format_ is ToldAs.JSON:
        _told(view.as_json(findings))
        return
    lines = view.due_lines(findings, language()) if due else view.lines(findings, language())
    sys.stdout.write("\n".join(lines) + "\n")


def show(
    name: FindingName,
    folder: InFolder = HERE,
    day: AsOf = None,
    format_: AsFormat = ToldAs.TEXT,
) -> None:
    """Show one finding."""
    audit = open_audit(folder)
    id_, _ = finding_in(audit, name)
    view = _view(audit, day)
    told = next(told for told in view.told() if told.id == id_)
    if format_ is ToldAs.JSON:
        _told(view.as_json([told]))
        return
    sys.stdout.write("\n".join(view.shown(told, language())) + "\n")


def lint(
    name: Annotated[
        str | None,
        typer.Argument(metavar="ID", help=said("只查这一项", "Only this finding"), show_default=False),
    ] = None,
    folder: InFolder = HERE,
    format_: AsFormat = ToldAs.TEXT,
) -> None:  # fmt: skip
    """Check words and parts of findings that are open."""
    audit = open_audit(folder)
    chosen = (
        [finding_in(audit, name)]
        if name is not None
        else [(id_, f) for id_, f in audit.findings.items.items() if f.is_open]
    )
    held = lint_of(audit)
    hits = [hit for id_, finding in chosen for hit in held.hits(id_, finding)]
    lang = language()
    if format_ is ToldAs.JSON:
        _told(
            [
                {
                    "finding": h.finding, "kind": h.kind.value, "field": h.field, "words": h.words,
                    "says": h.says.as_dict(), "advice": h.advice.as_dict(),
                }
                for h in hits
            ]
        )  # fmt: skip
    else:
        arrow = said("→", "->")
        for hit in hits:
            where = audit.where("findings.yaml", ("items", hit.finding, *hit.field.split(".")))
            sys.stdout.write(f"{where}: {hit.says.said(lang)}\n  {arrow} {hit.advice.said(lang)}\n")
        sys.stdout.write(
            said(
                f"查了 {len(chosen)} 项，{len(hits)} 处要改\n",
                f"{len(chosen)} checked, {len(hits)} to mend\n",
            )
        )
    raise typer.Exit(1 if hits else 0)


def ics(
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE.ics",
            help=said("写到哪个文件；已有的会被替换", "Where to write it; replaces what is there"),
        ),
    ],
    folder: InFolder = HERE,
    day: AsOf = None,
) -> None:  # fmt: skip
    """Write the calendar of what is due."""
    from fcim_audit.auditfile.calendar import calendar_of

    if out.suffix.lower() != SUFFIX:
        raise UsageError(
            Text(f"{out.name} 不是 {SUFFIX} 文件", f"{out.name} is not called {SUFFIX}"),
            "--out",
            Text(f"写成 {out.stem}{SUFFIX}", f"write {out.stem}{SUFFIX}"),
        )
    raise_all(demand_folder(out))
    audit = open_audit(folder)
    view = _view(audit, day)
    dues = [due for told in view.told() for due in told.dues]
    told = day_told(day, "--as-of")
    stamp = now() if told is None else dt.datetime.combine(told, dt.time(), dt.UTC)
    write_whole(out, calendar_of(audit.file, audit.findings.items, dues, view.rules, stamp))
    dated = sum(due.day is not None for due in dues)
    message(
        said(
            f"{out}：{dated} 个到期日；另有 {len(dues) - dated} 项在下次审核",
            f"{out}: {dated} due {'day' if dated == 1 else 'days'}; {len(dues) - dated} more at the next audit",
        )
    )
