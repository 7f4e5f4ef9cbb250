"""Knows the commands `audit status|next|judge|accept|retract|maturity|alarm|settle|journal`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from fcim_audit.auditfile.folder import JUDGEMENTS, changing, open_audit
from fcim_audit.auditfile.judging import CONCLUDED, Bench, Decision, accepted, judged
from fcim_audit.auditfile.schema import Alarm, JudgementEntry, MaturityEntry, Role, Settled
from fcim_audit.auditfile.standing import Standings, standings_of
from fcim_audit.auditfile.steps import following, next_to_judge, steps_of
from fcim_audit.cli import audit_new, audit_told, audit_whatif, journal_told
from fcim_audit.cli.audits import (
    AlsoInFolder,
    By,
    Folder,
    InFolder,
    bench_of,
    folder_of,
    now,
    profile_of,
    speaker,
    standings_in,
)
from fcim_audit.cli.inputs import scope_of
from fcim_audit.cli.told_as import AsFormat, ToldAs
from fcim_audit.cli.words import message, said
from fcim_audit.errors import UsageError, raise_all
from fcim_audit.language import Text
from fcim_audit.model import Status

Reason = Annotated[
    str | None,
    typer.Option(help=said("与建议不同或不适用的理由", "Why it differs, or does not apply")),
]
Note = Annotated[str | None, typer.Option(help=said("备注", "A note"))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group(), name="audit")


def group() -> typer.Typer:
    """The commands under `audit`."""
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help=said(
            "一次审核：策划、判断、进度、日志。", "One audit: plan, judgements, progress, journal."
        ),
    )
    app.command(
        "new",
        help=said("新建审核文件夹。", "Make an audit folder."),
        epilog=said(
            "例：fcim-audit audit new 审核 （在终端回答问题）· fcim-audit audit new 审核 --organisation 云栖物业 "
            "--type stage_2 --scope 物业服务 --objective 验证符合性 --start 2026-01-20 --end 2026-01-22 "
            "--member A1:张三:lead --independence 近三年未为受审核方提供咨询 --evidence 证据包",
            "Examples: fcim-audit audit new AUDIT (asks on a terminal); fcim-audit audit new AUDIT "
            "--organisation Yunqi --type stage_2 --scope 'property services' --objective 'verify conformity' "
            "--start 2026-01-20 --end 2026-01-22 --member 'A1:Zhang San:lead' "
            "--independence 'no consulting in three years' --evidence BUNDLE",
        ),
    )(audit_new.new_command)
    _add(app, "status", status_command, ("进度和阻碍。", "What is done and what blocks the next step."),
         ("fcim-audit audit status 审核", "fcim-audit audit status AUDIT"))  # fmt: skip
    _add(app, "next", next_command, ("下一件要看的事。", "The next thing to look at."),
         ("fcim-audit audit next --by A2", "fcim-audit audit next --by A2"))  # fmt: skip
    _add(app, "judge", judge_command, ("记录对一项要求的判断。", "Record a judgement on a requirement."),
         ("fcim-audit audit judge 5.1.1-a --status conform --evidence '文件/方针.docx#第2页' --note 已批准",
          "fcim-audit audit judge 5.1.1-a --status conform --evidence 'documents/policy.docx#page 2'"))  # fmt: skip
    _add(app, "accept", accept_command,
         ("采纳工具的建议（检查结果作为证据）。", "Take the tool's proposals as judgements, their checks as evidence."),
         ("fcim-audit audit accept 6.3 8.5.*", "fcim-audit audit accept 6.3 '8.5.*'"))  # fmt: skip
    _add(app, "retract", retract_command, ("撤回判断（日志保留）。", "Take a judgement back; the journal keeps it."),
         ("fcim-audit audit retract 6.3-d --reason 证据有误", "fcim-audit audit retract 6.3-d --reason 'wrong file'"))  # fmt: skip
    _add(app, "maturity", maturity_command, ("记录条款成熟度 L0–L5。", "Record the maturity of a clause, L0 to L5."),
         ("fcim-audit audit maturity 6.3 3 --note 已运行三个月", "fcim-audit audit maturity 6.3 3 --note 'ran for three months'"))  # fmt: skip
    _add(app, "alarm", alarm_command,
         ("提出证据真实性疑问（不定级，推荐暂缓）。", "Raise a doubt about the integrity of evidence (no grade; nothing is concluded)."),
         ("fcim-audit audit alarm '客服/工单导出.xlsx 响应时间整列相同' --requirement 6.3-d", "fcim-audit audit alarm 'tickets.xlsx: one response time in all rows' --requirement 6.3-d"))  # fmt: skip
    _add(app, "settle", settle_command, ("组长了结疑问。", "The lead settles a doubt."),
         ("fcim-audit audit settle G1-1 --how 原系统核对一致", "fcim-audit audit settle G1-1 --how 'checked in the system'"))  # fmt: skip
    _add(app, "journal", journal_command, ("日志：谁、何时、改了什么。", "The journal: who changed what, when."),
         ("fcim-audit audit journal --verify", "fcim-audit audit journal --verify"))  # fmt: skip
    audit_whatif.register(app)
    return app


def _add(
    app: typer.Typer, name: str, command: object, help_: tuple[str, str], example: tuple[str, str]
) -> None:
    told = said("例：", "Example: ") + said(*example)
    app.command(name, help=said(*help_), epilog=told)(command)  # type: ignore[type-var]  # a function


def status_command(
    folder: Folder = None, also: AlsoInFolder = None, format_: AsFormat = ToldAs.TEXT
) -> None:
    """Say how far the audit is."""
    standings = standings_in(folder_of(folder, also))
    steps = steps_of(standings)
    if format_ is ToldAs.JSON:
        _json(audit_told.status_json(standings, steps))
    else:
        audit_told.status(standings, steps)


def next_command(
    folder: Folder = None,
    also: AlsoInFolder = None,
    by: By = None,
    format_: AsFormat = ToldAs.TEXT,
) -> None:
    """Name the next thing to look at, and how to go on."""
    standings = standings_in(folder_of(folder, also))
    opened = standings.bench.audit
    member = speaker(by, opened) if by or len(opened.file.team) == 1 else None
    steps = steps_of(standings)
    step = following(steps)
    item = next_to_judge(standings, member) if step is steps[3] else None
    if format_ is ToldAs.JSON:
        _json(audit_told.next_json(standings, step, item))
    else:
        audit_told.next_step(standings, step, item)


def judge_command(
    requirement: Annotated[str, typer.Argument(help=said("要求编号", "Id of the requirement"))],
    status: Annotated[Status, typer.Option(help=" | ".join(Status), show_choices=False)],
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE#PLACE",
            help=said(
                "客观证据，可重复：文件#位置、访谈：…、观察：…、记录：…、检查：…",
                "Objective evidence, repeatable: FILE#PLACE, interview: …, observation: …, record: …, check: …",
            ),
        ),
    ] = None,
    note: Note = None,
    reason: Reason = None,
    approved_by: Annotated[
        str | None,
        typer.Option("--approved-by", help=said("谁批准不适用（组长）", "Who approved (the lead)")),
    ] = None,
    effort: Annotated[
        int | None,
        typer.Option(
            min=0, max=10_000, help=said("整改估计人日", "Estimated effort in person-days")
        ),
    ] = None,
    by: By = None,
    audit: InFolder = audit_told.HERE,
) -> None:
    """Record one judgement; nothing is written unless it carries all that it must."""
    decision = Decision(status, tuple(evidence or ()), note, reason, approved_by, effort)
    with changing(audit) as ledger:
        bench = bench_of(ledger.audit)
        who = speaker(by, bench.audit)
        entry = judged(bench, requirement, decision, by=who, at=now())
        _say_foreign(bench, requirement, who)
        ledger.put(JUDGEMENTS, ("requirements", requirement), entry)
        ledger.commit(by=who, at=entry.at, action="judge")
    audit_told.judgement(requirement, entry)


def _say_foreign(bench: Bench, requirement: str, who: str) -> None:
    """Say it when somebody judges what was given to somebody else."""
    member = bench.audit.file.member(who)
    if member is None or not member.clauses or member.audits(requirement):
        return
    message(
        said(
            f"提示：{requirement} 不在 {who} 负责的条款中",
            f"note: {requirement} is not among the clauses of {who}",
        )
    )


def accept_command(
    requirements: Annotated[
        list[str],
        typer.Argument(help=said("要求或条款，可用 *", "Requirements or clauses, * allowed")),
    ],
    note: Note = None,
    again: Annotated[
        bool,
        typer.Option("--again", help=said("已判断的也重新采纳", "Judged ones too")),
    ] = False,
    by: By = None,
    audit: InFolder = audit_told.HERE,
) -> None:
    """Take proposals as judgements: those that concluded, and are not judged yet."""
    with changing(audit) as ledger:
        bench = bench_of(ledger.audit)
        who, at = speaker(by, bench.audit), now()
        wanted = scope_of(",".join(requirements), bench.checklist, "audit accept") or frozenset()
        entries: dict[str, JudgementEntry] = {}
        left: dict[str, Text] = {}
        for id_ in [r for r in bench.checklist.requirements if r in wanted]:
            why = _not_taken(bench, id_, again)
            if why is not None:
                left[id_] = why
                continue
            entries[id_] = accepted(bench, id_, by=who, at=at, note=note)
        for id_, entry in entries.items():
            ledger.put(JUDGEMENTS, ("requirements", id_), entry)
        if entries:
            ledger.commit(by=who, at=at, action="accept")
    audit_told.taken(entries, left)
    if not entries:
        raise typer.Exit(4)


def _not_taken(bench: Bench, id_: str, again: bool) -> Text | None:
    proposal = bench.proposal(id_)
    if proposal is None or proposal.status not in CONCLUDED:
        return Text("工具没有结论", "the tool did not conclude")
    if id_ in bench.audit.judgements.requirements and not again:
        return Text("已判断", "judged already")
    return None


def retract_command(
    requirement: Annotated[str, typer.Argument(help=said("要求编号", "Id of the requirement"))],
    reason: Annotated[str, typer.Option(help=said("理由", "Why"))],
    by: By = None,
    audit: InFolder = audit_told.HERE,
) -> None:
    """Take a judgement back."""
    with changing(audit) as ledger:
        if requirement not in ledger.audit.judgements.requirements:
            raise UsageError(
                Text("没有判断可撤回", "there is no judgement to take back"), requirement
            )
        who = speaker(by, ledger.audit)
        ledger.put(JUDGEMENTS, ("requirements", requirement), None)
        ledger.commit(by=who, at=now(), action="retract", note=reason)
    message(said(f"{requirement} 已撤回", f"{requirement}: taken back"))


def maturity_command(
    clause: Annotated[str, typer.Argument(help=said("条款", "Clause"))],
    level: Annotated[int, typer.Argument(min=0, max=5, help="0–5")],
    note: Annotated[str, typer.Option(help=said("依据", "On what grounds"))],
    by: By = None,
    audit: InFolder = audit_told.HERE,
) -> None:
    """Record the maturity of one clause."""
    with changing(audit) as ledger:
        bench = bench_of(ledger.audit)
        standings = standings_of(bench, profile_of(bench.audit))
        _demand_clause(standings, clause)
        who, at = speaker(by, bench.audit), now()
        entry = MaturityEntry(level=level, note=note, by=who, at=at)
        ledger.put(JUDGEMENTS, ("maturity", clause), entry)
        ledger.commit(by=who, at=at, action="maturity")
    audit_told.maturity(standings, clause, level)


def _demand_clause(standings: Standings, clause: str) -> None:
    if not any(item.clause.id == clause for item in standings.items):
        raise UsageError(
            Text(
                f"没有条款 {clause}（或它没有要求）",
                f"no clause {clause} (or it has no requirements)",
            ),
            hint=Text("例如 6.3、8.5.1", "for example 6.3, 8.5.1"),
        )


def alarm_command(
    about: Annotated[str, typer.Argument(help=said("疑问是什么", "What is doubtful"))],
    requirement: Annotated[
        list[str] | None, typer.Option(help=said("涉及的要求，可重复", "Requirements, repeatable"))
    ] = None,
    by: By = None,
    audit: InFolder = audit_told.HERE,
) -> None:
    """Raise a doubt about the integrity of evidence."""
    with changing(audit) as ledger:
        bench = bench_of(ledger.audit)
        for id_ in requirement or ():
            bench.requirement(id_)
        who, at = speaker(by, bench.audit), now()
        alarms = bench.audit.judgements.alarms
        number = 1 + max(
            (int(a.rpartition("-")[2]) for a in alarms if a.startswith("G1-")), default=0
        )
        alarm = Alarm(
            about=about, requirements=tuple(requirement or ()), raised_by=who, raised_on=at.date()
        )
        ledger.put(JUDGEMENTS, ("alarms", f"G1-{number}"), alarm)
        ledger.commit(by=who, at=at, action="alarm")
    message(
        said(
            f"G1-{number} 已记录；了结之前不作推荐",
            f"G1-{number} noted; until it is settled nothing is concluded",
        )
    )


def settle_command(
    alarm: Annotated[str, typer.Argument(help=said("疑问编号", "Id of the doubt"))],
    how: Annotated[str, typer.Option(help=said("如何了结", "How it was settled"))],
    by: By = None,
    audit: InFolder = audit_told.HERE,
) -> None:
    """Settle a doubt; only the lead may."""
    with changing(audit) as ledger:
        opened = ledger.audit
        known = opened.judgements.alarms.get(alarm)
        if known is None:
            raise _no_doubt(alarm, tuple(opened.judgements.alarms))
        who, at = speaker(by, opened), now()
        member = opened.file.member(who)
        if member is None or member.role is not Role.LEAD:
            raise UsageError(
                Text("只有组长可以了结疑问", "only the lead settles a doubt"),
                "--by",
                Text(f"写 --by {opened.file.lead.id}", f"use --by {opened.file.lead.id}"),
            )
        settled = Settled(how=how, by=who, on=at.date())
        ledger.put(JUDGEMENTS, ("alarms", alarm), known.model_copy(update={"settled": settled}))
        ledger.commit(by=who, at=at, action="settle")
    message(said(f"{alarm} 已了结", f"{alarm}: settled"))


def _no_doubt(alarm: str, known: tuple[str, ...]) -> UsageError:
    named = " ".join(known)
    return UsageError(
        Text(f"没有疑问 {alarm}", f"there is no doubt {alarm}"),
        hint=Text(f"有：{named}", f"there are: {named}") if known
        else Text("还没有提出过疑问", "none was raised yet"),
    )  # fmt: skip


def journal_command(
    folder: Folder = None,
    also: AlsoInFolder = None,
    verify: Annotated[
        bool, typer.Option("--verify", help=said("验证链和文件", "Verify the chain and the files"))
    ] = False,
    last: Annotated[
        int | None, typer.Option(min=1, help=said("只看最后几条", "Only the last ones"))
    ] = None,
    format_: AsFormat = ToldAs.TEXT,
) -> None:
    """Show the journal, or verify it against itself and against the files."""
    audit = open_audit(folder_of(folder, also))
    if verify:
        raise_all(journal_told.hand_edits(audit))
        journal_told.verified(audit)
        return
    entries = audit.journal.entries[-last:] if last else audit.journal.entries
    if format_ is ToldAs.JSON:
        _json(journal_told.journal_json(entries))
    else:
        journal_told.journal(entries)


def _json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
