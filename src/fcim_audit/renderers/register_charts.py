"""Knows the register's charts: chapter profile, figures beside what is required, findings by grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from fcim_audit.assessment import Kpi
from fcim_audit.language import Text
from fcim_audit.model import Status
from fcim_audit.renderers.plain_book import LINE, LINE_HEIGHT, Number, Sheets, Value, height_of
from fcim_audit.report import Report
from fcim_audit.report_facts import ProfileRow, profile_rows
from fcim_audit.wording import STATUS_WORDS

CHARTS = Text("图表", "Charts")
_GRADES = (Status.MAJOR, Status.MINOR, Status.OFI)
_SOLID: Mapping[Status, str] = {
    Status.CONFORM: "#3f9b68",
    Status.OFI: "#d9bd3a",
    Status.MINOR: "#e08a3c",
    Status.MAJOR: "#b3262c",
    Status.NOT_VERIFIED: "#8b95a3",
    Status.NOT_APPLICABLE: "#d5dae1",
}
_WORDS, _NUMBERS, _COLUMNS, _CHART_COLUMN = 40, 14, 6, 7
_PIXELS, _CHART_POINTS = (760, 380), 310
_LAST_COLUMN = 19


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    colour: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A table and the chart of it."""

    title: str
    kind: str
    subtype: str | None
    labels: tuple[str, ...]
    series: tuple[_Series, ...]
    most: int | None = None


def draw(report: Report, sheets: Sheets, sheet: Worksheet) -> None:
    """Fill the sheet: each table with its chart beside it."""
    sheet.set_column(0, 0, _WORDS)
    sheet.set_column(1, _COLUMNS, _NUMBERS)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 1)
    row = 0
    for block in (_profile(report), _figures(report), _by_grade(report)):
        _chart(report, sheets, sheet, row, block)
        row = _table(sheets, sheet, row, block)
    sheet.print_area(0, 0, row, _LAST_COLUMN)


def _profile(report: Report) -> _Block:
    rows = profile_rows(report)
    series = (
        _Series(report.said(STATUS_WORDS[s]), _SOLID[s], tuple(row.counts[s] for row in rows))
        for s in _SOLID
    )
    return _Block(
        report.said(Text("各章要求的状态（项数）", "Requirements of each chapter by status")),
        "bar", "stacked", tuple(_chapter(report, row) for row in rows), tuple(series),
    )  # fmt: skip


def _chapter(report: Report, row: ProfileRow) -> str:
    return f"{row.id} {report.said(row.title)} {row.verified}/{row.applicable}"


def _figures(report: Report) -> _Block:
    kpis = report.judgement.kpis
    measured = tuple(_hundredths(k.measured.value, k.measured.unit) for k in kpis)
    required = tuple(
        _hundredths(None if k.target is None else k.target.value, k.measured.unit) for k in kpis
    )
    return _Block(
        report.said(Text("6.3 的八项指标：实测与要求", "The eight figures of 6.3: measured, required")),
        "bar", None, tuple(_figure(report, k) for k in kpis),
        (
            _Series(report.said(Text("实测", "measured")), "#3565a8", measured),
            _Series(report.said(Text("要求", "required")), "#c3c9d2", required),
        ),
        100,
    )  # fmt: skip


def _figure(report: Report, kpi: Kpi) -> str:
    open_ = report.said(Text("未核实", "not verified")) if kpi.attained is None else ""
    return " ".join(part for part in (kpi.id, report.said(kpi.name), open_) if part)


def _hundredths(value: Fraction | None, unit: str) -> Value:
    """Shares and scores on one axis from 0 to 100; other figures have no place on it."""
    if value is None or unit not in {"ratio", "score"}:
        return None
    return Number(float(value * 100 if unit == "ratio" else value), "0.00")


