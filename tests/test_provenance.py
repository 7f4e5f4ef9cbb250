"""From a figure back to file, hash, sheet, cells and the text that stood there."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from fcim_audit.checklist.schema import Checklist, Head
from fcim_audit.datasets import Dataset
from fcim_audit.evaluate import evaluate
from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.ingest import gather
from fcim_audit.evidence.known import Secrets
from fcim_audit.model import Outcome, SourceCell, SourceColumn
from tests.evidence.gathering import HEAD, TICKETS
from tests.workbench import EMPTY_HEAD, chapter, dataset

CLOSED = {"kind": "records", "dataset": "tickets", "must": "closed_at is not null"}
LATE = {
    "kind": "lifecycle", "dataset": "tickets", "steps": ["created_at", "closed_at"],
    "limits": [{"start": "created_at", "end": "closed_at", "within": "3 d"}],
}  # fmt: skip
CSV = "  - {file: a.csv, dataset: tickets}\n"
XLSX = "  - {file: a.xlsx, dataset: tickets}\n"


def workbook(*rows: Sequence[str | None], sheet: str = "工单") -> bytes:
    """One sheet with these rows of text."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BOOK = workbook(
    ["工单清单"],
    ["处理人", "工单编号", "创建时间", "关闭时间"],
    ["张三", "T1", "2025年3月1日 09:00", "2025-03-02 09:00"],
    ["李四", " T2 ", "2025年3月5日 10:00", None],
    [None, "合计", "2"],
)


def audited(
    folder: Path,
    files: Mapping[str, bytes | str],
    evidence: str,
    check: Mapping[str, object],
    datasets: Sequence[Dataset] = (TICKETS,),
    secrets: Secrets | None = None,
) -> Outcome:
    """What one check says of a bundle of literal files."""
    root = folder / "bundle"
    root.mkdir()
    for name, content in files.items():
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (root / "bundle.yaml").write_text(HEAD + evidence, encoding="utf-8")
    named = {d.name: d for d in datasets}
    checklist = Checklist(Head.model_validate(EMPTY_HEAD), (chapter(check),), named, "0" * 64)
    with open_bundle(root) as bundle:
        holdings = gather(bundle, named, folder / "cache", secrets=secrets)
        return evaluate(checklist, holdings, bundle.file).results[0].outcomes[0]


def test_an_exception_carries_its_cells_with_their_text_as_it_stood(tmp_path: Path) -> None:
    (row,) = audited(
        tmp_path, {"a.xlsx": BOOK}, XLSX, {**CLOSED, "show": {"created": "created_at"}}
    ).exceptions
    assert row.key == "T2"
    assert row.values == {"created": "2025-03-05 10:00:00"}
    assert row.cells == (
        SourceCell("ticket_id", "工单编号", "B4", " T2 "),
        SourceCell("created_at", "创建时间", "C4", "2025年3月5日 10:00"),
        SourceCell("closed_at", "关闭时间", "D4", ""),
    )
    assert row.decisive == "D4"


def test_in_a_text_file_heading_and_line_say_where(tmp_path: Path) -> None:
    text = "工单编号,创建时间,关闭时间\nT1,2025-03-01 09:00,\n"
    (row,) = audited(tmp_path, {"a.csv": text}, CSV, CLOSED).exceptions
    assert row.place.row == 2
    assert row.cells == (
        SourceCell("ticket_id", "工单编号", None, "T1"),
        SourceCell("closed_at", "关闭时间", None, ""),
    )
    assert row.decisive is None


def test_a_figure_carries_what_it_was_made_of(tmp_path: Path) -> None:
    (source,) = audited(tmp_path, {"a.xlsx": BOOK}, XLSX, CLOSED).sources
    assert source.file == "a.xlsx"
    assert source.sha256 == hashlib.sha256(BOOK).hexdigest()
    assert (source.dataset, source.sheet, source.range) == ("tickets", "工单", "A2:D4")
    assert (source.first_row, source.last_row, source.rows, source.left_out) == (2, 4, 2, 2)
    assert source.columns == (
        SourceColumn("ticket_id", "工单编号", "B"),
        SourceColumn("closed_at", "关闭时间", "D"),
    )


