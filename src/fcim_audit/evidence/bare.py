"""Knows how files without a `bundle.yaml` are looked at: as the bundle that would be proposed."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import BUNDLE_FILE, Bundle, BundleFile, Organisation, Period
from fcim_audit.evidence.files import hashed
from fcim_audit.evidence.holdings import FileReport, Holdings, SheetReport
from fcim_audit.evidence.proposal import (
    Proposal,
    Recall,
    entry_of,
    heading_suggestions,
    proposals_of,
)
from fcim_audit.evidence.survey import DOCUMENTS, SurveyedFile, SurveyedSheet, Surveyor, files_below
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
        often = Counter(proposal.file.name for proposal in self.proposals)
        entries = (entry_of(p, often[p.file.name]) for p in self.proposals)
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
        return {(p.file.name, p.sheet.name): heading_suggestions(p) for p in self.proposals}

    def completed(self, holdings: Holdings) -> Holdings:
        """Holdings with the files and headings too that no entry reads."""
        read = {file.file: file for file in holdings.files}
        rest = (_unread(file) for file in self.files if file.name not in read)
        sheets = {(f.name, s.name): s for f in self.files for s in f.sheets}
        known = (
            replace(
                file,
                sheets=tuple(
                    _with_headings(s, sheets.get((file.file, s.name))) for s in file.sheets
                ),
            )
            for file in holdings.files
        )
        ordered = sorted((*known, *rest), key=lambda file: file.file)
        return replace(holdings, files=tuple(ordered))


def look(path: Path, surveyor: Surveyor, recall: Recall) -> Iterator[Path | Bare]:
    """Look at every file, named as it is taken up; at last all of it."""
    root = path.parent if path.is_file() else path
    files: list[SurveyedFile] = []
    proposals: list[Proposal] = []
    for found in files_below(path):
        yield found.relative_to(root)
        try:
            looked, proposed = proposals_of(surveyor, hashed(root, found), recall)
        except AuditError as error:
            raise AuditError(error.problem, str(found), error.hint) from error
        files += looked
        proposals += proposed
    yield Bare(path, tuple(files), tuple(proposals))


def _unread(file: SurveyedFile) -> FileReport:
    given = file.given
    note = Text("不属于任何数据集", "belongs to no dataset")
    notes = () if file.unreadable or file.kind in DOCUMENTS else (note,)
    return FileReport(
        file.name, given.sha256, given.bytes, file.kind, file.encoding,
        tuple(_sheet(sheet) for sheet in file.sheets), file.unreadable, notes,
    )  # fmt: skip


def _sheet(sheet: SurveyedSheet) -> SheetReport:
    return SheetReport(
        name=sheet.name, visible=sheet.visible, dataset=None, header_rows=sheet.header_rows,
        headings=tuple(heading.name for heading in sheet.headings), columns={},
        row_count=sheet.rows, left_out=sheet.left_out, problem_count=sheet.problem_count,
        problems=sheet.problems, empty_cells={}, metadata=sheet.metadata, raw=sheet.raw,
        cells=tuple(heading.cell for heading in sheet.headings),
        left_out_counts=dict(Counter(out.why for out in sheet.left_out)),
    )  # fmt: skip


def _with_headings(sheet: SheetReport, seen: SurveyedSheet | None) -> SheetReport:
    if sheet.dataset is not None or seen is None:
        return sheet
    return _sheet(seen)
