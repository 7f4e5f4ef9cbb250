"""Knows until when what is due about a finding, and how far past that a day is.

Day 0 is the closing meeting. Days are calendar days, months keep the day or take the month's last.
What is due on a day is due until its end, local time: it is overdue from the day after.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from fcim_audit.auditfile.schema import AuditFile, FindingEntry, FindingState
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.profile import DueStep, FindingRules, Limit, Rung

STEP_WORDS = {
    DueStep.RESPONSE: Text("答复（纠正、原因、措施）", "response (correction, cause, action)"),
    DueStep.ACTION: Text("纠正措施完成", "corrective action done"),
    DueStep.VERIFICATION: Text("验证有效", "verified as effective"),
    DueStep.HARD_STOP: Text("最后期限", "last day of all"),
}
_UNANSWERED = frozenset(
    {
        FindingState.DRAFT,
        FindingState.REVIEWED,
        FindingState.ISSUED,
        FindingState.ACKNOWLEDGED,
        FindingState.DISPUTED,
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due about a finding; `day` None: at the next audit."""

    finding: str
    step: DueStep
    day: dt.date | None

    def days_over(self, as_of: dt.date) -> int:
        """How many days after its day it is; 0 or less while there is time."""
        return -1 if self.day is None else (as_of - self.day).days

    def is_overdue(self, as_of: dt.date) -> bool:
        """Whether its day is over."""
        return self.days_over(as_of) > 0


def month_later(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or that month's last."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def day_of(limit: Limit, day_0: dt.date) -> dt.date | None:
    """The last day of a limit; None: at the next audit."""
    if limit.days is not None:
        return day_0 + dt.timedelta(days=limit.days)
    return None if limit.months is None else month_later(day_0, limit.months)


def dues_of(
    id_: str, finding: FindingEntry, file: AuditFile, rules: FindingRules
) -> tuple[Due, ...]:
    """Everything that is still due about a finding, the nearest first."""
    if not finding.is_open or finding.grade is Status.OFI:
        return ()
    found = [Due(id_, step, day) for step, day in _still_due(finding, file, rules)]
    return tuple(sorted(found, key=_nearest))


def _nearest(due: Due) -> tuple[bool, dt.date, DueStep]:
    return due.day is None, due.day or dt.date.max, due.step


def _still_due(
    finding: FindingEntry, file: AuditFile, rules: FindingRules
) -> Iterator[tuple[DueStep, dt.date | None]]:
    for limit in rules.limits:
        if limit.grade is finding.grade and _is_open(limit.step, finding):
            yield limit.step, limit_day(limit, finding, file)
    if finding.state is FindingState.PLAN_ACCEPTED and finding.response is not None:
        yield DueStep.ACTION, finding.response.due


def limit_day(limit: Limit, finding: FindingEntry, file: AuditFile) -> dt.date | None:
    """The last day of a limit for a finding.

    One that was carried over is in its next audit: what was due there is due by its closing meeting;
    its other limits ran from the audit that raised it, and stay with the day it was issued.
    """
    if limit.at is not None:
        return None if finding.carried_from is None else file.dates.end
    return day_of(limit, day_0(finding, file))


def day_0(finding: FindingEntry, file: AuditFile) -> dt.date:
    """The closing meeting; for a finding of an earlier audit, the day it was issued or raised there."""
    if finding.carried_from is None:
        return file.dates.end
    return finding.issued_on or finding.raised_on


def _is_open(step: DueStep, finding: FindingEntry) -> bool:
    if step is DueStep.RESPONSE:
        returned = finding.state is FindingState.RETURNED and finding.plan_accepted_on is None
        return finding.state in _UNANSWERED or returned
    return finding.verification is None or not finding.verification.effective


def escalation(due: Due, as_of: dt.date, rules: FindingRules) -> Rung | None:
    """The highest rung of the ladder that is reached on a day; None while it is far."""
    if due.day is None:
        return None
    over = due.days_over(as_of)
    reached = [rung for rung in rules.ladder if over >= rung.days]
    return reached[-1] if reached else None
