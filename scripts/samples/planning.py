"""Makes the exports behind clauses 8.1 to 8.4: requirements, changes, design projects, suppliers."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.make_samples import Cell, Maker, Rows

MINUTE, HOUR, DAY = (dt.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
CHANNELS = ("小程序", "客户端", "电话", "微信")
DOCUMENT_HEADS = [
    "文件编号", "文件名称", "版本号", "文件类型", "格式", "编制人", "批准人", "批准时间", "签署方式", "签署时间", "生效日期",
    "评审到期", "受控状态", "保存期限", "适用部门", "职责类别", "适用岗位"]  # fmt: skip
OUTPUTS = (("流程文件", "LC"), ("监控参数", "CS"), ("电子指南", "ZN"))


def make(m: Maker) -> None:
    """Every file of clauses 8.1 to 8.4."""
    rng = random.Random(f"{m.o.seed}-planning")
    _documents(m)
    _reports(m)
    _requirements(m)
    _changes(m)
    _messages(m, rng)
    _projects(m)
    _suppliers(m)
    _exchanges(m)
    _payments(m, rng)


def order_fields(m: Maker, number: int, made: dt.datetime, done: dt.datetime) -> dict[str, Cell]:
    """What the order export says on intake, promise and start; order events start at the same time."""
    special = number % 9 == 0
    promised = None if m.o.flawed and number == 26 else _full(made + 8 * HOUR)
    return {"渠道": "小程序" if special else CHANNELS[number % 4], "特殊要求": "请提前电话联系" if special else "无",
            "预约时间": promised, "开始时间": _full(done - 2 * HOUR + 2 * MINUTE)}  # fmt: skip


def process_fields(number: int) -> list[Cell]:
    """A process's target, the objective behind it and its work instruction."""
    targets = ("一次完成率不低于 98%", "差错率不高于 1%", "岗前学习完成率不低于 95%")
    return [targets[number % 3], f"MB-{number % 3 + 1:02}", f"WI-{number % 4 + 2:02}"]


