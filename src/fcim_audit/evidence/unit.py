"""Knows how one evidence entry is read: its files into one typed Parquet file and a manifest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection
from pydantic import Field, TypeAdapter

from fcim_audit.datasets import SQL_TYPES, ColumnType, Dataset, normalised
from fcim_audit.evidence.bundle import EvidenceEntry
from fcim_audit.evidence.cells import Cleaning, define_macros, is_duration_unit
from fcim_audit.evidence.cleaning import Wanted, bad_sql, clean
from fcim_audit.evidence.files import InputFile, ReadFile, Search, file_report, read_input
from fcim_audit.evidence.headings import Heading, Sought
from fcim_audit.evidence.holdings import PLACE_BITS, FileReport, Part, SheetReport
from fcim_audit.evidence.mapping import map_headings, sought_headings
from fcim_audit.evidence.problems import Keeping, keep_raw, sheet_report
from fcim_audit.evidence.pseudonyms import pseudonym_sql
from fcim_audit.evidence.quality import Period
from fcim_audit.evidence.reader_process import end_process
from fcim_audit.evidence.sheets import SheetTable
from fcim_audit.language import Text
from fcim_audit.readers.base import PARQUET, Request, Unreadable, literal, quoted
from fcim_audit.readers.log_formats import datetime_of
from fcim_audit.yaml_source import Strict

ROWS = "rows.parquet"
MANIFEST = "manifest.json"
MEMORY_LIMIT = "2GB"
SMALL = 1_000_000
"""Below so many bytes planning a query costs more than running it as it stands."""
LARGE = 64_000_000
"""Below so many bytes threads share a table by 2,048 rows: one alone would take 122,880, all that there are."""


class UnitJob(Strict):
    """One evidence entry to read: everything that its result depends on, and where it goes.

    `ahead`: large sheets may be read before they are known to fit in memory; the process may end of it.
    """

    dataset: Dataset
    entry: EvidenceEntry
    timezone: str
    as_of: dt.datetime
    period_start: dt.datetime
    period_end: dt.datetime
    files: tuple[InputFile, ...]
    roots: tuple[InputFile, ...] = ()
    passwords: tuple[str, ...] = ()
    key: str | None = None
    skipped: dict[str, Text] = Field(default_factory=dict)
    ahead: bool = False
    out: Path
    work: Path

    @property
    def keeping(self) -> Keeping:
        """What is kept of its sheets."""
        return Keeping(self.out, Period(self.period_start, self.period_end), self.key)


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What became of one evidence entry."""

    dataset: str
    files: tuple[FileReport, ...]
    parts: tuple[Part, ...]
    rows: int
    provided: tuple[str, ...]


_REPORT = TypeAdapter(UnitReport)


def manifest_bytes(report: UnitReport) -> bytes:
    """A report as it is stored."""
    return _REPORT.dump_json(report, indent=1)


def read_manifest(folder: Path) -> UnitReport:
    """The report that was stored in a unit's folder."""
    return _REPORT.validate_json((folder / MANIFEST).read_bytes())


def read_unit(job: UnitJob) -> UnitReport:
    """Read one entry and write its Parquet and manifest; raises AuditError for a mistaken view."""
    headings = _headings_of_view(job.entry)
    with ThreadPoolExecutor(max_workers=1) as beside, _connection(job) as connection:
        defining = beside.submit(define_macros, connection.cursor())
        search = _search(job, headings)
        files: list[ReadFile] = []
        next_part = 0
        for number, given in enumerate(job.files):
            found = read_input(connection, search, given, _request(job, search, number), next_part)
            files += found
            next_part += sum(len(file.sheets.tables) for file in found if file.sheets is not None)
        tables = [table for file in files if file.sheets for table in file.sheets.tables]
        defining.result()
        _lock(connection, job.out)
        if job.entry.view is not None:
            report = _with_view(connection, job, files, tables, headings)
        else:
            report = _renamed(connection, job, files, tables)
    (job.out / MANIFEST).write_bytes(manifest_bytes(report))
    return report


def _headings_of_view(entry: EvidenceEntry) -> list[str]:
    if entry.view is None:
        return []
    from fcim_audit.evidence.view import used_headings

    return sorted(used_headings(entry.view))


