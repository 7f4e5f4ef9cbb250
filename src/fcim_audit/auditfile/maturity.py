"""Knows how mature a clause can be at most, L0 to L5, by statuses and scores; the auditor says how mature it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from fcim_audit.auditfile.standing import Standing, Standings, score_of
from fcim_audit.checklist.schema import Clause
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.profile import Profile

LEVELS = (
    Text("L0 缺失", "L0 absent"),
    Text("L1 随意，纸面或聊天", "L1 ad hoc, on paper or in chats"),
    Text("L2 有文件、有负责人、有电子流程", "L2 documented, owned, an electronic flow exists"),
    Text("L3 已运行三个月以上、记录完整", "L3 practised, three months of complete records"),
    Text("L4 可测量、达标、自动预警", "L4 measured, thresholds met, automatic alerts"),
    Text("L5 持续改进、根因消除、经验入库", "L5 improving, causes removed, lessons kept"),
)
_PRACTISED, _MEASURED, _IMPROVING = 60, 80, 95
"""Mean scores of a clause's requirements below which L3, L4 and L5 can't be."""


@dataclass(frozen=True, slots=True)
class ClauseMaturity:
    """One clause: the level the auditor gave, and the highest that statuses and scores allow.

    `ceiling` is None where nothing was verified: then no level is refused and none is suggested.
    """

    clause: Clause
    level: int | None
    ceiling: int | None
    why: Text

    @property
    def is_above(self) -> bool:
        """Whether the auditor's level is higher than the figures allow: a question, not a verdict."""
        return self.level is not None and self.ceiling is not None and self.level > self.ceiling


def maturity_of(standings: Standings) -> tuple[ClauseMaturity, ...]:
    """Every clause that has requirements, in order."""
    by_clause: dict[str, list[Standing]] = {}
    for item in standings.items:
        by_clause.setdefault(item.clause.id, []).append(item)
    said = standings.bench.audit.judgements.maturity
    profile = standings.profile
    return tuple(
        _of(items, said[id_].level if id_ in said else None, profile)
        for id_, items in by_clause.items()
    )


def _of(items: list[Standing], level: int | None, profile: Profile) -> ClauseMaturity:
    statuses = {_status(item) for item in items} - {Status.NOT_APPLICABLE}
    scores = list(_scores(items, profile))
    clause = items[0].clause
    if not scores or statuses <= {Status.NOT_VERIFIED}:
        return ClauseMaturity(clause, level, None, Text("没有核实", "nothing is verified"))
    mean = sum(scores) / len(scores)
    found = {Status.MINOR, Status.MAJOR} & statuses
    text = Text(f"平均得分 {float(mean):.0f}", f"mean score {float(mean):.0f}")
    if mean < _PRACTISED:
        return ClauseMaturity(clause, level, 2, text)
    if mean < _MEASURED or found or Status.NOT_VERIFIED in statuses:
        return ClauseMaturity(clause, level, 3, _with(text, found, statuses))
    return ClauseMaturity(clause, level, 5 if mean >= _IMPROVING else 4, text)


def _with(text: Text, found: set[Status], statuses: set[Status]) -> Text:
    zh, en = text.zh, text.en
    if found:
        zh, en = f"{zh}，有不符合", f"{en}, with nonconformities"
    if Status.NOT_VERIFIED in statuses:
        zh, en = f"{zh}，有未核实", f"{en}, not all verified"
    return Text(zh, en)


def _status(item: Standing) -> Status:
    """The judgement; where there is none, what the tool proposes."""
    if item.entry is not None or item.proposal is None:
        return item.status
    return item.proposal.status


def _scores(items: list[Standing], profile: Profile) -> Iterator[Fraction]:
    """Scores of what was measured: by the judgement, and by the proposal where nobody judged."""
    for item in items:
        if item.proposal is None or item.proposal.score is None:
            continue
        said = Fraction(str(item.proposal.score))
        score = said if item.entry is None else score_of(item, profile)
        if score is not None:
            yield score
