"""Knows what stood in single cells of the evidence, as it was read, before any cleaning."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import duckdb

from fcim_audit.evidence.holdings import SheetReport
from fcim_audit.readers.base import literal

Texts = Mapping[tuple[int, str], str]
"""The text of cells by row and heading."""


class RawCells:
    """Looks up cells in what ingest kept of each sheet."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def texts(
        self, sheet: SheetReport, rows: Collection[int], headings: Collection[str]
    ) -> dict[tuple[int, str], str]:
        """The cells of these rows below these headings; rows that share their number are left out."""
        places = {name: index for index, name in enumerate(sheet.headings) if name in headings}
        if sheet.raw is None or not rows or not places:
            return {}
        cells = ", ".join(f"any_value(c{index})" for index in places.values())
        found = self._connection.execute(
            f"SELECT _row, {cells} FROM read_parquet({literal(str(sheet.raw))}) "
            "WHERE _row IN (SELECT unnest(?)) GROUP BY _row HAVING count(*) = 1",
            [sorted(rows)],
        ).fetchall()
        return {
            (row, heading): text or ""
            for row, *texts in found
            for heading, text in zip(places, texts, strict=True)
        }


@contextmanager
def raw_cells() -> Iterator[RawCells]:
    """A look into what was kept, closed afterwards."""
    with duckdb.connect() as connection:
        yield RawCells(connection)
