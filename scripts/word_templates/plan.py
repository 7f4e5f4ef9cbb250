"""Knows the audit plan: 审核计划."""

from __future__ import annotations

from scripts.word_templates import parts
from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """Objectives, criteria, scope, dates and places, duration, team, timetable, sampling, remote work."""
    word.title()
    parts.control(word, with_results=False)
    word.heading("一、审核目的、准则和范围", "1  Objectives, criteria, scope")
    word.text(word.t("审核目的：", "Objectives:"), bold=True, with_next=True)
    word.bullets("o in objectives", "{{ o }}")
    word.pairs([
        ("审核准则", "Criteria", "{{ checklist }} ({{ criteria_edition }})\nsha256 {{ checklist_sha256 }}"),
        ("认证机构规则", "Rules of the body", "{{ body_rules }}"),
        ("审核范围", "Scope", "{{ scope }}"),
        ("联系方式", "Contact", "{{ contact }}"),
        ("人数", "People", "{{ headcount }}"),
    ])  # fmt: skip
    word.heading("二、日期、场所和时间", "2  Dates, places, duration")
    word.pairs([
        ("审核日期", "Dates", word.t("{{ start }} 至 {{ end }}，共 {{ days }} 天",
                                  "{{ start }} to {{ end }}, {{ days }} days")),
        ("审核时间", "Duration", "{{ duration }}"),
        ("远程审核", "Remote auditing", "{{ remote }}"),
    ])  # fmt: skip
    parts.sites(word)
    word.heading("三、审核组", "3  Audit team")
    parts.team(word)
    word.labelled("公正性声明", "Independence", "{{ independence }}")
    word.labelled("保密承诺", "Confidentiality", "{{ confidentiality }}")
    word.heading("四、日程", "4  Timetable")
    word.listing(
        [("日期", "Day"), ("时间", "Time"), ("过程、条款", "Process, clauses"), ("部门", "Department"),
         ("审核员", "Auditor")],
        [2.4, 2.4, 6.4, 2.8, 3.0], "s in schedule",
        ["{{ s.day }}", "{{ s.time }}", "{{ s.what }}", "{{ s.department }}", "{{ s.auditor }}"],
    )  # fmt: skip
    word.heading("五、抽样和限值", "5  Sampling and limits")
    word.labelled("抽样方案", "Sampling plan", "{{ sampling_plan }}")
    word.listing(
        [("限值", "Limit"), ("值", "Value"), ("来源", "Source")], [11.0, 3.0, 3.0], "p in plan",
        ["{{ p.title }}", "{{ p.value }}", "{{ p.source }}"], size=8.5,
    )  # fmt: skip
    word.heading("六、上次审核和未关闭的不符合项", "6  The audit before and what is still open")
    word.labelled("上次审核", "Previous audit", "{{ previous }}")
    word.listing(
        [("编号", "No."), ("性质", "Grade"), ("要求", "Requirement"), ("事实", "Fact"), ("状态", "State")],
        [2.4, 2.4, 3.0, 6.6, 2.6], "n in earlier",
        ["{{ n.carried_from }}", "{{ n.grade }}", "{{ n.requirement }}", "{{ n.statement }}", "{{ n.state }}"],
    )  # fmt: skip
    word.heading("七、确认", "7  Agreed")
    word.signatures([("审核组长", "Team leader"), ("认证机构", "Certification body"),
                     ("受审核方代表", "For the organisation")])  # fmt: skip
