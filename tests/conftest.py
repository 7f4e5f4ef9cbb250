"""What tests need from the machine, and what happens where it is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REQUIRE_ALL = os.environ.get("FCIM_REQUIRE_ALL") == "1"


def real_data_folder() -> Path:
    """Where the real data lies: FCIM_REAL_DATA, else beside the checkout."""
    return Path(os.environ.get("FCIM_REAL_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = real_data_folder()
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder}")
    return folder


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for the test run, apart from the user's; English unless a test says otherwise."""
    monkeypatch.setenv("FCIM_CACHE", str(tmp_path_factory.getbasetemp() / "fcim-cache"))
    monkeypatch.setenv("FCIM_LANG", "en")


def _missing(item: pytest.Item) -> str | None:
    if item.get_closest_marker("spark"):
        if importlib.util.find_spec("pyspark") is None:
            return "pyspark is not installed (extra spark)"
        if shutil.which("java") is None:
            return "there is no Java"
    if item.get_closest_marker("office") and shutil.which("soffice") is None:
        return "there is no LibreOffice (soffice)"
    if item.get_closest_marker("browser") and shutil.which("chromium") is None:
        return "there is no Chromium"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    reason = _missing(item)
    if reason is not None:
        pytest.skip(reason)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, object, None]:
    """With FCIM_REQUIRE_ALL=1 a skip is a failure that says what was missing."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]  # pluggy's result
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = (
            f"skipped, but everything is required: {call.excinfo and call.excinfo.value}"
        )
