"""Knows how the reading child is started: as a copy of this process where that is safe, else anew."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO

import fcim_audit

WORKER = "fcim_audit.evidence.worker"
_THREADS = Path("/proc/self/task")
_OPEN_FILES = Path("/proc/self/fd")
_LOOK_SECONDS = 0.005


def may_copy() -> bool:
    """Whether this process has one thread alone: only then its copy is sound. Linux tells."""
    try:
        return len(os.listdir(_THREADS)) == 1  # noqa: PTH208 - names are enough
    except OSError:
        return False


def start(environment: Mapping[str, str], last_words: IO[bytes] | None) -> Child:
    """A child that waits for jobs; what it says as it dies goes to `last_words`, else to stderr."""
    if may_copy():
        return Copy(environment, last_words)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=last_words,
        encoding="utf-8",
        env={
            **environment,
            "PYTHONPATH": str(Path(fcim_audit.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
        },
    )


class Copy:
    """A copy of this process that serves jobs: what took the other half a second to import is there.

    It keeps its three streams alone of the files that are open here.
    """

    def __init__(self, environment: Mapping[str, str], last_words: IO[bytes] | None) -> None:
        import_module(WORKER)
        jobs, asking = os.pipe()
        answers, verdicts = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            said = sys.stderr.fileno() if last_words is None else last_words.fileno()
            _become((jobs, verdicts, said), environment)
        os.close(jobs)
        os.close(verdicts)
        self.stdin: IO[str] | None = os.fdopen(asking, "w", encoding="utf-8")
        self.stdout: IO[str] | None = os.fdopen(answers, encoding="utf-8")
        self._code: int | None = None

    def kill(self) -> None:
        """End it; nothing happens if it has ended."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, below 0 for a signal; raises subprocess.TimeoutExpired."""
        end = None if timeout is None else time.monotonic() + timeout
        while self._code is None:
            ended, status = os.waitpid(self.pid, 0 if end is None else os.WNOHANG)
            if ended:
                self._code = os.waitstatus_to_exitcode(status)
            elif end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(WORKER, timeout or 0)
            else:
                time.sleep(_LOOK_SECONDS)
        return self._code


Child = subprocess.Popen[str] | Copy


def _become(streams: tuple[int, int, int], environment: Mapping[str, str]) -> None:
    """In the copy: serve jobs by these streams, and end without what this process does at its end."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for name in os.listdir(_OPEN_FILES):  # noqa: PTH208 - names are enough
            if int(name) >= len(streams):
                with contextlib.suppress(OSError):
                    os.close(int(name))
        sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace")
        os.environ.clear()
        os.environ.update(environment)
        import_module(WORKER).main()
        code = 0
    except BaseException:  # noqa: BLE001  # nothing may return to what the process was before
        traceback.print_exc()
    finally:
        os._exit(code)
