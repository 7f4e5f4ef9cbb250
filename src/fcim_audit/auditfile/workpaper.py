"""Knows how an audit becomes a work-paper: every requirement with its facts and what was judged."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator

from fcim_audit import __version__
from fcim_audit.auditfile.audit_words import TYPE_WORDS
from fcim_audit.auditfile.journal import canonical
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.paper import (
    SCHEMA,
    CellValue,
    Column,
    PaperRow,
    PaperSheet,
    SheetKind,
    Workpaper,
    cut,
    one_line,
    shown,
)
from fcim_audit.auditfile.schema import (
    AuditFile,
    AuditType,
    EvidenceKind,
    EvidenceRef,
    JudgementEntry,
    MaturityEntry,
    Member,
    Role,
)
from fcim_audit.checklist.schema import Chapter, Clause, Requirement
from fcim_audit.language import Lang, Text
from fcim_audit.told import ToldCheck, ToldPlace, ToldRequirement, ToldWhy
from fcim_audit.wording import STATUS_WORDS, VERDICT_WORDS, clean, measured_text, place_text

PLACES_SHOWN = 5
DAY = 86_400
EVIDENCE_WORDS = {
    EvidenceKind.CHECK: Text("检查", "check"),
    EvidenceKind.INTERVIEW: Text("访谈", "interview"),
    EvidenceKind.OBSERVATION: Text("观察", "observation"),
    EvidenceKind.RECORD: Text("记录", "record"),
}
_NO_PROPOSAL = Text("尚未运行 evaluate", "nothing was evaluated yet")


def workpaper_of(bench: Bench, only: Collection[str] | None = None) -> Workpaper:
    """The work-paper of an audit; `only`: the requirements it is confined to."""
    file = bench.audit.file
    sheets = [PaperSheet(SheetKind.REQUIREMENTS, tuple(_requirement_rows(bench, only)))]
    if file.type is AuditType.GAP or bench.audit.judgements.maturity:
        sheets.append(PaperSheet(SheetKind.MATURITY, tuple(_maturity_rows(bench, only))))
    return Workpaper(
        lang=file.language,
        created=dt.datetime.combine(file.dates.start, dt.time(), dt.UTC),
        facts=tuple(_facts(bench)),
        team=tuple(member_word(m) for m in file.team),
        leads=(member_word(file.lead),),
        sheets=tuple(sheets),
        meta={
            "schema": SCHEMA, "tool": f"fcim-audit {__version__}", "audit": file.id,
            "language": file.language.value, "checklist": bench.checklist.sha256,
            "journal": bench.audit.journal.head,
            "result": "" if bench.proposals is None else bench.proposals.sha256,
        },
    )  # fmt: skip


def member_word(member: Member) -> str:
    """A member of the team as the drop-down says it: id and name."""
    return " ".join(f"{member.id} {shown(member.name, Lang.ZH)}".split())


def member_named(file: AuditFile, word: str) -> str | None:
    """The id of the member whom a cell names: by the drop-down's words, the id or the name."""
    said = " ".join(word.split())
    found = {m.id for m in file.team if said in {member_word(m), m.id, " ".join(m.name.split())}}
    return found.pop() if len(found) == 1 else None


def judgement_cells(file: AuditFile, entry: JudgementEntry | None) -> dict[Column, CellValue]:
    """What an auditor has filled in on a requirement."""
    lang = file.language
    if entry is None:
        return {}
    evidence = "\n".join(evidence_line(ref, lang) for ref in entry.evidence)
    return {
        Column.STATUS: STATUS_WORDS[entry.status].said(lang),
        Column.NOTE: shown(entry.note, lang),
        Column.EVIDENCE: cut(evidence, lang) or None,
        Column.REASON: shown(entry.reason, lang),
        Column.AUDITOR: _named(file, entry.by),
        Column.TIME: entry.at.replace(tzinfo=None, second=0, microsecond=0),
        Column.APPROVED: None if entry.approved_by is None else _named(file, entry.approved_by),
        Column.EFFORT: entry.effort,
    }


def maturity_cells(file: AuditFile, entry: MaturityEntry | None) -> dict[Column, CellValue]:
    """What an auditor has filled in on a clause."""
    if entry is None:
        return {}
    return {
        Column.LEVEL: f"L{entry.level}",
        Column.NOTE: shown(entry.note, file.language),
        Column.AUDITOR: _named(file, entry.by),
        Column.TIME: entry.at.replace(tzinfo=None, second=0, microsecond=0),
    }


def evidence_line(ref: EvidenceRef, lang: Lang) -> str:
    """A piece of evidence as its line in the cell says it: `访谈：…`; a file without its kind."""
    kind = EVIDENCE_WORDS.get(ref.kind)
    said = "" if kind is None else f"{kind.said(lang)}{Text('：', ': ').said(lang)}"
    return clean(f"{said}{one_line(ref.ref)}")


def found_digest(said: ToldRequirement | None) -> str:
    """A short hash of what the tool found on a requirement, whatever the words."""
    if said is None:
        return "none"
    found = {
        "status": said.status.value,
        "why": [why.rule for why in said.why],
        "checks": [
            [c.id, c.verdict.value, c.measured.value, c.numerator, c.denominator, c.exceptions.count]
            for c in said.checks
        ],
    }  # fmt: skip
    return hashlib.sha256(canonical(found)).hexdigest()[:16]


def _named(file: AuditFile, id_: str) -> str:
    member = file.member(id_)
    return id_ if member is None else member_word(member)


