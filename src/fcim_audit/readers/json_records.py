"""Knows JSON documents: a list of records somewhere inside, nested objects as dotted headings."""

from __future__ import annotations

import json
from collections.abc import Iterator

from duckdb import DuckDBPyConnection

from fcim_audit.language import Text
from fcim_audit.readers.base import WHOLE_ROW, Fault, RawFile, RawSheet, Request, Unreadable
from fcim_audit.readers.encoding import text_file, whole
from fcim_audit.readers.jsonl import MAX_KEYS
from fcim_audit.readers.text_table import load_rows

_DIGITS_KEPT = 15
_SEARCHED_DEPTH = 4
_SHOWN = 10

Record = dict[str, object]


class _Number(str):
    """A number as it is written."""


class _Twice(dict[str, object]):
    """An object that says the same key twice."""


def read(connection: DuckDBPyConnection, request: Request) -> RawFile:
    """Read the list of records at `inside`, or the document itself if it is one."""
    text = text_file(request)
    document = _parsed(whole(text))
    records = _records(document, request.inside)
    rows: list[dict[str, str]] = []
    headings: dict[str, int] = {}
    faults: list[Fault] = []
    for number, record in enumerate(records, start=1):
        cells: dict[str, str] = {}
        if isinstance(record, dict):
            for heading, value in _flat(record, ""):
                column = headings.setdefault(heading, len(headings))
                cells[heading] = _said(value)
                if isinstance(value, _Number) and _loses_digits(value):
                    faults.append(Fault(number, column, "digits_lost", value))
            if isinstance(record, _Twice):
                faults.append(Fault(number, WHOLE_ROW, "duplicate_key"))
        else:
            faults.append(Fault(number, WHOLE_ROW, "bad_line"))
        if len(headings) > MAX_KEYS:
            raise Unreadable(
                Text(f"不同的键超过 {MAX_KEYS} 个", f"more than {MAX_KEYS} different keys"),
                hint=Text("请导出成表格", "export it as a table"),
            )
        rows.append(cells)
    numbered = (
        (number, [cells.get(heading, "") for heading in headings])
        for number, cells in enumerate(rows, start=1)
    )
    width = load_rows(connection, request.table, numbered, request.work)
    sheet = RawSheet(None, request.table, width, headings=tuple(headings), faults=tuple(faults))
    return RawFile("json", text.encoding, (sheet,))


def _parsed(text: str) -> object:
    try:
        return json.loads(
            text, parse_int=_Number, parse_float=_Number, parse_constant=_refused,
            object_pairs_hook=_object,
        )  # fmt: skip
    except RecursionError:
        raise Unreadable(Text("JSON 嵌套过深", "the JSON is nested too deeply")) from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            Text(f"第 {error.lineno} 行不是有效的 JSON", f"line {error.lineno} is not valid JSON"),
            hint=Text("请重新导出", "export it again"),
        ) from error


def _refused(word: str) -> object:
    raise Unreadable(Text(f"JSON 里有 {word}", f"the JSON holds {word}"))


def _object(pairs: list[tuple[str, object]]) -> Record:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Twice(made)


def _records(document: object, inside: str | None) -> list[object]:
    """The list at a path such as `data.list`; a single object in its place is no list."""
    if inside is None:
        if isinstance(document, list):
            return document
        raise Unreadable(
            Text(
                "JSON 的记录在里层，未说明在哪里",
                "the records lie inside the JSON; where is not said",
            ),
            hint=_where(document),
        )
    found: object = document
    for key in inside.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise Unreadable(
            Text(f"JSON 里 {inside} 处没有列表", f"the JSON has no list at {inside}"),
            hint=_where(document),
        )
    return found


def _where(document: object) -> Text:
    lists = list(_lists(document, "", 0))[:_SHOWN]
    if not lists:
        return Text("其中没有记录的列表", "it holds no list of records")
    return Text(
        "在 read.path 写明，如 " + "、".join(f"{path}（{count} 条）" for path, count in lists),
        "name it in read.path, such as "
        + ", ".join(f"{path} ({count} records)" for path, count in lists),
    )


def _lists(value: object, path: str, depth: int) -> Iterator[tuple[str, int]]:
    if not isinstance(value, dict) or depth == _SEARCHED_DEPTH:
        return
    for key, inner in value.items():
        here = f"{path}.{key}" if path else key
        if isinstance(inner, list) and all(isinstance(one, dict) for one in inner):
            yield here, len(inner)
        yield from _lists(inner, here, depth + 1)


def _flat(record: Record, prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _loses_digits(number: str) -> bool:
    """A fraction or an exponent with more digits than a double keeps: some were lost on the way."""
    digits = number.lower().partition("e")[0].lstrip("-").replace(".", "").strip("0")
    return ("." in number or "e" in number.lower()) and len(digits) > _DIGITS_KEPT + 1
