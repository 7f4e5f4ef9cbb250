"""Knows the audit checklist: 审核检查表, with what was asked, seen and decided."""

from __future__ import annotations

from scripts.word_templates import parts
from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """Every requirement: criterion, questions, evidence, status, note."""
    word.title()
    parts.control(word)
    word.text(
        word.t(
            "{{ requirements|length }} 项要求：符合 {{ conforms }}，改进机会 {{ ofis }}，一般不符合 {{ minors }}，"
            "严重不符合 {{ majors }}，未核实 {{ unverified }}，不适用 {{ not_applicables }}；未判断 {{ unjudged }}。",
            "{{ requirements|length }} requirements: {{ conforms }} conform, {{ ofis }} opportunities, {{ minors }} minor,"
            " {{ majors }} major, {{ unverified }} not verified, {{ not_applicables }} not applicable;"
            " {{ unjudged }} not judged.",
        ),
        bold=True,
    )
    word.listing(
        [("编号", "Id"), ("审核内容和提问", "What is asked"), ("客观证据和数据", "Evidence and figures"),
         ("判断", "Status"), ("说明和审核员", "Note and auditor")],
        [1.5, 4.5, 5.9, 2.6, 2.5], "r in requirements",
        ["{{ r.id }}", "{{ r.criterion }}{% if r.questions %}\n{{ r.questions }}{% endif %}",
         "{{ r.evidence }}", "{{ r.status }}",
         "{{ r.note }}{% if r.findings %} [{{ r.findings }}]{% endif %}"],
        band="heading", size=8, long=True,
    )  # fmt: skip
    word.heading("不符合项", "Findings")
    parts.nonconformities(word)
    word.heading("条款引导句", "Leading sentences of clauses")
    word.listing(
        [("条款", "Clause"), ("断言（审核员判断）", "Assertion (for the auditor)")], [5.0, 12.0],
        "c in clauses", ["{{ c.clause }}", "{{ c.says }}"], size=8.5,
    )  # fmt: skip
    word.signatures([("审核员", "Auditor"), ("审核组长", "Team leader")])
