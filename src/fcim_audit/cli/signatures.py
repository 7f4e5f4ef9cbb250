"""Knows the command `signatures`: who signed a PDF, when, over what, and what changed since."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fcim_audit.cli.told_as import AsFormat, ToldAs
from fcim_audit.cli.words import message, said
from fcim_audit.errors import AuditError, UsageError, raise_all
from fcim_audit.evidence.reader_process import ReaderProcess
from fcim_audit.evidence.signed import signatures_in
from fcim_audit.language import Text, chosen_language
from fcim_audit.readers.base import Unreadable
from fcim_audit.readers.pdf_signatures import (
    EXTRA,
    Changes,
    Covers,
    Integrity,
    Signature,
    Trust,
    root_certificates,
)
from fcim_audit.wording import clean

BROKEN, UNREADABLE, UNDECIDED = 1, 3, 4
_UNTOLD = Text("无法判断", "can't be told")
_WORDS: dict[StrEnum, Text] = {
    Integrity.INTACT: Text("签名内容完整", "what was signed is intact"),
    Integrity.ALTERED: Text("签名内容已被改动", "what was signed was ALTERED"),
    Covers.WHOLE: Text("覆盖整个文件", "covers the whole file"),
    Covers.REVISION: Text("覆盖签名时的全部内容", "covers all that stood there when it was made"),
    Covers.PART: Text("只覆盖文件的一部分", "covers PART of the file only"),
    Changes.NONE: Text("签后无变更", "nothing changed since"),
    Changes.ALLOWED: Text(
        "签后只有其他签名或表单填写", "since then only signatures or form fields"
    ),
    Changes.UNEXPLAINED: Text(
        "签后有批注或说不清的内容", "since then notes or bytes that nothing explains"
    ),
    Changes.OTHER: Text("签后内容被修改", "CHANGED since it was signed"),
    Trust.TRUSTED: Text("证书受信任", "certificate trusted"),
    Trust.UNTRUSTED: Text("证书不出自所给的根", "certificate leads to none of the roots given"),
    Trust.EXPIRED: Text("签名时证书已过期", "certificate had EXPIRED when it signed"),
    Trust.REVOKED: Text("证书已被吊销", "certificate was REVOKED"),
    Trust.NOT_CHECKED: Text("信任未检查", "trust not checked"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "signatures",
        help=said(
            "验证 PDF 的电子签名：谁签的、何时、是否完整、是否覆盖整个文件、签后有无改动、证书是否可信。不联网。",
            "Verify the electronic signatures of PDFs: who, when, intact, whole file, changed since, "
            "trusted. Uses no network.",
        ),
        epilog=said(
            "例：fcim-audit signatures 程序文件.pdf --root 根证书.pem · "
            "fcim-audit signatures *.pdf --format json。"
            "退出码：0 均完好，1 有被改动或证书失效的，3 读不了，4 有无法判断的。",
            "Examples: fcim-audit signatures procedure.pdf --root root.pem; "
            "fcim-audit signatures *.pdf --format json. "
            "Exit codes: 0 all sound, 1 altered or no longer valid, 3 unreadable, 4 can't be told.",
        ),
    )(signatures_command)


def signatures_command(
    files: Annotated[list[Path], typer.Argument(metavar="PDF", help=said("PDF 文件", "PDF files"))],
    root: Annotated[
        list[Path] | None,
        typer.Option(
            "--root",
            metavar="PEM",
            help=said("信任的根证书，可重复", "Root certificate that you trust, repeatable"),
        ),
    ] = None,
    format_: AsFormat = ToldAs.TEXT,
) -> None:
    """Tell every signature of every file; one that can't be read does not stop the others."""
    roots = tuple(root or ())
    _demand_sound(files, roots)
    worst = 0
    documents = []
    with ReaderProcess() as reader:
        for file in files:
            found = signatures_in(reader, file, roots)
            worst = _worse(worst, _exit_code(found))
            if isinstance(found, AuditError):
                message(found.said(chosen_language()))
            elif format_ is ToldAs.TEXT:
                sys.stdout.write(_told(file, found))
            if not isinstance(found, AuditError):
                documents.append({"file": str(file), "signatures": [asdict(s) for s in found]})
    if format_ is ToldAs.JSON:
        text = json.dumps(documents, ensure_ascii=False, indent=2, default=_iso)
        sys.stdout.write(text + "\n")
    raise typer.Exit(worst)


