"""Knows the way back from a figure: the files, tables and columns it is made of, the cells it lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fcim_audit.checks.plan import Spelled
from fcim_audit.datasets import Column, ColumnType, Dataset
from fcim_audit.evidence.cleaning import shown
from fcim_audit.evidence.holdings import FileReport, Holdings, SheetReport, column_letters
from fcim_audit.evidence.raw_cells import RawCells, Texts, raw_cells
from fcim_audit.model import (
    ExceptionRow,
    Outcome,
    RequirementResult,
    SheetSource,
    SourceCell,
    SourceColumn,
)

WORKBOOKS = frozenset({"xlsx", "xls", "xlsb", "ods"})
"""Kinds of file whose cells have addresses; in all others a row and a heading say where."""
MAX_CELLED = 10_000
"""How many exceptions of a check carry their cells; all carry file, sheet and row."""
_MEASURED = frozenset(
    {ColumnType.INT, ColumnType.NUMBER, ColumnType.DATE, ColumnType.DATETIME, ColumnType.DURATION}
)
_ABOUT_THE_ROW = frozenset({"", "must", "gap", "start", "end"})
"""Reasons that speak of what stands in the row, not of what is missing elsewhere."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet that holds a dataset, in its file."""

    file: FileReport
    report: SheetReport
    dataset: Dataset

    def letter(self, heading: str) -> str | None:
        """The letters of a column, where its cells have addresses."""
        return self.report.letter(heading) if self.file.kind in WORKBOOKS else None

    @property
    def private(self) -> frozenset[str]:
        """The headings that feed a column which may name a person."""
        personal = (column.name for column in self.dataset.columns if column.personal)
        return frozenset(heading for name in personal for heading in self.report.parts(name))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A cell to tell: its sheet, its canonical column, its heading, whether its text is repeated."""

    sheet: Sheet
    column: Column
    heading: str
    is_told: bool


def traced(
    results: Iterable[RequirementResult],
    plans: Mapping[str, Spelled],
    holdings: Holdings,
    datasets: Mapping[str, Dataset],
) -> tuple[RequirementResult, ...]:
    """The same results, each outcome with its sources and each exception with its cells."""
    sheets = sheets_of(holdings, datasets)
    with raw_cells() as cells:
        return tuple(
            replace(r, outcomes=tuple(_traced(o, plans, sheets, cells) for o in r.outcomes))
            for r in results
        )


def sheets_of(holdings: Holdings, datasets: Mapping[str, Dataset]) -> tuple[Sheet, ...]:
    """Every sheet that holds a dataset, in the order of the bundle."""
    return tuple(
        Sheet(file, sheet, datasets[sheet.dataset])
        for file in holdings.files
        for sheet in file.sheets
        if sheet.dataset is not None and sheet.dataset in datasets
    )


def _traced(
    outcome: Outcome, plans: Mapping[str, Spelled], sheets: Sequence[Sheet], cells: RawCells
) -> Outcome:
    plan = plans.get(outcome.check_id)
    if plan is None:
        return outcome
    used = [sheet for sheet in sheets if sheet.dataset.name in plan.reads]
    return replace(
        outcome,
        sources=tuple(_source(sheet, plan.reads[sheet.dataset.name]) for sheet in used),
        exceptions=_with_cells(outcome.exceptions, plan, used, cells),
    )


def _source(sheet: Sheet, read: frozenset[str]) -> SheetSource:
    report = sheet.report
    first, last = report.extent or (None, None)
    if report.header_rows:
        first = report.header_rows[0]
        last = last or report.header_rows[-1]
    return SheetSource(
        dataset=sheet.dataset.name,
        file=sheet.file.file,
        sha256=sheet.file.sha256,
        sheet=report.name,
        range=_range(sheet, first, last),
        first_row=first,
        last_row=last,
        rows=report.row_count,
        left_out=sum(report.left_out_counts.values()),
        columns=tuple(_column(sheet, name) for name in report.columns if name in read),
    )


def _range(sheet: Sheet, first: int | None, last: int | None) -> str | None:
    cells = sheet.report.cells
    if sheet.file.kind not in WORKBOOKS or not cells or first is None or last is None:
        return None
    return f"{column_letters(min(cells))}{first}:{column_letters(max(cells))}{last}"


def _column(sheet: Sheet, name: str) -> SourceColumn:
    report = sheet.report
    heading = report.columns[name]
    made_of = report.parts(name) if report.made_of is not None else ()
    parts = tuple((part, sheet.letter(part)) for part in made_of)
    return SourceColumn(name, heading, None if parts else sheet.letter(heading), parts)


def _with_cells(
    rows: Sequence[ExceptionRow], plan: Spelled, sheets: Sequence[Sheet], cells: RawCells
) -> tuple[ExceptionRow, ...]:
    by_place: dict[tuple[str, str | None], list[Sheet]] = {}
    for sheet in sheets:
        by_place.setdefault((sheet.file.file, sheet.report.name), []).append(sheet)
    asked: dict[tuple[str, str | None], set[int]] = {}
    for row in rows[:MAX_CELLED]:
        asked.setdefault((row.place.file, row.place.sheet), set()).add(row.place.row)
    wanted = {place: _agreed(by_place.get(place, ()), plan) for place in asked}
    texts = {place: _texts(wanted[place], numbers, cells) for place, numbers in asked.items()}
    celled = (
        _celled(row, plan, wanted[where], texts[where])
        for row in rows[:MAX_CELLED]
        for where in [(row.place.file, row.place.sheet)]
    )
    return (*celled, *rows[MAX_CELLED:])


def _agreed(sheets: Sequence[Sheet], plan: Spelled) -> tuple[_Wanted, ...]:
    """The cells to tell of a sheet's rows; where it was taken in twice, those alike in both."""
    taken = [tuple(_wanted(sheet, plan)) for sheet in sheets]
    if not taken:
        return ()
    alike = {(w.column.name, w.heading) for w in taken[0]}
    for others in taken[1:]:
        alike &= {(w.column.name, w.heading) for w in others}
    private = frozenset[str]().union(*(sheet.private for sheet in sheets))
    return tuple(
        w for w in taken[0] if (w.column.name, w.heading) in alike and w.heading not in private
    )


