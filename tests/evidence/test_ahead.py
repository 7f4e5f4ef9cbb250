"""A large sheet that is read before it is counted: what is found never depends on that."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.files import InputFile, hashed
from fcim_audit.evidence.reader_process import ReaderLost, ReaderProcess
from fcim_audit.evidence.survey import Surveyor
from fcim_audit.evidence.unit import UnitJob
from tests.evidence.gathering import HEAD, TICKETS, gathered
from tests.one_sheet import END, SHEET, workbook

ENTRY = '  - {file: "*.[cx]*", dataset: tickets}\n'
GOOD = "工单编号,创建时间,状态\nT0,2025-03-01 09:00:00,已关闭\n"
ROWS = 20_000


def large(last: str) -> bytes:
    """A large workbook of tickets, hard to pack, whose last row is this XML."""
    heading = ("工单编号", "创建时间", "状态")
    figures = random.Random(7)
    rows = [
        heading,
        *((f"T{figures.getrandbits(200):x}", "2025-03-01", "已关闭") for _ in range(ROWS)),
    ]
    text = '<c r="{0}{1}" t="inlineStr"><is><t>{2}</t></is></c>'
    cells = (
        "".join(text.format(column, number, cell) for column, cell in zip("ABC", row, strict=True))
        for number, row in enumerate(rows, start=1)
    )
    body = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(cells, start=1))
    return workbook(SHEET + f"{body}{last}".encode() + END)


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
REFUSED = {
    "far.xlsx": (FAR, "sheet Sheet spans 1048576 rows by 16384 columns: too large"),
    "wrong.xlsx": (
        '<row r="30000"><c r="A7"><v>1</v></c></row>',
        "a cell in row 30000 of sheet Sheet has an impossible place",
    ),
}


def job(folder: Path, given: InputFile, *, ahead: bool) -> UnitJob:
    """One file to be read as tickets."""
    (folder / "bundle.yaml").write_text(HEAD + ENTRY, encoding="utf-8")
    with open_bundle(folder) as bundle:
        entry, declared = bundle.file.entries[0], bundle.file
    out = folder / f"out-{ahead}"
    out.mkdir()
    return UnitJob(
        dataset=TICKETS, entry=entry, timezone=declared.timezone, as_of=declared.as_of,
        period_start=declared.period.start, period_end=declared.period.end, files=(given,),
        ahead=ahead, out=out, work=out,
    )  # fmt: skip


def test_a_large_workbook_comes_out_the_same_read_ahead_or_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(large(""))
    made = []
    with ReaderProcess() as reader:
        for ahead in (True, False):
            one = job(tmp_path, hashed(tmp_path, path), ahead=ahead)
            assert reader.ask("unit", one.model_dump_json()) == {"done": True}
            made.append({file.name: file.read_bytes() for file in sorted(one.out.iterdir())})
    assert made[0] == made[1]
    assert {"rows.parquet", "manifest.json"} <= made[0].keys()


def test_a_child_that_reads_ahead_gives_up_at_a_far_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(large(FAR))
    with ReaderProcess() as reader:
        with pytest.raises(ReaderLost) as caught:
            reader.ask("unit", job(tmp_path, hashed(tmp_path, path), ahead=True).model_dump_json())
        assert caught.value.of_memory
        careful = job(tmp_path, hashed(tmp_path, path), ahead=False)
        assert reader.ask("unit", careful.model_dump_json()) == {"done": True}


def test_what_is_refused_ahead_is_told_as_if_it_had_been_counted_first(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {name: large(last) for name, (last, _) in REFUSED.items()}
    found = gathered(tmp_path, files | {"good.csv": GOOD}, ENTRY)
    told = {file.file: file.unreadable for file in found.holdings.files}
    assert told.pop("good.csv") is None
    for name, why in told.items():
        assert why is not None
        assert why.en.startswith(REFUSED[name][1])
    assert found.rows("ticket_id") == [("T0",)]


def test_a_survey_tells_a_far_cell_too(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(large(FAR))
    with ReaderProcess() as reader:
        (found,) = Surveyor(reader, {TICKETS.name: TICKETS}).look(hashed(tmp_path, path))
    assert found.unreadable is not None
    assert found.unreadable.en.startswith("sheet Sheet spans 1048576 rows by 16384 columns")
