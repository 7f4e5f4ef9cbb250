"""Knows what became of one value of an audit, from its journal, and which change can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fcim_audit.auditfile.folder import BY_HAND, Audit
from fcim_audit.auditfile.journal import Change
from fcim_audit.yaml_source import Value

UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a value; `at` is empty where it was edited by hand and no command ran since."""

    at: str
    by: str
    action: str
    note: str
    before: Value
    after: Value


def steps_of(audit: Audit, document: str, path: Sequence[str]) -> tuple[Step, ...]:
    """Every change of the value at a path, the oldest first."""
    return tuple(_steps(audit, document, tuple(path)))


def _steps(audit: Audit, document: str, path: tuple[str, ...]) -> Iterator[Step]:
    for entry in audit.journal.entries:
        for before, after in _changed(entry.changes, document, path):
            yield Step(entry.at, entry.by, entry.action, entry.note, before, after)
    for before, after in _changed(audit.edited, document, path):
        yield Step("", "", BY_HAND, "", before, after)


def _changed(
    changes: Sequence[Change], document: str, path: tuple[str, ...]
) -> Iterator[tuple[Value, Value]]:
    for change in changes:
        depth = len(change.path)
        if change.document != document or change.path != path[:depth]:
            continue
        before, after = (_at(v, path[depth:]) for v in (change.before, change.after))
        if before != after:
            yield before, after


def _at(value: Value, path: Sequence[str]) -> Value:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def undoable(steps: Sequence[Step]) -> Step | None:
    """The change that an undo takes back: undone ones and their undoing aside, the last."""
    standing: list[Step] = []
    for step in steps:
        if step.action == UNDO and standing:
            standing.pop()
        else:
            standing.append(step)
    return standing[-1] if standing else None
