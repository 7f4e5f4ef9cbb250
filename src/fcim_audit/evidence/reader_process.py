"""Knows how to keep the reading child alive, bounded and replaceable; verdicts alone come back."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import fcim_audit
from fcim_audit.errors import AuditError
from fcim_audit.language import Text

SECONDS = "FCIM_READER_SECONDS"
MEMORY = "FCIM_READER_MEMORY"
TRACE = "FCIM_READER_TRACE"
DEFAULT_SECONDS = 600.0


class ReaderLost(AuditError):
    """The child died or did not answer in time; its job has no result."""


class ReaderProcess:
    """One long-lived child; a new one is started when the last was lost."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._seconds = float(self._environment.get(SECONDS) or DEFAULT_SECONDS)
        self._child: subprocess.Popen[str] | None = None
        self._verdicts: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.kill()
        self._stop()

    def start(self) -> None:
        """Start the child ahead of its first job, so that it gets ready meanwhile."""
        if self._child is None:
            self._start()

    def ask(self, kind: str, job: str) -> dict[str, object]:
        """Hand over one job; raises ReaderLost if no verdict comes."""
        child = self._child or self._start()
        assert child.stdin is not None
        try:
            child.stdin.write(f"{kind} {job}\n")
            child.stdin.flush()
            line = self._verdicts.get(timeout=self._seconds)
        except queue.Empty:
            self._stop()
            raise ReaderLost(
                Text(
                    f"读取超过 {self._seconds:g} 秒，已中止",
                    f"reading took more than {self._seconds:g} s and was stopped",
                )
            ) from None
        except (BrokenPipeError, OSError):
            line = ""
        if not line:
            raise self._lost()
        verdict: dict[str, object] = json.loads(line)
        if verdict.get("out_of_memory"):
            self._stop()
            raise ReaderLost(
                Text(
                    f"读取所需内存超过上限（{MEMORY} 可调）",
                    f"reading needs more memory than allowed ({MEMORY} sets the limit)",
                )
            )
        return verdict

    def _start(self) -> subprocess.Popen[str]:
        environment = self._environment | {
            "PYTHONPATH": str(Path(fcim_audit.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
        }
        traced = bool(self._environment.get(TRACE))
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "fcim_audit.evidence.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if traced else subprocess.DEVNULL,
            encoding="utf-8",
            env=environment,
        )
        self._verdicts = queue.Queue()
        assert self._child.stdout is not None
        threading.Thread(
            target=_pass_on, args=(self._child.stdout, self._verdicts), daemon=True
        ).start()
        return self._child

    def _lost(self) -> ReaderLost:
        code = self._stop()
        if code is not None and code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
            how_zh, how_en = f"信号 {name}", f"signal {name}"
        else:
            how_zh, how_en = f"退出码 {code}", f"exit code {code}"
        return ReaderLost(
            Text(
                f"读取进程意外终止（{how_zh}），文件可能损坏或过大",
                f"the reading process ended unexpectedly ({how_en}); "
                f"the file may be damaged or too large",
            )
        )

    def _stop(self) -> int | None:
        child, self._child = self._child, None
        if child is None:
            return None
        if child.stdin is not None:
            with contextlib.suppress(OSError):
                child.stdin.close()
        try:
            return child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()


def _pass_on(source: IO[str], verdicts: queue.Queue[str]) -> None:
    for line in source:
        verdicts.put(line)
    verdicts.put("")
