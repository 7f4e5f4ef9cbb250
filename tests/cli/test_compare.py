"""The command `compare`, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

from fcim_audit.auditfile.schema import AuditType, EvidenceKind, EvidenceRef
from fcim_audit.model import Status
from tests.auditfile.copies import begun, find, finding, judge, judgement
from tests.cli.command import run

HEARD = (EvidenceRef(kind=EvidenceKind.INTERVIEW, ref="the dispatcher"),)


def result(folder: Path, name: str, status: str, attained: bool) -> None:
    """A result JSON with one requirement and one figure."""
    document = {
        "schema": "fcim-audit/result/1",
        "checklist": {"id": "fcim", "edition": "draft", "sha256": "c" * 64},
        "as_of": "2026-01-15",
        "requirements": [{
            "id": "6.3-d", "clause": "6.3", "title": {"zh": "题", "en": "title"}, "status": status,
            "on_sample": False, "score": None, "why": [], "checks": [], "leads": [],
        }],
        "kpis": [{"id": "6.3-d", "measured": 0.5, "unit": "ratio", "attained": attained}],
        "evidence": [{"file": "tickets.csv", "sha256": status}],
        "recommendation": {"code": "cannot_conclude", "why": []},
    }  # fmt: skip
    (folder / name).write_text(json.dumps(document), encoding="utf-8")


def two_audits(tmp_path: Path) -> None:
    """A stage 2 with one open finding, and a surveillance that carried it and found another."""
    begun(tmp_path / "old", id="S2")
    judge(tmp_path / "old", "7.2", judgement(Status.CONFORM).model_copy(update={"evidence": HEARD}))
    find(tmp_path / "old", "NC-1", finding("6.3-d"))
    begun(tmp_path / "new", id="S3", type=AuditType.SURVEILLANCE_1, previous="../old")
    judge(tmp_path / "new", "7.2", judgement(Status.MINOR).model_copy(update={"evidence": HEARD}))
    find(tmp_path / "new", "NC-1", finding("6.3-d", carried_from="NC-1"))
    find(tmp_path / "new", "NC-2", finding("7.2"))
    (tmp_path / "new" / "evidence" / "a.csv").write_text("a", encoding="utf-8")


def test_two_results_are_compared_worst_first(tmp_path: Path) -> None:
    result(tmp_path, "old.json", "conform", attained=True)
    result(tmp_path, "new.json", "major", attained=False)
    done = run("compare", "old.json", "new.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "old.json → new.json\n"
        "\n"
        "Recommendation\n"
        "  cannot conclude yet -> cannot conclude yet (the same)\n"
        "\n"
        "Requirements, worse: 1\n"
        "  6.3-d conform (only proposed) → major nonconformity (only proposed)\n"
        "\n"
        "Figures, worse: 1\n"
        "  6.3-d 0.5 ratio (attained) → 0.5 ratio (missed) (+0)\n"
        "\n"
        "Evidence\n"
        "  0 added, 0 gone, 1 changed, 0 the same\n"
        "  changed tickets.csv\n"
        "\n"
        "Remarks\n"
        "  findings are not compared: one side has none\n"
    )


def test_getting_worse_ends_in_1_where_that_was_asked(tmp_path: Path) -> None:
    result(tmp_path, "old.json", "conform", attained=True)
    result(tmp_path, "new.json", "minor", attained=True)
    worse = run("compare", "old.json", "new.json", "--fail-on", "worse", cwd=tmp_path)
    assert worse.returncode == 1
    better = run("compare", "new.json", "old.json", "--fail-on", "worse", cwd=tmp_path)
    assert better.returncode == 0


def test_two_audits_are_compared_with_the_coverage_of_the_cycle(tmp_path: Path) -> None:
    two_audits(tmp_path)
    done = run("compare", "old", "new", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["schema"] == "fcim-audit/comparison/1"
    assert document["got_worse"] is True
    assert [(f["fate"], f["new_id"], f["carried"]) for f in document["findings"]] == [
        ("new", "NC-2", False), ("persisting", "NC-1", True),
    ]  # fmt: skip
    (change,) = document["requirements"]["changed"]
    assert (change["new_id"], change["direction"]) == ("7.2", "worse")
    assert document["requirements"]["unchanged"] == 166
    assert [file["file"] for file in document["evidence"]["added"]] == ["a.csv"]
    covered = [c for c in document["coverage"] if c["judged"]]
    assert covered == [
        {
            "clause": "7.2",
            "judged": [
                {"audit": "S2", "requirements": 1},
                {"audit": "S3", "requirements": 1},
            ],
        }
    ]


def test_an_audit_without_its_checklist_is_compared_and_that_is_said(tmp_path: Path) -> None:
    two_audits(tmp_path)
    plan = tmp_path / "old" / "audit.yaml"
    lines = plan.read_text(encoding="utf-8").splitlines(keepends=True)
    other = [f"  sha256: '{'a' * 64}'\n" if "sha256:" in line else line for line in lines]
    plan.write_text("".join(other), encoding="utf-8")
    done = run("compare", "old", "new", "--format", "md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# old → new\n\n## Recommendation\n- not known -> ")
    assert "no mapping is given: compared by id" in done.stdout
    assert "- old: without its checklist, no recommendation: the checklist is not" in done.stdout
    assert "(166)" not in done.stdout


def test_a_previous_audit_that_is_not_there_does_not_stop_the_comparison(tmp_path: Path) -> None:
    two_audits(tmp_path)
    (tmp_path / "old").rename(tmp_path / "moved")
    done = run("compare", "moved", "new", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "周期覆盖不知：" in done.stdout
    assert "NC-2 7.2 新增：一般不符合，已开出" in done.stdout


def test_what_is_neither_audit_nor_result_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    done = run("compare", "x.json", "x.json", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("x.json: is not a result JSON (schema: Field required)")


def test_a_mapping_between_other_editions_is_refused_with_its_line(tmp_path: Path) -> None:
    result(tmp_path, "old.json", "conform", attained=True)
    text = "mapping: 1\nfrom: first\nto: draft\nrequirements: {}\n"
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    done = run("compare", "old.json", "old.json", "--mapping", "map.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert "map.yaml:2 (from): from is first" in done.stderr


def test_what_is_not_there_may_be_a_folder_or_a_file(tmp_path: Path) -> None:
    done = run("compare", tmp_path / "a", tmp_path / "b", "--lang", "en")
    assert (done.returncode, "name an audit folder, or a file" in done.stderr) == (3, True)
