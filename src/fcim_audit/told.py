"""Knows the parts of a result JSON as they are read back, each of which leads to the audit's own words."""

from __future__ import annotations

from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fcim_audit.assessment import RecommendationCode
from fcim_audit.evidence.holdings import FileReport, LeftOut, SheetReport
from fcim_audit.language import Text
from fcim_audit.model import (
    Beside,
    Breakdown,
    Comparator,
    Counts,
    Coverage,
    Dimension,
    ExceptionRow,
    Figure,
    Lead,
    Outcome,
    Place,
    SheetSource,
    SourceCell,
    SourceColumn,
    Status,
    Target,
    Verdict,
)


class Read(BaseModel):
    """Base of what is read back: frozen; what later versions add is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ToldCell(Read):
    """A cell beside an exception."""

    column: str
    heading: str
    cell: str | None
    text: str | None


class ToldPlace(Read):
    """An exception's place, its cells and the values shown beside it."""

    file: str
    sheet: str | None = None
    row: int | None = None
    key: str = ""
    why: str = ""
    unknown: bool = False
    values: dict[str, str | int | None] = Field(default_factory=dict)
    cell: str | None = None
    cells: tuple[ToldCell, ...] = ()

    @property
    def exception(self) -> ExceptionRow:
        """The same in the audit's own words."""
        cells = tuple(SourceCell(c.column, c.heading, c.cell, c.text) for c in self.cells)
        place = Place(self.file, self.sheet, self.row or 0)
        return ExceptionRow(place, self.key, self.why, self.unknown, self.values, cells, self.cell)


class ToldExceptions(Read):
    """How many exceptions there are, and where."""

    count: int
    places: tuple[ToldPlace, ...] = ()


class ToldPart(Read):
    """A column that a view's column is made of."""

    heading: str
    letter: str | None


class ToldColumn(Read):
    """A column that a check read."""

    heading: str
    letter: str | None
    parts: tuple[ToldPart, ...] = ()


class ToldSource(Read):
    """A sheet that a figure was made of."""

    dataset: str
    file: str
    sha256: str
    sheet: str | None
    range: str | None
    first_row: int | None
    last_row: int | None
    rows: int
    left_out: int
    columns: dict[str, ToldColumn]

    @property
    def source(self) -> SheetSource:
        """The same in the audit's own words."""
        columns = tuple(
            SourceColumn(name, c.heading, c.letter, tuple((p.heading, p.letter) for p in c.parts))
            for name, c in self.columns.items()
        )
        return SheetSource(
            self.dataset, self.file, self.sha256, self.sheet, self.range, self.first_row,
            self.last_row, self.rows, self.left_out, columns,
        )  # fmt: skip


class ToldFigure(Read):
    """A measured value, rounded as the result tells it."""

    value: float | int | None
    unit: str

    @property
    def figure(self) -> Figure:
        """The same in the audit's own words."""
        return Figure(None if self.value is None else Fraction(str(self.value)), self.unit)


class ToldTarget(Read):
    """A threshold."""

    op: Comparator
    value: float | int

    @property
    def target(self) -> Target:
        """The same in the audit's own words."""
        return Target(self.op, Fraction(str(self.value)))


class ToldBeside(Read):
    """A second figure, said beside the first."""

    name: Text
    numerator: int
    denominator: int


class ToldBreakdown(Read):
    """The figure of one month or site."""

    dimension: Dimension
    label: str
    value: float | int | None
    unit: str
    numerator: int | None = None
    denominator: int | None = None
    unknown: int = 0
    met: bool | None = None

    @property
    def part(self) -> Breakdown:
        """The same in the audit's own words; exact again where both counts are there."""
        value = None if self.value is None else Fraction(str(self.value))
        if self.numerator is not None and self.denominator:
            value = Fraction(self.numerator, self.denominator)
        return Breakdown(
            self.dimension, self.label, Figure(value, self.unit), self.numerator,
            self.denominator, self.unknown, self.met,
        )  # fmt: skip


