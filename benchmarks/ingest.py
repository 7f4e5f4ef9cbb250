"""Measures how long a 100,000-row workbook takes to be ingested, beside a bare read by calamine.

    python benchmarks/ingest.py [ROWS]

Two workbooks: one of texts, as most systems write them, and one of texts, moments and numbers. All is timed
in the same run, in turn, several times; the fastest times and their ratios are printed. The ingestion is the
whole of it: rows held against the XML, cells cleaned and typed, problems placed, Parquet written, repeated
rows sought. It is timed twice: by a child that is ready, as `evaluate` has it when its checklist is loaded,
and with the start of the child. Three parts are timed by themselves: the child's
start, the second count of rows (which runs beside the read), and the rows' way into DuckDB (a read among it).
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import python_calamine as calamine
import xlsxwriter

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
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


def main() -> None:
    """Print the times and their ratios for both workbooks."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for typed in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "a.xlsx"
            make(book, rows, typed=typed)
            (Path(folder) / "bundle.yaml").write_text(BUNDLE, encoding="utf-8")
            alone, ready, whole, *parts = measured(Path(folder), book, rows)
        print(f"{rows} rows x {len(HEADINGS)}, {'moments and numbers' if typed else 'texts'}:")
        print(f"  calamine alone {alone:.2f} s; ingested {ready:.2f} s, ratio {ready / alone:.2f}")
        print(f"  with the child's start {whole:.2f} s, ratio {whole / alone:.2f}")
        print("  start {:.2f} s, second count {:.2f} s, read into DuckDB {:.2f} s".format(*parts))


def measured(folder: Path, book: Path, rows: int) -> list[float]:
    """The fastest of some rounds: alone, by a ready child, with its start, and the three parts."""
    datasets = load_checklist(shipped("checklists") / "fcim", rules=False).datasets

    def ingest(readers: Readers | None, number: int) -> None:
        cache = folder / f"cache-{readers is None}-{number}"
        with open_bundle(folder) as bundle:
            holdings = gather(bundle, datasets, cache, readers=readers)
        assert holdings.tables["feedback_tickets"].rows == rows

    def bare(_: int) -> None:
        sheet = calamine.load_workbook(book).get_sheet_by_index(0)
        assert sum(1 for _ in sheet.iter_rows()) == rows + 1

    def start(_: int) -> None:
        subprocess.run([sys.executable, "-c", "import fcim_audit.evidence.worker"], check=True)

    def count(_: int) -> None:
        with opened_xlsx(book) as opened:
            for sheet in sheets_of(opened, book.name).sheets.values():
                sheet.count()

    def load(_: int) -> None:
        with duckdb.connect() as connection:
            read_xlsx(connection, Request(book, "t", folder, abandon=end_process))

    with reading(folder / "none", 1) as readers:
        for reader in readers:
            reader.ask("duplicates", DuplicatesJob(comparisons=()).model_dump_json())
        works = (bare, partial(ingest, readers), partial(ingest, None), start, count, load)
        times = [[timed(work, number) for work in works] for number in range(ROUNDS)]
    return [min(one) for one in zip(*times, strict=True)]


def make(book: Path, rows: int, *, typed: bool) -> None:
    """A workbook of tickets, as a system writes it (texts) or as a person saves it."""
    made = xlsxwriter.Workbook(str(book), {"constant_memory": not typed})
    sheet = made.add_worksheet()
    moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, rows + 1):
        stamps = [dt.datetime(2025, 3, 1 + row % 28, hour, row % 60) for hour in (8, 9, 10, 11, 12)]
        sheet.write_row(row, 0, [f"GD{row:06d}", "电话", f"客户{row % 997}"])
        for column, stamp in enumerate(stamps, start=3):
            if typed:
                sheet.write_datetime(row, column, stamp, moment)
            else:
                sheet.write_string(row, column, str(stamp))
        sheet.write_string(row, 8, "已关闭")
        if typed:
            sheet.write_number(row, 9, 60 + row % 400 / 10)
        else:
            sheet.write_string(row, 9, "已处理")
    made.close()


def timed(work: Callable[[int], None], number: int) -> float:
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
