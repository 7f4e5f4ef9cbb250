from __future__ import annotations

import json
from pathlib import Path

import pytest

from fcim_audit.auditfile.journal import Change, Journal, append, canonical, read_journal
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang


def written(folder: Path, n: int = 3) -> Journal:
    journal = Journal()
    for number in range(n):
        change = Change(
            "judgements.yaml", ("requirements", f"6.3-{number}"), None, {"status": "minor"}
        )
        journal = append(
            folder, journal, at="2026-01-21T09:30:00+08:00", by="A1", action="judge", note="",
            changes=[change], files={"judgements.yaml": ("a", "b")},
        )  # fmt: skip
    return journal


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    assert read_journal(tmp_path) == Journal()
    journal = written(tmp_path)
    assert read_journal(tmp_path) == journal
    assert [entry.seq for entry in journal.entries] == [1, 2, 3]


def broken(folder: Path, lines: list[bytes]) -> str:
    (folder / "journal.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    with pytest.raises(AuditError) as caught:
        read_journal(folder)
    return caught.value.said(Lang.EN)


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "journal.jsonl").read_bytes().splitlines()


def test_a_removed_line_is_named(tmp_path: Path) -> None:
    written(tmp_path)
    first, _, third = lines_of(tmp_path)
    said = broken(tmp_path, [first, third])
    assert "journal.jsonl:2" in said
    assert "its number should be 2" in said


def test_swapped_lines_are_named(tmp_path: Path) -> None:
    written(tmp_path)
    first, second, third = lines_of(tmp_path)
    assert "journal.jsonl:2" in broken(tmp_path, [first, third, second])


def test_a_changed_word_is_named(tmp_path: Path) -> None:
    written(tmp_path)
    first, second, third = lines_of(tmp_path)
    said = broken(tmp_path, [first, second.replace(b"minor", b"major"), third])
    assert "journal.jsonl:2" in said
    assert "altered" in said


def test_a_line_whose_hash_was_made_anew_breaks_the_next(tmp_path: Path) -> None:
    import hashlib

    written(tmp_path)
    first, second, third = lines_of(tmp_path)
    value = json.loads(second)
    value["by"] = "A2"
    del value["hash"]
    value["hash"] = hashlib.sha256(canonical(value)).hexdigest()
    assert "journal.jsonl:3" in broken(tmp_path, [first, canonical(value), third])


def test_a_blank_in_a_line_is_no_canonical_form(tmp_path: Path) -> None:
    written(tmp_path)
    first, second, third = lines_of(tmp_path)
    assert "canonical" in broken(tmp_path, [first, second.replace(b'","', b'", "', 1), third])


def test_a_key_that_stands_twice_is_no_canonical_form(tmp_path: Path) -> None:
    written(tmp_path)
    first, *rest = lines_of(tmp_path)
    assert "canonical" in broken(tmp_path, [b'{"action":"x",' + first[1:], *rest])


@pytest.mark.parametrize("line", [b"[]", b"{}", b"nonsense", b"1", b'"' + b"[" * 5000])
def test_what_is_no_entry_is_refused(tmp_path: Path, line: bytes) -> None:
    assert "journal.jsonl:1" in broken(tmp_path, [line])


def test_a_torn_last_line_is_cut_by_the_next_entry(tmp_path: Path) -> None:
    whole = written(tmp_path)
    file = tmp_path / "journal.jsonl"
    file.write_bytes(file.read_bytes() + b'{"action":"jud')
    torn = read_journal(tmp_path)
    assert torn.torn
    assert torn.entries == whole.entries
    append(tmp_path, torn, at="x", by="A1", action="a", note="", changes=[], files={})
    again = read_journal(tmp_path)
    assert not again.torn
    assert len(again.entries) == 4
