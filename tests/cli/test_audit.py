from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from fcim_audit.auditfile.folder import open_audit
from fcim_audit.auditfile.schema import AuditType, FindingState
from fcim_audit.checklist.shipped import shipped
from fcim_audit.model import Status
from tests.auditfile.audits import begun
from tests.auditfile.results import result
from tests.auditfile.test_standing import add, finding
from tests.cli.command import on_terminal, run

NEW = (
    "--organisation", "云栖物业", "--code", "YQ", "--type", "stage_2", "--scope", "物业服务",
    "--objective", "验证符合性", "--start", "2026-01-20", "--end", "2026-01-22",
    "--member", "A1:张三:lead:4.*,5.*:QMS", "--member", "A2:李四:auditor:6.*:IT",
    "--independence", "近三年未提供咨询",
)  # fmt: skip


def test_an_audit_is_made_by_options_alone(tmp_path: Path) -> None:
    done = run("audit", "new", str(tmp_path / "a"), *NEW)
    assert done.returncode == 0
    assert sorted(p.name for p in (tmp_path / "a").iterdir() if not p.name.startswith(".")) == [
        "audit.yaml", "evidence", "findings.yaml", "journal.jsonl", "judgements.yaml", "out",
    ]  # fmt: skip
    assert "id: YQ-202601-stage_2" in (tmp_path / "a" / "audit.yaml").read_text()


def test_without_a_terminal_every_missing_answer_is_named(tmp_path: Path) -> None:
    done = run("audit", "new", str(tmp_path / "a"), "--organisation", "x", "--lang", "en")
    assert done.returncode == 2
    assert (
        "missing: --type --scope --objective --start --end --member --independence" in done.stderr
    )
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--type", "stage_3", "type can't be stage_3"),
        ("--start", "2026-02-30", "start can't be 2026-02-30"),
        ("--start", "2026-01-25", "the audit ends before it starts"),
        ("--member", "A1", "can't understand A1"),
        ("--member", "A3:王五:boss", "role can't be boss"),
        ("--member", "A3:王五:lead", "exactly one lead"),
        ("--profile", "none.yaml", "there is no such file"),
        ("--evidence", "none", "is no folder"),
        ("--site", "S1", "can't understand S1"),
        ("--plan", "feedback_close_limit", "can't understand feedback_close_limit"),
        ("--plan", "feedback_clse_limit=3 d", "--plan feedback_clse_limit: unknown plan parameter"),
        ("--plan", "feedback_close_limit=soon", "can't understand soon"),
    ],
)
def test_an_answer_that_will_not_do_is_named_and_nothing_is_made(
    tmp_path: Path, option: str, value: str, says: str
) -> None:
    done = run("audit", "new", str(tmp_path / "a"), *NEW, option, value, "--lang", "en")
    assert done.returncode in {2, 3}
    assert says in done.stderr
    assert not (tmp_path / "a" / "audit.yaml").exists()


def test_sites_limits_and_promises_are_options_too(tmp_path: Path) -> None:
    run(
        "audit", "new", str(tmp_path / "a"), *NEW, "--site", "S1:北区:云栖路1号", "--site", "S2：南区",
        "--address", "云栖路1号", "--body", "某认证公司", "--remote", "无", "--confidentiality", "保密",
        "--plan", "feedback_close_limit=2 d",
    )  # fmt: skip
    file = open_audit(tmp_path / "a").file
    assert [(s.id, s.name, s.address) for s in file.organisation.sites] == [
        ("S1", "北区", "云栖路1号"), ("S2", "南区", None),
    ]  # fmt: skip
    assert (file.organisation.address, file.remote, file.confidentiality) == (
        "云栖路1号",
        "无",
        "保密",
    )
    assert file.plan == {"feedback_close_limit": "2 d"}


def test_evidence_says_whose_it_is(tmp_path: Path) -> None:
    bundle = shipped("evidence_samples") / "eldercare"
    rest = NEW[NEW.index("--type") :]
    done = run("audit", "new", str(tmp_path / "a"), *rest, "--evidence", str(bundle))
    assert done.returncode == 0
    organisation = open_audit(tmp_path / "a").file.organisation
    assert (organisation.name, organisation.code) == ("松鹤居家养老服务有限公司", "SH")
    assert [site.name for site in organisation.sites] == ["总部", "城东站", "城南站"]


