"""Knows a file's kind from its first bytes, whatever its name says."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

import olefile

from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable

_HEAD = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = Text("请另存为 .xlsx 或 CSV 后重试", "save it as .xlsx or CSV and try again")
_FILEPASS, _FIRST_RECORDS = 0x2F, 20
GZIP, ZIP, ENCRYPTED = "gzip", "zip", "encrypted"
_UNREAD = ("7z", "rar", "png", "jpeg")
_BINARY = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", GZIP),
    (b"SQLite format 3\0", "sqlite"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_MEMBERS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("content.xml", "ods"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<?xml", b"<!--")


def kind_of(path: Path, is_log: bool = False) -> str:
    """The kind of a file: a key of the registry of readers; raises Unreadable for any other."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise Unreadable(
            Text("文件是空的（0 字节）", "the file is empty (0 bytes)"),
            hint=Text("请重新导出", "export it again"),
        )
    kind = _binary_kind(path, head) or _text_kind(head)
    if is_log and kind in {"csv", "jsonl"}:
        return "log"
    if is_log:
        raise Unreadable(
            Text(
                f"pattern 只用于文本日志，这里是 {kind}",
                f"a pattern is for text logs, this is {kind}",
            )
        )
    return kind


def wrapping_of(path: Path) -> str | None:
    """`gzip`, `zip` or `encrypted` if that is what a file is; None for all else."""
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if not head.startswith((b"PK\3\4", b"\x1f\x8b", _OLE)):
        return None
    kind = _binary_kind(path, head)
    return kind if kind in {GZIP, ZIP, ENCRYPTED} else None


def _binary_kind(path: Path, head: bytes) -> str | None:
    if head.startswith(b"PK\3\4"):
        return _zip_kind(path)
    if head.startswith(b"PK"):
        raise Unreadable(Text("zip 是空的或已损坏", "the zip is empty or damaged"))
    if head.startswith(_OLE):
        return _ole_kind(path)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    kind = next((kind for start, kind in _BINARY if head.startswith(start)), None)
    if kind in _UNREAD:
        raise unsupported(kind)
    return kind


def _text_kind(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:5].lower() == b"<?xml" and b"<html" not in start.lower():
        raise unsupported("xml")
    if start[:20].lower().startswith(_MARKUP):
        return "html"
    if start.startswith(b"[") and start[1:].lstrip().startswith((b"{", b"]", b"[")):
        return "json"
    if start.startswith(b"{"):
        first, _, rest = start.partition(b"\n")
        return (
            "jsonl" if _is_object(first) and (rest.strip() or not _holds_records(first)) else "json"
        )
    return "csv"


def _is_object(line: bytes) -> bool:
    """Whether a line is closed as an object; a first line too long to see the end of passes."""
    return len(line) > _HEAD // 2 or line.rstrip().endswith(b"}")


def _holds_records(line: bytes) -> bool:
    """Whether the only line of a file is an object around a list of objects: a document, no record."""
    return re.search(rb":\s*\[\s*\{", line) is not None


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as opened:
            names = {info.filename.casefold() for info in opened.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Unreadable(
            Text(
                "文件已损坏（zip 结构不完整）", "the file is damaged (its zip structure is broken)"
            ),
            hint=Text("请重新导出或重新复制", "export or copy it again"),
        ) from error
    for member, kind in _MEMBERS:
        if member in names:
            return kind
    return ZIP


def _ole_kind(path: Path) -> str:
    """`xls` if the compound file holds a workbook: .xls and .et alike."""
    try:
        with olefile.OleFileIO(str(path)) as opened:
            streams = {name[0].casefold() for name in opened.listdir()}
            book = next((n for n in ("Workbook", "Book") if opened.exists(n)), None)
            start = b"" if book is None else opened.openstream(book).read(_HEAD)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise Unreadable(
            Text("文件已损坏", "the file is damaged"),
            hint=Text("请重新导出或重新复制", "export or copy it again"),
        ) from error
    if "encryptedpackage" in streams or _has_password(start):
        return ENCRYPTED
    if streams & {"workbook", "book"}:
        return "xls"
    raise unsupported("doc" if "worddocument" in streams else "ole")


def _has_password(start: bytes) -> bool:
    """Whether one of the first records of an .xls workbook is FILEPASS ([MS-XLS] 2.4.117)."""
    at = 0
    for _ in range(_FIRST_RECORDS):
        if at + 4 > len(start):
            break
        kind, length = struct.unpack_from("<HH", start, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def unsupported(kind: str) -> Unreadable:
    """The verdict on a kind of file that has no reader yet."""
    return Unreadable(
        Text(f"暂不支持 {kind} 格式", f"{kind} files are not supported yet"), hint=_SAVE_AS
    )
