"""Knows an audit folder: opened with all its mistakes told, changed whole under a lock, journal first."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel

from fcim_audit.auditfile import journal as journals
from fcim_audit.auditfile.conflicts import (
    CONFLICTS,
    DECIDE,
    MERGE,
    NONE,
    Conflicts,
    contested,
)
from fcim_audit.auditfile.journal import Change, Journal, read_journal
from fcim_audit.auditfile.keeping import (
    Plain,
    applied,
    differences,
    plain,
    textual,
    with_values,
)
from fcim_audit.auditfile.schema import AuditFile, Findings, Judgements
from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.yaml_source import Source, Value, parse_yaml, validated

AUDIT, JUDGEMENTS, FINDINGS = "audit.yaml", "judgements.yaml", "findings.yaml"
DOCUMENTS: Mapping[str, type[AuditFile] | type[Judgements] | type[Findings] | type[Conflicts]] = {
    AUDIT: AuditFile,
    JUDGEMENTS: Judgements,
    FINDINGS: Findings,
    CONFLICTS: Conflicts,
}
_MAY_LACK = frozenset({CONFLICTS})
"""Documents that only some audits have: one that is not there says nothing."""
EVIDENCE, OUT = "evidence", "out"
BY_HAND = "edited_by_hand"
_LOCK, _HOLDER = ".lock", ".lock-holder"
_PATIENCE = 2.0
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit as it stands on the disk.

    `edited`: what was changed by hand since the journal's last entry; `behind`: files that a crash
    left one change behind the journal (they are read as if it had been made).
    """

    folder: Path
    file: AuditFile
    judgements: Judgements
    findings: Findings
    sources: Mapping[str, Source]
    journal: Journal
    edited: tuple[Change, ...] = ()
    behind: tuple[str, ...] = ()
    conflicts: Conflicts = NONE

    @property
    def evidence(self) -> Path:
        """Where the organisation's evidence lies."""
        return self.folder / EVIDENCE

    def where(self, document: str, path: Sequence[str]) -> str:
        """`findings.yaml:12 (items.NC-1)`: where something stands, for messages."""
        return self.sources[document].where(tuple(path))


def is_audit(path: Path) -> bool:
    """Whether a folder is an audit folder."""
    return (path / AUDIT).is_file()


def open_audit(folder: Path) -> Audit:
    """Read an audit; raises AuditErrors with every mistake of its files and of its journal."""
    if not is_audit(folder):
        raise AuditError(
            Text(
                "不是审核文件夹（没有 audit.yaml）", "is no audit folder (there is no audit.yaml)"
            ),
            str(folder),
            Text(
                "用 fcim-audit audit new 文件夹 新建一个",
                "make one with: fcim-audit audit new FOLDER",
            ),
        )
    journal = read_journal(folder)
    sources: dict[str, Source] = {}
    models: dict[str, BaseModel] = {}
    behind: list[str] = []
    mistakes: list[AuditError] = []
    for name, model in DOCUMENTS.items():
        try:
            data = _bytes(folder / name)
            redone = _redone(name, data, journal)
            behind += [name] if redone != data else []
            sources[name] = _source(redone, folder / name)
            models[name] = validated(model, sources[name]) if _is_there(sources[name]) else NONE
        except AuditError as error:
            mistakes.append(error)
    raise_all(mistakes)
    file, judged, found = models[AUDIT], models[JUDGEMENTS], models[FINDINGS]
    conflicts = models[CONFLICTS]
    assert isinstance(file, AuditFile)
    assert isinstance(judged, Judgements)
    assert isinstance(found, Findings)
    assert isinstance(conflicts, Conflicts)
    edited = tuple(_edited(sources, journal)) if journal.entries else ()
    return Audit(folder, file, judged, found, sources, journal, edited, tuple(behind), conflicts)


def _source(data: bytes, file: Path) -> Source:
    if not data and file.name in _MAY_LACK:
        return Source(str(file), None, {}, bytes.fromhex(_EMPTY))
    return parse_yaml(data, str(file))


def _is_there(source: Source) -> bool:
    return source.value is not None


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        if file.name in _MAY_LACK:
            return b""
        raise AuditError(
            Text("文件不存在", "there is no such file"),
            str(file),
            Text("从备份恢复它", "restore it from a copy"),
        ) from None
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"), str(file)
        ) from error


