"""What a sound checklist may still lack is told; a query that can't run is told before there is evidence."""

from __future__ import annotations

from pathlib import Path

from fcim_audit.checklist.completeness import gaps
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.kept import Shelf
from fcim_audit.rehearsal import unrunnable
from tests.checklist.test_load import CHAPTER, HEAD, TICKETS, written


def told(folder: Path, **parts: str) -> list[str]:
    return [gap.en for gap in gaps(load_checklist(written(folder, **parts)))]


def test_missing_guidance_is_told(tmp_path: Path) -> None:
    assert told(tmp_path)[:5] == [
        "4.1-a lacks ask_for",
        "4.1-a lacks question",
        "4.1-a lacks sampling",
        "4.1-a lacks not_enough",
        "4.1-a lacks keywords",
    ]


def test_a_chapter_with_too_few_requirements_is_told(tmp_path: Path) -> None:
    head = HEAD.replace("plan:", 'leaves: {"4": 3}\nplan:')
    assert told(tmp_path, head=head)[0] == "chapter 4 should have 3 requirements and has 2"


def test_a_dataset_that_no_rule_uses_is_told(tmp_path: Path) -> None:
    unused = TICKETS.replace("name: tickets", "name: orders")
    small = written(tmp_path)
    (small / "datasets" / "orders.yaml").write_text(unused, encoding="utf-8")
    assert [g.en for g in gaps(load_checklist(small))][-1] == "no rule uses the dataset orders"


def test_evidence_for_a_requirement_that_is_not_there_is_told(tmp_path: Path) -> None:
    tickets = TICKETS.replace("time:", "evidence_for: [9.9-z]\ntime:")
    said = "the dataset tickets is evidence for 9.9-z, which does not exist"
    assert told(tmp_path, tickets=tickets)[-1] == said


def test_types_that_do_not_fit_are_told_before_there_is_evidence(tmp_path: Path) -> None:
    chapter = CHAPTER.replace("must: id is not null", 'must: "id + 1 > 3"')
    (wrong,) = unrunnable(load_checklist(written(tmp_path, chapter=chapter)))
    assert wrong.where == "4.2-a.theme"


def test_what_cannot_run_is_told_each_time(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "runnable")
    assert list(unrunnable(load_checklist(written(tmp_path / "1")), shelf)) == []
    chapter = CHAPTER.replace("must: id is not null", 'must: "id + 1 > 3"')
    wrong = load_checklist(written(tmp_path / "2", chapter=chapter))
    assert [[w.where for w in unrunnable(wrong, shelf)] for _ in "12"] == [["4.2-a.theme"]] * 2
    assert len(list((tmp_path / "runnable").iterdir())) == 1


def test_a_column_that_a_view_makes_of_nothing_is_told(tmp_path: Path) -> None:
    head = HEAD.replace("id AS id FROM", "nope AS id FROM")
    assert [w.where for w in unrunnable(load_checklist(written(tmp_path, head=head)))] == [
        "4.2-a.theme"
    ]


def test_every_query_of_the_shipped_checklist_runs() -> None:
    assert list(unrunnable(load_checklist(shipped("checklists") / "fcim"))) == []
