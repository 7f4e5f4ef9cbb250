"""Puts the tool's real output into the READMEs, between `<!-- begin: NAME -->` and `<!-- end -->`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = str(Path(sys.executable).parent / "fcim-audit")
_BLOCK = re.compile(r"<!-- begin: (demo) (zh|en) -->\n.*?<!-- end -->", re.DOTALL)
FILES = ("README.md", "README.zh.md")


def main() -> None:
    """Rewrite the READMEs."""
    for name in FILES:
        file = ROOT / name
        file.write_text(rewritten(file.read_text(encoding="utf-8")), encoding="utf-8")


def rewritten(text: str) -> str:
    """The text with every block filled anew."""
    return _BLOCK.sub(lambda found: _filled(found[1], found[2]), text)


def _filled(name: str, lang: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [COMMAND, "--lang", lang, name, "--out", folder],
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    shown = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    return f"<!-- begin: {name} {lang} -->\n```text\n{shown}\n```\n<!-- end -->"


if __name__ == "__main__":
    main()
