"""Knows what every reader gives: sheets as text tables in DuckDB, each row with its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from fcim_audit.errors import AuditError
from fcim_audit.language import Text

WHOLE_ROW = -1
"""The column of a fault that concerns every cell of its row."""
SAVE_AGAIN = Text("请用 Excel 或 WPS 另存后重试", "save it again in Excel or WPS")
"""What helps most workbooks that can't be read."""


class Unreadable(AuditError):
    """A file that can't be read as what it is; the other files go on."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell (or a whole row) whose text is not to be trusted, found while reading."""

    row: int
    column: int
    kind: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that a reader could not turn into cells, and why: `blank` or `unparsed`."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: rows as a person counts them, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as a DuckDB table: `_row` (as a person sees it), `_cells` (how many), `c0`, `c1` ….

    `headings` is None where the format has none of its own: then a row of the table holds them.
    Hidden rows and columns (counted from 0) are in the table like all others.
    """

    name: str | None
    table: str
    width: int
    visible: bool = True
    headings: tuple[str, ...] | None = None
    faults: tuple[Fault, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    merged: tuple[Merge, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFile:
    """What one file holds, before anybody asks what it means.

    `date1904`: its serial dates count from 1904, not from 1900.
    """

    kind: str
    encoding: str | None
    sheets: tuple[RawSheet, ...]
    date1904: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One file to read: where it lies, how it was declared, where temporary files may go.

    `member` names files within a zip, `inside` the list of records within JSON, `passwords` are
    tried on an encrypted file. `roots` are the root certificates that signatures are held against.
    `sheet` tells by their names which sheets of a workbook are wanted: the others are only named.
    `abandon` ends the process: with it a large sheet may be read before it is known to fit in memory.
    """

    path: Path
    table: str
    work: Path
    encoding: str | None = None
    delimiter: str | None = None
    pattern: str | None = None
    expected: frozenset[str] = frozenset()
    roots: tuple[Path, ...] = ()
    member: str | None = None
    inside: str | None = None
    passwords: tuple[str, ...] = ()
    sheet: str | None = None
    abandon: Callable[[], None] | None = None


PARQUET = "FORMAT parquet, ROW_GROUP_SIZE 20480"
"""How tables are kept: in groups that several threads share, where the usual 122,880 rows are all of most."""

Reader = Callable[[DuckDBPyConnection, Request], RawFile]


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def cell_columns(width: int) -> tuple[str, ...]:
    """The names of the cell columns of a text table."""
    return tuple(f"c{index}" for index in range(width))
