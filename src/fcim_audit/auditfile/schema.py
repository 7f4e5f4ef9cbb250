"""Knows the models of an audit folder's three files: `audit.yaml`, `judgements.yaml`, `findings.yaml`."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fcim_audit.assessment import RecommendationCode
from fcim_audit.checklist.schema import ClauseId, RequirementId
from fcim_audit.language import Lang, Text
from fcim_audit.model import Status
from fcim_audit.yaml_source import Refusal, Strict

Line = Annotated[str, Field(min_length=1, max_length=4000)]
MemberId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,19}$")]
FindingId = Annotated[str, Field(pattern=r"^\w[\w.-]{0,79}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AuditType(StrEnum):
    """Why an audit is held."""

    GAP = "gap"
    STAGE_1 = "stage_1"
    STAGE_2 = "stage_2"
    SURVEILLANCE_1 = "surveillance_1"
    SURVEILLANCE_2 = "surveillance_2"
    RECERTIFICATION = "recertification"
    SPECIAL = "special"


class Role(StrEnum):
    """What a member of the team may do: only the first three judge, only the lead decides conflicts."""

    LEAD = "lead"
    AUDITOR = "auditor"
    TRAINEE = "trainee"
    EXPERT = "expert"
    OBSERVER = "observer"


JUDGING = frozenset({Role.LEAD, Role.AUDITOR, Role.TRAINEE})


class Member(Strict):
    """One of the audit team; `clauses` are patterns such as `6.*` of what the member audits."""

    id: MemberId
    name: Line
    role: Role
    competence: tuple[Line, ...] = ()
    registration: Line | None = None
    clauses: tuple[Line, ...] = ()

    def audits(self, requirement: str) -> bool:
        """Whether the requirement is among the clauses given to this member."""
        return any(
            fnmatchcase(requirement, p) or requirement.startswith((f"{p}.", f"{p}-"))
            for p in self.clauses
        )


class AuditedSite(Strict):
    """A place of the organisation."""

    id: Line
    name: Line
    address: Line | None = None
    headcount: Annotated[int, Field(ge=0)] | None = None
    visited: bool = True


class Auditee(Strict):
    """Who is audited."""

    name: Line
    code: Line | None = None
    address: Line | None = None
    representative: Line | None = None
    contact: Line | None = None
    headcount: Annotated[int, Field(ge=0)] | None = None
    sites: tuple[AuditedSite, ...] = ()


class CertificationBody(Strict):
    """In whose name the audit is held, and by which rules of its own."""

    name: Line
    address: Line | None = None
    rules: Line | None = None


class Criteria(Strict):
    """Against what is audited: the checklist (`fcim` is the shipped one, else a folder) and its edition."""

    checklist: Line = "fcim"
    edition: Line
    sha256: Sha256


class Dates(Strict):
    """First and last day on site; the last is that of the closing meeting: day 0 of every limit."""

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _start_before_end(self) -> Dates:
        if self.end < self.start:
            raise Refusal(
                Text("审核结束早于开始", "the audit ends before it starts"),
                Text("检查 dates.start 和 dates.end", "check dates.start and dates.end"),
            )
        return self


class Slot(Strict):
    """One line of the timetable: when, which process or clauses, where, who audits."""

    day: dt.date
    time: Line | None = None
    what: Line
    department: Line | None = None
    auditors: tuple[MemberId, ...] = ()


class AuditFile(Strict):
    """`audit.yaml`: what is audited, by whom, against what, when and why.

    What is told in words (`remote` to `recommendation`) stands in the documents as it is written;
    where there is nothing to tell, "none" is written, since an empty field says nothing.
    """

    audit: Literal["1"]
    id: FindingId
    language: Lang = Lang.ZH
    type: AuditType
    organisation: Auditee
    certification_body: CertificationBody | None = None
    criteria: Criteria
    profile: Line = "iso17021-2015"
    scope: Line
    objectives: Annotated[tuple[Line, ...], Field(min_length=1)]
    dates: Dates
    as_of: dt.date | None = None
    team: Annotated[tuple[Member, ...], Field(min_length=1)]
    independence: Line
    confidentiality: Line | None = None
    remote: Line | None = None
    previous: Line | None = None
    duration: Line | None = None
    sampling: Line | None = None
    schedule: tuple[Slot, ...] = ()
    deviations: Line | None = None
    changes: Line | None = None
    programme: Line | None = None
    unresolved: Line | None = None
    combined: Line | None = None
    certificate_use: Line | None = None
    previous_verification: Line | None = None
    effectiveness: Line | None = None
    scope_appropriate: Line | None = None
    objectives_met: Line | None = None
    recommendation: RecommendationCode | None = None
    plan: dict[str, Line] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_lead_no_name_twice_no_stranger(self) -> AuditFile:
        ids = [member.id for member in self.team]
        if len(set(ids)) < len(ids):
            raise Refusal(
                Text("审核组有重复的 id", "two members of the team have one id"),
                Text("给每人不同的 id", "give each their own id"),
            )
        if sum(member.role is Role.LEAD for member in self.team) != 1:
            raise Refusal(
                Text("审核组必须有且只有一名组长", "the team needs exactly one lead"),
                Text("把一人的 role 写成 lead", "set the role of one member to lead"),
            )
        strangers = {a for slot in self.schedule for a in slot.auditors} - set(ids)
        if strangers:
            named = ", ".join(sorted(strangers))
            raise Refusal(
                Text(
                    f"日程里的 {named} 不在审核组", f"{named} of the timetable is not in the team"
                ),
                Text(
                    "schedule 的 auditors 写审核组成员的 id",
                    "auditors of schedule are ids of the team",
                ),
            )
        return self

    def member(self, id_: str) -> Member | None:
        """The member of the team with this id."""
        return next((member for member in self.team if member.id == id_), None)

    @property
    def lead(self) -> Member:
        """The team leader."""
        return next(member for member in self.team if member.role is Role.LEAD)


class EvidenceKind(StrEnum):
    """What stands behind a judgement: a file, a figure of the tool, or what was heard or seen."""

    FILE = "file"
    CHECK = "check"
    INTERVIEW = "interview"
    OBSERVATION = "observation"
    RECORD = "record"


class EvidenceRef(Strict):
    """One piece of objective evidence.

    `file`: `path#place` below `evidence/`, with the file's sha256; `check`: a check's id, with the
    sha256 of the result it stands in; the others: what was heard, seen, or read on paper, in words.
    """

    kind: EvidenceKind
    ref: Line
    sha256: Sha256 | None = None

    def __str__(self) -> str:
        """As people write it: `interview: …`; a file without its kind."""
        return self.ref if self.kind is EvidenceKind.FILE else f"{self.kind.value}: {self.ref}"


class KeptProposal(Strict):
    """What the tool had proposed when the auditor decided, kept beside the decision."""

    status: Status
    rule: str | None = None
    says: Text | None = None
    result: Sha256


class JudgementEntry(Strict):
    """What an auditor decided on one requirement; `effort`: person-days that putting it right may take."""

    status: Status
    evidence: tuple[EvidenceRef, ...] = ()
    note: Line | None = None
    reason: Line | None = None
    approved_by: MemberId | None = None
    effort: Annotated[int, Field(ge=0, le=10_000)] | None = None
    by: MemberId
    at: dt.datetime
    proposal: KeptProposal | None = None


class MaturityEntry(Strict):
    """The level of a clause in a gap assessment, L0 to L5."""

    level: Annotated[int, Field(ge=0, le=5)]
    note: Line
    by: MemberId
    at: dt.datetime


class Settled(Strict):
    """How a suspicion was settled."""

    how: Line
    by: MemberId
    on: dt.date


class Alarm(Strict):
    """A suspicion about the integrity of evidence: no grade, the lead decides (rule G1)."""

    about: Line
    sha256: Sha256 | None = None
    requirements: tuple[RequirementId, ...] = ()
    raised_by: MemberId
    raised_on: dt.date
    settled: Settled | None = None


class Judgements(Strict):
    """`judgements.yaml`."""

    judgements: Literal["1"]
    requirements: dict[RequirementId, JudgementEntry] = Field(default_factory=dict)
    maturity: dict[ClauseId, MaturityEntry] = Field(default_factory=dict)
    alarms: dict[FindingId, Alarm] = Field(default_factory=dict)


class FindingState(StrEnum):
    """Where a finding stands in its life."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    RESPONSE_RECEIVED = "response_received"
    PLAN_ACCEPTED = "plan_accepted"
    RETURNED = "returned"
    EVIDENCE_SUBMITTED = "evidence_submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CARRIED_OVER = "carried_over"


