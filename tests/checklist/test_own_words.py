"""The checklist speaks in its own words: it shares no long run of letters with the standard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fcim_audit.checklist.shipped import shipped

LENGTH = 13
RUN = re.compile(rf"[\u4e00-\u9fff]{{{LENGTH},}}")
TITLE = re.compile(r"^[0-9.]+ (\S+)$", re.MULTILINE)
SYSTEM_NAMES = ("全周期智慧化管控体系", "服务业全周期智慧化管控认证要求")


def pieces(text: str) -> set[str]:
    """Every piece of LENGTH Chinese characters in a row."""
    return {
        run[start : start + LENGTH]
        for run in RUN.findall(text)
        for start in range(len(run) - LENGTH + 1)
    }


def borrowed(text: str, standard: str) -> set[str]:
    """What a text shares with the standard, apart from titles and names."""
    free = pieces("\n".join([*TITLE.findall(standard), *SYSTEM_NAMES]))
    return (pieces(text) & pieces(standard)) - free


def test_a_run_of_13_characters_counts_as_borrowed() -> None:
    standard = "组织应当按照计划的时间间隔评价"
    assert borrowed("本组织应当按照计划的时间间隔", standard) == {"组织应当按照计划的时间间隔"}


def test_a_run_of_12_characters_does_not_count() -> None:
    assert borrowed("织应当按照计划的时间间隔", "组织应当按照计划的时间间隔评价") == set()


def test_a_run_broken_by_a_comma_does_not_count() -> None:
    assert borrowed("组织应当按照，计划的时间间隔", "组织应当按照，计划的时间间隔") == set()


def test_a_clause_title_does_not_count() -> None:
    standard = "6.3 全周期智慧化管控目标及其实现的策划\n组织应当按照计划的时间间隔评价"
    assert borrowed("全周期智慧化管控目标及其实现的策划", standard) == set()


@pytest.mark.real
def test_no_line_of_the_checklist_is_taken_from_the_standard(real_data: Path) -> None:
    standard = real_data.parent / "design" / "standard.txt"
    if not standard.is_file():
        pytest.skip("the standard's text is not at hand")
    text = standard.read_text(encoding="utf-8")
    files = sorted(shipped("checklists").rglob("*.yaml"))
    found = [(f.name, borrowed(f.read_text(encoding="utf-8"), text)) for f in files]
    assert (len(files) > 20, [(name, words) for name, words in found if words]) == (True, [])
