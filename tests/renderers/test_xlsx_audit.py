"""The register of an audit: what was judged, what was found, what became of it."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from fcim_audit.auditfile.schema import (
    Acknowledgement,
    Alarm,
    EvidenceKind,
    EvidenceRef,
    FindingEntry,
    FindingState,
    Regrade,
    Response,
    Submission,
    Verification,
    VerificationMethod,
)
from fcim_audit.language import Lang
from fcim_audit.model import Breakdown, Dimension, Figure, Status
from fcim_audit.renderers.xlsx import render
from fcim_audit.report import Report
from tests.renderers.held import with_audit
from tests.renderers.test_xlsx import charts_of
from tests.renderers.told import report

DAY = dt.date(2026, 3, 1)
CLOSED = {
    "state": FindingState.CLOSED, "site": "S1", "department": "客服部", "process": "工单", "rule": "m1",
    "why": "证据表明未满足", "proposed_grade": Status.MAJOR, "grade_reason": "仅一次", "effort": 2,
    "regraded": (Regrade(was=Status.MAJOR, reason="仅一次", by="A1", on=DAY),),
    "reviewed_by": "A1", "reviewed_on": DAY, "issued_on": DAY,
    "acknowledgement": Acknowledgement(by="管理者代表", on=DAY, dissent="不同意等级"),
    "response": Response(
        received_on=DAY, correction="补关工单", cause="未设提醒", method="5 Why", extent="只此一类",
        action="设提醒", owner="客服主管", due=dt.date(2026, 3, 31),
    ),
    "plan_accepted_on": DAY, "returned": ("原因不清", "范围不清"),
    "submission": Submission(
        on=DAY, evidence=(EvidenceRef(kind=EvidenceKind.RECORD, ref="四月工单"),), effectiveness="四月无超时"
    ),
    "verification": Verification(
        method=VerificationMethod.ON_SITE, effective=True, note="抽查 20 份", by="A1", on=DAY
    ),
    "closed_by": "A1", "closed_on": DAY,
}  # fmt: skip


def held(told: Report, **changes: object) -> Report:
    assert told.audit is not None
    first = told.audit.findings["NC01"].model_dump() | changes
    entry = FindingEntry.model_validate(first)
    return replace(told, audit=replace(told.audit, findings={"NC01": entry}))


def opened(told: Report) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(told)))


def by_head(book: Workbook, sheet: str, row: int = 2) -> dict[object, object]:
    heads, values = book[sheet][1], book[sheet][row]
    return {h.value: v.value for h, v in zip(heads, values, strict=True) if v.value is not None}


@pytest.fixture(scope="module")
def book() -> Workbook:
    return opened(with_audit(report(), findings=3))


@pytest.fixture(scope="module")
def closed() -> Workbook:
    return opened(held(with_audit(report()), **CLOSED))


def test_an_audit_has_sheets_of_findings_and_of_what_became_of_them(book: Workbook) -> None:
    assert book.sheetnames == [
        "封面", "图表", "要求", "不符合项", "整改跟踪", "实例", "指标", "月份与场所", "检查", "例外",
        "数据来源", "证据", "条款说明", "说明",
    ]  # fmt: skip


def test_a_judgement_stands_beside_what_the_tool_proposed(book: Workbook) -> None:
    (row,) = [r[0].row for r in book["要求"].iter_rows(max_col=1) if r[0].value == "6.3-d"]
    told = by_head(book, "要求", row)
    assert {name: told[name] for name in list(told)[3:10]} == {
        "审核员判断": "一般不符合",
        "判断时的建议": "严重不符合",
        "依据": "M3 · 指标低于目标 10 个百分点及以上，且没有对应的纠正措施",
        "证据": "interview: 客服主管",
        "说明": "第一行\n<b>第二行</b>",
        "不同于建议的理由": "另有记录",
        "判断人": "A1 张三",
    }
    assert (told["判断时间"], told["不符合项"]) == ("2026-01-21 09:00+00:00", "NC01")


def test_what_nobody_judged_shows_what_the_tool_proposes_now() -> None:
    told = with_audit(report())
    requirements = tuple(replace(r, proposed=Status.OFI) for r in told.requirements)
    judgement = replace(told.judgement, requirements=requirements)
    row = by_head(opened(replace(told, judgement=judgement)), "要求")
    assert (row["审核员判断"], row["工具现在的建议"]) == ("尚未判断", "改进机会")


def test_a_finding_is_told_with_its_grade_and_evidence(closed: Workbook) -> None:
    assert by_head(closed, "不符合项") == {
        "编号": "NC01", "等级": "一般不符合", "状态": "已关闭", "要求": "6.3-d", "要求的名称": "反馈响应 ≤2 h",
        "不符合": "未满足", "客观证据": "未满足\n第二行",
        "最近期限": "答复（纠正、原因、措施） 2026-02-21，逾期 7 天", "场所": "S1", "部门": "客服部",
        "过程": "工单", "分级规则": "m1", "分级依据": "证据表明未满足", "建议等级": "严重不符合",
        "改级理由": "仅一次", "曾改级": "2026-03-01 A1 张三: 原为 严重不符合; 仅一次", "工作量（人日）": 2,
        "提出人": "A1 张三", "提出日": dt.datetime(2026, 1, 22), "复核人": "A1 张三",
        "复核日": dt.datetime(2026, 3, 1), "开出日": dt.datetime(2026, 3, 1),
    }  # fmt: skip


def test_what_became_of_a_finding_is_told(closed: Workbook) -> None:
    day = dt.datetime(2026, 3, 1)
    told = by_head(closed, "整改跟踪")
    assert {name: told[name] for name in list(told)[4:]} == {
        "逾期天数": 7, "答复期限": dt.datetime(2026, 2, 21), "确认人": "管理者代表", "确认日": day,
        "异议": "不同意等级", "答复日": day, "纠正": "补关工单", "原因": "未设提醒", "原因分析方法": "5 Why",
        "影响范围": "只此一类", "纠正措施": "设提醒", "负责人": "客服主管",
        "承诺完成日": dt.datetime(2026, 3, 31), "计划接受日": day, "退回": "原因不清\n范围不清",
        "提交日": day, "提交的证据": "record: 四月工单", "有效性说明": "四月无超时", "验证方式": "现场",
        "有效": "是", "验证说明": "抽查 20 份", "验证人": "A1 张三", "验证日": day, "关闭人": "A1 张三",
        "关闭日": day,
    }  # fmt: skip


def test_every_place_behind_a_finding_has_a_row(book: Workbook) -> None:
    rows = list(
        book["实例"].iter_rows(min_row=2, max_row=3, min_col=3, max_col=12, values_only=True)
    )
    assert rows == [
        ("6.3-d", "6.3-d.response", "未满足", 1, 3, None, "工单.csv", None, 2, None),
        ("6.3-d", "6.3-d.response", "未满足", 1, 3, None, "a.xlsx", "表", None, "E7"),
    ]


def test_an_instance_without_a_place_has_a_row_too() -> None:
    told = with_audit(report())
    assert told.audit is not None
    (instance,) = told.audit.findings["NC01"].instances
    bare = instance.model_copy(update={"places": ()})
    row = by_head(opened(held(told, instances=(bare.model_dump(),))), "实例")
    assert (row["事实"], "文件" in row) == ("未满足", False)


def test_a_figure_is_told_by_month_and_site() -> None:
    told = report()
    (r,) = [r for r in told.requirements if r.id == "6.3-d"]
    by = (
        Breakdown(Dimension.MONTH, "2025-01", Figure(r.weight / 2, "ratio"), 1, 2, 0, False),
        Breakdown(Dimension.SITE, "", Figure(None, "ratio"), None, None, 3, None),
    )
    outcome = replace(r.outcomes[0], by=by, measured=Figure(r.weight / 3, "ratio"))
    judgement = replace(told.judgement, requirements=(replace(r, outcomes=(outcome,)),))
    rows = list(opened(replace(told, judgement=judgement))["月份与场所"].values)[1:]
    assert [row[2:] for row in rows] == [
        ("月份", "2025-01", 1, 2, float(r.weight / 2), None, "≥ 100 %", "未达标"),
        ("场所", "（未写明）", None, None, "—", 3, "≥ 100 %", "—"),
    ]


def test_a_doubt_and_changed_evidence_are_among_the_remarks() -> None:
    told = with_audit(report())
    assert told.audit is not None
    doubt = Alarm(about="时间戳整齐得可疑", raised_by="A1", raised_on=DAY)
    audit = replace(told.audit, alarms={"AL1": doubt}, changed=(("6.3-d", "工单.csv"),))
    rows = list(opened(replace(told, audit=audit))["说明"].values)
    assert ("证据真实性疑问", "AL1", "时间戳整齐得可疑 · 未了结") in rows
    assert ("证据改动", "6.3-d", "判断后被改动：工单.csv") in rows
    assert ("最少要做的", "提交整改计划并被接受后推荐", "3 人日: 整改并关闭 NC01") in rows


def test_the_chart_of_findings_counts_open_and_closed_by_grade(book: Workbook) -> None:
    chart = charts_of(book["图表"])[2]
    assert [[p.v for p in s.val.numRef.numCache.pt] for s in chart.series] == [[1, 2, 0], [0, 0, 0]]


def test_it_is_told_in_english_too() -> None:
    made = opened(with_audit(report(Lang.EN)))
    assert made.sheetnames == [
        "Cover", "Charts", "Requirements", "Findings", "Follow-up", "Instances", "Figures",
        "Months and sites", "Checks", "Exceptions", "Sources", "Evidence", "Clause notes", "Remarks",
    ]  # fmt: skip
    assert list(by_head(made, "Findings"))[:4] == ["Id", "Grade", "State", "Requirement"]


def test_the_same_audit_is_the_same_bytes() -> None:
    assert render(with_audit(report())) == render(with_audit(report()))


def test_what_is_claimed_stands_beside_what_was_recomputed() -> None:
    told = report(Lang.EN)
    kpis = [
        replace(k, claimed=Fraction(1, 2)) if k.id == "6.3-d" else k for k in told.judgement.kpis
    ]
    told = replace(told, judgement=replace(told.judgement, kpis=tuple(kpis)))
    (row,) = [r for r in opened(told)["Figures"].iter_rows() if r[0].value == "6.3-d"]
    heads = [cell.value for cell in opened(told)["Figures"][1]]
    shown = dict(zip(heads, row, strict=True))
    assert (shown["Claimed"].value, shown["Claimed"].number_format) == (1 / 2, "0.00%")
    assert shown["Recomputed minus claimed"].value == pytest.approx(-1 / 6)
    assert str(shown["Remarks"].value).startswith("-16.67 pp: claim and recomputed figure differ")


def test_what_is_not_claimed_has_empty_cells(book: Workbook) -> None:
    (row,) = [r for r in book["指标"].values if r[0] == "6.3-d"]
    assert row[7:9] == (None, None)
