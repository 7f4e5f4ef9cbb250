"""What a small fixed audit looks like in each format that is text, kept byte by byte beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from fcim_audit.language import Lang
from fcim_audit.renderers import html, json, markdown
from tests.renderers.golden.plain import as_json
from tests.renderers.golden.small import small

HERE = Path(__file__).parent
_LOOK = re.compile(rb"(<(style|script)>).*?(</\2>)", re.DOTALL)
"""Style and script of the page: they stand in templates/report, and the page's policy holds their hashes."""


def made() -> Mapping[str, bytes]:
    """Every file as the renderers make it now."""
    files = {"model.json": as_json(small(Lang.ZH))}
    for lang in Lang:
        told = small(lang)
        files[f"audit.{lang}.json"] = json.render(told)
        files[f"audit.{lang}.html"] = _LOOK.sub(rb"\1...\3", html.render(told))
        files[f"audit.{lang}.md"] = markdown.render(told)
    return files
