"""Knows whether evidence still says what a result told of it: hashes, rows, cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError
from fcim_audit.evidence.cleaning import MAX_TEXT
from fcim_audit.evidence.holdings import Holdings
from fcim_audit.evidence.raw_cells import RawCells, raw_cells
from fcim_audit.language import Text
from fcim_audit.provenance import Sheet, sheets_of
from fcim_audit.told import ToldCell, ToldCheck, ToldPlace, ToldSource


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that stands otherwise now than the result says."""

    where: str
    says: Text


@dataclass(frozen=True, slots=True)
class Retraced:
    """What was compared, and what differs; `untold` are cells whose text the result withholds."""

    files: int
    cells: int
    untold: int
    differences: tuple[Difference, ...]


def retraced(
    checks: Sequence[ToldCheck], holdings: Holdings, datasets: Mapping[str, Dataset]
) -> Retraced:
    """Hold what these checks tell against evidence that was read anew."""
    sheets = sheets_of(holdings, datasets)
    sources = tuple(dict.fromkeys((s.dataset, s.file, s.sheet) for c in checks for s in _told(c)))
    hashes = {(s.file, s.sha256) for c in checks for s in _told(c)}
    first = {(s.dataset, s.file, s.sheet): s for c in checks for s in _told(c)}
    differences = [d for file, sha256 in sorted(hashes) for d in _hash(file, sha256, holdings)]
    differences += [d for key in sources for d in _table(first[key], sheets)]
    with raw_cells() as cells:
        found = list(_cells(checks, sheets, cells))
    differences += [d for d in found if d is not None]
    told = [c.text for k in checks for place in k.exceptions.places for c in place.cells]
    unique = tuple(dict.fromkeys(differences))
    return Retraced(len(hashes), len(found), told.count(None), unique)


def _told(check: ToldCheck) -> tuple[ToldSource, ...]:
    return check.sources or ()


def _hash(name: str, sha256: str, holdings: Holdings) -> Iterator[Difference]:
    files = [file for file in holdings.files if file.file == name]
    if not files:
        yield Difference(name, Text("证据包里已没有这个文件", "is no longer in the bundle"))
        return
    now = files[0].sha256
    if now != sha256:
        yield Difference(
            name, Text(f"sha256 现为 {now}，原为 {sha256}", f"sha256 is {now} now, was {sha256}")
        )
    elif all(file.unreadable is not None for file in files):
        why = files[0].unreadable or Text("读不了", "can't be read")
        raise AuditError(why, name)


def _table(told: ToldSource, sheets: Sequence[Sheet]) -> Iterator[Difference]:
    where = f"{told.file}!{told.sheet}" if told.sheet else told.file
    of_file = [s for s in sheets if s.file.file == told.file and s.dataset.name == told.dataset]
    found = [sheet for sheet in of_file if sheet.report.name == told.sheet]
    if not found:
        yield Difference(
            where,
            Text(f"不再作为 {told.dataset} 读入", f"is no longer read as {told.dataset}"),
        )
    elif all(sheet.report.row_count != told.rows for sheet in found):
        now = found[0].report.row_count
        yield Difference(
            where, Text(f"现有 {now} 行，原为 {told.rows} 行", f"{now} rows now, {told.rows} then")
        )


def _cells(
    checks: Sequence[ToldCheck], sheets: Sequence[Sheet], cells: RawCells
) -> Iterator[Difference | None]:
    """For each cell that was told its difference, None where there is none."""
    places: dict[tuple[str, str | None], list[ToldPlace]] = {}
    for check in checks:
        for place in check.exceptions.places:
            if place.row is not None and place.cells:
                places.setdefault((place.file, place.sheet), []).append(place)
    for (file, name), told in places.items():
        found = [s for s in sheets if (s.file.file, s.report.name) == (file, name)]
        private = frozenset[str]().union(*(sheet.private for sheet in found))
        headings = {c.heading for place in told for c in place.cells} - private
        rows = {place.row for place in told if place.row is not None}
        texts = cells.texts(found[0].report, rows, headings) if found else {}
        for place in told:
            for cell in place.cells:
                if cell.text is not None and place.row is not None:
                    now = texts.get((place.row, cell.heading))
                    yield _difference(place, cell, now, found)


def _difference(
    place: ToldPlace, cell: ToldCell, now: str | None, sheets: Sequence[Sheet]
) -> Difference | None:
    where = f"{place.file}!{place.sheet}" if place.sheet else place.file
    at = f"{where}!{cell.cell}" if cell.cell else f"{where}:{place.row} {cell.heading}"
    if now is None:
        return Difference(at, Text("没有这个单元格了", "there is no such cell any more"))
    letter = sheets[0].letter(cell.heading)
    address = None if letter is None else f"{letter}{place.row}"
    if address != cell.cell:
        said = address or "—"
        return Difference(at, Text(f"{cell.heading} 现在 {said}", f"{cell.heading} is {said} now"))
    shown = "" if not now.strip() else now if len(now) <= MAX_TEXT else now[:MAX_TEXT] + "…"
    if shown == cell.text:
        return None
    return Difference(
        at, Text(f"现为“{shown}”，原为“{cell.text}”", f"'{shown}' now, '{cell.text}' then")
    )
