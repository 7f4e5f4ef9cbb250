from __future__ import annotations

from pathlib import Path

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.folder import FINDINGS, JUDGEMENTS, changing
from fcim_audit.auditfile.judging import Decision, judged
from fcim_audit.auditfile.maturity import maturity_of
from fcim_audit.auditfile.schema import Alarm, FindingEntry, FindingState
from fcim_audit.auditfile.standing import score_of
from fcim_audit.auditfile.steps import changed_since, next_to_judge, steps_of
from fcim_audit.model import Status
from tests.auditfile.audits import AT, begun, bench, checklist, standings
from tests.auditfile.results import result

SEEN = ("访谈：值班经理",)


def judge_all(folder: Path, **others: Status) -> None:
    """Everything conforms but what a test says."""
    bench_ = bench(folder)
    with changing(folder) as ledger:
        for id_ in checklist().requirements:
            status = others.get(id_, Status.CONFORM)
            entry = judged(bench_, id_, Decision(status, SEEN, reason="看过"), by="A1", at=AT)
            ledger.put(JUDGEMENTS, ("requirements", id_), entry)
        ledger.commit(by="A1", at=AT, action="judge")


def finding(
    requirement: str, grade: Status, state: FindingState = FindingState.ISSUED
) -> FindingEntry:
    return FindingEntry.model_validate(
        {
            "grade": grade, "state": state, "requirement": requirement, "statement": "未满足",
            "objective_evidence": "10 项中 1 项", "raised_by": "A1", "raised_on": "2026-01-21",
        }
    )  # fmt: skip


def add(folder: Path, **findings: FindingEntry) -> None:
    with changing(folder) as ledger:
        for id_, entry in findings.items():
            ledger.put(FINDINGS, ("items", id_), entry)
        ledger.commit(by="A1", at=AT, action="finding")


def code(folder: Path) -> RecommendationCode:
    return standings(folder).recommendation().code


def test_what_nobody_judged_is_not_verified_whatever_the_tool_proposes(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, dict.fromkeys(checklist().requirements, "conform"))
    stood = standings(tmp_path)
    assert (stood.verified, stood.applicable, len(stood.unjudged)) == (0, 167, 167)
    assert code(tmp_path) is RecommendationCode.CANNOT_CONCLUDE


def test_all_conform_is_recommended(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path)
    assert code(tmp_path) is RecommendationCode.RECOMMEND


def test_a_minor_waits_for_its_plan(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path, **{"7.2": Status.MINOR})
    assert code(tmp_path) is RecommendationCode.AFTER_PLAN
    add(tmp_path, N1=finding("7.2", Status.MINOR))
    assert code(tmp_path) is RecommendationCode.AFTER_PLAN
    add(tmp_path, N1=finding("7.2", Status.MINOR, FindingState.PLAN_ACCEPTED))
    assert code(tmp_path) is RecommendationCode.RECOMMEND


def test_a_major_waits_until_it_is_closed(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path, **{"7.2": Status.MAJOR})
    add(tmp_path, N1=finding("7.2", Status.MAJOR, FindingState.PLAN_ACCEPTED))
    assert code(tmp_path) is RecommendationCode.AFTER_VERIFICATION
    add(tmp_path, N1=finding("7.2", Status.MAJOR, FindingState.CLOSED))
    assert code(tmp_path) is RecommendationCode.RECOMMEND


def test_three_majors_are_too_many(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path, **{"7.2": Status.MAJOR, "6.2": Status.MAJOR, "10.2": Status.MAJOR})
    assert code(tmp_path) is RecommendationCode.NOT_RECOMMENDED


def test_three_majors_on_one_requirement_count_three(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path, **{"7.2": Status.MAJOR})
    add(tmp_path, **{f"N{n}": finding("7.2", Status.MAJOR) for n in (1, 2, 3)})
    assert code(tmp_path) is RecommendationCode.NOT_RECOMMENDED


def test_a_withdrawn_finding_does_not_lift_the_judgement(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path, **{"7.2": Status.MAJOR})
    add(tmp_path, N1=finding("7.2", Status.MAJOR, FindingState.WITHDRAWN))
    assert code(tmp_path) is RecommendationCode.AFTER_VERIFICATION


