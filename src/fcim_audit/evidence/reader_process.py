"""Knows how to keep the reading child alive, bounded and replaceable; verdicts alone come back."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from typing import IO, NoReturn, TypeVar

from fcim_audit.errors import AuditError
from fcim_audit.evidence.reader_child import Child, start
from fcim_audit.language import Text

SECONDS = "FCIM_READER_SECONDS"
MEMORY = "FCIM_READER_MEMORY"
TRACE = "FCIM_READER_TRACE"
DEFAULT_SECONDS = 600.0
LEAST_SECONDS = 120.0
SECONDS_PER_MEGABYTE = 10.0
"""Of files: dozens of times what reading them takes."""
_LAST_BYTES = 65_536
_WITHOUT_MEMORY = (
    b"memory allocation of", b"MemoryError", b"std::bad_alloc", b"out of memory",
    b"cannot allocate memory", b"can't start new thread",
)  # fmt: skip
_GIVEN_UP = 75
T = TypeVar("T")


class ReaderLost(AuditError):
    """The child died or did not answer in time; its job has no result.

    `reading`: what it was reading. `of_memory`: it died for want of memory, or gave up before that.
    """

    reading: str | None = None
    of_memory: bool = False


def end_process() -> NoReturn:
    """In the child: give up at once, whatever its threads are doing."""
    os._exit(_GIVEN_UP)


def ahead_or_carefully(attempt: Callable[[bool], T]) -> T:
    """Have a job done that may read sheets ahead of their count; without that if memory was wanting.

    What is found does not depend on which of the two it was.
    """
    try:
        return attempt(True)
    except ReaderLost as lost:
        if not lost.of_memory:
            raise
    return attempt(False)


class ReaderProcess:
    """One long-lived child; a new one is started when the last was lost."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._seconds = float(self._environment.get(SECONDS) or 0)
        self._child: Child | None = None
        self._listening: Child | None = None
        self._last_words: IO[bytes] | None = None
        self._verdicts: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.kill()
        self._stop()
        if self._last_words is not None:
            self._last_words.close()

    def start(self) -> None:
        """Start the child ahead of its first job: it gets ready meanwhile, and may be a copy yet."""
        if self._child is None:
            self._start()

    def ask(self, kind: str, job: str, size: int | None = None) -> dict[str, object]:
        """Hand over one job; raises ReaderLost if no verdict comes. `size`: the bytes that are to be read."""
        seconds = self._seconds or seconds_for(size)
        child = self._child or self._start()
        self._listen(child)
        assert child.stdin is not None
        try:
            child.stdin.write(f"{kind} {job}\n")
            child.stdin.flush()
            line = self._verdicts.get(timeout=seconds)
        except queue.Empty:
            self._stop()
            raise ReaderLost(
                Text(
                    f"读取超过 {seconds:g} 秒，已中止（{SECONDS} 可调）",
                    f"reading took more than {seconds:g} s and was stopped ({SECONDS} sets the limit)",
                )
            ) from None
        except (BrokenPipeError, OSError):
            line = ""
        if not line:
            raise self._lost()
        verdict: dict[str, object] = json.loads(line)
        if verdict.get("out_of_memory"):
            self._stop()
            raise _out_of_memory()
        return verdict

    def _start(self) -> Child:
        if self._last_words is not None:
            self._last_words.close()
        self._last_words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        traced = bool(self._environment.get(TRACE))
        self._child = start(self._environment, None if traced else self._last_words)
        return self._child

    def _listen(self, child: Child) -> None:
        """Take its verdicts; by a thread, which begins when none may end the copying of this process."""
        if self._listening is child:
            return
        self._listening = child
        self._verdicts = queue.Queue()
        assert child.stdout is not None
        threading.Thread(target=_pass_on, args=(child.stdout, self._verdicts), daemon=True).start()

    def _lost(self) -> ReaderLost:
        code = self._stop()
        if code == _GIVEN_UP or self._ran_out_of_memory():
            return _out_of_memory()
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

    def _ran_out_of_memory(self) -> bool:
        """Whether the last that a dead child said is what programs say without memory."""
        if self._last_words is None:
            return False
        size = self._last_words.seek(0, os.SEEK_END)
        self._last_words.seek(max(0, size - _LAST_BYTES))
        said = self._last_words.read()
        return any(words in said for words in _WITHOUT_MEMORY)

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


def seconds_for(size: int | None) -> float:
    """How long reading so many bytes may take."""
    if size is None:
        return DEFAULT_SECONDS
    return LEAST_SECONDS + round(SECONDS_PER_MEGABYTE * size / 1_000_000)


def _out_of_memory() -> ReaderLost:
    lost = ReaderLost(
        Text(
            f"读取所需内存超过上限（{MEMORY} 可调；文件损坏时也会如此）",
            f"reading needs more memory than allowed ({MEMORY} sets the limit; "
            f"a damaged file may ask for any amount)",
        )
    )
    lost.of_memory = True
    return lost


def _pass_on(source: IO[str], verdicts: queue.Queue[str]) -> None:
    for line in source:
        verdicts.put(line)
    verdicts.put("")
