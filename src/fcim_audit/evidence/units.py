"""Knows in which units a bundle's evidence is read, and all that the result of each depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from fcim_audit.datasets import Dataset
from fcim_audit.evidence.bundle import Bundle, EvidenceEntry
from fcim_audit.evidence.files import InputFile, hashed, link_report
from fcim_audit.evidence.holdings import FileReport
from fcim_audit.evidence.known import Secrets
from fcim_audit.evidence.united import repeated_files
from fcim_audit.language import Text
from fcim_audit.readers.document import SIGNATURE_SHEET

INGEST_VERSION = 6


@dataclass(frozen=True, slots=True)
class Unit:
    """The files of one evidence entry; `skipped`: what is not to be read of them, and why."""

    bundle: Bundle
    number: int
    entry: EvidenceEntry
    dataset: Dataset
    files: tuple[InputFile, ...]
    roots: tuple[InputFile, ...]
    untaken: tuple[FileReport, ...]
    secrets: Secrets
    skipped: Mapping[str, Text] = field(default_factory=dict)

    def of(self, *files: InputFile) -> Unit:
        """The unit with only these of its files."""
        return replace(self, files=files)

    def without(self, skipped: Mapping[str, Text]) -> Unit:
        """The unit without these files and members of archives."""
        return replace(self, skipped=dict(skipped))

    @property
    def key(self) -> str:
        """A hash of all that its result depends on."""
        declared = self.bundle.file
        depends_on = [
            INGEST_VERSION,
            self.dataset.model_dump(mode="json"),
            self.entry.model_dump(mode="json"),
            declared.timezone,
            [str(declared.period.start), str(declared.period.end)],
            str(declared.as_of) if self.entry.view is not None else "",
            [[file.name, file.sha256] for file in (*self.files, *self.roots)],
            [self.secrets.passwords, self.secrets.key],
            *sorted([name, why.en] for name, why in self.skipped.items()),
        ]
        text = json.dumps(depends_on, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def units_of(
    bundle: Bundle,
    datasets: Mapping[str, Dataset],
    only: frozenset[str] | None,
    secrets: Secrets,
) -> Iterator[Unit]:
    """The entries of a bundle that bring one of these datasets, or one of `only`; raises AuditError."""
    seen: dict[str, dict[str, list[tuple[EvidenceEntry, str]]]] = {}
    for number, entry in enumerate(bundle.file.entries):
        asked = only is None or entry.dataset in only
        if not asked or entry.dataset not in datasets:
            continue
        files = tuple(hashed(bundle.root, path) for path in bundle.files_of(entry))
        kept, repeated = repeated_files(entry, files, seen.setdefault(entry.dataset, {}))
        roots = _roots(bundle) if entry.sheet == SIGNATURE_SHEET else ()
        links = tuple(link_report(bundle.root, path) for path in bundle.links_of(entry))
        yield Unit(
            bundle,
            number,
            entry,
            datasets[entry.dataset],
            kept,
            roots,
            (*repeated, *links),
            secrets,
        )


def _roots(bundle: Bundle) -> tuple[InputFile, ...]:
    return tuple(hashed(bundle.root, bundle.root / name) for name in bundle.file.signature_roots)
