"""Knows the parts that several documents share: control block, team, figures, requirements, findings."""

from __future__ import annotations

from scripts.word_templates.blocks import Word, grid, write

BECAUSE = (
    "{% for why in recommendation_why %}{{ why }}{% if not loop.last %}; {% endif %}{% endfor %}"
)
"""Every reason of the recommendation in one cell."""
REQUIREMENT = (
    "{{ r.id }}",
    "{{ r.title }}",
    "{{ r.status }}",
    "{{ r.evidence }}",
    "{{ r.note }}{% if r.findings %} [{{ r.findings }}]{% endif %}",
)


def control(word: Word, *, with_results: bool = True) -> None:
    """Who, what, against what, when: the head of every document of an audit."""
    rows = [
        ("受审核方", "Organisation", "{{ organisation }} ({{ organisation_code }})"),
        ("地址", "Address", "{{ address }}"),
        ("受审核方代表", "Representative", "{{ representative }}"),
        ("认证机构", "Certification body", "{{ body }}"),
        ("审核编号", "Audit no.", "{{ audit_id }}"),
        ("审核类别", "Audit type", "{{ audit_type }}"),
        ("审核准则", "Criteria", "{{ checklist }} ({{ criteria_edition }})"),
        ("审核日期", "Dates", word.t("{{ start }} 至 {{ end }}", "{{ start }} to {{ end }}")),
        ("审核组长", "Team leader", "{{ leader }}"),
        ("报告日期", "Made on", "{{ today }}"),
        ("状态", "State", "{{ document_state }}"),
    ]
    if with_results:
        rows += [
            (
                "证据期间", "Evidence",
                word.t(
                    "{{ period_start }} 至 {{ period_end }}，截止 {{ as_of }}",
                    "{{ period_start }} to {{ period_end }}, cut-off {{ as_of }}",
                ),
            ),
            (
                "依据", "Rests on",
                "{{ tool }}; "
                + word.t("检查表", "checklist") + " sha256 {{ checklist_sha256 }}; "
                + word.t("规则", "profile") + " {{ profile }} sha256 {{ profile_sha256 }}; "
                + word.t("判定结果", "result") + " sha256 {{ result_sha256 }}; "
                + word.t("日志", "journal") + " {{ journal }}",
            ),
        ]  # fmt: skip
    word.pairs(rows)


def counts(word: Word) -> None:
    """The four figures at the head, side by side."""
    table = grid(word.doc, [4.25] * 4, 1)
    for number, cell in enumerate(table.rows[0].cells):
        write(cell, f"{{{{ tiles[{number}].title }}}}", dim=True, size=8.5)
        paragraph = cell.add_paragraph()
        paragraph.add_run(f"{{{{ tiles[{number}].figure }}}}").bold = True
        write_small(cell, f"{{{{ tiles[{number}].parts }}}}")
    word.gap()


def write_small(cell: object, text: str) -> None:
    """Add a line in the smallest size to a cell."""
    from docx.shared import Pt

    run = cell.add_paragraph().add_run(text)  # type: ignore[attr-defined]  # python-docx cell
    run.font.size = Pt(8)


def verdict(word: Word) -> None:
    """The sentence that says what is recommended and what stands in the way."""
    word.text("{{ verdict }}", bold=True, size=12)
    counts(word)


def team(word: Word) -> None:
    """Who audits, in which role, with what competence, which clauses."""
    word.listing(
        [("姓名", "Name"), ("代号", "Id"), ("职务", "Role"), ("注册号", "Registration"),
         ("专业能力", "Competence"), ("负责条款", "Clauses")],
        [2.6, 1.6, 2.6, 3.2, 3.8, 3.2], "m in team",
        ["{{ m.name }}", "{{ m.id }}", "{{ m.role }}", "{{ m.registration }}",
         "{{ m.competence }}", "{{ m.clauses }}"],
    )  # fmt: skip


def sites(word: Word) -> None:
    """The places of the organisation, visited or not."""
    word.listing(
        [("场所", "Site"), ("名称", "Name"), ("地址", "Address"), ("人数", "People"), ("到场", "Visited")],
        [2.0, 4.5, 6.5, 2.0, 2.0], "s in sites",
        ["{{ s.id }}", "{{ s.name }}", "{{ s.address }}", "{{ s.headcount }}", "{{ s.visited }}"],
    )  # fmt: skip


def chapters(word: Word) -> None:
    """Every chapter: a bar of its statuses, how much is verified, its score."""
    word.listing(
        [("章", "Chapter"), ("分布", "Distribution"), ("状态", "Statuses"), ("已核实", "Verified"),
         ("得分", "Score")],
        [4.2, 4.6, 4.8, 1.8, 1.6], "c in chapters",
        ["{{ c.id }} {{ c.title }}",
         [("c.bar_conform", "conform"), ("c.bar_ofi", "ofi"), ("c.bar_minor", "minor"),
          ("c.bar_major", "major"), ("c.bar_open", "open")],
         "{{ c.counts }}", "{{ c.verified }}", "{{ c.score }}"],
    )  # fmt: skip
    word.text(
        word.t(
            "总得分 {{ score }}（仅就已核实的 {{ verified }} 项）；得分不决定结论。",
            "Score {{ score }} (of the {{ verified }} verified only); no verdict rests on a score.",
        ),
        dim=True,
    )


