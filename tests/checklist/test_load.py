"""The shipped checklist is whole; a broken one is told all its mistakes, with file and line."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from fcim_audit.checklist.files import load_datasets
from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.errors import AuditError
from fcim_audit.kept import Shelf, key_of
from fcim_audit.language import Lang
from fcim_audit.model import Modality

SHIPPED = shipped("checklists") / "fcim"

HEAD = """checklist: "1"
id: small
edition: "1"
title: {zh: 小, en: small}
criteria: {zh: 小, en: small}
plan:
  limit: {default: 2 h, title: {zh: 限, en: limit}}
views:
  - name: late
    title: {zh: 迟, en: late}
    keys: [id]
    needs: {tickets: [id]}
    select: SELECT _place AS _place, _bad AS _bad, id AS id FROM tickets
"""
TICKETS = """name: tickets
title: {zh: 工单, en: Tickets}
systems: {zh: 系统, en: System}
time: created
columns:
  - {name: id, title: {zh: 编号, en: Id}, type: text, key: true}
  - {name: created, title: {zh: 创建, en: Created}, type: datetime}
  - {name: closed, title: {zh: 关闭, en: Closed}, type: datetime}
  - {name: theme, title: {zh: 主题, en: Theme}, type: enum, values: {leak: [], outage: []}}
"""
CHAPTER = """chapter: "4"
title: {zh: 章, en: chapter}
clauses:
  - id: "4.1"
    title: {zh: 条, en: clause}
    requirements:
      - id: 4.1-a
        title: {zh: 求, en: requirement}
        criterion: {zh: 求, en: requirement}
        modality: shall
        weight: 1
        checks:
          - {name: closed, kind: records, dataset: tickets, must: "within(created, closed, $limit)"}
  - id: "4.2"
    title: {zh: 条, en: clause}
    requirements:
      - id: 4.2-a
        title: {zh: 求, en: requirement}
        criterion: {zh: 求, en: requirement}
        modality: shall
        weight: 1
        checks:
          - {name: theme, kind: records, dataset: late, must: id is not null}
