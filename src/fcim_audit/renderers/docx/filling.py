"""Knows how a Word template is filled: in a sandbox, everything escaped, a missing field an error."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

_ALWAYS = (1980, 1, 1, 0, 0, 0)


def environment() -> SandboxedEnvironment:
    """Where templates run: no way out, nothing undefined, nothing unescaped."""
    return SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)


def filled(template: Path, fields: Mapping[str, object]) -> bytes:
    """The document; the same fields give the same bytes."""
    document = DocxTemplate(template)
    document.render(dict(fields), jinja_env=environment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return without_times(out.getvalue())


def without_times(data: bytes) -> bytes:
    """The same package with fixed member times, so that equal reports are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, _ALWAYS)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(info))
    return out.getvalue()
