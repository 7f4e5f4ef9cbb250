"""Drafts of findings from judgements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fcim_audit.auditfile.drafting import (
    Drafts,
    Told,
    demand_judged,
    drafted,
    drafts,
    next_id,
    statement,
)
from fcim_audit.auditfile.folder import FINDINGS, changing, open_audit
from fcim_audit.auditfile.grading import Proposed, ground_of
from fcim_audit.auditfile.instances import place_of
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.schema import EvidenceKind, EvidenceRef, FindingEntry, FindingPlace
from fcim_audit.auditfile.standing import standings_of
from fcim_audit.auditfile.wording import HitKind, Lint
from fcim_audit.errors import AuditError, UsageError
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.finding_audits import (
    AT,
    DAY,
    begun,
    checklist,
    doubted,
    evaluated,
    failed,
    finding,
    found,
    ground,
    judged,
    judgement,
    plan,
    profile,
    rules,
    titles,
)

MINOR = judgement(Status.MINOR)


def drawn(folder: Path, **groups: tuple[str, ...]) -> Drafts:
    return drafts(ground(folder), by="A", on=DAY, together=groups)


def named(entry: FindingEntry) -> list[str]:
    return [i.requirement for i in entry.instances]


def test_every_failed_judgement_without_a_finding_becomes_a_draft(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(
        tmp_path,
        {
            "6.3-d": MINOR,
            "7.2": judgement(Status.MAJOR),
            "6.3-h": judgement(Status.OFI),
            "8.5.6": judgement(Status.CONFORM),
            "10.1": judgement(Status.NOT_VERIFIED),
            "10.2": MINOR,
        },
    )
    found(tmp_path, "YQ-NC01", finding(requirement="10.2", instances=[]))
    made = drawn(tmp_path).made
    assert [(id_, e.requirement, e.grade) for id_, e in made.items()] == [
        ("YQ-NC02", "6.3-d", Status.MINOR),
        ("YQ-OFI01", "6.3-h", Status.OFI),
        ("YQ-NC03", "7.2", Status.MAJOR),
    ]


def test_an_opportunity_tells_the_figure_it_rests_on(tmp_path: Path) -> None:
    begun(tmp_path)
    evaluated(tmp_path, failed("6.3-h", 0, 400) | {"verdict": "pass", "population": 400})
    named = EvidenceRef(kind=EvidenceKind.CHECK, ref="6.3-h.x", sha256="0" * 64)
    judged(tmp_path, {"6.3-h": judgement(Status.OFI, evidence=(named,))})
    (draft,) = drawn(tmp_path).made.values()
    assert draft.objective_evidence == "6.3-h.x: measured 100 %, required ≥ 100 %"


def test_a_red_flag_or_a_failed_check_without_a_judgement_is_no_finding(tmp_path: Path) -> None:
    begun(tmp_path)
    evaluated(tmp_path, failed("6.3-d", 12, 90, 17))
    result = tmp_path / "out" / "result.json"
    document = json.loads(result.read_text(encoding="utf-8"))
    flags = [{"rule": "round_hours", "dataset": "feedback_tickets", "places": []}]
    result.write_text(json.dumps({**document, "red_flags": flags}), encoding="utf-8")
    assert drawn(tmp_path).made == {}


def test_what_a_doubt_concerns_is_left_out_and_said(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR})
    doubted(tmp_path, "6.3-d")
    answer = drawn(tmp_path)
    assert answer.made == {}
    assert [(left.requirements, left.why.rule) for left in answer.left_out] == [(("6.3-d",), "G1")]


def test_what_a_rule_makes_one_failure_of_a_clause_is_one_finding(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(
        tmp_path,
        {
            "6.3-a": MINOR,
            "6.3-c": judgement(Status.MAJOR, rule="M2"),
            "6.3-d": judgement(Status.MAJOR, rule="M4"),
            "6.3-e": MINOR,
        },
    )
    made = drawn(tmp_path).made
    assert [(e.rule, e.grade, e.requirement, named(e)) for e in made.values()] == [
        ("M4", Status.MAJOR, "6.3-a", ["6.3-a", "6.3-d", "6.3-e"]),
        ("M2", Status.MAJOR, "6.3-c", ["6.3-c"]),
    ]


def test_what_shares_a_cause_is_one_finding(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR, "7.2": MINOR, "8.5.6": MINOR, "10.1": MINOR})
    made = drawn(tmp_path, access=("6.3-d", "7.2", "8.5.6")).made
    assert [(e.rule, e.cause_tag, named(e)) for e in made.values()] == [
        ("M4", "access", ["6.3-d", "7.2", "8.5.6"]),
        ("m1", None, ["10.1"]),
    ]


def test_only_what_can_be_drafted_can_share_a_cause(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR})
    with pytest.raises(UsageError, match=r"7\.2: not judged as not met"):
        drawn(tmp_path, access=("6.3-d", "7.2"))


def test_the_heaviest_requirement_is_the_primary_one(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"7.2": MINOR, "8.8-d": MINOR})
    (entry,) = drawn(tmp_path, alarms=("7.2", "8.8-d")).made.values()
    assert entry.requirement == "8.8-d"


def test_figures_and_places_are_drawn_from_the_result_without_names(tmp_path: Path) -> None:
    begun(tmp_path)
    digest = evaluated(tmp_path, failed("6.3-d", 12, 90, 17, 19))
    judged(tmp_path, {"6.3-d": MINOR})
    (entry,) = drawn(tmp_path).made.values()
    (check, _) = entry.instances
    assert check.says == "6.3-d.x: 12 of 90 not as required, measured 86.67 %, required ≥ 100 %"
    assert (check.count, check.population) == (12, 90)
    assert check.places[0] == FindingPlace(
        file="crm/tickets.xlsx", sheet="all", row=17, sha256=digest
    )
    assert entry.objective_evidence.splitlines()[0] == (
        f"{check.says}; at crm/tickets.xlsx#all:17,19 (sha256 {digest[:12]}…)"
    )
    assert "王小明" not in entry.model_dump_json()


def test_what_the_checklist_expects_and_does_not_find_is_named_and_nothing_else(
    tmp_path: Path,
) -> None:
    begun(tmp_path)
    places = [
        {"file": "crm/tickets.xlsx", "key": "vehicle", "why": "missing"},
        {"file": "crm/tickets.xlsx", "row": 3, "key": "王小明", "why": "uncovered"},
    ]
    evaluated(
        tmp_path,
        {
            **failed("6.2", 2, 7),
            "kind": "coverage",
            "exceptions": {"count": 2, "places": places},
        },
    )
    judged(tmp_path, {"6.2": MINOR})
    (entry,) = drawn(tmp_path).made.values()
    assert entry.instances[0].says.endswith(", not found: vehicle")
    assert "王小明" not in entry.model_dump_json()


def test_a_finding_is_worded_in_the_audits_language(tmp_path: Path) -> None:
    begun(tmp_path, language=Lang.ZH)
    evaluated(tmp_path, failed("7.2", 1, 4, 5))
    judged(tmp_path, {"7.2": MINOR})
    (entry,) = drawn(tmp_path).made.values()
    assert entry.statement == "“能力需求-培训-电子考核链”（7.2）的要求未得到满足。"
    assert entry.objective_evidence.startswith("7.2.x：4 项中 1 项不符合，实测 75 %")


def test_without_a_check_the_judgements_own_evidence_stands(tmp_path: Path) -> None:
    begun(tmp_path)
    seen = EvidenceRef(kind=EvidenceKind.FILE, ref="a.xlsx#Sheet1!B4", sha256="a" * 64)
    judged(tmp_path, {"7.2": judgement(Status.MINOR, evidence=(seen,), note="3 of 4 not trained")})
    (entry,) = drawn(tmp_path).made.values()
    assert [(i.says, i.places) for i in entry.instances] == [
        (
            "3 of 4 not trained; a.xlsx#Sheet1!B4",
            (FindingPlace(file="a.xlsx", sheet="Sheet1", cell="B4", sha256="a" * 64),),
        )
    ]


@pytest.mark.parametrize(
    ("ref", "sheet", "row", "cell"),
    [
        ("a.xlsx#S!B4", "S", None, "B4"),
        ("a.xlsx#B4", None, None, "B4"),
        ("a.csv#17", None, 17, None),
        ("a.csv#row 17", None, 17, None),
        ("a.csv#第17行", None, 17, None),
        ("a.xlsx#S!17", "S", 17, None),
        ("a.csv#0", None, None, "0"),
        ("a.docx#section 3", None, None, "section 3"),
        ("a.docx", None, None, None),
    ],
)
def test_a_place_is_read_as_people_write_it(
    ref: str, sheet: str | None, row: int | None, cell: str | None
) -> None:
    place = place_of(EvidenceRef(kind=EvidenceKind.FILE, ref=ref, sha256="a" * 64))
    assert (place.sheet, place.row, place.cell) == (sheet, row, cell)


def test_a_very_long_evidence_is_counted_not_cut_off(tmp_path: Path) -> None:
    begun(tmp_path)
    long = tuple(EvidenceRef(kind=EvidenceKind.RECORD, ref=f"{n}" * 900) for n in range(1, 5))
    judged(tmp_path, {"4.3-a": judgement(evidence=long[:2]), "4.3-b": judgement(evidence=long[2:])})
    (entry,) = drawn(tmp_path).made.values()
    assert entry.objective_evidence.endswith("\n1 more stand with the instances")


def test_an_auditor_above_the_rules_is_kept_with_the_reason(tmp_path: Path) -> None:
    begun(tmp_path)
    entry = judgement(Status.MAJOR, rule="m1", proposal=Status.MINOR, reason="a child was hurt")
    judged(tmp_path, {"7.2": entry})
    (draft,) = drawn(tmp_path).made.values()
    assert (draft.grade, draft.proposed_grade, draft.grade_reason) == (
        Status.MAJOR,
        Status.MINOR,
        "a child was hurt",
    )


def test_an_auditor_who_lowered_a_whole_clause_is_kept_with_the_reasons(tmp_path: Path) -> None:
    begun(tmp_path)
    low = judgement(Status.MINOR, rule="M1", proposal=Status.MAJOR, reason="started in May")
    judged(tmp_path, {"4.3-a": low, "4.3-b": low})
    (draft,) = drawn(tmp_path).made.values()
    assert (draft.grade, draft.proposed_grade) == (Status.MINOR, Status.MAJOR)
    assert draft.grade_reason == "started in May; started in May"


def test_what_recurs_after_the_audit_before_is_drafted_as_a_repeat(tmp_path: Path) -> None:
    begun(tmp_path)
    found(tmp_path, "OLD-NC07", finding(state="plan_accepted", carried_from="OLD-NC07"))
    judged(tmp_path, {"6.3-d": MINOR})
    (draft,) = drawn(tmp_path).made.values()
    assert (draft.repeat_of, draft.rule, draft.grade) == ("OLD-NC07", "M5", Status.MAJOR)


def test_drafting_twice_drafts_nothing_new(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR, "7.2": MINOR})
    for id_, entry in drawn(tmp_path).made.items():
        found(tmp_path, id_, entry)
    assert drawn(tmp_path).made == {}


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    begun(tmp_path)
    found(tmp_path, "YQ-NC01", finding())
    found(tmp_path, "YQ-NC02", finding())
    with changing(tmp_path) as ledger:
        ledger.put(FINDINGS, ("items", "YQ-NC02"), None)
        ledger.commit(by="L", at=AT, action="remove")
    assert next_id(open_audit(tmp_path), Status.MINOR) == "YQ-NC03"


def test_numbers_of_another_audit_do_not_count(tmp_path: Path) -> None:
    begun(tmp_path)
    found(tmp_path, "OLD-NC07", finding(carried_from="OLD-NC07"))
    assert next_id(open_audit(tmp_path), Status.MINOR) == "YQ-NC01"


def test_the_id_of_an_audit_may_be_as_long_as_it_may_be(tmp_path: Path) -> None:
    begun(tmp_path, id="a" * 80)
    judged(tmp_path, {"6.3-d": MINOR})
    (id_,) = drawn(tmp_path).made
    assert found(tmp_path, id_, finding()).findings.items


def test_the_only_site_is_the_site(tmp_path: Path) -> None:
    whole = plan().organisation
    begun(tmp_path, organisation=whole.model_copy(update={"sites": whole.sites[:1]}))
    judged(tmp_path, {"6.3-d": MINOR})
    (entry,) = drawn(tmp_path).made.values()
    assert (entry.site, entry.instances[0].site) == ("S1", "S1")


def test_a_grade_that_no_rule_proposes_is_told_by_a_person(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": MINOR})
    doubted(tmp_path, "6.3-d")
    base = ground(tmp_path)
    item = base.standings.by_id["6.3-d"]
    assert isinstance(drafted(base, [item], Told(), by="A", on=DAY), Proposed)
    told = Told(grade=Status.MINOR, grade_reason="seen on site")
    entry = drafted(base, [item], told, by="A", on=DAY)
    assert isinstance(entry, FindingEntry)
    assert (entry.grade, entry.rule, entry.proposed_grade) == (Status.MINOR, "G1", None)


@pytest.mark.parametrize(
    ("status", "grade", "said"),
    [
        pytest.param(Status.CONFORM, None, "judged as conform", id="conform"),
        pytest.param(Status.CONFORM, Status.MINOR, "judged as conform", id="conform-as-minor"),
        pytest.param(Status.NOT_APPLICABLE, None, "judged as not applicable", id="not-applicable"),
        pytest.param(Status.MINOR, Status.OFI, "never recorded as an opportunity", id="ofi"),
    ],
)
def test_a_finding_agrees_with_its_judgement(
    tmp_path: Path, status: Status, grade: Status | None, said: str
) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": judgement(status, reason="none")})
    item = ground(tmp_path).standings.by_id["6.3-d"]
    with pytest.raises(AuditError, match=said):
        demand_judged(item, Told(grade=grade))  # type: ignore[arg-type]  # the grades among them


@pytest.mark.parametrize("lang", list(Lang))
def test_no_drafted_statement_needs_mending_in_its_words(tmp_path: Path, lang: Lang) -> None:
    begun(tmp_path)
    judged(tmp_path, dict.fromkeys(checklist().requirements, MINOR))
    bench = Bench(open_audit(tmp_path), checklist(), None)
    base = ground_of(standings_of(bench, profile()))
    lint = Lint(plan(), rules(), titles())
    hits = [
        (hit.kind, hit.words)
        for item in base.standings.items
        for hit in lint.hits(
            item.id,
            finding(requirement=item.id, statement=statement([item, item], item, lang)),
        )
        if hit.kind is not HitKind.MISSING
    ]
    assert hits == []
