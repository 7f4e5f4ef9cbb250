"""Knows what a sheet of the register of an audit is: its name, what it holds, columns and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fcim_audit.language import Lang, Text
from fcim_audit.model import Figure, Status
from fcim_audit.renderers.plain_book import Columns, Marked, Number, Row, Value
from fcim_audit.wording import STATUS_WORDS, figure_text

_SHAPES = {"ratio": "0.00%", "score": "0.00"}
YES, NO = Text("是", "yes"), Text("否", "no")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: `about` says on the cover what it holds; `columns` are (zh, en, width)."""

    name: Text
    about: Text
    columns: tuple[tuple[str, str, int], ...]
    rows: Iterable[Row]

    def heads(self, lang: Lang) -> Columns:
        """Headings in one language, with their widths."""
        return [(zh if lang is Lang.ZH else en, width) for zh, en, width in self.columns]


def status_cell(status: Status | None, lang: Lang) -> Value:
    """A status in words and colour."""
    return None if status is None else Marked(STATUS_WORDS[status].said(lang), status)


def figure_cell(figure: Figure, lang: Lang) -> Value:
    """A share or score as a number that sheets can sort and draw; other figures as they are read."""
    if figure.value is None or figure.unit not in _SHAPES:
        return figure_text(figure, lang)
    return Number(float(figure.value), _SHAPES[figure.unit])


def attained_cell(attained: bool | None, lang: Lang) -> Value:
    """Whether a target is met, in words and colour."""
    if attained is None:
        return Text("未核实", "not verified").said(lang)
    if attained:
        return Marked(Text("达标", "met").said(lang), Status.CONFORM)
    return Marked(Text("未达标", "missed").said(lang), Status.MAJOR)


def lines(*texts: str | None) -> str | None:
    """Texts one below the other; None where there are none."""
    return "\n".join(text for text in texts if text) or None
