"""What is kept between runs: whole, the newest few, and never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fcim_audit.kept import Shelf, key_of


def test_what_was_put_is_got(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new")
    shelf.put("a", b"one")
    assert (shelf.get("a"), shelf.get("b")) == (b"one", None)


def test_only_the_newest_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most=2)
    for second, key in enumerate("abc"):
        shelf.put(key, b"")
        os.utime(tmp_path / key, (second, second))
    shelf.put("d", b"")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c", "d"]


def test_a_shelf_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    shelf = Shelf(tmp_path / "file")
    shelf.put("a", b"one")
    assert shelf.get("a") is None


@pytest.mark.parametrize("other", [("a", "bc"), ("abc",), ("ab", "c", "")])
def test_keys_tell_their_parts_apart(other: tuple[str, ...]) -> None:
    assert key_of("ab", "c") == key_of("ab", "c") != key_of(*other)
