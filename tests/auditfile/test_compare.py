"""What changed between two audits, worst first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.changes import Direction, Fate
from fcim_audit.auditfile.compare import compared
from fcim_audit.auditfile.conflicts import Open, Section
from fcim_audit.auditfile.editions import Successors, read_editions
from fcim_audit.auditfile.folder import open_audit
from fcim_audit.auditfile.schema import (
    FindingEntry,
    Findings,
    FindingState,
    Verification,
    VerificationMethod,
)
from fcim_audit.auditfile.snapshot import Basis, Said, Snapshot, of_audit
from fcim_audit.errors import AuditError
from fcim_audit.model import Status
from fcim_audit.told import ToldKpi
from tests.auditfile.copies import begun, find, finding, judge, judgement

CONFORM, OFI, MINOR, MAJOR = Status.CONFORM, Status.OFI, Status.MINOR, Status.MAJOR
OPEN, GONE = Status.NOT_VERIFIED, Status.NOT_APPLICABLE
CLOSED, WITHDRAWN = FindingState.CLOSED, FindingState.WITHDRAWN
EFFECTIVE = Verification(
    method=VerificationMethod.ON_SITE, effective=True, note="seen", by="L", on=dt.date(2026, 3, 1)
)


def side(audit: str | None = "A", **more: object) -> Snapshot:
    """A side that knows nothing but what is given."""
    given: dict[str, object] = {
        "name": audit or "result.json", "audit": audit, "edition": "draft", "checklist": "c" * 64,
        "as_of": None, "statuses": {}, "findings": None, "kpis": {}, "evidence": {},
        "recommendation": None,
    }  # fmt: skip
    return Snapshot(**{**given, **more})  # type: ignore[arg-type]  # literals of the test


def with_statuses(audit: str = "A", **statuses: Status) -> Snapshot:
    """`c6_3_d=…` stands for requirement 6.3-d."""
    return side(
        audit,
        statuses={requirement(key): Said(s, Basis.JUDGED) for key, s in statuses.items()},
    )


def requirement(key: str) -> str:
    return key[1:].replace("_", ".", 1).replace("_", "-")


def with_findings(audit: str, **items: FindingEntry) -> Snapshot:
    """`NC_1=…` stands for the finding NC-1."""
    named = {key.replace("_", "-"): entry for key, entry in items.items()}
    ids = {f.requirement: Said(f.grade, Basis.JUDGED) for f in items.values()}
    return side(audit, statuses=ids, findings=Findings(findings="1", items=named))


def fates(old: Snapshot, new: Snapshot, by: Successors | None = None) -> list[tuple[Fate, str]]:
    found = compared(old, new, by).findings
    assert found is not None
    return [(f.fate, f.new_id or f.old_id or "") for f in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (finding(), finding(), (Fate.PERSISTING, Direction.SAME)),
        (finding(), finding(state=CLOSED), (Fate.CLOSED, Direction.BETTER)),
        (finding(), finding(state=WITHDRAWN), (Fate.WITHDRAWN, Direction.CHANGED)),
        (finding(), finding(grade=MAJOR), (Fate.REGRADED, Direction.WORSE)),
        (finding(grade=MAJOR), finding(), (Fate.REGRADED, Direction.BETTER)),
        (finding(state=CLOSED), finding(), (Fate.REOPENED, Direction.WORSE)),
    ],
    ids=["the same", "closed", "withdrawn", "raised to major", "lowered", "reopened"],
)
def test_what_became_of_a_finding_of_one_audit(
    before: FindingEntry, after: FindingEntry, expected: tuple[Fate, Direction]
) -> None:
    old, new = with_findings("A", NC_1=before), with_findings("A", NC_1=after)
    found = compared(old, new).findings
    assert found is not None
    assert [(f.fate, f.direction) for f in found] == [expected]


def test_a_carried_finding_is_the_old_one_under_whatever_id() -> None:
    old = with_findings("A", NC_1=finding())
    new = with_findings("B", NC_7=finding(carried_from="NC-1"))
    found = compared(old, new).findings
    assert found is not None
    (change,) = found
    assert (change.fate, change.old_id, change.new_id, change.is_carried) == (
        Fate.PERSISTING, "NC-1", "NC-7", True,
    )  # fmt: skip


def test_an_open_finding_that_the_next_audit_does_not_hold_is_bad_news() -> None:
    old = with_findings("A", NC_1=finding(), NC_2=finding(state=CLOSED))
    comparison = compared(old, with_findings("B"))
    assert fates(old, with_findings("B")) == [(Fate.NOT_FOLLOWED_UP, "NC-1")]
    assert comparison.got_worse


def test_a_finding_that_copies_disagree_on_is_told_as_that_and_not_as_forgotten() -> None:
    old = with_findings("A", NC_1=finding())
    new = replace(with_findings("A"), contested=(Open(Section.FINDINGS, "NC-1", 2),))
    comparison = compared(old, new)
    assert comparison.findings == ()
    assert "A: finding NC-1: 2 sides, for the lead to decide" in [
        remark.en for remark in comparison.remarks
    ]


def test_two_audits_may_use_one_number_for_two_findings() -> None:
    old = with_findings("A", NC_1=finding("6.3-a", state=CLOSED, verification=EFFECTIVE))
    new = with_findings("B", NC_1=finding("7.2"))
    assert fates(old, new) == [(Fate.NEW, "NC-1")]


def test_a_nonconformity_that_was_not_effectively_closed_is_repeated() -> None:
    old = with_findings("A", NC_1=finding(state=CLOSED))
    new = with_findings("B", NC_9=finding())
    assert fates(old, new) == [(Fate.REPEATED, "NC-9")]


def test_a_nonconformity_that_was_effectively_closed_is_new() -> None:
    old = with_findings("A", NC_1=finding(state=CLOSED, verification=EFFECTIVE))
    new = with_findings("B", NC_9=finding())
    assert fates(old, new) == [(Fate.NEW, "NC-9")]


def test_a_repeat_is_recognised_across_editions() -> None:
    old = with_findings("A", NC_1=finding("6.3-d", state=CLOSED))
    new = with_findings("B", NC_9=finding("6.4-a"))
    by = Successors({"6.3-d": ("6.4-a",)}, {"6.4-a"})
    assert fates(old, new, by) == [(Fate.REPEATED, "NC-9")]


def test_the_worst_of_the_findings_comes_first() -> None:
    old = with_findings("A", NC_1=finding(), NC_2=finding("7.2"), NC_3=finding("8.7-a"))
    new = with_findings(
        "A", NC_1=finding(state=CLOSED), NC_2=finding("7.2"), NC_3=finding("8.7-a", MAJOR),
        NC_4=finding("9.2-a"), NC_5=finding("9.2-b", MAJOR), NC_6=finding("9.2-c", OFI),
    )  # fmt: skip
    assert [id_ for _, id_ in fates(old, new)] == [
        "NC-5", "NC-4", "NC-3", "NC-6", "NC-1", "NC-2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (CONFORM, MINOR, Direction.WORSE),
        (MINOR, MAJOR, Direction.WORSE),
        (CONFORM, OPEN, Direction.WORSE),
        (OPEN, MINOR, Direction.WORSE),
        (MINOR, CONFORM, Direction.BETTER),
        (OPEN, CONFORM, Direction.BETTER),
        (MINOR, OPEN, Direction.CHANGED),
        (MINOR, GONE, Direction.CHANGED),
        (GONE, MINOR, Direction.CHANGED),
    ],
)
def test_which_way_a_status_went(before: Status, after: Status, expected: Direction) -> None:
    comparison = compared(with_statuses(c6_3_d=before), with_statuses(c6_3_d=after))
    assert [s.direction for s in comparison.statuses] == [expected]


def test_the_worst_status_comes_first_and_the_same_is_counted() -> None:
    old = with_statuses(c6_3_a=CONFORM, c6_3_b=CONFORM, c6_3_d=MINOR, c7_2=CONFORM)
    new = with_statuses(c6_3_a=MINOR, c6_3_b=MAJOR, c6_3_d=CONFORM, c7_2=CONFORM)
    comparison = compared(old, new)
    assert [s.new_id for s in comparison.statuses] == ["6.3-b", "6.3-a", "6.3-d"]
    assert comparison.unchanged == 1


def test_a_status_that_only_the_tool_says_now_is_told() -> None:
    old = side(statuses={"6.3-d": Said(CONFORM, Basis.JUDGED)})
    new = side(statuses={"6.3-d": Said(CONFORM, Basis.PROPOSED)})
    comparison = compared(old, new)
    assert [(s.direction, s.new.basis) for s in comparison.statuses] == [
        (Direction.SAME, Basis.PROPOSED)
    ]
    assert "A: 1 requirements are only proposed by the tool, not judged" in [
        remark.en for remark in comparison.remarks
    ]


def test_requirements_without_a_counterpart_are_listed() -> None:
    comparison = compared(with_statuses(c6_3_a=CONFORM), with_statuses(c6_3_b=CONFORM))
    assert (comparison.gone, comparison.added) == (("6.3-a",), ("6.3-b",))


def test_a_requirement_that_was_split_is_compared_with_each_part() -> None:
    old = with_statuses(c6_3_a=CONFORM, c6_3_b=MINOR, c6_3_c=MINOR)
    new = with_statuses(c6_4_a=MINOR, c6_4_b=CONFORM, c6_3_c=MINOR)
    by = Successors({"6.3-a": ("6.4-a", "6.4-b"), "6.3-b": ()}, new.statuses)
    comparison = compared(old, new, by)
    assert [(s.old_id, s.new_id) for s in comparison.statuses] == [("6.3-a", "6.4-a")]
    assert comparison.unchanged == 2
    assert comparison.gone == ("6.3-b",)
    assert "1 requirements that the mapping does not name are compared by their id" in [
        remark.en for remark in comparison.remarks
    ]


def test_other_checklists_without_a_mapping_are_compared_by_id_and_that_is_said() -> None:
    old = side(checklist="a" * 64, statuses={"7.2": Said(CONFORM, Basis.JUDGED)})
    new = side(checklist="b" * 64, statuses={"7.2": Said(MINOR, Basis.JUDGED)})
    comparison = compared(old, new)
    assert [s.new_id for s in comparison.statuses] == ["7.2"]
    assert comparison.remarks[0].en.endswith("no mapping is given: compared by id")


def kpi(measured: float | None, attained: bool | None) -> ToldKpi:
    return ToldKpi(id="6.3-d", measured=measured, unit="ratio", attained=attained)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (kpi(1.0, True), kpi(0.5, False), Direction.WORSE),
        (kpi(1.0, True), kpi(None, None), Direction.WORSE),
        (kpi(None, None), kpi(0.5, False), Direction.WORSE),
        (kpi(0.5, False), kpi(1.0, True), Direction.BETTER),
        (kpi(0.5, False), kpi(None, None), Direction.CHANGED),
        (kpi(0.5, False), kpi(0.75, False), Direction.CHANGED),
        (kpi(0.5, False), kpi(0.5, False), Direction.SAME),
    ],
)
def test_which_way_a_figure_went(before: ToldKpi, after: ToldKpi, expected: Direction) -> None:
    old, new = side(kpis={"6.3-d": before}), side(kpis={"6.3-d": after})
    assert [k.direction for k in compared(old, new).kpis] == [expected]


def test_the_difference_of_a_figure_is_now_less_then() -> None:
    old, new = side(kpis={"6.3-d": kpi(0.5, False)}), side(kpis={"6.3-d": kpi(0.75, False)})
    assert [k.difference for k in compared(old, new).kpis] == [0.25]


def test_evidence_is_compared_by_name_and_hash() -> None:
    old = side(evidence={"a": "1", "b": "1", "c": "1"})
    new = side(evidence={"b": "1", "c": "2", "d": "1"})
    found = compared(old, new).evidence
    assert (found.added, found.removed, found.changed, found.same) == (("d",), ("a",), ("c",), 1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("recommend", "after_plan", Direction.WORSE),
        ("recommend", "cannot_conclude", Direction.WORSE),
        ("cannot_conclude", "not_recommended", Direction.WORSE),
        ("not_recommended", "after_plan", Direction.BETTER),
        ("recommend", "recommend", Direction.SAME),
    ],
)
def test_which_way_the_recommendation_went(before: str, after: str, expected: Direction) -> None:
    old = side(recommendation=RecommendationCode(before))
    new = side(recommendation=RecommendationCode(after))
    assert compared(old, new).recommendation is expected


def test_findings_are_not_compared_where_a_side_has_none() -> None:
    comparison = compared(side(None), with_findings("A", NC_1=finding()))
    assert comparison.findings is None
    assert "findings are not compared: one side has none" in [r.en for r in comparison.remarks]


def test_an_audit_is_told_from_its_folder(tmp_path: Path) -> None:
    begun(tmp_path)
    judge(tmp_path, "7.2", judgement(MINOR))
    find(tmp_path, "NC-1", finding("7.2"))
    (tmp_path / "evidence" / "a.csv").write_text("", encoding="utf-8")
    made = of_audit(open_audit(tmp_path), None, None)
    assert made.statuses == {"7.2": Said(MINOR, Basis.JUDGED)}
    assert made.findings == Findings(findings="1", items={"NC-1": finding("7.2")})
    assert list(made.evidence) == ["a.csv"]


EDITIONS = """\
mapping: 1
from: draft
to: final
requirements:
  6.3-d: 6.4-a
  6.3-e: [6.4-b, 6.4-c]
  6.3-f: null
