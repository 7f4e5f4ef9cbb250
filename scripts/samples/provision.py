"""Makes the samples of service provision: orders' steps, releases, rights, property, emergencies."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.make_samples import Cell, Maker, Rows

SECOND, MINUTE, HOUR, DAY = (
    dt.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days")
)
EVENT_HEADS = ["订单号", "环节", "操作时间", "操作人", "系统生成", "节点编号", "要求完成时间", "操作内容", "定位地址", "接通时间"]  # fmt: skip
READING_HEADS = ["监测点编号", "采集时间", "入库时间", "指标", "数值", "单位", "状态"]
FALL_ALERTS = (4, 16, 30)
"""The numbers of the safety alerts that a reading of point 5 sets off."""


def make(m: Maker) -> None:
    """Every file of clauses 8.5 to 8.8."""
    rng = random.Random(f"{m.o.seed}-provision")
    _order_events(m, rng)
    _readings(m, rng)
    _hazards(m)
    _clients(m, rng)
    _property(m, rng)
    _systems(m)
    _rights(m, rng)
    _service_changes(m)
    _releases(m)
    _analyses(m)
    _emergencies(m)


def _full(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _slashed(moment: dt.datetime) -> str:
    return f"{moment:%Y/%m/%d %H:%M}"


def _order_events(m: Maker, rng: random.Random) -> None:
    rows: Rows = []
    for number, (order, done) in enumerate(m.orders, start=1):
        made = done.replace(hour=9, minute=0)
        worker = f"员工{rng.randrange(1, 30):02}"
        place = f"{m.o.sites[number % 3][1]}{rng.randrange(1, 20)}号"
        due: Cell = _full(made + 8 * HOUR)
        if m.o.flawed and number == 20:
            due = None
        steps: list[tuple[str, dt.datetime, Cell, Cell, Cell]] = [
            ("受理", made + MINUTE, None, None, None),
            (
                "派工",
                made + 3 * MINUTE,
                "系统",
                f"{m.o.services[number % 4]}，按作业指导书执行",
                due,
            ),
            ("签到", done - 2 * HOUR, worker, None, None),
            ("开始", done - 2 * HOUR + 2 * MINUTE, worker, None, None),
            ("完成", done, worker, None, None),
            ("签退", done + 5 * MINUTE, worker, None, None),
            ("关闭", done + 30 * MINUTE, "系统", None, None),
        ]
        if number % 6 == 0:
            steps.insert(4, ("领用", done - 2 * HOUR + 5 * MINUTE, worker, f"器具{rng.randrange(1, 9)}号", None))  # fmt: skip
        if m.o.flawed and number == 33:
            steps = [step for step in steps if step[0] != "签退"]
        rows += [[order, name, _full(at), who, "是", "N04", until, text, place if name in {"签到", "签退"} else None, None]
                 for name, at, who, text, until in steps]  # fmt: skip
        if number % 15 == 0:
            asked = done - HOUR
            rows.append([order, "远程协助", _full(asked), worker, "是", "N04", None, "请专家远程指导", None,
                         _full(asked + rng.randrange(20, 400) * SECOND)])  # fmt: skip
    for number in FALL_ALERTS:
        turned = m.alert_times[number] - MINUTE
        order = m.orders[(number * 10 - 5 + 3) // 4 - 1][0]
        for name, after in (("预警", MINUTE), ("干预", 6 * MINUTE), ("关闭", 12 * MINUTE)):
            rows.append([order, name, _full(turned + after), "值班员1", "是", "N05", None,
                         f"{m.o.code}-M05 数值超限{name}", None, None])  # fmt: skip
    m.csv("订单/过程记录.csv", EVENT_HEADS, rows, "utf-8-sig")


def _readings(m: Maker, rng: random.Random) -> None:
    rows: Rows = []
    for number in FALL_ALERTS:
        turned = m.alert_times[number] - MINUTE
        for at, value, state in ((turned, 31.5, "异常"), (turned + 9 * MINUTE, 25.2, "正常")):
            rows.append([f"{m.o.code}-M05", _full(at), _full(at + 20 * SECOND), "温度", value, "℃", state])  # fmt: skip
    for day in range(365):
        at = dt.datetime(2025, 1, 1, 6) + day * DAY
        rows.append([f"{m.o.code}-M10", _full(at), _full(at + rng.randrange(1, 50) * SECOND), "温度",
                     round(22 + rng.random() * 3, 1), "℃", "正常"])  # fmt: skip
    m.csv("监控/异常与交付后数据.csv", READING_HEADS, rows, "utf-8-sig")
    name = m.o.stages[7][1]
    m.csv("过程/交付后节点.csv", ["节点编号", "流程编号", "过程名称", "阶段", "节点名称", "是否关键节点", "输入", "输出",
                               "责任部门", "所属系统", "监控点编号", "采集频率", "管控活动", "过程目标", "质量目标编号", "作业指导书编号"],
          [["N20", "P08", name, "交付", f"{name}效果跟踪", "否", "服务记录", "效果数据", m.o.posts[2][2],
            m.o.systems[1], f"{m.o.code}-M10", "24小时", "追踪", "回访完成率不低于 95%", "MB-01", "WI-02"]], "gb18030")  # fmt: skip


def _hazards(m: Maker) -> None:
    rows: Rows = [["WXY-801", "职业健康", m.o.stages[4][1], m.o.sites[1][1], "滑跌、烫伤", 3, 6, 7, 126, "一般", "否",
                   "在线监测并设超限预警，专人巡视", f"{m.o.code}-M05", "安全主管", "2025-01-15", "2025-10-20"]]  # fmt: skip
    m.xlsx("职安/监控类危险源.xlsx", [("清单", "纳入监控的危险源清单", [
        "危险源编号", "辨识方面", "作业活动", "场所", "可能导致的事故", "L值", "E值", "C值", "D值", "风险等级", "是否可接受",
        "管控措施", "监控点编号", "责任人", "辨识日期", "评审日期"], rows)])  # fmt: skip


def _clients(m: Maker, rng: random.Random) -> None:
    needs = ["上午服务", "需提前电话联系", "家有宠物", "无特殊要求", "对消毒水过敏"]
    rows: Rows = [[f"KH{number:03}", f"客户{number:03}", f"2024-{number % 12 + 1:02}-15", rng.choice(needs),
                   f"累计服务{rng.randrange(1, 30)}次", "2025-12-20"] for number in range(1, len(m.orders) + 1)]  # fmt: skip
    m.csv("客户/服务对象档案.csv", ["服务对象编号", "姓名", "建档日期", "需求记录", "服务历史", "更新日期"], rows, "gb18030")  # fmt: skip


def _property(m: Maker, rng: random.Random) -> None:
    rows: Rows = []
    things = ["备用钥匙", "轮椅", "血压计", "门禁卡"] if not m.o.flawed else ["备用钥匙", "装修押金收据", "代收快递", "门禁卡"]  # fmt: skip
    for number in range(1, 17):
        received = dt.datetime(2025, 1, 8, 10) + 20 * number * DAY
        state, checked, returned = "保管中", dt.datetime(2026, 1, 5, 15, 20 + number), None
        extra: list[Cell] = [None, None, None, None]
        if number % 4 == 0:
            returned = received + 25 * DAY
            state, checked = "已归还", received + 10 * DAY
        if number % 8 == 3:
            state = "使用中"
        if number == 6:
            found = received + 40 * DAY
            state = "损坏"
            extra = [_slashed(found), "外壳开裂", _slashed(found + 3 * HOUR), "已修复并经物主确认"]
        if m.o.flawed and number == 9:
            checked = dt.datetime(2025, 9, 20, 15, 30)
        rows.append([f"DG{number:03}", f"客户{rng.randrange(1, 90):03}", things[number % 4], _slashed(received), state,
                     _slashed(checked), _slashed(returned) if returned else None, *extra])  # fmt: skip
    m.xlsx("财产/代管物品台账.xlsx", [("台账", f"{m.o.name}代管物品台账", [
        "物品编号", "所有人", "物品名称", "接收时间", "状态", "盘点时间", "归还时间", "异常时间", "异常情况", "通知时间",
        "处理结果"], rows)])  # fmt: skip


def _systems(m: Maker) -> None:
    rows: Rows = [
        [f"{m.o.code}-SYS{number}", name, kind, "是", "是", "是", "是", "二级", "信息主管", "2025-11-30", "2025-11-20", "是"]
        for number, (name, kind) in enumerate(zip(m.o.systems, ("业务系统", "监控平台"), strict=True), start=1)
    ]  # fmt: skip
    m.xlsx("运维/系统台账.xlsx", [("台账", "信息系统与设备台账", [
        "系统编号", "系统名称", "系统类型", "是否关键", "冗余", "存储加密", "传输加密", "等保级别", "运维负责人", "计划维护日期",
        "实际维护日期", "含敏感数据"], rows)])  # fmt: skip


def _rights(m: Maker, rng: random.Random) -> None:
    rights: Rows = []
    log: Rows = []
    for number in range(1, 33):
        post = m.o.posts[number % 4][0]
        person = f"{m.o.code}{number:04}"
        system = m.o.systems[number % 2]
        withdrawn: Cell = "2025-06-30" if number == 30 else None
        state = "停用" if number == 30 else "启用"
        if m.o.flawed and number == 30:
            withdrawn, state = None, "启用"
        rights.append(
            [
                f"user{number:02}",
                system,
                f"{post}数据读写",
                post,
                person,
                "2024-12-01",
                withdrawn,
                state,
                "否",
            ]
        )
        for _ in range(4):
            at = dt.datetime(2025, 1, 2, 9) + rng.randrange(170) * DAY + rng.randrange(480) * MINUTE
            log.append([_full(at), f"user{number:02}", f"{system}/工单", rng.choice(["查看", "修改", "新增"]), "成功",
                        f"10.1.{number}.8", 1, "否"])  # fmt: skip
        if number % 16 == 5:
            log.append([_full(dt.datetime(2025, 8, number, 11)), f"user{number:02}", "财务报表", "导出", "拒绝",
                        f"10.1.{number}.8", 0, "否"])  # fmt: skip
    m.csv(
        "权限/账号权限.csv",
        ["账号", "系统", "权限", "角色", "工号", "授权日期", "停用日期", "状态", "导出权限"],
        rights,
        "gb18030",
    )
    log.sort(key=lambda row: str(row[0]))
    m.csv(
        "权限/操作日志.csv",
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
        log,
        "utf-8-sig",
    )


def _service_changes(m: Maker) -> None:
    rows: Rows = []
    for number in range(1, 5):
        raised = dt.datetime(2025, 2, 10, 9) + 70 * number * DAY
        approved = raised + 2 * DAY
        implemented = approved + 5 * DAY
        updated, told = implemented - 4 * HOUR, implemented - 2 * HOUR
        if m.o.flawed and number == 3:
            told = implemented + 5 * DAY
        rows.append([f"FW{number:03}", "服务变更", _full(raised), f"负责人{number}", "顾客需求变化", f"月度分析报告{raised.month:02}",
                     m.o.services[number - 1], "影响监控阈值和排班", "试行一周并比对", _full(approved), "总经理", _full(implemented),
                     _full(implemented + 30 * DAY), "达到预期", "已通过", _full(updated), _full(told)])  # fmt: skip
    m.xlsx("OA/服务变更.xlsx", [("审批", None, [
        "审批编号", "类型", "发起时间", "负责人", "变更原因", "数据依据", "变更范围", "风险分析", "验证方案", "审批完成时间",
        "审批人", "实施时间", "评价时间", "变更效果", "审批结果", "文件更新时间", "通知时间"], rows)])  # fmt: skip


def _releases(m: Maker) -> None:
    rows: Rows = []
    for number, (order, done) in enumerate(m.orders, start=1):
        checked = done + 6 * MINUTE
        if order in m.nonconforming_orders:
            rows.append([f"FX{number:04}-1", order, "V3.1", _full(checked), "不通过", None, None, None, None, None, None])  # fmt: skip
            checked = m.nonconforming_orders[order] + 61 * HOUR
        approved, released = checked + 4 * MINUTE, checked + 6 * MINUTE
        pushed = released + MINUTE
        if m.o.flawed and number == 45:
            approved = released + 50 * MINUTE
        if m.o.flawed and number == 52:
            pushed = released + 3 * DAY
        rows.append([f"FX{number:04}", order, "V3.1", _full(checked), "通过", f"放行员{number % 3 + 1}", _full(approved),
                     _full(released), "是", f"PZ2025{number:05}", _full(pushed)])  # fmt: skip
    m.csv("放行/放行记录.csv", ["放行单号", "订单号", "规则版本", "校验时间", "自动校验结果", "审批人", "审批时间", "放行时间", "是否归档",
                            "凭证编号", "凭证推送时间"], rows, "utf-8-sig")  # fmt: skip


def _analyses(m: Maker) -> None:
    rows: Rows = []
    quarters = [((1, 1), (3, 31), "2025-04-08"), ((4, 1), (6, 30), "2025-07-08"), ((7, 1), (9, 30), "2025-10-09"),
                ((10, 1), (12, 31), "2026-01-08")]  # fmt: skip
    for number, (first, last, issued) in enumerate(quarters, start=1):
        since, until = dt.datetime(2025, *first), dt.datetime(2025, *last, 23, 59)
        total = sum(since <= found <= until for found in m.nonconforming_orders.values())
        reported = total - 1 if m.o.flawed and number == 2 else total
        for indicator, figure, unit in (("不合格总数", reported, "项"), ("重复发生", 0, "项")):
            rows.append([f"BHGFX{number}", f"第{number}季度不合格分析", "不合格分析", f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}",
                         issued, indicator, figure, unit, "数量平稳，未见同类重复", "质量主管"])  # fmt: skip
    m.xlsx("质量/不合格分析.xlsx", [("分析", None, [
        "报告编号", "报告名称", "主题", "统计开始日期", "统计结束日期", "发布日期", "指标", "数值", "单位", "结论", "编制人"], rows)])  # fmt: skip


def _emergencies(m: Maker) -> None:
    scenarios = ["消防", "信息系统中断", "人员突发疾病"]
    plans: Rows = [[f"YA-{number:02}", f"{scenario}应急预案", scenario, "B/0", "2025-01-10", "2025-11-05", "安全主管", 31,
                    f"门户/应急/YA-{number:02}", "全员"] for number, scenario in enumerate(scenarios, start=1)]  # fmt: skip
    m.xlsx("应急/预案清单.xlsx", [("清单", "应急预案清单", [
        "预案编号", "预案名称", "场景", "版本号", "生效日期", "评审日期", "责任人", "已读人数", "电子存放位置", "查阅范围"], plans)])  # fmt: skip
    documents: Rows = [[f"YA-{number:02}", f"{scenario}应急预案", "B/0", "预案", "PDF", "安全主管", "总经理", "2025-01-06",
                        "电子签名", "2025-01-06", "2025-01-10", "2026-06-30", "有效", 60, "5年", None, None, None]
                       for number, scenario in enumerate(scenarios, start=1)]  # fmt: skip
    m.xlsx("应急/预案受控清单.xlsx", [("清单", None, [
        "文件编号", "文件名称", "版本号", "文件类型", "格式", "编制人", "批准人", "批准时间", "签署方式", "签署时间", "生效日期",
        "评审到期", "受控状态", "保存月数", "保存期限", "适用部门", "职责类别", "适用岗位"], documents)])  # fmt: skip
    rows: Rows = []
    events = [
        ("演练", 1, (3, 20, 15)),
        ("演练", 2, (6, 18, 10)),
        ("真实事件", 3, (8, 2, 7)),
        ("演练", 3, (10, 23, 15)),
    ]
    for number, (kind, plan, (month, day, hour)) in enumerate(events, start=1):
        began = dt.datetime(2025, month, day, hour, 10)
        ended = began + 55 * MINUTE
        reviewed: Cell = _slashed(ended + 6 * DAY)
        finding: Cell = (
            "通知与处置均在目标时间内" if number != 2 else "备用链路切换偏慢，已修订步骤"
        )
        revised: Cell = "是" if number == 2 else "否"
        if m.o.flawed and number == 4:
            reviewed, finding, revised = None, None, None
        rows.append([f"YJSJ{number:02}", f"YA-{plan:02}", kind, scenarios[plan - 1], _slashed(began), _slashed(began), "是",
                     _slashed(began + 3 * MINUTE), 31, 31 if number != 2 else 30, _slashed(ended), reviewed, finding, revised])  # fmt: skip
    m.xlsx("应急/演练与事件.xlsx", [("记录", "应急演练与突发事件记录", [
        "事件编号", "预案编号", "类型", "场景", "发生时间", "预警时间", "是否自动预警", "通知时间", "通知人数", "已确认人数", "结束时间",
        "总结评估时间", "复盘结论", "是否修订预案", "是否信息泄露"], [[*row, "否"] for row in rows])])  # fmt: skip
