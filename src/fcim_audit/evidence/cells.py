"""Knows what a cell says: SQL that turns text into a canonical type, the same for every format.

A cell that is not blank and gives NULL could not be understood; nothing is guessed. Text keeps its
punctuation as written; blanks around it go, and full-width letters and digits become plain ones,
so that the same number typed twice stays the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from fcim_audit.datasets import Column, ColumnType
from fcim_audit.evidence.kinds import ERROR_WORDS, LOST_DIGITS
from fcim_audit.readers.base import literal

NULL_WORDS = ("", "-", "--", "—", "——", "–", "/", "n/a", "null")
_DONE = (
    *(
        "完成",
        "关闭",
        "通过",
        "处理",
        "批准",
        "审批",
        "整改",
        "归档",
        "加密",
        "测试",
        "备份",
        "发布",
    ),
    *(
        "执行",
        "通知",
        "确认",
        "验证",
        "评价",
        "修订",
        "签署",
        "解决",
        "办结",
        "培训",
        "考核",
        "校准",
    ),
    *("检定", "回访", "审核", "评审", "更新", "受理", "响应", "送达", "读", "阅", "启用", "安装"),
    *("配备", "验收", "落实", "恢复"),
)
TRUE_WORDS = (
    "是", "有", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1", "合格",
    *("已" + w for w in _DONE),
)  # fmt: skip
FALSE_WORDS = (
    "否", "无", "没有", "×", "✗", "✘", "x", "n", "no", "f", "false", "0", "不合格",
    *("未" + w for w in _DONE),
)  # fmt: skip

_BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0−"
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F)) + "  -"
_ALNUM = "".join(c for c in _WIDE if unicodedata.normalize("NFKC", c).isalnum())
_AS_IS = r"^[!-~\x{4e00}-\x{9fff}](?:[ -~\x{4e00}-\x{9fff}]*[!-~\x{4e00}-\x{9fff}])?$"
"""Text with nothing to trim or translate: most cells, told six times faster than by trimming."""
_COUNTERS = "分|元|人|人次|次|个|份|条|台|件|项|张|名|岁|套|笔|户|家|单"
_UNITS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "秒": 1, "秒钟": 1,
    "min": 60, "mins": 60, "minute": 60, "minutes": 60, "分": 60, "分钟": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600, "小时": 3600, "时": 3600,
    "d": 86400, "day": 86400, "days": 86400, "天": 86400, "日": 86400,
}  # fmt: skip


SYSTEMS = {
    "excel": "fcim_serial({0}, TIMESTAMP '1899-12-30', 61)",
    "excel-1904": "fcim_serial({0}, TIMESTAMP '1904-01-01', 0)",
    "epoch": "fcim_epoch({0}, 1000000, {1})",
    "epoch-ms": "fcim_epoch({0}, 1000, {1})",
    "unknown": "NULL::TIMESTAMP",
}
"""Stamps that are counts: days of a spreadsheet, seconds or milliseconds since 1970 in UTC."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """How the cells of one entry are to be understood where the dataset does not tell."""

    timezone: str
    null_values: tuple[str, ...] = ()
    datetime: str | None = None
    year: int | None = None


def trimmed_sql(sql: str) -> str:
    """SQL for a text without the blanks around it, the ideographic one included."""
    return f"trim({sql}, {literal(_BLANKS)})"


def plain_sql(sql: str) -> str:
    """SQL for a text as it is compared: trimmed, full-width characters as plain ones."""
    return _translated(sql, _WIDE, _PLAIN)


def _text_sql(sql: str) -> str:
    return _translated(sql, _ALNUM, unicodedata.normalize("NFKC", _ALNUM))


def _translated(sql: str, wide: str, plain: str) -> str:
    changed = trimmed_sql(f"translate({sql}, {literal(wide)}, {literal(plain)})")
    return f"CASE WHEN regexp_matches({sql}, {literal(_AS_IS)}) THEN {sql} ELSE {changed} END"


def is_plain_sql(sql: str) -> str:
    """SQL that says whether a text needs no trimming and no plain characters in place of others."""
    return f"({sql} = '' OR regexp_matches({sql}, {literal(_AS_IS)}))"


def said_sql(
    raw: str,
    kind: ColumnType,
    cleaning: Cleaning,
    empty_words: Collection[str] = (),
    *,
    is_plain: bool = False,
) -> str:
    """SQL for what a cell says as text: NULL where it says nothing.

    `is_plain`: all its texts are as `is_plain_sql` says, which saves more than half of the time.
    """
    plain = raw if is_plain else plain_sql(raw)
    empty = {*NULL_WORDS, *(w.strip().lower() for w in (*cleaning.null_values, *empty_words))}
    words = ", ".join(literal(word) for word in sorted(empty))
    kept = _text_sql(raw) if kind is ColumnType.TEXT and not is_plain else plain
    return f"CASE WHEN {raw} IS NULL OR lower({plain}) IN ({words}) THEN NULL ELSE {kept} END"


def value_sql(said: str, kind: ColumnType, cleaning: Cleaning, unit: str | None = None) -> str:
    """SQL for the canonical value of a text; NULL where it is not understood."""
    match kind:
        case ColumnType.INT:
            return f"fcim_int({said}, {literal(_suffix(unit))})"
        case ColumnType.NUMBER:
            return f"fcim_number({said}, {literal(_suffix(unit))})"
        case ColumnType.BOOL:
            return f"fcim_bool({said})"
        case ColumnType.DATE:
            return f"CAST({_stamp(said, cleaning)} AS DATE)"
        case ColumnType.DATETIME:
            return _stamp(said, cleaning)
        case ColumnType.DURATION:
            return f"fcim_duration({said}, {_seconds(unit)})"
        case ColumnType.TEXT | ColumnType.ENUM:
            errors = ", ".join(literal(word) for word in ERROR_WORDS)
            lost = f"contains({said}, '+') AND regexp_matches({said}, {literal(LOST_DIGITS)})"
            is_error = f"starts_with({said}, '#') AND {said} IN ({errors})"
            return f"CASE WHEN ({is_error}) OR ({lost}) THEN NULL ELSE {said} END"


def _suffix(unit: str | None) -> str:
    """The units a number may carry: the column's own, else plain counters."""
    if unit is None:
        return f"(?:{_COUNTERS})?"
    return "(?:" + "".join(f"\\{c}" if c in ".^$*+?()[]{}|\\" else c for c in unit) + ")?"


