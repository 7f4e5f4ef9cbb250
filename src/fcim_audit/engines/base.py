"""Knows the contract of an engine: tables in, locked, then one query at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sqlglot import exp

PLACE_BITS = 40
PLACE = "_place"


@dataclass(frozen=True, slots=True)
class TableFiles:
    """A table to be: its Parquet files, each with the number of its first part.

    The engine adds `first_part << PLACE_BITS` to `_place` so that places are unique over all files.
    """

    name: str
    files: tuple[tuple[Path, int], ...]


Row = tuple[object, ...]


class Engine(Protocol):
    """Runs SELECTs over tables that were loaded before it was locked."""

    name: str
    dialect: str

    def load(self, tables: Sequence[TableFiles], columns: Mapping[str, Mapping[str, str]]) -> None:
        """Load all tables, then lock; `columns` gives name and SQL type of empty tables' columns."""
        ...

    def rows(self, sql: str) -> list[Row]:
        """All rows of a query: text, int, Decimal, bool or None; raises AuditError if it can't run."""
        ...

    def sql(self, query: exp.Select) -> str:
        """The query as this engine gets it."""
        ...

    def __enter__(self) -> Self:
        """Start."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, and leave nothing behind."""
        ...
