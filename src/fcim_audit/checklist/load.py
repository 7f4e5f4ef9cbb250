"""Knows how a checklist folder is read: every mistake in it at once, with file, line and path."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from fcim_audit.checklist.schema import (
    Chapter,
    Checklist,
    Head,
    Requirement,
    View,
    catalogue_of,
)
from fcim_audit.checks.base import Catalogue
from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.spans import declared
from fcim_audit.yaml_source import Loc, Model, Source, read_yaml, validated

_ANY_DAY = dt.datetime(2025, 6, 30, 12)


def load_checklist(folder: Path, *, rules: bool = True) -> Checklist:
    """Read and check a checklist folder; raises AuditErrors with all its mistakes.

    Without `rules` the checks are not compiled here, as whoever runs them does that anyway.
    """
    if not (folder / "checklist.yaml").is_file():
        raise AuditError(
            Text("文件夹里没有 checklist.yaml", "the folder holds no checklist.yaml"),
            str(folder),
            Text("给出检查表所在的文件夹", "name the folder of a checklist"),
        )
    mistakes: list[AuditError] = []
    files = [folder / "checklist.yaml", *_in(folder, "clauses"), *_in(folder, "datasets")]
    head = _read(Head, folder / "checklist.yaml", folder, mistakes)
    chapters = [_read(Chapter, f, folder, mistakes) for f in _in(folder, "clauses")]
    datasets = [_read(Dataset, f, folder, mistakes) for f in _in(folder, "datasets")]
    raise_all(mistakes)
    named = {d.name: d for read in datasets if read is not None for d in (read[0],)}
    read_chapters = sorted((c for c in chapters if c is not None), key=lambda c: int(c[0].chapter))
    assert head is not None
    mistakes += _twice(read_chapters)
    catalogue = _catalogue(head, named, mistakes)
    if catalogue is not None and rules:
        moment = _any_moment(head[0])
        for chapter, source in read_chapters:
            mistakes += _unsound_checks(chapter, source, catalogue, moment)
    raise_all(mistakes)
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).digest())
    return Checklist(head[0], tuple(c for c, _ in read_chapters), named, digest.hexdigest())


def _in(folder: Path, part: str) -> list[Path]:
    return sorted((folder / part).glob("*.yaml"))


def _read(
    model: type[Model], file: Path, folder: Path, mistakes: list[AuditError]
) -> tuple[Model, Source] | None:
    try:
        source = read_yaml(file, f"{folder.name}/{file.relative_to(folder).as_posix()}")
        return validated(model, source), source
    except AuditError as error:
        mistakes.append(error)
        return None


def _twice(chapters: list[tuple[Chapter, Source]]) -> Iterator[AuditError]:
    seen: dict[str, str] = {}
    for chapter, source in chapters:
        for c, clause in enumerate(chapter.clauses):
            entries: list[tuple[str, Loc]] = [(f"clause {clause.id}", ("clauses", c, "id"))]
            entries += [
                (r.id, ("clauses", c, "requirements", i, "id"))
                for i, r in enumerate(clause.requirements)
            ]
            for name, loc in entries:
                where = source.where(loc)
                if name in seen:
                    yield AuditError(
                        Text(
                            f"{name} 已在 {seen[name]} 出现",
                            f"{name} stands already at {seen[name]}",
                        ),
                        where,
                    )
                seen[name] = where


def _catalogue(
    head: tuple[Head, Source], datasets: Mapping[str, Dataset], mistakes: list[AuditError]
) -> Catalogue | None:
    declaration, source = head
    sound = True
    for number, declared_view in enumerate(declaration.views):
        for error in _unsound_view(declared_view, declaration, datasets):
            sound = False
            mistakes.append(_placed(error, source.where(("views", number, "select"))))
    return catalogue_of(declaration, datasets) if sound else None


def _unsound_view(
    declared_view: View, head: Head, datasets: Mapping[str, Dataset]
) -> Iterator[AuditError]:
    for name, needed in declared_view.needs.items():
        known = datasets[name].types if name in datasets else {}
        for column in needed:
            if column not in known:
                yield AuditError(
                    Text(f"needs 中没有 {name}.{column}", f"needs names no column {name}.{column}")
                )
    alone = head.model_copy(update={"views": (declared_view,)})
    try:
        catalogue_of(alone, datasets)
    except AuditError as error:
        yield error


def _unsound_checks(
    chapter: Chapter, source: Source, catalogue: Catalogue, moment: Moment
) -> Iterator[AuditError]:
    for c, clause in enumerate(chapter.clauses):
        for r, requirement in enumerate(clause.requirements):
            loc: Loc = ("clauses", c, "requirements", r)
            yield from _unsound(requirement, source, loc, catalogue, moment)


def _unsound(
    requirement: Requirement, source: Source, loc: Loc, catalogue: Catalogue, moment: Moment
) -> Iterator[AuditError]:
    for number, check in enumerate(requirement.checks):
        try:
            check.plan(catalogue, moment)
        except AuditError as error:
            yield _placed(error, source.where((*loc, "checks", number)), requirement.id)


def _placed(error: AuditError, where: str, about: str = "") -> AuditError:
    zh, en = error.problem.zh, error.problem.en
    if about:
        zh, en = f"{about}：{zh}", f"{about}: {en}"
    return AuditError(Text(zh, en), where, error.hint)


def _any_moment(head: Head) -> Moment:
    plan = {name: declared(parameter.default) for name, parameter in head.plan.items()}
    return Moment(_ANY_DAY, _ANY_DAY.replace(year=2024), _ANY_DAY, plan)
