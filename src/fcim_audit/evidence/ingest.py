"""Knows how a bundle's evidence becomes holdings: hashed, read once, kept by what it depends on."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Queue

from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.evidence.bundle import Bundle, EvidenceEntry
from fcim_audit.evidence.check import check_entries
from fcim_audit.evidence.files import InputFile, hashed, link_report
from fcim_audit.evidence.holdings import FileReport, Holdings
from fcim_audit.evidence.known import Secrets
from fcim_audit.evidence.reader_process import ReaderLost, ReaderProcess
from fcim_audit.evidence.unit import ROWS, UnitJob, UnitReport, read_manifest
from fcim_audit.evidence.united import Gathered, repeated_files, unite
from fcim_audit.language import Text
from fcim_audit.readers.document import SIGNATURE_SHEET

INGEST_VERSION = 5
_STALE_SECONDS = 86_400
_WORK_PREFIX = ".work-"

READERS = 2
"""How many files are read at a time."""

Say = Callable[[str], None]
Readers = tuple[ReaderProcess, ...]


@contextmanager
def reading(cache: Path) -> Iterator[Readers]:
    """The children that read; while nothing is kept in `cache` they start at once, ahead of their work."""
    with ExitStack() as stack:
        readers = tuple(stack.enter_context(ReaderProcess()) for _ in range(READERS))
        if not any(cache.glob(f"*/{ROWS}")):
            for reader in readers:
                reader.start()
        yield readers


@dataclass(frozen=True, slots=True)
class _Unit:
    number: int
    entry: EvidenceEntry
    dataset: Dataset
    files: tuple[InputFile, ...]
    roots: tuple[InputFile, ...]
    untaken: tuple[FileReport, ...]
    key: str
    secrets: Secrets


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
        readers = readers or stack.enter_context(reading(cache))
        check_entries(bundle, datasets)
        units = list(_units(bundle, datasets, only, secrets or Secrets()))
        gathered = _read_all(bundle, units, cache, work, readers, say)
        return unite(gathered, cache, readers[0])


def _read_all(
    bundle: Bundle,
    units: Sequence[_Unit],
    cache: Path,
    work: Path,
    readers: Sequence[ReaderProcess],
    say: Say | None,
) -> list[Gathered]:
    """Read every unit, as many at a time as there are readers; raises all mistakes of views."""
    free: Queue[ReaderProcess] = Queue()
    for reader in readers:
        free.put(reader)

    def read(unit: _Unit) -> Gathered | AuditError:
        reader = free.get()
        try:
            return _read(bundle, unit, cache, work, reader, say)
        except AuditError as error:
            return error
        finally:
            free.put(reader)

    with ThreadPoolExecutor(max_workers=len(readers)) as pool:
        results = list(pool.map(read, units))
    raise_all(result for result in results if isinstance(result, AuditError))
    return [result for result in results if isinstance(result, Gathered)]


def _units(
    bundle: Bundle,
    datasets: Mapping[str, Dataset],
    only: frozenset[str] | None,
    secrets: Secrets,
) -> Iterator[_Unit]:
    seen: dict[str, dict[str, list[tuple[EvidenceEntry, str]]]] = {}
    for number, entry in enumerate(bundle.file.entries):
        asked = only is None or entry.dataset in only
        if not asked or entry.dataset not in datasets:
            continue
        files = tuple(hashed(bundle.root, path) for path in bundle.files_of(entry))
        kept, repeated = repeated_files(entry, files, seen.setdefault(entry.dataset, {}))
        dataset = datasets[entry.dataset]
        roots = _roots(bundle) if entry.sheet == SIGNATURE_SHEET else ()
        key = _key(bundle, entry, dataset, (*kept, *roots), secrets)
        links = tuple(link_report(bundle.root, path) for path in bundle.links_of(entry))
        yield _Unit(number, entry, dataset, kept, roots, (*repeated, *links), key, secrets)


def _roots(bundle: Bundle) -> tuple[InputFile, ...]:
    return tuple(hashed(bundle.root, bundle.root / name) for name in bundle.file.signature_roots)


def _key(
    bundle: Bundle,
    entry: EvidenceEntry,
    dataset: Dataset,
    files: tuple[InputFile, ...],
    secrets: Secrets,
) -> str:
    period = (bundle.file.period.start, bundle.file.period.end)
    depends_on = [
        INGEST_VERSION,
        dataset.model_dump(mode="json"),
        entry.model_dump(mode="json"),
        bundle.file.timezone,
        [str(moment) for moment in period],
        str(bundle.file.as_of) if entry.view is not None else "",
        [[file.name, file.sha256] for file in files],
        [secrets.passwords, secrets.key],
    ]
    text = json.dumps(depends_on, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(
    bundle: Bundle, unit: _Unit, cache: Path, work: Path, reader: ReaderProcess, say: Say | None
) -> Gathered:
    if say is not None and not (cache / unit.key / ROWS).is_file():
        say(unit.entry.file)
    try:
        return _ingested(bundle, unit, cache, work, reader)
    except ReaderLost as lost:
        return _without_killers(bundle, unit, cache, work, reader, lost)


def _ingested(
    bundle: Bundle, unit: _Unit, cache: Path, work: Path, reader: ReaderProcess
) -> Gathered:
    """One unit from the cache, or as the child reads it; raises ReaderLost if it does not survive."""
    folder = cache / unit.key
    if not (folder / ROWS).is_file():
        out = _asked(bundle, unit, work, reader)
        _publish(out, folder)
        shutil.rmtree(out.parent, ignore_errors=True)
    report = read_manifest(folder)
    whole = replace(report, files=(*report.files, *unit.untaken))
    return Gathered(unit.entry, unit.dataset, whole, folder)


def _asked(bundle: Bundle, unit: _Unit, work: Path, reader: ReaderProcess) -> Path:
    """Have the child read one unit; the folder where its result lies."""
    own = Path(tempfile.mkdtemp(dir=work))
    out = own / "out"
    out.mkdir()
    file = bundle.file
    job = UnitJob(
        dataset=unit.dataset, entry=unit.entry, timezone=file.timezone, as_of=file.as_of,
        period_start=file.period.start, period_end=file.period.end, files=unit.files,
        roots=unit.roots, passwords=unit.secrets.passwords,
        key=unit.secrets.key, out=out, work=own,
    )  # fmt: skip
    verdict = reader.ask("unit", job.model_dump_json())
    mistakes = verdict.get("mistakes")
    if isinstance(mistakes, list):
        where = bundle.source.where(("evidence", unit.number, "view"))
        raise_all(_mistake(found, where) for found in mistakes)
    return out


def _without_killers(
    bundle: Bundle,
    unit: _Unit,
    cache: Path,
    work: Path,
    reader: ReaderProcess,
    lost: ReaderLost,
) -> Gathered:
    """Read each file alone to learn which ones the child does not survive, then the rest together."""
    deadly = {unit.files[0].name: lost.problem} if len(unit.files) == 1 else {}
    for file in unit.files if not deadly else ():
        try:
            alone = _asked(bundle, replace(unit, files=(file,)), work, reader)
        except ReaderLost as why:
            deadly[file.name] = why.problem
        else:
            shutil.rmtree(alone.parent, ignore_errors=True)
    killers = tuple(file for file in unit.files if file.name in deadly)
    files = tuple(file for file in unit.files if file.name not in deadly)
    if killers and files:
        key = _key(bundle, unit.entry, unit.dataset, (*files, *unit.roots), unit.secrets)
        try:
            rest = _ingested(bundle, replace(unit, files=files, key=key), cache, work, reader)
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
