"""Knows how entries of one dataset come together: rows united, claims weakened, repeats told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fcim_audit.datasets import ColumnType, Dataset
from fcim_audit.evidence.bundle import EvidenceEntry
from fcim_audit.evidence.cleaning import MAX_LISTED
from fcim_audit.evidence.duplicates import (
    Comparison,
    Duplicates,
    DuplicatesJob,
    read_duplicates,
    unique_rows,
)
from fcim_audit.evidence.files import InputFile
from fcim_audit.evidence.holdings import (
    CellProblem,
    FileReport,
    Holdings,
    Part,
    SheetReport,
    Table,
)
from fcim_audit.evidence.reader_process import ReaderLost, ReaderProcess
from fcim_audit.evidence.unit import ROWS, UnitReport
from fcim_audit.language import Text
from fcim_audit.model import Coverage

_WEAKEST_FIRST = (Coverage.JUDGEMENT_SAMPLE, Coverage.RANDOM_SAMPLE, Coverage.POPULATION)
_OWN_NAME = frozenset({"_file", "_stem"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """One entry that was read: its declaration, its report, the folder of its Parquet."""

    entry: EvidenceEntry
    dataset: Dataset
    report: UnitReport
    folder: Path


def repeated_files(
    entry: EvidenceEntry,
    files: Iterable[InputFile],
    seen: dict[str, list[tuple[EvidenceEntry, str]]],
) -> tuple[tuple[InputFile, ...], tuple[FileReport, ...]]:
    """Tell files apart from copies, byte for byte, that were taken in the same way before."""
    kept: list[InputFile] = []
    repeated: list[FileReport] = []
    for file in files:
        earlier = next(
            (name for other, name in seen.get(file.sha256, ()) if _reads_alike(entry, other)), None
        )
        seen.setdefault(file.sha256, []).append((entry, file.name))
        if earlier is None:
            kept.append(file)
            continue
        note = Text(
            f"与 {earlier} 逐字节相同，行不再计入",
            f"is the same as {earlier} byte for byte; not counted again",
        )
        repeated.append(
            FileReport(file.name, file.sha256, file.bytes, "unknown", None, (), None, (note,))
        )
    return tuple(kept), tuple(repeated)


def _reads_alike(entry: EvidenceEntry, other: EvidenceEntry) -> bool:
    """Whether two entries make the same rows of the same bytes, whatever the file's name."""
    uses_name = _OWN_NAME & set(entry.columns.values()) or any(
        name in (entry.view or "") for name in _OWN_NAME
    )
    same = entry.model_copy(update={"file": other.file, "coverage": other.coverage}) == other
    return same and not uses_name


def unite(gathered: Sequence[Gathered], cache: Path, reader: ReaderProcess) -> Holdings:
    """All entries as one: tables by dataset, files in the order of the bundle."""
    parts: list[Part] = []
    first_parts: dict[Path, int] = {}
    files: list[FileReport] = []
    for one in gathered:
        first_parts[one.folder / ROWS] = len(parts)
        parts.extend(one.report.parts)
        files.extend(_with_raw_paths(file, one.folder) for file in one.report.files)
    by_dataset: dict[str, list[Gathered]] = {}
    for one in gathered:
        by_dataset.setdefault(one.dataset.name, []).append(one)
    tables = {name: _table(entries, first_parts) for name, entries in by_dataset.items()}
    holdings = Holdings(
        _told_once(files),
        tables,
        tuple(parts),
        {name: table.unreadable_files for name, table in tables.items() if table.unreadable_files},
    )
    datasets = [entries[0].dataset for entries in by_dataset.values()]
    comparisons = {d.name: c for d in datasets if (c := _comparison(d, tables[d.name], cache))}
    lost = _compared(tuple(comparisons.values()), reader)
    for dataset in datasets:
        if dataset.name in comparisons:
            found = comparisons[dataset.name].out
            holdings = _with_duplicates(holdings, tables[dataset.name], dataset, found, lost)
    return holdings


