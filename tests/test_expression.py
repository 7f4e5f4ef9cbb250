"""The gate: what a checklist or a bundle may say in SQL, and what the own functions mean."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import duckdb
import pytest
from sqlglot import exp

from fcim_audit.errors import AuditError
from fcim_audit.expression import Moment, bound, condition, select_over, view
from fcim_audit.language import Lang
from fcim_audit.spans import SECOND, Span

COLUMNS = ("id", "a", "b", "n", "s", "theme")
WORDS = {"theme": ("leak", "outage")}
PARAMETERS = ("limit", "figure", "year")
TABLES = {
    "tickets": ("id", "a", "theme", "_place", "_bad"),
    "orders": ("id", "b", "_place", "_bad"),
}
MOMENT = Moment(
    as_of=dt.datetime(2026, 1, 15, 12, 30),
    period_start=dt.datetime(2025, 1, 1),
    period_end=dt.datetime(2025, 12, 31, 23, 59, 59, 999999),
    plan={
        "limit": Span(microseconds=2 * 3600 * SECOND),
        "figure": Fraction(95, 100),
        "year": Span(months=12),
    },
)


def mistake_in(text: str) -> str:
    """What is said of a condition that is refused."""
    with pytest.raises(AuditError) as caught:
        condition(text, COLUMNS, WORDS, PARAMETERS)
    return caught.value.said(Lang.EN)


def mistake_in_view(text: str) -> str:
    """What is said of a checklist's view that is refused."""
    with pytest.raises(AuditError) as caught:
        view(text, TABLES, PARAMETERS)
    return caught.value.said(Lang.EN)


def mistake_in_select(text: str) -> str:
    """What is said of a bundle's view that is refused."""
    with pytest.raises(AuditError) as caught:
        select_over(text, COLUMNS)
    return caught.value.said(Lang.EN)


def answer(text: str, a: str = "2025-01-01", b: str = "2025-01-01", as_of: str = "") -> object:
    """What DuckDB says to a condition over one row with the stamps a and b."""
    at = dt.datetime.fromisoformat(as_of) if as_of else MOMENT.as_of
    moment = Moment(at, MOMENT.period_start, MOMENT.period_end, MOMENT.plan)
    plain = bound(condition(text, ("a", "b"), None, PARAMETERS).tree, moment)
    row = exp.select(plain).from_(f"(SELECT TIMESTAMP '{a}' AS a, TIMESTAMP '{b}' AS b) AS t")
    [(said,)] = duckdb.connect().execute(row.sql("duckdb")).fetchall()
    return said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a is not null", id="is-not-null"),
        pytest.param("a = b and not (n > 3 or n <= 2)", id="and-or-not-brackets"),
        pytest.param("n <> 3 and n < 4 and n >= 1", id="comparisons"),
        pytest.param("n is distinct from 3", id="is-distinct-from"),
        pytest.param("n is not distinct from 3", id="is-not-distinct-from"),
        pytest.param("n not between 1 and 3", id="between"),
        pytest.param("theme not in ('leak', 'outage')", id="in-a-list"),
        pytest.param("s not like 'x%'", id="like"),
        pytest.param("(n + 1 - 2) * 3 = -n", id="arithmetic-without-division"),
        pytest.param("case when n > 1 then 1 else 0 end = 1", id="case"),
        pytest.param("if(n > 1, true, false)", id="if"),
        pytest.param("coalesce(a, b) is null", id="coalesce"),
        pytest.param("nullif(a, b) is null", id="nullif"),
        pytest.param("lower(trim(s)) = upper(s)", id="text-functions"),
        pytest.param("length(s) = abs(n)", id="length-and-abs"),
        pytest.param("least(a, b) = greatest(a, b)", id="least-and-greatest"),
        pytest.param("a::date = cast(b as timestamp)", id="casts-to-date-and-timestamp"),
        pytest.param("n::bigint = 1 or n::varchar = s", id="casts-to-bigint-and-varchar"),
        pytest.param("date '2024-02-29' < a", id="literal-date"),
        pytest.param("n >= $figure and a <= $as_of", id="parameters"),
        pytest.param("a between $period_start and $period_end", id="the-period"),
        pytest.param("elapsed(a, b) <= hours(2)", id="elapsed"),
        pytest.param("within(a, b, minutes(90))", id="within-minutes"),
        pytest.param("within(a, b, months(12))", id="within-months"),
        pytest.param("within(a, b, $limit)", id="within-a-plan-parameter"),
        pytest.param("overdue(a, days(3))", id="overdue"),
        pytest.param("OVERDUE(a, Seconds(3))", id="own-functions-in-capitals"),
        pytest.param("a >= ago(days(365))", id="ago"),
        pytest.param("a >= ago($limit)", id="ago-a-plan-parameter"),
        pytest.param("n = 1 -- as agreed", id="a-comment"),
        pytest.param('"n" = 1', id="a-quoted-column"),
    ],
)
def test_an_allowed_form_compiles(text: str) -> None:
    assert condition(text, COLUMNS, WORDS, PARAMETERS).text == text