def _demand_sound(files: list[Path], roots: tuple[Path, ...]) -> None:
    """Every file is there, every root is one, and the extra is installed."""
    mistakes = [
        UsageError(Text("找不到文件", "there is no such file"), str(path))
        for path in (*files, *roots)
        if not path.is_file()
    ]
    raise_all(mistakes)
    try:
        import pyhanko  # noqa: F401  # here only to see that the extra is there

        for path in roots:
            list(root_certificates(path))
    except ModuleNotFoundError:
        raise UsageError(
            Text("验证电子签名的附加组件没有安装", "what verifies signatures is not installed"),
            "signatures",
            Text(f'pip install "fcim-audit[{EXTRA}]"', f'pip install "fcim-audit[{EXTRA}]"'),
        ) from None
    except Unreadable as error:
        raise UsageError(error.problem, f"--root {path}", error.hint) from error


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat()


def _worse(one: int, other: int) -> int:
    """The graver of two exit codes: broken before unreadable before undecided."""
    order = (0, UNDECIDED, UNREADABLE, BROKEN)
    return max(one, other, key=order.index)


def _exit_code(found: tuple[Signature, ...] | AuditError) -> int:
    if isinstance(found, AuditError):
        return UNREADABLE
    codes = [0]
    for s in found:
        broken = {Integrity.ALTERED, Covers.PART, Changes.OTHER, Trust.EXPIRED, Trust.REVOKED}
        open_ = {None, Changes.UNEXPLAINED, Trust.UNTRUSTED, Trust.NOT_CHECKED}
        facts = {s.integrity, s.covers, s.changes, s.trust}
        codes.append(BROKEN if facts & broken else UNDECIDED if facts & open_ else 0)
    worst = 0
    for code in codes:
        worst = _worse(worst, code)
    return worst


def _told(file: Path, found: tuple[Signature, ...]) -> str:
    if not found:
        return f"{clean(str(file))}\n  {said('没有电子签名', 'carries no electronic signature')}\n"
    lines = [clean(str(file))]
    for s in found:
        lines.append(f"  {clean(s.field)}")
        if s.integrity is None:
            lines.append(f"    {said(_UNTOLD.zh, _UNTOLD.en)}")
            continue
        by = said(f"{s.signer}，由 {s.issuer} 颁发", f"{s.signer}, issued by {s.issuer}")
        lines.append(f"    {clean(by)}")
        lines.append(f"    {_when(s)}")
        facts = (s.integrity, s.covers, s.changes, s.trust)
        lines += [f"    {said(_WORDS[f].zh, _WORDS[f].en)}" for f in facts if f is not None]
        if s.root is not None:
            lines[-1] += said(f"（根证书 sha256 {s.root}）", f" (root sha256 {s.root})")
        if s.trust in {Trust.TRUSTED, Trust.UNTRUSTED, Trust.EXPIRED}:
            lines.append(
                "    "
                + said(
                    "吊销只按文件内的信息判断", "revocation: only what the file carries is known"
                )
            )
    return "\n".join(lines) + "\n"


def _when(s: Signature) -> str:
    if s.proven_at is not None:
        return said(f"{s.proven_at}（可信时间戳）", f"{s.proven_at} (trusted time stamp)")
    if s.claimed_at is None:
        return said("没有签名时间", "no time of signing")
    return said(
        f"{s.claimed_at}（签名方自称，没有可信时间戳）",
        f"{s.claimed_at} (as the signer claims; no trusted time stamp)",
    )
