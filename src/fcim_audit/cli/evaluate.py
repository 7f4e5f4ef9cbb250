"""Knows the commands `evaluate` and `demo`: a bundle in, a verdict and its reports out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit import __version__
from fcim_audit.assessment import Judgement
from fcim_audit.auditfile.folder import Audit, is_audit, open_audit
from fcim_audit.checklist.shipped import shipped
from fcim_audit.cli.audits import (
    checklist_folder,
    checklist_of,
    demand_own_criteria,
    keep_result,
    profile_file,
)
from fcim_audit.cli.inputs import (
    cache_folder,
    checklist_in_use,
    cut_off,
    profile_at,
    scope_of,
    secrets_of,
)
from fcim_audit.cli.options import KeyFile, PasswordFile
from fcim_audit.cli.outputs import Output, outputs, written
from fcim_audit.cli.progress import Progress
from fcim_audit.cli.words import language, message, said
from fcim_audit.errors import AuditError
from fcim_audit.evaluate import evaluate
from fcim_audit.evidence.bundle import Bundle, open_bundle
from fcim_audit.evidence.holdings import Holdings
from fcim_audit.evidence.ingest import gather, reading
from fcim_audit.evidence.known import Secrets
from fcim_audit.judge import judge
from fcim_audit.kept import Shelf
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.moments import moment_of
from fcim_audit.plans import plans_of
from fcim_audit.report import Report

CONFORM, NONCONFORM, CANNOT_CONCLUDE = 0, 1, 4


class FailOn(StrEnum):
    """From which grade on the exit code is 1."""

    MAJOR = "major"
    MINOR = "minor"
    OFI = "ofi"
    UNVERIFIED = "unverified"
    NONE = "none"


_FAILING = {
    FailOn.MAJOR: {Status.MAJOR},
    FailOn.MINOR: {Status.MAJOR, Status.MINOR},
    FailOn.OFI: {Status.MAJOR, Status.MINOR, Status.OFI},
    FailOn.UNVERIFIED: {Status.MAJOR, Status.MINOR},
    FailOn.NONE: set(),
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "evaluate",
        help=said(
            "对证据包逐条判定，给出结论和报告。",
            "Decide every requirement on a bundle of evidence.",
        ),
        epilog=said(
            "例：fcim-audit evaluate 证据包 · fcim-audit evaluate 证据包.zip --format html:报告.html "
            "--format json:结果.json · fcim-audit evaluate 证据包 --only 6.3 --fail-on major",
            "Examples: fcim-audit evaluate BUNDLE; fcim-audit evaluate BUNDLE.zip --format "
            "html:report.html --format json:result.json; fcim-audit evaluate BUNDLE --only 6.3",
        ),
    )(evaluate_command)
    app.command(
        "demo",
        help=said(
            "审核自带的示例组织，报告写入文件夹。",
            "Audit the sample organisation, reports into a folder.",
        ),
        epilog=said("例：fcim-audit demo --out 演示", "Example: fcim-audit demo --out demo"),
    )(demo_command)


def evaluate_command(
    path: Annotated[
        Path,
        typer.Argument(
            help=said(
                "证据包（文件夹、zip 或 bundle.yaml），或审核文件夹",
                "Bundle (a folder, a zip or bundle.yaml), or an audit folder",
            )
        ),
    ],
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FMT[:FILE]",
            help=said(
                "输出格式，可重复：text json html docx xlsx md csv（例外）",
                "Output, repeatable: text json html docx xlsx md csv (exceptions)",
            ),
        ),
    ] = None,
    checklist: Annotated[
        Path | None, typer.Option(help=said("检查表文件夹", "Folder of a checklist"))
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(help=said("规则文件（分级、评分、推荐）", "Profile: grading, scoring")),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help=said("截止日，覆盖证据包中的", "Cut-off; overrides the bundle's"),
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="IDS", help=said("只看这些条款，如 6.3,8.5.*", "Only these, as 6.3,8.5.*")
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option(help=said("计算引擎：duckdb 或 spark", "Engine: duckdb or spark"))
    ] = "duckdb",
    evidence: Annotated[
        Path | None,
        typer.Option(
            help=said(
                "证据文件所在文件夹，缺省与 bundle.yaml 同处",
                "Folder of the files, if not the bundle's",
            )
        ),
    ] = None,
    password_file: PasswordFile = None,
    pseudonymise: KeyFile = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            "--fail-on", help=said("从哪一级起退出码为 1", "From which grade on to exit with 1")
        ),
    ] = FailOn.MINOR,
    cache: Annotated[
        bool,
        typer.Option(
            help=said("保留已读取的证据供下次使用", "Keep ingested evidence for the next run")
        ),
    ] = True,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help=said("不显示进度和提示", "No progress, no remarks")),
    ] = False,
) -> None:
    """Evaluate a bundle and write the outputs that were asked for."""
    chosen = outputs(format_ or [])
    secrets = secrets_of(password_file, pseudonymise)
    progress = Progress(quiet)
    audit = open_audit(path) if is_audit(path) else None
    if audit is not None:
        demand_own_criteria(checklist=checklist, profile=profile, as_of=as_of, evidence=evidence)
    criteria = _Criteria(checklist, profile, as_of) if audit is None else _criteria_of(audit)
    with open_bundle(path if audit is None else audit.evidence, evidence) as bundle:
        report = _audited(bundle, criteria, only, engine, cache, progress, secrets)
    progress.done()
    if not quiet:
        _remarks(report)
    if audit is not None:
        keep_result(audit, report, whole=only is None)
    written(report, chosen)
    raise typer.Exit(_exit_code(report, fail_on))


def demo_command(
    out: Annotated[Path, typer.Option(help=said("报告写到哪里", "Where the reports go"))] = Path(
        "fcim-demo"
    ),
    sample: Annotated[
        str | None,
        typer.Option(help=said("哪个示例，缺省 property", "Which sample, property by default")),
    ] = None,
) -> None:
    """Evaluate a sample organisation and write every report."""
    folder = shipped("evidence_samples") / (sample or "property")
    progress = Progress()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(
            Text(f"建不了文件夹：{error.strerror}", f"can't make the folder: {error.strerror}"),
            str(out),
        ) from error
    with open_bundle(folder) as bundle:
        report = _audited(bundle, _Criteria(), None, "duckdb", True, progress)
    progress.done()
    formats = ("html", "docx", "xlsx", "json")
    files = [Output(name, out / f"fcim-demo.{name}") for name in formats]
    written(report, [Output("text", None), *files])
    message(said("报告：", "Reports:"))
    for file in files:
        message(f"  {file.file}")
    message(
        said(
            f"证据在 {folder}；试试 fcim-audit evaluate {folder}",
            f"The evidence lies in {folder}; try fcim-audit evaluate {folder}",
        )
    )


@dataclass(frozen=True, slots=True)
class _Criteria:
    """Where checklist and profile lie (None: the shipped ones), cut-off and plan where not the bundle's."""

    checklist: Path | None = None
    profile: Path | None = None
    as_of: str | None = None
    plan: Mapping[str, str] = field(default_factory=dict)


