"""The second count of a sheet: usual rows are counted by their shape, and no row escapes by it."""

from __future__ import annotations

import pytest

from fcim_audit.readers.base import Unreadable
from fcim_audit.readers.workbook_scan import scan


def _sheet(*rows: str) -> bytes:
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()


def _row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _value(place: str, text: str = "1") -> str:
    return f'<c r="{place}"><v>{text}</v></c>'


def _unread(data: bytes) -> tuple[int, ...]:
    return scan(data, "x").unread(frozenset())


def _refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        scan(data, "x")
    return caught.value.problem.en


def test_every_row_with_a_value_is_counted() -> None:
    rows = [_row(number, _value(f"A{number}", "7" * number)) for number in range(1, 30)]
    assert _unread(_sheet(*rows)) == tuple(range(1, 30))


def test_rows_without_values_are_not_counted() -> None:
    data = _sheet('<row r="1"/>', _row(2, '<c r="A2" s="2"/>'), _row(5, _value("A5")), _row(9))
    assert _unread(data) == (5,)


def test_the_width_is_that_of_rows_with_values() -> None:
    data = _sheet(_row(1, _value("A1"), _value("C1")), _row(2, '<c r="ZZ2"/>'))
    assert scan(data, "x").width == 3


@pytest.mark.parametrize("place", ["A12", "A21", "A1", "A3", "A20", "AB02222"])
def test_a_cell_that_says_another_row_is_refused(place: str) -> None:
    data = _sheet(_row(2, _value("A2"), _value(place)), _row(30, _value("A30")))
    assert _refused(data) == "a cell in row 2 of sheet x has an impossible place"


def test_an_attribute_that_ends_like_the_row_number_is_no_place() -> None:
    data = _sheet(
        _row(2, '<c r="A2" s="12"><v>2</v></c>'), _row(12, '<c r="A12" s="12"><v>1</v></c>')
    )
    assert _unread(data) == (2, 12)


def test_rows_that_go_back_are_refused() -> None:
    data = _sheet(_row(3, _value("A3")), _row(2, _value("A2")), _row(4, _value("A4")))
    assert _refused(data) == "the row number 2 in sheet x makes no sense"


def test_a_prefixed_row_among_others_is_not_passed_over() -> None:
    data = _sheet(_row(1, _value("A1")), '<x:row r="9"><c r="A9"><v>1</v></c></x:row>', _row(3))
    assert _refused(data) == "the row number 3 in sheet x makes no sense"


def test_errors_and_formulas_without_result_are_told_among_usual_rows() -> None:
    data = _sheet(
        _row(1, _value("A1")),
        _row(2, '<c r="A2" t="e"><v>#N/A</v></c>'),
        _row(3, '<c r="A3"><f>B1*2</f></c>', '<c r="B3"><f>B1</f><v>4</v></c>'),
        _row(4, _value("A4")),
    )
    found = [(fault.row, fault.column, fault.kind, fault.text) for fault in scan(data, "x").faults]
    assert found == [(2, 0, "error_value", "#N/A"), (3, 0, "formula_without_value", None)]


def test_hidden_rows_are_told_among_usual_rows() -> None:
    hidden = '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>'
    assert scan(_sheet(hidden, _row(2, _value("A2"))), "x").hidden_rows == (1,)


def test_text_beyond_ascii_and_quotes_in_a_text_change_no_count() -> None:
    text = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    data = _sheet(_row(1, text.format("A1", '客户1"')), _row(2, text.format("A2", "f> 客户")))
    assert _unread(data) == (1, 2)


def test_a_far_cell_is_told_before_the_rows_behind_it_are_counted() -> None:
    behind = [_row(number, _value(f"A{number}")) for number in range(2, 60_000)]
    data = _sheet(_row(1, _value("XFD1")), *behind, _row(99_999, _value("B1")))
    told: list[str] = []
    with pytest.raises(Unreadable, match="impossible place"):
        scan(data, "x", far=lambda: told.append("far"))
    assert told[0] == "far"


def test_of_a_sheet_whose_cells_lie_close_nothing_is_told() -> None:
    told: list[str] = []
    far = _sheet(_row(1, _value("Z1")), _row(1_048_576, _value("A1048576")))
    scan(far, "x", far=lambda: told.append("far"))
    assert told == []


TEXT = '<c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c>'


def _worded(rows: range) -> list[str]:
    """Rows of which each has a text of other letters."""
    figures = str.maketrans("0123456789", "abcdefghij")
    return [_row(number, TEXT.format(number, str(number).translate(figures))) for number in rows]


def test_rows_of_many_different_texts_are_counted_many_at_a_time() -> None:
    found = scan(_sheet(*_worded(range(1, 1_000))), "x")
    assert found.unread(frozenset()) == tuple(range(1, 1_000))
    assert found.unusual == [999], "the end of the sheet stands behind the last row"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (_row(1_000, TEXT.format(1_000, "x"), _value("B1000"), _value("C7")), "place"),
        (_row(1_000, _value("XFE1000")), "place"),
        (_row(1_000, _value("A1000"), '<c r="B11000"><v>1</v></c>'), "place"),
        (_row(999, _value("A999")), "row number 999"),
    ],
)
def test_many_different_texts_hide_no_wrong_row(row: str, why: str) -> None:
    assert why in _refused(_sheet(*_worded(range(1, 1_000)), row))


def test_errors_among_many_different_texts_are_told() -> None:
    error = _row(1_000, TEXT.format(1_000, "x"), '<c r="B1000" t="e"><v>#N/A</v></c>')
    found = scan(_sheet(*_worded(range(1, 1_000)), error), "x")
    assert [(fault.row, fault.column, fault.text) for fault in found.faults] == [(1_000, 1, "#N/A")]


@pytest.mark.parametrize(
    "row",
    [
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c s="1" r\n=\n"XFD1048576"><v>1</v></c></row>',
        '<row r = "1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></row>',
        f'<row r="1">{"<c><v>1</v></c>" * 60}</row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_no_spelling_hides_a_far_cell(row: str) -> None:
    told: list[str] = []
    with pytest.raises(Unreadable, match="too large"):
        scan(_sheet(row), "x", far=lambda: told.append("far"))
    assert told


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('<row r="9999999"><c><v>1</v></c></row>', "the row number 9999999 in sheet x makes"),
        (_row(1, _value("xfd1")), "a cell in row 1 of sheet x has an impossible place"),
        ('<row r="2" hidden="1"><c r="A"><v>1</v></c></row>', "a cell in row 2 of sheet x has an"),
    ],
)
def test_a_place_that_no_sheet_has_is_refused(row: str, why: str) -> None:
    assert _refused(_sheet(row)).startswith(why)


def test_a_text_that_looks_like_a_place_is_none() -> None:
    text = '<c r="A2" t="inlineStr"><is><t>r="B7"</t></is></c>'
    assert _unread(_sheet(f'<row r="2" hidden="1">{text}</row>')) == (2,)
