"""Fills in work-papers for tests as a person would, with another program."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from fcim_audit.auditfile.folder import Audit
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.paper import HEADINGS, Column
from fcim_audit.auditfile.paper_import import PaperImport, planned
from fcim_audit.auditfile.proposals import proposals_of
from fcim_audit.auditfile.schema import JudgementEntry, Judgements, MaturityEntry
from fcim_audit.auditfile.workpaper import workpaper_of
from fcim_audit.evidence.returned import CellsJob, ReturnedSheet, tell_cells, told_cells
from fcim_audit.renderers.workpaper import render
from tests.auditfile.paper_audits import AT, checklist

SOME = ("4.1-a", "4.1-b", "6.3-a", "6.3-d", "8.5.1-a")
LATER = AT.replace(day=21)


def bench(
    audit: Audit,
    judged: dict[str, JudgementEntry] | None = None,
    maturity: dict[str, MaturityEntry] | None = None,
) -> Bench:
    """The audit with these judgements, as if they stood in its file."""
    judgements = Judgements(judgements="1", requirements=judged or {}, maturity=maturity or {})
    return Bench(
        dataclasses.replace(audit, judgements=judgements), checklist(), proposals_of(audit.folder)
    )


def exported(on: Bench, *only: str) -> bytes:
    """The work-paper of a few requirements as it goes out."""
    return render(workpaper_of(on, set(only or SOME)))


class Paper:
    """A work-paper opened in another program."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(data))

    def sheet(self, sign: Column = Column.STATUS) -> Worksheet:
        """The sheet with this column."""
        (found,) = [
            s for s in self.book.worksheets if {HEADINGS[sign].zh, HEADINGS[sign].en} & heads(s)
        ]
        return found

    def place(self, key: str, column: Column, sign: Column = Column.STATUS) -> str:
        """The cell of a row and column, as `J5`."""
        sheet = self.sheet(sign)
        (row,) = [r[0].row for r in sheet.iter_rows() if r[0].value == key]
        (letter,) = [
            c.column_letter
            for c in sheet[1]
            if c.value in {HEADINGS[column].zh, HEADINGS[column].en}
        ]
        return f"{letter}{row}"

    def put(self, key: str, *sign: Column, **cells: object) -> Paper:
        """Write cells of a row, by column; text stays text. `sign`: a column of the sheet meant."""
        for name, value in cells.items():
            cell = self.sheet(*sign)[self.place(key, Column(name), *sign)]
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        return self

    def saved(self) -> bytes:
        """The file."""
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()


def heads(sheet: Worksheet) -> set[object]:
    """The headings of a sheet."""
    return {cell.value for cell in sheet[1]}


def cells(folder: Path, data: bytes) -> tuple[ReturnedSheet, ...]:
    """Every cell of a workbook."""
    file, out = folder / "paper.xlsx", folder / "cells.json"
    file.write_bytes(data)
    tell_cells(CellsJob(path=file, out=out))
    return told_cells(out)


def imported(on: Bench, folder: Path, data: bytes, by: str = "LW") -> PaperImport:
    """What importing the file would do."""
    return planned(on, cells(folder, data), "paper.xlsx", by=by, at=LATER)


def told(plan: PaperImport) -> list[tuple[str, str, str, str]]:
    """Every change: requirement, field, old, new."""
    return [(c.key, c.field.value, c.old, c.new) for c in plan.changes]


def refused(plan: PaperImport) -> list[tuple[str, str]]:
    """Every refusal: where, what."""
    return [(error.where, error.problem.en) for error in plan.refusals]


Edit = Callable[[Paper], object]


def after(on: Bench, folder: Path, edit: Edit, *only: str) -> PaperImport:
    """Export, edit, import."""
    paper = Paper(exported(on, *only))
    edit(paper)
    return imported(on, folder, paper.saved())
