"""A small audit that stands on nothing that is shipped but the grading rules: three requirements, one finding."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from fcim_audit.assessment import Decided, Judgement, RecommendationCode, Source
from fcim_audit.auditfile.due import Due
from fcim_audit.auditfile.schema import AuditFile, FindingEntry, FindingPlace, Instance
from fcim_audit.auditfile.whatif import Do, Fix, Way
from fcim_audit.checklist.schema import Chapter, Checklist, Head
from fcim_audit.checklist.shipped import shipped
from fcim_audit.evaluate import Evaluation
from fcim_audit.evidence.bundle import Organisation
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.expression import Moment
from fcim_audit.judge import judge
from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    Breakdown,
    Comparator,
    Counts,
    Dimension,
    ExceptionRow,
    Figure,
    Outcome,
    Place,
    RequirementResult,
    SheetSource,
    SourceCell,
    SourceColumn,
    Status,
    Target,
    Verdict,
)
from fcim_audit.profile import DueStep, load_profile
from fcim_audit.report import HeldAudit, Report

START, END = dt.datetime(2025, 1, 1), dt.datetime(2025, 12, 31)
AS_OF = dt.datetime(2026, 1, 15)
FILE, SHEET = "客服/工单.xlsx", "工单"
LATE = (17, "T-017", "2025-03-01 13:05"), (42, "T-042", "2025-04-09 18:30")


def small(lang: Lang) -> Report:
    """The audit as a report in one language."""
    judgement = _judgement()
    return Report(
        lang=lang, version="0.0.0", bundle="YQ-1",
        organisation=Organisation(name="云栖物业服务有限公司", code="YQ"),
        period_start=START, period_end=END, as_of=AS_OF, engine="duckdb",
        judgement=judgement, files=(_file(),), audit=_held(),
    )  # fmt: skip


def _checklist() -> Checklist:
    head = Head.model_validate(
        {
            "checklist": "1", "id": "small", "edition": "1",
            "title": {"zh": "小检查表", "en": "Small checklist"},
            "criteria": {"zh": "小准则", "en": "Small criteria"},
            "plan": {"review_limit": {"default": "12 months", "title": {"zh": "评审间隔", "en": "Time between reviews"}}},
        }
    )  # fmt: skip
    return Checklist(head, (_chapter("4", "4.1-a", "4.1-b"), _chapter("6", "6.3-d")), {}, "1" * 64)


def _chapter(number: str, *ids: str) -> Chapter:
    titles = {"4": ("组织环境", "Context"), "6": ("策划", "Planning")}[number]
    words = {
        "4.1-a": ("评审外部环境", "External context is reviewed"),
        "4.1-b": ("了解同行的做法", "Practice of peers is known"),
        "6.3-d": ("及时响应反馈", "Feedback is answered in time"),
    }
    return Chapter.model_validate(
        {
            "chapter": number, "title": dict(zip(("zh", "en"), titles, strict=True)),
            "clauses": [
                {
                    "id": ids[0].split("-")[0], "title": dict(zip(("zh", "en"), titles, strict=True)),
                    "requirements": [
                        {
                            "id": id_, "title": {"zh": words[id_][0], "en": words[id_][1]},
                            "criterion": {"zh": f"{words[id_][0]}，有记录。", "en": f"{words[id_][1]}, with records."},
                            "modality": "shall", "weight": 2,
                            "question": {"zh": "怎么做？", "en": "How is it done?"},
                            "checks": [{"name": "asked", "kind": "manual"}],
                        }
                        for id_ in ids
                    ],
                }
            ],
        }
    )  # fmt: skip


def _judgement() -> Judgement:
    checklist = _checklist()
    profile = load_profile(shipped("checklists") / "profiles" / "iso17021-2015.yaml")
    moment = Moment(AS_OF, START, END, checklist.defaults)
    results = (RequirementResult("4.1-a", (_reviewed(),)), RequirementResult("4.1-b", (_asked(),)),
               RequirementResult("6.3-d", (_answered(),)))  # fmt: skip
    found = Evaluation(results, moment, frozenset(checklist.defaults), frozenset(), "duckdb")
    judged = judge(checklist, found, profile)
    rules = Source("rules", "2026-01-01", "2" * 64, Text("规则", "Rules"))
    kpis = tuple(replace(kpi, claimed=Fraction(99, 100)) for kpi in judged.kpis)
    decided = [
        replace(r, decided=_DECIDED[r.id], status=_STATUS[r.id]) for r in judged.requirements
    ]
    decided[-1] = replace(decided[-1], findings=("YQ-1-NC01",))
    return replace(judged, profile=rules, kpis=kpis, requirements=tuple(decided))


def _reviewed() -> Outcome:
    return Outcome(
        check_id="4.1-a.reviewed", kind="records", verdict=Verdict.PASS,
        measured=Figure(Fraction(1), "ratio"), target=Target(Comparator.AT_LEAST, Fraction(1)),
        numerator=4, denominator=4, counts=Counts(good=4, bad=0), datasets=("context_register",),
        sql="SELECT 1", title=Text("按期评审", "Reviewed in time"),
    )  # fmt: skip


def _asked() -> Outcome:
    return Outcome(
        check_id="4.1-b.asked", kind="manual", verdict=Verdict.MANUAL,
        measured=Figure(None, ""), question=Text("怎么做？", "How is it done?"),
    )  # fmt: skip


def _answered() -> Outcome:
    rows = tuple(
        ExceptionRow(
            Place(FILE, SHEET, row), key, "late", False, {"first_response_at": at},
            (SourceCell("first_response_at", "首次响应时间", f"E{row}", at),),
        )
        for row, key, at in LATE
    )  # fmt: skip
    target = Target(Comparator.AT_LEAST, Fraction(1))
    return Outcome(
        check_id="6.3-d.response", kind="metric", verdict=Verdict.FAIL,
        measured=Figure(Fraction(39, 40), "ratio"), target=target, numerator=78, denominator=80,
        counts=Counts(good=78, bad=2), exceptions=rows, exception_count=2,
        datasets=("feedback_tickets",), sql="SELECT count(*) FROM feedback_tickets", is_kpi=True,
        title=Text("2 小时内响应", "Answered within 2 hours"),
        by=tuple(
            Breakdown(Dimension.MONTH, month, Figure(Fraction(n, 40), "ratio"), n, 40, 0, n == 40)
            for month, n in (("2025-03", 38), ("2025-04", 40))
        ),
        sources=(
            SheetSource(
                "feedback_tickets", FILE, "3" * 64, SHEET, "A3:F82", 3, 82, 80, 1,
                (SourceColumn("first_response_at", "首次响应时间", "E"),),
            ),
        ),
    )  # fmt: skip


def _said(note: str, proposed: Status) -> Decided:
    at = dt.datetime(2026, 1, 21, 9, 30, tzinfo=dt.UTC)
    return Decided(
        by="A1", at=at, evidence=("interview: 客服主管",), note=note, reason=None, proposed=proposed, rule="m1"
    )  # fmt: skip


_STATUS = {"4.1-a": Status.CONFORM, "4.1-b": Status.NOT_VERIFIED, "6.3-d": Status.MINOR}
_DECIDED = {
    "4.1-a": _said("", Status.CONFORM), "4.1-b": None, "6.3-d": _said("两张工单逾期 <b>", Status.MINOR),
}  # fmt: skip


def _file() -> FileReport:
    sheet = SheetReport(
        name=SHEET, visible=True, dataset="feedback_tickets", header_rows=(2,),
        headings=("工单编号", "首次响应时间"), columns={"id": "工单编号", "first_response_at": "首次响应时间"},
        row_count=80, left_out=(), problem_count=0, problems=(), empty_cells={}, metadata={},
        cells=(0, 4), extent=(3, 82),
    )  # fmt: skip
    return FileReport(FILE, "3" * 64, 9000, "xlsx", None, (sheet,), None)


def _held() -> HeldAudit:
    file = AuditFile.model_validate(
        {
            "audit": "1", "id": "YQ-1", "type": "stage_2",
            "organisation": {"name": "云栖物业服务有限公司", "sites": [{"id": "S1", "name": "总部"}]},
            "criteria": {"edition": "1", "sha256": "1" * 64}, "scope": "物业服务",
            "objectives": ["验证符合性"], "dates": {"start": "2026-01-20", "end": "2026-01-22"},
            "team": [{"id": "A1", "name": "张三", "role": "lead"}], "independence": "近三年未提供咨询",
        }
    )  # fmt: skip
    id_ = "YQ-1-NC01"
    places = tuple(FindingPlace(file=FILE, sheet=SHEET, row=row) for row, _, _ in LATE)
    says = "80 张工单中 2 张超过 2 小时响应"
    finding = FindingEntry(
        grade=Status.MINOR, requirement="6.3-d", statement=says, objective_evidence=f"{FILE} 第 17、42 行",
        instances=(Instance(requirement="6.3-d", check="6.3-d.response", says=says, count=2, population=80, places=places),),
        raised_by="A1", raised_on=dt.date(2026, 1, 22),
    )  # fmt: skip
    return HeldAudit(
        file=file, findings={id_: finding},
        dues={id_: (Due(id_, DueStep.RESPONSE, dt.date(2026, 2, 21)),)}, alarms={}, maturity=(),
        ways=(Way(RecommendationCode.AFTER_PLAN, (Fix(Do.CLOSE, id_, 3, is_estimate=False),)),),
        head="4" * 64, result="5" * 64, today=dt.date(2026, 1, 28),
    )  # fmt: skip
