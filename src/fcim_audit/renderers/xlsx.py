"""Knows an audit as a register in a workbook: which sheets, in which order; text stays text."""

from __future__ import annotations

from collections.abc import Iterator

from fcim_audit.renderers.plain_book import Sheets
from fcim_audit.renderers.register import Table
from fcim_audit.renderers.register_charts import CHARTS, draw
from fcim_audit.renderers.register_cover import COVER, Listed, write
from fcim_audit.renderers.register_evidence import evidence, exceptions, sources
from fcim_audit.renderers.register_figures import figures, parts
from fcim_audit.renderers.register_findings import followed, found, proposed, seen
from fcim_audit.renderers.register_remarks import clauses, maturity, remarks
from fcim_audit.renderers.register_requirements import checks, requirements
from fcim_audit.report import Report


def render(report: Report) -> bytes:
    """The workbook."""
    sheets = Sheets(footer=f"{report.bundle} · {report.organisation.name}")
    cover, charts = (sheets.sheet(report.said(name)) for name in (COVER, CHARTS))
    draw(report, sheets, charts)
    listed = []
    for table in _tables(report, sheets):
        name = report.said(table.name)
        count = sheets.add(name, table.heads(report.lang), table.rows)
        listed.append(Listed(name, report.said(table.about), count))
    write(report, sheets, cover, listed)
    return sheets.done()


def _tables(report: Report, sheets: Sheets) -> Iterator[Table]:
    held = report.audit
    yield requirements(report)
    if held is None:
        yield proposed(report)
    else:
        yield from (found(report, held), followed(report, held), seen(report, held))
    yield from (figures(report), parts(report), checks(report))
    yield from (exceptions(report), sources(report), evidence(report), clauses(report))
    if held is not None and held.maturity:
        yield maturity(report, held)
    yield remarks(report, lambda: sheets.cut)
