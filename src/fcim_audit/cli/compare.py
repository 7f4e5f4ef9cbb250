"""Knows the command `compare`: what changed between two audits, or two results."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.carrying import Covered, coverage_of, cycle_of
from fcim_audit.auditfile.compare import compared
from fcim_audit.auditfile.editions import Successors, read_editions
from fcim_audit.auditfile.folder import Audit, open_audit
from fcim_audit.auditfile.judging import Bench, standing_mistakes
from fcim_audit.auditfile.proposals import proposals_of, read_proposals
from fcim_audit.auditfile.snapshot import Snapshot, of_audit, of_result
from fcim_audit.auditfile.standing import standings_of
from fcim_audit.checklist.schema import Checklist
from fcim_audit.cli.audits import checklist_of, profile_of
from fcim_audit.cli.compared import as_json, lines_of
from fcim_audit.cli.words import language, said
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.wording import clean

WORSE = 1


class CompareFormat(StrEnum):
    """How a comparison is told."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


class FailOn(StrEnum):
    """What makes the command end in 1."""

    NONE = "none"
    WORSE = "worse"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "compare",
        help=said(
            "比较两次审核（审核文件夹或结果 JSON）：发现的新增、关闭、延续、改级、重复；逐条状态；指标；证据；推荐意见。先说变坏的。",
            "Compare two audits (audit folders or result JSONs): findings new, closed, persisting, "
            "regraded, repeated; statuses; figures; evidence; recommendation. Worst news first.",
        ),
        epilog=said(
            "例：fcim-audit compare 2025 2026 · fcim-audit compare 旧.json 新.json --format md · "
            "fcim-audit compare 2025 2026 --mapping 版本对照.yaml --fail-on worse。"
            "退出码：0 已比较，1 有变坏的（--fail-on worse），3 读不了。",
            "Examples: fcim-audit compare 2025 2026; fcim-audit compare old.json new.json --format md; "
            "fcim-audit compare 2025 2026 --mapping editions.yaml --fail-on worse. "
            "Exit codes: 0 compared, 1 something got worse (--fail-on worse), 3 unreadable.",
        ),
    )(compare_command)


def compare_command(
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD", help=said("较早的审核文件夹或结果 JSON", "The earlier audit or result JSON")
        ),
    ],
    new: Annotated[
        Path,
        typer.Argument(
            metavar="NEW", help=said("较新的审核文件夹或结果 JSON", "The later audit or result JSON")
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.yaml",
            help=said("两个检查表版本的要求对照", "Which requirement became which between editions"),
        ),
    ] = None,
    format_: Annotated[
        CompareFormat, typer.Option("--format", help=said("输出格式", "Output format"))
    ] = CompareFormat.TEXT,
    fail_on: Annotated[
        FailOn,
        typer.Option(help=said("worse：有变坏的则退出码 1", "worse: end in 1 if anything got worse")),
    ] = FailOn.NONE,
) -> None:  # fmt: skip
    """Compare, worst news first."""
    before, after = snapshot_at(old), snapshot_at(new)
    comparison = compared(before, after, _successors(mapping, before, after))
    if format_ is CompareFormat.JSON:
        document = json.dumps(as_json(comparison), ensure_ascii=False, indent=2)
        sys.stdout.write(document + "\n")
    else:
        for line in lines_of(comparison, language(), markdown=format_ is CompareFormat.MD):
            sys.stdout.write(clean(line) + "\n")
    if fail_on is FailOn.WORSE and comparison.got_worse:
        raise typer.Exit(WORSE)


def _successors(path: Path | None, old: Snapshot, new: Snapshot) -> Successors | None:
    if path is None:
        return None
    return read_editions(path, (old.edition, new.edition), old.statuses, new.statuses)


def snapshot_at(path: Path) -> Snapshot:
    """What can be compared of a folder or a result; raises AuditErrors with all that is wrong with it."""
    if not path.exists():
        raise AuditError(
            Text("文件不存在", "there is no such file"),
            str(path),
            Text(
                "给出审核文件夹，或 evaluate --format json:结果.json 写出的文件",
                "name an audit folder, or a file that `evaluate --format json:FILE` wrote",
            ),
        )
    if path.is_dir():
        return _snapshot_of(open_audit(path))
    return of_result(path, read_proposals(path))


def _snapshot_of(audit: Audit) -> Snapshot:
    """An audit whose checklist is not at hand is compared all the same, and that is said."""
    proposals = proposals_of(audit.folder)
    remarks: list[Text] = []
    checklist = None
    try:
        checklist = checklist_of(audit)
    except AuditError as error:
        remarks.append(
            Text(
                f"检查表不可用，推荐意见不知：{error.problem.zh}",
                f"without its checklist, no recommendation: {error.problem.en}",
            )
        )
    standings = None
    if checklist is not None:
        bench = Bench(audit, checklist, proposals)
        raise_all(standing_mistakes(bench))
        standings = standings_of(bench, profile_of(audit))
    coverage, why = _coverage(audit, checklist)
    remarks += why
    return of_audit(audit, proposals, standings, coverage=coverage, remarks=tuple(remarks))


def _coverage(audit: Audit, checklist: Checklist | None) -> tuple[tuple[Covered, ...], list[Text]]:
    clauses = None
    if checklist is not None:
        clauses = {id_: clause.id for id_, (clause, _) in checklist.requirements.items()}
    try:
        return coverage_of(cycle_of(audit), clauses), []
    except AuditError as error:
        return (), [
            Text(
                f"周期覆盖不知：{error.where}：{error.problem.zh}",
                f"the cycle's coverage is not known: {error.where}: {error.problem.en}",
            )
        ]
