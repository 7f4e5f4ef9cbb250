"""A link among the evidence is not followed, and that is said."""

from __future__ import annotations

from pathlib import Path

from tests.evidence.gathering import gathered

GOOD = "工单编号,创建时间,状态\nT{0},2025-03-01 09:00:00,已关闭\n"
LINK = "it is a link, and links are not followed. put the file itself in its place"


def test_a_link_that_a_pattern_names_is_told_as_unreadable(tmp_path: Path) -> None:
    away = tmp_path / "away.csv"
    away.write_text(GOOD.format(2), encoding="utf-8")
    evidence = tmp_path / "bundle"
    evidence.mkdir()
    (evidence / "b.csv").symlink_to(away)
    found = gathered(tmp_path, {"a.csv": GOOD.format(1)}, '  - {file: "*.csv", dataset: tickets}\n')
    assert found.rows("ticket_id") == [("T1",)]
    assert found.table.unreadable_files == ("b.csv",)
    told = {f.file: f.unreadable.en if f.unreadable else "" for f in found.holdings.files}
    assert told == {"a.csv": "", "b.csv": LINK}


def test_a_link_that_is_named_is_told_as_unreadable(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "a.csv").symlink_to("/nowhere/at-all.csv")
    found = gathered(tmp_path, {}, "  - {file: a.csv, dataset: tickets}\n")
    assert found.rows("ticket_id") == []
    assert found.why == LINK


def test_what_lies_behind_a_linked_folder_is_told_as_unreadable(tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "x.csv").write_text(GOOD.format(2), encoding="utf-8")
    evidence = tmp_path / "bundle"
    evidence.mkdir()
    (evidence / "linked").symlink_to(away)
    found = gathered(
        tmp_path, {"a.csv": GOOD.format(1)}, '  - {file: "*/*.csv", dataset: tickets}\n'
    )
    assert found.rows("ticket_id") == []
    assert found.table.unreadable_files == ("linked/x.csv",)
