"""Which columns of which datasets a query reads, however it is nested."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from fcim_audit.checks.plan import Relation, relation_of
from fcim_audit.checks.reads import columns_read, verbatim
from fcim_audit.checks.records import RecordsCheck
from tests.checks.stories import TICKETS


def read(sql: str) -> dict[str, frozenset[str]]:
    query = sqlglot.parse_one(sql, dialect="duckdb")
    assert isinstance(query, exp.Select)
    return columns_read(query)


def test_columns_are_told_by_table_through_subqueries() -> None:
    sql = "SELECT key FROM (SELECT id AS key, _place FROM a WHERE _bad = '' AND done) AS u"
    assert read(sql) == {"a": {"id", "done"}}


def test_a_join_tells_whose_column_it_is() -> None:
    sql = "SELECT x.p FROM a AS x LEFT JOIN b AS y ON x.id = y.of"
    assert read(sql) == {"a": {"p", "id"}, "b": {"of"}}


def test_a_common_table_is_looked_through() -> None:
    sql = "WITH w AS (SELECT id, max(v) AS top FROM b GROUP BY id) SELECT a.n, w.top FROM a JOIN w ON w.id = a.id"
    assert read(sql) == {"a": {"n", "id"}, "b": {"id", "v"}}


def test_a_name_without_a_table_counts_for_all_that_are_joined() -> None:
    assert read("SELECT n FROM a, b") == {"a": {"n"}, "b": {"n"}}


def test_a_table_of_which_only_rows_are_counted_is_named() -> None:
    assert read("SELECT count(*) FROM a") == {"a": frozenset()}


def check(**show: str) -> RecordsCheck:
    return RecordsCheck.model_validate(
        {"kind": "records", "name": "c", "dataset": "tickets", "must": "done", "show": show}
    )


def test_keys_and_columns_that_are_merely_named_stand_as_they_are() -> None:
    shown = verbatim(check(a="theme", b="upper(owner)"), relation_of(TICKETS))
    assert shown == {"id", "theme"}


def test_a_view_is_looked_through_where_it_only_renames() -> None:
    select = sqlglot.parse_one("SELECT id AS n, owner AS who, upper(theme) AS t FROM tickets")
    assert isinstance(select, exp.Select)
    relation = Relation("v", {}, {}, ("n",), frozenset({"who", "owner"}), None, {}, select=select)
    assert verbatim(check(a="who", b="t"), relation) == {"n", "id", "t"}