def _seconds(unit: str | None) -> str:
    known = _UNITS.get(unit.strip().lower()) if unit is not None else None
    return "NULL" if known is None else str(known)


def is_duration_unit(text: str) -> bool:
    """Whether a word is a unit of time that a duration column may be in."""
    return text.strip().lower() in _UNITS


def is_usual_sql(said: str, kind: ColumnType, cleaning: Cleaning) -> str:
    """SQL that says whether a text is a stamp in figures of the usual form, and nothing is declared."""
    is_stamp = kind in {ColumnType.DATE, ColumnType.DATETIME}
    if not is_stamp or cleaning.datetime is not None or cleaning.year is not None:
        return "false"
    return f"regexp_full_match({said}, {literal(_USUAL)})"


def usual_sql(said: str, kind: ColumnType) -> str:
    """SQL for the value of a stamp of the usual form: what `value_sql` says of it, but quicker."""
    value = f"try_cast({said} AS TIMESTAMP)"
    return f"CAST({value} AS DATE)" if kind is ColumnType.DATE else value


def _stamp(said: str, cleaning: Cleaning) -> str:
    standard = f"fcim_stamp({said}, {literal(cleaning.timezone)})"
    if cleaning.datetime is None:
        if cleaning.year is None:
            return standard
        completed = (
            f"regexp_replace({said}, '^(\\d{{1,2}}月\\d{{1,2}}[日号])', '{cleaning.year}年\\1')"
        )
        return f"fcim_stamp({completed}, {literal(cleaning.timezone)})"
    return f"coalesce({formatted_sql(said, cleaning)}, {standard})"


def formatted_sql(said: str, cleaning: Cleaning) -> str:
    """SQL for a stamp in the declared format alone."""
    form = cleaning.datetime or ""
    if form in SYSTEMS:
        return SYSTEMS[form].format(said, literal(cleaning.timezone))
    if cleaning.year is not None and not has_year(form):
        return f"try_strptime('{cleaning.year} ' || {said}, {literal('%Y ' + form)})"
    if "%z" in form.replace("%%", ""):
        return f"timezone({literal(cleaning.timezone)}, try_strptime({said}, {literal(form)}))"
    return f"try_strptime({said}, {literal(form)})"


def has_year(form: str) -> bool:
    """Whether a format tells the year."""
    return form in SYSTEMS or any(
        code in form.replace("%%", "") for code in ("%Y", "%y", "%c", "%x", "%s", "%G")
    )


