"""Knows the command `map`: proposes `bundle.yaml` from what lies in a folder; a person confirms it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.cli.inputs import datasets_at, passwords_of
from fcim_audit.cli.options import PasswordFile
from fcim_audit.cli.progress import Progress
from fcim_audit.cli.words import message, said
from fcim_audit.datasets import Dataset
from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.evidence.bare import Bare, look
from fcim_audit.evidence.bundle import BUNDLE_FILE, EvidenceEntry
from fcim_audit.evidence.known import Secrets
from fcim_audit.evidence.proposal import (
    Proposal,
    Proposed,
    Suggestion,
    as_dataset,
    entries_of,
    literally,
    words_of,
)
from fcim_audit.evidence.proposed import proposed
from fcim_audit.evidence.reader_process import ReaderProcess
from fcim_audit.evidence.remembered import Memory, default_file
from fcim_audit.evidence.survey import DOCUMENTS, Surveyor, lost_files
from fcim_audit.language import Text, chosen_language
from fcim_audit.readers.log_formats import NEEDS_YEAR
from fcim_audit.wording import clean

OPEN = 3


class MapFormat(StrEnum):
    """How the proposal is told."""

    YAML = "yaml"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "map",
        help=said(
            "看一个文件夹里有什么，提出 bundle.yaml：标题完全一致的自动对应，其余只给建议，由人确认。",
            "Look at a folder and propose its bundle.yaml: exact headings map, all else is only suggested.",
        ),
        epilog=said(
            "例：fcim-audit map 证据 > bundle.yaml · fcim-audit map 证据 --write。"
            "在终端里会逐项询问；确认过的对应按标题记住（FCIM_MAPPINGS）。"
            "不在终端里而必需的列没有对应时，退出码为 3。",
            "Examples: fcim-audit map EVIDENCE > bundle.yaml; fcim-audit map EVIDENCE --write. On a "
            "terminal it asks; what is confirmed is remembered by headings (FCIM_MAPPINGS). Without "
            "one a required column that is not mapped ends with exit code 3.",
        ),
    )(map_command)


def map_command(
    path: Annotated[Path, typer.Argument(help=said("文件夹或文件", "A folder or a file"))],
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help=said(
                "写入 bundle.yaml；已有的留为 bundle.yaml.bak",
                "Write bundle.yaml; one that is there is kept as bundle.yaml.bak",
            ),
        ),
    ] = False,
    format_: Annotated[
        MapFormat,
        typer.Option(
            "--format",
            help=said(
                "yaml 即 bundle.yaml；json 供程序使用", "yaml: bundle.yaml; json: for programs"
            ),
        ),
    ] = MapFormat.YAML,
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Propose a bundle for a folder; ask on a terminal, else say what is open and exit with 3."""
    demand_path(path)
    secrets = Secrets(passwords_of(password_file))
    datasets = datasets_at(checklist)
    memory = Memory(default_file())
    bare = looked_at(path, datasets, secrets, memory)
    proposals = list(bare.proposals)
    if format_ is MapFormat.YAML and sys.stdin.isatty() and sys.stderr.isatty():
        proposals = [_asked(proposal, memory) for proposal in proposals]
    text = _bundle_text(bare, proposals)
    if write:
        _write(path, text)
    if format_ is MapFormat.JSON:
        sys.stdout.write(json.dumps(proposed(bare), ensure_ascii=False, indent=2) + "\n")
    elif not write:
        sys.stdout.write(text)
    lost = lost_files(bare.files)
    for error in lost:
        message(error.said(chosen_language()))
    still_open = [proposal for proposal in proposals if proposal.is_open]
    for proposal in still_open:
        message(_open(proposal))
    if still_open or lost:
        raise typer.Exit(OPEN)


def looked_at(
    path: Path,
    datasets: Mapping[str, Dataset],
    secrets: Secrets,
    memory: Memory,
    keep: Path | None = None,
) -> Bare:
    """Look at everything below a path, and say so meanwhile; `keep`: where the rows' text goes."""
    progress = Progress()
    with ReaderProcess() as reader:
        surveyor = Surveyor(reader, datasets, secrets.passwords, keep, secrets.key)
        bare = look(
            path,
            surveyor,
            memory.of,
            say=lambda file: progress(said(f"查看 {file}", f"looking at {file}")),
        )
    progress.done()
    return bare


