"""The model of a report as JSON: every field of every part, so that a change of the model is seen as one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction

from pydantic import BaseModel


def as_json(value: object) -> bytes:
    """Indented, in the model's own order."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=1).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, frozenset):
        return sorted(str(inner) for inner in value)
    if isinstance(value, dt.date | Fraction):
        return str(value)
    return value
