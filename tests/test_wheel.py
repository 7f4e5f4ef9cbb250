"""The built wheel, installed in a clean environment, runs the demo from another folder."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    (made,) = out.glob("*.whl")
    return made


def test_checklists_templates_and_samples_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "fcim_audit/checklists/fcim/clauses/6.yaml" in names
    assert "fcim_audit/templates/report.zh.docx" in names
    assert "fcim_audit/templates/review/review.js" in names
    assert "fcim_audit/evidence_samples/property/bundle.yaml" in names
    assert "fcim_audit/schemas/result-1.schema.json" in names


def test_the_wheel_runs_the_demo_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "clean"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run(
        [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--no-deps",
         "--require-hashes", "-r", str(ROOT / "requirements" / "dev.txt")],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [str(scripts / "fcim-audit"), "demo", "--out", "out"],
        cwd=elsewhere, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (elsewhere / "out" / "fcim-demo.docx").stat().st_size > 10_000
