"""Knows the documents of an audit and their names."""

from __future__ import annotations

from enum import StrEnum

from fcim_audit.language import Text


class Kind(StrEnum):
    """The documents of an audit."""

    PLAN = "plan"
    CHECKLIST = "checklist"
    NC = "nc"
    AUDIT = "audit"
    GAP = "gap"
    RECOMMENDATION = "recommendation"


KIND_WORDS = {
    Kind.PLAN: Text("审核计划", "Audit plan"),
    Kind.CHECKLIST: Text("审核检查表", "Audit checklist"),
    Kind.NC: Text("不符合项报告", "Nonconformity report"),
    Kind.AUDIT: Text("审核报告", "Audit report"),
    Kind.GAP: Text("差距评估报告", "Gap assessment report"),
    Kind.RECOMMENDATION: Text("认证推荐表", "Recommendation for certification"),
}