def _criteria_of(audit: Audit) -> _Criteria:
    """What an audit is held by; raises AuditError if its checklist is not the one it began with."""
    checklist_of(audit)
    as_of = audit.file.as_of
    return _Criteria(
        checklist_folder(audit), profile_file(audit), None if as_of is None else as_of.isoformat(),
        audit.file.plan,
    )  # fmt: skip


def _audited(
    bundle: Bundle,
    criteria: _Criteria,
    only: str | None,
    engine: str,
    cache: bool,
    progress: Progress,
    secrets: Secrets | None = None,
) -> Report:
    moment = cut_off(criteria.as_of)
    if moment is not None:
        bundle = replace(bundle, file=bundle.file.model_copy(update={"as_of": moment}))
    bundle = _planned(bundle, criteria.plan)
    declared = bundle.file
    with cache_folder(cache) as folder, ThreadPoolExecutor(max_workers=1) as pool:
        with reading(folder, len(declared.entries)) as readers:
            checklist = checklist_in_use(criteria.checklist, folder)
            profile = profile_at(criteria.profile)
            scope = scope_of(only, checklist)
            rules, _ = moment_of(checklist, declared)
            plans = Shelf(folder / "plans")
            compiling = pool.submit(plans_of, checklist, rules, engine, only=scope, shelf=plans)
            holdings = gather(
                bundle,
                checklist.datasets,
                folder,
                secrets=secrets,
                say=lambda file: progress(said(f"读取 {file}", f"reading {file}")),
                readers=readers,
            )
        evaluation = evaluate(
            checklist,
            holdings,
            declared,
            only=scope,
            engine=engine,
            plans=compiling.result(),
            say=lambda n, of, id_: progress(
                said(f"判定 {id_}（{n}/{of}）", f"checking {id_} ({n}/{of})")
            ),
        )
    judgement = judge(checklist, evaluation, profile)
    return _report(bundle, declared.as_of, holdings, judgement, evaluation.engine)


def _planned(bundle: Bundle, plan: Mapping[str, str]) -> Bundle:
    """The bundle with the plan parameters that the audit sets; what they replace is said."""
    before = bundle.file.plan
    for name, value in plan.items():
        if before.get(name, value) != value:
            message(
                said(
                    f"plan.{name}：按 audit.yaml 用 {value}，不用 bundle.yaml 的 {before[name]}",
                    f"plan.{name}: {value} by audit.yaml, not {before[name]} by bundle.yaml",
                )
            )
    return replace(bundle, file=bundle.file.model_copy(update={"plan": {**before, **plan}}))


def _report(
    bundle: Bundle, as_of: dt.datetime, holdings: Holdings, judgement: Judgement, engine: str
) -> Report:
    return Report(
        lang=language(),
        version=__version__,
        bundle=bundle.name,
        organisation=bundle.file.organisation,
        period_start=bundle.file.period.start,
        period_end=bundle.file.period.end,
        as_of=as_of,
        engine=engine,
        judgement=judgement,
        files=holdings.files,
        declaration=bundle.source.sha256.hex(),
    )


def _remarks(report: Report) -> None:
    for file in report.files:
        if file.unreadable is not None:
            message(f"{file.file}: {report.said(file.unreadable)}")


def _exit_code(report: Report, fail_on: FailOn) -> int:
    """1 beats 4: a nonconformity stands whatever else could not be concluded."""
    if any(r.status in _FAILING[fail_on] for r in report.requirements):
        return NONCONFORM
    waiting = fail_on is FailOn.UNVERIFIED and report.manual_questions
    return CANNOT_CONCLUDE if report.open_rules or waiting else CONFORM
