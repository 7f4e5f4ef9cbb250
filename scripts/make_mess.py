"""Makes the untidy files of tests/mess: one for each way evidence was seen to arrive.

    python scripts/make_mess.py          # needs LibreOffice for .xls, .et and .ods

What is to be read from each stands beside it in `NAME.yaml`, which no program writes again.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import sqlite3
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "mess"
HEADINGS = ["编号", "触发时间", "级别", "处置人", "得分"]
ROWS = [
    ["001", "2025-03-01 09:05", "红", "张三", "98"],
    ["002", "2025-03-02 10:00", "黄", "李四", "95.5"],
]
MONTH = dt.datetime(2025, 3, 1, 9, 5)

Visibility = Literal["visible", "hidden", "veryHidden"]
Fill = Callable[[Worksheet], None]


def text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as delimited text with line ends of Windows."""
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def book(
    *sheets: tuple[str, Fill], state: dict[str, Visibility] | None = None, mac: bool = False
) -> bytes:
    """A workbook with these sheets, each filled by its function."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    if mac:
        made.epoch = CALENDAR_MAC_1904
    for name, fill in sheets:
        fill(made.create_sheet(name))
    for name, visible in (state or {}).items():
        made[name].sheet_state = visible
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows(*cells: Sequence[Any], merged: Sequence[str] = ()) -> Fill:
    """Fill a sheet with rows, then merge ranges."""

    def fill(sheet: Worksheet) -> None:
        for row in cells:
            sheet.append(list(row))
        for span in merged:
            sheet.merge_cells(span)

    return fill


def converted(content: bytes, suffix: str) -> bytes:
    """An .xlsx workbook as LibreOffice saves it in another format."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.xlsx"
        source.write_bytes(content)
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", suffix, "--outdir", folder, str(source)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return (Path(folder) / f"a.{suffix}").read_bytes()


