"""Knows what a user keeps apart from the evidence and gives for one run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the user keeps apart from the evidence: passwords of files, the key of pseudonyms (hex)."""

    passwords: tuple[str, ...] = ()
    key: str | None = None