def test_a_condition_names_its_columns_and_plan_parameters() -> None:
    found = condition("within(a, b, $limit) and a <= $as_of", COLUMNS, WORDS, PARAMETERS)
    assert found.columns == {"a", "b"}
    assert found.parameters == {"limit"}


def test_a_column_of_chinese_letters_is_a_column() -> None:
    assert condition("编号 is not null", ("编号",)).columns == {"编号"}


def test_an_unknown_column_is_said_with_the_known_ones() -> None:
    assert mistake_in("owner = 'x'") == (
        "unknown column owner\n  -> use one of id, a, b, n, s, theme"
    )


def test_a_column_in_other_letters_is_unknown() -> None:
    assert "unknown column N" in mistake_in("N = 1")


def test_an_unknown_parameter_is_said() -> None:
    assert "unknown parameter $other" in mistake_in("n = $other")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("theme = 'flood'", id="equals"),
        pytest.param("theme <> 'flood'", id="differs"),
        pytest.param("theme is distinct from 'flood'", id="is-distinct-from"),
        pytest.param("theme in ('leak', 'flood')", id="in-a-list"),
        pytest.param("case when theme = 'flood' then 1 end = 1", id="inside-a-case"),
    ],
)
def test_a_word_outside_the_vocabulary_is_said(text: str) -> None:
    assert "the column theme has no value 'flood'\n  -> use one of leak, outage" in mistake_in(text)


def test_a_word_of_the_vocabulary_in_other_letters_is_unknown() -> None:
    assert "the column theme has no value 'LEAK'" in mistake_in("theme = 'LEAK'")


