"""Knows what every renderer needs of hostile text: control characters shown, nothing executed."""

from __future__ import annotations

from fcim_audit.wording import clean as clean
