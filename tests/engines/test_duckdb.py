"""Once evidence is in, nothing gets out: no file, no network, no settings, no extension."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from fcim_audit.engines.base import TableFiles
from fcim_audit.engines.duckdb import DuckDBEngine
from fcim_audit.errors import AuditError

COLUMNS = {"t": {"a": "BIGINT", "_place": "BIGINT", "_bad": "VARCHAR"}}


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    file = tmp_path / "t.parquet"
    duckdb.execute(f"COPY (SELECT 7 AS a, 3::BIGINT AS _place, '' AS _bad) TO '{file}'")
    started = DuckDBEngine(tmp_path)
    started.load([TableFiles("t", ((file, 1), (file, 2)))], COLUMNS)
    return started


def test_places_of_several_files_are_told_apart(engine: DuckDBEngine) -> None:
    rows = engine.rows("SELECT a, _place >> 40, _place & 1099511627775 FROM t ORDER BY _place")
    assert rows == [(7, 1, 3), (7, 2, 3)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_parquet('t.parquet')",
        "COPY t TO '/tmp/fcim-stolen.csv'",
        "ATTACH '/tmp/fcim-x.db' AS x",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "EXPORT DATABASE '/tmp/fcim-export'",
        "SELECT getenv('HOME')",
        "SELECT * FROM engine",
        "CREATE PERSISTENT SECRET s (TYPE http)",
    ],
)
def test_nothing_gets_out(engine: DuckDBEngine, sql: str) -> None:
    with pytest.raises(AuditError):
        engine.rows(sql)
