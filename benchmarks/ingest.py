"""Measures how long a 100,000-row workbook takes to be ingested, beside a bare read by calamine.

    python benchmarks/ingest.py [ROWS]

Four workbooks: of texts, as most systems write them; of English texts, each another; of texts, moments and
numbers; and one with two columns of formulas. All is timed in the same run, in turn, several times; the
fastest times and their ratios are printed, and the median of the rounds' ratios, which a busy machine sways less. The ingestion is the whole of it: rows held against the XML,
cells cleaned and typed, problems placed, Parquet written, repeated rows sought, by a child that is ready.
As commands: `inspect` from the start of Python to its end, beside a process that reads the workbook and does
nothing else. Three parts are timed by themselves: the start of a child anew (where it can't be a copy), the
second count of rows (which runs beside the read), and the rows' way into DuckDB (a read among it).
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb
import python_calamine as calamine
import xlsxwriter

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.datasets import Dataset
from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.duplicates import DuplicatesJob
from fcim_audit.evidence.ingest import Readers, gather, reading
from fcim_audit.evidence.reader_process import end_process
from fcim_audit.readers.base import Request
from fcim_audit.readers.workbook import read_xlsx
from fcim_audit.readers.xlsx_scan import opened_xlsx, sheets_of

HEADINGS = [
    "工单编号",
    "渠道",
    "客户名称",
    "创建时间",
    "受理时间",
    "首次响应时间",
    "解决时间",
    "关闭时间",
    "状态",
    "处理结果",
]
BUNDLE = """bundle: 1
organisation: {name: x}
period: {start: 2025-01-01, end: 2025-12-31}
as_of: 2026-01-15
evidence: [{file: a.xlsx, dataset: feedback_tickets}]
"""
ROUNDS = 5
BARE = """import sys, python_calamine
for _ in python_calamine.load_workbook(sys.argv[1]).get_sheet_by_index(0).iter_rows(): pass"""
COMMAND = "from fcim_audit.cli.main import main; main()"


class Formula(NamedTuple):
    """A formula and the result that is kept of it."""

    text: str
    result: str | float


def main() -> None:
    """Print the times and their ratios for each workbook."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for kind, cells in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "a.xlsx"
            make(book, rows, cells)
            (Path(folder) / "bundle.yaml").write_text(BUNDLE, encoding="utf-8")
            times = measured(Path(folder), book, rows)
        alone, ready, process, whole, *parts = map(min, times)
        pairs = median(after / before for before, after in zip(times[0], times[1], strict=True))
        print(f"{rows} rows x {len(HEADINGS)}, {kind}:")
        print(
            f"  calamine alone {alone:.2f} s; ingested {ready:.2f} s, ratio {ready / alone:.2f}, "
            f"median of the rounds {pairs:.2f}"
        )
        print(f"  as commands: {process:.2f} s; {whole:.2f} s, ratio {whole / process:.2f}")
        print("  start {:.2f} s, second count {:.2f} s, read into DuckDB {:.2f} s".format(*parts))


def measured(folder: Path, book: Path, rows: int) -> list[tuple[float, ...]]:
    """The times of some rounds: alone, by a ready child, both as commands, and the three parts."""
    datasets = load_checklist(shipped("checklists") / "fcim", rules=False).datasets
    with reading(folder / "none", 1) as readers:
        for reader in readers:
            reader.ask("duplicates", DuplicatesJob(comparisons=()).model_dump_json())
        works: Sequence[Callable[[int], None]] = (
            lambda _: bare(book, rows),
            lambda number: ingest(folder, datasets, rows, (readers, number)),
            lambda _: process(BARE, str(book)),
            lambda number: inspect(folder, number),
            lambda _: process("import fcim_audit.evidence.worker"),
            lambda _: count(book),
            lambda _: load(book),
        )
        times = [[timed(work, number) for work in works] for number in range(ROUNDS)]
    return list(zip(*times, strict=True))


