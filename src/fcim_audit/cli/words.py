"""Knows the language of this run of the command, and how a message reaches stderr."""

from __future__ import annotations

import sys

from fcim_audit.language import Lang, Text, chosen_language


def language() -> Lang:
    """The language that messages and help are written in."""
    return chosen_language()


def said(zh: str, en: str) -> str:
    """A line of help or a message in the language of this run."""
    return Text(zh, en).said(language())


def message(text: str) -> None:
    """One message on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
