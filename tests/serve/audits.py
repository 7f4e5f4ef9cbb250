"""Makes an audit folder with a small result beside it, and a desk to review it at."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import cache
from pathlib import Path

from fcim_audit.auditfile.folder import JUDGEMENTS, create, open_audit
from fcim_audit.auditfile.schema import AuditFile, JudgementEntry
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.profile import load_profile
from fcim_audit.serve.desk import Desk

AT = dt.datetime(2026, 1, 20, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TICKETS = "工单编号,提交时间\nGD-1,2025-02-19 12:09:18\n"
FAILED = "6.3-d"
OPEN = "4.1-a"
TITLE = {"zh": "标题", "en": "title"}


@cache
def checklist() -> Checklist:
    """The shipped checklist, once."""
    return load_checklist(shipped("checklists") / "fcim", rules=False)


def begun(
    folder: Path, *, key: str = "GD-1", file: str = "客服/工单.csv", language: str = "en"
) -> Path:
    """An audit by the lead ZL, the auditor LM and the observer GC; the tool proposes minor for 6.3-d."""
    audit = AuditFile.model_validate(
        {
            "audit": "1", "id": "A-2026", "type": "stage_2", "language": language,
            "organisation": {"name": "云栖物业"},
            "criteria": {"edition": "draft", "sha256": checklist().sha256},
            "scope": "物业服务", "objectives": ["是否符合"],
            "dates": {"start": "2026-01-19", "end": "2026-01-21"},
            "team": [
                {"id": "ZL", "name": "张立", "role": "lead"},
                {"id": "LM", "name": "李明", "role": "auditor", "clauses": ["6.3"]},
                {"id": "GC", "name": "观察", "role": "observer"},
            ],
            "independence": "无利益冲突",
        }
    )  # fmt: skip
    create(folder, audit, by="ZL", at=AT, heads={})
    (folder / "evidence" / "客服").mkdir()
    (folder / "evidence" / "客服" / "工单.csv").write_text(TICKETS, encoding="utf-8")
    (folder / "out" / "result.json").write_text(json.dumps(_result(file, key)), encoding="utf-8")
    return folder


def _result(file: str, key: str) -> dict[str, object]:
    place = {
        "file": file, "row": 2, "key": key, "why": "", "values": {"submitted": "12:09"},
    }  # fmt: skip
    check = {
        "id": "6.3-d.response", "kind": "metric", "verdict": "fail",
        "measured": {"value": 0.975, "unit": "ratio"}, "target": {"op": ">=", "value": 1},
        "numerator": 117, "denominator": 120, "population": 120,
        "exceptions": {"count": 60, "places": [place] * 55}, "notes": [], "datasets": [],
    }  # fmt: skip
    why = {"rule": "m1", "zh": "未达标", "en": "missed"}
    lead = {
        "file": "方针.docx",
        "paragraph": 7,
        "page": None,
        "heading": "总则",
        "text": "两小时内回复",
    }
    failed = {
        "id": FAILED, "clause": "6.3", "title": TITLE, "status": "minor", "why": [why], "checks": [check],
        "leads": [lead],
    }  # fmt: skip
    open_ = {
        "id": OPEN,
        "clause": "4.1",
        "title": TITLE,
        "status": "not_verified",
        "why": [],
        "checks": [],
    }
    return {
        "schema": "fcim-audit/result/1", "checklist": {"id": "fcim", "edition": "draft", "sha256": checklist().sha256}, "as_of": "2026-01-15",
        "requirements": [open_, failed],
    }  # fmt: skip


def desk(folder: Path, member: str = "ZL") -> Desk:
    """A seat at the audit, at half past nine."""
    profile = load_profile(shipped("checklists") / "profiles" / "iso17021-2015.yaml")
    return Desk(folder, checklist(), profile, member, lambda: AT)


def entry(folder: Path, requirement: str) -> JudgementEntry | None:
    """The judgement as the next command reads it."""
    return open_audit(folder).judgements.requirements.get(requirement)


def actions(folder: Path) -> list[str]:
    """What the journal says was done."""
    return [e.action for e in open_audit(folder).journal.entries]


def written(folder: Path) -> bytes:
    """The judgements' file."""
    return (folder / JUDGEMENTS).read_bytes()


def ticket_hash() -> str:
    """The sha256 of the ticket file."""
    return hashlib.sha256(TICKETS.encode()).hexdigest()
