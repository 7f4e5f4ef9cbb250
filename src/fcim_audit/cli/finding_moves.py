"""Knows the commands that take a finding through its life: `finding move`, `finding close`, `finding regrade`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.auditfile.evidence_refs import evidence_ref
from fcim_audit.auditfile.folder import Audit, changing
from fcim_audit.auditfile.life import moved, regraded
from fcim_audit.auditfile.schema import EvidenceRef, FindingEntry, FindingState, VerificationMethod
from fcim_audit.auditfile.states import STATE_WORDS, STEPS, Case, Said
from fcim_audit.cli.audits import By, InFolder, bench_of, now, speaker
from fcim_audit.cli.finding_changes import GradeTold
from fcim_audit.cli.finding_words import GRADE_WORDS
from fcim_audit.cli.findings import FindingName, case_of, day_told, finding_in, hits_in, kept
from fcim_audit.cli.words import language, message, said
from fcim_audit.errors import AuditError, raise_all

HERE = Path()
_LINTED = frozenset({FindingState.REVIEWED, FindingState.ISSUED})


def _text(option: str, zh: str, en: str, metavar: str = "TEXT") -> typer.models.OptionInfo:
    made: typer.models.OptionInfo = typer.Option(option, metavar=metavar, help=said(zh, en))
    return made


On = Annotated[
    str | None,
    _text("--on", "发生日期，缺省为今天", "The day it happened; today by default", "DATE"),
]
Note = Annotated[str | None, _text("--note", "说明，记入日志", "A note, kept in the journal")]
Reason = Annotated[
    str | None, _text("--reason", "理由（退回、撤销）", "Reason (to return or withdraw)")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "move",
        help=said(
            "把不符合项移到下一状态；每一步缺什么会一次说全。",
            "Take a finding to its next state; all that a step lacks is told at once.",
        ),
        epilog=said(
            "例：fcim-audit finding move NC01 issued · fcim-audit finding move NC01 response_received "
            "--correction … --cause … --extent … --action … --owner 客服主管 --due 2026-03-01。路线："
            + _routes(),
            "Examples: fcim-audit finding move NC01 issued; fcim-audit finding move NC01 response_received "
            "--correction … --cause … --extent … --action … --owner 'service manager' --due 2026-03-01. "
            "Ways: " + _routes(),
        ),
    )(move)
    app.command(
        "close",
        help=said(
            "关闭：须有原因、措施、有效性证据和措施负责人以外的人的验证。",
            "Close a finding: it needs cause, action, evidence of effect, and a verifier other than the owner.",
        ),
        epilog=said("例：fcim-audit finding close NC01", "Example: fcim-audit finding close NC01"),
    )(close)
    app.command(
        "regrade",
        help=said(
            "改级别（组长）；原级别和理由留下。",
            "Change the grade (for the lead); the earlier grade and the reason are kept.",
        ),
        epilog=said(
            "例：fcim-audit finding regrade NC01 major --reason 第二个场所也见到",
            "Example: fcim-audit finding regrade NC01 major --reason 'seen at a second site'",
        ),
    )(regrade)


def _routes() -> str:
    return "; ".join(
        f"{state} → {', '.join(step.to for step in steps)}"
        for state, steps in STEPS.items()
        if steps
    )


def move(
    name: FindingName,
    state: Annotated[FindingState, typer.Argument(metavar="STATE", help=said("新状态", "The new state"))],
    folder: InFolder = HERE,
    by: By = None,
    on: On = None,
    note: Note = None,
    reason: Reason = None,
    acknowledged_by: Annotated[
        str | None, _text("--acknowledged-by", "受审核方谁确认", "Who answers for the auditee")
    ] = None,
    dissent: Annotated[
        str | None, _text("--dissent", "受审核方的异议原话", "The auditee's dissent, in its words")
    ] = None,
    correction: Annotated[str | None, _text("--correction", "纠正", "Correction")] = None,
    cause: Annotated[str | None, _text("--cause", "原因分析", "Cause")] = None,
    method: Annotated[str | None, _text("--method", "分析方法", "Method of the analysis")] = None,
    extent: Annotated[
        str | None, _text("--extent", "举一反三：其他场所和时期", "Extent: other sites and periods")
    ] = None,
    action: Annotated[str | None, _text("--action", "纠正措施", "Corrective action")] = None,
    owner: Annotated[str | None, _text("--owner", "措施负责人", "Owner of the action")] = None,
    due: Annotated[
        str | None, _text("--due", "措施完成期限", "When the action is due", "DATE")
    ] = None,
    evidence: Annotated[
        list[str] | None,
        _text("--evidence", "措施的证据：文件#位置；可重复", "Evidence of the action: FILE#PLACE; repeatable", "EVIDENCE"),
    ] = None,
    effectiveness: Annotated[
        str | None, _text("--effectiveness", "怎样看出有效", "What shows that the action works")
    ] = None,
    verification: Annotated[
        VerificationMethod | None, typer.Option(help=said("验证方式", "How it was verified"))
    ] = None,
    effective: Annotated[
        bool | None,
        typer.Option("--effective/--not-effective", help=said("验证结果", "What the verifier found")),
    ] = None,
) -> None:  # fmt: skip
    """Take a finding to its next state."""
    due_day = day_told(due, "--due")

    def step(audit: Audit, case: Case, who: str, today: dt.date) -> FindingEntry:
        told = Said(
            by=who, on=day_told(on, "--on") or today, today=today, note=note, reason=reason,
            acknowledged_by=acknowledged_by, dissent=dissent, correction=correction, cause=cause,
            method=method, extent=extent, action=action, owner=owner, due=due_day,
            evidence=_refs(audit, evidence or []), effectiveness=effectiveness,
            verification=verification, effective=effective,
        )  # fmt: skip
        return moved(case, state, told)

    _change(folder, name, by, "finding_move", note or reason, step, linted=state in _LINTED)


def close(
    name: FindingName, folder: InFolder = HERE, by: By = None, on: On = None, note: Note = None
) -> None:
    """Close a finding."""

    def step(audit: Audit, case: Case, who: str, today: dt.date) -> FindingEntry:
        told = Said(by=who, on=day_told(on, "--on") or today, today=today, note=note)
        return moved(case, FindingState.CLOSED, told)

    _change(folder, name, by, "finding_close", note, step)


def regrade(
    name: FindingName,
    grade: Annotated[GradeTold, typer.Argument(metavar="GRADE", help=said("新级别", "The new grade"))],
    reason: Annotated[str, typer.Option(metavar="TEXT", help=said("理由", "Why"))],
    folder: InFolder = HERE,
    by: By = None,
    on: On = None,
) -> None:  # fmt: skip
    """Change a finding's grade."""

    def step(audit: Audit, case: Case, who: str, today: dt.date) -> FindingEntry:
        told = Said(by=who, on=day_told(on, "--on") or today, today=today, reason=reason)
        return regraded(case, grade.grade, told)

    _change(folder, name, by, "finding_regrade", reason, step)


