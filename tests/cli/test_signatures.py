"""Signed PDFs through the installed command: told one by one, and deciding 7.5.2-a in a bundle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import HEAD, check_in, result, run
from tests.readers.signing import identity, signed
from tests.readers.test_document import pdf

ROOT = identity("Root of the auditor")
PLAIN = pdf(b"BT /F 12 Tf 20 200 Td (Scope of the management system) Tj ET")
SIGNED = signed(PLAIN, identity("Zhaoyun Q", ROOT))
ALTERED = SIGNED.replace(b"Scope of", b"Scape of")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound, an altered and an unsigned PDF and the auditor's root."""
    for name, content in (("sound", SIGNED), ("altered", ALTERED), ("plain", PLAIN)):
        (tmp_path / f"{name}.pdf").write_bytes(content)
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["sound.pdf", "--root", "root.pem"], 0, "certificate trusted", id="sound"),
        pytest.param(["plain.pdf"], 0, "carries no electronic signature", id="unsigned"),
        pytest.param(["altered.pdf"], 1, "what was signed was ALTERED", id="altered"),
        pytest.param(["sound.pdf"], 4, "trust not checked", id="no roots"),
        pytest.param(["root.pem"], 3, "the PDF is damaged", id="no pdf"),
        pytest.param(["none.pdf"], 2, "there is no such file", id="no file"),
        pytest.param(["sound.pdf", "--root", "sound.pdf"], 2, "holds no root", id="no root"),
    ],
)
def test_each_fact_has_its_words_and_its_exit_code(
    folder: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run("--lang", "en", "signatures", *arguments, cwd=folder)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stderr


def test_a_file_that_can_not_be_read_does_not_stop_the_others(folder: Path) -> None:
    done = run("signatures", "root.pem", "sound.pdf", "--format", "json", cwd=folder)
    [told] = json.loads(done.stdout)
    assert (done.returncode, told["file"]) == (3, "sound.pdf")
    assert told["signatures"][0]["signer"] == "Zhaoyun Q"


def declared(folder: Path, roots: str) -> Path:
    """A bundle whose documents are the PDFs of the folder."""
    text = f"{HEAD}as_of: 2099-01-01\n".replace("as_of: 2026-01-15\n", "")
    (folder / "bundle.yaml").write_text(
        f"{text}documents: ['*.pdf']\nsignature_roots: {roots}\n", encoding="utf-8"
    )
    return folder


def test_an_altered_document_is_a_placed_exception_without_the_signer(folder: Path) -> None:
    told = result(declared(folder, "[root.pem]"), "--only", "7.5.2-a")
    check = check_in(told, "7.5.2-a.unaltered")
    assert check["verdict"] == "fail"
    assert [place["file"] for place in check["exceptions"]["places"]] == ["altered.pdf"]
    assert "Zhaoyun" not in json.dumps(told["requirements"], ensure_ascii=False)


def test_trust_concludes_nothing_without_roots(folder: Path) -> None:
    (folder / "altered.pdf").unlink()
    told = result(declared(folder, "[]"), "--only", "7.5.2-a")
    assert check_in(told, "7.5.2-a.unaltered")["verdict"] == "pass"
    assert check_in(told, "7.5.2-a.trusted")["verdict"] == "inconclusive"


def test_unsigned_documents_say_nothing(folder: Path) -> None:
    for name in ("altered", "sound"):
        (folder / f"{name}.pdf").unlink()
    told = result(declared(folder, "[root.pem]"), "--only", "7.5.2-a")
    assert check_in(told, "7.5.2-a.unaltered")["verdict"] == "not_applicable"


def test_another_root_is_asked_anew_though_the_files_are_the_same(folder: Path) -> None:
    (folder / "altered.pdf").unlink()
    cache = str(folder / "cache")
    verdicts = []
    for pem in (ROOT.pem, identity("Another").pem):
        (folder / "root.pem").write_bytes(pem)
        declared(folder, "[root.pem]")
        done = run(
            "evaluate", folder, "--only", "7.5.2-a", "--format", "json", "-q", FCIM_CACHE=cache
        )
        verdicts.append(check_in(json.loads(done.stdout), "7.5.2-a.trusted")["verdict"])
    assert verdicts == ["pass", "inconclusive"]


@pytest.mark.parametrize(
    ("roots", "said"),
    [
        pytest.param("[none.pem]", "none.pem: holds no root certificate", id="missing"),
        pytest.param("[plain.pdf]", "plain.pdf: holds no root certificate", id="no certificate"),
        pytest.param("[../root.pem]", "signature_roots", id="outside"),
    ],
)
def test_a_wrong_root_is_a_mistake_of_the_bundle_with_its_line(
    folder: Path, roots: str, said: str
) -> None:
    done = run("--lang", "en", "evaluate", declared(folder, roots))
    assert done.returncode == 3
    assert said in done.stderr
    assert "bundle.yaml:" in done.stderr
