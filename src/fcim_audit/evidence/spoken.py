"""Knows how people write dates, times and numbers in words, and says the same in figures.

Only what can mean one thing is put into figures; the rest is left as it stands, to be refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from duckdb import DuckDBPyConnection

from fcim_audit.datasets import ColumnType

_NUMERALS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_SPOKEN_TIME = "星期|礼拜|周|凌晨|清晨|早|中午|傍晚|晚|整|半|刻|[时点]$|[〇零一二三四五六七八九十]"
ODD = {
    ColumnType.DATE: _SPOKEN_TIME,
    ColumnType.DATETIME: _SPOKEN_TIME,
    ColumnType.DURATION: f"[{_NUMERALS}半刻]",
    ColumnType.INT: f"[{_NUMERALS}]",
    ColumnType.NUMBER: f"[{_NUMERALS}]",
}
"""By type the regular expression of what may have to be put into figures."""
_DIGITS = "〇一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"\s*\(?(?:星期|礼拜|周)([一二三四五六日天])\)?\s*")
_YMD = re.compile(r"^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?|^(\d{4})(\d{2})(\d{2})(?!\d)")
_CHINESE_DATE = re.compile(
    r"^([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_HALF_OF_DAY = re.compile(r"(凌晨|清晨|早上|早晨|中午|傍晚|晚上|晚)\s*(\d{1,2})(?=[:时点])")
_HOURS = {
    "凌晨": range(0, 7), "清晨": range(4, 9), "早上": range(4, 12), "早晨": range(4, 12),
    "傍晚": range(16, 21), "晚上": range(17, 24), "晚": range(17, 24), "中午": range(11, 15),
}  # fmt: skip
_PART_OF_HOUR = {"": "00", "整": "00", "半": "30", "一刻": "15", "三刻": "45"}
_ROUND_HOUR = re.compile(r"(\d{1,2})[时点](整|半|一刻|三刻)?$")
_PERCENT = re.compile(rf"^百分之([{_NUMERALS}点]+)$")
_AMOUNT = re.compile(rf"^([+-]?)([{_NUMERALS}点]+)(\D*)$")
_LARGE = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*([万亿千百])(\D*)$")
_LARGE_UNITS = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_LENGTH_NUMERAL = re.compile(rf"[{_NUMERALS}]+(?=\s*(?:个|天|日|小时|时|分|秒|刻))")
_QUARTERS = re.compile(r"(\d)刻钟?")
_AND_A_HALF = re.compile(r"(\d+)\s*个半(?:小时|钟头)")
_HALF_HOUR = re.compile(r"半个?(?:小时|钟头)")


def in_figures(text: str, kind: ColumnType) -> str | None:
    """A text of this type put into figures; None where it stays as it is."""
    said = _PUT[kind](text) if kind in _PUT else None
    return None if said == text else said


def _stamp(text: str) -> str | None:
    said = _CHINESE_DATE.sub(_arabic_date, text)
    weekday = _WEEKDAY.search(said)
    if weekday is not None:
        rest = said[: weekday.start()] + " " + said[weekday.end() :]
        if not _falls_on(rest, weekday[1]):
            return None
        said = rest.strip()
    half = _HALF_OF_DAY.search(said)
    if half is not None:
        hour = _hour(half[1], int(half[2]))
        if hour is None:
            return None
        said = said[: half.start()].rstrip() + f" {hour}" + said[half.end() :]
    return _ROUND_HOUR.sub(lambda m: f"{m[1]}:{_PART_OF_HOUR[m[2] or '']}", said)


def _arabic_date(found: re.Match[str]) -> str:
    year = "".join(str(_DIGITS.index(c.replace("零", "〇"))) for c in found[1])
    month, day = _counted(found[2]), _counted(found[3])
    return f"{year}年{month}月{day}日" if month and day else found[0]


def _falls_on(text: str, weekday: str) -> bool:
    """Whether the date is on that day of the week: if not, one of the two is wrong."""
    found = _YMD.match(text)
    if found is None:
        return False
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return dt.date(year, month, day).weekday() == _WEEKDAYS.index(weekday.replace("天", "日"))
    except ValueError:
        return False


def _hour(half: str, hour: int) -> int | None:
    """The hour of 24 that is meant, None where it might be another."""
    fitting = [h for h in {hour, hour + 12} if h in _HOURS[half] and h < 24]
    if half == "凌晨" and hour == 12:
        return 0
    return fitting[0] if len(fitting) == 1 else None


def _amount(text: str) -> str | None:
    percent = _PERCENT.match(text)
    if percent:
        value = _counted(percent[1])
        return None if value is None else f"{value}%"
    large = _LARGE.match(text)
    if large:
        return f"{(Decimal(large[1]) * _LARGE_UNITS[large[2]]).normalize():f}{large[3]}"
    amount = _AMOUNT.match(text)
    value = _counted(amount[2]) if amount else None
    return None if amount is None or value is None else f"{amount[1]}{value}{amount[3]}"


def _length(text: str) -> str | None:
    said = _AND_A_HALF.sub(r"\1.5小时", _LENGTH_NUMERAL.sub(_digits_of, text))
    said = _HALF_HOUR.sub("30分钟", said)
    return _QUARTERS.sub(lambda m: f"{int(m[1]) * 15}分钟", said)


def _digits_of(found: re.Match[str]) -> str:
    value = _counted(found[0])
    return found[0] if value is None else str(value)


def _counted(numerals: str) -> int | float | None:
    """What Chinese numerals say by the rules of writing them; None for any other spelling."""
    import cn2an

    try:
        value: int | float = cn2an.cn2an(numerals.replace("两", "二").replace("〇", "零"), "strict")
        return value
    except ValueError:
        return None


_PUT: dict[ColumnType, Callable[[str], str | None]] = {
    ColumnType.DATE: _stamp,
    ColumnType.DATETIME: _stamp,
    ColumnType.DURATION: _length,
    ColumnType.INT: _amount,
    ColumnType.NUMBER: _amount,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """SQL to add to `FROM table` so that a column's text in figures is `name`."""

    join: str
    name: str


