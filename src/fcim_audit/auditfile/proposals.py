"""Knows what the tool proposes in an audit: `out/result.json`, read back for those who judge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.folder import OUT
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.model import Status, Verdict

RESULT_FILE = "result.json"
MAX_BYTES = 500_000_000


class _Said(BaseModel):
    """A part of the result; parts that are not asked for here are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class MeasuredSaid(_Said):
    """A figure as the result rounds it."""

    value: float | None
    unit: str


class TargetSaid(_Said):
    """A threshold."""

    op: str
    value: float


class PlaceSaid(_Said):
    """One exception: file, sheet and row, the key of its row, why it is listed."""

    file: str
    sheet: str | None = None
    row: int | None = None
    key: str = ""
    why: str = ""
    unknown: bool = False
    values: dict[str, str | int | None] = Field(default_factory=dict)


class ExceptionsSaid(_Said):
    """How many exceptions there are, and the places of those that are listed."""

    count: int
    places: tuple[PlaceSaid, ...] = ()


class CheckSaid(_Said):
    """What one check found."""

    id: str
    kind: str
    verdict: Verdict
    measured: MeasuredSaid
    target: TargetSaid | None = None
    numerator: int | None = None
    denominator: int | None = None
    population: int | None = None
    exceptions: ExceptionsSaid = ExceptionsSaid(count=0)
    notes: tuple[Text, ...] = ()
    datasets: tuple[str, ...] = ()


class WhySaid(_Said):
    """A rule of the profile and its words."""

    rule: str
    zh: str
    en: str


class RequirementSaid(_Said):
    """What the tool proposes for one requirement."""

    id: str
    clause: str
    status: Status
    on_sample: bool = False
    score: float | None = None
    why: tuple[WhySaid, ...] = ()
    checks: tuple[CheckSaid, ...] = ()


class KpiSaid(_Said):
    """One of the eight figures."""

    id: str
    measured: float | None
    unit: str
    attained: bool | None


class FileSaid(_Said):
    """An evidence file and its hash."""

    file: str
    sha256: str
    unreadable: Text | None = None


class RecommendationSaid(_Said):
    """What the tool would recommend, and why."""

    code: RecommendationCode
    why: tuple[Text, ...] = ()


class ResultSaid(_Said):
    """The result of the last evaluation."""

    schema_: Literal["fcim-audit/result/1"] = Field(alias="schema")
    checklist: dict[str, str]
    as_of: str
    requirements: tuple[RequirementSaid, ...]
    kpis: tuple[KpiSaid, ...] = ()
    evidence: tuple[FileSaid, ...] = ()
    recommendation: RecommendationSaid | None = None


@dataclass(frozen=True, slots=True)
class Proposals:
    """The last evaluation of an audit: what is proposed for each requirement, and the result's sha256."""

    sha256: str
    result: ResultSaid
    by_id: Mapping[str, RequirementSaid]


def proposals_of(folder: Path) -> Proposals | None:
    """The proposals of an audit folder; None if nothing was evaluated yet; raises AuditError."""
    file = folder / OUT / RESULT_FILE
    if not file.exists():
        return None
    return read_result(file)


def read_result(file: Path) -> Proposals:
    """Read a result JSON; raises AuditError if it is none."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ValueError("size")
        data = file.read_bytes()
        result = ResultSaid.model_validate(json.loads(data))
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"), str(file)
        ) from error
    except (ValueError, RecursionError, ValidationError):
        raise AuditError(
            Text(
                "不是 fcim-audit/result/1 格式的结果",
                "is no result in the form fcim-audit/result/1",
            ),
            str(file),
            Text("重新运行 fcim-audit evaluate", "run fcim-audit evaluate again"),
        ) from None
    return Proposals(
        hashlib.sha256(data).hexdigest(), result, {r.id: r for r in result.requirements}
    )