def _wanted(sheet: Sheet, plan: Spelled) -> Iterator[_Wanted]:
    report = sheet.report
    for column in sheet.dataset.columns:
        here = report.made_of is None or column.name in report.in_row
        if column.name in plan.reads[sheet.dataset.name] and here and not column.personal:
            for heading in report.parts(column.name):
                yield _Wanted(sheet, column, heading, _is_told(report, column, plan))


def _is_told(report: SheetReport, column: Column, plan: Spelled) -> bool:
    """Free text is repeated only where the finding shows it; a view may make any column of it."""
    is_bare = report.made_of is None or report.columns[column.name].strip('"') in report.headings
    if column.type in _MEASURED:
        return True
    if not is_bare:
        return False
    return column.type is not ColumnType.TEXT or column.name in plan.verbatim


def _texts(wanted: Sequence[_Wanted], rows: set[int], cells: RawCells) -> Texts:
    if not wanted:
        return {}
    return cells.texts(wanted[0].sheet.report, rows, {w.heading for w in wanted})


def _celled(
    row: ExceptionRow, plan: Spelled, wanted: Sequence[_Wanted], texts: Texts
) -> ExceptionRow:
    number = row.place.row
    cells = tuple(
        SourceCell(
            w.column.name,
            w.heading,
            None if (letter := w.sheet.letter(w.heading)) is None else f"{letter}{number}",
            _told(w, texts[number, w.heading]),
        )
        for w in wanted
        if (number, w.heading) in texts
    )
    decisive = _decisive(row, plan, wanted, cells) if cells else None
    return replace(row, cells=cells, decisive=decisive)


def _told(wanted: _Wanted, text: str) -> str | None:
    """The text of a cell where it may be repeated; that nothing stands in it always may."""
    if not text.strip():
        return ""
    return shown(wanted.column, text) if wanted.is_told else None


def _decisive(
    row: ExceptionRow, plan: Spelled, wanted: Sequence[_Wanted], cells: Sequence[SourceCell]
) -> str | None:
    """The one cell that the finding is about: named by its reason, unreadable, or alone asked for."""
    report, dataset = wanted[0].sheet.report, wanted[0].sheet.dataset
    about = row.why.partition(":")[2]
    if row.unknown:
        unread = {problem.heading for problem in report.problems if problem.row == row.place.row}
        found = [cell for cell in cells if cell.heading in unread]
    elif about:
        found = [cell for cell in cells if cell.column == about]
    else:
        alone = len(plan.reads) == 1 and row.why in _ABOUT_THE_ROW
        names = plan.needs.get(dataset.name, frozenset()) - set(dataset.keys)
        found = [c for c in cells if c.column in names] if alone and len(names) == 1 else []
    return found[0].address if len(found) == 1 else None
