"""Knows the documents of an audit as Word files, each from a template that a body restyles in Word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as names_of
from dataclasses import replace
from pathlib import Path

import jinja2
from jinja2.exceptions import SecurityError

from fcim_audit.checklist.shipped import shipped
from fcim_audit.document_kinds import Kind
from fcim_audit.language import Lang
from fcim_audit.renderers.docx.audit import audit_fields
from fcim_audit.renderers.docx.filling import filled
from fcim_audit.renderers.docx.result import result_fields
from fcim_audit.renderers.docx.template_check import broken, demand_known
from fcim_audit.report import Report


def render(report: Report) -> bytes:
    """The result of a bundle, or the audit report of an audit; the same report gives the same bytes."""
    kind = None if report.audit is None else Kind.AUDIT
    return filled(template_of(kind, report.lang), fields(report, kind))


def plan(report: Report) -> bytes:
    """The audit plan."""
    return document(report, Kind.PLAN)


def checklist(report: Report) -> bytes:
    """The checklist with what was seen and decided."""
    return document(report, Kind.CHECKLIST)


def nc(report: Report) -> bytes:
    """Every nonconformity, each on a page of its own."""
    return document(report, Kind.NC)


def gap(report: Report) -> bytes:
    """The gap assessment: maturity, gaps, ways."""
    return document(report, Kind.GAP)


def recommendation(report: Report) -> bytes:
    """The recommendation for certification, to be signed."""
    return document(report, Kind.RECOMMENDATION)


def document(report: Report, kind: Kind, template: Path | None = None) -> bytes:
    """A document of an audit; `template`: another than the one that comes with the tool."""
    if template is None:
        return filled(template_of(kind, report.lang), fields(report, kind))
    demand_known(template)
    try:
        return filled(template, fields(report, kind))
    except (jinja2.TemplateError, SecurityError) as error:
        raise broken(template, error) from None


def of_one(report: Report, finding: str) -> Report:
    """The same report with one finding only."""
    if report.audit is None:
        return report
    only = {finding: report.audit.findings[finding]}
    return replace(report, audit=replace(report.audit, findings=only))


def template_of(kind: Kind | None, lang: Lang) -> Path:
    """The template that comes with the tool; None: of a bundle's result."""
    name = "report" if kind is None else kind.value
    return shipped("templates") / f"{name}.{lang.value}.docx"


def fields(report: Report, kind: Kind | None) -> Mapping[str, object]:
    """Every field that a template may use, by its name."""
    result = result_fields(report, kind)
    told = {f.name: getattr(result, f.name) for f in names_of(result)}
    if report.audit is not None:
        audit = audit_fields(report, report.audit, result.requirements)
        told |= {f.name: getattr(audit, f.name) for f in names_of(audit)}
    return told
