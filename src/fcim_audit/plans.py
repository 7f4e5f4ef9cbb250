"""Knows the SQL of every check for one moment and one engine, and keeps it between runs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace

from pydantic import TypeAdapter

from fcim_audit.checklist.schema import Checklist
from fcim_audit.checks.base import ScopedCheck
from fcim_audit.checks.plan import Spelled
from fcim_audit.checks.reads import columns_read, verbatim
from fcim_audit.engines import speller
from fcim_audit.expression import Moment
from fcim_audit.kept import Shelf, key_of

_STORED = TypeAdapter(dict[str, Spelled])

Plans = Mapping[str, Spelled]
"""The queries of every automatic check by its id."""


def plans_of(
    checklist: Checklist,
    moment: Moment,
    engine: str,
    *,
    only: Collection[str] | None = None,
    shelf: Shelf | None = None,
) -> Plans:
    """Compile the checks of the requirements in scope, or take what an earlier run left on the shelf."""
    key = _key(checklist, moment, engine)
    kept = None if shelf is None else shelf.get(key)
    if kept is not None:
        with contextlib.suppress(ValueError):
            return _STORED.validate_json(kept)
    spell = speller(engine)
    plans = {}
    for id_, (_, requirement) in checklist.requirements.items():
        if only is None or id_ in only:
            for check in requirement.checks:
                plan = check.plan(checklist.catalogue, moment)
                if plan is not None and isinstance(check, ScopedCheck):
                    newest = check.newest(checklist.catalogue, moment)
                    reads = columns_read(plan.listing)
                    shown = verbatim(check, checklist.catalogue.relations[check.dataset])
                    plans[f"{id_}.{check.name}"] = replace(
                        plan.spelled(spell, newest), reads=reads, verbatim=shown
                    )
    if shelf is not None and only is None:
        shelf.put(key, _STORED.dump_json(plans))
    return plans


def _key(checklist: Checklist, moment: Moment, engine: str) -> str:
    days = (str(moment.as_of), str(moment.period_start), str(moment.period_end))
    plan = sorted((name, str(value)) for name, value in moment.plan.items())
    return key_of(checklist.sha256, engine, *days, json.dumps(plan))
