"""Knows what the cells of a returned row mean: a judgement or a level, every cell looked at again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from fcim_audit.auditfile.judging import Bench, Decision, judged
from fcim_audit.auditfile.paper import (
    HEADINGS,
    LEVELS,
    LONGEST_LINE,
    Column,
    PaperRow,
    is_cut,
    status_of,
)
from fcim_audit.auditfile.paper_returned import GridRow
from fcim_audit.auditfile.schema import JUDGING, JudgementEntry, MaturityEntry
from fcim_audit.auditfile.workpaper import evidence_line, member_named
from fcim_audit.errors import AuditError, AuditErrors, raise_all
from fcim_audit.evidence.returned import CellKind
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.wording import STATUS_WORDS

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::\d{2})?)?", re.ASCII)
_MOST_DAYS = 10_000
_FIELDS = {
    "evidence": Column.EVIDENCE, "reason": Column.REASON, "status": Column.STATUS,
    "approved_by": Column.APPROVED, "by": Column.AUDITOR,
}  # fmt: skip
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Filled:
    """A row that was changed: what it is held against, who imports it, and when."""

    bench: Bench
    row: GridRow
    now: PaperRow
    changed: frozenset[Column]
    by: str
    at: dt.datetime

    def text(self, column: Column) -> str | None:
        """A cell's text as it is kept: line ends of one kind, no blanks around it; None if empty."""
        plain = self.row.cell(column).text.replace("_x000D_", "")
        return plain.replace("\r\n", "\n").replace("\r", "\n").strip() or None

    def error(self, column: Column, problem: Text, hint: Text | None = None) -> AuditError:
        """What is wrong with a cell."""
        return AuditError(problem, self.row.where(column), hint)


def filled_judgement(filled: Filled) -> JudgementEntry | None:
    """The judgement that a row means, None to take one back; raises AuditErrors, each with its cell."""
    old = filled.bench.audit.judgements.requirements.get(filled.row.key)
    if filled.text(Column.STATUS) is None:
        raise_all(_without_status(filled, old))
        return None
    mistakes: list[AuditError] = list(_texts(filled))
    status = _try(mistakes, lambda: _status(filled))
    by = _try(mistakes, lambda: _member(filled, Column.AUDITOR)) or filled.by
    at = _try(mistakes, lambda: _moment(filled)) or filled.at
    approved = _try(mistakes, lambda: _member(filled, Column.APPROVED))
    effort = _try(mistakes, lambda: _effort(filled))
    raise_all(mistakes)
    assert status is not None
    decision = Decision(
        status, _evidence(filled, old), _kept_text(filled, Column.NOTE, None if old is None else old.note),
        _kept_text(filled, Column.REASON, None if old is None else old.reason), approved, effort,
    )  # fmt: skip
    return _with_old_hashes(_judged(filled, decision, by, at), old)


def filled_maturity(filled: Filled) -> MaturityEntry | None:
    """The level that a row means, None to take it back; raises AuditErrors, each with its cell."""
    level, note = filled.text(Column.LEVEL), filled.text(Column.NOTE)
    old = filled.bench.audit.judgements.maturity.get(filled.row.key)
    if level is None and note is None and old is not None:
        return None
    mistakes: list[AuditError] = list(_texts(filled))
    if level is None or level.upper() not in LEVELS:
        hint = Text(f"可用：{'、'.join(LEVELS)}", f"use one of {', '.join(LEVELS)}")
        mistakes.append(filled.error(Column.LEVEL, _strange(level), hint))
    if note is None:
        mistakes.append(
            filled.error(Column.NOTE, Text("成熟度要写明依据", "a level needs its grounds"))
        )
    by = _try(mistakes, lambda: _member(filled, Column.AUDITOR)) or filled.by
    at = _try(mistakes, lambda: _moment(filled)) or filled.at
    member = filled.bench.audit.file.member(by)
    if member is None or member.role not in JUDGING:
        mistakes.append(
            filled.error(Column.AUDITOR, Text(f"{by} 不作判断", f"{by} does not judge"))
        )
    raise_all(mistakes)
    assert level is not None
    assert note is not None
    kept = _kept_text(filled, Column.NOTE, None if old is None else old.note) or note
    return MaturityEntry(level=LEVELS.index(level.upper()), note=kept, by=by, at=at)


def _try(mistakes: list[AuditError], made: Callable[[], Made]) -> Made | None:
    try:
        return made()
    except AuditError as error:
        mistakes.append(error)
        return None


def _without_status(filled: Filled, old: JudgementEntry | None) -> Iterator[AuditError]:
    """An emptied status takes a judgement back, with a reason; without a judgement it lacks one."""
    if old is None:
        words = "、".join(word.zh for word in STATUS_WORDS.values())
        yield filled.error(
            Column.STATUS,
            Text(f"{filled.row.key} 填了内容，没有判断", f"{filled.row.key} is filled in but has no status"),
            Text(f"选一个：{words}；还不能判断就选“未核实”", "choose one; 'not verified' if you can't decide yet"),
        )  # fmt: skip
    elif filled.text(Column.REASON) is None:
        yield filled.error(
            Column.REASON,
            Text(f"撤回 {filled.row.key} 的判断需要理由", f"to take back the judgement of {filled.row.key} needs a reason"),
            Text("写在“理由”列；不想撤回就恢复“判断”", "write it in the column Reason; or restore the status"),
        )  # fmt: skip


