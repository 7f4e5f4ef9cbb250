"""Knows how to count a sheet's rows many at a time: rows alike but for their figures are one shape."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat

_WINDOW = 256 * 1024
_ROW = b"<row"
_HERE = b'\x01"'
"""Stands for the row's own number and the quote behind it; XML can't hold the character."""
_FIGURES = b"0123456789"
_ZEROS = bytes.maketrans(_FIGURES, b"0" * 10)
_LEFT_AWAY = _FIGURES + bytes(range(0x80, 0x100))
_USUAL = re.compile(
    rb' r="\x01"(?: (?!hidden)[\w:]+="[^"<>]*")*\s*(?:/>\s*|>\s*'
    rb'((?:<c r="[A-Z]{1,3}\x01"(?: (?!r=)[a-z]+="[^"<>]*")*\s*'
    rb"(?:/>|>(?:(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>[^<]*</v>|<v/>"
    rb"|<is>(?:<t(?: [^<>]*)?>[^<]*</t>)?</is>)?</c>)\s*)*)</row>\s*)"
)
_FORMULA = re.compile(rb"<f[ />]")
_NOTHING = b"<v></v>"
_NO_RESULT = re.compile(rb'<c (?![^>]*t="str")[^>]*><f[^<]*(?:</f>)?<v></v>')
"""A formula whose result is not in the file: one that gives an empty text has a result."""
_ERROR = b't="e"'
_LETTERS = re.compile(rb'<c r="([A-Z]+)\x01"')
_HOLDING = re.compile(rb'<c r="([A-Z]+)\x01"([^<>]*[^<>/]|)>(?!</c>)')
CELL_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
"""The type that a cell says among its attributes."""
_TEXTS = frozenset({b"s", b"str", b"inlineStr", b"e"})
_MAX_SHAPES = 5_000
_MANY_SHAPES = 200
"""So many shapes have other letters in their texts rather than other cells."""
_CONTENT = re.compile(rb">[^<]+</")


@dataclass(frozen=True, slots=True)
class Walk:
    """Rows that have to be looked at one by one: their XML, how many rows it is at most."""

    data: bytes


@dataclass(frozen=True, slots=True)
class RowKinds:
    """The letters of a row's columns by what their cells hold: figures (or moments), texts, yes or no."""

    figures: frozenset[bytes]
    texts: frozenset[bytes]
    truths: frozenset[bytes]


def row_kinds(cells: Iterable[tuple[bytes, bytes]]) -> RowKinds | None:
    """What a row's cells hold, from their columns and attributes; None if a cell says another type."""
    figures, texts, truths = set[bytes](), set[bytes](), set[bytes]()
    for column, attributes in cells:
        said = CELL_TYPE.search(attributes)
        kind = said[1] if said else b"n"
        if kind == b"n":
            figures.add(column)
        elif kind in _TEXTS:
            texts.add(column)
        elif kind == b"b":
            truths.add(column)
        else:
            return None
    return RowKinds(frozenset(figures), frozenset(texts), frozenset(truths))


@dataclass(frozen=True, slots=True)
class _Shape:
    """A usual shape: whether it may hold a value, and formulas, and the rows that hold what its rows hold."""

    holds: bool
    formulas: bool
    rows: list[int]


@dataclass(slots=True)
class Shapes:
    """What was learned of shapes: the letters of the columns that each fills, None if unusual.

    A row's own number, all figures and all letters beyond ASCII are taken out of its XML, and its
    texts too if there are many shapes; what is left tells whether its cells stand in that row, and
    whether it may hold a value, but no value.
    `kinds`: the usual rows with values by what their cells hold, None where that is not known.
    """

    letters: set[bytes] = field(default_factory=set)
    kinds: dict[RowKinds | None, list[int]] = field(default_factory=dict)
    _known: dict[bytes, _Shape | None] = field(default_factory=dict)
    _textless: bool = False

    def rows(self, window: bytes, last: int, most: int) -> Iterator[tuple[int, bytes | Walk]]:
        """Each row with its number and its XML: `Walk` where it is unusual, nothing where it is blank.

        The whole window is one `Walk` where its row numbers don't rise from `last` to `most`.
        """
        pieces = window.split(_ROW)[1:]
        numbers = _numbers(pieces, last, most)
        if numbers is None:
            yield last, Walk(window)
            return
        for number, piece, shape in zip(numbers, pieces, self._of(pieces, numbers), strict=True):
            known = self._known[shape] if shape in self._known else self._look_at(shape)
            if known is None or (known.formulas and _lacks_result(piece)):
                yield number, Walk(_ROW + piece)
            elif known.holds:
                known.rows.append(number)
                yield number, piece
            else:
                yield number, b""

    def _of(self, pieces: list[bytes], numbers: list[int]) -> list[bytes]:
        """The shape of each row; from where there are many on, without its texts."""
        if not self._textless:
            shapes = _shapes(pieces, numbers)
            self._textless = len(self._known.keys() | shapes) > _MANY_SHAPES
        return _shapes(pieces, numbers, _CONTENT) if self._textless else shapes

    def _look_at(self, shape: bytes) -> _Shape | None:
        usual = _USUAL.fullmatch(shape)
        known = None
        if usual is not None and _ERROR not in shape:
            cells = usual[1] or b""
            formulas = _FORMULA.search(cells) is not None
            known = _Shape(b"v>" in cells or b"is>" in cells, formulas, [])
            if known.holds:
                self.letters.update(_LETTERS.findall(cells))
                kinds = row_kinds(_HOLDING.findall(cells))
                known = _Shape(True, formulas, self.kinds.setdefault(kinds, []))
        if len(self._known) >= _MAX_SHAPES:
            self._known.clear()
        self._known[shape] = known
        return known


def windows(data: bytes, start: int) -> Iterator[bytes]:
    """The rows of a sheet from the first on, in pieces that stay near the processor, cut where a row begins."""
    while start >= 0:
        end = data.find(_ROW, start + _WINDOW)
        yield data[start : end if end >= 0 else len(data)]
        start = end


def _lacks_result(row: bytes) -> bool:
    return _NOTHING in row and _NO_RESULT.search(row) is not None


def _numbers(pieces: list[bytes], last: int, most: int) -> list[int] | None:
    """The numbers that rows say of themselves; None unless all do, and they rise."""
    said = [piece[4 : piece.find(b'"', 4, 13)] for piece in pieces if piece.startswith(b' r="')]
    if len(said) < len(pieces) or not all(map(bytes.isdigit, said)):
        return None
    numbers = list(map(int, said))
    rise = all(map(operator.lt, [last, *numbers], numbers))
    return numbers if rise and numbers[-1] <= most else None


def _shapes(
    pieces: list[bytes], numbers: list[int], without: re.Pattern[bytes] | None = None
) -> list[bytes]:
    """What is left of each row; where a longer number ends like the row's, nothing is."""
    own = [b'%d"' % number for number in numbers]
    marked = list(map(bytes.replace, pieces, own, repeat(_HERE)))
    together = _ROW.join(marked)
    if b"0\x01" in together.translate(_ZEROS):
        marked = [b"" if b"0\x01" in row.translate(_ZEROS) else row for row in marked]
        together = _ROW.join(marked)
    left = together.translate(None, _LEFT_AWAY)
    return (without.sub(b"></", left) if without else left).split(_ROW)
