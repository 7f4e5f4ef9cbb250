"""The command `review`, as it is installed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.cli.command import COMMAND, run
from tests.serve.audits import begun


@contextmanager
def reviewing(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and the address it printed."""
    process = subprocess.Popen(
        [COMMAND, "review", str(folder), "--by", "ZL", "--no-browser", *options],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    try:
        yield process, process.stderr.readline().removeprefix("Review page: ").strip()
    finally:
        process.kill()
        process.communicate()


def test_it_serves_this_machine_only_and_ends_cleanly_when_interrupted(tmp_path: Path) -> None:
    with reviewing(begun(tmp_path / "a")) as (process, address):
        assert urlsplit(address).hostname == "127.0.0.1"
        with urlopen(address) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert told.endswith("Ended; judgements and drafts are kept\n")


def test_a_second_review_of_one_audit_is_refused_and_other_commands_are_not(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    with reviewing(folder):
        second = run("review", folder, "--by", "LM", "--no-browser")
    assert second.returncode == 3
    assert "a review page of this audit is open already" in second.stderr


def test_two_reviews_have_two_tokens(tmp_path: Path) -> None:
    with reviewing(begun(tmp_path / "a")) as (_, one), reviewing(begun(tmp_path / "b")) as (_, two):
        assert urlsplit(one).query != urlsplit(two).query
        assert len(urlsplit(one).query) > 40


def test_an_observer_gets_no_review(tmp_path: Path) -> None:
    done = run("review", begun(tmp_path / "a"), "--by", "GC", "--no-browser")
    assert done.returncode == 2
    assert done.stderr == "--by: GC (observer) does not judge\n"


def test_a_folder_that_is_no_audit_is_named(tmp_path: Path) -> None:
    done = run("review", tmp_path, "--no-browser")
    assert done.returncode == 3
    assert "is no audit folder" in done.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with reviewing(begun(tmp_path / "a")) as (_, address):
        port = str(urlsplit(address).port)
        done = run("review", begun(tmp_path / "b"), "--by", "ZL", "--no-browser", "--port", port)
    assert done.returncode == 2
    assert done.stderr.startswith(f"--port: the port {port} can't be used")


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['uvicorn'] = None; "
        f"sys.argv = ['fcim-audit', 'review', {str(tmp_path)!r}]; "
        "from fcim_audit.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert "pip install 'fcim-audit[serve]'" in done.stderr
