"""Knows which document of an audit is written in which format: the visible list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fcim_audit.document_kinds import Kind
from fcim_audit.renderers import csv, docx, html, json, markdown, xlsx
from fcim_audit.report import Report

DOCUMENTS: Mapping[tuple[Kind, str], Callable[[Report], bytes]] = {
    (Kind.PLAN, "docx"): docx.plan,
    (Kind.CHECKLIST, "docx"): docx.checklist,
    (Kind.NC, "docx"): docx.nc,
    (Kind.AUDIT, "docx"): docx.render,
    (Kind.GAP, "docx"): docx.gap,
    (Kind.RECOMMENDATION, "docx"): docx.recommendation,
    (Kind.AUDIT, "html"): html.render,
    (Kind.AUDIT, "xlsx"): xlsx.render,
    (Kind.AUDIT, "json"): json.render,
    (Kind.AUDIT, "md"): markdown.render,
    (Kind.AUDIT, "csv"): csv.render,
}
