"""What the words of a finding must not say."""

from __future__ import annotations

import pytest

from fcim_audit.auditfile.schema import FindingEntry
from fcim_audit.auditfile.wording import HitKind, Lint
from fcim_audit.model import Status
from fcim_audit.profile import WordList
from tests.auditfile.finding_audits import finding, plan, rules, titles


def hits(entry: FindingEntry, known: tuple[str, ...] = ()) -> list[tuple[HitKind, str, str]]:
    lint = Lint(plan(), rules(), titles(), known)
    return [(hit.kind, hit.field, hit.words) for hit in lint.hits("YQ-NC01", entry)]


def said(text: str) -> list[tuple[HitKind, str]]:
    return [(kind, words) for kind, _, words in hits(finding(statement=text))]


def test_a_finding_of_facts_is_clean() -> None:
    assert hits(finding()) == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("由于人手不足，工单未按时答复。", HitKind.CAUSE, "由于"),
        ("培训不足导致未按时答复。", HitKind.CAUSE, "培训不足"),
        ("Not answered due to a lack of training.", HitKind.CAUSE, "due to"),
        ("Not answered, Because nobody looked.", HitKind.CAUSE, "Because"),
        ("工单应该在一天内答复。", HitKind.SOLUTION, "应该"),
        ("建议设立专人。", HitKind.SOLUTION, "建议"),
        ("Tickets should be answered within a day.", HitKind.SOLUTION, "should"),
        ("部分工单未答复。", HitKind.VAGUE, "部分"),
        ("大部分工单未答复。", HitKind.VAGUE, "大部分"),
        ("制度不完善。", HitKind.VAGUE, "不完善"),
        ("Some tickets were not answered.", HitKind.VAGUE, "Some"),
        ("Records are incomplete.", HitKind.VAGUE, "incomplete"),
        ("In 2025 some tickets were late.", HitKind.VAGUE, "some"),
        ("2025年部分工单未答复。", HitKind.VAGUE, "部分"),
        ("李立未答复工单。", HitKind.PERSON, "李立"),
        ("周明未答复工单。", HitKind.PERSON, "周明"),
        ("ann bell did not answer.", HitKind.PERSON, "ann bell"),
        ("张某未答复。", HitKind.PERSON, "张某"),
        ("张某某未答复。", HitKind.PERSON, "张某某"),
        ("李先生未答复。", HitKind.PERSON, "李先生"),
        ("王小红女士未答复。", HitKind.PERSON, "王小红女士"),
        ("小王未答复。", HitKind.PERSON, "小王"),
        ("Mr. Smith did not answer.", HitKind.PERSON, "Mr. Smith"),
        ("Ms Jones did not answer.", HitKind.PERSON, "Ms Jones"),
        ("13812345678 未接通。", HitKind.PERSON, "13812345678"),
        ("身份证 11010519491231002X 未登记。", HitKind.PERSON, "11010519491231002X"),
        ("a.b@example.com was not told.", HitKind.PERSON, "a.b@example.com"),
        ("6.3-d 和 8.7-b 均未满足。", HitKind.TWO_REQUIREMENTS, "8.7-b"),
        ("Requirement 10.2 is not met.", HitKind.TWO_REQUIREMENTS, "10.2"),
    ],
)
def test_words_that_do_not_belong_are_told(text: str, kind: HitKind, words: str) -> None:
    assert (kind, words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "抽查 20 份工单，其中部分（3 份）未答复。",
        "部分工单未答复：12/90。",
        "三项制度不完善。",
        "Some tickets, 12 of 90, were not answered.",
        "Several records (4 records) were incomplete.",
        "6.3-d is not met.",
        "The figure is 10.2 % against 95 %.",
        "对某项服务未评价。",
        "The shoulder strap was not checked.",
        "向某些部门未传达 3 份文件。",
        "Version 4.3 is used.",
        "编号 138123456789 的工单未答复。",
    ],
)
def test_words_that_belong_are_left_alone(text: str) -> None:
    assert said(text) == []


def test_a_count_in_another_sentence_does_not_help() -> None:
    assert said("抽查 20 份。部分未答复。") == [(HitKind.VAGUE, "部分")]


def test_names_are_looked_for_in_every_text() -> None:
    entry = finding(
        process="李立的流程",
        grade_reason="Mr Orr said so",
        instances=[{"requirement": "6.3-d", "says": "访谈: 张某"}],
    )
    assert hits(entry) == [
        (HitKind.PERSON, "grade_reason", "Mr Orr"),
        (HitKind.PERSON, "process", "李立"),
        (HitKind.PERSON, "instances.0.says", "张某"),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"requirement": "99.9"}, "requirement", id="requirement"),
        pytest.param({"instances": []}, "instances", id="instances"),
        pytest.param({"site": None}, "site", id="site"),
        pytest.param({"site": "S9"}, "site", id="unknown-site"),
        pytest.param({"process": None}, "process", id="process"),
        pytest.param({"grade": Status.MAJOR}, "grade_reason", id="graded-above-the-rules"),
        pytest.param({"proposed_grade": None}, "grade_reason", id="graded-without-a-rule"),
        pytest.param({"repeat_of": "NC9"}, "repeat_of", id="an-earlier-one-that-is-not-there"),
        pytest.param(
            {"instances": [{"requirement": "6.3-d", "says": "x", "places": [{"file": "a.csv"}]}]},
            "instances",
            id="a-file-without-its-hash",
        ),
    ],
)
def test_a_part_that_is_missing_is_told(values: dict[str, object], field: str) -> None:
    assert hits(finding(**values)) == [(HitKind.MISSING, field, "")]


def test_an_earlier_finding_that_is_there_may_be_named() -> None:
    assert hits(finding(repeat_of="NC9"), ("NC9",)) == []


def test_a_grade_above_the_rules_with_a_reason_is_clean() -> None:
    assert hits(finding(grade=Status.MAJOR, grade_reason="a child was hurt")) == []


def test_the_site_of_an_instance_is_a_site() -> None:
    instances = [{"requirement": "6.3-d", "says": "x", "site": "S2"}]
    assert hits(finding(site=None, instances=instances)) == []


def test_the_title_of_its_requirement_is_the_checklists_own() -> None:
    entry = finding(requirement="5.4-a", statement="“流程优化建议收集”的要求未得到满足。")
    assert hits(entry) == []


def test_the_longest_word_is_told_whatever_the_order_of_the_list() -> None:
    vague = WordList(zh=("不及", "不及时"), en=("not", "not timely"))
    own = rules().model_copy(update={"words": rules().words.model_copy(update={"vague": vague})})
    lint = Lint(plan(), own, titles())
    entry = finding(statement="答复不及时。Answers are not timely.")
    assert [hit.words for hit in lint.hits("NC01", entry)] == ["不及时", "not timely"]