def test_every_mistake_of_one_condition_is_said_at_once() -> None:
    said = mistake_in("owner = 1 and theme = 'flood' and n = $other and overdue(a)")
    assert said.splitlines()[0::2] == [
        "unknown column owner",
        "the column theme has no value 'flood'",
        "OVERDUE(a) has the wrong arguments",
        "unknown parameter $other",
        "4 mistakes",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("elapsed(a)", id="elapsed-one-argument"),
        pytest.param("elapsed(a, b, a)", id="elapsed-three-arguments"),
        pytest.param("within(a, b)", id="within-two-arguments"),
        pytest.param("within(a, b, 7200)", id="within-a-bare-number"),
        pytest.param("within(a, b, b)", id="within-a-column"),
        pytest.param("within(a, b, $as_of)", id="within-a-moment"),
        pytest.param("within(a, b, -hours(1))", id="within-a-negative-span"),
        pytest.param("overdue(a, b)", id="overdue-a-column"),
        pytest.param("overdue(a)", id="overdue-one-argument"),
        pytest.param("a >= ago()", id="ago-nothing"),
        pytest.param("a >= ago(365)", id="ago-a-bare-number"),
        pytest.param("a >= ago(ago(days(1)))", id="ago-of-ago"),
        pytest.param("a >= ago(days(n))", id="days-of-a-column"),
        pytest.param("a >= ago(days(1.5))", id="days-with-a-fraction"),
        pytest.param("a >= ago(days(-1))", id="days-below-zero"),
        pytest.param("a >= ago(days('3'))", id="days-as-text"),
        pytest.param("a >= ago(days($figure))", id="days-of-a-parameter"),
        pytest.param("elapsed(a, b) <= hours(2, 3)", id="hours-two-arguments"),
        pytest.param("elapsed(a, b) <= hours()", id="hours-no-argument"),
    ],
)
def test_wrong_arguments_of_an_own_function_are_said(text: str) -> None:
    assert "has the wrong arguments" in mistake_in(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("read_csv('/etc/passwd') is null", id="reads-a-csv-file"),
        pytest.param("read_text('/etc/passwd') is null", id="reads-a-text-file"),
        pytest.param("getenv('HOME') is null", id="reads-the-environment"),
        pytest.param("GetEnv('HOME') is null", id="environment-in-mixed-case"),
        pytest.param("\"getenv\"('HOME') is null", id="environment-as-quoted-name"),
        pytest.param("getenv/**/('HOME') is null", id="environment-with-comment-between"),
        pytest.param("system.main.getenv('HOME') is null", id="environment-with-schema"),
        pytest.param("lower(getenv('HOME')) is null", id="environment-inside-an-allowed-function"),
        pytest.param("within(a, getenv('HOME'), hours(2))", id="environment-in-an-own-function"),
        pytest.param("case when n = 1 then getenv('HOME') end = s", id="environment-in-a-case"),
        pytest.param("query('select 1') is null", id="query-function"),
        pytest.param("current_setting('temp_directory') = s", id="reads-a-setting"),
        pytest.param("getvariable('x') = 1", id="reads-a-variable"),
        pytest.param("repeat('a', 1000000000) = s", id="fills-the-memory"),
        pytest.param("range(1000000000) is null", id="long-range"),
        pytest.param("regexp_matches(s, '(a+)+$')", id="regular-expression"),
        pytest.param("s ~ '(a+)+$'", id="regular-expression-operator"),
        pytest.param("now() > a", id="reads-the-clock"),
        pytest.param("current_date > a", id="reads-the-date"),
        pytest.param("get_current_timestamp() > a", id="reads-the-stamp"),
        pytest.param("random() < n", id="throws-dice"),
        pytest.param("error('x')", id="raises"),
        pytest.param("nextval('x') = 1", id="moves-a-sequence"),
        pytest.param("n / 2 = 1", id="division"),
        pytest.param("n // 2 = 1", id="whole-division"),
        pytest.param("n % 2 = 1", id="remainder"),
        pytest.param("n ** 2 = 1", id="power"),
        pytest.param("cast(n as double) = 1", id="cast-to-a-float"),
        pytest.param("a::timestamptz = b", id="cast-to-a-zone"),
        pytest.param("s || s = s", id="joins-text"),
        pytest.param("sum(n) > 1", id="aggregate"),
        pytest.param("count(*) > 1", id="count"),
        pytest.param("row_number() over () = 1", id="window"),
        pytest.param("columns('.*') is null", id="columns-by-pattern"),
        pytest.param("*", id="star"),
        pytest.param("list_transform([1], x -> x) is null", id="lambda"),
        pytest.param("unnest([1]) = 1", id="unnest"),
        pytest.param("s collate nocase = 'x'", id="collation"),
        pytest.param("(select 1) = 1", id="subquery"),
        pytest.param("(SeLeCt 1) = 1", id="subquery-in-mixed-case"),
        pytest.param("(/**/select/**/1) = 1", id="subquery-between-comments"),
        pytest.param("exists (select 1)", id="exists"),
        pytest.param("n in (select 1)", id="in-a-subquery"),
        pytest.param("n in (from tickets)", id="in-a-from"),
        pytest.param("n in (values (1))", id="in-values"),
        pytest.param("n = any(select 1)", id="any-of-a-subquery"),
        pytest.param("least(n, (select 1)) = 1", id="subquery-in-an-allowed-function"),
        pytest.param("n = 1 and (with x as (delete from t) select 1)", id="deletes-in-a-cte"),
    ],
)
def test_what_is_not_on_the_list_is_not_allowed(text: str) -> None:
    assert "is not allowed" in mistake_in(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="blanks"),
        pytest.param("/* */", id="a-comment-only"),
        pytest.param("n = 1 and", id="half-a-condition"),
        pytest.param("true) or (true", id="brackets-turned-out"),
        pytest.param("n = 1) or (1 = 1", id="brackets-turned-out-after-a-condition"),
        pytest.param("true; select 1", id="second-statement"),
        pytest.param("true; drop table tickets", id="second-statement-drops"),
        pytest.param("true /* ; */ ; copy tickets to 'x'", id="second-statement-after-comment"),
        pytest.param("; true", id="empty-first-statement"),
        pytest.param("select 1", id="a-select"),
        pytest.param("n = 1 union select 1", id="union"),
        pytest.param("n = 1 from tickets", id="from"),
        pytest.param("n = 1 limit 1", id="limit"),
        pytest.param("n as x", id="alias"),
        pytest.param("n, s", id="two-expressions"),
        pytest.param("set enable_external_access = true", id="set"),
        pytest.param("pragma version", id="pragma"),
        pytest.param("attach 'x.db'", id="attach"),
        pytest.param("copy tickets to 'x'", id="copy"),
        pytest.param("install httpfs", id="install"),
        pytest.param("n = 1 /* open", id="open-comment"),
        pytest.param("s = 'open", id="open-quote"),
        pytest.param('"open', id="open-name"),
        pytest.param("coalesce() is null", id="allowed-function-without-arguments"),
        pytest.param("abs(n, 2) = 1", id="allowed-function-with-too-many-arguments"),
        pytest.param("(" * 5000, id="5000-opening-brackets"),
        pytest.param("(" * 5000 + "n" + ")" * 5000, id="5000-pairs-of-brackets"),
        pytest.param("not " * 4000 + "n", id="4000-times-not"),
        pytest.param("case when " * 1500, id="1500-open-cases"),
        pytest.param("coalesce(" * 1500 + "n" + ")" * 1500, id="1500-functions-in-each-other"),
        pytest.param("[" * 5000, id="5000-open-lists"),
        pytest.param("/*" * 5000, id="5000-open-comments"),
        pytest.param("'" * 5001, id="5001-quotes"),
    ],
)
def test_what_is_not_one_condition_can_not_be_parsed(text: str) -> None:
    assert "can't parse" in mistake_in(text)