def demand_path(path: Path) -> None:
    """Refuse a path where nothing is."""
    if not path.exists():
        raise AuditError(
            Text("找不到", "there is no such file or folder"),
            str(path),
            Text("检查路径的拼写", "check the spelling of the path"),
        )


def _write(path: Path, text: str) -> None:
    if path.is_file():
        raise UsageError(
            Text("--write 要写进文件夹", "--write needs a folder to write into"),
            str(path),
            Text("给出文件所在的文件夹", "name the folder of the file"),
        )
    target = path / BUNDLE_FILE
    if target.exists():
        target.replace(target.with_name(BUNDLE_FILE + ".bak"))
    write_whole(target, text.encode())
    message(said(f"已写入 {target}", f"wrote {target}"))


def _asked(proposal: Proposal, memory: Memory) -> Proposal:
    """Ask for what is open; what the person says is remembered."""
    if not proposal.is_open:
        return proposal
    message("")
    message(clean(_place(proposal)))
    dataset = proposal.dataset
    if dataset is None:
        names = [f"{d.name} {said(d.title.zh, d.title.en)}" for d in proposal.candidates]
        chosen = _choice(said("这是哪个数据集？", "Which dataset is it?"), names)
        if chosen is None:
            return Proposal(proposal.file, proposal.sheet)
        dataset = proposal.candidates[chosen]
        said_of_log = proposal.columns if proposal.file.pattern is not None else {}
        proposal = as_dataset(proposal.file, proposal.sheet, dataset, said_of_log)
    columns = dict(proposal.columns)
    for name in proposal.missing:
        column = dataset.column(name)
        offered = proposal.missing[name]
        title = said(column.title.zh, column.title.en) if column is not None else name
        question = said(f"哪个标题是 {title}（{name}）？", f"Which heading is {title} ({name})?")
        chosen = _choice(question, [_offer(one) for one in offered])
        if chosen is not None:
            columns[name] = offered[chosen].heading
    answered = as_dataset(proposal.file, proposal.sheet, dataset, columns)
    if not answered.missing:
        memory.keep(proposal.sheet.headings, dataset.name, dict(answered.columns))
    return answered


def _choice(question: str, offered: Sequence[str]) -> int | None:
    """The number a person chose, None for none of them."""
    message(question)
    for number, text in enumerate(offered, start=1):
        message(clean(f"  {number}  {text}"))
    message(said("  回车  都不是", "  Enter  none of these"))
    while True:
        sys.stderr.write("> ")
        sys.stderr.flush()
        answer = sys.stdin.readline().strip()
        if not answer:
            return None
        if answer.isdigit() and 1 <= int(answer) <= len(offered):
            return int(answer) - 1
        message(said(f"请写 1 到 {len(offered)}，或直接回车", f"1 to {len(offered)}, or Enter"))


def _offer(one: Suggestion) -> str:
    fits = (
        said("类型相符", "the values fit")
        if one.fits
        else said("类型不符", "the values do not fit")
    )
    shown = said("，如 ", ", such as ") + " · ".join(one.samples) if one.samples else ""
    return f"{one.heading}（{one.alike:.0%}，{fits}{shown}）"


def _place(proposal: Proposal) -> str:
    sheet = proposal.sheet.report.name
    return proposal.file.name + (f"!{sheet}" if sheet else "")


def _open(proposal: Proposal) -> str:
    place = clean(_place(proposal))
    if not proposal.missing:
        words = words_of(proposal.candidates)
        return said(
            f"{place}：可能是几个数据集：{words.zh}；在 bundle.yaml 写明 dataset",
            f"{place}: may be any of {words.en}; name the dataset in bundle.yaml",
        )
    dataset = proposal.dataset or proposal.candidates[0]
    lines = [
        said(
            f"{place}：像是 {dataset.name}，但缺必需的列",
            f"{place}: looks like {dataset.name}, but required columns are missing",
        )
    ]
    for name, offered in proposal.missing.items():
        listed = "; ".join(_offer(one) for one in offered) or said(
            "没有相近的标题", "no heading is alike"
        )
        lines.append(f"  {name} ? {clean(listed)}")
    return "\n".join(lines)


