"""How the reading child starts: as a copy of a process with one thread, else anew."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its threads")

BEGIN = """
import os, subprocess, sys, tempfile, threading, time
from fcim_audit.evidence.duplicates import DuplicatesJob
from fcim_audit.evidence.reader_child import Copy, may_copy, start
JOB = "duplicates " + DuplicatesJob(comparisons=()).model_dump_json() + "\\n"
def asked(child, job=JOB):
    child.stdin.write(job)
    child.stdin.flush()
    return child.stdout.readline()
"""


def said(script: str) -> str:
    """What a process of its own prints: this one has threads."""
    run = subprocess.run(
        [sys.executable, "-c", BEGIN + script], capture_output=True, encoding="utf-8", check=True
    )
    return run.stdout


def test_a_process_with_one_thread_is_copied_and_the_copy_ends_with_its_jobs() -> None:
    script = """
child = start(os.environ, None)
print(type(child) is Copy, asked(child), asked(child))
child.stdin.close()
print(child.wait(5), child.wait())
"""
    assert said(script).split() == ["True", '{"done":', "true}", '{"done":', "true}", "0", "0"]


def test_a_process_with_two_threads_starts_a_new_one() -> None:
    script = """
threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
child = start(os.environ, None)
print(may_copy(), type(child) is Copy, asked(child))
"""
    assert said(script).split() == ["False", "False", '{"done":', "true}"]


def test_a_copy_keeps_no_file_of_the_process_open() -> None:
    script = """
kept = open(sys.executable, "rb")
first, child = start(os.environ, None), start(os.environ, None)
asked(child)
files = f"/proc/{child.pid}/fd"
links = {os.readlink(os.path.join(files, name)) for name in os.listdir(files)}
print(os.path.realpath(sys.executable) in links, sum(link.startswith("pipe:") for link in links))
print(len(links - {os.readlink("/proc/self/fd/2")}))
"""
    assert said(script).split() == ["False", "3", "2"]


def test_a_copy_has_the_environment_that_it_is_given() -> None:
    script = """
child = start({"FCIM_READER_MEMORY": str(2**33)}, None)
asked(child)
print(open(f"/proc/{child.pid}/limits").read())
"""
    limits = [line for line in said(script).splitlines() if line.startswith("Max address space")]
    assert [line.split()[3] for line in limits] == [str(2**33)]


def test_what_a_copy_says_as_it_dies_is_kept_and_nothing_of_the_process_is_said_twice() -> None:
    script = """
sys.stdout.write("once ")
words = tempfile.TemporaryFile()
child = start(os.environ, words)
print(repr(asked(child, "unit {}\\n")), child.wait(5))
words.seek(0)
print("ValidationError" in words.read().decode())
"""
    assert said(script).split() == ["once", "''", "1", "True"]


def test_a_copy_that_does_not_end_is_told_and_can_be_killed() -> None:
    script = """
child = start(os.environ, None)
try:
    child.wait(0.05)
except subprocess.TimeoutExpired:
    print("waits")
child.kill()
print(child.wait(5))
child.kill()
"""
    assert said(script).split() == ["waits", "-9"]
