"""Hazards, facilities, training, communication and control of documents: clauses 6 and 7."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.make_samples import Cell, Maker, Rows

ASPECTS = ("社会因素", "物理环境", "以往事件", "职业健康", "消防", "车辆", "公共区域")


def make(m: Maker) -> None:
    """Every export of the two clauses."""
    _hazards(m)
    _facilities(m)
    _outages(m)
    _training(m)
    _messages(m)
    _document_log(m)
    _searches(m)


def _hazards(m: Maker) -> None:
    rows: Rows = []
    for number, aspect in enumerate(ASPECTS, start=1):
        if m.o.flawed and aspect == "车辆":
            continue
        likely, exposed, grave = 3, 2 + number % 2, 3
        rows.append([f"WXY-{number:03}", aspect, "日常服务", m.o.sites[number % 3][1], "人员受伤", likely, exposed, grave,
                     likely * exposed * grave, "低", "是", "培训与巡查", None, "安全主管", "2025-01-15",
                     f"2025-10-{10 + number}"])  # fmt: skip
    m.xlsx("职安/危险源清单.xlsx", [("清单", "危险源辨识与评价表", [
        "危险源编号", "辨识方面", "作业活动", "场所", "可能导致的事故", "L值", "E值", "C值", "D值", "风险等级", "是否可接受",
        "管控措施", "监控点编号", "责任人", "辨识日期", "评审日期"], rows)], signature=True)  # fmt: skip


def _facilities(m: Maker) -> None:
    kinds = (
        ("协同办公平台", "OA系统"), ("文件管理系统", "文件管理系统"), ("数据分析平台", "数据分析平台"),
        ("总部网络", "网络"), ("备份存储", "存储"), ("边界防火墙", "防火墙"), ("外勤手机", "移动终端"),
    )  # fmt: skip
    rows: Rows = []
    for number, (name, kind) in enumerate(kinds, start=1):
        done: Cell = "2025-06-20"
        rest = "是"
        if m.o.flawed:
            done = "2025-07-15" if number == 1 else done
            rest = "否" if number == 3 else rest
        rows.append([f"{m.o.code}-SS{number}", name, kind, "否", "否", rest, "是", "二级", "信息主管", "2025-06-30", done,
                     "否"])  # fmt: skip
    m.xlsx("运维/基础设施台账.xlsx", [("台账", "基础设施台账", [
        "系统编号", "系统名称", "系统类型", "是否关键", "冗余", "存储加密", "传输加密", "等保级别", "运维负责人", "计划维护日期",
        "实际维护日期", "含敏感数据"], rows)])  # fmt: skip


def _outages(m: Maker) -> None:
    rows: Rows = [
        [f"{m.o.code}-SYS1", "2025-03-12 02:10", "2025-03-12 04:40", "数据库升级"],
        [f"{m.o.code}-SYS2", "2025-08-03 14:05", "2025-08-03 15:20", "机房停电"],
        [f"{m.o.code}-SS3", "2025-05-20 22:00", "2025-05-21 01:00", "磁盘更换"],
    ]
    m.csv(
        "运维/故障记录.csv", ["系统编号", "故障开始时间", "恢复时间", "故障原因"], rows, "gb18030"
    )


def _training(m: Maker) -> None:
    rows: Rows = []
    quarters = (dt.datetime(2025, 2, 18, 14), dt.datetime(2025, 5, 14, 14), dt.datetime(2025, 8, 12, 14), dt.datetime(2025, 11, 6, 14))  # fmt: skip
    for number in range(1, 33):
        person = f"{m.o.code}{number:04}"
        post, skill, _ = m.o.posts[number % 4]
        done = quarters[number % 4] + dt.timedelta(minutes=number)
        rows.append([f"PX{number:04}", person, f"{post}技能培训", skill, "培训", f"{done:%Y-%m-%d}",
                     f"{done:%Y-%m-%d %H:%M}"])  # fmt: skip
        if m.o.flawed and number == 21:
            continue
        safe = quarters[(number + 1) % 4] + dt.timedelta(hours=2, minutes=number)
        rows.append([f"AQ{number:04}", person, "数据安全与保密意识", "数据安全", "培训", f"{safe:%Y-%m-%d}",
                     f"{safe:%Y-%m-%d %H:%M}"])  # fmt: skip
    m.csv(
        "培训/在线学习记录.csv",
        ["记录编号", "学员工号", "课程名称", "技能", "类型", "计划日期", "完成时间"],
        rows,
        "utf-8-sig",
    )


def _messages(m: Maker) -> None:
    rows: Rows = []
    start = dt.datetime(2025, 1, 6, 9)
    for week in range(26):
        at = start + dt.timedelta(days=14 * week)
        category, title = (
            ("其他", "方针目标提示"),
            ("数据通报", "运行数据通报"),
            ("首页公告", "首页方针目标更新"),
        )[week % 3]
        rows.append(
            _message(
                m,
                len(rows) + 1,
                title,
                at,
                "内部",
                category,
                "企业微信",
                60,
                48 + week % 9,
            )
        )
    for number, month in enumerate((2, 4, 6, 9, 11), start=1):
        if m.o.flawed and month in {4, 6}:
            continue
        at = dt.datetime(2025, month, 20, 10)
        rows.append(
            _message(
                m,
                len(rows) + 1,
                f"典型案例第{number}期",
                at,
                "内部",
                "案例",
                "门户",
                60,
                41 + number,
            )
        )
    for number, month in enumerate((1, 3, 5, 7, 9, 11), start=1):
        at = dt.datetime(2025, month, 12, 15)
        line = _message(m, len(rows) + 1, f"员工建议{number}", at, "内部", "建议", "企业微信", 1, 1)
        line[8] = "建议简化表单填写项"
        line[11] = f"{at + dt.timedelta(days=5):%Y-%m-%d %H:%M}"
        line[12], line[13], line[14] = "已采纳，下月上线", "是", "流程主管"
        rows.append(line)
    for category, channel in (("客户沟通", "微信"), ("监管沟通", "邮件"), ("供方沟通", "邮件")):
        for month in (3, 9):
            at = dt.datetime(2025, month, 16, 11)
            rows.append(
                _message(m, len(rows) + 1, f"{category}函", at, "外部", category, channel, 20, 18)
            )
    m.xlsx("沟通/平台推送记录.xlsx", [("推送", f"{m.o.name}平台推送记录", [
        "消息编号", "标题", "发布时间", "方向", "类别", "渠道", "发送范围", "发布人", "内容", "应读人数", "已读人数", "回复时间",
        "回复内容", "是否采纳", "责任人", "关联编号"], rows)])  # fmt: skip


def _message(
    m: Maker, number: int, title: str, at: dt.datetime, direction: str, category: str, channel: str,
    sent: int, read: int,
) -> list[Cell]:  # fmt: skip
    whom = "全员" if direction == "内部" else "相关方"
    return [f"{m.o.code}-TS{number:03}", title, f"{at:%Y-%m-%d %H:%M}", direction, category, channel, whom, "综合办",
            f"{title}正文", sent, read, None, None, None, None, None]  # fmt: skip


def _document_log(m: Maker) -> None:
    rows: Rows = []
    documents = (*m.document_ids, *(f"YA-{n:02}" for n in range(1, 4)))
    for number, document in enumerate(documents, start=1):
        if m.o.flawed and document == "QP-01":
            continue
        at = dt.datetime(2025, 1, 8, 9) + dt.timedelta(days=number, minutes=7 * number)
        for days, action in ((0, "新增"), (1, "审批"), (30, "查看")):
            rows.append([f"{at + dt.timedelta(days=days):%Y-%m-%d %H:%M:%S}", f"user{number % 28 + 1:02}", document, action, "成功",
                         f"10.2.0.{number}", 1, "否"])  # fmt: skip
    rows.sort(key=lambda row: str(row[0]))
    m.csv(
        "文件/文件操作日志.csv",
        [
            "操作时间",
            "账号",
            "操作对象",
            "操作类型",
            "操作结果",
            "IP",
            "涉及条数",
            "是否涉及个人信息",
        ],
        rows,
        "utf-8-sig",
    )


def _searches(m: Maker) -> None:
    rows: Rows = []
    for number in range(1, 11):
        took = 75 if m.o.flawed and number == 6 else 4 + number
        rows.append(
            [
                f"JS-{number:02}",
                f"2025-11-05 10:{number:02}",
                f"QM-{number % 4 + 1:02}",
                "是",
                f"{took}秒",
            ]
        )
    m.csv(
        "文件/检索试验.csv",
        ["试验编号", "试验时间", "检索对象", "是否找到", "检索用时"],
        rows,
        "utf-8-sig",
    )
