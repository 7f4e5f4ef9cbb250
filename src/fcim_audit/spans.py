"""Knows lengths of time and figures as people declare them: `2 h`, `100 d`, `12 months`, `95 %`."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction

SECOND = 1_000_000
MAX_YEARS = 100
_UNITS = {
    "s": SECOND,
    "sec": SECOND,
    "second": SECOND,
    "seconds": SECOND,
    "秒": SECOND,
    "min": 60 * SECOND,
    "minute": 60 * SECOND,
    "minutes": 60 * SECOND,
    "分钟": 60 * SECOND,
    "h": 3600 * SECOND,
    "hour": 3600 * SECOND,
    "hours": 3600 * SECOND,
    "小时": 3600 * SECOND,
    "d": 86400 * SECOND,
    "day": 86400 * SECOND,
    "days": 86400 * SECOND,
    "天": 86400 * SECOND,
    "日": 86400 * SECOND,
}
_MONTHS = {"month": 1, "months": 1, "个月": 1, "year": 12, "years": 12, "年": 12}
_DECLARED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([^\s\d.]*)\s*$")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: whole microseconds, or whole calendar months; never both."""

    microseconds: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError for more than MAX_YEARS: no audit looks back that far."""
        if self.months > 12 * MAX_YEARS or self.microseconds > MAX_YEARS * 366 * 86400 * SECOND:
            raise ValueError(f"{self.months} months, {self.microseconds} microseconds")

    def before(self, moment: dt.datetime) -> dt.datetime:
        """The moment this long before `moment`; months keep the day or take the month's last."""
        if not self.months:
            return moment - dt.timedelta(microseconds=self.microseconds)
        month = moment.year * 12 + moment.month - 1 - self.months
        year, index = divmod(month, 12)
        day = min(moment.day, calendar.monthrange(year, index + 1)[1])
        return moment.replace(year=year, month=index + 1, day=day)

    def ago(self, moment: dt.datetime) -> dt.datetime:
        """As `before`; for whole days, months and years the start of that day, so it counts."""
        then = self.before(moment)
        if self.months or self.microseconds % (86400 * SECOND) == 0:
            return then.replace(hour=0, minute=0, second=0, microsecond=0)
        return then

    def __str__(self) -> str:
        """As people write it: `12 months`, `3 d`, `2 h`, `90 s`."""
        if self.months:
            return f"{self.months} months"
        for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
            if self.microseconds % (size * SECOND) == 0:
                return f"{self.microseconds // (size * SECOND)} {unit}"
        return f"{Fraction(self.microseconds, SECOND)} s"


PlanValue = Span | Fraction


def declared(text: str) -> PlanValue:
    """Read a declared limit or figure; raises ValueError for anything that is not one."""
    found = _DECLARED.match(text)
    if found is None:
        raise ValueError(text)
    amount, unit = Fraction(found[1]), found[2].lower()
    if unit in {"", "%", "％"}:
        return amount / 100 if unit else amount
    if unit in _MONTHS and amount.denominator == 1:
        return Span(months=int(amount) * _MONTHS[unit])
    if unit in _UNITS and (amount * _UNITS[unit]).denominator == 1:
        return Span(microseconds=int(amount * _UNITS[unit]))
    raise ValueError(text)
