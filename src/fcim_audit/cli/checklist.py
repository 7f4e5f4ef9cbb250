"""Knows the commands `checklist lint`, `checklist show` and `checklist schema`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.cases import Prover, read_cases, unproven
from fcim_audit.checklist.completeness import gaps
from fcim_audit.checklist.schema import Checklist, Requirement
from fcim_audit.cli.inputs import cache_folder, checklist_at, profile_at, scope_of
from fcim_audit.cli.words import language, said
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.kept import Shelf
from fcim_audit.rehearsal import unrunnable
from fcim_audit.schemas import SCHEMAS, schema

GAPS_SHOWN = 20


class SchemaName(StrEnum):
    """Whose JSON Schema."""

    CHECKLIST = "checklist"
    REQUIREMENTS = "requirements"
    DATASET = "dataset"
    BUNDLE = "bundle"
    PROFILE = "profile"
    RESULT = "result"


_Folder = Annotated[
    Path | None,
    typer.Argument(
        help=said("检查表文件夹，缺省为自带的", "Folder of a checklist; ours by default")
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group(), name="checklist")


def group() -> typer.Typer:
    """The command group."""
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help=said(
            "检查、查看检查表，导出 JSON Schema。", "Lint and show a checklist, print JSON Schemas."
        ),
    )
    app.command(
        "lint",
        help=said("一次报告检查表的全部错误。", "Report every mistake of a checklist at once."),
        epilog=said(
            "例：fcim-audit checklist lint 我的检查表", "Example: fcim-audit checklist lint MINE"
        ),
    )(lint)
    app.command(
        "show",
        help=said(
            "显示条款树和每项要求的检查。",
            "Show the clause tree and how each requirement is checked.",
        ),
        epilog=said(
            "例：fcim-audit checklist show --only 6.3",
            "Example: fcim-audit checklist show --only 6.3",
        ),
    )(show)
    app.command(
        "schema",
        help=said(
            "输出 JSON Schema，供编辑器补全和校验。",
            "Print a JSON Schema for editors and validators.",
        ),
        epilog=said(
            "例：fcim-audit checklist schema requirements > requirements.schema.json",
            "Example: fcim-audit checklist schema requirements > requirements.schema.json",
        ),
    )(schema_command)
    return app


def lint(
    folder: _Folder = None,
    profile: Annotated[Path | None, typer.Option(help=said("规则文件", "Profile"))] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=said(
                "案例文件夹：逐个运行，缺少的指出", "Folder of cases: run each, name those missing"
            ),
        ),
    ] = None,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help=said(
                "缺少的内容也算错误（退出码 3）", "What is missing is a mistake too (exit 3)"
            ),
        ),
    ] = False,
) -> None:
    """Read the whole checklist and say what is in it; mistakes leave by the door for errors."""
    with cache_folder() as cache:
        checklist = checklist_at(folder, shelf=Shelf(cache / "sound"))
        refused = list(unrunnable(checklist, Shelf(cache / "runnable")))
    profile_at(profile)
    raise_all([*refused, *(_wrong_cases(checklist, cases) if cases else ())])
    missing = [*gaps(checklist), *(unproven(checklist, read_cases(cases)) if cases else ())]
    if complete:
        raise_all(AuditError(gap) for gap in missing)
    for gap in missing[:GAPS_SHOWN]:
        sys.stdout.write(said("缺少：", "missing: ") + gap.said(language()) + "\n")
    if len(missing) > GAPS_SHOWN:
        left = len(missing) - GAPS_SHOWN
        sys.stdout.write(
            said(
                f"还缺 {left} 处，--complete 列出全部\n", f"and {left} more; --complete lists all\n"
            )
        )
    automatic = sum(r.is_automatic for _, r in checklist.requirements.values())
    total = len(checklist.requirements)
    sys.stdout.write(
        said(
            f"没有错误：{total} 项要求，{automatic} 项有自动规则，{len(checklist.datasets)} 个数据集\n",
            f"no mistake: {total} requirements, {automatic} with automatic rules, "
            f"{len(checklist.datasets)} datasets\n",
        )
    )


def _wrong_cases(checklist: Checklist, folder: Path) -> Iterator[AuditError]:
    prover = Prover(checklist)
    for id_, file in read_cases(folder).items():
        for case in file.cases:
            for wrong in prover.broken(id_, case):
                yield AuditError(wrong, f"{file.requirement}.yaml")


def show(
    folder: _Folder = None,
    only: Annotated[
        str | None, typer.Option(metavar="IDS", help=said("只看这些条款", "Only these clauses"))
    ] = None,
) -> None:
    """Print chapters, clauses and requirements with their kinds of check."""
    with cache_folder() as cache:
        checklist = checklist_at(folder, shelf=Shelf(cache / "sound"))
    scope = scope_of(only, checklist)
    for line in _tree(checklist, scope):
        sys.stdout.write(line + "\n")


def _tree(checklist: Checklist, scope: frozenset[str] | None) -> list[str]:
    lang = language()
    lines: list[str] = []
    for chapter in checklist.chapters:
        below: list[str] = []
        for clause in chapter.clauses:
            wanted = [r for r in clause.requirements if scope is None or r.id in scope]
            if wanted or (scope is None and not clause.requirements):
                below.append(f"  {clause.id} {clause.title.said(lang)}")
                below += [_leaf(r) for r in wanted]
        if below:
            lines += [f"{chapter.chapter} {chapter.title.said(lang)}", *below]
    return lines


def _leaf(requirement: Requirement) -> str:
    kinds = " + ".join(dict.fromkeys(check.kind for check in requirement.checks))
    title = requirement.title.said(language())
    return (
        f"    {requirement.id:<9} {title}  [{kinds}] {requirement.modality} ×{requirement.weight:g}"
    )


def schema_command(
    name: Annotated[SchemaName, typer.Argument(help=said("哪一种文件", "Which kind of file"))],
) -> None:
    """Print one JSON Schema."""
    assert set(SchemaName) == set(SCHEMAS)
    sys.stdout.write(json.dumps(schema(name.value), ensure_ascii=False, indent=2) + "\n")
