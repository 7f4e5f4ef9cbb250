"""What may name a person becomes a keyed hash wherever it is kept."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest

from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.ingest import gather
from fcim_audit.evidence.known import Secrets
from tests.cli.command import run
from tests.evidence.gathering import DATASETS, HEAD, Gathered

KEY = b"0123456789abcdef"
NAME = "P-" + hmac.new(KEY, "张三".encode(), hashlib.sha256).hexdigest()[:16]
TEXT = "工单编号,创建时间,处理人,联系电话\nT1,2025-03-01,张三,13800000000\nT2,2025-03-02,,\n"


def _kept(folder: Path, entry: str) -> Gathered:
    bundle = folder / "bundle"
    bundle.mkdir()
    (bundle / "a.csv").write_text(TEXT, encoding="utf-8")
    (bundle / "bundle.yaml").write_text(HEAD + entry, encoding="utf-8")
    with open_bundle(bundle) as opened:
        return Gathered(gather(opened, DATASETS, folder / "cache", secrets=Secrets(key=KEY.hex())))


def test_names_are_kept_as_keyed_hashes_and_empty_cells_stay_empty(tmp_path: Path) -> None:
    found = _kept(tmp_path, "  - {file: a.csv, dataset: tickets}\n")
    assert found.rows("ticket_id, handler") == [("T1", NAME), ("T2", None)]


@pytest.mark.parametrize(
    "entry",
    [
        "  - {file: a.csv, dataset: tickets}\n",
        "  - file: a.csv\n    dataset: tickets\n    view: SELECT 工单编号 AS ticket_id, 创建时间 AS created_at, 处理人 AS handler FROM source\n",
    ],
)
def test_nothing_that_is_kept_holds_a_name_or_a_column_nobody_knows(
    tmp_path: Path, entry: str
) -> None:
    found = _kept(tmp_path, entry)
    for path in (tmp_path / "cache").rglob("*.parquet"):
        text = str(duckdb.execute(f"SELECT * FROM read_parquet('{path}')").fetchall())
        assert "张三" not in text
        assert "13800000000" not in text
    assert found.sheet.raw is not None
    raw = duckdb.execute(
        f"SELECT * FROM read_parquet('{found.sheet.raw}') ORDER BY _row"
    ).fetchall()
    assert raw[0][1:4] == ("T1", "2025-03-01", NAME)
    assert raw[1][3:] == ("", "")


def test_a_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short\n")
    result = run("inspect", str(tmp_path), "--pseudonymise", str(tmp_path / "key"))
    assert result.returncode == 2
    assert "the key has less than 16 bytes" in result.stderr


def test_a_table_nobody_knows_is_shown_in_pseudonyms(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(KEY)
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "a.csv").write_text("甲,乙\n张三,李四\n", encoding="utf-8")
    result = run(
        "inspect", folder, "--format", "json", "--rows", "all", "--pseudonymise", tmp_path / "key"
    )
    assert NAME in result.stdout
    assert "张三" not in result.stdout
