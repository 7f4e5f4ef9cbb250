"""Knows how one sheet is reported: what was mapped, left out, empty, and not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from fcim_audit.evidence.cleaning import (
    ANY_BAD,
    MAX_LISTED,
    MAX_TEXT,
    OWN_BAD,
    BadCell,
    Wanted,
    bad_cells,
    counts,
)
from fcim_audit.evidence.holdings import (
    MAX_LEFT_OUT,
    PLACE_BITS,
    CellProblem,
    SheetReport,
)
from fcim_audit.evidence.kinds import kind_of
from fcim_audit.evidence.layout import Layout
from fcim_audit.evidence.pseudonyms import pseudonym_sql
from fcim_audit.evidence.quality import Period, sheet_remarks
from fcim_audit.evidence.sheets import SOURCE, Origins, SheetTable, SourceColumn, stray_problems
from fcim_audit.readers.base import PARQUET, literal, quoted


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a unit keeps of its sheets: where, for which period, with which key for pseudonyms."""

    out: Path
    period: Period
    key: str | None = None


_ROW_MASK = (1 << PLACE_BITS) - 1


def sheet_report(
    connection: DuckDBPyConnection,
    table: SheetTable,
    dataset: str,
    cleaned: str,
    row: str,
    wanted: Sequence[Wanted],
    keeping: Keeping,
    raw: Path,
    source: Sequence[SourceColumn] = (),
    personal: Collection[str] = (),
    made: Mapping[str, str] | None = None,
    origins: Origins | None = None,
) -> SheetReport:
    """Report one sheet after cleaning; its problems are counted in full, the first ones listed.

    `raw`: where its texts are kept as they were read, as `keep_raw` says.
    """
    where = _not_whole_rows(table) if made is None else f"_place >> {PLACE_BITS} = {table.part}"
    flag = ANY_BAD if made is None else OWN_BAD
    bad, empty = counts(connection, cleaned, wanted, where, flag)
    cells = bad_cells(connection, cleaned, row, wanted, bad, where, flag)
    listed = [_cell_problem(table, cell) for cell in cells]
    stray_count, stray = stray_problems(connection, table, frozenset(table.columns.values()))
    source_count, in_source = _source_problems(connection, table, source, personal)
    total = sum(bad.values()) + stray_count + source_count
    problems = sorted([*listed, *stray, *in_source], key=lambda p: (p.row, p.column, p.heading))
    why = Counter(out_row.why for out_row in table.layout.left_out)
    return SheetReport(
        name=table.raw.name,
        visible=table.raw.visible,
        dataset=dataset,
        header_rows=table.layout.header_rows,
        headings=table.layout.names,
        columns=dict(made if made is not None else table.columns),
        row_count=table.layout.row_count,
        cells=tuple(heading.cell for heading in table.layout.headings),
        left_out=table.layout.left_out[:MAX_LEFT_OUT],
        problem_count=total,
        problems=tuple(problems[:MAX_LISTED]),
        empty_cells=empty,
        metadata=table.layout.metadata,
        left_out_counts=dict(sorted(why.items())),
        extent=_extent(connection, table.layout),
        made_of=None if origins is None else origins.made_of,
        in_row=() if origins is None else origins.in_row,
        raw=raw,
        remarks=sheet_remarks(
            connection, cleaned, wanted, where, keeping.period, table.layout.row_count, empty
        ),
    )


def _extent(connection: DuckDBPyConnection, layout: Layout) -> tuple[int, int] | None:
    found = connection.execute(
        f"SELECT min(_row), max(_row) FROM {quoted(layout.data)}"
    ).fetchone() or (None, None)
    return None if found[0] is None else (int(found[0]), int(found[1]))


def _not_whole_rows(table: SheetTable) -> str:
    """Cells of a row that is doubtful as a whole are not listed one by one."""
    if not table.whole_rows:
        return "true"
    faults = quoted(f"{table.raw.table}_faults")
    return f"_row NOT IN (SELECT _row FROM {faults} WHERE cell = -1)"


def _cell_problem(table: SheetTable, cell: BadCell) -> CellProblem:
    number = cell.row & _ROW_MASK
    heading = table.columns.get(cell.column.name, "")
    place = table.cell(heading)
    found = (f.kind for f in table.faults if (f.row, f.column) == (number, place))
    return CellProblem(number, cell.column.name, heading, next(found, cell.kind), cell.text)


def _source_problems(
    connection: DuckDBPyConnection,
    table: SheetTable,
    source: Sequence[SourceColumn],
    personal: Collection[str],
) -> tuple[int, list[CellProblem]]:
    """Cells of a view's source that were not understood, before any grouping."""
    kinds = {(fault.row, fault.column): fault.kind for fault in table.faults}
    count = 0
    found: list[CellProblem] = []
    for index, column in enumerate(source):
        where = f"{column.doubt} AND _place >> {PLACE_BITS} = {table.part}"
        rows = connection.execute(
            f"SELECT _row, _said{index}, count(*) OVER () FROM {SOURCE} WHERE {where} "
            f"AND {_not_whole_rows_of_source(table)} ORDER BY _row LIMIT {MAX_LISTED}"
        ).fetchall()
        count += rows[0][2] if rows else 0
        for row, text, _ in rows:
            kind = kinds.get((row, table.cell(column.heading) or 0)) or kind_of(column.type, text)
            shown = None if column.heading in personal or text is None else text[:MAX_TEXT]
            found.append(CellProblem(row, "", column.heading, kind, shown))
    return count, found


def _not_whole_rows_of_source(table: SheetTable) -> str:
    rows = ", ".join(str(fault.row) for fault in table.whole_rows)
    return f"_row NOT IN ({rows})" if rows else "true"


def _plain(
    wanted: Sequence[Wanted],
    table: SheetTable,
    source: Sequence[SourceColumn],
    personal: Collection[str],
) -> frozenset[str]:
    """The headings known to name no person: those of which nothing is known are not among them."""
    if source:
        return frozenset(column.heading for column in source) - frozenset(personal)
    return frozenset(
        table.columns[w.column.name]
        for w in wanted
        if not w.column.personal and w.column.name in table.columns
    )


def keep_raw(
    connection: DuckDBPyConnection,
    table: SheetTable,
    wanted: Sequence[Wanted],
    keeping: Keeping,
    source: Sequence[SourceColumn] = (),
    personal: Collection[str] = (),
) -> Path:
    """Keep the text of the data rows as it was read; with a key, what is not plain as pseudonyms."""
    plain = _plain(wanted, table, source, personal)
    path = keeping.out / f"raw-{table.part}.parquet"
    hidden = {h.cell for h in table.layout.headings if h.name not in plain} if keeping.key else ()
    write_raw(connection, table.layout, path, dict.fromkeys(hidden, keeping.key or ""))
    return Path(path.name)


def write_raw(
    connection: DuckDBPyConnection,
    layout: Layout,
    path: Path,
    keys: Mapping[int, str] | None = None,
) -> None:
    """Write the text of a table's rows: `_row`, then `c0`, `c1` … in the order of its headings.

    `keys`: by cell column the key that makes pseudonyms of its text.
    """
    cells = ""
    for index, heading in enumerate(layout.headings):
        cell = f"c{heading.cell}"
        key = (keys or {}).get(heading.cell)
        cells += f", {pseudonym_sql(cell, key) if key else cell} AS c{index}"
    connection.execute(
        f"COPY (SELECT _row{cells} FROM {quoted(layout.data)} ORDER BY _row) "
        f"TO {literal(str(path))} ({PARQUET})"
    )
