from __future__ import annotations

import json
from pathlib import Path

import pytest

from fcim_audit.auditfile.folder import JUDGEMENTS, changing
from fcim_audit.auditfile.judging import Decision, accepted, judged, standing_mistakes
from fcim_audit.auditfile.schema import EvidenceKind, JudgementEntry
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.audits import AT, begun, bench
from tests.auditfile.results import result

SEEN = ("访谈：值班经理",)


def decided(folder: Path, id_: str, decision: Decision, by: str = "A1") -> JudgementEntry:
    return judged(bench(folder), id_, decision, by=by, at=AT)


def refused(folder: Path, id_: str, decision: Decision, by: str = "A1") -> str:
    with pytest.raises(AuditError) as caught:
        decided(folder, id_, decision, by)
    return caught.value.said(Lang.EN)


@pytest.mark.parametrize("status", [Status.CONFORM, Status.OFI, Status.MINOR, Status.MAJOR])
def test_whatever_is_said_of_the_organisation_needs_evidence(
    tmp_path: Path, status: Status
) -> None:
    begun(tmp_path)
    assert "objective evidence is needed" in refused(tmp_path, "6.3-d", Decision(status))
    assert decided(tmp_path, "6.3-d", Decision(status, SEEN)).status is status


def test_not_verified_needs_no_evidence(tmp_path: Path) -> None:
    begun(tmp_path)
    assert decided(tmp_path, "6.3-d", Decision(Status.NOT_VERIFIED)).evidence == ()


def test_not_applicable_needs_reason_and_approval_where_the_checklist_allows_it(
    tmp_path: Path,
) -> None:
    begun(tmp_path)
    said = refused(tmp_path, "8.5.3-a", Decision(Status.NOT_APPLICABLE))
    assert "not applicable needs a reason" in said
    assert "not applicable needs the lead's approval" in said
    entry = decided(
        tmp_path, "8.5.3-a", Decision(Status.NOT_APPLICABLE, reason="不代管财产", approved_by="A1")
    )
    assert entry.status is Status.NOT_APPLICABLE


def test_not_applicable_is_refused_where_the_checklist_does_not_allow_it(tmp_path: Path) -> None:
    begun(tmp_path)
    decision = Decision(Status.NOT_APPLICABLE, reason="不做", approved_by="A1")
    assert "does not let this be not applicable" in refused(tmp_path, "6.3-d", decision)


def test_an_auditor_who_is_not_the_lead_does_not_approve(tmp_path: Path) -> None:
    begun(tmp_path)
    decision = Decision(Status.NOT_APPLICABLE, reason="不代管财产", approved_by="A2")
    assert "needs the lead's approval" in refused(tmp_path, "8.5.3-a", decision)


@pytest.mark.parametrize(("who", "why"), [("O1", "does not judge"), ("X9", "nobody in the team")])
def test_only_auditors_of_the_team_judge(tmp_path: Path, who: str, why: str) -> None:
    begun(tmp_path)
    assert why in refused(tmp_path, "6.3-d", Decision(Status.CONFORM, SEEN), who)


def test_an_unknown_requirement_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    assert "no requirement 6.3-z" in refused(tmp_path, "6.3-z", Decision(Status.CONFORM, SEEN))


def test_evidence_is_a_file_with_its_hash_and_place(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "evidence" / "方针.txt").write_bytes(b"abc")
    entry = decided(tmp_path, "5.2.1-a", Decision(Status.CONFORM, ("evidence/方针.txt#第2页",)))
    (ref,) = entry.evidence
    assert (ref.kind, ref.ref) == (EvidenceKind.FILE, "方针.txt#第2页")
    assert ref.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("path", ["没有.txt", "../audit.yaml", "/etc/passwd", "#第2页"])
def test_evidence_that_does_not_lie_in_the_audit_is_refused(tmp_path: Path, path: str) -> None:
    begun(tmp_path)
    assert "there is no file" in refused(tmp_path, "5.2.1-a", Decision(Status.CONFORM, (path,)))


def test_a_sheet_that_a_file_does_not_have_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "evidence" / "a.xlsx").write_bytes(b"abc")
    result(tmp_path, sheets={"a.xlsx": ("一月", "二月")})
    said = refused(tmp_path, "5.2.1-a", Decision(Status.CONFORM, ("a.xlsx#三月!B10",)))
    assert "a.xlsx has no sheet 三月" in said
    assert "its sheets are: 一月, 二月" in said