def test_all_answers_that_will_not_do_are_named_at_once(tmp_path: Path) -> None:
    done = run(
        "audit", "new", str(tmp_path / "a"), "--organisation", "X", "--scope", "s", "--objective", "o",
        "--independence", "i", "--type", "stage2", "--start", "2026-13-01", "--end", "x",
        "--member", "A1:Zhang:boss", "--site", "S1", "--as-of", "20260101", "--lang", "en",
    )  # fmt: skip
    assert done.returncode == 2
    assert [line.split(":")[0] for line in done.stderr.splitlines() if line[0] != " "] == [
        "--site", "--type", "--start", "--end", "--member A1", "--as-of", "6 mistakes",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_asks_again_for_what_will_not_do(tmp_path: Path) -> None:
    answers = [
        "云栖物业", "", "", "S1", "", "stage2", "gap", "物业服务", "验证符合性", "soon", "2026-01-20",
        "2026-01-02", "2026-01-22", "", "A1:张三:auditor", "", "A1:李四:lead", "A2:李四:lead", "", "未提供咨询",
        "", "",
    ]  # fmt: skip
    code, shown = on_terminal(answers, "audit", "new", str(tmp_path / "a"), "--lang", "en")
    assert code == 0, shown
    told = ["can't understand S1", "type can't be stage2", "start can't be soon", "ends before it starts",
            "exactly one lead", "have one id: A1"]  # fmt: skip
    assert [words for words in told if words not in shown] == []
    file = open_audit(tmp_path / "a").file
    assert [(m.id, m.role.value) for m in file.team] == [("A1", "auditor"), ("A2", "lead")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_is_asked_for_what_no_option_says(tmp_path: Path) -> None:
    answers = [
        "云栖物业", "", "总经理", "S1:北区", "", "gap", "物业服务", "验证符合性", "2026-01-20", "2026-01-22",
        "", "A1:张三:lead", "A2:李四:auditor", "", "未提供咨询", "", "",
    ]  # fmt: skip
    code, shown = on_terminal(answers, "audit", "new", str(tmp_path / "a"), "--lang", "en")
    assert (code, shown.count("Enter to go on")) == (0, 9)
    file = open_audit(tmp_path / "a").file
    assert (file.type, file.lead.name, len(file.team)) == (AuditType.GAP, "张三", 2)
    assert [site.name for site in file.organisation.sites] == ["北区"]


def test_the_limits_of_the_plan_outrank_those_of_the_bundle(tmp_path: Path) -> None:
    bundle = shipped("evidence_samples") / "eldercare"
    folder = tmp_path / "a"
    run("audit", "new", str(folder), *NEW, "--evidence", str(bundle), "--plan", "feedback_close_limit=9 d")  # fmt: skip
    run("evaluate", str(folder), "--quiet")
    told = json.loads((folder / "out" / "result.json").read_text())
    assert {"name": "feedback_close_limit", "value": "9 d", "is_default": False} in told["plan"]
    plan = folder / "audit.yaml"
    plan.write_text(plan.read_text().replace("9 d", "8 d"))
    shown = run("audit", "status", "-C", str(folder), "--lang", "en").stdout
    assert "plan.feedback_close_limit was 9 d in the evaluation" in shown
    plan.write_text(plan.read_text().replace("8 d", "soon"))
    done = run("audit", "next", str(folder), "--lang", "en")
    assert (done.returncode, "audit.yaml:" in done.stderr, "can't understand soon" in done.stderr) == (3, True, True)  # fmt: skip


def test_one_audit_is_meant(tmp_path: Path) -> None:
    done = run("audit", "status", "a", "-C", "b", "--lang", "en")
    assert (done.returncode, "two audit folders are named" in done.stderr) == (2, True)


def test_an_audit_is_not_made_twice(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run("audit", "new", str(tmp_path), *NEW, "--lang", "en")
    assert (done.returncode, "there is an audit already" in done.stderr) == (2, True)


def test_a_judgement_is_recorded_and_shown(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "minor"})
    done = run(
        "audit", "judge", "6.3-d", "--status", "minor", "--evidence", "interview: x", "--by", "A2",
        "-C", str(tmp_path), "--lang", "en",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "6.3-d: minor nonconformity (A2)\n")
    told = run("audit", "status", str(tmp_path), "--format", "json")
    assert json.loads(told.stdout)["judged"] == 1


def test_a_judgement_that_lacks_something_changes_nothing(tmp_path: Path) -> None:
    begun(tmp_path)
    before = (tmp_path / "judgements.yaml").read_bytes()
    done = run("audit", "judge", "6.3-d", "--status", "minor", "--by", "A2", "-C", str(tmp_path))
    assert done.returncode == 3
    assert (tmp_path / "judgements.yaml").read_bytes() == before


def test_days_below_nothing_are_wrong_usage(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run(
        "audit", "judge", "7.2", "--status", "minor", "--evidence", "interview: x", "--effort", "-1",
        "--by", "A2", "-C", str(tmp_path),
    )  # fmt: skip
    assert (done.returncode, "--effort" in done.stderr) == (2, True)


def test_the_checks_of_a_requirement_are_named_where_its_id_stands_for_one(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "minor"})
    done = run(
        "audit", "judge", "6.3-d", "--status", "minor", "--evidence", "check: nope", "--by", "A2",
        "-C", str(tmp_path), "--lang", "en",
    )  # fmt: skip
    assert (done.returncode, "name a check by its id" in done.stderr) == (3, True)


def test_what_matches_nothing_is_not_blamed_on_an_option_that_is_not_there(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run("audit", "accept", "9.9", "--by", "A2", "-C", str(tmp_path), "--lang", "en")
    assert done.stderr.startswith("audit accept: no requirement matches 9.9")


def test_a_doubt_that_was_never_raised_is_no_empty_list(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run("audit", "settle", "G1-1", "--how", "x", "--by", "A1", "-C", str(tmp_path), "--lang", "en")  # fmt: skip
    assert (done.returncode, "none was raised yet" in done.stderr) == (2, True)


def test_who_speaks_must_be_said_where_there_are_several(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run("audit", "retract", "6.3-d", "--reason", "x", "-C", str(tmp_path), "--lang", "en")
    assert done.returncode == 2


def test_judging_what_was_given_to_another_is_said(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run(
        "audit", "judge", "6.3-d", "--status", "conform", "--evidence", "interview: x", "--by", "A1",
        "-C", str(tmp_path), "--lang", "en",
    )  # fmt: skip
    assert (done.returncode, "not among the clauses of A1" in done.stderr) == (0, True)


def test_proposals_are_accepted_by_clause_and_the_rest_is_told(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-a": "conform", "6.3-b": "minor"})
    done = run("audit", "accept", "6.3", "--by", "A2", "-C", str(tmp_path), "--lang", "en")
    assert done.returncode == 0
    assert "6.3-a: conform\n6.3-b: minor nonconformity\n" in done.stdout
    assert "taken: 2, not taken: 6" in done.stdout
    again = run("audit", "accept", "6.3", "--by", "A2", "-C", str(tmp_path), "--lang", "en")
    assert again.returncode == 4


def test_a_judgement_is_taken_back_and_the_journal_keeps_it(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-a": "conform"})
    run("audit", "accept", "6.3-a", "--by", "A2", "-C", str(tmp_path))
    done = run(
        "audit", "retract", "6.3-a", "--reason", "文件不对", "--by", "A2", "-C", str(tmp_path)
    )
    assert done.returncode == 0
    told = run("audit", "journal", str(tmp_path), "--lang", "en").stdout
    assert "retract  文件不对" in told
    assert "requirements.6.3-a: conform -> -" in told


def test_a_journal_that_was_altered_is_refused_by_every_command(tmp_path: Path) -> None:
    begun(tmp_path)
    file = tmp_path / "journal.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"A1"', b'"A2"', 1))
    for command in (("status",), ("journal", "--verify")):
        done = run("audit", *command, str(tmp_path), "--lang", "en")
        assert (done.returncode, "journal.jsonl:1" in done.stderr) == (3, True)


def test_a_hand_edit_fails_verification_until_a_change_notes_it(tmp_path: Path) -> None:
    begun(tmp_path)
    file = tmp_path / "audit.yaml"
    file.write_text(file.read_text().replace("scope: 物业服务", "scope: 物业与保洁"))
    done = run("audit", "journal", str(tmp_path), "--verify", "--lang", "en")
    assert (done.returncode, "audit.yaml:" in done.stderr) == (3, True)
    assert "edited by hand" in run("audit", "status", str(tmp_path), "--lang", "en").stdout
    run("audit", "alarm", "x", "--by", "A1", "-C", str(tmp_path))
    assert run("audit", "journal", str(tmp_path), "--verify").returncode == 0


def test_only_the_lead_settles_a_doubt(tmp_path: Path) -> None:
    begun(tmp_path)
    run("audit", "alarm", "整列相同", "--requirement", "6.3-d", "--by", "A2", "-C", str(tmp_path))
    refused = run(
        "audit", "settle", "G1-1", "--how", "x", "--by", "A2", "-C", str(tmp_path), "--lang", "en"
    )
    assert (refused.returncode, "only the lead" in refused.stderr) == (2, True)
    assert (
        run("audit", "settle", "G1-1", "--how", "x", "--by", "A1", "-C", str(tmp_path)).returncode
        == 0
    )


def test_a_level_above_what_figures_allow_is_questioned(tmp_path: Path) -> None:
    begun(tmp_path, type="gap")
    result(tmp_path, dict.fromkeys([f"6.3-{x}" for x in "abcdefgh"], "minor"))
    done = run(
        "audit",
        "maturity",
        "6.3",
        "5",
        "--note",
        "x",
        "--by",
        "A2",
        "-C",
        str(tmp_path),
        "--lang",
        "en",
    )
    assert (done.returncode, "allow L3 at most" in done.stdout) == (0, True)


def test_what_to_do_next_is_said(tmp_path: Path) -> None:
    begun(tmp_path)
    assert "bundle.yaml" in run("audit", "next", "-C", str(tmp_path), "--lang", "en").stdout
    (tmp_path / "evidence" / "bundle.yaml").write_text("x")
    assert "evaluate" in run("audit", "next", "-C", str(tmp_path), "--lang", "en").stdout
    result(tmp_path, {"5.2.2": "minor"})
    told = run("audit", "next", "--by", "A1", "-C", str(tmp_path), "--lang", "en").stdout
    assert told.startswith("5.2.2")
    assert "-> fcim-audit audit accept 5.2.2" in told


def test_an_evaluation_is_kept_in_the_audit_and_noted(tmp_path: Path) -> None:
    begun(tmp_path, as_of="2026-01-15")
    shutil.rmtree(tmp_path / "evidence")
    sample = shipped("evidence_samples") / "property"
    shutil.copytree(sample, tmp_path / "evidence")
    done = run("evaluate", str(tmp_path), "-q")
    assert done.returncode == 1
    first = (tmp_path / "out" / "result.json").read_bytes()
    run("evaluate", str(tmp_path), "-q")
    assert (tmp_path / "out" / "result.json").read_bytes() == first
    told = run("audit", "journal", str(tmp_path), "--format", "json").stdout
    assert [entry["action"] for entry in json.loads(told)] == ["new", "evaluate"]
    steps = json.loads(run("audit", "status", str(tmp_path), "--format", "json").stdout)["steps"]
    assert steps[2]["is_done"]
    bundle = tmp_path / "evidence" / "bundle.yaml"
    declared = bundle.read_bytes()
    bundle.write_bytes(declared + b"# another reading\n")
    steps = json.loads(run("audit", "status", str(tmp_path), "--format", "json").stdout)["steps"]
    assert steps[2]["open"][0]["en"] == "evidence changed since: bundle.yaml"
    bundle.write_bytes(declared)
    (tmp_path / "evidence" / "过程" / "节点清单.csv").write_text("x")
    steps = json.loads(run("audit", "status", str(tmp_path), "--format", "json").stdout)["steps"]
    assert steps[2]["open"][0]["en"] == "evidence changed since: 过程/节点清单.csv"


def test_an_audit_brings_its_own_checklist(tmp_path: Path) -> None:
    begun(tmp_path)
    done = run("evaluate", str(tmp_path), "--checklist", "x", "--lang", "en")
    assert (done.returncode, "an audit folder brings its own" in done.stderr) == (2, True)


def test_another_checklist_than_the_one_it_began_with_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    file = tmp_path / "audit.yaml"
    text = file.read_text()
    start = text.index("sha256: ") + 8
    file.write_text(text[:start] + "0" * 64 + text[start + 64 :])
    done = run("audit", "status", str(tmp_path), "--lang", "en")
    assert (done.returncode, "not the one that the audit was begun with" in done.stderr) == (
        3,
        True,
    )


def test_ways_to_a_better_recommendation_are_told(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"7.2": "minor"})
    told = run("audit", "whatif", str(tmp_path), "--proposed", "--lang", "en").stdout
    assert "have a plan accepted for (1): 7.2*" in told


def test_a_surveillance_audit_starts_from_the_one_before(tmp_path: Path) -> None:
    begun(
        tmp_path / "old",
        organisation={"name": "云栖物业", "code": "YQ", "sites": [{"id": "S1", "name": "总部"}]},
    )
    add(
        tmp_path / "old",
        N1=finding("7.2", Status.MINOR),
        N2=finding("6.2", Status.MINOR, FindingState.CLOSED),
    )
    before = (tmp_path / "old" / "journal.jsonl").read_bytes()
    done = run(
        "audit", "new", tmp_path / "new", "--from", tmp_path / "old", "--start", "2027-01-11",
        "--end", "2027-01-12", "--independence", "无咨询", "--lang", "en",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "carried over: 1 open findings" in done.stderr
    audit = open_audit(tmp_path / "new")
    assert audit.file.type is AuditType.SURVEILLANCE_1
    assert (audit.file.id, audit.file.previous) == ("YQ-202701-surveillance_1", "../old")
    assert audit.file.organisation.sites[0].id == "S1"
    assert audit.file.team == open_audit(tmp_path / "old").file.team
    assert list(audit.findings.items) == ["N1"]
    assert audit.findings.items["N1"].carried_from == "N1"
    assert (tmp_path / "old" / "journal.jsonl").read_bytes() == before
    told = run("audit", "status", tmp_path / "new", "--lang", "en").stdout
    assert "judged in no audit of the cycle" in told


def test_an_audit_does_not_begin_before_the_one_it_follows(tmp_path: Path) -> None:
    begun(tmp_path / "old")
    done = run(
        "audit", "new", tmp_path / "new", "--from", tmp_path / "old", "--start", "2025-01-11",
        "--end", "2025-01-12", "--independence", "无咨询", "--lang", "en",
    )  # fmt: skip
    assert (done.returncode, "before the audit before ended" in done.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_mapping_needs_an_audit_before(tmp_path: Path) -> None:
    done = run("audit", "new", tmp_path / "a", *NEW, "--mapping", "m.yaml", "--lang", "en")
    assert (done.returncode, "no audit before" in done.stderr) == (2, True)


def test_status_and_next_name_the_same_thing(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "evidence" / "bundle.yaml").write_text("x")
    status = run("audit", "status", str(tmp_path), "--lang", "en").stdout.splitlines()[-1]
    assert status == f"Next: fcim-audit evaluate {tmp_path}  (nothing was evaluated yet)"
    told = run("audit", "next", str(tmp_path), "--lang", "en").stdout.splitlines()[-1]
    assert told == f"-> fcim-audit evaluate {tmp_path}"


def test_long_lists_of_fixes_are_cut_and_counted(tmp_path: Path) -> None:
    begun(tmp_path)
    told = run("audit", "whatif", str(tmp_path), "--lang", "en").stdout
    assert " and 147 more (all: --format json)" in told
    assert "person-days" in told


def test_the_journal_says_which_fields_changed(tmp_path: Path) -> None:
    begun(tmp_path)
    for note in ("seen once", "seen twice"):
        run(
            "audit", "judge", "7.2", "--status", "conform", "--evidence", "interview: x", "--note", note,
            "--by", "A2", "-C", str(tmp_path),
        )  # fmt: skip
    told = run("audit", "journal", str(tmp_path), "--last", "1", "--lang", "en").stdout
    assert "requirements.7.2: note seen once -> seen twice" in told
    assert "conform -> conform" not in told


def test_the_coverage_of_a_cycle_is_counted_in_the_status(tmp_path: Path) -> None:
    begun(tmp_path / "old")
    run(
        "audit", "judge", "7.2", "--status", "conform", "--evidence", "interview: x", "--by", "A2",
        "-C", str(tmp_path / "old"),
    )  # fmt: skip
    run(
        "audit", "new", tmp_path / "new", "--from", tmp_path / "old", "--start", "2027-01-11",
        "--end", "2027-01-12", "--independence", "无咨询", "--lang", "en",
    )  # fmt: skip
    told = run("audit", "status", tmp_path / "new", "--lang", "en").stdout
    assert ": judged 1 of 58 clauses" in told
