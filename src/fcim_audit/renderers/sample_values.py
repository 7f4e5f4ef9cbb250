"""Knows plausible, fictional values for the sample row of a collection template."""

from __future__ import annotations

import datetime as dt

from fcim_audit.datasets import Column, ColumnType, Dataset
from fcim_audit.language import Lang, Text

Value = str | int | float | dt.date | dt.datetime | None

_DAY = dt.datetime(2025, 3, 3, 9, 30)
_APART = dt.timedelta(minutes=45)


def sample_row(dataset: Dataset, lang: Lang) -> tuple[Value, ...]:
    """A value for every column; None where such a row would rightly be empty."""
    stamps = [c.name for c in dataset.columns if c.type is ColumnType.DATETIME]
    days = [c.name for c in dataset.columns if c.type is ColumnType.DATE]
    return tuple(
        _value(dataset, column, lang, stamps if column.name in stamps else days)
        for column in dataset.columns
    )


def _value(dataset: Dataset, column: Column, lang: Lang, moments: list[str]) -> Value:
    if column.name in _EMPTY:
        return None
    if column.name in moments:
        return _moment(column, moments.index(column.name))
    match column.type:
        case ColumnType.INT | ColumnType.NUMBER:
            return _NUMBERS.get(column.name, 1)
        case ColumnType.DURATION:
            return _LENGTHS.get(column.name, Text("90分钟", "1.5h")).said(lang)
        case ColumnType.BOOL:
            return Text("是", "yes").said(lang)
        case ColumnType.ENUM:
            return _code(dataset, column)
        case _:
            found = _TEXTS.get(f"{dataset.name}.{column.name}") or _TEXTS.get(column.name)
            return (found or Text("示例文字", "sample text")).said(lang)


def _moment(column: Column, number: int) -> dt.date:
    """Dates and stamps of a row go on in the order of the columns, as things happen."""
    if column.type is ColumnType.DATETIME:
        return _DAY + number * _APART
    return _DAY.date() + dt.timedelta(days=_DAYS.get(column.name, number))


def _code(dataset: Dataset, column: Column) -> str:
    wanted = _CODES.get(f"{dataset.name}.{column.name}")
    return wanted if wanted in column.values else next(iter(column.values))


