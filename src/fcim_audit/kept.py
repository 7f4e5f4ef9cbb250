"""Knows how results that follow from their inputs alone are kept between runs.

What is kept is named by a digest of everything it follows from, this program's own files included;
a cache that can't be read or written is no error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fcim_audit

_MODULES = ("", "checks", "expression", "engines", "checklist")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of kept results, of which only the newest stay."""

    folder: Path
    most: int = 20

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None if there is nothing."""
        try:
            return (self.folder / key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Put it there as a whole and forget the oldest."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(name).replace(self.folder / key)
            kept = sorted(self.folder.iterdir(), key=lambda file: file.stat().st_mtime)
            for old in kept[: -self.most]:
                old.unlink()


def key_of(*said: str) -> str:
    """The name of what follows from these and from this program's compiling modules."""
    whole = hashlib.sha256()
    for part in (*said, _own_digest()):
        whole.update(hashlib.sha256(part.encode()).digest())
    return whole.hexdigest()


@cache
def _own_digest() -> str:
    root = Path(fcim_audit.__file__).parent
    files = sorted(file for name in _MODULES for file in (root / name).glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
