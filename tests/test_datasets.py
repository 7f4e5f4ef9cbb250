"""Datasets as they are declared: headings compared in one way, vocabularies where they belong."""

from __future__ import annotations

import pytest

from fcim_audit.datasets import ColumnType, Dataset, normalised
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang
from fcim_audit.yaml_source import parse_yaml, validated

HEAD = """name: tickets
title: {zh: 工单, en: Tickets}
systems: {zh: 系统, en: System}
"""
TITLE = "title: {zh: 列, en: column}"


def read(rest: str) -> Dataset:
    return validated(Dataset, parse_yaml((HEAD + rest).encode(), "tickets.yaml"))


def mistake(rest: str) -> str:
    with pytest.raises(AuditError) as caught:
        read(rest)
    return caught.value.said(Lang.EN)


@pytest.mark.parametrize(
    ("heading", "compared"),
    [
        pytest.param("工单编号", "工单编号", id="plain"),
        pytest.param(" 工单 编号\n", "工单编号", id="blanks-and-line-break"),
        pytest.param("*工单编号：", "工单编号", id="star-and-colon"),
        pytest.param("金额(元)", "金额", id="unit-in-brackets"),
        pytest.param("金额（元）", "金额", id="unit-in-full-width-brackets"),
        pytest.param("时长[分钟]【必填】", "时长", id="square-and-corner-brackets"),
        pytest.param("ＩＤ", "id", id="full-width-letters"),
        pytest.param("Ticket_ID", "ticketid", id="capitals-and-underscore"),
        pytest.param("created-at / time", "createdattime", id="dash-and-slash"),
        pytest.param("(元)", "", id="brackets-only"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_heading_is_compared_without_its_dress(heading: str, compared: str) -> None:
    assert normalised(heading) == compared


def test_a_dataset_knows_its_columns_types_and_keys() -> None:
    dataset = read(
        f"columns:\n  - {{name: id, {TITLE}, type: text, key: true}}\n"
        f"  - {{name: done_at, {TITLE}, type: datetime}}\n"
    )
    assert (dataset.keys, dataset.types, dataset.column("owner")) == (
        ("id",),
        {"id": ColumnType.TEXT, "done_at": ColumnType.DATETIME},
        None,
    )


def test_a_column_is_found_by_name() -> None:
    column = read(f"columns: [{{name: id, {TITLE}, type: text, aliases: [编号]}}]").column("id")
    assert column is not None
    assert column.aliases == ("编号",)


def test_two_columns_of_one_heading_are_said() -> None:
    said = mistake(
        f"columns:\n  - {{name: created, {TITLE}, type: date, aliases: [时间]}}\n"
        f"  - {{name: closed, {TITLE}, type: date, aliases: ['时间（必填）']}}\n"
    )
    assert "the heading 时间（必填） belongs to created and to closed" in said


def test_an_alias_that_is_another_columns_name_is_said() -> None:
    said = mistake(
        f"columns:\n  - {{name: id, {TITLE}, type: text}}\n"
        f"  - {{name: other, {TITLE}, type: text, aliases: [ID]}}\n"
    )
    assert "the heading ID belongs to id and to other" in said


def test_one_column_may_list_a_heading_twice() -> None:
    dataset = read(f"columns: [{{name: id, {TITLE}, type: text, aliases: [ID, 编号, '编 号']}}]")
    assert dataset.columns[0].aliases == ("ID", "编号", "编 号")


def test_a_column_named_twice_is_said() -> None:
    said = mistake(
        f"columns:\n  - {{name: id, {TITLE}, type: text}}\n  - {{name: id, {TITLE}, type: int}}\n"
    )
    assert "columns named twice: id" in said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        pytest.param("type: enum", "column status: an enum needs values", id="enum-without-values"),
        pytest.param("type: enum, values: {}", "an enum needs values", id="enum-with-no-word"),
        pytest.param(
            "type: text, values: {open: [待处理]}", "no other type may have", id="text-with-values"
        ),
        pytest.param("type: colour", "type: colour is not allowed", id="unknown-type"),
        pytest.param("type: text, width: 3", "unknown key width", id="unknown-key"),
        pytest.param("type: enum, values: {待处理: []}", "won't do", id="value-not-an-identifier"),
    ],
)
def test_a_column_that_will_not_do_is_said_with_its_line(column: str, said: str) -> None:
    text = mistake(f"columns:\n  - {{name: status, {TITLE}, {column}}}\n")
    assert (text.startswith("tickets.yaml:5"), said in text) == (True, True)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        pytest.param("created", "time names created, which is not a date", id="no-such-column"),
        pytest.param("id", "time names id, which is not a date", id="a-text-column"),
    ],
)
def test_the_time_of_a_dataset_is_a_date_or_stamp(time: str, said: str) -> None:
    assert said in mistake(f"time: {time}\ncolumns: [{{name: id, {TITLE}, type: text}}]")


def test_a_dataset_without_columns_is_refused() -> None:
    assert "columns" in mistake("columns: []")


def test_a_name_with_capitals_is_refused() -> None:
    assert "columns.0.name" in mistake(f"columns: [{{name: Id, {TITLE}, type: text}}]")
