"""A body's own template: every name that will be missing is found before anything is written, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from fcim_audit.errors import AuditError, AuditErrors
from fcim_audit.language import Lang
from fcim_audit.renderers.docx.template_check import demand_known
from tests.conftest import ROOT


def template(folder: Path, *paragraphs: str, table: tuple[str, ...] = (), head: str = "") -> Path:
    word = Document()
    for text in paragraphs:
        word.add_paragraph(text)
    if table:
        rows = word.add_table(rows=len(table), cols=1).rows
        for row, text in zip(rows, table, strict=True):
            row.cells[0].text = text
    word.sections[0].header.paragraphs[0].text = head
    word.save(str(folder / "own.docx"))
    return folder / "own.docx"


def refused(file: Path) -> list[tuple[str, str]]:
    """What is unknown and where, without the file's name."""
    with pytest.raises(AuditError) as caught:
        demand_known(file)
    errors = caught.value.errors if isinstance(caught.value, AuditErrors) else (caught.value,)
    return [(e.problem.en, e.where.removeprefix(f"{file}: ")) for e in errors]


@pytest.mark.parametrize("file", sorted((ROOT / "templates").glob("*.docx")), ids=lambda f: f.name)
def test_the_templates_that_come_with_the_tool_use_known_fields_only(file: Path) -> None:
    assert "organisation" in demand_known(file)


def test_a_field_of_an_item_that_there_is_not_is_named_with_its_paragraph(tmp_path: Path) -> None:
    own = template(
        tmp_path, "{%p for n in nonconformities %}", "事实：{{ n.statementt }}", "{%p endfor %}"
    )
    assert refused(own) == [("unknown field n.statementt", "¶2 事实：{{ n.statementt }}")]


def test_a_loop_inside_a_loop_and_rows_of_a_table_are_looked_into(tmp_path: Path) -> None:
    own = template(
        tmp_path,
        "{%p for n in nonconformities %}", "{%p for i in n.instances %}", "{{ i.says }} {{ i.sayz }}",
        "{%p endfor %}", "{%p endfor %}",
        table=("{%tr for m in team %}", "{{ m.nmae }}", "{%tr endfor %}"),
    )  # fmt: skip
    assert refused(own) == [
        ("unknown field i.sayz", "¶3 {{ i.says }} {{ i.sayz }}"),
        ("unknown field m.nmae", "¶7 {{ m.nmae }}"),
    ]


def test_the_same_words_in_two_loops_are_told_apart(tmp_path: Path) -> None:
    own = template(
        tmp_path,
        "{%p for x in team %}", "first {{ x.name }}", "{%p endfor %}",
        "{%p for x in nonconformities %}", "second {{ x.name }}", "{%p endfor %}",
    )  # fmt: skip
    assert refused(own) == [("unknown field x.name", "¶5 second {{ x.name }}")]


def test_conditions_filters_and_indices_are_looked_into(tmp_path: Path) -> None:
    own = template(
        tmp_path,
        "{% if n_ofx > 0 %}a{% endif %}", "{{ scopee|upper }}", "{{ tiles[0].titel }}",
        "{{ organisation.naem }}",
    )  # fmt: skip
    assert refused(own) == [
        ("unknown field n_ofx", "¶1 {% if n_ofx > 0 %}a{% endif %}"),
        ("unknown field scopee", "¶2 {{ scopee|upper }}"),
        ("unknown field tiles[0].titel", "¶3 {{ tiles[0].titel }}"),
        ("unknown field organisation.naem", "¶4 {{ organisation.naem }}"),
    ]


def test_the_loop_itself_and_what_a_template_sets_are_no_unknown_fields(tmp_path: Path) -> None:
    own = template(
        tmp_path,
        "{% set lead = leader %}{{ lead }} {{ lead.upper() }}",
        "{% for m in team %}{{ loop.index }} {{ m.name }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{{ tiles[0].title }}",
    )  # fmt: skip
    assert demand_known(own) == ("leader", "team", "tiles")


def test_a_header_is_looked_into(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ leader }}", head="{{ audit_idd }}")
    assert refused(own) == [("unknown field audit_idd", "header ¶1 {{ audit_idd }}")]


def test_the_nearest_field_is_proposed(tmp_path: Path) -> None:
    own = template(tmp_path, "{% for n in nonconformities %}{{ n.statementt }}{% endfor %}")
    with pytest.raises(AuditError) as caught:
        demand_known(own)
    assert "did you mean n.statement?" in caught.value.said(Lang.EN)


def test_a_filter_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        demand_known(template(tmp_path, "{{ leader|uper }}"))
    assert "uper" in caught.value.problem.en
