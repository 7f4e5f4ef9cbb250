"""Knows pictures as rows of pixels: read from PPM and PNG, set side by side, written with 256 colours at most."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

Rows = list[bytes]
"""One `bytes` a row, three of them a pixel."""
_MAGIC = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256
_GREY = b"\x8b\x95\xa3"


def read_ppm(data: bytes) -> Rows:
    """A binary PPM as `pdftoppm` writes it."""
    kind, size, most, pixels = data.split(b"\n", 3)
    width, height = map(int, size.split())
    if (kind, most) != (b"P6", b"255"):
        raise ValueError("no PPM of 8 bits")
    return [pixels[row * width * 3 : (row + 1) * width * 3] for row in range(height)]


def read_png(data: bytes) -> Rows:
    """A PNG of 8 bits in RGB or RGBA, not interlaced, as browsers write it; opacity is dropped."""
    chunks = list(_chunks(data))
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or colour not in {2, 6} or interlaced:
        raise ValueError("no PNG of 8 bits in RGB")
    size = 3 if colour == 2 else 4
    raw = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    rows, before, length = [], bytes(width * size), width * size + 1
    for row in range(height):
        line = raw[row * length : (row + 1) * length]
        before = _unfiltered(line[0], bytearray(line[1:]), before, size)
        rows.append(before)
    return rows if size == 3 else [_opaque(row) for row in rows]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_MAGIC):
        raise ValueError("no PNG")
    at = len(_MAGIC)
    while at < len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += length + 12


def _unfiltered(kind: int, line: bytearray, above: bytes, size: int) -> bytes:
    for n in range(len(line)):
        left, corner = (line[n - size], above[n - size]) if n >= size else (0, 0)
        if kind == 1:
            line[n] = (line[n] + left) & 255
        elif kind == 2:
            line[n] = (line[n] + above[n]) & 255
        elif kind == 3:
            line[n] = (line[n] + (left + above[n]) // 2) & 255
        elif kind == 4:
            line[n] = (line[n] + _nearest(left, above[n], corner)) & 255
    return bytes(line)


def _nearest(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def _opaque(row: bytes) -> bytes:
    out = bytearray(len(row) // 4 * 3)
    for part in range(3):
        out[part::3] = row[part::4]
    return bytes(out)


def beside(pictures: Sequence[Rows], gap: int = 6) -> Rows:
    """Pictures from left to right on grey."""
    height = max(len(picture) for picture in pictures)
    filled = [
        picture + [_GREY * (len(picture[0]) // 3)] * (height - len(picture)) for picture in pictures
    ]
    return [(_GREY * gap).join(rows) for rows in zip(*filled, strict=True)]


def png(rows: Rows) -> bytes:
    """The picture as PNG with a palette; where it has more colours, the rare ones take the nearest."""
    width = len(rows[0]) // 3
    coarse = [_coarse(row) for row in rows]
    counts: Counter[bytes] = Counter()
    for row in coarse:
        counts.update(row[n : n + 3] for n in range(0, len(row), 3))
    palette = [colour for colour, _ in counts.most_common(_COLOURS)]
    index = {colour: _closest(colour, palette) for colour in counts}
    lines = b"".join(
        b"\0" + bytes(index[row[n : n + 3]] for n in range(0, len(row), 3)) for row in coarse
    )
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)
    return b"".join(
        [_MAGIC, _chunk(b"IHDR", head), _chunk(b"PLTE", b"".join(palette)),
         _chunk(b"IDAT", zlib.compress(lines, 9)), _chunk(b"IEND", b"")]
    )  # fmt: skip


_STEPS = bytes((value + 2) // 5 * 5 for value in range(256))


def _coarse(row: bytes) -> bytes:
    """Steps of five a colour: nobody sees them, and the file is small."""
    return row.translate(_STEPS)


def _closest(colour: bytes, palette: Sequence[bytes]) -> int:
    def distance(number: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour, palette[number], strict=True))

    return min(range(len(palette)), key=distance)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
