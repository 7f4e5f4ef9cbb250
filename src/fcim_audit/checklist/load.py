"""Knows how a checklist folder is read: every mistake in it at once, with file, line and path."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fcim_audit.checklist.files import (
    Read,
    demand_checklist,
    read_all,
    read_one,
    repeated,
    repeated_datasets,
)
from fcim_audit.checklist.rules import unsound_rules
from fcim_audit.checklist.schema import Chapter, Checklist, Head
from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.kept import Shelf, key_of
from fcim_audit.language import Text
from fcim_audit.yaml_source import Loc


def load_checklist(folder: Path, *, rules: bool = True, shelf: Shelf | None = None) -> Checklist:
    """Read and check a checklist folder; raises AuditErrors with all its mistakes.

    Without `rules` the checks are not compiled here, as whoever runs them does that anyway.
    On the `shelf` it is kept which checklists were found sound, so that they are compiled once.
    """
    demand_checklist(folder)
    head = read_one(Head, folder / "checklist.yaml", folder)
    chapters = read_all(Chapter, folder, "clauses")
    datasets = read_all(Dataset, folder, "datasets")
    mistakes = list(head.mistakes)
    mistakes += [m for part in chapters for m in part.mistakes]
    mistakes += [m for part in datasets for m in part.mistakes]
    mistakes += _misnumbered(chapters)
    mistakes += repeated_datasets(datasets)
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
    yield from repeated((name, part.where(loc)) for part, name, _, _, loc in numbers)
    for part, _, number, parent, loc in numbers:
        if parent and number != parent and not number.startswith((f"{parent}.", f"{parent}-")):
            yield AuditError(
                Text(f"{number} 不属于 {parent}", f"{number} does not belong under {parent}"),
                part.where(loc),
                Text("检查编号", "check the number"),
            )
