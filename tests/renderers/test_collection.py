"""The collection template: headings that ingest knows, words it understands, sheets as allowed."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.datasets import Column, ColumnType, Dataset, normalised
from fcim_audit.evidence.cells import comparable, vocabulary
from fcim_audit.language import Lang, Text
from fcim_audit.renderers.collection import render
from fcim_audit.renderers.collection_sheets import Collection, sheet_names
from fcim_audit.renderers.column_words import heading, note, word_for
from fcim_audit.renderers.sample_values import sample_row

DATASETS = load_checklist(shipped("checklists") / "fcim", rules=False).datasets
BOTH = pytest.mark.parametrize("lang", list(Lang))
EACH = pytest.mark.parametrize("name", sorted(DATASETS))


def dataset(name: str, title: str, *columns: dict[str, object]) -> Dataset:
    """A dataset with an English title that is its Chinese one too."""
    text = {"zh": title, "en": title}
    declared = [{"title": text, **column} for column in columns or ({"name": "a", "type": "text"},)]
    return Dataset.model_validate(
        {"name": name, "title": text, "systems": text, "columns": declared}
    )


def book(*datasets: Dataset, lang: Lang = Lang.ZH, file: str = "T.xlsx") -> Workbook:
    """The template as a spreadsheet program opens it."""
    return openpyxl.load_workbook(io.BytesIO(render(Collection(datasets, {}, file, lang))))


def lists(sheet: Worksheet) -> dict[str, str]:
    """The drop-down lists of a sheet by the place of their first cell."""
    return {
        str(v.sqref).partition(":")[0]: v.formula1
        for v in sheet.data_validations.dataValidation
        if v.type == "list"
    }


def column(**declared: object) -> Column:
    return Column.model_validate(
        {"name": "a_b", "title": {"zh": "某列", "en": "Some column"}, **declared}
    )


@EACH
@BOTH
def test_every_heading_is_a_declared_word_of_its_own_column(name: str, lang: Lang) -> None:
    known = {
        normalised(word): c.name for c in DATASETS[name].columns for word in (c.name, *c.aliases)
    }
    headings = [normalised(heading(c, lang)) for c in DATASETS[name].columns]
    assert [known[h] for h in headings] == list(DATASETS[name].types)


@EACH
@BOTH
def test_every_word_offered_means_its_code(name: str, lang: Lang) -> None:
    enums = [c for c in DATASETS[name].columns if c.type is ColumnType.ENUM]
    read = [
        (c.name, vocabulary(c, {})[comparable(word_for(c, code, lang))])
        for c in enums
        for code in c.values
    ]
    assert read == [(c.name, code) for c in enums for code in c.values]


@EACH
@BOTH
def test_every_sample_value_is_plausible_for_its_own_column(name: str, lang: Lang) -> None:
    values = sample_row(DATASETS[name], lang)
    assert values[0] is not None
    assert not {"示例文字", "sample text"} & set(values)


@pytest.mark.parametrize(
    ("declared", "lang", "said"),
    [
        pytest.param({"type": "text", "aliases": ["某列"]}, Lang.ZH, "某列", id="title"),
        pytest.param({"type": "text", "aliases": ["x", "别名"]}, Lang.ZH, "别名", id="alias"),
        pytest.param({"type": "text"}, Lang.ZH, "a_b", id="nothing-but-the-name"),
        pytest.param({"type": "text"}, Lang.EN, "a_b", id="english-name"),
        pytest.param(
            {"type": "text", "aliases": ["Some Column"]}, Lang.EN, "Some column", id="english-title"
        ),
        pytest.param({"type": "text", "key": True}, Lang.EN, "a_b*", id="key"),
        pytest.param({"type": "text", "required": True}, Lang.EN, "a_b*", id="required"),
        pytest.param({"type": "duration", "unit": "min"}, Lang.ZH, "a_b（分钟）", id="unit"),
        pytest.param({"type": "number", "unit": "MB"}, Lang.EN, "a_b (MB)", id="english-unit"),
    ],
)
def test_a_heading_is_the_title_if_ingest_knows_it(
    declared: dict[str, object], lang: Lang, said: str
) -> None:
    assert heading(column(**declared), lang) == said


def test_a_note_says_what_to_write_and_what_empty_means() -> None:
    declared = column(
        type="duration", unit="min", required=True, personal=True, empty_words=["无", "暂无"]
    )
    assert note(declared, Lang.EN).split("\n") == [
        "Some column · a_b",
        "Write: a length of time, as 1.5h or 90min",
        "Unit: min (of a plain number)",
        "Required: without this column the sheet can't be used. "
        "An empty cell says that nothing is recorded; it never counts as met.",
        "These words count as empty: 无、暂无",
        "Personal data: may be pseudonymised; one person, one pseudonym, on every sheet.",
    ]


def test_a_note_of_a_text_shows_an_example() -> None:
    said = note(column(type="text"), Lang.ZH, "GD-2025-001").split("\n")
    assert said[1] == "填写：文字，如 GD-2025-001"


@EACH
def test_every_heading_carries_its_note(name: str) -> None:
    sheet = book(DATASETS[name]).worksheets[1]
    first = [cell.comment.text.split("\n")[0] if cell.comment else "" for cell in sheet[1]]
    assert first == [f"{c.title.zh} · {c.name}" for c in DATASETS[name].columns]


def test_columns_hold_what_they_should() -> None:
    sheet = book(DATASETS["feedback_tickets"]).worksheets[1]
    assert (sheet.title, sheet.freeze_panes) == ("顾客电子反馈工单", "B2")
    assert [c.value for c in sheet[1]][:4] == ["工单编号*", "渠道", "客户", "提交时间*"]
    assert sheet["A2"].value == "【示例行】 GD-2025-001"
    assert (sheet["A2"].font.italic, sheet["A2"].font.color.rgb) == (True, "FF7F7F7F")
    assert sheet["D2"].number_format == "yyyy-mm-dd hh:mm"
    assert lists(sheet)["H2"] == '"人工,机器人"'
    assert lists(sheet)["M2"] == '"是,否"'


def test_a_long_list_stands_on_a_hidden_sheet() -> None:
    codes = {f"code_{n}": [f"很长的说法之第{n}种，写得相当详细"] for n in range(20)}
    made = book(dataset("d", "D", {"name": "kind", "type": "enum", "values": codes}))
    assert lists(made["D"]) == {"A2": "_lists!$A$1:$A$20"}
    assert made["_lists"].sheet_state == "hidden"
    assert [cell.value for cell in made["_lists"]["A"]][:2] == [
        "很长的说法之第0种，写得相当详细",
        "很长的说法之第1种，写得相当详细",
    ]


def test_a_word_with_a_comma_is_one_word() -> None:
    values: dict[str, object] = {"a": ["甲,乙"], "b": ["丙"]}
    made = book(dataset("d", "D", {"name": "kind", "type": "enum", "values": values}))
    assert [cell.value for cell in made["_lists"]["A"]] == ["甲,乙", "丙"]


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        pytest.param(["A/B [C]: D?"], ("A B  C   D",), id="forbidden-characters"),
        pytest.param(["x" * 32], ("x" * 30 + "…",), id="too-long"),
        pytest.param(["Same", "same"], ("Same", "same 2"), id="twice"),
        pytest.param(["y" * 31, "y" * 31], ("y" * 31, "y" * 28 + "… 2"), id="long-and-twice"),
        pytest.param(["说明", "Read me"], ("说明 2", "Read me 2"), id="the-guide's-own"),
        pytest.param(["History"], ("History 2",), id="reserved-by-excel"),
        pytest.param(["'?'"], ("d0",), id="nothing-left"),
    ],
)
def test_sheets_are_called_as_a_workbook_allows(titles: list[str], names: tuple[str, ...]) -> None:
    datasets = [dataset(f"d{number}", title) for number, title in enumerate(titles)]
    assert sheet_names(datasets, Lang.EN) == names


def test_a_file_name_with_brackets_is_declared_as_itself() -> None:
    collection = Collection((dataset("d", "D"),), {}, "T [1].xlsx", Lang.EN)
    assert collection.entries == (
        "evidence:",
        "  - {file: 'T [[]1].xlsx', sheet: D, dataset: d}",
    )


def test_the_guide_says_what_each_sheet_proves() -> None:
    tickets = DATASETS["feedback_tickets"]
    titles = {"6.3-d": Text("两小时内响应", "response within 2 hours")}
    made = openpyxl.load_workbook(
        io.BytesIO(render(Collection((tickets,), titles, "T.xlsx", Lang.EN)))
    )
    (row,) = [r for r in made["Read me"].iter_rows(values_only=True) if r[1] == "feedback_tickets"]
    assert row[0] == "Customer feedback tickets"
    assert "6.3-d response within 2 hours; 6.3-e;" in str(row[3])


def test_hostile_text_stays_text() -> None:
    made = book(dataset("d", "=1+1", {"name": "a", "type": "text", "aliases": ["=cmd()"]}))
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_the_same_call_gives_the_same_bytes() -> None:
    collection = Collection(tuple(DATASETS.values()), {}, "T.xlsx", Lang.ZH)
    assert render(collection) == render(collection)