def test_a_very_long_condition_is_refused_unread() -> None:
    assert mistake_in("n = 1 " + " " * 20_000) == "the expression is too long"


GOOD_VIEW = "select _place as _place, _bad as _bad, id as id"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{GOOD_VIEW} from tickets", id="one-table"),
        pytest.param(
            "select t._place, t._bad from tickets t left join orders o on o.id = t.id", id="join"
        ),
        pytest.param(f"with x as (select * from tickets) {GOOD_VIEW} from x", id="cte"),
        pytest.param(f"select _place, _bad from ({GOOD_VIEW} from tickets)", id="subquery"),
        pytest.param(f"{GOOD_VIEW}, lag(a) over (order by a) as p from tickets", id="window"),
        pytest.param(f"{GOOD_VIEW}, $limit as l from tickets", id="parameter"),
        pytest.param("select min(_place) as _place, '' as _bad from tickets", id="aggregate"),
    ],
)
def test_a_view_of_an_allowed_form_compiles(text: str) -> None:
    assert {"_place", "_bad"} <= set(view(text, TABLES, PARAMETERS).named_selects)


def test_a_view_over_an_unknown_table_is_said() -> None:
    assert mistake_in_view(f"{GOOD_VIEW} from nothing") == (
        "unknown table nothing\n  -> use orders, tickets"
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        pytest.param("select _bad from tickets", "_place", id="without-place"),
        pytest.param("select _place from tickets", "_bad", id="without-bad"),
        pytest.param("select id from tickets", "_bad, _place", id="without-both"),
        pytest.param("select * from tickets", "_bad, _place", id="by-a-star"),
    ],
)
def test_a_view_must_yield_where_its_rows_stand(text: str, missing: str) -> None:
    assert mistake_in_view(text) == f"the view must yield {missing}"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("TICKETS", id="other-letters"),
        pytest.param("'/etc/passwd'", id="a-file"),
        pytest.param('"/etc/passwd"', id="a-file-as-quoted-name"),
        pytest.param("'s3://x/y.parquet'", id="a-file-in-the-network"),
        pytest.param("duckdb_settings", id="the-settings"),
        pytest.param("sqlite_master", id="the-catalogue"),
        pytest.param("$limit", id="a-parameter"),
    ],
)
def test_a_view_reads_datasets_only(source: str) -> None:
    assert "unknown table" in mistake_in_view(f"{GOOD_VIEW} from {source}")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("information_schema.tables", id="the-information-schema"),
        pytest.param("pg_catalog.pg_tables", id="the-pg-catalogue"),
        pytest.param("main.tickets", id="a-dataset-with-its-schema"),
        pytest.param("memory.main.tickets", id="a-dataset-with-its-database"),
        pytest.param("read_csv('/etc/passwd')", id="read-csv"),
        pytest.param("READ_PARQUET('x')", id="read-parquet-in-capitals"),
        pytest.param("glob('*')", id="lists-files"),
        pytest.param("query('select 1')", id="query-function"),
        pytest.param("query_table('tickets')", id="query-table"),
        pytest.param("range(1000000000)", id="range"),
        pytest.param("tickets, duckdb_secrets()", id="the-secrets-beside-a-dataset"),
        pytest.param("tickets, lateral (select 1)", id="lateral"),
        pytest.param("unnest([1])", id="unnest"),
        pytest.param("(values (1)) t(id)", id="values"),
        pytest.param("tickets tablesample 1%", id="sample"),
        pytest.param("tickets limit 1", id="limit"),
        pytest.param("tickets where id = getenv('HOME')", id="environment-in-where"),
        pytest.param("tickets where id in (select 1)", id="subquery-in-where"),
        pytest.param("tickets qualify row_number() over () = 1", id="qualify"),
    ],
)
def test_a_view_from_anything_else_is_not_allowed(source: str) -> None:
    assert "is not allowed" in mistake_in_view(f"{GOOD_VIEW} from {source}")


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("delete from tickets returning *", id="delete"),
        pytest.param("insert into tickets values (1) returning *", id="insert"),
        pytest.param("update tickets set id = 1 returning *", id="update"),
        pytest.param("select getenv('HOME') as h", id="environment"),
        pytest.param("select 1 union all select 1 from x", id="union"),
    ],
)
def test_a_cte_may_only_select(inner: str) -> None:
    assert "is not allowed" in mistake_in_view(f"with x as ({inner}) {GOOD_VIEW} from x")


