"""Makes the two sample organisations, the same bytes every time: exports as they really look."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.samples import (  # the checkout is put on the path first
    context,
    documents,
    planning,
    provision,
    review,
    support,
)  # the checkout is put on the path first

FOLDER = Path(__file__).resolve().parents[1] / "evidence_samples"
YEAR = 2025
START = dt.datetime(YEAR, 1, 1)
Cell = str | int | float | None
Rows = list[list[Cell]]


@dataclass(frozen=True)
class Organisation:
    """What differs between the two: trade, words, and whether defects are planted."""

    folder: str
    name: str
    code: str
    seed: int
    flawed: bool
    stages: Sequence[tuple[str, str]]
    forms: Sequence[str]
    posts: Sequence[tuple[str, str, str]]
    services: Sequence[str]
    systems: Sequence[str]
    sites: Sequence[tuple[str, str]]


PROPERTY = Organisation(
    "property", "云栖物业服务有限公司", "YQ", 20251, True,
    [("需求识别", "业主需求登记"), ("策划", "年度服务策划"), ("设计", "服务方案设计"), ("提供", "电梯巡检"),
     ("提供", "消防泵房巡检"), ("提供", "秩序维护巡逻"), ("提供", "保洁作业"), ("交付", "维修交付"), ("改进", "服务复盘")],
    ["报修单", "巡检表", "派工单", "放行条", "装修申请", "车位申请", "投诉登记", "保洁检查表", "绿化养护单", "设备保养单"],
    [("消防监控员", "消防控制", "安保部"), ("电梯安全员", "电梯安全", "工程部"), ("客服主管", "客诉处理", "客服部"), ("系统管理员", "系统运维", "信息部")],
    ["入户维修", "公区维修", "家政保洁", "空置房巡查"],
    ["物业云平台", "视频监控平台"],
    [("S1", "总部"), ("S2", "云栖花园"), ("S3", "湖畔里")],
)  # fmt: skip
CARE = Organisation(
    "eldercare", "松鹤居家养老服务有限公司", "SH", 20252, False,
    [("需求识别", "照护需求评估"), ("策划", "照护计划制定"), ("设计", "照护方案设计"), ("提供", "上门照护"),
     ("提供", "跌倒监测"), ("提供", "用药提醒"), ("提供", "送餐配送"), ("交付", "服务交付确认"), ("改进", "照护质量复盘")],
    ["评估表", "照护计划", "上门签到单", "用药记录", "送餐记录", "跌倒事件单", "家属沟通单", "满意度回访单", "护理交接班", "器具借用单"],
    [("护理组长", "急救处置", "护理部"), ("用药管理员", "用药安全", "护理部"), ("客服专员", "客诉处理", "客服部"), ("信息管理员", "系统运维", "信息部")],
    ["上门护理", "助浴", "送餐", "康复训练"],
    ["养老服务平台", "智能床垫平台"],
    [("S1", "总部"), ("S2", "城东站"), ("S3", "城南站")],
)  # fmt: skip
CONTROL = [
    ("需求识别", "电子表单创建", "文件创建"), ("策划", "线上审批流转", "文件流转"), ("设计", "电子档案归档", "文件存储"),
    ("交付", "电子文件查阅", "文件查阅"), ("提供", "监控数据采集", "数据采集"), ("提供", "监控数据分析", "数据分析"),
    ("改进", "异常追踪处置", "追踪处置"),
]  # fmt: skip


def main() -> None:
    """Write both organisations."""
    for organisation in (PROPERTY, CARE):
        made = Maker(organisation)
        made.all()
        total = sum(f.stat().st_size for f in made.root.rglob("*") if f.is_file())
        sys.stdout.write(f"{organisation.folder}: {total:,} bytes\n")


class Maker:
    """One organisation's exports under way."""

    def __init__(self, organisation: Organisation) -> None:
        self.o = organisation
        self.random = random.Random(organisation.seed)
        self.root = FOLDER / organisation.folder
        self.orders: list[tuple[str, dt.datetime]] = []
        self.document_ids: list[str] = []
        self.ticket_closings: dict[str, dt.datetime] = {}
        self.alert_times: dict[int, dt.datetime] = {}
        self.nonconforming_orders: dict[str, dt.datetime] = {}

    def all(self) -> None:
        """Every file, in an order that never changes."""
        self.forms()
        self.nodes()
        self.readings()
        self.alerts()
        self.tickets()
        self.service_orders()
        self.surveys()
        self.people()
        self.verification()
        self.changes()
        self.risks()
        self.nonconforming()
        self.reviews()
        self.backups()
        self.documents()
        self.corrective()
        documents.make(self)
        provision.make(self)
        review.make(self)
        support.make(self)
        context.make(self)
        planning.make(self)

    # --- the exports ---------------------------------------------------------------------------

    def forms(self) -> None:
        rows: Rows = []
        for number in range(1, 41):
            total = self.random.randrange(200, 2000)
            flags: list[Cell] = ["是", "是", "是", "是"]
            electronic = total
            if number % 20 == 0:
                flags, electronic = ["是", "是", "否", "是"], total - self.random.randrange(5, 20)
            if self.o.flawed and number == 7:
                flags, electronic = ["是", "否", "否", "否"], total // 4
            base = self.o.forms[(number - 1) % len(self.o.forms)]
            reason = "法定纸质合同" if "否" in flags else None
            rows.append([f"{self.o.code}-F{number:03}", f"P{number % 9 + 1:02}", f"{base}{(number - 1) // 10 + 1}型",
                         self.o.posts[number % 4][2], *flags, total, electronic, self.o.systems[0], reason])  # fmt: skip
        totals: list[Cell] = ["合计", None, None, None, None, None, None, None,
                              sum(int(str(r[8])) for r in rows), sum(int(str(r[9])) for r in rows), None, None]  # fmt: skip
        self.xlsx("无纸化/表单清单.xlsx", [("表单清单", f"{self.o.name}表单电子化清单", [
            "表单编号", "流程编号", "表单名称", "部门", "线上创建", "线上流转", "线上存储", "线上查阅",
            "年单据量(份)", "线上量(份)", "所属系统", "未电子化原因"], [*rows, totals])], signature=True)  # fmt: skip

    def nodes(self) -> None:
        rows: Rows = []
        listed = [*((stage, name, "业务") for stage, name in self.o.stages), *CONTROL]
        for number, (stage, name, activity) in enumerate(listed, start=1):
            key = "是" if 4 <= number <= 8 else "否"
            point: Cell = f"{self.o.code}-M{number:02}" if key == "是" else None
            if self.o.flawed and number == 8:
                point = None
            if activity != "业务":
                point = f"{self.o.code}-P01"
            output: Cell = None if self.o.flawed and activity == "文件存储" else "服务记录"
            rows.append([f"N{number:02}", f"P{number:02}", name, stage, f"{name}关键环节", key, "服务申请", output,
                         self.o.posts[number % 4][2], self.o.systems[1], point, "12小时" if point else None, activity,
                         *planning.process_fields(number)])  # fmt: skip
        self.csv("过程/节点清单.csv", ["节点编号", "流程编号", "过程名称", "阶段", "节点名称", "是否关键节点", "输入", "输出",
                                 "责任部门", "所属系统", "监控点编号", "采集频率", "管控活动", "过程目标", "质量目标编号", "作业指导书编号"], rows, "gb18030")  # fmt: skip

    def readings(self) -> None:
        rows: Rows = []
        points = [number for number in range(4, 9) if not (self.o.flawed and number == 8)]
        for number in points:
            for half_day in range(730):
                at = START + dt.timedelta(hours=12 * half_day)
                arrived = at + dt.timedelta(seconds=self.random.randrange(1, 50))
                value = round(20 + number + self.random.random() * 3, 1)
                rows.append([f"{self.o.code}-M{number:02}", f"{at:%Y-%m-%d %H:%M:%S}", f"{arrived:%Y-%m-%d %H:%M:%S}",
                             "温度", value, "℃", "正常"])  # fmt: skip
        self.csv(
            "监控/采集数据.csv",
            ["监测点编号", "采集时间", "入库时间", "指标", "数值", "单位", "状态"],
            rows,
            "utf-8-sig",
        )

    def alerts(self) -> None:
        halves: tuple[Rows, Rows] = ([], [])
        for number in range(1, 37):
            at = START + dt.timedelta(days=number * 10 - 5, minutes=self.random.randrange(600))
            self.alert_times[number] = at
            level = "红色" if number in {9, 27} else self.random.choice(["橙色", "黄色", "蓝色"])
            done = at + dt.timedelta(minutes=self.random.randrange(6, 90))
            row: list[Cell] = [f"YJ{number:04}", f"{at:%Y/%m/%d %H:%M}", level, "心率异常" if number % 2 else "跌倒检测",
                               f"值班员{number % 5 + 1}", f"{done:%Y/%m/%d %H:%M}", "现场查看并安排休息", "恢复正常", "否", "已处置",
                               None if number % 2 else f"{self.o.code}-M05"]  # fmt: skip
            if self.o.flawed and number in {14, 27}:
                row[4:8] = [None, None, "无", None]
                row[9] = "未处理"
            halves[at.month > 6].append(row)
        heads = [
            "预警编号",
            "触发时间",
            "级别",
            "预警类型",
            "处置人",
            "处置时间",
            "处置措施",
            "处置结果",
            "是否误报",
            "状态",
            "监测点编号",
        ]
        self.xlsx(
            "职安/预警记录.xlsx",
            [("上半年", None, heads, halves[0]), ("下半年", None, heads, halves[1])],
        )

    def tickets(self) -> None:
        rows: Rows = []
        for number in range(1, 121):
            made = START + dt.timedelta(
                days=number * 3 - 2, hours=8, seconds=self.random.randrange(36000)
            )
            answered = made + dt.timedelta(seconds=self.random.randrange(120, 7000))
            closed = made + dt.timedelta(hours=self.random.randrange(4, 48))
            action: Cell = self.random.choice(
                ["已上门处理", "已电话解释并回访", "已退费", "已更换配件"]
            )
            if self.o.flawed:
                answered = {17: made + dt.timedelta(seconds=7201), 58: made + dt.timedelta(hours=9),
                            93: made - dt.timedelta(minutes=4)}.get(number, answered)  # fmt: skip
                action = "无" if number in {31, 77} else action
            if number == 40:
                answered = made + dt.timedelta(hours=2)
            self.ticket_closings[f"GD{YEAR}{number:05}"] = closed
            rows.append([f"GD{YEAR}{number:05}", self.random.choice(["APP", "微信小程序", "400电话"]), f"客户{number:03}",
                         _chinese(made), _chinese(answered), "人工", _chinese(closed), "已关闭", action])  # fmt: skip
        self.xlsx("客服/工单导出.xlsx", [("工单", f"{YEAR}年度工单导出", [
            "工单编号", "渠道", "客户名称", "提交时间", "首次响应时间", "响应方式", "关闭时间", "状态", "处理结果"], rows)])  # fmt: skip

    def service_orders(self) -> None:
        lines = []
        for number in range(1, 91):
            made = START + dt.timedelta(days=number * 4 - 3, hours=9)
            done = made + dt.timedelta(hours=5, minutes=self.random.randrange(60))
            order = f"DD{number:05}"
            self.orders.append((order, done))
            lines.append(json.dumps({
                "订单号": order, "客户编号": f"KH{number:03}", "客户名称": f"客户{number:03}", "服务类型": self.random.choice(list(self.o.services)),
                "下单时间": f"{made:%Y-%m-%d %H:%M:%S}", "完成时间": f"{done:%Y-%m-%d %H:%M:%S}", "状态": "已完成",
                **planning.order_fields(self, number, made, done)},
                ensure_ascii=False))  # fmt: skip
        self.text("订单/服务订单.jsonl", "\n".join(lines) + "\n")

    def surveys(self) -> None:
        rows: Rows = []
        for number, (order, done) in enumerate(self.orders, start=1):
            if self.o.flawed and number in {12, 60}:
                continue
            pushed = done + dt.timedelta(minutes=10)
            sent = pushed + dt.timedelta(hours=self.random.randrange(1, 40))
            score = self.random.choice([5, 5, 5, 5, 5, 4])
            rows.append([number, order, f"客户{number:03}", f"{pushed:%Y/%m/%d %H:%M:%S}", f"{sent:%Y/%m/%d %H:%M:%S}",
                         score, 1, 5, "是" if number % 15 == 0 else "否"])  # fmt: skip
        self.csv("满意度/问卷.csv", ["序号", "订单号", "客户名称", "推送时间", "提交答卷时间", "总分", "最低分", "最高分", "是否默认好评"],
                 rows, "utf-8-sig")  # fmt: skip

    def people(self) -> None:
        roster: Rows = []
        exams: Rows = []
        for number in range(1, 33):
            post, skill, department = self.o.posts[number % 4]
            key = "是" if number % 4 != 2 else "否"
            person = f"{self.o.code}{number:04}"
            hired = dt.date(2020, 1, 1) + dt.timedelta(days=self.random.randrange(1500))
            left: Cell = "2025-06-30" if number == 30 else None
            roster.append(
                [
                    person,
                    f"员工{number:02}",
                    department,
                    post,
                    key,
                    "正式" if number % 5 else "派遣",
                    str(hired),
                    left,
                    {1: "系统运维", 2: "数据分析", 3: "电子文件管理"}.get(number, "其他"),
                ]
            )
            if self.o.flawed and number == 11:
                continue
            exam = dt.datetime(YEAR, 3, 1, 14) + dt.timedelta(days=self.random.randrange(200))
            until = "2025-12-31" if self.o.flawed and number == 19 else "2027-02-28"
            exams.append([f"KS{number:04}", person, f"{skill}年度考核", skill, "考试", f"{exam:%Y.%m.%d %H:%M}",
                          self.random.randrange(82, 100), 80, "是", until])  # fmt: skip
        self.xlsx(
            "人事/花名册.xlsx",
            [
                (
                    "在职",
                    None,
                    [
                        "工号",
                        "姓名",
                        "部门",
                        "岗位",
                        "是否关键岗位",
                        "用工性质",
                        "入职日期",
                        "离职日期",
                        "数字岗位",
                    ],
                    roster,
                )
            ],
        )
        matrix: Rows = [[post, skill] for post, skill, _ in self.o.posts]
        self.xlsx(
            "人事/岗位能力要求.xlsx", [("能力矩阵", "岗位能力要求矩阵", ["岗位", "技能"], matrix)]
        )
        self.csv("培训/考试成绩.csv", ["考试编号", "学员工号", "考试名称", "技能", "类型", "交卷时间", "考试成绩", "及格线", "是否通过", "有效期至"],
                 exams, "gb18030")  # fmt: skip

    def verification(self) -> None:
        rows: Rows = []
        for month in range(1, 13):
            for number, rule in enumerate(("准确性", "完整性")):
                checked = 1000 + 50 * month
                passed = checked - self.random.randrange(1, 6)
                rows.append([f"HY{month:02}{number}", self.o.systems[number], rule, f"{YEAR}年{month}月20日", checked, passed,
                             "是", f"核验员{number + 1}", "数据主管"])  # fmt: skip
        self.xlsx("数据/核验台账.xlsx", [("核验", "电子数据核验台账", [
            "校验批次", "数据名称", "校验规则", "核验日期", "校验总数", "通过数", "是否首次", "核验人", "数据责任人"], rows)])  # fmt: skip

    def changes(self) -> None:
        rows: Rows = []
        for number in range(1, 11):
            raised = dt.datetime(YEAR, 1, 6, 9) + dt.timedelta(days=number * 27)
            approved = raised + dt.timedelta(days=2)
            implemented = approved + dt.timedelta(days=5)
            evaluated: Cell = f"{implemented + dt.timedelta(days=30):%Y-%m-%d %H:%M}"
            data: Cell = f"月度分析报告{raised.month:02}"
            if self.o.flawed:
                data = None if number == 3 else data
                implemented = approved - dt.timedelta(days=1) if number == 6 else implemented
                evaluated = "3月1日" if number == 8 else evaluated
            rows.append([f"{YEAR}{number:04}", "体系变更", f"{raised:%Y-%m-%d %H:%M}", f"负责人{number % 3 + 1}", "流程优化", data,
                         "派工流程", "切换期间漏单", "试运行一周并比对", f"{approved:%Y-%m-%d %H:%M}", "总经理",
                         f"{implemented:%Y-%m-%d %H:%M}", evaluated, "达到预期", "已通过",
                         f"{implemented:%Y-%m-%d %H:%M}", f"{implemented:%Y-%m-%d %H:%M}"])  # fmt: skip
        self.xlsx("OA/变更审批.xlsx", [("审批", None, [
            "审批编号", "类型", "发起时间", "负责人", "变更原因", "数据依据", "变更范围", "风险分析", "验证方案", "审批完成时间",
            "审批人", "实施时间", "评价时间", "变更效果", "审批结果", "文件更新时间", "通知时间"], rows)])  # fmt: skip

    def risks(self) -> None:
        themes = [("风险", "数据泄露"), ("风险", "系统故障"), ("风险", "技能不足"), ("风险", "过度依赖技术"),
                  ("机遇", "效率提升"), ("机遇", "资源节约"), ("机遇", "设计优化"), ("机遇", "市场拓展")]  # fmt: skip
        rows: Rows = []
        for number, (kind, theme) in enumerate(themes, start=1):
            if self.o.flawed and theme == "过度依赖技术":
                continue
            rows.append([f"FX{number:03}", kind, theme, f"{theme}相关的{kind}", "较大" if number % 2 else "一般", "制定措施并跟踪",
                         f"{YEAR}-05-{10 + number}", None if self.o.flawed and number == 2 else "措施有效，等级下降",
                         "质量部", f"{YEAR}-09-{10 + number}"])  # fmt: skip
        self.xlsx("风险/风险机遇清单.xlsx", [("清单", "风险与机遇清单", [
            "风险编号", "类别", "主题", "描述", "风险等级", "应对措施", "实际完成", "有效性评价", "责任部门", "评审日期"], rows)], signature=True)  # fmt: skip

    def nonconforming(self) -> None:
        rows: Rows = []
        for number in range(1, 13):
            order, done = self.orders[number * 7 - 1]
            found = self.nonconforming_orders[order] = done + dt.timedelta(minutes=6)
            isolated = found + dt.timedelta(
                hours=5 if self.o.flawed and number == 9 else 0, minutes=1
            )
            assignee, verifier = f"处理人{number % 3 + 1}", f"验证人{number % 2 + 1}"
            if self.o.flawed and number == 5:
                verifier = assignee
            stamps = [found + dt.timedelta(hours=h) for h in (1, 30, 60)]
            rows.append([f"BHG{number:03}", f"{found:%Y-%m-%d %H:%M}", "系统自动", assignee, f"{stamps[0]:%Y-%m-%d %H:%M}",
                         "返工并复检", f"{stamps[1]:%Y-%m-%d %H:%M}", f"{stamps[2]:%Y-%m-%d %H:%M}", verifier, "服务质量",
                         order, f"{isolated:%Y-%m-%d %H:%M}"])  # fmt: skip
        self.xlsx("质量/不合格台账.xlsx", [("台账", None, [
            "不合格编号", "发现时间", "发现方式", "责任人", "指派时间", "纠正措施", "纠正时间", "验证时间", "验证人", "类别",
            "订单号", "隔离时间"], rows)])  # fmt: skip

    def reviews(self) -> None:
        days = ["2025-02-20", "2025-07-10", "2025-10-08"] if self.o.flawed else [
            "2025-02-20", "2025-05-20", "2025-08-15", "2025-11-12"]  # fmt: skip
        rows: Rows = []
        for number, day in enumerate(days, start=1):
            for topic in ("监测结果", "内审", "顾客反馈", "风险机遇", "改进建议"):
                rows.append(
                    [
                        f"GP{number:02}",
                        day,
                        "总经理",
                        "最高管理者",
                        topic,
                        None
                        if self.o.flawed and topic == "风险机遇"
                        else f"GP{number:02}-{topic}.pdf",
                        "同意，按计划推进",
                    ]
                )
        self.xlsx(
            "管评/管理评审记录.xlsx",
            [
                (
                    "记录",
                    None,
                    ["管评编号", "管评日期", "主持人", "主持人职务", "议题", "输入材料", "决议"],
                    rows,
                )
            ],
        )

    def backups(self) -> None:
        lines: list[tuple[dt.datetime, str]] = []
        for system in self.o.systems:
            for week in range(53):
                if self.o.flawed and system == self.o.systems[1] and week in {30, 31}:
                    continue
                self._backup(lines, system, week, "full", hours=2)
                if week == 26:
                    self._backup(lines, system, week, "restore", hours=9)
        self.text("运维/backup.log", "\n".join(line for _, line in sorted(lines)) + "\n")

    def _backup(
        self, lines: list[tuple[dt.datetime, str]], system: str, week: int, kind: str, hours: int
    ) -> None:
        at = START + dt.timedelta(days=7 * week, hours=hours)
        end = at + dt.timedelta(minutes=self.random.randrange(10, 40))
        job = f"{self.o.systems.index(system)}-{week:02}-{kind}"
        lines.append((at, f"{at:%Y-%m-%d %H:%M:%S} backupd[{1000 + week}]: job={job} system={system} "
                      f"kind={kind} auto=1 end={end:%Y-%m-%dT%H:%M:%S} result=ok"))  # fmt: skip

    def documents(self) -> None:
        titles = [("QM-01", "全周期智慧化管控方针", "方针"), ("QM-02", "管控体系范围说明", "范围"), ("QM-03", "三年发展规划", "战略规划"),
                  ("QM-04", "质量目标", "目标"), ("QP-01", "文件控制程序", "程序文件"), ("QP-03", "风险预警规则", "程序文件"), ("WI-01", "作业指导书汇编", "作业指导书")]  # fmt: skip
        titles += [
            ("QM-05", "年度智慧化管控预算", "预算"),
            ("QP-02", "客户个人信息保护制度", "程序文件"),
        ]
        duties: dict[str, tuple[str, str, str | None]] = {}
        for department in dict.fromkeys(post[2] for post in self.o.posts):
            if self.o.flawed and department == "工程部":
                continue
            duties[f"ZZ-{len(duties) + 1:02}"] = (
                department,
                "牵头" if department == "信息部" else "业务",
                None,
            )
        safety, _, department = self.o.posts[0]
        duties["ZZ-09"] = (department, "职安", safety)
        for number, (department, _, post) in duties.items():
            titles.append(
                (number, f"{post or department}职责说明书", "岗位说明书" if post else "部门职责")
            )
        self.document_ids = [number for number, _, _ in titles]
        rows: Rows = []
        for number, title, kind in titles:
            approver: Cell = "总经理"
            approved: Cell = "2025-01-06"
            if self.o.flawed and number == "QM-02":
                approver, approved = None, None
            rows.append(
                [
                    number,
                    title,
                    "A/1",
                    kind,
                    "质量部",
                    approver,
                    approved,
                    "2025-01-10",
                    "2026-06-30",
                    "有效",
                    "扫描件" if self.o.flawed and number == "WI-01" else "PDF",
                    None if approver is None else "电子签名",
                    None if approver is None else "2025-01-06",
                    "5年",
                    *duties.get(number, (None, None, None)),
                ]
            )
        self.xlsx("文件/受控文件清单.xlsx", [("清单", "受控文件清单", [
            "文件编号", "文件名称", "版本号", "文件类型", "编制人", "批准人", "批准时间", "生效日期", "评审到期", "受控状态",
            "格式", "签署方式", "签署时间", "保存期限", "适用部门", "职责类别", "适用岗位"], rows)], signature=True)  # fmt: skip

    def corrective(self) -> None:
        rows: Rows = [["CA-001", "6.3-g" if self.o.flawed else "8.7-c", "内部审核", "2025-11-03", "考核未及时更新", "补考安排",
                       "排期遗漏", "建立到期提醒", "人事主管", "2026-03-31", None, None, None, None]]  # fmt: skip
        self.xlsx("质量/纠正措施台账.xlsx", [("台账", None, [
            "纠正措施单号", "对应条款", "来源", "提出时间", "不符合描述", "纠正", "原因分析", "纠正措施", "责任人", "要求完成日期",
            "完成日期", "效果验证日期", "验证人", "是否有效"], rows)])  # fmt: skip

    # --- writing -------------------------------------------------------------------------------

    def csv(self, name: str, heads: Sequence[str], rows: Rows, encoding: str) -> None:
        lines = [
            ",".join(heads),
            *(",".join("" if c is None else str(c) for c in row) for row in rows),
        ]
        self._write(name, ("\r\n".join(lines) + "\r\n").encode(encoding))

    def package(self, name: str, data: bytes) -> None:
        """A file as it is."""
        self._write(name, data)

    def text(self, name: str, text: str) -> None:
        self._write(name, text.encode("utf-8"))

    def xlsx(
        self,
        name: str,
        sheets: Sequence[tuple[str, str | None, Sequence[str], Rows]],
        *,
        signature: bool = False,
    ) -> None:
        out = io.BytesIO()
        book = Workbook(out, {"in_memory": True})
        book.set_properties({"created": dt.datetime(2026, 1, 5)})
        bold = book.add_format({"bold": True, "bg_color": "#dfe6ee", "border": 1})
        for sheet_name, title, heads, rows in sheets:
            sheet = book.add_worksheet(sheet_name)
            row = 0
            if title is not None:
                sheet.merge_range(
                    0,
                    0,
                    0,
                    len(heads) - 1,
                    title,
                    book.add_format({"bold": True, "align": "center"}),
                )
                sheet.write_string(1, 0, f"编号：{self.o.code}-QR-{len(heads):02}")
                row = 2
            for column, head in enumerate(heads):
                sheet.set_column(column, column, 16)
                sheet.write_string(row, column, head, bold)
            for values in rows:
                row += 1
                for column, value in enumerate(values):
                    _put(sheet.write_string, sheet.write_number, row, column, value)
            if signature:
                sheet.write_string(row + 2, 0, "编制：质量部")
                sheet.write_string(row + 2, 3, "审核：管理者代表")
        book.close()
        self._write(name, out.getvalue())

    def _write(self, name: str, data: bytes) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _put(
    text: Callable[[int, int, str], object],
    number: Callable[[int, int, float], object],
    row: int,
    column: int,
    value: Cell,
) -> None:
    if isinstance(value, str):
        text(row, column, value)
    elif value is not None:
        number(row, column, value)


def _chinese(moment: dt.datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M:%S}"


if __name__ == "__main__":
    main()
