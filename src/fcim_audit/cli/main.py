"""Knows the language option and the one door through which errors leave."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from types import FrameType

BUG = 70
INTERRUPTED = 130
_LANGUAGES = ("zh", "en")
_SELDOM = 200_000
"""A command lives for seconds: looking for circles of dead objects at Python's pace takes a tenth of them."""


def main() -> None:
    """Run the command line; the exit code is the process's."""
    gc.set_threshold(_SELDOM, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    interrupt = _Interrupt()
    signal.signal(signal.SIGINT, interrupt)
    try:
        arguments = _language_taken(sys.argv[1:])
        sys.exit(_run(arguments, interrupt))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


class _Interrupt:
    """Remembers that the user interrupted: a library under way may turn that into another error."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        raise KeyboardInterrupt


def _run(arguments: list[str], interrupt: _Interrupt) -> int:
    from fcim_audit.errors import AuditError
    from fcim_audit.language import chosen_language

    if arguments == ["--version"]:
        from fcim_audit import __version__

        sys.stdout.write(f"fcim-audit {__version__}\n")
        return 0
    from fcim_audit.cli.app import called

    try:
        return called(arguments)
    except AuditError as error:
        if interrupt.came:
            return INTERRUPTED
        sys.stderr.write(error.said(chosen_language()) + "\n")
        return error.exit_code
    except Exception:  # noqa: BLE001  # the last door: whatever comes here is a bug of ours
        if interrupt.came:
            return INTERRUPTED
        traceback.print_exc()
        sys.stderr.write(
            "fcim-audit: 这是程序缺陷，请附上以上内容报告 / this is a bug, please report the lines above\n"
        )
        return BUG


def _language_taken(arguments: list[str]) -> list[str]:
    """Take `--lang zh` from anywhere on the line; it speaks for the whole run."""
    left: list[str] = []
    waiting = False
    for number, argument in enumerate(arguments):
        if argument == "--" and not waiting:
            return left + arguments[number:]
        if waiting or argument.startswith("--lang="):
            chosen = argument.removeprefix("--lang=")
            if chosen not in _LANGUAGES:
                sys.stderr.write(f"--lang {chosen}: zh | en\n")
                sys.exit(2)
            os.environ["FCIM_LANG"] = chosen
            waiting = False
        elif argument == "--lang":
            waiting = True
        else:
            left.append(argument)
    if waiting:
        sys.stderr.write("--lang: zh | en\n")
        sys.exit(2)
    return left


if __name__ == "__main__":
    main()
