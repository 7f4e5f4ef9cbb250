"""Knows what files come wrapped in: gzip, zip and passwords; inside lies what a reader reads."""

from __future__ import annotations

import gzip
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

from fcim_audit.language import Text
from fcim_audit.readers.archive import MAX_MEMBER_BYTES, demand_sound, member_name
from fcim_audit.readers.base import Request, Unreadable
from fcim_audit.readers.sniff import wrapping_of

EXTRA = "encrypted"
_CHUNK = 1024 * 1024
_DEEPEST = 3
_JUNK = ("__MACOSX/",)


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A file to read: its name inside what it came in (None if it came alone), and its request."""

    member: str | None
    request: Request


def unwrapped(request: Request) -> Iterator[Unwrapped]:
    """The files within a file, itself if it is not wrapped; raises Unreadable."""
    yield from _unwrapped(Unwrapped(None, request), 0, was_zip=False)


def _unwrapped(given: Unwrapped, depth: int, *, was_zip: bool) -> Iterator[Unwrapped]:
    wrapping = wrapping_of(given.request.path)
    if wrapping is None:
        yield given
        return
    if depth == _DEEPEST or (was_zip and wrapping == "zip"):
        raise Unreadable(
            Text("压缩包里还有压缩包", "an archive within an archive"),
            hint=Text("先解压一层", "unpack the outer one first"),
        )
    if wrapping == "zip":
        for member in _members(given.request):
            yield from _unwrapped(member, depth + 1, was_zip=True)
        return
    open_ = _gunzipped if wrapping == "gzip" else _decrypted
    inner = Unwrapped(given.member, replace(given.request, path=open_(given.request)))
    yield from _unwrapped(inner, depth + 1, was_zip=was_zip)


def _gunzipped(request: Request) -> Path:
    target = request.work / f"{request.table}.gunzipped"
    try:
        with gzip.open(request.path) as source, target.open("wb") as out:
            _copied(source, out)
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        raise Unreadable(
            Text(
                "gz 文件不完整或已损坏", "the gz file is cut off or damaged (its checksum is wrong)"
            ),
            hint=Text("请重新导出或重新复制", "export or copy it again"),
        ) from error
    return target


def _copied(source: BinaryIO | gzip.GzipFile, out: BinaryIO) -> None:
    left = MAX_MEMBER_BYTES
    while chunk := source.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise Unreadable(
                Text(
                    f"解压后超过 {MAX_MEMBER_BYTES // 2**20} MB",
                    f"more than {MAX_MEMBER_BYTES // 2**20} MB when unpacked",
                ),
                hint=Text("拆分后重新导出", "export it in parts"),
            )
        out.write(chunk)


def _members(request: Request) -> Iterator[Unwrapped]:
    try:
        with zipfile.ZipFile(request.path) as opened:
            demand_sound(opened)
            chosen = _chosen(opened, request.member)
            for number, (info, name) in enumerate(chosen):
                table = f"{request.table}m{number}"
                target = request.work / f"{table}.member"
                with opened.open(info) as source, target.open("wb") as out:
                    _copied(source, out)  # type: ignore[arg-type]  # what zipfile opens has read()
                yield Unwrapped(name, replace(request, path=target, table=table))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Unreadable(
            Text("zip 已损坏", "the zip is damaged"),
            hint=Text("请重新导出或重新压缩", "export or zip it again"),
        ) from error


def _chosen(opened: zipfile.ZipFile, wanted: str | None) -> list[tuple[zipfile.ZipInfo, str]]:
    """The members that are wanted, with their names as they were meant, in the order of names."""
    named = sorted(
        (name, number)
        for number, info in enumerate(opened.infolist())
        if not info.is_dir()
        and not (name := member_name(info)).startswith(_JUNK)
        and not name.rpartition("/")[2].startswith(".")
    )
    names = [name for name, _ in named]
    chosen = [
        (opened.infolist()[number], name)
        for name, number in named
        if wanted is None or fnmatchcase(name, unicodedata.normalize("NFC", wanted))
    ]
    if not chosen:
        raise Unreadable(
            Text(f"zip 里没有 {wanted or '文件'}", f"the zip holds no {wanted or 'file'}"),
            hint=Text(f"其中有：{'、'.join(names[:20])}", f"it holds {', '.join(names[:20])}"),
        )
    return chosen


def _decrypted(request: Request) -> Path:
    """The workbook in the clear, by the first password that fits."""
    if not request.passwords:
        raise Unreadable(
            Text("文件有打开密码", "the file is protected by a password"),
            hint=Text(
                "用 --password-file 给出密码，或去掉密码后另存",
                "give it with --password-file, or save the file without one",
            ),
        )
    try:
        import msoffcrypto
        from msoffcrypto.exceptions import DecryptionError, InvalidKeyError, ParseError
    except ModuleNotFoundError:
        raise Unreadable(
            Text("解密的附加组件没有安装", "what decrypts files is not installed"),
            hint=Text(f'pip install "fcim-audit[{EXTRA}]"', f'pip install "fcim-audit[{EXTRA}]"'),
        ) from None
    target = request.work / f"{request.table}.decrypted"
    for password in request.passwords:
        try:
            with request.path.open("rb") as source, target.open("wb") as out:
                office = msoffcrypto.OfficeFile(source)
                office.load_key(password=password)
                office.decrypt(out)
        except InvalidKeyError:
            continue
        except (DecryptionError, ParseError, OSError, ValueError) as error:
            raise Unreadable(
                Text("加密的文件无法打开", "the encrypted file can't be opened"),
                hint=Text("去掉密码后另存", "save it without a password"),
            ) from error
        return target
    raise Unreadable(
        Text("给出的密码都打不开", "none of the passwords given opens it"),
        hint=Text("检查 --password-file", "check --password-file"),
    )