def test_a_cte_over_an_unknown_table_is_said() -> None:
    assert "unknown table nothing" in mistake_in_view(
        f"with x as (select * from nothing) {GOOD_VIEW} from x"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("insert into tickets select 1", id="insert"),
        pytest.param("copy tickets to 'x'", id="copy"),
        pytest.param("COPY (select 1) TO 'x'", id="copy-a-select"),
        pytest.param("attach 'x.db'", id="attach"),
        pytest.param("set enable_external_access = true", id="set"),
        pytest.param("pragma version", id="pragma"),
        pytest.param("install httpfs", id="install"),
        pytest.param("load httpfs", id="load"),
        pytest.param("call x()", id="call"),
        pytest.param("create table x as select 1", id="create"),
        pytest.param("drop table tickets", id="drop"),
        pytest.param("delete from tickets", id="delete"),
        pytest.param("update tickets set id = 1", id="update"),
        pytest.param("summarize tickets", id="summarize"),
        pytest.param("pivot tickets on id", id="pivot"),
        pytest.param(f"{GOOD_VIEW} from tickets; drop table tickets", id="second-statement"),
        pytest.param(f"{GOOD_VIEW} from tickets;--\n select 1", id="second-after-a-comment"),
        pytest.param(f"{GOOD_VIEW} from tickets union {GOOD_VIEW} from orders", id="union"),
    ],
)
def test_a_view_is_one_select(text: str) -> None:
    assert "must be exactly one SELECT" in mistake_in_view(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 5000, id="opening-brackets"),
        pytest.param(f"{GOOD_VIEW} from {'(' * 2000}tickets{')' * 2000}", id="bracketed-table"),
        pytest.param(f"{GOOD_VIEW} from ({GOOD_VIEW} from (" * 150, id="selects-in-selects"),
        pytest.param("with a as (" * 1000, id="ctes-in-ctes"),
    ],
)
def test_a_view_that_is_too_deep_can_not_be_parsed(text: str) -> None:
    assert "can't parse" in mistake_in_view(text)