def _told_once(files: Sequence[FileReport]) -> tuple[FileReport, ...]:
    """Files without the sheets that another entry took, or that an earlier one already tells of."""
    told = {(f.file, s.name) for f in files for s in f.sheets if s.dataset is not None}
    kept: list[FileReport] = []
    for file in files:
        sheets = tuple(
            sheet
            for sheet in file.sheets
            if sheet.dataset is not None or (file.file, sheet.name) not in told
        )
        told.update((file.file, sheet.name) for sheet in sheets)
        kept.append(replace(file, sheets=sheets))
    return tuple(kept)


def _with_raw_paths(file: FileReport, folder: Path) -> FileReport:
    sheets = tuple(
        replace(sheet, raw=folder / sheet.raw) if sheet.raw is not None else sheet
        for sheet in file.sheets
    )
    return replace(file, sheets=sheets)


def _table(entries: Sequence[Gathered], first_parts: Mapping[Path, int]) -> Table:
    read = [one for one in entries if any(file.sheets for file in one.report.files)]
    provided = [frozenset(one.report.provided) for one in read]
    shared = frozenset.intersection(*provided) if provided else frozenset()
    anywhere = frozenset().union(*provided)
    files = [file for one in entries for file in one.report.files]
    sizes = [one.entry.population_size for one in entries]
    return Table(
        dataset=entries[0].dataset.name,
        parquet=tuple((one.folder / ROWS, first_parts[one.folder / ROWS]) for one in read),
        rows=sum(one.report.rows for one in read),
        provided=shared,
        coverage=min((one.entry.coverage for one in entries), key=_WEAKEST_FIRST.index),
        population_size=None if None in sizes else sum(size or 0 for size in sizes),
        unreadable_files=tuple(file.file for file in files if file.unreadable is not None),
        unparsed=sum(s.left_out_counts.get("unparsed", 0) for f in files for s in f.sheets),
        partly=_partly_provided(read, anywhere - shared),
    )


