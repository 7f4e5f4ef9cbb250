"""Knows what lies in files of which nobody has said what they are: tables, headings, some values."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection
from pydantic import TypeAdapter

from fcim_audit.datasets import ColumnType, Dataset
from fcim_audit.errors import AuditError
from fcim_audit.evidence.cells import Cleaning, define_macros, said_sql, value_sql
from fcim_audit.evidence.files import WITHIN, InputFile, said_of
from fcim_audit.evidence.headings import Heading, Sought
from fcim_audit.evidence.holdings import MAX_LEFT_OUT, SheetReport
from fcim_audit.evidence.layout import Layout, find_table
from fcim_audit.evidence.problems import write_raw
from fcim_audit.evidence.reader_process import (
    ReaderLost,
    ReaderProcess,
    ahead_or_carefully,
    end_process,
)
from fcim_audit.evidence.sheets import SheetTable, ragged, stray_problems, unused_sheet
from fcim_audit.language import Text
from fcim_audit.readers.base import RawSheet, Request, Unreadable, quoted
from fcim_audit.readers.log_formats import recognised
from fcim_audit.readers.registry import read_file
from fcim_audit.readers.sniff import kind_of
from fcim_audit.readers.wrapped import unwrapped
from fcim_audit.yaml_source import Strict

SAMPLES = 3
_LOOKED_AT = 200
_HEAD = 65_536
_ANY_ZONE = "UTC"
"""Whether a text is a stamp is the same in all zones."""
_TYPES = (ColumnType.NUMBER, ColumnType.BOOL, ColumnType.DATETIME, ColumnType.DURATION)
DOCUMENTS = frozenset({"docx", "pdf"})
_NOT_EVIDENCE = ("~$", ".", "Thumbs.db", "desktop.ini")


class SurveyJob(Strict):
    """One file to look at; `known` are the headings of all datasets, as compared.

    `values`: tell some values of each heading too, and what types they fit. `keep`: the folder that
    takes the text of the rows, with a `key` as pseudonyms: of these columns nothing is known.
    `ahead`: as in `UnitJob`.
    """

    file: InputFile
    known: tuple[str, ...]
    passwords: tuple[str, ...] = ()
    values: bool = False
    keep: Path | None = None
    key: str | None = None
    ahead: bool = False
    out: Path
    work: Path


@dataclass(frozen=True, slots=True)
class SurveyedSheet:
    """One sheet, reported as no dataset, and for each heading some values and the types they fit."""

    report: SheetReport
    headings: tuple[Heading, ...]
    samples: Mapping[str, tuple[str, ...]]
    fits: Mapping[str, tuple[ColumnType, ...]]


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """One file, or one member of an archive; `pattern` names the format of a log."""

    given: InputFile
    member: str | None
    kind: str
    encoding: str | None
    sheets: tuple[SurveyedSheet, ...]
    unreadable: Text | None = None
    pattern: str | None = None

    @property
    def name(self) -> str:
        """The file as it is shown."""
        return self.given.name + (f"{WITHIN}{self.member}" if self.member else "")


_TYPE = TypeAdapter(tuple[SurveyedFile, ...])


def files_below(path: Path) -> Iterator[Path]:
    """Every file that may be evidence, sorted: no links, no hidden, temporary or YAML files."""
    if path.is_file():
        yield path
        return
    for found in sorted(path.rglob("*")):
        inside = found.relative_to(path).parts
        hidden = any(part.startswith(_NOT_EVIDENCE) for part in inside)
        plain = found.is_file() and not found.is_symlink()
        if plain and not hidden and found.suffix.lower() not in {".yaml", ".yml"}:
            yield found


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Looks at files in the child process; `datasets` tell which rows are headings."""

    reader: ReaderProcess
    datasets: Mapping[str, Dataset]
    passwords: tuple[str, ...] = ()
    keep: Path | None = None
    key: str | None = None

    def look(self, given: InputFile, *, values: bool = False) -> tuple[SurveyedFile, ...]:
        """What lies in one file, or in each member of an archive."""
        try:
            return ahead_or_carefully(partial(self._looked, given, values))
        except ReaderLost as lost:
            return (SurveyedFile(given, None, "unknown", None, (), lost.problem),)

    def _looked(self, given: InputFile, values: bool, ahead: bool) -> tuple[SurveyedFile, ...]:
        work = Path(tempfile.mkdtemp(prefix="fcim-survey-"))
        job = SurveyJob(
            file=given.model_copy(update={"path": given.path.resolve()}),
            known=self._known(), passwords=self.passwords, values=values, keep=self.keep,
            key=self.key, ahead=ahead, out=work / "survey.json", work=work,
        )  # fmt: skip
        try:
            self.reader.ask("survey", job.model_dump_json(), given.bytes)
            return _TYPE.validate_json(job.out.read_bytes())
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _known(self) -> tuple[str, ...]:
        words = (words for dataset in self.datasets.values() for words in dataset.words.values())
        return tuple(sorted(frozenset[str]().union(*words) - {""}))


