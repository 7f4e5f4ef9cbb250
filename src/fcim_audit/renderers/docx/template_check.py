"""Knows whether a body's own Word template can be filled: every field it names, and where one is unknown."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import fields as names_of
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import jinja2
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate

from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.renderers.docx.fields import AuditFields, Fields
from fcim_audit.renderers.docx.filling import environment


def available(*, of_audit: bool = True) -> tuple[str, ...]:
    """Every field by its path: `leader`, `team[].name`."""
    classes = (Fields, AuditFields) if of_audit else (Fields,)
    return tuple(path for class_ in classes for path in _paths(class_, ""))


def _paths(class_: type, before: str) -> Iterator[str]:
    hints = get_type_hints(class_)
    for field in names_of(class_):
        inner = get_args(hints[field.name])
        item = inner[0] if get_origin(hints[field.name]) is tuple else None
        if isinstance(item, type) and is_dataclass(item):
            yield from _paths(item, f"{before}{field.name}[].")
        else:
            yield f"{before}{field.name}"


def demand_known(template: Path) -> None:
    """Raise AuditError for a template that is no Word file, has a broken tag or an unknown top field."""
    try:
        document = DocxTemplate(template)
        used = document.get_undeclared_template_variables(environment())
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise AuditError(
            Text("不是 Word 文件（docx）", "is no Word file (docx)"),
            str(template),
            Text("从随工具提供的模板开始改", "begin with a template that comes with the tool"),
        ) from None
    except jinja2.TemplateSyntaxError as error:
        raise broken(template, error) from None
    tops = {path.split("[")[0] for path in available()}
    unknown = sorted(used - tops)
    if unknown:
        raise AuditError(
            Text(f"未知的字段 {', '.join(unknown)}", f"unknown fields: {', '.join(unknown)}"),
            f"{template}: {_where(document, unknown[0])}",
            Text(
                "可用字段：fcim-audit report --fields", "see the fields: fcim-audit report --fields"
            ),
        )


def broken(template: Path, error: jinja2.TemplateError) -> AuditError:
    """What is wrong with a template, with the paragraph it stands in where that is known."""
    near = getattr(error, "docx_context", None)
    place = f": {' / '.join(str(line).strip() for line in near)[:160]}" if near else ""
    return AuditError(
        Text(f"模板有误：{error.message}", f"the template has a mistake: {error.message}"),
        f"{template}{place}",
        Text("可用字段：fcim-audit report --fields", "see the fields: fcim-audit report --fields"),
    )


def _where(document: DocxTemplate, name: str) -> str:
    for number, paragraph in enumerate(_paragraphs(document), 1):
        if "{" in paragraph and name in paragraph:
            return f"¶{number} {paragraph.strip()[:80]}"
    return "¶?"


def _paragraphs(document: DocxTemplate) -> Iterator[str]:
    body = document.get_docx().element.body
    for paragraph in body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
        yield "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