def test_a_very_long_view_is_refused_unread() -> None:
    assert mistake_in_view(f"{GOOD_VIEW} from tickets{' ' * 20_000}") == "the SQL is too long"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("select id from source", id="a-column"),
        pytest.param("select upper(s) as id, n as n from source where n > 1", id="where"),
        pytest.param("select regexp_extract(s, '[0-9]+') as id from source", id="pattern"),
        pytest.param("select s || '-' || id as id from source", id="joined-text"),
        pytest.param("select id, max(n) as n from source group by id", id="grouped"),
        pytest.param("select arg_max(s, n) as s, count(*) as n from source", id="aggregates"),
    ],
)
def test_a_bundles_view_of_an_allowed_form_compiles(text: str) -> None:
    assert select_over(text, COLUMNS).named_selects


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("select id from source join source s on true", id="join"),
        pytest.param("select id from source, source t", id="second-table"),
        pytest.param("select (select 1) as id from source", id="scalar-subquery"),
        pytest.param("select id from (select id from source)", id="subquery"),
        pytest.param("select id from source where n in (select 1)", id="subquery-in-where"),
        pytest.param("select row_number() over () as id from source", id="window"),
        pytest.param("with x as (select id from source) select id from x", id="cte"),
        pytest.param("select id from read_csv('/etc/passwd')", id="table-function"),
        pytest.param("select id from main.source", id="schema"),
        pytest.param("select id from information_schema.source", id="other-schema"),
        pytest.param("select getenv('HOME') as id from source", id="environment"),
        pytest.param("select repeat(s, 1000000000) as id from source", id="fills-the-memory"),
        pytest.param("select n / 2 as n from source", id="division"),
        pytest.param("select n::double as n from source", id="float"),
        pytest.param("select columns('.*') as id from source", id="columns-by-pattern"),
        pytest.param("select id from source order by n", id="order"),
        pytest.param("select id from source limit 1", id="limit"),
        pytest.param("select id from source using sample 1", id="sample"),
        pytest.param("select id into x from source", id="into"),
    ],
)
def test_a_bundles_view_with_more_than_one_plain_select_is_not_allowed(text: str) -> None:
    assert "is not allowed" in mistake_in_select(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("select * from source", "* has no name", id="star"),
        pytest.param("select id, * from source", "* has no name", id="star-beside-a-column"),
        pytest.param("from source", "* has no name", id="from-alone"),
        pytest.param("select upper(s) from source", "UPPER(s) has no name", id="function"),
        pytest.param("select n + 1 from source", "n + 1 has no name", id="sum"),
        pytest.param("select id from other", "unknown table other", id="other-table"),
        pytest.param("select id from SOURCE", "unknown table SOURCE", id="other-letters"),
        pytest.param('select id from "/etc/passwd"', "unknown table /etc/passwd", id="file"),
        pytest.param("select owner from source", "unknown column owner", id="unknown-column"),
        pytest.param("select $limit as l from source", "unknown parameter $limit", id="parameter"),
        pytest.param("select id", "FROM source is missing", id="no-from"),
        pytest.param("select id from source; select 1", "exactly one SELECT", id="two-statements"),
        pytest.param("select id from source union select 1", "exactly one SELECT", id="union"),
        pytest.param("delete from source", "exactly one SELECT", id="delete"),
        pytest.param("select " + "(" * 5000, "can't parse", id="deep"),
        pytest.param("select id from source" + " " * 20_000, "too long", id="long"),
    ],
)
def test_a_bundles_view_that_will_not_do_is_said(text: str, said: str) -> None:
    assert said in mistake_in_select(text)


@pytest.mark.parametrize(
    ("b", "microseconds"),
    [
        pytest.param("2025-03-01 11:00:00", 7_200_000_000, id="two-hours-later"),
        pytest.param("2025-03-01 09:00:00", 0, id="at-once"),
        pytest.param("2025-03-01 08:59:59.999999", -1, id="a-microsecond-before"),
    ],
)
def test_elapsed_is_in_whole_microseconds(b: str, microseconds: int) -> None:
    assert answer("elapsed(a, b)", a="2025-03-01 09:00:00", b=b) == microseconds


@pytest.mark.parametrize(
    ("text", "a", "b", "holds"),
    [
        pytest.param(
            "hours(2)", "2025-03-01 09:00:00", "2025-03-01 11:00:00", True, id="exactly-2-hours"
        ),
        pytest.param(
            "hours(2)", "2025-03-01 09:00", "2025-03-01 11:00:00.000001", False, id="just-over"
        ),
        pytest.param("hours(2)", "2025-03-01 09:00", "2025-03-01 09:00", True, id="at-once"),
        pytest.param(
            "hours(2)", "2025-03-01 09:00", "2025-03-01 08:59:59.999999", False, id="before"
        ),
        pytest.param("$limit", "2025-03-01 09:00", "2025-03-01 11:00", True, id="a-parameter"),
        pytest.param(
            "$limit", "2025-03-01 09:00", "2025-03-01 11:00:00.000001", False, id="over-a-parameter"
        ),
        pytest.param("days(0)", "2025-03-01 09:00", "2025-03-01 09:00", True, id="zero-at-once"),
        pytest.param(
            "days(0)", "2025-03-01 09:00", "2025-03-01 09:00:00.000001", False, id="zero-is-a-limit"
        ),
        pytest.param("days(1)", "2024-02-28 09:00", "2024-02-29 09:00", True, id="to-a-leap-day"),
        pytest.param("months(12)", "2024-02-29", "2025-02-28", True, id="leap-day-and-a-year"),
        pytest.param(
            "months(12)", "2024-02-29", "2025-02-28 00:00:00.000001", False, id="over-a-leap-year"
        ),
        pytest.param("$year", "2024-02-29", "2025-02-28", True, id="leap-day-and-a-declared-year"),
        pytest.param("$year", "2024-02-29", "2025-03-01", False, id="over-a-declared-year"),
        pytest.param("months(1)", "2025-01-31", "2025-02-28", True, id="end-of-january"),
        pytest.param("months(1)", "2025-01-31", "2025-03-01", False, id="after-end-of-january"),
        pytest.param("months(1)", "2024-01-31", "2024-02-29", True, id="january-of-a-leap-year"),
        pytest.param("months(12)", "2025-03-01", "2025-02-28", False, id="months-backwards"),
    ],
)
def test_within_ends_at_its_span_and_counts_it(text: str, a: str, b: str, holds: bool) -> None:
    assert answer(f"within(a, b, {text})", a=a, b=b) is holds


