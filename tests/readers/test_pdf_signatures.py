"""Who signed a PDF, over what, and whether it was changed since: each fact for itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

from fcim_audit.errors import AuditError
from fcim_audit.language import Lang
from fcim_audit.readers.pdf_signatures import Signature, signatures
from tests.readers.reading import read
from tests.readers.signing import identity, page_cropped, signed
from tests.readers.test_document import pdf

ROOT = identity("Root of the auditor")
LI = identity("Li", ROOT)
PLAIN = pdf(b"BT /F 12 Tf 20 200 Td (Scope of the management system) Tj ET")
SIGNED = signed(PLAIN, LI)


def found(tmp_path: Path, content: bytes, roots: bytes | None = ROOT.pem) -> list[Signature]:
    """The signatures of a PDF with that content."""
    file, trusted = tmp_path / "a.pdf", tmp_path / "root.pem"
    file.write_bytes(content)
    trusted.write_bytes(roots or b"")
    return list(signatures(file, [trusted] if roots else []))


def facts(tmp_path: Path, content: bytes, roots: bytes | None = ROOT.pem) -> list[str]:
    """Integrity, cover, changes and trust of each signature, as one line."""
    return [
        f"{s.signer}: {s.integrity} {s.covers} {s.changes} {s.trust}"
        for s in found(tmp_path, content, roots)
    ]


def test_a_signature_over_the_whole_file_under_a_known_root(tmp_path: Path) -> None:
    assert facts(tmp_path, SIGNED) == ["Li: intact whole none trusted"]


def test_the_root_that_was_trusted_is_named_by_its_fingerprint(tmp_path: Path) -> None:
    (seen,) = found(tmp_path, SIGNED)
    assert seen.root == ROOT.certificate.fingerprint(hashes.SHA256()).hex()
    assert (seen.issuer, seen.proven_at) == ("Root of the auditor", None)


def test_an_unsigned_pdf_has_none(tmp_path: Path) -> None:
    assert facts(tmp_path, PLAIN) == []


def test_a_second_signature_is_an_allowed_change_to_the_first(tmp_path: Path) -> None:
    assert facts(tmp_path, signed(SIGNED, LI, "Sig2")) == [
        "Li: intact revision allowed trusted",
        "Li: intact whole none trusted",
    ]


def test_a_changed_byte_shows_as_altered_and_says_nothing_of_trust(tmp_path: Path) -> None:
    altered = SIGNED.replace(b"Scope of", b"Scape of")
    assert facts(tmp_path, altered) == ["Li: altered whole none not_checked"]


def test_a_page_changed_by_an_increment_is_told_from_altered_bytes(tmp_path: Path) -> None:
    assert facts(tmp_path, page_cropped(SIGNED)) == ["Li: intact revision other trusted"]


def test_bytes_behind_the_end_are_not_covered(tmp_path: Path) -> None:
    longer = SIGNED + b"% more\n" + b"x" * 100
    assert facts(tmp_path, longer) == ["Li: intact revision unexplained trusted"]


def test_a_name_alone_is_not_trusted(tmp_path: Path) -> None:
    another = identity("Li", identity("Root of the auditor"))
    assert facts(tmp_path, signed(PLAIN, another)) == ["Li: intact whole none untrusted"]


def test_without_roots_nobody_is_trusted_or_distrusted(tmp_path: Path) -> None:
    assert facts(tmp_path, SIGNED, None) == ["Li: intact whole none not_checked"]


def test_a_certificate_that_had_ended_when_it_signed(tmp_path: Path) -> None:
    late = identity("Wu", ROOT, ended=True)
    assert facts(tmp_path, signed(PLAIN, late)) == ["Wu: intact whole none expired"]


def test_the_facts_come_as_a_sheet(tmp_path: Path) -> None:
    sheet = read(tmp_path, SIGNED).by_sheet["电子签名"]
    [(_, cells)] = sheet
    assert [cells[0], cells[1], *cells[5:9]] == ["Sig1", "Li", "intact", "whole", "none", ""]


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        pytest.param(SIGNED, {"信任": "not_checked"}, id="no roots"),
        pytest.param(
            SIGNED + b"x" * 100,
            {"信任": "not_checked", "签后变更": "unexplained_change"},
            id="bytes behind the end",
        ),
    ],
)
def test_what_can_not_be_told_is_doubtful_not_empty(
    tmp_path: Path, content: bytes, kinds: dict[str, str]
) -> None:
    sheet = read(tmp_path, content).file.sheets[2]
    assert sheet.headings is not None
    assert {sheet.headings[f.column]: f.kind for f in sheet.faults} == kinds


def test_a_mangled_signature_keeps_its_field_and_everything_else_doubtful(tmp_path: Path) -> None:
    start = SIGNED.index(b"/Contents <")
    mangled = SIGNED[: start + 14] + b"f" * 200 + SIGNED[start + 214 :]
    sheet = read(tmp_path, mangled).file.sheets[2]
    assert {f.kind for f in sheet.faults} == {"not_checked"}
    assert len(sheet.faults) == 9


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        found(tmp_path, SIGNED, b"-----BEGIN NOTHING-----")
    assert "holds no root certificate" in caught.value.said(Lang.EN)


def test_without_the_extra_every_fact_is_doubtful_and_says_what_to_install(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(SIGNED)
    code = (
        "import sys; sys.modules['pyhanko'] = None\n"
        "from pathlib import Path\n"
        "from fcim_audit.readers.pdf_signatures import signature_rows\n"
        f"[row] = signature_rows(Path({str(file)!r}), (), ['Sig1'])\n"
        "print(row.cells[0], len(row.doubts), row.doubts[5])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "Sig1 9 ('not_checked', 'pip install \"fcim-audit[pdf-signatures]\"')\n"
