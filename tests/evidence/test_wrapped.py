"""Files that come wrapped: gzip, zip members under any name, workbooks with a password."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.ingest import gather
from fcim_audit.evidence.known import Secrets
from tests.evidence.gathering import DATASETS, HEAD, Gathered, gathered, mistakes

ROWS = "工单编号,创建时间\n001,2025-03-01\n"
ONE = "  - {file: a.dat, dataset: tickets}\n"


def _zip(members: dict[bytes, str]) -> bytes:
    """A zip whose member names are these bytes, as programs of old wrote them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for number, content in enumerate(members.values()):
            opened.writestr(f"{number:0{len(list(members)[number])}d}", content)
    made = out.getvalue()
    for number, name in enumerate(members):
        made = made.replace(f"{number:0{len(name)}d}".encode(), name)
    return made


def _book(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _encrypted(book: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book)).encrypt(password, out)
    return out.getvalue()


def test_a_gz_file_is_read_through(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.dat": gzip.compress(ROWS.encode())}, ONE)
    assert found.rows("ticket_id") == [("001",)]
    assert (found.file.file, found.file.kind) == ("a.dat", "csv")


@pytest.mark.parametrize("cut", [slice(0, -5), slice(0, 30)])
def test_a_gz_file_cut_off_is_refused(tmp_path: Path, cut: slice) -> None:
    found = gathered(tmp_path, {"a.dat": gzip.compress(ROWS.encode() * 9)[cut]}, ONE)
    assert found.why.startswith("the gz file is cut off or damaged (its checksum is wrong)")


def test_a_gz_file_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(ROWS.encode()))
    packed[-8:-4] = struct.pack("<I", 1)
    found = gathered(tmp_path, {"a.dat": bytes(packed)}, ONE)
    assert found.why.startswith("the gz file is cut off or damaged (its checksum is wrong)")


def test_a_gz_file_that_swells_is_refused(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.dat": gzip.compress(b"0" * (513 * 2**20), 1)}, ONE)
    assert found.why.startswith("more than 512 MB when unpacked")


def test_members_of_a_zip_go_by_their_own_names(tmp_path: Path) -> None:
    members = {"一月.csv".encode("gbk"): ROWS, "二月.csv".encode("gbk"): ROWS.replace("001", "002")}
    found = gathered(tmp_path, {"a.dat": _zip(members)}, ONE)
    assert found.rows("ticket_id") == [("001",), ("002",)]
    assert [file.file for file in found.holdings.files] == ["a.dat!一月.csv", "a.dat!二月.csv"]


def test_one_member_of_a_zip_can_be_named(tmp_path: Path) -> None:
    entry = '  - {file: a.dat, member: "二*", dataset: tickets}\n'
    members = {"一月.csv".encode(): "x", "二月.csv".encode(): ROWS}
    found = gathered(tmp_path, {"a.dat": _zip(members)}, entry)
    assert [file.file for file in found.holdings.files] == ["a.dat!二月.csv"]
    other = gathered(tmp_path / "b", {"a.dat": _zip(members)}, entry.replace("二", "三"))
    assert other.why == "the zip holds no 三*. it holds 一月.csv, 二月.csv"


def test_a_bad_member_does_not_spoil_the_others(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.dat": _zip({b"a.csv": "", b"b.csv": ROWS})}, ONE)
    assert found.why.startswith("the file is empty (0 bytes)")
    assert found.rows("ticket_id") == [("001",)]


def test_a_zip_within_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = _zip({b"a.csv": ROWS})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("x.zip", inner)
    assert gathered(tmp_path, {"a.dat": out.getvalue()}, ONE).why == (
        "an archive within an archive. unpack the outer one first"
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [("../a.csv", "the path is not safe"), ("a/con.csv", "the path is not safe")],
)
def test_a_zip_with_hostile_names_is_refused(tmp_path: Path, name: str, why: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr(name, ROWS)
    assert gathered(tmp_path, {"a.dat": out.getvalue()}, ONE).why.startswith(f"{name}: {why}")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../证据.csv", id="climbs-out"),
        pytest.param("/证据.csv", id="from-the-root"),
        pytest.param("C:证据.csv", id="drive"),
    ],
)
def test_a_name_in_gbk_is_judged_as_it_was_meant(tmp_path: Path, name: str) -> None:
    found = gathered(tmp_path, {"a.dat": _zip({name.encode("gbk"): ROWS})}, ONE)
    assert found.why.startswith(f"{name}: the path is not safe")


def test_only_the_first_refused_members_are_named(tmp_path: Path) -> None:
    names = [f"../{number}.csv".encode() for number in range(5)]
    why = gathered(tmp_path, {"a.dat": _zip(dict.fromkeys(names, ROWS))}, ONE).why
    assert "../2.csv: the path is not safe; and 2 more" in why
    assert "../3.csv" not in why


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.csv", b"0" * 50_000_000)
    assert gathered(tmp_path, {"a.dat": out.getvalue()}, ONE).why.startswith(
        "a.csv: compressed beyond reason"
    )


def test_an_encrypted_workbook_wants_its_password(tmp_path: Path) -> None:
    content = _encrypted(_book([["工单编号", "创建时间"], ["001", "2025-03-01"]]), "秘密")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "a.dat").write_bytes(content)
    (bundle / "bundle.yaml").write_text(HEAD + ONE, encoding="utf-8")
    with open_bundle(bundle) as opened:
        cache = tmp_path / "cache"
        assert Gathered(gather(opened, DATASETS, cache)).why == (
            "the file is protected by a password. give it with --password-file, "
            "or save the file without one"
        )
        wrong = Gathered(gather(opened, DATASETS, cache, secrets=Secrets(("x",))))
        assert wrong.why == "none of the passwords given opens it. check --password-file"
        found = Gathered(gather(opened, DATASETS, cache, secrets=Secrets(("x", "秘密"))))
    assert found.rows("ticket_id") == [("001",)]


def test_a_named_log_needs_its_year(tmp_path: Path) -> None:
    entry = "  - {file: a.log, dataset: tickets, pattern: syslog, columns: {ticket_id: pid, created_at: time}}\n"
    line = "Mar  1 09:05:01 host1 sshd[42]: Accepted\n"
    assert "the format has no year" in mistakes(tmp_path, entry, {"a.log": line})
    with_year = entry.replace("pattern: syslog", "pattern: syslog, read: {year: 2025}")
    found = gathered(tmp_path / "b", {"a.log": line}, with_year)
    assert found.rows("created_at::VARCHAR") == [("2025-03-01 09:05:01",)]


def test_the_zone_of_an_access_log_counts(tmp_path: Path) -> None:
    entry = "  - {file: a.log, dataset: tickets, pattern: nginx, columns: {ticket_id: client, created_at: time}}\n"
    line = '10.0.0.1 - - [10/Mar/2025:23:55:36 +0000] "GET /a HTTP/1.0" 304 -\n'
    found = gathered(tmp_path, {"a.log": line}, entry)
    assert found.rows("created_at::VARCHAR") == [("2025-03-11 07:55:36",)]
