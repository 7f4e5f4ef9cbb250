"""Knows what a check may speak of, and the queries that it becomes: planned, spelled, answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from fcim_audit.datasets import ColumnType, Dataset
from fcim_audit.errors import AuditError
from fcim_audit.model import Counts, Coverage, ExceptionRow

STATES = ("good", "bad", "unknown", "not_due", "excluded", "outside")
ROW_MASK = 1 << 40
RESERVED = frozenset({*STATES, "key", "state", "why", "place", "item", "top", "bottom"})
"""Names that queries of checks use themselves."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A dataset or a view as checks see it."""

    name: str
    columns: Mapping[str, ColumnType | None]
    vocabularies: Mapping[str, tuple[str, ...]]
    keys: tuple[str, ...]
    personal: frozenset[str]
    time: str | None
    needs: Mapping[str, frozenset[str]]
    select: exp.Select | None = None
    origins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a view: the columns below that each of its columns is made of."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that checks may name.

    Where `mistakes` is a list, wrong expressions are gathered there instead of being raised.
    """

    relations: Mapping[str, Relation]
    parameters: frozenset[str]
    mistakes: list[AuditError] | None = None


def relation_of(dataset: Dataset) -> Relation:
    """A dataset as checks see it."""
    return Relation(
        name=dataset.name,
        columns=dict(dataset.types),
        vocabularies={c.name: tuple(c.values) for c in dataset.columns if c.values},
        keys=dataset.keys,
        personal=frozenset(c.name for c in dataset.columns if c.personal),
        time=dataset.time,
        needs={dataset.name: frozenset()},
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The queries of one check, own functions already replaced.

    `summary` yields one row: a count for each of STATES, then what the kind adds. `listing` yields
    `_place, key, state, why` and one column for each name in `shown`, worst place first.
    """

    summary: exp.Select
    listing: exp.Select
    shown: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    detail: exp.Select | None = None
    beside_needs: tuple[frozenset[str], ...] = ()
    parts: exp.Select | None = None

    @property
    def queries(self) -> tuple[exp.Select | None, ...]:
        """Everything that it may ask."""
        return self.summary, self.listing, self.detail, self.parts

    def spelled(
        self, spell: Callable[[exp.Select], str], newest: exp.Select | None = None
    ) -> Spelled:
        """The same in the words of an engine."""
        return Spelled(
            summary=spell(self.summary),
            columns=tuple(self.summary.named_selects),
            listing=spell(self.listing),
            shown=self.shown,
            needs={name: frozenset(columns) for name, columns in self.needs.items()},
            detail=None if self.detail is None else spell(self.detail),
            beside_needs=self.beside_needs,
            newest=None if newest is None else spell(newest),
            parts=None if self.parts is None else spell(self.parts),
        )


@dataclass(frozen=True, slots=True)
class Spelled:
    """A plan as SQL text; `columns` are those of the summary, `newest` asks for the latest stamp.

    `parts` counts the same by month and site, where a check carries an indicator.
    """

    summary: str
    columns: tuple[str, ...]
    listing: str
    shown: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    detail: str | None
    beside_needs: tuple[frozenset[str], ...]
    newest: str | None
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Every column of every dataset that the queries look at, whether it must be there or not."""
    verbatim: frozenset[str] = frozenset()
    """The columns that stand beside an exception as they are: keys, and what `show` merely names."""
    parts: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What running a plan gave, and how far the evidence behind it carries."""

    summary: Mapping[str, Any]
    exceptions: tuple[ExceptionRow, ...] = ()
    detail: tuple[tuple[Any, ...], ...] = ()
    parts: tuple[tuple[Any, ...], ...] = ()
    coverage: Coverage = Coverage.POPULATION
    population_size: int | None = None
    provided: frozenset[str] = frozenset()

    @property
    def counts(self) -> Counts:
        """The rows by state."""
        return Counts(**{state: int(self.summary.get(state) or 0) for state in STATES})
