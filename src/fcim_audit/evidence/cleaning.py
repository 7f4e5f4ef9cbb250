"""Knows how a table of text becomes a table of canonical values, each doubt noted beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from fcim_audit.datasets import Column, ColumnType
from fcim_audit.evidence.cells import (
    Cleaning,
    comparable,
    is_plain_sql,
    is_usual_sql,
    said_sql,
    usual_sql,
    value_sql,
    vocabulary,
)
from fcim_audit.evidence.kinds import kind_of
from fcim_audit.evidence.spoken import Figures, figures
from fcim_audit.readers.base import literal, quoted

MAX_LISTED = 50
MAX_TEXT = 200
_BATCH = 10_000
_CELL = re.compile(r"c\d+")
_MARKED = r"""^\s*(?:="([^"]*)"|'([0-9=+@-].*))\s*$"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One canonical column: the SQL of its text, SQL that says its cell is doubtful, its unit."""

    column: Column
    raw: str
    doubtful: str = "false"
    unit: str | None = None
    words: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that was not understood: its row, its column, what stands there."""

    row: int
    column: Column
    kind: str
    text: str | None


def clean(
    connection: DuckDBPyConnection,
    source: str,
    target: str,
    row: str,
    wanted: Sequence[Wanted],
    cleaning: Cleaning,
) -> None:
    """Make `target` from `source`: of every column text `s0`, value `v0`, doubt `d0`, bad `b0`.

    In no order: who needs one sorts by `row`.
    """
    said_table = quoted(f"{target}_said")
    stamps = _usual_stamps(connection, quoted(source), [w.raw for w in wanted], wanted, cleaning)
    looks = _looks(connection, source, [w.raw for i, w in enumerate(wanted) if i not in stamps])
    said = "".join(
        f", {_said(w, looks.get(w.raw, _STAMP), cleaning)} AS s{index}, {w.doubtful} AS d{index}"
        for index, w in enumerate(wanted)
    )
    # What is quick to say is said again each time, and never stored.
    kind = "VIEW" if all(look.is_plain for look in looks.values()) else "TABLE"
    connection.execute(
        f"CREATE TEMP {kind} {said_table} AS SELECT {row}{said} FROM {quoted(source)}"
    )
    others = [f"s{i}" if i not in stamps else None for i in range(len(wanted))]
    usual = stamps | _usual_stamps(connection, said_table, others, wanted, cleaning)
    unusual = [(f"s{i}", w.column.type) for i, w in enumerate(wanted) if i not in usual]
    plain = figures(connection, said_table, unusual)
    values = "".join(
        f", {usual_sql(f's{index}', w.column.type)} AS v{index}"
        if index in usual
        else f", {_value(connection, said_table, index, w, cleaning, plain.get(f's{index}'))} AS v{index}"
        for index, w in enumerate(wanted)
    )
    joins = "".join(found.join for found in plain.values())
    shown_texts = "".join(
        f", s{index}, v{index}, d{index}, {_bad(index, w)} AS b{index}"
        for index, w in enumerate(wanted)
    )
    connection.execute(
        f"CREATE TABLE {quoted(target)} AS SELECT {row}{shown_texts} FROM "
        f"(SELECT *{values} FROM {said_table}{joins})"
    )
    connection.execute(f"DROP {kind} {said_table}")


@dataclass(frozen=True, slots=True)
class _Look:
    """What all texts of a column have in common: the SQL that takes marks away, whether it is plain.

    `sql` is None for stamps of the usual form, which say what they are.
    """

    sql: str | None
    is_plain: bool = False


_STAMP = _Look(None, is_plain=True)


def _looks(connection: DuckDBPyConnection, source: str, raws: Sequence[str]) -> dict[str, _Look]:
    """How each column's texts look, seen at once: what most have not need not be done to any.

    Marks are those that make a spreadsheet keep a cell as text, `="007"` and `'007`.
    """
    looks = {raw: _Look(raw) for raw in raws}
    cells = [raw for raw in looks if _CELL.fullmatch(raw)]
    if not cells:
        return looks
    flags = ", ".join(
        f"bool_or({_may_be_marked(raw)}), bool_and({is_plain_sql(raw)})" for raw in cells
    )
    row = connection.execute(f"SELECT {flags} FROM {quoted(source)}").fetchone() or ()
    for raw, marked, is_plain in zip(cells, row[0::2], row[1::2], strict=True):
        unmarked = f"regexp_replace({raw}, {literal(_MARKED)}, '\\1\\2')"
        looks[raw] = _Look(unmarked) if marked else _Look(raw, bool(is_plain))
    return looks


def _may_be_marked(raw: str) -> str:
    """SQL that says whether a text is marked; few hold a character that marks."""
    marked = f"regexp_matches({raw}, {literal(_MARKED)})"
    apostrophe = literal("'")
    return f"CASE WHEN contains({raw}, '=') OR contains({raw}, {apostrophe}) THEN {marked} ELSE false END"


def _said(wanted: Wanted, look: _Look, cleaning: Cleaning) -> str:
    column = wanted.column
    if look.sql is None:
        return f"nullif({wanted.raw}, '')"
    return said_sql(look.sql, column.type, cleaning, column.empty_words, is_plain=look.is_plain)


