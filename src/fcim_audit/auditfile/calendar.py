"""Knows the due days of findings as an iCalendar file (RFC 5545): whole days, with reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from fcim_audit import __version__
from fcim_audit.auditfile.due import STEP_WORDS, Due
from fcim_audit.auditfile.schema import AuditFile, FindingEntry
from fcim_audit.language import Text
from fcim_audit.profile import FindingRules


def calendar_of(
    file: AuditFile,
    findings: Mapping[str, FindingEntry],
    dues: Iterable[Due],
    rules: FindingRules,
    stamp: dt.datetime,
) -> bytes:
    """The calendar; the same input gives the same bytes. What has no day of its own stands in no calendar."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//fcim-audit//{__version__}//{file.language.value.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{file.id} {file.organisation.name}")
    for due in dues:
        if due.day is None:
            continue
        event = icalendar.Event()
        finding = findings[due.finding]
        event.add("uid", f"{file.id}.{due.finding}.{due.step}@fcim-audit")
        event.add("dtstamp", stamp.astimezone(dt.UTC))
        event.add("dtstart", due.day)
        event.add("dtend", due.day + dt.timedelta(days=1))
        event.add("summary", f"{due.finding} {STEP_WORDS[due.step].said(file.language)}")
        event.add("description", _description(finding).said(file.language))
        event.add("transp", "TRANSPARENT")
        for rung in rules.ladder:
            if rung.days < 0:
                alarm = icalendar.Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", f"{due.finding} {rung.says.said(file.language)}")
                alarm.add("trigger", dt.timedelta(days=rung.days))
                event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _description(finding: FindingEntry) -> Text:
    return Text(
        f"要求 {finding.requirement}，{finding.grade}；{finding.statement}",
        f"Requirement {finding.requirement}, {finding.grade}; {finding.statement}",
    )
