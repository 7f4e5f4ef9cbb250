"""The two sample organisations: one conforms, one has planted defects, each found where it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.command import SAMPLES, check_in, result, statuses


@pytest.fixture(scope="module")
def flawed() -> dict[str, Any]:
    return result(SAMPLES / "property")


@pytest.fixture(scope="module")
def sound() -> dict[str, Any]:
    return result(SAMPLES / "eldercare")


def test_the_conforming_organisation_has_no_finding(sound: dict[str, Any]) -> None:
    assert set(statuses(sound).values()) == {"conform", "ofi"}
    assert [kpi["attained"] for kpi in sound["kpis"]] == [True] * 8


def test_each_planted_defect_hits_its_requirement_and_no_other(flawed: dict[str, Any]) -> None:
    found = {id_ for id_, status in statuses(flawed).items() if status in {"minor", "major"}}
    assert found == {
        "4.1-c", "4.2-a", "4.3-b", "4.4-a", "5.1.1-d", "5.1.2-c", "5.1.2-d", "5.2.1-c", "5.2.2", "5.3-b", "5.4-a",
        "4.3-a", "5.1.1-c", "6.1.1-a", "6.3-a", "6.3-b", "6.3-c", "6.3-d", "6.3-e", "6.3-g",
        "6.4-a", "6.4-b", "8.2.1-d", "8.5.4-c", "8.7-c",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("check", "file", "sheet", "row", "key"),
    [
        ("6.3-a.items", "无纸化/表单清单.xlsx", "表单清单", 10, "YQ-F007"),
        ("6.3-b.nodes", "过程/节点清单.csv", None, 9, "N08"),
        ("6.3-c.handled", "职安/预警记录.xlsx", "上半年", 15, "YJ0014"),
        ("6.3-c.highest", "职安/预警记录.xlsx", "下半年", 10, "YJ0027"),
        ("6.3-d.response", "客服/工单导出.xlsx", "工单", 20, "GD202500017"),
        ("6.3-d.order", "客服/工单导出.xlsx", "工单", 96, "GD202500093"),
        ("6.3-e.closed", "客服/工单导出.xlsx", "工单", 34, "GD202500031"),
        ("6.3-g.skilled", "人事/花名册.xlsx", "在职", 12, ""),
        ("6.4-a.data_based", "OA/变更审批.xlsx", "审批", 4, "20250003"),
        ("6.4-b.approved_first", "OA/变更审批.xlsx", "审批", 7, "20250006"),
        ("6.1.1-a.themes", "风险/风险机遇清单.xlsx", "清单", None, "over_reliance"),
        ("8.2.1-d.invited", "订单/服务订单.jsonl", None, 12, "DD00012"),
        ("8.7-c.corrected", "质量/不合格台账.xlsx", "台账", 6, "BHG005"),
        ("8.5.4-c.schedule", "运维/backup.log", None, 66, "视频监控平台"),
        ("5.1.1-c.interval", "管评/管理评审记录.xlsx", "记录", 7, ""),
        ("4.3-a.approved", "文件/受控文件清单.xlsx", "清单", 5, "scope"),
    ],
)
def test_each_defect_has_its_place(
    flawed: dict[str, Any], check: str, file: str, sheet: str | None, row: int | None, key: str
) -> None:
    first = check_in(flawed, check)["exceptions"]["places"][0]
    assert (first["file"], first["sheet"], first["row"], first["key"]) == (file, sheet, row, key)


def test_a_date_without_a_year_leaves_its_requirement_open(flawed: dict[str, Any]) -> None:
    evaluated = check_in(flawed, "6.4-d.evaluated")
    assert evaluated["verdict"] == "inconclusive"
    assert [place["unknown"] for place in evaluated["exceptions"]["places"]] == [True]


def test_a_defect_with_a_corrective_action_is_not_a_gross_gap(flawed: dict[str, Any]) -> None:
    (skilled,) = [r for r in flawed["requirements"] if r["id"] == "6.3-g"]
    assert [why["rule"] for why in skilled["why"]] == ["M4"]


def test_an_unhandled_alert_of_the_highest_level_is_major(flawed: dict[str, Any]) -> None:
    (alerts,) = [r for r in flawed["requirements"] if r["id"] == "6.3-c"]
    assert (alerts["status"], alerts["why"][0]["rule"]) == ("major", "M2")


def test_no_personal_value_of_the_evidence_stands_in_the_result(flawed: dict[str, Any]) -> None:
    told = str(flawed["requirements"])
    assert "员工0" not in told
    assert "客户0" not in told
    assert "YQ0011" not in told


def test_every_report_has_167_requirements(flawed: dict[str, Any], sound: dict[str, Any]) -> None:
    assert len(flawed["requirements"]) == len(sound["requirements"]) == 167
