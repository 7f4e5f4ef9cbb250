"""Knows Parquet: its columns as text, its rows by their number in the file."""

from __future__ import annotations

import duckdb
from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import RawFile, RawSheet, Request, Unreadable, literal, quoted

_NESTED = ("STRUCT", "MAP", "UNION")


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one Parquet file; row 1 is its first row, for it has no heading row."""
    source = f"read_parquet({literal(str(request.path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        cells = "".join(
            f", coalesce({_as_text(name, kind)}, '') AS c{index}"
            for index, (name, kind, *_) in enumerate(described)
        )
        connection.execute(
            f"CREATE TABLE {quoted(request.table)} AS SELECT row_number() OVER () AS _row, "
            f"{len(described)}::INTEGER AS _cells{cells} FROM {source}"
        )
        declared = connection.execute(
            f"SELECT num_rows FROM parquet_file_metadata({literal(str(request.path))})"
        ).fetchone()
        counted = connection.execute(f"SELECT count(*) FROM {quoted(request.table)}").fetchone()
    except (
        duckdb.InvalidInputException,
        duckdb.IOException,
        duckdb.SerializationException,
    ) as error:
        raise Unreadable(
            Text("Parquet 文件已损坏", "the Parquet file is damaged"),
            hint=Text("请重新导出", "export it again"),
        ) from error
    if declared != counted:
        raise Unreadable(
            Text(
                f"文件声明 {declared} 行，读到 {counted} 行",
                f"the file declares {declared} rows, {counted} were read",
            )
        )
    headings = tuple(str(name) for name, *_ in described)
    sheet = RawSheet(None, request.table, len(headings), headings=headings)
    return RawFile("parquet", None, (sheet,))


def _as_text(name: str, kind: str) -> str:
    column = quoted(name)
    if kind.endswith("[]") or kind.startswith(_NESTED):
        return f"to_json({column})::VARCHAR"
    return f"{column}::VARCHAR"
