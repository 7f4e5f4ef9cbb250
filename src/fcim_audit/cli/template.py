"""Knows the command `template`: a workbook that an organisation fills in; `template check` looks at a Word template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.checklist.schema import Checklist
from fcim_audit.cli.inputs import checklist_at
from fcim_audit.cli.outputs import demand_folder
from fcim_audit.cli.words import language, message, said
from fcim_audit.datasets import Dataset
from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text

SUFFIX = ".xlsx"
CHECK = "check"
"""The first word of `template check OURS.docx`; no dataset is called so."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "template",
        help=said(
            "生成 Excel 收集表，由组织填写；填好后不用写列的对应关系即可判定。"
            "template check 文件.docx：检查自己的 Word 报告模板，列出未知字段及其位置。",
            "Write an Excel workbook for the organisation to fill in; it is read without a mapping. "
            "`template check FILE.docx` looks for unknown fields in a Word template of your own.",
        ),
        epilog=said(
            "例：fcim-audit template feedback_tickets ohs_alerts -o 收集表.xlsx · "
            "fcim-audit template --all -o 收集表.xlsx · fcim-audit template check 本机构.docx",
            "Examples: fcim-audit template feedback_tickets ohs_alerts -o collection.xlsx; "
            "fcim-audit template --all -o collection.xlsx; fcim-audit template check OURS.docx",
        ),
    )(template_command)


def template_command(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATASET",
            show_default=False,
            help=said(
                "数据集，每个一张工作表；或 check 文件.docx",
                "Datasets, a sheet for each; or: check FILE.docx",
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE.xlsx",
            help=said(
                "写到哪个文件（必填，check 除外）", "Where to write it (required but for check)"
            ),
        ),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help=said("全部数据集", "Every dataset of the checklist"))
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help=said("替换已有的文件", "Replace a file that is there")),
    ] = False,
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
) -> None:
    """Write the collection template of the datasets that are asked for, or check a Word template."""
    if names and names[0] == CHECK:
        _check(names[1:])
        return
    from fcim_audit.renderers.collection import render
    from fcim_audit.renderers.collection_sheets import Collection

    out = _demand_workbook(out, force=force)
    read = checklist_at(checklist, rules=False)
    datasets = _chosen(tuple(names or ()), all_, read)
    titles = {id_: requirement.title for id_, (_, requirement) in read.requirements.items()}
    write_whole(out, render(Collection(datasets, titles, out.name, language())))
    message(
        said(
            f"{out}：{len(datasets)} 张工作表；填写方法见第一张",
            f"{out}: {len(datasets)} {'sheet' if len(datasets) == 1 else 'sheets'} to fill in; "
            f"the first sheet says how",
        )
    )


def _check(files: Sequence[str]) -> None:
    """Look at Word templates; raises AuditErrors with every unknown field of all of them."""
    from fcim_audit.renderers.docx.template_check import demand_known

    if not files:
        raise UsageError(
            Text("没有说检查哪个模板", "no template to check was named"),
            "template check",
            Text("fcim-audit template check 文件.docx", "fcim-audit template check FILE.docx"),
        )
    mistakes: list[AuditError] = []
    for file in files:
        try:
            used = demand_known(Path(file))
        except AuditError as error:
            mistakes.append(error)
            continue
        message(
            said(
                f"{file}：可以使用，用到 {len(used)} 个字段",
                f"{file}: can be used, {len(used)} {'field' if len(used) == 1 else 'fields'} in it",
            )
        )
    raise_all(mistakes)


def _demand_workbook(out: Path | None, *, force: bool) -> Path:
    if out is None:
        raise UsageError(
            Text("缺少选项 --out：写到哪个文件", "Missing option --out: where to write it"),
            "template",
            Text("写 -o 文件.xlsx", "add -o FILE.xlsx"),
        )
    if out.suffix.lower() != SUFFIX:
        raise UsageError(
            Text(f"{out.name} 不是 {SUFFIX} 文件", f"{out.name} is not called {SUFFIX}"),
            "--out",
            Text(f"写成 {out.stem}{SUFFIX}", f"write {out.stem}{SUFFIX}"),
        )
    raise_all(demand_folder(out))
    if out.exists() and not force:
        raise UsageError(
            Text(
                f"{out} 已经存在，可能已填好", f"{out} is there already and may have been filled in"
            ),
            "--out",
            Text(
                "换一个文件名，或用 --force 替换", "name another file, or replace it with --force"
            ),
        )
    return out


def _chosen(names: Sequence[str], everything: bool, checklist: Checklist) -> tuple[Dataset, ...]:
    """The datasets named, once each, in the order of the call; or all of them by name."""
    known = checklist.datasets
    if everything == bool(names):
        raise UsageError(
            Text("数据集和 --all 不能同时给出", "datasets and --all exclude each other")
            if everything
            else Text("没有说要哪些数据集", "no dataset was named"),
            "template",
            Text(
                f"写 --all，或数据集名：{'、'.join(sorted(known))}",
                f"write --all, or names of datasets: {', '.join(sorted(known))}",
            ),
        )
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    if unknown:
        raise UsageError(
            Text(f"没有数据集 {'、'.join(unknown)}", f"there is no dataset {', '.join(unknown)}"),
            "template",
            Text(f"可用：{'、'.join(sorted(known))}", f"use any of {', '.join(sorted(known))}"),
        )
    return tuple(known[name] for name in (sorted(known) if everything else dict.fromkeys(names)))
