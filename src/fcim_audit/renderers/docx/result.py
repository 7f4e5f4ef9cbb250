"""Knows what a Word template may say of a result: verdict, figures, requirements, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from fcim_audit.assessment import Kpi, RequirementAssessment, Score
from fcim_audit.document_kinds import KIND_WORDS, Kind
from fcim_audit.language import Text
from fcim_audit.model import ExceptionRow, Outcome, Status, Verdict
from fcim_audit.renderers.claim_words import claimed_text, difference_text
from fcim_audit.renderers.docx.bars import LENGTH, bar, kpi_bar, split
from fcim_audit.renderers.docx.fields import (
    ChapterField,
    ClauseField,
    FactField,
    Fields,
    FileField,
    FindingField,
    KpiField,
    LimitField,
    NoteField,
    OpenRuleField,
    TileField,
    UnusedField,
)
from fcim_audit.renderers.docx.requirements import requirement_fields
from fcim_audit.renderers.sources import cells_text
from fcim_audit.report import (
    DRAFT,
    DRAFT_NOTE,
    RECOMMENDATION_WORDS,
    Report,
    draft_why,
    is_draft,
    state_of,
)
from fcim_audit.report_facts import Tile, red_flag_statement, sampling_statement, tiles
from fcim_audit.wording import (
    STATUS_WORDS,
    VERDICT_WORDS,
    beside_texts,
    clean,
    decimals,
    figure_text,
    limit_text,
    measured_text,
    part_text,
    place_text,
    target_text,
    why_text,
)

PLACES_SHOWN = 20
_INTERNAL = ("9.2", "9.3")
_BARS = (Status.CONFORM, Status.OFI, Status.MINOR, Status.MAJOR)


def result_fields(report: Report, kind: Kind | None) -> Fields:
    """The fields of the result; `kind` None: a bundle alone, which has no document of an audit."""
    judgement, recommendation = report.judgement, report.judgement.recommendation
    overall = judgement.overall
    requirements = tuple(requirement_fields(report))
    return Fields(
        title=_title(report, kind),
        stamp=report.said(DRAFT) if is_draft(report, kind) else "",
        stamp_why=report.said(draft_why(report, kind)), document_state=report.said(state_of(report, kind)),
        organisation=clean(report.organisation.name),
        period_start=str(report.period_start.date()), period_end=str(report.period_end.date()),
        as_of=str(report.as_of.date()),
        checklist=report.said(judgement.checklist.title),
        criteria_edition=judgement.checklist.edition, checklist_sha256=judgement.checklist.sha256,
        profile=f"{judgement.profile.id} ({judgement.profile.edition})",
        profile_sha256=judgement.profile.sha256,
        tool=f"fcim-audit {report.version} ({report.engine})",
        verdict=report.said(report.verdict),
        recommendation=report.said(RECOMMENDATION_WORDS[recommendation.code]),
        recommendation_why=tuple(report.said(why) for why in recommendation.why),
        note=report.said(DRAFT_NOTE),
        majors=report.count(Status.MAJOR), minors=report.count(Status.MINOR),
        ofis=report.count(Status.OFI), conforms=report.count(Status.CONFORM),
        not_applicables=report.count(Status.NOT_APPLICABLE),
        unverified=report.count(Status.NOT_VERIFIED),
        unjudged=sum(r.decided is None for r in report.requirements),
        verified=f"{overall.verified}/{overall.applicable}",
        score="—" if overall.score is None else decimals(overall.score, 1),
        open_count=len(report.open_rules), question_count=report.manual_questions,
        kpis=tuple(_kpi(report, kpi) for kpi in judgement.kpis),
        chapters=tuple(_chapter(report, score) for score in judgement.chapters),
        findings=tuple(_finding(report, n, r) for n, r in enumerate(report.findings, 1)),
        requirements=requirements,
        internal_audit=tuple(r for r in requirements if r.clause in _INTERNAL),
        open_requirements=tuple(
            shown for r, shown in zip(report.requirements, requirements, strict=True)
            if r.status is Status.NOT_VERIFIED
        ),
        open_rules=tuple(
            OpenRuleField(
                o.check_id, report.said(VERDICT_WORDS[o.verdict]),
                clean("; ".join(report.said(reason) for reason in o.reasons)),
            )
            for _, o in report.open_rules
        ),
        unused=tuple(
            UnusedField(clean(where), clean(report.said(what)))
            for where, what in report.not_looked_at
        ),
        clauses=tuple(
            ClauseField(
                f"{clause} {report.said(judgement.clause_titles[clause])}",
                "\n".join(report.said(says) for says in told),
            )
            for clause, told in judgement.lead_ins.items()
        ),
        notes=tuple(
            NoteField(
                note.id, ", ".join(note.clauses) or report.said(Text("全文", "all")),
                report.said(note.defect), report.said(note.reading),
            )
            for note in judgement.notes
        ),
        plan=tuple(_limits(report)), files=tuple(_files(report)),
        tiles=tuple(_tile(report, tile) for tile in tiles(report)),
        sampling=tuple(report.said(text) for text in sampling_statement(report)),
        red_flags=tuple(clean(report.said(text)) for text in red_flag_statement(report)),
        sql_count=sum(o.sql is not None for r in report.requirements for o in r.outcomes),
    )  # fmt: skip


def _title(report: Report, kind: Kind | None) -> str:
    words = Text("审核结果报告", "Audit result") if kind is None else KIND_WORDS[kind]
    return report.said(words)


def _limits(report: Report) -> Iterator[LimitField]:
    for p in report.judgement.plan:
        source = Text("缺省值", "default") if p.is_default else Text("组织声明", "declared")
        yield LimitField(
            report.said(p.title), clean(limit_text(p.value, report.lang)), report.said(source)
        )


def _files(report: Report) -> Iterator[FileField]:
    for f in report.files:
        told = "; ".join(f"{s.name or ''} {s.dataset or '—'}: {s.row_count}" for s in f.sheets)
        if f.unreadable is not None:
            told = report.said(f.unreadable)
        yield FileField(clean(f.file), f.sha256, clean(told))


def _tile(report: Report, tile: Tile) -> TileField:
    parts = "  ".join(f"{report.said(p.word)} {p.count}" for p in tile.parts if p.count)
    return TileField(report.said(tile.title), tile.figure, parts or "—")


def _kpi(report: Report, kpi: Kpi) -> KpiField:
    words = {
        True: Text("√ 达标", "√ met"),
        False: Text("× 未达标", "× missed"),
        None: Text("未核实", "not verified"),
    }
    shown = figure_text(kpi.measured, report.lang)
    if kpi.numerator is not None and kpi.measured.unit == "ratio":
        shown = f"{shown} ({kpi.numerator}/{kpi.denominator})"
    long = kpi_bar(kpi)
    return KpiField(
        kpi.id, report.said(kpi.name), claimed_text(kpi, report.lang) or "—", shown,
        difference_text(kpi, report.lang), target_text(kpi.target, kpi.measured.unit),
        report.said(words[kpi.attained]), _parts(report, kpi),
        bar(long if kpi.attained else 0), bar(0 if kpi.attained else long), bar(LENGTH - long),
    )  # fmt: skip


def _parts(report: Report, kpi: Kpi) -> str:
    """The figure of each month and site; those that miss the target are marked."""
    nameless = report.said(Text("（未写明）", "(not named)"))
    told = [
        f"{'× ' if part.met is False else ''}{part.label or nameless}: {part_text(part, report.lang)}"
        for part in kpi.parts
    ]
    return clean(report.said(Text("；", "; ")).join(told)) or "—"


def _chapter(report: Report, score: Score) -> ChapterField:
    clauses = f"{score.id}."
    mine = [r for r in report.requirements if r.clause.startswith(clauses)]
    counts = [sum(r.status is status for r in mine) for status in _BARS]
    rest = sum(r.status is Status.NOT_VERIFIED for r in mine)
    conform, ofi, minor, major, open_ = split([*counts, rest])
    told = zip((*_BARS, Status.NOT_VERIFIED), (*counts, rest), strict=True)
    return ChapterField(
        score.id, report.said(score.title), f"{score.verified}/{score.applicable}",
        "—" if score.score is None else decimals(score.score, 1),
        "  ".join(f"{report.said(STATUS_WORDS[s])} {n}" for s, n in told if n),
        bar(conform), bar(ofi), bar(minor), bar(major), bar(open_),
    )  # fmt: skip


def _finding(report: Report, number: int, r: RequirementAssessment) -> FindingField:
    failed = [o for o in r.outcomes if o.verdict is Verdict.FAIL] or list(r.outcomes)
    return FindingField(
        number, r.id, report.said(STATUS_WORDS[r.status]), report.said(r.title),
        report.said(r.criterion), clean("; ".join(f"{w.rule} {report.said(w.says)}" for w in r.why)),
        tuple(_facts(report, o) for o in failed if o.question is None),
    )  # fmt: skip


def _facts(report: Report, outcome: Outcome) -> FactField:
    places = [_place(report, e) for e in outcome.exceptions[:PLACES_SHOWN]]
    left = outcome.exception_count - len(places)
    if left > 0:
        more = Text(f"还有 {left} 处，见工作簿", f"and {left} more, see the workbook")
        places.append(report.said(more))
    remarks = [*beside_texts(outcome, report.lang), *(report.said(n) for n in outcome.reasons)]
    return FactField(
        outcome.check_id, measured_text(outcome, report.lang), clean("; ".join(remarks)),
        tuple(places),
    )  # fmt: skip


def _place(report: Report, e: ExceptionRow) -> str:
    parts = (place_text(e), e.key, why_text(e, report.lang), cells_text(e, report.lang))
    return clean("  ".join(part for part in parts if part))
