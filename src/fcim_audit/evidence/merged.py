"""Knows what merged cells below a heading mean: what stands in the first stands in those under it."""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from fcim_audit.readers.base import Merge, RawSheet, quoted


def fill_down(connection: DuckDBPyConnection, sheet: RawSheet, heading: int) -> int:
    """Repeat what stands in a merged cell in the rows it spans; how many cells were filled.

    Only rows below `heading` are filled, and only the first column of a range: cells to the right
    of it are other columns, of which nothing is said.
    """
    spans = [m for m in sheet.merged if m.top > heading and m.bottom > m.top]
    by_column: dict[int, list[Merge]] = {}
    for span in spans:
        if span.left < sheet.width:
            by_column.setdefault(span.left, []).append(span)
    return sum(_fill(connection, sheet, column, spans) for column, spans in by_column.items())


def _fill(
    connection: DuckDBPyConnection, sheet: RawSheet, column: int, spans: Sequence[Merge]
) -> int:
    table, cell = quoted(sheet.table), f"c{column}"
    found = connection.execute(
        f"UPDATE {table} SET {cell} = above.said, _cells = greatest({table}._cells, {column + 1}) "
        f"FROM (SELECT span.first, span.last, t.{cell} AS said FROM {table} AS t "
        f"JOIN (SELECT unnest(?) AS first, unnest(?) AS last) AS span ON t._row = span.first "
        f"WHERE t.{cell} <> '') AS above "
        f"WHERE {table}._row > above.first AND {table}._row <= above.last AND {table}.{cell} = ''",
        [[span.top for span in spans], [span.bottom for span in spans]],
    ).fetchone()
    return int(found[0]) if found is not None else 0
