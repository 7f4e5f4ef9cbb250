from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fcim_audit.auditfile.folder import FINDINGS, JUDGEMENTS, changing, create, open_audit
from fcim_audit.auditfile.schema import EvidenceRef, JudgementEntry
from fcim_audit.errors import AuditError
from fcim_audit.language import Lang
from fcim_audit.model import Status
from tests.auditfile.audits import AT, begun, plan


def entry(note: str) -> JudgementEntry:
    evidence = (EvidenceRef.model_validate({"kind": "observation", "ref": "看过"}),)
    return JudgementEntry(status=Status.MINOR, note=note, evidence=evidence, by="A1", at=AT)


def judge(folder: Path, requirement: str, note: str) -> None:
    with changing(folder) as ledger:
        ledger.put(JUDGEMENTS, ("requirements", requirement), entry(note))
        ledger.commit(by="A1", at=AT, action="judge")


def refused(folder: Path) -> str:
    with pytest.raises(AuditError) as caught:
        open_audit(folder)
    return caught.value.said(Lang.EN)


def test_a_new_audit_is_read_back_as_it_was_given(tmp_path: Path) -> None:
    audit = begun(tmp_path / "a")
    assert audit.file == plan()
    assert [e.action for e in audit.journal.entries] == ["new"]
    assert audit.edited == ()


def test_a_folder_that_is_no_audit_is_refused(tmp_path: Path) -> None:
    assert "is no audit folder" in refused(tmp_path)