@pytest.mark.parametrize(
    ("text", "a", "as_of", "holds"),
    [
        pytest.param("hours(2)", "2026-01-15 10:00", "2026-01-15 12:00", False, id="on-time"),
        pytest.param(
            "hours(2)", "2026-01-15 10:00", "2026-01-15 12:00:00.000001", True, id="just-over"
        ),
        pytest.param("$limit", "2026-01-15 10:00", "2026-01-15 12:00:01", True, id="a-parameter"),
        pytest.param("days(0)", "2026-01-15 12:00", "2026-01-15 12:00", False, id="zero-days"),
        pytest.param("days(3)", "2026-02-01", "2026-01-01", False, id="in-the-future"),
        pytest.param("months(12)", "2024-02-29", "2025-02-28", False, id="a-year-from-a-leap-day"),
        pytest.param("months(12)", "2024-02-29", "2025-02-28 00:00:01", True, id="over-leap-year"),
        pytest.param("months(1)", "2025-08-31", "2025-09-30", False, id="end-of-august"),
        pytest.param("months(1)", "2025-08-31", "2025-10-01", True, id="after-end-of-august"),
    ],
)
def test_overdue_begins_after_its_span(text: str, a: str, as_of: str, holds: bool) -> None:
    assert answer(f"overdue(a, {text})", a=a, as_of=as_of) is holds


@pytest.mark.parametrize(
    ("text", "as_of", "moment"),
    [
        pytest.param("hours(2)", "2026-01-15 12:30", "2026-01-15 10:30", id="hours-to-the-minute"),
        pytest.param("$limit", "2026-01-15 00:30", "2026-01-14 22:30", id="a-parameter"),
        pytest.param("days(0)", "2026-01-15 12:30", "2026-01-15", id="the-day-itself"),
        pytest.param("days(1)", "2024-03-01 12:30", "2024-02-29", id="the-leap-day"),
        pytest.param("days(1)", "2025-03-01 12:30", "2025-02-28", id="no-leap-day"),
        pytest.param("months(12)", "2024-02-29 12:30", "2023-02-28", id="a-year-before-a-leap-day"),
        pytest.param("months(1)", "2025-03-31 12:30", "2025-02-28", id="a-month-before-march-ends"),
        pytest.param("months(1)", "2026-01-15 12:30", "2025-12-15", id="into-the-year-before"),
        pytest.param("$year", "2026-01-15 12:30", "2025-01-15", id="a-declared-year"),
    ],
)
def test_ago_is_a_moment_and_for_days_the_start_of_one(text: str, as_of: str, moment: str) -> None:
    assert answer(f"ago({text})", as_of=as_of) == dt.datetime.fromisoformat(moment)


def test_an_unknown_stamp_makes_the_answer_unknown() -> None:
    assert answer("within(a, nullif(b, b), hours(2))") is None


def test_parameters_become_exact_literals() -> None:
    tree = condition("n >= $figure or n >= $limit", COLUMNS, WORDS, PARAMETERS).tree
    assert bound(tree, MOMENT).sql("duckdb") == "n >= 0.95 OR n >= 7200000000"


def test_a_figure_where_a_length_of_time_is_asked_for_is_said() -> None:
    tree = condition("within(a, b, $figure)", COLUMNS, WORDS, PARAMETERS).tree
    with pytest.raises(AuditError, match="the parameter figure is not a length of time"):
        bound(tree, MOMENT)


