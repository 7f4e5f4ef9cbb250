"""Knows which dataset a sheet probably is, and which heading which column: exact names alone decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from fcim_audit.datasets import Column, ColumnType, Dataset, normalised
from fcim_audit.evidence.bundle import EvidenceEntry
from fcim_audit.evidence.files import InputFile
from fcim_audit.evidence.headings import Heading
from fcim_audit.evidence.mapping import exact_columns
from fcim_audit.evidence.survey import SurveyedFile, SurveyedSheet, Surveyor
from fcim_audit.language import Text
from fcim_audit.readers.log_formats import FORMATS

SUGGESTED = 3
_LEAST_ALIKE = 0.34
_LEAST_COLUMNS = 2
_PLANNED = re.compile("计划|预计|应|拟|目标|plan|due|expect|target")
_DONE = re.compile("实际|完成|actual|done")
_START = re.compile("开始|起始|start|begin")
_END = re.compile("结束|截止|恢复|end|finish")
_NOT = re.compile("未|不|非|not")
_FITTING = {
    ColumnType.INT: {ColumnType.NUMBER},
    ColumnType.NUMBER: {ColumnType.NUMBER},
    ColumnType.BOOL: {ColumnType.BOOL},
    ColumnType.DATE: {ColumnType.DATETIME},
    ColumnType.DATETIME: {ColumnType.DATETIME},
    ColumnType.DURATION: {ColumnType.DURATION, ColumnType.NUMBER},
}


_ACCESS = {"at": "time", "account": "user", "object": "path", "action": "method", "ip": "client"}
_OF_LOGS = {"nginx": ("access_log", _ACCESS)}
"""By named log format the dataset that it may be, and which part of a line may be which column."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A heading that may be a column: how alike the words are (0 to 1), whether the values fit."""

    heading: str
    alike: float
    fits: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one sheet probably is.

    `columns` map by exact names (or as confirmed before, then `known` is true); `missing` are the
    required columns that no heading maps to, each with suggestions. `candidates` are the datasets
    that it might be, best first, when `dataset` is not certain.
    """

    file: SurveyedFile
    sheet: SurveyedSheet
    dataset: Dataset | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[Suggestion, ...]] = field(default_factory=dict)
    candidates: tuple[Dataset, ...] = ()
    known: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a person has to decide something before the sheet can be read."""
        return bool(self.missing) or (self.dataset is None and bool(self.candidates))

    @property
    def unused(self) -> tuple[str, ...]:
        """The headings that are no column."""
        used = set(self.columns.values())
        return tuple(h.name for h in self.sheet.headings if h.name not in used)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person said of headings such as these."""

    dataset: str
    columns: Mapping[str, str]


Recall = Callable[[Sequence[Heading]], Confirmed | None]


def proposals_of(
    surveyor: Surveyor, given: InputFile, recall: Recall
) -> tuple[tuple[SurveyedFile, ...], list[Proposal]]:
    """What lies in a file and what it is; a file that leaves questions is looked at more closely."""

    def proposed(files: Sequence[SurveyedFile]) -> list[Proposal]:
        return [
            propose(file, sheet, surveyor.datasets, recall(sheet.headings))
            for file in files
            for sheet in file.sheets
        ]

    files = surveyor.look(given)
    found = proposed(files)
    if not any(proposal.is_open for proposal in found):
        return files, found
    files = surveyor.look(given, values=True)
    return files, proposed(files)


def propose(
    file: SurveyedFile,
    sheet: SurveyedSheet,
    datasets: Mapping[str, Dataset],
    confirmed: Confirmed | None = None,
) -> Proposal:
    """What a sheet is: as confirmed before, else the one dataset whose required columns all map."""
    if not sheet.headings:
        return Proposal(file, sheet)
    if confirmed is not None and confirmed.dataset in datasets:
        dataset = datasets[confirmed.dataset]
        return as_dataset(file, sheet, dataset, confirmed.columns, known=True)
    if file.pattern in FORMATS:
        return _log(file, sheet, datasets)
    mapped = {name: exact_columns(d, sheet.headings) for name, d in datasets.items()}
    ranked = sorted(
        (name for name, columns in mapped.items() if len(columns) >= _least(datasets[name])),
        key=lambda name: (-_complete(datasets[name], mapped[name]), -len(mapped[name]), name),
    )
    if not ranked:
        return Proposal(file, sheet)
    candidates = tuple(datasets[name] for name in ranked[:SUGGESTED])
    best, rest = ranked[0], ranked[1:]
    if _complete(datasets[best], mapped[best]):
        rivals = [n for n in rest if _complete(datasets[n], mapped[n])]
        if all(len(mapped[n]) < len(mapped[best]) for n in rivals):
            return Proposal(file, sheet, datasets[best], mapped[best])
        return Proposal(file, sheet, candidates=candidates)
    found = as_dataset(file, sheet, datasets[best], {})
    return Proposal(file, sheet, None, found.columns, found.missing, candidates)


def _log(file: SurveyedFile, sheet: SurveyedSheet, datasets: Mapping[str, Dataset]) -> Proposal:
    """A log by a named format: what it is evidence of is for a person to say."""
    name, said = _OF_LOGS.get(file.pattern or "", ("", {}))
    if name not in datasets:
        return Proposal(file, sheet)
    dataset = datasets[name]
    columns = {column: part for column, part in said.items() if dataset.column(column)}
    found = as_dataset(file, sheet, dataset, columns)
    return Proposal(file, sheet, None, found.columns, found.missing, (dataset,))


def as_dataset(
    file: SurveyedFile,
    sheet: SurveyedSheet,
    dataset: Dataset,
    said: Mapping[str, str],
    *,
    known: bool = False,
) -> Proposal:
    """A sheet as this dataset: what was said of its columns first, then exact names."""
    names = {heading.name for heading in sheet.headings}
    columns = {column: heading for column, heading in said.items() if heading in names}
    taken = set(columns.values())
    free = tuple(heading for heading in sheet.headings if heading.name not in taken)
    for column, heading in exact_columns(dataset, free).items():
        columns.setdefault(column, heading)
    missing = {
        column.name: suggestions(column, sheet, set(columns.values()))
        for column in dataset.columns
        if (column.key or column.required) and column.name not in columns
    }
    ordered = {c.name: columns[c.name] for c in dataset.columns if c.name in columns}
    return Proposal(file, sheet, dataset, ordered, missing, (dataset,), known)


def suggestions(column: Column, sheet: SurveyedSheet, taken: set[str]) -> tuple[Suggestion, ...]:
    """The headings most alike a column that is missing; never one that says the opposite."""
    words = [column.name, column.title.zh, column.title.en, *column.aliases]
    found = []
    for heading in sheet.headings:
        if heading.name in taken or _is_opposite(heading.name, column):
            continue
        alike = max(_alike(heading.name, word) for word in words)
        fits = _fits(column, sheet, heading)
        if alike >= _LEAST_ALIKE:
            samples = () if column.personal else sheet.samples.get(heading.name, ())
            found.append(Suggestion(heading.name, round(alike, 2), fits, samples))
    found.sort(key=lambda one: (not one.fits, -one.alike, one.heading))
    return tuple(found[:SUGGESTED])


def _least(dataset: Dataset) -> int:
    return min(_LEAST_COLUMNS, len(dataset.columns))


def _complete(dataset: Dataset, columns: Mapping[str, str]) -> bool:
    return all(c.name in columns for c in dataset.columns if c.key or c.required)


def _fits(column: Column, sheet: SurveyedSheet, heading: Heading) -> bool:
    wanted = _FITTING.get(column.type)
    if not sheet.samples.get(heading.name):
        return False
    return wanted is None or bool(wanted & set(sheet.fits.get(heading.name, ())))


def _is_opposite(heading: str, column: Column) -> bool:
    """Whether a heading says the opposite of a column: `应完成日期` is not `实际完成日期`."""
    mine, theirs = _sides(heading), _sides(column.title.zh + column.title.en)
    return any(one and other and one != other for one, other in zip(mine, theirs, strict=True))


def _sides(text: str) -> tuple[str, str, str]:
    """Which side of each pair of opposites a text is on: planned or done, start or end, not or so."""
    said = normalised(text)
    time = "planned" if _PLANNED.search(said) else "done" if _DONE.search(said) else ""
    place = "start" if _START.search(said) else "end" if _END.search(said) else ""
    return time, place, "not" if _NOT.search(said) else "so"


def _alike(one: str, other: str) -> float:
    """Dice's coefficient over characters and pairs of characters."""
    mine, theirs = _grams(normalised(one)), _grams(normalised(other))
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