class ToldCheck(Read):
    """One check's figure; `sources` is None where an older version wrote the result."""

    id: str
    kind: str
    verdict: Verdict
    measured: ToldFigure
    target: ToldTarget | None = None
    numerator: int | None = None
    denominator: int | None = None
    population: int | None = None
    bound: float | int | None = None
    coverage: Coverage = Coverage.POPULATION
    exceptions: ToldExceptions = ToldExceptions(count=0)
    beside: tuple[ToldBeside, ...] = ()
    notes: tuple[Text, ...] = ()
    datasets: tuple[str, ...] = ()
    sql: str | None = None
    sources: tuple[ToldSource, ...] | None = None
    by: tuple[ToldBreakdown, ...] = ()

    @model_validator(mode="after")
    def _says_what_a_check_can_say(self) -> ToldCheck:
        """A result that was edited may claim what no check can: a pass on nothing, a fail without a place."""
        if self.verdict is Verdict.PASS and not self.population:
            raise ValueError(f"{self.id}: a pass on no rows")
        if self.verdict is Verdict.FAIL and not self.exceptions.count and self.target is None:
            raise ValueError(f"{self.id}: a fail without an exception")
        return self

    def outcome(self, title: Text | None = None, question: Text | None = None) -> Outcome:
        """The same in the audit's own words; title and question stand in the checklist."""
        return Outcome(
            check_id=self.id, kind=self.kind, verdict=self.verdict, measured=self.measured.figure,
            target=None if self.target is None else self.target.target,
            numerator=self.numerator, denominator=self.denominator,
            counts=Counts(good=self.population or 0), coverage=self.coverage,
            bound=None if self.bound is None else Fraction(str(self.bound)),
            exceptions=tuple(place.exception for place in self.exceptions.places),
            exception_count=self.exceptions.count, datasets=self.datasets, sql=self.sql,
            reasons=self.notes,
            beside=tuple(Beside(b.name, b.numerator, b.denominator) for b in self.beside),
            question=question, title=title,
            sources=tuple(source.source for source in self.sources or ()),
            by=tuple(part.part for part in self.by),
        )  # fmt: skip


class ToldWhy(Read):
    """A rule of the profile and its words."""

    rule: str
    zh: str
    en: str

    @property
    def says(self) -> Text:
        """The words."""
        return Text(self.zh, self.en)


class ToldLead(Read):
    """A paragraph that may bear on a requirement."""

    file: str
    paragraph: int
    page: int | None = None
    heading: str = ""
    text: str = ""

    @property
    def lead(self) -> Lead:
        """The same in the audit's own words."""
        return Lead(self.file, self.paragraph, self.page, self.heading, self.text)


class ToldRequirement(Read):
    """What is proposed for a requirement, and its checks."""

    id: str
    clause: str
    title: Text
    status: Status
    on_sample: bool = False
    score: float | int | None = None
    why: tuple[ToldWhy, ...] = ()
    checks: tuple[ToldCheck, ...] = ()
    leads: tuple[ToldLead, ...] = ()


class ToldKpi(Read):
    """One of the eight figures."""

    id: str
    measured: float | int | None
    unit: str
    attained: bool | None
    numerator: int | None = None
    denominator: int | None = None
    claimed: float | int | None = None


class ToldRecommendation(Read):
    """What the tool would recommend, and why."""

    code: RecommendationCode
    why: tuple[Text, ...] = ()


class ToldLeftOut(Read):
    """A row that is no data."""

    row: int
    why: str


class ToldSheet(Read):
    """A sheet of a file, and what became of its rows."""

    name: str | None
    dataset: str | None
    rows: int
    visible: bool = True
    left_out: tuple[ToldLeftOut, ...] = ()
    problem_count: int = 0

    @property
    def report(self) -> SheetReport:
        """The same as ingest reports it, without its cells."""
        return SheetReport(
            name=self.name, visible=self.visible, dataset=self.dataset, header_rows=(),
            headings=(), columns={}, row_count=self.rows,
            left_out=tuple(LeftOut(out.row, out.why) for out in self.left_out),
            problem_count=self.problem_count, problems=(), empty_cells={}, metadata={},
        )  # fmt: skip


class ToldFile(Read):
    """An evidence file and its hash."""

    file: str
    sha256: str
    bytes: int = 0
    kind: str = "unknown"
    encoding: str | None = None
    unreadable: Text | None = None
    notes: tuple[Text, ...] = ()
    sheets: tuple[ToldSheet, ...] = ()

    @property
    def report(self) -> FileReport:
        """The same as ingest reports it."""
        return FileReport(
            self.file, self.sha256, self.bytes, self.kind, self.encoding,
            tuple(sheet.report for sheet in self.sheets), self.unreadable, self.notes,
        )  # fmt: skip


class ToldDeclaration(Read):
    """The bundle.yaml by which the evidence was read; line ends of Windows don't change its sha256."""

    file: str
    sha256: str


class ToldPlan(Read):
    """A plan parameter as it was used."""

    name: str
    value: str
    is_default: bool


class ToldCriteria(Read):
    """A checklist or profile."""

    id: str
    sha256: str
    edition: str = ""


class ToldPeriod(Read):
    """The audit period."""

    start: str
    end: str
