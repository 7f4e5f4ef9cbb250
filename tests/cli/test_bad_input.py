"""Bad input ends in one clear message (what, where, what to do) and its exit code; the rest goes on."""

from __future__ import annotations

import gzip
import io
import warnings
import zipfile
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from tests.cli.command import HEAD, TICKET_ENTRY, TICKETS, bundle, check_in, result, run
from tests.one_sheet import END, SHEET, workbook


def told(folder: Path, code: int = 3) -> str:
    """What `evaluate` says on stderr; nothing on stdout, no traceback."""
    done = run("evaluate", folder, "--format", "json")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("declaration", "where", "what"),
    [
        pytest.param(HEAD + "evidence:\n  - {file: missing.csv, dataset: feedback_tickets}\n",
                     "bundle.yaml:6", "the evidence file missing.csv does not exist", id="missing-file"),
        pytest.param(HEAD + "evidence:\n  - {file: tickets.csv, dataset: tickets}\n",
                     "bundle.yaml:6", "tickets", id="unknown-dataset"),
        pytest.param(HEAD + "evidence:\n  - {file: tickets.csv, dataset: feedback_tickets, columns: {nope: 编号}}\n",
                     "bundle.yaml:6", "nope", id="unknown-column"),
        pytest.param(HEAD + "evidence:\n  - {file: tickets.csv, dataset: feedback_tickets, population_size: many}\n",
                     "bundle.yaml:6", "population_size", id="wrong-type"),
        pytest.param(HEAD.replace("period", "periode") + TICKET_ENTRY, "bundle.yaml", "periode", id="typo"),
        pytest.param(HEAD + "evidence:\n  - {file: tickets.csv, dataset: [\n", "bundle.yaml", "YAML", id="broken-yaml"),
        pytest.param(HEAD.replace("2026-01-15", "the end") + TICKET_ENTRY, "bundle.yaml:4", "as_of", id="no-date"),
        pytest.param(HEAD.replace("end: 2025-12-31", "end: 2024-12-31") + TICKET_ENTRY,
                     "bundle.yaml", "starts after its end", id="period-backwards"),
        pytest.param(HEAD + "plan: {no_such_limit: 3 d}\n" + TICKET_ENTRY, "plan", "no_such_limit", id="unknown-limit"),
        pytest.param(HEAD + "plan: {feedback_close_limit: soon}\n" + TICKET_ENTRY, "plan", "soon", id="limit-in-words"),
        pytest.param(HEAD + "evidence:\n  - file: tickets.csv\n    dataset: feedback_tickets\n"
                     "    view: SELECT 1 AS ticket_id FROM source; DROP TABLE source\n",
                     "bundle.yaml", "exactly one SELECT", id="two-statements"),
        pytest.param(HEAD + "evidence:\n  - file: tickets.csv\n    dataset: feedback_tickets\n"
                     "    view: SELECT getenv('HOME') AS ticket_id FROM source\n",
                     "bundle.yaml", "not allowed", id="view-reaches-out"),
        pytest.param(HEAD + "evidence:\n  - {file: ../secret.csv, dataset: feedback_tickets}\n",
                     "bundle.yaml:6", "not inside the bundle", id="file-outside"),
        pytest.param(HEAD + "evidence:\n  - {file: tickets.csv, dataset: feedback_tickets, pattern: '(?P<a'}\n",
                     "bundle.yaml:6", "regular expression", id="broken-pattern"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_declaration(
    tmp_path: Path, declaration: str, where: str, what: str
) -> None:
    said = told(bundle(tmp_path / "b", declaration, tickets_csv=TICKETS))
    assert where in said
    assert what in said


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    entries = (
        "evidence:\n  - {file: tickets.csv, dataset: one}\n  - {file: tickets.csv, dataset: two}\n"
    )
    said = told(bundle(tmp_path / "b", HEAD + entries, tickets_csv=TICKETS))
    assert "bundle.yaml:6" in said
    assert "bundle.yaml:7" in said
    assert "2 mistakes" in said


def test_a_message_speaks_chinese_when_asked(tmp_path: Path) -> None:
    done = run("--lang", "zh", "evaluate", tmp_path / "nowhere")
    assert "找不到证据包" in done.stderr


def test_a_broken_zip(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 and then nothing")
    assert "b.zip" in told(tmp_path / "b.zip")


def test_a_zip_that_climbs_out(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("../evil.csv", "x")
        made.writestr("bundle.yaml", HEAD)
    (tmp_path / "b.zip").write_bytes(out.getvalue())
    assert "the path is not safe" in told(tmp_path / "b.zip")
    assert not (tmp_path.parent / "evil.csv").exists()


def test_a_zip_is_as_good_as_its_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as made:
        made.writestr("b/bundle.yaml", HEAD + TICKET_ENTRY)
        made.writestr("b/tickets.csv", TICKETS)
    folder = bundle(tmp_path / "b", tickets_csv=TICKETS)
    assert result(tmp_path / "b.zip") == result(folder)


@pytest.mark.parametrize(
    ("content", "verdict", "what"),
    [
        pytest.param(b"", "unreadable", "empty", id="empty"),
        pytest.param(TICKETS.splitlines()[0].encode(), "no_evidence", "", id="header-only"),
        pytest.param(b"a,b\n1,2\n", "unreadable", "no heading row", id="other-headings"),
        pytest.param(b"\x00\x01\x02\xff" * 50, "unreadable", "tickets.csv", id="not-text"),
        pytest.param(TICKETS.encode() + b'T3,"2025-03-01 09:00,x\n', "unreadable", "tickets.csv", id="open-quote"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_used_leaves_its_rules_open(
    tmp_path: Path, content: bytes, verdict: str, what: str
) -> None:
    here = bundle(tmp_path / "b", tickets_csv=content)
    done = run("evaluate", here, "--only", "6.3-d")
    assert done.returncode == 4
    assert what in done.stderr
    assert check_in(result(here), "6.3-d.response")["verdict"] == verdict


def test_one_broken_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    declaration = HEAD + TICKET_ENTRY + "  - {file: risks.xlsx, dataset: risks}\n"
    here = bundle(tmp_path / "b", declaration, tickets_csv=TICKETS, risks_xlsx=b"PK\x03\x04 broken")
    document = result(here)
    assert check_in(document, "6.3-d.response")["verdict"] == "pass"
    assert check_in(document, "6.1.1-a.themes")["verdict"] == "unreadable"
    assert [f["file"] for f in document["evidence"] if f["unreadable"]] == ["risks.xlsx"]


def test_a_date_that_can_not_be_read_is_placed_and_decides_nothing(tmp_path: Path) -> None:
    content = TICKETS.replace("2025-03-02 09:30", "昨天")
    document = result(bundle(tmp_path / "b", tickets_csv=content))
    (problem,) = document["evidence"][0]["sheets"][0]["problems"]
    assert (problem["row"], problem["column"], problem["text"]) == (3, "首次响应时间", "昨天")
    response = check_in(document, "6.3-d.response")
    assert (response["verdict"], response["numerator"], response["denominator"]) == (
        "inconclusive",
        1,
        2,
    )


def test_a_condition_that_names_an_unknown_column(tmp_path: Path) -> None:
    import shutil

    from tests.cli.command import ROOT

    mine = tmp_path / "mine"
    shutil.copytree(ROOT / "checklists" / "fcim", mine)
    clause = mine / "clauses" / "6.yaml"
    text = clause.read_text(encoding="utf-8").replace(
        "must: data_ref is not null", "must: data_reff is not null"
    )
    clause.write_text(text, encoding="utf-8")
    done = run("checklist", "lint", mine)
    assert done.returncode == 3
    assert "clauses/6.yaml:" in done.stderr
    assert "unknown column data_reff" in done.stderr


def test_nothing_is_written_when_the_input_is_unusable(tmp_path: Path) -> None:
    here = bundle(tmp_path / "b", HEAD + "evidence:\n  - {file: x.csv, dataset: risks}\n")
    out = tmp_path / "out.json"
    assert run("evaluate", here, "--format", f"json:{out}").returncode == 3
    assert not out.exists()


def test_evidence_is_never_written_to(tmp_path: Path) -> None:
    here = bundle(tmp_path / "b", tickets_csv=TICKETS)
    (here / "tickets.csv").chmod(0o444)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in here.iterdir()}
    result(here)
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in here.iterdir()} == before


def test_a_zip_of_a_bundle_may_have_names_in_gbk(tmp_path: Path) -> None:
    declaration = HEAD + "evidence:\n  - {file: 工单.csv, dataset: feedback_tickets}\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("bundle.yaml", declaration)
        made.writestr("00000000", TICKETS)
    (tmp_path / "b.zip").write_bytes(out.getvalue().replace(b"0" * 8, "工单.csv".encode("gbk")))
    assert check_in(result(tmp_path / "b.zip"), "6.3-d.response")["verdict"] == "pass"


def zipped(*names: str | zipfile.ZipInfo) -> bytes:
    """A zip with a small table under each of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name in names:
            made.writestr(name, TICKETS)
    return out.getvalue()


def linked(name: str) -> zipfile.ZipInfo:
    """A member that says it is a symbolic link."""
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, 0o120777 << 16
    return made


FAR = (
    SHEET
    + b'<row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'
    + END
)
CELLS = "".join(f'<c r="{get_column_letter(n)}1"><v>{n}</v></c>' for n in range(1, 18_279))
WIDE = SHEET + b'<row r="1">' + CELLS.encode() + b"</row>" + END
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + SHEET + b"&b;" + END
GZ = gzip.compress(TICKETS.encode() * 50)
BAD_FILES = {
    "big.json": (b'[{"a": 1}' + b"\n" * 2**28 + b"]", "more than 256 MB"),
    "bomb.gz": (gzip.compress(b"0" * 2**20) * 513, "more than 512 MB when unpacked"),
    "cased.zip": (zipped("a.csv", "A.csv"), "A.csv: the name stands twice"),
    "climbs.zip": (zipped("../a.csv"), "../a.csv: the path is not safe"),
    "crc.gz": (GZ[:-8] + b"\0\0\0\0" + GZ[-4:], "the gz file is cut off or damaged"),
    "crc.zip": (zipped("a.csv").replace(b"T1,", b"T9,"), "the zip is damaged"),
    "cut.gz": (GZ[:-20], "the gz file is cut off or damaged"),
    "cell.json": (b'[{"a": "' + b"x" * 34_000_000 + b'"}]', "a row has more than 33,554,432 bytes"),
    "entities.xlsx": (workbook(ENTITIES), "xl/worksheets/sheet1.xml holds a DOCTYPE: refused"),
    "far.xlsx": (workbook(FAR), "1048576 rows by 16384 columns: too large"),
    "link.zip": (zipped(linked("a.csv")), "a.csv: is not a plain file"),
    "nul.csv": (TICKETS.encode() + b"T3,\0,,,,\n", "line 4 holds a NUL character"),
    "parts.xlsx": (workbook(SHEET + END, "xl/Workbook.xml"), "xl/Workbook.xml: the name stands"),
    "twice.zip": (zipped("a.csv", "a.csv"), "a.csv: the name stands twice"),
    "wide.csv": (b"1" + b",1" * 1_000_000, "row 1 holds something in more than 2,000 columns"),
    "endless.csv": (b"x" * 34_000_000, "line 1 has more than 33,554,432 characters"),
    "endless.jsonl": (b'{"a": "' + b"x" * 34_000_000, "line 1 has more than 33,554,432"),
    "wide.xlsx": (workbook(WIDE), "impossible place"),
}


def test_each_bad_file_is_named_with_its_reason_and_the_others_are_read(tmp_path: Path) -> None:
    declaration = HEAD + 'evidence:\n  - {file: "*.[!y]*", dataset: feedback_tickets}\n'
    here = bundle(tmp_path / "b", declaration, tickets_csv=TICKETS)
    for name, (content, _) in BAD_FILES.items():
        (here / name).write_bytes(content)
    (here / "outside.csv").symlink_to("/etc/passwd")
    document = result(here, "--only", "6.3-d")
    told_of = {file["file"]: file["unreadable"] for file in document["evidence"]}
    assert sorted(told_of) == sorted([*BAD_FILES, "outside.csv", "tickets.csv"])
    assert told_of.pop("tickets.csv") is None
    assert "links are not followed" in told_of.pop("outside.csv")["en"]
    missed = {
        name: said
        for name, said in told_of.items()
        if said is None or BAD_FILES[name][1] not in said["en"]
    }
    assert missed == {}
    assert check_in(document, "6.3-d.response")["verdict"] == "unreadable"