def _redone(name: str, data: bytes, journal: Journal) -> bytes:
    """The file as the journal says it is: a crash between journal and file leaves it one change behind."""
    known = journal.known_file(name)
    if known is None or _sha256(data) != known[0] or known[0] == known[1]:
        return data
    entry = next(e for e in reversed(journal.entries) if name in e.files)
    mine = [change for change in entry.changes if change.document == name]
    if any(not change.path for change in mine):
        return data
    return with_values(data, {change.path: _as_plain(change.after) for change in mine})


def _as_plain(value: Value) -> Plain:
    if isinstance(value, dict):
        return {key: _as_plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_plain(inner) for inner in value]
    return value


def _edited(sources: Mapping[str, Source], journal: Journal) -> Iterator[Change]:
    """What the files say that no entry of the journal says."""
    for name, source in sources.items():
        said: Value = None
        for entry in journal.entries:
            for change in entry.changes:
                if change.document == name:
                    said = applied(said, change)
        yield from differences(name, _without_empty(said), _without_empty(source.value))


def _without_empty(value: Value) -> Value:
    """A document without its empty parts: `items: {}` says no more than nothing."""
    if not isinstance(value, dict):
        return value
    return {key: inner for key, inner in value.items() if inner not in ({}, [], None)}


@dataclass(slots=True)
class Ledger:
    """Changes under way, in the one process that holds the lock; `commit` makes them last."""

    audit: Audit
    _values: dict[str, dict[tuple[str, ...], Plain]] = field(default_factory=dict)

    def put(self, document: str, path: Sequence[str], value: BaseModel | Plain) -> None:
        """Put a value at a path of a document; None removes what stands there."""
        made = plain(value) if isinstance(value, BaseModel) else value
        self._values.setdefault(document, {})[tuple(path)] = made

    def commit(
        self,
        *,
        by: str,
        at: dt.datetime,
        action: str,
        note: str = "",
        beside: Mapping[str, bytes] | None = None,
    ) -> Audit:
        """Write the journal's line, then the files; nothing to change writes nothing.

        `beside`: new files that the line names with their hash; they are written before it.
        """
        self.adopt_edits(by, at)
        changes = [c for c in self._changes() if c.before != c.after]
        if not changes and not note and not beside:
            return self.audit
        if action not in {MERGE, DECIDE}:
            _demand_uncontested(self.audit, changes)
        written = {
            name: with_values(_bytes(self.audit.folder / name), values)
            for name, values in self._values.items()
            if any(c.document == name for c in changes)
        }
        _demand_sound(self.audit.folder, written)
        for name, data in (beside or {}).items():
            write_whole(self.audit.folder / name, data)
        self._write(written, changes, beside or {}, by=by, at=at, action=action, note=note)
        self._values = {}
        return self.audit

    def _changes(self) -> Iterator[Change]:
        for name, values in self._values.items():
            for path, value in values.items():
                before: Value = self.audit.sources[name].value
                for key in path:
                    before = before.get(key) if isinstance(before, dict) else None
                yield Change(name, path, before, textual(value))

    def adopt_edits(self, by: str, at: dt.datetime) -> None:
        """What somebody edited by hand gets its own line first, so that the journal stays whole."""
        audit = self.audit
        for name in audit.behind:
            known = audit.journal.known_file(name)
            assert known is not None
            write_whole(
                audit.folder / name, _redone(name, _bytes(audit.folder / name), audit.journal)
            )
        if audit.edited:
            files = {
                c.document: (
                    (audit.journal.known_file(c.document) or (_EMPTY, _EMPTY))[1],
                    _sha256(_bytes(audit.folder / c.document)),
                )
                for c in audit.edited
            }
            journal = journals.append(
                audit.folder, audit.journal, at=at.isoformat(), by=by, action=BY_HAND, note="",
                changes=audit.edited, files=files,
            )  # fmt: skip
            self.audit = replace(audit, journal=journal, edited=())

    def _write(
        self,
        written: Mapping[str, bytes],
        changes: Sequence[Change],
        beside: Mapping[str, bytes],
        *,
        by: str,
        at: dt.datetime,
        action: str,
        note: str,
    ) -> None:
        folder = self.audit.folder
        files = {
            name: (_sha256(_bytes(folder / name)), _sha256(data)) for name, data in written.items()
        } | {name: (_EMPTY, _sha256(data)) for name, data in beside.items()}
        journals.append(
            folder, self.audit.journal, at=at.isoformat(), by=by, action=action, note=note,
            changes=changes, files=files,
        )  # fmt: skip
        for name, data in written.items():
            write_whole(folder / name, data)
        self.audit = open_audit(folder)