def _grams(text: str) -> Counter[str]:
    return Counter([*text, *(text[i : i + 2] for i in range(len(text) - 1))])


@dataclass(frozen=True, slots=True)
class Proposed:
    """An entry of `bundle.yaml` and the sheets that it reads; None for one sheet that waits for a person."""

    entry: EvidenceEntry | None
    sheets: tuple[Proposal, ...]


def entries_of(proposals: Sequence[Proposal]) -> Iterator[Proposed]:
    """The entries that read these sheets, in their order: one for all sheets of a file that are alike."""
    for _, found in groupby(proposals, key=lambda proposal: proposal.file.name):
        sheets = tuple(found)
        tables = [sheet for sheet in sheets if sheet.sheet.headings]
        entries = [_entry_of(table) for table in tables]
        if len(tables) > 1 and entries[0] is not None and all(e == entries[0] for e in entries):
            yield Proposed(entries[0], sheets)
        else:
            yield from (Proposed(_entry_of(s, named=len(sheets) > 1), (s,)) for s in sheets)


def _entry_of(proposal: Proposal, *, named: bool = False) -> EvidenceEntry | None:
    """The entry that reads a sheet, by its name or as the only one of its file."""
    if proposal.dataset is None or proposal.missing:
        return None
    by_name = exact_columns(proposal.dataset, proposal.sheet.headings)
    said = {c: h for c, h in proposal.columns.items() if by_name.get(c) != h}
    name = proposal.sheet.report.name
    return EvidenceEntry(
        file=literally(proposal.file.given.name),
        member=None if proposal.file.member is None else literally(proposal.file.member),
        sheet=literally(name) if name is not None and named else None,
        dataset=proposal.dataset.name,
        columns=said,
        pattern=proposal.file.pattern,
    )


def literally(name: str) -> str:
    """A name as a pattern that matches nothing else."""
    return re.sub(r"([*?\[])", r"[\1]", name)


def heading_suggestions(proposal: Proposal) -> dict[str, list[str]]:
    """For each heading that may be a missing column: the names of those columns."""
    found: dict[str, list[str]] = {}
    for column, suggested in proposal.missing.items():
        for one in suggested:
            found.setdefault(one.heading, []).append(column)
    return found


def words_of(candidates: Sequence[Dataset]) -> Text:
    """The names of datasets, for a message."""
    return Text(
        "、".join(f"{d.name}（{d.title.zh}）" for d in candidates),
        ", ".join(f"{d.name} ({d.title.en})" for d in candidates),
    )
