"""What comes back from a work-paper: every change seen, nothing taken over that is not understood."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from fcim_audit.auditfile.folder import changing, open_audit
from fcim_audit.auditfile.judging import Bench
from fcim_audit.auditfile.paper import Column, digest, same
from fcim_audit.auditfile.schema import EvidenceKind, EvidenceRef, JudgementEntry, MaturityEntry
from fcim_audit.auditfile.workpaper import workpaper_of
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.paper_audits import AT, begun, checklist, proposal, proposing
from tests.auditfile.papers import (
    LATER,
    Paper,
    after,
    bench,
    cells,
    exported,
    imported,
    refused,
    told,
)

HEARD = EvidenceRef(kind=EvidenceKind.INTERVIEW, ref="客服主管")
CONFORM = JudgementEntry(status=Status.CONFORM, evidence=(HEARD,), note="看过", by="ZM", at=AT)
HOSTILE = (
    "=1+1", "@x", "+1", "-1", "a\nb", "a\r\nb", "  leading", "trailing  ", '"quoted"', "'apostrophe",
    "\u200fעברית", "\u202eevil", "_x000D_", "ax005F_b", "x" * 4000, "\t", "\x07bell", "<b>&amp;</b>",
    "007", "1E5", "2026-01-20", "TRUE", "#REF!", "……（太长",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
)
LINES = TEXTS.filter(lambda text: text.strip() and "\n" not in text and "\r" not in text)


def entries() -> st.SearchStrategy[JudgementEntry]:
    evidence = st.builds(
        EvidenceRef,
        kind=st.sampled_from([EvidenceKind.INTERVIEW, EvidenceKind.RECORD, EvidenceKind.FILE]),
        ref=TEXTS,
    )
    return st.builds(
        JudgementEntry,
        status=st.sampled_from(Status),
        evidence=st.lists(evidence, max_size=3).map(tuple),
        note=st.none() | TEXTS,
        reason=st.none() | TEXTS,
        approved_by=st.none() | st.sampled_from(["LW", "gone"]),
        effort=st.none() | st.integers(0, 10_000),
        by=st.sampled_from(["LW", "ZM", "gone"]),
        at=st.datetimes(
            dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)
        ),
    )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """An audit in which nothing was evaluated or judged."""
    return bench(begun(tmp_path_factory.mktemp("plain") / "A"))


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """An audit in which the tool proposes a minor on 6.3-d and conform on 6.3-a."""
    audit = begun(tmp_path_factory.mktemp("proposed") / "A")
    proposing(audit.folder, proposal("6.3-d", "minor"), proposal("6.3-a", "conform"))
    return bench(audit)


@given(st.dictionaries(st.sampled_from(["4.1-a", "6.3-d", "8.5.1-a"]), entries()))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_paper_that_nobody_touched_changes_nothing(
    plain: Bench, judged: dict[str, JudgementEntry]
) -> None:
    on = bench(plain.audit, judged)
    with tempfile.TemporaryDirectory() as folder:
        plan = imported(on, Path(folder), exported(on))
    assert (told(plan), refused(plan), plan.remarks) == ([], [], ())


@given(note=LINES, reason=LINES, heard=LINES, effort=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_filled_in_is_what_the_next_export_says(
    plain: Bench, note: str, reason: str, heard: str, effort: int
) -> None:
    filled: dict[str, object] = {
        "status": "符合", "note": safe(note), "reason": safe(reason), "effort": effort,
        "evidence": f"记录：访谈{safe(heard)[:3900]}",
        "auditor": "ZM 张敏", "time": dt.datetime(2026, 1, 20, 9, 5),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        plan = after(plain, Path(folder), lambda p: p.put("6.3-d", **filled), "6.3-d")
    assert refused(plan) == []
    made = {key: e for (_, key), e in plan.entries.items() if isinstance(e, JudgementEntry)}
    (row,) = workpaper_of(bench(plain.audit, made), {"6.3-d"}).sheets[0].rows
    again = {name: row.text(Column(name)) for name in filled}
    assert {name: same(text) for name, text in again.items()} == {
        **{name: same(str(value)) for name, value in filled.items()},
        "time": "2026-01-20 09:05",
        "evidence": f"记录：{same(same(str(filled['evidence']))[3:])}",
    }


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_comes_back_as_it_went(plain: Bench, tmp_path: Path, text: str) -> None:
    on = bench(plain.audit, {"6.3-d": CONFORM.model_copy(update={"note": text, "reason": text})})
    plan = imported(on, tmp_path, exported(on))
    assert (told(plan), refused(plan)) == ([], [])


@pytest.mark.parametrize(
    "typed", ["看过 ", "\n看过", "看过_x000D_\n"], ids=["blank", "line break", "carriage return"]
)
def test_what_spreadsheets_add_around_a_text_is_no_change(
    plain: Bench, tmp_path: Path, typed: str
) -> None:
    on = bench(plain.audit, {"6.3-d": CONFORM})
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", note=typed))
    assert (told(plan), refused(plan)) == ([], [])


def safe(text: str) -> str:
    """What a spreadsheet can hold at all."""
    return "".join(c for c in text if c.isprintable()) or "x"


def test_a_judgement_is_shown_and_kept_with_the_proposal_beside_it(
    proposed: Bench, tmp_path: Path
) -> None:
    plan = after(
        proposed,
        tmp_path,
        lambda p: p.put("6.3-d", status="一般不符合", evidence="检查：6.3-d.response"),
    )
    assert told(plan) == [
        ("6.3-d", "status", "", "一般不符合"),
        ("6.3-d", "evidence", "", "检查：6.3-d.response"),
        ("6.3-d", "auditor", "", "LW 李 伟"),
        ("6.3-d", "time", "", "2026-01-21 14:30"),
    ]
    ((_, entry),) = plan.entries.items()
    assert isinstance(entry, JudgementEntry)
    assert (entry.status, entry.by, entry.at) == (Status.MINOR, "LW", LATER)
    assert entry.proposal is not None
    assert entry.proposal.status is Status.MINOR


def test_one_commit_writes_every_row_and_the_journal_says_so(tmp_path: Path) -> None:
    on = bench(begun(tmp_path / "A"))
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", status="未核实", note="=cmd|' /C calc'!A0"))
    with changing(tmp_path / "A") as ledger:
        plan.write(ledger, by="LW", file="paper.xlsx")
    audit = open_audit(tmp_path / "A")
    assert audit.judgements.requirements["6.3-d"].note == "=cmd|' /C calc'!A0"
    last = audit.journal.entries[-1]
    assert (last.action, last.by, last.note) == ("workpaper", "LW", "paper.xlsx")


def test_rows_may_be_sorted(plain: Bench, tmp_path: Path) -> None:
    plan = after(plain, tmp_path, lambda p: backwards(p.put("6.3-d", status="未核实").sheet()))
    assert told(plan)[0] == ("6.3-d", "status", "", "未核实")
    assert refused(plan) == []


def backwards(sheet: Worksheet) -> None:
    """The rows below the headings in the opposite order."""
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for row, texts in zip(sheet.iter_rows(min_row=2), reversed(values), strict=True):
        for cell, text in zip(row, texts, strict=True):
            cell.value = text


def test_a_row_inserted_empty_is_nothing(plain: Bench, tmp_path: Path) -> None:
    plan = after(plain, tmp_path, lambda p: p.sheet().insert_rows(5))
    assert (told(plan), refused(plan)) == ([], [])


def test_columns_may_be_moved_and_others_added(plain: Bench, tmp_path: Path) -> None:
    def edit(paper: Paper) -> None:
        paper.sheet().insert_cols(2)
        paper.sheet()["B1"] = "我的备注"
        paper.sheet()["B2"] = "x"
        paper.put("6.3-d", status="未核实")

    plan = after(plain, tmp_path, edit)
    assert told(plan)[0] == ("6.3-d", "status", "", "未核实")
    assert [r.en for r in plan.remarks] == ["工作底稿: columns not read: 我的备注"]


def test_removed_rows_change_nothing_and_are_said(plain: Bench, tmp_path: Path) -> None:
    on = bench(plain.audit, {"4.1-a": CONFORM})
    plan = after(on, tmp_path, lambda p: p.sheet().delete_rows(2, 2))
    assert (told(plan), refused(plan)) == ([], [])
    assert [r.en for r in plan.remarks] == [
        "2 rows were removed from the paper; their judgements stay: 4.1-a, 4.1-b"
    ]


def test_a_row_that_stands_twice_is_refused_on_both(plain: Bench, tmp_path: Path) -> None:
    def edit(paper: Paper) -> None:
        sheet = paper.sheet()
        sheet.append([cell.value for cell in sheet[3]])

    assert refused(after(plain, tmp_path, edit)) == [
        ("工作底稿!A3", "4.1-b stands on two rows"),
        ("工作底稿!A7", "4.1-b stands on two rows"),
    ]


@pytest.mark.parametrize(
    ("key", "problem"),
    [(None, "this row has no key: nothing says what it is about"), ("99.9-z", "the export had no 99.9-z")],
    ids=["no key", "unknown key"],
)  # fmt: skip
def test_a_row_that_the_export_did_not_have_is_refused(
    plain: Bench, tmp_path: Path, key: str | None, problem: str
) -> None:
    plan = after(plain, tmp_path, lambda p: p.sheet().append([key, None, "x"]))
    assert refused(plan) == [("工作底稿!A7", problem)]


def test_a_row_outside_the_export_is_refused(plain: Bench, tmp_path: Path) -> None:
    plan = after(plain, tmp_path, lambda p: p.sheet().append(["4.1-b", None, "x"]), "4.1-a")
    assert refused(plan) == [("工作底稿!A3", "the export had no 4.1-b")]


@pytest.mark.parametrize(
    ("cells_", "column", "problem"),
    [
        ({"status": "不合格"}, "status", "'不合格' is not known here"),
        ({"time": "2025年3月1日"}, "time", "'2025年3月1日' is no date"),
        ({"time": "下周二"}, "time", "'下周二' is no date"),
        ({"time": "2026-02-30"}, "time", "'2026-02-30' is no date"),
        ({"time": dt.datetime(2027, 1, 1)}, "time", "2027-01-01 00:00 is in the future"),
        ({"effort": "半小时"}, "effort", "'半小时' is no number of days"),
        ({"effort": 1.5}, "effort", "'1.5' is no number of days"),
        ({"effort": -1}, "effort", "'-1' is no number of days"),
        ({"effort": 10_001}, "effort", "'10001' is no number of days"),
        ({"auditor": "赵六"}, "auditor", "nobody in the team is '赵六'"),
        ({"approved_by": "赵六"}, "approved_by", "nobody in the team is '赵六'"),
        ({"evidence": "x" * 4000}, "evidence", f"6.3-d: there is no file {'x' * 4000} in evidence"),
        (
            {"evidence": "../audit.yaml"},
            "evidence",
            "6.3-d: there is no file ../audit.yaml in evidence",
        ),
        ({"note": "长" * 4001}, "note", "is longer than 4000 characters"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_cell_that_is_not_understood_is_named(
    plain: Bench, tmp_path: Path, cells_: dict[str, object], column: str, problem: str
) -> None:
    paper = Paper(exported(plain))
    place = paper.place("6.3-d", Column(column))
    paper.put("6.3-d", **{"status": "未核实", **cells_})
    plan = imported(plain, tmp_path, paper.saved())
    assert refused(plan) == [(f"工作底稿!{place}", problem)]
    assert plan.entries == {}


@pytest.mark.parametrize(
    ("cells_", "column", "problem"),
    [
        ({"status": "符合"}, "evidence", "6.3-d: objective evidence is needed"),
        ({"status": "符合", "evidence": "没有.pdf"}, "evidence", "6.3-d: there is no file 没有.pdf in evidence"),
        ({"status": "符合", "evidence": "访谈：客服", "auditor": "OB"}, "auditor", "6.3-d: OB (observer) does not judge"),
        ({"status": "符合", "evidence": "访谈：客服"}, "reason",
         "6.3-d: it differs from what the tool proposes (minor): a reason is needed"),
        ({"status": "不适用", "reason": "x", "approved_by": "LW"}, "status",
         "6.3-d: the checklist does not let this be not applicable"),
        ({"note": "只有记录"}, "status", "6.3-d is filled in but has no status"),
    ],
    ids=["no evidence", "no such file", "an observer", "an override", "not applicable", "no status"],
)  # fmt: skip
def test_a_judgement_that_lacks_something_is_refused_at_the_cell_to_fill_in(
    proposed: Bench, tmp_path: Path, cells_: dict[str, object], column: str, problem: str
) -> None:
    paper = Paper(exported(proposed))
    place = paper.place("6.3-d", Column(column))
    plan = imported(proposed, tmp_path, paper.put("6.3-d", **cells_).saved())
    assert (f"工作底稿!{place}", problem) in refused(plan)
    assert plan.entries == {}


@pytest.mark.parametrize("column", ["status", "note", "criterion", "key"])
def test_a_formula_is_refused_wherever_it_stands(plain: Bench, tmp_path: Path, column: str) -> None:
    paper = Paper(exported(plain))
    place = paper.place("6.3-d", Column(column))
    paper.sheet()[place] = "=1+1"
    found = refused(imported(plain, tmp_path, paper.saved()))
    assert f"工作底稿!{place}" in {where for where, _ in found}


def test_a_text_that_begins_like_a_formula_is_text(plain: Bench, tmp_path: Path) -> None:
    plan = after(plain, tmp_path, lambda p: p.put("6.3-d", status="未核实", note="=1+1"))
    assert refused(plan) == []
    assert ("6.3-d", "note", "", "=1+1") in told(plan)


def test_a_locked_fact_that_was_changed_is_named(plain: Bench, tmp_path: Path) -> None:
    paper = Paper(exported(plain))
    place = paper.place("6.3-d", Column.CRITERION)
    plan = imported(plain, tmp_path, paper.put("6.3-d", criterion="差不多就行").saved())
    assert refused(plan) == [(f"工作底稿!{place}", "the locked 'Criterion' of 6.3-d was changed")]


def test_words_of_either_language_and_numbers_as_text_are_understood(
    plain: Bench, tmp_path: Path
) -> None:
    plan = after(
        plain, tmp_path,
        lambda p: p.put("6.3-d", status="Not Verified", effort="30", auditor="张敏", time="2026-01-20 09:05"),
    )  # fmt: skip
    assert refused(plan) == []
    ((_, entry),) = plan.entries.items()
    assert isinstance(entry, JudgementEntry)
    assert (entry.status, entry.effort, entry.by) == (Status.NOT_VERIFIED, 30, "ZM")
    assert entry.at == dt.datetime(2026, 1, 20, 9, 5, tzinfo=LATER.tzinfo)


def test_an_untouched_judgement_keeps_who_and_when(plain: Bench, tmp_path: Path) -> None:
    on = bench(plain.audit, {"4.1-a": CONFORM, "6.3-d": CONFORM})
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", note="再看"))
    assert told(plan) == [
        ("6.3-d", "note", "看过", "再看"),
        ("6.3-d", "time", "2026-01-20 14:30", "2026-01-21 14:30"),
    ]
    assert [key for _, key in plan.entries] == ["6.3-d"]


def test_evidence_that_was_not_touched_keeps_the_hash_of_its_day(tmp_path: Path) -> None:
    audit = begun(tmp_path / "A")
    (audit.evidence / "a.txt").write_text("now")
    then = EvidenceRef(kind=EvidenceKind.FILE, ref="a.txt#3", sha256="0" * 64)
    on = bench(audit, {"6.3-d": CONFORM.model_copy(update={"evidence": (then,)})})
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", evidence="a.txt#3\n访谈：主管"))
    ((_, entry),) = plan.entries.items()
    assert isinstance(entry, JudgementEntry)
    assert entry.evidence == (then, EvidenceRef(kind=EvidenceKind.INTERVIEW, ref="主管"))


def test_an_emptied_status_takes_the_judgement_back_with_a_reason(
    plain: Bench, tmp_path: Path
) -> None:
    on = bench(plain.audit, {"6.3-d": CONFORM})
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", status=None, reason="判错了条款"))
    assert list(plan.entries.values()) == [None]
    assert plan.retracted == {"6.3-d": "判错了条款"}
    assert ("6.3-d", "status", "符合", "") in told(plan)


def test_a_judgement_is_not_taken_back_without_a_reason(plain: Bench, tmp_path: Path) -> None:
    on = bench(plain.audit, {"6.3-d": CONFORM})
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", status=None))
    assert [what for _, what in refused(plan)] == [
        "to take back the judgement of 6.3-d needs a reason"
    ]


def test_a_bare_number_is_no_time(plain: Bench, tmp_path: Path) -> None:
    paper = Paper(exported(plain)).put("6.3-d", status="未核实", time=46000.5)
    place = paper.place("6.3-d", Column.TIME)
    paper.sheet()[place].number_format = "General"
    plan = imported(plain, tmp_path, paper.saved())
    assert refused(plan) == [(f"工作底稿!{place}", "'46000.5' is no date")]


def test_a_requirement_judged_meanwhile_is_a_conflict(plain: Bench, tmp_path: Path) -> None:
    paper = Paper(exported(plain))
    place = paper.place("6.3-d", Column.STATUS)
    sent = paper.put("6.3-d", status="未核实").saved()
    plan = imported(bench(plain.audit, {"6.3-d": CONFORM}), tmp_path, sent)
    assert refused(plan) == [
        (f"工作底稿!{place}",
         "6.3-d was changed in the audit since the export ('Status': 符合), and the paper changes it too"),
    ]  # fmt: skip


def test_a_requirement_judged_meanwhile_and_not_in_the_paper_is_none(
    plain: Bench, tmp_path: Path
) -> None:
    plan = imported(bench(plain.audit, {"6.3-d": CONFORM}), tmp_path, exported(plain))
    assert (told(plan), refused(plan)) == ([], [])


def test_a_paper_imported_twice_changes_nothing_the_second_time(
    plain: Bench, tmp_path: Path
) -> None:
    sent = Paper(exported(plain)).put(
        "6.3-d", status="符合", evidence="interview: 客服主管", note="看过", auditor="ZM 张敏", time=dt.datetime(2026, 1, 20, 14, 30)
    ).saved()  # fmt: skip
    plan = imported(bench(plain.audit, {"6.3-d": CONFORM}), tmp_path, sent)
    assert (told(plan), refused(plan)) == ([], [])


def test_what_the_tool_finds_anew_asks_for_a_new_look(tmp_path: Path) -> None:
    audit = begun(tmp_path / "A")
    proposing(audit.folder, proposal("6.3-d", "minor"), proposal("6.3-a", "minor"))
    paper = Paper(exported(bench(audit)))
    place = paper.place("6.3-d", Column.PROPOSAL)
    for key in ("6.3-d", "6.3-a"):
        paper.put(key, status="一般不符合", evidence="访谈：客服")
    proposing(audit.folder, proposal("6.3-d", "minor", numerator=391), proposal("6.3-a", "minor"))
    plan = imported(bench(audit), tmp_path, paper.saved())
    assert refused(plan) == [
        (f"工作底稿!{place}", "what the tool finds on 6.3-d has changed since the export")
    ]
    assert [key for _, key in plan.entries] == ["6.3-a"]
    assert "evaluated again since the export" in plan.remarks[0].en


def test_the_paper_of_another_audit_is_refused(plain: Bench, tmp_path: Path) -> None:
    other = bench(begun(tmp_path / "B", id="B-2026-02"))
    with pytest.raises(AuditError, match="is the work-paper of another audit"):
        imported(other, tmp_path, exported(plain))


def test_the_paper_of_another_folder_of_the_same_name_is_refused(
    plain: Bench, tmp_path: Path
) -> None:
    other = bench(begun(tmp_path / "B", scope="另一个范围"))
    with pytest.raises(AuditError, match="was not exported from this audit folder"):
        imported(other, tmp_path, exported(plain))


def test_the_paper_of_another_checklist_is_refused(plain: Bench, tmp_path: Path) -> None:
    paper = Paper(exported(plain))
    meta = paper.book["_meta"]
    (cell,) = [row[1] for row in meta.iter_rows() if row[0].value == "checklist"]
    cell.value = "0" * 64
    with pytest.raises(AuditError, match="another edition of the checklist"):
        imported(plain, tmp_path, paper.saved())


def test_a_workbook_that_is_no_paper_is_refused(plain: Bench, tmp_path: Path) -> None:
    paper = Paper(exported(plain))
    del paper.book["_meta"]
    with pytest.raises(AuditError, match="is no work-paper of this tool"):
        imported(plain, tmp_path, paper.saved())


def test_a_hidden_sheet_that_was_shown_is_still_read(plain: Bench, tmp_path: Path) -> None:
    def edit(paper: Paper) -> None:
        paper.book["_meta"].sheet_state = "visible"

    assert refused(after(plain, tmp_path, edit)) == []


def test_a_missing_column_is_named(plain: Bench, tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="the column 'Note' is missing"):
        after(plain, tmp_path, lambda p: p.sheet().delete_cols(15))


def test_a_column_that_stands_twice_is_refused(plain: Bench, tmp_path: Path) -> None:
    def edit(paper: Paper) -> None:
        paper.sheet().cell(1, 30).value = "记录"

    with pytest.raises(AuditError, match="the column '记录' is there twice"):
        after(plain, tmp_path, edit)


def test_a_sheet_that_stands_twice_is_refused(plain: Bench, tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="it is there twice"):
        after(plain, tmp_path, lambda p: p.book.copy_worksheet(p.sheet()))


def test_a_gap_audit_has_a_sheet_of_levels(tmp_path: Path) -> None:
    on = bench(begun(tmp_path / "A", type="gap"))
    plan = after(on, tmp_path, lambda p: p.put("6.3", Column.LEVEL, level="L3", note="已建立"))
    assert refused(plan) == []
    ((_, entry),) = plan.entries.items()
    assert entry == MaturityEntry(level=3, note="已建立", by="LW", at=LATER)


@pytest.mark.parametrize(
    ("cells_", "column", "problem"),
    [
        ({"level": "L6", "note": "x"}, "level", "'L6' is not known here"),
        ({"level": "L2"}, "note", "a level needs its grounds"),
        ({"level": "L2", "note": "x", "auditor": "OB"}, "auditor", "OB does not judge"),
    ],
    ids=["unknown level", "no grounds", "an observer"],
)
def test_a_level_that_lacks_something_is_refused(
    tmp_path: Path, cells_: dict[str, object], column: str, problem: str
) -> None:
    on = bench(begun(tmp_path / "A", type="gap"))
    paper = Paper(exported(on))
    place = paper.place("6.3", Column(column), Column.LEVEL)
    plan = imported(on, tmp_path, paper.put("6.3", Column.LEVEL, **cells_).saved())
    assert refused(plan) == [(f"成熟度!{place}", problem)]


def test_a_text_longer_than_a_cell_is_never_cut_into_the_audit(
    plain: Bench, tmp_path: Path
) -> None:
    many = tuple(EvidenceRef(kind=EvidenceKind.RECORD, ref=f"{n} {'长' * 3990}") for n in range(9))
    on = bench(plain.audit, {"6.3-d": CONFORM.model_copy(update={"evidence": many})})
    assert told(imported(on, tmp_path, exported(on))) == []
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", note="再看"))
    ((_, entry),) = plan.entries.items()
    assert isinstance(entry, JudgementEntry)
    assert entry.evidence == many
    plan = after(on, tmp_path, lambda p: p.put("6.3-d", evidence="记录：短"))
    assert [what for _, what in refused(plan)] == [
        "the paper does not hold all of 'Evidence (one a line)'"
    ]


def test_a_digest_is_bound_to_its_row_and_column() -> None:
    assert digest("4.1-a", Column.NOTE, "x") != digest("4.1-b", Column.NOTE, "x")
    assert digest("4.1-a", Column.NOTE, "x") != digest("4.1-a", Column.REASON, "x")


def test_every_requirement_has_its_row_in_order(plain: Bench) -> None:
    paper = workpaper_of(plain)
    assert [row.key for row in paper.sheets[0].rows] == list(checklist().requirements)
    assert paper.lang is Lang.ZH


def test_cells_of_a_sheet_are_read_whatever_its_dimension_says(
    plain: Bench, tmp_path: Path
) -> None:
    (sheet,) = [s for s in cells(tmp_path, exported(plain)) if s.name == "工作底稿"]
    assert len(sheet.rows) == 6
