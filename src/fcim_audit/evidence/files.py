"""Knows how one evidence file becomes raw sheets: unwrapped, read, its tables found; or why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import EvidenceEntry
from fcim_audit.evidence.headings import Sought
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.evidence.sheets import Mapper, Sorted, sort_sheets
from fcim_audit.language import Text
from fcim_audit.readers.base import RawFile, Request, Unreadable
from fcim_audit.readers.registry import read_file
from fcim_audit.readers.wrapped import Unwrapped, unwrapped
from fcim_audit.yaml_source import Strict

WITHIN = "!"
"""Between the name of an archive and that of its member."""

READING = "reading"
"""The note in the work folder that names what is being read: it outlives a process that dies of it."""


class InputFile(Strict):
    """One file to read, as it was when it was hashed."""

    path: Path
    name: str
    sha256: str
    bytes: int
    mtime_ns: int


def hashed(root: Path, path: Path) -> InputFile:
    """A file with its hash, named by its way from `root`; raises AuditError."""
    name = path.relative_to(root).as_posix()
    try:
        status = path.stat()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"),
            name,
            Text("检查文件的权限", "check the permissions of the file"),
        ) from error
    return InputFile(
        path=path, name=name, sha256=digest, bytes=status.st_size, mtime_ns=status.st_mtime_ns
    )


def link_report(root: Path, path: Path) -> FileReport:
    """What is said of a link, or of a file behind a linked folder; its hash is that of its way."""
    way = str(path.readlink() if path.is_symlink() else path.resolve()).encode()
    return FileReport(
        path.relative_to(root).as_posix(), hashlib.sha256(way).hexdigest(), len(way), "link", None,
        (), Text(
            "是链接，不会跟随。请把文件本身放在这里",
            "it is a link, and links are not followed. put the file itself in its place",
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file, or one member of an archive, and what was found in it."""

    given: InputFile
    raw: RawFile | None
    sheets: Sorted | None
    unreadable: Text | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """How to read files of one entry: what tells their heading row, how headings map.

    `skipped`: files and members that are not to be read, and why.
    """

    entry: EvidenceEntry
    sought: Sought
    mapper: Mapper
    skipped: Mapping[str, Text] = field(default_factory=dict)


def read_input(
    connection: DuckDBPyConnection, search: Search, given: InputFile, request: Request, part: int
) -> list[ReadFile]:
    """Read one file, its sheets numbered from `part` on; what can't be read says why."""
    if given.name in search.skipped:
        return [ReadFile(given, None, None, search.skipped[given.name])]
    found: list[ReadFile] = []
    note = request.work / READING
    try:
        _noted(note, given.name)
        for one in unwrapped(request):
            named = _named(given, one)
            if named.name in search.skipped:
                found.append(ReadFile(named, None, None, search.skipped[named.name]))
                continue
            _noted(note, named.name)
            read = _read(connection, search, named, one.request, part)
            _noted(note, given.name)
            part += len(read.sheets.tables) if read.sheets is not None else 0
            found.append(read)
    except Unreadable as error:
        found.append(ReadFile(given, None, None, said_of(error)))
    except OSError as error:
        problem = Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}")
        found.append(ReadFile(given, None, None, problem))
    _noted(note, "")
    changed = _changed(given)
    return found if changed is None else [ReadFile(given, None, None, changed)]


def _noted(note: Path, name: str) -> None:
    note.write_bytes(name.encode("utf-8", "surrogateescape"))


def being_read(work: Path) -> str | None:
    """What a process was reading in this work folder when it ended, if it was reading."""
    note = work / READING
    return note.read_bytes().decode("utf-8", "surrogateescape") or None if note.exists() else None


def _named(given: InputFile, one: Unwrapped) -> InputFile:
    if one.member is None:
        return given
    return given.model_copy(update={"name": f"{given.name}{WITHIN}{one.member}"})


def _read(
    connection: DuckDBPyConnection, search: Search, given: InputFile, request: Request, part: int
) -> ReadFile:
    try:
        raw = read_file(connection, request)
        sheets = sort_sheets(
            connection, raw, search.entry, given.name, search.sought, search.mapper, part
        )
    except Unreadable as error:
        return ReadFile(given, None, None, said_of(error))
    except duckdb.OutOfMemoryException:
        return ReadFile(
            given, None, None, Text("读取时内存不足", "reading it takes too much memory")
        )
    return ReadFile(given, raw, sheets)


def said_of(error: Unreadable) -> Text:
    """Why a file can't be read, and what to do, in one."""
    if error.hint is None:
        return error.problem
    return Text(f"{error.problem.zh}。{error.hint.zh}", f"{error.problem.en}. {error.hint.en}")


def _changed(given: InputFile) -> Text | None:
    """What to say if the file is not what it was when it was hashed."""
    try:
        now = given.path.stat()
        if (now.st_size, now.st_mtime_ns) == (given.bytes, given.mtime_ns):
            return None
        with given.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == given.sha256:
                return None
    except OSError:
        pass
    return Text(
        "读取期间文件被改动。等导出完成后重试",
        "the file changed while it was read. try again when the export is complete",
    )


def file_report(file: ReadFile, reports: Mapping[int, SheetReport]) -> FileReport:
    """What became of a file, with the reports of its sheets by their part."""
    given = file.given
    if file.raw is None or file.sheets is None:
        kind = PurePosixPath(given.name).suffix.lstrip(".").lower() or "unknown"
        return FileReport(given.name, given.sha256, given.bytes, kind, None, (), file.unreadable)
    by_name = {table.raw.name: reports[table.part] for table in file.sheets.tables}
    by_name |= {sheet.name: sheet for sheet in file.sheets.others}
    sheets = tuple(by_name[sheet.name] for sheet in file.raw.sheets)
    return FileReport(
        given.name, given.sha256, given.bytes, file.raw.kind, file.raw.encoding, sheets,
        None, (*file.sheets.notes, *_remarks(sheets)),
    )  # fmt: skip


def _remarks(sheets: Sequence[SheetReport]) -> Iterator[Text]:
    """What is to be said of each sheet, with its name where there are several."""
    for sheet in sheets:
        for remark in sheet.remarks:
            if sheet.name is None or len(sheets) == 1:
                yield remark
            else:
                yield Text(f"工作表 {sheet.name}：{remark.zh}", f"sheet {sheet.name}: {remark.en}")