def _usual_stamps(
    connection: DuckDBPyConnection,
    table: str,
    texts: Sequence[str | None],
    wanted: Sequence[Wanted],
    cleaning: Cleaning,
) -> frozenset[int]:
    """The columns whose `texts` are stamps of the usual form or empty, and nothing else."""
    sought = {
        index: f"bool_and({text} = '' OR {is_usual})"
        for index, (text, w) in enumerate(zip(texts, wanted, strict=True))
        if text is not None and not w.words
        for is_usual in [is_usual_sql(text, w.column.type, cleaning)]
        if is_usual != "false"
    }
    if not sought:
        return frozenset()
    row = connection.execute(f"SELECT {', '.join(sought.values())} FROM {table}").fetchone() or ()
    return frozenset(index for index, is_usual in zip(sought, row, strict=True) if is_usual)


def _bad(index: int, wanted: Wanted) -> str:
    blank = f" OR s{index} IS NULL" if wanted.column.key else ""
    return f"(d{index} OR (s{index} IS NOT NULL AND v{index} IS NULL){blank})"


def _value(
    connection: DuckDBPyConnection,
    table: str,
    index: int,
    wanted: Wanted,
    cleaning: Cleaning,
    plain: Figures | None,
) -> str:
    declared = wanted.words or {}
    kind = wanted.column.type
    said = f"s{index}"
    if kind is ColumnType.ENUM:
        return _said_as(connection, table, said, vocabulary(wanted.column, declared))
    if declared:
        words = {comparable(word): code for word, code in declared.items()}
        said = (
            f"coalesce({_said_as(connection, table, said, words)}, {plain.name if plain else said})"
        )
    elif plain is not None:
        said = plain.name
    return value_sql(said, kind, cleaning, wanted.unit or wanted.column.unit)


def _said_as(
    connection: DuckDBPyConnection, table: str, said: str, words: Mapping[str, str]
) -> str:
    """SQL that puts the code in place of each word that occurs; only exact words count."""
    found: dict[str, str] = {}
    cursor = connection.execute(f"SELECT DISTINCT {said} FROM {table} WHERE {said} IS NOT NULL")
    while rows := cursor.fetchmany(_BATCH):
        found |= {word: words[comparable(word)] for (word,) in rows if comparable(word) in words}
    if not found:
        return "NULL::VARCHAR"
    pairs = ", ".join(f"{literal(word)}: {literal(found[word])}" for word in sorted(found))
    return f"MAP {{{pairs}}}[{said}]"


def bad_sql(wanted: Sequence[Wanted]) -> str:
    """SQL for `_bad` over a cleaned table: `,a,b,` or empty text."""
    if not wanted:
        return "''"
    names = " || ".join(
        f"CASE WHEN b{index} THEN {literal(',' + w.column.name)} ELSE '' END"
        for index, w in enumerate(wanted)
    )
    any_bad = " OR ".join(f"b{index}" for index in range(len(wanted)))
    return f"CASE WHEN {any_bad} THEN {names} || ',' ELSE '' END"


ANY_BAD = "b{0}"
OWN_BAD = "(b{0} AND NOT d{0})"
"""Which cells are told: all bad ones, or those that were not doubtful before they were cleaned."""


def counts(
    connection: DuckDBPyConnection,
    table: str,
    wanted: Sequence[Wanted],
    where: str = "true",
    flag: str = ANY_BAD,
) -> tuple[dict[str, int], dict[str, int]]:
    """Per column how many cells were not understood, and how many are empty."""
    if not wanted:
        return {}, {}
    parts = ", ".join(
        f"count(*) FILTER ({flag.format(index)}), count(*) FILTER (s{index} IS NULL)"
        for index in range(len(wanted))
    )
    found = (
        connection.execute(f"SELECT {parts} FROM {quoted(table)} WHERE {where}").fetchone() or ()
    )
    names = [w.column.name for w in wanted]
    return (
        dict(zip(names, found[0::2], strict=True)),
        {name: count for name, count in zip(names, found[1::2], strict=True) if count},
    )


def bad_cells(
    connection: DuckDBPyConnection,
    table: str,
    row: str,
    wanted: Sequence[Wanted],
    bad: Mapping[str, int],
    where: str = "true",
    flag: str = ANY_BAD,
) -> list[BadCell]:
    """The first cells of each column that were not understood; personal text is left away."""
    found: list[BadCell] = []
    for index, w in enumerate(wanted):
        if not bad.get(w.column.name):
            continue
        rows = connection.execute(
            f"SELECT {row}, s{index}, v{index} IS NULL FROM {quoted(table)} "
            f"WHERE {flag.format(index)} AND {where} ORDER BY {row} LIMIT {MAX_LISTED}"
        ).fetchall()
        found.extend(
            BadCell(number, w.column, _kind(w.column, text, failed), shown(w.column, text))
            for number, text, failed in rows
        )
    return found


def _kind(column: Column, text: str | None, failed: bool) -> str:
    if text is None:
        return "blank_key" if column.key else "doubtful"
    return kind_of(column.type, text) if failed else "doubtful"


def shown(column: Column, text: str | None) -> str | None:
    """The text of a cell as it may be repeated: not if it may name a person, and not for ever."""
    if text is None or column.personal:
        return None
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"
