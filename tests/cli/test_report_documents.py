"""`report`: what is lacking, drafts and finals, a file for each finding, a body's own template."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from docx import Document

from fcim_audit.cli.report import MOST_PLACES, told_by_rule
from fcim_audit.document_kinds import Kind
from fcim_audit.language import Text
from fcim_audit.report import Lack
from tests.cli import command

NEW = (
    "--organisation", "某公司", "--type", "stage_2", "--scope", "物业服务", "--objective", "核实符合性",
    "--start", "2026-01-20", "--end", "2026-01-22", "--member", "A1:张三:lead",
    "--independence", "近三年未提供咨询",
)  # fmt: skip


def run(*words: str) -> tuple[int, str, str]:
    done = command.run("--lang", "zh", *words)
    return done.returncode, done.stdout, done.stderr


def audit(folder: Path) -> Path:
    code, _, error = run("audit", "new", str(folder / "A"), *NEW)
    assert code == 0, error
    return folder / "A"


def test_check_names_every_rule_its_place_and_ends_with_1(tmp_path: Path) -> None:
    code, _, told = run("report", str(audit(tmp_path)), "--kind", "plan", "--check")
    assert code == 1
    assert "× P-e  须写明预计的审核时间（duration）\n      audit.yaml (duration)" in told
    assert "× R-a  须写明认证机构" in told


def test_a_rule_is_told_once_with_every_place(tmp_path: Path) -> None:
    _, _, told = run("report", str(audit(tmp_path)), "--kind", "audit", "--check")
    assert told.count("R-b") == 1
    assert "(organisation.address)\n      audit.yaml (organisation.representative)\n" in told


def test_final_is_refused_while_something_is_lacking_and_writes_nothing(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    code, _, told = run(
        "report", str(folder), "--kind", "audit", "--final", "--out", str(tmp_path / "o")
    )
    assert code == 3
    assert "不能标为终稿" in told
    assert not (tmp_path / "o").exists()


def complete(tmp_path: Path, *more_words: str) -> Path:
    """An audit whose plan lacks nothing."""
    folder = tmp_path / "A"
    told_all = [word.replace("A1:张三:lead", "A1:张三:lead:*") for word in NEW]
    more = (
        "--site",
        "S1:总部",
        "--address",
        "杭州",
        "--representative",
        "李总",
        "--body",
        "某认证公司",
    )
    assert run("audit", "new", str(folder), *told_all, *more, *more_words)[0] == 0
    with (folder / "audit.yaml").open("a", encoding="utf-8") as file:
        file.write("duration: 6 人日\n")
    return folder


def test_a_complete_plan_can_be_final(tmp_path: Path) -> None:
    folder = complete(tmp_path)
    code, _, told = run(
        "report", str(folder), "--kind", "plan", "--final", "--out", str(tmp_path / "o")
    )
    assert code == 0, told
    (made,) = (tmp_path / "o").iterdir()
    cells = [c.text for t in Document(str(made)).tables for r in t.rows for c in r.cells]
    assert "终稿" in cells


def test_a_final_document_gets_a_line_in_the_journal_with_its_sha256(tmp_path: Path) -> None:
    folder = complete(tmp_path)
    code, _, told = run("report", str(folder), "--kind", "plan", "--final", "--format", "docx")
    assert code == 0, told
    (made,) = (folder / "out").glob("*-plan.docx")
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    lines = [
        json.loads(line)
        for line in (folder / "journal.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    assert [(e["by"], e["action"]) for e in lines[1:]] == [
        ("A1", "edited_by_hand"),
        ("A1", "final"),
    ]
    assert lines[-1]["note"] == f"out/{made.name} {digest}"
    assert lines[-1]["at"].startswith(str(dt.datetime.now().astimezone().year))
    assert run("audit", "journal", str(folder), "--verify")[0] == 0


def test_a_final_document_elsewhere_is_named_without_its_folder(tmp_path: Path) -> None:
    folder = complete(tmp_path)
    code, _, told = run(
        "report", str(folder), "--kind", "plan", "--final", "--out", str(tmp_path / "o")
    )
    assert code == 0, told
    lines = [
        json.loads(line)
        for line in (folder / "journal.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    assert lines[-1]["note"].split(" ")[0].endswith("-plan.docx")
    assert "/" not in lines[-1]["note"]


def test_a_draft_gets_no_line_in_the_journal(tmp_path: Path) -> None:
    folder = complete(tmp_path)
    assert run("report", str(folder), "--kind", "plan")[0] == 0
    assert len((folder / "journal.jsonl").read_text("utf-8").splitlines()) == 1


def test_whoever_marks_it_final_has_to_be_named_where_there_are_several(tmp_path: Path) -> None:
    folder = complete(tmp_path, "--member", "A2:李四:auditor:*")
    code, _, told = run("report", str(folder), "--kind", "plan", "--final")
    assert code == 2
    assert "没有说是谁" in told
    assert list((folder / "out").iterdir()) == []
    assert run("report", str(folder), "--kind", "plan", "--final", "--by", "A2")[0] == 0


def test_a_draft_is_written_and_said_to_be_one(tmp_path: Path) -> None:
    code, _, told = run(
        "report", str(audit(tmp_path)), "--kind", "plan", "--out", str(tmp_path / "o")
    )
    assert code == 0
    assert "审核计划：草稿，尚缺" in told


def test_the_documents_speak_the_language_asked_for(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    code, _, _ = run(
        "report", str(folder), "--kind", "plan", "--language", "en", "--out", str(tmp_path / "o")
    )
    assert code == 0
    (made,) = (tmp_path / "o").iterdir()
    assert Document(str(made)).paragraphs[0].text == "Audit plan"


def test_the_fields_of_templates_are_listed() -> None:
    code, told, _ = run("report", "--fields")
    assert code == 0
    assert "nonconformities[].statement" in told.split("\n")


def test_an_own_template_with_an_unknown_field_is_refused_before_anything_is_read(
    tmp_path: Path,
) -> None:
    word = Document()
    word.add_paragraph("{{ organisatoin }}")
    word.save(str(tmp_path / "my.docx"))
    code, _, told = run("report", str(tmp_path), "--template", str(tmp_path / "my.docx"))
    assert code == 3
    assert "未知的字段 organisatoin" in told
    assert "¶1 {{ organisatoin }}" in told


def test_a_template_needs_one_kind_of_word_document(tmp_path: Path) -> None:
    code, _, _ = run("report", str(tmp_path), "--template", "x.docx", "--format", "html")
    assert code == 2


def own_template(folder: Path, *paragraphs: str) -> str:
    word = Document()
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(str(folder / "my.docx"))
    return str(folder / "my.docx")


def test_template_check_names_every_unknown_field_and_its_place(tmp_path: Path) -> None:
    own = own_template(
        tmp_path,
        "{{ leaderr }}",
        "{%p for n in nonconformities %}",
        "{{ n.factt }}",
        "{%p endfor %}",
    )
    code, _, told = run("template", "check", own)
    assert code == 3
    assert "my.docx: ¶1 {{ leaderr }}: 未知的字段 leaderr\n  → 是否指 leader？" in told
    assert "my.docx: ¶3 {{ n.factt }}: 未知的字段 n.factt" in told
    assert told.rstrip().endswith("共 2 处问题")


def test_template_check_says_that_a_template_can_be_used(tmp_path: Path) -> None:
    code, _, told = run("template", "check", own_template(tmp_path, "{{ leader }} {{ scope }}"))
    assert code == 0
    assert "可以使用，用到 2 个字段" in told


def test_template_check_needs_a_file_and_template_a_place_to_write(tmp_path: Path) -> None:
    assert run("template", "check")[0] == 2
    assert run("template", "--all")[0] == 2


@pytest.mark.office
def test_a_draft_has_page_numbers_in_its_contents_if_asked(tmp_path: Path) -> None:
    folder = audit(tmp_path)
    for out, option in (("plain", ()), ("numbered", ("--pages",))):
        code, _, told = run("report", str(folder), "--out", str(tmp_path / out), *option)
        assert code == 0, told
    lines = {
        out: [p.text for p in Document(str(file)).paragraphs if "\t" in p.text]
        for out in ("plain", "numbered")
        for file in (tmp_path / out).iterdir()
    }
    assert all(line.endswith("\t–") for line in lines["plain"])
    numbers = [int(line.rpartition("\t")[2]) for line in lines["numbered"]]
    assert len(numbers) > 10
    assert numbers == sorted(numbers)


def test_very_many_places_of_one_rule_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    says = Text("须写明", "has to be given")
    kinds = frozenset({Kind.AUDIT})
    told_by_rule([Lack("R-x", kinds, True, says, f"NC{n}") for n in range(MOST_PLACES + 1)])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("  × R-x")
    assert lines[1:] == [
        *(f"      NC{n}" for n in range(MOST_PLACES - 1)),
        "      and 2 more places",
    ]
