"""What goes on in the next audit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fcim_audit.auditfile.carrying import (
    Covered,
    carried,
    coverage_of,
    cycle_of,
    repeat_of,
)
from fcim_audit.auditfile.folder import JUDGEMENTS, changing, open_audit
from fcim_audit.auditfile.schema import (
    Alarm,
    AuditType,
    Findings,
    FindingState,
    Verification,
    VerificationMethod,
)
from fcim_audit.errors import AuditError
from fcim_audit.model import Status
from tests.auditfile.copies import AT, begun, find, finding, judge, judgement


def verified(effective: bool) -> Verification:
    return Verification(
        method=VerificationMethod.DOCUMENT,
        effective=effective,
        note="seen",
        by="L",
        on=dt.date(2026, 3, 1),
    )


def test_open_findings_go_on_under_their_ids_with_grade_and_state(tmp_path: Path) -> None:
    begun(tmp_path)
    find(tmp_path, "NC-1", finding(state=FindingState.PLAN_ACCEPTED))
    find(tmp_path, "NC-2", finding(state=FindingState.CLOSED))
    find(tmp_path, "NC-3", finding(state=FindingState.WITHDRAWN))
    before = (tmp_path / "findings.yaml").read_bytes()
    made = carried(open_audit(tmp_path))
    expected = finding(state=FindingState.PLAN_ACCEPTED, carried_from="NC-1")
    assert made.findings == {"NC-1": expected}
    assert made.unplaced == ()
    assert (tmp_path / "findings.yaml").read_bytes() == before


def test_a_finding_whose_requirement_was_split_is_named_and_kept(tmp_path: Path) -> None:
    begun(tmp_path)
    find(tmp_path, "NC-1", finding("6.3-d"))
    find(tmp_path, "NC-2", finding("6.3-e"))
    ids = {"6.3-d": ("6.4-a", "6.4-b"), "6.3-e": ("6.4-c",)}
    made = carried(open_audit(tmp_path), lambda old: ids[old])
    assert made.unplaced == ("NC-1",)
    assert made.findings["NC-1"].requirement == "6.3-d"
    assert made.findings["NC-2"].requirement == "6.4-c"


def test_an_unsettled_doubt_about_evidence_goes_on(tmp_path: Path) -> None:
    begun(tmp_path)
    doubt = Alarm(about="all times end in :00", raised_by="A1", raised_on=dt.date(2026, 1, 20))
    with changing(tmp_path) as ledger:
        ledger.put(JUDGEMENTS, ("alarms", "G-1"), doubt)
        ledger.commit(by="A1", at=AT, action="alarm")
    assert carried(open_audit(tmp_path)).alarms == {"G-1": doubt}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (finding(state=FindingState.PLAN_ACCEPTED), "NC-1"),
        (finding(state=FindingState.CLOSED), "NC-1"),
        (finding(state=FindingState.CLOSED, verification=verified(False)), "NC-1"),
        (finding(state=FindingState.CLOSED, verification=verified(True)), None),
        (finding(state=FindingState.WITHDRAWN), None),
        (finding(grade=Status.OFI), None),
        (finding("6.3-e"), None),
    ],
    ids=[
        "open", "closed without verification", "closed without effect", "closed with effect",
        "withdrawn", "an opportunity", "another requirement",
    ],
)  # fmt: skip
def test_what_was_not_effectively_closed_is_repeated(before: object, expected: str | None) -> None:
    previous = Findings.model_validate({"findings": "1", "items": {"NC-1": before}})
    assert repeat_of(previous.items, "6.3-d") == expected


def test_of_several_the_gravest_is_repeated() -> None:
    items = {"NC-2": finding(), "NC-10": finding(grade=Status.MAJOR)}
    assert repeat_of(items, "6.3-d") == "NC-10"


def test_the_chain_of_a_cycle_ends_where_the_cycle_began(tmp_path: Path) -> None:
    begun(tmp_path / "0", id="0", type=AuditType.RECERTIFICATION)
    begun(tmp_path / "1", id="1", type=AuditType.STAGE_2, previous="../0")
    begun(tmp_path / "2", id="2", type=AuditType.SURVEILLANCE_1, previous="../1")
    third = begun(tmp_path / "3", id="3", type=AuditType.SURVEILLANCE_2, previous="../2")
    assert [audit.file.id for audit in cycle_of(third)] == ["3", "2", "1"]


def test_a_chain_that_leads_back_is_refused(tmp_path: Path) -> None:
    begun(tmp_path / "1", type=AuditType.SURVEILLANCE_1, previous="../2")
    second = begun(tmp_path / "2", type=AuditType.SURVEILLANCE_2, previous="../1")
    with pytest.raises(AuditError, match="leads back") as refused:
        cycle_of(second)
    assert refused.value.where.endswith("(previous)")


def test_a_previous_audit_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    audit = begun(tmp_path / "1", type=AuditType.SURVEILLANCE_1, previous="../gone")
    with pytest.raises(AuditError, match="the audit before is not at"):
        cycle_of(audit)


def test_what_no_audit_of_the_cycle_judged_comes_first(tmp_path: Path) -> None:
    begun(tmp_path / "1", id="first")
    judge(tmp_path / "1", "6.3-d", judgement(Status.NOT_APPLICABLE))
    judge(tmp_path / "1", "7.2", judgement(Status.NOT_VERIFIED))
    begun(tmp_path / "2", id="second", type=AuditType.SURVEILLANCE_1, previous="../1")
    judge(tmp_path / "2", "6.3-a", judgement(Status.CONFORM))
    judge(tmp_path / "2", "6.3-d", judgement(Status.MINOR))
    chain = cycle_of(open_audit(tmp_path / "2"))
    clauses = {"6.3-a": "6.3", "6.3-d": "6.3", "7.2": "7.2"}
    assert coverage_of(chain, clauses) == (
        Covered("7.2", ()),
        Covered("6.3", (("first", 1), ("second", 2))),
    )
