"""Knows what stands against a step in a finding's life, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fcim_audit.auditfile.due import limit_day
from fcim_audit.auditfile.schema import FindingState
from fcim_audit.auditfile.states import Case, Said
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.profile import DueStep

S = FindingState


def _nothing(case: Case, said: Said) -> Iterator[AuditError]:
    yield from ()


def _clean_words(case: Case, said: Said) -> Iterator[AuditError]:
    """Words that lint objects to pass only if the lead says why."""
    if case.hits and said.note is None:
        yield AuditError(
            Text(f"措辞检查还有 {case.hits} 处", f"its lint still finds {case.hits} to mend"),
            f"{case.id} --note",
            Text(
                f"看 fcim-audit finding lint {case.id}；确认无误时用 --note 说明",
                f"see fcim-audit finding lint {case.id}; if it is right as it is, say why with --note",
            ),
        )


def _in_time(case: Case, said: Said) -> Iterator[AuditError]:
    """A plan that ends after the limit is accepted only with a reason, after the last day of all never."""
    response = case.finding.response
    for limit in case.rules.limits:
        day = limit_day(limit, case.finding, case.file)
        late = limit.grade is case.finding.grade and limit.step is not DueStep.RESPONSE
        if not late or response is None or day is None or response.due <= day:
            continue
        if limit.step is DueStep.HARD_STOP or said.note is None:
            yield AuditError(
                Text(
                    f"措施到 {response.due} 才完成，期限是 {day}",
                    f"the action is due on {response.due}, the limit is {day}",
                ),
                f"{case.id} response.due",
                Text("退回，或改级别；验证期限可用 --note 说明", "return it; for the limit of verification a --note may say why"),
            )  # fmt: skip


def _independent(case: Case, said: Said) -> Iterator[AuditError]:
    response = case.finding.response
    member = case.file.member(said.by)
    names = {said.by} | (set() if member is None else {member.name})
    if response is not None and _plain(response.owner) in map(_plain, names):
        yield AuditError(
            Text("措施负责人不能自己验证", "the owner of the action can't verify it"),
            f"{case.id} --by",
            Text("由另一名审核员验证", "let another auditor verify it"),
        )


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _complete(case: Case, said: Said) -> Iterator[AuditError]:
    """What closing demands; an opportunity for improvement asks for nothing."""
    finding = case.finding
    if finding.grade is Status.OFI:
        return
    verification = finding.verification
    owner = None if finding.response is None else _plain(finding.response.owner)
    verifier = case.file.member(verification.by) if verification is not None else None
    same = verification is not None and owner in {
        _plain(verification.by), _plain(verifier.name if verifier else verification.by)
    }  # fmt: skip
    for lacks, field, zh, en in (
        (finding.response is None, "response", "没有原因和措施", "there is no cause and no action"),
        (finding.submission is None, "submission", "没有有效性证据", "there is no evidence of effect"),
        (verification is None, "verification", "没有验证", "it was not verified"),
        (
            verification is not None and not verification.effective,
            "verification", "验证结果是无效", "it was found not to be effective",
        ),
        (same, "verification.by", "措施负责人自己验证", "the owner of the action verified it"),
    ):  # fmt: skip
        if lacks:
            yield AuditError(
                Text(f"不能关闭：{zh}", f"it can't be closed: {en}"),
                f"{case.id} {field}",
                Text("用 fcim-audit finding move 走完前面的步骤", "take the steps before with: fcim-audit finding move"),
            )  # fmt: skip


def _can_be_carried(case: Case, said: Said) -> Iterator[AuditError]:
    if case.finding.grade is not Status.MINOR or case.finding.plan_accepted_on is None:
        yield AuditError(
            Text(
                "只有计划已接受的一般不符合可转入下次审核",
                "only a minor whose plan was accepted goes on to the next audit",
            ),
            f"{case.id} state",
            Text("严重不符合须在本次审核中验证并关闭", "a major is verified and closed in its own audit"),
        )  # fmt: skip


def _had_plan(case: Case, said: Said) -> Iterator[AuditError]:
    if case.finding.plan_accepted_on is None:
        yield AuditError(
            Text("计划还没有被接受", "its plan was not accepted yet"),
            f"{case.id} plan_accepted_on",
            Text("先 response_received、plan_accepted", "first response_received, then plan_accepted"),
        )  # fmt: skip


GUARDS: Mapping[FindingState, Callable[[Case, Said], Iterator[AuditError]]] = {
    **dict.fromkeys(FindingState, _nothing),
    S.REVIEWED: _clean_words,
    S.ISSUED: _clean_words,
    S.PLAN_ACCEPTED: _in_time,
    S.EVIDENCE_SUBMITTED: _had_plan,
    S.VERIFIED: _independent,
    S.CLOSED: _complete,
    S.CARRIED_OVER: _can_be_carried,
}
"""What each state demands of whoever takes a finding there."""
