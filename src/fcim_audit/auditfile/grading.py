"""Knows which grade the rules propose for a finding, by which rule, and what keeps them from proposing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from fcim_audit.auditfile.carrying import effectively_closed
from fcim_audit.auditfile.folder import Audit, is_audit, open_audit
from fcim_audit.auditfile.schema import ENDED, FindingEntry, Grade
from fcim_audit.auditfile.standing import Standing, Standings
from fcim_audit.language import Text
from fcim_audit.model import Modality, Status
from fcim_audit.profile import FindingRule, FindingWhen, GradingRule, UngradedWhen, When

NOT_MET = frozenset({Status.MINOR, Status.MAJOR})
BY_AUDITOR = "manual"
"""Stands in place of a rule where the grade is the auditor's own."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a finding stands on, as the rules of grading look at it."""

    requirements: tuple[str, ...]
    cause_tag: str | None = None
    sites: frozenset[str] = frozenset()
    repeat_of: str | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A grade, the rule that gave it and its words; without a grade they say why there is none."""

    grade: Grade | None
    rule: str
    says: Text


@dataclass(frozen=True, slots=True)
class Systemic:
    """Requirements of one clause that fail together, and the rule that makes them one."""

    rule: GradingRule
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What grading looks at: where the audit stands, what fails together, findings of the audit before."""

    standings: Standings
    systemic: Mapping[str, Systemic]
    earlier: Mapping[str, FindingEntry]

    @property
    def audit(self) -> Audit:
        """The audit."""
        return self.standings.bench.audit


def ground_of(standings: Standings) -> Ground:
    """Everything that grading looks at; reads the audit before, where it is named and there."""
    return Ground(standings, _systemic(standings), earlier_findings(standings.bench.audit))


def basis_of(finding: FindingEntry) -> Basis:
    """What a finding stands on."""
    named = (finding.requirement, *(i.requirement for i in finding.instances))
    sites = {finding.site, *(i.site for i in finding.instances)} - {None}
    return Basis(
        tuple(dict.fromkeys(named)), finding.cause_tag,
        frozenset(site for site in sites if site is not None), finding.repeat_of,
    )  # fmt: skip


def proposed(basis: Basis, ground: Ground, itself: str | None = None) -> Proposed:
    """The grade the rules propose; the first that applies wins. `itself`: the finding's own id."""
    ungraded = _ungraded(basis, ground)
    if ungraded is not None:
        return ungraded
    by_id = ground.standings.by_id
    items = [by_id[id_] for id_ in basis.requirements if id_ in by_id]
    not_met = [item for item in items if item.status in NOT_MET]
    if not not_met:
        return _opportunity(items)
    for found in (
        *_own_rules(not_met, ground), *_of_clause(not_met, ground),
        *_of_finding(basis, not_met, ground, itself),
    ):  # fmt: skip
        return found
    rule = next((g for g in ground.standings.profile.rules.grading if g.when is When.FAILED), None)
    if rule is None:
        return Proposed(Status.MINOR, BY_AUDITOR, _JUDGED)
    return Proposed(rule.grade, rule.id, rule.says)


_JUDGED = Text("审核员的判断", "the auditor's own judgement")


def _ungraded(basis: Basis, ground: Ground) -> Proposed | None:
    """G1 for what an open doubt concerns, G0 for what nobody judged or could verify."""
    standings = ground.standings
    doubted = {
        requirement
        for alarm in standings.bench.audit.judgements.alarms.values()
        if alarm.settled is None
        for requirement in alarm.requirements
    }
    graded = {*NOT_MET, Status.OFI}
    facts = {
        UngradedWhen.ALARM: bool(doubted & set(basis.requirements)),
        UngradedWhen.NOT_JUDGED: not any(
            id_ in standings.by_id and standings.by_id[id_].status in graded
            for id_ in basis.requirements
        ),
    }
    for rule in standings.profile.findings.ungraded:
        if facts[rule.when]:
            return Proposed(None, rule.id, rule.says)
    return None


def agreed_rule(item: Standing) -> tuple[str, Text] | None:
    """The rule under which the tool had proposed just what the auditor decided, with its words."""
    kept = None if item.entry is None else item.entry.proposal
    if kept is None or kept.rule is None or kept.says is None or kept.status is not item.status:
        return None
    return kept.rule, kept.says


def _opportunity(items: Iterable[Standing]) -> Proposed:
    for item in items:
        rule = agreed_rule(item)
        if item.status is Status.OFI and rule is not None:
            return Proposed(Status.OFI, *rule)
    return Proposed(Status.OFI, BY_AUDITOR, _JUDGED)


