"""Measures how long each document of a large audit takes, and how much memory.

    python benchmarks/reports.py [FINDINGS [EXCEPTIONS]]

The audit is made here: 500 findings and 50,000 exceptions by default, on all requirements of the shipped
checklist. Each format is rendered in a process of its own, so that its peak memory is its own; the row
`model` only builds the report. `+MB` is what a format needs beyond that. Below stands one command that
writes every document of the sample audit. What is over its limit is marked; the exit code is 1 then.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from fcim_audit.assessment import Judgement
from fcim_audit.auditfile.due import Due, dues_of
from fcim_audit.auditfile.schema import AuditFile, FindingEntry, FindingPlace, Instance
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.document_kinds import Kind
from fcim_audit.evaluate import Evaluation
from fcim_audit.evidence.bundle import Organisation
from fcim_audit.evidence.holdings import FileReport, SheetReport
from fcim_audit.expression import Moment
from fcim_audit.judge import judge
from fcim_audit.language import Lang
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
from fcim_audit.profile import Profile, load_profile
from fcim_audit.report import HeldAudit, Report

FINDINGS, EXCEPTIONS, CHECKS = 500, 50_000, 40
SECONDS, MEGABYTES = 10.0, 200
SAMPLE_SECONDS = 3.0
SAMPLE_FORMATS = ("docx", "html", "xlsx", "md", "json")
START, END = dt.datetime(2025, 1, 1), dt.datetime(2025, 12, 31, 23, 59, 59, 999_999)
TODAY = dt.date(2026, 3, 1)
FILE = "工单/客服系统导出.xlsx"


def main() -> int:
    """Print the tables; 1 where a limit is passed."""
    if sys.argv[1:2] == ["--one"]:
        return one(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    sizes = [int(argument) for argument in sys.argv[1:3]]
    findings, exceptions = (*sizes, *(FINDINGS, EXCEPTIONS)[len(sizes) :])
    print(f"{findings} findings, {exceptions} exceptions")
    print(f"{'format':8} {'s':>7} {'peak MB':>8} {'+MB':>6} {'size kB':>8}  limit {SECONDS:g} s, {MEGABYTES} MB")  # fmt: skip
    over = 0
    model = 0.0
    for format_ in ("model", *formats()):
        seconds, peak, size = in_a_process(format_, findings, exceptions)
        model = model or peak
        is_over = seconds > SECONDS or peak > MEGABYTES
        over += is_over
        print(f"{format_:8} {seconds:7.2f} {peak:8.0f} {peak - model:6.0f} {size / 1000:8.0f}  {'OVER' if is_over else ''}")  # fmt: skip
    over += sample()
    return min(over, 1)


def formats() -> tuple[str, ...]:
    """Every format that a report of an audit is written in."""
    from fcim_audit.renderers.documents import DOCUMENTS

    return tuple(format_ for kind, format_ in DOCUMENTS if kind is Kind.AUDIT)


def in_a_process(format_: str, findings: int, exceptions: int) -> tuple[float, float, int]:
    """Seconds of rendering, peak megabytes of the process, bytes written."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", format_, str(findings), str(exceptions)],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    seconds, peak, size = done.stdout.split()
    return float(seconds), float(peak), int(size)


def one(format_: str, findings: int, exceptions: int) -> int:
    """Build the audit and render it once."""
    from fcim_audit.renderers.documents import DOCUMENTS

    report = large(findings, exceptions)
    start, size = time.perf_counter(), 0
    if format_ != "model":
        size = len(DOCUMENTS[Kind.AUDIT, format_](report))
    seconds = time.perf_counter() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size)
    return 0


