"""Begins audits for tests: a folder with a team, a plan, and the tool's proposals if asked for."""

from __future__ import annotations

import datetime as dt
import functools
import json
from pathlib import Path
from typing import Any

from fcim_audit.auditfile.folder import Audit, create
from fcim_audit.auditfile.schema import AuditFile
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped

AT = dt.datetime(2026, 1, 20, 14, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@functools.cache
def checklist() -> Checklist:
    """The shipped checklist."""
    return load_checklist(shipped("checklists") / "fcim", rules=False)


def begun(folder: Path, **changes: object) -> Audit:
    """An audit with a lead (LW), an auditor (ZM) and an observer (OB)."""
    said: dict[str, object] = {
        "audit": "1",
        "id": "A-2026-01",
        "language": "zh",
        "type": "stage_2",
        "organisation": {"name": "云栖物业服务有限公司"},
        "criteria": {"edition": "2024", "sha256": checklist().sha256},
        "scope": "住宅物业服务",
        "objectives": ["确定符合性"],
        "dates": {"start": "2026-01-19", "end": "2026-01-21"},
        "team": [
            {"id": "LW", "name": "李 伟", "role": "lead", "clauses": ["4", "5", "6"]},
            {"id": "ZM", "name": "张敏", "role": "auditor", "clauses": ["7", "8.*"]},
            {"id": "OB", "name": "王观", "role": "observer"},
        ],
        "independence": "无利害关系",
        **changes,
    }
    return create(folder, AuditFile.model_validate(said), by="LW", at=AT, heads={})


def proposing(folder: Path, *requirements: dict[str, Any]) -> None:
    """Put a result with these proposals into the folder."""
    document = {
        "schema": "fcim-audit/result/1",
        "checklist": {"id": "fcim", "sha256": checklist().sha256},
        "as_of": "2026-01-15",
        "requirements": list(requirements),
    }
    (folder / "out" / "result.json").write_text(
        json.dumps(document, ensure_ascii=False), encoding="utf-8"
    )


def proposal(id_: str, status: str, *, numerator: int = 390) -> dict[str, Any]:
    """A proposal with one check that concluded."""
    verdict = "pass" if status == "conform" else "fail"
    return {
        "id": id_,
        "clause": id_.split("-")[0],
        "title": {"zh": "标题", "en": "title"},
        "status": status,
        "why": [{"rule": "M1", "zh": "检查不通过", "en": "a check failed"}],
        "checks": [
            {
                "id": f"{id_}.response",
                "kind": "metric",
                "verdict": verdict,
                "measured": {"value": round(numerator / 890, 6), "unit": "ratio"},
                "target": {"op": ">=", "value": 1},
                "numerator": numerator,
                "denominator": 890,
                "population": 890,
                "exceptions": {
                    "count": 890 - numerator,
                    "places": [{"file": "客服/工单.xlsx", "sheet": "工单", "row": 17, "key": "T1"}],
                },
            }
        ],
    }
