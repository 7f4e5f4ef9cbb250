"""Knows the result as one self-contained page: no request, no external font, everything escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.auditfile.audit_words import ROLE_WORDS, TYPE_WORDS
from fcim_audit.auditfile.due import Due
from fcim_audit.auditfile.states import STATE_WORDS
from fcim_audit.checklist.shipped import shipped
from fcim_audit.language import Lang, Text
from fcim_audit.model import Dimension, Outcome, Status, Verdict
from fcim_audit.renderers.claim_words import claimed_text, difference_text
from fcim_audit.renderers.held_words import (
    DO_WORDS,
    clauses_text,
    due_text,
    finding_place,
    short_id,
)
from fcim_audit.renderers.page_charts import bar, stack, target_mark
from fcim_audit.renderers.sources import cell_text, column_text, counted_text, table_text
from fcim_audit.report import DRAFT_NOTE, RECOMMENDATION_WORDS, Report
from fcim_audit.report_facts import (
    ProfileRow,
    TilePart,
    profile_rows,
    red_flag_statement,
    sampling_statement,
    tiles,
)
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    beside_texts,
    clean,
    decimals,
    figure_text,
    lead_text,
    limit_text,
    measured_text,
    part_text,
    parts_not_told,
    place_text,
    target_text,
    why_text,
)

TEMPLATE = "report.html.j2"
EXCEPTIONS_SHOWN = 200
ROWS_SHOWN = 10_000
FEWEST_SHOWN = 5
PLACES_SHOWN = 12
_WORDS = re.compile(r"[\w.-]+")
SHORT_STATUSES = {
    Status.CONFORM: Text("符合", "conform"),
    Status.OFI: Text("改进", "OFI"),
    Status.MINOR: Text("一般", "minor"),
    Status.MAJOR: Text("严重", "major"),
    Status.NOT_VERIFIED: Text("未核实", "open"),
    Status.NOT_APPLICABLE: Text("不适用", "n/a"),
}

DIMENSION_WORDS = {Dimension.MONTH: Text("月份", "Month"), Dimension.SITE: Text("场所", "Site")}


def render(report: Report) -> bytes:
    """The page as UTF-8."""
    templates = shipped("templates")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    environment.globals.update(_words(report.lang))
    environment.globals.update(_facts(report))
    style, script = (_inline(templates / "report" / name) for name in ("report.css", "report.js"))
    page = environment.get_template(TEMPLATE).render(
        style=style, style_hash=_hash(style), script=script, script_hash=_hash(script)
    )
    return page.lstrip().encode("utf-8", errors="backslashreplace")


def _words(lang: Lang) -> dict[str, object]:
    """How everything is said."""
    return {
        "zh": lang is Lang.ZH,
        "t": lambda zh, en: zh if lang is Lang.ZH else en,
        "said": lambda text: text.said(lang),
        "status_words": STATUS_WORDS,
        "short_statuses": [word.said(lang) for word in SHORT_STATUSES.values()],
        "verdict_words": VERDICT_WORDS,
        "recommendation_words": RECOMMENDATION_WORDS,
        "state_words": STATE_WORDS,
        "type_words": TYPE_WORDS,
        "role_words": ROLE_WORDS,
        "clauses_told": lambda clauses: clauses_text(clauses, lang),
        "do_words": DO_WORDS,
        "draft_note": DRAFT_NOTE,
        "figure": lambda figure: figure_text(figure, lang),
        "claimed": claimed_text,
        "difference": difference_text,
        "target": target_text,
        "limit_value": lambda value: limit_text(value, lang),
        "measured": lambda outcome: measured_text(outcome, lang),
        "beside": lambda outcome: beside_texts(outcome, lang),
        "place": place_text,
        "finding_place": finding_place,
        "why": lambda row: why_text(row, lang),
        "score": lambda value: "—" if value is None else decimals(value, 1),
        "lead": lambda lead: lead_text(lead, lang),
        "cell": lambda cell: cell_text(cell, lang),
        "source": lambda source: table_text(source, lang),
        "counted": lambda source: counted_text(source, lang),
        "column": column_text,
        "lines": _lines,
        "bar": bar,
        "stack": lambda counts: tuple(stack(counts)),
        "target_mark": target_mark,
        "part_text": lambda part: part_text(part, lang),
        "dimension_words": DIMENSION_WORDS,
        "failed": _failed,
    }


def _facts(report: Report) -> dict[str, object]:
    """What the page says, and how much of long lists."""
    held, known = report.audit, {r.id for r in report.requirements}
    outcomes = [o for r in report.requirements for o in r.outcomes]
    above = [o for r in report.findings for o in r.outcomes if held is None and _failed(o)]
    judged = [r for r in report.requirements if r.decided is not None]

    def due(what: Due) -> str:
        assert held is not None
        return due_text(what, held.findings[what.finding], held.today).said(report.lang)

    return {
        "report": report,
        "limit": limit_of(outcomes),
        "place_limit": PLACES_SHOWN,
        "told_above": {o.check_id for o in above},
        "listed": {o.check_id for o in outcomes if o.exceptions},
        "short": lambda id_: id_ if held is None else short_id(id_, held.file.id),
        "judged": len(judged),
        "overridden": [r.id for r in judged if r.decided is not None and r.decided.is_override],
        "tiles": tiles(report),
        "rows_of": lambda part: _rows_of(report, part),
        "chapters": [(row, _counts(row)) for row in profile_rows(report)],
        "figures_of": {r.id: [o for o in r.outcomes if o.is_kpi] for r in report.requirements},
        "not_told_of": {r.id: _not_told(report, r) for r in report.requirements},
        "sampling": sampling_statement(report),
        "red_flags": red_flag_statement(report),
        "due": due,
        "linked": lambda text: _linked(text, known),
    }


def limit_of(outcomes: list[Outcome]) -> int:
    """How many places of one check are shown: all that a reader wants, fewer where the page would swell."""
    lengths = [len(o.exceptions) for o in outcomes if o.exceptions]
    limit = EXCEPTIONS_SHOWN
    while limit > FEWEST_SHOWN and sum(min(n, limit) for n in lengths) > ROWS_SHOWN:
        limit = max(FEWEST_SHOWN, limit // 2)
    return limit


def _not_told(report: Report, requirement: RequirementAssessment) -> str:
    """By what the figures of a requirement can't be told, each thing once."""
    told = (parts_not_told(o) for o in requirement.outcomes if o.is_kpi)
    return "; ".join(dict.fromkeys(report.said(text) for texts in told for text in texts))


