"""Knows a file's kind from its first bytes, whatever its name says."""

from __future__ import annotations

import zipfile
from pathlib import Path

from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable

_HEAD = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = Text("请另存为 .xlsx 或 CSV 后重试", "save it as .xlsx or CSV and try again")
_BINARY = (
    (b"SQLite format 3\0", "sqlite"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<?xml", b"<!--")


def kind_of(path: Path, is_log: bool = False) -> str:
    """The kind of a file: xlsx, docx, pdf, parquet, jsonl, log or csv; raises Unreadable for any other."""
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


def _binary_kind(path: Path, head: bytes) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\3\4"):
        return _zip_kind(path)
    if head.startswith(b"PK"):
        raise Unreadable(Text("zip 是空的或已损坏", "the zip is empty or damaged"))
    if head.startswith(_OLE):
        raise _ole(path)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for start, kind in _BINARY:
        if head.startswith(start):
            raise unsupported(kind)
    return None


def _text_kind(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:20].lower().startswith(_MARKUP):
        raise unsupported("xml" if start[:5].lower() == b"<?xml" else "html")
    if start.startswith(b"[") and start[1:].lstrip().startswith((b"{", b"]")):
        raise unsupported("json")
    if start.startswith(b"{"):
        return "jsonl"
    return "csv"


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
    for member, kind in (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")):
        if member in names:
            return kind
    for member, kind in (
        ("xl/workbook.bin", "xlsb"),
        ("content.xml", "ods"),
    ):
        if member in names:
            raise unsupported(kind)
    raise unsupported("zip")


def _ole(path: Path) -> Unreadable:
    with path.open("rb") as file:
        data = file.read(4 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unreadable(
            Text("文件有打开密码", "the file is protected by a password"),
            hint=Text("请去掉密码后另存", "save it without a password"),
        )
    return unsupported("xls")


def unsupported(kind: str) -> Unreadable:
    """The verdict on a kind of file that has no reader yet."""
    return Unreadable(
        Text(f"暂不支持 {kind} 格式", f"{kind} files are not supported yet"), hint=_SAVE_AS
    )
