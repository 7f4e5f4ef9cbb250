"""Evidence as it arrives: each untidy file of tests/mess, and what is to be read from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from fcim_audit.datasets import Dataset
from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.evidence.ingest import gather
from tests.conftest import ROOT
from tests.evidence.gathering import HEAD

MESS = ROOT / "tests" / "mess"
FILES = sorted(
    path.name for path in MESS.iterdir() if path.suffix != ".yaml" and not path.name.startswith(".")
)
DATASET = Dataset.model_validate(yaml.safe_load((MESS / "dataset.yaml").read_bytes()))


def test_there_are_at_least_thirty_of_them() -> None:
    assert len(FILES) >= 30


@pytest.mark.parametrize("name", FILES)
def test_an_untidy_file_gives_what_stands_beside_it(name: str, tmp_path: Path) -> None:
    expected = yaml.safe_load((MESS / f"{name}.yaml").read_bytes())
    assert seen(name, expected.get("entry", {}), tmp_path) == {
        key: value for key, value in expected.items() if key not in {"about", "entry"}
    }


def seen(name: str, entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What becomes of one file: how it was read, its rows, and everything that is told of it."""
    before = (MESS / name).read_bytes()
    bundle = folder / "bundle.yaml"
    declared = yaml.safe_dump([{"file": name, "dataset": "alerts", **entry}], allow_unicode=True)
    bundle.write_text(HEAD + declared, encoding="utf-8")
    with open_bundle(bundle, MESS) as opened:
        holdings = gather(opened, {"alerts": DATASET}, folder / "cache")
    assert (MESS / name).read_bytes() == before
    told: dict[str, Any] = {}
    for file in holdings.files:
        told |= _file(file, many=len(holdings.files) > 1)
    notes = [note.en for note in holdings.tables["alerts"].notes]
    told |= {"table_notes": notes} if notes else {}
    found = _rows(holdings.tables["alerts"].parquet)
    return told | ({"rows": found} if found else {})


def _file(file: FileReport, *, many: bool) -> dict[str, Any]:
    if file.unreadable is not None:
        told: dict[str, Any] = {"unreadable": file.unreadable.en}
    else:
        told = {"kind": file.kind}
        if file.encoding is not None:
            told["encoding"] = file.encoding
        if file.notes:
            told["notes"] = [note.en for note in file.notes]
        for sheet in file.sheets:
            told |= _sheet(sheet, many=len(file.sheets) > 1)
    return {file.file: told} if many else told


def _sheet(sheet: SheetReport, *, many: bool) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if sheet.header_rows:
        told["heading"] = list(sheet.header_rows)
    if sheet.columns:
        told["columns"] = dict(sheet.columns)
    if sheet.metadata:
        told["metadata"] = dict(sheet.metadata)
    if sheet.left_out:
        told["left_out"] = {out.row: out.why for out in sheet.left_out}
    if sheet.problem_count:
        told["problems"] = [[p.row, p.heading, p.kind, p.text] for p in sheet.problems]
        assert sheet.problem_count == len(sheet.problems)
    return {f"sheet {sheet.name}": told} if many else told


def _rows(parquet: tuple[tuple[Path, int], ...]) -> str:
    """The table as text: its filled columns, a row a line, `?` for what was not understood."""
    lines: list[dict[str, str]] = []
    for path, _ in parquet:
        cursor = duckdb.execute(f"SELECT * FROM read_parquet('{path}') ORDER BY _place")
        names = [column[0] for column in cursor.description or ()]
        for row in cursor.fetchall():
            cells = dict(zip(names, row, strict=True))
            bad = str(cells["_bad"]).split(",")
            lines.append({n: "?" if n in bad else _shown(n, cells[n]) for n in names[:-2]})
    used = [name for name in (lines[0] if lines else {}) if any(line[name] for line in lines)]
    return "".join(
        " | ".join(cells).rstrip() + "\n"
        for cells in (used, *([line[name] for name in used] for line in lines))
        if used
    )


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "taken":
        return f"{int(str(value)) / 1_000_000:g} s"
    if name == "score":
        return f"{value:f}".rstrip("0").rstrip(".")
    return str(value)