def _change(
    folder: Path,
    name: str,
    by: str | None,
    action: str,
    note: str | None,
    step: Callable[[Audit, Case, str, dt.date], FindingEntry],
    *,
    linted: bool = False,
) -> None:
    """One step under the lock, with its line in the journal; then tell where the finding stands."""
    at = now()
    with changing(folder) as ledger:
        audit = ledger.audit
        who = speaker(by, audit)
        id_, before = finding_in(audit, name)
        hits = len(hits_in(audit, id_, before)) if linted else 0
        after = step(audit, case_of(audit, id_, before, hits), who, at.date())
        kept(ledger, id_, after)
        ledger.commit(by=who, at=at, action=action, note=note or "")
    lang = language()
    grades = dict.fromkeys(GRADE_WORDS[entry.grade].said(lang) for entry in (before, after))
    states = dict.fromkeys(STATE_WORDS[entry.state].said(lang) for entry in (before, after))
    sys.stdout.write(f"{id_}: {' → '.join(states)}, {' → '.join(grades)}\n")
    if (
        after.verification is not None
        and after.state is FindingState.RETURNED
        and not after.verification.effective
    ):
        message(said("验证无效，已退回", "found not to be effective: returned"))  # fmt: skip


def _refs(audit: Audit, evidence: list[str]) -> tuple[EvidenceRef, ...]:
    if not evidence:
        return ()
    bench = bench_of(audit)
    found, mistakes = [], []
    for text in evidence:
        try:
            found.append(evidence_ref(bench.audit, bench.proposals, text))
        except AuditError as error:
            mistakes.append(error)
    raise_all(mistakes)
    return tuple(found)
