"""Knows the ways to a better recommendation of an audit as it stands."""

from __future__ import annotations

from fcim_audit.auditfile.standing import Standing, Standings
from fcim_audit.auditfile.whatif import Unit, Way, ways
from fcim_audit.model import Status
from fcim_audit.recommendation import Counted


def ways_of(standings: Standings, *, proposed: bool = False) -> tuple[Way, ...]:
    """The ways of an audit; `proposed`: with what the tool proposes where nobody judged."""
    items = standings.items
    judgements = standings.bench.audit.judgements
    efforts = {i.id: i.entry.effort for i in items if i.entry is not None}
    efforts |= {id_: f.effort for id_, f in standings.bench.audit.findings.items.items()}
    requirements = [
        Unit(Counted(i.id, i.clause.id, _status(i, proposed)), efforts.get(i.id)) for i in items
    ]
    found = [Unit(counted, efforts.get(counted.id)) for counted in standings.holding_back()]
    if proposed:
        found += [_proposed(i) for i in items if _fails(i)]
    alarms = [id_ for id_, alarm in judgements.alarms.items() if alarm.settled is None]
    return ways(requirements, found, alarms, standings.profile)


def _status(item: Standing, proposed: bool) -> Status:
    if proposed and item.entry is None and item.proposal is not None:
        return item.proposal.status
    return item.status


def _fails(item: Standing) -> bool:
    """Whether nobody judged what the tool proposes as a nonconformity."""
    status = None if item.proposal is None else item.proposal.status
    return item.entry is None and status in {Status.MINOR, Status.MAJOR}


def _proposed(item: Standing) -> Unit:
    assert item.proposal is not None
    rule = item.proposal.why[0].rule if item.proposal.why else ""
    return Unit(Counted(item.id, item.clause.id, item.proposal.status, rule))
