"""Knows the Inspection JSON: what lies in the evidence, as `fcim-audit/inspection/1`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fcim_audit.evidence.bare import Suggestions
from fcim_audit.evidence.holdings import FileReport, Holdings, SheetReport
from fcim_audit.readers.base import literal

SCHEMA = "fcim-audit/inspection/1"
Json = dict[str, object]


def inspection(
    holdings: Holdings, rows: int | None = 0, suggestions: Suggestions | None = None
) -> Json:
    """The Inspection JSON; with the first `rows` rows of each sheet as raw text (None: all)."""
    files = [_file(file, rows, suggestions or {}) for file in holdings.files]
    return {"schema": SCHEMA, "files": files}


def _file(file: FileReport, rows: int | None, suggestions: Suggestions) -> Json:
    problems = [{"kind": "unreadable", **file.unreadable.as_dict()}] if file.unreadable else []
    return {
        "file": file.file,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "kind": file.kind,
        "encoding": file.encoding,
        "problems": problems,
        "notes": [note.as_dict() for note in file.notes],
        "sheets": [
            _sheet(sheet, rows, suggestions.get((file.file, sheet.name), {}))
            for sheet in file.sheets
        ],
    }


def _sheet(sheet: SheetReport, rows: int | None, suggested: Mapping[str, Sequence[str]]) -> Json:
    described: Json = {
        "name": sheet.name,
        "visible": sheet.visible,
        "header_rows": list(sheet.header_rows),
        "headings": list(sheet.headings),
        "row_count": sheet.row_count,
        "left_out": [{"row": out.row, "why": out.why} for out in sheet.left_out],
        "left_out_counts": dict(sheet.left_out_counts),
        "metadata": dict(sheet.metadata),
        "dataset": sheet.dataset,
        "columns": dict(sheet.columns),
        "suggestions": {heading: list(columns) for heading, columns in suggested.items()},
        "problem_count": sheet.problem_count,
        "problems": [
            {
                "row": p.row,
                "cell": sheet.address(p),
                "column": p.heading or p.column or None,
                "kind": p.kind,
                "text": p.text,
            }
            for p in sheet.problems
        ],
    }
    if rows != 0:
        described["rows"] = _raw_rows(sheet.raw, sheet.headings, rows)
    return described


def _raw_rows(raw: Path | None, headings: Sequence[str], rows: int | None) -> list[Json]:
    if raw is None:
        return []
    import duckdb

    limit = f"LIMIT {rows}" if rows is not None else ""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT * FROM read_parquet({literal(str(raw))}) ORDER BY _row {limit}"
        ).fetchall()
    return [{"row": row, "cells": dict(zip(headings, cells, strict=True))} for row, *cells in found]
