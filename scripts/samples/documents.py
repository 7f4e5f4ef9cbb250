"""Controlled documents as Word files: a control block on the first page, then the text."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docx import Document

if TYPE_CHECKING:
    from scripts.make_samples import Maker

_ALWAYS = (2025, 1, 6, 9, 0, 0)


def make(m: Maker) -> None:
    """The policy and the development plan of the organisation."""
    control = [
        ("文件编号", "QM-01", "版本", "A/0" if m.o.flawed else "A/1"),
        ("编制", "质量部经理", "日期", "2025-01-02"),
        ("审核", "管理者代表", "日期", "2025-01-04"),
        ("批准", "总经理", "日期", "2025-01-06"),
        ("生效日期", "2025-01-10", "评审到期", "2026-06-30"),
    ]
    policy = [
        ("1 方针", f"{m.o.name}坚持以客户为先，把每一项服务放到线上办理，让过程看得见、查得到。"),
        ("2 承诺", "我们承诺满足客户要求、遵守法律法规，并依据数据不断改进管控体系。"),
        ("3 传达", "本方针在内网首页和公众号公布，新员工入职一周内完成在线学习和测验。"),
    ]
    _write(m, "文件/QM-01 管控方针.docx", "全周期智慧化管控方针", control, policy)
    control = [
        ("文件编号", "QM-03", "版本", "A/1"),
        ("编制", "总经办", "日期", "2025-01-02"),
        ("批准", "总经理", "日期", "2025-01-06"),
    ]
    plan = [
        ("1 目标", "三年内单据线上办理率保持在 95% 以上，关键环节全部接入监控平台。"),
        ("2 资源", "每年安排信息化专项预算，用于系统运维、网络安全和员工数字技能培训。"),
        ("3 安全", "重要数据每周自动备份，存储和传输加密，每年做一次恢复演练。"),
        ("4 监控", "巡检、值守和上门服务的关键节点由平台自动采集数据并对异常发出预警。"),
    ]
    _write(m, "文件/QM-03 发展规划.docx", "三年发展规划", control, plan)


def _write(
    m: Maker,
    name: str,
    title: str,
    control: list[tuple[str, str, str, str]],
    text: list[tuple[str, str]],
) -> None:
    made = Document()
    made.add_heading(title, 0)
    table = made.add_table(rows=len(control), cols=4)
    table.style = "Table Grid"
    for row, words in zip(table.rows, control, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    for heading, paragraph in text:
        made.add_heading(heading, 1)
        made.add_paragraph(paragraph)
    out = io.BytesIO()
    made.save(out)
    m.package(name, _without_times(out.getvalue()))


def _without_times(data: bytes) -> bytes:
    """The same package with fixed member times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, _ALWAYS)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(info))
    return out.getvalue()
