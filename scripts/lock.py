"""Pins every dependency with its hashes into requirements/, naming no registry."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
HEAD = "# Every dependency with its hashes. Made by `make lock`; not edited by hand.\n"
QUIET = [
    "--generate-hashes", "--no-strip-extras", "--allow-unsafe", "--no-emit-index-url",
    "--no-emit-trusted-host", "--no-emit-find-links", "--no-header", "--no-annotate",
    "--resolver=backtracking", "--quiet",
]  # fmt: skip


def main() -> None:
    """Write requirements/dev.txt and requirements/spark.txt."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools>=7.5"], check=True)
        extra = Path(folder) / "build.in"
        extra.write_text("setuptools\nwheel\n")
        _compile(python, "dev.txt", ["--extra", "dev", "pyproject.toml", str(extra)])
        _compile(python, "spark.txt", [str(_spark(Path(folder)))])


def _spark(folder: Path) -> Path:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (wanted,) = re.findall(r'^spark = \["(.+)"\]$', project, re.MULTILINE)
    source = folder / "spark.in"
    source.write_text(f"{wanted}\n")
    return source


def _compile(python: str, name: str, sources: list[str]) -> None:
    target = FOLDER / name
    command = [python, "-m", "piptools", "compile", *QUIET, "--output-file", str(target), *sources]
    subprocess.run(command, cwd=ROOT, check=True)
    text = target.read_text(encoding="utf-8")
    if re.search(r"https?://|file://|index-url|find-links", text):
        sys.exit(f"{target}: names a registry")
    target.write_text(HEAD + text, encoding="utf-8")


if __name__ == "__main__":
    main()