def test_an_open_doubt_about_evidence_keeps_from_concluding(tmp_path: Path) -> None:
    begun(tmp_path)
    judge_all(tmp_path)
    alarm = Alarm.model_validate(
        {"about": "整列相同", "raised_by": "A1", "raised_on": "2026-01-21"}
    )
    with changing(tmp_path) as ledger:
        ledger.put(JUDGEMENTS, ("alarms", "G1-1"), alarm)
        ledger.commit(by="A1", at=AT, action="alarm")
    recommendation = standings(tmp_path).recommendation()
    assert recommendation.code is RecommendationCode.CANNOT_CONCLUDE
    assert "G1-1" in recommendation.why[0].en


def test_a_judgement_that_differs_is_an_override_and_an_old_one_is_outdated(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"7.2": "minor"})
    judge_all(tmp_path)
    item = standings(tmp_path).by_id["7.2"]
    assert (item.is_override, item.is_outdated) == (True, False)
    result(tmp_path, {"7.2": "conform"})
    assert standings(tmp_path).by_id["7.2"].is_outdated


def test_evidence_that_changed_since_is_named(tmp_path: Path) -> None:
    begun(tmp_path)
    file = tmp_path / "evidence" / "a.txt"
    file.write_text("old")
    with changing(tmp_path) as ledger:
        entry = judged(bench(tmp_path), "7.2", Decision(Status.CONFORM, ("a.txt",)), by="A1", at=AT)
        ledger.put(JUDGEMENTS, ("requirements", "7.2"), entry)
        ledger.commit(by="A1", at=AT, action="judge")
    assert list(standings(tmp_path).changed_evidence()) == []
    file.write_text("new")
    assert list(standings(tmp_path).changed_evidence()) == [("7.2", "a.txt")]


def test_the_steps_say_what_is_left(tmp_path: Path) -> None:
    begun(tmp_path)
    plan, evidence, evaluated, judged_, *_ = steps_of(standings(tmp_path))
    assert (plan.is_done, evidence.is_done, evaluated.is_done) == (True, False, False)
    assert (judged_.done, judged_.total) == (0, 167)
    judge_all(tmp_path, **{"7.2": Status.MINOR})
    drafted = steps_of(standings(tmp_path))[4]
    assert (drafted.done, drafted.total) == (0, 1)
    assert "7.2" in drafted.open[0].en


def test_a_plan_that_lacks_something_says_so(tmp_path: Path) -> None:
    begun(tmp_path, certification_body=None)
    assert [t.en for t in steps_of(standings(tmp_path))[0].open] == [
        "no certification body is named"
    ]


def test_what_seems_not_to_conform_among_ones_own_clauses_comes_next(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"5.2.2": "minor", "6.2": "minor", "6.3-a": "conform"})
    first, second = (
        next_to_judge(standings(tmp_path), "A1"),
        next_to_judge(standings(tmp_path), "A2"),
    )
    assert first is not None
    assert second is not None
    assert (first.id, second.id) == ("5.2.2", "6.2")


def test_evidence_files_that_are_gone_count_as_changed(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path)
    proposals = bench(tmp_path).proposals
    assert proposals is not None
    assert changed_since(bench(tmp_path).audit, proposals) == []


def test_a_score_follows_the_judgement_where_it_is_not_the_proposed_one(tmp_path: Path) -> None:
    begun(tmp_path)
    result(tmp_path, {"7.2": "major", "6.2": "major"})
    bench_ = bench(tmp_path)
    with changing(tmp_path) as ledger:
        for id_, status in (("7.2", Status.CONFORM), ("6.2", Status.MAJOR)):
            entry = judged(bench_, id_, Decision(status, SEEN, reason="看过"), by="A1", at=AT)
            ledger.put(JUDGEMENTS, ("requirements", id_), entry)
        ledger.commit(by="A1", at=AT, action="judge")
    found = standings(tmp_path)
    scores = [score_of(found.by_id[id_], found.profile) for id_ in ("7.2", "6.2", "10.1")]
    assert scores == [100, 30, None]
    ceilings = {m.clause.id: m.ceiling for m in maturity_of(found)}
    assert (ceilings["7.2"], ceilings["6.2"], ceilings["10.1"]) == (5, 2, None)
