"""Runs the installed command, and writes small bundles for it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "evidence_samples"
REAL = ROOT / "tests" / "real"
COMMAND = str(Path(sys.executable).parent / "fcim-audit")

HEAD = """\
bundle: "1"
organisation: {name: 某公司}
period: {start: 2025-01-01, end: 2025-12-31}
as_of: 2026-01-15
"""
TICKETS = """\
工单编号,提交时间,首次响应时间,关闭时间,状态,处理结果
T1,2025-03-01 09:00,2025-03-01 10:00,2025-03-02 09:00,已关闭,已处理
T2,2025-03-02 09:00,2025-03-02 09:30,2025-03-03 09:00,已关闭,已处理
"""
TICKET_ENTRY = """\
evidence:
  - {file: tickets.csv, dataset: feedback_tickets}
"""


def run(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `fcim-audit` and wait for it."""
    if not hasattr(os, "fork") or any(name.startswith("PYTHON") for name in environment):
        return run_afresh(*arguments, cwd=cwd, **environment)
    spoken = [str(argument) for argument in arguments]
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        code = _forking().run(
            {
                "arguments": spoken,
                "environment": {**os.environ, **environment},
                "folder": str(cwd or Path.cwd()),
                "out": out.name,
                "err": err.name,
            }
        )
        said = [Path(file.name).read_text(encoding="utf-8") for file in (out, err)]
    return subprocess.CompletedProcess([COMMAND, *spoken], code, *said)


class _Forking:
    """The process of which each command is forked; it ends with the tests."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forking"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        atexit.register(self._server.kill)

    def run(self, job: dict[str, Any]) -> int:
        """Have one job done; its exit code."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())


@cache
def _forking() -> _Forking:
    return _Forking()


def run_afresh(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `fcim-audit` as a new process, with all that starting Python takes and decides."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def on_terminal(answers: Sequence[str], *arguments: str | Path) -> tuple[int, str]:
    """Run `fcim-audit` on a pseudo-terminal that types these lines; its exit code and what it shows."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    ) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{line}\n" for line in answers).encode())
        shown = b""
        with contextlib.suppress(OSError):
            while chunk := os.read(ours, 4096):
                shown += chunk
        process.wait(60)
    os.close(ours)
    return process.returncode, shown.decode()


def result(*arguments: str | Path) -> dict[str, Any]:
    """The result JSON of `evaluate` with these arguments."""
    done = run("evaluate", *arguments, "--format", "json", "-q")
    assert done.returncode in {0, 1, 4}, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def check_in(document: dict[str, Any], check_id: str) -> dict[str, Any]:
    """One check of a result."""
    (found,) = [c for r in document["requirements"] for c in r["checks"] if c["id"] == check_id]
    return dict(found)


def statuses(document: dict[str, Any]) -> dict[str, str]:
    """Requirement ids by their status, without those that are not verified."""
    return {r["id"]: r["status"] for r in document["requirements"] if r["status"] != "not_verified"}


def bundle(folder: Path, declaration: str = HEAD + TICKET_ENTRY, **files: str | bytes) -> Path:
    """A bundle folder with `bundle.yaml` and files (`tickets_csv` stands for tickets.csv)."""
    folder.mkdir(exist_ok=True)
    (folder / "bundle.yaml").write_text(declaration, encoding="utf-8")
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder
