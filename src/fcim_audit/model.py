"""Knows the vocabulary of an audit: verdicts, statuses, places, exceptions, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fcim_audit.language import Text


class Verdict(StrEnum):
    """What one check concluded."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NO_EVIDENCE = "no_evidence"
    STALE = "stale"
    UNREADABLE = "unreadable"
    MANUAL = "manual"
    NOT_APPLICABLE = "not_applicable"


UNCONCLUDED = frozenset(
    {Verdict.INCONCLUSIVE, Verdict.NO_EVIDENCE, Verdict.STALE, Verdict.UNREADABLE}
)
"""Verdicts of an automatic rule that could not conclude."""


class Status(StrEnum):
    """What is proposed for one requirement."""

    CONFORM = "conform"
    OFI = "ofi"
    MINOR = "minor"
    MAJOR = "major"
    NOT_VERIFIED = "not_verified"
    NOT_APPLICABLE = "not_applicable"


class Coverage(StrEnum):
    """How the rows of a file were chosen from all that exist."""

    POPULATION = "population"
    RANDOM_SAMPLE = "random_sample"
    JUDGEMENT_SAMPLE = "judgement_sample"


class Modality(StrEnum):
    """How the standard asks: a duty, a named minimum of a longer list, or an example."""

    SHALL = "shall"
    MINIMUM = "minimum"
    EXAMPLE = "example"


class Consequence(StrEnum):
    """What is at stake when a check fails, beyond the requirement itself."""

    NONE = "none"
    SAFETY = "safety"
    LEGAL = "legal"


class Comparator(StrEnum):
    """How a figure is held against its target."""

    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Target:
    """A threshold: the figure must stand in this relation to `value`."""

    op: Comparator
    value: Fraction

    def is_met_by(self, value: Fraction) -> bool:
        """Exact comparison; nothing is rounded."""
        return value >= self.value if self.op is Comparator.AT_LEAST else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; `unit` is ratio, score, s, count …; `value` is None when unmeasurable."""

    value: Fraction | None
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands: file, sheet (None in text files) and the row number a person sees."""

    file: str
    sheet: str | None
    row: int


Cell = str | int | None
"""A value shown beside an exception."""


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell that a check read: canonical column, heading, address in a workbook (`E17`), its text.

    `text` is what stood in the file, cut after 200 characters; None where it is not repeated because
    it is free text that the finding does not show.
    """

    column: str
    heading: str
    address: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One unit that is not as it must be, or (`unknown`) that could not be understood.

    `cells` are those of its row that the check read; `decisive` is the address of the one that
    decides, where one alone does.
    """

    place: Place
    key: str
    why: str
    unknown: bool
    values: Mapping[str, Cell]
    cells: tuple[SourceCell, ...] = ()
    decisive: str | None = None


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column that a check read: its heading and letters; for a view's, its SQL and its parts."""

    name: str
    heading: str
    letter: str | None
    parts: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetSource:
    """One sheet, or text file, that a figure was made of, and which of it was read.

    `range` are the cells of the table, heading row first (None where the file has no cells to
    address), `first_row` and `last_row` the same as rows or lines. `left_out` counts the rows of the
    sheet that are not data.
    """

    dataset: str
    file: str
    sha256: str
    sheet: str | None
    range: str | None
    first_row: int | None
    last_row: int | None
    rows: int
    left_out: int
    columns: tuple[SourceColumn, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A second figure on the same population, said beside the first; it decides nothing."""

    name: Text
    numerator: int
    denominator: int


class Dimension(StrEnum):
    """By what a figure falls apart."""

    MONTH = "month"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A figure of one calendar month or one site; `label` is empty where a row names neither.

    `met` is None where the rows don't tell: of a sample, of too few, or while one is not understood.
    """

    dimension: Dimension
    label: str
    measured: Figure
    numerator: int | None
    denominator: int | None
    unknown: int = 0
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows that a check looked at."""

    good: int = 0
    bad: int = 0
    unknown: int = 0
    not_due: int = 0
    excluded: int = 0
    outside: int = 0

    @property
    def population(self) -> int:
        """The rows that the verdict speaks of."""
        return self.good + self.bad + self.unknown


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of one check to one requirement."""

    check_id: str
    kind: str
    verdict: Verdict
    measured: Figure
    target: Target | None = None
    numerator: int | None = None
    denominator: int | None = None
    counts: Counts = Counts()
    coverage: Coverage = Coverage.POPULATION
    bound: Fraction | None = None
    exceptions: tuple[ExceptionRow, ...] = ()
    exception_count: int = 0
    datasets: tuple[str, ...] = ()
    sql: str | None = None
    reasons: tuple[Text, ...] = ()
    beside: tuple[Beside, ...] = ()
    question: Text | None = None
    title: Text | None = None
    consequence: Consequence = Consequence.NONE
    is_kpi: bool = False
    sources: tuple[SheetSource, ...] = ()
    by: tuple[Breakdown, ...] = ()

    @property
    def hidden(self) -> tuple[Breakdown, ...]:
        """The months and sites that miss the target while the whole meets it."""
        if self.verdict is not Verdict.PASS:
            return ()
        return tuple(part for part in self.by if part.met is False)

    def __post_init__(self) -> None:
        """Nonsense can't be built: a pass on nothing, a fail without a place or a figure."""
        if self.verdict is Verdict.PASS and self.counts.population == 0:
            raise ValueError(f"{self.check_id}: a pass on no rows")
        if self.verdict is Verdict.FAIL and not self.exception_count and self.target is None:
            raise ValueError(f"{self.check_id}: a fail without an exception")


@dataclass(frozen=True, slots=True)
class Lead:
    """A paragraph of a document that may bear on a requirement; the auditor reads it, no rule does."""

    file: str
    paragraph: int
    page: int | None
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """All outcomes of one requirement, before it is judged."""

    requirement: str
    outcomes: tuple[Outcome, ...]
    leads: tuple[Lead, ...] = ()