def _bundle_text(bare: Bare, proposals: Sequence[Proposal]) -> str:
    head = [
        f"# {said('由 fcim-audit map 提出，请核对后使用', 'Proposed by fcim-audit map; check it before use')}",
        "bundle: 1",
        f"organisation: {{name: {_plain(bare.path.resolve().name)}}}  # {said('改为组织名称', 'the name of the organisation')}",
        f"# {said('审核期间与截止日，必填', 'the audit period and the cut-off: to be filled in')}",
        "# period: {start: 2025-01-01, end: 2025-12-31}",
        "# as_of: 2026-01-15",
        "evidence:",
    ]
    body = [line for found in entries_of(proposals) for line in _entry_lines(found)]
    documents = [
        file.given.name for file in bare.files if file.kind in DOCUMENTS and not file.member
    ]
    unread = [file for file in bare.files if file.unreadable is not None]
    body += [f"  # {_commented(file.name)}: {said('读不了', 'can not be read')}" for file in unread]
    if documents:
        body += ["documents:", *(f"  - {_plain(name)}" for name in documents)]
    if not any(line.startswith("  - ") for line in body):
        head[-1] = "evidence: []"
    return "\n".join([*head, *body]) + "\n"


def _entry_lines(found: Proposed) -> Iterator[str]:
    for proposal in found.sheets:
        yield from _sheet_lines(proposal, is_open=found.entry is None)
    if found.entry is not None:
        yield f"  - {_flow(found.entry)}"


def _sheet_lines(proposal: Proposal, *, is_open: bool) -> Iterator[str]:
    place = _commented(_place(proposal))
    if not proposal.sheet.headings:
        yield f"  # {place}: {said('没有认得的标题行', 'no heading row that is known')}"
        return
    rows = ", ".join(str(row) for row in proposal.sheet.report.header_rows) or "-"
    told = said(
        f"标题行 {rows}，{proposal.sheet.report.row_count} 行数据",
        f"heading row {rows}, rows of data: {proposal.sheet.report.row_count}",
    )
    if is_open:
        names = ", ".join(d.name for d in proposal.candidates) or "?"
        yield f"  # {place}: {told}; {said('待定，可能是', 'open, may be')} {names}"
        yield from _log_lines(proposal)
        return
    how = (
        said("按以前的确认", "as confirmed before")
        if proposal.known
        else said("标题完全一致", "exact headings")
    )
    yield f"  # {place}: {told}; {how}: {len(proposal.columns)}"
    unused = [json.dumps(name, ensure_ascii=False) for name in proposal.unused]
    if unused:
        yield f"  # {said('未使用的标题', 'headings not used')}: {', '.join(unused)}"


def _log_lines(proposal: Proposal) -> Iterator[str]:
    """The entry that would read a log of a known format, for a person to take up."""
    pattern = proposal.file.pattern
    if pattern is None:
        return
    dataset = proposal.candidates[0].name if proposal.candidates else "?"
    entry = f"file: {_plain(literally(proposal.file.given.name))}, dataset: {dataset}"
    columns = ", ".join(f"{column}: {_plain(part)}" for column, part in proposal.columns.items())
    year = ", read: {year: ?}" if pattern == NEEDS_YEAR else ""
    yield f"  # - {{{entry}, pattern: {pattern}{year}, columns: {{{columns}}}}}"


def _commented(text: str) -> str:
    """A text that stays on its line, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _flow(entry: EvidenceEntry) -> str:
    parts = [f"file: {_plain(entry.file)}"]
    parts += [
        f"{k}: {_plain(v)}" for k, v in (("member", entry.member), ("sheet", entry.sheet)) if v
    ]
    parts += [f"pattern: {entry.pattern}"] if entry.pattern is not None else []
    parts.append(f"dataset: {entry.dataset}")
    if entry.columns:
        columns = ", ".join(f"{column}: {_plain(h)}" for column, h in entry.columns.items())
        parts.append(f"columns: {{{columns}}}")
    return "{" + ", ".join(parts) + "}"


def _plain(text: str) -> str:
    """A text as YAML reads it back, quoted where it has to be."""
    safe = (
        text and all(c.isalnum() or c in "._-/()（）年月" for c in text) and not text[0].isdigit()
    )
    return text if safe and text[0].isalpha() else json.dumps(text, ensure_ascii=False)
