"""Knows how copies of one audit become one: what stands is taken, what parts is kept for the lead to decide."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from fcim_audit.auditfile.conflicts import (
    CONFLICTS,
    MERGE,
    PLACES,
    Open,
    Section,
    open_conflicts,
)
from fcim_audit.auditfile.copies import (
    UNKNOWN_HAND,
    branch_file,
    branches_of,
    demand_copies,
    history_of,
    moment_of_last,
    whole_journal,
)
from fcim_audit.auditfile.folder import Audit, Ledger, changing, open_audit
from fcim_audit.auditfile.history import DEPTHS, Atom, Standing, flat, merged
from fcim_audit.auditfile.journal import JOURNAL_FILE
from fcim_audit.auditfile.keeping import Plain, plain
from fcim_audit.auditfile.schema import Alarm, FindingEntry, JudgementEntry, MaturityEntry
from fcim_audit.auditfile.united_files import Copied, bring_forward, clashes, files_in, united
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text
from fcim_audit.yaml_source import Value

_LOCKS = shutil.ignore_patterns(".lock", ".lock-holder")
_BLANK_WHILE_CONTESTED = frozenset({Section.REQUIREMENTS, Section.MATURITY})
"""Of these nothing stands while two things are said; of the others what stood before."""


_MODELS: Mapping[tuple[str, ...], type[BaseModel]] = {
    ("requirements",): JudgementEntry,
    ("maturity",): MaturityEntry,
    ("alarms",): Alarm,
    ("items",): FindingEntry,
}


@dataclass(frozen=True, slots=True)
class Union:
    """What merging did: things taken over, files copied, conflicts open now."""

    audit: Audit
    taken: tuple[str, ...] = ()
    copied: tuple[Copied, ...] = ()
    conflicts: tuple[Open, ...] = ()


@dataclass(frozen=True, slots=True)
class _Copy:
    """One of the other copies as it was read; `journal` is its journal's bytes then."""

    audit: Audit
    journal: bytes
    branches: Mapping[str, bytes] = field(default_factory=dict)


