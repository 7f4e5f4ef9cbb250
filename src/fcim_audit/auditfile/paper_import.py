"""Knows what importing a work-paper would change, and everything in it that can't be taken over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fcim_audit.auditfile.folder import JUDGEMENTS, Ledger
from fcim_audit.auditfile.journal import START
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.paper import (
    HEADINGS,
    SHEET_COLUMNS,
    TO_FILL,
    CellValue,
    Column,
    PaperRow,
    SheetKind,
    digest,
    same,
    written,
)
from fcim_audit.auditfile.paper_cells import Filled, filled_judgement, filled_maturity
from fcim_audit.auditfile.paper_returned import (
    Grid,
    GridRow,
    Sent,
    grids_of,
    rows_of,
    sent_of,
)
from fcim_audit.auditfile.schema import JudgementEntry, MaturityEntry
from fcim_audit.auditfile.workpaper import judgement_cells, maturity_cells, workpaper_of
from fcim_audit.errors import AuditError, AuditErrors, raise_all
from fcim_audit.evidence.returned import CellKind, ReturnedSheet
from fcim_audit.language import Text

_PATHS = {SheetKind.REQUIREMENTS: "requirements", SheetKind.MATURITY: "maturity"}
_GROUNDS = {SheetKind.REQUIREMENTS: Column.REASON, SheetKind.MATURITY: Column.NOTE}
Entry = JudgementEntry | MaturityEntry


@dataclass(frozen=True, slots=True)
class CellChange:
    """One field that an import would change."""

    kind: SheetKind
    key: str
    field: Column
    old: str
    new: str
    by: str
    """Whose judgement it is; for one taken back, who takes it back."""
    cell: str


@dataclass(frozen=True, slots=True)
class PaperImport:
    """What an import would do: changes, the entries they make, what is refused, what is only said."""

    changes: tuple[CellChange, ...]
    entries: Mapping[tuple[SheetKind, str], Entry | None]
    refusals: tuple[AuditError, ...]
    remarks: tuple[Text, ...]
    retracted: Mapping[str, str]
    """Judgements that are taken back, with the reason."""
    at: dt.datetime
    """When it was planned: the time of every judgement whose cell names none."""

    def takes_back(self, change: CellChange) -> bool:
        """Whether a change is of a judgement that is taken back."""
        return self.entries[change.kind, change.key] is None

    def write(self, ledger: Ledger, *, by: str, file: str) -> None:
        """Put every entry into the audit, as one line of its journal."""
        for (kind, key), entry in self.entries.items():
            ledger.put(JUDGEMENTS, (_PATHS[kind], key), entry)
        back = Text("撤回", "taken back").said(ledger.audit.file.language)
        taken_back = [f"{key} {back}: {reason}" for key, reason in self.retracted.items()]
        ledger.commit(by=by, at=self.at, action="workpaper", note="\n".join([file, *taken_back]))


def planned(
    bench: Bench, sheets: Sequence[ReturnedSheet], name: str, *, by: str, at: dt.datetime
) -> PaperImport:
    """What the paper changes in the audit as it stands; raises AuditError if it is not of this audit."""
    sent = sent_of(sheets, name)
    raise_all(_foreign(bench, sent, name))
    grids = grids_of(sheets, sent, name)
    return _Plan(bench, sent, by, at).of(grids)


def _foreign(bench: Bench, sent: Sent, name: str) -> Iterator[AuditError]:
    audit = bench.audit
    if sent.facts.get("audit") != audit.file.id:
        other = sent.facts.get("audit", "?")
        yield AuditError(
            Text(f"是另一次审核的工作底稿（{other}）", f"is the work-paper of another audit ({other})"),
            name,
            Text("用 -C 指出它的审核文件夹", "name the folder of its audit with -C"),
        )  # fmt: skip
        return
    if sent.facts.get("checklist") != bench.checklist.sha256:
        yield AuditError(
            Text("是按另一版检查表导出的", "was exported by another edition of the checklist"),
            name,
            Text("重新导出", "export again"),
        )
    heads = {START, *(entry.hash for entry in audit.journal.entries)}
    if sent.facts.get("journal") not in heads:
        yield AuditError(
            Text(
                "不是从这个审核文件夹导出的（日志里没有导出时的那一条）",
                "was not exported from this audit folder (its journal does not know that moment)",
            ),
            name,
            Text("导入到导出它的文件夹，或重新导出", "import it where it was exported, or export again"),
        )  # fmt: skip


class _Plan:
    """An import under way."""

    def __init__(self, bench: Bench, sent: Sent, by: str, at: dt.datetime) -> None:
        self._bench = bench
        self._sent = sent
        self._by = by
        self._at = at
        paper = workpaper_of(bench)
        self._now = {(s.kind, row.key): row for s in paper.sheets for row in s.rows}
        self._changes: list[CellChange] = []
        self._entries: dict[tuple[SheetKind, str], Entry | None] = {}
        self._refusals: list[AuditError] = []
        self._retracted: dict[str, str] = {}

    def of(self, grids: Sequence[Grid]) -> PaperImport:
        """Look at every row of every sheet."""
        remarks: list[Text] = []
        seen: set[tuple[SheetKind, str]] = set()
        for grid in grids:
            rows = list(rows_of(grid))
            twice = _twice(rows)
            for row in rows:
                try:
                    self._row(row, twice)
                except AuditError as error:
                    self._refusals += error.errors if isinstance(error, AuditErrors) else (error,)
            seen |= {(grid.kind, row.key) for row in rows}
            if grid.strange:
                names = ", ".join(grid.strange)
                remarks.append(
                    Text(
                        f"{grid.name}：不读的列：{names}", f"{grid.name}: columns not read: {names}"
                    )
                )
        remarks += self._said(seen)
        return PaperImport(
            tuple(self._changes), self._entries, tuple(self._refusals), tuple(remarks),
            self._retracted, self._at,
        )  # fmt: skip

    def _said(self, seen: set[tuple[SheetKind, str]]) -> Iterator[Text]:
        gone = [key for kind, key in self._sent.digests if (kind, key) not in seen]
        if gone:
            shown = ", ".join(gone[:20]) + (" …" if len(gone) > 20 else "")
            yield Text(
                f"底稿里删去了 {len(gone)} 行，判断不变：{shown}",
                f"{len(gone)} rows were removed from the paper; their judgements stay: {shown}",
            )
        proposals = self._bench.proposals
        if self._sent.facts.get("result", "") != ("" if proposals is None else proposals.sha256):
            yield Text(
                "导出后重新判定过（evaluate）；建议或实测有变的要求不导入",
                "the evidence was evaluated again since the export; requirements of which the tool now "
                "finds something else are refused",
            )

    def _row(self, row: GridRow, twice: frozenset[str]) -> None:
        kind, key = row.grid.kind, row.key
        sent, now = self._sent.digests.get((kind, key)), self._now.get((kind, key))
        if sent is None or now is None or key in twice:
            raise _unknown(row, twice)
        changed = row.changed(sent, [c for c in SHEET_COLUMNS[kind] if c in TO_FILL])
        if changed and all(same(row.cell(c).text) == same(now.text(c)) for c in changed):
            changed = ()
        moved = _moved(row, sent, now)
        if moved and changed and self._stands(row, now, changed):
            changed = ()
        raise_all([*_damaged(row, sent), *_stale(row, sent, now, changed, moved)])
        if changed:
            self._take(row, now, changed)

    def _stands(self, row: GridRow, now: PaperRow, changed: Sequence[Column]) -> bool:
        """Whether the audit holds already what the paper says: a paper that is imported again."""
        said = Column.LEVEL if row.grid.kind is SheetKind.MATURITY else Column.STATUS
        if not row.cell(said).text.strip():
            return not now.text(said)
        try:
            _, cells, by = self._made(row, now, changed)
        except AuditError:
            return False
        own = {c for c in (Column.AUDITOR, Column.TIME) if not row.cell(c).text.strip()}
        return {change.field for change in _differences(row, now, cells, by)} <= own

    def _made(
        self, row: GridRow, now: PaperRow, changed: Sequence[Column]
    ) -> tuple[Entry | None, Mapping[Column, CellValue], str]:
        """The entry that a changed row means, its cells, and whose it is."""
        filled = Filled(self._bench, row, now, frozenset(changed), self._by, self._at)
        file = self._bench.audit.file
        entry: Entry | None
        if row.grid.kind is SheetKind.REQUIREMENTS:
            entry = judgement = filled_judgement(filled)
            cells = judgement_cells(file, judgement)
        else:
            entry = level = filled_maturity(filled)
            cells = maturity_cells(file, level)
        return entry, cells, self._by if entry is None else entry.by

    def _take(self, row: GridRow, now: PaperRow, changed: Sequence[Column]) -> None:
        """Keep the entry that a changed row means, and what differs from the one that stands."""
        entry, cells, who = self._made(row, now, changed)
        if entry is None:
            self._retracted[row.key] = row.cell(_GROUNDS[row.grid.kind]).text.strip()
        changes = list(_differences(row, now, cells, who))
        only_time = all(change.field is Column.TIME for change in changes)
        if entry is None or not only_time or Column.TIME in changed:
            self._entries[row.grid.kind, row.key] = entry
            self._changes += changes


def _twice(rows: Sequence[GridRow]) -> frozenset[str]:
    keys = [row.key for row in rows]
    return frozenset(key for key in keys if key and keys.count(key) > 1)


def _unknown(row: GridRow, twice: frozenset[str]) -> AuditError:
    if row.key in twice:
        return AuditError(
            Text(f"{row.key} 有两行", f"{row.key} stands on two rows"),
            row.where(Column.KEY),
            Text("只留一行", "keep one of them"),
        )
    if not row.key:
        return AuditError(
            Text("这一行没有键，不知道说的是哪一项", "this row has no key: nothing says what it is about"),
            row.where(Column.KEY),
            Text("把内容写到那一项自己的行里，删去这一行", "write it on the row of its requirement, remove this one"),
        )  # fmt: skip
    return AuditError(
        Text(f"导出时没有 {row.key[:60]}", f"the export had no {row.key[:60]}"),
        row.where(Column.KEY),
        Text("删去这一行，或导出含有它的底稿", "remove the row, or export a paper that has it"),
    )


def _damaged(row: GridRow, sent: Mapping[str, str]) -> Iterator[AuditError]:
    """Formulas and errors anywhere, and facts that are not those that went out."""
    columns = SHEET_COLUMNS[row.grid.kind]
    odd = {
        c: row.cell(c).kind
        for c in columns
        if row.cell(c).kind in {CellKind.FORMULA, CellKind.ERROR}
    }
    for column, kind in odd.items():
        problem = (
            Text("是公式", "is a formula")
            if kind is CellKind.FORMULA
            else Text("是错误值", "is an error value")
        )
        yield AuditError(
            problem,
            row.where(column),
            Text("写成文字或数字；以 = 开头的文字先写单引号", "write text or a number; put ' before a text that begins with ="),
        )  # fmt: skip
    locked = [c for c in columns if c not in TO_FILL and c not in odd]
    for column in row.changed(sent, locked):
        heading = HEADINGS[column]
        yield AuditError(
            Text(f"{row.key} 锁定的“{heading.zh}”被改动", f"the locked '{heading.en}' of {row.key} was changed"),
            row.where(column),
            Text("恢复原文；有意见写在“记录”里", "restore it; write what you think into the note"),
        )  # fmt: skip


def _moved(row: GridRow, sent: Mapping[str, str], now: PaperRow) -> list[Column]:
    """What is not in the audit as it was when the paper went out."""
    filled = [c for c in SHEET_COLUMNS[row.grid.kind] if c in TO_FILL]
    return [c for c in filled if digest(row.key, c, now.text(c)) != sent.get(c.value)]


def _stale(
    row: GridRow,
    sent: Mapping[str, str],
    now: PaperRow,
    changed: Sequence[Column],
    moved: Sequence[Column],
) -> Iterator[AuditError]:
    """What happened in the audit since the export, where the paper changes the same row."""
    if not changed:
        return
    if moved:
        theirs = now.text(moved[0]) or "—"
        heading = HEADINGS[moved[0]]
        yield AuditError(
            Text(
                f"{row.key} 在导出后已在审核中改为“{heading.zh}”：{theirs[:80]}，底稿也改了它",
                f"{row.key} was changed in the audit since the export ('{heading.en}': {theirs[:80]}), "
                f"and the paper changes it too",
            ),
            row.where(changed[0]),
            Text("重新导出后再填，或用 audit judge 决定", "export again and fill in, or decide with audit judge"),
        )  # fmt: skip
    if sent.get("found") != now.proposal:
        yield AuditError(
            Text(f"{row.key} 的建议或实测在导出后变了", f"what the tool finds on {row.key} has changed since the export"),
            row.where(Column.PROPOSAL if Column.PROPOSAL in row.grid.columns else Column.KEY),
            Text("重新导出，看过新的实测再判断", "export again and judge by the new figures"),
        )  # fmt: skip


def _differences(
    row: GridRow, now: PaperRow, cells: Mapping[Column, CellValue], by: str
) -> Iterator[CellChange]:
    for column in SHEET_COLUMNS[row.grid.kind]:
        old, new = now.text(column), written(cells.get(column))
        if column in TO_FILL and old != new:
            yield CellChange(row.grid.kind, row.key, column, old, new, by, row.where(column))
