"""Knows which heading is which column: declared ones first, then exact names and aliases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fcim_audit.datasets import Column, Dataset, normalised
from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import EvidenceEntry
from fcim_audit.evidence.headings import Heading, Sought, spellings, stem
from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable

SPECIAL = ("_file", "_stem", "_sheet", "_row")
"""What a row's own place may be mapped from: file, file name without suffix, sheet, row number."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Canonical column to heading (or special name), and the headings nobody asked for."""

    columns: Mapping[str, str]
    unmapped: tuple[str, ...]


def sought_headings(dataset: Dataset, entry: EvidenceEntry) -> Sought:
    """What tells the heading row of this entry's files."""
    declared = frozenset(normalised(h) for h in entry.columns.values() if h not in SPECIAL)
    known = frozenset(word for words in dataset.words.values() for word in words)
    return Sought(known - {""}, declared - {""}, 1 if len(dataset.columns) == 1 else 2)


def map_headings(dataset: Dataset, entry: EvidenceEntry, found: tuple[Heading, ...]) -> ColumnMap:
    """Map one heading row; raises Unreadable for what is missing or ambiguous, all at once."""
    mistakes: list[Text] = []
    headings = tuple(heading.name for heading in found)
    mapped = _declared(entry, headings, mistakes)
    taken = set(mapped.values())
    free = [heading for heading in found if heading.name not in taken]
    for column, fitting in _candidates(dataset, free):
        if column.name in mapped:
            continue
        if len(fitting) == 1:
            mapped[column.name] = fitting[0]
        elif fitting:
            mistakes.append(_two_headings(column, fitting))
    mistakes.extend(
        _missing(column) for column in dataset.columns if _lacks(column, mapped, mistakes)
    )
    if mistakes:
        raise _unusable(mistakes, headings)
    ordered = {c.name: mapped[c.name] for c in dataset.columns if c.name in mapped}
    used = set(ordered.values())
    return ColumnMap(ordered, tuple(heading for heading in headings if heading not in used))


def _declared(
    entry: EvidenceEntry, headings: tuple[str, ...], mistakes: list[Text]
) -> dict[str, str]:
    mapped: dict[str, str] = {}
    for name, heading in entry.columns.items():
        if heading in SPECIAL or heading in headings:
            mapped[name] = heading
            continue
        fitting = [h for h in headings if stem(h) == heading and h != heading]
        fitting = fitting or [h for h in headings if normalised(h) == normalised(heading)]
        if len(fitting) == 1:
            mapped[name] = fitting[0]
        else:
            mistakes.append(
                Text(f"没有标题“{heading}”（{name}）", f'there is no heading "{heading}" ({name})')
            )
    return mapped


def exact_columns(dataset: Dataset, found: Sequence[Heading]) -> dict[str, str]:
    """The columns that exactly one heading goes by; what is ambiguous stays out."""
    return {
        column.name: names[0] for column, names in _candidates(dataset, found) if len(names) == 1
    }


def _candidates(dataset: Dataset, found: Sequence[Heading]) -> list[tuple[Column, list[str]]]:
    return [(column, _fitting(found, dataset.words[column.name])) for column in dataset.columns]


def _fitting(headings: Sequence[Heading], words: frozenset[str]) -> list[str]:
    """The headings that are among these words, as a whole or, if none is, by their lowest level."""
    whole = [h.name for h in headings if spellings(h.levels)[0] in words]
    return whole or [h.name for h in headings if any(s in words for s in spellings(h.levels)[1:])]


def _lacks(column: Column, mapped: Mapping[str, str], mistakes: list[Text]) -> bool:
    if column.name in mapped or not (column.key or column.required):
        return False
    return not any(f"（{column.name}）" in mistake.zh for mistake in mistakes)


def _missing(column: Column) -> Text:
    words = dict.fromkeys((column.title.zh, *column.aliases, column.title.en))
    return Text(
        f"缺少必需的列 {column.title.zh}（{column.name}）；可用标题：{'、'.join(words)}",
        f"the required column {column.title.en} ({column.name}) is missing; "
        f"headings it goes by: {', '.join(words)}",
    )


def _two_headings(column: Column, headings: list[str]) -> Text:
    return Text(
        f"标题 {'、'.join(headings)} 都像是 {column.title.zh}（{column.name}）",
        f"the headings {', '.join(headings)} both look like {column.title.en} ({column.name})",
    )


def _unusable(mistakes: list[Text], headings: tuple[str, ...]) -> AuditError:
    shown_zh = "、".join(headings) or "（无）"
    shown_en = ", ".join(headings) or "(none)"
    return Unreadable(
        Text("；".join(m.zh for m in mistakes), "; ".join(m.en for m in mistakes)),
        hint=Text(
            f"文件里的标题：{shown_zh}。在 bundle.yaml 的 columns 中写明对应关系",
            f"the headings in the file: {shown_en}. "
            "Say which is which under columns in bundle.yaml",
        ),
    )
