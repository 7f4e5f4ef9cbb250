"""Knows what was gathered: every file with its hash, every row counted, every table for rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fcim_audit.language import Text
from fcim_audit.model import Coverage

PLACE_BITS = 40
"""`_place` of a row is `part number << PLACE_BITS | row number as a person sees it`."""
MAX_LEFT_OUT = 10_000
"""How many left-out rows of a sheet are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that could not be understood; `text` is None where it may name a person.

    `column` is empty where no canonical column was mapped, `heading` too where the whole row
    is meant.
    """

    row: int
    column: str
    heading: str
    kind: str
    text: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not data, and why.

    Reasons: title, blank, example, repeated_heading, total, signature, note, unparsed.
    """

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One sheet (or the whole of a text file, then `name` is None) and what became of its rows.

    `left_out` lists at most MAX_LEFT_OUT rows, `left_out_counts` counts all of them by reason.
    `columns` is canonical name to heading (to SQL where a view made the column). `raw` is a Parquet
    file of the data rows as text: `_row`, then `c0`, `c1` … in the order of `headings`. `remarks` are
    about the rows as a whole; the notes of the file repeat them. `cells` are the columns, from 0, that
    stand below the headings; `extent` are the first and the last row of data. `made_of` says of a
    view's columns which headings they are made of, `in_row` for which of them these stand in the row
    that the view's row is placed at.
    """

    name: str | None
    visible: bool
    dataset: str | None
    header_rows: tuple[int, ...]
    headings: tuple[str, ...]
    columns: Mapping[str, str]
    row_count: int
    left_out: tuple[LeftOut, ...]
    problem_count: int
    problems: tuple[CellProblem, ...]
    empty_cells: Mapping[str, int]
    metadata: Mapping[str, str]
    left_out_counts: Mapping[str, int] = field(default_factory=dict)
    raw: Path | None = None
    remarks: tuple[Text, ...] = ()
    cells: tuple[int, ...] = ()
    extent: tuple[int, int] | None = None
    made_of: Mapping[str, tuple[str, ...]] | None = None
    in_row: tuple[str, ...] = ()

    def parts(self, column: str) -> tuple[str, ...]:
        """The headings that a canonical column is made of: its own, or those a view takes."""
        if self.made_of is not None:
            return self.made_of.get(column, ())
        heading = self.columns.get(column)
        return (heading,) if heading in self.headings else ()

    def address(self, problem: CellProblem) -> str | None:
        """Where a problem stands as a spreadsheet says it: `D6`; None for a whole row."""
        letter = self.letter(problem.heading)
        return None if letter is None else f"{letter}{problem.row}"

    def letter(self, heading: str) -> str | None:
        """The letters of the column below a heading; None for what is no heading."""
        column = dict(zip(self.headings, self.cells, strict=False)).get(heading)
        return None if column is None else column_letters(column)


def column_letters(column: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class FileReport:
    """One evidence file; `unreadable` says why it could not be read, if so."""

    file: str
    sha256: str
    bytes: int
    kind: str
    encoding: str | None
    sheets: tuple[SheetReport, ...]
    unreadable: Text | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What a part number in `_place` stands for."""

    file: str
    sheet: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """One dataset as rules see it.

    `parquet` are (file, number of its first part in `Holdings.parts`). A file holds the canonical
    columns in the dataset's order and types (text/enum VARCHAR, int BIGINT, number DECIMAL(28,8),
    bool BOOLEAN, date DATE, datetime TIMESTAMP without zone in the bundle's zone, duration BIGINT
    microseconds), then `_place` BIGINT (parts counted from 0 in each file) and `_bad` VARCHAR
    (names of the cells of this row that could not be understood, `,a,b,`; empty text if none).
    `provided` are the columns that every file of the dataset provides, `partly` those that some do,
    with the files that lack them; `unparsed` counts the rows that could not be taken apart at all,
    and so are missing from `rows`.
    """

    dataset: str
    parquet: tuple[tuple[Path, int], ...]
    rows: int
    provided: frozenset[str]
    coverage: Coverage
    population_size: int | None
    unreadable_files: tuple[str, ...] = ()
    unparsed: int = 0
    notes: tuple[Text, ...] = ()
    partly: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def remarks(self) -> tuple[Text, ...]:
        """Its notes, and which columns only some of its files provide."""
        return (
            *(_partly_said(name, self.partly[name]) for name in sorted(self.partly)),
            *self.notes,
        )


def _partly_said(column: str, lacking: Sequence[str]) -> Text:
    return Text(
        f"列 {column} 并非每个文件都有，缺于 {'、'.join(lacking)}，按未提供处理",
        f"the column {column} is not in every file (not in {', '.join(lacking)}); "
        "it counts as not provided",
    )


@dataclass(frozen=True, slots=True)
class Holdings:
    """All evidence of one bundle, ingested."""

    files: tuple[FileReport, ...]
    tables: Mapping[str, Table]
    parts: tuple[Part, ...]
    unreadable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def part(self, place: int) -> tuple[Part, int]:
        """File, sheet and row number of a `_place`."""
        return self.parts[place >> PLACE_BITS], place & ((1 << PLACE_BITS) - 1)
