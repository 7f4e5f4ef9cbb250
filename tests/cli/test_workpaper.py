"""The work-paper as an auditor meets it: exported, filled in, shown, agreed to, imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from fcim_audit.auditfile.folder import changing, open_audit
from tests.auditfile.paper_audits import begun
from tests.auditfile.papers import Paper, bench, exported
from tests.cli.command import COMMAND, run


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    """An audit in which nothing is judged, with its work-paper for 6.3 beside it."""
    on = bench(begun(tmp_path / "A"))
    ids = [id_ for id_ in on.checklist.requirements if id_.startswith("6.3-")]
    (tmp_path / "p.xlsx").write_bytes(exported(on, *ids))
    return tmp_path / "A"


def test_an_export_can_be_confined_to_clauses(audit: Path) -> None:
    out = audit.parent / "x.xlsx"
    done = run("workpaper", "export", "-C", audit, "-o", out, "--only", "6.3")
    assert (done.returncode, done.stderr) == (0, f"{out}: 8 requirements\n")
    assert out.read_bytes() == (audit.parent / "p.xlsx").read_bytes()


def fill(audit: Path, *rows: tuple[str, Mapping[str, object]]) -> Path:
    """Fill in rows of the work-paper beside an audit."""
    file = audit.parent / "p.xlsx"
    paper = Paper(file.read_bytes())
    for key, cells in rows:
        paper.put(key, **cells)
    file.write_bytes(paper.saved())
    return file


def judgements(audit: Path) -> dict[str, str]:
    """What the audit holds: requirement and status."""
    return {k: e.status.value for k, e in open_audit(audit).judgements.requirements.items()}


GOOD = ("6.3-d", {"status": "未核实", "note": "还要看工单"})
BAD = ("6.3-a", {"status": "不合格"})


def test_an_import_shows_every_change_and_writes_with_yes(audit: Path) -> None:
    done = run("workpaper", "import", fill(audit, GOOD), "-C", audit, "--by", "ZM", "--yes")
    assert (done.returncode, done.stderr) == (0, "1 row written\n")
    shown = done.stdout.splitlines()
    assert shown[:4] == [
        "6.3-d  (ZM)", "  Status: — -> 未核实", "  Note: — -> 还要看工单", "  Auditor: — -> ZM 张敏",
    ]  # fmt: skip
    assert judgements(audit) == {"6.3-d": "not_verified"}


def test_without_a_terminal_nothing_is_written_unless_agreed_to(audit: Path) -> None:
    done = run("workpaper", "import", fill(audit, GOOD), "-C", audit, "--by", "ZM")
    assert done.returncode == 2
    assert "Status: — -> 未核实" in done.stdout
    assert "nothing was written; agree with --yes" in done.stderr
    assert judgements(audit) == {}


def test_a_dry_run_shows_and_writes_nothing(audit: Path) -> None:
    done = run(
        "workpaper", "import", fill(audit, GOOD), "-C", audit, "--by", "ZM", "--dry-run", "--yes"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Status: — -> 未核实" in done.stdout
    assert judgements(audit) == {}


def test_one_bad_cell_keeps_everything_out(audit: Path) -> None:
    done = run("workpaper", "import", fill(audit, GOOD, BAD), "-C", audit, "--by", "ZM", "--yes")
    assert done.returncode == 3
    assert "工作底稿!N2: '不合格' is not known here" in done.stderr
    assert "1 problem, nothing was written" in done.stderr
    assert judgements(audit) == {}


def test_a_partial_import_says_what_it_left(audit: Path) -> None:
    file = fill(audit, GOOD, BAD)
    done = run("workpaper", "import", file, "-C", audit, "--by", "ZM", "--yes", "--partial")
    assert done.returncode == 0
    assert "工作底稿!N2: '不合格' is not known here" in done.stderr
    assert "were left aside" in done.stderr
    assert judgements(audit) == {"6.3-d": "not_verified"}


@pytest.mark.parametrize(
    ("answer", "code", "held"),
    [("y", 0, {"6.3-d": "not_verified"}), ("", 2, {}), ("n", 2, {})],
    ids=["agreed", "only return", "refused"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_on_a_terminal_it_asks_first(
    audit: Path, answer: str, code: int, held: dict[str, str]
) -> None:
    import pty

    file = fill(audit, GOOD)
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    child = subprocess.Popen(
        [COMMAND, "workpaper", "import", file, "-C", audit, "--by", "ZM"],
        stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs,
    )  # fmt: skip
    assert child.wait(timeout=120) == code
    assert "Write this 1 row? [y/N]" in os.read(ours, 10_000).decode()
    assert judgements(audit) == held
    os.close(ours)
    os.close(theirs)


def test_json_tells_changes_refusals_and_whether_it_was_written(audit: Path) -> None:
    file = fill(audit, GOOD, BAD)
    told = run("workpaper", "import", file, "-C", audit, "--by", "ZM", "--format", "json")
    document = json.loads(told.stdout)
    assert told.returncode == 3
    assert (document["schema"], document["applied"]) == ("fcim-audit/workpaper-import/1", False)
    assert document["changes"][0] == {
        "requirement": "6.3-d", "field": "status", "old": "", "new": "未核实", "by": "ZM", "cell": "工作底稿!N5",
    }  # fmt: skip
    assert [refusal["where"] for refusal in document["refusals"]] == ["工作底稿!N2"]
    done = run(
        "workpaper",
        "import",
        file,
        "-C",
        audit,
        "--by",
        "ZM",
        "--format",
        "json",
        "--partial",
        "-y",
    )
    assert json.loads(done.stdout)["applied"] is True


def test_importing_twice_changes_nothing_the_second_time(audit: Path) -> None:
    file = fill(
        audit, ("6.3-d", {"status": "Conform", "evidence": "interview: 主管", "auditor": "ZM"})
    )
    first = run("workpaper", "import", file, "-C", audit, "--by", "LW", "--yes")
    entries = len(open_audit(audit).journal.entries)
    second = run("workpaper", "import", file, "-C", audit, "--by", "LW", "--yes")
    assert (first.returncode, second.returncode, second.stdout) == (0, 0, "nothing changed\n")
    assert len(open_audit(audit).journal.entries) == entries == 2


def test_the_journal_names_the_paper_and_why_a_judgement_was_taken_back(audit: Path) -> None:
    run("workpaper", "import", fill(audit, GOOD), "-C", audit, "--by", "ZM", "--yes")
    run("workpaper", "export", "-C", audit, "-o", audit.parent / "p.xlsx", "--force")
    file = fill(audit, ("6.3-d", {"status": None, "reason": "看错了"}))
    done = run("workpaper", "import", file, "-C", audit, "--by", "LW", "--yes")
    assert "6.3-d  (LW)  judgement taken back" in done.stdout
    assert judgements(audit) == {}
    last = open_audit(audit).journal.entries[-1]
    assert (last.by, last.action, last.note) == ("LW", "workpaper", "p.xlsx\n6.3-d 撤回: 看错了")


def test_an_export_never_replaces_a_paper_unless_told(audit: Path) -> None:
    out = audit.parent / "p.xlsx"
    before = out.read_bytes()
    done = run("workpaper", "export", "-C", audit, "-o", out)
    assert done.returncode == 2
    assert "may be filled in" in done.stderr
    assert out.read_bytes() == before
    assert run("workpaper", "export", "-C", audit, "-o", out, "--force").returncode == 0
    assert out.read_bytes() != before


def test_a_member_gets_their_own_clauses(audit: Path) -> None:
    out = audit.parent / "zm.xlsx"
    done = run("workpaper", "export", "-C", audit, "-o", out, "--for", "ZM")
    assert done.returncode == 0
    keys = [
        row[0]
        for row in openpyxl.load_workbook(out)["工作底稿"].iter_rows(min_row=2, values_only=True)
    ]
    assert {str(key).split(".")[0] for key in keys} == {"7", "8"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--for", "XX"], 2, "nobody in the team is XX"),
        (["--for", "OB"], 2, "no clause here is given to OB"),
        (["--only", "99"], 2, "no requirement matches 99"),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(
    audit: Path, arguments: list[str], code: int, says: str
) -> None:
    done = run("workpaper", "export", "-C", audit, "-o", audit.parent / "x.xlsx", *arguments)
    assert (done.returncode, says in done.stderr) == (code, True)
    assert not (audit.parent / "x.xlsx").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("no.xlsx", None, "there is no such file"),
        ("p.csv", b"a,b", "is no .xlsx file"),
        ("empty.xlsx", b"", "is no sound .xlsx workbook"),
        ("text.xlsx", b"not a zip", "is no sound .xlsx workbook"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_without_a_traceback(
    audit: Path, name: str, content: bytes | None, says: str
) -> None:
    file = audit.parent / name
    if content is not None:
        file.write_bytes(content)
    done = run("workpaper", "import", file, "-C", audit, "--by", "LW", "--yes")
    assert (done.returncode, done.stdout) == (3, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workbook_cut_short_is_refused(audit: Path) -> None:
    file = audit.parent / "p.xlsx"
    file.write_bytes(file.read_bytes()[:5000])
    done = run("workpaper", "import", file, "-C", audit, "--by", "LW", "--yes")
    assert (done.returncode, "is no sound .xlsx workbook" in done.stderr) == (3, True)


def test_another_process_that_holds_the_audit_is_named(audit: Path) -> None:
    file = fill(audit, GOOD)
    with changing(audit):
        done = run("workpaper", "import", file, "-C", audit, "--by", "ZM", "--yes")
    assert (done.returncode, "is changing this audit" in done.stderr) == (3, True)
    assert judgements(audit) == {}


def test_messages_come_in_chinese_too(audit: Path) -> None:
    file = fill(audit, GOOD, BAD)
    done = run("--lang", "zh", "workpaper", "import", file, "-C", audit, "--by", "ZM", "--yes")
    assert "  判断: — -> 未核实" in done.stdout
    assert "工作底稿!N2: 不认识“不合格”" in done.stderr
    assert "1 处问题，什么都没写入" in done.stderr