def test_binding_leaves_the_condition_as_it_was() -> None:
    found = condition("overdue(a, $limit)", COLUMNS, WORDS, PARAMETERS)
    bound(found.tree, MOMENT)
    assert found.tree.sql("duckdb") == "OVERDUE(a, $limit)"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("'flood' = theme", id="word-first"),
        pytest.param("lower(theme) = 'flood'", id="lower"),
        pytest.param("coalesce(theme, 'leak') = 'flood'", id="coalesce"),
        pytest.param("(theme) in ('leak', 'flood')", id="list"),
        pytest.param("case theme when 'flood' then true else false end", id="case"),
        pytest.param("nullif(theme, 'flood') is null", id="nullif"),
    ],
)
def test_a_word_a_column_can_not_hold_is_found_in_any_comparison(text: str) -> None:
    assert "the column theme has no value 'flood'" in mistake_in(text)


def test_a_word_a_column_can_not_hold_is_found_in_a_view() -> None:
    text = "SELECT t._place AS _place, t._bad AS _bad FROM tickets AS t WHERE t.theme = 'flood'"
    with pytest.raises(AuditError) as caught:
        view(text, TABLES, (), WORDS)
    assert "has no value 'flood'" in caught.value.said(Lang.EN)


def test_a_name_that_a_view_gives_to_something_else_is_not_that_column() -> None:
    text = (
        "WITH w AS (SELECT _place AS _place, _bad AS _bad, CASE WHEN a IS NULL THEN 'x' END AS theme "
        "FROM tickets) SELECT _place AS _place, _bad AS _bad FROM w WHERE theme = 'x'"
    )
    assert view(text, TABLES, (), WORDS).named_selects == ["_place", "_bad"]


@pytest.mark.parametrize(
    "text", ["elapsed(a, b) <= months(3)", "within(a, b, days(1)) and n < months(2)"]
)
def test_months_are_no_number(text: str) -> None:
    assert "months differ in length" in mistake_in(text)


def test_a_limit_in_months_is_not_compared_as_a_number() -> None:
    with pytest.raises(AuditError) as caught:
        bound(condition("elapsed(a, b) <= $year", COLUMNS, None, PARAMETERS).tree, MOMENT)
    assert "no fixed length" in caught.value.said(Lang.EN)


@pytest.mark.parametrize(
    "text",
    ["a < ago(days(99999999))", "a < ago(months(999999))", "within(a, b, hours(99999999999))"],
)
def test_a_span_beyond_reason_is_refused(text: str) -> None:
    assert "wrong arguments" in mistake_in(text)


@pytest.mark.parametrize("text", ["n" + "::date" * 1500, "not " * 1500 + "n = 1"])
def test_an_expression_nested_too_deep_is_refused(text: str) -> None:
    assert "nested over" in mistake_in(text) or "can't parse" in mistake_in(text)


@pytest.mark.parametrize("text", ["x.n = 1", "information_schema.tables.n = 1"])
def test_a_column_names_no_table(text: str) -> None:
    assert "names a table" in mistake_in(text)


def test_in_takes_a_list_only() -> None:
    assert "is not allowed" in mistake_in("a in b")


def test_a_view_can_not_give_a_file_a_name() -> None:
    text = 'WITH "/x.csv" AS (SELECT 1 AS _place) SELECT _place AS _place, 1 AS _bad FROM "/x.csv"'
    assert "can't be a name here" in mistake_in_view(text)


def test_a_view_can_not_hide_a_dataset() -> None:
    text = "WITH orders AS (SELECT 1 AS _place) SELECT _place AS _place, 1 AS _bad FROM orders"
    assert "can't be a name here" in mistake_in_view(text)


def test_a_bundle_view_names_each_column() -> None:
    assert "has no name" in mistake_in_select("SELECT 1 FROM source")


def test_a_bundle_view_names_no_column_twice() -> None:
    assert "selected twice" in mistake_in_select("SELECT a AS x, b AS x FROM source")


@pytest.mark.parametrize(
    ("figure", "said"),
    [(Fraction(95, 100), "0.95"), (Fraction(3), "3"), (Fraction(1, 10**16), "0.0000000000000001")],
)
def test_a_figure_arrives_to_the_last_digit(figure: Fraction, said: str) -> None:
    moment = Moment(MOMENT.as_of, MOMENT.period_start, MOMENT.period_end, {"figure": figure})
    plain = bound(condition("n > $figure", COLUMNS, None, PARAMETERS).tree, moment)
    assert plain.sql("duckdb") == f"n > {said}"