def bare(book: Path, rows: int) -> None:
    """Read the workbook and do nothing with it."""
    sheet = calamine.load_workbook(book).get_sheet_by_index(0)
    assert sum(1 for _ in sheet.iter_rows()) == rows + 1


def ingest(
    folder: Path, datasets: Mapping[str, Dataset], rows: int, by: tuple[Readers, int]
) -> None:
    """Ingest the bundle by these readers, keeping it where nothing is kept yet."""
    readers, number = by
    with open_bundle(folder) as bundle:
        holdings = gather(bundle, datasets, folder / f"cache-{number}", readers=readers)
    assert holdings.tables["feedback_tickets"].rows == rows


def inspect(folder: Path, number: int) -> None:
    """The command `inspect` as a process."""
    told = str(folder / "told.json")
    cache = {"FCIM_CACHE": str(folder / f"whole-{number}")}
    process(COMMAND, "inspect", str(folder), "--format", "json", "-o", told, **cache)


def process(script: str, *arguments: str, **variables: str) -> None:
    """Run a script from the start of Python to its end."""
    environment = {**os.environ, **variables}
    subprocess.run([sys.executable, "-c", script, *arguments], check=True, env=environment)


def count(book: Path) -> None:
    """Count the rows a second time."""
    with opened_xlsx(book) as opened:
        for sheet in sheets_of(opened, book.name).sheets.values():
            sheet.count()


def load(book: Path) -> None:
    """Bring the rows into DuckDB."""
    with duckdb.connect() as connection:
        read_xlsx(connection, Request(book, "t", book.parent, abandon=end_process))


def texts(row: int) -> list[object]:
    """A row as most systems write it."""
    moments = [str(moment) for moment in moments_of(row)]
    return [f"GD{row:06d}", "电话", f"客户{row % 997}", *moments, "已关闭", "已处理"]


def english(row: int) -> list[object]:
    """A row of texts of which none is like another."""
    said = "".join(chr(97 + int(digit)) for digit in str(row * 7_919))
    moments = [str(moment) for moment in moments_of(row)]
    return [f"GD{row:06d}", "phone", said, *moments, "closed", f"asked {said} to call {said[::-1]}"]


def typed(row: int) -> list[object]:
    """A row as a person saves it."""
    return [*texts(row)[:3], *moments_of(row), "已关闭", 60 + row % 400 / 10]


def formulas(row: int) -> list[object]:
    """A row with a column of formulas for its state and one for how long it took."""
    state = Formula(f'=IF(H{row + 1}="","处理中","已关闭")', "已关闭")
    return [*typed(row)[:8], state, Formula(f"=(F{row + 1}-D{row + 1})*1440", 120 - 7e-12)]


def moments_of(row: int) -> list[dt.datetime]:
    """The five moments of a ticket."""
    return [dt.datetime(2025, 3, 1 + row % 28, hour, row % 60) for hour in (8, 9, 10, 11, 12)]


KINDS: dict[str, Callable[[int], list[object]]] = {
    "texts": texts,
    "English texts": english,
    "moments and numbers": typed,
    "moments and formulas": formulas,
}


def make(book: Path, rows: int, cells: Callable[[int], list[object]]) -> None:
    """A workbook of tickets: texts in their cells where it is one of texts, shared where it is not."""
    are_texts = all(isinstance(cell, str) for cell in cells(1))
    made = xlsxwriter.Workbook(str(book), {"constant_memory": are_texts})
    sheet = made.add_worksheet()
    moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, rows + 1):
        for column, cell in enumerate(cells(row)):
            if isinstance(cell, dt.datetime):
                sheet.write_datetime(row, column, cell, moment)
            elif isinstance(cell, Formula):
                sheet.write_formula(row, column, cell.text, None, cell.result)
            else:
                sheet.write(row, column, cell)
    made.close()


def timed(work: Callable[[int], None], number: int) -> float:
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
