"""Knows how a merge and its conflicts are told: in lines for people, and as JSON."""

from __future__ import annotations

import json
import sys

from fcim_audit.auditfile.conflicts import Open, Section
from fcim_audit.auditfile.deciding import sides_of, speakers
from fcim_audit.auditfile.folder import Audit
from fcim_audit.auditfile.history import Stand
from fcim_audit.auditfile.merge import Union
from fcim_audit.cli.words import language, said
from fcim_audit.language import Text
from fcim_audit.wording import clean
from fcim_audit.yaml_source import Value

_SHOWN = 300
_FIELDS = {
    "status": Text("状态", "status"),
    "grade": Text("级别", "grade"),
    "state": Text("进展", "state"),
    "level": Text("等级", "level"),
    "requirement": Text("要求", "requirement"),
    "statement": Text("陈述", "statement"),
    "note": Text("说明", "note"),
    "reason": Text("理由", "reason"),
    "evidence": Text("证据", "evidence"),
}
"""What an auditor tells sides apart by, first."""


def summary(union: Union) -> dict[str, object]:
    """What a merge did, as a document."""
    return {
        "audit": union.audit.file.id,
        "folder": str(union.audit.folder),
        "taken": list(union.taken),
        "files": [{"file": c.path, "beside": c.is_beside} for c in union.copied],
        "conflicts": [conflict_told(union.audit, conflict) for conflict in union.conflicts],
    }


def conflict_told(audit: Audit, conflict: Open) -> dict[str, object]:
    """A conflict with all its sides, as a document."""
    made: dict[str, object] = {"section": conflict.section.value, "key": conflict.key}
    if conflict.section is Section.EVIDENCE:
        made["sides"] = [{"id": s[:8], "sha256": s} for s in _hashes(audit, conflict)]
        return made
    made["sides"] = [
        {
            "id": side.id,
            "by": sorted(speakers(side)),
            "changed": [{"by": by, "at": at} for by, at in side.touched],
            "value": side.value,
        }
        for side in sides_of(audit, conflict)
    ]
    return made


def _hashes(audit: Audit, conflict: Open) -> tuple[str, ...]:
    return audit.conflicts.evidence[conflict.key].sides


def tell(union: Union) -> None:
    """What a merge did, for people: conflicts first."""
    if union.conflicts:
        tell_conflicts(union.audit, union.conflicts)
        print_line("")
    print_line(
        said(
            f"合并进 {union.audit.folder}：收入 {len(union.taken)} 项，复制 {len(union.copied)} 个文件，"
            f"冲突 {len(union.conflicts)} 处",
            f"united in {union.audit.folder}: changes taken: {len(union.taken)}, "
            f"files copied: {len(union.copied)}, conflicts: {len(union.conflicts)}",
        )
    )
    for copied in union.copied:
        if copied.is_beside:
            print_line(
                said(f"  同名文件，另存为 {copied.path}", f"  same name, kept as {copied.path}")
            )


def tell_conflicts(audit: Audit, conflicts: tuple[Open, ...]) -> None:
    """Conflicts with all their sides, for people."""
    for conflict in conflicts:
        print_line(conflict.says.said(language()))
        if conflict.section is Section.EVIDENCE:
            for sha256 in _hashes(audit, conflict):
                print_line(f"  {sha256[:8]}  sha256 {sha256}")
            continue
        for side in sides_of(audit, conflict):
            print_line(f"  {side.id}  {', '.join(sorted(speakers(side)))}  {_in_short(side)}")
    folder = audit.folder
    print_line(
        said(
            f"组长决定：fcim-audit merge decide 编号 --take 哪一方 -C {folder}（--take all：同号的发现都保留）",
            f"the lead decides: fcim-audit merge decide ID --take SIDE -C {folder} "
            "(--take all keeps every finding of one number)",
        )
    )


def _in_short(side: Stand) -> str:
    """The value in one line."""
    if side.value is None:
        return said("删除了它", "removed it")
    if not isinstance(side.value, dict):
        return _cut(_plainly(side.value))
    parts = [
        f"{words.said(language())}: {_plainly(side.value[key])}"
        for key, words in _FIELDS.items()
        if key in side.value
    ]
    return _cut("; ".join(parts or [_plainly(side.value)]))


def _plainly(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(_plainly(inner) for inner in value)
    if isinstance(value, dict):
        return " ".join(_plainly(v) for k, v in value.items() if k != "sha256")
    return value or ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + " …"


def print_line(line: str) -> None:
    """One line on standard output, hostile characters shown as what they are."""
    sys.stdout.write(clean(line) + "\n")


def print_json(document: dict[str, object]) -> None:
    """A document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
