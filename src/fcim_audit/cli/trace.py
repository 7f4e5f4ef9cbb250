"""Knows the command `trace`: from a figure of a result back to the cells it was made of."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.cli.inputs import cache_folder, datasets_at, secrets_of
from fcim_audit.cli.options import PasswordFile
from fcim_audit.cli.progress import Progress
from fcim_audit.cli.words import language, said
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text
from fcim_audit.renderers.sources import cell_text, columns_text, counted_text, table_text
from fcim_audit.result_file import ResultFile, read_result
from fcim_audit.retrace import Retraced, retraced
from fcim_audit.told import ToldCheck, ToldSource
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    clean,
    figure_text,
    place_text,
    target_text,
    why_text,
)

DIFFERS = 1
PLACES_SHOWN = 20
LIKE = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "trace",
        help=said(
            "从结果里的一个数走回证据：分子分母、SQL、文件及 sha256、单元格范围、例外的单元格原文。",
            "Walk from a figure of a result back to evidence: counts, SQL, files with sha256, cells.",
        ),
        epilog=said(
            "例：fcim-audit trace 结果.json 6.3-d · fcim-audit trace 结果.json 6.3-d.response "
            "--evidence 证据包。退出码：0 给出（且证据仍然一致），1 证据已不同，2 用法错误，3 输入不可用。",
            "Examples: fcim-audit trace result.json 6.3-d; fcim-audit trace result.json "
            "6.3-d.response --evidence BUNDLE. Exit codes: 0 told (and the evidence still says so), "
            "1 the evidence differs, 2 usage, 3 unusable input.",
        ),
    )(trace_command)


def trace_command(
    result: Annotated[
        Path,
        typer.Argument(
            metavar="RESULT.json",
            help=said(
                "evaluate --format json 写出的结果", "A result that evaluate --format json wrote"
            ),
        ),
    ],
    name: Annotated[
        str,
        typer.Argument(
            metavar="CHECK|REQUIREMENT",
            help=said("检查或要求的编号", "The id of a check or of a requirement"),
        ),
    ],
    evidence: Annotated[
        Path | None,
        typer.Option(
            metavar="BUNDLE",
            help=said(
                "重新计算文件哈希、重读单元格，看是否仍然如此",
                "Hash the files and read the cells again, and say whether they still say so",
            ),
        ),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(
            help=said("证据文件所在文件夹", "Folder of the files, if not the bundle's"),
        ),
    ] = None,
    places: Annotated[
        str,
        typer.Option(
            metavar="all|N", help=said("每项检查列出多少处例外", "Exceptions to list of each check")
        ),
    ] = str(PLACES_SHOWN),
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Print the way back of one figure, or of all figures of a requirement."""
    limit = _limit(places)
    read = read_result(result)
    checks = tuple(read.checks(name))
    if not checks:
        raise _unknown(name, read)
    found = None
    if evidence is not None:
        found = _retraced(checks, result, evidence, files, checklist, password_file)
    for line in _told(read, checks, limit):
        sys.stdout.write(clean(line) + "\n")
    if found is not None:
        for line in _compared(found):
            sys.stdout.write(clean(line) + "\n")
        raise typer.Exit(DIFFERS if found.differences else 0)


def _limit(text: str) -> int | None:
    if text == "all":
        return None
    if text.isdecimal():
        return int(text)
    raise UsageError(
        Text(f"{text} 不是个数", f"{text} is not a number"),
        "--places",
        Text("写 all 或数字", "all or a number"),
    )


def _unknown(name: str, read: ResultFile) -> UsageError:
    ids = [r.id for r in read.requirements] + [c.id for r in read.requirements for c in r.checks]
    meant = [known for known in ids if known.startswith(name)][:LIKE]
    meant = meant or get_close_matches(name, ids, LIKE)
    hint = Text("给出检查或要求的编号，例如 6.3-d", "name a check or a requirement, as 6.3-d")
    if meant:
        hint = Text(f"是否指 {'、'.join(meant)}", f"did you mean {', '.join(meant)}")
    return UsageError(
        Text(f"结果里没有 {name}", f"the result has no {name}"), "CHECK|REQUIREMENT", hint
    )


