"""Measures how a GB18030 CSV is ingested, beside the same rows in UTF-8: time, and memory at its peak.

    python benchmarks/csv_ingest.py [ROWS]

Each file is ingested whole by a process of its own (`gather`, its reading child included); the times, their
ratio and the most memory that any of its processes held are printed. A file of a tenth of the rows stands
beside them: memory that grows with the file would show.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.ingest import gather

HEADINGS = "工单编号,渠道,客户名称,创建时间,受理时间,首次响应时间,解决时间,关闭时间,状态,处理结果"
BUNDLE = """bundle: 1
organisation: {name: x}
period: {start: 2025-01-01, end: 2025-12-31}
as_of: 2026-01-15
evidence: [{file: a.csv, dataset: feedback_tickets}]
"""


def main() -> None:
    """Print time, ratio and memory."""
    if sys.argv[1:2] == ["--one"]:
        one(Path(sys.argv[2]), int(sys.argv[3]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    taken = {}
    for count in (rows // 10, rows):
        for encoding in ("utf-8", "gb18030"):
            with tempfile.TemporaryDirectory() as folder:
                size = make(Path(folder), count, encoding)
                said = subprocess.run(
                    [sys.executable, __file__, "--one", folder, str(count)],
                    check=True, capture_output=True, text=True,
                )  # fmt: skip
            seconds, peak = map(float, said.stdout.split())
            taken[count, encoding] = seconds
            print(
                f"{count} rows, {encoding}, {size / 1e6:.0f} MB: {seconds:.2f} s, peak {peak:.0f} MiB"
            )
    print(f"ratio {taken[rows, 'gb18030'] / taken[rows, 'utf-8']:.2f}")


def make(folder: Path, rows: int, encoding: str) -> int:
    """A bundle with tickets; how many bytes they are."""
    (folder / "bundle.yaml").write_text(BUNDLE, encoding="utf-8")
    table = folder / "a.csv"
    with table.open("w", encoding=encoding, newline="") as out:
        out.write(HEADINGS + "\n")
        for row in range(1, rows + 1):
            day, minute = 1 + row % 28, row % 60
            stamps = [
                f"2025-03-{day:02d} {hour:02d}:{minute:02d}:00" for hour in (8, 9, 10, 11, 12)
            ]
            cells = [f"GD{row:07d}", "电话", f"客户{row % 997}", *stamps, "已关闭", "已处理"]
            out.write(",".join(cells) + "\n")
    return table.stat().st_size


def one(folder: Path, rows: int) -> None:
    """Ingest one bundle; print the seconds and the most MiB that this process or its child held."""
    datasets = load_checklist(shipped("checklists") / "fcim", rules=False).datasets
    start = time.perf_counter()
    with open_bundle(folder) as bundle:
        holdings = gather(bundle, datasets, folder / "cache")
    seconds = time.perf_counter() - start
    assert holdings.tables["feedback_tickets"].rows == rows
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(who).ru_maxrss for who in whose) / 1024
    print(seconds, peak)


if __name__ == "__main__":
    main()
