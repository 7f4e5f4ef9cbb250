"""A small audit folder for tests: one checklist, one lead, one auditor, nothing judged."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from fcim_audit.auditfile.folder import Audit, create, open_audit
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.proposals import proposals_of
from fcim_audit.auditfile.schema import AuditFile
from fcim_audit.auditfile.standing import Standings, standings_of
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.profile import Profile, load_profile

AT = dt.datetime(2026, 1, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@cache
def checklist() -> Checklist:
    return load_checklist(shipped("checklists") / "fcim", rules=False)


@cache
def profile() -> Profile:
    return load_profile(shipped("checklists") / "profiles" / "iso17021-2015.yaml")


def plan(**changes: object) -> AuditFile:
    """An audit plan that is complete."""
    values: dict[str, object] = {
        "audit": "1", "id": "YQ-2026-S2", "language": "zh", "type": "stage_2",
        "organisation": {"name": "云栖物业服务有限公司", "representative": "管理者代表"},
        "certification_body": {"name": "某认证中心"},
        "criteria": {"checklist": "fcim", "edition": "draft", "sha256": checklist().sha256},
        "scope": "物业服务", "objectives": ["验证符合性"],
        "dates": {"start": "2026-01-20", "end": "2026-01-22"},
        "team": [
            {"id": "A1", "name": "张三", "role": "lead", "competence": ["QMS"], "clauses": ["4.*", "5.*"]},
            {"id": "A2", "name": "李四", "role": "auditor", "competence": ["IT"], "clauses": ["6.*"]},
            {"id": "O1", "name": "王五", "role": "observer"},
        ],
        "independence": "近三年未提供咨询",
    }  # fmt: skip
    return AuditFile.model_validate(values | changes)


def begun(folder: Path, **changes: object) -> Audit:
    """A new audit in `folder`."""
    return create(folder, plan(**changes), by="A1", at=AT, heads={})


def bench(folder: Path) -> Bench:
    return Bench(open_audit(folder), checklist(), proposals_of(folder))


def standings(folder: Path) -> Standings:
    return standings_of(bench(folder), profile())
