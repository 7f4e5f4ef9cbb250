"""Gathers literal files by a literal bundle: what the tests of evidence stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.holdings import FileReport, Holdings, SheetReport, Table
from fcim_audit.evidence.ingest import gather

HEAD = """bundle: 1
organisation: {name: 某公司}
period: {start: 2025-01-01, end: 2025-12-31}
as_of: 2026-01-15
evidence:
"""
TICKETS = Dataset.model_validate(
    {
        "name": "tickets",
        "title": {"zh": "工单", "en": "tickets"},
        "systems": {"zh": "工单系统", "en": "help desk"},
        "columns": [
            {
                "name": "ticket_id",
                "title": {"zh": "工单编号", "en": "Ticket"},
                "type": "text",
                "key": True,
                "aliases": ["工单号"],
            },
            {
                "name": "created_at",
                "title": {"zh": "创建时间", "en": "Created"},
                "type": "datetime",
                "required": True,
                "aliases": ["提交时间"],
            },
            {
                "name": "closed_at",
                "title": {"zh": "关闭时间", "en": "Closed"},
                "type": "datetime",
            },
            {
                "name": "status",
                "title": {"zh": "状态", "en": "Status"},
                "type": "enum",
                "values": {"open": ["处理中"], "closed": ["已关闭", "已办结"]},
            },
            {
                "name": "handler",
                "title": {"zh": "处理人", "en": "Handler"},
                "type": "text",
                "personal": True,
            },
            {
                "name": "score",
                "title": {"zh": "评分", "en": "Score"},
                "type": "number",
            },
            {
                "name": "taken",
                "title": {"zh": "响应时长", "en": "Response time"},
                "type": "duration",
            },
        ],
    }
)
DATASETS = {"tickets": TICKETS}


@dataclass(frozen=True)
class Gathered:
    """What became of a bundle, and shortcuts to its only table."""

    holdings: Holdings

    @property
    def table(self) -> Table:
        """The only table."""
        (table,) = self.holdings.tables.values()
        return table

    @property
    def file(self) -> FileReport:
        """The first file."""
        return self.holdings.files[0]

    @property
    def sheet(self) -> SheetReport:
        """The first sheet of the first file."""
        return self.file.sheets[0]

    @property
    def why(self) -> str:
        """Why the first file could not be read, in English."""
        return self.file.unreadable.en if self.file.unreadable is not None else "was read"

    def rows(self, columns: str) -> list[tuple[object, ...]]:
        """These columns of the only table, in the order of places."""
        found: list[tuple[object, ...]] = []
        for path, _ in self.table.parquet:
            found += duckdb.execute(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()
        return found

    def problems(self) -> list[tuple[int, str, str, str | None]]:
        """Row, heading, kind and text of every problem listed for the first sheet."""
        return [(p.row, p.heading, p.kind, p.text) for p in self.sheet.problems]

    def left_out(self) -> list[tuple[int, str]]:
        """Every row left out of the first sheet, and why."""
        return [(out.row, out.why) for out in self.sheet.left_out]


def gathered(
    folder: Path,
    files: Mapping[str, str | bytes],
    evidence: str,
    datasets: Mapping[str, Dataset] = DATASETS,
) -> Gathered:
    """Write the files and the bundle that declares them, and gather it."""
    bundle = folder / "bundle"
    bundle.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = bundle / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    (bundle / "bundle.yaml").write_text(HEAD + evidence, encoding="utf-8")
    with open_bundle(bundle) as opened:
        return Gathered(gather(opened, datasets, folder / "cache"))


def mistakes(folder: Path, evidence: str, files: Mapping[str, str | bytes] | None = None) -> str:
    """What is wrong with a bundle's evidence entries, in English."""
    from fcim_audit.language import Lang

    try:
        gathered(folder, files or {"a.csv": "工单编号,创建时间\n1,2025-03-01\n"}, evidence)
    except AuditError as error:
        return error.said(Lang.EN)
    return "no mistake"
