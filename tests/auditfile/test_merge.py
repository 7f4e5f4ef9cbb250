"""Copies of one audit become one, through folders."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from fcim_audit.auditfile.carrying import carried
from fcim_audit.auditfile.conflicts import CONFLICTS, Section, open_conflicts
from fcim_audit.auditfile.deciding import Ruling, decide
from fcim_audit.auditfile.folder import AUDIT, DOCUMENTS, JUDGEMENTS, Audit, open_audit
from fcim_audit.auditfile.history import DEPTHS
from fcim_audit.auditfile.journal import read_journal
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.merge import Union, merge_into, merge_to
from fcim_audit.auditfile.schema import Alarm, FindingState
from fcim_audit.auditfile.standing import Standings, standings_of
from fcim_audit.checklist.shipped import shipped
from fcim_audit.errors import AuditError
from fcim_audit.model import Status
from fcim_audit.profile import load_profile
from tests.auditfile.copies import begun, find, finding, judge, judgement, put, shipped_checklist

MERGED_AT = dt.datetime(2026, 1, 21, 9, 0, tzinfo=dt.UTC)
CONFORM, MINOR, MAJOR = Status.CONFORM, Status.MINOR, Status.MAJOR


def copies(tmp_path: Path, *names: str) -> list[Path]:
    """Copies of one audit with one judgement and one finding in it."""
    first = tmp_path / "base"
    begun(first)
    judge(first, "7.2", judgement(CONFORM, note="base"))
    find(first, "NC-1", finding())
    (first / "evidence" / "a.csv").write_text("a", encoding="utf-8")
    return [Path(shutil.copytree(first, tmp_path / name)) for name in names]


def united(out: Path, *folders: Path) -> Union:
    return merge_to(out, folders, by="L", at=MERGED_AT)


def told(audit: Audit) -> tuple[object, object, object, object]:
    return audit.file, audit.judgements, audit.findings, audit.conflicts


def everything(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not p.name.startswith(".lock")
    }


def statuses(audit: Audit) -> dict[str, Status]:
    return {id_: entry.status for id_, entry in audit.judgements.requirements.items()}


def test_what_one_of_them_did_is_taken_from_each(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "6.3-a", judgement(MINOR))
    judge(b, "6.3-b", judgement(MAJOR, by="A2"), by="A2")
    find(b, "NC-2", finding("6.3-b", MAJOR), by="A2")
    union = united(tmp_path / "out", a, b)
    assert statuses(union.audit) == {"6.3-a": MINOR, "6.3-b": MAJOR, "7.2": CONFORM}
    assert list(union.audit.findings.items) == ["NC-1", "NC-2"]
    assert union.taken == ("items.NC-2", "requirements.6.3-b")
    assert union.conflicts == ()
    assert not (tmp_path / "out" / "conflicts.yaml").exists()


def test_the_copies_themselves_are_not_written_to(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "6.3-a", judgement(MINOR))
    judge(b, "6.3-a", judgement(MAJOR, by="A2"), by="A2")
    before = everything(a), everything(b)
    united(tmp_path / "out", a, b)
    assert (everything(a), everything(b)) == before


def test_two_verdicts_on_one_requirement_are_kept_both_and_neither_stands(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "7.2", judgement(MINOR))
    judge(b, "7.2", judgement(MAJOR, by="A2"), by="A2")
    union = united(tmp_path / "out", a, b)
    assert statuses(union.audit) == {}
    sides = union.audit.conflicts.requirements["7.2"].sides
    said = [(s.value.status, s.changed[0].by) for s in sides if s.value is not None]
    assert sorted(said) == [(MAJOR, "A2"), (MINOR, "A1")]
    assert [(c.section, c.key, c.sides) for c in union.conflicts] == [
        (Section.REQUIREMENTS, "7.2", 2)
    ]


def test_one_who_removes_and_one_who_changes_are_a_conflict(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "7.2", None)
    judge(b, "7.2", judgement(MAJOR, by="A2"), by="A2")
    union = united(tmp_path / "out", a, b)
    values = [s.value for s in union.audit.conflicts.requirements["7.2"].sides]
    assert [None if v is None else v.status for v in values].count(None) == 1


def test_a_contested_finding_stays_as_it_was_before(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    find(a, "NC-1", finding(state=FindingState.CLOSED))
    find(b, "NC-1", finding(grade=MAJOR), by="A2")
    union = united(tmp_path / "out", a, b)
    assert union.audit.findings.items["NC-1"] == finding()
    assert len(union.audit.conflicts.findings["NC-1"].sides) == 2


def test_a_contested_part_of_the_plan_stays_as_it_was_before(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    put(a, AUDIT, ("scope",), "所有场所")
    put(b, AUDIT, ("scope",), "总部", by="A2")
    put(b, AUDIT, ("remote",), "无", by="A2")
    union = united(tmp_path / "out", a, b)
    assert (union.audit.file.scope, union.audit.file.remote) == ("物业服务", "无")
    assert sorted(str(s.value) for s in union.audit.conflicts.audit["scope"].sides) == [
        "总部", "所有场所",
    ]  # fmt: skip


def test_order_and_grouping_of_merges_change_nothing(tmp_path: Path) -> None:
    a, b, c = copies(tmp_path, "a", "b", "c")
    judge(a, "7.2", judgement(MINOR))
    judge(b, "7.2", judgement(MAJOR, by="A2"), by="A2")
    judge(c, "7.2", judgement(Status.NOT_VERIFIED, by="L"), by="L")
    find(a, "NC-2", finding("6.3-a"))
    find(b, "NC-2", finding("6.3-b"), by="A2")
    put(c, AUDIT, ("scope",), "总部", by="L")
    for copy, content in ((a, "1"), (b, "2"), (c, "3")):
        (copy / "evidence" / "a.csv").write_text(content, encoding="utf-8")
    ab = united(tmp_path / "ab", a, b).audit
    ba = united(tmp_path / "ba", b, a).audit
    assert told(ab) == told(ba)
    united(tmp_path / "bc", b, c)
    whole = united(tmp_path / "abc", a, b, c).audit
    assert told(united(tmp_path / "ab_c", tmp_path / "ab", c).audit) == told(whole)
    assert told(united(tmp_path / "a_bc", a, tmp_path / "bc").audit) == told(whole)
    assert told(united(tmp_path / "c_ba", c, tmp_path / "ba").audit) == told(whole)
    assert len(open_conflicts(whole.conflicts)) == 3


def test_copies_that_parted_later_do_not_disagree_with_what_they_share(tmp_path: Path) -> None:
    (a, c) = copies(tmp_path, "a", "c")
    judge(a, "7.2", judgement(MINOR))
    b = Path(shutil.copytree(a, tmp_path / "b"))
    judge(a, "7.2", judgement(MAJOR))
    united(tmp_path / "bc", b, c)
    audit = united(tmp_path / "out", a, tmp_path / "bc").audit
    assert statuses(audit) == {"7.2": MAJOR}
    assert open_conflicts(audit.conflicts) == ()


def test_merging_again_writes_nothing(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(b, "7.2", judgement(MAJOR, by="A2"), by="A2")
    merge_into(a, [b], by="L", at=MERGED_AT)
    before = everything(a)
    merge_into(a, [b], by="L", at=MERGED_AT)
    assert everything(a) == before


def test_the_journals_of_all_copies_are_kept_and_verified(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "6.3-a", judgement(MINOR))
    judge(b, "6.3-b", judgement(MAJOR, by="A2"), by="A2")
    audit = united(tmp_path / "out", a, b).audit
    head = read_journal(b).head
    kept = tmp_path / "out" / f"journal.{head[:16]}.jsonl"
    assert kept.read_bytes() == (b / "journal.jsonl").read_bytes()
    own = (tmp_path / "out" / "journal.jsonl").read_bytes()
    assert own.startswith((a / "journal.jsonl").read_bytes())
    last = audit.journal.entries[-1]
    assert (last.action, last.by, list(last.files)) == (
        "merge", "L", [kept.name, "judgements.yaml"],
    )  # fmt: skip
    kept.write_bytes(kept.read_bytes().replace(b"A2", b"A1"))
    with pytest.raises(AuditError, match="merged copy was altered"):
        united(tmp_path / "again", tmp_path / "out", b)


def test_what_was_changed_by_hand_is_merged_too(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    file = b / "judgements.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("base", "by hand"), encoding="utf-8")
    before = everything(b)
    audit = united(tmp_path / "out", a, b).audit
    assert audit.judgements.requirements["7.2"].note == "by hand"
    assert everything(b) == before
    assert audit.edited == ()
    other = united(tmp_path / "other", b, a).audit
    assert told(other) == told(audit)


def test_evidence_of_one_path_that_differs_is_kept_twice_and_named(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    (a / "evidence" / "a.csv").write_text("mine", encoding="utf-8")
    (b / "evidence" / "a.csv").write_text("theirs", encoding="utf-8")
    (b / "evidence" / "sub").mkdir()
    (b / "evidence" / "sub" / "new.csv").write_text("new", encoding="utf-8")
    union = united(tmp_path / "out", a, b)
    evidence = tmp_path / "out" / "evidence"
    (beside,) = evidence.glob("a.csv~*")
    assert (evidence / "a.csv").read_text(encoding="utf-8") == "mine"
    assert beside.read_text(encoding="utf-8") == "theirs"
    assert (evidence / "sub" / "new.csv").read_text(encoding="utf-8") == "new"
    assert [(c.section, c.key) for c in union.conflicts] == [(Section.EVIDENCE, "a.csv")]


def test_other_files_of_one_name_are_kept_beside_each_other(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    (a / "out" / "result.json").write_text("1", encoding="utf-8")
    (b / "out" / "result.json").write_text("2", encoding="utf-8")
    union = united(tmp_path / "out", a, b)
    assert union.conflicts == ()
    names = sorted(p.name[:12] for p in (tmp_path / "out" / "out").iterdir())
    assert names == ["result.json", "result.json~"]


def test_a_crash_between_journal_and_files_loses_nothing(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "7.2", judgement(MINOR))
    judge(b, "7.2", judgement(MAJOR, by="A2"), by="A2")
    before = (a / "judgements.yaml").read_bytes()
    whole = merge_into(a, [b], by="L", at=MERGED_AT).audit
    (a / "judgements.yaml").write_bytes(before)
    (a / "conflicts.yaml").unlink()
    assert told(open_audit(a)) == told(whole)
    judge(a, "6.3-a", judgement(MINOR))
    assert list(open_audit(a).conflicts.requirements) == ["7.2"]


def test_a_merged_judgement_reads_as_any_other(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(b, "6.3-a", judgement(MINOR, by="A2", note="late"), by="A2")
    united(tmp_path / "out", a, b)
    text = (tmp_path / "out" / "judgements.yaml").read_text(encoding="utf-8")
    fields = "  6.3-a:\n    status: minor\n    note: late\n    by: A2\n"
    assert fields in text


def test_an_evidence_file_that_is_a_link_is_refused(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    (b / "evidence" / "secret").symlink_to("/etc/hostname")
    with pytest.raises(AuditError, match="is a link"):
        united(tmp_path / "out", a, b)
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_another_audit_is_refused(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    begun(tmp_path / "b")
    judge(tmp_path / "b", "7.2", judgement())
    begun(tmp_path / "c", id="C")
    with pytest.raises(AuditError, match=r"is no copy of the audit YQ-2026"):
        united(tmp_path / "out", tmp_path / "a", tmp_path / "c")


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    with pytest.raises(AuditError, match="is there already"):
        united(a, a, b)
    with pytest.raises(AuditError, match="lies in an audit that is merged"):
        united(a / "out" / "merged", a, b)


def contested(tmp_path: Path) -> Path:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "7.2", judgement(MINOR))
    judge(b, "7.2", judgement(MAJOR, by="A2"), by="A2")
    find(a, "NC-2", finding("6.3-a"))
    find(b, "NC-2", finding("6.3-b", raised_by="A2"), by="A2")
    (a / "evidence" / "a.csv").write_text("mine", encoding="utf-8")
    (b / "evidence" / "a.csv").write_text("theirs", encoding="utf-8")
    united(tmp_path / "out", a, b)
    return tmp_path / "out"


def ruled(folder: Path, named: str, take: str, reason: str | None = None, by: str = "L") -> Audit:
    return decide(folder, named, Ruling(take, reason), by=by, at=MERGED_AT)


def test_the_lead_takes_a_side(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    audit = ruled(folder, "7.2", "A2", "seen on site")
    assert statuses(audit) == {"7.2": MAJOR}
    assert audit.conflicts.requirements == {}
    last = audit.journal.entries[-1]
    assert (last.action, last.by, last.note) == (
        "decide", "L", "requirements:7.2 A2: seen on site",
    )  # fmt: skip


def test_what_was_decided_stays_decided_when_merged_again(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    ruled(folder, "7.2", "none", "both to be looked at again")
    again = united(tmp_path / "again", tmp_path / "b", folder).audit
    assert statuses(again) == {}
    assert again.conflicts.requirements == {}


def test_only_the_lead_decides(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match="only the lead decides"):
        ruled(folder, "7.2", "A2", by="A1")


def test_a_contested_judgement_is_changed_by_nothing_else(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match=r"7\.2: 2 sides, for the lead to decide"):
        judge(folder, "7.2", judgement(CONFORM))


def test_two_findings_of_one_number_are_both_kept(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    items = ruled(folder, "NC-2", "all").findings.items
    assert sorted(items) == ["NC-1", "NC-2", "NC-2.2"]
    assert {items["NC-2"].requirement, items["NC-2.2"].requirement} == {"6.3-a", "6.3-b"}
    assert open_conflicts(open_audit(folder).conflicts)[0].key == "7.2"


def test_two_doubts_of_one_number_are_both_kept(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    for copy, about in ((a, "times end in :00"), (b, "one hand signed all")):
        doubt = Alarm(about=about, raised_by="A1", raised_on=dt.date(2026, 1, 20))
        put(copy, JUDGEMENTS, ("alarms", "G-1"), doubt)
    united(tmp_path / "out", a, b)
    alarms = ruled(tmp_path / "out", "G-1", "all").judgements.alarms
    assert sorted(alarms) == ["G-1", "G-1.2"]
    assert {alarm.about for alarm in alarms.values()} == {
        "times end in :00", "one hand signed all",
    }  # fmt: skip


def standings(folder: Path) -> Standings:
    profile = load_profile(shipped("checklists") / "profiles" / "iso17021-2015.yaml")
    return standings_of(Bench(open_audit(folder), shipped_checklist(), None), profile)


def test_what_is_contested_is_not_verified_and_nothing_is_recommended(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    file = folder / "judgements.yaml"
    by_hand = "requirements:\n  7.2: {status: conform, by: A1, at: 2026-01-20T09:00:00Z}\n"
    text = file.read_text(encoding="utf-8").replace("requirements: {}\n", by_hand)
    file.write_text(text, encoding="utf-8")
    found = standings(folder)
    assert (found.by_id["7.2"].entry is None, found.by_id["7.2"].status) == (
        False, Status.NOT_VERIFIED,
    )  # fmt: skip
    why = [reason.en for reason in found.recommendation().why]
    assert "judgement 7.2: 2 sides, for the lead to decide" in why
    assert "evidence file a.csv: 2 sides, for the lead to decide" in why


def test_an_audit_with_open_conflicts_is_not_carried_on(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match="for the lead to decide"):
        carried(open_audit(folder))


def test_a_path_out_of_the_evidence_is_refused(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    file = folder / "conflicts.yaml"
    text = file.read_text(encoding="utf-8").replace("  a.csv:", "  ../audit.yaml:")
    file.write_text(text, encoding="utf-8")
    sha256 = open_audit(folder).conflicts.evidence["../audit.yaml"].sides[0]
    with pytest.raises(AuditError, match="leads out of the evidence"):
        ruled(folder, "../audit.yaml", sha256[:8])


def test_every_document_but_the_conflicts_is_united() -> None:
    assert {*DEPTHS, CONFLICTS} == {*DOCUMENTS}


def test_removing_the_last_judgement_is_no_edit_by_hand(tmp_path: Path) -> None:
    (a,) = copies(tmp_path, "a")
    judge(a, "7.2", None)
    assert open_audit(a).edited == ()


def test_judgements_that_differ_are_not_joined(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match="say different things"):
        ruled(folder, "7.2", "all")


def test_judgements_that_agree_are_joined_with_their_evidence(tmp_path: Path) -> None:
    a, b = copies(tmp_path, "a", "b")
    judge(a, "7.2", judgement(MINOR, note="seen at S1"))
    judge(b, "7.2", judgement(MINOR, by="A2", note="seen at S2"), by="A2")
    united(tmp_path / "out", a, b)
    entry = ruled(tmp_path / "out", "7.2", "all").judgements.requirements["7.2"]
    assert (entry.status, sorted((entry.note or "").split("\n"))) == (
        MINOR, ["seen at S1", "seen at S2"],
    )  # fmt: skip


def test_taking_neither_needs_a_reason(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match="needs a reason"):
        ruled(folder, "7.2", "none")
    with pytest.raises(AuditError, match="only a judgement"):
        ruled(folder, "NC-2", "none", "no")


def test_the_file_that_is_taken_comes_to_its_path_and_the_other_stays(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    (beside,) = (folder / "evidence").glob("a.csv~*")
    ruled(folder, "a.csv", beside.name[-8:])
    assert (folder / "evidence" / "a.csv").read_text(encoding="utf-8") == "theirs"
    (other,) = (folder / "evidence").glob("a.csv~*")
    assert other.read_text(encoding="utf-8") == "mine"
    again = united(tmp_path / "again", tmp_path / "a", folder)
    assert [c.key for c in again.conflicts] == ["7.2", "NC-2"]
    assert (tmp_path / "again/evidence/a.csv").read_text(encoding="utf-8") == "theirs"


def test_a_side_that_was_edited_by_hand_is_not_taken(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    file = folder / "conflicts.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("status: major", "status: minor"), encoding="utf-8")
    with pytest.raises(AuditError, match="edited by hand"):
        ruled(folder, "7.2", "A2")


def test_a_side_that_nobody_said_is_refused_with_those_there_are(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match="there is no side A9") as refused:
        ruled(folder, "7.2", "A9")
    assert refused.value.hint is not None
    assert "A2" in refused.value.hint.en


def test_a_conflict_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    folder = contested(tmp_path)
    with pytest.raises(AuditError, match=r"no open conflict on 6\.3-d"):
        ruled(folder, "6.3-d", "A2")
