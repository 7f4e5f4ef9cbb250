"""Knows the commands `merge`, `merge conflicts` and `merge decide`: several auditors of one audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from fcim_audit.auditfile.conflicts import open_conflicts
from fcim_audit.auditfile.deciding import Ruling, decide
from fcim_audit.auditfile.folder import open_audit
from fcim_audit.auditfile.merge import merge_into, merge_to
from fcim_audit.cli.audits import By, InFolder, now, speaker
from fcim_audit.cli.merged import (
    conflict_told,
    print_json,
    print_line,
    summary,
    tell,
    tell_conflicts,
)
from fcim_audit.cli.told_as import AsFormat, ToldAs
from fcim_audit.cli.words import said
from fcim_audit.errors import UsageError
from fcim_audit.language import Text
from fcim_audit.wording import clean

if TYPE_CHECKING:
    from typer._click.core import Context

UNDECIDED = 4
_COPIES = "copies"


class _CopiesUnlessNamed(TyperGroup):
    """`merge A B` is `merge copies A B`: what names no command names folders."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_COPIES, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group(), name="merge")


def group() -> typer.Typer:
    """The command group."""
    app = typer.Typer(
        cls=_CopiesUnlessNamed,
        no_args_is_help=True,
        rich_markup_mode=None,
        help=said(
            "合并一次审核的几个副本：fcim-audit merge A B -o 合并后。冲突列出各方，由组长决定。",
            "Unite copies of one audit: fcim-audit merge A B -o UNITED. What they say differently is "
            "listed with all sides, for the lead to decide.",
        ),
        epilog=said(
            "例：fcim-audit merge 张的副本 李的副本 -o 合并后 · fcim-audit merge conflicts -C 合并后 · "
            "fcim-audit merge decide 6.3-d --take A2 --by L -C 合并后",
            "Examples: fcim-audit merge ZHANG LI -o UNITED; fcim-audit merge conflicts -C UNITED; "
            "fcim-audit merge decide 6.3-d --take A2 --by L -C UNITED",
        ),
    )
    app.command(
        _COPIES,
        help=said(
            "合并副本（merge A B 即 merge copies A B）：只有一方改的照收，双方改法不同的都保留为冲突；证据文件不覆盖。"
            "除 --into 外不写原件。",
            "Unite copies (merge A B is short for this): what one side changed is taken, what several "
            "changed differently is kept as a conflict; no evidence file is overwritten. Only --into "
            "writes to a copy.",
        ),
        epilog=said(
            "例：fcim-audit merge A B C -o 合并后 · fcim-audit merge B C --into A。"
            "退出码：0 合并且无冲突，4 合并但有待决定的冲突，2 用法错误，3 不是同一审核的副本或读不了。",
            "Examples: fcim-audit merge A B C -o UNITED; fcim-audit merge B C --into A. Exit codes: "
            "0 united, 4 united with conflicts to decide, 2 usage, 3 no copies of one audit or unreadable.",
        ),
    )(copies_command)
    app.command(
        "conflicts",
        help=said("列出待决定的冲突和各方说法。", "List the open conflicts with all their sides."),
        epilog=said(
            "例：fcim-audit merge conflicts -C 合并后。退出码：0 没有，4 有。",
            "Example: fcim-audit merge conflicts -C UNITED. Exit codes: 0 none, 4 some.",
        ),
    )(conflicts_command)
    app.command(
        "decide",
        help=said(
            "组长决定一处冲突。--take：成员 id 或某一方的编号；all 都保留（发现各有编号，结论相同的判断合并证据）；"
            "none 都不取，该要求回到未判断。",
            "The lead decides a conflict. --take: a member's id or a side's; all keeps every finding "
            "under its own id, or joins judgements of one status; none leaves the requirement unjudged.",
        ),
        epilog=said(
            "例：fcim-audit merge decide 6.3-d --take A2 --by L --reason 现场复核 · "
            "fcim-audit merge decide findings:NC-2 --take all --by L",
            "Examples: fcim-audit merge decide 6.3-d --take A2 --by L --reason 'seen on site'; "
            "fcim-audit merge decide findings:NC-2 --take all --by L",
        ),
    )(decide_command)
    return app


def copies_command(
    folders: Annotated[
        list[Path], typer.Argument(metavar="A B…", help=said("副本文件夹", "Folders of the copies"))
    ],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT", help=said("新文件夹", "A new folder")),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="A", help=said("合并进这个副本", "The copy that takes the others in")
        ),
    ] = None,
    by: By = None,
    format_: AsFormat = ToldAs.TEXT,
) -> None:
    """Unite copies of one audit."""
    if (out is None) == (into is None):
        raise UsageError(
            Text("要么 -o，要么 --into", "either -o or --into"),
            "merge",
            Text("fcim-audit merge A B -o 合并后", "fcim-audit merge A B -o UNITED"),
        )
    others = [f for f in folders if into is None or f.resolve() != into.resolve()]
    if len(others) < (2 if into is None else 1):
        raise UsageError(
            Text("至少要两个副本", "at least two copies are needed"),
            "merge",
            Text("fcim-audit merge A B -o 合并后", "fcim-audit merge A B -o UNITED"),
        )
    who = speaker(by, open_audit(into or others[0]))
    if into is not None:
        union = merge_into(into, others, by=who, at=now())
    else:
        assert out is not None
        union = merge_to(out, others, by=who, at=now())
    if format_ is ToldAs.JSON:
        print_json({"schema": "fcim-audit/merge/1", **summary(union)})
    else:
        tell(union)
    raise typer.Exit(UNDECIDED if union.conflicts else 0)


def conflicts_command(folder: InFolder = Path(), format_: AsFormat = ToldAs.TEXT) -> None:
    """List the open conflicts of an audit."""
    audit = open_audit(folder)
    conflicts = open_conflicts(audit.conflicts)
    if format_ is ToldAs.JSON:
        told = [conflict_told(audit, conflict) for conflict in conflicts]
        print_json({"schema": "fcim-audit/conflicts/1", "conflicts": told})
    elif conflicts:
        tell_conflicts(audit, conflicts)
    else:
        print_line(said("没有待决定的冲突", "no open conflicts"))
    raise typer.Exit(UNDECIDED if conflicts else 0)


def decide_command(
    named: Annotated[
        str,
        typer.Argument(
            metavar="REQUIREMENT",
            help=said("要求、发现等的编号，或 section:编号", "Id of the requirement, finding …, or section:id"),
        ),
    ],
    take: Annotated[
        str,
        typer.Option(
            "--take", metavar="SIDE", help=said("取哪一方；或 all、none", "Which side; or all, none")
        ),
    ],
    folder: InFolder = Path(),
    by: By = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help=said("理由，记入日志", "Why; goes to the journal"))
    ] = None,
) -> None:  # fmt: skip
    """Settle one conflict."""
    who = speaker(by, open_audit(folder))
    audit = decide(folder, named, Ruling(take, reason), by=who, at=now())
    left = len(open_conflicts(audit.conflicts))
    print_line(
        said(
            f"已决定 {clean(named)}，还有 {left} 处冲突",
            f"{clean(named)} is decided; conflicts left: {left}",
        )
    )
