"""Knows every field that a Word template may use: what is not declared here does not exist for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteField:
    """A place of the organisation."""

    id: str
    name: str
    address: str
    headcount: str
    visited: str


@dataclass(frozen=True, slots=True)
class MemberField:
    """One of the audit team."""

    id: str
    name: str
    role: str
    registration: str
    competence: str
    clauses: str


@dataclass(frozen=True, slots=True)
class SlotField:
    """One line of the audit plan's timetable."""

    day: str
    time: str
    what: str
    department: str
    auditor: str


@dataclass(frozen=True, slots=True)
class KpiField:
    """One of the eight figures of clause 6.3: claimed and recomputed, by month and site, with its bar."""

    id: str
    name: str
    claimed: str
    measured: str
    difference: str
    required: str
    result: str
    parts: str
    bar_met: str
    bar_missed: str
    bar_rest: str


@dataclass(frozen=True, slots=True)
class TileField:
    """One of the four figures at the head, and what it is made of."""

    title: str
    figure: str
    parts: str


@dataclass(frozen=True, slots=True)
class ChapterField:
    """A chapter of the checklist: how many requirements have which status, and a bar of them."""

    id: str
    title: str
    verified: str
    score: str
    counts: str
    bar_conform: str
    bar_ofi: str
    bar_minor: str
    bar_major: str
    bar_open: str


@dataclass(frozen=True, slots=True)
class FactField:
    """One failed check behind a requirement, with its places."""

    check: str
    figure: str
    remarks: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingField:
    """A requirement that the tool proposes, or the auditor judged, not to be met."""

    number: int
    id: str
    grade: str
    title: str
    criterion: str
    why: str
    facts: tuple[FactField, ...]


@dataclass(frozen=True, slots=True)
class InstanceField:
    """One occurrence behind a nonconformity."""

    says: str
    counted: str
    places: str


@dataclass(frozen=True, slots=True)
class NonconformityField:
    """A finding that the auditors raised: nonconformity or opportunity, with its life.

    `short`: the id without the number of this audit, which stands on every page.
    """

    number: int
    id: str
    short: str
    grade: str
    boxes: str
    grade_reason: str
    state: str
    requirement: str
    title: str
    criterion: str
    statement: str
    evidence: str
    instances: tuple[InstanceField, ...]
    site: str
    department: str
    process: str
    raised_by: str
    raised_on: str
    reviewed: str
    issued_on: str
    repeat_of: str
    carried_from: str
    dues: tuple[str, ...]
    nearest_due: str
    acknowledged: str
    dissent: str
    correction: str
    cause: str
    method: str
    extent: str
    action: str
    owner: str
    action_due: str
    returned: str
    submitted: str
    method_boxes: str
    verification: str
    verified_by: str
    closed: str


@dataclass(frozen=True, slots=True)
class RequirementField:
    """One requirement: asked, seen, decided; `heading` where a clause begins."""

    id: str
    clause: str
    heading: str
    title: str
    criterion: str
    status: str
    checks: str
    questions: str
    evidence: str
    note: str
    findings: str


@dataclass(frozen=True, slots=True)
class OpenRuleField:
    """An automatic rule that could not conclude."""

    check: str
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class UnusedField:
    """Something in the evidence that was not looked at."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class ClauseField:
    """What the leading sentence of a clause asks for."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class NoteField:
    """A defect of the standard's text and how it is read."""

    id: str
    clauses: str
    defect: str
    reading: str


@dataclass(frozen=True, slots=True)
class LimitField:
    """A limit that was used."""

    title: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class FileField:
    """A file of the evidence."""

    file: str
    sha256: str
    content: str


@dataclass(frozen=True, slots=True)
class MaturityField:
    """The maturity of a clause: what the auditor gave, what figures allow at most."""

    clause: str
    level: str
    ceiling: str
    why: str
    bar: str
    bar_rest: str


@dataclass(frozen=True, slots=True)
class FixField:
    """One thing to do on the way to a better recommendation."""

    what: str
    id: str
    days: str


@dataclass(frozen=True, slots=True)
class WayField:
    """The cheapest way to a recommendation; `groups`: the fixes of one kind together, their ids in a row."""

    recommendation: str
    days: int
    fixes: tuple[FixField, ...]
    groups: tuple[FixField, ...]


@dataclass(frozen=True, slots=True)
class AlarmField:
    """A doubt about the integrity of evidence."""

    id: str
    about: str
    settled: str


@dataclass(frozen=True, slots=True)
class AuditFields:
    """What is known of an audit; every text is empty, every list too, for a bundle alone."""

    audit_id: str
    audit_type: str
    organisation_code: str
    address: str
    representative: str
    contact: str
    headcount: str
    sites: tuple[SiteField, ...]
    body: str
    body_address: str
    body_rules: str
    scope: str
    objectives: tuple[str, ...]
    start: str
    end: str
    days: str
    remote: str
    confidentiality: str
    independence: str
    previous: str
    duration: str
    sampling_plan: str
    deviations: str
    changes: str
    programme: str
    unresolved: str
    combined: str
    certificate_use: str
    previous_verification: str
    effectiveness: str
    scope_appropriate: str
    objectives_met: str
    team_recommendation: str
    team: tuple[MemberField, ...]
    leader: str
    schedule: tuple[SlotField, ...]
    nonconformities: tuple[NonconformityField, ...]
    earlier: tuple[NonconformityField, ...]
    without_finding: tuple[RequirementField, ...]
    alarms: tuple[AlarmField, ...]
    maturity: tuple[MaturityField, ...]
    ways: tuple[WayField, ...]
    today: str
    journal: str
    result_sha256: str
    unstated: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Everything on the top level."""

    title: str
    stamp: str
    stamp_why: str
    document_state: str
    organisation: str
    period_start: str
    period_end: str
    as_of: str
    checklist: str
    criteria_edition: str
    checklist_sha256: str
    profile: str
    profile_sha256: str
    tool: str
    verdict: str
    recommendation: str
    recommendation_why: tuple[str, ...]
    note: str
    majors: int
    minors: int
    ofis: int
    conforms: int
    not_applicables: int
    unverified: int
    unjudged: int
    verified: str
    score: str
    open_count: int
    question_count: int
    kpis: tuple[KpiField, ...]
    chapters: tuple[ChapterField, ...]
    findings: tuple[FindingField, ...]
    requirements: tuple[RequirementField, ...]
    internal_audit: tuple[RequirementField, ...]
    open_requirements: tuple[RequirementField, ...]
    open_rules: tuple[OpenRuleField, ...]
    unused: tuple[UnusedField, ...]
    clauses: tuple[ClauseField, ...]
    notes: tuple[NoteField, ...]
    plan: tuple[LimitField, ...]
    files: tuple[FileField, ...]
    tiles: tuple[TileField, ...]
    sampling: tuple[str, ...]
    red_flags: tuple[str, ...]
    sql_count: int
