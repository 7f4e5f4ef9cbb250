"""Knows what people said of headings before, so that they are not asked again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import Field

from fcim_audit.datasets import normalised
from fcim_audit.evidence.headings import Heading
from fcim_audit.evidence.proposal import Confirmed
from fcim_audit.yaml_source import Strict, read_yaml, validated

FILE = "FCIM_MAPPINGS"
"""The environment variable that names the file of confirmed mappings."""


class Mapping(Strict):
    """One row of headings, and what was said of it."""

    headings: tuple[str, ...]
    dataset: str
    columns: dict[str, str] = Field(default_factory=dict)


class Mappings(Strict):
    """The whole file: mappings by the fingerprint of their headings."""

    mappings: dict[str, Mapping] = Field(default_factory=dict)


def fingerprint(headings: Iterable[Heading]) -> str:
    """What tells one row of headings from another, whatever their order."""
    said = sorted(normalised(heading.name) for heading in headings)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def default_file() -> Path:
    """Where confirmed mappings are kept: FCIM_MAPPINGS, else in the user's configuration."""
    said = os.environ.get(FILE)
    if said:
        return Path(said)
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    return (Path(base) if base else Path.home() / ".config") / "fcim-audit" / "mappings.yaml"


class Memory:
    """The confirmed mappings of one file; raises AuditError where it is not what it should be."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = validated(Mappings, read_yaml(path)) if path.is_file() else Mappings()

    def of(self, headings: Iterable[Heading]) -> Confirmed | None:
        """What was said of these headings."""
        found = self._known.mappings.get(fingerprint(headings))
        return None if found is None else Confirmed(found.dataset, found.columns)

    def keep(self, headings: Iterable[Heading], dataset: str, columns: dict[str, str]) -> None:
        """Remember what was said, in the file too; it is replaced as a whole."""
        names = tuple(heading.name for heading in headings)
        mapping = Mapping(headings=names, dataset=dataset, columns=columns)
        kept = {**self._known.mappings, fingerprint(headings): mapping}
        self._known = Mappings(mappings=dict(sorted(kept.items())))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(
            self._known.model_dump(mode="json"), allow_unicode=True, sort_keys=False
        )
        temporary = self._path.with_suffix(".part")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self._path)
