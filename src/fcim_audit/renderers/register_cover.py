"""Knows the register's cover: whose audit, what is recommended, the four tiles, what each sheet holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fcim_audit.auditfile.audit_words import ROLE_WORDS, TYPE_WORDS
from fcim_audit.auditfile.schema import AuditFile
from fcim_audit.document_kinds import KIND_WORDS, Kind
from fcim_audit.language import Text
from fcim_audit.renderers.held_words import clauses_text
from fcim_audit.renderers.plain_book import LINE, LINE_HEIGHT, Sheets, height_of
from fcim_audit.renderers.row_sheet import HIGHEST
from fcim_audit.report import DRAFT_NOTE, HeldAudit, Report
from fcim_audit.report_facts import Tile, TilePart, tiles

COVER = Text("封面", "Cover")
_WORD_WIDTH, _COUNT_WIDTH, _TILES = 25, 8, 4
_LAST = 2 * _TILES - 1
_WIDTH = _TILES * (_WORD_WIDTH + _COUNT_WIDTH)
_BOX = {"border": 1, "border_color": LINE, "valign": "top", "text_wrap": True}
_SOFT, _DIM, _BLUE, _RED = "#f4f6f9", "#5a6472", "#3565a8", "#a3171d"


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the cover lists it."""

    name: str
    about: str
    rows: int


class _Page:
    """The cover under way, line by line."""

    def __init__(self, sheets: Sheets, sheet: Worksheet) -> None:
        self._sheets, self._sheet = sheets, sheet
        self.row = 0
        self._made: dict[str, Format] = {}
        for tile in range(_TILES):
            sheet.set_column(2 * tile, 2 * tile, _WORD_WIDTH)
            sheet.set_column(2 * tile + 1, 2 * tile + 1, _COUNT_WIDTH)
        sheet.hide_gridlines(2)

    def shape(self, **looks: object) -> Format:
        """A cell format."""
        key = repr(sorted(looks.items()))
        if key not in self._made:
            self._made[key] = self._sheets.book.add_format(
                {"valign": "top", "text_wrap": True, **looks}
            )
        return self._made[key]

    def cell(self, column: int, value: str | int, shape: Format) -> None:
        """One cell of this line."""
        self._sheets.write(self._sheet, self.row, column, value, shape)

    def wide(self, first: int, last: int, text: str, shape: Format) -> None:
        """One text over several columns of this line."""
        self._sheet.merge_range(self.row, first, self.row, last, "", shape)
        self.cell(first, text, shape)

    def link(self, name: str, shape: Format) -> None:
        """A way to a sheet of this workbook."""
        self._sheet.write_url(self.row, 0, f"internal:'{name}'!A1", shape, name)

    def end(self, height: float = LINE_HEIGHT) -> None:
        """This line is done."""
        self._sheet.set_row(self.row, min(HIGHEST, height))
        self.row += 1


def write(report: Report, sheets: Sheets, sheet: Worksheet, listed: Sequence[Listed]) -> None:
    """Fill the cover."""
    page = _Page(sheets, sheet)
    _head(report, page)
    _verdict(report, page)
    _tiles(report, page)
    _control(report, page)
    _contents(report, page, listed)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()


def _head(report: Report, page: _Page) -> None:
    kind = report.said(KIND_WORDS[Kind.AUDIT])
    title = f"{report.organisation.name} · {kind}"
    page.wide(0, _LAST, title, page.shape(bold=True, font_size=16, text_wrap=False))
    page.end(26)
    draft = report.said(Text("草稿", "DRAFT"))
    page.wide(0, _LAST, f"{draft} · {report.said(DRAFT_NOTE)}", page.shape(font_color=_RED))
    page.end(height_of([(report.said(DRAFT_NOTE), _WIDTH - 10)]))
    page.end()


def _verdict(report: Report, page: _Page) -> None:
    if report.audit is not None:
        judged = sum(r.decided is not None for r in report.requirements)
        of_all = f"{judged}/{len(report.requirements)}"
        says = Text(
            f"工具按审核员的判断提出的建议（已判断 {of_all}）",
            f"The tool's suggestion from what the auditors judged ({of_all})",
        )
        page.wide(0, _LAST, report.said(says), page.shape(font_color=_DIM))
        page.end()
    verdict = report.said(report.verdict)
    looks = {"bold": True, "font_size": 13, "bg_color": _SOFT, "left": 5, "left_color": _BLUE}
    page.wide(0, _LAST, verdict, page.shape(**looks))
    page.end(8 + 1.25 * height_of([(verdict, int(_WIDTH / 1.25))]))
    page.end()


def _tiles(report: Report, page: _Page) -> None:
    shown = tiles(report)
    for number, tile in enumerate(shown):
        title = page.shape(bold=True, bg_color=_SOFT, **_BOX)
        page.wide(2 * number, 2 * number + 1, report.said(tile.title), title)
    page.end(18)
    for number, tile in enumerate(shown):
        colour = "#9a4a00" if tile.warns else "#12693a"
        figure = page.shape(bold=True, font_size=20, font_color=colour, **_BOX)
        page.wide(2 * number, 2 * number + 1, tile.figure, figure)
    page.end(30)
    for row in range(max(len(_counted(tile)) for tile in shown)):
        _tile_row(report, page, [_counted(tile)[row : row + 1] for tile in shown])
    page.end()