def _retraced(
    checks: Sequence[ToldCheck],
    result: Path,
    evidence: Path,
    files: Path | None,
    option: Path | None,
    password_file: Path | None,
) -> Retraced:
    """Read the evidence anew, from its files and not from what an earlier run kept."""
    from fcim_audit.evidence.bundle import open_bundle
    from fcim_audit.evidence.ingest import gather

    if any(check.sources is None for check in checks):
        raise AuditError(
            Text(
                "这个结果没有数据来源，是旧版本写的", "tells no sources; an older version wrote it"
            ),
            str(result),
            Text("用 evaluate 重新得出结果", "evaluate again"),
        )
    datasets = datasets_at(option)
    wanted = frozenset(s.dataset for check in checks for s in check.sources or ())
    if wanted - set(datasets):
        absent = ", ".join(sorted(wanted - set(datasets)))
        raise AuditError(
            Text(f"检查表没有数据集 {absent}", f"the checklist has no dataset {absent}"),
            str(result),
            Text("用 --checklist 给出当时的检查表", "name the checklist of then by --checklist"),
        )
    progress = Progress()
    with cache_folder(wanted=False) as folder, open_bundle(evidence, files) as bundle:
        secrets = secrets_of(password_file, None)
        holdings = gather(
            bundle,
            datasets,
            folder,
            only=wanted,
            secrets=secrets,
            say=lambda file: progress(said(f"读取 {file}", f"reading {file}")),
        )
        progress.done()
        return retraced(checks, holdings, datasets)


def _told(read: ResultFile, checks: Sequence[ToldCheck], limit: int | None) -> Iterator[str]:
    lang = language()
    for requirement in read.requirements:
        asked = [check for check in requirement.checks if check in checks]
        if asked:
            yield (
                f"{requirement.id}  {requirement.title.said(lang)}  "
                f"{STATUS_WORDS[requirement.status].said(lang)}"
            )
        for check in asked:
            yield ""
            yield from _check(check, limit)


def _check(check: ToldCheck, limit: int | None) -> Iterator[str]:
    lang = language()
    yield f"{check.id}  {VERDICT_WORDS[check.verdict].said(lang)}  {_figure(check)}"
    yield from (f"  {note.said(lang)}" for note in check.notes)
    if check.sql is None:
        yield "  " + said("由审核员判断，没有数据", "for the auditor to judge: no figure")
        return
    yield "  " + said("数据来源", "Sources")
    for source in check.sources or ():
        yield from _source(source)
    if not check.sources:
        yield "    " + said("没有", "none")
    yield from _places(check, limit)
    yield "  SQL"
    yield from (f"    {line}" for line in check.sql.splitlines())


def _figure(check: ToldCheck) -> str:
    lang = language()
    told = figure_text(check.measured.figure, lang)
    if check.numerator is not None and check.denominator is not None:
        told = f"{check.numerator}/{check.denominator} = {told}"
    if check.target is not None:
        told += f" ({target_text(check.target.target, check.measured.unit)})"
    return told


def _source(told: ToldSource) -> Iterator[str]:
    lang, source = language(), told.source
    yield f"    {source.dataset}  {table_text(source, lang)}  {counted_text(source, lang)}"
    yield f"      sha256 {source.sha256}"
    if source.columns:
        yield f"      {columns_text(source)}"


def _places(check: ToldCheck, limit: int | None) -> Iterator[str]:
    lang = language()
    count = check.exceptions.count
    yield "  " + said(f"例外 {count} 处", f"Exceptions: {count}")
    for place in check.exceptions.places[:limit]:
        row = place.exception
        parts = (place_text(row), row.key, why_text(row, lang))
        yield "    · " + "  ".join(part for part in parts if part)
        yield from (f"      {cell_text(cell, lang)}" for cell in row.cells)
    left = count - len(check.exceptions.places[:limit])
    if left > 0:
        yield "    " + said(
            f"还有 {left} 处，用 --places all 全部列出", f"and {left} more; --places all lists them"
        )


def _compared(found: Retraced) -> Iterator[str]:
    yield ""
    if not found.differences:
        yield said(
            f"证据仍然如此：sha256 一致的文件 {found.files} 个，单元格 {found.cells} 个",
            f"The evidence still says so (files by sha256: {found.files}, cells: {found.cells})",
        )
    else:
        yield said(
            f"证据已不同（{len(found.differences)} 处）：",
            f"The evidence differs ({len(found.differences)}):",
        )
    lang = language()
    yield from (f"  × {d.where}: {d.says.said(lang)}" for d in found.differences)
    if found.untold:
        yield said(
            f"  {found.untold} 个单元格的文字没有写入结果，由文件的 sha256 担保",
            f"  cells whose text the result withholds, vouched for by their file's sha256: {found.untold}",
        )
