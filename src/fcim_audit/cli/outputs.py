"""Knows where results go: `FMT[:FILE]`, files written whole or not at all, binary not on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.language import Text
from fcim_audit.renderers import BINARY, RENDERERS, renderer

if TYPE_CHECKING:
    from fcim_audit.report import Report


@dataclass(frozen=True, slots=True)
class Output:
    """One format and its file; None is standard output."""

    format: str
    file: Path | None


def outputs(asked: Sequence[str]) -> tuple[Output, ...]:
    """Read every `--format`; raises UsageError for what can't be written, before any work."""
    chosen = tuple(_output(text) for text in asked or ["text"])
    raise_all(_clashes(chosen))
    return chosen


def _output(text: str) -> Output:
    format_, _, file = text.partition(":")
    if format_ not in RENDERERS:
        raise UsageError(
            Text(f"未知的格式 {format_}", f"unknown format {format_}"),
            "--format",
            Text(f"可用：{'、'.join(RENDERERS)}", f"use one of {', '.join(RENDERERS)}"),
        )
    return Output(format_, Path(file) if file else None)


def _clashes(chosen: Sequence[Output]) -> list[AuditError]:
    mistakes: list[AuditError] = []
    on_stdout = [output for output in chosen if output.file is None]
    if len(on_stdout) > 1:
        mistakes.append(
            UsageError(
                Text("标准输出只能有一种格式", "only one format can go to standard output"),
                "--format",
                Text("其他格式写成 格式:文件", "write the others as FORMAT:FILE"),
            )
        )
    for output in chosen:
        if output.file is None and output.format in BINARY:
            mistakes.append(
                UsageError(
                    Text(
                        f"{output.format} 不能写到终端", f"{output.format} can't go to the terminal"
                    ),
                    "--format",
                    Text(f"写成 {output.format}:文件", f"write {output.format}:FILE"),
                )
            )
        if output.file is not None:
            mistakes.extend(demand_folder(output.file))
    return mistakes


def demand_folder(file: Path) -> list[UsageError]:
    """What is wrong with where a file shall go: nothing, or that there is no such folder."""
    if file.parent.is_dir():
        return []
    problem = Text(f"文件夹 {file.parent} 不存在", f"there is no folder {file.parent}")
    return [UsageError(problem, str(file))]


def written(report: Report, chosen: Sequence[Output]) -> tuple[Path, ...]:
    """Render everything, then write; returns the files."""
    rendered = [(o, renderer(o.format)(report)) for o in chosen if o.file or o.format != "text"]
    for output, data in rendered:
        if output.file is not None:
            write_whole(output.file, data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    if any(o.file is None and o.format == "text" for o in chosen):
        _on_terminal(report)
    return tuple(o.file for o in chosen if o.file is not None)


def _on_terminal(report: Report) -> None:
    from rich.console import Console

    from fcim_audit.renderers.text import WIDTH, printed

    terminal = sys.stdout.isatty()
    printed(report, Console(highlight=False, emoji=False, width=None if terminal else WIDTH))
