"""Reads one literal file through the real readers: what the tests of readers stand on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from fcim_audit.readers.base import RawFile, Request, Unreadable
from fcim_audit.readers.registry import read_file

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Seen:
    """What a reader made of a file: its description, and the rows of its first sheet."""

    file: RawFile
    rows: Rows
    by_sheet: dict[str | None, Rows]


def read(folder: Path, content: bytes | Path, **options: object) -> Seen:
    """Read a file of these bytes."""
    path = content if isinstance(content, Path) else folder / "given.dat"
    if isinstance(content, bytes):
        path.write_bytes(content)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    request = Request(path, "t", work, **options)  # type: ignore[arg-type]  # literal options of a test
    with duckdb.connect() as connection:
        file = read_file(connection, request)
        by_sheet = {
            sheet.name: [
                (row, list(cells[:count]))
                for row, count, *cells in connection.execute(
                    f'SELECT * FROM "{sheet.table}" ORDER BY _row'
                ).fetchall()
            ]
            for sheet in file.sheets
        }
    return Seen(file, next(iter(by_sheet.values())), by_sheet)


def refusal(folder: Path, content: bytes | Path, **options: object) -> str:
    """Why a file of these bytes can't be read, in English."""
    try:
        read(folder, content, **options)
    except Unreadable as error:
        return error.problem.en
    return "was read"
