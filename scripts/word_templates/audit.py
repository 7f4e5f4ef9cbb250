"""Knows the audit report: 审核报告, from the verdict to the query behind each figure."""

from __future__ import annotations

from scripts.word_templates import parts
from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """Verdict first, then how it was reached, then all of it."""
    word.title()
    parts.control(word)
    word.table_of_contents()
    _conclusions(word)
    _held(word)
    _found(word)
    _limits(word)
    word.heading("十四、签署", "14  Signatures")
    word.signatures([("审核组长", "Team leader"), ("认证机构（盖章）", "Certification body (seal)"),
                     ("受审核方代表", "For the organisation")])  # fmt: skip
    _annexes(word)


def _conclusions(word: Word) -> None:
    word.heading("一、结论和推荐意见", "1  Conclusions and recommendation")
    parts.verdict(word)
    word.pairs([
        ("审核组推荐意见", "Recommendation of the team", "{{ team_recommendation }}"),
        ("按规则得出", "What the rules give", "{{ recommendation }}"),
        ("原因", "Because", parts.BECAUSE),
        ("符合性和有效性", "Conformity, effectiveness", "{{ effectiveness }}"),
        ("范围是否适宜", "Scope appropriate", "{{ scope_appropriate }}"),
        ("审核目的是否达到", "Objectives met", "{{ objectives_met }}"),
    ])  # fmt: skip
    word.text("{{ note }}", dim=True)


def _held(word: Word) -> None:
    word.heading("二、受审核方概况", "2  The organisation")
    word.pairs([
        ("联系方式", "Contact", "{{ contact }}"),
        ("人数", "People", "{{ headcount }}"),
        ("审核范围", "Scope", "{{ scope }}"),
        ("上次审核以来的重大变更", "Changes since the last audit", "{{ changes }}"),
    ])  # fmt: skip
    parts.sites(word)
    word.heading("三、审核实施", "3  How the audit was held")
    word.text(word.t("审核目的：", "Objectives:"), bold=True, with_next=True)
    word.bullets("o in objectives", "{{ o }}")
    word.pairs([
        ("认证机构", "Certification body", "{{ body }}\n{{ body_address }}\n{{ body_rules }}"),
        ("审核日期", "Dates", word.t("{{ start }} 至 {{ end }}，共 {{ days }} 天；{{ duration }}",
                                  "{{ start }} to {{ end }}, {{ days }} days; {{ duration }}")),
        ("与计划的偏离", "Deviations from the plan", "{{ deviations }}"),
        ("影响审核方案的事项", "What affects the programme", "{{ programme }}"),
        ("结合、联合、一体化审核", "Combined, joint, integrated", "{{ combined }}"),
        ("远程手段的比例和效果", "Remote methods: share, effect", "{{ remote }}"),
        ("未决事项", "Unresolved issues", "{{ unresolved }}"),
        ("公正性声明", "Independence", "{{ independence }}"),
        ("保密承诺", "Confidentiality", "{{ confidentiality }}"),
    ])  # fmt: skip
    parts.team(word)


def _found(word: Word) -> None:
    word.heading("四、各章概貌", "4  Profile of the chapters")
    parts.chapters(word)
    word.heading(
        "五、目标完成情况：6.3 的八项指标", "5  Objectives: the eight figures of clause 6.3"
    )
    parts.kpis(word)
    word.heading("六、内部审核和管理评审的有效性", "6  Internal audit and management review")
    word.listing(
        [("编号", "Id"), ("要求", "Requirement"), ("判断", "Status"),
         ("客观证据和数据", "Evidence and figures"), ("说明", "Note")],
        [1.5, 3.2, 2.6, 6.8, 2.9], "r in internal_audit", parts.REQUIREMENT, size=8, long=True,
    )  # fmt: skip
    word.heading("七、不符合项汇总", "7  Nonconformities")
    parts.nonconformities(word)
    parts.nonconformity_details(word)
    word.heading("八、证书和标志、上次不符合项的验证", "8  Certificate and marks, earlier findings")
    word.pairs([
        ("证书和标志的使用", "Use of certificate and marks", "{{ certificate_use }}"),
        ("上次不符合项的验证", "Verification of earlier findings", "{{ previous_verification }}"),
        ("上次审核", "Previous audit", "{{ previous }}"),
    ])  # fmt: skip
    word.listing(
        [("编号", "No."), ("来自", "From"), ("要求", "Requirement"), ("状态", "State"), ("验证", "Verified")],
        [2.4, 2.6, 2.6, 3.4, 6.0], "n in earlier",
        ["{{ n.short }}", "{{ n.carried_from }}", "{{ n.requirement }}", "{{ n.state }}", "{{ n.verification }}"],
    )  # fmt: skip
    word.heading("九、各条款审核发现", "9  Every requirement")
    parts.requirements(word)


def _limits(word: Word) -> None:
    word.heading(
        "十、未核实的要求和没有看的证据", "10  What is not verified and what was not looked at"
    )
    word.bullets("r in open_requirements", "{{ r.id }} {{ r.title }}")
    word.listing(
        [("检查", "Check"), ("结果", "Verdict"), ("原因", "Why")], [4.2, 3.0, 9.8], "o in open_rules",
        ["{{ o.check }}", "{{ o.verdict }}", "{{ o.why }}"], size=8.5,
    )  # fmt: skip
    word.bullets("u in unused", "{{ u.where }}: {{ u.what }}")
    word.heading("十一、可疑迹象（只是提问）", "11  Red flags (questions only)")
    word.bullets("f in red_flags", "{{ f }}")
    word.listing(
        [("编号", "Id"), ("疑问", "Doubt"), ("如何了结", "Settled")], [2.4, 8.6, 6.0], "a in alarms",
        ["{{ a.id }}", "{{ a.about }}", "{{ a.settled }}"],
    )  # fmt: skip
    word.heading("十二、抽样声明", "12  Sampling")
    parts.caution(word)
    word.heading("十三、标准文本的读法和采用的限值", "13  Readings of the standard and limits used")
    parts.readings(word)


def _annexes(word: Word) -> None:
    word.page()
    word.heading("附录 A  证据清单", "Annex A  Evidence register")
    parts.evidence(word)
    word.heading("附录 B  条款引导句（审核员判断）", "Annex B  Leading sentences (for the auditor)")
    word.listing(
        [("条款", "Clause"), ("断言", "Assertion")], [5.0, 12.0], "c in clauses",
        ["{{ c.clause }}", "{{ c.says }}"], size=8.5,
    )  # fmt: skip
    word.heading("附录 C  复算用 SQL", "Annex C  Queries to run again")
    parts.queries(word)
