"""Knows a report at a glance: its four tiles, chapter profile, sampling statement and red flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from fcim_audit.assessment import RequirementAssessment
from fcim_audit.auditfile.schema import FindingState
from fcim_audit.language import Text
from fcim_audit.model import Coverage, Outcome, Status, Verdict
from fcim_audit.report import HeldAudit, Report
from fcim_audit.wording import STATUS_WORDS

NONCONFORMITIES, COVERED, GAPS, OPEN = "nonconformities", "covered", "gaps", "open"


@dataclass(frozen=True, slots=True)
class TilePart:
    """One line of a tile: its words, its count, and the ids (requirement, finding, file) behind it."""

    word: Text
    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four figures at the head of a report; `warns` where it stands in the way of a pass."""

    id: str
    title: Text
    figure: str
    parts: tuple[TilePart, ...]
    warns: bool


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A chapter as the profile shows it; a score of None means that nothing in it is verified."""

    id: str
    title: Text
    score: Fraction | None
    verified: int
    applicable: int
    counts: Mapping[Status, int]


def tiles(report: Report) -> tuple[Tile, Tile, Tile, Tile]:
    """Nonconformities by grade; requirements covered; evidence gaps; what is unjudged or left out."""
    return _nonconformities(report), _covered(report), _gaps(report), _open(report)


def profile_rows(report: Report) -> tuple[ProfileRow, ...]:
    """Every chapter with its score and how its requirements stand."""
    rows = []
    for chapter in report.judgement.chapters:
        of_chapter = [r for r in report.requirements if r.clause.split(".")[0] == chapter.id]
        counts = {status: sum(r.status is status for r in of_chapter) for status in Status}
        rows.append(
            ProfileRow(
                chapter.id, chapter.title, chapter.score, chapter.verified, chapter.applicable,
                counts,
            )
        )  # fmt: skip
    return tuple(rows)


def sampling_statement(report: Report) -> tuple[Text, ...]:
    """What was looked at in full and what in part, and what cannot be inferred from it."""
    return tuple(_sampling(report))


def red_flag_statement(report: Report) -> tuple[Text, ...]:
    """What the rules that look for doctored evidence ask about; that none ran is said aloud."""
    held = report.audit
    said = [
        Text(
            "本次没有运行任何数据可疑迹象（红旗）规则；没有提示不等于数据可信。",
            "No red-flag rule ran; no hint does not mean that the data can be trusted.",
        )
    ]
    for id_, alarm in ({} if held is None else held.alarms).items():
        if alarm.settled is None:
            said.append(
                Text(
                    f"证据真实性疑问 {id_} 未解决", f"The doubt {id_} about evidence is not settled"
                )
            )
    return tuple(said)


def _nonconformities(report: Report) -> Tile:
    grades = (Status.MAJOR, Status.MINOR, Status.OFI)
    held = report.audit
    if held is None:
        parts = [
            _part(STATUS_WORDS[grade], (r.id for r in report.requirements if r.status is grade))
            for grade in grades
        ]
    else:
        parts = [_part(STATUS_WORDS[grade], _of_grade(held, grade)) for grade in grades]
        bare = (r.id for r in report.requirements if r.is_finding and not r.findings)
        parts.append(_part(Text("判为不符合而未开具", "judged nonconform, not written up"), bare))
    count = sum(part.count for part in parts if part.word != STATUS_WORDS[Status.OFI])
    title = Text("不符合项", "Nonconformities")
    return Tile(NONCONFORMITIES, title, str(count), tuple(parts), warns=count > 0)


def _of_grade(held: HeldAudit, grade: Status) -> Iterator[str]:
    for id_, finding in held.findings.items():
        if finding.grade is grade and finding.state is not FindingState.WITHDRAWN:
            yield id_


def _covered(report: Report) -> Tile:
    applicable = [r for r in report.requirements if r.status is not Status.NOT_APPLICABLE]
    verified = [r for r in applicable if r.is_verified]
    parts = tuple(
        _part(row.title, (r.id for r in verified if r.clause.split(".")[0] == row.id))
        for row in report.judgement.chapters
    )
    return Tile(
        COVERED, Text("已核实的要求", "Requirements verified"),
        f"{len(verified)}/{len(applicable)}", parts, warns=len(verified) < len(applicable),
    )  # fmt: skip


def _gaps(report: Report) -> Tile:
    """Each requirement is counted once under each kind of gap; the figure counts requirements and files."""
    by_verdict = {
        Verdict.NO_EVIDENCE: Text("没有证据", "no evidence"),
        Verdict.STALE: Text("证据过时", "stale"),
        Verdict.UNREADABLE: Text("无法读取", "unreadable"),
        Verdict.INCONCLUSIVE: Text("不足以下结论", "inconclusive"),
    }
    parts = [
        _part(word, (r.id for r in report.requirements if _has(r, verdict)))
        for verdict, word in by_verdict.items()
    ]
    gaps = {id_ for part in parts for id_ in part.ids}
    broken = _part(
        Text("读不了的文件", "files that cannot be read"),
        (file.file for file in report.files if file.unreadable is not None),
    )
    changed = () if report.audit is None else report.audit.changed
    altered = _part(
        Text("判断后证据被改动", "changed since it was judged on"),
        dict.fromkeys(requirement for requirement, _ in changed),
    )
    count = len(gaps | set(altered.ids)) + broken.count
    return Tile(
        GAPS, Text("证据缺口", "Evidence gaps"), str(count), (*parts, broken, altered),
        warns=count > 0,
    )  # fmt: skip


def _has(r: RequirementAssessment, verdict: Verdict) -> bool:
    return any(o.verdict is verdict for o in r.outcomes)


def _open(report: Report) -> Tile:
    waived = _part(
        STATUS_WORDS[Status.NOT_APPLICABLE],
        (r.id for r in report.requirements if r.status is Status.NOT_APPLICABLE),
    )
    if report.audit is None:
        unjudged = [r for r in report.requirements if r.status is Status.NOT_VERIFIED]
        word = Text("未核实", "not verified")
        parts: tuple[TilePart, ...] = (_part(word, (r.id for r in unjudged)), waived)
    else:
        unjudged = [r for r in report.requirements if r.decided is None]
        left = [
            r for r in report.requirements
            if r.decided is not None and r.status is Status.NOT_VERIFIED
        ]  # fmt: skip
        parts = (
            _part(Text("未判断", "unjudged"), (r.id for r in unjudged)),
            _part(Text("判为未核实", "left unverified"), (r.id for r in left)),
            waived,
        )
    count = sum(part.count for part in parts)
    title = Text("未判断与不适用", "Unjudged and not applicable")
    return Tile(OPEN, title, str(count), parts, warns=count > waived.count)


def _part(word: Text, ids: Iterable[str]) -> TilePart:
    named = tuple(ids)
    return TilePart(word, len(named), named)


def _sampling(report: Report) -> Iterator[Text]:
    yield Text(
        "审核以抽样方式进行：未抽到的部分仍可能存在不符合；未发现不符合不等于不存在。",
        "The audit rests on sampling: what was not sampled may still hold nonconformities, and that"
        " none was found does not mean that there is none.",
    )
    measured = [
        o for r in report.requirements for o in r.outcomes
        if o.sql is not None and o.counts.population
    ]  # fmt: skip
    full = [o for o in measured if o.coverage is Coverage.POPULATION]
    yield Text(
        f"{len(full)} 项检查覆盖所提交数据的全部记录；导出是否完整须由审核员确认。",
        f"{len(full)} checks read every row of what was handed in; whether the export is complete is"
        " for the auditor to confirm.",
    )
    for outcome in measured:
        if outcome.coverage is not Coverage.POPULATION:
            yield _sampled(outcome)
    unread = sum(not r.is_verified for r in report.requirements)
    yield Text(
        f"{unread} 项要求未核实或不适用，本报告对其不作结论。",
        f"{unread} requirements are not verified or do not apply; this report concludes nothing on them.",
    )


def _sampled(outcome: Outcome) -> Text:
    rows = outcome.counts.population
    if outcome.coverage is Coverage.RANDOM_SAMPLE:
        return Text(
            f"{outcome.check_id}：随机抽样 {rows} 条",
            f"{outcome.check_id}: random sample of {rows}",
        )
    return Text(
        f"{outcome.check_id}：判断抽样 {rows} 条，不作推断",
        f"{outcome.check_id}: judgement sample of {rows}; nothing is inferred from it",
    )
