"""Knows the whole result of an audit run: what is proposed for every requirement, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fcim_audit.checklist.schema import CriteriaNote
from fcim_audit.language import Text
from fcim_audit.model import Breakdown, Figure, Lead, Modality, Outcome, Status, Target


class RecommendationCode(StrEnum):
    """What the tool would recommend; the certification body decides."""

    RECOMMEND = "recommend"
    AFTER_PLAN = "after_plan"
    AFTER_VERIFICATION = "after_verification"
    NOT_RECOMMENDED = "not_recommended"
    CANNOT_CONCLUDE = "cannot_conclude"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a status: the rule that gave it and its words."""

    rule: str
    says: Text


@dataclass(frozen=True, slots=True)
class Decided:
    """What an auditor decided on a requirement, with what the tool had proposed then."""

    by: str
    at: dt.datetime
    evidence: tuple[str, ...]
    note: str | None = None
    reason: str | None = None
    approved_by: str | None = None
    proposed: Status | None = None
    rule: str | None = None

    @property
    def is_override(self) -> bool:
        """Whether a reason had to be given for deciding otherwise."""
        return self.reason is not None and self.proposed is not None


@dataclass(frozen=True, slots=True)
class RequirementAssessment:
    """What is proposed for one requirement; in an audit, what was decided, with the proposal beside.

    `proposed` is what the tool proposes now; None where nothing was evaluated, and of a bundle alone,
    where `status` says it.
    """

    id: str
    clause: str
    title: Text
    criterion: Text
    modality: Modality
    weight: Fraction
    status: Status
    score: Fraction | None
    on_sample: bool
    why: tuple[Why, ...]
    outcomes: tuple[Outcome, ...]
    in_scope: bool
    interpretation: Text | None = None
    leads: tuple[Lead, ...] = ()
    decided: Decided | None = None
    findings: tuple[str, ...] = ()
    proposed: Status | None = None

    @property
    def is_verified(self) -> bool:
        """Whether a status was reached."""
        return self.status not in {Status.NOT_VERIFIED, Status.NOT_APPLICABLE}

    @property
    def is_finding(self) -> bool:
        """Whether it is a nonconformity."""
        return self.status in {Status.MINOR, Status.MAJOR}


@dataclass(frozen=True, slots=True)
class Kpi:
    """One of the eight figures of clause 6.3; `attained` is None when it can't be verified.

    `claimed` is what the organisation says it is, in the unit of the measured figure; `parts` the
    same figure of each month and site.
    """

    id: str
    name: Text
    measured: Figure
    target: Target | None
    numerator: int | None
    denominator: int | None
    attained: bool | None
    claimed: Fraction | None = None
    parts: tuple[Breakdown, ...] = ()

    @property
    def difference(self) -> Fraction | None:
        """Recomputed minus claimed; None where either is not known."""
        if self.claimed is None or self.measured.value is None:
            return None
        return self.measured.value - self.claimed


@dataclass(frozen=True, slots=True)
class Score:
    """Score and verified share of a clause or chapter; a score of None means nothing verified."""

    id: str
    title: Text
    score: Fraction | None
    verified: int
    applicable: int

    @property
    def verified_share(self) -> Fraction:
        """Verified requirements of those that apply; 0 when none applies."""
        return Fraction(self.verified, self.applicable) if self.applicable else Fraction(0)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The proposal and what stands behind it or in the way."""

    code: RecommendationCode
    why: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A checklist or profile that the run used."""

    id: str
    edition: str
    sha256: str
    title: Text


@dataclass(frozen=True, slots=True)
class PlanValueUsed:
    """A plan parameter as it was used, and whether it is the checklist's default."""

    name: str
    title: Text
    value: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that judging adds to the outcomes."""

    requirements: tuple[RequirementAssessment, ...]
    kpis: tuple[Kpi, ...]
    clauses: tuple[Score, ...]
    chapters: tuple[Score, ...]
    overall: Score
    recommendation: Recommendation
    plan: tuple[PlanValueUsed, ...]
    checklist: Source
    profile: Source
    clause_titles: Mapping[str, Text]
    lead_ins: Mapping[str, tuple[Text, ...]]
    """What the leading sentence of a clause asks for, by clause: for the auditor, told once."""
    notes: tuple[CriteriaNote, ...]
