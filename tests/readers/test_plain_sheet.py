"""Sheets that go from the library into DuckDB unseen by Python hold the same as those read value by value."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from fcim_audit.readers.plain_sheet import load_plain, open_plain, read_plain, rounded_columns
from fcim_audit.readers.xlsx_scan import opened_xlsx, sheets_of
from tests.conftest import ROOT
from tests.readers.reading import Seen, read

REFUSED = {"far_cell", "entities", "password"}
BOOKS = [
    path
    for folder in (ROOT / "evidence_samples", ROOT / "tests" / "mess")
    for path in sorted(folder.rglob("*.xlsx"))
    if path.stem not in REFUSED
]
MOMENT = "yyyy-mm-dd hh:mm:ss"
Cell = tuple[Any, str | None]


@dataclass(frozen=True)
class Formula:
    """A formula and the result that the workbook keeps of it."""

    text: str
    result: object


def _book(path: Path, rows: list[list[Cell | None]]) -> Path:
    """A workbook of cells: a value and its number format."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    formats = {form: book.add_format({"num_format": form}) for row in rows for form in _forms(row)}
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            value, form = cell
            given = [formats[form]] if form else []
            if isinstance(value, str) and not value.startswith("="):
                sheet.write_string(number, column, value, *given)
            elif isinstance(value, Formula):
                sheet.write_formula(number, column, value.text, *(given or [None]), value.result)
            elif value is None:
                sheet.write_blank(number, column, None, *given)
            else:
                sheet.write(number, column, value, *given)
    book.close()
    return path


def _forms(row: list[Cell | None]) -> set[str]:
    return {cell[1] for cell in row if cell is not None and cell[1] is not None}


def _by_value(path: Path) -> Path:
    """The same workbook, in whose formats there is a length of time: no sheet of it is plain."""
    copy = path.parent / "by-value.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as out:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "xl/styles.xml":
                data = data.replace(b"</styleSheet>", b"<!--[h]--></styleSheet>")
            out.writestr(info.filename, data)
    return copy


def _both(folder: Path, path: Path) -> tuple[Seen, Seen]:
    given = folder / "given.xlsx"
    given.write_bytes(path.read_bytes())
    return read(folder, given), read(folder, _by_value(given))


def _plainly(folder: Path, path: Path) -> list[tuple[Any, ...]] | None:
    """What `load_plain` makes of the first sheet."""
    with opened_xlsx(path) as opened, duckdb.connect() as connection:
        name, sheet = next(iter(sheets_of(opened, path.name).sheets.items()))
        xml = sheet.count()
        workbook = open_plain(path)
        assert workbook is not None
        plain = read_plain(connection, workbook, name, "read")
        assert plain is not None
        faults = load_plain(connection, "t", plain, xml, rounded_columns(xml))
        if faults is None:
            assert not connection.execute(
                "SELECT * FROM duckdb_tables() WHERE table_name = 't'"
            ).fetchall()
            return None
        return connection.execute("SELECT * EXCLUDE _cells FROM t ORDER BY _row").fetchall()


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_workbook_reads_alike_in_both_ways(tmp_path: Path, path: Path) -> None:
    plain, by_value = _both(tmp_path, path)
    assert plain == by_value


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("2025-03-01 00:00:00", None, "2025-03-01 00:00:00"),
        ("true", None, "true"),
        (45717, MOMENT, "2025-03-01"),
        (45717.5, MOMENT, "2025-03-01 12:00:00"),
        (45717.123456789, MOMENT, "2025-03-01 02:57:46.667000"),
        (0.375, "hh:mm", "09:00:00"),
        (True, None, "TRUE"),
        (95.0, None, "95"),
        (0.95, "0%", "0.95"),
        (1 / 3, None, "0.3333333333333333"),
        (4.5e-12, None, "4.5e-12"),
        (60.1, None, "60.1"),
        (1.5e22, None, "1.5e+22"),
        (-0.25, None, "-0.25"),
    ],
)
def test_a_cell_gets_the_text_of_its_value(
    tmp_path: Path, value: object, form: str | None, text: str
) -> None:
    book = _book(tmp_path / "a.xlsx", [[("标题", None)], [(value, form)], [("尾", None)]])
    assert _plainly(tmp_path, book) == [(1, "标题"), (2, text), (3, "尾")]


