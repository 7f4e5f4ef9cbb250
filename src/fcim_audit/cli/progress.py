"""Knows how long work shows itself on stderr: after a second, one line that moves on a terminal."""

from __future__ import annotations

import sys
import time

PATIENCE = 1.0
EVERY = 10.0


class Progress:
    """Says what is being done once it has taken more than a second; silent when told to be."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._moving = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = 0.0
        self._shown = False

    def __call__(self, text: str) -> None:
        """Something is being worked on."""
        now = time.monotonic()
        if self._quiet or now - self._started < PATIENCE:
            return
        if self._moving:
            sys.stderr.write(f"\r\x1b[K{text}")
            self._shown = True
        elif now - self._last >= EVERY:
            sys.stderr.write(f"{text}\n")
            self._last = now
        sys.stderr.flush()

    def done(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
