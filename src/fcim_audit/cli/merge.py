"""Knows the commands `merge`, `merge conflicts` and `merge decide`: several auditors of one audit."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from fcim_audit.auditfile.conflicts import Open, Section, open_conflicts
from fcim_audit.auditfile.deciding import Ruling, decide, sides_of, speakers
from fcim_audit.auditfile.folder import Audit, open_audit
from fcim_audit.auditfile.history import Stand
from fcim_audit.auditfile.merge import Union, merge_into, merge_to
from fcim_audit.cli.audits import By, InFolder, now, speaker
from fcim_audit.cli.words import language, said
from fcim_audit.errors import UsageError
from fcim_audit.language import Text
from fcim_audit.renderers.base import clean
from fcim_audit.yaml_source import Value

if TYPE_CHECKING:
    from typer._click.core import Context

UNDECIDED = 4
_COPIES = "copies"
_SHOWN = 300


_FIELDS = {
    "status": Text("状态", "status"),
    "grade": Text("级别", "grade"),
    "state": Text("进展", "state"),
    "level": Text("等级", "level"),
    "requirement": Text("要求", "requirement"),
    "statement": Text("陈述", "statement"),
    "note": Text("说明", "note"),
    "reason": Text("理由", "reason"),
    "evidence": Text("证据", "evidence"),
}
"""What an auditor tells sides apart by, first."""


class MergeFormat(StrEnum):
    """How a merge is told."""

    TEXT = "text"
    JSON = "json"


class _CopiesUnlessNamed(TyperGroup):
    """`merge A B` is `merge copies A B`: what names no command names folders."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_COPIES, *args]
        return super().parse_args(ctx, args)


_Format = Annotated[MergeFormat, typer.Option("--format", help=said("输出格式", "Output format"))]


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
    format_: _Format = MergeFormat.TEXT,
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
    if format_ is MergeFormat.JSON:
        _print_json({"schema": "fcim-audit/merge/1", **_summary(union)})
    else:
        _tell(union)
    raise typer.Exit(UNDECIDED if union.conflicts else 0)


def conflicts_command(folder: InFolder = Path(), format_: _Format = MergeFormat.TEXT) -> None:
    """List the open conflicts of an audit."""
    audit = open_audit(folder)
    conflicts = open_conflicts(audit.conflicts)
    if format_ is MergeFormat.JSON:
        told = [_conflict(audit, conflict) for conflict in conflicts]
        _print_json({"schema": "fcim-audit/conflicts/1", "conflicts": told})
    elif conflicts:
        _tell_conflicts(audit, conflicts)
    else:
        _print(said("没有待决定的冲突", "no open conflicts"))
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
    _print(
        said(
            f"已决定 {clean(named)}，还有 {left} 处冲突",
            f"{clean(named)} is decided; {left} conflicts left",
        )
    )


def _summary(union: Union) -> dict[str, object]:
    return {
        "audit": union.audit.file.id,
        "folder": str(union.audit.folder),
        "taken": list(union.taken),
        "files": [{"file": c.path, "beside": c.is_beside} for c in union.copied],
        "conflicts": [_conflict(union.audit, conflict) for conflict in union.conflicts],
    }


def _conflict(audit: Audit, conflict: Open) -> dict[str, object]:
    made: dict[str, object] = {"section": conflict.section.value, "key": conflict.key}
    if conflict.section is Section.EVIDENCE:
        made["sides"] = [{"id": s[:8], "sha256": s} for s in _hashes(audit, conflict)]
        return made
    made["sides"] = [
        {
            "id": side.id,
            "by": sorted(speakers(side)),
            "changed": [{"by": by, "at": at} for by, at in side.touched],
            "value": side.value,
        }
        for side in sides_of(audit, conflict)
    ]
    return made


def _hashes(audit: Audit, conflict: Open) -> tuple[str, ...]:
    return audit.conflicts.evidence[conflict.key].sides


def _tell(union: Union) -> None:
    if union.conflicts:
        _tell_conflicts(union.audit, union.conflicts)
        _print("")
    _print(
        said(
            f"合并进 {union.audit.folder}：收入 {len(union.taken)} 项，复制 {len(union.copied)} 个文件，"
            f"冲突 {len(union.conflicts)} 处",
            f"united in {union.audit.folder}: {len(union.taken)} changes taken, "
            f"{len(union.copied)} files copied, {len(union.conflicts)} conflicts",
        )
    )
    for copied in union.copied:
        if copied.is_beside:
            _print(said(f"  同名文件，另存为 {copied.path}", f"  same name, kept as {copied.path}"))


def _tell_conflicts(audit: Audit, conflicts: tuple[Open, ...]) -> None:
    for conflict in conflicts:
        _print(conflict.says.said(language()))
        if conflict.section is Section.EVIDENCE:
            for sha256 in _hashes(audit, conflict):
                _print(f"  {sha256[:8]}  sha256 {sha256}")
            continue
        for side in sides_of(audit, conflict):
            _print(f"  {side.id}  {', '.join(sorted(speakers(side)))}  {_in_short(side)}")
    folder = audit.folder
    _print(
        said(
            f"组长决定：fcim-audit merge decide 编号 --take 哪一方 -C {folder}",
            f"the lead decides: fcim-audit merge decide ID --take SIDE -C {folder}",
        )
    )


def _in_short(side: Stand) -> str:
    """The value in one line."""
    if side.value is None:
        return said("删除了它", "removed it")
    if not isinstance(side.value, dict):
        return _cut(_plainly(side.value))
    parts = [
        f"{words.said(language())}: {_plainly(side.value[key])}"
        for key, words in _FIELDS.items()
        if key in side.value
    ]
    return _cut("; ".join(parts or [_plainly(side.value)]))


def _plainly(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(_plainly(inner) for inner in value)
    if isinstance(value, dict):
        return " ".join(_plainly(v) for k, v in value.items() if k != "sha256")
    return value or ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + " …"


def _print(line: str) -> None:
    sys.stdout.write(clean(line) + "\n")


def _print_json(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
