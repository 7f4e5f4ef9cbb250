"""Knows whether every query of a checklist can run at all: on empty tables, before there is evidence."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from fcim_audit.checklist.schema import Checklist
from fcim_audit.engines import engine_named
from fcim_audit.errors import AuditError
from fcim_audit.evaluate import sql_columns
from fcim_audit.kept import Shelf, key_of
from fcim_audit.moments import any_moment


def unrunnable(checklist: Checklist, shelf: Shelf | None = None) -> Iterator[AuditError]:
    """What the engine refuses, check by check: types that don't fit, columns that a view lacks.

    On the `shelf` it is kept which checklists run, so that they are rehearsed once.
    """
    key = key_of(checklist.sha256, version("duckdb"))
    if shelf is not None and shelf.get(key) is not None:
        return
    refused = False
    for error in _refusals(checklist):
        refused = True
        yield error
    if shelf is not None and not refused:
        shelf.put(key, b"")


def _refusals(checklist: Checklist) -> Iterator[AuditError]:
    columns = {name: sql_columns(dataset) for name, dataset in checklist.datasets.items()}
    with tempfile.TemporaryDirectory() as folder, engine_named("duckdb", Path(folder)) as engine:
        engine.load((), columns)
        moment = any_moment(checklist)
        for id_, (_, requirement) in checklist.requirements.items():
            for check in requirement.checks:
                plan = check.plan(checklist.catalogue, moment)
                for query in () if plan is None else plan.queries:
                    try:
                        if query is not None:
                            engine.rows(engine.sql(query))
                    except AuditError as error:
                        yield AuditError(error.problem, f"{id_}.{check.name}", error.hint)
                        break
