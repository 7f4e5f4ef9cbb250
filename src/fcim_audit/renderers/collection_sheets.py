"""Knows what a collection template is made of, how its sheets are called and declared."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from fcim_audit.datasets import Dataset
from fcim_audit.language import Lang, Text
from fcim_audit.wording import clean

GUIDE = Text("说明", "Read me")
LISTS = "_lists"
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = frozenset({GUIDE.zh, GUIDE.en.casefold(), LISTS, "history"})


@dataclass(frozen=True, slots=True)
class Collection:
    """A template: datasets, the titles of the requirements they may prove, the file's own name."""

    datasets: tuple[Dataset, ...]
    requirements: Mapping[str, Text]
    file: str
    lang: Lang

    @property
    def sheets(self) -> tuple[str, ...]:
        """The name of each dataset's sheet."""
        return sheet_names(self.datasets, self.lang)

    @property
    def entries(self) -> tuple[str, ...]:
        """The lines of `bundle.yaml` that declare every sheet."""
        flows = (
            _flow({"file": glob.escape(self.file), "sheet": name, "dataset": dataset.name})
            for dataset, name in zip(self.datasets, self.sheets, strict=True)
        )
        return ("evidence:", *(f"  - {flow}" for flow in flows))


def _flow(entry: Mapping[str, str]) -> str:
    text = yaml.safe_dump(
        dict(entry), default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
    )
    return str(text).strip()


def sheet_names(datasets: Sequence[Dataset], lang: Lang) -> tuple[str, ...]:
    """Titles as a workbook allows them: no `[]:*?/\\`, at most 31 characters, all different."""
    names: list[str] = []
    taken = set(_RESERVED)
    for dataset in datasets:
        title = _FORBIDDEN.sub(" ", clean(dataset.title.said(lang))).strip(" '") or dataset.name
        name, number = _shortened(title, ""), 1
        while name.casefold() in taken:
            number += 1
            name = _shortened(title, f" {number}")
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _shortened(title: str, suffix: str) -> str:
    room = LONGEST_NAME - len(suffix)
    return (title if len(title) <= room else title[: room - 1].rstrip() + "…") + suffix
