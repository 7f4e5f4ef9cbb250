"""Knows the declaration of a dataset: its columns, types, vocabularies and the headings they go by."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from fcim_audit.language import Text
from fcim_audit.yaml_source import Refusal, Strict

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

EXAMPLE_ROW = Text("【示例行】", "[EXAMPLE ROW]")
"""What a cell begins with that marks the sample row of a collection template: never evidence."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_IGNORED = re.compile(r"[\s*:：_\-/]+")


class ColumnType(StrEnum):
    """What a column holds; durations are kept as whole microseconds, stamps without a zone."""

    TEXT = "text"
    INT = "int"
    NUMBER = "number"
    BOOL = "bool"
    DATE = "date"
    DATETIME = "datetime"
    ENUM = "enum"
    DURATION = "duration"


SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.ENUM: "VARCHAR",
    ColumnType.INT: "BIGINT",
    ColumnType.NUMBER: "DECIMAL(28,8)",
    ColumnType.BOOL: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMP",
    ColumnType.DURATION: "BIGINT",
}
"""The type of each kind of column in tables and Parquet files, in DuckDB's words."""


class Column(Strict):
    """One canonical column: what exports call it, what it may hold, whether it names a person."""

    name: Identifier
    title: Text
    type: ColumnType
    key: bool = False
    required: bool = False
    personal: bool = False
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    values: dict[Identifier, tuple[str, ...]] = Field(default_factory=dict)
    empty_words: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _vocabulary_belongs_to_enums(self) -> Column:
        if (self.type is ColumnType.ENUM) != bool(self.values):
            raise Refusal(
                Text(
                    f"列 {self.name}：enum 类型必须有 values，其他类型不得有",
                    f"column {self.name}: an enum needs values, no other type may have them",
                )
            )
        return self


class Dataset(Strict):
    """One canonical table of evidence."""

    name: Identifier
    title: Text
    systems: Text
    evidence_for: tuple[str, ...] = ()
    time: Identifier | None = None
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_sound(self) -> Dataset:
        names = [column.name for column in self.columns]
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise Refusal(
                Text(f"列名重复：{'、'.join(twice)}", f"columns named twice: {', '.join(twice)}")
            )
        stamps = {c.name for c in self.columns if c.type in {ColumnType.DATE, ColumnType.DATETIME}}
        if self.time is not None and self.time not in stamps:
            raise Refusal(
                Text(
                    f"time 指向的 {self.time} 不是日期或时间列",
                    f"time names {self.time}, which is not a date or datetime column",
                )
            )
        taken: dict[str, str] = {}
        for column in self.columns:
            for alias in (column.name, *column.aliases):
                heading = normalised(alias)
                other = taken.setdefault(heading, column.name)
                if other != column.name:
                    raise Refusal(
                        Text(
                            f"标题 {alias} 同时属于 {other} 和 {column.name}",
                            f"the heading {alias} belongs to {other} and to {column.name}",
                        )
                    )
        return self

    def column(self, name: str) -> Column | None:
        """The column called `name`, if there is one."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def types(self) -> dict[str, ColumnType]:
        """Name and type of every column, in order."""
        return {column.name: column.type for column in self.columns}

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """What headings each column goes by, as compared: its name, its aliases, its titles.

        A title that is another column's word too is nobody's.
        """
        words = {c.name: {normalised(word) for word in (c.name, *c.aliases)} for c in self.columns}
        titles = {c.name: {normalised(c.title.zh), normalised(c.title.en)} for c in self.columns}
        owners: dict[str, set[str]] = {}
        for name, own in words.items():
            for word in own | titles[name]:
                owners.setdefault(word, set()).add(name)
        return {
            name: frozenset(own | {word for word in titles[name] if owners[word] == {name}})
            for name, own in words.items()
        }

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the key columns."""
        return tuple(column.name for column in self.columns if column.key)


def normalised(heading: str) -> str:
    """A heading as it is compared: NFKC, lower case, without brackets, blanks, `*`, `:` or `_`."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return _IGNORED.sub("", _BRACKETS.sub("", text))
