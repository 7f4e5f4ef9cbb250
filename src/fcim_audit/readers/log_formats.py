"""Knows the log formats that go by a name, so that nobody has to write their pattern."""

from __future__ import annotations

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
