"""Knows what would have to be done for each better recommendation: the fewest days, then the fewest fixes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fcim_audit.assessment import RecommendationCode
from fcim_audit.model import Status
from fcim_audit.profile import Profile, When
from fcim_audit.recommendation import Counted, recommended

LADDER = (
    RecommendationCode.CANNOT_CONCLUDE,
    RecommendationCode.NOT_RECOMMENDED,
    RecommendationCode.AFTER_VERIFICATION,
    RecommendationCode.AFTER_PLAN,
    RecommendationCode.RECOMMEND,
)
"""Worst first; the first two are nothing to aim at."""
DAY = 1
"""The effort of a fix for which nobody gave one, in person-days."""


class Do(StrEnum):
    """What a fix consists of."""

    VERIFY = "verify"
    CLOSE = "close"
    PLAN = "plan"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class Unit:
    """What may be fixed: a requirement or finding as it counts now, with its effort (None: not given)."""

    counted: Counted
    effort: int | None = None

    @property
    def days(self) -> int:
        """The effort that is reckoned with."""
        return DAY if self.effort is None else self.effort


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to do: verify a requirement, close a finding, have its plan accepted, settle a doubt."""

    do: Do
    id: str
    days: int
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The cheapest set of fixes that leads to a recommendation, if what is verified turns out well."""

    code: RecommendationCode
    fixes: tuple[Fix, ...]

    @property
    def days(self) -> int:
        """Person-days in all."""
        return sum(fix.days for fix in self.fixes)


def ways(
    requirements: Sequence[Unit], found: Sequence[Unit], alarms: Sequence[str], profile: Profile
) -> tuple[Way, ...]:
    """For each recommendation better than today's the cheapest way to it.

    Verifying costs what it costs to look; a nonconformity that stands in a systemic group (M1, M4)
    leaves its group when it is fixed, and a group too small for its rule falls back to minors.
    """
    now = recommended(
        [u.counted for u in requirements], profile, found_as=[u.counted for u in found]
    ).code
    if alarms:
        now = RecommendationCode.CANNOT_CONCLUDE
    first = (*_verify(requirements, profile), *(_fix(Do.SETTLE, alarm, None) for alarm in alarms))
    made = []
    for code in LADDER[max(LADDER.index(now), 1) + 1 :]:
        fixes = (*first, *_until(code, found, profile))
        reached = _after(requirements, found, fixes, profile)
        if reached is code:
            made.append(Way(code, fixes))
    return tuple(made)


def _verify(requirements: Sequence[Unit], profile: Profile) -> tuple[Fix, ...]:
    """The requirements that must be verified, and the cheapest others until enough are."""
    rules = profile.rules.recommendation
    applicable = [u for u in requirements if u.counted.status is not Status.NOT_APPLICABLE]
    open_ = [u for u in applicable if not u.counted.is_verified]
    must = [u for u in open_ if u.counted.clause in rules.must_be_verified]
    needed = math.ceil(rules.verified_share * len(applicable))
    lacking = needed - (len(applicable) - len(open_)) - len(must)
    others = sorted((u for u in open_ if u not in must), key=lambda u: u.days)
    return tuple(
        _fix(Do.VERIFY, u.counted.id, u.effort) for u in (*must, *others[: max(0, lacking)])
    )


def _until(code: RecommendationCode, found: Sequence[Unit], profile: Profile) -> tuple[Fix, ...]:
    """What of the nonconformities has to go, and how, for a recommendation."""
    groups = _majors(found, profile)
    limit = profile.rules.recommendation.too_many_majors
    if code is RecommendationCode.NOT_RECOMMENDED:
        return ()
    if code is RecommendationCode.AFTER_VERIFICATION:
        surplus = max(0, len(groups) - limit + 1)
        ranked = sorted((_lifted(group, profile) for group in groups), key=_cost)
        return tuple(fix for fixes in ranked[:surplus] for fix in fixes)
    if code is RecommendationCode.AFTER_PLAN:
        return tuple(fix for group in groups for fix in _lifted(group, profile))
    minors = [u for u in found if u.counted.status is Status.MINOR]
    return (
        *(_fix(Do.CLOSE, u.counted.id, u.effort) for group in groups for u in group),
        *(_fix(Do.PLAN, u.counted.id, u.effort) for u in minors),
    )


def _majors(found: Sequence[Unit], profile: Profile) -> list[list[Unit]]:
    """Majors as they count: each alone, those of one systemic rule and clause together."""
    systemic = {
        g.id for g in profile.rules.grading if g.when in {When.CLAUSE_ABSENT, When.MANY_MINORS}
    }
    groups: dict[str, list[Unit]] = {}
    for unit in found:
        c = unit.counted
        if c.status is Status.MAJOR:
            key = f"{c.rule} {c.clause}" if c.rule in systemic else c.id
            groups.setdefault(key, []).append(unit)
    return list(groups.values())


def _lifted(group: Sequence[Unit], profile: Profile) -> tuple[Fix, ...]:
    """The cheapest fixes after which a group is no major any more: what is left are minors."""
    cheapest = sorted(group, key=lambda u: u.days)
    return tuple(
        _fix(Do.CLOSE, u.counted.id, u.effort) for u in cheapest[: _to_lift(group, profile)]
    )


def _to_lift(group: Sequence[Unit], profile: Profile) -> int:
    if len(group) == 1:
        return 1
    many = [g.at_least for g in profile.rules.grading if g.when is When.MANY_MINORS]
    return max(1, len(group) - (min(many) - 1)) if many else 1


def _cost(fixes: Sequence[Fix]) -> tuple[int, int]:
    return sum(fix.days for fix in fixes), len(fixes)


def _fix(do: Do, id_: str, effort: int | None) -> Fix:
    return Fix(do, id_, DAY if effort is None else effort, effort is None)


def _after(
    requirements: Sequence[Unit], found: Sequence[Unit], fixes: Sequence[Fix], profile: Profile
) -> RecommendationCode:
    """What would be recommended once the fixes are made: the same rules, asked again."""
    gone = {fix.id for fix in fixes if fix.do in {Do.CLOSE, Do.PLAN}}
    seen = {fix.id for fix in fixes if fix.do is Do.VERIFY}
    left = [u for u in found if u.counted.id not in gone]
    groups = _majors(found, profile)
    fallen = {
        u.counted.id
        for group in groups
        if len(group) > 1 and sum(u.counted.id in gone for u in group) >= _to_lift(group, profile)
        for u in group
    }
    counted = [
        replace(u.counted, status=Status.MINOR, rule="") if u.counted.id in fallen else u.counted
        for u in left
    ]
    verified = [
        replace(u.counted, status=Status.CONFORM) if u.counted.id in seen else u.counted
        for u in requirements
    ]
    return recommended(verified, profile, found_as=counted).code