def _partly_provided(
    read: Sequence[Gathered], partly: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """The columns that some files provide, each with the files that lack it."""
    return {
        name: tuple(one.entry.file for one in read if name not in one.report.provided)
        for name in sorted(partly)
    }


def _comparison(dataset: Dataset, table: Table, cache: Path) -> Comparison | None:
    """What to compare to find rows that stand twice; None where the key is not complete."""
    keys = tuple(name for name in dataset.keys if name in table.provided)
    if not table.parquet or len(keys) < len(dataset.keys) or not keys:
        return None
    names = "\n".join(f"{path.parent.name} {first}" for path, first in table.parquet)
    out = cache / f"repeats-{hashlib.sha256(names.encode()).hexdigest()}.json"
    others = tuple(column.name for column in dataset.columns if not column.key)
    return Comparison(
        parquet=table.parquet,
        keys=keys,
        others=(*others, "_bad"),
        numbered=_numbered(dataset),
        out=out,
    )


def _numbered(dataset: Dataset) -> str | None:
    """The only key of a dataset, if it is text and names no person."""
    keys = [column for column in dataset.columns if column.key]
    if len(keys) != 1 or keys[0].type is not ColumnType.TEXT or keys[0].personal:
        return None
    return keys[0].name


def _compared(wanted: tuple[Comparison, ...], reader: ReaderProcess) -> ReaderLost | None:
    """Have the child do the comparisons that were not done before."""
    missing = tuple(comparison for comparison in wanted if not comparison.out.is_file())
    if not missing:
        return None
    try:
        reader.ask("duplicates", DuplicatesJob(comparisons=missing).model_dump_json())
    except ReaderLost as lost:
        return lost
    return None


def _with_duplicates(
    holdings: Holdings, table: Table, dataset: Dataset, out: Path, lost: ReaderLost | None
) -> Holdings:
    if not out.is_file() and lost is not None:
        return _with_note(holdings, table, _unchecked(lost))
    return _told(holdings, table, dataset, read_duplicates(out), unique_rows(out))


def _unchecked(lost: ReaderLost) -> Text:
    return Text(
        f"未能检查重复的行：{lost.problem.zh}",
        f"repeated rows were not looked for: {lost.problem.en}",
    )


def _without_repeats(holdings: Holdings, table: Table, found: Duplicates, rows: Path) -> Holdings:
    """The table with each of its rows once; how many went, and from where, is said."""
    places = "; ".join(_shown(holdings, place) for place in found.dropped_places[:10])
    note = Text(
        f"与前面完全相同的行只计一次，去掉 {found.dropped} 行：{places.replace('; ', '；')}",
        f"rows that repeat an earlier one in every cell count once; left out: {found.dropped} "
        f"({places})",
    )
    current = holdings.tables[table.dataset]
    once = replace(current, parquet=((rows, 0),), rows=current.rows - found.dropped)
    changed = replace(holdings, tables={**holdings.tables, table.dataset: once})
    return _with_note(changed, table, note)


def _told(
    holdings: Holdings, table: Table, dataset: Dataset, found: Duplicates, rows: Path
) -> Holdings:
    if found.dropped:
        holdings = _without_repeats(holdings, table, found, rows)
    if found.missing:
        ids = ", ".join(found.missing_ids)
        note = Text(
            f"编号不连续，缺 {found.missing} 个：{ids.replace(', ', '、')}",
            f"running ids leave out {found.missing}: {ids}",
        )
        holdings = _with_note(holdings, table, note)
    if not found.conflicting:
        return holdings
    places = [_shown(holdings, place) for place, _ in found.conflicting_places[:10]]
    note = Text(
        f"{found.conflicting} 行编号相同而内容不同：{'；'.join(places)}",
        f"{found.conflicting} rows share a key but differ: {'; '.join(places)}",
    )
    return _with_problems(_with_note(holdings, table, note), dataset, found)


def _shown(holdings: Holdings, place: int) -> str:
    part, row = holdings.part(place)
    return f"{part.file}{'!' + part.sheet if part.sheet else ''}:{row}"


def _with_note(holdings: Holdings, table: Table, note: Text) -> Holdings:
    current = holdings.tables[table.dataset]
    changed = replace(current, notes=(*current.notes, note))
    return replace(holdings, tables={**holdings.tables, table.dataset: changed})


def _with_problems(holdings: Holdings, dataset: Dataset, found: Duplicates) -> Holdings:
    """Put each conflicting row among the problems of the sheet where it stands."""
    by_sheet: dict[Part, list[tuple[int, str]]] = {}
    for place, key in found.conflicting_places:
        part, row = holdings.part(place)
        by_sheet.setdefault(part, []).append((row, key))
    personal = any(column.personal for column in dataset.columns if column.key)
    files = tuple(
        replace(
            file,
            sheets=tuple(
                _conflicts(sheet, by_sheet.get(Part(file.file, sheet.name), ()), dataset, personal)
                for sheet in file.sheets
            ),
        )
        for file in holdings.files
    )
    return replace(holdings, files=files)


def _conflicts(
    sheet: SheetReport, rows: Sequence[tuple[int, str]], dataset: Dataset, personal: bool
) -> SheetReport:
    if not rows or sheet.dataset != dataset.name:
        return sheet
    column = dataset.keys[0]
    heading = _heading(sheet.columns, column)
    fresh = tuple(
        CellProblem(row, column, heading, "conflicting_duplicate", None if personal else key)
        for row, key in rows
    )
    return replace(
        sheet,
        problem_count=sheet.problem_count + len(fresh),
        problems=(*sheet.problems, *fresh)[: 2 * MAX_LISTED],
    )


def _heading(columns: Mapping[str, str], column: str) -> str:
    return columns.get(column, "")
