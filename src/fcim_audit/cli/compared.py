"""Knows how a comparison is told: in lines for people, worst news first, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fcim_audit.auditfile.carrying import Covered
from fcim_audit.auditfile.changes import (
    Comparison,
    Direction,
    Fate,
    FindingChange,
    KpiChange,
    StatusChange,
)
from fcim_audit.auditfile.schema import FindingEntry, FindingState
from fcim_audit.auditfile.snapshot import Basis, Said, Snapshot
from fcim_audit.language import Lang, Text
from fcim_audit.report import RECOMMENDATION_WORDS
from fcim_audit.told import ToldKpi
from fcim_audit.wording import STATUS_WORDS

SCHEMA = "fcim-audit/comparison/1"
_DIRECTIONS = {
    Direction.WORSE: Text("变坏", "worse"),
    Direction.CHANGED: Text("变化", "changed"),
    Direction.BETTER: Text("变好", "better"),
    Direction.SAME: Text("不变", "the same"),
}
_FATES = {
    Fate.REPEATED: Text("重复（M5）", "repeated (M5)"),
    Fate.NOT_FOLLOWED_UP: Text("未跟踪：仍开口而新审核里没有", "not followed up: open, and not in the new audit"),
    Fate.REOPENED: Text("重新打开", "reopened"),
    Fate.NEW: Text("新增", "new"),
    Fate.REGRADED: Text("改级", "regraded"),
    Fate.PERSISTING: Text("延续", "persisting"),
    Fate.WITHDRAWN: Text("撤销", "withdrawn"),
    Fate.CLOSED: Text("关闭", "closed"),
}  # fmt: skip
_STATES = {
    FindingState.DRAFT: Text("草稿", "draft"),
    FindingState.REVIEWED: Text("已复核", "reviewed"),
    FindingState.ISSUED: Text("已开出", "issued"),
    FindingState.ACKNOWLEDGED: Text("已确认", "acknowledged"),
    FindingState.DISPUTED: Text("有异议", "disputed"),
    FindingState.RESPONSE_RECEIVED: Text("已答复", "response received"),
    FindingState.PLAN_ACCEPTED: Text("计划已接受", "plan accepted"),
    FindingState.RETURNED: Text("已退回", "returned"),
    FindingState.EVIDENCE_SUBMITTED: Text("已交证据", "evidence submitted"),
    FindingState.VERIFIED: Text("已验证", "verified"),
    FindingState.CLOSED: Text("已关闭", "closed"),
    FindingState.WITHDRAWN: Text("已撤销", "withdrawn"),
    FindingState.CARRIED_OVER: Text("已结转", "carried over"),
}
_BASES = {
    Basis.JUDGED: Text("判断", "judged"),
    Basis.PROPOSED: Text("仅工具建议", "only proposed"),
    Basis.NOBODY: Text("未看", "not looked at"),
}


def lines_of(c: Comparison, lang: Lang, *, markdown: bool) -> Iterator[str]:
    """The comparison in lines; sections without anything to say are left out."""
    title = Text(f"{c.old.name} → {c.new.name}", f"{c.old.name} → {c.new.name}").said(lang)
    yield f"# {title}" if markdown else title
    for heading, told in _sections(c):
        if told:
            yield ""
            yield f"## {heading.said(lang)}" if markdown else heading.said(lang)
            yield from (f"- {t.said(lang)}" if markdown else f"  {t.said(lang)}" for t in told)


def _sections(c: Comparison) -> Iterator[tuple[Text, list[Text]]]:
    yield Text("推荐意见", "Recommendation"), [_recommendation(c), *c.new.why]
    for direction in (Direction.WORSE, Direction.CHANGED, Direction.BETTER):
        words = _DIRECTIONS[direction]
        findings = [f for f in c.findings or () if f.direction is direction]
        statuses = [s for s in c.statuses if s.direction is direction]
        kpis = [k for k in c.kpis if k.direction is direction]
        yield _headed("发现", "Findings", words, findings), [_finding(f) for f in findings]
        yield _headed("要求", "Requirements", words, statuses), [_status(s) for s in statuses]
        yield _headed("指标", "Figures", words, kpis), [_kpi(k) for k in kpis]
    same = [f for f in c.findings or () if f.direction is Direction.SAME]
    yield _headed("发现", "Findings", Text("延续", "persisting"), same), [_finding(f) for f in same]
    rebased = [s for s in c.statuses if s.direction is Direction.SAME]
    yield (
        Text(f"状态不变而依据改变：{len(rebased)}", f"Same status, said by others: {len(rebased)}"),
        [_status(s) for s in rebased],
    )
    yield Text("没有对应的要求", "Requirements without a counterpart"), [*_unmatched(c)]
    yield Text("证据", "Evidence"), [*_evidence(c)]
    if c.new.coverage:
        yield Text("周期内覆盖的条款", "Clauses over the cycle"), [*coverage_told(c.new.coverage)]
    yield Text("说明", "Remarks"), list(c.remarks)


def _headed(zh: str, en: str, words: Text, of: Sequence[object]) -> Text:
    return Text(f"{zh}，{words.zh}：{len(of)}", f"{en}, {words.en}: {len(of)}")


def _recommendation(c: Comparison) -> Text:
    words = _DIRECTIONS[c.recommendation]
    then, now = _code(c.old), _code(c.new)
    return Text(f"{then.zh} → {now.zh}（{words.zh}）", f"{then.en} -> {now.en} ({words.en})")


def _code(side: Snapshot) -> Text:
    if side.recommendation is None:
        return Text("不知", "not known")
    return RECOMMENDATION_WORDS[side.recommendation]


def _finding(f: FindingChange) -> Text:
    fate = _FATES[f.fate]
    ids = f.new_id or f.old_id or ""
    if f.fate is Fate.REPEATED and f.old_id is not None:
        ids = f"{f.new_id} ← {f.old_id}"
    elif f.old_id is not None and f.new_id is not None and f.old_id != f.new_id:
        ids = f"{f.old_id} → {f.new_id}"
    grade = _then_now(f, _grade)
    state = _then_now(f, _state)
    carried = Text("，结转", ", carried over") if f.is_carried else Text("", "")
    return Text(
        f"{ids} {f.requirement} {fate.zh}：{grade.zh}，{state.zh}{carried.zh}",
        f"{ids} {f.requirement} {fate.en}: {grade.en}, {state.en}{carried.en}",
    )


def _grade(finding: FindingEntry) -> Text:
    return STATUS_WORDS[finding.grade]


def _state(finding: FindingEntry) -> Text:
    return _STATES[finding.state]


def _then_now(f: FindingChange, of: Callable[[FindingEntry], Text]) -> Text:
    told = dict.fromkeys(of(side) for side in (f.old, f.new) if side is not None)
    return Text(" → ".join(t.zh for t in told), " → ".join(t.en for t in told))


def _status(s: StatusChange) -> Text:
    id_ = s.new_id if s.old_id == s.new_id else f"{s.old_id} → {s.new_id}"
    then, now = _said(s.old), _said(s.new)
    return Text(f"{id_} {then.zh} → {now.zh}", f"{id_} {then.en} → {now.en}")


def _said(said: Said) -> Text:
    basis, words = _BASES[said.basis], STATUS_WORDS[said.status]
    return Text(f"{words.zh}（{basis.zh}）", f"{words.en} ({basis.en})")


def _kpi(k: KpiChange) -> Text:
    then, now = _measured(k.old), _measured(k.new)
    by = "" if k.difference is None else f" ({k.difference:+.4g})"
    return Text(f"{k.id} {then.zh} → {now.zh}{by}", f"{k.id} {then.en} → {now.en}{by}")


def _measured(side: ToldKpi | None) -> Text:
    if side is None or side.measured is None:
        return Text("未测得", "not measured")
    attained = {
        True: Text("达标", "attained"),
        False: Text("未达标", "missed"),
        None: Text("不能核实", "not verifiable"),
    }[side.attained]
    figure = f"{side.measured:.6g} {side.unit}"
    return Text(f"{figure}（{attained.zh}）", f"{figure} ({attained.en})")


def _unmatched(c: Comparison) -> Iterator[Text]:
    for id_ in c.gone:
        was = _said(c.old.statuses[id_])
        yield Text(f"{id_} 只在旧的里：{was.zh}", f"{id_} only in the old one: {was.en}")
    for id_ in c.added:
        now = _said(c.new.statuses[id_])
        yield Text(f"{id_} 只在新的里：{now.zh}", f"{id_} only in the new one: {now.en}")


def _evidence(c: Comparison) -> Iterator[Text]:
    e = c.evidence
    yield Text(
        f"新增 {len(e.added)}，没有了 {len(e.removed)}，内容改变 {len(e.changed)}，相同 {e.same}",
        f"{len(e.added)} added, {len(e.removed)} gone, {len(e.changed)} changed, {e.same} the same",
    )
    for files, zh, en in (
        (e.removed, "没有了", "gone"),
        (e.changed, "改变", "changed"),
        (e.added, "新增", "added"),
    ):
        yield from (Text(f"{zh} {file}", f"{en} {file}") for file in files)


def coverage_counted(coverage: Sequence[Covered]) -> Iterator[Text]:
    """The coverage of a cycle in short: clauses that no audit judged, then how many each audit judged."""
    yield from _never_judged(coverage)
    judged: dict[str, int] = {}
    for covered in coverage:
        for audit, _ in covered.judged:
            judged[audit] = judged.get(audit, 0) + 1
    for audit, count in judged.items():
        yield Text(
            f"{audit}：判断过 {count} 个条款", f"{audit}: judged {count} of {len(coverage)} clauses"
        )


def _never_judged(coverage: Sequence[Covered]) -> Iterator[Text]:
    open_ = [c.clause for c in coverage if c.is_open]
    if open_:
        yield Text(
            f"整个周期没有判断过（{len(open_)}）：{'、'.join(open_)}",
            f"judged in no audit of the cycle ({len(open_)}): {', '.join(open_)}",
        )


def coverage_told(coverage: Sequence[Covered]) -> Iterator[Text]:
    """The coverage of a cycle in lines: clauses that no audit judged first, all in one line."""
    yield from _never_judged(coverage)
    for covered in coverage:
        if not covered.is_open:
            told = ", ".join(f"{audit} ({count})" for audit, count in covered.judged)
            yield Text(f"{covered.clause}：{told}", f"{covered.clause}: {told}")


def as_json(c: Comparison) -> dict[str, object]:
    """The comparison as a document."""
    return {
        "schema": SCHEMA,
        "old": _side(c.old),
        "new": _side(c.new),
        "got_worse": c.got_worse,
        "recommendation": {
            "old": None if c.old.recommendation is None else c.old.recommendation.value,
            "new": None if c.new.recommendation is None else c.new.recommendation.value,
            "direction": c.recommendation.value,
            "why": [why.as_dict() for why in c.new.why],
        },
        "findings": None if c.findings is None else [_finding_json(f) for f in c.findings],
        "requirements": {
            "changed": [_status_json(s) for s in c.statuses],
            "unchanged": c.unchanged,
            "only_old": [_unmatched_json(id_, c.old) for id_ in c.gone],
            "only_new": [_unmatched_json(id_, c.new) for id_ in c.added],
        },
        "kpis": [_kpi_json(k) for k in c.kpis],
        "evidence": {
            "added": [{"file": f, "sha256": c.new.evidence[f]} for f in c.evidence.added],
            "removed": [{"file": f, "sha256": c.old.evidence[f]} for f in c.evidence.removed],
            "changed": [
                {"file": f, "old": c.old.evidence[f], "new": c.new.evidence[f]}
                for f in c.evidence.changed
            ],
            "same": c.evidence.same,
        },
        "coverage": [
            {
                "clause": covered.clause,
                "judged": [{"audit": a, "requirements": n} for a, n in covered.judged],
            }
            for covered in c.new.coverage
        ],
        "remarks": [remark.as_dict() for remark in c.remarks],
    }


def _side(side: Snapshot) -> dict[str, object]:
    return {
        "name": side.name,
        "audit": side.audit,
        "checklist": {"edition": side.edition, "sha256": side.checklist},
        "as_of": side.as_of,
    }


def _finding_json(f: FindingChange) -> dict[str, object]:
    return {
        "fate": f.fate.value,
        "direction": f.direction.value,
        "old_id": f.old_id,
        "new_id": f.new_id,
        "requirement": f.requirement,
        "carried": f.is_carried,
        "old_grade": None if f.old is None else f.old.grade.value,
        "new_grade": None if f.new is None else f.new.grade.value,
        "old_state": None if f.old is None else f.old.state.value,
        "new_state": None if f.new is None else f.new.state.value,
    }


def _status_json(s: StatusChange) -> dict[str, object]:
    return {
        "old_id": s.old_id,
        "new_id": s.new_id,
        "direction": s.direction.value,
        "old": {"status": s.old.status.value, "basis": s.old.basis.value},
        "new": {"status": s.new.status.value, "basis": s.new.basis.value},
    }


def _unmatched_json(id_: str, side: Snapshot) -> dict[str, object]:
    said = side.statuses[id_]
    return {"id": id_, "status": said.status.value, "basis": said.basis.value}


def _kpi_json(k: KpiChange) -> dict[str, object]:
    return {
        "id": k.id,
        "direction": k.direction.value,
        "old": None if k.old is None else k.old.model_dump(),
        "new": None if k.new is None else k.new.model_dump(),
        "difference": k.difference,
    }
