"""Knows the option of every command that answers to people or to programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from fcim_audit.cli.words import said


class ToldAs(StrEnum):
    """How an answer is told."""

    TEXT = "text"
    JSON = "json"


AsFormat = Annotated[ToldAs, typer.Option("--format", help=said("输出格式", "Output format"))]
