"""Knows the published JSON Schemas: of our YAML files from their models, of results by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent


def _checklist() -> dict[str, Any]:
    from fcim_audit.checklist.schema import Head

    return Head.model_json_schema()


def _requirements() -> dict[str, Any]:
    from fcim_audit.checklist.schema import Chapter

    return Chapter.model_json_schema()


def _dataset() -> dict[str, Any]:
    from fcim_audit.datasets import Dataset

    return Dataset.model_json_schema()


def _bundle() -> dict[str, Any]:
    from fcim_audit.evidence.bundle import BundleFile

    return BundleFile.model_json_schema()


def _profile() -> dict[str, Any]:
    from fcim_audit.profile import ProfileFile

    return ProfileFile.model_json_schema()


def _result() -> dict[str, Any]:
    text = (_FOLDER / "result-1.schema.json").read_text(encoding="utf-8")
    result: dict[str, Any] = json.loads(text)
    return result


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "checklist": _checklist,
    "requirements": _requirements,
    "dataset": _dataset,
    "bundle": _bundle,
    "profile": _profile,
    "result": _result,
}
"""Every schema by the name that `checklist schema` takes."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema called `name`."""
    return SCHEMAS[name]()
