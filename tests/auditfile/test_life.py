"""The life of a finding: every step there is and every one there is not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from fcim_audit.auditfile.life import moved, regraded
from fcim_audit.auditfile.schema import (
    EvidenceKind,
    EvidenceRef,
    FindingEntry,
    FindingState,
    Grade,
    VerificationMethod,
)
from fcim_audit.auditfile.states import STEPS, Case, Said
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.finding_audits import begun, finding, found, ground, plan, rules

S = FindingState
TODAY = dt.date(2026, 3, 1)
TOLD = Said(
    by="L", on=TODAY, today=TODAY, note="seen", reason="not enough", acknowledged_by="quality manager",
    dissent="we disagree", correction="answered", cause="no deputy", method="5 why", extent="both sites",
    action="name a deputy", owner="service manager", due=dt.date(2026, 4, 1),
    evidence=(EvidenceRef(kind=EvidenceKind.RECORD, ref="rota"),), effectiveness="none late since",
    verification=VerificationMethod.DOCUMENT, effective=True,
)  # fmt: skip
RESPONSE = {
    "received_on": "2026-02-01", "correction": "answered", "cause": "no deputy", "extent": "both sites",
    "action": "name a deputy", "owner": "service manager", "due": "2026-03-15",
}  # fmt: skip
SUBMISSION = {
    "on": "2026-02-10", "evidence": [{"kind": "record", "ref": "rota"}], "effectiveness": "none late",
}  # fmt: skip
VERIFICATION = {
    "method": "document", "effective": True, "note": "rota seen", "by": "A", "on": "2026-02-20",
}  # fmt: skip
GROWN: dict[str, object] = {
    "response": RESPONSE, "plan_accepted_on": "2026-02-03", "submission": SUBMISSION,
    "verification": VERIFICATION,
}  # fmt: skip


def case(state: FindingState = S.DRAFT, **values: object) -> Case:
    entry = finding(**{"state": state, **GROWN, **values})
    return Case("YQ-NC01", entry, plan(), rules())


def refusal(case_: Case, to: FindingState, said: Said) -> str:
    with pytest.raises(AuditError) as caught:
        moved(case_, to, said)
    return caught.value.said(Lang.EN)


ALLOWED = {
    (S.DRAFT, S.REVIEWED),
    (S.REVIEWED, S.ISSUED),
    (S.REVIEWED, S.DRAFT),
    (S.ISSUED, S.ACKNOWLEDGED),
    (S.ISSUED, S.DISPUTED),
    (S.DISPUTED, S.ACKNOWLEDGED),
    (S.DISPUTED, S.RESPONSE_RECEIVED),
    (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED),
    (S.ACKNOWLEDGED, S.CLOSED),
    (S.RESPONSE_RECEIVED, S.PLAN_ACCEPTED),
    (S.RESPONSE_RECEIVED, S.RETURNED),
    (S.RETURNED, S.RESPONSE_RECEIVED),
    (S.RETURNED, S.EVIDENCE_SUBMITTED),
    (S.RETURNED, S.CARRIED_OVER),
    (S.PLAN_ACCEPTED, S.EVIDENCE_SUBMITTED),
    (S.PLAN_ACCEPTED, S.CARRIED_OVER),
    (S.EVIDENCE_SUBMITTED, S.VERIFIED),
    (S.EVIDENCE_SUBMITTED, S.RETURNED),
    (S.EVIDENCE_SUBMITTED, S.CARRIED_OVER),
    (S.VERIFIED, S.CLOSED),
    (S.VERIFIED, S.RETURNED),
    (S.CARRIED_OVER, S.RESPONSE_RECEIVED),
    (S.CARRIED_OVER, S.EVIDENCE_SUBMITTED),
    (S.DRAFT, S.WITHDRAWN),
    (S.REVIEWED, S.WITHDRAWN),
    (S.ISSUED, S.WITHDRAWN),
    (S.ACKNOWLEDGED, S.WITHDRAWN),
    (S.DISPUTED, S.WITHDRAWN),
    (S.RESPONSE_RECEIVED, S.WITHDRAWN),
    (S.PLAN_ACCEPTED, S.WITHDRAWN),
    (S.RETURNED, S.WITHDRAWN),
    (S.EVIDENCE_SUBMITTED, S.WITHDRAWN),
    (S.CARRIED_OVER, S.WITHDRAWN),
}
EVERY = [(a, b) for a in FindingState for b in FindingState]


def test_every_state_has_its_steps() -> None:
    assert {(a, step.to) for a, steps in STEPS.items() for step in steps} == ALLOWED
    assert set(STEPS) == set(FindingState)


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED))
def test_a_step_that_is_told_in_full_is_taken(before: FindingState, after: FindingState) -> None:
    assert moved(case(before), after, TOLD).state is after


@pytest.mark.parametrize(("before", "after"), [pair for pair in EVERY if pair not in ALLOWED])
def test_no_other_step_is_taken(before: FindingState, after: FindingState) -> None:
    assert "YQ-NC01 state: a finding that is" in refusal(case(before), after, TOLD)


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        (S.REVIEWED, S.DRAFT, "reason"),
        (S.ISSUED, S.ACKNOWLEDGED, "acknowledged_by"),
        (S.ISSUED, S.DISPUTED, "dissent"),
        (S.DISPUTED, S.ACKNOWLEDGED, "note"),
        (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED, "correction"),
        (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED, "cause"),
        (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED, "extent"),
        (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED, "action"),
        (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED, "owner"),
        (S.ACKNOWLEDGED, S.RESPONSE_RECEIVED, "due"),
        (S.RESPONSE_RECEIVED, S.RETURNED, "reason"),
        (S.PLAN_ACCEPTED, S.EVIDENCE_SUBMITTED, "evidence"),
        (S.PLAN_ACCEPTED, S.EVIDENCE_SUBMITTED, "effectiveness"),
        (S.PLAN_ACCEPTED, S.CARRIED_OVER, "note"),
        (S.EVIDENCE_SUBMITTED, S.VERIFIED, "verification"),
        (S.EVIDENCE_SUBMITTED, S.VERIFIED, "effective"),
        (S.EVIDENCE_SUBMITTED, S.VERIFIED, "note"),
        (S.DRAFT, S.WITHDRAWN, "reason"),
    ],
)
def test_a_step_names_the_field_it_lacks(
    before: FindingState, after: FindingState, field: str
) -> None:
    told = replace(TOLD, **{field: () if field == "evidence" else None})  # type: ignore[arg-type]  # any field
    message = refusal(case(before), after, told)
    assert message.startswith(f"YQ-NC01 {field}: ")
    assert f"--{field.replace('_', '-')}" in message


def test_all_that_a_step_lacks_is_told_at_once() -> None:
    message = refusal(case(S.ACKNOWLEDGED), S.RESPONSE_RECEIVED, Said("L", TODAY, TODAY))
    assert message.endswith("6 mistakes")


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        (S.DRAFT, S.REVIEWED, "A"),
        (S.REVIEWED, S.ISSUED, "A"),
        (S.ISSUED, S.ACKNOWLEDGED, "O"),
        (S.RESPONSE_RECEIVED, S.PLAN_ACCEPTED, "T"),
        (S.EVIDENCE_SUBMITTED, S.VERIFIED, "T"),
        (S.VERIFIED, S.CLOSED, "A"),
        (S.ISSUED, S.WITHDRAWN, "A"),
        (S.PLAN_ACCEPTED, S.CARRIED_OVER, "A"),
        (S.DRAFT, S.REVIEWED, "nobody"),
    ],
)
def test_a_step_is_taken_only_by_whom_it_is_for(
    before: FindingState, after: FindingState, by: str
) -> None:
    assert f"{by} may not do this" in refusal(case(before), after, replace(TOLD, by=by))


def test_a_step_is_not_taken_tomorrow() -> None:
    told = replace(TOLD, on=dt.date(2026, 3, 2))
    assert "2026-03-02 is still to come" in refusal(case(), S.REVIEWED, told)


def test_a_step_is_not_taken_before_the_last_one() -> None:
    told = replace(TOLD, on=dt.date(2026, 2, 19))
    assert "is before the last step, 2026-02-20" in refusal(case(S.VERIFIED), S.CLOSED, told)


def test_words_that_lint_objects_to_are_reviewed_only_with_a_note() -> None:
    assert "finding lint YQ-NC01" in refusal(
        replace(case(), hits=2), S.REVIEWED, replace(TOLD, note=None)
    )
    assert moved(replace(case(), hits=2), S.REVIEWED, TOLD).reviewed_by == "L"


def test_what_was_reviewed_and_sent_back_is_reviewed_again() -> None:
    back = moved(case(S.REVIEWED, reviewed_by="L", reviewed_on="2026-01-21"), S.DRAFT, TOLD)
    assert (back.reviewed_by, back.reviewed_on) == (None, None)


def test_a_dissent_stays_in_its_words() -> None:
    disputed = moved(case(S.ISSUED), S.DISPUTED, TOLD)
    settled = moved(replace(case(), finding=disputed), S.ACKNOWLEDGED, TOLD)
    assert settled.acknowledgement is not None
    assert settled.acknowledgement.dissent == "we disagree"


def test_an_acknowledgement_carries_no_dissent_unless_one_is_told() -> None:
    known = moved(case(S.ISSUED), S.ACKNOWLEDGED, replace(TOLD, dissent=None))
    assert known.acknowledgement is not None
    assert known.acknowledgement.dissent is None


def test_a_plan_past_the_limit_of_verification_needs_a_note() -> None:
    late = case(S.RESPONSE_RECEIVED, grade=Status.MAJOR, response={**RESPONSE, "due": "2026-04-22"})
    message = refusal(late, S.PLAN_ACCEPTED, replace(TOLD, note=None))
    assert "the action is due on 2026-04-22, the limit is 2026-04-21" in message
    assert moved(late, S.PLAN_ACCEPTED, TOLD).plan_accepted_on == TODAY


def test_a_plan_on_the_last_day_of_the_limit_is_in_time() -> None:
    just = case(S.RESPONSE_RECEIVED, grade=Status.MAJOR, response={**RESPONSE, "due": "2026-04-21"})
    assert moved(just, S.PLAN_ACCEPTED, replace(TOLD, note=None)).state is S.PLAN_ACCEPTED


def test_a_plan_past_the_last_day_of_all_is_never_accepted() -> None:
    late = case(S.RESPONSE_RECEIVED, grade=Status.MAJOR, response={**RESPONSE, "due": "2026-07-22"})
    assert "the limit is 2026-07-21" in refusal(late, S.PLAN_ACCEPTED, TOLD)


def test_a_new_answer_waits_for_acceptance_again() -> None:
    assert moved(case(S.RETURNED), S.RESPONSE_RECEIVED, TOLD).plan_accepted_on is None


def test_no_evidence_is_taken_for_a_plan_that_nobody_accepted() -> None:
    message = refusal(case(S.RETURNED, plan_accepted_on=None), S.EVIDENCE_SUBMITTED, TOLD)
    assert "its plan was not accepted yet" in message


def test_what_was_found_not_to_be_effective_goes_back() -> None:
    back = moved(case(S.EVIDENCE_SUBMITTED), S.VERIFIED, replace(TOLD, effective=False))
    assert back.state is S.RETURNED
    assert back.returned == ("not enough",)
    assert back.verification is not None
    assert not back.verification.effective


def test_new_evidence_is_verified_anew() -> None:
    assert moved(case(S.RETURNED), S.EVIDENCE_SUBMITTED, TOLD).verification is None


@pytest.mark.parametrize(
    "owner", ["A", "a", "Ann Bell", " ann  bell "], ids=["id", "case", "name", "blanks"]
)
def test_the_owner_of_the_action_does_not_verify_it(owner: str) -> None:
    owned = case(S.EVIDENCE_SUBMITTED, response={**RESPONSE, "owner": owner})
    message = refusal(owned, S.VERIFIED, replace(TOLD, by="A"))
    assert "the owner of the action can't verify it" in message


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        pytest.param({"response": None}, "there is no cause and no action", id="cause"),
        pytest.param({"submission": None}, "there is no evidence of effect", id="effect"),
        pytest.param({"verification": None}, "it was not verified", id="verified"),
        pytest.param(
            {"verification": {**VERIFICATION, "effective": False}},
            "it was found not to be effective",
            id="effective",
        ),
        pytest.param(
            {"response": {**RESPONSE, "owner": "Ann Bell"}},
            "the owner of the action verified it",
            id="independent",
        ),
    ],
)
def test_nothing_is_closed_without(lacking: dict[str, object], said: str) -> None:
    assert f"it can't be closed: {said}" in refusal(case(S.VERIFIED, **lacking), S.CLOSED, TOLD)


def test_an_opportunity_is_closed_without_an_answer() -> None:
    known = case(
        S.ACKNOWLEDGED, grade=Status.OFI, response=None, submission=None, verification=None
    )
    assert moved(known, S.CLOSED, TOLD).closed_by == "L"


def test_a_nonconformity_is_not_closed_by_acknowledging_it() -> None:
    known = case(S.ACKNOWLEDGED, response=None, submission=None, verification=None)
    assert "it can't be closed" in refusal(known, S.CLOSED, TOLD)


@pytest.mark.parametrize(
    "values",
    [{"grade": Status.MAJOR}, {"plan_accepted_on": None}],
    ids=["a-major", "without-a-plan"],
)
def test_only_a_minor_with_a_plan_goes_on_to_the_next_audit(values: dict[str, object]) -> None:
    message = refusal(case(S.RETURNED, **values), S.CARRIED_OVER, TOLD)
    assert "only a minor whose plan was accepted" in message


def test_a_regrade_keeps_the_earlier_grade_with_who_and_why() -> None:
    entry = regraded(case(S.ISSUED), Status.MAJOR, TOLD)
    assert entry.grade is Status.MAJOR
    assert [(r.was, r.reason, r.by, r.on) for r in entry.regraded] == [
        (Status.MINOR, "not enough", "L", TODAY)
    ]


def regrade_refusal(entry: FindingEntry, grade: str, told: Said) -> str:
    with pytest.raises(AuditError) as caught:
        regraded(Case("YQ-NC01", entry, plan(), rules()), _GRADES[grade], told)
    return caught.value.said(Lang.EN)


_GRADES: dict[str, Grade] = {"ofi": Status.OFI, "minor": Status.MINOR, "major": Status.MAJOR}


@pytest.mark.parametrize(
    ("state", "grade", "changes", "said"),
    [
        pytest.param("issued", "major", {"reason": None}, "needs a reason", id="reason"),
        pytest.param("issued", "major", {"by": "A"}, "A may not do this", id="lead"),
        pytest.param("issued", "minor", {}, "its grade is minor already", id="same"),
        pytest.param("issued", "ofi", {}, "never recorded as an opportunity", id="ofi"),
        pytest.param("closed", "major", {}, "it is over, its grade stays", id="closed"),
    ],
)
def test_a_regrade_is_refused(
    state: str, grade: str, changes: dict[str, str | None], said: str
) -> None:
    told = replace(TOLD, **changes)  # type: ignore[arg-type]  # by and reason
    assert said in regrade_refusal(finding(state=state), grade, told)


def test_a_text_that_is_too_long_is_refused_with_its_field() -> None:
    message = refusal(case(S.ACKNOWLEDGED), S.RESPONSE_RECEIVED, replace(TOLD, cause="x" * 4001))
    assert message.startswith("YQ-NC01 response cause: won't do")


@pytest.mark.parametrize(
    ("values", "holding"),
    [
        pytest.param({"state": "issued"}, ["NC01"], id="issued"),
        pytest.param({"state": "plan_accepted"}, [], id="with-a-plan"),
        pytest.param({"state": "plan_accepted", "grade": "major"}, ["NC01"], id="a-major"),
        pytest.param({"state": "carried_over"}, [], id="gone-on-to-the-next-audit"),
        pytest.param({"state": "carried_over", "carried_from": "NC01"}, ["NC01"], id="come-here"),
    ],
)
def test_what_holds_a_certificate_back(
    tmp_path: Path, values: dict[str, object], holding: list[str]
) -> None:
    begun(tmp_path)
    found(tmp_path, "NC01", finding(**values))
    assert [c.id for c in ground(tmp_path).standings.holding_back()] == holding
