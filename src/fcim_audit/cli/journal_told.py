"""Knows how the journal is told on a terminal and as JSON: who changed what, when, and whether it holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from fcim_audit.auditfile.folder import Audit
from fcim_audit.auditfile.journal import Change, Entry
from fcim_audit.cli.words import language, said
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.wording import clean
from fcim_audit.yaml_source import Value

FIELDS = 4
"""How many changed fields of one entry are told."""


def _print(text: str) -> None:
    sys.stdout.write(clean(text) + "\n")


def hand_edits(audit: Audit) -> Iterator[AuditError]:
    """What stands in the files and in no entry of the journal."""
    for change in audit.edited:
        yield AuditError(
            Text("日志里没有这处改动", "the journal knows nothing of this change"),
            audit.where(change.document, change.path),
            Text(
                "手工改动由下一个写入命令记入日志", "the next command that writes notes what was edited by hand"
            ),
        )  # fmt: skip


def verified(audit: Audit) -> None:
    """That the journal holds."""
    n, head = len(audit.journal.entries), audit.journal.head[:12]
    _print(
        said(
            f"日志完好：{n} 条，末条 {head}",
            f"the journal holds: {n} {'entry' if n == 1 else 'entries'}, head {head}",
        )
    )
    if audit.journal.torn:
        _print(
            said(
                "末尾有未写完的一行（未被确认，下次写入时去除）",
                "its end is a piece of a line that was never acknowledged; the next change removes it",
            )
        )
    for name in audit.behind:
        _print(
            said(f"{name} 比日志旧一步，下次写入时补上", f"{name} is one change behind; the next change catches up")
        )  # fmt: skip


def journal(entries: Sequence[Entry]) -> None:
    """Who did what, when: each change with the value before and after."""
    for entry in entries:
        note = f"  {entry.note}" if entry.note else ""
        _print(f"{entry.seq:>4}  {entry.at}  {entry.by}  {entry.action}{note}")
        for change in entry.changes:
            if not change.path:
                _print(f"      {change.document}")
                continue
            _print(f"      {change.document} {'.'.join(change.path)}: {_brief(change)}")


def _brief(change: Change) -> str:
    before, after = change.before, change.after
    if isinstance(before, dict) and isinstance(after, dict):
        keys = dict.fromkeys((*after, *before))
        fields = [k for k in keys if k != "at" and before.get(k) != after.get(k)]
        told = [f"{k} {_short(before.get(k))} -> {_short(after.get(k))}" for k in fields]
        return "; ".join([*told[:FIELDS], *(["…"] if len(told) > FIELDS else [])])
    return f"{_short(change.before)} -> {_short(change.after)}"


def _short(value: Value) -> str:
    if isinstance(value, dict):
        kept = [value[k] for k in ("status", "grade", "state", "level") if value.get(k)]
        return " ".join(str(part) for part in kept) or "…"
    if isinstance(value, list):
        return f"[{len(value)}]"
    if value is None:
        return "∅" if language() == "zh" else "-"
    return str(value)[:60]


def journal_json(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """The entries for machines."""
    return [
        {
            "seq": e.seq, "at": e.at, "by": e.by, "action": e.action, "note": e.note, "hash": e.hash,
            "changes": [
                {"document": c.document, "path": list(c.path), "before": c.before, "after": c.after}
                for c in e.changes
            ],
        }
        for e in entries
    ]  # fmt: skip