def _by_grade(report: Report) -> _Block:
    held = report.audit
    title = Text("建议的不符合项（按等级）", "Proposed findings by grade")
    counts = [report.count(grade) for grade in _GRADES]
    name = Text("项数", "number")
    series = [_Series(report.said(name), _SOLID[Status.MAJOR], tuple(counts))]
    if held is not None:
        title = Text("不符合项（按等级）", "Findings by grade")
        open_: list[Status] = [f.grade for f in held.findings.values() if f.is_open]
        ended: list[Status] = [f.grade for f in held.findings.values() if not f.is_open]
        series = [
            _Series(report.said(Text("未关闭", "open")), "#b3262c", tuple(map(open_.count, _GRADES))),
            _Series(report.said(Text("已关闭或撤销", "closed or withdrawn")), "#8b95a3",
                    tuple(map(ended.count, _GRADES))),
        ]  # fmt: skip
    labels = tuple(report.said(STATUS_WORDS[grade]) for grade in _GRADES)
    return _Block(report.said(title), "column", "stacked", labels, tuple(series))


def _table(sheets: Sheets, sheet: Worksheet, row: int, block: _Block) -> int:
    """The table from `row` on; returns the row where the next block begins."""
    box = {"border": 1, "border_color": LINE, "text_wrap": True, "valign": "top"}
    plain, head = sheets.book.add_format(box), sheets.book.add_format({**box, "bold": True, "bg_color": "#e4e9f0"})  # fmt: skip
    figures = sheets.book.add_format({**box, "num_format": "0.##"})
    heads = [(block.title, _WORDS), *((series.name, _NUMBERS) for series in block.series)]
    heights = [height_of(heads), *(height_of([(label, _WORDS)]) for label in block.labels)]
    for down, height in enumerate(heights):
        sheet.set_row(row + down, height)
    sheets.write(sheet, row, 0, block.title, head)
    for number, series in enumerate(block.series, start=1):
        sheets.write(sheet, row, number, series.name, head)
    for down, label in enumerate(block.labels, start=1):
        sheets.write(sheet, row + down, 0, label, plain)
        for number, series in enumerate(block.series, start=1):
            sheets.write(sheet, row + down, number, series.values[down - 1], figures)
    left = _CHART_POINTS - sum(heights)
    return row + len(heights) + max(2, -(-left // LINE_HEIGHT))


def _chart(report: Report, sheets: Sheets, sheet: Worksheet, row: int, block: _Block) -> None:
    kind = {"type": block.kind} | ({"subtype": block.subtype} if block.subtype else {})
    chart = sheets.book.add_chart(kind)
    name, first, last = report.said(CHARTS), row + 1, row + len(block.labels)
    for number, series in enumerate(block.series, start=1):
        chart.add_series(
            {
                "name": series.name,
                "categories": [name, first, 0, last, 0], "categories_data": list(block.labels),
                "values": [name, first, number, last, number],
                "values_data": [_plain(value) for value in series.values],
                "fill": {"color": series.colour}, "gap": 60,
            }
        )  # fmt: skip
    _axes(chart, block)
    sheet.insert_chart(row, _CHART_COLUMN, chart)


def _axes(chart: Chart, block: _Block) -> None:
    line = {"visible": True, "line": {"color": LINE}}
    values: dict[str, object] = {"min": 0, "major_gridlines": line}
    if block.most is not None:
        values["max"] = block.most
    labels: dict[str, object] = {"num_font": {"size": 9}, "major_gridlines": {"visible": False}}
    if block.kind == "bar":
        # the first label on top, the figures below
        chart.set_x_axis(values)
        chart.set_y_axis({**labels, "reverse": True, "crossing": "max"})
    else:
        chart.set_x_axis(labels)
        chart.set_y_axis(values)
    chart.set_title({"name": block.title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom"})
    width, height = _PIXELS
    chart.set_size({"width": width, "height": height})


def _plain(value: Value) -> float | int | None:
    """A value as the chart's own copy of it."""
    if isinstance(value, Number):
        return value.value
    return value if isinstance(value, int | float) else None
