"""Whole-process times of the main commands, each as a ratio to an empty Python process of the same run.

usage: python benchmarks/startup.py [--real DATA] [--runs N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, help="folder that holds servicenow/")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    tool = [sys.executable, "-m", "fcim_audit.cli.main"]
    samples = ROOT / "evidence_samples"
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "--version": [*tool, "--version"],
        "evaluate property (warm)": [*tool, "evaluate", str(samples / "property"), "-q"],
        "evaluate property (cold)": [
            *tool,
            "evaluate",
            str(samples / "property"),
            "-q",
            "--no-cache",
        ],
    }
    if options.real is not None:
        bundle = str(ROOT / "tests" / "real" / "servicenow")
        data = ["--evidence", str(options.real / "servicenow"), "-q"]
        commands["evaluate ServiceNow (warm)"] = [*tool, "evaluate", bundle, *data]
        commands["evaluate ServiceNow (cold)"] = [*tool, "evaluate", bundle, *data, "--no-cache"]
    with tempfile.TemporaryDirectory() as cache:
        measured = {
            name: _median(command, options.runs, cache) for name, command in commands.items()
        }
    floor = measured["python -c pass"]
    for name, seconds in measured.items():
        print(f"{name:<30} {seconds:7.3f} s   x{seconds / floor:6.1f}")


def _median(command: list[str], runs: int, cache: str) -> float:
    environment = {**os.environ, "FCIM_CACHE": cache}
    seconds = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=False)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


if __name__ == "__main__":
    main()