"""


def editions(tmp_path: Path, text: str) -> Successors:
    file = tmp_path / "editions.yaml"
    file.write_text(text, encoding="utf-8")
    old = ["6.3-d", "6.3-e", "6.3-f", "7.2"]
    return read_editions(file, ("draft", "final"), old, ["6.4-a", "6.4-b", "6.4-c", "7.2"])


def test_a_mapping_says_what_became_of_each_requirement(tmp_path: Path) -> None:
    by = editions(tmp_path, EDITIONS)
    assert [by.of(id_) for id_ in ("6.3-d", "6.3-e", "6.3-f", "7.2", "8.6-1")] == [
        ("6.4-a",), ("6.4-b", "6.4-c"), (), ("7.2",), (),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        (EDITIONS.replace("draft", "first"), ":2 (from)", "from is first"),
        (EDITIONS.replace("final", "other"), ":3 (to)", "to is other"),
        (EDITIONS.replace("6.3-d:", "6.9-d:"), ":5 (requirements.6.9-d)", "no requirement 6.9-d"),
        (EDITIONS.replace("6.4-c", "6.4-x"), ":6 (requirements.6.3-e)", "no requirement 6.4-x"),
        (EDITIONS.replace("mapping: 1", "mapping: 2"), ":1 (mapping)", "mapping: 2"),
    ],
    ids=["from another edition", "to another", "unknown old id", "unknown new id", "version"],
)
def test_a_mistake_in_a_mapping_is_told_with_its_line(
    tmp_path: Path, text: str, where: str, problem: str
) -> None:
    with pytest.raises(AuditError) as refused:
        editions(tmp_path, text)
    assert refused.value.where.endswith(where)
    assert problem in refused.value.problem.en