def test_an_audit_is_not_made_over_another(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    with pytest.raises(AuditError, match="there is an audit already"):
        begun(tmp_path / "a")


def test_what_a_creation_that_was_cut_off_left_does_not_hinder_the_next(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    (tmp_path / "a" / "audit.yaml").unlink()
    assert len(begun(tmp_path / "a").journal.entries) == 1


def test_a_journal_with_more_than_its_beginning_is_not_overwritten(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    judge(tmp_path / "a", "6.3-d", "x")
    (tmp_path / "a" / "audit.yaml").unlink()
    with pytest.raises(AuditError, match="there is an audit already"):
        create(tmp_path / "a", plan(), by="A1", at=AT, heads={})


def test_a_change_is_in_the_file_and_in_the_journal(tmp_path: Path) -> None:
    begun(tmp_path)
    judge(tmp_path, "6.3-d", "迟了")
    audit = open_audit(tmp_path)
    assert audit.judgements.requirements["6.3-d"] == entry("迟了")
    last = audit.journal.entries[-1]
    assert (last.by, last.action) == ("A1", "judge")
    assert last.changes[0].before is None
    assert isinstance(last.changes[0].after, dict)
    assert last.changes[0].after["note"] == "迟了"


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    begun(tmp_path)
    judge(tmp_path, "6.3-d", "x")
    judge(tmp_path, "6.3-d", "x")
    assert len(open_audit(tmp_path).journal.entries) == 2


def test_an_edit_by_hand_is_said_and_noted_by_the_next_change(tmp_path: Path) -> None:
    begun(tmp_path)
    judge(tmp_path, "6.3-d", "x")
    file = tmp_path / JUDGEMENTS
    file.write_text(file.read_text().replace("note: x", "note: y # by hand"))
    (change,) = open_audit(tmp_path).edited
    assert change.path == ("requirements", "6.3-d")
    judge(tmp_path, "6.3-e", "z")
    audit = open_audit(tmp_path)
    assert audit.edited == ()
    assert [e.action for e in audit.journal.entries] == ["new", "judge", "edited_by_hand", "judge"]
    assert "# by hand" in file.read_text()


def test_a_typing_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    begun(tmp_path)
    judge(tmp_path, "6.3-d", "x")
    file = tmp_path / JUDGEMENTS
    file.write_text(file.read_text().replace("status: minor", "status: minr"))
    assert "judgements.yaml:4" in refused(tmp_path)


def test_mistakes_of_all_three_files_come_at_once(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / JUDGEMENTS).write_text("judgements: 1\nrequirments: {}\n")
    (tmp_path / FINDINGS).write_text("findings: 2\n")
    said = refused(tmp_path)
    assert "judgements.yaml:2 (requirments): unknown key requirments" in said
    assert "findings.yaml:1" in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / FINDINGS).unlink()
    assert "findings.yaml" in refused(tmp_path)


def test_a_change_that_would_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    begun(tmp_path)
    before = {f.name: f.read_bytes() for f in tmp_path.iterdir() if f.is_file()}
    with pytest.raises(AuditError), changing(tmp_path) as ledger:
        ledger.put(JUDGEMENTS, ("requirements", "6.3-d"), {"status": "nonsense"})
        ledger.commit(by="A1", at=AT, action="judge")
    after = {f.name: f.read_bytes() for f in tmp_path.iterdir() if f.is_file()}
    assert {n: b for n, b in after.items() if n != ".lock"} == {
        n: b for n, b in before.items() if n != ".lock"
    }


def test_a_file_that_a_crash_left_behind_the_journal_catches_up(tmp_path: Path) -> None:
    begun(tmp_path)
    old = (tmp_path / JUDGEMENTS).read_bytes()
    judge(tmp_path, "6.3-d", "x")
    new = (tmp_path / JUDGEMENTS).read_bytes()
    (tmp_path / JUDGEMENTS).write_bytes(old)
    audit = open_audit(tmp_path)
    assert audit.judgements.requirements["6.3-d"] == entry("x")
    assert audit.behind == (JUDGEMENTS,)
    assert audit.edited == ()
    judge(tmp_path, "6.3-e", "y")
    assert set(open_audit(tmp_path).judgements.requirements) == {"6.3-d", "6.3-e"}
    assert (
        new in (tmp_path / JUDGEMENTS).read_bytes()
        or b"6.3-d" in (tmp_path / JUDGEMENTS).read_bytes()
    )


def _hold(folder: str, ready: str, seconds: float) -> None:
    with changing(Path(folder)):
        Path(ready).touch()
        time.sleep(seconds)


def test_who_holds_the_audit_is_named(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    ready = tmp_path / "ready"
    held = multiprocessing.get_context("spawn").Process(
        target=_hold, args=(str(tmp_path / "a"), str(ready), 60)
    )
    held.start()
    try:
        while not ready.exists():
            time.sleep(0.02)
        with pytest.raises(AuditError) as caught, changing(tmp_path / "a"):
            pass
        assert f"another process ({held.pid}) is changing this audit" in caught.value.said(Lang.EN)
    finally:
        held.kill()
        held.join()
    judge(tmp_path / "a", "6.3-d", "free again")


_WRITER = """
import sys
import datetime as dt
from pathlib import Path
from fcim_audit.auditfile.folder import JUDGEMENTS, changing
at = dt.datetime(2026, 1, 21, tzinfo=dt.UTC)
seen = [{"kind": "observation", "ref": "seen"}]
for number in range(10_000):
    with changing(Path(sys.argv[1])) as ledger:
        value = {"status": "minor", "note": f"note {number}", "evidence": seen, "by": "A1", "at": at.isoformat()}
        ledger.put(JUDGEMENTS, ("requirements", "6.3-d"), value)
        ledger.commit(by="A1", at=at, action="judge")
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_leaves_a_readable_audit(tmp_path: Path) -> None:
    """Kill the writer at random moments: what it said was done is there, the journal holds."""
    root = Path(__file__).resolve().parents[2]
    begun(tmp_path / "a")
    moments = random.Random(20260122)
    for _ in range(15):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path / "a")], cwd=root, stdout=subprocess.PIPE,
            text=True, env=os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
        )  # fmt: skip
        assert writer.stdout is not None
        first = writer.stdout.readline()
        assert first.strip() == "0"
        time.sleep(moments.uniform(0, 0.06))
        writer.send_signal(signal.SIGKILL)
        said = ["0", *writer.stdout.read().split()]
        writer.wait()
        acknowledged = int(said[-1])
        audit = open_audit(tmp_path / "a")
        note = audit.judgements.requirements["6.3-d"].note
        assert note in {f"note {acknowledged}", f"note {acknowledged + 1}"}
        assert audit.edited == ()


def test_a_full_disk_keeps_the_old_audit(tmp_path: Path) -> None:
    """A file-size limit stands in for a full disk: the change fails in words, the audit stays."""
    import resource

    begun(tmp_path)
    judge(tmp_path, "6.3-d", "x")
    before = open_audit(tmp_path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limit[1]))
    try:
        with pytest.raises(AuditError, match="can't be written"):
            judge(tmp_path, "6.3-e", "y" * 300)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert open_audit(tmp_path) == before


def test_an_audit_can_be_copied_and_read_elsewhere(tmp_path: Path) -> None:
    begun(tmp_path / "a")
    judge(tmp_path / "a", "6.3-d", "x")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert open_audit(tmp_path / "b").judgements == open_audit(tmp_path / "a").judgements
