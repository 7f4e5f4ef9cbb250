"""The commands of several auditors, as they are called."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from fcim_audit.auditfile.folder import open_audit
from fcim_audit.model import Status
from tests.auditfile.copies import begun, judge, judgement
from tests.cli.command import run


def two(tmp_path: Path, one: Status, other: Status) -> None:
    begun(tmp_path / "base")
    shutil.copytree(tmp_path / "base", tmp_path / "a")
    shutil.copytree(tmp_path / "base", tmp_path / "b")
    judge(tmp_path / "a", "7.2", judgement(one))
    judge(tmp_path / "b", "6.3-a", judgement(other, by="A2"), by="A2")


def in_conflict(tmp_path: Path) -> None:
    two(tmp_path, Status.NOT_VERIFIED, Status.NOT_VERIFIED)
    judge(tmp_path / "b", "7.2", judgement(by="A2", note="the other"), by="A2")


def test_copies_that_agree_end_in_0(tmp_path: Path) -> None:
    two(tmp_path, Status.NOT_VERIFIED, Status.NOT_VERIFIED)
    done = run("merge", "a", "b", "-o", "out", "--by", "L", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "united in out: changes taken: 1, files copied: 0, conflicts: 0\n"
    assert sorted(open_audit(tmp_path / "out").judgements.requirements) == ["6.3-a", "7.2"]


def test_copies_that_do_not_end_in_4_and_the_lead_decides(tmp_path: Path) -> None:
    in_conflict(tmp_path)
    done = run("merge", "a", "b", "-o", "out", "--by", "L", cwd=tmp_path)
    assert done.returncode == 4
    assert "judgement 7.2: 2 sides, for the lead to decide" in done.stdout
    assert "A2  status: not_verified; note: the other" in done.stdout
    decide = ("merge", "decide", "7.2", "--take", "A2", "-C", "out")
    refused = run(*decide, "--by", "A1", cwd=tmp_path)
    assert refused.returncode == 2
    assert "only the lead decides conflicts" in refused.stderr
    assert run(*decide, "--by", "L", cwd=tmp_path).stdout == "7.2 is decided; conflicts left: 0\n"
    listed = run("merge", "conflicts", "-C", "out", cwd=tmp_path)
    assert (listed.returncode, listed.stdout) == (0, "no open conflicts\n")


def test_one_copy_takes_the_other_in(tmp_path: Path) -> None:
    two(tmp_path, Status.NOT_VERIFIED, Status.NOT_VERIFIED)
    done = run("merge", "a", "b", "--into", "a", "--by", "L", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(open_audit(tmp_path / "a").judgements.requirements) == 2


def test_a_merge_as_json_names_every_side(tmp_path: Path) -> None:
    in_conflict(tmp_path)
    done = run("merge", "a", "b", "-o", "out", "--by", "L", "--format", "json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert document["schema"] == "fcim-audit/merge/1"
    (conflict,) = document["conflicts"]
    assert (conflict["section"], conflict["key"]) == ("requirements", "7.2")
    assert sorted(side["by"][0] for side in conflict["sides"]) == ["A1", "A2"]


def test_a_merge_without_a_place_for_it_is_wrong_usage(tmp_path: Path) -> None:
    two(tmp_path, Status.NOT_VERIFIED, Status.NOT_VERIFIED)
    done = run("merge", "a", "b", cwd=tmp_path)
    assert done.returncode == 2
    assert "either -o or --into" in done.stderr


def test_a_folder_that_is_no_audit_is_told(tmp_path: Path) -> None:
    two(tmp_path, Status.NOT_VERIFIED, Status.NOT_VERIFIED)
    (tmp_path / "c").mkdir()
    done = run("merge", "a", "c", "-o", "out", "--by", "L", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("c: is no audit folder")
    assert not (tmp_path / "out").exists()


def test_conflicts_are_told_in_chinese(tmp_path: Path) -> None:
    in_conflict(tmp_path)
    done = run("merge", "a", "b", "-o", "out", "--by", "L", "--lang", "zh", cwd=tmp_path)
    assert "判断 7.2：有 2 种说法，待组长决定" in done.stdout