def test_rows_and_columns_before_the_first_cell_are_counted(tmp_path: Path) -> None:
    book = _book(tmp_path / "a.xlsx", [[], [], [None, ("x", None)], [], [None, None, (5, None)]])
    assert _plainly(tmp_path, book) == [
        (1, "", "", ""), (2, "", "", ""), (3, "", "x", ""), (4, "", "", ""), (5, "", "", "5"),
    ]  # fmt: skip


def test_errors_stand_where_they_stood(tmp_path: Path) -> None:
    book = _book(tmp_path / "a.xlsx", [[("a", None)], [(2, None)], [("z", None)]])
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as out:
        for info in source.infolist():
            data = source.read(info).replace(
                b'<c r="A2"><v>2</v></c>', b'<c r="A2" t="e"><v>#N/A</v></c>'
            )
            out.writestr(info.filename, data)
    assert _plainly(tmp_path, tmp_path / "b.xlsx") == [(1, "a"), (2, "#N/A"), (3, "z")]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="A2"><f>B2*2</f><v>7.25</v></c>', "7.25"),
        ('<c r="A2" t="str"><f t="shared" si="0"/><v>文</v></c>', "文"),
        ('<c r="A2" t="b"><f t="array" ref="A2:A2">B2</f><v>1</v></c>', "TRUE"),
        ('<c r="A2"><f>B2/3</f><v>0.33333333333333331</v></c>', "0.3333333333333333"),
        ('<c r="A2" t="str"><f>IF(B2="","",B2)</f><v></v></c>', ""),
    ],
)
def test_a_formula_is_told_by_its_result(tmp_path: Path, cell: str, told: str) -> None:
    book = _with_cell(tmp_path, cell)
    assert _plainly(tmp_path, book) == [(1, "a"), (2, told), (3, "z")]
    plain, by_value = _both(tmp_path, book)
    assert plain == by_value
    assert plain.file.sheets[0].faults == ()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2" t="str"><f>B2</f><v>GE-001</v></c>',
        '<c r="A2" t="str"><v>1.2.0000000000</v></c>',
        '<c r="A2" t="str"><f>B2</f><v>1e-12</v></c>',
    ],
)
def test_a_text_among_numbers_is_no_long_number(tmp_path: Path, cell: str) -> None:
    book = _with_cell(tmp_path, cell, (1 / 3, None))
    plain, by_value = _both(tmp_path, book)
    assert plain == by_value
    assert [text for _, (text,) in plain.rows][2] == "0.3333333333333333"
    assert _plainly(tmp_path, book) is not None


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2"><f>B2*2</f><v></v></c>',
        '<c r="A2"><f>B2*2</f><v/></c>',
        '<c r="A2"><f>B2*2</f></c>',
        '<c r="A2" s="0"><f t="shared" si="0"/><v></v></c>',
    ],
)
def test_a_formula_without_its_result_is_told(tmp_path: Path, cell: str) -> None:
    plain, by_value = _both(tmp_path, _with_cell(tmp_path, cell))
    assert plain == by_value
    found = [(fault.row, fault.column, fault.kind) for fault in plain.file.sheets[0].faults]
    assert found == [(2, 0, "formula_without_value")]


def _with_cell(folder: Path, cell: str, last: Cell = ("z", None)) -> Path:
    """A workbook of `a` and `z`, or what else is `last`, with this cell in the row between."""
    book = _book(folder / "a.xlsx", [[("a", None)], [(2, None)], [last]])
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(folder / "b.xlsx", "w") as out:
        for info in source.infolist():
            data = source.read(info).replace(b'<c r="A2"><v>2</v></c>', cell.encode())
            out.writestr(info.filename, data)
    return folder / "b.xlsx"


