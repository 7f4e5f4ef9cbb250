"""Knows `conflicts.yaml`: what copies of one audit say differently, every side kept, for the lead to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, JsonValue

from fcim_audit.auditfile.schema import (
    Alarm,
    FindingEntry,
    FindingId,
    JudgementEntry,
    Line,
    MaturityEntry,
    MemberId,
    Sha256,
)
from fcim_audit.checklist.schema import ClauseId, RequirementId
from fcim_audit.language import Text
from fcim_audit.yaml_source import Strict

CONFLICTS = "conflicts.yaml"
MERGE, DECIDE = "merge", "decide"
"""The journal's words for uniting copies, and for the lead's decision on a conflict."""
SideId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
Said = TypeVar("Said")


class Section(StrEnum):
    """What a conflict is about."""

    REQUIREMENTS = "requirements"
    FINDINGS = "findings"
    ALARMS = "alarms"
    MATURITY = "maturity"
    AUDIT = "audit"
    EVIDENCE = "evidence"


class Touched(Strict):
    """Who put a side where it stands, and when, as that copy's journal says."""

    by: Line
    at: Line


class Side(Strict, Generic[Said]):
    """What one or more copies say; without a value they removed it."""

    id: SideId
    changed: Annotated[tuple[Touched, ...], Field(min_length=1)]
    value: Said | None = None


class Disagreement(Strict, Generic[Said]):
    """All that is said of one thing, in an order that does not hang on who merged what first."""

    sides: Annotated[tuple[Side[Said], ...], Field(min_length=2)]


class FileDecision(Strict):
    """Which of the files that bear one name the lead took, and among which."""

    taken: Sha256
    among: tuple[Sha256, ...]
    by: MemberId
    at: dt.datetime
    reason: Line | None = None


class FileClash(Strict):
    """Evidence files of one path that differ; all are kept, those not at the path as `path~sha8`."""

    sides: Annotated[tuple[Sha256, ...], Field(min_length=2)]
    decisions: tuple[FileDecision, ...] = ()

    @property
    def taken(self) -> str | None:
        """The file that was taken last among all of them; None while nobody decided so."""
        made = [d for d in self.decisions if set(d.among) >= set(self.sides)]
        return max(made, key=lambda d: (d.at, d.taken)).taken if made else None


class Conflicts(Strict):
    """`conflicts.yaml`; an audit that was never merged has none."""

    conflicts: Literal["1"]
    requirements: dict[RequirementId, Disagreement[JudgementEntry]] = Field(default_factory=dict)
    findings: dict[FindingId, Disagreement[FindingEntry]] = Field(default_factory=dict)
    alarms: dict[FindingId, Disagreement[Alarm]] = Field(default_factory=dict)
    maturity: dict[ClauseId, Disagreement[MaturityEntry]] = Field(default_factory=dict)
    audit: dict[Line, Disagreement[JsonValue]] = Field(default_factory=dict)
    evidence: dict[Line, FileClash] = Field(default_factory=dict)


NONE = Conflicts(conflicts="1")
PLACES: Mapping[Section, tuple[str, tuple[str, ...]]] = {
    Section.REQUIREMENTS: ("judgements.yaml", ("requirements",)),
    Section.FINDINGS: ("findings.yaml", ("items",)),
    Section.ALARMS: ("judgements.yaml", ("alarms",)),
    Section.MATURITY: ("judgements.yaml", ("maturity",)),
    Section.AUDIT: ("audit.yaml", ()),
}
"""Where what a section contests stands when it is decided."""
_WORDS = {
    Section.REQUIREMENTS: Text("判断", "judgement"),
    Section.FINDINGS: Text("发现", "finding"),
    Section.ALARMS: Text("证据真实性疑问", "doubt about evidence"),
    Section.MATURITY: Text("成熟度", "maturity"),
    Section.AUDIT: Text("审核计划", "audit.yaml"),
    Section.EVIDENCE: Text("证据文件", "evidence file"),
}


@dataclass(frozen=True, slots=True)
class Open:
    """One conflict that the lead has not decided."""

    section: Section
    key: str
    sides: int

    @property
    def says(self) -> Text:
        """It in words."""
        words = _WORDS[self.section]
        return Text(
            f"{words.zh} {self.key}：有 {self.sides} 种说法，待组长决定",
            f"{words.en} {self.key}: {self.sides} sides, for the lead to decide",
        )


def open_conflicts(conflicts: Conflicts) -> tuple[Open, ...]:
    """Every conflict still open; none of them lets an audit be concluded."""
    return tuple(_open(conflicts))


def _open(conflicts: Conflicts) -> Iterator[Open]:
    for section in PLACES:
        for key, disagreement in disagreements(conflicts, section).items():
            yield Open(section, key, len(disagreement.sides))
    for path, clash in conflicts.evidence.items():
        if clash.taken is None:
            yield Open(Section.EVIDENCE, path, len(clash.sides))


def disagreements(
    conflicts: Conflicts, section: Section
) -> Mapping[
    str,
    Disagreement[JudgementEntry]
    | Disagreement[FindingEntry]
    | Disagreement[Alarm]
    | Disagreement[MaturityEntry]
    | Disagreement[JsonValue],
]:
    """The conflicts of one section; those of files are of another shape and not among them."""
    match section:
        case Section.REQUIREMENTS:
            return conflicts.requirements
        case Section.FINDINGS:
            return conflicts.findings
        case Section.ALARMS:
            return conflicts.alarms
        case Section.MATURITY:
            return conflicts.maturity
        case Section.AUDIT:
            return conflicts.audit
        case Section.EVIDENCE:
            return {}


def place_of(section: Section, key: str) -> tuple[str, tuple[str, ...]] | None:
    """The document and path of what a conflict is about; a file of the evidence has none."""
    if section is Section.EVIDENCE:
        return None
    document, under = PLACES[section]
    return document, (*under, key)


def contested(conflicts: Conflicts, document: str, path: Sequence[str]) -> Open | None:
    """The open conflict on what stands at a place of a document, or on a part of it."""
    for conflict in open_conflicts(conflicts):
        place = place_of(conflict.section, conflict.key)
        if place is not None and place == (document, tuple(path[: len(place[1])])):
            return conflict
    return None
