"""Makes the exports behind clauses 4 and 5: context, law, communications, duties, privacy."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.make_samples import Maker, Rows

YEAR = 2025
FACTORS = [
    ("技术与行业动态", "物联网和大模型在同业中普及，本组织须打通采集与派工", "行业协会年度报告"),
    ("服务对象数字化期望", "希望在手机上办完手续并看到每一步进度", "2025年春季期望问卷"),
    ("数据法规", "采集个人信息须最小必要并留存操作日志", "法律法规清单"),
    ("职业健康安全法规", "监测员工健康数据须征得同意并限定用途", "法律法规清单"),
    ("数字基础设施", "分站网络带宽不足，影响视频回传", "系统台账"),
    ("人员技能", "一线班组长缺少数据分析能力，已排入培训", "岗位能力要求矩阵"),
]
NEEDS = [
    ("顾客", "{customer}", "过程透明", "能实时看到服务进行到哪一步", "小程序"),
    ("顾客", "{customer}", "个性定制", "按自家情况调整服务时间和内容", "在线问卷"),
    ("顾客", "{customer}", "电子信息化", "合同、账单和记录都在手机上", "小程序"),
    ("顾客", "{customer}", "专业集成", "一个入口解决多类服务", "在线问卷"),
    ("员工", "一线员工", "工具", "手持终端响应更快", "企微表单"),
    ("员工", "一线员工", "工作环境", "夜班休息区增设照明", "企微表单"),
    ("员工", "一线员工", "健康安全", "只在作业期间监测心率", "员工门户"),
    ("员工", "一线员工", "技能培训", "增加看数和判读课程", "企微表单"),
    ("监管机构", "{regulator}", "可追溯", "服务记录可按单号追到人和时间", "政府网站"),
    ("监管机构", "{regulator}", "合规性", "个人信息处理须有告知和授权", "政府网站"),
    ("监管机构", "{regulator}", "真实性", "上传数据不得事后修改", "平台"),
    ("合作方", "华讯物联科技有限公司", "业务协同", "派工单自动推送到对方系统", "供应商门户"),
    ("合作方", "华讯物联科技有限公司", "数据共享", "每日同步设备状态", "供应商门户"),
    ("合作方", "安捷外包服务有限公司", "数据安全", "接口加密并限制来源地址", "邮件"),
]
LAWS = [
    ("中华人民共和国数据安全法", "数据", "第二十七条", "建立数据安全管理制度", "2021-09-01", "信息主管"),
    ("中华人民共和国个人信息保护法", "个人信息保护", "第十三条", "处理个人信息须有合法性基础", "2021-11-01", "信息主管"),
    ("中华人民共和国电子签名法", "电子签名", "第十三条", "使用可靠的电子签名", "2019-04-23", "档案员"),
    ("中华人民共和国职业病防治法", "职业病防治", "第二十六条", "日常监测并公布结果", "2018-12-29", "安全主管"),
    ("中华人民共和国安全生产法", "安全生产", "第四十一条", "建立风险分级管控制度", "2021-09-01", "安全主管"),
]  # fmt: skip


def make(m: Maker) -> None:
    """Write every file of this module."""
    chance = random.Random(f"{m.o.seed}-context")
    _register(m)
    _laws(m)
    _communications(m)
    _policy_quiz(m, chance)
    _improvements(m)
    _privacy(m, chance)
    _platform_point(m)


def _register(m: Maker) -> None:
    names = {
        "customer": "业主代表" if m.o.flawed else "长者及家属",
        "regulator": "市住房和城乡建设局" if m.o.flawed else "市民政局",
    }
    rows: Rows = []
    for number, (category, text, source) in enumerate(FACTORS, start=1):
        day = f"{YEAR}年{number + 1}月{number + 9}日"
        if m.o.flawed and category == "职业健康安全法规":
            day = "2023年4月12日"
        rows.append(
            [
                f"HJ{number:02}",
                "环境因素",
                category,
                None,
                None,
                text,
                "会议",
                source,
                "质量主管",
                day,
            ]
        )
    for number, (kind, party, category, text, channel) in enumerate(NEEDS, start=1):
        if m.o.flawed and category == "个性定制":
            channel = "纸质问卷"
        rows.append([f"XQ{number:02}", "相关方需求", category, kind, party.format(**names), text, channel,
                     None, "客服主管", f"{YEAR}年{number % 9 + 2}月{number + 8}日"])  # fmt: skip
    m.xlsx("环境/环境因素与相关方需求.xlsx", [("登记表", "环境因素与相关方需求登记表", [
        "编号", "类型", "分类", "相关方类别", "相关方", "描述", "收集渠道", "依据", "责任人", "评审日期"], rows)], signature=True)  # fmt: skip


def _laws(m: Maker) -> None:
    rows: Rows = [
        [f"FG{number:02}", law, family, article, "是", demand, effective, f"{YEAR}-10-{10 + number}", "符合",
         "制度文件和运行记录", owner]
        for number, (law, family, article, demand, effective, owner) in enumerate(LAWS, start=1)
    ]  # fmt: skip
    m.xlsx("环境/法律法规清单.xlsx", [("清单", "适用法律法规清单", [
        "法规编号", "法规名称", "法规类别", "适用条款", "是否适用", "合规要求", "施行日期", "合规性评价日期", "符合情况",
        "证据", "责任人"], rows)])  # fmt: skip


def _communications(m: Maker) -> None:
    rows: Rows = []

    def said(
        day: str,
        category: str,
        title: str,
        channel: str,
        *,
        outward: bool = False,
        audience: str = "全体员工",
        counts: tuple[int | None, int | None] = (None, None),
        text: str | None = None,
        answer: tuple[str, str, str | None] | None = None,
    ) -> None:
        replied, reply, adopted = answer or (None, None, None)
        rows.append([f"GT{len(rows) + 1:03}", title, f"{day} 09:30", "对外" if outward else "内部", category, channel,
                     audience, "办公室", text, *counts, replied, reply, adopted,
                     "信息主管" if answer else None, None])  # fmt: skip

    said(
        "2025-01-15",
        "方针发布",
        "全周期智慧化管控方针发布",
        "企业微信",
        counts=(31, 27 if m.o.flawed else 31),
    )
    said("2025-01-16", "方针发布", "管控方针公开", "官网", outward=True, audience="公众")
    for day in ("2025-02-10", "2025-04-28", "2025-07-15", "2025-09-29", "2025-12-08"):
        if m.o.flawed and day == "2025-07-15":
            continue
        said(day, "数字文化", "总经理谈数字化：从一张单据说起", "企业微信", counts=(31, 30))
    said(
        "2025-01-20",
        "意见征集",
        "职业健康安全方针征求意见",
        "企业微信",
        counts=(31, 28),
        text="请员工代表汇总各班组意见",
    )
    said(
        "2025-02-05",
        "意见征集",
        "健康监测指标征求意见",
        "企业微信",
        counts=(31, 26),
        text="心率等监测指标是否合适，何时采集",
    )
    subjects = [
        "巡检单少填两项",
        "审批流合并一级",
        "表单自动带出地址",
        "离线也能提交",
        "附件支持语音",
        "常用语快捷填写",
    ]
    for number, subject in enumerate(subjects, start=1):
        raised = dt.date(YEAR, 1, 20) + dt.timedelta(days=number * 50)
        wait = 45 if m.o.flawed and number == 3 else 4 + number
        replied = f"{raised + dt.timedelta(days=wait)} 16:00"
        adopted = None if m.o.flawed and number == 5 else "是" if number % 2 else "否"
        said(
            str(raised),
            "流程优化建议",
            subject,
            "企业微信",
            audience="信息部",
            answer=(replied, "已评估并告知提出人", adopted),
        )
    for number, subject in enumerate(
        ["终端续航不足", "手环佩戴不适", "看板字太小", "预警声音太轻"], start=1
    ):
        raised = dt.date(YEAR, 2, 1) + dt.timedelta(days=number * 70)
        said(str(raised), "工具体验反馈", subject, "企业微信", audience="信息部",
             answer=(f"{raised + dt.timedelta(days=9)} 10:00", "已列入改进并指定负责人", "是"))  # fmt: skip
    m.xlsx("OA/沟通记录.xlsx", [("沟通", f"{YEAR}年度沟通记录", [
        "沟通编号", "标题", "发布时间", "方向", "内容类别", "发布渠道", "发送范围", "发布人", "正文", "应读人数", "已读人数",
        "回复时间", "回复内容", "是否采纳", "负责人", "关联编号"], rows)])  # fmt: skip


def _policy_quiz(m: Maker, chance: random.Random) -> None:
    rows: Rows = []
    for number in range(1, 33):
        failed = m.o.flawed and number == 14
        at = dt.datetime(YEAR, 3, 10, 15) + dt.timedelta(days=chance.randrange(10), minutes=number)
        rows.append([f"FZ{number:04}", f"{m.o.code}{number:04}", "管控方针认知测验", "管控方针", "测验", f"{at:%Y/%m/%d %H:%M}",
                     52 if failed else chance.randrange(70, 101), 60, "否" if failed else "是", None])  # fmt: skip
    m.csv("培训/方针测验.csv", ["考试编号", "学员工号", "考试名称", "技能", "类型", "交卷时间", "考试成绩", "及格线", "是否通过", "有效期至"],
          rows, "utf-8-sig")  # fmt: skip


def _improvements(m: Maker) -> None:
    rows: Rows = [
        ["GJ01", "缩短派工等待", "改进", "工单月报：派工等待超时占比", "改为按位置自动派工", "运营主管", "2025-02-10", "2025-05-30",
         "平均派工等待", 42, 20, 17, "分钟", None],
        ["GJ02", "降低返工率", "改进", "不合格台账：返工原因分布", "上门前推送标准视频", "质量主管", "2025-06-02", "2025-10-20",
         "返工率", 4.5, 2.5, 2.1, "%", None],
        ["GJ03", "缩短账单确认", "改进", "看板：账单确认时长", "短信改为小程序确认", "客服主管", "2025-11-10", None,
         "确认时长", 30, 10, None, "小时", None],
    ]  # fmt: skip
    m.csv("质量/改进项目.csv", ["项目编号", "项目名称", "类型", "数据来源", "改进措施", "负责人", "立项日期", "结项日期", "改进指标",
                          "改进前", "目标值", "改进后", "单位", "关联知识"], rows, "gb18030")  # fmt: skip


def _privacy(m: Maker, chance: random.Random) -> None:
    system = m.o.systems[0]
    rights: Rows = [
        [
            "kf01",
            system,
            "客户档案",
            "客服主管",
            f"{m.o.code}0002",
            "2024-03-01",
            None,
            "启用",
            "是",
        ],
        ["kf02", system, "客户档案", "客服", f"{m.o.code}0006", "2024-03-01", None, "启用", "否"],
        [
            "xx01",
            system,
            "客户档案",
            "系统管理员",
            f"{m.o.code}0003",
            "2024-01-05",
            None,
            "启用",
            "是",
        ],
        [
            "kf00",
            system,
            "客户档案",
            "客服",
            f"{m.o.code}0030",
            "2023-05-01",
            "2025-06-30",
            "停用",
            "否",
        ],
    ]
    m.xlsx("运维/账号权限.xlsx", [("权限", "账号权限清单", [
        "账号", "系统名称", "权限", "角色", "工号", "授权日期", "停用日期", "账号状态", "导出权限"], rights)])  # fmt: skip
    log: Rows = []
    for month in range(1, 13):
        for account, action, count in (
            ("kf01", "导出", 300),
            ("kf02", "查看", 1),
            ("xx01", "导出", 800),
        ):
            if m.o.flawed and account == "kf02" and month == 8:
                action, count = "导出", 450
            at = dt.datetime(YEAR, month, chance.randrange(2, 27), 10, chance.randrange(60))
            log.append([f"{at:%Y-%m-%d %H:%M:%S}", account, "客户档案", action, "成功", "10.1.2.8",
                        count + month, "是"])  # fmt: skip
    m.csv("运维/敏感操作日志.csv", ["操作时间", "账号", "操作对象", "操作类型", "操作结果", "来源IP", "导出条数", "是否涉及个人信息"],
          log, "utf-8-sig")  # fmt: skip
    events: Rows = [
        ["XX01", "YA-02", "演练", "信息泄露应急演练", "2025-05-15 14:00", "2025-05-15 14:01", "是", "2025-05-15 14:03", 31, 31,
         "2025-05-15 15:00", "2025-05-20 10:00", "通知名单需按月更新", "是", "是"],
        ["XX02", "YA-02", "真实事件", "误发含电话的表格", "2025-09-03 09:20", "2025-09-03 09:25", "是", "2025-09-03 09:30", 6, 6,
         "2025-09-03 11:00", "2025-09-10 16:00", "收紧外发权限", "是", "是"],
    ]  # fmt: skip
    m.xlsx("应急/信息安全事件.xlsx", [("事件", None, [
        "事件编号", "预案编号", "类型", "场景", "发生时间", "预警时间", "是否自动预警", "通知时间", "通知人数", "已确认人数",
        "结束时间", "复盘时间", "复盘结论", "是否修订预案", "是否信息泄露"], events)])  # fmt: skip


def _platform_point(m: Maker) -> None:
    rows: Rows = []
    for half_day in range(730):
        at = dt.datetime(YEAR, 1, 1) + dt.timedelta(hours=12 * half_day)
        arrived = at + dt.timedelta(seconds=3 + half_day % 9)
        rows.append([f"{m.o.code}-P01", f"{at:%Y-%m-%d %H:%M:%S}", f"{arrived:%Y-%m-%d %H:%M:%S}", "流程积压",
                     half_day % 7, "件", "正常"])  # fmt: skip
    m.csv(
        "监控/流程平台数据.csv",
        ["监测点编号", "采集时间", "入库时间", "指标", "数值", "单位", "状态"],
        rows,
        "utf-8-sig",
    )
