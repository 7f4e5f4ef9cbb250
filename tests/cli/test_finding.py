"""Findings on the command line: from judgements to closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fcim_audit.auditfile.folder import open_audit
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.finding_audits import (
    begun,
    evaluated,
    failed,
    finding,
    found,
    judged,
    judgement,
)
from tests.cli.command import run

ROTA = "name,day\nx,1\n"


def audit(folder: Path, **changes: object) -> Path:
    """An audit with one failed requirement and two of one cause."""
    begun(folder, **changes)
    (folder / "evidence" / "rota.csv").write_text(ROTA, encoding="utf-8")
    evaluated(folder, failed("6.3-d", 12, 90, 17, 19))
    judged(folder, {"6.3-d": judgement(), "7.2": judgement(), "10.1": judgement()})
    return folder


def finds(folder: Path, *arguments: str, by: str = "L") -> str:
    """The output of a command that has to succeed."""
    done = run("finding", *arguments, "-C", folder, FCIM_AUDITOR=by)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(folder: Path, *arguments: str, by: str = "L") -> tuple[int, str]:
    done = run("finding", *arguments, "-C", folder, FCIM_AUDITOR=by)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def listed(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    document = json.loads(finds(folder, "list", "--format", "json", *arguments))
    assert document["schema"] == "fcim-audit/findings/1"
    return list(document["findings"])


def actions(folder: Path) -> list[tuple[str, str]]:
    return [(e.action, e.by) for e in open_audit(folder).journal.entries if "finding" in e.action]


def test_a_finding_lives_from_its_draft_to_its_end(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    assert "12 of 90" not in finds(folder, "draft", "--only", "6.3", by="A")
    assert refused(folder, "move", "NC01", "reviewed")[0] == 3
    finds(folder, "update", "NC01", "--site", "S1", "--process", "service", by="A")
    assert "1 checked, 0 to mend" in finds(folder, "lint")
    finds(folder, "move", "NC01", "reviewed")
    finds(folder, "move", "NC01", "issued")
    finds(
        folder, "move", "NC01", "disputed",
        "--acknowledged-by", "quality manager", "--dissent", "we count from the reply",
    )  # fmt: skip
    finds(folder, "move", "NC01", "acknowledged", "--note", "the procedure counts from receipt")
    finds(
        folder, "move", "NC01", "response_received", "--correction", "answered", "--cause",
        "no deputy", "--extent", "both sites", "--action", "name a deputy", "--owner",
        "service manager", "--due", "2026-12-31",
    )  # fmt: skip
    finds(folder, "move", "NC01", "plan_accepted")
    finds(
        folder, "move", "NC01", "evidence_submitted", "--evidence", "rota.csv#2",
        "--effectiveness", "none late since",
    )  # fmt: skip
    verify = ["move", "NC01", "verified", "--verification", "document", "--note", "rota read"]
    assert "returned" in finds(folder, *verify, "--not-effective")
    assert refused(folder, "close", "NC01")[0] == 3
    finds(
        folder, "move", "NC01", "evidence_submitted", "--evidence", "rota.csv",
        "--effectiveness", "none late in February",
    )  # fmt: skip
    finds(folder, *verify, "--effective")
    assert finds(folder, "close", "NC01") == "YQ-NC01: verified effective → closed, minor\n"
    (entry,) = listed(folder)
    assert (entry["state"], entry["closed_by"], entry["dues"]) == ("closed", "L", [])
    assert entry["acknowledgement"]["dissent"] == "we count from the reply"
    assert entry["returned"] == ["rota read"]
    assert listed(folder, "--open") == []
    assert actions(folder) == [
        ("finding_draft", "A"),
        ("finding_update", "A"),
        *[("finding_move", "L")] * 9,
        ("finding_move", "L"),
        ("finding_close", "L"),
    ]


def test_drafts_that_share_a_cause_are_one(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    finds(folder, "draft", "--group", "skills=7.2,10.1", "--process", "training", by="A")
    assert [(f["id"], f["requirement"], f["process"]) for f in listed(folder)] == [
        ("YQ-NC01", "6.3-d", "training"),
        ("YQ-NC02", "7.2", "training"),
    ]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    before = (folder / "journal.jsonl").read_bytes()
    assert "YQ-NC01  minor (m1)  6.3-d" in finds(folder, "draft", "--dry-run", by="A")
    assert listed(folder) == []
    assert (folder / "journal.jsonl").read_bytes() == before


def test_a_finding_raised_by_hand_has_its_evidence_with_hash(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    finds(
        folder, "new", "7.2", "--evidence", "rota.csv#2", "--site", "S1", "--process", "training",
        by="A",
    )  # fmt: skip
    (entry,) = listed(folder)
    places = [p for i in entry["instances"] for p in i["places"]]
    assert [(p["file"], p["row"], len(p["sha256"])) for p in places] == [("rota.csv", 2, 64)]


def test_a_grade_of_ones_own_needs_a_reason(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    code, said = refused(folder, "new", "7.2", "--grade", "major", by="A")
    assert (code, "--grade-reason" in said) == (3, True)
    finds(folder, "new", "7.2", "--grade", "major", "--grade-reason", "hurt", by="A")
    assert [(f["grade"], f["proposed_grade"]) for f in listed(folder)] == [("major", "minor")]


def test_a_third_minor_of_one_cause_is_proposed_as_major(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    finds(folder, "draft", by="A")
    finds(folder, "update", "NC01", "--cause-tag", "skills", by="A")
    finds(folder, "update", "NC02", "--cause-tag", "skills", by="A")
    assert "major (M4)" in finds(folder, "update", "NC03", "--cause-tag", "skills", by="A")


def test_a_regrade_is_kept_and_moves_the_due_day(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    found(folder, "YQ-NC01", finding(state="issued"))
    told = finds(folder, "regrade", "NC01", "major", "--reason", "seen at S2 too")
    assert told == "YQ-NC01: issued, minor → major\n"
    (entry,) = listed(folder, "--as-of", "2026-02-06")
    assert [r["was"] for r in entry["regraded"]] == ["minor"]
    assert entry["dues"][0] == {
        "step": "response",
        "day": "2026-02-05",
        "overdue": True,
        "days_over": 1,
        "level": "leader",
    }
    assert actions(folder) == [("finding_regrade", "L")]


def test_what_is_due_is_listed_with_the_nearest_first(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "YQ-NC01", finding(state="issued"))
    found(folder, "YQ-NC02", finding(state="issued", grade=Status.MAJOR, grade_reason="x"))
    found(folder, "YQ-NC03", finding(state="withdrawn", withdrawn="x"))
    lines = finds(folder, "list", "--due", "--as-of", "2026-02-21").splitlines()
    assert lines == [
        "YQ-NC02  major  issued  response (correction, cause, action) 2026-02-05, 16 days overdue: tell the certification body",
        "YQ-NC01  minor  issued  response (correction, cause, action) 2026-02-20, 1 day overdue: tell the team leader",
        "YQ-NC02  major  issued  verified as effective 2026-04-21, 59 days left",
        "YQ-NC02  major  issued  last day of all 2026-07-21, 150 days left",
        "YQ-NC01  minor  issued  verified as effective: at the next audit",
        "2 in all (2026-02-21): 1 major, 1 minor, 0 OFI; 2 open, 2 overdue",
    ]


def test_nobody_is_told_of_a_draft(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "YQ-NC01", finding())
    assert "1 day overdue: not issued yet" in finds(folder, "list", "--as-of", "2026-02-21")
    assert listed(folder, "--as-of", "2026-02-21")[0]["dues"][0]["level"] is None


def test_lint_names_the_words_and_their_line(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "YQ-NC01", finding(statement="Tickets were late due to carelessness."))
    done = run("finding", "lint", "NC01", "-C", folder)
    assert done.returncode == 1
    assert f"{folder / 'findings.yaml'}:6 (items.YQ-NC01.statement): " in done.stdout
    assert "the statement gives a cause: due to" in done.stdout
    machine = run("finding", "lint", "--format", "json", "-C", folder)
    assert [h["words"] for h in json.loads(machine.stdout)] == ["due to", "carelessness"]


def test_the_calendar_is_the_same_for_the_same_day(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "YQ-NC01", finding(state="issued"))
    first, second = tmp_path / "a.ics", tmp_path / "b.ics"
    finds(folder, "ics", "-o", str(first), "--as-of", "2026-01-22")
    finds(folder, "ics", "-o", str(second), "--as-of", "2026-01-22")
    assert first.read_bytes() == second.read_bytes()
    assert b"DTSTART;VALUE=DATE:20260220\r\n" in first.read_bytes()


def test_a_finding_is_shown_in_chinese(tmp_path: Path) -> None:
    folder = begun(tmp_path, language=Lang.ZH).folder
    found(folder, "YQ-NC01", finding(state="issued"))
    done = run("finding", "show", "NC01", "-C", folder, "--as-of", "2026-02-21", FCIM_LANG="zh")
    assert done.stdout.splitlines()[0] == "YQ-NC01  一般  已开出"
    assert "  客观证据: 12 of 90 tickets were answered late" in done.stdout
    assert "逾期 1 天：告知组长" in done.stdout


def test_the_answer_to_a_finding_is_shown_in_chinese_too(tmp_path: Path) -> None:
    folder = begun(tmp_path, language=Lang.ZH).folder
    verification = {
        "method": "on_site",
        "effective": True,
        "note": "ok",
        "by": "A",
        "on": "2026-02-01",
    }
    found(folder, "YQ-NC01", finding(state="verified", verification=verification))
    shown = run("finding", "show", "NC01", "-C", folder, FCIM_LANG="zh").stdout.splitlines()
    start = shown.index("  验证:")
    assert shown[start + 1 : start + 6] == [
        "    方法: 现场验证", "    有效: 是", "    说明: ok", "    由: A", "    日期: 2026-02-01",
    ]  # fmt: skip


def test_a_second_finding_on_a_requirement_is_said(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    found(folder, "YQ-NC01", finding(state="issued", requirement="7.2"))
    done = run("finding", "new", "7.2", "-C", folder, FCIM_AUDITOR="L")
    assert "note: 7.2 has open findings already: YQ-NC01" in done.stderr


def test_hostile_words_take_no_line_and_no_colour_of_ours(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "YQ-NC01", finding(statement="a\n  state: closed\x1b[31m"))
    shown = finds(folder, "show", "NC01")
    assert "\x1b" not in shown
    assert "\n  state: closed" not in shown


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("show", "NC9"), 2, "there is no finding NC9", id="no-such-finding"),
        pytest.param(("list", "--as-of", "31.1.2026"), 2, "31.1.2026 is no day", id="a-day-as-text"),
        pytest.param(("list", "--as-of", "2026-02-30"), 2, "is no day", id="no-such-day"),
        pytest.param(("move", "NC01", "done"), 2, "done", id="no-such-state"),
        pytest.param(("move", "NC01", "issued"), 3, "it can go to: reviewed", id="too-early"),
        pytest.param(("move", "NC01", "reviewed", "--by", "X"), 2, "nobody in the team", id="nobody"),
        pytest.param(("new", "99.9"), 2, "no requirement 99.9", id="no-such-requirement"),
        pytest.param(("new", "8.5.6"), 3, "no grade is proposed (G0)", id="not-judged"),
        pytest.param(("update", "NC01"), 2, "what to change", id="nothing-to-change"),
        pytest.param(
            ("update", "NC01", "--evidence", "../audit.yaml"), 3, "no file ../audit.yaml", id="outside"
        ),
        pytest.param(("update", "NC01", "--statement", "x" * 4001), 3, "statement", id="too-long"),
        pytest.param(("draft", "--group", "skills"), 2, "write TAG=ID,ID", id="group"),
        pytest.param(("draft", "--group", "a=7.2", "--group", "b=7.2"), 2, "7.2 stands in two", id="twice"),
        pytest.param(("draft", "--by", "O"), 3, "O does not raise findings", id="an-observer"),
        pytest.param(("ics", "-o", "findings.yaml"), 2, "is not called .ics", id="no-calendar"),
        pytest.param(("ics", "-o", "nowhere/a.ics"), 2, "there is no folder nowhere", id="no-folder"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_and_changes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    folder = audit(tmp_path)
    found(folder, "YQ-NC01", finding())
    before = (folder / "findings.yaml").read_bytes(), (folder / "journal.jsonl").read_bytes()
    got, message = refused(folder, *arguments)
    assert (got, said in message) == (code, True), message
    assert before == (
        (folder / "findings.yaml").read_bytes(),
        (folder / "journal.jsonl").read_bytes(),
    )


def test_a_folder_that_is_no_audit_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path, "list") == (
        3,
        f"{tmp_path}: is no audit folder (there is no audit.yaml)\n"
        "  -> make one with: fcim-audit audit new FOLDER\n",
    )


def test_a_hand_edited_state_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "YQ-NC01", finding(state="issued"))
    file = folder / "findings.yaml"
    file.write_text(file.read_text("utf-8").replace("state: issued", "state: isued"), "utf-8")
    code, said = refused(folder, "list")
    assert code == 3
    assert "findings.yaml:5 (items.YQ-NC01.state): state: isued is not allowed" in said


def test_the_short_end_of_an_id_must_be_the_only_one(tmp_path: Path) -> None:
    folder = begun(tmp_path).folder
    found(folder, "A-NC01", finding())
    found(folder, "B-NC01", finding())
    code, said = refused(folder, "show", "NC01")
    assert (code, "NC01 is more than one: A-NC01, B-NC01" in said) == (2, True)
