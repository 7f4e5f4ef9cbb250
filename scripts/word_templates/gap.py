"""Knows the gap assessment: 差距评估报告, with maturity, gaps and the way to a certificate."""

from __future__ import annotations

from scripts.word_templates import parts
from scripts.word_templates.blocks import Word


def build(word: Word) -> None:
    """Where the organisation stands, clause by clause, and what to do first."""
    word.title()
    parts.control(word)
    word.table_of_contents()
    word.heading("一、总体情况", "1  Where it stands")
    parts.verdict(word)
    word.text(
        word.t(
            "差距评估不是认证审核，不作认证推荐。",
            "A gap assessment is no certification audit and recommends nothing.",
        ),
        dim=True,
    )
    word.heading("二、成熟度", "2  Maturity")
    word.listing(
        [("条款", "Clause"), ("等级", "Level"), ("图示", "Chart"), ("数据允许的最高等级", "Figures allow at most"),
         ("依据", "Because")],
        [3.8, 2.6, 2.9, 4.1, 3.6], "m in maturity",
        ["{{ m.clause }}", "{{ m.level }}", [("m.bar", "level"), ("m.bar_rest", "rest")],
         "{{ m.ceiling }}", "{{ m.why }}"], size=8.5,
    )  # fmt: skip
    word.heading("三、各章概貌", "3  Profile of the chapters")
    parts.chapters(word)
    word.heading("四、6.3 的八项指标", "4  The eight figures of clause 6.3")
    parts.kpis(word)
    word.heading(
        "五、路线图：达到各推荐意见的最少工作",
        "5  Roadmap: the least to do for each recommendation",
    )
    with word.when("not ways"):
        word.text(
            word.t("没有更好的推荐意见可达到。", "There is no better recommendation to reach.")
        )
    with word.each("w in ways"):
        word.text(
            word.t(
                "{{ w.recommendation }}：{{ w.fixes|length }} 项，约 {{ w.days }} 人日",
                "{{ w.recommendation }}: {{ w.fixes|length }} things to do, about {{ w.days }} person-days",
            ),
            bold=True,
        )
        word.listing(
            [("做什么", "What"), ("编号", "Id"), ("人日", "Person-days")], [3.6, 10.4, 3.0], "x in w.groups",
            ["{{ x.what }} ({{ x.id.split(', ')|length }})", "{{ x.id }}", "{{ x.days }}"], size=8.5, long=True,
        )  # fmt: skip
    word.heading("六、差距", "6  Gaps")
    parts.nonconformities(word)
    word.heading("七、尚未核实", "7  Not verified yet")
    word.bullets("r in open_requirements", "{{ r.id }} {{ r.title }}")
    word.heading("八、各条款情况", "8  Every requirement")
    parts.requirements(word)
    word.heading("九、抽样和读法", "9  Sampling and readings")
    parts.caution(word)
    parts.readings(word)
    word.heading("附录  证据清单", "Annex  Evidence register")
    parts.evidence(word)
    word.signatures([("评估人", "Assessor"), ("组织代表", "For the organisation")])
