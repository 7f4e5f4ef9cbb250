"""Knows the JSON of `map`: for each sheet the dataset, its columns, what is open, what is suggested."""

from __future__ import annotations

from collections.abc import Sequence

from fcim_audit.evidence.bare import Bare
from fcim_audit.evidence.proposal import Proposal, Suggestion
from fcim_audit.evidence.survey import SurveyedFile

SCHEMA = "fcim-audit/map/1"

Json = dict[str, object]


def proposed(bare: Bare) -> Json:
    """Everything below a path as `map --format json` tells it."""
    return {
        "schema": SCHEMA,
        "files": [
            _file(file, [p for p in bare.proposals if p.file is file]) for file in bare.files
        ],
    }


def _file(file: SurveyedFile, proposals: Sequence[Proposal]) -> Json:
    return {
        "file": file.given.name,
        "member": file.member,
        "sha256": file.given.sha256,
        "kind": file.kind,
        "encoding": file.encoding,
        "pattern": file.pattern,
        "unreadable": None if file.unreadable is None else file.unreadable.as_dict(),
        "sheets": [_sheet(proposal) for proposal in proposals],
    }


def _sheet(proposal: Proposal) -> Json:
    sheet = proposal.sheet
    return {
        "name": sheet.report.name,
        "visible": sheet.report.visible,
        "header_rows": list(sheet.report.header_rows),
        "headings": [heading.name for heading in sheet.headings],
        "row_count": sheet.report.row_count,
        "dataset": None if proposal.dataset is None else proposal.dataset.name,
        "confirmed_before": proposal.known,
        "open": proposal.is_open,
        "candidates": [dataset.name for dataset in proposal.candidates],
        "columns": dict(proposal.columns),
        "unused": list(proposal.unused),
        "suggestions": {
            column: [_suggestion(one) for one in offered]
            for column, offered in proposal.missing.items()
        },
    }


def _suggestion(one: Suggestion) -> Json:
    return {
        "heading": one.heading,
        "score": one.alike,
        "fits": one.fits,
        "samples": list(one.samples),
    }
