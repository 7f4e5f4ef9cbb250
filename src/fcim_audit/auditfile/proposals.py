"""Knows what the tool proposes in an audit: `out/result.json`, read back for those who judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.auditfile.folder import OUT
from fcim_audit.result_file import ResultFile, read_hashed
from fcim_audit.told import ToldRequirement

RESULT_FILE = "result.json"


@dataclass(frozen=True, slots=True)
class Proposals:
    """The last evaluation of an audit: what is proposed for each requirement, and the result's sha256."""

    sha256: str
    result: ResultFile
    by_id: Mapping[str, ToldRequirement]


def proposals_of(folder: Path) -> Proposals | None:
    """The proposals of an audit folder; None if nothing was evaluated yet; raises AuditError."""
    file = folder / OUT / RESULT_FILE
    if not file.exists():
        return None
    return read_proposals(file)


def read_proposals(file: Path) -> Proposals:
    """The proposals of a result JSON; raises AuditError if it is none."""
    result, sha256 = read_hashed(file)
    return Proposals(sha256, result, {r.id: r for r in result.requirements})
