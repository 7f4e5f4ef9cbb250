"""Knows what a work-paper is made of: its sheets, columns, cells, and the words in its cells."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from fcim_audit.language import Lang, Text
from fcim_audit.model import Status
from fcim_audit.wording import STATUS_WORDS, clean

SCHEMA = "fcim-audit/workpaper/1"
META = "_meta"
DIGESTS = "digests"
LONGEST = 32_000
LONGEST_LINE = 4_000
CUT = Text("……（太长，全文见审核文件夹）", "… (too long; all of it is in the audit folder)")
LEVELS = tuple(f"L{level}" for level in range(6))
_ALSO = {"观察项": Status.OFI}
"""What auditors also say on site."""


class Column(StrEnum):
    """A column of a work-paper; the key ties a row to what it speaks of, wherever it stands."""

    KEY = "key"
    CHAPTER = "chapter"
    CLAUSE = "clause"
    ID = "id"
    TITLE = "title"
    CRITERION = "criterion"
    QUESTION = "question"
    ASK_FOR = "ask_for"
    SAMPLING = "sampling"
    PROPOSAL = "proposal"
    BASIS = "basis"
    MEASURED = "measured"
    PLACES = "places"
    STATUS = "status"
    LEVEL = "level"
    NOTE = "note"
    EVIDENCE = "evidence"
    REASON = "reason"
    AUDITOR = "auditor"
    TIME = "time"
    APPROVED = "approved_by"
    EFFORT = "effort"


HEADINGS = {
    Column.KEY: Text("fcim-key", "fcim-key"),
    Column.CHAPTER: Text("章", "Chapter"),
    Column.CLAUSE: Text("条款", "Clause"),
    Column.ID: Text("编号", "Id"),
    Column.TITLE: Text("要点", "Title"),
    Column.CRITERION: Text("要求", "Criterion"),
    Column.QUESTION: Text("怎么问", "Question"),
    Column.ASK_FOR: Text("看什么", "Ask for"),
    Column.SAMPLING: Text("怎么抽样", "Sampling"),
    Column.PROPOSAL: Text("工具建议", "Tool proposes"),
    Column.BASIS: Text("建议依据", "Why"),
    Column.MEASURED: Text("实测", "Measured"),
    Column.PLACES: Text("证据位置（前几处）", "Places (the first)"),
    Column.STATUS: Text("判断", "Status"),
    Column.LEVEL: Text("成熟度", "Level"),
    Column.NOTE: Text("记录", "Note"),
    Column.EVIDENCE: Text("证据（一行一条）", "Evidence (one a line)"),
    Column.REASON: Text("理由", "Reason"),
    Column.AUDITOR: Text("审核员", "Auditor"),
    Column.TIME: Text("时间", "Time"),
    Column.APPROVED: Text("批准（组长）", "Approved by (lead)"),
    Column.EFFORT: Text("整改人日", "Days to correct"),
}
REQUIREMENT_COLUMNS = tuple(c for c in Column if c is not Column.LEVEL)
MATURITY_COLUMNS = (
    Column.KEY, Column.CHAPTER, Column.CLAUSE,
    Column.LEVEL, Column.NOTE, Column.AUDITOR, Column.TIME,
)  # fmt: skip
TO_FILL = frozenset(
    {
        Column.STATUS, Column.LEVEL, Column.NOTE, Column.EVIDENCE, Column.REASON, Column.AUDITOR,
        Column.TIME, Column.APPROVED, Column.EFFORT,
    }
)  # fmt: skip
"""Columns that an auditor fills in; all others are locked facts."""


class SheetKind(StrEnum):
    """What the rows of a sheet speak of."""

    REQUIREMENTS = "requirements"
    MATURITY = "maturity"


SHEET_NAMES = {
    SheetKind.REQUIREMENTS: Text("工作底稿", "Work-paper"),
    SheetKind.MATURITY: Text("成熟度", "Maturity"),
}
SHEET_COLUMNS = {
    SheetKind.REQUIREMENTS: REQUIREMENT_COLUMNS,
    SheetKind.MATURITY: MATURITY_COLUMNS,
}
CellValue = str | int | dt.datetime | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One requirement or clause: its key, and its cells by column."""

    key: str
    cells: Mapping[Column, CellValue]
    proposal: str = ""
    """The digest of what the tool had found when this row was made."""

    def text(self, column: Column) -> str:
        """A cell as it is compared."""
        return written(self.cells.get(column))


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """One sheet to be filled in."""

    kind: SheetKind
    rows: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class Workpaper:
    """A whole work-paper, ready to be drawn."""

    lang: Lang
    created: dt.datetime
    facts: tuple[tuple[Text, str], ...]
    team: tuple[str, ...]
    leads: tuple[str, ...]
    sheets: tuple[PaperSheet, ...]
    meta: Mapping[str, str]

    @property
    def digests(self) -> tuple[tuple[str, str, str], ...]:
        """For each row: kind of sheet, key, and the digest of every cell as it was written."""
        return tuple(
            (sheet.kind.value, row.key, _digests(sheet.kind, row))
            for sheet in self.sheets
            for row in sheet.rows
        )


def _digests(kind: SheetKind, row: PaperRow) -> str:
    parts = [f"{c.value}={digest(row.key, c, row.text(c))}" for c in SHEET_COLUMNS[kind]]
    return " ".join([*parts, f"found={row.proposal}"])


def digest(key: str, column: Column, text: str) -> str:
    """A short hash of a cell's text, bound to its row and column."""
    return hashlib.sha256(f"{key}\n{column}\n{same(text)}".encode()).hexdigest()[:16]


def same(text: str) -> str:
    """A text without what spreadsheets change on their own: line ends, blanks around it."""
    plain = text.replace("_x000D_", "").replace("x005F_", "")
    return plain.replace("\r\n", "\n").replace("\r", "\n").strip()


def written(value: CellValue) -> str:
    """A cell's value as text; times to the minute."""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def shown(text: str | None, lang: Lang) -> str | None:
    """A text as a cell can hold it: control characters shown, never cut without saying so."""
    return None if text is None else cut(clean(text), lang)


def cut(text: str, lang: Lang) -> str:
    """As much of a text as a cell can hold, saying where that is not all."""
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT.said(lang)


def is_cut(text: str) -> bool:
    """Whether a cell holds only the beginning of what the audit holds."""
    return text.endswith((CUT.zh, CUT.en))


def one_line(text: str) -> str:
    """A piece of evidence on the one line it has."""
    return re.sub(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*", " ⏎ ", text).strip()


def status_of(word: str) -> Status | None:
    """The status that a word of the drop-down means, in either language."""
    said = word.strip().casefold()
    for status, text in STATUS_WORDS.items():
        if said in {text.zh, text.en.casefold(), status.value}:
            return status
    return _ALSO.get(said)
