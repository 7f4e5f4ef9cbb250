"""Which grade is proposed for a finding, and by which rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from fcim_audit.auditfile.carrying import effectively_closed, repeat_of
from fcim_audit.auditfile.folder import open_audit
from fcim_audit.auditfile.grading import (
    Basis,
    Proposed,
    earlier_findings,
    proposed,
)
from fcim_audit.auditfile.schema import FindingEntry
from fcim_audit.language import Text
from fcim_audit.model import Status
from tests.auditfile.finding_audits import (
    begun,
    doubted,
    finding,
    found,
    ground,
    judged,
    judgement,
    profile,
)

MINOR = judgement(Status.MINOR)
EFFECTIVE = {"method": "document", "effective": True, "note": "ok", "by": "A", "on": "2026-02-20"}


def grade(folder: Path, basis: Basis) -> tuple[Status | None, str]:
    answer = proposed(basis, ground(folder))
    return answer.grade, answer.rule


def test_a_minor_by_itself_is_m1_in_the_profiles_words(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR})
    words = next(g.says for g in profile().rules.grading if g.id == "m1")
    assert proposed(Basis(("6.3-d",)), ground(tmp_path)) == Proposed(Status.MINOR, "m1", words)


def test_what_nobody_judged_has_no_grade(tmp_path: Path) -> None:
    begun(tmp_path)
    assert grade(tmp_path, Basis(("6.3-d",))) == (None, "G0")


def test_what_could_not_be_verified_has_no_grade(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": judgement(Status.NOT_VERIFIED)})
    assert grade(tmp_path, Basis(("6.3-d",))) == (None, "G0")


def test_an_open_doubt_about_evidence_comes_before_any_grade(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": judgement(Status.MAJOR, rule="M2")})
    doubted(tmp_path, "6.3-d")
    assert grade(tmp_path, Basis(("6.3-d",))) == (None, "G1")


def test_a_doubt_about_something_else_is_no_hindrance(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR})
    doubted(tmp_path, "6.3-e")
    assert grade(tmp_path, Basis(("6.3-d",))) == (Status.MINOR, "m1")


def test_a_rule_that_the_auditor_agreed_with_stays_with_its_words(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-c": judgement(Status.MAJOR, rule="M2")})
    answer = proposed(Basis(("6.3-c",)), ground(tmp_path))
    assert answer == Proposed(Status.MAJOR, "M2", Text("词 M2", "words of M2"))


def test_a_rule_that_the_auditor_set_aside_does_not_grade(tmp_path: Path) -> None:
    begun(tmp_path)
    entry = judgement(Status.MINOR, rule="M2", proposal=Status.MAJOR, reason="handled by phone")
    judged(tmp_path, {"6.3-c": entry})
    assert grade(tmp_path, Basis(("6.3-c",))) == (Status.MINOR, "m1")


def test_three_minors_of_a_clause_are_one_systemic_failure(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-a": MINOR, "6.3-d": MINOR, "6.3-e": MINOR})
    assert grade(tmp_path, Basis(("6.3-d",))) == (Status.MAJOR, "M4")


def test_two_minors_of_a_clause_are_two_minors(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-a": MINOR, "6.3-d": MINOR})
    assert grade(tmp_path, Basis(("6.3-d",))) == (Status.MINOR, "m1")


def test_a_clause_of_which_nothing_is_met_is_absent(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"4.3-a": MINOR, "4.3-b": MINOR})
    assert grade(tmp_path, Basis(("4.3-a",))) == (Status.MAJOR, "M1")


def test_what_does_not_apply_is_not_asked_for(tmp_path: Path) -> None:
    begun(tmp_path)
    away = judgement(Status.NOT_APPLICABLE, reason="none")
    judged(tmp_path, {"8.2.3-a": MINOR, "8.2.3-b": MINOR, "8.2.3-c": away})
    assert grade(tmp_path, Basis(("8.2.3-a",))) == (Status.MAJOR, "M1")


def test_a_clause_of_which_one_requirement_is_not_judged_is_not_absent(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"8.2.3-a": MINOR, "8.2.3-b": MINOR})
    assert grade(tmp_path, Basis(("8.2.3-a",))) == (Status.MINOR, "m1")


def tagged(*requirements: str) -> FindingEntry:
    instances = [{"requirement": r, "says": "seen"} for r in requirements]
    return finding(requirement=requirements[0], instances=instances, cause_tag="access")


def test_three_minors_of_one_cause_are_one_systemic_failure(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR, "7.2": MINOR, "8.5.6": MINOR})
    found(tmp_path, "YQ-NC01", tagged("7.2", "8.5.6"))
    assert grade(tmp_path, Basis(("6.3-d",), "access")) == (Status.MAJOR, "M4")
    assert grade(tmp_path, Basis(("6.3-d",), "other")) == (Status.MINOR, "m1")


def test_a_finding_does_not_count_beside_itself(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR, "7.2": MINOR, "8.5.6": MINOR})
    found(tmp_path, "YQ-NC01", tagged("6.3-d", "7.2", "8.5.6"))
    own = proposed(Basis(("6.3-d",), "access"), ground(tmp_path), "YQ-NC01")
    assert own.rule == "m1"


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
def test_what_is_over_shares_no_cause(tmp_path: Path, state: str) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR, "7.2": MINOR, "8.5.6": MINOR})
    over = tagged("7.2", "8.5.6").model_dump() | {"state": state}
    found(tmp_path, "YQ-NC01", FindingEntry.model_validate(over))
    assert grade(tmp_path, Basis(("6.3-d",), "access")) == (Status.MINOR, "m1")


@pytest.mark.parametrize(
    ("sites", "rule"),
    [
        pytest.param({"S1"}, "m1", id="one-of-three"),
        pytest.param({"S1", "S2"}, "M4", id="two-of-three"),
        pytest.param({"S1", "S4"}, "m1", id="one-that-was-not-visited-does-not-count"),
    ],
)
def test_the_same_minor_at_half_of_the_sites_is_systemic(
    tmp_path: Path, sites: set[str], rule: str
) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR})
    assert grade(tmp_path, Basis(("6.3-d",), sites=frozenset(sites)))[1] == rule


def test_one_site_of_one_is_no_pattern(tmp_path: Path) -> None:
    whole = begun(tmp_path / "x").file.organisation
    begun(tmp_path, organisation=whole.model_copy(update={"sites": whole.sites[:1]}))
    judged(tmp_path, {"6.3-d": MINOR})
    assert grade(tmp_path, Basis(("6.3-d",), sites=frozenset({"S1"}))) == (Status.MINOR, "m1")


@pytest.mark.parametrize(
    ("before", "rule"),
    [
        pytest.param({"state": "issued"}, "M5", id="never-answered"),
        pytest.param({"state": "closed"}, "M5", id="closed-without-verification"),
        pytest.param({"state": "closed", "verification": EFFECTIVE}, "m1", id="effectively-closed"),
        pytest.param({"state": "withdrawn"}, "m1", id="withdrawn"),
    ],
)
def test_a_repeat_of_what_was_not_effectively_closed_is_major(
    tmp_path: Path, before: dict[str, object], rule: str
) -> None:
    begun(tmp_path / "old")
    found(tmp_path / "old", "YQ-NC07", finding(**before))
    begun(tmp_path / "new", previous="../old")
    judged(tmp_path / "new", {"6.3-d": MINOR})
    assert grade(tmp_path / "new", Basis(("6.3-d",), repeat_of="YQ-NC07"))[1] == rule


@pytest.mark.parametrize("previous", ["paper archive", "the report of last year " * 50])
def test_a_repeat_of_what_cannot_be_found_is_not_decided(tmp_path: Path, previous: str) -> None:
    begun(tmp_path, previous=previous)
    judged(tmp_path, {"6.3-d": MINOR})
    assert grade(tmp_path, Basis(("6.3-d",), repeat_of="NC07")) == (Status.MINOR, "m1")


def test_a_carried_finding_is_known_under_both_ids(tmp_path: Path) -> None:
    begun(tmp_path)
    found(tmp_path, "YQ-NC02", finding(carried_from="OLD-NC07"))
    assert set(earlier_findings(open_audit(tmp_path))) == {"YQ-NC02", "OLD-NC07"}


def test_the_gravest_earlier_finding_is_repeated() -> None:
    earlier = {
        "NC01": finding(state="issued"),
        "NC02": finding(state="issued", grade=Status.MAJOR),
        "NC03": finding(state="closed", verification=EFFECTIVE),
    }
    assert repeat_of(earlier, "6.3-d") == "NC02"
    assert repeat_of(earlier, "6.3-e") is None


def test_an_opportunity_is_never_repeated() -> None:
    assert effectively_closed(finding(grade=Status.OFI))


def test_an_opportunity_keeps_its_rule(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-h": judgement(Status.OFI, rule="o2"), "6.3-g": judgement(Status.OFI)})
    assert grade(tmp_path, Basis(("6.3-h",))) == (Status.OFI, "o2")
    assert grade(tmp_path, Basis(("6.3-g",))) == (Status.OFI, "manual")


def test_a_requirement_that_the_checklist_does_not_know_has_no_grade(tmp_path: Path) -> None:
    begun(tmp_path)
    assert grade(tmp_path, Basis(("99.9",))) == (None, "G0")
