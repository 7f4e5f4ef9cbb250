"""Knows the nonconformity report: 不符合项报告, one page or more for each finding."""

from __future__ import annotations

from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """Fact, grade, answer, verification and signatures of each finding."""
    with word.when("not nonconformities"):
        word.title()
        word.text(word.t("没有不符合项。", "No findings were raised."))
    with word.each("n in nonconformities"):
        _one(word)
        with word.when("not loop.last"):
            word.page()


def _one(word: Word) -> None:
    word.title()
    word.pairs([
        ("编号", "No.", "{{ n.id }}"),
        ("受审核方", "Organisation", "{{ organisation }}"),
        ("认证机构", "Certification body", "{{ body }}"),
        ("审核编号、类别", "Audit", "{{ audit_id }}, {{ audit_type }}"),
        ("审核日期", "Dates", word.t("{{ start }} 至 {{ end }}", "{{ start }} to {{ end }}")),
        ("场所、部门、过程", "Site, department, process", "{{ n.site }}, {{ n.department }}, {{ n.process }}"),
        ("准则和条款", "Criterion", "{{ checklist }} ({{ criteria_edition }})\n{{ n.requirement }} {{ n.title }}\n{{ n.criterion }}"),
        ("不符合事实", "Statement", "{{ n.statement }}"),
        ("客观证据", "Objective evidence", "{{ n.evidence }}"),
        ("性质", "Grade", "{{ n.boxes }}"),
        ("分级理由", "Grade because", "{{ n.grade_reason }}"),
        ("重复发生", "Repeats", "{% if n.repeat_of %}{{ n.repeat_of }}{% else %}"
         + word.t("否", "no") + "{% endif %}{% if n.carried_from %}  ({{ n.carried_from }}){% endif %}"),
        ("状态", "State", "{{ n.state }}"),
    ])  # fmt: skip
    word.text(
        word.t("实例和证据位置", "Instances and where the evidence stands"),
        bold=True, with_next=True,
    )  # fmt: skip
    word.listing(
        [("实例", "Instance"), ("数量", "Count"), ("证据位置", "Places")], [6.0, 2.0, 9.0],
        "i in n.instances", ["{{ i.says }}", "{{ i.counted }}", "{{ i.places }}"], size=8, long=True,
    )  # fmt: skip
    word.pairs([
        ("开具", "Raised by", "{{ n.raised_by }}  {{ n.raised_on }}"),
        ("评审", "Reviewed by", "{{ n.reviewed }}"),
        ("发出日期", "Issued on", "{{ n.issued_on }}"),
        ("要求完成日期", "Due", "{% for due in n.dues %}{{ due }}{% if not loop.last %}; {% endif %}{% endfor %}"),
        ("受审核方确认", "Acknowledged", "{{ n.acknowledged }}{% if n.dissent %}\n"
         + word.t("异议：", "Dissent: ") + "{{ n.dissent }}{% endif %}"),
    ])  # fmt: skip
    word.signatures([("审核员", "Auditor"), ("审核组长", "Team leader"),
                     ("受审核方代表", "For the organisation")])  # fmt: skip
    word.page()
    word.text(
        word.t("{{ n.id }} · 受审核方填写", "{{ n.id }} · Filled in by the organisation"),
        bold=True, with_next=True,
    )  # fmt: skip
    word.pairs(room=1.5, rows=[
        ("纠正", "Correction", "{{ n.correction }}"),
        ("原因分析", "Cause", "{{ n.cause }}{% if n.method %} ({{ n.method }}){% endif %}"),
        ("举一反三", "Extent", "{{ n.extent }}"),
        ("纠正措施", "Corrective action", "{{ n.action }}"),
        ("负责人、完成日期", "Owner, due", "{{ n.owner }}  {{ n.action_due }}"),
        ("完成情况和证据", "Done, with evidence", "{{ n.submitted }}"),
        ("退回记录", "Returned", "{{ n.returned }}"),
    ])  # fmt: skip
    word.text(word.t("审核组验证", "Verified by the audit team"), bold=True, with_next=True)
    word.pairs([
        ("验证方式", "Method", "{{ n.method_boxes }}"),
        ("验证结论", "Conclusion", "{{ n.verification }}"),
        ("验证人、日期", "Verified by", "{{ n.verified_by }}"),
        ("关闭", "Closed", "{{ n.closed }}"),
    ])  # fmt: skip
    word.signatures([("验证人", "Verifier"), ("审核组长", "Team leader")])