def _full(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _documents(m: Maker) -> None:
    listed = [(f"WI-{n:02}", f"{name}作业指导书", "作业指导书", "在线文档") for n, name in enumerate(m.o.services, start=2)]  # fmt: skip
    listed += [(f"FW-{n:02}", f"{name}服务页面", "服务页面", "网页") for n, name in enumerate(m.o.services, start=1)]  # fmt: skip
    listed += [
        (number, f"{number[:5]} {topic}", "程序文件", "PDF") for number, topic in _outputs(m)
    ]
    rows: Rows = [
        [number, title, "A/0", kind, form, "运营主管", "总经理", "2025-01-06", "电子签名", "2025-01-06", "2025-01-10",
         "2026-06-30", "有效", "5年", None, None, None]
        for number, title, kind, form in listed
    ]  # fmt: skip
    m.xlsx("文件/作业与设计文件清单.xlsx", [("清单", "作业、服务页面与设计文件清单", DOCUMENT_HEADS, rows)])  # fmt: skip
    log: Rows = []
    for number, (document, _, _, _) in enumerate(listed):
        at = dt.datetime(2025, 1, 13, 9, number)
        log += [[_full(at + days * DAY), "user05", document, action, "成功", "10.2.0.5", 1, "否"]
                for days, action in ((0, "新增"), (30, "查看"))]  # fmt: skip
    log.sort(key=lambda row: str(row[0]))
    m.csv("文件/作业与设计文件日志.csv", ["操作时间", "账号", "操作对象", "操作类型", "操作结果", "IP", "涉及条数", "是否涉及个人信息"],
          log, "utf-8-sig")  # fmt: skip


def _outputs(m: Maker) -> list[tuple[str, str]]:
    return [
        (f"SJ-{project:02}-{code}", topic)
        for project in (1, 2)
        for topic, code in OUTPUTS
        if not (m.o.flawed and project == 2 and code == "CS")
    ]


def _reports(m: Maker) -> None:
    rows: Rows = []
    for month in range(1, 13):
        last = dt.date(2025, month, 1) - dt.timedelta(days=1)
        rows.append([f"YX-{month:02}", f"{last.month}月运行分析", "运行分析", f"{last:%Y-%m-01}", str(last), f"2025-{month:02}-20",
                     "节点数据按时率", 99.1, "%", "运行平稳，已调整高峰排班", "数据分析员"])  # fmt: skip
    rows.append(["XQFX-2025", "年度需求分析", "需求分析", "2024-11-01", "2025-10-31", "2025-11-18", "特殊要求占比", 11, "%",
                 "常规要求集中在准时与卫生，特殊要求以时段和联系方式为主", "数据分析员"])  # fmt: skip
    m.xlsx("绩效/运行与需求分析.xlsx", [("报告", None, [
        "报告编号", "报告名称", "主题", "统计开始日期", "统计结束日期", "发布日期", "指标", "数值", "单位", "结论", "编制人"],
        rows)])  # fmt: skip


def _requirements(m: Maker) -> None:
    rows: Rows = []
    for number, (order, done) in enumerate(m.orders, start=1):
        made = done.replace(hour=9, minute=0)
        unit: Cell = "分钟"
        voucher: Cell = "满足"
        process = "P04"
        if m.o.flawed:
            unit = None if number == 23 else unit
            voucher = None if number == 14 else voucher
            process = "P08" if number == 41 else process
        special = number % 9 == 0
        rows.append([f"YQ{number:04}", order, "顾客要求", "按约定时段到达" if not special else "到达前电话联系", "到达偏差", 15, unit,
                     f"{made + 10 * MINUTE:%Y/%m/%d %H:%M}", voucher, "满足", "满足", "通过", f"评审员{number % 3 + 1}",
                     "特殊" if special else "常规", None, process])  # fmt: skip
    rows.append(["YQ-F1", None, "法规要求", "明码标价，不得强制消费", None, None, None, None, None, None, None, None, None,
                 "常规", "FG-04", None])  # fmt: skip
    m.xlsx("订单/服务要求评审.xlsx", [("评审", f"{m.o.name}服务要求清单与评审", [
        "需求编号", "订单号", "要求类型", "服务要求", "指标", "目标值", "单位", "评审时间", "电子凭证能力评审", "监控覆盖评审",
        "时限质量能力评审", "评审结论", "评审人", "要求性质", "法规依据编号", "涉及流程编号"], rows)])  # fmt: skip


def _change_times(number: int) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    raised = dt.datetime(2025, 2, 4, 10) + 55 * number * DAY
    return raised, raised + DAY, raised + 4 * DAY


def _changes(m: Maker) -> None:
    rows: Rows = []
    for number in range(1, 6):
        kind, prefix = ("要求变更", "YG") if number < 4 else ("设计变更", "SG")
        raised, approved, implemented = _change_times(number)
        rows.append([f"{prefix}{number:03}", kind, _full(raised), f"负责人{number}", "顾客需求变化", f"需求周报{raised:%m%d}",
                     m.o.services[number % 4], "影响电子单据字段和监控阈值，三张在办单", "先并行一天再切换，在办单按原要求", _full(approved),
                     "总经理", _full(implemented), _full(implemented + 30 * DAY), "达到预期", "已通过",
                     _full(implemented), _full(approved + 2 * HOUR)])  # fmt: skip
    m.xlsx("OA/要求与设计更改.xlsx", [("审批", None, [
        "审批编号", "类型", "发起时间", "负责人", "变更原因", "数据依据", "变更范围", "风险分析", "验证方案", "审批完成时间",
        "审批人", "实施时间", "评价时间", "变更效果", "审批结果", "文件更新时间", "通知时间"], rows)])  # fmt: skip


def _messages(m: Maker, rng: random.Random) -> None:
    rows: Rows = []

    def said(at: dt.datetime, title: str, ref: str, *, change: tuple[int, int] | None = None) -> None:  # fmt: skip
        whom = (
            ("内部", "变更通知", "企业微信", "相关部门")
            if change
            else ("对外", "进度推送", "小程序", "下单顾客")
        )
        rows.append([f"TS{len(rows) + 1:05}", title, _full(at), *whom, "系统", title, *(change or (1, 1)), None, None,
                     None, None, ref])  # fmt: skip

    for number, (order, done) in enumerate(m.orders, start=1):
        made = done.replace(hour=9, minute=0)
        steps = (("已受理", made + MINUTE), ("已派工", made + 3 * MINUTE), ("已开始", done - 2 * HOUR + 2 * MINUTE),
                 ("已完成", done))  # fmt: skip
        for title, at in steps:
            wait = dt.timedelta(seconds=rng.randrange(2, 50))
            if m.o.flawed and number == 37 and title == "已完成":
                wait = 40 * MINUTE
            said(at + wait, title, order)
    for ticket, closed in m.ticket_closings.items():
        said(closed + MINUTE, "处理结果", ticket)
    for number in range(1, 4):
        _, approved, _ = _change_times(number)
        said(approved + 2 * HOUR, "服务要求变更", f"YG{number:03}",
             change=(12, 9 if m.o.flawed and number == 2 else 12))  # fmt: skip
    m.csv("沟通/消息推送日志.csv", ["消息编号", "标题", "发布时间", "方向", "类别", "渠道", "发送范围", "发布人", "内容", "应读人数", "已读人数",
                             "回复时间", "回复内容", "是否采纳", "责任人", "关联编号"], rows, "utf-8-sig")  # fmt: skip


def _projects(m: Maker) -> None:
    rows: Rows = []
    for project, start in ((1, dt.date(2025, 1, 6)), (2, dt.date(2025, 6, 2))):
        released = start + dt.timedelta(days=80)
        steps: list[tuple[str, str, str, str, int]] = [
            ("策划", "交付物清单", "数字交付物", "流程文件、参数表、指南均为电子件", 0),
            ("策划", "监控点布置", "监控节点", "到达、作业、离开三处采集", 0),
            ("策划", "评审安排", "线上评审方式", "平台会签，意见留痕", 0),
            ("输入", "顾客需求", "无纸化需求", "来自期望问卷：手机上签字和查单", 14),
            ("输入", "可行性结论", "监控可行性", "两处站点实测信号和供电均可行", 14),
            ("输入", "法规要求", "数据法规", "告知同意、最小必要和留存期限", 14),
            ("评审", "方案评审", "其他", "三名评审人线上会签", 40),
            ("验证", "模拟运行", "模拟", "以上年同期订单回放", 60),
        ]
        for kind, item, topic, content, day in steps:
            planned = start + dt.timedelta(days=day)
            late = kind == "评审" and project == 1
            actual = planned + dt.timedelta(days=6 if late else 0)
            alert = f"{planned + dt.timedelta(days=1)} 08:00" if late and not m.o.flawed else None
            opinion = {"评审": "增设到达采集点，已采纳", "验证": "流程可行，平均时长缩短"}.get(kind)
            rows.append([f"SJ-{project:02}", kind, item, topic, content, str(planned), str(actual), alert, opinion,
                         "评审组" if opinion else None, "是" if opinion else None, None, None])  # fmt: skip
        planned = start + dt.timedelta(days=75)
        rows += [[f"SJ-{project:02}", "输出", topic, topic, "电子件已交付", str(planned), str(planned), None, None, None, "是",
                  number, str(released)]
                 for number, topic in _outputs(m) if number.startswith(f"SJ-{project:02}")]  # fmt: skip
    m.xlsx("设计/设计项目台账.xlsx", [("台账", "服务设计项目台账", [
        "项目编号", "类型", "里程碑", "主题", "内容", "计划日期", "实际日期", "预警时间", "评审意见", "评审人", "是否归档", "文件编号",
        "发布日期"], rows)])  # fmt: skip


def _suppliers(m: Maker) -> None:
    rows: Rows = [
        ["GY-01", "安捷外包服务有限公司", "服务外包", "A级", "合作中", "2025-03-10", "是", "是", "7天", "2023-05-01"],
        ["GY-02", "华讯物联科技有限公司", "监测服务", "A级", "合作中", "2025-03-10", "否" if m.o.flawed else "是", "是", "7天", "2023-05-01"],
        ["GY-03", "众力劳务有限公司", "劳务派遣", "B级", "合作中", "2025-03-11", "否", "是", "30天", "2024-02-01"],
        ["GY-04", "洁净用品商行", "物资", "C级", "合作中", "2025-03-11", "否", "否", None, "2022-01-10"],
        ["GY-05", "云枢软件有限公司", "软件", "B级", "合作中", "2025-03-12", "否", "否", None, "2022-01-10"],
        ["GY-06", "旧城保洁服务部", "服务外包", "B级", "已终止", "2024-03-12", "否", "是", "30天", "2021-01-10"],
    ]  # fmt: skip
    m.xlsx("供方/供应商档案.xlsx", [("档案", "供应商档案", [
        "供应商编码", "供方名称", "供方类型", "影响等级", "供方状态", "评价日期", "接口对接", "过程采集要求", "提交频次", "准入日期"],
        rows)])  # fmt: skip


def _exchanges(m: Maker) -> None:
    rows: Rows = []
    for number, supplier in enumerate(("GY-01", "GY-02", "GY-03"), start=1):
        sent = dt.datetime(2025, 1, 8, 10, number)
        items = ["服务标准", "数据格式与安全要求", "提交频次"]
        rows += [[supplier, item, _full(sent + n * MINUTE), "下发", "供应商门户", "是", _full(sent + 5 * HOUR), None, None]
                 for n, item in enumerate(items)]  # fmt: skip
        rows += [[supplier, item, _full(sent + days * DAY), "供方提交", "供应商门户", "是", _full(sent + days * DAY + HOUR), "是", until]
                 for item, days, until in (("资质证书", 30, "2027-06-30"), ("合同", 20, None))]  # fmt: skip
        at = dt.datetime(2025, 1, 2, 6, 10 * number)
        while at.year == 2025:
            if not (m.o.flawed and supplier == "GY-01" and at.month in {9, 10}):
                rows.append([supplier, "监控数据", _full(at), "供方提交", "接口", "是", _full(at + MINUTE), "是", None])  # fmt: skip
            at += (30 if supplier == "GY-03" else 7) * DAY
    m.csv("供方/信息交换日志.csv", ["供应商编码", "交换内容", "发送时间", "收发方向", "渠道", "是否加密", "回执时间", "是否核验", "有效期至"],
          rows, "utf-8-sig")  # fmt: skip


def _payments(m: Maker, rng: random.Random) -> None:
    rows: Rows = []
    for month in range(1, 13):
        payees = [
            ("GY-01", "是"),
            ("GY-02", "是"),
            ("GY-03", "是"),
            ("GY-04", "是"),
            ("DL-01", "否"),
        ]
        if month in {3, 9}:
            payees.append(("GY-05", "是"))
        if m.o.flawed and month == 7:
            payees.append(("LS-88", "是"))
        rows += [[f"FK{month:02}{n:02}", supplier, f"2025-{month:02}-25", 100 * rng.randrange(20, 900), scope]
                 for n, (supplier, scope) in enumerate(payees, start=1)]  # fmt: skip
    m.csv("财务/供方付款.csv", ["付款单号", "供应商编码", "付款日期", "付款金额", "是否在体系范围内"], rows, "gb18030")  # fmt: skip
