"""Knows the words for what changed between two audits: which way it went, what became of a finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.schema import FindingEntry
from fcim_audit.auditfile.snapshot import Said, Snapshot
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.told import ToldKpi


class Direction(StrEnum):
    """Which way something went; declared worst first."""

    WORSE = "worse"
    CHANGED = "changed"
    BETTER = "better"
    SAME = "same"


class Fate(StrEnum):
    """What became of a finding between two audits; declared worst first."""

    REPEATED = "repeated"
    NOT_FOLLOWED_UP = "not_followed_up"
    REOPENED = "reopened"
    NEW = "new"
    REGRADED = "regraded"
    PERSISTING = "persisting"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding: its fate, its ids on both sides, how it was graded and stands."""

    fate: Fate
    old_id: str | None
    new_id: str | None
    old: FindingEntry | None
    new: FindingEntry | None

    @property
    def requirement(self) -> str:
        """The requirement it is on now, else the one it was on."""
        finding = self.new or self.old
        assert finding is not None
        return finding.requirement

    @property
    def is_carried(self) -> bool:
        """Whether the new audit took it over from the one before."""
        return self.new is not None and self.new.carried_from is not None

    @property
    def direction(self) -> Direction:
        """Which way it went."""
        match self.fate:
            case Fate.REPEATED | Fate.NOT_FOLLOWED_UP | Fate.REOPENED:
                return Direction.WORSE
            case Fate.NEW:
                is_ofi = self.new is not None and self.new.grade is Status.OFI
                return Direction.CHANGED if is_ofi else Direction.WORSE
            case Fate.REGRADED:
                assert self.old is not None and self.new is not None
                return direction_of_status(self.old.grade, self.new.grade)
            case Fate.PERSISTING:
                return Direction.SAME
            case Fate.WITHDRAWN:
                return Direction.CHANGED
            case Fate.CLOSED:
                return Direction.BETTER


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One requirement whose status, or who says it, changed."""

    old_id: str
    new_id: str
    old: Said
    new: Said

    @property
    def direction(self) -> Direction:
        """Which way it went."""
        return direction_of_status(self.old.status, self.new.status)


@dataclass(frozen=True, slots=True)
class KpiChange:
    """One of the eight figures, then and now."""

    id: str
    old: ToldKpi | None
    new: ToldKpi | None

    @property
    def difference(self) -> float | None:
        """Now less then; None where one of them was not measured."""
        values = [None if side is None else side.measured for side in (self.old, self.new)]
        return None if values[0] is None or values[1] is None else values[1] - values[0]

    @property
    def direction(self) -> Direction:
        """Whether the target is attained, missed, or no longer told, as it was not before."""
        old, new = (None if s is None else s.attained for s in (self.old, self.new))
        if old is new:
            return Direction.SAME if self.difference in {None, 0.0} else Direction.CHANGED
        if new is True:
            return Direction.BETTER
        return Direction.CHANGED if old is False else Direction.WORSE


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """Files by name and hash."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed; `gone` and `added`: requirements that have no counterpart on the other side."""

    old: Snapshot
    new: Snapshot
    findings: tuple[FindingChange, ...] | None
    statuses: tuple[StatusChange, ...]
    unchanged: int
    gone: tuple[str, ...]
    added: tuple[str, ...]
    kpis: tuple[KpiChange, ...]
    evidence: EvidenceChange
    remarks: tuple[Text, ...]

    @property
    def recommendation(self) -> Direction:
        """Which way the recommendation went; changed where one side has none."""
        old, new = self.old.recommendation, self.new.recommendation
        if old is new:
            return Direction.SAME
        if old is None or new is None:
            return Direction.CHANGED
        return Direction.WORSE if _RANK[new] > _RANK[old] else Direction.BETTER

    @property
    def got_worse(self) -> bool:
        """Whether anything got worse."""
        directions = [self.recommendation, *(s.direction for s in self.statuses)]
        directions += [k.direction for k in self.kpis]
        directions += [f.direction for f in self.findings or ()]
        return Direction.WORSE in directions


_RANK = {
    code: rank
    for rank, code in enumerate(
        (
            RecommendationCode.RECOMMEND,
            RecommendationCode.AFTER_PLAN,
            RecommendationCode.AFTER_VERIFICATION,
            RecommendationCode.CANNOT_CONCLUDE,
            RecommendationCode.NOT_RECOMMENDED,
        )
    )
}
BADNESS = {
    Status.CONFORM: 0,
    Status.OFI: 1,
    Status.NOT_VERIFIED: 2,
    Status.MINOR: 3,
    Status.MAJOR: 4,
}


def direction_of_status(old: Status, new: Status) -> Direction:
    """What was a nonconformity and can't be told any more got no better."""
    if old is new:
        return Direction.SAME
    if Status.NOT_APPLICABLE in {old, new}:
        return Direction.CHANGED
    if BADNESS[new] > BADNESS[old]:
        return Direction.WORSE
    return Direction.CHANGED if new is Status.NOT_VERIFIED else Direction.BETTER