def _counted(tile: Tile) -> list[TilePart]:
    return [part for part in tile.parts if part.count]


def _tile_row(report: Report, page: _Page, parts: Sequence[Sequence[TilePart]]) -> None:
    shape, centred = page.shape(**_BOX), page.shape(align="center", **_BOX)
    told = [
        (report.said(part.word), part.count, n) for n, found in enumerate(parts) for part in found
    ]
    for word, count, number in told:
        page.cell(2 * number, word, shape)
        page.cell(2 * number + 1, count, centred)
    page.end(height_of((word, _WORD_WIDTH) for word, _, _ in told))


def _control(report: Report, page: _Page) -> None:
    for word, content in _entries(report):
        page.cell(0, report.said(word), page.shape(font_color=_DIM, **_BOX))
        page.wide(1, _LAST, content, page.shape(**_BOX))
        page.end(height_of([(content, _WIDTH - _WORD_WIDTH), (report.said(word), _WORD_WIDTH)]))
    page.end()


def _contents(report: Report, page: _Page, listed: Sequence[Listed]) -> None:
    head = page.shape(bold=True, bg_color="#e4e9f0", **_BOX)
    page.cell(0, report.said(Text("工作表", "Sheet")), head)
    page.cell(1, report.said(Text("行数", "Rows")), head)
    page.wide(2, _LAST, report.said(Text("内容", "Content")), head)
    page.end()
    link, shape = page.shape(font_color=_BLUE, underline=1, **_BOX), page.shape(**_BOX)
    for item in listed:
        page.link(item.name, link)
        page.cell(1, item.rows, page.shape(align="center", **_BOX))
        page.wide(2, _LAST, item.about, shape)
        page.end()


def _entries(report: Report) -> Iterator[tuple[Text, str]]:
    held, judgement = report.audit, report.judgement
    if held is None:
        named = (report.organisation.name, report.organisation.code)
        yield Text("受审核方", "Auditee"), _joined(*named)
        for site in report.organisation.sites:
            yield Text("场所", "Site"), _joined(site.id, site.name)
    else:
        yield from _held(report, held.file)
    period = f"{report.period_start.date()} – {report.period_end.date()}"
    yield Text("证据期间", "Period of evidence"), period
    yield Text("截止日", "Cut-off"), str(report.as_of.date())
    title = report.said(judgement.checklist.title)
    yield Text("检查表", "Checklist"), f"{title} ({judgement.checklist.edition})"
    yield Text("检查表 sha256", "Checklist sha256"), judgement.checklist.sha256
    profile = f"{report.said(judgement.profile.title)} ({judgement.profile.id})"
    yield Text("规则", "Profile"), profile
    yield Text("规则 sha256", "Profile sha256"), judgement.profile.sha256
    yield Text("工具", "Tool"), f"fcim-audit {report.version} · {report.engine}"
    if held is not None:
        yield from _rests_on(held)


def _rests_on(held: HeldAudit) -> Iterator[tuple[Text, str]]:
    yield Text("评估结果 sha256", "Evaluation sha256"), held.result or "—"
    yield Text("日志末尾", "Head of the journal"), held.head
    yield Text("报告日期", "Report of"), str(held.today)


def _held(report: Report, file: AuditFile) -> Iterator[tuple[Text, str]]:
    auditee, body = file.organisation, file.certification_body
    yield Text("审核编号", "Audit"), file.id
    yield Text("审核类别", "Type"), report.said(TYPE_WORDS[file.type])
    yield (
        Text("受审核方", "Auditee"),
        _joined(
            auditee.name, auditee.code, auditee.address, auditee.representative, auditee.contact
        ),
    )
    for site in auditee.sites:
        visited = None if site.visited else report.said(Text("未到访", "not visited"))
        yield Text("场所", "Site"), _joined(site.id, site.name, site.address, visited)
    if body is not None:
        yield Text("认证机构", "Certification body"), _joined(body.name, body.address, body.rules)
    yield Text("审核范围", "Scope"), file.scope
    yield Text("审核目的", "Objectives"), "; ".join(file.objectives)
    yield Text("审核日期", "Dates"), f"{file.dates.start} – {file.dates.end}"
    for member in file.team:
        given = (
            member.registration,
            ", ".join(member.competence),
            clauses_text(member.clauses, report.lang),
        )
        yield ROLE_WORDS[member.role], _joined(member.id, member.name, *given)
    yield from _promises(report, file)


def _promises(report: Report, file: AuditFile) -> Iterator[tuple[Text, str]]:
    missing = report.said(Text("未填写", "not filled in"))
    yield Text("独立性", "Independence"), file.independence
    for word, text in (
        (Text("保密", "Confidentiality"), file.confidentiality),
        (Text("远程审核", "Remote auditing"), file.remote),
        (Text("上次审核", "Audit before"), file.previous),
    ):
        if text:
            yield word, text
    yield Text("与计划的偏离", "Deviations from the plan"), file.deviations or missing
    yield Text("重大变更", "Significant changes"), file.changes or missing


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
