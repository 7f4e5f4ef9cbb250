"""Knows a profile: the dated rules of grading, scoring and recommendation that authorities change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fcim_audit.checks.base import Share
from fcim_audit.document_kinds import Kind
from fcim_audit.durable import text_sha256
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.yaml_source import Refusal, Strict, read_yaml, validated


class When(StrEnum):
    """The facts that a grading rule can ask for."""

    EXAMPLE_NOT_ADOPTED = "example_not_adopted"
    CONSEQUENCE = "consequence"
    CLAUSE_ABSENT = "clause_absent"
    GROSS_GAP = "gross_gap"
    MANY_MINORS = "many_minors"
    FAILED = "failed"
    NARROW_MARGIN = "narrow_margin"
    HIDDEN_FAILURE = "hidden_failure"


class GradingRule(Strict):
    """One rule: under which facts which grade is proposed, and the words that say why."""

    id: str
    grade: Literal[Status.OFI, Status.MINOR, Status.MAJOR]
    when: When
    at_least: Annotated[int, Field(ge=1)] = 1
    points: Share = Fraction(0)
    says: Text


class FindingWhen(StrEnum):
    """The facts about a finding, beside its requirement's status, that a rule can ask for."""

    REPEAT = "repeat"
    SAME_CAUSE = "same_cause"
    MANY_SITES = "many_sites"


class FindingRule(Strict):
    """A rule that looks at more than one requirement: earlier audits, causes, sites."""

    id: str
    grade: Literal[Status.MINOR, Status.MAJOR]
    when: FindingWhen
    at_least: Annotated[int, Field(ge=1)] = 1
    share: Share = Fraction(0)
    says: Text


class UngradedWhen(StrEnum):
    """Why no grade is proposed."""

    ALARM = "alarm"
    NOT_JUDGED = "not_judged"


class UngradedRule(Strict):
    """A rule under which nothing is graded, and the words that say why."""

    id: str
    when: UngradedWhen
    says: Text


class DueStep(StrEnum):
    """What is due: the answer, the auditee's own action, its verification, the last day of all."""

    RESPONSE = "response"
    ACTION = "action"
    VERIFICATION = "verification"
    HARD_STOP = "hard_stop"


class Limit(Strict):
    """How long after the closing meeting a step may take, for one grade; calendar days or months."""

    grade: Literal[Status.MINOR, Status.MAJOR]
    step: Literal[DueStep.RESPONSE, DueStep.VERIFICATION, DueStep.HARD_STOP]
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    at: Literal["next_audit"] | None = None

    @model_validator(mode="after")
    def _says_one_length(self) -> Limit:
        if sum(given is not None for given in (self.days, self.months, self.at)) != 1:
            raise Refusal(
                Text("期限须且只须一种写法", "a limit is given in exactly one way"),
                Text("写 days、months 或 at: next_audit", "write days, months or at: next_audit"),
            )
        return self


class Rung(Strict):
    """One rung of the ladder: from how many days after the due day (before it: negative) who is told."""

    level: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    days: Annotated[int, Field(ge=-365, le=3650)]
    says: Text


class WordList(Strict):
    """Words of both languages; Chinese ones are found inside of text, English ones as whole words."""

    zh: tuple[Annotated[str, Field(min_length=1)], ...]
    en: tuple[Annotated[str, Field(min_length=1)], ...]


class FindingWords(Strict):
    """What does not belong in a finding."""

    cause: WordList
    solution: WordList
    vague: WordList
    titles: WordList


class FindingRules(Strict):
    """How findings are graded, until when what is due, and which words they do without."""

    grading: tuple[FindingRule, ...] = ()
    ungraded: tuple[UngradedRule, ...] = ()
    limits: tuple[Limit, ...]
    ladder: Annotated[tuple[Rung, ...], Field(min_length=1)]
    words: FindingWords

    @model_validator(mode="after")
    def _one_limit_each_and_a_rising_ladder(self) -> FindingRules:
        keys = [(limit.grade, limit.step) for limit in self.limits]
        if len(set(keys)) < len(keys):
            raise Refusal(
                Text("同一级别同一步骤有两个期限", "one grade and step has two limits"),
                Text("只保留一个", "keep one of them"),
            )
        days = [rung.days for rung in self.ladder]
        if days != sorted(set(days)):
            raise Refusal(
                Text("升级阶梯的天数须递增", "the days of the ladder must rise"),
                Text("按 days 从小到大排列", "put them in the order of days"),
            )
        return self


class Scoring(Strict):
    """The highest score that a requirement of a grade may carry."""

    cap_minor: Share
    cap_major: Share


class RecommendationRules(Strict):
    """What a recommendation hangs on."""

    verified_share: Share
    must_be_verified: tuple[str, ...]
    too_many_majors: Annotated[int, Field(ge=1)]


class DocumentRule(Strict):
    """What documents of some kinds must say before they are final; `types`: only of such audits."""

    id: str
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    severity: Literal["error", "warning"]
    types: tuple[str, ...] = ()
    says: Text


class ProfileFile(Strict):
    """The whole of a profile's YAML; grading rules are tried in their order, the first one wins."""

    profile: Literal["1"]
    id: str
    date: str
    title: Text
    grading: Annotated[tuple[GradingRule, ...], Field(min_length=1)]
    scoring: Scoring
    recommendation: RecommendationRules
    findings: FindingRules | None = None
    documents: tuple[DocumentRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile and the hash of the file it came from."""

    rules: ProfileFile
    sha256: str

    @property
    def findings(self) -> FindingRules:
        """The rules of findings; raises AuditError where the profile has none."""
        if self.rules.findings is None:
            raise AuditError(
                Text("没有不符合项的规则（findings）", "has no rules for findings"),
                self.rules.id,
                Text(
                    "在规则文件中补上 findings: 一段，可参照随工具提供的规则文件",
                    "add the section findings: to the profile, as in the one that comes with the tool",
                ),
            )
        return self.rules.findings


def load_profile(path: Path) -> Profile:
    """Read a profile; raises AuditErrors with all its mistakes."""
    rules = validated(ProfileFile, read_yaml(path))
    return Profile(rules, text_sha256(path.read_bytes()).hex())
