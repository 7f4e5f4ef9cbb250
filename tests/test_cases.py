"""Every rule of the shipped checklist does what its case table says; a wrong case is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from fcim_audit.cases import Case, CaseFile, Prover, broken, read_cases, unproven
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang

CASES = Path(__file__).parent / "cases"
READ = read_cases(CASES)
REVIEWS = """
review_id, held_on
R1,        2025-03-31
R2,        2025-06-30
R3,        2025-09-30
R4,        2025-12-20
"""


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return load_checklist(shipped("checklists") / "fcim", rules=False)


@pytest.mark.parametrize("requirement", READ)
def test_the_rules_of_a_requirement_do_what_its_cases_say(
    checklist: Checklist, requirement: str
) -> None:
    cases = READ[requirement].cases
    prover = Prover(checklist)
    assert [w.en for case in cases for w in prover.broken(requirement, case)] == []


def told(checklist: Checklist, evidence: dict[str, str], expect: dict[str, str]) -> list[str]:
    """What is said of one case of 5.1.1-c."""
    case = Case.model_validate({"name": "n", "evidence": evidence, "expect": expect})
    return [wrong.en for wrong in broken(checklist, "5.1.1-c", case)]


def test_a_case_that_holds_says_nothing(checklist: Checklist) -> None:
    assert told(checklist, {"management_reviews": REVIEWS}, {"interval": "pass"}) == []


def test_another_verdict_is_told(checklist: Checklist) -> None:
    (wrong,) = told(checklist, {"management_reviews": REVIEWS}, {"interval": "fail"})
    assert wrong.startswith("5.1.1-c.interval 'n': expected fail , got pass")


def test_another_exception_is_told(checklist: Checklist) -> None:
    late = REVIEWS.replace("2025-06-30", "2025-04-01")
    assert told(checklist, {"management_reviews": late}, {"interval": "fail"}) == []
    assert told(checklist, {"management_reviews": late}, {"interval": "fail R9"}) != []


def test_a_cell_marked_unreadable_is_not_a_pass(checklist: Checklist) -> None:
    doubtful = REVIEWS.replace("2025-12-20", "?")
    assert told(checklist, {"management_reviews": doubtful}, {"interval": "pass"}) != []


def test_an_unknown_check_is_told(checklist: Checklist) -> None:
    assert told(checklist, {}, {"intervals": "pass"}) == ["there is no check intervals"]


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        pytest.param({"reviews": "a\n1"}, "unknown dataset reviews", id="dataset"),
        pytest.param({"management_reviews": "day\n1"}, "has no column day", id="column"),
        pytest.param({"management_reviews": "held_on\n2025-01-01, x"}, "another width", id="width"),
        pytest.param({"change_requests": "kind\nbig"}, "kind has no value big", id="word"),
    ],
)
def test_evidence_that_can_not_be_is_told(
    checklist: Checklist, evidence: dict[str, str], said: str
) -> None:
    with pytest.raises(AuditError) as caught:
        told(checklist, evidence, {"interval": "pass"})
    assert said in caught.value.said(Lang.EN)


def test_a_check_without_a_failing_case_is_unproven(checklist: Checklist) -> None:
    one = {"name": "n", "expect": {"interval": "pass"}}
    cases = {"5.1.1-c": CaseFile.model_validate({"requirement": "5.1.1-c", "cases": [one]})}
    lacking = [gap.en for gap in unproven(checklist, cases)]
    assert "5.1.1-c.interval lacks a case: fail, no_evidence" in lacking


def test_a_file_about_nothing_is_told(checklist: Checklist) -> None:
    one = {"name": "n", "expect": {"interval": "pass"}}
    cases = {"1.1": CaseFile.model_validate({"requirement": "1.1", "cases": [one]})}
    assert next(unproven(checklist, cases)).en == "there is no requirement 1.1"


def test_two_files_about_one_requirement_are_told(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes((CASES / "5.1.1-c.yaml").read_bytes())
    with pytest.raises(AuditError) as caught:
        read_cases(tmp_path)
    assert "has two files" in caught.value.said(Lang.EN)
