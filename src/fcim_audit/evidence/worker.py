"""Knows how to be the child that touches evidence: one job a line in, one verdict a line out."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import TextIO

import duckdb

from fcim_audit.errors import AuditError, AuditErrors
from fcim_audit.evidence.duplicates import DuplicatesJob, find_duplicates
from fcim_audit.evidence.files import said_of
from fcim_audit.evidence.reader_process import MEMORY
from fcim_audit.evidence.returned import CellsJob, tell_cells
from fcim_audit.evidence.signed import SignaturesJob, tell_signatures
from fcim_audit.evidence.survey import SurveyJob, survey
from fcim_audit.evidence.unit import UnitJob, read_unit
from fcim_audit.readers.base import Runaway

DEFAULT_MEMORY = 6 * 1024**3


def main() -> None:
    """Serve jobs until standard input closes."""
    _limit_memory(int(os.environ.get(MEMORY) or DEFAULT_MEMORY))
    verdicts = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, verdicts)


def serve(jobs: TextIO, verdicts: TextIO) -> None:
    """Answer each job with `{"done": true}` or the mistakes that a person must mend.

    `{"lost": why}`: a file made the process unfit for any other job, so that it ends.
    """
    for line in jobs:
        try:
            verdict = _verdict(line)
        except Runaway as error:
            verdict = {"lost": said_of(error.why).as_dict()}
        verdicts.write(json.dumps(verdict, ensure_ascii=False) + "\n")
        verdicts.flush()
        if "lost" in verdict:
            os._exit(1)


def _verdict(line: str) -> dict[str, object]:
    kind, _, job = line.partition(" ")
    try:
        if kind == "unit":
            read_unit(UnitJob.model_validate_json(job))
        elif kind == "survey":
            survey(SurveyJob.model_validate_json(job))
        elif kind == "signatures":
            tell_signatures(SignaturesJob.model_validate_json(job))
        elif kind == "cells":
            tell_cells(CellsJob.model_validate_json(job))
        else:
            find_duplicates(DuplicatesJob.model_validate_json(job))
    except AuditError as error:
        found = error.errors if isinstance(error, AuditErrors) else (error,)
        return {"mistakes": [_as_json(mistake) for mistake in found]}
    except (MemoryError, duckdb.OutOfMemoryException):
        return {"out_of_memory": True}
    return {"done": True}


def _as_json(error: AuditError) -> dict[str, object]:
    hint = error.hint.as_dict() if error.hint is not None else None
    return {"problem": error.problem.as_dict(), "hint": hint}


def _limit_memory(limit: int) -> None:
    """Where the system can: no more address space than `limit`, and no core file."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


if __name__ == "__main__":
    main()