def _demand_uncontested(audit: Audit, changes: Sequence[Change]) -> None:
    """Only the lead's decision may change what copies of the audit say differently."""
    for change in changes:
        conflict = contested(audit.conflicts, change.document, change.path)
        if conflict is not None:
            raise AuditError(
                conflict.says,
                audit.where(CONFLICTS, (conflict.section, conflict.key)),
                Text(
                    f"组长先决定：fcim-audit merge decide {conflict.key}",
                    f"the lead decides first: fcim-audit merge decide {conflict.key}",
                ),
            )


def _demand_sound(folder: Path, written: Mapping[str, bytes]) -> None:
    """What is about to be written is read as the next command will read it."""
    for name, data in written.items():
        validated(DOCUMENTS[name], parse_yaml(data, str(folder / name)))


@contextmanager
def changing(folder: Path) -> Iterator[Ledger]:
    """Hold the audit's lock and open it; raises AuditError that names who else holds it."""
    if not is_audit(folder):
        open_audit(folder)
    with _locked(folder):
        yield Ledger(open_audit(folder))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / _LOCK, timeout=_PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise _held(folder) from None
    except OSError as error:
        raise AuditError(
            Text(f"不能锁定：{error.strerror}", f"can't be locked: {error.strerror}"), str(folder)
        ) from error
    holder = folder / _HOLDER
    try:
        holder.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _held(folder: Path) -> AuditError:
    try:
        pid = str(json.loads((folder / _HOLDER).read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        pid = "?"
    return AuditError(
        Text(
            f"另一个进程（{pid}）正在修改这次审核",
            f"another process ({pid}) is changing this audit",
        ),
        str(folder),
        Text("等它结束，或关闭它，再试", "wait for it to end, or close it, then try again"),
    )


def create(
    folder: Path,
    file: AuditFile,
    *,
    by: str,
    at: dt.datetime,
    heads: Mapping[str, str],
    judgements: Judgements | None = None,
    findings: Findings | None = None,
) -> Audit:
    """Make an audit folder; an audit that exists is refused.

    `heads`: the comment that opens each file; `judgements` and `findings`: what it begins with.
    `audit.yaml` comes last: a folder without it is no audit, whatever a crash left there.
    """
    for name in (EVIDENCE, OUT):
        (folder / name).mkdir(parents=True, exist_ok=True)
    documents: dict[str, BaseModel] = {
        JUDGEMENTS: judgements or Judgements(judgements="1"),
        FINDINGS: findings or Findings(findings="1"), AUDIT: file,
    }  # fmt: skip
    with _locked(folder):
        _demand_new(folder)
        made = {name: _first(heads.get(name, ""), model) for name, model in documents.items()}
        journals.append(
            folder, Journal(), at=at.isoformat(), by=by, action="new", note="",
            changes=[
                Change(name, (), None, textual(plain(model))) for name, model in documents.items()
            ],
            files={name: (_EMPTY, _sha256(data)) for name, data in made.items()},
        )  # fmt: skip
        for name, data in made.items():
            write_whole(folder / name, data)
    return open_audit(folder)


def _first(head: str, model: BaseModel) -> bytes:
    return head.encode() + with_values(b"", {(k,): v for k, v in plain(model).items()})


def _demand_new(folder: Path) -> None:
    """Nothing of an audit may lie here, but for what a `create` that was cut off left."""
    if is_audit(folder) or len(read_journal(folder).entries) > 1:
        raise AuditError(
            Text("这里已经有一次审核", "there is an audit already"),
            str(folder),
            Text("换一个文件夹", "choose another folder"),
        )
    (folder / journals.JOURNAL_FILE).unlink(missing_ok=True)


def note_in_journal(folder: Path, *, by: str, at: dt.datetime, action: str, note: str) -> Audit:
    """A line in the journal that changes no file."""
    with changing(folder) as ledger:
        return ledger.commit(by=by, at=at, action=action, note=note)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