def test_a_figure_that_passes_has_sources_too(tmp_path: Path) -> None:
    text = "工单编号,创建时间,关闭时间\nT1,2025-03-01 09:00,2025-03-01 10:00\n"
    outcome = audited(tmp_path, {"a.csv": text}, CSV, CLOSED)
    assert outcome.verdict.value == "pass"
    assert [(s.file, s.range, s.first_row, s.last_row) for s in outcome.sources] == [
        ("a.csv", None, 1, 2)
    ]


def test_a_column_that_may_name_a_person_is_never_among_the_cells(tmp_path: Path) -> None:
    check = {**CLOSED, "must": "closed_at is not null and handler is not null"}
    outcome = audited(tmp_path, {"a.xlsx": BOOK}, XLSX, check)
    assert [c.column for c in outcome.exceptions[0].cells] == ["ticket_id", "closed_at"]
    assert "李四" not in repr(outcome)


def test_a_column_that_also_feeds_a_personal_one_is_not_told(tmp_path: Path) -> None:
    entry = (
        "  - file: a.csv\n    dataset: tickets\n    view: SELECT 编号 AS ticket_id, "
        "开始 AS created_at, 结束 AS closed_at, 编号 AS handler FROM source\n"
    )
    text = "编号,开始,结束\n张三,2025-03-01 09:00,\n"
    (row,) = audited(tmp_path, {"a.csv": text}, entry, CLOSED).exceptions
    assert [(c.column, c.heading) for c in row.cells] == [("closed_at", "结束")]


def test_with_pseudonyms_no_name_is_told(tmp_path: Path) -> None:
    check = {**CLOSED, "must": "closed_at is not null and handler is not null"}
    key = Secrets(key=b"0123456789abcdef".hex())
    outcome = audited(tmp_path, {"a.xlsx": BOOK}, XLSX, check, secrets=key)
    assert "李四" not in repr(outcome)
    assert "P-" not in repr(outcome.exceptions)
    assert outcome.exceptions[0].cells[0].text == " T2 "


NOTED = dataset("tickets", {"id": "text", "note": "text", "done": "bool"})


def test_free_text_that_the_finding_does_not_show_is_not_repeated(tmp_path: Path) -> None:
    check = {"kind": "records", "dataset": "tickets", "must": "note is not null and done"}
    text = "id,note,done\nT1,张三来电 13800000000,no\nT2,,no\n"
    first, second = audited(tmp_path, {"a.csv": text}, CSV, check, [NOTED]).exceptions
    assert first.cells[1:] == (
        SourceCell("note", "note", None, None),
        SourceCell("done", "done", None, "no"),
    )
    assert second.cells[1] == SourceCell("note", "note", None, "")


def test_free_text_that_the_finding_shows_is_told_as_it_stood(tmp_path: Path) -> None:
    check = {"kind": "records", "dataset": "tickets", "must": "done", "show": {"said": "note"}}
    text = 'id,note,done\nT1,"  as\nsaid ",no\n'
    (row,) = audited(tmp_path, {"a.csv": text}, CSV, check, [NOTED]).exceptions
    assert row.cells[1] == SourceCell("note", "note", None, "  as\nsaid ")


