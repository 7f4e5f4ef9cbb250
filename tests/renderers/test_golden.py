"""A small audit in every text format, byte by byte: no change of a report goes unseen."""

from __future__ import annotations

import difflib

import pytest

from tests.renderers.golden import HERE, made

ANEW = "if it is meant: python -m tests.renderers.golden, then read the difference in git"
SHOWN = 60
MADE = made()


@pytest.mark.parametrize("name", sorted(MADE))
def test_nothing_has_changed_in(name: str) -> None:
    kept = HERE / name
    old = kept.read_bytes() if kept.is_file() else b""
    if MADE[name] != old:
        pytest.fail(f"{name} is another:\n{difference(old, MADE[name])}\n{ANEW}", pytrace=False)


def test_no_golden_file_is_left_that_nothing_makes() -> None:
    assert {
        file.name for file in HERE.iterdir() if file.suffix in {".json", ".html", ".md"}
    } == set(MADE)


def test_the_golden_files_are_small() -> None:
    assert sum(len(data) for data in MADE.values()) < 300_000


def difference(old: bytes, new: bytes) -> str:
    """The first lines that differ, long ones cut."""
    before, after = (data.decode().splitlines() for data in (old, new))
    lines = list(difflib.unified_diff(before, after, "kept", "made", lineterm="", n=1))
    more = [f"… {len(lines) - SHOWN} more lines"] if len(lines) > SHOWN else []
    return "\n".join([*(line[:200] for line in lines[:SHOWN]), *more])
