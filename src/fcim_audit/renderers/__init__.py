"""Knows the list of output formats: one module each, a report in, bytes out."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fcim_audit.report import Report

RENDERERS = {
    "text": "fcim_audit.renderers.text",
    "json": "fcim_audit.renderers.json",
    "html": "fcim_audit.renderers.html",
    "docx": "fcim_audit.renderers.docx",
    "xlsx": "fcim_audit.renderers.xlsx",
    "md": "fcim_audit.renderers.markdown",
    "csv": "fcim_audit.renderers.csv",
}
"""Every format by the name that `--format` takes, and the module that renders it."""

BINARY = frozenset({"docx", "xlsx"})
"""Formats that make no sense on a terminal."""


def renderer(name: str) -> Callable[[Report], bytes]:
    """The `render` function of a format; its libraries are imported only now."""
    render: Callable[[Report], bytes] = import_module(RENDERERS[name]).render
    return render