"""


@pytest.fixture(scope="module")
def whole() -> Checklist:
    return load_checklist(SHIPPED)


def written(
    folder: Path, *, head: str = HEAD, tickets: str = TICKETS, chapter: str = CHAPTER
) -> Path:
    """A small checklist in a folder of its own."""
    small = folder / "small"
    (small / "clauses").mkdir(parents=True)
    (small / "datasets").mkdir()
    (small / "checklist.yaml").write_bytes(head.encode())
    (small / "datasets" / "tickets.yaml").write_bytes(tickets.encode())
    (small / "clauses" / "4.yaml").write_bytes(chapter.encode())
    return small


def mistakes(folder: Path) -> list[str]:
    """The first line of everything that is said of a broken checklist."""
    with pytest.raises(AuditError) as caught:
        load_checklist(folder)
    said = caught.value.said(Lang.EN).splitlines()
    return [line for line in said if not line.startswith("  -> ")]


def test_the_shipped_checklist_has_167_requirements(whole: Checklist) -> None:
    assert len(whole.requirements) == 167


def test_every_chapter_has_its_requirements(whole: Checklist) -> None:
    counts = Counter(id_.split(".")[0] for id_ in whole.requirements)
    assert [(c.chapter, counts[c.chapter]) for c in whole.chapters] == [
        ("4", 13), ("5", 18), ("6", 19), ("7", 30), ("8", 66), ("9", 18), ("10", 3),
    ]  # fmt: skip


def test_requirements_stand_in_clause_order(whole: Checklist) -> None:
    order = [
        ([int(part) for part in id_.partition("-")[0].split(".")], id_.partition("-")[2])
        for id_ in whole.requirements
    ]
    assert order == sorted(order)


def test_a_requirement_belongs_to_the_clause_it_is_named_after(whole: Checklist) -> None:
    strangers = [
        id_ for id_, (clause, _) in whole.requirements.items() if id_.split("-")[0] != clause.id
    ]
    assert strangers == []


def test_the_letters_of_a_clause_leave_no_gap(whole: Checklist) -> None:
    letters: dict[str, str] = {}
    for id_ in whole.requirements:
        clause, _, letter = id_.partition("-")
        letters[clause] = letters.get(clause, "") + letter
    assert set(letters.values()) == {"", "ab", "abc", "abcd", "abcde", "abcdefgh", "123"}


def test_every_text_is_in_chinese_and_english(whole: Checklist) -> None:
    texts = [
        text
        for clause, r in whole.requirements.values()
        for text in (clause.title, r.title, r.criterion, r.ask_for, r.interpretation)
        if text is not None
    ]
    texts += [p.title for p in whole.head.plan.values()]
    texts += [dataset.title for dataset in whole.datasets.values()]
    assert [t for t in texts if not any("\u4e00" <= letter <= "\u9fff" for letter in t.zh)] == []
    assert [t for t in texts if any("\u4e00" <= letter <= "\u9fff" for letter in t.en)] == []


def test_every_requirement_says_what_to_ask_for(whole: Checklist) -> None:
    assert [id_ for id_, (_, r) in whole.requirements.items() if r.ask_for is None] == []


def test_the_eight_figures_of_6_3_are_automatic(whole: Checklist) -> None:
    automatic = [
        id_
        for id_, (clause, r) in whole.requirements.items()
        if clause.id == "6.3" and any(getattr(check, "kpi", False) for check in r.checks)
    ]
    assert automatic == [f"6.3-{letter}" for letter in "abcdefgh"]


def test_every_figure_of_6_3_says_how_it_is_understood(whole: Checklist) -> None:
    silent = [
        id_
        for id_, (clause, r) in whole.requirements.items()
        if clause.id == "6.3" and r.interpretation is None
    ]
    assert silent == []


@pytest.mark.parametrize(
    "kind", ["metric", "records", "coverage", "lifecycle", "cadence", "document", "manual"]
)
def test_every_kind_of_check_serves_two_requirements_or_more(whole: Checklist, kind: str) -> None:
    users = [
        id_
        for id_, (_, r) in whole.requirements.items()
        if any(check.kind == kind for check in r.checks)
    ]
    assert len(users) >= 2


def test_figures_and_safety_weigh_double_and_examples_half(whole: Checklist) -> None:
    weighed = {
        weight: sorted({c.id for c, r in whole.requirements.values() if r.weight == weight})
        for weight in (0.5, 2)
    }
    assert weighed == {0.5: ["6.1.2"], 2: ["6.2", "6.3", "7.5.3", "8.5.4", "8.7", "8.8"]}
    assert {r.weight for _, r in whole.requirements.values()} == {0.5, 1, 2}


def test_a_clause_is_weighed_alike_throughout(whole: Checklist) -> None:
    pairs = {(c.id, r.weight) for c, r in whole.requirements.values()}
    assert len(pairs) == len({c.id for c, _ in whole.requirements.values()})


def test_examples_and_minimum_lists_are_told_from_duties(whole: Checklist) -> None:
    clauses = {
        modality: sorted({c.id for c, r in whole.requirements.values() if r.modality is modality})
        for modality in (Modality.EXAMPLE, Modality.MINIMUM)
    }
    assert clauses == {Modality.EXAMPLE: ["6.1.2"], Modality.MINIMUM: ["4.1", "6.3", "7.1.3"]}


def test_datasets_name_requirements_that_exist(whole: Checklist) -> None:
    unknown = [
        (name, id_)
        for name, dataset in whole.datasets.items()
        for id_ in dataset.evidence_for
        if id_ not in whole.requirements
    ]
    assert unknown == []


def test_line_ends_do_not_change_the_hash(tmp_path: Path, whole: Checklist) -> None:
    copy = Path(shutil.copytree(SHIPPED, tmp_path / "fcim"))
    head = copy / "checklist.yaml"
    head.write_bytes(head.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert load_checklist(copy).sha256 == whole.sha256


def test_another_clause_changes_the_hash(tmp_path: Path) -> None:
    one = load_checklist(written(tmp_path / "1")).sha256
    two = load_checklist(written(tmp_path / "2", chapter=CHAPTER.replace("weight: 1", "weight: 2")))
    assert one != two.sha256


def test_a_small_checklist_loads(tmp_path: Path) -> None:
    small = load_checklist(written(tmp_path))
    assert (list(small.requirements), list(small.datasets)) == (["4.1-a", "4.2-a"], ["tickets"])


def test_a_folder_without_a_checklist_is_said(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == [f"{tmp_path}: the folder holds no checklist.yaml"]


def test_all_that_is_misspelt_is_said_at_once(tmp_path: Path) -> None:
    sound = "          - {name: sound, kind: records, dataset: tickets, must: id is not null}\n"
    small = written(
        tmp_path,
        head=HEAD.replace("default: 2 h", "default: soon"),
        tickets=TICKETS.replace("type: text", "type: words"),
        chapter=CHAPTER.replace("        title: {zh: 求, en: requirement}\n", "", 1)
        .replace("modality: shall", "modality: may", 1)
        .replace("weight: 1", "weight: heavy\n        colour: red", 1)
        .replace("        checks:\n", f"        checks:\n{sound}", 1)
        .replace("name: closed, kind: records", "name: closed, kind: record", 1),
    )
    assert [said.partition(": ")[0] for said in mistakes(small)] == [
        "small/checklist.yaml:7 (plan.limit.default)",
        "small/clauses/4.yaml:7 (clauses.0.requirements.0.title)",
        "small/clauses/4.yaml:9 (clauses.0.requirements.0.modality)",
        "small/clauses/4.yaml:10 (clauses.0.requirements.0.weight)",
        "small/clauses/4.yaml:14 (clauses.0.requirements.0.checks.1)",
        "small/clauses/4.yaml:11 (clauses.0.requirements.0.colour)",
        "small/datasets/tickets.yaml:6 (columns.0.type)",
        "7 mistakes",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param(
            "        criterion: {zh: 求, en: requirement}\n",
            "",
            "criterion is missing",
            id="missing",
        ),
        pytest.param("title: {zh: 求, en: r", "title: {en: r", "zh is missing", id="one-language"),
        pytest.param("weight: 1", "weight: heavy", "heavy won't do", id="wrong-type"),
        pytest.param("weight: 1", "weight: 0", "0 won't do", id="no-weight"),
        pytest.param("weight: 1", "weight: 1\n        colour: x", "unknown key colour", id="key"),
        pytest.param("modality: shall", "modality: may", "may is not allowed", id="modality"),
        pytest.param("kind: records", "kind: record", "record", id="unknown-kind"),
        pytest.param("kind: records, ", "", "kind is missing", id="no-kind"),
        pytest.param("4.1-a", "a", "a won't do", id="an-id-that-is-none"),
    ],
)
def test_what_a_clause_lacks_is_said(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    small = written(tmp_path, chapter=CHAPTER.replace(right, wrong, 1))
    first = mistakes(small)[0]
    assert (first.startswith("small/clauses/4.yaml:"), said in first) == (True, True)


def test_all_that_makes_no_sense_is_said_at_once(tmp_path: Path) -> None:
    small = written(
        tmp_path,
        chapter=CHAPTER.replace("4.2-a", "4.1-a")
        .replace("within(created, closed, $limit)", "within(created, owner, $limit)")
        .replace("dataset: late", "dataset: lates")
        + """          - {name: span, kind: records, dataset: tickets, must: "overdue(id, $limits)"}
          - {name: word, kind: records, dataset: tickets, must: theme = 'flood'}
          - {name: file, kind: records, dataset: tickets, must: getenv('HOME') is null}
