"""Knows the files of an audit's copies: united by path and content, nothing overwritten, clashes named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fcim_audit.auditfile.conflicts import CONFLICTS, Conflicts, FileClash, FileDecision
from fcim_audit.auditfile.folder import EVIDENCE
from fcim_audit.durable import copy_whole, sha256_of
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text

_OWN = frozenset({"audit.yaml", "judgements.yaml", "findings.yaml", CONFLICTS})


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that was taken over from another copy, and whether it lies beside one of the same name."""

    path: str
    is_beside: bool


def files_in(folder: Path) -> dict[str, str]:
    """Every file of an audit but its documents and journals, with its sha256; raises AuditError for links."""
    links = [path for path in sorted(folder.rglob("*")) if path.is_symlink()]
    raise_all(
        AuditError(
            Text("是链接，不合并", "is a link: it is not merged"),
            str(path),
            Text("换成文件本身，或删去它", "put the file itself in its place, or remove it"),
        )
        for path in links
    )
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_material(path.relative_to(folder))
    }


def _is_material(path: Path) -> bool:
    top = len(path.parts) == 1
    journal = path.name.startswith("journal.") and path.suffix == ".jsonl"
    return not path.parts[0].startswith(".") and not (top and (path.name in _OWN or journal))


def united(folder: Path, other: Path) -> list[Copied]:
    """Copy into an audit what another copy has beside it; a name that is taken gets the hash behind it."""
    mine = files_in(folder)
    held = {(original(path), sha256) for path, sha256 in mine.items()}
    copied = []
    for path, sha256 in files_in(other).items():
        if (original(path), sha256) in held:
            continue
        beside = original(path) in mine
        name = kept_as(original(path), sha256) if beside else original(path)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy_whole(other / path, folder / name)
        mine[name] = sha256
        held.add((original(path), sha256))
        copied.append(Copied(name, beside))
    return copied


def kept_as(path: str, sha256: str) -> str:
    """The name of a file whose own name is taken: the end is not a suffix, so that no glob reads both."""
    return f"{path}~{sha256[:8]}"


def bring_forward(evidence: Path, path: str, sha256: str) -> None:
    """Put the file with this hash at its path, and the one that lies there beside it; none is lost."""
    file = evidence / path
    if not file.resolve().is_relative_to(evidence.resolve()):
        raise AuditError(
            Text("路径在 evidence 之外", "the path leads out of the evidence"),
            path,
            Text("改正 conflicts.yaml", "mend conflicts.yaml"),
        )
    chosen = file.with_name(kept_as(file.name, sha256))
    now = sha256_of(file)
    if now == sha256:
        return
    if not chosen.is_file() or sha256_of(chosen) != sha256:
        raise AuditError(
            Text("文件不在了，或被改动过", "the file is gone or was altered"),
            str(chosen),
            Text("从副本恢复它", "restore it from a copy"),
        )
    copy_whole(file, file.with_name(kept_as(file.name, now)))
    copy_whole(chosen, file)
    chosen.unlink()


def original(path: str) -> str:
    """The name that a file had before it was kept beside another."""
    stem, tilde, end = path.rpartition("~")
    is_hash = len(end) == 8 and all(c in "0123456789abcdef" for c in end)
    return stem if tilde and stem and is_hash else path


def clashes(files: Mapping[str, str], of: Iterable[Conflicts]) -> dict[str, FileClash]:
    """Evidence of one path that differs, with what was decided of it in any of the copies."""
    said = list(of)
    _demand_writable(files)
    found: dict[str, set[str]] = {}
    for path, sha256 in _evidence(files):
        found.setdefault(path, set()).add(sha256)
    for conflicts in said:
        for path, clash in conflicts.evidence.items():
            found.setdefault(path, set()).update(clash.sides)
    return {
        path: FileClash(sides=tuple(sorted(sides)), decisions=_decisions(path, said))
        for path, sides in sorted(found.items())
        if len(sides) > 1
    }


def _demand_writable(files: Iterable[str]) -> None:
    """A name in another encoding could not be written down if it came to a conflict."""
    raise_all(
        AuditError(
            Text("文件名不是 UTF-8", "the file's name is not UTF-8"),
            path,
            Text("给它改名，再合并", "rename it, then merge again"),
        )
        for path in files
        if not path.isprintable() and any("\ud800" <= c <= "\udfff" for c in path)
    )


def _evidence(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for path, sha256 in files.items():
        parts = PurePosixPath(path).parts
        if parts[0] == EVIDENCE:
            yield original("/".join(parts[1:])), sha256


def _decisions(path: str, of: Iterable[Conflicts]) -> tuple[FileDecision, ...]:
    made = {
        decision
        for conflicts in of
        if path in conflicts.evidence
        for decision in conflicts.evidence[path].decisions
    }
    return tuple(sorted(made, key=lambda d: (d.at.isoformat(), d.taken, d.by)))