def figures(
    connection: DuckDBPyConnection, table: str, columns: Sequence[tuple[str, ColumnType]]
) -> dict[str, Figures]:
    """For each column of a table that says something in words: where its figures stand."""
    asked = [(said, kind) for said, kind in columns if kind in ODD]
    if not asked:
        return {}
    flags = ", ".join(f"bool_or(regexp_matches({said}, '{ODD[kind]}'))" for said, kind in asked)
    row = connection.execute(f"SELECT {flags} FROM {table}").fetchone() or ()
    found: dict[str, Figures] = {}
    for number, ((said, kind), odd) in enumerate(zip(asked, row, strict=True)):
        if odd and _put_all(connection, table, said, kind, number):
            name = f"figures_{number}"
            found[said] = Figures(
                f" LEFT JOIN {name} ON {name}.said_{number} = {said}",
                f"coalesce(plain_{number}, {said})",
            )
    return found


def _put_all(
    connection: DuckDBPyConnection, table: str, said: str, kind: ColumnType, number: int
) -> bool:
    """Keep what each odd text says in figures in a table of its own; False if none says anything."""
    texts = connection.execute(
        f"SELECT DISTINCT {said} FROM {table} WHERE regexp_matches({said}, '{ODD[kind]}')"
    ).fetchall()
    pairs = [(text, plain) for (text,) in texts if (plain := in_figures(text, kind))]
    if pairs:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE figures_{number} AS "
            f"SELECT unnest(?) AS said_{number}, unnest(?) AS plain_{number}",
            [[text for text, _ in pairs], [plain for _, plain in pairs]],
        )
    return bool(pairs)