def edited(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """A zip with a few bytes of one member replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            target.writestr(
                info.filename, data.replace(old, new) if info.filename == member else data
            )
    return out.getvalue()


def xlsb(cells: Sequence[Sequence[Any]]) -> bytes:
    """A binary workbook of one sheet, by the records of [MS-XLSB] 2.1.4 and 2.4."""

    def record(kind: int, body: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, length = b"", len(body)
        while length > 0x7F:
            size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
        return head + size + bytes([length]) + body

    def wide(said: str) -> bytes:
        return struct.pack("<I", len(said)) + said.encode("utf-16-le")

    width = max(len(row) for row in cells)
    sheet = (
        record(129)
        + record(148, struct.pack("<IIII", 0, len(cells) - 1, 0, width - 1))
        + record(145)
    )
    for number, row in enumerate(cells):
        sheet += record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            cell = (
                (6, place + wide(value))
                if isinstance(value, str)
                else (5, place + struct.pack("<d", value))
            )
            sheet += record(*cell)
    sheet += record(146) + record(130)
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("台账")
    workbook = record(131) + record(143) + record(156, bundle) + record(144) + record(132)
    kinds = "http://schemas.openxmlformats.org/package/2006/"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}content-types"/>')
        made.writestr("xl/workbook.bin", workbook)
        made.writestr("xl/worksheets/sheet1.bin", sheet)
        made.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{kinds}relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
    return out.getvalue()


def zipped(members: dict[bytes, bytes]) -> bytes:
    """A zip whose member names are these bytes, as old programs wrote them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number, (name, content) in enumerate(members.items()):
            made.writestr(str(number).zfill(len(name)), content)
    packed = out.getvalue()
    for number, name in enumerate(members):
        packed = packed.replace(str(number).zfill(len(name)).encode(), name)
    return packed


def database(cells: Sequence[Sequence[str]]) -> bytes:
    """A SQLite file with one table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with closing(sqlite3.connect(path)) as made:
            made.execute(
                "CREATE TABLE 预警 (编号 TEXT, 触发时间 TEXT, 级别 TEXT, 处置人 TEXT, 得分 REAL)"
            )
            made.executemany("INSERT INTO 预警 VALUES (?, ?, ?, ?, ?)", cells)
            made.commit()
        return path.read_bytes()


def encrypted(content: bytes, password: str) -> bytes:
    """A workbook that opens with a password only."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def hidden(sheet: Worksheet) -> None:
    """Rows filtered away, a column hidden."""
    rows(HEADINGS, *ROWS, ["003", "2025-03-03 11:00", "红", "王五", "60"])(sheet)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["E"].hidden = True


def far_away(sheet: Worksheet) -> None:
    """A stray cell at the other end of the sheet."""
    rows(HEADINGS, *ROWS)(sheet)
    sheet["XFD1048576"] = "x"


def broken_formulas(sheet: Worksheet) -> None:
    """An error value, and a formula that was never calculated."""
    rows(HEADINGS, *ROWS)(sheet)
    sheet["E2"].value, sheet["E2"].data_type = "#REF!", "e"
    sheet["E3"] = "=1+1"


def everything() -> dict[str, bytes]:
    """Every file by its name."""
    plain = text([HEADINGS, *ROWS])
    tidy = book(("台账", rows(HEADINGS, *ROWS)))
    two_levels = rows(
        ["编号", "触发时间", "计划", None, "处置", None, "备注"],
        [None, None, "完成时间", "负责人", "时间", "人", None],
        ["001", MONTH, "2025-03-05", "张三", "2025-03-01 10:00", "李四", "无"],
        ["编号", "触发时间", "计划", None, "处置", None, "备注"],
        [None, None, "完成时间", "负责人", "时间", "人", None],
        ["002", MONTH, "2025-03-06", "张三", "2025-03-01 11:00", "李四", "换泵"],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2", "A4:A5", "B4:B5", "C4:D4", "E4:F4", "G4:G5"],
    )  # fmt: skip
    form = rows(
        ["某某物业 2025 年预警处置台账"],
        ["编号：QR-07-03", None, "版本：A/1", None, "填表日期：2025-12-31"],
        [],
        HEADINGS,
        *ROWS,
        ["小计", None, None, None, "193.5"],
        [],
        ["003", "2025-03-03 11:00", "红", "王五", "60"],
        ["合计", None, None, None, "253.5"],
        ["平均", None, None, None, "84.5"],
        ["注：得分为百分制"],
        ["编制：赵六", None, "审核：钱七", None, "批准：孙八"],
        merged=["A1:E1", "A12:E12"],
    )
    return {
        "gb18030.csv": text([HEADINGS, *ROWS[:1], ["002", "2025-03-02 10:00", "黄", "李㐂䶮", "95.5"]]).encode("gb18030"),
        "utf8_mark.csv": plain.encode("utf-8-sig"),
        "utf16_tabs.xls": text([HEADINGS, *ROWS], "\t").encode("utf-16"),
        "semicolons.csv": text([HEADINGS, *ROWS], ";").encode(),
        "bars.txt": text([HEADINGS, *ROWS], "|").encode(),
        "html_table.xls": (
            "<html><head><meta charset='gb2312'></head><body><table border=1>"
            "<tr><th rowspan=2>编号<th rowspan=2>触发时间<th colspan=2>处置</tr><tr><th>时间<th>人</tr>"
            "<tr><td>001<td>2025-03-01 09:05<td>2025-03-01 10:00<td>张三</tr></table></body></html>"
        ).encode("gb2312"),
        "old.xls": converted(book(("台账", two_levels)), "xls"),
        "wps.et": converted(tidy, "xls"),
        "binary.xlsb": xlsb([HEADINGS, *[[*row[:4], float(row[4])] for row in ROWS]]),
        "calc.ods": converted(tidy, "ods"),
        "form.xlsx": book(("表单", form)),
        "two_levels.xlsx": book(("台账", two_levels)),
        "two_levels.csv": text(
            [["编号", "触发时间", "处置", "", "备注"], ["", "", "时间", "人", ""],
             ["001", "2025-03-01 09:05", "2025-03-01 10:00", "张三", "换泵"]]
        ).encode(),
        "planned_only.xlsx": book(("台账", rows(
            ["编号", "触发时间", "计划"], [None, None, "完成时间"], ["001", MONTH, "2025-03-05"],
            merged=["A1:A2", "B1:B2"],
        ))),
        "pages.csv": text([HEADINGS, ROWS[0], HEADINGS, ROWS[1], ["本页合计", "", "", "", "193.5"]]).encode(),
        "months.xlsx": book(
            ("封面", rows(["预警台账"], ["2025 年度"])),
            ("1月", rows(HEADINGS, ROWS[0])),
            ("2月", rows(HEADINGS, ROWS[1])),
            ("备份", rows(HEADINGS, ["009", "2025-03-09 10:00", "黄", "李四", "70"])),
            state={"备份": "hidden"},
        ),
        "hidden.xlsx": book(("台账", hidden)),
        "subtable.xlsx": book(("审批", rows(
            ["审批编号", "触发时间", "级别", "明细", None], [None, None, None, "物品", "数量"],
            ["202503010001", MONTH, "红", "灭火器", 2], [None, None, None, "水带", 1],
            ["202503020001", MONTH, "黄", "沙袋", 5], ["202503030001", MONTH, None, "沙袋", 6],
            merged=["A1:A2", "B1:B2", "C1:C2", "D1:E1", "A3:A4", "B3:B4", "C3:C4"],
        ))),
        "dates.csv": text([["编号", "触发时间"], *[[f"{n:03}", said] for n, said in enumerate([
            "2025-03-01", "2025/3/1", "2025.3.1", "2025年3月1日", "20250301", "20250301090500", "2025-03-01T01:05:00Z",
            "2025-03-01 上午9:05", "2025年3月1日 下午3:05", "2025-03-01 24:00", "2025年3月1日 星期六", "2025-03-01 中午12:30",
            "2025-03-01 9点半", "二〇二五年三月一日", "1740791100", "1740791100000", "2025-03-01 周日", "3月1日", "2025年3月",
            "45717", "01/02/2025", "2025-03-01至2025-03-05", "2025-02-30", "1712011830", "9:05", "长期", "2025-03-01 晚上12:00",
        ], start=1)]]).encode(),
        "serial.xlsx": book(("台账", rows(["编号", "触发时间"], ["001", 45717], ["002", 45717.378472222226], ["003", 7]))),
        "serial_1904.xlsx": book(("台账", rows(["编号", "触发时间"], ["001", 44255], ["002", MONTH])), mac=True),
        "no_year.csv": text([["编号", "触发时间"], ["001", "3月1日 9:05"]]).encode(),
        "lengths.csv": text([["编号", "触发时间", "时长"], *[[f"{n:03}", "2025-03-01", said] for n, said in enumerate([
            "1小时30分", "90分钟", "01:30:00", "1.5h", "1天2小时", "半小时", "两个半小时", "35秒", "5400", "1:30", "半天", "约1小时",
        ], start=1)]]).encode(),
        "length_unit.csv": text([["编号", "触发时间", "时长（分钟）"], ["001", "2025-03-01", "90"], ["002", "2025-03-01", "１.５"]]).encode(),
        "numbers.csv": text([["编号", "触发时间", "得分", "数量"], *[[f"{n:03}", "2025-03-01", said, count] for n, (said, count) in enumerate([
            ("95%", "1"), ("９５％", "2.0"), ('"1,234"', '"1,234"'), ("98.5分", "12人"), ("三百二十一", "十二"), ("1.2万", "1.2万"),
            ("百分之九十五", "—"), ("≥95", "2.5"), ("90~95", "约20"), ("优秀", "1e3"), ("一万二", "二十多"), ("N/A", "/"),
        ], start=1)]]).encode(),
        "yes_no.csv": text([["编号", "触发时间", "是否合格"], *[[f"{n:03}", "2025-03-01", said] for n, said in enumerate(
            ["是", "否", "√", "×", "有", "无", "合格", "不合格", "Y", "N", "已完成", "未完成", "1", "0", "大概", ""], start=1)]]).encode(),
        "ids.csv": text([["编号", "触发时间"], *[[said, "2025-03-01"] for said in
            ['="00123"', "'00124", "00125\t", "110101199001011234", "1.23457E+15", "ＡＢ－01", "-"]]]).encode(),
        "ids.xlsx": book(("台账", rows(["编号", "触发时间"], ["110101199001011234", MONTH], [110101199001011234, MONTH], [7, MONTH]))),
        "errors.xlsx": book(("台账", broken_formulas)),
        "repeats.csv": text([HEADINGS, ROWS[0], ROWS[0], ROWS[1], [*ROWS[1][:4], "60"]]).encode(),
        "ragged.csv": text([HEADINGS, ROWS[0], [*ROWS[1], "多"], ["003", "2025-03-03"]]).encode(),
        "nested.json": json.dumps({"code": 0, "data": {"total": 2, "list": [
            {"编号": "001", "触发时间": 1740791100000, "级别": "红", "处置": {"时间": "2025-03-01 10:00", "人": "张三"}},
            {"编号": "002", "触发时间": 1740791100000, "级别": None}]}}, ensure_ascii=False).encode(),
        "lines.jsonl": ('{"编号": "001", "触发时间": "2025-03-01"}\n{"编号": "002", "触发时间"\n\n'
                        '{"编号": "003", "触发时间": "2025-03-03", "编号": "004"}\n').encode(),
        "records.db": database(ROWS),
        "months.zip": zipped({"一月.csv".encode("gbk"): plain.encode("gbk"), "二月.csv".encode("gbk"): b""}),
        "access.log.gz": gzip.compress(
            b'10.0.0.1 - - [01/Mar/2025:09:05:00 +0800] "GET /a HTTP/1.1" 200 5 "-" "x"\nnoise\n', mtime=0),
        "system.log": b"Mar  1 09:05:01 host1 sshd[42]: Accepted\nMar  2 10:00:00 host1 sshd[43]: Failed\n",
        "pairs.log": 'id=001 at="2025-03-01 09:05" 级别=红\nid=002 at="2025-03-02 10:00" 级别=紫\n'.encode(),
        "password.xlsx": encrypted(tidy, "秘密"),
        "hostile.csv": text([HEADINGS, ["=cmd|' /C calc'!A0", "2025-03-01", "红", "<script>alert(1)</script>", "1"]]).encode(),
        "entities.xlsx": edited(tidy, "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;">]><worksheet'),
        "far_cell.xlsx": book(("台账", far_away)),
        "nul.csv": plain.encode()[:-4] + b"\0\r\n",
        "cut.csv.gz": gzip.compress(plain.encode() * 3, mtime=0)[:-9],
        "login_page.xls": b"<!DOCTYPE html><html><body><form>login</form></body></html>",
        "empty.csv": b"",
    }  # fmt: skip


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in everything().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
