"""Knows the journal: append-only, one canonical line for each change, each hashed with the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import rfc8785

from fcim_audit.durable import append_whole
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.yaml_source import Value

JOURNAL_FILE = "journal.jsonl"
START = "0" * 64
_KEYS = frozenset({"seq", "prev", "at", "by", "action", "note", "changes", "files", "hash"})


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was put in a document of the audit: where, what it was, what it is."""

    document: str
    path: tuple[str, ...]
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: who did what when, every change, and each changed file's sha256 before and after."""

    seq: int
    at: str
    by: str
    action: str
    note: str
    changes: tuple[Change, ...]
    files: Mapping[str, tuple[str, str]]
    hash: str


@dataclass(frozen=True, slots=True)
class Journal:
    """All entries; `torn`: the file ends in a piece of a line that was never acknowledged."""

    entries: tuple[Entry, ...] = ()
    torn: bool = False
    length: int = 0
    """How many bytes of the file are whole lines."""

    @property
    def head(self) -> str:
        """The hash that the next entry names."""
        return self.entries[-1].hash if self.entries else START

    def known_file(self, name: str) -> tuple[str, str] | None:
        """A file's sha256 before and after the last entry that changed it."""
        for entry in reversed(self.entries):
            if name in entry.files:
                return entry.files[name]
        return None


def read_journal(folder: Path, name: str = JOURNAL_FILE) -> Journal:
    """Read and verify the journal of an audit; raises AuditError naming the first line that won't do."""
    file = folder / name
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return Journal()
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"), str(file)
        ) from error
    *lines, rest = data.split(b"\n")
    entries: list[Entry] = []
    head = START
    for number, line in enumerate(lines, start=1):
        entry = _entry(line, number, head, f"{file}:{number}")
        entries.append(entry)
        head = entry.hash
    return Journal(tuple(entries), bool(rest), len(data) - len(rest))


def append(
    folder: Path,
    journal: Journal,
    *,
    at: str,
    by: str,
    action: str,
    note: str,
    changes: Sequence[Change],
    files: Mapping[str, tuple[str, str]],
) -> Journal:
    """Add one entry and see it on the disk; a torn last line is cut off first."""
    entry, line = following(
        journal, at=at, by=by, action=action, note=note, changes=changes, files=files
    )
    file = folder / JOURNAL_FILE
    if journal.torn:
        with file.open("r+b") as opened:
            opened.truncate(journal.length)
    append_whole(file, line)
    return Journal((*journal.entries, entry), False, journal.length + len(line))


def following(
    journal: Journal,
    *,
    at: str,
    by: str,
    action: str,
    note: str,
    changes: Sequence[Change],
    files: Mapping[str, tuple[str, str]],
) -> tuple[Entry, bytes]:
    """The entry that would come next, and its line."""
    body: dict[str, object] = {
        "seq": len(journal.entries) + 1, "prev": journal.head, "at": at, "by": by,
        "action": action, "note": note,
        "changes": [
            {"document": c.document, "path": list(c.path), "before": c.before, "after": c.after}
            for c in changes
        ],
        "files": {name: list(pair) for name, pair in sorted(files.items())},
    }  # fmt: skip
    digest = hashlib.sha256(canonical(body)).hexdigest()
    entry = Entry(
        len(journal.entries) + 1, at, by, action, note, tuple(changes), dict(files), digest
    )
    return entry, canonical({**body, "hash": digest}) + b"\n"


def canonical(value: object) -> bytes:
    """The one spelling of a value as JSON (RFC 8785)."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # plain values only; it refuses others itself


def _entry(line: bytes, number: int, head: str, where: str) -> Entry:
    try:
        value = json.loads(line)
        is_canonical = canonical(value) == line
    except (ValueError, RecursionError):
        raise _broken(where, "不是 JSON", "is no JSON") from None
    if not is_canonical:
        raise _broken(where, "不是规范写法，被改动过", "is not in canonical form: it was altered")
    if not isinstance(value, dict) or set(value) != _KEYS:
        raise _broken(where, "不是日志条目", "is no journal entry")
    said = value.pop("hash")
    if value["seq"] != number:
        raise _broken(
            where,
            f"序号应为 {number}，有条目被删除或插入",
            f"its number should be {number}: an entry was removed or inserted",
        )
    if value["prev"] != head:
        raise _broken(where, "与上一条的哈希不连", "does not follow from the entry before")
    if hashlib.sha256(canonical(value)).hexdigest() != said:
        raise _broken(where, "内容与哈希不符，被改动过", "does not have its hash: it was altered")
    entry = _typed(value, str(said))
    if entry is None:
        raise _broken(where, "不是日志条目", "is no journal entry")
    return entry


def _typed(value: Mapping[str, object], said: str) -> Entry | None:
    changes, files = value["changes"], value["files"]
    words = [value[key] for key in ("at", "by", "action", "note")]
    if not (isinstance(changes, list) and isinstance(files, dict)):
        return None
    if not all(isinstance(word, str) for word in words):
        return None
    found = []
    for change in changes:
        if not isinstance(change, dict) or set(change) != {"document", "path", "before", "after"}:
            return None
        path = change["path"]
        if not (isinstance(path, list) and _is_value(change["before"])):
            return None
        if not _is_value(change["after"]):
            return None
        found.append(
            Change(
                str(change["document"]),
                tuple(str(part) for part in path),
                change["before"],
                change["after"],
            )
        )
    pairs = {str(name): (str(pair[0]), str(pair[1])) for name, pair in files.items()}
    at, by, action, note = (str(word) for word in words)
    return Entry(int(str(value["seq"])), at, by, action, note, tuple(found), pairs, said)


def _is_value(value: object) -> TypeGuard[Value]:
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_value(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_is_value, value))
    return value is None or isinstance(value, str)


def _broken(where: str, zh: str, en: str) -> AuditError:
    return AuditError(
        Text(f"日志{zh}", f"the journal line {en}"),
        where,
        Text(
            "从备份恢复 journal.jsonl；不要手工修改它",
            "restore journal.jsonl from a copy; it is not edited by hand",
        ),
    )
