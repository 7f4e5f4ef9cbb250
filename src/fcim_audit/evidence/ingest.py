"""Knows how a bundle's evidence becomes holdings: hashed, read once, kept by what it depends on."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import Queue

from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.evidence.bundle import Bundle
from fcim_audit.evidence.check import check_entries
from fcim_audit.evidence.files import InputFile, being_read
from fcim_audit.evidence.holdings import FileReport, Holdings
from fcim_audit.evidence.known import Secrets
from fcim_audit.evidence.reader_child import may_copy
from fcim_audit.evidence.reader_process import ReaderLost, ReaderProcess, ahead_or_carefully
from fcim_audit.evidence.unit import ROWS, UnitJob, UnitReport, read_manifest
from fcim_audit.evidence.united import Gathered, unite
from fcim_audit.evidence.units import Unit, units_of
from fcim_audit.language import Text

_STALE_SECONDS = 86_400
_WORK_PREFIX = ".work-"

_MOST_SKIPPED = 20
"""After so many files or members of one entry that end the child, whole files are tried alone."""

READERS = 2
"""How many files are read at a time."""

Say = Callable[[str], None]
Readers = tuple[ReaderProcess, ...]


@contextmanager
def reading(cache: Path, entries: int) -> Iterator[Readers]:
    """The children that read so many entries.

    They start at once, ahead of their work, where that takes no time; else while nothing is kept in
    `cache`.
    """
    with ExitStack() as stack:
        most = max(1, min(READERS, entries))
        readers = tuple(stack.enter_context(ReaderProcess()) for _ in range(most))
        if may_copy() or not any(cache.glob(f"*/{ROWS}")):
            for reader in readers:
                reader.start()
        yield readers


def gather(
    bundle: Bundle,
    datasets: Mapping[str, Dataset],
    cache: Path,
    *,
    only: frozenset[str] | None = None,
    secrets: Secrets | None = None,
    say: Say | None = None,
    readers: Readers | None = None,
) -> Holdings:
    """Ingest all evidence, or that of the datasets `only`; raises mistakes of `bundle.yaml`.

    `secrets` open encrypted files and turn what may name a person into pseudonyms. `readers` are the
    children that read, if there are some already.
    """
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _work_folder(cache) as work, ExitStack() as stack:
        readers = readers or stack.enter_context(reading(cache, len(bundle.file.entries)))
        check_entries(bundle, datasets)
        units = list(units_of(bundle, datasets, only, secrets or Secrets()))
        gathered = _read_all(units, cache, work, readers, say)
        return unite(gathered, cache, readers[0])


def _read_all(
    units: Sequence[Unit],
    cache: Path,
    work: Path,
    readers: Sequence[ReaderProcess],
    say: Say | None,
) -> list[Gathered]:
    """Read every unit, as many at a time as there are readers; raises all mistakes of views."""
    free: Queue[ReaderProcess] = Queue()
    for reader in readers:
        free.put(reader)

    def read(unit: Unit) -> Gathered | AuditError:
        reader = free.get()
        try:
            return _read(unit, cache, work, reader, say)
        except AuditError as error:
            return error
        finally:
            free.put(reader)

    with ThreadPoolExecutor(max_workers=len(readers)) as pool:
        results = list(pool.map(read, units))
    raise_all(result for result in results if isinstance(result, AuditError))
    return [result for result in results if isinstance(result, Gathered)]


def _read(unit: Unit, cache: Path, work: Path, reader: ReaderProcess, say: Say | None) -> Gathered:
    if say is not None and not (cache / unit.key / ROWS).is_file():
        say(unit.entry.file)
    try:
        return _ingested(unit, cache, work, reader)
    except ReaderLost as lost:
        return _without_killers(unit, cache, work, reader, lost)


def _ingested(unit: Unit, cache: Path, work: Path, reader: ReaderProcess) -> Gathered:
    """One unit from the cache, or as the child reads it; raises ReaderLost if it does not survive."""
    folder = cache / unit.key
    if not (folder / ROWS).is_file():
        out = _asked(unit, work, reader)
        _publish(out, folder)
        shutil.rmtree(out.parent, ignore_errors=True)
    report = read_manifest(folder)
    whole = replace(report, files=(*report.files, *unit.untaken))
    return Gathered(unit.entry, unit.dataset, whole, folder)


def _asked(unit: Unit, work: Path, reader: ReaderProcess) -> Path:
    """Have the child read one unit; the folder where its result lies."""
    return ahead_or_carefully(partial(_asked_once, unit, work, reader))


def _asked_once(unit: Unit, work: Path, reader: ReaderProcess, ahead: bool) -> Path:
    own = Path(tempfile.mkdtemp(dir=work))
    out = own / "out"
    out.mkdir()
    bundle = unit.bundle
    file = bundle.file
    job = UnitJob(
        dataset=unit.dataset, entry=unit.entry, timezone=file.timezone, as_of=file.as_of,
        period_start=file.period.start, period_end=file.period.end, files=unit.files,
        roots=unit.roots, passwords=unit.secrets.passwords,
        key=unit.secrets.key, skipped=dict(unit.skipped), ahead=ahead, out=out, work=own,
    )  # fmt: skip
    try:
        size = sum(file.bytes for file in unit.files)
        verdict = reader.ask("unit", job.model_dump_json(), size)
    except ReaderLost as lost:
        lost.reading = being_read(own)
        raise
    mistakes = verdict.get("mistakes")
    if isinstance(mistakes, list):
        where = bundle.source.where(("evidence", unit.number, "view"))
        raise_all(_mistake(found, where) for found in mistakes)
    return out


def _without_killers(
    unit: Unit, cache: Path, work: Path, reader: ReaderProcess, lost: ReaderLost
) -> Gathered:
    """Leave out what the child was reading when it ended, one file or member after the other."""
    skipped: dict[str, Text] = {}
    while lost.reading and lost.reading not in skipped and len(skipped) < _MOST_SKIPPED:
        skipped[lost.reading] = lost.problem
        if skipped.keys() >= {file.name for file in unit.files}:
            break
        try:
            return _ingested(unit.without(skipped), cache, work, reader)
        except ReaderLost as again:
            lost = again
    return _each_alone(unit, cache, work, reader, lost)


def _each_alone(
    unit: Unit, cache: Path, work: Path, reader: ReaderProcess, lost: ReaderLost
) -> Gathered:
    """Read each file alone to learn which ones the child does not survive, then the rest together."""
    deadly = {unit.files[0].name: lost.problem} if len(unit.files) == 1 else {}
    for file in unit.files if not deadly else ():
        try:
            alone = _asked(unit.of(file), work, reader)
        except ReaderLost as why:
            deadly[file.name] = why.problem
        else:
            shutil.rmtree(alone.parent, ignore_errors=True)
    killers = tuple(file for file in unit.files if file.name in deadly)
    files = tuple(file for file in unit.files if file.name not in deadly)
    if killers and files:
        try:
            rest = _ingested(unit.of(*files), cache, work, reader)
        except ReaderLost as again:
            deadly |= {file.name: again.problem for file in files}
        else:
            told = (*rest.report.files, *_lost(killers, deadly, lost))
            return replace(rest, report=replace(rest.report, files=told))
    told = (*_lost(unit.files, deadly, lost), *unit.untaken)
    report = UnitReport(unit.dataset.name, told, (), 0, ())
    return Gathered(unit.entry, unit.dataset, report, cache / unit.key)


def _mistake(found: dict[str, dict[str, str] | None], where: str) -> AuditError:
    problem, hint = found["problem"] or {}, found["hint"]
    return AuditError(Text(**problem), where, Text(**hint) if hint is not None else None)


def _publish(out: Path, folder: Path) -> None:
    """Move a finished unit to its place whole; another process may have been faster."""
    try:
        out.rename(folder)
    except OSError:
        if not (folder / ROWS).is_file():
            raise


def _lost(
    files: Sequence[InputFile], why: Mapping[str, Text], otherwise: ReaderLost
) -> tuple[FileReport, ...]:
    return tuple(
        FileReport(
            file.name, file.sha256, file.bytes, "unknown", None, (),
            why.get(file.name, otherwise.problem),
        )
        for file in files
    )  # fmt: skip


@contextmanager
def _work_folder(cache: Path) -> Iterator[Path]:
    """A private folder beside the results; what a killed run left a day ago goes."""
    for old in cache.glob(f"{_WORK_PREFIX}*"):
        if time.time() - old.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=cache))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
