"""Knows DuckDB, embedded: evidence is loaded first, then files, network and settings are shut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
from sqlglot import exp

from fcim_audit.engines.base import PLACE_BITS, Row, TableFiles
from fcim_audit.errors import AuditError
from fcim_audit.language import Text

_BEFORE = (
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET allow_community_extensions=false",
    "SET python_enable_replacements=false",
    "SET preserve_insertion_order=true",
)
SMALL = 100_000
"""Below so many rows planning a query takes longer than running it."""
_FOR_LITTLE = ("SET threads=1", "PRAGMA disable_optimizer")
_LOCK = ("SET enable_external_access=false", "SET lock_configuration=true")


class DuckDBEngine:
    """One in-memory database that nothing gets out of once evidence is in."""

    name = "duckdb"
    dialect = "duckdb"

    def __init__(self, workspace: Path, memory: str = "4GB") -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"SET memory_limit='{memory}'")
        self._connection.execute(f"SET temp_directory='{_quoted(workspace)}'")
        for setting in _BEFORE:
            self._connection.execute(setting)

    def load(self, tables: Sequence[TableFiles], columns: Mapping[str, Mapping[str, str]]) -> None:
        """Create every table from its Parquet files, or empty with its columns, then lock."""
        for name, types in columns.items():
            spelled = ", ".join(f'"{column}" {type_}' for column, type_ in types.items())
            self._connection.execute(f'CREATE TABLE "{name}" ({spelled})')
        rows = 0
        for table in tables:
            for file, first_part in table.files:
                loaded = self._connection.execute(
                    f"""INSERT INTO "{table.name}" BY NAME
                    SELECT * REPLACE (_place + {first_part << PLACE_BITS} AS _place)
                    FROM read_parquet('{_quoted(file)}')"""
                ).fetchone()
                rows += 0 if loaded is None else int(loaded[0])
        if rows < SMALL:
            for setting in _FOR_LITTLE:
                self._connection.execute(setting)
        for setting in _LOCK:
            self._connection.execute(setting)

    def rows(self, sql: str) -> list[Row]:
        """All rows of a query; raises AuditError if it can't run."""
        try:
            return self._connection.execute(sql).fetchall()
        except duckdb.Error as error:
            raise AuditError(
                Text(f"SQL 无法执行：{error}", f"the SQL can't run: {error}"),
                hint=Text("修正检查表中的表达式", "mend the expression in the checklist"),
            ) from error

    def sql(self, query: exp.Select) -> str:
        """The query in DuckDB's dialect, laid out for reading."""
        return spelled(query)

    def __enter__(self) -> Self:
        """Start: nothing to do, the database is there."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the database."""
        self._connection.close()


def spelled(query: exp.Select) -> str:
    """A query in DuckDB's dialect; its tree may be changed on the way."""
    return query.sql(dialect=DuckDBEngine.dialect, pretty=True, copy=False)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
