"""Knows all that was ever put in the copies of one audit, what superseded what, and what is left standing.

Every journal entry is a node whose parents are the entry before and, of a merge, the ends of the
other copies' journals. A value stands while no later entry, one that had seen it, replaced it.
What stands is read from the set of nodes alone: uniting copies is uniting sets, in whatever order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TypeAlias

from fcim_audit.auditfile.conflicts import CONFLICTS, DECIDE, MERGE, Section, place_of
from fcim_audit.auditfile.journal import START, Change, Entry, canonical
from fcim_audit.auditfile.keeping import applied
from fcim_audit.yaml_source import Value

DEPTHS: Mapping[str, int] = {"audit.yaml": 1, "judgements.yaml": 2, "findings.yaml": 2}
"""How many keys lead to what is united as one: a judgement, a finding, a part of the plan."""
Atom: TypeAlias = tuple[str, tuple[str, ...]]
"""A document and the path of one thing in it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One entry: what it followed, and the things it put, None for what it removed."""

    hash: str
    parents: tuple[str, ...]
    puts: Mapping[Atom, Value]
    by: str = ""
    at: str = ""
    decides: bool = False


History: TypeAlias = Mapping[str, Node]
"""Nodes by their hash; every parent is among them."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One of the values that stand for one thing, with who put it there."""

    value: Value
    touched: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """What names this value: the beginning of its hash."""
        return hashlib.sha256(canonical(self.value)).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one thing: one value, or several, and what stood before they parted."""

    stands: tuple[Stand, ...]
    before: Value

    @property
    def is_contested(self) -> bool:
        """Whether more than one thing is said."""
        return len(self.stands) > 1


def merged(*histories: History) -> dict[Atom, Standing]:
    """What stands when the histories of copies are united."""
    united: dict[str, Node] = {}
    for history in histories:
        united.update(history)
    return _Reading(united).standings()


def nodes(
    entries: Sequence[Entry], joined: Mapping[str, tuple[str, ...]], known: History
) -> Iterator[Node]:
    """The nodes of one journal; `joined`: the ends of other journals that an entry, by hash, united.

    Nodes of `known` are not made again.
    """
    documents: dict[str, Value] = {}
    parent = START
    for entry in entries:
        puts: dict[Atom, Value] = {}
        for change in entry.changes:
            if change.document in DEPTHS:
                before = documents.get(change.document)
                after = applied(before, change)
                documents[change.document] = after
                puts.update(_parts(change, before, after))
        if entry.action == DECIDE:
            puts.update((atom, _at(documents.get(atom[0]), atom[1])) for atom in _decided(entry))
        if entry.hash not in known:
            parents = (*([] if parent == START else [parent]), *joined.get(entry.hash, ()))
            own = {} if entry.action == MERGE else puts
            yield Node(entry.hash, parents, own, entry.by, entry.at, entry.action == DECIDE)
        parent = entry.hash


def _parts(change: Change, before: Value, after: Value) -> Iterator[tuple[Atom, Value]]:
    """What a change did to the things it touched, however deep or shallow its path is."""
    depth = DEPTHS[change.document]
    path = change.path[:depth]
    old = dict(flat(_at(before, path), depth, path))
    new = dict(flat(_at(after, path), depth, path))
    for key in old | new:
        if old.get(key) != new.get(key):
            yield (change.document, key), new.get(key)


def _decided(entry: Entry) -> Iterator[Atom]:
    """What a decision is about: taking what stands already changes nothing, and decides all the same."""
    for change in entry.changes:
        if change.document == CONFLICTS and len(change.path) == 2:
            place = place_of(Section(change.path[0]), change.path[1])
            if place is not None:
                yield place


def flat(
    value: Value, depth: int, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Value]]:
    """A document as the things it holds, each under its path."""
    if isinstance(value, dict) and len(path) < depth:
        for key, inner in value.items():
            yield from flat(inner, depth, (*path, key))
    elif value is not None:
        yield path, value


def _at(value: Value, path: Sequence[str]) -> Value:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


@dataclass(slots=True)
class _Reading:
    """Reads a history once: each node a bit, what a node had seen an integer of such bits."""

    history: History
    order: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        graph = {hash_: node.parents for hash_, node in sorted(self.history.items())}
        self.order = list(TopologicalSorter(graph).static_order())
        places = {hash_: place for place, hash_ in enumerate(self.order)}
        for hash_ in self.order:
            bits = 0
            for parent in self.history[hash_].parents:
                bits |= self.seen[places[parent]] | 1 << places[parent]
            self.seen.append(bits)

    def standings(self) -> dict[Atom, Standing]:
        """Every thing that was ever put."""
        puts: dict[Atom, list[int]] = {}
        for place, hash_ in enumerate(self.order):
            for atom in self.history[hash_].puts:
                puts.setdefault(atom, []).append(place)
        return {atom: self._standing(atom, places) for atom, places in sorted(puts.items())}

    def _standing(self, atom: Atom, places: Sequence[int]) -> Standing:
        replaced_by: dict[int, int] = {}
        for number, place in enumerate(places):
            earlier = _left(places[:number], replaced_by, self.seen[place])
            if self.history[self.order[place]].decides or len(self._values(atom, earlier)) < 2:
                for other in earlier:
                    replaced_by[other] = replaced_by.get(other, 0) | 1 << place
        everything = (1 << len(self.order)) - 1
        stands = _left(places, replaced_by, everything)
        return Standing(self._stands(atom, stands), self._before(atom, stands, places, replaced_by))

    def _before(
        self,
        atom: Atom,
        stands: Sequence[int],
        places: Sequence[int],
        replaced_by: Mapping[int, int],
    ) -> Value:
        """What stood when all who say something now had last seen the same."""
        common = -1
        for place in stands:
            common &= self.seen[place]
        found = self._stands(atom, _left(places, replaced_by, common))
        return found[0].value if found else None

    def _values(self, atom: Atom, places: Iterable[int]) -> set[bytes]:
        return {_meaning(atom, self._value(atom, place)) for place in places}

    def _value(self, atom: Atom, place: int) -> Value:
        return self.history[self.order[place]].puts[atom]

    def _stands(self, atom: Atom, places: Iterable[int]) -> tuple[Stand, ...]:
        alike: dict[bytes, list[int]] = {}
        for place in places:
            alike.setdefault(_meaning(atom, self._value(atom, place)), []).append(place)
        return tuple(self._stand(atom, same) for _, same in sorted(alike.items()))

    def _stand(self, atom: Atom, places: Sequence[int]) -> Stand:
        of = [self.history[self.order[place]] for place in places]
        value = min((node.puts[atom] for node in of), key=canonical)
        return Stand(value, tuple(sorted({(node.by, node.at) for node in of})))


def _meaning(atom: Atom, value: Value) -> bytes:
    """What is said, whoever says it and when: two who judge alike, on the same evidence, agree."""
    if atom[0] == "judgements.yaml" and isinstance(value, dict):
        return canonical({key: inner for key, inner in value.items() if key not in {"by", "at"}})
    return canonical(value)


def _left(places: Iterable[int], replaced_by: Mapping[int, int], within: int) -> list[int]:
    """Of the places within a set of nodes those that nothing in it replaced."""
    return [p for p in places if within >> p & 1 and not replaced_by.get(p, 0) & within]
