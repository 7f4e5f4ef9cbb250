"""Knows how outcomes become a proposed status, grade, score and recommendation, by the profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from fcim_audit.assessment import (
    Judgement,
    Kpi,
    PlanValueUsed,
    Recommendation,
    RequirementAssessment,
    Score,
    Source,
    Why,
)
from fcim_audit.checklist.schema import Checklist, Clause, Requirement
from fcim_audit.claims import KPI_CLAUSE, claimed_value
from fcim_audit.evaluate import Evaluation, plan_values
from fcim_audit.language import Text
from fcim_audit.model import (
    UNCONCLUDED,
    Comparator,
    Consequence,
    Coverage,
    Figure,
    Modality,
    Outcome,
    RequirementResult,
    Status,
    Verdict,
)
from fcim_audit.profile import GradingRule, Profile, When
from fcim_audit.recommendation import Counted, recommended


def judge(checklist: Checklist, evaluation: Evaluation, profile: Profile) -> Judgement:
    """Propose a status for every requirement of the checklist, whether it was looked at or not."""
    results = {result.requirement: result for result in evaluation.results}
    proposed = [
        _proposed(clause, requirement, results.get(requirement.id))
        for clause, requirement in checklist.requirements.values()
    ]
    graded = _graded(proposed, profile, evaluation.corrected)
    scored = tuple(replace(r, score=_score(r, profile)) for r in graded)
    clauses, chapters, overall = rolled_up(checklist, scored)
    return Judgement(
        requirements=scored,
        kpis=tuple(kpis_of(scored, evaluation.claims)),
        clauses=clauses,
        chapters=chapters,
        overall=overall,
        recommendation=_recommendation(scored, profile),
        plan=_plan(checklist, evaluation),
        checklist=Source(
            checklist.head.id, checklist.head.edition, checklist.sha256, checklist.head.title
        ),
        profile=Source(profile.rules.id, profile.rules.date, profile.sha256, profile.rules.title),
        clause_titles={clause.id: clause.title for _, clause in checklist.clauses()},
        lead_ins={c.id: c.lead_in for _, c in checklist.clauses() if c.lead_in},
        notes=checklist.head.criteria_notes,
    )


def _proposed(
    clause: Clause, requirement: Requirement, result: RequirementResult | None
) -> RequirementAssessment:
    outcomes = None if result is None else result.outcomes
    status, why = _status(outcomes)
    sampled = any(o.coverage is not Coverage.POPULATION for o in outcomes or ())
    return RequirementAssessment(
        id=requirement.id,
        clause=clause.id,
        title=requirement.title,
        criterion=requirement.criterion,
        modality=requirement.modality,
        weight=Fraction(str(requirement.weight)),
        status=status,
        score=None,
        on_sample=sampled and status is Status.CONFORM,
        why=tuple(why),
        outcomes=outcomes or (),
        in_scope=outcomes is not None,
        interpretation=requirement.interpretation,
        leads=() if result is None else result.leads,
    )


def _status(outcomes: tuple[Outcome, ...] | None) -> tuple[Status, list[Why]]:
    """Worst first: a failure is a failure whatever else is open; a pass needs every answer."""
    if outcomes is None:
        return Status.NOT_VERIFIED, [
            Why("scope", Text("不在本次运行范围内", "not in the scope of this run"))
        ]
    verdicts = {outcome.verdict for outcome in outcomes}
    if Verdict.FAIL in verdicts:
        return Status.MINOR, []
    open_ = [outcome for outcome in outcomes if outcome.verdict in UNCONCLUDED]
    if open_:
        return Status.NOT_VERIFIED, [
            Why("G0", reason) for outcome in open_ for reason in outcome.reasons[-1:]
        ]
    if Verdict.MANUAL in verdicts:
        return Status.NOT_VERIFIED, [
            Why("manual", Text("待审核员判断", "for the auditor to judge"))
        ]
    if verdicts == {Verdict.NOT_APPLICABLE}:
        return Status.NOT_APPLICABLE, []
    return Status.CONFORM, []


def _graded(
    proposed: Sequence[RequirementAssessment], profile: Profile, corrected: frozenset[str]
) -> list[RequirementAssessment]:
    """The first rule that applies grades; a rule that counts minors is applied to what is minor."""
    failed: dict[str, list[RequirementAssessment]] = {}
    leaves: dict[str, list[RequirementAssessment]] = {}
    for r in proposed:
        if r.modality is not Modality.EXAMPLE and r.status is not Status.NOT_APPLICABLE:
            leaves.setdefault(r.clause, []).append(r)
        if r.is_finding:
            failed.setdefault(r.clause, []).append(r)
    absent = {
        clause: len(of_clause)
        for clause, of_clause in leaves.items()
        if all(r.is_finding for r in of_clause)
    }
    first = [_first_rule(r, profile, absent, corrected) for r in proposed]
    minors: dict[str, int] = {}
    for r in first:
        if r.status is Status.MINOR:
            minors[r.clause] = minors.get(r.clause, 0) + 1
    rule = next((g for g in profile.rules.grading if g.when is When.MANY_MINORS), None)
    if rule is None:
        return first
    return [
        _with(r, rule) if r.status is Status.MINOR and minors[r.clause] >= rule.at_least else r
        for r in first
    ]


def _first_rule(
    r: RequirementAssessment, profile: Profile, absent: Mapping[str, int], corrected: frozenset[str]
) -> RequirementAssessment:
    for rule in profile.rules.grading:
        if _applies(rule, r, absent, corrected):
            return _with(r, rule)
    return r


def _with(r: RequirementAssessment, rule: GradingRule) -> RequirementAssessment:
    return replace(r, status=rule.grade, why=(Why(rule.id, rule.says),))


def _applies(
    rule: GradingRule,
    r: RequirementAssessment,
    absent: Mapping[str, int],
    corrected: frozenset[str],
) -> bool:
    failed = [o for o in r.outcomes if o.verdict is Verdict.FAIL]
    match rule.when:
        case When.EXAMPLE_NOT_ADOPTED:
            return bool(failed) and r.modality is Modality.EXAMPLE
        case When.CONSEQUENCE:
            return any(o.consequence is not Consequence.NONE for o in failed)
        case When.CLAUSE_ABSENT:
            return bool(failed) and absent.get(r.clause, 0) >= rule.at_least
        case When.GROSS_GAP:
            gross = any(o.is_kpi and _gap(o) >= rule.points for o in failed)
            return gross and not corrected & {r.id, r.clause}
        case When.FAILED:
            return bool(failed)
        case When.NARROW_MARGIN | When.HIDDEN_FAILURE:
            figures = (o for o in r.outcomes if o.is_kpi)
            return r.status is Status.CONFORM and any(_falls_short(o, rule) for o in figures)
        case When.MANY_MINORS:
            return False


def _gap(outcome: Outcome) -> Fraction:
    """How far a figure is on the wrong side of its target, in points of 100."""
    value, target = outcome.measured.value, outcome.target
    if value is None or target is None:
        return Fraction(0)
    scale = 100 if outcome.measured.unit == "ratio" else 1
    short = target.value - value if target.op is Comparator.AT_LEAST else value - target.value
    return short * scale


def _falls_short(met: Outcome, rule: GradingRule) -> bool:
    """Whether a figure that meets its target does so barely, or not in every month and site."""
    if rule.when is When.HIDDEN_FAILURE:
        return bool(met.hidden)
    return _can_be_exceeded(met) and -_gap(met) < rule.points


def _can_be_exceeded(outcome: Outcome) -> bool:
    target = outcome.target
    return target is not None and not (outcome.measured.unit == "ratio" and target.value == 1)


def _score(r: RequirementAssessment, profile: Profile) -> Fraction | None:
    """0 to 100, from the weakest check; what is not verified has none."""
    if not r.is_verified:
        return None
    concluded = [o for o in r.outcomes if o.verdict in {Verdict.PASS, Verdict.FAIL}]
    score = min((_outcome_score(o, profile) for o in concluded), default=Fraction(100))
    caps = {
        Status.MINOR: profile.rules.scoring.cap_minor,
        Status.MAJOR: profile.rules.scoring.cap_major,
    }
    return min(score, caps.get(r.status, Fraction(100)))


def _outcome_score(outcome: Outcome, profile: Profile) -> Fraction:
    if outcome.kind == "document" and outcome.measured.value is not None:
        return outcome.measured.value
    if outcome.verdict is Verdict.PASS:
        return Fraction(100)
    value, target = outcome.measured.value, outcome.target
    if outcome.kind == "metric" and value is not None and target is not None and target.value:
        at_least = target.op is Comparator.AT_LEAST
        attainment = value / target.value if at_least else target.value / value
        return min(100 * attainment, profile.rules.scoring.cap_minor)
    population = outcome.counts.population
    return Fraction(100 * outcome.counts.good, population) if population else Fraction(0)


def rolled_up(
    checklist: Checklist, requirements: Sequence[RequirementAssessment]
) -> tuple[tuple[Score, ...], tuple[Score, ...], Score]:
    """Clause: weighted mean of verified leaves; chapter: mean of clauses; overall: mean of chapters."""
    by_clause: dict[str, list[RequirementAssessment]] = {}
    for r in requirements:
        by_clause.setdefault(r.clause, []).append(r)
    clauses, chapters = [], []
    for chapter in checklist.chapters:
        of_chapter = []
        for clause in chapter.clauses:
            leaves = by_clause.get(clause.id, [])
            if leaves:
                of_chapter.append(_clause_score(clause, leaves))
        clauses += of_chapter
        chapters.append(_mean_score(chapter.chapter, chapter.title, of_chapter))
    overall = _mean_score("overall", Text("总体", "Overall"), chapters)
    return tuple(clauses), tuple(chapters), overall


def _clause_score(clause: Clause, leaves: Sequence[RequirementAssessment]) -> Score:
    scored = [(r.score, r.weight) for r in leaves if r.score is not None]
    weight = sum((w for _, w in scored), Fraction(0))
    total = sum((s * w for s, w in scored), Fraction(0))
    return Score(
        clause.id,
        clause.title,
        total / weight if weight else None,
        sum(r.is_verified for r in leaves),
        sum(r.status is not Status.NOT_APPLICABLE for r in leaves),
    )


def _mean_score(id_: str, title: Text, parts: Sequence[Score]) -> Score:
    scores = [part.score for part in parts if part.score is not None]
    mean = sum(scores, Fraction(0)) / len(scores) if scores else None
    return Score(id_, title, mean, sum(p.verified for p in parts), sum(p.applicable for p in parts))


def kpis_of(
    requirements: Iterable[RequirementAssessment], claims: Mapping[str, Figure]
) -> Iterator[Kpi]:
    """The eight figures of clause 6.3, from the checks that carry them, beside what is claimed."""
    for r in requirements:
        figures = [o for o in r.outcomes if o.is_kpi]
        if r.clause != KPI_CLAUSE:
            continue
        claim = claims.get(r.id)
        if not figures:
            unit = "ratio" if claim is None else claim.unit
            claimed = None if claim is None else claim.value
            yield Kpi(r.id, r.title, Figure(None, unit), None, None, None, None, claimed)
            continue
        verdicts = {o.verdict for o in figures}
        attained = None
        if Verdict.FAIL in verdicts:
            attained = False
        elif verdicts == {Verdict.PASS}:
            attained = True
        o = figures[0]
        claimed = claimed_value(r.id, claim, o.measured)
        yield Kpi(
            r.id, r.title, o.measured, o.target, o.numerator, o.denominator, attained, claimed, o.by
        )


def _recommendation(
    requirements: Sequence[RequirementAssessment], profile: Profile
) -> Recommendation:
    counted = [
        Counted(r.id, r.clause, r.status, r.why[0].rule if r.why else "") for r in requirements
    ]
    return recommended(counted, profile)


def _plan(checklist: Checklist, evaluation: Evaluation) -> tuple[PlanValueUsed, ...]:
    return tuple(
        PlanValueUsed(name, checklist.head.plan[name].title, value, name in evaluation.defaulted)
        for name, value in plan_values(evaluation).items()
    )
