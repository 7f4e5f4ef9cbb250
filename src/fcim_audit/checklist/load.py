"""Knows how a checklist folder is read: every mistake in it at once, with file, line and path."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fcim_audit.checklist.rules import Read, unsound_rules
from fcim_audit.checklist.schema import Chapter, Checklist, Head
from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, AuditErrors, raise_all
from fcim_audit.kept import Shelf, key_of
from fcim_audit.language import Text
from fcim_audit.yaml_source import Loc, Model, Source, read_yaml, validated


def load_checklist(folder: Path, *, rules: bool = True, shelf: Shelf | None = None) -> Checklist:
    """Read and check a checklist folder; raises AuditErrors with all its mistakes.

    Without `rules` the checks are not compiled here, as whoever runs them does that anyway.
    On the `shelf` it is kept which checklists were found sound, so that they are compiled once.
    """
    if not (folder / "checklist.yaml").is_file():
        raise AuditError(
            Text("文件夹里没有 checklist.yaml", "the folder holds no checklist.yaml"),
            str(folder),
            Text("给出检查表所在的文件夹", "name the folder of a checklist"),
        )
    head = _read(Head, folder / "checklist.yaml", folder)
    chapters = [_read(Chapter, f, folder) for f in _in(folder, "clauses")]
    datasets = [_read(Dataset, f, folder) for f in _in(folder, "datasets")]
    mistakes = list(head.mistakes)
    mistakes += [m for part in chapters for m in part.mistakes]
    mistakes += [m for part in datasets for m in part.mistakes]
    mistakes += _misnumbered(chapters)
    mistakes += _twice((d.model.name, d.where(("name",))) for d in datasets if d.model)
    named = {part.model.name: part.model for part in datasets if part.model is not None}
    digest = _digest(folder.name, [head, *chapters, *datasets])
    known_sound = shelf is not None and shelf.get(key_of(digest)) is not None
    if mistakes or (rules and not known_sound):
        mistakes += unsound_rules(head, chapters, datasets)
    raise_all(mistakes)
    if rules and shelf is not None and not known_sound:
        shelf.put(key_of(digest), b"")
    assert head.model is not None
    sound = sorted((c.model for c in chapters if c.model), key=lambda c: int(c.chapter))
    return Checklist(head.model, tuple(sound), named, digest)


def _digest(folder: str, parts: Iterable[Read[Head] | Read[Chapter] | Read[Dataset]]) -> str:
    """Tells one state of a checklist from another, wherever its folder lies and whatever its name."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.name.removeprefix(f"{folder}/").encode() + b"\0")
        whole.update(b"" if part.source is None else part.source.sha256)
    return whole.hexdigest()


def _in(folder: Path, part: str) -> list[Path]:
    return sorted((folder / part).glob("*.yaml"))


def _read(model: type[Model], file: Path, folder: Path) -> Read[Model]:
    name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
    source: Source | None = None
    try:
        source = read_yaml(file, name)
        return Read(name, source, validated(model, source), ())
    except AuditErrors as errors:
        return Read(name, source, None, errors.errors)
    except AuditError as error:
        return Read(name, source, None, (error,))


def _numbers(part: Read[Chapter]) -> Iterator[tuple[str, str, str, Loc]]:
    """Every number in a chapter's file: what it is called in messages, itself, its parent's, its path."""
    chapter = str(part.at("chapter"))
    yield f"chapter {chapter}", chapter, "", ("chapter",)
    for c in range(part.size("clauses")):
        clause = str(part.at("clauses", c, "id"))
        yield f"clause {clause}", clause, chapter, ("clauses", c, "id")
        for r in range(part.size("clauses", c, "requirements")):
            loc = ("clauses", c, "requirements", r, "id")
            yield str(part.at(*loc)), str(part.at(*loc)), clause, loc


def _misnumbered(chapters: Sequence[Read[Chapter]]) -> Iterator[AuditError]:
    numbers = [(part, *entry) for part in chapters for entry in _numbers(part)]
    yield from _twice((name, part.where(loc)) for part, name, _, _, loc in numbers)
    for part, _, number, parent, loc in numbers:
        if parent and number != parent and not number.startswith((f"{parent}.", f"{parent}-")):
            yield AuditError(
                Text(f"{number} 不属于 {parent}", f"{number} does not belong under {parent}"),
                part.where(loc),
                Text("检查编号", "check the number"),
            )


def _twice(names: Iterable[tuple[str, str]]) -> Iterator[AuditError]:
    seen: dict[str, str] = {}
    for name, where in names:
        if name in seen:
            yield AuditError(
                Text(f"{name} 已在 {seen[name]} 出现", f"{name} stands already at {seen[name]}"),
                where,
            )
        seen[name] = where
