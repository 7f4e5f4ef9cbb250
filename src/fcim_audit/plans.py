"""Knows the SQL of every check for one moment and one engine, and keeps it between runs.

What is kept is named by everything it follows from: the checklist, the moment, the plan parameters,
the engine and this program's own files.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

import fcim_audit
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checks.base import ScopedCheck, Spelled
from fcim_audit.engines import speller
from fcim_audit.expression import Moment

FOLDER = "plans"
KEPT = 20
_MODULES = ("checks", "expression", "engines", "checklist")
_STORED = TypeAdapter(dict[str, Spelled])

Plans = Mapping[str, Spelled]
"""The queries of every automatic check by its id."""


def plans_of(
    checklist: Checklist,
    moment: Moment,
    engine: str,
    *,
    only: Collection[str] | None = None,
    folder: Path | None = None,
) -> Plans:
    """Compile the checks of the requirements in scope, or take what an earlier run left in `folder`."""
    file = None if folder is None else folder / FOLDER / f"{_key(checklist, moment, engine)}.json"
    if file is not None:
        with contextlib.suppress(OSError, ValueError):
            return _STORED.validate_json(file.read_bytes())
    spell = speller(engine)
    plans = {}
    for id_, (_, requirement) in checklist.requirements.items():
        if only is None or id_ in only:
            for check in requirement.checks:
                plan = check.plan(checklist.catalogue, moment)
                if plan is not None and isinstance(check, ScopedCheck):
                    newest = check.newest(checklist.catalogue, moment)
                    plans[f"{id_}.{check.name}"] = plan.spelled(spell, newest)
    if file is not None and only is None:
        _keep(file, _STORED.dump_json(plans))
    return plans


def _keep(file: Path, data: bytes) -> None:
    """Put the file there as a whole; forget the oldest; a cache that can't be written is no error."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(name).replace(file)
        kept = sorted(file.parent.glob("*.json"), key=lambda f: f.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink()


def _key(checklist: Checklist, moment: Moment, engine: str) -> str:
    said = [
        checklist.sha256,
        engine,
        str(moment.as_of),
        str(moment.period_start),
        str(moment.period_end),
        sorted((name, str(value)) for name, value in moment.plan.items()),
        _own_digest(),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@cache
def _own_digest() -> str:
    """Tells one state of this program's compiling modules from another."""
    root = Path(fcim_audit.__file__).parent
    files = sorted(file for name in _MODULES for file in (root / name).glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
