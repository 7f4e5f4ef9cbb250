"""Measures how long a 100,000-row workbook takes to be ingested, beside a bare read by calamine.

    python benchmarks/ingest.py [ROWS]

Both are timed in the same run, one after the other, three times; the medians and their ratio are printed.
The ingestion is the whole of it: rows held against the XML, cells cleaned and typed, problems placed,
Parquet written, repeated rows sought. It is timed twice: by a child that is ready, as `evaluate` has it when
its checklist is loaded, and with the start of the child. Three parts are timed by themselves: the child's
start, the second count of rows (which runs beside the read), and the rows' way into DuckDB (a read among it).
"""

from __future__ import annotations

import statistics
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
ROUNDS = 3


def main() -> None:
    """Print the two times and their ratio."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    datasets = load_checklist(shipped("checklists") / "fcim", rules=False).datasets
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "a.xlsx"
        make(book, rows)
        (Path(folder) / "bundle.yaml").write_text(BUNDLE, encoding="utf-8")

        def ingest(readers: Readers | None, number: int) -> None:
            cache = Path(folder) / f"cache-{readers is None}-{number}"
            with open_bundle(Path(folder)) as bundle:
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
                    sheet().count()

        def load(_: int) -> None:
            with duckdb.connect() as connection:
                read_xlsx(connection, Request(book, "t", Path(folder)))

        with reading(Path(folder) / "none") as readers:
            for reader in readers:
                reader.ask("duplicates", DuplicatesJob(comparisons=()).model_dump_json())
            works = (bare, partial(ingest, readers), partial(ingest, None), start, count, load)
            times = [[timed(work, number) for work in works] for number in range(ROUNDS)]
    alone, ready, whole, *parts = (statistics.median(one) for one in zip(*times, strict=True))
    print(f"{rows} rows x {len(HEADINGS)}: calamine alone {alone:.2f} s")
    print(f"ingested {ready:.2f} s, ratio {ready / alone:.2f}")
    print(f"with the child's start {whole:.2f} s, ratio {whole / alone:.2f}")
    print("child's start {:.2f} s, second count {:.2f} s, read into DuckDB {:.2f} s".format(*parts))


def make(book: Path, rows: int) -> None:
    """A workbook of tickets."""
    made = xlsxwriter.Workbook(str(book), {"constant_memory": True})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, rows + 1):
        day, minute = 1 + row % 28, row % 60
        stamps = [f"2025-03-{day:02d} {hour:02d}:{minute:02d}:00" for hour in (8, 9, 10, 11, 12)]
        sheet.write_row(
            row, 0, [f"GD{row:06d}", "电话", f"客户{row % 997}", *stamps, "已关闭", "已处理"]
        )
    made.close()


def timed(work: Callable[[int], None], number: int) -> float:
    start = time.perf_counter()
    work(number)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
