"""Paragraphs that may bear on a requirement: at most three, the likeliest first, none at all rather than noise."""

from __future__ import annotations

from fcim_audit.leads import MAX_TEXT, Paragraphs
from fcim_audit.model import Lead


def said(*texts: str) -> Paragraphs:
    return Paragraphs(Lead("a.docx", n, None, "", text) for n, text in enumerate(texts, start=1))


POLICY = said(
    "公司承诺以顾客为中心，持续改进无纸化服务。",
    "食堂每周一至周五供应午餐。",
    "数据备份每周自动执行，恢复演练每年一次。",
    "车辆停放按划线有序停放。",
)


def test_the_paragraph_that_speaks_of_it_comes_first() -> None:
    assert [lead.paragraph for lead in POLICY.best(["数据备份", "恢复"])] == [3]


def test_a_word_nobody_writes_finds_nothing() -> None:
    assert POLICY.best(["电子签名"]) == ()


def test_one_character_in_common_is_no_lead() -> None:
    assert said("员工餐厅的水电费").best(["电子"]) == ()


def test_no_more_than_three() -> None:
    many = said(*(f"无纸化服务流程第{n}条的说明" for n in range(9)))
    assert len(many.best(["无纸化"])) == 3


def test_latin_words_are_found_in_any_letters() -> None:
    assert [lead.paragraph for lead in said("按 ISO27001 管理数据安全").best(["iso27001"])] == [1]


def test_equal_paragraphs_keep_their_order() -> None:
    twice = said("无纸化流程说明书", "无纸化流程说明书")
    assert [lead.paragraph for lead in twice.best(["无纸化"])] == [1, 2]


def test_a_long_paragraph_is_cut() -> None:
    (lead,) = said("无纸化" + "很" * 500).best(["无纸化"])
    assert lead.text == "无纸化" + "很" * (MAX_TEXT - 3) + "…"


def test_no_documents_no_leads() -> None:
    assert said().best(["无纸化"]) == ()
