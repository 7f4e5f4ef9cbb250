"""Knows whether a document of an audit says all that it must: the rules P-*, R-* and NC-* of the profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from fcim_audit.auditfile.conflicts import open_conflicts
from fcim_audit.auditfile.folder import AUDIT, FINDINGS, JUDGEMENTS
from fcim_audit.auditfile.grading import earlier_findings
from fcim_audit.auditfile.schema import JUDGING, FindingEntry, FindingState
from fcim_audit.auditfile.standing import Standings
from fcim_audit.auditfile.wording import Hit, HitKind, Lint
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.report import Lack

NAMED = 5
"""How many requirements or findings a message names before it only counts."""
_INTERNAL = ("9.2", "9.3")
_UNISSUED = frozenset({FindingState.DRAFT, FindingState.REVIEWED})
_FACTS = frozenset(
    {HitKind.CAUSE, HitKind.SOLUTION, HitKind.TWO_REQUIREMENTS, HitKind.MISSING}
)  # fmt: skip
Places = Iterator[str]
Rule = Callable[[Standings], Places]


def lacks(standings: Standings) -> tuple[Lack, ...]:
    """Everything that documents of this audit lack, in the order of the profile's rules.

    Raises AuditErrors for a rule of the profile that is not known here.
    """
    rules = standings.profile.rules.documents
    raise_all(
        AuditError(
            Text(f"未知的文件规则 {rule.id}", f"unknown rule for documents: {rule.id}"),
            f"{standings.profile.rules.id} (documents)",
            Text(f"可用：{'、'.join(RULES)}", f"use one of {', '.join(RULES)}"),
        )
        for rule in rules
        if rule.id not in RULES
    )
    type_ = standings.bench.audit.file.type.value
    return tuple(
        Lack(rule.id, frozenset(rule.kinds), rule.severity == "error", rule.says, place)
        for rule in rules
        if not rule.types or type_ in rule.types
        for place in RULES[rule.id](standings)
    )


def _unwritten(*fields: str) -> Rule:
    """Fields of audit.yaml that are empty."""
    return partial(_empty, fields=fields)


def _empty(standings: Standings, fields: tuple[str, ...]) -> Places:
    told = standings.bench.audit.file.model_dump()
    for field in fields:
        value: object = told
        for key in field.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if not value:
            yield f"{AUDIT} ({field})"


def _edition(standings: Standings) -> Places:
    said, held = standings.bench.audit.file.criteria, standings.bench.checklist
    if said.edition != held.head.edition or said.sha256 != held.sha256:
        yield f"{AUDIT} (criteria): {said.edition} / {held.head.edition}"


def _somewhere(standings: Standings) -> Places:
    who = standings.bench.audit.file.organisation
    if not who.sites and not who.address:
        yield f"{AUDIT} (organisation.sites)"


def _visited(standings: Standings) -> Places:
    file = standings.bench.audit.file
    if not any(site.visited for site in file.organisation.sites) and not file.remote:
        yield f"{AUDIT} (organisation.sites, remote)"


def _given_to_somebody(standings: Standings) -> Places:
    judging = [m for m in standings.bench.audit.file.team if m.role in JUDGING]
    yield from _named(
        f"{AUDIT} (team.clauses)",
        (i.id for i in standings.items if not any(m.audits(i.id) for m in judging)),
    )


def _competent(standings: Standings) -> Places:
    team = standings.bench.audit.file.team
    yield from _named(
        f"{AUDIT} (team.competence)",
        (m.id for m in team if m.role in JUDGING and not m.competence),
    )


def _traced(standings: Standings) -> Places:
    """Findings none of whose instances leads to a file with its hash."""
    for id_, finding in _standing_findings(standings):
        places = [place for instance in finding.instances for place in instance.places]
        if not any(place.sha256 for place in places) and not finding.objective_evidence:
            yield f"{FINDINGS} ({id_})"
        elif any(place.sha256 is None for place in places):
            yield f"{FINDINGS} ({id_}.instances)"


def _agrees(standings: Standings) -> Places:
    said, given = standings.bench.audit.file.recommendation, standings.recommendation().code
    if said is None:
        yield f"{AUDIT} (recommendation)"
    elif said is not given:
        yield f"{AUDIT} (recommendation): {said.value} / {given.value}"


def _effective(standings: Standings) -> Places:
    yield from _empty(standings, ("effectiveness",))
    yield from _named(
        JUDGEMENTS,
        (
            i.id
            for i in standings.items
            if i.clause.id in _INTERNAL and i.status is Status.NOT_VERIFIED
        ),
    )


def _judged(standings: Standings) -> Places:
    yield from _named(JUDGEMENTS, (item.id for item in standings.unjudged))


def _uncontested(standings: Standings) -> Places:
    for conflict in open_conflicts(standings.bench.audit.conflicts):
        yield f"conflicts.yaml: {conflict.says.zh} / {conflict.says.en}"


def _unchanged(standings: Standings) -> Places:
    for requirement, evidence in standings.changed_evidence():
        yield f"{JUDGEMENTS} ({requirement}): {evidence}"


def _settled(standings: Standings) -> Places:
    for id_, alarm in standings.bench.audit.judgements.alarms.items():
        if alarm.settled is None:
            yield f"{JUDGEMENTS} (alarms.{id_})"


def _worded(*kinds: HitKind) -> Rule:
    """Findings whose words the lint finds fault with."""
    return partial(_hits, kinds=frozenset(kinds))


def _hits(standings: Standings, kinds: frozenset[HitKind]) -> Places:
    lint = lint_of(standings)
    for id_, finding in _standing_findings(standings):
        for hit in lint.hits(id_, finding):
            if hit.kind in kinds:
                yield _told(hit)


def lint_of(standings: Standings) -> Lint:
    """What the words of findings are held against."""
    titles = {item.id: item.requirement.title for item in standings.items}
    audit = standings.bench.audit
    known = frozenset({*earlier_findings(audit), *audit.findings.items})
    return Lint(audit.file, standings.profile.findings, titles, known)


def _told(hit: Hit) -> str:
    words = f": {hit.words}" if hit.words and hit.kind is not HitKind.PERSON else ""
    return f"{FINDINGS} ({hit.finding}.{hit.field}){words}"


def _issued(standings: Standings) -> Places:
    found = _standing_findings(standings)
    yield from _named(FINDINGS, (id_ for id_, f in found if f.state in _UNISSUED))


def _located(standings: Standings) -> Places:
    found = _standing_findings(standings)
    yield from _named(f"{FINDINGS} (department)", (id_ for id_, f in found if not f.department))


def _acknowledged(standings: Standings) -> Places:
    found = _standing_findings(standings)
    yield from _named(FINDINGS, (id_ for id_, f in found if f.acknowledgement is None))


def _standing_findings(standings: Standings) -> Iterator[tuple[str, FindingEntry]]:
    for id_, finding in standings.bench.audit.findings.items.items():
        if finding.state is not FindingState.WITHDRAWN:
            yield id_, finding


def _named(where: str, ids: Iterable[str]) -> Places:
    """One place for all of them: the first by name, the others by number."""
    found = list(ids)
    if found:
        more = f" … ({len(found)})" if len(found) > NAMED else ""
        yield f"{where}: {', '.join(found[:NAMED])}{more}"


RULES: Mapping[str, Rule] = {
    "P-b": _edition,
    "P-d": _somewhere,
    "P-e": _unwritten("duration"),
    "P-f": _given_to_somebody,
    "P-comp": _competent,
    "P-samp": _unwritten("sampling"),
    "P-ict": _unwritten("remote"),
    "P-conf": _unwritten("confidentiality"),
    "R-a": _unwritten("certification_body.name"),
    "R-b": _unwritten("organisation.address", "organisation.representative"),
    "R-d": _edition,
    "R-f": _unwritten("organisation.sites"),
    "R-g": _unwritten("deviations"),
    "R-h": _unwritten("programme"),
    "R-i": _competent,
    "R-j": _visited,
    "R-k": _traced,
    "R-l": _unwritten("changes"),
    "R-m": _unwritten("unresolved"),
    "R-n": _unwritten("combined"),
    "R-p": _agrees,
    "R-q": _unwritten("certificate_use"),
    "R-r": _unwritten("previous_verification"),
    "R-3a": _effective,
    "R-3b": _unwritten("scope_appropriate"),
    "R-3c": _unwritten("objectives_met"),
    "R-ict": _unwritten("remote"),
    "R-cov": _judged,
    "R-con": _uncontested,
    "R-ev": _unchanged,
    "R-int": _settled,
    "NC-words": _worded(*sorted(_FACTS)),
    "NC-person": _worded(HitKind.PERSON),
    "NC-vague": _worded(HitKind.VAGUE),
    "NC-review": _issued,
    "NC-site": _located,
    "NC-ack": _acknowledged,
}
