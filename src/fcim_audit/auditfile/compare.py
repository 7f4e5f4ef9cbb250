"""Knows how two audits, or two results, are compared: findings, statuses, figures, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fcim_audit.auditfile.carrying import repeat_of
from fcim_audit.auditfile.changes import (
    BADNESS,
    Comparison,
    Direction,
    EvidenceChange,
    Fate,
    FindingChange,
    KpiChange,
    StatusChange,
)
from fcim_audit.auditfile.conflicts import Section
from fcim_audit.auditfile.editions import Successors
from fcim_audit.auditfile.keeping import in_order
from fcim_audit.auditfile.schema import FindingEntry, Findings, FindingState
from fcim_audit.auditfile.snapshot import Basis, Snapshot
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.told import ToldKpi


def compared(old: Snapshot, new: Snapshot, successors: Successors | None = None) -> Comparison:
    """Compare two audits or results; without `successors` requirements are matched by their ids."""
    by = successors or Successors({}, new.statuses)
    pairs = [(id_, to) for id_ in old.statuses for to in by.of(id_) if to in new.statuses]
    statuses = [StatusChange(o, n, old.statuses[o], new.statuses[n]) for o, n in pairs]
    matched = {o for o, _ in pairs}, {n for _, n in pairs}
    changed = [s for s in statuses if s.old != s.new]
    return Comparison(
        old=old,
        new=new,
        findings=_findings(old, new, by),
        statuses=tuple(sorted(changed, key=_worst_first)),
        unchanged=len(statuses) - len(changed),
        gone=tuple(id_ for id_ in old.statuses if id_ not in matched[0]),
        added=tuple(id_ for id_ in new.statuses if id_ not in matched[1]),
        kpis=tuple(_kpis(old.kpis, new.kpis, by)),
        evidence=_evidence(old, new),
        remarks=tuple(_remarks(old, new, successors)),
    )


def _order(direction: Direction) -> int:
    return list(Direction).index(direction)


def _worst_first(change: StatusChange) -> tuple[int, int, object]:
    badness = BADNESS.get(change.new.status, 0)
    return _order(change.direction), -badness, in_order(change.new_id)


def _findings(old: Snapshot, new: Snapshot, by: Successors) -> tuple[FindingChange, ...] | None:
    if old.findings is None or new.findings is None:
        return None
    is_same_audit = old.audit == new.audit
    contested = {c.key for c in new.contested if c.section is Section.FINDINGS}
    successor = _successors_of_findings(old.findings, new.findings, is_same_audit)
    found = [
        change
        for id_, finding in old.findings.items.items()
        if id_ in successor or id_ not in contested
        for change in _of_old(id_, finding, successor.get(id_), new.findings)
    ]
    matched = {*successor.values()}
    found += [
        _of_new(id_, finding, None if is_same_audit else old.findings, by)
        for id_, finding in new.findings.items.items()
        if id_ not in matched
    ]
    return tuple(sorted(found, key=_worst_finding_first))


def _successors_of_findings(old: Findings, new: Findings, is_same_audit: bool) -> dict[str, str]:
    """The new id of every old finding that goes on: what was carried; in one audit, what has its id."""
    carried = {
        f.carried_from: id_
        for id_, f in new.items.items()
        if f.carried_from is not None and not is_same_audit
    }
    same = {id_: id_ for id_ in old.items if is_same_audit and id_ in new.items}
    return {id_: to for id_, to in (same | carried).items() if id_ in old.items}


def _of_old(
    id_: str, old: FindingEntry, new_id: str | None, findings: Findings
) -> Iterator[FindingChange]:
    if new_id is None:
        repeated = any(f.repeat_of == id_ for f in findings.items.values())
        if old.is_open and not repeated:
            yield FindingChange(Fate.NOT_FOLLOWED_UP, id_, None, old, None)
        return
    new = findings.items[new_id]
    fate = _fate(old, new)
    if fate is not None:
        yield FindingChange(fate, id_, new_id, old, new)


def _fate(old: FindingEntry, new: FindingEntry) -> Fate | None:
    if not new.is_open:
        ended = Fate.WITHDRAWN if new.state is FindingState.WITHDRAWN else Fate.CLOSED
        return ended if old.is_open else None
    if not old.is_open:
        return Fate.REOPENED
    return Fate.PERSISTING if old.grade is new.grade else Fate.REGRADED


def _of_new(
    id_: str, new: FindingEntry, previous: Findings | None, by: Successors
) -> FindingChange:
    """A finding that is not the old one: new, or the repeat of one that was not effectively closed."""
    repeated = new.repeat_of
    if repeated is None and previous is not None and new.grade is not Status.OFI:
        asked = [f.requirement for f in previous.items.values()]
        before = [r for r in dict.fromkeys(asked) if new.requirement in by.of(r)]
        repeated = next((found for r in before if (found := repeat_of(previous.items, r))), None)
    known = None if previous is None or repeated is None else previous.items.get(repeated)
    return FindingChange(Fate.NEW if repeated is None else Fate.REPEATED, repeated, id_, known, new)


def _worst_finding_first(change: FindingChange) -> tuple[int, int, int, object]:
    finding = change.new or change.old
    assert finding is not None
    id_ = change.new_id or change.old_id or ""
    fate = list(Fate).index(change.fate)
    return _order(change.direction), fate, -BADNESS[finding.grade], in_order(id_)


def _kpis(
    old: Mapping[str, ToldKpi], new: Mapping[str, ToldKpi], by: Successors
) -> Iterator[KpiChange]:
    pairs = [(id_, to) for id_ in old for to in by.of(id_) or (id_,)]
    changes = [KpiChange(to, old[id_], new.get(to)) for id_, to in pairs]
    changes += [KpiChange(id_, None, new[id_]) for id_ in new if id_ not in {t for _, t in pairs}]
    yield from sorted(changes, key=lambda change: (_order(change.direction), in_order(change.id)))


def _evidence(old: Snapshot, new: Snapshot) -> EvidenceChange:
    is_mixed = (old.audit is None) != (new.audit is None)
    untold = {"bundle.yaml"} if is_mixed else set()
    then, now = old.evidence.keys() - untold, new.evidence.keys() - untold
    common = then & now
    changed = {path for path in common if old.evidence[path] != new.evidence[path]}
    return EvidenceChange(
        added=tuple(sorted(now - common)),
        removed=tuple(sorted(then - common)),
        changed=tuple(sorted(changed)),
        same=len(common) - len(changed),
    )


def _remarks(old: Snapshot, new: Snapshot, successors: Successors | None) -> Iterator[Text]:
    if old.checklist != new.checklist and successors is None:
        yield Text(
            f"检查表不同（{_checklist(old)}；{_checklist(new)}），没有对照表，按编号比较",
            f"the checklists differ ({_checklist(old)}; {_checklist(new)}) and no mapping is given: "
            "compared by id",
        )
    if successors is not None:
        by_id = [id_ for id_ in old.statuses if id_ not in successors.named and successors.of(id_)]
        if by_id:
            yield Text(
                f"对照表没有列出的 {len(by_id)} 项要求按相同编号比较",
                f"{len(by_id)} requirements that the mapping does not name are compared by their id",
            )
    if (old.audit is None) != (new.audit is None):
        yield Text(
            "一边只是工具的结果：只有建议，没有判断；证据只列读过的文件",
            "one side is only a result of the tool: proposals, no judgements; of the evidence only the "
            "files it read",
        )
    if old.findings is None or new.findings is None:
        yield Text(
            "至少一边没有不符合项清单，不作比较", "findings are not compared: one side has none"
        )
    for side in (old, new):
        unjudged = [id_ for id_, s in side.statuses.items() if s.basis is Basis.PROPOSED]
        if side.audit is not None and unjudged:
            yield Text(
                f"{side.name}：{len(unjudged)} 项只有工具的建议，未判断",
                f"{side.name}: {len(unjudged)} requirements are only proposed by the tool, not judged",
            )
        said = (*(conflict.says for conflict in side.contested), *side.remarks)
        yield from (Text(f"{side.name}：{r.zh}", f"{side.name}: {r.en}") for r in said)


def _checklist(side: Snapshot) -> str:
    return f"{side.edition} {side.checklist[:8]}"
