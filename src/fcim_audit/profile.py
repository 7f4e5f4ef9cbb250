"""Knows a profile: the dated rules of grading, scoring and recommendation that authorities change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from fcim_audit.checks.base import Share
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.yaml_source import Strict, read_yaml, validated


class When(StrEnum):
    """The facts that a grading rule can ask for."""

    EXAMPLE_NOT_ADOPTED = "example_not_adopted"
    CONSEQUENCE = "consequence"
    CLAUSE_ABSENT = "clause_absent"
    GROSS_GAP = "gross_gap"
    MANY_MINORS = "many_minors"
    FAILED = "failed"
    NARROW_MARGIN = "narrow_margin"


class GradingRule(Strict):
    """One rule: under which facts which grade is proposed, and the words that say why."""

    id: str
    grade: Literal[Status.OFI, Status.MINOR, Status.MAJOR]
    when: When
    at_least: Annotated[int, Field(ge=1)] = 1
    points: Share = Fraction(0)
    says: Text


class Scoring(Strict):
    """The highest score that a requirement of a grade may carry."""

    cap_minor: Share
    cap_major: Share


class RecommendationRules(Strict):
    """What a recommendation hangs on."""

    verified_share: Share
    must_be_verified: tuple[str, ...]
    too_many_majors: Annotated[int, Field(ge=1)]


class ProfileFile(Strict):
    """The whole of a profile's YAML; grading rules are tried in their order, the first one wins."""

    profile: Literal["1"]
    id: str
    date: str
    title: Text
    grading: Annotated[tuple[GradingRule, ...], Field(min_length=1)]
    scoring: Scoring
    recommendation: RecommendationRules


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile and the hash of the file it came from."""

    rules: ProfileFile
    sha256: str


def load_profile(path: Path) -> Profile:
    """Read a profile; raises AuditErrors with all its mistakes."""
    rules = validated(ProfileFile, read_yaml(path))
    return Profile(rules, hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest())