def test_a_view_of_single_rows_leads_to_the_cells_it_is_made_of(tmp_path: Path) -> None:
    entry = (
        "  - file: a.xlsx\n    dataset: tickets\n    view: SELECT 工单编号 AS ticket_id, "
        "创建时间 AS created_at, nullif(关闭时间, '无') AS closed_at FROM source\n"
    )
    outcome = audited(tmp_path, {"a.xlsx": BOOK}, entry, {**CLOSED, "show": {"n": "ticket_id"}})
    assert outcome.exceptions[0].cells == (
        SourceCell("ticket_id", "工单编号", "B4", " T2 "),
        SourceCell("closed_at", "关闭时间", "D4", ""),
    )
    assert outcome.sources[0].columns[1] == SourceColumn(
        "closed_at", "NULLIF(关闭时间, '无')", None, (("关闭时间", "D"),)
    )


def test_what_a_view_gathers_from_many_rows_has_no_cell(tmp_path: Path) -> None:
    entry = (
        "  - file: a.csv\n    dataset: tickets\n    view: SELECT n AS ticket_id, "
        "min(a) AS created_at, max(b) AS closed_at FROM source GROUP BY n\n"
    )
    text = "n,a,b\nT1,2025-03-01 09:00,\nT1,2025-03-01 08:00,\n"
    outcome = audited(tmp_path, {"a.csv": text}, entry, {**CLOSED, "show": {"c": "created_at"}})
    (row,) = outcome.exceptions
    assert row.place.row == 2
    assert row.cells == (SourceCell("ticket_id", "n", None, "T1"),)
    assert outcome.sources[0].columns[1].parts == (("a", None),)


def test_the_reason_names_the_cell_that_decides(tmp_path: Path) -> None:
    book = workbook(
        ["工单编号", "创建时间", "关闭时间"], ["T1", "2025-03-01 09:00", "2025-03-09 09:00"]
    )
    (row,) = audited(tmp_path, {"a.xlsx": book}, XLSX, LATE).exceptions
    assert (row.why, row.decisive) == ("late:closed_at", "C2")


def test_the_cell_that_could_not_be_read_decides(tmp_path: Path) -> None:
    book = workbook(["工单编号", "创建时间", "关闭时间"], ["T1", "2025-03-01 09:00", "三月初"])
    (row,) = audited(tmp_path, {"a.xlsx": book}, XLSX, LATE).exceptions
    assert (row.unknown, row.decisive, row.cells[-1].text) == (True, "C2", "三月初")


def test_a_figure_over_two_datasets_names_both_files(tmp_path: Path) -> None:
    answers = dataset("answers", {"id": "text", "ticket": "text"})
    check = {
        "kind": "coverage", "dataset": "tickets", "on": "ticket_id",
        "covered_by": {"dataset": "answers", "on": "ticket"},
    }  # fmt: skip
    files = {"a.csv": "工单编号,创建时间\nT1,2025-03-01 09:00\n", "b.csv": "id,ticket\n1,T2\n"}
    entries = CSV + "  - {file: b.csv, dataset: answers}\n"
    outcome = audited(tmp_path, files, entries, check, (TICKETS, answers))
    assert [(s.dataset, s.file, [c.name for c in s.columns]) for s in outcome.sources] == [
        ("tickets", "a.csv", ["ticket_id"]),
        ("answers", "b.csv", ["ticket"]),
    ]
    assert outcome.exceptions[0].decisive is None


def test_a_cell_that_two_entries_map_differently_is_not_told(tmp_path: Path) -> None:
    entries = (
        "  - {file: a.xlsx, dataset: tickets, columns: {closed_at: 关闭时间}}\n"
        "  - {file: a.xlsx, dataset: tickets, columns: {closed_at: 创建时间, created_at: 关闭时间}}\n"
    )
    outcome = audited(tmp_path, {"a.xlsx": BOOK}, entries, CLOSED)
    assert [c.column for c in outcome.exceptions[0].cells] == ["ticket_id"]


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    check = {"kind": "records", "dataset": "tickets", "must": "done", "show": {"said": "note"}}
    text = f"id,note,done\nT1,{'长' * 500},no\n"
    (row,) = audited(tmp_path, {"a.csv": text}, CSV, check, [NOTED]).exceptions
    assert row.cells[1].text == "长" * 200 + "…"
