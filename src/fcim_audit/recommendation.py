"""Knows what is recommended from statuses, never from a score, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fcim_audit.assessment import Recommendation, RecommendationCode
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.profile import Profile, When

_OF_A_CLAUSE = frozenset({When.CLAUSE_ABSENT, When.MANY_MINORS})


@dataclass(frozen=True, slots=True)
class Counted:
    """One requirement as a recommendation counts it: its status, and the rule that graded it."""

    id: str
    clause: str
    status: Status
    rule: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether a status was reached."""
        return self.status not in {Status.NOT_VERIFIED, Status.NOT_APPLICABLE}


def recommended(
    requirements: Sequence[Counted],
    profile: Profile,
    *,
    found_as: Sequence[Counted] | None = None,
    blocks: Sequence[Text] = (),
) -> Recommendation:
    """The recommendation, with its reasons.

    `found_as`: the nonconformities, where they are counted apart from the requirements they stand
    on; `blocks`: what else keeps from concluding.
    """
    rules = profile.rules.recommendation
    applicable = [r for r in requirements if r.status is not Status.NOT_APPLICABLE]
    found, majors, minors = found_in(applicable if found_as is None else found_as, profile)
    blocks = (*unverified(applicable, profile), *blocks)
    if blocks:
        return Recommendation(RecommendationCode.CANNOT_CONCLUDE, (*blocks, found))
    if majors >= rules.too_many_majors:
        return Recommendation(RecommendationCode.NOT_RECOMMENDED, (found,))
    if majors:
        return Recommendation(RecommendationCode.AFTER_VERIFICATION, (found,))
    if minors:
        return Recommendation(RecommendationCode.AFTER_PLAN, (found,))
    return Recommendation(RecommendationCode.RECOMMEND, (found,))


def unverified(applicable: Sequence[Counted], profile: Profile) -> tuple[Text, ...]:
    """Why too little is verified to conclude; nothing if enough is."""
    rules = profile.rules.recommendation
    verified = [r for r in applicable if r.is_verified]
    open_ = [r.id for r in applicable if not r.is_verified and r.clause in rules.must_be_verified]
    blocks = []
    if not applicable or Fraction(len(verified), len(applicable)) < rules.verified_share:
        blocks.append(
            Text(
                f"{len(applicable)} 项适用要求中只核实了 {len(verified)} 项（需要 {_percent(rules.verified_share)}）",
                f"only {len(verified)} of {len(applicable)} applicable requirements are verified "
                f"({_percent(rules.verified_share)} needed)",
            )
        )
    if open_:
        blocks.append(
            Text(
                f"必须核实而未核实：{'、'.join(open_)}",
                f"must be verified and are not: {', '.join(open_)}",
            )
        )
    return tuple(blocks)


def found_in(requirements: Iterable[Counted], profile: Profile) -> tuple[Text, int, int]:
    """What was found in words, the majors and the minors; a systemic failure counts as one major."""
    systemic = {g.id for g in profile.rules.grading if g.when in _OF_A_CLAUSE}
    majors: set[str] = set()
    minors = touched = 0
    for r in requirements:
        if r.status is Status.MAJOR:
            touched += 1
            majors.add(f"{r.rule} {r.clause}" if r.rule in systemic else r.id)
        minors += r.status is Status.MINOR
    zh, en = "", ""
    if touched > len(majors):
        zh, en = f"（涉及 {touched} 项要求）", f" (on {touched} requirements)"
    says = Text(
        f"严重不符合 {len(majors)} 项{zh}，一般不符合 {minors} 项",
        f"{len(majors)} major{en} and {minors} minor nonconformities",
    )
    return says, len(majors), minors


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"