def _connection(job: UnitJob) -> DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(job.work),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET TimeZone = {literal(job.timezone)}")
    size = sum(file.bytes for file in job.files)
    if size < SMALL:
        connection.execute("SET threads = 1; PRAGMA disable_optimizer")
    elif size < LARGE:
        connection.execute("PRAGMA verify_parallelism")
    return connection


def _lock(connection: DuckDBPyConnection, out: Path) -> None:
    """From here on nothing but the unit's own new folder can be read or written."""
    connection.execute(f"SET allowed_directories = [{literal(str(out))}]")
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")


def _search(job: UnitJob, headings: Sequence[str]) -> Search:
    def mapper(found: tuple[Heading, ...]) -> Mapping[str, str]:
        if job.entry.view is not None:
            return _used(headings, tuple(heading.name for heading in found))
        return map_headings(job.dataset, job.entry, found).columns

    return Search(job.entry, _sought(job, headings), mapper, job.skipped)


def _request(job: UnitJob, search: Search, number: int) -> Request:
    entry, sought = job.entry, search.sought
    return Request(
        path=job.files[number].path, table=f"f{number}", work=job.work,
        encoding=entry.read.encoding, delimiter=entry.read.delimiter, pattern=entry.pattern,
        expected=sought.known | sought.declared, roots=tuple(root.path for root in job.roots),
        member=entry.member, inside=entry.read.path, passwords=job.passwords,
        sheet=entry.sheet, abandon=end_process if job.ahead else None,
    )  # fmt: skip


def _sought(job: UnitJob, headings: Sequence[str]) -> Sought:
    if job.entry.view is None:
        return sought_headings(job.dataset, job.entry)
    named = frozenset(normalised(heading) for heading in headings)
    return Sought(named, named, max(1, min(2, len(named))))


def _used(headings: Sequence[str], found: tuple[str, ...]) -> Mapping[str, str]:
    missing = [heading for heading in headings if heading not in found]
    if missing:
        raise Unreadable(
            Text(
                f"没有视图用到的标题：{'、'.join(missing)}",
                f"headings that the view uses are missing: {', '.join(missing)}",
            ),
            hint=Text(
                f"文件里的标题：{'、'.join(found)}", f"the headings in it: {', '.join(found)}"
            ),
        )
    return {heading: heading for heading in headings}


def _cleaning(job: UnitJob, files: Sequence[ReadFile]) -> Cleaning:
    read = job.entry.read
    form = read.datetime or datetime_of(job.entry.pattern)
    if form == "excel":
        systems = {file.raw.date1904 for file in files if file.raw is not None}
        if systems != {False}:
            form = "excel-1904" if systems == {True} else "unknown"
    return Cleaning(job.timezone, read.null_values, form, read.year)


def _renamed(
    connection: DuckDBPyConnection,
    job: UnitJob,
    files: Sequence[ReadFile],
    tables: Sequence[SheetTable],
) -> UnitReport:
    """Without a view: every sheet's cells, renamed and cleaned, one sheet after the other."""
    reports = {}
    selects = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        for table in tables:
            wanted = _wanted(job, table)
            keeping = pool.submit(keep_raw, connection.cursor(), table, wanted, job.keeping)
            cleaned = f"{table.raw.table}_clean"
            clean(connection, table.layout.data, cleaned, "_row", wanted, _cleaning(job, files))
            place = f"({table.part}::BIGINT << {PLACE_BITS}) | _row"
            selects.append(_canonical(job, cleaned, wanted, place))
            reports[table.part] = sheet_report(
                connection, table, job.dataset.name, cleaned, "_row", wanted, job.keeping,
                keeping.result(),
            )  # fmt: skip
    provided = _provided([frozenset(table.columns) for table in tables])
    rows = _write(connection, job, selects)
    return _report(job, files, tables, reports, rows, provided)


def _wanted(job: UnitJob, table: SheetTable) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(
            column,
            table.text_sql(table.columns[column.name]),
            table.doubtful_sql(table.columns[column.name]),
            _unit_in(table.columns[column.name]),
            job.entry.values.get(column.name),
        )
        for column in job.dataset.columns
        if column.name in table.columns
    )


