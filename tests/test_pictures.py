"""Pictures are read, set side by side and written as the bytes of a PNG say."""

from __future__ import annotations

import zlib

import pytest

from scripts.png import beside, png, read_png, read_ppm

RED, BLUE, WHITE = b"\xff\x00\x00", b"\x00\x00\xff", b"\xff\xff\xff"


def raw_png(width: int, colour: int, *lines: bytes) -> bytes:
    """A PNG of given lines, the filter's number before each."""
    head = width.to_bytes(4, "big") + len(lines).to_bytes(4, "big") + bytes([8, colour, 0, 0, 0])
    body = zlib.compress(b"".join(lines))
    parts = [(b"IHDR", head), (b"IDAT", body[:5]), (b"IDAT", body[5:]), (b"IEND", b"")]
    chunks = (len(data).to_bytes(4, "big") + kind + data + b"\0\0\0\0" for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_ppm_is_read_row_by_row() -> None:
    assert read_ppm(b"P6\n2 2\n255\n" + RED + BLUE + WHITE + RED) == [RED + BLUE, WHITE + RED]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        pytest.param(b"\0" + RED + BLUE, RED + BLUE, id="none"),
        pytest.param(b"\1" + b"\x0a\x14\x1e" + b"\1\1\1", b"\x0a\x14\x1e\x0b\x15\x1f", id="left"),
        pytest.param(b"\2" + b"\1\2\3\4\5\6", b"\x01\x02\x03\x04\x05\x06", id="above"),
        pytest.param(b"\3" + b"\x0a\0\0\0\0\0", b"\x0a\0\0\x05\0\0", id="mean"),
        pytest.param(b"\4" + b"\x0a\0\0\1\0\0", b"\x0a\0\0\x0b\0\0", id="nearest"),
    ],
)
def test_every_filter_of_a_png_is_undone(line: bytes, row: bytes) -> None:
    assert read_png(raw_png(2, 2, line)) == [row]


def test_the_row_above_counts() -> None:
    assert read_png(raw_png(1, 2, b"\0\x0a\x0a\x0a", b"\2\1\1\1"))[1] == b"\x0b\x0b\x0b"


def test_opacity_is_dropped() -> None:
    assert read_png(raw_png(2, 6, b"\0" + RED + b"\xff" + BLUE + b"\x80")) == [RED + BLUE]


def test_pictures_of_other_heights_stand_side_by_side() -> None:
    grey = b"\x8b\x95\xa3"
    assert beside([[RED], [BLUE, WHITE]], gap=1) == [RED + grey + BLUE, grey + grey + WHITE]


def test_what_is_written_has_a_palette_of_what_was_there() -> None:
    data = png([RED + BLUE, BLUE + BLUE])
    at = data.index(b"PLTE")
    assert data[at + 4 : at + 10] == BLUE + RED
    body = data.index(b"IDAT")
    length = int.from_bytes(data[body - 4 : body], "big")
    assert zlib.decompress(data[body + 4 : body + 4 + length]) == b"\0\1\0\0\0\0"


def test_more_colours_than_a_palette_holds_take_the_nearest() -> None:
    row = b"".join(
        bytes([r * 25, g * 25, b * 25]) for r in range(8) for g in range(8) for b in range(8)
    )
    data = png([row])
    at = data.index(b"PLTE")
    assert int.from_bytes(data[at - 4 : at], "big") == 256 * 3
