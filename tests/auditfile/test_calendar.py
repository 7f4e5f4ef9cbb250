"""Due days as an iCalendar file."""

from __future__ import annotations

import datetime as dt

import icalendar

from fcim_audit.auditfile.calendar import calendar_of
from fcim_audit.auditfile.due import dues_of
from fcim_audit.auditfile.schema import FindingEntry
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.finding_audits import finding, plan, rules

STAMP = dt.datetime(2026, 1, 22, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def written(entry: FindingEntry, **changes: object) -> bytes:
    file = plan(**changes)
    return calendar_of(file, {"YQ-NC01": entry}, dues_of("YQ-NC01", entry, file, rules()), rules(), STAMP)  # fmt: skip


def test_every_due_day_is_a_whole_day_with_a_reminder_a_week_before() -> None:
    calendar = icalendar.Calendar.from_ical(written(finding(grade=Status.MAJOR)))
    assert [(str(e["UID"]), e.decoded("DTSTART"), e.decoded("DTEND")) for e in calendar.events] == [
        ("YQ.YQ-NC01.response@fcim-audit", dt.date(2026, 2, 5), dt.date(2026, 2, 6)),
        ("YQ.YQ-NC01.verification@fcim-audit", dt.date(2026, 4, 21), dt.date(2026, 4, 22)),
        ("YQ.YQ-NC01.hard_stop@fcim-audit", dt.date(2026, 7, 21), dt.date(2026, 7, 22)),
    ]
    triggers = [a.decoded("TRIGGER") for e in calendar.events for a in e.walk("VALARM")]
    assert triggers == [dt.timedelta(days=-7)] * 3


def test_the_stamp_is_the_moment_that_is_given_in_utc() -> None:
    assert b"DTSTAMP:20260122T020000Z" in written(finding())


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written(finding()) == written(finding())


def test_what_is_due_at_the_next_audit_stands_in_no_calendar() -> None:
    calendar = icalendar.Calendar.from_ical(written(finding()))
    assert [str(e["UID"]) for e in calendar.events] == ["YQ.YQ-NC01.response@fcim-audit"]


def test_lines_end_and_fold_as_the_format_demands() -> None:
    data = written(finding(statement="未按要求答复工单" * 40), language=Lang.ZH)
    lines = data.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_hostile_words_make_no_line_of_their_own() -> None:
    data = written(finding(statement="a\r\nBEGIN:VEVENT\nATTACH:file;b,c\\d"))
    calendar = icalendar.Calendar.from_ical(data)
    assert len(calendar.events) == 1
    assert "ATTACH" not in calendar.events[0]


def test_the_words_are_in_the_audits_language() -> None:
    calendar = icalendar.Calendar.from_ical(written(finding(), language=Lang.ZH))
    assert str(calendar.events[0]["SUMMARY"]) == "YQ-NC01 答复（纠正、原因、措施）"
