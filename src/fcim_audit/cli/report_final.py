"""Knows how a final document comes about: nothing lacking, page numbers in its contents, a line in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from fcim_audit.auditfile.folder import changing
from fcim_audit.cli.audits import now, speaker
from fcim_audit.cli.words import language, message, said
from fcim_audit.durable import write_whole
from fcim_audit.errors import AuditError
from fcim_audit.language import Text
from fcim_audit.renderers.docx.contents import with_pages

ACTION = "final"
Made = tuple[Path, bytes]
"""A file to be written and its content."""


def demand_complete(errors: int, folder: Path) -> None:
    """Raise AuditError for documents that lack something: they can't be final."""
    if errors:
        raise AuditError(
            Text(f"尚缺 {errors} 项，不能标为终稿", f"lacking: {errors}; it can't be final"),
            str(folder),
            Text(
                "补上后再用 --final；不带 --final 则写成草稿",
                "add them, or leave out --final to write a draft",
            ),
        )


def spoken_for(folder: Path, by: str | None) -> str:
    """Who marks documents as final; what was edited by hand gets its own line in the journal first.

    The head of the journal that is printed in the documents then covers all that they say.
    Raises UsageError where it isn't said who it is.
    """
    with changing(folder) as ledger:
        who = speaker(by, ledger.audit)
        ledger.adopt_edits(who, now())
    return who


def numbered(document: bytes) -> bytes:
    """A Word document with page numbers in its contents; where they can't be found that is said."""
    try:
        return with_pages(document)
    except AuditError as error:
        message(
            said(
                f"目录没有页码（{error.problem.said(language())}）：在 Word 中选中目录按 F9",
                f"the contents have no page numbers ({error.problem.said(language())}): "
                "select them in Word and press F9",
            )
        )
        return document


def write_final(folder: Path, made: Sequence[Made], *, by: str, head: str) -> None:
    """Write the files, each with a line in the journal that names it and its sha256.

    `head`: the journal's head that the documents print; raises AuditError if it has moved on since.
    """
    with changing(folder) as ledger:
        if ledger.audit.journal.head != head:
            raise AuditError(
                Text("生成期间审核又有改动", "the audit was changed while the documents were made"),
                str(folder),
                Text("再运行一次", "run it once more"),
            )
        for file, data in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, data)
            digest = hashlib.sha256(data).hexdigest()
            ledger.commit(by=by, at=now(), action=ACTION, note=f"{_named(file, folder)} {digest}")
            message(f"{file}  sha256 {digest}")


def _named(file: Path, folder: Path) -> str:
    inside, whole = folder.resolve(), file.resolve()
    return whole.relative_to(inside).as_posix() if whole.is_relative_to(inside) else file.name