_DATE = r"^(\d{4}年\d{1,2}月\d{1,2}[日号]|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8})(.*)$"
_TIME = (
    r"^(T|\s+)?(上午|下午|[AaPp][Mm])?\s*(\d{1,2})[:时点](\d{1,2})(?:分|:(\d{1,2})(?:[.,](\d{1,9}))?)?"
    r"(?:(\d{1,2})秒)?\s*([AaPp][Mm])?\s*(Z|z|UTC|[+-]\d{2}:?\d{2})?$"
)
_USUAL = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
_SHORT_STAMP = r"1\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d"
"""Ten digits that may be `yymmddHHMM` as well as seconds since 1970."""
_TIME_PARTS = "['lead', 'half', 'h', 'm', 's', 'f', 's2', 'half2', 'zone']"
_NUMBER = r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:[eE][+-]?\d{1,2})?|[+-]?\.\d+"
# A lambda over a list of one binds a name: DuckDB repeats a macro's argument at each use, and
# nested macros would make expressions that take longer to plan than the data takes to read.
_LENGTH = (
    r"(?i)^(?:(\d+(?:\.\d+)?)\s*(?:天|日|days?|d))?\s*(?:(\d+(?:\.\d+)?)\s*(?:个小时|小时|时|hours?|hrs?|h))?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*(?:分钟|分|minutes?|mins?|m))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒钟|秒|seconds?|secs?|s))?$"
)


def define_macros(connection: DuckDBPyConnection) -> None:
    """Define the functions that `value_sql` speaks in."""
    for statement in _MACROS:
        connection.execute(statement)


def _words(words: Collection[str]) -> str:
    return ", ".join(literal(word) for word in words)


