"""A result JSON for tests: every requirement of the checklist, with the statuses that a test says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from tests.auditfile.audits import checklist

VERDICTS = {
    "conform": "pass",
    "minor": "fail",
    "major": "fail",
    "ofi": "pass",
    "not_verified": "no_evidence",
}
RULES = {"minor": "m1", "major": "M2", "ofi": "o2", "not_verified": "G0"}


def result(
    folder: Path,
    statuses: Mapping[str, str] | None = None,
    rules: Mapping[str, str] | None = None,
    sheets: Mapping[str, tuple[str, ...]] | None = None,
) -> str:
    """Write `out/result.json`; what is not named is not verified; gives the file's sha256.

    `sheets`: the evidence files that were read, with the names of their sheets.
    """
    requirements = [
        _requirement(id_, clause.id, (statuses or {}).get(id_, "not_verified"), rules or {})
        for id_, (clause, _) in checklist().requirements.items()
    ]
    document = {
        "schema": "fcim-audit/result/1",
        "checklist": {"id": "fcim", "edition": "draft", "sha256": checklist().sha256},
        "as_of": "2026-01-15",
        "requirements": requirements,
        "kpis": [],
        "evidence": [
            {
                "file": file, "sha256": "0" * 64, "kind": "xlsx",
                "sheets": [{"name": name, "dataset": None, "rows": 1} for name in names],
            }
            for file, names in (sheets or {}).items()
        ],
    }  # fmt: skip
    data = json.dumps(document, ensure_ascii=False).encode()
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / "result.json").write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _requirement(id_: str, clause: str, status: str, rules: Mapping[str, str]) -> dict[str, object]:
    rule = rules.get(id_, RULES.get(status, ""))
    return {
        "id": id_, "clause": clause, "title": {"zh": "标题", "en": "title"}, "status": status, "on_sample": False,
        "score": {"conform": 100, "ofi": 90, "minor": 70, "major": 30}.get(status),
        "why": [{"rule": rule, "zh": "理由", "en": "why"}] if rule else [],
        "checks": [
            {
                "id": f"{id_}.main", "kind": "records", "verdict": VERDICTS[status],
                "measured": {"value": 0.9, "unit": "ratio"}, "target": {"op": ">=", "value": 1},
                "numerator": 9, "denominator": 10, "population": 10,
                "exceptions": {"count": 1, "places": [
                    {"file": "a.xlsx", "sheet": "S", "row": 7, "key": "K7", "why": "late", "unknown": False, "values": {}}
                ]},
                "notes": [], "datasets": ["feedback_tickets"],
            }
        ],
    }  # fmt: skip
