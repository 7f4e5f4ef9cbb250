"""Knows the copies of one audit: the history of each, and the journals of others that it holds beside its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from fcim_audit.auditfile.folder import AUDIT, BY_HAND, Audit
from fcim_audit.auditfile.history import History, Node, nodes
from fcim_audit.auditfile.journal import JOURNAL_FILE, Entry, Journal, following, read_journal
from fcim_audit.durable import sha256_of
from fcim_audit.errors import AuditError
from fcim_audit.language import Text

UNKNOWN_HAND = "?"
"""Who changed a file by hand: nobody said so."""
_BRANCH = re.compile(r"journal\.[0-9a-f]{16}\.jsonl", re.ASCII)
EMPTY = hashlib.sha256(b"").hexdigest()


def demand_copies(audit: Audit, other: Audit) -> None:
    """Two folders are copies of one audit, held by one checklist; raises AuditError if not."""
    where = other.where(AUDIT, ("id",))
    if audit.file.id != other.file.id or _begun(audit) != _begun(other):
        raise AuditError(
            Text(
                f"不是审核 {audit.file.id} 的副本（日志的开头不同）",
                f"is no copy of the audit {audit.file.id} (their journals begin differently)",
            ),
            where,
            Text(
                "只有从同一个审核文件夹复制出来的才能合并；不同的审核用 fcim-audit compare",
                "only copies of one audit folder can be merged; compare two audits with: fcim-audit compare",
            ),
        )
    if audit.file.criteria.sha256 != other.file.criteria.sha256:
        raise AuditError(
            Text("两个副本用的检查表不同", "the copies are held by different checklists"),
            other.where(AUDIT, ("criteria", "sha256")),
            Text("先统一 criteria", "make their criteria the same first"),
        )


def _begun(audit: Audit) -> str:
    if not audit.journal.entries:
        raise AuditError(
            Text("没有日志，不能合并", "there is no journal: it can't be merged"),
            str(audit.folder / JOURNAL_FILE),
            Text("从备份恢复 journal.jsonl", "restore journal.jsonl from a copy"),
        )
    return audit.journal.entries[0].hash


def whole_journal(audit: Audit) -> tuple[Journal, bytes]:
    """The journal with what was changed by hand since as a last line of its own; nothing is written.

    That line is the same whoever reads it: nobody is named, and its time is that of the line before.
    """
    data = (audit.folder / JOURNAL_FILE).read_bytes()[: audit.journal.length]
    if not audit.edited:
        return audit.journal, data
    files = {
        change.document: (_known(audit, change.document), _now(audit, change.document))
        for change in audit.edited
    }
    last = audit.journal.entries[-1]
    entry, line = following(
        audit.journal, at=last.at, by=UNKNOWN_HAND, action=BY_HAND, note="",
        changes=audit.edited, files=files,
    )  # fmt: skip
    entries = (*audit.journal.entries, entry)
    return Journal(entries, False, len(data) + len(line)), data + line


def moment_of_last(audit: Audit) -> dt.datetime:
    """When the journal's last line was written."""
    return dt.datetime.fromisoformat(audit.journal.entries[-1].at)


def _known(audit: Audit, document: str) -> str:
    known = audit.journal.known_file(document)
    return EMPTY if known is None else known[1]


def _now(audit: Audit, document: str) -> str:
    file = audit.folder / document
    return sha256_of(file) if file.exists() else EMPTY


def branch_file(head: str) -> str:
    """Under which name the journal of another copy lies beside an audit's own."""
    return f"journal.{head[:16]}.jsonl"


def branches_of(audit: Audit) -> dict[str, Journal]:
    """The journals of other copies that were united here, by file; raises AuditError for an altered one."""
    found: dict[str, Journal] = {}
    waiting = [audit.journal]
    while waiting:
        for name, sha256 in _named(waiting.pop().entries):
            if name in found:
                continue
            found[name] = _branch(audit, name, sha256)
            waiting.append(found[name])
    return found


def _branch(audit: Audit, name: str, sha256: str) -> Journal:
    file = audit.folder / name
    problem = None
    if not file.is_file():
        problem = Text("合并进来的日志不在了", "the journal of a merged copy is gone")
    elif sha256_of(file) != sha256:
        problem = Text("合并进来的日志被改动过", "the journal of a merged copy was altered")
    if problem is not None:
        hint = Text(f"从备份恢复 {name}", f"restore {name} from a copy")
        raise AuditError(problem, str(file), hint)
    return read_journal(audit.folder, name)


def _named(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        for name, (_, sha256) in entry.files.items():
            if _BRANCH.fullmatch(name):
                yield name, sha256


def history_of(audit: Audit) -> History:
    """All that was ever put in an audit and in the copies united in it."""
    branches = branches_of(audit)
    ends = {name: journal.head for name, journal in branches.items()}
    history: dict[str, Node] = {}
    for journal in (*branches.values(), whole_journal(audit)[0]):
        joined = _joined(journal, ends)
        for node in nodes(journal.entries, joined, history):
            history[node.hash] = node
    return history


def _joined(journal: Journal, ends: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {
        entry.hash: tuple(ends[name] for name, _ in _named((entry,))) for entry in journal.entries
    }