@pytest.mark.parametrize("place", ["二月!B10", "'二月'!B10", "二月", "第 3 页"])
def test_a_place_on_a_sheet_or_in_words_is_kept(tmp_path: Path, place: str) -> None:
    begun(tmp_path)
    (tmp_path / "evidence" / "a.xlsx").write_bytes(b"abc")
    result(tmp_path, sheets={"a.xlsx": ("一月", "二月")})
    entry = decided(tmp_path, "5.2.1-a", Decision(Status.CONFORM, (f"a.xlsx#{place}",)))
    assert entry.evidence[0].ref == f"a.xlsx#{place}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("interview: front desk", EvidenceKind.INTERVIEW),
        ("访谈：前台", EvidenceKind.INTERVIEW),
        ("观察: 大屏", EvidenceKind.OBSERVATION),
        ("Record: paper log", EvidenceKind.RECORD),
    ],
)
def test_what_was_heard_or_seen_is_evidence_in_words(
    tmp_path: Path, text: str, kind: EvidenceKind
) -> None:
    begun(tmp_path)
    (ref,) = decided(tmp_path, "6.3-d", Decision(Status.CONFORM, (text,))).evidence
    assert ref.kind is kind


def test_differing_from_a_conclusion_of_the_tool_needs_a_reason(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "minor"})
    assert "a reason is needed" in refused(tmp_path, "6.3-d", Decision(Status.CONFORM, SEEN))
    entry = decided(tmp_path, "6.3-d", Decision(Status.CONFORM, SEEN, reason="导出缺一列"))
    assert entry.proposal is not None
    assert (entry.proposal.status, entry.proposal.rule) == (Status.MINOR, "m1")


def test_agreeing_needs_no_reason_and_keeps_the_proposal(tmp_path: Path) -> None:
    begun(tmp_path)
    sha256 = result(tmp_path, {"6.3-d": "minor"})
    entry = decided(tmp_path, "6.3-d", Decision(Status.MINOR, SEEN))
    assert entry.proposal is not None
    assert entry.proposal.result == sha256


def test_where_the_tool_did_not_conclude_no_reason_is_needed(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "not_verified"})
    assert decided(tmp_path, "6.3-d", Decision(Status.CONFORM, SEEN)).reason is None


def test_a_proposal_is_accepted_with_its_checks_as_evidence(tmp_path: Path) -> None:
    begun(tmp_path)
    sha256 = result(tmp_path, {"6.3-d": "minor"})
    entry = accepted(bench(tmp_path), "6.3-d", by="A1", at=AT, note=None)
    (ref,) = entry.evidence
    assert (entry.status, ref.ref, ref.sha256) == (Status.MINOR, "6.3-d.main", sha256)


def test_what_the_tool_left_open_can_not_be_accepted(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "not_verified"})
    with pytest.raises(AuditError, match="nothing that could be accepted"):
        accepted(bench(tmp_path), "6.3-d", by="A1", at=AT, note=None)


def test_a_check_that_concluded_nothing_is_no_evidence(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "not_verified"})
    decision = Decision(Status.CONFORM, ("check: 6.3-d.main",))
    assert "concluded nothing" in refused(tmp_path, "6.3-d", decision)


def test_all_that_a_judgement_lacks_is_said_at_once(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "minor"})
    said = refused(tmp_path, "6.3-d", Decision(Status.CONFORM), "O1")
    assert "does not judge" in said
    assert "objective evidence" in said
    assert "a reason is needed" in said


def test_a_judgement_edited_by_hand_is_held_to_the_same_rules(tmp_path: Path) -> None:
    begun(tmp_path)
    with changing(tmp_path) as ledger:
        entry = decided(tmp_path, "6.3-d", Decision(Status.CONFORM, SEEN))
        ledger.put(JUDGEMENTS, ("requirements", "6.3-d"), entry)
        ledger.commit(by="A1", at=AT, action="judge")
    file = tmp_path / JUDGEMENTS
    file.write_text(file.read_text().replace("by: A1", "by: O1").replace("6.3-d", "6.3-e"))
    assert standing_mistakes(bench(tmp_path))[0].said(Lang.EN).startswith(f"{file}:")
    file.write_text(file.read_text().replace("6.3-e", "6.3-zz"))
    (mistake,) = standing_mistakes(bench(tmp_path))
    assert "no requirement 6.3-zz" in mistake.said(Lang.EN)


def test_a_note_that_is_too_long_is_refused_in_words(tmp_path: Path) -> None:
    begun(tmp_path)
    assert "note" in refused(tmp_path, "6.3-d", Decision(Status.CONFORM, SEEN, note="长" * 4001))


def test_a_result_that_is_none_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "out" / "result.json").write_text(json.dumps({"schema": "other"}))
    with pytest.raises(AuditError, match="is other, not fcim-audit/result/1"):
        bench(tmp_path)


def test_a_result_that_claims_a_pass_on_nothing_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"6.3-d": "conform"})
    file = tmp_path / "out" / "result.json"
    file.write_text(file.read_text().replace('"population": 10', '"population": 0'))
    with pytest.raises(AuditError, match="a pass on no rows"):
        bench(tmp_path)
