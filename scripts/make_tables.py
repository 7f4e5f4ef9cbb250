"""Writes docs/requirements.md and docs/datasets.md from the checklist; a test keeps them true."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist, Requirement
from fcim_audit.checklist.shipped import shipped
from fcim_audit.datasets import Column, Dataset
from fcim_audit.moments import any_moment

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTE = "<!-- Made by `scripts/make_tables.py` from `checklists/fcim`; not edited by hand. -->"


def main() -> None:
    """Write both pages."""
    checklist = load_checklist(shipped("checklists") / "fcim")
    for name, text in pages(checklist).items():
        (DOCS / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


def pages(checklist: Checklist) -> dict[str, str]:
    """Each page by its name."""
    return {
        "requirements.md": "\n".join(_requirements(checklist)) + "\n",
        "datasets.md": "\n".join(_datasets(checklist)) + "\n",
    }


def _requirements(checklist: Checklist) -> Iterator[str]:
    total = len(checklist.requirements)
    automatic = sum(r.is_automatic for _, r in checklist.requirements.values())
    alone = sum(not _asks(r) for _, r in checklist.requirements.values())
    yield NOTE
    yield "# 要求一览 Requirements\n"
    yield (
        f"{total} requirements; {automatic} have automatic rules, {alone} of them are decided by data alone. "
        "`fcim-audit explain ID` shows criterion, questions, sampling and SQL.\n"
    )
    yield (
        f"共 {total} 项要求；{automatic} 项有自动规则，其中 {alone} 项只由数据判定。"
        "`fcim-audit explain 编号` 显示判据、问题、抽样和 SQL。\n"
    )
    yield "status: **data** decides · **data + auditor** both must answer · **auditor** only\n"
    for chapter in checklist.chapters:
        yield f"## {chapter.chapter} {chapter.title.zh} {chapter.title.en}\n"
        yield "| id | 要求 requirement | modality | × | checks | datasets | status |"
        yield "|---|---|---|---|---|---|---|"
        for clause in chapter.clauses:
            for requirement in clause.requirements:
                yield _row(requirement, checklist)
        yield ""


def _row(requirement: Requirement, checklist: Checklist) -> str:
    moment = any_moment(checklist)
    plans = [check.plan(checklist.catalogue, moment) for check in requirement.checks]
    datasets = dict.fromkeys(name for plan in plans if plan is not None for name in plan.needs)
    checks = ", ".join(f"{c.name} ({c.kind})" for c in requirement.checks if c.kind != "manual")
    status = "auditor"
    if requirement.is_automatic:
        status = "data + auditor" if _asks(requirement) else "data"
    title = f"{requirement.title.zh}<br>{requirement.title.en}"
    return (
        f"| {requirement.id} | {title} | {requirement.modality} | {requirement.weight:g} | {checks} "
        f"| {', '.join(datasets)} | {status} |"
    )


def _asks(requirement: Requirement) -> bool:
    return any(check.kind == "manual" for check in requirement.checks)


def _datasets(checklist: Checklist) -> Iterator[str]:
    yield NOTE
    yield "# 数据集 Datasets\n"
    yield (
        "`fcim-audit explain DATASET` shows one on the terminal; "
        "`fcim-audit template DATASET -o FILE.xlsx` writes a form to fill in.\n"
    )
    for dataset in checklist.datasets.values():
        yield from _dataset(dataset)


def _dataset(dataset: Dataset) -> Iterator[str]:
    yield f"## {dataset.name} {dataset.title.zh} {dataset.title.en}\n"
    yield f"{dataset.systems.zh} / {dataset.systems.en}\n"
    if dataset.evidence_for:
        yield f"evidence for: {', '.join(dataset.evidence_for)}\n"
    yield "| column | 含义 meaning | type | unit | | headings | words |"
    yield "|---|---|---|---|---|---|---|"
    for column in dataset.columns:
        yield _column(column, dataset)
    yield ""


def _column(column: Column, dataset: Dataset) -> str:
    marks = [
        mark
        for mark, holds in (
            ("key", column.key),
            ("required", column.required),
            ("personal", column.personal),
            ("time", column.name == dataset.time),
        )
        if holds
    ]
    words = "; ".join(f"{code}: {'、'.join(said)}" for code, said in column.values.items())
    cells = (
        column.name, f"{column.title.zh} {column.title.en}", str(column.type), column.unit or "",
        ", ".join(marks), "、".join(column.aliases), words,
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
