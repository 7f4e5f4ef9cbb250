"""The reading child: lost ones are told and replaced."""

from __future__ import annotations

import os

import pytest

from fcim_audit.evidence.reader_process import ReaderLost, ReaderProcess, seconds_for


def test_a_lost_child_is_told_and_a_new_one_takes_the_next_job() -> None:
    with ReaderProcess() as reader:
        with pytest.raises(ReaderLost, match="ended unexpectedly \\(exit code 1\\)"):
            reader.ask("unit", "{}")
        with pytest.raises(ReaderLost, match="ended unexpectedly \\(exit code 1\\)"):
            reader.ask("unit", "{}")


def test_a_module_in_the_current_folder_is_not_imported(
    tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open("duckdb.py", "w", encoding="utf-8") as hostile:  # noqa: PTH123 - the current folder
        hostile.write("open('ran', 'w')")
    with ReaderProcess() as reader, pytest.raises(ReaderLost):
        reader.ask("unit", "{}")
    assert os.listdir(tmp_path) == ["duckdb.py"]  # noqa: PTH208 - names are enough


@pytest.mark.parametrize(
    ("size", "seconds"), [(None, 600), (0, 120), (5_200_000, 172), (2_000_000_000, 20_120)]
)
def test_a_small_file_may_not_take_as_long_as_a_large_one(size: int | None, seconds: float) -> None:
    assert seconds_for(size) == seconds
