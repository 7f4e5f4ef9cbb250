"""`trace`: from a figure of a result back to cells, and whether they still say so."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import HEAD, bundle, run

TICKETS = """\
工单编号,提交时间,首次响应时间,关闭时间,状态,处理结果,客户名称
T1,2025-03-01 09:00,2025-03-01 10:00,2025-03-02 09:00,已关闭,已处理,张三
T2,2025年3月2日 09:00,2025-03-02 13:30,2025-03-03 09:00,已关闭,已处理,李四
"""
ENTRY = "evidence:\n  - {file: '*.csv', dataset: feedback_tickets}\n"
CHECK = "6.3-d.response"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The result JSON of the bundle, as text."""
    folder = bundle(tmp_path_factory.mktemp("made") / "b", HEAD + ENTRY, tickets_csv=TICKETS)
    return run("evaluate", folder, "--only", "6.3", "--format", "json", "-q").stdout


def traced(
    folder: Path, result: str, *arguments: str, tickets: str = TICKETS, lang: str = "en"
) -> subprocess.CompletedProcess[str]:
    """`trace` on a result file beside the bundle `b` that holds these tickets."""
    (folder / "r.json").write_text(result, encoding="utf-8")
    bundle(folder / "b", HEAD + ENTRY, tickets_csv=tickets)
    return run("--lang", lang, "trace", "r.json", *arguments, cwd=folder)


def test_a_figure_is_told_with_counts_sources_cells_and_sql(tmp_path: Path, made: str) -> None:
    done = traced(tmp_path, made, CHECK)
    assert done.returncode == 0
    assert "6.3-d.response  fail  1/2 = 50 % (≥ 100 %)" in done.stdout
    assert "feedback_tickets  tickets.csv lines 1–3  2 rows, 0 left out" in done.stdout
    assert "first_response_at = 首次响应时间" in done.stdout
    assert "    · tickets.csv:3  T2\n" in done.stdout
    assert "      提交时间 = 2025年3月2日 09:00\n" in done.stdout
    assert "FROM feedback_tickets" in done.stdout


def test_chinese_is_spoken(tmp_path: Path, made: str) -> None:
    done = traced(tmp_path, made, CHECK, lang="zh")
    assert "6.3-d.response  不通过  1/2 = 50 %" in done.stdout
    assert "例外 1 处" in done.stdout


def test_a_requirement_is_told_with_all_its_checks(tmp_path: Path, made: str) -> None:
    told = traced(tmp_path, made, "6.3-d").stdout
    assert [line.split()[0] for line in told.splitlines() if line.startswith("6.3-d.")] == [
        "6.3-d.response", "6.3-d.order",
    ]  # fmt: skip


def test_evidence_that_still_says_so_is_0(tmp_path: Path, made: str) -> None:
    done = traced(tmp_path, made, CHECK, "--evidence", "b")
    assert done.returncode == 0
    assert "The evidence still says so (files by sha256: 1, cells: 3)\n" in done.stdout


def test_evidence_that_changed_is_1_and_says_where(tmp_path: Path, made: str) -> None:
    changed = TICKETS.replace("2025-03-02 13:30", "2025-03-02 09:30")
    done = traced(tmp_path, made, CHECK, "--evidence", "b", tickets=changed)
    assert done.returncode == 1
    assert "× tickets.csv: sha256 is " in done.stdout
    assert (
        "× tickets.csv:3 首次响应时间: '2025-03-02 09:30' now, '2025-03-02 13:30' then\n"
        in done.stdout
    )


def test_a_row_that_is_gone_is_said(tmp_path: Path, made: str) -> None:
    done = traced(
        tmp_path, made, CHECK, "--evidence", "b", tickets="".join(TICKETS.splitlines(True)[:2])
    )
    assert done.returncode == 1
    assert "× tickets.csv: 1 rows now, 2 then\n" in done.stdout
    assert "× tickets.csv:3 提交时间: there is no such cell any more\n" in done.stdout


def test_a_result_that_was_altered_differs_from_its_evidence(tmp_path: Path, made: str) -> None:
    altered = made.replace('"text": "2025-03-02 13:30"', '"text": "2025-03-02 10:30"')
    assert altered != made
    done = traced(tmp_path, altered, CHECK, "--evidence", "b")
    assert done.returncode == 1
    assert "'2025-03-02 13:30' now, '2025-03-02 10:30' then" in done.stdout
    assert "sha256 is" not in done.stdout


def test_a_file_that_is_gone_differs(tmp_path: Path, made: str) -> None:
    bundle(tmp_path / "b", other_csv=TICKETS.replace("T", "U"))
    altered = made.replace('"tickets.csv"', '"gone.csv"')
    done = traced(tmp_path, altered, CHECK, "--evidence", "b")
    assert done.returncode == 1
    assert "× gone.csv: is no longer in the bundle\n" in done.stdout


def test_a_result_cannot_ask_for_a_name(tmp_path: Path, made: str) -> None:
    asked = made.replace('"heading": "提交时间"', '"heading": "客户名称"')
    done = traced(tmp_path, asked, CHECK, "--evidence", "b")
    assert done.returncode == 1
    assert "李四" not in done.stdout + done.stderr


def test_exceptions_beyond_those_asked_for_are_counted(tmp_path: Path, made: str) -> None:
    done = traced(tmp_path, made, CHECK, "--places", "0")
    assert "    and 1 more; --places all lists them\n" in done.stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("6.3", "did you mean 6.3-a", id="a-clause"),
        pytest.param("nothing", "name a check or a requirement", id="nothing-like-it"),
    ],
)
def test_an_unknown_id_is_2(tmp_path: Path, made: str, name: str, hint: str) -> None:
    done = traced(tmp_path, made, name)
    assert done.returncode == 2
    assert hint in done.stderr


def _without_sources(made: str) -> str:
    document = json.loads(made)
    for requirement in document["requirements"]:
        for check in requirement["checks"]:
            check.pop("sources")
    return json.dumps(document)


def test_a_result_of_an_older_version_is_told_but_not_compared(tmp_path: Path, made: str) -> None:
    old = _without_sources(made)
    assert traced(tmp_path, old, CHECK).returncode == 0
    done = traced(tmp_path, old, CHECK, "--evidence", "b")
    assert (done.returncode, "an older version wrote it" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("not json", "is not a result JSON", id="no-json"),
        pytest.param("[" * 100_000, "is not a result JSON", id="deep"),
        pytest.param(
            '{"schema": "fcim-audit/result/9"}', "is fcim-audit/result/9, not", id="newer"
        ),
        pytest.param(
            '{"schema": "fcim-audit/result/1", "as_of": "x"}',
            "checklist: Field required",
            id="partial",
        ),
    ],
)
def test_what_is_no_result_is_3_with_one_message(tmp_path: Path, text: str, said: str) -> None:
    done = traced(tmp_path, text, CHECK)
    assert (done.returncode, done.stdout) == (3, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_result_or_bundle_is_3(tmp_path: Path, made: str) -> None:
    (tmp_path / "r.json").write_text(made, encoding="utf-8")
    assert run("trace", "none.json", CHECK, cwd=tmp_path).returncode == 3
    assert run("trace", "r.json", CHECK, "--evidence", "none", cwd=tmp_path).returncode == 3


def test_help_shows_examples_and_exit_codes() -> None:
    told = run("--lang", "en", "trace", "--help").stdout
    assert "Examples: fcim-audit trace result.json 6.3-d" in told