def merge_to(out: Path, folders: Sequence[Path], *, by: str, at: dt.datetime) -> Union:
    """Unite copies in a new folder; none of them is written to; raises AuditError."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            Text("已经存在", "is there already"),
            str(out),
            Text("换一个新文件夹，或用 --into 合并进第一个副本", "name a new folder, or merge into a copy with --into"),
        )  # fmt: skip
    _demand_outside(out, folders)
    first = _copy(folders[0])
    files_in(first.audit.folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as staging:
        made = Path(staging) / "audit"
        shutil.copytree(folders[0], made, ignore=_LOCKS)
        _demand_unchanged(first)
        union = merge_into(made, folders[1:], by=by, at=at)
        (made / ".lock").unlink(missing_ok=True)
        if out.exists():
            out.rmdir()
        made.rename(out)
    return Union(open_audit(out), union.taken, union.copied, union.conflicts)


def merge_into(folder: Path, others: Sequence[Path], *, by: str, at: dt.datetime) -> Union:
    """Unite other copies in the first; they are not written to; raises AuditError."""
    with changing(folder) as ledger:
        copies = [_copy(other) for other in others]
        for copy in copies:
            demand_copies(ledger.audit, copy.audit)
        ledger.adopt_edits(UNKNOWN_HAND, moment_of_last(ledger.audit))
        mine = history_of(ledger.audit)
        new = [c for c in copies if whole_journal(c.audit)[0].head not in mine]
        copied = [file for copy in copies for file in united(folder, copy.audit.folder)]
        standings = merged(mine, *(history_of(copy.audit) for copy in copies))
        taken = tuple(_put_standings(ledger, standings))
        _put_conflicts(ledger, standings, copies)
        for copy in copies:
            _demand_unchanged(copy)
        ledger.commit(
            by=by, at=at, action=MERGE, note=" ".join(_head(c)[:16] for c in new),
            beside=_beside(ledger.audit, new),
        )  # fmt: skip
        return Union(ledger.audit, taken, tuple(copied), open_conflicts(ledger.audit.conflicts))


def _demand_outside(out: Path, folders: Sequence[Path]) -> None:
    for folder in folders:
        if out.resolve().is_relative_to(folder.resolve()):
            raise UsageError(
                Text("在被合并的审核里面", "lies in an audit that is merged"),
                str(out),
                Text("换一个外面的文件夹", "name a folder outside"),
            )


def _copy(folder: Path) -> _Copy:
    audit = open_audit(folder)
    branches = {name: (folder / name).read_bytes() for name in branches_of(audit)}
    return _Copy(audit, _journal_bytes(folder), branches)


def _journal_bytes(folder: Path) -> bytes:
    file = folder / JOURNAL_FILE
    return file.read_bytes() if file.exists() else b""


def _demand_unchanged(copy: _Copy) -> None:
    if _journal_bytes(copy.audit.folder) != copy.journal:
        raise AuditError(
            Text("合并时有人正在修改它", "somebody changed it while it was merged"),
            str(copy.audit.folder),
            Text("等他结束，再合并一次", "wait until they are done, then merge again"),
        )


def _head(copy: _Copy) -> str:
    return whole_journal(copy.audit)[0].head


def _beside(audit: Audit, copies: Sequence[_Copy]) -> dict[str, bytes]:
    """The other copies' journals, which are kept beside the audit's own."""
    kept: dict[str, bytes] = {}
    for copy in copies:
        kept |= copy.branches
        journal, data = whole_journal(copy.audit)
        kept[branch_file(journal.head)] = data
    known = branches_of(audit)
    return {name: data for name, data in kept.items() if name not in known}


def _put_standings(ledger: Ledger, standings: Mapping[Atom, Standing]) -> Iterator[str]:
    """Put what stands where this copy says otherwise; yields what was put."""
    sources = ledger.audit.sources
    now: dict[Atom, Value] = {
        (document, path): value
        for document, depth in DEPTHS.items()
        for path, value in flat(sources[document].value, depth)
    }
    for atom, standing in standings.items():
        value = _shown(atom, standing)
        if value != now.get(atom):
            ledger.put(*atom, written(atom, value))
            yield ".".join(atom[1])


def _shown(atom: Atom, standing: Standing) -> Value:
    """What the document says: what stands, else what is safe to say until the lead decides."""
    if not standing.is_contested:
        return standing.stands[0].value
    section, _ = section_of(atom)
    return None if section in _BLANK_WHILE_CONTESTED else standing.before


def section_of(atom: Atom) -> tuple[Section, str]:
    """Under what a conflict on this thing is listed, and its key there."""
    document, path = atom
    for section, (where, under) in PLACES.items():
        if document == where and path[:-1] == under:
            return section, path[-1]
    raise AuditError(
        Text("两个副本的文件结构不同", "the copies have different structures"),
        f"{document} ({'.'.join(path)})",
    )


def _put_conflicts(
    ledger: Ledger, standings: Mapping[Atom, Standing], copies: Sequence[_Copy]
) -> None:
    """`conflicts.yaml` anew: it follows from what stands, whoever is merged with whom first."""
    found: dict[Section, dict[str, Plain]] = {section: {} for section in Section}
    for atom, standing in standings.items():
        if standing.is_contested:
            section, key = section_of(atom)
            found[section][key] = _sides(atom, standing)
    of = [ledger.audit.conflicts, *(copy.audit.conflicts for copy in copies)]
    for path, clash in clashes(files_in(ledger.audit.folder), of).items():
        if clash.taken is not None:
            bring_forward(ledger.audit.evidence, path, clash.taken)
        found[Section.EVIDENCE][path] = plain(clash)
    if any(found.values()):
        ledger.put(CONFLICTS, ("conflicts",), "1")
    for section, conflicts in found.items():
        ledger.put(CONFLICTS, (section.value,), conflicts or None)


def _sides(atom: Atom, standing: Standing) -> Plain:
    sides: list[Plain] = []
    for stand in standing.stands:
        changed: list[Plain] = [{"by": by, "at": at} for by, at in stand.touched]
        side: dict[str, Plain] = {"id": stand.id, "changed": changed}
        if stand.value is not None:
            side["value"] = written(atom, stand.value)
        sides.append(side)
    return {"sides": sides}


def written(atom: Atom, value: Value) -> Plain:
    """A value as it is written: its fields in the order in which people read them."""
    model = _MODELS.get(atom[1][:-1])
    if isinstance(value, dict) and model is not None:
        known = [name for name in model.model_fields if name in value]
        names = dict.fromkeys((*known, *value))
        return {name: as_plain(value[name]) for name in names}
    return as_plain(value)


def as_plain(value: Value) -> Plain:
    """A value that was read as one that can be written."""
    if isinstance(value, dict):
        return {key: as_plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_plain(inner) for inner in value]
    return value
