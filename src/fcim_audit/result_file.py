"""Knows a result JSON as it is read back: guarded, its version demanded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, ValidationError

from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.told import (
    Read,
    ToldCheck,
    ToldCriteria,
    ToldDeclaration,
    ToldFile,
    ToldKpi,
    ToldPeriod,
    ToldPlan,
    ToldRecommendation,
    ToldRequirement,
)

MAX_BYTES = 512 * 1024 * 1024
VERSION = "fcim-audit/result/1"
_HINT = Text(
    "给出 evaluate --format json:结果.json 写出的文件",
    "name a file that `evaluate --format json:FILE` wrote",
)


class ResultFile(Read):
    """A result: what is proposed for every requirement, and the evidence it was made of."""

    schema_: Literal["fcim-audit/result/1"]
    as_of: str
    checklist: ToldCriteria
    requirements: tuple[ToldRequirement, ...]
    profile: ToldCriteria | None = None
    period: ToldPeriod | None = None
    engine: str = "duckdb"
    plan: tuple[ToldPlan, ...] = ()
    kpis: tuple[ToldKpi, ...] = ()
    evidence: tuple[ToldFile, ...] = ()
    recommendation: ToldRecommendation | None = None
    declaration: ToldDeclaration | None = None

    model_config = ConfigDict(
        frozen=True, extra="ignore", allow_inf_nan=False, alias_generator=lambda n: n.rstrip("_")
    )

    def checks(self, name: str) -> Iterator[ToldCheck]:
        """The check of that id, or all checks of the requirement of that id."""
        for requirement in self.requirements:
            for check in requirement.checks:
                if name in {requirement.id, check.id}:
                    yield check


class _Versioned(Read):
    schema_: str

    model_config = ConfigDict(extra="ignore", alias_generator=lambda n: n.rstrip("_"))


def read_result(path: Path) -> ResultFile:
    """Read a result JSON; raises AuditError where it is none, too large, or of another version."""
    return read_hashed(path)[0]


def read_hashed(path: Path) -> tuple[ResultFile, str]:
    """A result JSON and the sha256 of its bytes; raises AuditError as `read_result`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(path, Text("超过 512 MiB", "is larger than 512 MiB"))
        data = path.read_bytes()
    except OSError as error:
        why = Text(f"读不了：{error.strerror}", f"can't be read: {error.strerror}")
        raise _unusable(path, why) from None
    try:
        found = _Versioned.model_validate_json(data).schema_
        if found != VERSION:
            raise _unusable(
                path,
                Text(f"是 {found[:60]}，不是 {VERSION}", f"is {found[:60]}, not {VERSION}"),
            )
        return ResultFile.model_validate_json(data), hashlib.sha256(data).hexdigest()
    except ValidationError as error:
        raise _unusable(path, _first(error)) from None


def _first(error: ValidationError) -> Text:
    """The first thing that is wrong, without what stands there."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    said = f"{where}: {found['msg']}" if where else found["msg"]
    return Text(f"不是结果 JSON（{said}）", f"is not a result JSON ({said})")


def _unusable(path: Path, why: Text) -> AuditError:
    return AuditError(why, str(path), _HINT)
