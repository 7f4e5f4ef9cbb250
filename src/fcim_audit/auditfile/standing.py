"""Knows where an audit stands: proposal, judgement and findings of every requirement, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from fcim_audit.assessment import Recommendation
from fcim_audit.auditfile.conflicts import open_conflicts
from fcim_audit.auditfile.evidence_refs import evidence_file
from fcim_audit.auditfile.judging import CONCLUDED, Bench
from fcim_audit.auditfile.schema import (
    ENDED,
    EvidenceKind,
    FindingEntry,
    FindingState,
    JudgementEntry,
)
from fcim_audit.checklist.schema import Clause, Requirement
from fcim_audit.durable import sha256_of
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.profile import Profile
from fcim_audit.recommendation import Counted, recommended
from fcim_audit.told import ToldRequirement

PLAN_STANDS = frozenset(
    {
        FindingState.PLAN_ACCEPTED,
        FindingState.EVIDENCE_SUBMITTED,
        FindingState.VERIFIED,
        FindingState.CLOSED,
    }
)
"""States in which a minor finding no longer waits for a plan."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One requirement: what the tool proposes, what the auditor decided, what findings name it."""

    clause: Clause
    requirement: Requirement
    proposal: ToldRequirement | None
    entry: JudgementEntry | None
    findings: tuple[str, ...]
    is_contested: bool = False

    @property
    def id(self) -> str:
        """The requirement's id."""
        return self.requirement.id

    @property
    def status(self) -> Status:
        """The auditor's decision; without one, or with two, nothing is verified."""
        if self.entry is None or self.is_contested:
            return Status.NOT_VERIFIED
        return self.entry.status

    @property
    def is_override(self) -> bool:
        """Whether the auditor decided otherwise than the tool had concluded."""
        kept = None if self.entry is None else self.entry.proposal
        return kept is not None and kept.status in CONCLUDED and kept.status is not self.status

    @property
    def is_outdated(self) -> bool:
        """Whether the tool proposes something else now than when the auditor decided."""
        if self.entry is None or self.proposal is None:
            return False
        kept = self.entry.proposal
        return kept is None or kept.status is not self.proposal.status


def score_of(item: Standing, profile: Profile) -> Fraction | None:
    """The tool's score where the auditor agreed with its status, else the most that the status allows."""
    if item.status in {Status.NOT_VERIFIED, Status.NOT_APPLICABLE}:
        return None
    said = item.proposal
    if said is not None and said.status is item.status and said.score is not None:
        return Fraction(str(said.score))
    scoring = profile.rules.scoring
    caps: Mapping[Status, Fraction] = {
        Status.MINOR: scoring.cap_minor, Status.MAJOR: scoring.cap_major,
    }  # fmt: skip
    return caps.get(item.status, Fraction(100))


@dataclass(frozen=True)
class Standings:
    """Every requirement of the checklist, in clause order."""

    bench: Bench
    profile: Profile
    items: tuple[Standing, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Standing]:
        """By requirement id."""
        return {item.id: item for item in self.items}

    @property
    def unjudged(self) -> tuple[Standing, ...]:
        """Requirements without a judgement."""
        return tuple(item for item in self.items if item.entry is None)

    @property
    def applicable(self) -> int:
        """How many requirements apply."""
        return sum(item.status is not Status.NOT_APPLICABLE for item in self.items)

    @property
    def verified(self) -> int:
        """How many requirements were judged with a result."""
        return sum(item.status in CONCLUDED for item in self.items)

    def count(self, status: Status) -> int:
        """How many requirements have a status."""
        return sum(item.status is status for item in self.items)

    def recommendation(self) -> Recommendation:
        """What is recommended from judgements and open findings, with what blocks a better one."""
        requirements = [Counted(item.id, item.clause.id, item.status) for item in self.items]
        return recommended(
            requirements, self.profile, found_as=self.holding_back(), blocks=tuple(self._blocks())
        )

    def holding_back(self) -> list[Counted]:
        """Nonconformities that hold a certificate back: findings, and judgements without one."""
        clauses = {item.id: item.clause.id for item in self.items}
        counted = [
            Counted(id_, clauses.get(finding.requirement, ""), finding.grade)
            for id_, finding in self.bench.audit.findings.items.items()
            if _holds_back(finding)
        ]
        return counted + [
            Counted(item.id, item.clause.id, item.status, _rule(item))
            for item in self.items
            if item.status in {Status.MINOR, Status.MAJOR} and not item.findings
        ]

    def _blocks(self) -> Iterator[Text]:
        for conflict in open_conflicts(self.bench.audit.conflicts):
            yield conflict.says
        for id_, alarm in self.bench.audit.judgements.alarms.items():
            if alarm.settled is None:
                yield Text(
                    f"证据真实性疑问 {id_} 未解决（G1）",
                    f"the doubt {id_} about the integrity of evidence is not settled (G1)",
                )

    def changed_evidence(self) -> Iterator[tuple[str, str]]:
        """Requirement and evidence whose file has another hash now than when it was named."""
        for item in self.items:
            for ref in () if item.entry is None else item.entry.evidence:
                if ref.kind is not EvidenceKind.FILE:
                    continue
                file = evidence_file(self.bench.audit, ref.ref)
                if file is None or sha256_of(file) != ref.sha256:
                    yield item.id, ref.ref


def _rule(item: Standing) -> str:
    kept = None if item.entry is None else item.entry.proposal
    agreed = kept is not None and kept.status is item.status
    return kept.rule or "" if agreed and kept is not None else ""


def _holds_back(finding: FindingEntry) -> bool:
    """A minor one holds nothing back once its plan is accepted, a major one until it is closed.

    A minor that went on to the next audit had its plan accepted; there it counts until it is verified.
    """
    if finding.state in ENDED:
        return False
    passed_on = finding.state is FindingState.CARRIED_OVER and finding.carried_from is None
    return finding.grade is Status.MAJOR or not (passed_on or finding.state in PLAN_STANDS)


def standings_of(bench: Bench, profile: Profile) -> Standings:
    """Where every requirement stands, whether it was looked at or not."""
    named: dict[str, list[str]] = {}
    for id_, finding in bench.audit.findings.items.items():
        for requirement in dict.fromkeys(
            (finding.requirement, *(i.requirement for i in finding.instances))
        ):
            if finding.state is not FindingState.WITHDRAWN:
                named.setdefault(requirement, []).append(id_)
    entries = bench.audit.judgements.requirements
    return Standings(
        bench,
        profile,
        tuple(
            Standing(
                clause, requirement, bench.proposal(id_), entries.get(id_),
                tuple(named.get(id_, ())), id_ in bench.audit.conflicts.requirements,
            )
            for id_, (clause, requirement) in bench.checklist.requirements.items()
        ),
    )  # fmt: skip
