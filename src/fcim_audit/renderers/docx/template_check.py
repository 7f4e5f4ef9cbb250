"""Knows whether a body's own Word template can be filled: every field it names, and where one is unknown."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import fields as names_of
from dataclasses import is_dataclass
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import jinja2
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import meta, nodes
from lxml import etree

from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.renderers.docx.fields import AuditFields, Fields
from fcim_audit.renderers.docx.filling import environment
from fcim_audit.renderers.docx.template_names import Unknown, fields_of, unknown_names
from fcim_audit.wording import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


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


def demand_known(template: Path) -> tuple[str, ...]:
    """The fields of the first level that a template uses.

    Raises AuditErrors: for a file that is no Word file, for a broken tag, or for all unknown fields,
    those of loops too, each with its paragraph.
    """
    try:
        document = DocxTemplate(template)
        parsed = _parsed(document)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise AuditError(
            Text("不是 Word 文件（docx）", "is no Word file (docx)"),
            str(template),
            Text("从随工具提供的模板开始改", "begin with a template that comes with the tool"),
        ) from None
    except jinja2.TemplateSyntaxError as error:
        raise broken(template, error) from None
    known = fields_of(Fields, AuditFields)
    paragraphs = tuple(_paragraphs(document))
    raise_all(
        _unknown(f"{template}: {_where(paragraphs, name)}", name)
        for name in unknown_names(parsed, known)
    )
    return tuple(sorted(meta.find_undeclared_variables(parsed) & set(known)))


def _parsed(document: DocxTemplate) -> nodes.Template:
    """All of a template, header and footer after the body, as one; unknown filters are found too."""
    parts = [document.xml_to_string(document.get_docx().element.body)]
    parts += [document.xml_to_string(element) for _, element in _edges(document)]
    source = "".join(document.patch_xml(part) for part in parts)
    environment().from_string(source)
    return environment().parse(source)


def _unknown(where: str, name: Unknown) -> AuditError:
    guess = None if name.nearest is None else clean(name.nearest)
    return AuditError(
        Text(f"未知的字段 {name.name}", f"unknown field {name.name}"),
        where,
        Text("可用字段：fcim-audit report --fields", "see the fields: fcim-audit report --fields")
        if guess is None
        else Text(f"是否指 {guess}？可用字段：fcim-audit report --fields",
                  f"did you mean {guess}? See the fields: fcim-audit report --fields"),
    )  # fmt: skip


def broken(template: Path, error: jinja2.TemplateError) -> AuditError:
    """What is wrong with a template, with the paragraph it stands in where that is known."""
    near = getattr(error, "docx_context", None)
    place = f": {' / '.join(str(line).strip() for line in near)[:160]}" if near else ""
    return AuditError(
        Text(f"模板有误：{error.message}", f"the template has a mistake: {error.message}"),
        f"{template}{place}",
        Text("可用字段：fcim-audit report --fields", "see the fields: fcim-audit report --fields"),
    )


def _where(paragraphs: Sequence[tuple[str, str]], name: Unknown) -> str:
    """The paragraph that an unknown name stands in: the one that holds so many of it."""
    words = re.compile(rf"(?<![\w.]){re.escape(name.name)}(?!\w)")
    left = name.number
    for place, text in paragraphs:
        here = sum(len(words.findall(tag)) for tag in _TAG.findall(text))
        if here > left:
            return f"{place} {clean(text.strip())[:80]}"
        left -= here
    return "¶?"


def _paragraphs(document: DocxTemplate) -> Iterator[tuple[str, str]]:
    """Where each paragraph stands and its text: those of tables count, header and footer come last."""
    for before, element in (("", document.get_docx().element.body), *_edges(document)):
        for number, paragraph in enumerate(element.iter(f"{_W}p"), 1):
            texts = (node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
            yield f"{before}¶{number}", "".join(texts)


def _edges(document: DocxTemplate) -> Iterator[tuple[str, etree._Element]]:
    for relation in document.get_docx().part.rels.values():
        for kind in ("header", "footer"):
            if relation.reltype.endswith(f"/{kind}"):
                yield f"{kind} ", etree.fromstring(relation.target_part.blob, _PARSER)
