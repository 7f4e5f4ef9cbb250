"""Every exit code through the installed command."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, HEAD, SAMPLES, TICKETS, bundle, run


def test_0_conforms() -> None:
    assert run("evaluate", SAMPLES / "eldercare", "-q").returncode == 0


def test_1_has_a_nonconformity() -> None:
    assert run("evaluate", SAMPLES / "property", "-q").returncode == 1


@pytest.mark.parametrize(
    ("fail_on", "only", "code"),
    [
        pytest.param("major", "6.4-a", 0, id="a-minor-is-below-major"),
        pytest.param("minor", "6.4-a", 1, id="a-minor-counts"),
        pytest.param("ofi", "6.3-h", 1, id="an-improvement-counts-if-asked"),
        pytest.param("minor", "6.3-h", 0, id="an-improvement-does-not-count"),
        pytest.param("none", "6.4-a", 0, id="nothing-counts"),
        pytest.param("unverified", "4.1-a", 4, id="an-open-question-counts-if-asked"),
        pytest.param("minor", "4.1-a", 0, id="an-open-question-demands-nothing"),
        pytest.param("minor", "6.4-d", 4, id="an-open-rule-can-not-conclude"),
        pytest.param("minor", "6.4-a,6.4-d", 1, id="a-nonconformity-beats-an-open-rule"),
    ],
)
def test_fail_on_and_scope_decide(fail_on: str, only: str, code: int) -> None:
    done = run("evaluate", SAMPLES / "property", "-q", "--only", only, "--fail-on", fail_on)
    assert done.returncode == code


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("evaluate",), id="no-bundle"),
        pytest.param(("evaluate", SAMPLES / "property", "--format", "pdf2"), id="unknown-format"),
        pytest.param(
            ("evaluate", SAMPLES / "property", "--format", "docx"), id="word-on-a-terminal"
        ),
        pytest.param(
            ("evaluate", SAMPLES / "property", "--format", "json:no/such/x.json"), id="no-folder"
        ),
        pytest.param(
            ("evaluate", SAMPLES / "property", "--only", "12.7"), id="unknown-requirement"
        ),
        pytest.param(("evaluate", SAMPLES / "property", "--engine", "abacus"), id="unknown-engine"),
        pytest.param(("evaluate", SAMPLES / "property", "--as-of", "soon"), id="no-date"),
        pytest.param(("evaluate", SAMPLES / "property", "--fail-on", "all"), id="unknown-grade"),
        pytest.param(("explain", "9.9-z"), id="explain-nothing"),
        pytest.param(("--lang", "fr", "demo"), id="unknown-language"),
        pytest.param(("frobnicate",), id="unknown-command"),
        pytest.param(("inspect", SAMPLES / "property", "--rows", "some"), id="no-number"),
    ],
)
def test_2_is_wrong_usage(arguments: tuple[str | Path, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_3_is_unusable_input(tmp_path: Path) -> None:
    done = run("evaluate", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (3, "")
    assert "there is no such bundle" in done.stderr


def test_4_can_not_conclude(tmp_path: Path) -> None:
    here = bundle(tmp_path / "b", tickets_csv=TICKETS)
    done = run("evaluate", here, "-q", "--only", "6.3-a")
    assert done.returncode == 4


def test_70_is_a_bug_of_ours(tmp_path: Path) -> None:
    broken = "import fcim_audit.report as r\nr.Report.__init__ = lambda *a, **k: 1 / 0\n"
    (tmp_path / "sitecustomize.py").write_text(broken)
    done = run("evaluate", SAMPLES / "eldercare", PYTHONPATH=str(tmp_path))
    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr
    assert "bug" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_130_is_interrupted() -> None:
    running = subprocess.Popen(
        [COMMAND, "evaluate", str(SAMPLES / "property"), "--no-cache"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    time.sleep(1.0)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert out == ""


def test_head_alone_is_a_bundle_without_evidence(tmp_path: Path) -> None:
    done = run("evaluate", bundle(tmp_path / "b", HEAD), "-q")
    assert done.returncode == 4
