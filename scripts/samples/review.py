"""Performance reports, objectives, obligations, internal audits, improvements: clauses 9 and 10."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.make_samples import Cell, Maker, Rows

QUARTERS = (
    ("第一季度", "2025-01-01", "2025-03-31", "2025-03-31"),
    ("第二季度", "2025-04-01", "2025-06-30", "2025-06-30"),
    ("第三季度", "2025-07-01", "2025-09-30", "2025-09-30"),
    ("第四季度", "2025-10-01", "2025-12-15", "2025-12-20"),
)


def make(m: Maker) -> None:
    """Every export of the two clauses."""
    _reports(m)
    _objectives(m)
    _obligations(m)
    _audits(m)
    _actions(m)
    _improvements(m)
    _knowledge(m)


def _reports(m: Maker) -> None:
    topics = (
        ("无纸化", "表单电子化率", 97.5, "%"),
        ("监控", "关键节点数据可用率", 99.2, "%"),
        ("服务质量", "按时完成率", 96.8, "%"),
        ("职业健康安全", "预警处置率", 100, "%"),
        ("满意度", "平均得分", 94.6, "分"),
        ("反馈", "按时响应率", 100, "%"),
    )
    rows: Rows = []
    for number, (quarter, since, until, issued) in enumerate(QUARTERS, start=1):
        for topic, indicator, figure, unit in topics:
            if m.o.flawed and topic == "职业健康安全" and number in {2, 3}:
                continue
            rows.append([f"BG-{topic}-{number}", f"{quarter}{topic}分析报告", topic, since, until, issued,
                         indicator, figure, unit, "总体平稳，个别环节待改进", "数据分析员"])  # fmt: skip
    for topic, indicator in (("体系有效性", "体系综合评价"), ("改进", "改进点数量")):
        rows.append([f"BG-{topic}", f"年度{topic}报告", topic, "2025-01-01", "2025-11-30", "2025-12-10",
                     indicator, 6, "项", "体系适宜、充分、有效，列出六个改进点", "管理者代表"])  # fmt: skip
    m.xlsx("绩效/绩效报告清单.xlsx", [("清单", "绩效分析报告清单", [
        "报告编号", "报告名称", "主题", "统计开始日期", "统计结束日期", "发布日期", "指标", "数值", "单位", "结论", "编制人"],
        rows)])  # fmt: skip


def _objectives(m: Maker) -> None:
    rows: Rows = [
        ["MB-01", "6.3", "按时上门率", "服务部", "按时上门数/上门总数", "≥", 95, "%", "月", 96.8, "2025-01-10", None],
        ["MB-02", "6.3", "差错率", "服务部", "差错单数/总单数", "≤", 1, "%", "月", 0.6, "2025-01-10", None],
        ["MB-03", "6.3", "员工培训完成率", "人事部", "完成人数/应训人数", "≥", 95, "%", "季", 93.5, "2025-01-10",
         None if m.o.flawed else "CA-002"],
    ]  # fmt: skip
    m.xlsx("绩效/目标考核表.xlsx", [("考核", "年度目标考核表", [
        "目标编号", "条款号", "指标名称", "责任部门", "计算公式", "比较符", "目标值", "单位", "统计周期", "实际值", "设定日期",
        "纠正措施单号"], rows)], signature=True)  # fmt: skip


def _obligations(m: Maker) -> None:
    laws = (
        ("个人信息保护法", "数据"), ("数据安全法", "数据"), ("安全生产法", "职业健康安全"),
        ("消费者权益保护法", "服务"), ("电子签名法", "电子签名"), ("消防法", "职业健康安全"),
    )  # fmt: skip
    rows: Rows = []
    for number, (law, family) in enumerate(laws, start=1):
        late = m.o.flawed and number == 4
        evaluated: Cell = "2024-06-05" if late else f"2025-11-{number + 10}"
        rows.append([f"FG-{number:02}", law, family, "全文", "是", f"遵守{law}对本业务的要求", "2021-11-01", evaluated,
                     "符合", f"合规评价记录 HG-{number:02}", "法务专员"])  # fmt: skip
    rows.append(
        ["FG-07", "食品安全法", "其他", None, "否", None, None, None, "不适用", None, "法务专员"]
    )
    m.csv("合规/义务清单.csv", ["编号", "法规名称", "法规类别", "适用条款", "是否适用", "合规要求", "生效日期", "评价日期",
                           "符合情况", "证据", "责任人"], rows, "gb18030")  # fmt: skip


def _audits(m: Maker) -> None:
    rows: Rows = []
    departments = ("服务部", "信息部", "人事部", "安全部")
    for number, department in enumerate(departments, start=1):
        evidence: Cell = f"系统单号 {m.o.code}-{number:03}"
        verifier = "内审组长"
        if m.o.flawed:
            evidence = None if number == 2 else evidence
            verifier = f"{department}主管" if number == 3 else verifier
        rows.append(["NS-2025", f"NS-2025-{number:02}", "2025-05-20", "2025-06-10", "2025-06-12", department, "8.5.1",
                     "内审员", "质量部", f"JC-{department}", evidence, "个别记录未按时提交", "一般", "2025-06-13",
                     f"{department}主管", "2025-07-13", f"2025-07-{number:02}", verifier])  # fmt: skip
    m.xlsx("内审/内审发现.xlsx", [("发现", "内部审核发现与整改", [
        "审核编号", "不符合编号", "计划批准日期", "审核开始日期", "审核结束日期", "受审核部门", "条款", "审核员", "审核员部门",
        "检查表", "证据", "不符合描述", "不符合性质", "开具日期", "责任人", "要求完成日期", "关闭日期", "验证人"], rows)])  # fmt: skip


def _actions(m: Maker) -> None:
    verifier = "人事主管" if m.o.flawed else "质量主管"
    rows: Rows = [
        ["CA-002", "9.1.3-a", "目标未达成", "2025-07-05 10:00", "上半年培训完成率低于目标", "补训", "排课与高峰期冲突",
         "错峰排课并设提醒", "人事主管", "2025-08-31", "2025-08-20", "2025-10-15", "质量主管", "是"],
        ["CA-003", "8.7-c", "监控数据", "2025-04-02 09:00", "同类返工一月内两次", "返工", "作业指导步骤缺失",
         "修订作业指导书并培训", "人事主管", "2025-05-15", "2025-05-10", "2025-07-01", verifier, "是"],
    ]  # fmt: skip
    m.xlsx("质量/已关闭纠正措施.xlsx", [("台账", None, [
        "纠正措施单号", "对应条款", "来源", "提出时间", "不符合描述", "纠正", "原因分析", "纠正措施", "责任人", "要求完成日期",
        "完成日期", "效果验证日期", "验证人", "是否有效"], rows)])  # fmt: skip


def _improvements(m: Maker) -> None:
    source: Cell = None if m.o.flawed else "第一季度服务质量报告"
    baseline: Cell = None if m.o.flawed else 26
    rows: Rows = [
        ["GJ-01", "缩短派工等待", "改进", source, "按距离自动派工", "服务部经理", "2025-04-10", "2025-06-30", "等待分钟",
         18, 12, 11, "分钟", None],
        ["GJ-02", "审批移动化", "创新", "反馈分析", "审批改为手机端", "信息部经理", "2025-05-06", "2025-09-20", "审批小时",
         baseline, 8, 6.5, "小时", "ZS-03"],
        ["GJ-03", "语音识别质检评估", "技术评估", "行业调研", "试用两家产品", "信息部经理", "2025-08-01", "2025-10-31", "识别率",
         80, 90, 88, "%", "ZS-04"],
    ]  # fmt: skip
    m.xlsx("改进/改进项目.xlsx", [("项目", "改进与创新项目", [
        "项目编号", "项目名称", "类型", "数据来源", "改进措施", "负责人", "开始日期", "结束日期", "指标", "现状值", "目标值",
        "改进后", "单位", "知识编号"], rows)])  # fmt: skip


def _knowledge(m: Maker) -> None:
    titles = (("表单上线操作要点", "无纸化"), ("监控点位维护手册", "监控"), ("移动审批实施总结", "创新"),
              ("语音质检评估报告", "创新"), ("投诉处理案例", "案例"), ("高温作业风险提示", "风险"))  # fmt: skip
    rows: Rows = [
        [f"ZS-{number:02}", title, category, "已发布", "V1", "知识管理员", f"2025-{number + 3:02}-15",
         f"2025-{number + 4:02}-20", 40 + number * 7]
        for number, (title, category) in enumerate(titles, start=1)
    ]  # fmt: skip
    m.csv("知识/知识库导出.csv", ["知识编号", "标题", "分类", "发布状态", "版本号", "作者", "发布日期", "更新时间", "浏览量"],
          rows, "utf-8-sig")  # fmt: skip