def kpis(word: Word) -> None:
    """The eight figures: claimed, computed again, asked for; then each by month and site."""
    word.listing(
        [("编号", "Id"), ("指标", "Figure"), ("声称", "Claimed"), ("复算", "Recomputed"),
         ("要求", "Target"), ("图示", "Chart"), ("结果", "Result")],
        [1.3, 3.3, 2.0, 3.0, 2.0, 3.4, 2.0], "k in kpis",
        ["{{ k.id }}", "{{ k.name }}", "{{ k.claimed }}",
         "{{ k.measured }}",
         "{{ k.required }}",
         [("k.bar_met", "conform"), ("k.bar_missed", "major"), ("k.bar_rest", "rest")],
         "{{ k.result }}"],
    )  # fmt: skip
    with word.each("k in kpis"), word.when("k.difference"):
        word.text(
            word.t("{{ k.id }}  声称 {{ k.claimed }}，复算减声称 {{ k.difference }}",
                   "{{ k.id }}  claimed {{ k.claimed }}, recomputed minus claimed {{ k.difference }}"),
            size=9,
        )  # fmt: skip
    with word.when('kpis|rejectattr("parts", "equalto", "—")|list'):
        word.text(
            word.t("按月份和场所（× 未达到要求值）", "By month and site (× misses the target)"),
            bold=True, size=9, with_next=True,
        )  # fmt: skip
    with word.each("k in kpis"), word.when('k.parts != "—"'):
        word.text("{{ k.id }}  {{ k.parts }}", dim=True, size=8.5)


def nonconformities(word: Word) -> None:
    """A register of all that was raised, and what was judged nonconform without being written up."""
    word.listing(
        [("编号", "No."), ("性质", "Grade"), ("要求", "Requirement"), ("事实", "Fact"),
         ("状态", "State"), ("下一期限", "Next due")],
        [1.6, 2.8, 3.1, 4.9, 2.0, 2.6], "n in nonconformities",
        ["{{ n.short }}", "{{ n.grade }}", "{{ n.requirement }} {{ n.title }}", "{{ n.statement }}",
         "{{ n.state }}", "{{ n.nearest_due }}"],
    )  # fmt: skip
    with word.when("without_finding"):
        word.text(
            word.t("判为不符合而尚未开具：", "Judged nonconform and not written up yet:"), bold=True
        )
        with word.each("r in without_finding"):
            word.text("{{ r.id }} {{ r.title }} · {{ r.status }}", style="List Bullet")


def nonconformity_details(word: Word) -> None:
    """The three parts of each finding, with the places of its evidence."""
    with word.each("n in nonconformities"):
        word.text("{{ n.short }} · {{ n.grade }} · {{ n.requirement }}", bold=True, with_next=True)
        word.labelled("准则", "Criterion", "{{ n.criterion }}")
        word.labelled("事实", "Statement", "{{ n.statement }}")
        word.labelled("客观证据", "Objective evidence", "{{ n.evidence }}")
        word.labelled("分级理由", "Grade because", "{{ n.grade_reason }}")
        with word.each("i in n.instances"):
            word.text("{{ i.says }} ({{ i.counted }})", style="List Bullet")
            with word.when("i.places"):
                word.text("{{ i.places }}", dim=True, size=8.5)


def requirements(word: Word) -> None:
    """Every requirement with status, evidence, note."""
    word.listing(
        [("编号", "Id"), ("要求", "Requirement"), ("判断", "Status"), ("客观证据和数据", "Evidence and figures"),
         ("说明", "Note")],
        [1.5, 3.2, 2.6, 6.8, 2.9], "r in requirements", REQUIREMENT, band="heading", size=8, long=True,
    )  # fmt: skip


def readings(word: Word) -> None:
    """Defects of the standard's text with their reading, and the limits that were used."""
    word.listing(
        [("编号", "Id"), ("条款", "Clauses"), ("问题", "Defect"), ("读法", "Reading")],
        [1.2, 2.6, 6.2, 7.0], "n in notes",
        ["{{ n.id }}", "{{ n.clauses }}", "{{ n.defect }}", "{{ n.reading }}"], size=8.5,
    )  # fmt: skip
    word.listing(
        [("限值", "Limit"), ("值", "Value"), ("来源", "Source")], [11.0, 3.0, 3.0], "p in plan",
        ["{{ p.title }}", "{{ p.value }}", "{{ p.source }}"], size=8.5,
    )  # fmt: skip


def evidence(word: Word) -> None:
    """Every file of the evidence with its hash."""
    word.listing(
        [("文件", "File"), ("sha256", "sha256"), ("内容", "Content")], [4.5, 6.5, 6.0], "f in files",
        ["{{ f.file }}", "{{ f.sha256 }}", "{{ f.content }}"], size=8,
    )  # fmt: skip


def queries(word: Word) -> None:
    """Where the query behind each figure stands: too long for paper, whole in the other formats."""
    word.text(
        word.t(
            "{{ sql_count }} 项数据检查的 SQL 全文见同一审核的工作簿（xlsx）、网页（html）和 result.json，"
            "可逐条复算；判定结果 sha256 {{ result_sha256 }}。",
            "The SQL of the {{ sql_count }} data checks stands in full in the workbook (xlsx), the page (html)"
            " and result.json of this audit, to be run again; sha256 of the result {{ result_sha256 }}.",
        )
    )


def caution(word: Word) -> None:
    """What a sample can't show, and who decides."""
    word.bullets("s in sampling", "{{ s }}")
    word.text("{{ note }}", dim=True)