def sample() -> bool:
    """Time one command that writes every document of the sample audit; whether it is over its limit."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "audit"
        environment = {**os.environ, "FCIM_CACHE": str(Path(temporary) / "cache")}

        def run(*arguments: str | Path) -> None:
            command = [sys.executable, "-m", "fcim_audit.cli.main", *map(str, arguments)]
            done = subprocess.run(command, env=environment, capture_output=True, check=False)
            if done.returncode not in {0, 1, 4}:
                raise SystemExit(done.stderr.decode())

        evidence = shipped("evidence_samples") / "property"
        run(
            "audit", "new", folder, "--type", "stage_2", "--scope", "物业服务", "--objective", "验证符合性",
            "--start", "2026-01-20", "--end", "2026-01-22", "--member", "A1:张三:lead",
            "--independence", "近三年未提供咨询", "--evidence", evidence,
        )  # fmt: skip
        run("evaluate", folder, "--quiet")
        run("audit", "accept", *"45678", "-C", folder)
        run("finding", "draft", "-C", folder)
        options = [option for format_ in SAMPLE_FORMATS for option in ("--format", format_)]
        start = time.perf_counter()
        run("report", folder, *options, "--today", str(TODAY), "--out", Path(temporary) / "out")
        seconds = time.perf_counter() - start
        written = sorted(file.suffix[1:] for file in (Path(temporary) / "out").iterdir())
    is_over = seconds > SAMPLE_SECONDS
    print(f"sample audit, {', '.join(written)} by one command: {seconds:.2f} s (limit {SAMPLE_SECONDS:g} s){' OVER' if is_over else ''}")  # fmt: skip
    return is_over


def large(findings: int, exceptions: int) -> Report:
    """The report of an audit with so many findings and exceptions."""
    folder = shipped("checklists")
    checklist = load_checklist(folder / "fcim", rules=False)
    profile = load_profile(folder / "profiles" / "iso17021-2015.yaml")
    judgement = judged(checklist, profile, exceptions)
    held = audit(checklist, profile, findings)
    sheet = SheetReport(
        name="工单", visible=True, dataset="feedback_tickets", header_rows=(1,), headings=(), columns={},
        row_count=100_000, left_out=(), problem_count=0, problems=(), empty_cells={}, metadata={},
    )  # fmt: skip
    return Report(
        lang=Lang.ZH, version="0", bundle=held.file.id, organisation=Organisation(name="云栖物业服务有限公司"),
        period_start=START, period_end=END, as_of=dt.datetime(2026, 1, 15, 23, 59, 59, 999_999),
        engine="duckdb", judgement=judgement,
        files=(FileReport(FILE, "1" * 64, 1_000_000, "xlsx", None, (sheet,)),), audit=held,
    )  # fmt: skip


def judged(checklist: Checklist, profile: Profile, exceptions: int) -> Judgement:
    """The judgement on failed checks of the first requirements, the exceptions evenly among them."""
    ids = list(checklist.requirements)[:CHECKS]
    shares = [len(range(n, exceptions, CHECKS)) for n in range(CHECKS)]
    results = tuple(
        RequirementResult(id_, (failed(f"{id_}.on_time", share),))
        for id_, share in zip(ids, shares, strict=True)
    )
    moment = Moment(dt.datetime(2026, 1, 15), START, END, checklist.defaults)
    found = Evaluation(results, moment, frozenset(), frozenset(), "duckdb")
    return judge(checklist, found, profile)


def failed(check: str, exceptions: int) -> Outcome:
    """A check that so many rows fail."""
    source = SheetSource(
        "feedback_tickets", FILE, "1" * 64, "工单", "A1:J100001", 1, 100_001, 100_000, 0,
        (SourceColumn("ticket_id", "工单编号", "A"), SourceColumn("closed_at", "关闭时间", "H")),
    )  # fmt: skip
    months = tuple(
        Breakdown(
            Dimension.MONTH, f"2025-{month:02d}", Figure(Fraction(9, 10), "ratio"), 9, 10, 0, False
        )
        for month in range(1, 13)
    )
    return Outcome(
        check_id=check, kind="metric", verdict=Verdict.FAIL, measured=Figure(Fraction(9, 10), "ratio"),
        target=Target(Comparator.AT_LEAST, Fraction(1)), numerator=9, denominator=10,
        counts=Counts(good=9 * exceptions, bad=exceptions),
        exceptions=tuple(row(check, number) for number in range(exceptions)), exception_count=exceptions,
        datasets=("feedback_tickets",), sql="SELECT 1", is_kpi=True, sources=(source,), by=months,
    )  # fmt: skip


def row(check: str, number: int) -> ExceptionRow:
    """An exception as a real check tells it, with the cells it read."""
    key, line = f"GD{check}{number:06d}", number + 2
    created, closed = f"2025-03-{1 + number % 28:02d} 09:00", f"2025-04-{1 + number % 28:02d} 17:30"
    return ExceptionRow(
        Place(FILE, "工单", line), key, "late:closed_at", False,
        {"created_at": created, "closed_at": closed, "seconds": 86_400 + number},
        (
            SourceCell("ticket_id", "工单编号", f"A{line}", key),
            SourceCell("created_at", "创建时间", f"D{line}", created),
            SourceCell("closed_at", "关闭时间", f"H{line}", closed),
        ),
        f"H{line}",
    )  # fmt: skip


def audit(checklist: Checklist, profile: Profile, findings: int) -> HeldAudit:
    """The audit with its findings, every third a major, a few instances and places each."""
    file = AuditFile.model_validate(
        {
            "audit": "1", "id": "YQ-2026-S2", "type": "stage_2",
            "organisation": {"name": "云栖物业服务有限公司", "sites": [{"id": "S1", "name": "总部"}]},
            "criteria": {"edition": "draft", "sha256": "0" * 64},
            "scope": "物业服务", "objectives": ["验证符合性"],
            "dates": {"start": "2026-01-20", "end": "2026-01-22"},
            "team": [{"id": "A1", "name": "张三", "role": "lead"}], "independence": "近三年未提供咨询",
        }
    )  # fmt: skip
    ids, rules = list(checklist.requirements), profile.rules.findings
    assert rules is not None
    items = {f"NC{n:03d}": finding(n, ids[n % len(ids)]) for n in range(1, findings + 1)}
    dues: dict[str, tuple[Due, ...]] = {
        id_: dues_of(id_, entry, file, rules) for id_, entry in items.items()
    }
    return HeldAudit(
        file=file, findings=items, dues=dues, alarms={}, maturity=(), ways=(), head="a" * 64,
        result="b" * 64, today=TODAY,
    )  # fmt: skip


def finding(number: int, requirement: str) -> FindingEntry:
    """A finding of some length."""
    return FindingEntry(
        grade=Status.MAJOR if number % 3 == 0 else Status.MINOR, requirement=requirement,
        statement=f"第 {number} 项：抽查 100 份工单，其中 7 份未在规定时限内关闭，不满足要求。",
        objective_evidence="客服系统导出的工单记录显示，下列工单的关闭时间晚于承诺时限。\n" * 3,
        instances=(
            Instance(
                requirement=requirement, check=f"{requirement}.on_time", says="7 份超时", count=7,
                population=100, places=tuple(places(number)),
            ),
        ),
        raised_by="A1", raised_on=dt.date(2026, 1, 22),
    )  # fmt: skip


def places(number: int) -> Iterator[FindingPlace]:
    """Seven cells."""
    for line in range(7):
        yield FindingPlace(file=FILE, sha256="1" * 64, sheet="工单", cell=f"H{number * 7 + line}")


if __name__ == "__main__":
    raise SystemExit(main())