""",
    )
    assert mistakes(small) == [
        "small/clauses/4.yaml:17 (clauses.1.requirements.0.id): 4.1-a stands already at"
        " small/clauses/4.yaml:7 (clauses.0.requirements.0.id)",
        "small/clauses/4.yaml:17 (clauses.1.requirements.0.id): 4.1-a does not belong under 4.2",
        "small/clauses/4.yaml:13 (clauses.0.requirements.0.checks.0): 4.1-a: unknown column owner",
        "small/clauses/4.yaml:23 (clauses.1.requirements.0.checks.0): 4.1-a: unknown dataset lates",
        "small/clauses/4.yaml:24 (clauses.1.requirements.0.checks.1): 4.1-a:"
        " unknown parameter $limits",
        "small/clauses/4.yaml:25 (clauses.1.requirements.0.checks.2): 4.1-a:"
        " the column theme has no value 'flood'",
        "small/clauses/4.yaml:26 (clauses.1.requirements.0.checks.3): 4.1-a:"
        " GETENV('HOME') is not allowed",
        "7 mistakes",
    ]


def test_two_checks_of_one_name_are_said(tmp_path: Path) -> None:
    again = "          - {name: theme, kind: records, dataset: tickets, must: id is not null}\n"
    small = written(tmp_path, chapter=CHAPTER + again)
    assert mistakes(small) == [
        "small/clauses/4.yaml:17 (clauses.1.requirements.0): 4.2-a has two checks of one name"
    ]


def test_a_clause_that_stands_twice_is_said(tmp_path: Path) -> None:
    small = written(tmp_path, chapter=CHAPTER.replace('id: "4.2"', 'id: "4.1"'))
    assert mistakes(small) == [
        "small/clauses/4.yaml:14 (clauses.1.id): clause 4.1 stands already at"
        " small/clauses/4.yaml:4 (clauses.0.id)",
        "small/clauses/4.yaml:17 (clauses.1.requirements.0.id): 4.2-a does not belong under 4.1",
        "2 mistakes",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("_place AS _place, ", "", "the view must yield _place", id="no-place"),
        pytest.param("_bad AS _bad, ", "", "the view must yield _bad", id="no-bad"),
        pytest.param("FROM tickets", "FROM tockets", "unknown table tockets", id="unknown-table"),
        pytest.param("id AS id", "$limits AS id", "unknown parameter $limits", id="parameter"),
        pytest.param("id AS id", "getenv('x') AS id", "GETENV('x') is not allowed", id="function"),
        pytest.param("FROM tickets", "FROM tickets; DROP TABLE x", "exactly one", id="two"),
    ],
)
def test_a_view_that_will_not_do_is_said(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    first = mistakes(written(tmp_path, head=HEAD.replace(right, wrong)))[0]
    assert first.startswith("small/checklist.yaml:13 (views.0.select): ")
    assert said in first


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param("tickets: [owner]", "needs names no column tickets.owner", id="column"),
        pytest.param("tockets: [id]", "needs names no column tockets.id", id="dataset"),
    ],
)
def test_what_a_view_needs_must_exist(tmp_path: Path, wrong: str, said: str) -> None:
    small = written(tmp_path, head=HEAD.replace("tickets: [id]", wrong))
    assert mistakes(small)[0] == f"small/checklist.yaml:13 (views.0.select): {said}"


def test_without_rules_checks_are_not_compiled(tmp_path: Path) -> None:
    small = written(tmp_path, chapter=CHAPTER.replace("dataset: late", "dataset: lates"))
    assert len(load_checklist(small, rules=False).requirements) == 2


def test_datasets_are_read_without_the_clauses(tmp_path: Path) -> None:
    small = written(tmp_path, chapter="chapter: [")
    assert list(load_datasets(small)) == ["tickets"]
    assert load_datasets(SHIPPED) == load_checklist(SHIPPED, rules=False).datasets


def test_mistakes_of_datasets_are_told_without_the_clauses_too(tmp_path: Path) -> None:
    small = written(tmp_path)
    (small / "datasets" / "again.yaml").write_bytes(
        (small / "datasets" / "tickets.yaml").read_bytes()
    )
    with pytest.raises(AuditError, match=r"tickets stands already at small/datasets/again\.yaml:"):
        load_datasets(small)
    with pytest.raises(AuditError, match=r"the folder holds no checklist\.yaml"):
        load_datasets(small / "datasets")


def test_a_checklist_found_sound_is_not_compiled_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "sound")
    sha256 = load_checklist(written(tmp_path / "1"), shelf=shelf).sha256
    assert [file.name for file in (tmp_path / "sound").iterdir()] == [key_of(sha256)]


@pytest.mark.parametrize("before", [CHAPTER, CHAPTER.replace("weight: 1", "weight: 2")])
def test_a_mistake_is_said_whatever_was_found_sound_before(tmp_path: Path, before: str) -> None:
    shelf = Shelf(tmp_path / "sound")
    load_checklist(written(tmp_path / "1", chapter=before), shelf=shelf)
    small = written(tmp_path / "2", chapter=before.replace("dataset: late", "dataset: lates"))
    for _ in range(2):
        with pytest.raises(AuditError):
            load_checklist(small, shelf=shelf)


def test_mistakes_of_every_sort_are_said_together(tmp_path: Path) -> None:
    small = written(
        tmp_path,
        head=HEAD.replace("FROM tickets", "FROM ticket").replace("2 h", "2 hh"),
        chapter=CHAPTER.replace("weight: 1", "weight: 99", 1)
        + '          - {name: two, kind: records, dataset: tickets, must: "nope = 1", where: "none = 2"}\n',
    )
    assert [line.partition(": ")[2] for line in mistakes(small)] == [
        "can't understand 2 hh",
        "weight: 99 won't do: Input should be less than or equal to 10",
        "unknown table ticket",
        "4.2-a: unknown column nope",
        "4.2-a: unknown column none",
        "",
    ]


def test_a_check_is_not_blamed_for_a_broken_dataset(tmp_path: Path) -> None:
    small = written(tmp_path, tickets=TICKETS.replace("time: created", "time: id"))
    assert [line.partition(": ")[2] for line in mistakes(small)] == [
        "time names id, which is not a date or datetime column"
    ]


def test_a_view_needs_the_columns_it_is_declared_with(tmp_path: Path) -> None:
    small = written(tmp_path, head=HEAD.replace("keys: [id]", "keys: [nope]"))
    assert mistakes(small) == [
        "small/checklist.yaml:13 (views.0.select): the view has no column nope"
    ]


def test_a_view_can_not_be_called_like_a_dataset(tmp_path: Path) -> None:
    small = written(tmp_path, head=HEAD.replace("name: late", "name: tickets"))
    assert "the view has the name of the dataset tickets" in mistakes(small)[0]


def test_a_personal_column_stays_personal_under_another_name(tmp_path: Path) -> None:
    small = written(
        tmp_path,
        head=HEAD.replace("id AS id FROM", "id AS id, owner AS who FROM"),
        tickets=TICKETS
        + "  - {name: owner, title: {zh: 人, en: Owner}, type: text, personal: true}\n",
        chapter=CHAPTER.replace("must: id is not null}", "must: id is not null, show: {who: who}}"),
    )
    assert mistakes(small) == [
        "small/clauses/4.yaml:23 (clauses.1.requirements.0.checks.0): 4.2-a:"
        " who is personal and may not be shown"
    ]


def test_two_datasets_of_one_name_are_said(tmp_path: Path) -> None:
    small = written(tmp_path)
    (small / "datasets" / "again.yaml").write_text(TICKETS, encoding="utf-8")
    assert mistakes(small) == [
        "small/datasets/tickets.yaml:1 (name): tickets stands already at small/datasets/again.yaml:1 (name)"
    ]


def test_an_unknown_kind_is_called_by_its_name(tmp_path: Path) -> None:
    small = written(
        tmp_path,
        chapter=CHAPTER.replace("name: closed, kind: records", "name: closed, kind: record"),
    )
    assert mistakes(small)[0].endswith(
        "(clauses.0.requirements.0.checks.0): kind: record is not allowed"
    )


def test_a_wrong_entry_is_not_told_twice_as_a_missing_one(tmp_path: Path) -> None:
    wrong = "{name: id, title: {zh: 编号, en: Id}, type: words, key: true}"
    one = (
        TICKETS.partition("columns:")[0].replace("time: created\n", "") + f"columns:\n  - {wrong}\n"
    )
    told = mistakes(written(tmp_path, tickets=one))
    assert [line for line in told if "columns" in line] == told[:1]


def test_a_cross_reference_must_be_a_number_of_the_other_standard(tmp_path: Path) -> None:
    small = written(
        tmp_path,
        chapter=CHAPTER.replace(
            "title: {zh: 条, en: clause}",
            "title: {zh: 条, en: clause}\n    references: {gbt19001: ['4.1', x], iso27001: ['5.38']}",
            1,
        ),
    )
    assert [line.partition(" won't")[0] for line in mistakes(small)[:2]] == [
        "small/clauses/4.yaml:6 (clauses.0.references.gbt19001.1): 1: x",
        "small/clauses/4.yaml:6 (clauses.0.references.iso27001.0): 0: 5.38",
    ]


def test_a_view_names_every_dataset_it_reads(tmp_path: Path) -> None:
    small = written(tmp_path, head=HEAD.replace("FROM tickets", "FROM orders"))
    orders = TICKETS.replace("name: tickets", "name: orders")
    (small / "datasets" / "orders.yaml").write_text(orders, encoding="utf-8")
    assert mistakes(small) == [
        "small/checklist.yaml:13 (views.0.select): the dataset orders is missing in needs"
    ]


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        pytest.param("lag(owner) OVER (ORDER BY id)", False, id="from-another-row"),
        pytest.param("CASE WHEN id = 'a' THEN owner END", False, id="chosen"),
        pytest.param("coalesce(owner, id)", False, id="filled"),
        pytest.param("count(DISTINCT owner) OVER (PARTITION BY id)", True, id="count"),
        pytest.param("lag(id) OVER (PARTITION BY owner ORDER BY id)", True, id="partition"),
        pytest.param("CASE WHEN owner IS NULL THEN 'no' ELSE 'yes' END", True, id="whether"),
    ],
)
def test_what_a_view_makes_of_a_person_is_personal_if_it_says_who(
    tmp_path: Path, made: str, shown: bool
) -> None:
    small = written(
        tmp_path,
        head=HEAD.replace("select: SELECT", "select: >-\n      SELECT").replace(
            "id AS id FROM", f"id AS id, {made} AS who FROM"
        ),
        tickets=TICKETS
        + "  - {name: owner, title: {zh: 人, en: Owner}, type: text, personal: true}\n",
        chapter=CHAPTER.replace("must: id is not null}", "must: id is not null, show: {who: who}}"),
    )
    if shown:
        assert load_checklist(small).catalogue.relations["late"].personal == {"owner"}
    else:
        assert mistakes(small)[0].endswith("who is personal and may not be shown")
