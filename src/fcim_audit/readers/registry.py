"""Knows every reader by the kind of file that it reads."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from fcim_audit.readers import (
    delimited,
    docx,
    html,
    json_records,
    jsonl,
    log,
    parquet,
    pdf,
    sqlite,
    workbook,
)
from fcim_audit.readers.base import RawFile, Reader, Request
from fcim_audit.readers.sniff import kind_of

READERS: dict[str, Reader] = {
    "csv": delimited.read,
    "docx": docx.read,
    "html": html.read,
    "json": json_records.read,
    "jsonl": jsonl.read,
    "log": log.read,
    "ods": workbook.read_ods,
    "parquet": parquet.read,
    "pdf": pdf.read,
    "sqlite": sqlite.read,
    "xls": workbook.read_xls,
    "xlsb": workbook.read_xlsb,
    "xlsx": workbook.read_xlsx,
}


def read_file(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read one file by what its bytes say it is; raises Unreadable."""
    kind = kind_of(request.path, is_log=request.pattern is not None)
    if kind == "jsonl" and request.inside is not None:
        kind = "json"
    return READERS[kind](connection, request)
