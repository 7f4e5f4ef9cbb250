"""A file that the reading child does not survive: it alone is unreadable, and why is said."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from tests.conftest import ROOT
from tests.evidence.gathering import Gathered, gathered

GOOD = "工单编号,创建时间,状态\nT{0},2025-03-01 09:00:00,已关闭\n"
DAMAGED = {1490: 200, 2347: 255, 2845: 243, 3747: 233, 5109: 255, 5602: 255, 5964: 128}


def damaged() -> bytes:
    """A workbook that its library does not survive."""
    content = bytearray((ROOT / "tests" / "mess" / "old.xls").read_bytes())
    for place, byte in DAMAGED.items():
        content[place] = byte
    return bytes(content)


def told(found: Gathered) -> dict[str, str]:
    """Why each file could not be read, in English; empty text for those that were."""
    return {f.file: f.unreadable.en if f.unreadable else "" for f in found.holdings.files}


def test_a_damaged_workbook_that_aborts_the_child_leaves_the_others(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.csv": GOOD.format(1),
        "b.xls": damaged(),
        "c.csv": GOOD.format(3),
    }
    found = gathered(tmp_path, files, '  - {file: "*", dataset: tickets}\n')
    assert told(found)["b.xls"].startswith("reading needs more memory than allowed")
    assert found.rows("ticket_id") == [("T1",), ("T3",)]


def test_one_file_alone_is_not_tried_again(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"b.xls": damaged()}, '  - {file: "b.xls", dataset: tickets}\n')
    assert found.why.startswith("reading needs more memory than allowed")
    assert found.table.unreadable_files == ("b.xls",)


def test_members_that_abort_the_child_leave_the_others_of_their_archive(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("一/a.csv", GOOD.format(1))
        out.writestr("一/b.xls", damaged())
        out.writestr("二/b.xls", damaged())
        out.writestr("二/c.csv", GOOD.format(3))
    entry = '  - {file: "[az].*", dataset: tickets}\n'
    found = gathered(tmp_path, {"a.zip": archive.getvalue(), "z.csv": GOOD.format(4)}, entry)
    assert {name: bool(why) for name, why in told(found).items()} == {
        "a.zip!一/a.csv": False,
        "a.zip!一/b.xls": True,
        "a.zip!二/b.xls": True,
        "a.zip!二/c.csv": False,
        "z.csv": False,
    }
    assert found.rows("ticket_id") == [("T1",), ("T3",), ("T4",)]
    assert found.table.unreadable_files == ("a.zip!一/b.xls", "a.zip!二/b.xls")