def _counts(row: ProfileRow) -> Mapping[Status, int]:
    return {status: row.counts[status] for status in SHORT_STATUSES}


def _rows_of(report: Report, part: TilePart) -> str:
    """The address of what is counted: one row, or the heading above the rows to filter."""
    held, first = report.audit, part.ids[0]
    if held is not None and first in held.findings:
        return "findings" if part.count > 1 else f"f-{first}"
    if first in {r.id for r in report.requirements}:
        return "requirements" if part.count > 1 else f"r-{first}"
    return "evidence"


def _inline(file: Path) -> Markup:
    return Markup(file.read_text(encoding="utf-8"))


def _hash(text: Markup) -> Markup:
    """What the page's own policy lets through: this text and no other."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(f"'sha256-{digest}'")


def _cleaned(value: object) -> object:
    return clean(value) if type(value) is str else value


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(clean(line)) for line in text.splitlines())


def _linked(text: str, known: set[str]) -> Markup:
    """The text, with each requirement in it a link."""
    parts, end = [], 0
    for word in _WORDS.finditer(text):
        if word[0] in known:
            parts.append(escape(clean(text[end : word.start()])))
            parts.append(Markup('<a href="#r-{0}">{0}</a>').format(word[0]))
            end = word.end()
    return Markup("").join([*parts, escape(clean(text[end:]))])


def _failed(outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.FAIL
