"""Knows how files without a `bundle.yaml` are looked at: as the bundle that would be proposed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import BUNDLE_FILE, Bundle, BundleFile, Organisation, Period
from fcim_audit.evidence.files import hashed
from fcim_audit.evidence.holdings import FileReport, Holdings
from fcim_audit.evidence.ingest import Say
from fcim_audit.evidence.proposal import (
    Proposal,
    Recall,
    entries_of,
    heading_suggestions,
    proposals_of,
)
from fcim_audit.evidence.survey import DOCUMENTS, SurveyedFile, Surveyor, files_below
from fcim_audit.language import Text
from fcim_audit.yaml_source import parse_yaml

_ALWAYS = Period.model_validate({"start": "1900-01-01", "end": "2999-12-31"})

Suggestions = Mapping[tuple[str, str | None], Mapping[str, Sequence[str]]]
"""By file and sheet: for a heading the columns it may be."""


def is_bare(path: Path) -> bool:
    """Whether a path is evidence of which no `bundle.yaml` tells anything."""
    if path.is_dir():
        return not (path / BUNDLE_FILE).is_file()
    if not path.is_file() or path.name == BUNDLE_FILE:
        return False
    if not zipfile.is_zipfile(path):
        return True
    with zipfile.ZipFile(path) as opened:
        names = {info.filename for info in opened.infolist()}
    return not any(name.rpartition("/")[2] == BUNDLE_FILE for name in names)


@dataclass(frozen=True, slots=True)
class Bare:
    """Files without a bundle: what lies in them, what each sheet probably is."""

    path: Path
    files: tuple[SurveyedFile, ...]
    proposals: tuple[Proposal, ...]

    @property
    def bundle(self) -> Bundle:
        """The bundle that reads what is certain; it knows no period."""
        entries = (proposed.entry for proposed in entries_of(self.proposals))
        documents = [f.given.name for f in self.files if f.kind in DOCUMENTS and f.member is None]
        name = self.path.resolve().name
        file = BundleFile(
            bundle="1",
            organisation=Organisation(name=name),
            period=_ALWAYS,
            as_of=_ALWAYS.end,
            evidence=tuple(entry for entry in entries if entry is not None),
            documents=tuple(documents),
        )
        root = self.path.parent if self.path.is_file() else self.path
        return Bundle(name, root, file, parse_yaml(b"{}", BUNDLE_FILE))

    @property
    def suggestions(self) -> Suggestions:
        """What headings may be that no column is certain to be."""
        return {(p.file.name, p.sheet.report.name): heading_suggestions(p) for p in self.proposals}

    def completed(self, holdings: Holdings) -> Holdings:
        """Holdings with the files and headings too that no entry reads."""
        read = {file.file: file for file in holdings.files}
        rest = (_unread(file) for file in self.files if file.name not in read)
        seen = {(f.name, s.report.name): s.report for f in self.files for s in f.sheets}
        known = (
            replace(
                file,
                sheets=tuple(
                    sheet if sheet.dataset is not None else seen.get((file.file, sheet.name), sheet)
                    for sheet in file.sheets
                ),
            )
            for file in holdings.files
        )
        ordered = sorted((*known, *rest), key=lambda file: file.file)
        return replace(holdings, files=tuple(ordered))


def look(path: Path, surveyor: Surveyor, recall: Recall, say: Say) -> Bare:
    """Look at every file below a path; `say` is told each as it is taken up."""
    root = path.parent if path.is_file() else path
    files: list[SurveyedFile] = []
    proposals: list[Proposal] = []
    for found in files_below(path):
        say(found.relative_to(root).as_posix())
        try:
            looked, proposed = proposals_of(surveyor, hashed(root, found), recall)
        except AuditError as error:
            raise AuditError(error.problem, str(found), error.hint) from error
        files += looked
        proposals += proposed
    return Bare(path, tuple(files), tuple(proposals))


def _unread(file: SurveyedFile) -> FileReport:
    given = file.given
    note = Text("不属于任何数据集", "belongs to no dataset")
    notes = () if file.unreadable or file.kind in DOCUMENTS else (note,)
    return FileReport(
        file.name, given.sha256, given.bytes, file.kind, file.encoding,
        tuple(sheet.report for sheet in file.sheets), file.unreadable, notes,
    )  # fmt: skip
