"""Knows the two languages every text for people exists in, and which one a run speaks."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Lang(StrEnum):
    """A language of reports and messages."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Chinese and English; in YAML and JSON a mapping with the keys `zh` and `en`."""

    zh: str
    en: str

    def said(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.zh if lang is Lang.ZH else self.en

    def as_dict(self) -> dict[str, str]:
        """The mapping that JSON carries."""
        return {"zh": self.zh, "en": self.en}

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        line = core_schema.str_schema(min_length=1, strip_whitespace=True)
        mapping = core_schema.typed_dict_schema(
            {
                "zh": core_schema.typed_dict_field(line, required=True),
                "en": core_schema.typed_dict_field(line, required=True),
            },
            extra_behavior="forbid",
        )

        def build(value: Mapping[str, str]) -> Text:
            return cls(zh=value["zh"], en=value["en"])

        def opened(value: object) -> object:
            return value.as_dict() if isinstance(value, cls) else value

        return core_schema.no_info_after_validator_function(
            build,
            core_schema.no_info_before_validator_function(opened, mapping),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.as_dict),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "object",
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "required": ["zh", "en"],
            "additionalProperties": False,
        }


def chosen_language(
    option: str | None = None, environment: Mapping[str, str] | None = None
) -> Lang:
    """The language of this run: the option, else `FCIM_LANG`, else the locale; English otherwise."""
    environment = os.environ if environment is None else environment
    for said in (option, environment.get("FCIM_LANG")):
        if said and said.lower()[:2] in set(Lang):
            return Lang(said.lower()[:2])
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return Lang.ZH if environment[name].lower().startswith("zh") else Lang.EN
    system = locale.getlocale()[0] or ""
    return Lang.ZH if system.lower().startswith(("zh", "chinese")) else Lang.EN
