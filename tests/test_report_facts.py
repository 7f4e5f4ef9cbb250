"""What a report says at a glance: tiles, chapter profile, sampling, red flags."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from fcim_audit.audit_report import report_of
from fcim_audit.auditfile.folder import open_audit
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.proposals import proposals_of
from fcim_audit.auditfile.schema import FindingState
from fcim_audit.auditfile.standing import standings_of
from fcim_audit.model import Coverage, Status
from fcim_audit.report import Report
from fcim_audit.report_facts import (
    Tile,
    profile_rows,
    red_flag_statement,
    sampling_statement,
    tiles,
)

from .auditfile.finding_audits import (
    begun,
    checklist,
    doubted,
    finding,
    found,
    judged,
    judgement,
    profile,
)
from .renderers.told import report as bundle_report

TODAY = dt.date(2026, 2, 1)


def report(folder: Path) -> Report:
    bench = Bench(open_audit(folder), checklist(), proposals_of(folder))
    return report_of(standings_of(bench, profile()), today=TODAY)


def counts(tile: Tile) -> dict[str, int]:
    return {part.word.en: part.count for part in tile.parts if part.count}


def test_an_audit_counts_findings_by_grade_and_those_not_written_up(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(tmp_path, {"6.3-d": judgement(), "4.1-a": judgement(Status.MAJOR)})
    found(tmp_path, "YQ-1", finding())
    found(tmp_path, "YQ-2", finding(state=FindingState.WITHDRAWN, withdrawn="twice"))
    tile = tiles(report(tmp_path))[0]
    assert tile.figure == "2"
    assert tile.warns
    assert counts(tile) == {"minor nonconformity": 1, "judged nonconform, not written up": 1}
    assert [part.ids for part in tile.parts if part.count] == [("YQ-1",), ("4.1-a",)]


def test_covered_are_the_judged_of_those_that_apply(tmp_path: Path) -> None:
    begun(tmp_path)
    judged(
        tmp_path,
        {
            "4.1-a": judgement(Status.CONFORM),
            "4.1-b": judgement(Status.NOT_APPLICABLE),
            "4.1-c": judgement(Status.NOT_VERIFIED),
        },
    )
    said = report(tmp_path)
    _, covered, _, open_ = tiles(said)
    total = len(checklist().requirements)
    assert covered.figure == f"1/{total - 1}"
    assert counts(open_) == {"unjudged": total - 3, "left unverified": 1, "not applicable": 1}
    assert covered.warns
    assert open_.warns


def test_a_bundle_alone_tells_what_the_tool_proposes() -> None:
    nonconformities, covered, gaps, open_ = tiles(bundle_report())
    assert counts(nonconformities) == {"major nonconformity": 1}
    assert covered.figure == "1/167"
    assert counts(gaps) == {"files that cannot be read": 1}
    assert gaps.figure == "1"
    assert gaps.warns
    assert counts(open_) == {"not verified": 166}


def test_a_file_that_is_not_the_one_judged_on_is_a_gap(tmp_path: Path) -> None:
    begun(tmp_path)
    said = report(tmp_path)
    assert said.audit is not None
    changed = replace(said, audit=replace(said.audit, changed=(("4.1-a", "x.csv"),)))
    gaps = tiles(changed)[2]
    assert gaps.figure == "1"
    assert counts(gaps) == {"changed since it was judged on": 1}


def test_the_chapter_profile_has_every_chapter_and_no_score_where_nothing_is_verified(
    tmp_path: Path,
) -> None:
    begun(tmp_path)
    judged(tmp_path, {"10.1": judgement(Status.CONFORM)})
    rows = profile_rows(report(tmp_path))
    assert [row.id for row in rows] == ["4", "5", "6", "7", "8", "9", "10"]
    assert [row.score for row in rows] == [None] * 6 + [100]
    assert rows[-1].counts[Status.CONFORM] == 1
    assert sum(sum(row.counts.values()) for row in rows) == len(checklist().requirements)


def test_a_sample_is_named_and_nothing_is_inferred_from_one_by_judgement() -> None:
    said = bundle_report()
    assert "1 checks read every row" in sampling_statement(said)[1].en
    r = next(r for r in said.requirements if r.id == "6.3-d")
    sampled = replace(r, outcomes=(replace(r.outcomes[0], coverage=Coverage.JUDGEMENT_SAMPLE),))
    told = replace(said, judgement=replace(said.judgement, requirements=(sampled,)))
    assert [t.en for t in sampling_statement(told)][1:3] == [
        "0 checks read every row of what was handed in; whether the export is complete is for the"
        " auditor to confirm.",
        "6.3-d.response: judgement sample of 3; nothing is inferred from it",
    ]


def test_that_no_red_flag_rule_ran_is_said_beside_the_doubts(tmp_path: Path) -> None:
    begun(tmp_path)
    doubted(tmp_path, "6.3-d")
    assert [text.en for text in red_flag_statement(report(tmp_path))] == [
        "No red-flag rule ran; no hint does not mean that the data can be trusted.",
        "The doubt D1 about evidence is not settled",
    ]