ENDED = frozenset({FindingState.CLOSED, FindingState.WITHDRAWN})
"""States in which a finding asks for nothing more."""


class FindingPlace(Strict):
    """Where objective evidence stands: never a name, always a place."""

    file: Line
    sha256: Sha256 | None = None
    sheet: Line | None = None
    row: Annotated[int, Field(ge=1)] | None = None
    cell: Line | None = None


class Instance(Strict):
    """One occurrence behind a finding: a failed figure or what was seen, counted."""

    requirement: RequirementId
    check: Line | None = None
    says: Line
    count: Annotated[int, Field(ge=0)] | None = None
    population: Annotated[int, Field(ge=0)] | None = None
    site: Line | None = None
    places: tuple[FindingPlace, ...] = ()


class Acknowledgement(Strict):
    """The auditee's answer to an issued finding; a dissent is kept in its words."""

    by: Line
    on: dt.date
    dissent: Line | None = None


class Response(Strict):
    """What the auditee will do: correction at once, cause, extent, corrective action."""

    received_on: dt.date
    correction: Line
    cause: Line
    method: Line | None = None
    extent: Line
    action: Line
    owner: Line
    due: dt.date


class Submission(Strict):
    """What the auditee handed in to show that the action works."""

    on: dt.date
    evidence: Annotated[tuple[EvidenceRef, ...], Field(min_length=1)]
    effectiveness: Line


