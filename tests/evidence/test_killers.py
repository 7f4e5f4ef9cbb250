"""A file that the reading child does not survive: it alone is unreadable, and why is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from fcim_audit.evidence.reader_process import MEMORY
from tests.conftest import ROOT
from tests.evidence.gathering import Gathered, gathered

GOOD = "工单编号,创建时间,状态\nT{0},2025-03-01 09:00:00,已关闭\n"
ENTRY = '  - {file: "*.csv", dataset: tickets}\n'
LIMIT = 1000 * 2**20
"""Address space that reading a small file takes (some 970 MB, mostly of threads), and a bit."""
TOO_LONG = "工单编号,创建时间,状态\nT9,2025-03-01 09:00:00," + "x" * 12_000_000 + "\n"

DAMAGED = {1490: 200, 2347: 255, 2845: 243, 3747: 233, 5109: 255, 5602: 255, 5964: 128}


def told(found: Gathered) -> dict[str, str]:
    """Why each file could not be read, in English; empty text for those that were."""
    return {f.file: f.unreadable.en if f.unreadable else "" for f in found.holdings.files}


def test_a_file_that_takes_too_much_memory_leaves_the_others_of_its_glob(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY, str(LIMIT))
    files = {"a.csv": GOOD.format(1), "b.csv": TOO_LONG, "c.csv": GOOD.format(3)}
    found = gathered(tmp_path, files, ENTRY)
    assert "memory" in told(found)["b.csv"]
    assert [why for name, why in told(found).items() if name != "b.csv"] == ["", ""]
    assert found.rows("ticket_id") == [("T1",), ("T3",)]
    assert found.table.unreadable_files == ("b.csv",)


def test_a_damaged_workbook_that_aborts_the_child_leaves_the_others(tmp_path: Path) -> None:
    damaged = bytearray((ROOT / "tests" / "mess" / "old.xls").read_bytes())
    for place, byte in DAMAGED.items():
        damaged[place] = byte
    files: dict[str, str | bytes] = {
        "a.csv": GOOD.format(1),
        "b.xls": bytes(damaged),
        "c.csv": GOOD.format(3),
    }
    found = gathered(tmp_path, files, '  - {file: "*", dataset: tickets}\n')
    assert "a damaged file may ask for any amount" in told(found)["b.xls"]
    assert found.rows("ticket_id") == [("T1",), ("T3",)]


def test_one_file_alone_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, str(LIMIT))
    found = gathered(tmp_path, {"b.csv": TOO_LONG}, ENTRY)
    assert "memory" in found.why
    assert found.table.unreadable_files == ("b.csv",)