def _own_rules(items: Iterable[Standing], ground: Ground) -> Iterator[Proposed]:
    """Rules that make one requirement major by itself."""
    of_clause = _clause_rules(ground.standings)
    for item in items:
        rule = agreed_rule(item)
        if item.status is Status.MAJOR and rule is not None and rule[0] not in of_clause:
            yield Proposed(Status.MAJOR, *rule)


def _of_clause(items: Iterable[Standing], ground: Ground) -> Iterator[Proposed]:
    for item in items:
        found = ground.systemic.get(item.clause.id)
        if found is not None and item.id in found.members:
            yield Proposed(found.rule.grade, found.rule.id, found.rule.says)


def _of_finding(
    basis: Basis, items: Iterable[Standing], ground: Ground, itself: str | None
) -> Iterator[Proposed]:
    not_met = {item.id for item in items}
    for rule in ground.standings.profile.findings.grading:
        if _applies(rule, basis, not_met, ground, itself):
            yield Proposed(rule.grade, rule.id, rule.says)


def _applies(
    rule: FindingRule, basis: Basis, not_met: set[str], ground: Ground, itself: str | None
) -> bool:
    match rule.when:
        case FindingWhen.REPEAT:
            before = ground.earlier.get(basis.repeat_of or "")
            return before is not None and not effectively_closed(before)
        case FindingWhen.SAME_CAUSE:
            return len(_of_cause(basis, not_met, ground, itself)) >= rule.at_least
        case FindingWhen.MANY_SITES:
            sites = ground.audit.file.organisation.sites
            visited = {site.id for site in sites if site.visited}
            seen = visited & basis.sites
            enough = bool(visited) and Fraction(len(seen), len(visited)) >= rule.share
            return enough and len(seen) >= rule.at_least


def _of_cause(
    basis: Basis, not_met: set[str], ground: Ground, itself: str | None
) -> frozenset[str]:
    """Requirements that are not met under one cause tag, over all findings that stand."""
    if basis.cause_tag is None:
        return frozenset()
    found = set(not_met)
    for id_, finding in ground.audit.findings.items.items():
        same = finding.cause_tag == basis.cause_tag and id_ != itself
        if same and finding.state not in ENDED and finding.grade in NOT_MET:
            found |= {finding.requirement, *(i.requirement for i in finding.instances)}
    return frozenset(found)


def _clause_rules(standings: Standings) -> Mapping[str, GradingRule]:
    of_clause = {When.CLAUSE_ABSENT, When.MANY_MINORS}
    return {g.id: g for g in standings.profile.rules.grading if g.when in of_clause}


def _systemic(standings: Standings) -> dict[str, Systemic]:
    """What was judged not met, clause by clause: a rule of the profile may make it one failure."""
    by_clause: dict[str, list[Standing]] = {}
    for item in standings.items:
        if item.status is not Status.NOT_APPLICABLE:
            by_clause.setdefault(item.clause.id, []).append(item)
    found = {}
    rules = _clause_rules(standings)
    for clause, items in by_clause.items():
        members = [item for item in items if _may_be_one_of_many(item, rules)]
        for rule in rules.values():
            if _is_systemic(rule, items, members):
                found[clause] = Systemic(rule, frozenset(item.id for item in members))
                break
    return found


def _may_be_one_of_many(item: Standing, rules: Mapping[str, GradingRule]) -> bool:
    """Minor, or major only because the tool had counted it with others; what is major by itself is not."""
    rule = agreed_rule(item)
    if item.status is Status.MAJOR:
        return rule is not None and rule[0] in rules
    return item.status is Status.MINOR


def _is_systemic(rule: GradingRule, items: list[Standing], members: list[Standing]) -> bool:
    if rule.when is When.MANY_MINORS:
        return len(members) >= rule.at_least
    leaves = [item for item in items if item.requirement.modality is not Modality.EXAMPLE]
    absent = all(item.status in NOT_MET for item in leaves)
    return bool(members) and absent and len(leaves) >= rule.at_least


def earlier_findings(audit: Audit) -> dict[str, FindingEntry]:
    """Findings of the audit before that this one names, and those that it carries on.

    Where the audit before is not there, only what was carried is known.
    """
    found: dict[str, FindingEntry] = {}
    if audit.file.previous is not None and _lies_at(audit.folder / audit.file.previous):
        found |= open_audit(audit.folder / audit.file.previous).findings.items
    for id_, finding in audit.findings.items.items():
        if finding.carried_from is not None:
            found |= {id_: finding, finding.carried_from: finding}
    return found


def _lies_at(folder: Path) -> bool:
    """Whether an audit is there; `previous` may also be words, longer than any path."""
    try:
        return is_audit(folder)
    except OSError:
        return False
