"""The rules of grading, scoring and recommendation, as a dated file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from fcim_audit.checklist.shipped import shipped
from fcim_audit.errors import AuditError, AuditErrors
from fcim_audit.language import Lang
from fcim_audit.model import Status
from fcim_audit.profile import DueStep, FindingWhen, UngradedWhen, When, load_profile

SHIPPED = shipped("checklists") / "profiles" / "iso17021-2015.yaml"
SMALL = """profile: "1"
id: small
date: 2026-01-01
title: {zh: 小, en: small}
grading:
  - {id: m1, grade: minor, when: failed, says: {zh: 未满足, en: not met}}
scoring: {cap_minor: 79, cap_major: 39}
recommendation: {verified_share: 95 %, must_be_verified: ["6.3"], too_many_majors: 3}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "profile.yaml"
    file.write_bytes(text.encode())
    return file


def test_the_shipped_profile_tries_its_rules_in_this_order() -> None:
    rules = load_profile(SHIPPED).rules.grading
    assert [(rule.id, rule.grade, rule.when) for rule in rules] == [
        ("o1", Status.OFI, When.EXAMPLE_NOT_ADOPTED),
        ("M2", Status.MAJOR, When.CONSEQUENCE),
        ("M1", Status.MAJOR, When.CLAUSE_ABSENT),
        ("M3", Status.MAJOR, When.GROSS_GAP),
        ("M4", Status.MAJOR, When.MANY_MINORS),
        ("m1", Status.MINOR, When.FAILED),
        ("o3", Status.OFI, When.HIDDEN_FAILURE),
        ("o2", Status.OFI, When.NARROW_MARGIN),
    ]


def test_the_shipped_profile_has_these_limits() -> None:
    rules = load_profile(SHIPPED).rules
    assert rules.scoring.cap_minor == 79
    assert rules.scoring.cap_major == 39
    assert rules.recommendation.verified_share == Fraction(95, 100)
    assert rules.recommendation.must_be_verified == ("6.3", "9.2", "9.3")
    assert rules.recommendation.too_many_majors == 3


def test_the_shipped_profile_counts_these_points() -> None:
    rules = {rule.id: rule for rule in load_profile(SHIPPED).rules.grading}
    assert rules["M3"].points == 10
    assert rules["o2"].points == 1
    assert (rules["M1"].at_least, rules["M4"].at_least) == (2, 3)


def test_a_profile_is_dated_and_named(tmp_path: Path) -> None:
    rules = load_profile(written(tmp_path, SMALL)).rules
    assert (rules.id, rules.date, rules.title.zh) == ("small", "2026-01-01", "小")


def test_line_ends_do_not_change_the_hash(tmp_path: Path) -> None:
    unix = load_profile(written(tmp_path, SMALL)).sha256
    windows = load_profile(written(tmp_path, SMALL.replace("\n", "\r\n"))).sha256
    assert unix == windows


def test_another_rule_changes_the_hash(tmp_path: Path) -> None:
    before = load_profile(written(tmp_path, SMALL)).sha256
    after = load_profile(written(tmp_path, SMALL.replace("79", "78"))).sha256
    assert before != after