_EMPTY = frozenset(
    {"abnormal", "abnormal_at", "cancel_reason", "cancelled_at", "disposal_approval",
     "disposed_at", "left_on", "revoked_on"}
)  # fmt: skip
_CODES = {
    "change_requests.kind": "service",
    "change_requests.state": "finished",
    "feedback_tickets.status": "closed",
    "ohs_alerts.status": "closed",
    "service_orders.status": "completed",
    "customer_property.status": "returned",
    "hazards.level": "medium",
    "risks.level": "medium",
    "internal_audits.grade": "minor",
    "ohs_alerts.level": "level_3",
    "communications.category": "policy",
}
"""Codes that fit the rest of the row better than the first of the vocabulary."""
_DAYS = {
    "due": 30, "due_on": 14, "ended_on": 60, "expires_on": 730, "hired_on": -700, "maint_due": 2,
    "period_from": -30, "period_to": -3, "plan_approved_on": -14, "planned_on": 3,
    "review_due": 365, "since": -300, "valid_until": 365,
}  # fmt: skip
_NUMBERS = {
    "actual": 96.5, "baseline": 88, "bulk_rows": 120, "effective_headcount": 45, "figure": 97.2,
    "full_score": 100, "headcount": 48, "impact": 3, "lat": 31.23, "lec_c": 3, "lec_d": 18,
    "lec_e": 6, "lec_l": 1, "lon": 121.47, "n_checked": 1000, "n_passed": 998, "p": 2,
    "pass_line": 60, "reached": 48, "read": 46, "readers": 45, "reopened": 0, "result": 95,
    "retention_months": 36, "scale_max": 100, "scale_min": 0, "score": 96, "sent": 48,
    "shifts": 2, "size_mb": 2048, "target": 95, "threshold": 30, "total": 50, "value": 32.5,
    "views": 86, "vol_electronic": 1180, "vol_total": 1200,
}  # fmt: skip
_LENGTHS = {"freq": Text("30天", "30d"), "interval": Text("60秒", "60s")}
_TEXTS = {
    "client_id": Text("KH001", "CL001"),
    "documents.file": Text("管理方针.docx", "policy.docx"),
    "document_text.file": Text("管理方针.docx", "policy.docx"),
    "document_signatures.file": Text("管理方针.pdf", "policy.pdf"),
    "document_signatures.issuer": Text("示例电子认证机构", "Example Certification Authority"),
    "document_signatures.root": Text("9F86D081…", "9F86D081…"),
    "document_signatures.signer": Text("李四", "Li Si"),
    "field": Text("签名1", "Signature1"),
    "heading": Text("2 承诺", "2 Commitments"),
    "history": Text("累计服务 12 次", "Served 12 times"),
    "location": Text("门户/应急/YA-01", "portal/emergency/EP-01"),
    "needs": Text("上午上门，需提前电话", "Mornings, call first"),
    "objective_id": Text("MB-01", "OB-01"),
    "payee": Text("某某设备有限公司", "Sample Equipment Ltd"),
    "payment_id": Text("FK-2025-001", "PY-2025-001"),
    "post": Text("客服主管", "Head of customer service"),
    "process_target": Text("按时上门率 95%", "95 % of visits on time"),
    "test_id": Text("JS-01", "RT-01"),
    "text": Text("我们承诺满足客户要求。", "We undertake to meet customers' requirements."),
    "wi_id": Text("WI-01", "WI-01"),
    "account": Text("zhangsan", "zhangsan"),
    "action": Text("补充培训并复核记录", "Extra training; records checked again"),
    "activity": Text("物业服务", "Property services"),
    "address": Text("示例市示例路 1 号", "1 Sample Road, Sample City"),
    "alert_id": Text("YJ-2025-001", "AL-2025-001"),
    "approval_record": Text("李四 同意", "Li Si: agreed"),
    "approver": Text("李四", "Li Si"),
    "article": Text("第十二条", "Article 12"),
    "assignee": Text("张三", "Zhang San"),
    "audience": Text("全体员工", "All staff"),
    "audit_id": Text("NS-2025-01", "IA-2025-01"),
    "auditor": Text("王五", "Wang Wu"),
    "auditor_dept": Text("质量部", "Quality"),
    "author": Text("王五", "Wang Wu"),
    "batch_id": Text("HY-2025-03", "DV-2025-03"),
    "ca_id": Text("JZ-2025-001", "CA-2025-001"),
    "category": Text("服务超时", "Late service"),
    "cause": Text("交接时未核对", "Not checked at the handover"),
    "system_outages.cause": Text("磁盘已满", "Disk full"),
    "chair": Text("赵六", "Zhao Liu"),
    "chair_role": Text("总经理", "General manager"),
    "change_id": Text("BG-2025-001", "CR-2025-001"),
    "channel": Text("数据接口", "Data interface"),
    "checklist": Text("内审检查表-客服部", "Audit checklist, customer service"),
    "clause": Text("6.3", "6.3"),
    "comment": Text("响应很快", "Quick answer"),
    "conclusion": Text("指标达标，保持", "On target, keep going"),
    "consequence": Text("滑倒", "Slipping"),
    "contact": Text("陈七", "Chen Qi"),
    "content": Text("完成现场服务并上传照片", "Service done on site, photographs uploaded"),
    "control": Text("放置警示牌", "Warning signs put up"),
    "correction": Text("已补录记录", "Record completed"),
    "corrective_note": Text("已补录 2 条", "2 records completed"),
    "course": Text("数据安全基础", "Data security basics"),
    "current_handler": Text("李四", "Li Si"),
    "customer": Text("客户A", "Customer A"),
    "data_owner": Text("张三", "Zhang San"),
    "data_ref": Text("2025年2月运行分析报告", "Operations analysis, February 2025"),
    "defects": Text("2 条记录缺少时间", "2 records without a time"),
    "dept": Text("客服部", "Customer service"),
    "description": Text("服务记录未按时上传", "Service record not uploaded in time"),
    "context_register.description": Text(
        "客户希望在线查看进度", "Customers wish to see progress online"
    ),
    "risks.description": Text("客户数据可能外泄", "Customer data may leak"),
    "service_requirements.description": Text("24 小时内上门", "On site within 24 hours"),
    "doc_id": Text("WJ-001", "DOC-001"),
    "doc_ref": Text("2024年度绩效报告", "Performance report 2024"),
    "effect": Text("差错率下降", "Fewer errors"),
    "effectiveness": Text("有效", "Effective"),
    "event_id": Text("YL-2025-01", "EV-2025-01"),
    "evidence": Text("评价记录 HG-01", "Evaluation record HG-01"),
    "evidence_ref": Text("工单 GD-2025-015", "Ticket T-2025-015"),
    "finding": Text("预案有效，通知可更快", "Plan works; notify faster"),
    "finding_id": Text("NS-2025-01-1", "IA-2025-01-1"),
    "form": Text("服务回访单", "Service follow-up form"),
    "formula": Text("按时完成数÷完成总数", "done in time / done"),
    "handler": Text("张三", "Zhang San"),
    "hazard_id": Text("WX-001", "HZ-001"),
    "hazards.activity": Text("地面清洁", "Floor cleaning"),
    "id": Text("BH-001", "ID-001"),
    "improvements.id": Text("GJ-2025-01", "IM-2025-01"),
    "performance_reports.id": Text("BG-2025-02", "PR-2025-02"),
    "indicator": Text("按时完成率", "Completion in time"),
    "input": Text("客户需求单", "Customer's request"),
    "ip": Text("192.0.2.10", "192.0.2.10"),
    "item": Text("方案评审", "Review of the design"),
    "item_id": Text("BD-001", "F-001"),
    "job_id": Text("BF-20250303", "BK-20250303"),
    "kb_id": Text("ZS-001", "KB-001"),
    "kind": Text("温度超限", "Temperature too high"),
    "law": Text("中华人民共和国数据安全法", "Data Security Law"),
    "legal_paper_reason": Text("已电子化", "Electronic already"),
    "metric": Text("温度", "Temperature"),
    "msg_id": Text("XX-2025-001", "MSG-2025-001"),
    "name": Text("门禁卡", "Access card"),
    "org_profile.name": Text("总部", "Head office"),
    "personnel_positions.name": Text("张三", "Zhang San"),
    "suppliers.name": Text("示例科技有限公司", "Sample Technology Ltd"),
    "system_inventory.name": Text("工单系统", "Ticket system"),
    "system_outages.name": Text("工单系统", "Ticket system"),
    "nco_id": Text("BHG-2025-001", "NC-2025-001"),
    "node": Text("上门签到", "Check-in on site"),
    "node_id": Text("N01", "N01"),
    "obj_id": Text("MB-2025-01", "OB-2025-01"),
    "object": Text("客户档案", "Customer file"),
    "obl_id": Text("HG-001", "CO-001"),
    "opinion": Text("同意进入验证", "Ready for verification"),
    "order_id": Text("DD-2025-001", "ORD-2025-001"),
    "output": Text("派工单", "Work order"),
    "management_reviews.output": Text("增加夜间值班", "Add a night shift"),
    "owner": Text("张三", "Zhang San"),
    "process_nodes.owner": Text("运营部", "Operations"),
    "risks.owner": Text("信息部", "IT department"),
    "party": Text("业主", "Residents"),
    "period": Text("每月", "Monthly"),
    "permission": Text("查看工单", "View tickets"),
    "person_id": Text("YG-001", "P-001"),
    "person_ref": Text("YG-001", "P-001"),
    "phone": Text("010-0000-0000", "010-0000-0000"),
    "place": Text("1号楼大厅", "Lobby of building 1"),
    "plan": Text("试运行一周后对比", "Compare after a week's trial"),
    "plan_id": Text("YA-01", "EP-01"),
    "point_id": Text("JC-001", "MP-001"),
    "position": Text("客服专员", "Customer service agent"),
    "process": Text("上门服务", "Service on site"),
    "process_id": Text("LC-01", "PR-01"),
    "project_id": Text("XM-2025-01", "PJ-2025-01"),
    "prop_id": Text("WP-001", "CP-001"),
    "protection_level": Text("二级", "2"),
    "reason": Text("投诉集中在夜间", "Complaints cluster at night"),
    "rec_id": Text("PX-2025-001", "TR-2025-001"),
    "ref": Text("DD-2025-001", "ORD-2025-001"),
    "release_id": Text("FX-2025-001", "RL-2025-001"),
    "reply": Text("已采纳，4 月起执行", "Adopted, from April on"),
    "req_id": Text("XQ-2025-001", "RQ-2025-001"),
    "requester": Text("张三", "Zhang San"),
    "requester_dept": Text("客服部", "Customer service"),
    "requester_id": Text("YG-001", "P-001"),
    "requester_user_id": Text("zhangsan", "zhangsan"),
    "requirement": Text("个人信息最小必要", "No more personal data than needed"),
    "requirement_id": Text("6.3-d", "6.3-d"),
    "resource": Text("张三", "Zhang San"),
    "resp_id": Text("DJ-2025-001", "SV-2025-001"),
    "responder": Text("张三", "Zhang San"),
    "result": Text("已消除", "Removed"),
    "customer_property.result": Text("完好归还", "Returned intact"),
    "retention": Text("3年", "3 years"),
    "review_id": Text("GP-2025-01", "MR-2025-01"),
    "reviewer": Text("李四", "Li Si"),
    "risk": Text("培训不足，先试点", "Too little training; pilot first"),
    "risk_id": Text("FX-001", "R-001"),
    "role": Text("客服", "Agent"),
    "rule_version": Text("V2.1", "V2.1"),
    "scenario": Text("系统中断", "System outage"),
    "scope": Text("客服部夜间排班", "Night roster of customer service"),
    "internal_audits.scope": Text("客服部", "Customer service"),
    "sender": Text("李四", "Li Si"),
    "sha256": Text("9f86d081…（64位）", "9f86d081… (64 digits)"),
    "site_id": Text("S01", "S01"),
    "skill": Text("数据安全", "Data security"),
    "source": Text("工单系统 2 月数据", "Ticket data, February"),
    "special": Text("周末上门", "Visit at the weekend"),
    "statement": Text("1 张工单未按时关闭", "One ticket not closed in time"),
    "sup_id": Text("GF-001", "S-001"),
    "sys_id": Text("XT-001", "SYS-001"),
    "system": Text("工单系统", "Ticket system"),
    "ticket_id": Text("GD-2025-001", "T-2025-001"),
    "title": Text("调整夜间排班", "Change of the night roster"),
    "communications.title": Text("服务方针发布", "Service policy published"),
    "document_register.title": Text("管理方针", "Management policy"),
    "emergency_plans.title": Text("系统中断应急预案", "Plan for a system outage"),
    "improvements.title": Text("缩短夜间响应时间", "Quicker answers at night"),
    "knowledge_base.title": Text("夜间工单处理要点", "Handling tickets at night"),
    "performance_reports.title": Text("2月服务质量报告", "Service quality, February"),
    "topic": Text("服务质量", "Service quality"),
    "trend_ref": Text("近三月趋势图", "Chart of three months"),
    "type": Text("维修", "Repair"),
    "unit": Text("%", "%"),
    "monitoring_events.unit": Text("℃", "°C"),
    "verifier": Text("李四", "Li Si"),
    "version": Text("V1.0", "V1.0"),
    "voucher_no": Text("PZ-2025-001", "VC-2025-001"),
}
"""By column, or by `dataset.column` where the column's own value would not fit."""
