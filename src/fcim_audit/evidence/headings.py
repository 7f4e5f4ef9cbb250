"""Knows which rows of a sheet are its heading, on one level or several, and what columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from fcim_audit.datasets import normalised
from fcim_audit.readers.base import Merge

LEVEL = "/"
"""Between the levels of a heading: `处置/时间`."""
MAX_LEVELS = 3
_MEANT = re.compile(
    "计划|预计|预期|预定|应|拟|目标|要求|标准|plan|expect|due|target|schedul|require", re.IGNORECASE
)
"""Groups of columns that tell what was meant to happen: a column in one is not what did happen."""

_LONGEST_HEADING = 40
_FEWEST = 2
_VALUE = re.compile(
    r"^[-+]?[\d.,]+%?$|^\d{4}[-/.年]\d{1,2}|^\d{1,2}:\d{2}|[:：]\s*\S|^(?:是|否|√|×|/|-)$|@|^#"
)
"""What stands in a row of values or of a form, and not in a heading."""
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What tells a heading row: normalised headings, the declared ones among them, how many do."""

    known: frozenset[str]
    declared: frozenset[str] = frozenset()
    few: int = 2


@dataclass(frozen=True, slots=True)
class HeadingRows:
    """The rows of a heading, and what stands in them above each column."""

    rows: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading as it is addressed, the cell column below it, what it says on each level."""

    name: str
    cell: int
    levels: tuple[str, ...]


@lru_cache(maxsize=10_000)
def spellings(levels: tuple[str, ...]) -> tuple[str, ...]:
    """What a heading may be compared as, best first: its levels together, then the lowest alone.

    The lowest level counts for itself unless a level above says that it was only planned.
    """
    together = normalised("".join(levels))
    if len(levels) == 1 or _MEANT.search("".join(levels[:-1])):
        return (together,)
    return (together, normalised(levels[-1]))


def stem(heading: str) -> str:
    """A heading without the `#2` that tells it from its namesake."""
    text, mark, number = heading.rpartition("#")
    return text if mark and text and number.isdigit() else heading


def distinct(names: Sequence[str]) -> list[str]:
    """Namesakes are told apart as `时间#1`, `时间#2`."""
    often = Counter(name.casefold() for name in names)
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        folded = name.casefold()
        seen[folded] += 1
        told.append(f"{name}#{seen[folded]}" if often[folded] > 1 else name)
    return told


def find_heading(
    top: Sequence[Row], merged: Sequence[Merge], sought: Sought, declared: Sequence[int] = ()
) -> HeadingRows | None:
    """The heading among the first rows of a sheet; None when no row has enough of what is sought."""
    texts = dict(top)
    if declared:
        if any(row not in texts for row in declared):
            return None
        rows = tuple(range(min(declared), max(declared) + 1))
        return _heading(texts, merged, rows, fill=not merged)
    best: tuple[tuple[int, int, int], HeadingRows] | None = None
    for found in _candidates(texts, merged):
        hits, repeated = _score(found, sought)
        if not hits:
            continue
        score = (hits, -repeated, -len(found.rows))
        if best is None or score > best[0]:
            best = score, found
    return None if best is None else best[1]


def guess_heading(top: Sequence[Row], merged: Sequence[Merge]) -> HeadingRows | None:
    """What looks like a heading though none of its words is known: short, distinct, no values.

    The first such row (with those tied to it) that names most of the columns.
    """
    texts = dict(top)
    looks = [found for found in _candidates(texts, merged) if _looks_like_heading(found)]
    widest = max((_named(found) for found in looks), default=0)
    enough = max(1, -(-3 * widest // 5))
    return next((found for found in looks if _named(found) >= enough), None)


def _named(found: HeadingRows) -> int:
    return sum(1 for levels in found.cells if levels)


def _looks_like_heading(found: HeadingRows) -> bool:
    names = [LEVEL.join(levels) for levels in found.cells if levels]
    cells = [level for levels in found.cells for level in levels]
    many = len(names) >= _FEWEST
    plain = all(len(cell) <= _LONGEST_HEADING and not _VALUE.search(cell) for cell in cells)
    return many and plain and len(set(names)) == len(names)


def _candidates(texts: Mapping[int, list[str]], merged: Sequence[Merge]) -> Iterator[HeadingRows]:
    """Rows with those below them that merged cells tie to them; no merged cell is cut in two."""
    for row in texts:
        starting = [m for m in merged if m.top == row]
        for last in range(row, row + MAX_LEVELS if starting else row + 1):
            is_cut = any(row <= m.top <= last < m.bottom for m in merged)
            if last in texts and not is_cut:
                yield _heading(texts, merged, tuple(range(row, last + 1)))


def _heading(
    texts: Mapping[int, list[str]],
    merged: Sequence[Merge],
    rows: tuple[int, ...],
    *,
    fill: bool = False,
) -> HeadingRows:
    """What stands above each column; `fill`: a blank cell above another belongs to its left."""
    if len(rows) == 1:
        return HeadingRows(rows, tuple((text,) if text else () for text in texts[rows[0]]))
    width = max(len(texts[row]) for row in rows)
    levels = [texts[row] + [""] * (width - len(texts[row])) for row in rows]
    for merge in merged:
        if rows[0] <= merge.top <= rows[-1] and merge.left < width:
            said = levels[merge.top - rows[0]][merge.left]
            for row in range(merge.top, min(merge.bottom, rows[-1]) + 1):
                for column in range(merge.left, min(merge.right + 1, width)):
                    levels[row - rows[0]][column] = said
    if fill:
        _filled_from_left(levels)
    return HeadingRows(rows, tuple(_told_apart(column) for column in zip(*levels, strict=True)))


def _filled_from_left(levels: list[list[str]]) -> None:
    for upper, lower in pairwise(levels):
        for column in range(1, len(upper)):
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]


def _told_apart(levels: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        level
        for number, level in enumerate(levels)
        if level and (number == 0 or level != levels[number - 1])
    )


def _score(found: HeadingRows, sought: Sought) -> tuple[int, int]:
    """How many sought headings are among these (0 if too few), and how many of them repeat."""
    wanted = sought.known | sought.declared
    hits = [next((s for s in spellings(cell) if s in wanted), None) for cell in found.cells if cell]
    counted = Counter(hit for hit in hits if hit is not None)
    said = {spelling for cell in found.cells if cell for spelling in spellings(cell)}
    enough = len(counted) >= sought.few or (sought.declared and sought.declared <= said)
    return (len(counted) if enough else 0), counted.total() - len(counted)