def _requirement_rows(bench: Bench, only: Collection[str] | None) -> Iterator[PaperRow]:
    entries = bench.audit.judgements.requirements
    for chapter, clause in bench.checklist.clauses():
        for requirement in clause.requirements:
            if only is not None and requirement.id not in only:
                continue
            said = bench.proposal(requirement.id)
            cells = {
                **_asked(bench.audit.file.language, chapter, clause, requirement),
                **_found(bench.audit.file.language, requirement, said),
                **judgement_cells(bench.audit.file, entries.get(requirement.id)),
            }
            yield PaperRow(requirement.id, cells, found_digest(said))


def _maturity_rows(bench: Bench, only: Collection[str] | None) -> Iterator[PaperRow]:
    lang = bench.audit.file.language
    for chapter, clause in bench.checklist.clauses():
        ids = [r.id for r in clause.requirements]
        if not ids or (only is not None and not any(id_ in only for id_ in ids)):
            continue
        entry = bench.audit.judgements.maturity.get(clause.id)
        cells: dict[Column, CellValue] = {
            Column.KEY: clause.id,
            Column.CHAPTER: f"{chapter.chapter} {chapter.title.said(lang)}",
            Column.CLAUSE: f"{clause.id} {clause.title.said(lang)}",
            **maturity_cells(bench.audit.file, entry),
        }
        yield PaperRow(clause.id, cells)


def _asked(
    lang: Lang, chapter: Chapter, clause: Clause, requirement: Requirement
) -> dict[Column, CellValue]:
    """What the checklist says of a requirement."""
    asked = [requirement.question, *(c.question for c in requirement.checks if c.kind == "manual")]
    questions = list(dict.fromkeys(q.said(lang) for q in asked if q is not None))
    return {
        Column.KEY: requirement.id,
        Column.CHAPTER: f"{chapter.chapter} {chapter.title.said(lang)}",
        Column.CLAUSE: f"{clause.id} {clause.title.said(lang)}",
        Column.ID: requirement.id,
        Column.TITLE: requirement.title.said(lang),
        Column.CRITERION: shown(requirement.criterion.said(lang), lang),
        Column.QUESTION: shown("\n".join(questions), lang) or None,
        Column.ASK_FOR: _said(requirement.ask_for, lang),
        Column.SAMPLING: _said(requirement.sampling, lang),
    }


def _said(text: Text | None, lang: Lang) -> str | None:
    return None if text is None else shown(text.said(lang), lang)


def _found(
    lang: Lang, requirement: Requirement, said: ToldRequirement | None
) -> dict[Column, CellValue]:
    """What the tool proposes, why, what it measured, and where."""
    if said is None:
        return {Column.BASIS: _NO_PROPOSAL.said(lang)}
    titles = {f"{requirement.id}.{c.name}": c.title for c in requirement.checks}
    basis = [_why(w, lang) for w in said.why]
    measured = [_measured(c, titles.get(c.id), lang) for c in said.checks if c.kind != "manual"]
    places = [_place(p) for c in said.checks for p in c.exceptions.places][:PLACES_SHOWN]
    return {
        Column.PROPOSAL: STATUS_WORDS[said.status].said(lang),
        Column.BASIS: shown("\n".join(basis), lang) or None,
        Column.MEASURED: shown("\n".join(measured), lang) or None,
        Column.PLACES: shown("\n".join(dict.fromkeys(places)), lang) or None,
    }


def _why(why: ToldWhy, lang: Lang) -> str:
    """A rule by its number and words; what is no rule of the profile by its words alone."""
    words = why.zh if lang is Lang.ZH else why.en
    return f"{why.rule}  {words}" if re.fullmatch(r"[A-Za-z]\d+", why.rule) else words


def _measured(check: ToldCheck, title: Text | None, lang: Lang) -> str:
    """`6.3-d.response within 2 h: fail 117/120 = 97.5 % (≥ 100 %)`."""
    named = f"{check.id} {title.said(lang)}" if title is not None else check.id
    verdict = VERDICT_WORDS[check.verdict].said(lang)
    figure = "" if check.measured.value is None else measured_text(check.outcome(), lang)
    return f"{named}{Text('：', ': ').said(lang)}{f'{verdict} {figure}'.strip()}"


def _place(place: ToldPlace) -> str:
    return f"{place_text(place.exception)} {place.key}".strip()


def _facts(bench: Bench) -> Iterator[tuple[Text, str]]:
    """What the cover says of the audit."""
    file, lang = bench.audit.file, bench.audit.file.language
    yield Text("受审核方", "Auditee"), file.organisation.name
    if file.certification_body is not None:
        yield Text("认证机构", "Certification body"), file.certification_body.name
    yield Text("审核编号", "Audit"), file.id
    yield Text("审核类型", "Type"), TYPE_WORDS[file.type].said(lang)
    yield (
        Text("准则", "Criteria"),
        f"{bench.checklist.head.title.said(lang)} {file.criteria.edition}",
    )
    yield Text("范围", "Scope"), file.scope
    yield Text("目的", "Objectives"), "\n".join(file.objectives)
    yield Text("日期", "Dates"), f"{file.dates.start} – {file.dates.end}"
    for member in file.team:
        clauses = ", ".join(member.clauses)
        lead = Text("（组长）", " (lead)").said(lang) if member.role is Role.LEAD else ""
        yield (
            Text("审核组", "Team"),
            f"{member_word(member)}{lead}{'  ' if clauses else ''}{clauses}",
        )
    if bench.proposals is not None:
        yield Text("证据截止", "Cut-off of the evidence"), bench.proposals.result.as_of
