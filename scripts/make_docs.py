"""Puts the tool's real output into the docs, between `<!-- begin: NAME -->` and `<!-- end -->`.

`demo zh|en`: what the demo says, long parts cut and marked. `walk N`: commands after `$ `, run one after
the other in one folder over the whole page, at most N lines of each answer shown.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = str(Path(sys.executable).parent / "fcim-audit")
FILES = ("README.md", "README.zh.md", "docs/audits.md")
LONG, KEPT = 14, 4
"""A part of the demo's answer with more lines than LONG is cut to its first KEPT."""
_BLOCK = re.compile(r"<!-- begin: demo (zh|en) -->\n.*?<!-- end -->", re.DOTALL)
_WALK = re.compile(r"<!-- begin: walk (\d+) -->\n```console\n(.*?)```\n<!-- end -->", re.DOTALL)
_CUT = {"en": "[… {n} lines cut …]", "zh": "［……此处略去 {n} 行……］"}


def main() -> None:
    """Rewrite the pages."""
    for name in FILES:
        file = ROOT / name
        file.write_text(rewritten(file.read_text(encoding="utf-8")), encoding="utf-8")


def rewritten(text: str) -> str:
    """The text with every block filled anew."""
    text = _BLOCK.sub(lambda found: _demo(found[1]), text)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "evidence_samples", Path(folder) / "evidence_samples")
        return _WALK.sub(lambda found: _walked(found, Path(folder)), text)


def _demo(lang: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [COMMAND, "--lang", lang, "demo", "--out", folder],
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    parts = re.split(r"\n\s*\n", done.stdout.strip())
    shown = "\n\n".join("\n".join(_first(part.splitlines(), LONG, KEPT, lang)) for part in parts)
    return f"<!-- begin: demo {lang} -->\n```text\n{shown}\n```\n<!-- end -->"


def _walked(found: re.Match[str], folder: Path) -> str:
    """A block with the answers that its commands give now."""
    most = int(found[1])
    commands = re.findall(r"^\$ ((?:.*\\\n)*.*)\n", found[2], re.MULTILINE)
    shown = "\n\n".join("\n".join(_answer(command, most, folder)) for command in commands)
    return f"<!-- begin: walk {most} -->\n```console\n{shown}\n```\n<!-- end -->"


def _answer(command: str, most: int, folder: Path) -> list[str]:
    path = os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "FCIM_LANG": "en", "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    code = [f"[exit code {done.returncode}]"] if done.returncode else []
    return [f"$ {command}", *_first(done.stdout.splitlines(), most, most, "en"), *code]


def _first(lines: list[str], long: int, kept: int, lang: str) -> list[str]:
    """The lines, or the first of them and how many were cut."""
    tidy = [line.rstrip() for line in lines]
    if len(tidy) <= long:
        return tidy
    return [*tidy[:kept], _CUT[lang].format(n=len(tidy) - kept)]


if __name__ == "__main__":
    main()