def test_a_profile_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="there is no such file"):
        load_profile(tmp_path / "profile.yaml")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("grade: minor", "grade: conform", "grade: conform is not allowed", id="grade"),
        pytest.param("when: failed", "when: raining", "when: raining is not allowed", id="fact"),
        pytest.param("cap_minor: 79", "cap_minor: many", "many is not a figure", id="cap"),
        pytest.param("95 %", "3 d", "3 d is not a figure", id="share-as-a-time"),
        pytest.param("too_many_majors: 3", "too_many_majors: 0", "too_many_majors", id="zero"),
        pytest.param('profile: "1"', 'profile: "2"', "use one of '1'", id="other-version"),
        pytest.param("id: small\n", "id: small\ncolour: red\n", "unknown key colour", id="key"),
        pytest.param("date: 2026-01-01\n", "", "date is missing", id="no-date"),
        pytest.param(", en: small", "", "en is missing", id="one-language"),
    ],
)
def test_a_profile_that_will_not_do_is_said(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    with pytest.raises(AuditError) as caught:
        load_profile(written(tmp_path, SMALL.replace(right, wrong)))
    assert said in caught.value.said(Lang.EN)


def test_all_mistakes_of_a_profile_are_said_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("cap_major: 39", "cap_major: few").replace("95 %", "most")
    with pytest.raises(AuditErrors) as caught:
        load_profile(written(tmp_path, text))
    assert [error.where.rpartition(":")[2] for error in caught.value.errors] == [
        "7 (scoring.cap_major)",
        "8 (recommendation.verified_share)",
    ]


def test_the_shipped_profile_grades_findings_by_these_rules() -> None:
    rules = load_profile(SHIPPED).findings
    assert [(r.id, r.grade, r.when, r.at_least, r.share) for r in rules.grading] == [
        ("M5", Status.MAJOR, FindingWhen.REPEAT, 1, 0),
        ("M4", Status.MAJOR, FindingWhen.SAME_CAUSE, 3, 0),
        ("M4", Status.MAJOR, FindingWhen.MANY_SITES, 2, Fraction(1, 2)),
    ]
    assert [(r.id, r.when) for r in rules.ungraded] == [
        ("G1", UngradedWhen.ALARM),
        ("G0", UngradedWhen.NOT_JUDGED),
    ]


def test_the_shipped_profile_sets_these_limits_for_findings() -> None:
    rules = load_profile(SHIPPED).findings
    assert [(m.grade, m.step, m.days or m.months or m.at) for m in rules.limits] == [
        (Status.MAJOR, DueStep.RESPONSE, 15),
        (Status.MAJOR, DueStep.VERIFICATION, 90),
        (Status.MAJOR, DueStep.HARD_STOP, 6),
        (Status.MINOR, DueStep.RESPONSE, 30),
        (Status.MINOR, DueStep.VERIFICATION, "next_audit"),
    ]
    assert [(r.level, r.days) for r in rules.ladder] == [
        ("reminder", -7),
        ("leader", 1),
        ("certification_body", 15),
        ("suspension_proposal", 30),
    ]


def test_a_profile_without_rules_for_findings_says_so_where_they_are_needed(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        _ = load_profile(written(tmp_path, SMALL)).findings
    assert caught.value.said(Lang.EN).startswith("small: has no rules for findings")


FINDINGS = """findings:
  limits:
    - {grade: minor, step: response, days: 30}
  ladder:
    - {level: leader, days: 1, says: {zh: 组长, en: leader}}
    - {level: body, days: 15, says: {zh: 机构, en: body}}
  words:
    cause: {zh: [由于], en: [because]}
    solution: {zh: [应该], en: [should]}
    vague: {zh: [部分], en: [some]}
    titles: {zh: [先生], en: [Mr]}
"""


def test_a_profile_may_have_limits_of_its_own(tmp_path: Path) -> None:
    rules = load_profile(written(tmp_path, SMALL + FINDINGS)).findings
    assert [limit.days for limit in rules.limits] == [30]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("days: 30", "days: 30, months: 1", "in exactly one way", id="two-lengths"),
        pytest.param(", days: 30", "", "in exactly one way", id="no-length"),
        pytest.param("days: 30", "days: 0", "days", id="no-time-at-all"),
        pytest.param("step: response", "step: action", "action is not allowed", id="step"),
        pytest.param("grade: minor", "grade: ofi", "ofi is not allowed", id="grade"),
        pytest.param("days: 15", "days: 1", "the days of the ladder must rise", id="ladder"),
        pytest.param("  ladder", "    - {grade: minor, step: response, days: 9}\n  ladder", "two limits", id="twice"),
    ],
)  # fmt: skip
def test_rules_for_findings_that_will_not_do_are_said(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    with pytest.raises(AuditError) as caught:
        load_profile(written(tmp_path, SMALL + FINDINGS.replace(right, wrong, 1)))
    assert said in caught.value.said(Lang.EN)