def test_a_text_is_one_wherever_its_cell_says_so(tmp_path: Path) -> None:
    book = _book(tmp_path / "a.xlsx", [[("a", None)], [("2025-03-01 00:00:00", None)]])
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as out:
        for info in source.infolist():
            data = source.read(info)
            out.writestr(info.filename, data.replace(b'<c r="A2" t="s">', b'<c r="A2"\nt="s">'))
    assert _plainly(tmp_path, tmp_path / "b.xlsx") == [(1, "a"), (2, "2025-03-01 00:00:00")]


@pytest.mark.parametrize("number", [5_000_000, 3e9, -700_000])
def test_a_number_that_can_not_be_the_day_it_is_shown_as_is_never_lost(
    tmp_path: Path, number: float
) -> None:
    book = _book(tmp_path / "a.xlsx", [[("a", None)], [(number, MOMENT)]])
    plain, by_value = _both(tmp_path, book)
    assert plain == by_value
    assert plain.rows[1][1] != [""]


def test_a_sheet_of_many_errors_is_read_value_by_value(tmp_path: Path) -> None:
    errors: list[list[Cell | None]] = [[("=1/0", None), ("x", None)] for _ in range(60)]
    rows: list[list[Cell | None]] = [[("长" * 40, None), (f"{n}", None)] for n in range(15_000)]
    plain, by_value = _both(tmp_path, _book(tmp_path / "a.xlsx", [*rows, *errors]))
    assert plain == by_value


@pytest.mark.parametrize("seed", range(25))
def test_cells_of_all_kinds_among_each_other_read_alike(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows: list[list[Cell | None]] = [[("标题", None) for _ in range(8)]]
    rows += [[_cell(chance) for _ in range(8)] for _ in range(80)]
    book = _book(tmp_path / "a.xlsx", rows)
    plain, by_value = _both(tmp_path, book)
    assert plain == by_value
    assert _plainly(tmp_path, book) is not None


def _cell(chance: random.Random) -> Cell | None:
    kind = chance.random()
    if kind < 0.1:
        return None
    if kind < 0.2:
        return chance.choice(["1899-12-31 09:00:00", "TRUE", "0", "-0", "1e-7", " x ", "中"]), None
    if kind < 0.25:
        return chance.random() < 0.5, None
    if kind < 0.28:
        return None, MOMENT
    if kind < 0.4:
        result = chance.choice(["", "文", "TRUE", "GE-001", 1 / 3, 7, True, 1e-11, 45_000.25])
        return Formula(chance.choice(["=A1", '=IF(B2="x","","y")', "=LOG10(C3)"]), result), None
    number = chance.choice(
        [
            chance.random() * 10 ** chance.randint(-12, 24), chance.randint(-5, 10**18),
            round(chance.random() * 100, chance.randint(0, 12)), 45_000 + chance.random() * 1000,
            45_000 + chance.randint(0, 999), 0, 0.5, 1, 60, 45717.5,
        ]
    )  # fmt: skip
    forms = [MOMENT, "h:mm", "m/d"] if 0 <= number < 2_000_000 else []
    return number, chance.choice([*forms, "0%", "0.00", None])


def test_a_long_sheet_of_moments_numbers_and_formulas_at_its_end(tmp_path: Path) -> None:
    chance = random.Random(1)
    start = dt.datetime(2025, 3, 1, 8)
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    moment = book.add_format({"num_format": MOMENT})
    for row in range(25_000):
        sheet.write_string(row, 0, f"GD{row:06d}")
        sheet.write_datetime(row, 1, start + dt.timedelta(minutes=row), moment)
        sheet.write_number(row, 2, chance.random() if row % 3 else round(chance.random(), 1))
        if row % 100 == 0 and row > 20_000:
            value = "#DIV/0!" if row % 2000 == 0 else 0.5
            sheet.write_formula(row, 3, f"=A{row}", None, value)
        elif row % 7:
            sheet.write_boolean(row, 3, row % 2 == 0)
        else:
            sheet.write_string(row, 3, "—")
    book.close()
    plain, by_value = _both(tmp_path, tmp_path / "a.xlsx")
    assert plain == by_value
    assert len(plain.rows) == 25_000
    assert _plainly(tmp_path, tmp_path / "a.xlsx") is not None
