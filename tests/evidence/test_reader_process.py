"""The reading child: lost ones are told and replaced."""

from __future__ import annotations

import os

import pytest

from fcim_audit.evidence.reader_process import ReaderLost, ReaderProcess


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
