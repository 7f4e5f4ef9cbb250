"""Runs the command many times from one process that has already imported what it stands on.

    python -m tests.cli.forking

One job a line comes in: arguments, environment, folder, files for output and errors; the exit code goes
out. Each job is a process of its own, forked from here before any module that speaks a language is
imported, and ends as the interpreter ends; it lacks nothing but the second that imports take. What
depends on the start of Python itself (its hash seed, its encoding) needs a process that is really new.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

NEUTRAL = (
    "docx", "docxtpl", "duckdb", "jinja2", "openpyxl", "pydantic", "python_calamine", "rich.console",
    "ruamel.yaml", "sqlglot", "typer", "xlsxwriter", "yaml", "fcim_audit.cases", "fcim_audit.evaluate",
    "fcim_audit.evidence.ingest", "fcim_audit.judge", "fcim_audit.report", "fcim_audit.result_file",
)  # fmt: skip


def main() -> None:
    """Serve jobs until standard input closes."""
    for name in NEUTRAL:
        __import__(name)
    while line := sys.stdin.buffer.readline():
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            become(job)
            return
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


def become(job: dict[str, Any]) -> None:
    """Be the command: its streams, its environment, its folder, its arguments."""
    for number, name in ((0, os.devnull), (1, job["out"]), (2, job["err"])):
        opened = os.open(name, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.argv = ["fcim-audit", *job["arguments"]]
    from fcim_audit.cli.main import main as command

    command()


if __name__ == "__main__":
    main()