class VerificationMethod(StrEnum):
    """How a corrective action is verified."""

    DOCUMENT = "document"
    ON_SITE = "on_site"
    NEXT_AUDIT = "next_audit"


class Verification(Strict):
    """What the verifier found."""

    method: VerificationMethod
    effective: bool
    note: Line
    by: MemberId
    on: dt.date


class Regrade(Strict):
    """A change of grade, with its reason; the earlier grade is kept."""

    was: Status
    reason: Line
    by: MemberId
    on: dt.date


Grade = Literal[Status.OFI, Status.MINOR, Status.MAJOR]


class FindingEntry(Strict):
    """A nonconformity or opportunity for improvement: criterion, objective evidence, statement."""

    grade: Grade
    state: FindingState = FindingState.DRAFT
    requirement: RequirementId
    statement: Line
    objective_evidence: Line
    rule: Line | None = None
    why: Line | None = None
    proposed_grade: Grade | None = None
    grade_reason: Line | None = None
    cause_tag: Line | None = None
    site: Line | None = None
    process: Line | None = None
    department: Line | None = None
    instances: tuple[Instance, ...] = ()
    repeat_of: FindingId | None = None
    carried_from: FindingId | None = None
    effort: Annotated[int, Field(ge=0, le=10_000)] | None = None
    raised_by: MemberId
    raised_on: dt.date
    reviewed_by: MemberId | None = None
    reviewed_on: dt.date | None = None
    issued_on: dt.date | None = None
    acknowledgement: Acknowledgement | None = None
    response: Response | None = None
    plan_accepted_on: dt.date | None = None
    returned: tuple[Line, ...] = ()
    submission: Submission | None = None
    verification: Verification | None = None
    closed_by: MemberId | None = None
    closed_on: dt.date | None = None
    withdrawn: Line | None = None
    regraded: tuple[Regrade, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state not in ENDED


class Findings(Strict):
    """`findings.yaml`."""

    findings: Literal["1"]
    items: dict[FindingId, FindingEntry] = Field(default_factory=dict)
