"""Knows which document of an audit is written in which format: the visible list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fcim_audit.renderers import csv, docx, html, json, markdown, xlsx
from fcim_audit.report import Kind, Report

DOCUMENTS: Mapping[tuple[Kind, str], Callable[[Report], bytes]] = {
    (Kind.AUDIT, "docx"): docx.render,
    (Kind.AUDIT, "html"): html.render,
    (Kind.AUDIT, "xlsx"): xlsx.render,
    (Kind.AUDIT, "json"): json.render,
    (Kind.AUDIT, "md"): markdown.render,
    (Kind.AUDIT, "csv"): csv.render,
}
