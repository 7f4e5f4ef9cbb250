"""Knows which requirement of one edition of a checklist became which of the next: a mapping people write."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from fcim_audit.auditfile.schema import Line
from fcim_audit.checklist.schema import RequirementId
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.yaml_source import Loc, Source, Strict, read_yaml, validated


class EditionsFile(Strict):
    """`{mapping: 1, from: …, to: …, requirements: {old: new, old: [new, new], old: null}}`."""

    mapping: Literal["1"]
    from_: Annotated[Line, Field(alias="from")]
    to: Line
    requirements: dict[
        RequirementId,
        RequirementId | Annotated[tuple[RequirementId, ...], Field(min_length=1)] | None,
    ]


@dataclass(frozen=True, slots=True)
class Successors:
    """What became of every requirement: its ids in the new edition, none where it was dropped."""

    named: Mapping[str, tuple[str, ...]]
    known: Collection[str]

    def of(self, requirement: str) -> tuple[str, ...]:
        """The new ids; a requirement that is not named keeps its id, if the new edition has it."""
        if requirement in self.named:
            return self.named[requirement]
        return (requirement,) if requirement in self.known else ()


def read_editions(
    path: Path, editions: tuple[str, str], old: Collection[str], new: Collection[str]
) -> Successors:
    """Read a mapping between two editions; raises AuditErrors with every mistake and its line."""
    source = read_yaml(path)
    file = validated(EditionsFile, source)
    named = {id_: _as_tuple(to) for id_, to in file.requirements.items()}
    raise_all(_mistakes(source, file, named, editions, (old, new)))
    return Successors(named, new)


def _as_tuple(to: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if to is None:
        return ()
    return (to,) if isinstance(to, str) else to


def _mistakes(
    source: Source,
    file: EditionsFile,
    named: Mapping[str, tuple[str, ...]],
    editions: tuple[str, str],
    ids: tuple[Collection[str], Collection[str]],
) -> Iterator[AuditError]:
    for key, said, edition in (("from", file.from_, editions[0]), ("to", file.to, editions[1])):
        if said != edition:
            problem = Text(
                f"{key} 是 {said}，而检查表的版本是 {edition}",
                f"{key} is {said}, the checklist's edition is {edition}",
            )
            hint = Text("换一个对照表", "use the mapping between these editions")
            yield AuditError(problem, source.where((key,)), hint)
    for id_, successors in named.items():
        where: Loc = ("requirements", id_)
        if id_ not in ids[0]:
            yield _unknown(id_, file.from_, source.where(where))
        for successor in successors:
            if successor not in ids[1]:
                yield _unknown(successor, file.to, source.where(where))


def _unknown(id_: str, edition: str, where: str) -> AuditError:
    return AuditError(
        Text(f"版本 {edition} 没有要求 {id_}", f"the edition {edition} has no requirement {id_}"),
        where,
        Text("检查编号的拼写", "check the spelling of the id"),
    )