_MACROS = (
    f"""CREATE MACRO fcim_bool(x) AS CASE WHEN lower(x) IN ({_words(TRUE_WORDS)}) THEN true
        WHEN lower(x) IN ({_words(FALSE_WORDS)}) THEN false END""",
    f"""CREATE MACRO fcim_plain_number(x) AS CASE WHEN regexp_full_match(x, '{_NUMBER}')
        THEN try_cast(replace(x, ',', '') AS DECIMAL(28,8)) END""",
    f"""CREATE MACRO fcim_number(x, suffix) AS CASE
        WHEN regexp_full_match(x, '{_NUMBER}')
        THEN try_cast(replace(x, ',', '') AS DECIMAL(28,8))
        WHEN regexp_full_match(x, '[+-]?[0-9.,]+\\s*%')
        THEN CAST(fcim_plain_number(trim(replace(x, '%', ''))) * 0.01 AS DECIMAL(28,8))
        ELSE fcim_plain_number(trim(regexp_replace(x, suffix || '$', ''))) END""",
    """CREATE MACRO fcim_int(x, suffix) AS CASE
        WHEN regexp_full_match(x, '[+-]?\\d{1,18}') THEN try_cast(x AS BIGINT)
        WHEN regexp_full_match(x, '[+-]?(?:\\d+|\\d{1,3}(?:,\\d{3})+)(?:\\.0*)?\\s*' || suffix)
        THEN try_cast(replace(regexp_extract(x, '^[+-]?[\\d,]+'), ',', '') AS BIGINT) END""",
    """CREATE MACRO fcim_hour(h, half) AS CASE
        WHEN half IN ('下午', 'pm') THEN CASE WHEN h < 12 THEN h + 12 WHEN h < 24 THEN h END
        WHEN half IN ('上午', 'am') THEN CASE WHEN h < 12 THEN h WHEN h = 12 THEN 0 END
        ELSE h END""",
    """CREATE MACRO fcim_clock(p, hour) AS CASE
        WHEN p.half <> '' AND p.half2 <> '' OR p.s <> '' AND p.s2 <> '' OR hour IS NULL THEN NULL
        WHEN try_cast(p.m AS INTEGER) > 59 OR try_cast('0' || p.s || p.s2 AS INTEGER) > 59 THEN NULL
        WHEN hour > 24 OR hour = 24 AND try_cast('0' || p.m || p.s || p.s2 || p.f AS BIGINT) > 0
        THEN NULL
        ELSE hour * 3600000000 + try_cast(p.m AS BIGINT) * 60000000
            + try_cast('0' || p.s || p.s2 AS BIGINT) * 1000000
            + try_cast(rpad(left(p.f, 6), 6, '0') AS BIGINT) END""",
    """CREATE MACRO fcim_zoned(t, zone, here) AS CASE WHEN zone = '' OR zone IS NULL THEN t
        WHEN upper(zone) IN ('Z', 'UTC') THEN timezone(here, timezone('UTC', t))
        WHEN substr(zone, 2, 2)::INTEGER <= 14 AND right(zone, 2)::INTEGER < 60
        THEN timezone(here, timezone('UTC', t - to_minutes((zone[1] || '1')::INTEGER
            * (substr(zone, 2, 2)::INTEGER * 60 + right(zone, 2)::INTEGER)))) END""",
    """CREATE MACRO fcim_day(d) AS CASE
        WHEN length(d) = 8 AND regexp_full_match(d, '\\d{8}')
        THEN try_cast(d[1:4] || '-' || d[5:6] || '-' || d[7:8] AS TIMESTAMP)
        ELSE try_cast(translate(rtrim(d, '日号'), '年月/.', '----') AS TIMESTAMP) END""",
    """CREATE MACRO fcim_timed(q, p, here) AS CASE
        WHEN q.t = '' THEN fcim_day(q.d)
        WHEN regexp_full_match(q.t, '\\d{6}') AND length(q.d) = 8
        THEN try_cast(strftime(fcim_day(q.d), '%Y-%m-%d ') || q.t[1:2] || ':' || q.t[3:4] || ':'
            || q.t[5:6] AS TIMESTAMP)
        WHEN p.lead <> '' OR p.half <> '' OR contains(q.d, '年')
        THEN fcim_zoned(fcim_day(q.d) + to_microseconds(fcim_clock(p, fcim_hour(
            try_cast(p.h AS BIGINT), lower(p.half || p.half2)))), p.zone, here) END""",
    """CREATE MACRO fcim_serial(x, origin, least) AS CASE
        WHEN regexp_full_match(x, '\\d{1,6}(?:\\.\\d+)?') AND try_cast(x AS DOUBLE) >= least
        THEN origin + to_microseconds(1000 * CAST(round(try_cast(x AS DECIMAL(28,18)) * 86400000)
            AS BIGINT)) END""",
    """CREATE MACRO fcim_epoch(x, unit, here) AS CASE
        WHEN regexp_full_match(x, '\\d{9,14}(?:\\.0+)?')
        THEN timezone(here, timezone('UTC', make_timestamp(
            CAST(split_part(x, '.', 1) AS BIGINT) * unit))) END""",
    f"""CREATE MACRO fcim_stamp(x, here) AS CASE
        WHEN length(x) = 19 AND x LIKE '____-__-__ __:__:__' THEN try_cast(x AS TIMESTAMP)
        WHEN length(x) = 13 AND regexp_full_match(x, '1\\d{{12}}') THEN fcim_epoch(x, 1000, here)
        WHEN length(x) = 10 AND regexp_full_match(x, '1\\d{{9}}') THEN CASE
            WHEN NOT regexp_full_match(x, '{_SHORT_STAMP}') THEN fcim_epoch(x, 1000000, here) END
        ELSE list_transform([regexp_extract(x, '{_DATE}', ['d', 't'])], lambda q:
            list_transform([regexp_extract(q.t, '{_TIME}', {_TIME_PARTS})],
                lambda p: fcim_timed(q, p, here))[1])[1] END""",
    """CREATE MACRO fcim_seconds(d, h, m, s) AS CASE WHEN d || h || m || s <> '' THEN
        try_cast('0' || d AS DECIMAL(18,6)) * 86400 + try_cast('0' || h AS DECIMAL(18,6)) * 3600
        + try_cast('0' || m AS DECIMAL(18,6)) * 60 + try_cast('0' || s AS DECIMAL(18,6)) END""",
    f"""CREATE MACRO fcim_duration(x, unit) AS CAST(CASE
        WHEN regexp_full_match(x, '\\d{{1,6}}:[0-5]?\\d:[0-5]?\\d(?:\\.\\d{{1,6}})?')
        THEN fcim_seconds('', split_part(x, ':', 1), split_part(x, ':', 2), split_part(x, ':', 3))
        WHEN regexp_full_match(x, '\\d{{1,12}}(?:\\.\\d+)?')
        THEN try_cast(x AS DECIMAL(18,6)) * CAST(unit AS BIGINT)
        ELSE list_transform([regexp_extract(x, '{_LENGTH}', ['d', 'h', 'm', 's'])],
            lambda p: fcim_seconds(p.d, p.h, p.m, p.s))[1] END * 1000000 AS BIGINT)""",
)


def comparable(word: str) -> str:
    """A word of a vocabulary as it is compared: NFKC, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def vocabulary(column: Column, declared: Mapping[str, str]) -> dict[str, str]:
    """Every word an enum column may say, as compared, and its canonical code."""
    words = {comparable(code): code for code in column.values}
    for code, said in column.values.items():
        words |= {comparable(word): code for word in said}
    return words | {comparable(word): code for word, code in declared.items()}
