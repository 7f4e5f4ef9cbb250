"""Knows the result of a bundle alone: what the tool proposes, always a draft."""

from __future__ import annotations

from scripts.word_templates import parts
from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """Verdict, figures, proposed findings, every requirement, evidence."""
    word.title()
    word.pairs([
        ("受审核方", "Organisation", "{{ organisation }}"),
        ("审核期间", "Audit period", "{{ period_start }} – {{ period_end }}"),
        ("截止日", "Cut-off", "{{ as_of }}"),
        ("检查表", "Checklist", "{{ checklist }} ({{ criteria_edition }})  sha256 {{ checklist_sha256 }}"),
        ("规则", "Profile", "{{ profile }}  sha256 {{ profile_sha256 }}"),
        ("工具", "Tool", "{{ tool }}"),
    ])  # fmt: skip
    word.table_of_contents()
    word.heading("一、结论", "1  Verdict")
    parts.verdict(word)
    word.text("{{ note }}", dim=True)
    word.heading("二、各章概貌", "2  Profile of the chapters")
    parts.chapters(word)
    word.heading("三、6.3 的八项指标", "3  The eight figures of clause 6.3")
    parts.kpis(word)
    word.heading("四、不符合与改进机会", "4  Nonconformities and opportunities")
    _findings(word)
    word.heading("五、自动规则未能下结论", "5  Automatic rules that could not conclude")
    word.listing(
        [("检查", "Check"), ("结果", "Verdict"), ("原因", "Why")], [4.2, 3.0, 9.8], "o in open_rules",
        ["{{ o.check }}", "{{ o.verdict }}", "{{ o.why }}"], size=8.5,
    )  # fmt: skip
    word.heading("六、没有看的", "6  What was not looked at")
    word.text(word.t("{{ question_count }} 个问题只能由审核员判断。",
                     "{{ question_count }} questions only an auditor can answer."))  # fmt: skip
    word.bullets("u in unused", "{{ u.where }}: {{ u.what }}")
    word.heading("七、全部要求", "7  Every requirement")
    word.listing(
        [("编号", "Id"), ("要求", "Requirement"), ("状态", "Status"), ("检查与数据", "Checks and figures")],
        [1.9, 4.8, 2.7, 7.6], "r in requirements",
        ["{{ r.id }}", "{{ r.title }}", "{{ r.status }}", "{{ r.checks }}"], band="heading", size=8, long=True,
    )  # fmt: skip
    word.heading("八、可疑迹象（只是提问）", "8  Red flags (questions only)")
    word.bullets("f in red_flags", "{{ f }}")
    word.heading("九、抽样声明", "9  Sampling")
    word.bullets("s in sampling", "{{ s }}")
    word.heading("十、标准文本的读法和采用的限值", "10  Readings of the standard and limits used")
    parts.readings(word)
    word.heading("十一、条款引导句（审核员判断）", "11  Leading sentences (for the auditor)")
    word.listing(
        [("条款", "Clause"), ("断言", "Assertion")], [5.0, 12.0], "c in clauses",
        ["{{ c.clause }}", "{{ c.says }}"], size=8.5,
    )  # fmt: skip
    word.heading("十二、证据清单", "12  Evidence register")
    parts.evidence(word)
    word.heading("十三、签署", "13  Signatures")
    word.signatures([("审核组长", "Team leader"), ("受审核方代表", "For the organisation")])


def _findings(word: Word) -> None:
    with word.when("not findings"):
        word.text(word.t("没有。", "None."))
    with word.each("n in findings"):
        word.text("{{ n.number }}. {{ n.grade }} · {{ n.id }} {{ n.title }}", bold=True)
        word.labelled("准则", "Criterion", "{{ n.criterion }}")
        word.labelled("分级理由", "Grade because", "{{ n.why }}")
        word.labelled("客观证据", "Objective evidence", "")
        with word.each("f in n.facts"):
            word.text("{{ f.check }}  {{ f.figure }}")
            with word.when("f.remarks"):
                word.text("{{ f.remarks }}", dim=True)
            with word.each("place in f.places"):
                word.text("{{ place }}", style="List Bullet", size=9)
