"""Knows what every renderer needs of hostile text: control characters shown, nothing executed."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Text without control, bidirectional-override or surrogate characters; each shows as `\\xNN`."""
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
