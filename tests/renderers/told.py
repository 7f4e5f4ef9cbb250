"""One report with hostile text in every place that evidence can reach."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

from fcim_audit.assessment import Judgement
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.evaluate import Evaluation
from fcim_audit.evidence.bundle import Organisation
from fcim_audit.evidence.holdings import FileReport
from fcim_audit.expression import Moment
from fcim_audit.judge import judge
from fcim_audit.language import Lang, Text
from fcim_audit.model import (
    Comparator,
    Counts,
    ExceptionRow,
    Figure,
    Outcome,
    Place,
    RequirementResult,
    SheetSource,
    SourceCell,
    SourceColumn,
    Target,
    Verdict,
)
from fcim_audit.profile import load_profile
from fcim_audit.report import Report

FORMULA = "=1+1"
SCRIPT = "<script>alert(1)</script>"
CONTROL = "bell\x07 nul\x00 escape\x1b[2J"
TURNED = "abc\u202edef"
LONG = "长" * 40_000
SURROGATE = "half\ud800"


def report(lang: Lang = Lang.ZH) -> Report:
    """A report with one failed figure whose file, key and values are hostile."""
    hostile = FORMULA, SCRIPT, CONTROL, TURNED, LONG, SURROGATE
    source = SheetSource(
        "feedback_tickets", f"{FORMULA}.xlsx", "1" * 64, SCRIPT, "A1:C4", 1, 4, 3, 1,
        (SourceColumn("value", CONTROL, "B"), SourceColumn("made", "a", None, (("甲", "C"),))),
    )  # fmt: skip
    exceptions = tuple(
        ExceptionRow(
            Place(f"{FORMULA}.csv", None, 2),
            text,
            "",
            False,
            {"value": text},
            (SourceCell("value", text, "B2", text), SourceCell("note", "备注", "C2", None)),
        )
        for text in hostile
    )
    failed = Outcome(
        check_id="6.3-d.response",
        kind="metric",
        verdict=Verdict.FAIL,
        measured=Figure(Fraction(1, 3), "ratio"),
        target=Target(Comparator.AT_LEAST, Fraction(1)),
        numerator=1,
        denominator=3,
        counts=Counts(good=1, bad=2),
        exceptions=exceptions,
        exception_count=len(exceptions),
        datasets=("feedback_tickets",),
        sql="SELECT 1",
        is_kpi=True,
        sources=(source,),
    )
    return Report(
        lang=lang,
        version="0",
        bundle="b",
        organisation=Organisation(name=f"{FORMULA}{SCRIPT}{TURNED}"),
        period_start=dt.datetime(2025, 1, 1),
        period_end=dt.datetime(2025, 12, 31),
        as_of=dt.datetime(2026, 1, 15),
        engine="duckdb",
        judgement=_judged(RequirementResult("6.3-d", (failed,))),
        files=(FileReport(SCRIPT, "0" * 64, 1, "csv", None, (), Text(CONTROL, CONTROL)),),
    )


def _judged(*results: RequirementResult) -> Judgement:
    folder = shipped("checklists")
    checklist = load_checklist(folder / "fcim", rules=False)
    moment = Moment(
        dt.datetime(2026, 1, 15),
        dt.datetime(2025, 1, 1),
        dt.datetime(2025, 12, 31),
        checklist.defaults,
    )
    found = Evaluation(results, moment, frozenset(checklist.defaults), frozenset(), "duckdb")
    return judge(checklist, found, load_profile(Path(folder / "profiles" / "iso17021-2015.yaml")))
