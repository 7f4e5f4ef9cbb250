"""Knows how commands come by one finding: its id whole or in short, days as told, what its lint holds."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

import typer

from fcim_audit.auditfile.folder import FINDINGS, Audit, Ledger
from fcim_audit.auditfile.grading import Ground, earlier_findings, ground_of
from fcim_audit.auditfile.schema import JUDGING, FindingEntry
from fcim_audit.auditfile.standing import standings_of
from fcim_audit.auditfile.states import Case
from fcim_audit.auditfile.wording import Hit, Lint
from fcim_audit.cli.audits import bench_of, checklist_of, now, profile_of
from fcim_audit.cli.words import said
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Text

FindingName = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help=said("不符合项编号，可只写末段如 NC01", "Id of a finding; its end will do: NC01"),
    ),
]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def finding_in(audit: Audit, name: str) -> tuple[str, FindingEntry]:
    """The finding of this id, or the only one that ends in it; raises UsageError."""
    items = audit.findings.items
    found = [name] if name in items else [id_ for id_ in items if id_.endswith(f"-{name}")]
    if len(found) == 1:
        return found[0], items[found[0]]
    known = ", ".join(sorted(found or items)[:20]) or "—"
    if found:
        raise UsageError(
            Text(f"{name} 不止一项：{known}", f"{name} is more than one: {known}"),
            hint=Text("写全编号", "give the whole id"),
        )
    raise UsageError(
        Text(f"没有不符合项 {name}", f"there is no finding {name}"),
        hint=Text(f"已有：{known}", f"there are: {known}"),
    )


def day_told(option: str | None, name: str) -> dt.date | None:
    """A day as an option gives it; raises UsageError for what is no `2026-01-31`."""
    if option is None:
        return None
    try:
        if _DAY.fullmatch(option):
            return dt.date.fromisoformat(option)
    except ValueError:
        pass
    raise UsageError(
        Text(f"{option} 不是日期", f"{option} is no day"),
        name,
        Text("写成 2026-01-31", "write it as 2026-01-31"),
    )


def as_of(option: str | None) -> dt.date:
    """`--as-of`, else today."""
    return day_told(option, "--as-of") or now().date()


def lint_of(audit: Audit) -> Lint:
    """What the findings of an audit are held against."""
    titles = {id_: r.title for id_, (_, r) in checklist_of(audit).requirements.items()}
    return Lint(
        audit.file, profile_of(audit).findings, titles,
        frozenset({*earlier_findings(audit), *audit.findings.items}),
    )  # fmt: skip


def hits_in(audit: Audit, id_: str, finding: FindingEntry) -> tuple[Hit, ...]:
    """What is to be mended in one finding."""
    return lint_of(audit).hits(id_, finding)


def case_of(audit: Audit, id_: str, finding: FindingEntry, hits: int = 0) -> Case:
    """A finding with what its life depends on."""
    return Case(id_, finding, audit.file, profile_of(audit).findings, hits)


def ground_in(audit: Audit) -> Ground:
    """What grading and drafting look at."""
    return ground_of(standings_of(bench_of(audit), profile_of(audit)))


def demand_auditor(audit: Audit, by: str) -> None:
    """Only who judges writes findings; raises AuditError."""
    member = audit.file.member(by)
    if member is None or member.role not in JUDGING:
        raise AuditError(
            Text(f"{by} 不开不符合项", f"{by} does not raise findings"),
            "--by",
            Text("由组长或审核员来做", "it is for the lead or an auditor"),
        )


def kept(ledger: Ledger, id_: str, finding: FindingEntry) -> None:
    """Put a finding into its file; `commit` makes it last."""
    ledger.put(FINDINGS, ("items", id_), finding)
