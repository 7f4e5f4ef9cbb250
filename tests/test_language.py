"""Two languages for every text, and one for every run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import TypeAdapter, ValidationError

from fcim_audit.language import Lang, Text, chosen_language

TEXT = TypeAdapter(Text)


@pytest.mark.parametrize(
    ("option", "environment", "lang"),
    [
        pytest.param("zh", {"FCIM_LANG": "en", "LANG": "en_US.UTF-8"}, Lang.ZH, id="option-first"),
        pytest.param("EN", {"FCIM_LANG": "zh"}, Lang.EN, id="option-in-capitals"),
        pytest.param("zh-CN", {}, Lang.ZH, id="option-with-a-region"),
        pytest.param(None, {"FCIM_LANG": "zh", "LC_ALL": "en_US"}, Lang.ZH, id="own-variable-next"),
        pytest.param("fr", {"FCIM_LANG": "zh"}, Lang.ZH, id="an-unknown-option-is-passed-over"),
        pytest.param("", {"FCIM_LANG": "zh"}, Lang.ZH, id="an-empty-option-is-passed-over"),
        pytest.param(None, {"FCIM_LANG": "fr", "LANG": "zh_CN"}, Lang.ZH, id="unknown-variable"),
        pytest.param(None, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US"}, Lang.ZH, id="lc-all-first"),
        pytest.param(None, {"LC_ALL": "C", "LANG": "zh_CN"}, Lang.EN, id="lc-all-says-neither"),
        pytest.param(None, {"LC_ALL": "", "LANG": "zh_CN"}, Lang.ZH, id="lc-all-empty"),
        pytest.param(None, {"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, Lang.ZH, id="lc-messages"),
        pytest.param(None, {"LANG": "zh_CN.UTF-8"}, Lang.ZH, id="lang-chinese"),
        pytest.param(None, {"LANG": "de_DE.UTF-8"}, Lang.EN, id="lang-neither"),
    ],
)
def test_a_run_speaks_the_first_language_that_is_named(
    option: str | None, environment: Mapping[str, str], lang: Lang
) -> None:
    assert chosen_language(option, environment) is lang


def test_the_environment_of_the_run_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FCIM_LANG", "zh")
    assert chosen_language() is Lang.ZH


def test_a_text_is_said_in_either_language() -> None:
    text = Text("通过", "pass")
    assert (text.said(Lang.ZH), text.said(Lang.EN)) == ("通过", "pass")


def test_a_text_is_read_from_and_written_to_a_mapping() -> None:
    text = TEXT.validate_python({"zh": " 通过 ", "en": "pass"})
    assert (text, TEXT.dump_python(text)) == (Text("通过", "pass"), {"zh": "通过", "en": "pass"})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"zh": "通过"}, id="no-english"),
        pytest.param({"en": "pass"}, id="no-chinese"),
        pytest.param({"zh": "通过", "en": "  "}, id="blank-english"),
        pytest.param({"zh": "", "en": "pass"}, id="empty-chinese"),
        pytest.param({"zh": "通过", "en": "pass", "fr": "réussi"}, id="a-third-language"),
        pytest.param("pass", id="one-line-for-both"),
    ],
)
def test_a_text_that_is_not_in_both_languages_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(value)


def test_the_schema_asks_for_both_languages() -> None:
    assert TEXT.json_schema()["required"] == ["zh", "en"]