def _status(filled: Filled) -> Status:
    word = filled.text(Column.STATUS)
    found = None if word is None else status_of(word)
    if found is None:
        zh = "、".join(text.zh for text in STATUS_WORDS.values())
        en = ", ".join(text.en for text in STATUS_WORDS.values())
        raise filled.error(Column.STATUS, _strange(word), Text(f"可用：{zh}", f"use one of: {en}"))
    return found


def _strange(word: str | None) -> Text:
    said = (word or "")[:60]
    return Text(f"不认识“{said}”", f"'{said}' is not known here")


def _member(filled: Filled, column: Column) -> str | None:
    word = filled.text(column)
    if word is None:
        return None
    file = filled.bench.audit.file
    found = member_named(file, word)
    if found is None:
        ids = ", ".join(member.id for member in file.team)
        raise filled.error(
            column,
            Text(f"审核组没有“{word[:60]}”", f"nobody in the team is '{word[:60]}'"),
            Text(f"审核组：{ids}", f"the team: {ids}"),
        )
    return found


def _moment(filled: Filled) -> dt.datetime | None:
    """The time of a judgement where the paper says one; a row changed under its old time is of now."""
    cell = filled.row.cell(Column.TIME)
    text = filled.text(Column.TIME)
    if text is None or Column.TIME not in filled.changed:
        return None
    found = _MOMENT.fullmatch(text) if cell.kind in {CellKind.DATE, CellKind.TEXT} else None
    try:
        if found is None:
            raise ValueError
        naive = dt.datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError:
        raise filled.error(
            Column.TIME,
            Text(f"“{text[:40]}”不是日期", f"'{text[:40]}' is no date"),
            Text("写成 2026-01-20 14:30", "write it as 2026-01-20 14:30"),
        ) from None
    moment = naive.replace(tzinfo=filled.at.tzinfo)
    if moment > filled.at:
        raise filled.error(
            Column.TIME, Text(f"{text} 在将来", f"{text} is in the future"),
            Text("改正日期，或空着", "correct it, or leave it empty"),
        )  # fmt: skip
    return moment


def _effort(filled: Filled) -> int | None:
    text = filled.text(Column.EFFORT)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or int(text) > _MOST_DAYS:
        raise filled.error(
            Column.EFFORT,
            Text(f"“{text[:40]}”不是人日数", f"'{text[:40]}' is no number of days"),
            Text(f"写 0 到 {_MOST_DAYS} 的整数", f"write a whole number from 0 to {_MOST_DAYS}"),
        )  # fmt: skip
    return int(text)


def _texts(filled: Filled) -> Iterator[AuditError]:
    """New texts that are too long to be kept, or stand where the paper held only the beginning."""
    for column in (c for c in Column if c in filled.changed):
        text = filled.text(column) or ""
        if is_cut(filled.now.text(column)):
            heading = HEADINGS[column]
            yield filled.error(
                column,
                Text(f"“{heading.zh}”在底稿里不完整", f"the paper does not hold all of '{heading.en}'"),
                Text("恢复这一格，用 audit judge 修改", "restore the cell and change it with audit judge"),
            )  # fmt: skip
            continue
        lines = text.split("\n") if column is Column.EVIDENCE else [text]
        if any(len(line) > LONGEST_LINE for line in lines):
            yield filled.error(
                column,
                Text(f"超过 {LONGEST_LINE} 个字符", f"is longer than {LONGEST_LINE} characters"),
                Text("缩短，或放进证据文件", "shorten it, or put it into a file of evidence"),
            )


def _kept_text(filled: Filled, column: Column, old: str | None) -> str | None:
    """A text that was not touched stays as the audit holds it, to the last blank."""
    return filled.text(column) if column in filled.changed else old


def _evidence(filled: Filled, old: JudgementEntry | None) -> tuple[str, ...]:
    """One piece a line; a line that was not touched is the piece it was, line breaks and all."""
    lang = filled.bench.audit.file.language
    known = {} if old is None else {evidence_line(ref, lang): str(ref) for ref in old.evidence}
    if Column.EVIDENCE not in filled.changed:
        return tuple(str(ref) for ref in old.evidence) if old is not None else ()
    lines = (line.strip() for line in (filled.text(Column.EVIDENCE) or "").split("\n"))
    return tuple(known.get(line, line) for line in lines if line)


def _judged(filled: Filled, decision: Decision, by: str, at: dt.datetime) -> JudgementEntry:
    """The judgement by the rules of all judgements; what it lacks is told with the cell to fill in."""
    key = filled.row.key
    try:
        return judged(filled.bench, key, decision, by=by, at=at)
    except AuditError as error:
        found = error.errors if isinstance(error, AuditErrors) else (error,)
        raise_all(_in_its_cell(filled, mistake) for mistake in found)
        raise


def _in_its_cell(filled: Filled, error: AuditError) -> AuditError:
    field = error.where.removeprefix(filled.row.key).strip()
    column = _FIELDS.get(field, Column.STATUS)
    heading = HEADINGS[column]
    hint = error.hint
    if hint is not None and "--" in hint.en:
        hint = Text(f"填写“{heading.zh}”列", f"fill in the column '{heading.en}'")
    return filled.error(
        column,
        Text(f"{filled.row.key}：{error.problem.zh}", f"{filled.row.key}: {error.problem.en}"),
        hint,
    )


def _with_old_hashes(entry: JudgementEntry, old: JudgementEntry | None) -> JudgementEntry:
    """Evidence that was named before keeps the hash it had then: a changed file stays visible."""
    if old is None:
        return entry
    before = {str(ref): ref for ref in old.evidence}
    return entry.model_copy(
        update={"evidence": tuple(before.get(str(ref), ref) for ref in entry.evidence)}
    )
