"""Knows the log formats that go by a name, so that nobody has to write their pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass

KEY_VALUE = "kv"
"""Lines of `key=value` or `key="a value"`: keys are headings, whatever they are."""


@dataclass(frozen=True, slots=True)
class LogFormat:
    """The pattern of a line, and the strptime format of its time."""

    pattern: str
    datetime: str | None = None


_ACCESS = (
    r'^(?P<client>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]+)\] '
    r'"(?P<method>[A-Z]+) (?P<path>[^" ]+)[^"]*" (?P<status>\d{3}) (?P<bytes>\d+|-)'
    r'(?: "(?P<referer>[^"]*)" "(?P<agent>[^"]*)")?'
)  # fmt: skip
_SYSLOG = (
    r"^(?:<\d{1,3}>)?(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?P<host>\S+) "
    r"(?P<program>[^\s:\[]+)(?:\[(?P<pid>\d+)\])?: ?(?P<message>.*)$"
)
_SYSLOG_5424 = (
    r"^<(?P<priority>\d{1,3})>\d{1,2} (?P<time>\S+) (?P<host>\S+) (?P<program>\S+) (?P<pid>\S+) "
    r"(?P<id>\S+) (?P<data>-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?P<message>.*)$"
)
_ACCESS_TIME = "%d/%b/%Y:%H:%M:%S %z"

NEEDS_YEAR = "syslog"
"""The format whose stamps have no year."""
FORMATS = {
    "apache": LogFormat(_ACCESS, _ACCESS_TIME),
    "nginx": LogFormat(_ACCESS, _ACCESS_TIME),
    "syslog": LogFormat(_SYSLOG, "%b %d %H:%M:%S"),
    "syslog5424": LogFormat(_SYSLOG_5424),
}
"""Common and combined access logs (Apache httpd, nginx); RFC 3164 and RFC 5424 system logs."""


def is_named(pattern: str) -> bool:
    """Whether a pattern is the name of a format."""
    return pattern in FORMATS or pattern == KEY_VALUE


def pattern_of(pattern: str) -> str:
    """The regular expression that a declared pattern stands for."""
    return FORMATS[pattern].pattern if pattern in FORMATS else pattern


def datetime_of(pattern: str | None) -> str | None:
    """The format of time that goes with a named log format."""
    known = FORMATS.get(pattern or "")
    return known.datetime if known is not None else None


_TOLD_APART = ("nginx", "syslog", "syslog5424")
_LINE = 4_096
_LINES = 50
_PAIR = r'[^\W\d][\w.-]*=(?:"(?:[^"\\]|\\.)*"|[^\s,;|"]*)'
_PAIRS = re.compile(rf"\s*{_PAIR}(?:[\s,;|]+{_PAIR})+[\s,;|]*")
_NINE_OF_TEN = 0.9


def recognised(text: str) -> str | None:
    """The name of the format that the first lines of a text have, if nine of ten of them have it."""
    lines = [line[:_LINE] for line in text.splitlines()[:_LINES] if line.strip()]
    if not lines:
        return None
    for name in _TOLD_APART:
        if _share(re.compile(FORMATS[name].pattern), lines) >= _NINE_OF_TEN:
            return name
    return KEY_VALUE if _share(_PAIRS, lines, whole=True) >= _NINE_OF_TEN else None


def _share(pattern: re.Pattern[str], lines: list[str], *, whole: bool = False) -> float:
    fits = pattern.fullmatch if whole else pattern.match
    return sum(fits(line) is not None for line in lines) / len(lines)
