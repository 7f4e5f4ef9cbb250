"""From outcomes to a proposed status, grade, score and recommendation, by the shipped profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from fcim_audit.assessment import Judgement, RecommendationCode
from fcim_audit.checklist.schema import Chapter, Checklist, Head
from fcim_audit.checklist.shipped import shipped
from fcim_audit.evaluate import Evaluation
from fcim_audit.expression import Moment
from fcim_audit.judge import judge
from fcim_audit.language import Text
from fcim_audit.model import (
    Breakdown,
    Comparator,
    Consequence,
    Counts,
    Coverage,
    Dimension,
    Figure,
    Outcome,
    RequirementResult,
    Status,
    Target,
    Verdict,
)
from fcim_audit.profile import load_profile
from fcim_audit.spans import SECOND, Span
from tests.workbench import EMPTY_HEAD

PROFILE = load_profile(shipped("checklists") / "profiles" / "iso17021-2015.yaml")
TITLE = {"zh": "题", "en": "title"}
NONE = Figure(None, "ratio")

Leaves = Mapping[str, tuple[Outcome, ...] | None]


def figure(value: str, against: str = "0.95", **facts: object) -> Outcome:
    """A share held against a target; the verdict follows from them."""
    met = Fraction(value) >= Fraction(against)
    good = int(Fraction(value) * 1000)
    made = Outcome(
        check_id="c",
        kind="metric",
        verdict=Verdict.PASS if met else Verdict.FAIL,
        measured=Figure(Fraction(value), "ratio"),
        target=Target(Comparator.AT_LEAST, Fraction(against)),
        counts=Counts(good=good, bad=1000 - good),
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # the fields of an outcome


def records(good: int, bad: int, **facts: object) -> Outcome:
    """Records that all must be good; the verdict follows from them."""
    made = Outcome(
        check_id="c",
        kind="records",
        verdict=Verdict.FAIL if bad else Verdict.PASS,
        measured=Figure(Fraction(good, good + bad), "ratio"),
        target=Target(Comparator.AT_LEAST, Fraction(1)),
        counts=Counts(good=good, bad=bad),
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # the fields of an outcome


GOOD = records(10, 0)
BAD = records(9, 1)
SILENT = Outcome("c", "records", Verdict.INCONCLUSIVE, NONE, reasons=(Text("少", "too few"),))
ABSENT = Outcome("c", "records", Verdict.NO_EVIDENCE, NONE, reasons=(Text("无", "none"),))
STALE = Outcome("c", "records", Verdict.STALE, NONE, reasons=(Text("旧", "old"),))
UNREAD = Outcome("c", "records", Verdict.UNREADABLE, NONE, reasons=(Text("坏", "broken"),))
ASKED = Outcome("c", "manual", Verdict.MANUAL, NONE)
APART = Outcome("c", "records", Verdict.NOT_APPLICABLE, NONE)


def checklist(leaves: Leaves, modality: str, weights: Mapping[str, str]) -> Checklist:
    """Chapters, clauses and requirements as the ids name them: `6.3-a` is of 6.3 in chapter 6."""
    clauses: dict[str, list[dict[str, object]]] = {}
    for id_ in leaves:
        requirement: dict[str, object] = {
            "id": id_,
            "title": TITLE,
            "criterion": TITLE,
            "modality": modality,
            "weight": weights.get(id_, "1"),
            "checks": [{"name": "c", "kind": "manual", "question": TITLE}],
        }
        clauses.setdefault(id_.partition("-")[0], []).append(requirement)
    chapters: dict[str, list[dict[str, object]]] = {}
    for clause, of_clause in clauses.items():
        made: dict[str, object] = {"id": clause, "title": TITLE, "requirements": of_clause}
        chapters.setdefault(clause.partition(".")[0], []).append(made)
    read = tuple(
        Chapter.model_validate({"chapter": chapter, "title": TITLE, "clauses": of_chapter})
        for chapter, of_chapter in chapters.items()
    )
    return Checklist(Head.model_validate(EMPTY_HEAD), read, {}, "0" * 64)


def judged(
    leaves: Leaves,
    *,
    modality: str = "shall",
    weights: Mapping[str, str] | None = None,
    corrected: frozenset[str] = frozenset(),
    defaulted: frozenset[str] = frozenset(),
) -> Judgement:
    """The judgement on requirements and their outcomes (None: outside the scope of the run)."""
    results = tuple(RequirementResult(i, o) for i, o in leaves.items() if o is not None)
    day = dt.datetime(2026, 1, 15)
    moment = Moment(day, day, day, {"limit": Span(7200 * SECOND)})
    evaluation = Evaluation(results, moment, defaulted, corrected, "duckdb")
    return judge(checklist(leaves, modality, weights or {}), evaluation, PROFILE)


def alone(*outcomes: Outcome) -> tuple[Status, list[str]]:
    """Status and rules of a requirement that is one of several, the others being sound."""
    first = judged({"8.1-a": outcomes, "8.1-b": (GOOD,)}).requirements[0]
    return first.status, [why.rule for why in first.why]


def statuses(judgement: Judgement) -> list[str]:
    return [
        f"{r.status} {r.why[0].rule}" if r.why else str(r.status) for r in judgement.requirements
    ]


@pytest.mark.parametrize(
    ("outcomes", "status", "rules"),
    [
        pytest.param((GOOD,), Status.CONFORM, [], id="a-pass"),
        pytest.param((GOOD, GOOD), Status.CONFORM, [], id="two-passes"),
        pytest.param((BAD,), Status.MINOR, ["m1"], id="a-fail"),
        pytest.param((GOOD, BAD), Status.MINOR, ["m1"], id="fail-beats-pass"),
        pytest.param((SILENT, BAD), Status.MINOR, ["m1"], id="fail-beats-inconclusive"),
        pytest.param((ASKED, BAD), Status.MINOR, ["m1"], id="fail-beats-manual"),
        pytest.param((GOOD, SILENT), Status.NOT_VERIFIED, ["G0"], id="inconclusive-beats-pass"),
        pytest.param((ASKED, SILENT), Status.NOT_VERIFIED, ["G0"], id="inconclusive-beats-manual"),
        pytest.param((ABSENT,), Status.NOT_VERIFIED, ["G0"], id="no-evidence"),
        pytest.param((STALE,), Status.NOT_VERIFIED, ["G0"], id="stale"),
        pytest.param((UNREAD,), Status.NOT_VERIFIED, ["G0"], id="unreadable"),
        pytest.param((ABSENT, STALE), Status.NOT_VERIFIED, ["G0", "G0"], id="each-with-its-reason"),
        pytest.param((GOOD, ASKED), Status.NOT_VERIFIED, ["manual"], id="manual-beats-pass"),
        pytest.param((ASKED,), Status.NOT_VERIFIED, ["manual"], id="manual"),
        pytest.param((APART,), Status.NOT_APPLICABLE, [], id="not-applicable"),
        pytest.param((APART, ASKED), Status.NOT_VERIFIED, ["manual"], id="manual-beats-apart"),
    ],
)
def test_the_worst_answer_decides(
    outcomes: tuple[Outcome, ...], status: Status, rules: list[str]
) -> None:
    assert alone(*outcomes) == (status, rules)


def test_why_it_is_not_verified_is_said_in_the_checks_words() -> None:
    first = judged({"8.1": (GOOD, ABSENT)}).requirements[0]
    assert [why.says.en for why in first.why] == ["none"]


def test_what_was_not_in_scope_stands_in_the_report_as_not_verified() -> None:
    first = judged({"8.1-a": None, "8.1-b": (GOOD,)}).requirements[0]
    assert (first.status, first.in_scope, first.why[0].rule) == (
        Status.NOT_VERIFIED,
        False,
        "scope",
    )


@pytest.mark.parametrize(
    ("outcome", "on_sample"),
    [
        pytest.param(replace(GOOD, coverage=Coverage.RANDOM_SAMPLE), True, id="sample-conforms"),
        pytest.param(GOOD, False, id="population-conforms"),
        pytest.param(replace(BAD, coverage=Coverage.RANDOM_SAMPLE), False, id="sample-fails"),
    ],
)
def test_conforming_on_a_sample_is_said(outcome: Outcome, on_sample: bool) -> None:
    assert judged({"8.1": (outcome,)}).requirements[0].on_sample is on_sample


def test_m1_every_requirement_of_a_clause_fails() -> None:
    assert statuses(judged({"8.1-a": (BAD,), "8.1-b": (BAD,)})) == ["major M1", "major M1"]


def test_m1_does_not_grade_a_clause_with_one_sound_requirement() -> None:
    judgement = judged({"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (GOOD,)})
    assert statuses(judgement) == ["minor m1", "minor m1", "conform"]


def test_m1_does_not_grade_a_clause_with_one_open_requirement() -> None:
    judgement = judged({"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (SILENT,)})
    assert statuses(judgement) == ["minor m1", "minor m1", "not_verified G0"]


def test_m1_does_not_grade_a_clause_of_one_requirement() -> None:
    assert statuses(judged({"7.2": (BAD,)})) == ["minor m1"]


def test_m1_does_not_reach_into_another_clause() -> None:
    judgement = judged({"8.1-a": (BAD,), "8.1-b": (BAD,), "8.2-a": (BAD,), "8.2-b": (GOOD,)})
    assert statuses(judgement) == ["major M1", "major M1", "minor m1", "conform"]


@pytest.mark.parametrize(
    ("consequence", "graded"),
    [
        pytest.param(Consequence.SAFETY, (Status.MAJOR, ["M2"]), id="safety"),
        pytest.param(Consequence.LEGAL, (Status.MAJOR, ["M2"]), id="legal"),
        pytest.param(Consequence.NONE, (Status.MINOR, ["m1"]), id="neither"),
    ],
)
def test_m2_a_failure_of_safety_or_law(
    consequence: Consequence, graded: tuple[Status, list[str]]
) -> None:
    assert alone(replace(BAD, consequence=consequence)) == graded


def test_m2_does_not_grade_a_pass_on_safety_beside_another_failure() -> None:
    assert alone(replace(GOOD, consequence=Consequence.SAFETY), BAD) == (Status.MINOR, ["m1"])


def test_m2_is_tried_before_m1() -> None:
    unsafe = replace(BAD, consequence=Consequence.SAFETY)
    assert statuses(judged({"8.1-a": (unsafe,), "8.1-b": (BAD,)})) == ["major M2", "major M1"]


@pytest.mark.parametrize(
    ("value", "graded"),
    [
        pytest.param("0.85", (Status.MAJOR, ["M3"]), id="exactly-10-points-below"),
        pytest.param("0.8501", (Status.MINOR, ["m1"]), id="just-under-10-points-below"),
        pytest.param("0", (Status.MAJOR, ["M3"]), id="nothing-at-all"),
    ],
)
def test_m3_a_figure_10_points_or_more_below_target(
    value: str, graded: tuple[Status, list[str]]
) -> None:
    assert alone(figure(value, is_kpi=True)) == graded


def test_m3_does_not_grade_what_is_no_figure_of_6_3() -> None:
    assert alone(figure("0.5")) == (Status.MINOR, ["m1"])


@pytest.mark.parametrize(
    ("corrected", "status"),
    [
        pytest.param({"6.3-a"}, "minor m1", id="on-the-requirement"),
        pytest.param({"6.3"}, "minor m1", id="on-its-clause"),
        pytest.param({"6.3-b"}, "major M3", id="on-another-requirement"),
        pytest.param({"6"}, "major M3", id="on-the-chapter"),
    ],
)
def test_m3_does_not_grade_where_a_corrective_action_runs(corrected: set[str], status: str) -> None:
    leaves = {"6.3-a": (figure("0.5", is_kpi=True),), "6.3-b": (GOOD,)}
    assert statuses(judged(leaves, corrected=frozenset(corrected)))[0] == status


@pytest.mark.parametrize(
    ("mean", "graded"),
    [
        pytest.param(80, (Status.MAJOR, ["M3"]), id="10-points-below-90"),
        pytest.param(81, (Status.MINOR, ["m1"]), id="9-points-below-90"),
    ],
)
def test_m3_counts_the_points_of_a_score_as_they_are(
    mean: int, graded: tuple[Status, list[str]]
) -> None:
    ninety = Target(Comparator.AT_LEAST, Fraction(90))
    score = Figure(Fraction(mean), "score")
    assert alone(figure("0.5", is_kpi=True, measured=score, target=ninety)) == graded


def test_m4_three_minors_on_one_clause_are_one_major() -> None:
    leaves = {"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (BAD,), "8.1-d": (GOOD,)}
    judgement = judged(leaves)
    assert statuses(judgement) == ["major M4", "major M4", "major M4", "conform"]


def test_m4_does_not_grade_two_minors_on_one_clause() -> None:
    leaves = {"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (GOOD,), "8.1-d": (GOOD,)}
    assert statuses(judged(leaves)) == ["minor m1", "minor m1", "conform", "conform"]


def test_m4_does_not_count_minors_of_another_clause() -> None:
    leaves = {"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (GOOD,), "8.2-a": (BAD,), "8.2-b": (GOOD,)}
    assert [s for s in statuses(judged(leaves)) if "M4" in s] == []


def test_m4_does_not_count_a_major_as_a_minor() -> None:
    unsafe = replace(BAD, consequence=Consequence.SAFETY)
    leaves = {"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (unsafe,), "8.1-d": (GOOD,)}
    assert statuses(judged(leaves)) == ["minor m1", "minor m1", "major M2", "conform"]


def test_o1_an_example_that_is_not_adopted_is_no_nonconformity() -> None:
    unsafe = replace(BAD, consequence=Consequence.LEGAL)
    leaves = {"6.1.2-a": (BAD,), "6.1.2-b": (BAD,), "6.1.2-c": (unsafe,)}
    assert statuses(judged(leaves, modality="example")) == ["ofi o1", "ofi o1", "ofi o1"]


def test_o1_does_not_grade_an_item_of_a_minimum_list() -> None:
    leaves = {"4.1-a": (BAD,), "4.1-b": (GOOD,)}
    assert statuses(judged(leaves, modality="minimum")) == ["minor m1", "conform"]


@pytest.mark.parametrize(
    ("value", "graded"),
    [
        pytest.param("0.95", (Status.OFI, ["o2"]), id="exactly-on-target"),
        pytest.param("0.9599", (Status.OFI, ["o2"]), id="just-under-a-point-above"),
        pytest.param("0.96", (Status.CONFORM, []), id="a-whole-point-above"),
    ],
)
def test_o2_a_figure_less_than_a_point_above_target(
    value: str, graded: tuple[Status, list[str]]
) -> None:
    assert alone(figure(value, is_kpi=True)) == graded


def test_o2_does_not_grade_a_target_of_100_percent() -> None:
    assert alone(figure("1", "1", is_kpi=True)) == (Status.CONFORM, [])


def test_o2_does_not_grade_what_is_no_figure_of_6_3() -> None:
    assert alone(figure("0.95")) == (Status.CONFORM, [])


def test_o2_does_not_grade_what_is_not_verified() -> None:
    assert alone(figure("0.95", is_kpi=True), SILENT) == (Status.NOT_VERIFIED, ["G0"])


def in_parts(*met: bool | None) -> Outcome:
    """A figure well above its target, with a month for each of these."""
    months = tuple(
        Breakdown(Dimension.MONTH, f"2025-{n:02d}", Figure(None, "ratio"), 1, 2, 0, m)
        for n, m in enumerate(met, start=1)
    )
    return replace(figure("0.99", is_kpi=True), by=months)


def test_o3_a_figure_whose_yearly_pass_hides_a_failing_month() -> None:
    assert alone(in_parts(True, False)) == (Status.OFI, ["o3"])


def test_o3_does_not_grade_a_month_that_cannot_be_told() -> None:
    assert alone(in_parts(True, None)) == (Status.CONFORM, [])


def test_o3_makes_no_opportunity_of_a_failure() -> None:
    failed = replace(BAD, by=in_parts(False).by, is_kpi=True)
    assert alone(failed)[0] is not Status.OFI


@pytest.mark.parametrize(
    ("outcomes", "score"),
    [
        pytest.param((GOOD,), 100, id="a-pass-is-100"),
        pytest.param((figure("0.97"),), 100, id="a-figure-on-target-is-100"),
        pytest.param((records(5, 5),), 50, id="records-by-their-share"),
        pytest.param((records(9, 1),), 79, id="a-minor-is-capped"),
        pytest.param((figure("0.94"),), 79, id="a-figure-just-short-is-capped"),
        pytest.param((figure("0.475"),), 50, id="a-figure-by-its-attainment"),
        pytest.param((records(0, 5),), 0, id="none-is-zero"),
        pytest.param((replace(BAD, consequence=Consequence.SAFETY),), 39, id="a-major-is-capped"),
        pytest.param((figure("0.19", is_kpi=True),), 20, id="a-major-below-its-cap"),
        pytest.param((GOOD, records(5, 5)), 50, id="the-weakest-check"),
        pytest.param(
            (replace(GOOD, kind="document", measured=Figure(Fraction(75), "score")),),
            75,
            id="a-document-by-its-own-score",
        ),
        pytest.param((SILENT,), None, id="not-verified-has-none"),
        pytest.param((ASKED,), None, id="manual-has-none"),
        pytest.param((APART,), None, id="not-applicable-has-none"),
    ],
)
def test_a_score_follows_the_evidence_and_is_capped_by_the_grade(
    outcomes: tuple[Outcome, ...], score: int | None
) -> None:
    assert judged({"8.1-a": outcomes, "8.1-b": (GOOD,)}).requirements[0].score == score


def test_a_systemic_failure_is_capped_as_a_major() -> None:
    leaves = {"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (BAD,), "8.1-d": (GOOD,)}
    assert [r.score for r in judged(leaves).requirements] == [39, 39, 39, 100]


def test_a_clause_is_the_weighted_mean_of_its_verified_requirements() -> None:
    leaves = {"8.1-a": (GOOD,), "8.1-b": (records(1, 1),), "8.1-c": (SILENT,)}
    (clause,) = judged(leaves, weights={"8.1-a": "2", "8.1-c": "2"}).clauses
    assert clause.score == Fraction(2 * 100 + 50, 3)
    assert (clause.verified, clause.applicable, clause.verified_share) == (2, 3, Fraction(2, 3))


def test_an_example_weighs_half_exactly() -> None:
    leaves = {"8.1-a": (GOOD,), "8.1-b": (records(1, 1),)}
    assert judged(leaves, weights={"8.1-b": "0.5"}).clauses[0].score == Fraction(250, 3)


def test_a_chapter_is_the_plain_mean_of_its_clauses() -> None:
    leaves = {"8.1": (GOOD,), "8.2-a": (records(1, 1),), "8.2-b": (GOOD,), "8.2-c": (GOOD,)}
    (chapter,) = judged(leaves).chapters
    assert chapter.score == Fraction(100 + Fraction(250, 3), 2)


def test_the_whole_is_the_plain_mean_of_the_chapters() -> None:
    leaves = {"8.1": (GOOD,), "8.2": (GOOD,), "8.3": (GOOD,), "10.1": (records(1, 1),)}
    overall = judged(leaves).overall
    assert overall.score == 75
    assert (overall.verified, overall.applicable) == (4, 4)


def test_what_is_not_verified_neither_lowers_nor_raises_a_mean() -> None:
    judgement = judged({"8.1": (records(1, 1),), "8.2": (ASKED,), "9.1": (ABSENT,)})
    assert [c.score for c in judgement.clauses] == [50, None, None]
    assert [c.score for c in judgement.chapters] == [50, None]
    assert judgement.overall.score == 50
    assert judgement.overall.verified_share == Fraction(1, 3)


def test_nothing_verified_has_no_score_at_all() -> None:
    overall = judged({"8.1": (ASKED,)}).overall
    assert overall.score is None
    assert overall.verified_share == 0


def test_what_does_not_apply_is_not_counted_as_unverified() -> None:
    overall = judged({"8.1-a": (GOOD,), "8.1-b": (APART,)}).overall
    assert (overall.verified, overall.applicable) == (1, 1)
    assert overall.verified_share == 1


def many(count: int, others: Leaves | None = None) -> Leaves:
    """So many sound clauses of chapter 8, and others."""
    return {**(others or {}), **{f"8.{number}": (GOOD,) for number in range(1, count + 1)}}


UNSAFE = (replace(BAD, consequence=Consequence.SAFETY),)


@pytest.mark.parametrize(
    ("leaves", "code"),
    [
        pytest.param(many(3), RecommendationCode.RECOMMEND, id="no-finding"),
        pytest.param(
            many(3, {"6.3-a": (figure("0.95", is_kpi=True),)}),
            RecommendationCode.RECOMMEND,
            id="an-opportunity-only",
        ),
        pytest.param(many(3, {"7.2": (BAD,)}), RecommendationCode.AFTER_PLAN, id="a-minor"),
        pytest.param(
            many(3, {"7.1": (BAD,), "7.2": (BAD,), "7.3": (BAD,)}),
            RecommendationCode.AFTER_PLAN,
            id="three-minors-on-three-clauses",
        ),
        pytest.param(many(3, {"7.2": UNSAFE}), RecommendationCode.AFTER_VERIFICATION, id="a-major"),
        pytest.param(
            many(3, {"7.1": UNSAFE, "7.2": UNSAFE, "7.3": (BAD,)}),
            RecommendationCode.AFTER_VERIFICATION,
            id="two-majors-and-a-minor",
        ),
        pytest.param(
            many(3, {"7.1": UNSAFE, "7.2": UNSAFE, "7.3": UNSAFE}),
            RecommendationCode.NOT_RECOMMENDED,
            id="three-majors",
        ),
        pytest.param(
            many(3, {"7.4-a": UNSAFE, "7.4-b": UNSAFE, "7.4-c": UNSAFE, "7.4-d": (GOOD,)}),
            RecommendationCode.NOT_RECOMMENDED,
            id="three-majors-on-one-clause",
        ),
        pytest.param(
            many(3, {"7.4-a": (BAD,), "7.4-b": (BAD,), "7.4-c": (BAD,), "7.4-d": (GOOD,)}),
            RecommendationCode.AFTER_VERIFICATION,
            id="three-minors-taken-together",
        ),
        pytest.param(
            many(3, {"7.4-a": (BAD,), "7.4-b": (BAD,), "7.4-c": (BAD,)}),
            RecommendationCode.AFTER_VERIFICATION,
            id="an-absent-process",
        ),
        pytest.param(
            many(19, {"7.2": (SILENT,)}),
            RecommendationCode.RECOMMEND,
            id="exactly-95-percent-verified",
        ),
        pytest.param(
            many(18, {"7.2": (SILENT,)}),
            RecommendationCode.CANNOT_CONCLUDE,
            id="18-of-19-verified-only-rounds-to-95",
        ),
        pytest.param(
            many(
                18,
                {"7.2": (SILENT,), "7.3": UNSAFE, "7.4": UNSAFE, "7.5": UNSAFE, "7.6": (SILENT,)},
            ),
            RecommendationCode.CANNOT_CONCLUDE,
            id="too-little-verified-beats-three-majors",
        ),
        pytest.param(
            many(99, {"6.3-a": (SILENT,)}), RecommendationCode.CANNOT_CONCLUDE, id="a-figure-open"
        ),
        pytest.param(
            many(99, {"9.2": (ASKED,)}),
            RecommendationCode.CANNOT_CONCLUDE,
            id="internal-audit-open",
        ),
        pytest.param(
            many(99, {"9.3-c": (ABSENT,)}), RecommendationCode.CANNOT_CONCLUDE, id="review-open"
        ),
        pytest.param(
            many(99, {"9.1": (SILENT,)}), RecommendationCode.RECOMMEND, id="another-clause-open"
        ),
        pytest.param(
            many(3, {"6.3-a": (APART,)}), RecommendationCode.RECOMMEND, id="a-figure-not-applicable"
        ),
        pytest.param(
            {"8.1": (APART,)}, RecommendationCode.CANNOT_CONCLUDE, id="nothing-applicable"
        ),
        pytest.param({"8.1": None}, RecommendationCode.CANNOT_CONCLUDE, id="nothing-in-scope"),
    ],
)
def test_the_recommendation_follows_findings_and_what_is_open(
    leaves: Leaves, code: RecommendationCode
) -> None:
    assert judged(leaves).recommendation.code is code


def test_what_stands_in_the_way_is_said_in_both_languages() -> None:
    why = judged(many(1, {"6.3-a": (SILENT,), "7.2": (BAD,)})).recommendation.why
    assert [text.en for text in why] == [
        "only 2 of 3 applicable requirements are verified (95 % needed)",
        "must be verified and are not: 6.3-a",
        "0 major and 1 minor nonconformities",
    ]
    assert [text.zh for text in why] == [
        "3 项适用要求中只核实了 2 项（需要 95 %）",
        "必须核实而未核实：6.3-a",
        "严重不符合 0 项，一般不符合 1 项",
    ]


def test_one_major_on_several_requirements_says_on_how_many() -> None:
    leaves = many(1, {"7.4-a": (BAD,), "7.4-b": (BAD,), "7.4-c": (BAD,), "7.4-d": (GOOD,)})
    assert [text.en for text in judged(leaves).recommendation.why] == [
        "1 major (on 3 requirements) and 0 minor nonconformities"
    ]


@pytest.mark.parametrize(
    ("outcomes", "attained"),
    [
        pytest.param((figure("0.97", is_kpi=True),), True, id="attained"),
        pytest.param((figure("0.5", is_kpi=True),), False, id="missed"),
        pytest.param((replace(SILENT, is_kpi=True),), None, id="open"),
        pytest.param(
            (figure("0.97", is_kpi=True), replace(SILENT, is_kpi=True)), None, id="one-part-open"
        ),
        pytest.param(
            (replace(SILENT, is_kpi=True), figure("0.5", is_kpi=True)), False, id="one-part-missed"
        ),
        pytest.param((figure("0.97", is_kpi=True), BAD), True, id="another-check-fails"),
        pytest.param((ASKED,), None, id="no-figure-at-all"),
    ],
)
def test_a_figure_of_6_3_is_attained_missed_or_open(
    outcomes: tuple[Outcome, ...], attained: bool | None
) -> None:
    (kpi,) = judged({"6.3-a": outcomes, "8.1": (GOOD,)}).kpis
    assert (kpi.id, kpi.attained) == ("6.3-a", attained)


@pytest.mark.parametrize(
    ("defaulted", "is_default"),
    [
        pytest.param({"limit"}, True, id="left-to-its-default"),
        pytest.param(set(), False, id="declared"),
    ],
)
def test_the_plan_is_listed_as_it_was_used(defaulted: set[str], is_default: bool) -> None:
    (used,) = judged({"8.1": (GOOD,)}, defaulted=frozenset(defaulted)).plan
    assert (used.name, used.value, used.is_default) == ("limit", "2 h", is_default)


def test_checklist_and_profile_are_named_with_their_hashes() -> None:
    judgement = judged({"8.1": (GOOD,)})
    assert (judgement.checklist.sha256, judgement.profile.id, judgement.profile.sha256) == (
        "0" * 64,
        "iso17021-2015",
        PROFILE.sha256,
    )


def test_only_what_was_concluded_makes_the_score() -> None:
    both = judged({"8.1-a": (GOOD, APART), "8.1-b": (BAD, ASKED)}).requirements
    assert [r.score for r in both] == [100, 79]


def test_a_figure_that_should_be_low_attains_by_how_far_it_is_above() -> None:
    low = Target(Comparator.AT_MOST, Fraction("0.02"))
    late = replace(BAD, kind="metric", measured=Figure(Fraction("0.05"), "ratio"), target=low)
    assert judged({"8.1-a": (late,), "8.1-b": (GOOD,)}).requirements[0].score == 40


def test_m1_looks_at_what_applies() -> None:
    judgement = judged({"8.1-a": (BAD,), "8.1-b": (BAD,), "8.1-c": (APART,)})
    assert statuses(judgement) == ["major M1", "major M1", "not_applicable"]
