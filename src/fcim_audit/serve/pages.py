"""Knows how the review's pages are made from their templates: everything escaped, nothing undefined."""

from __future__ import annotations

from functools import cache

import jinja2

from fcim_audit.checklist.shipped import shipped
from fcim_audit.language import Lang, Text
from fcim_audit.serve.looking import Shown
from fcim_audit.wording import STATUS_WORDS, VERDICT_WORDS, clean

FOLDER = "review"


def page(shown: Shown) -> str:
    """The review of one requirement."""
    return _rendered("page.html.j2", shown.lang, shown=shown)


def entered(lang: Lang) -> str:
    """What is seen for a moment after the token was right."""
    return _rendered("entered.html.j2", lang)


def page_of_problem(problem: str, lang: Lang) -> str:
    """What is wrong, in lines."""
    return _rendered("problem.html.j2", lang, lines=problem.splitlines())


def asset(name: str) -> str:
    """A stylesheet or script as it is shipped."""
    return (shipped("templates") / FOLDER / name).read_text(encoding="utf-8")


def _rendered(name: str, lang: Lang, **values: object) -> str:
    def said(text: Text) -> str:
        return text.said(lang)

    def chosen(zh: str, en: str) -> str:
        return zh if lang is Lang.ZH else en

    text = (
        _environment()
        .get_template(f"{FOLDER}/{name}")
        .render(
            lang=lang.value,
            t=chosen,
            said=said,
            status_words=STATUS_WORDS,
            verdict_words=VERDICT_WORDS,
            **values,
        )
    )
    return text.encode("utf-8", errors="backslashreplace").decode()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )


def _cleaned(value: object) -> object:
    return clean(value) if type(value) is str else value
