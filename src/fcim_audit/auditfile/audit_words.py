"""Knows the words for the types of audits and for the roles in a team."""

from __future__ import annotations

from fcim_audit.auditfile.schema import AuditType, Role
from fcim_audit.language import Text

TYPE_WORDS = {
    AuditType.GAP: Text("差距评估", "gap assessment"),
    AuditType.STAGE_1: Text("初次审核第一阶段", "initial audit, stage 1"),
    AuditType.STAGE_2: Text("初次审核第二阶段", "initial audit, stage 2"),
    AuditType.SURVEILLANCE_1: Text("第一次监督审核", "first surveillance"),
    AuditType.SURVEILLANCE_2: Text("第二次监督审核", "second surveillance"),
    AuditType.RECERTIFICATION: Text("再认证审核", "recertification"),
    AuditType.SPECIAL: Text("特殊审核", "special audit"),
}
ROLE_WORDS = {
    Role.LEAD: Text("组长", "lead"),
    Role.AUDITOR: Text("审核员", "auditor"),
    Role.TRAINEE: Text("实习审核员", "trainee"),
    Role.EXPERT: Text("技术专家", "technical expert"),
    Role.OBSERVER: Text("观察员", "observer"),
}