def survey(job: SurveyJob) -> None:
    """In the child: write what one file holds."""
    sought = Sought(frozenset(job.known))
    found: list[SurveyedFile] = []
    abandon = end_process if job.ahead else None
    request = Request(job.file.path, "f", job.work, passwords=job.passwords, abandon=abandon)
    try:
        wrapped = unwrapped(replace(request, expected=sought.known))
        found.extend(_file(job, one.member, one.request, sought) for one in wrapped)
    except Unreadable as error:
        found.append(SurveyedFile(job.file, None, "unknown", None, (), said_of(error)))
    job.out.write_bytes(_TYPE.dump_json(tuple(found)))


def _file(job: SurveyJob, member: str | None, request: Request, sought: Sought) -> SurveyedFile:
    with duckdb.connect(config={"temp_directory": str(job.work)}) as connection:
        define_macros(connection)
        try:
            pattern = _log_format(request)
            raw = read_file(connection, replace(request, pattern=pattern))
        except Unreadable as error:
            return SurveyedFile(job.file, member, "unknown", None, (), said_of(error))
        if raw.kind in DOCUMENTS:
            return SurveyedFile(job.file, member, raw.kind, None, ())
        sheets = tuple(_sheet(connection, job, raw.kind, sheet, sought) for sheet in raw.sheets)
    return SurveyedFile(job.file, member, raw.kind, raw.encoding, sheets, pattern=pattern)


def _log_format(request: Request) -> str | None:
    """The named format of a text log; None for every other file."""
    if kind_of(request.path) != "csv":
        return None
    with request.path.open("rb") as file:
        head = file.read(_HEAD)
    return recognised(head.decode("utf-8", "replace"))


def _sheet(
    connection: DuckDBPyConnection, job: SurveyJob, kind: str, sheet: RawSheet, sought: Sought
) -> SurveyedSheet:
    layout = None
    if sheet.width or sheet.headings is not None:
        layout = find_table(connection, sheet, sought, guess=True)
    if layout is None:
        return SurveyedSheet(unused_sheet(sheet), (), {}, {})
    faults = (*sheet.faults, *ragged(connection, kind, sheet, layout))
    table = SheetTable(job.file.name, 0, sheet, layout, {}, faults)
    count, problems = stray_problems(connection, table, frozenset())
    raw = None
    if job.keep is not None:
        raw = job.keep / f"{job.file.sha256}-{sheet.table}.parquet"
        keys = {heading.cell: job.key for heading in layout.headings if job.key is not None}
        write_raw(connection, layout, raw, keys)
    samples, fits = _values(connection, job, layout) if job.values else ({}, {})
    why = Counter(out.why for out in layout.left_out)
    report = replace(
        unused_sheet(sheet), header_rows=layout.header_rows, headings=layout.names,
        cells=tuple(heading.cell for heading in layout.headings), row_count=layout.row_count,
        left_out=layout.left_out[:MAX_LEFT_OUT], left_out_counts=dict(sorted(why.items())),
        metadata=layout.metadata, problem_count=count, problems=tuple(problems), raw=raw,
    )  # fmt: skip
    return SurveyedSheet(report, layout.headings, samples, fits)


def _values(
    connection: DuckDBPyConnection, job: SurveyJob, layout: Layout
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[ColumnType, ...]]]:
    """For each heading its first different values, and the types that all looked at can be."""
    cleaning = Cleaning(_ANY_ZONE)
    samples: dict[str, tuple[str, ...]] = {}
    fits: dict[str, tuple[ColumnType, ...]] = {}
    for heading in layout.headings:
        said = said_sql(f"c{heading.cell}", ColumnType.TEXT, cleaning)
        parts = ", ".join(
            f"bool_and({value_sql('said', kind, cleaning, 's')} IS NOT NULL)" for kind in _TYPES
        )
        row = connection.execute(
            f"SELECT list(DISTINCT said ORDER BY said)[:{SAMPLES}], {parts} FROM (SELECT {said} AS said "
            f"FROM {quoted(layout.data)} ORDER BY _row LIMIT {_LOOKED_AT}) WHERE said IS NOT NULL"
        ).fetchone()
        values, *fitting = row or (None,)
        samples[heading.name] = tuple(values or ())
        fits[heading.name] = tuple(
            kind for kind, fit in zip(_TYPES, fitting, strict=False) if values and fit
        )
    return samples, fits


def lost_files(found: Sequence[SurveyedFile]) -> list[AuditError]:
    """A mistake for each file that could not be read."""
    return [AuditError(file.unreadable, file.name) for file in found if file.unreadable is not None]
