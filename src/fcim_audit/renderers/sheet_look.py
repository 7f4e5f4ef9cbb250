"""Knows how a collection template looks: colours of headings, formats of cells, widths, heights."""

from __future__ import annotations

from enum import StrEnum

from fcim_audit.datasets import ColumnType

FIRST_WIDE = "\u2e80"
NUMBER_FORMATS = {
    ColumnType.TEXT: "@",
    ColumnType.ENUM: "@",
    ColumnType.BOOL: "@",
    ColumnType.INT: "General",
    ColumnType.NUMBER: "General",
    ColumnType.DURATION: "General",
    ColumnType.DATE: "yyyy-mm-dd",
    ColumnType.DATETIME: "yyyy-mm-dd hh:mm",
}
"""Text stays text, so that 007 and long numbers arrive as they were typed."""


class Look(StrEnum):
    """What a heading's colour says; the personal ones have an orange line below."""

    KEY = "key"
    REQUIRED = "required"
    OPTIONAL = "optional"
    KEY_PERSONAL = "key_personal"
    REQUIRED_PERSONAL = "required_personal"
    OPTIONAL_PERSONAL = "optional_personal"


_BASE = {
    "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#b8c2cf",
    "num_format": "@",
}  # fmt: skip
_COLOURS = {
    Look.KEY: {"bg_color": "#1f4e79", "font_color": "#ffffff"},
    Look.REQUIRED: {"bg_color": "#9dc3e6", "font_color": "#10243a"},
    Look.OPTIONAL: {"bg_color": "#edf1f6", "font_color": "#10243a"},
}
_PERSONAL = {"bottom": 5, "bottom_color": "#ed7d31"}
HEADING_LOOKS = {look: {**_BASE, **colours} for look, colours in _COLOURS.items()} | {
    Look(f"{look}_personal"): {**_BASE, **colours, **_PERSONAL}
    for look, colours in _COLOURS.items()
}
"""The cell format of each kind of heading."""


def look_of(key: bool, demanded: bool, personal: bool) -> Look:
    """The look of a heading."""
    look = Look.KEY if key else Look.REQUIRED if demanded else Look.OPTIONAL
    return Look(f"{look}_personal") if personal else look


def wide(value: object) -> int:
    """How many narrow characters a value takes; Chinese ones are two wide."""
    return 0 if value is None else sum(1 + (c >= FIRST_WIDE) for c in str(value))


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a cell of this width; letters are narrower than digits."""
    return sum(
        max(1, -(-wide(line) // max(1, round(width * 1.1) - 1))) for line in text.split("\n")
    )