def _unit_in(heading: str) -> str | None:
    """The unit of time that a heading names in brackets: `响应时长(分钟)`."""
    plain = heading.replace("（", "(").replace("）", ")")
    _, opened, rest = plain.rpartition("(")
    unit = rest.removesuffix(")") if opened and rest.endswith(")") else ""
    return unit if is_duration_unit(unit) else None


def _with_view(
    connection: DuckDBPyConnection,
    job: UnitJob,
    files: Sequence[ReadFile],
    tables: Sequence[SheetTable],
    headings: Sequence[str],
) -> UnitReport:
    """With a view: the union of all sheets as `source`, the view over it, its result cleaned."""
    from fcim_audit.evidence import view
    from fcim_audit.expression import Moment

    if not tables:
        return _report(job, files, tables, {}, _write(connection, job, []), ())
    tree = view.gate(job.entry.view or "", headings)
    columns = view.build_source(
        connection, tables, headings, job.entry.read.types, _cleaning(job, files)
    )
    view.run(connection, tree, columns, Moment(job.as_of, job.period_start, job.period_end, {}))
    wanted = tuple(
        replace(w, words=job.entry.values.get(w.column.name))
        for w in view.wanted_columns(tree, job.dataset)
    )
    cleaned = "view_clean"
    cleaning = Cleaning(job.timezone, job.entry.read.null_values)
    clean(connection, view.RESULT, cleaned, "_place", wanted, cleaning)
    personal = view.personal_headings(tree, job.dataset, columns)
    made = {e.alias_or_name: e.unalias().sql("duckdb") for e in tree.expressions}
    reports = {
        table.part: sheet_report(
            connection, table, job.dataset.name, cleaned, "_place", wanted, job.keeping,
            keep_raw(connection, table, wanted, job.keeping, columns, personal),
            source=columns, personal=personal, made=made,
            origins=view.origins(tree, columns),
        )
        for table in tables
    }  # fmt: skip
    rows = _write(connection, job, [_canonical(job, cleaned, wanted, "_place")])
    provided = tuple(w.column.name for w in wanted)
    return _report(job, files, tables, reports, rows, provided)


def _canonical(job: UnitJob, cleaned: str, wanted: Sequence[Wanted], place: str) -> str:
    """SELECT of the dataset's columns in their order and types, then `_place` and `_bad`."""
    values = {w.column.name: f"v{index}" for index, w in enumerate(wanted)}
    if job.key is not None:
        values |= {
            w.column.name: pseudonym_sql(f"v{index}", job.key)
            for index, w in enumerate(wanted)
            if w.column.personal and w.column.type is ColumnType.TEXT
        }
    columns = ", ".join(
        f"CAST({values.get(c.name, 'NULL')} AS {SQL_TYPES[c.type]}) AS {quoted(c.name)}"
        for c in job.dataset.columns
    )
    return f"SELECT {columns}, {place} AS _place, {bad_sql(wanted)} AS _bad FROM {quoted(cleaned)}"


def _provided(mapped: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """The columns that every sheet provides."""
    return tuple(sorted(frozenset.intersection(*mapped))) if mapped else ()


def _write(connection: DuckDBPyConnection, job: UnitJob, selects: Sequence[str]) -> int:
    """Write the unit's rows in the order of their places; how many they are."""
    nothing = ", ".join(
        f"NULL::{SQL_TYPES[c.type]} AS {quoted(c.name)}" for c in job.dataset.columns
    )
    empty = f"SELECT {nothing}, NULL::BIGINT AS _place, NULL::VARCHAR AS _bad WHERE false"
    united = " UNION ALL ".join(selects) if selects else empty
    found = connection.execute(
        f"COPY (SELECT * FROM ({united}) ORDER BY _place) "
        f"TO {literal(str(job.out / ROWS))} ({PARQUET})"
    ).fetchone()
    return int(found[0]) if found is not None else 0


def _report(
    job: UnitJob,
    files: Sequence[ReadFile],
    tables: Sequence[SheetTable],
    reports: Mapping[int, SheetReport],
    rows: int,
    provided: tuple[str, ...],
) -> UnitReport:
    parts = tuple(Part(table.file, table.raw.name) for table in tables)
    return UnitReport(
        job.dataset.name, tuple(file_report(f, reports) for f in files), parts, rows, provided
    )
