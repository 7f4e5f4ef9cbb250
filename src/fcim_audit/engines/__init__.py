"""Knows the list of engines: what runs one SQL query over named tables, one module each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlglot import exp

from fcim_audit.engines.base import Engine
from fcim_audit.errors import UsageError
from fcim_audit.language import Text


def _duckdb(workspace: Path) -> Engine:
    from fcim_audit.engines.duckdb import DuckDBEngine

    return DuckDBEngine(workspace)


def _spark(workspace: Path) -> Engine:
    from fcim_audit.engines.spark import SparkEngine

    return SparkEngine(workspace)


ENGINES: dict[str, Callable[[Path], Engine]] = {"duckdb": _duckdb, "spark": _spark}
"""Every engine by the name that `--engine` takes."""


def speller(name: str) -> Callable[[exp.Select], str]:
    """How an engine spells a query; raises UsageError for an unknown one."""
    if name == "spark":
        from fcim_audit.engines.spark import spelled

        return spelled
    if name not in ENGINES:
        raise _unknown(name)
    from fcim_audit.engines.duckdb import spelled

    return spelled


def engine_named(name: str, workspace: Path) -> Engine:
    """Start the engine called `name`, with a private folder; raises UsageError for an unknown one."""
    if name not in ENGINES:
        raise _unknown(name)
    return ENGINES[name](workspace)


def _unknown(name: str) -> UsageError:
    known = "、".join(ENGINES), ", ".join(ENGINES)
    return UsageError(
        Text(f"未知的引擎 {name}", f"unknown engine {name}"),
        "--engine",
        Text(f"可用：{known[0]}", f"use {known[1]}"),
    )
