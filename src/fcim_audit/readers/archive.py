"""Knows how to take a zip apart without being harmed: checked first, unpacked with a count."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text
from fcim_audit.readers.base import Unreadable

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 512 * 1024 * 1024
MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024
MAX_RATIO = 150
RATIO_APPLIES_FROM = 1024 * 1024
MOST_SHOWN = 3
_CHUNK = 1024 * 1024
_NEVER = frozenset(":\\")
_AGAIN = Text(
    "核对文件来源；重新导出，或重新压缩成名称各不相同的普通文件",
    "check where it comes from; export it again, or zip it as plain files with names of their own",
)
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10))}


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip into an empty folder; raises AuditError naming every member that is refused."""
    try:
        with zipfile.ZipFile(archive) as opened:
            raise_all(refusals(opened, archive.name))
            for info in opened.infolist():
                if not info.is_dir():
                    _copy(opened, info, folder / PurePosixPath(member_name(info)))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise AuditError(
            Text(f"zip 无法读取：{error}", f"the zip can't be read: {error}"),
            str(archive),
            Text("请重新导出或重新压缩", "export or zip it again"),
        ) from error


def refusals(opened: zipfile.ZipFile, name: str) -> Iterator[AuditError]:
    """Why this zip can't be trusted, from its directory alone: names, sizes, ratios, links."""
    infos = opened.infolist()
    if len(infos) > MAX_MEMBERS:
        yield AuditError(
            Text(f"成员超过 {MAX_MEMBERS} 个", f"more than {MAX_MEMBERS} members"), name
        )
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        yield AuditError(
            Text("解压后过大", "too large when unpacked"),
            name,
            Text("拆成几个证据包", "split it into several bundles"),
        )
    seen: set[str] = set()
    for info in infos:
        shown = member_name(info)
        reason = _refused(info, shown)
        key = unicodedata.normalize("NFC", shown).casefold()
        if key in seen:
            reason = Text("名称重复", "the name stands twice")
        seen.add(key)
        if reason is not None:
            yield AuditError(reason, f"{name}!{shown[:120]}", _AGAIN)


def _refused(info: zipfile.ZipInfo, name: str) -> Text | None:
    path = PurePosixPath(name)
    bad_part = any(
        part in {"..", ""}
        or part.split(".")[0].casefold() in _RESERVED
        or part.endswith((" ", "."))
        for part in path.parts
    )
    if path.is_absolute() or bad_part or _NEVER & set(name) or "\0" in info.orig_filename:
        return Text("路径不安全", "the path is not safe")
    if (info.external_attr >> 28) not in {0, 0o4, 0o10}:
        return Text("不是普通文件", "is not a plain file")
    if info.flag_bits & 0x1:
        return Text("已加密", "is encrypted")
    if info.file_size > MAX_MEMBER_BYTES:
        return Text("解压后过大", "too large when unpacked")
    if info.file_size > RATIO_APPLIES_FROM and info.file_size > MAX_RATIO * max(
        1, info.compress_size
    ):
        return Text("压缩比异常，疑似压缩炸弹", "compressed beyond reason, may be a zip bomb")
    return None


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name as it was meant: UTF-8 where it says so or fits, else GB18030."""
    if info.flag_bits & 0x800:
        return unicodedata.normalize("NFC", info.filename)
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return info.filename


def demand_sound(opened: zipfile.ZipFile) -> None:
    """Refuse evidence that is a zip not to be trusted; raises Unreadable that names the members."""
    found = list(refusals(opened, ""))
    if not found:
        return
    more = len(found) - MOST_SHOWN
    zh = [f"{_inside(one)}：{one.problem.zh}".removeprefix("：") for one in found[:MOST_SHOWN]]
    en = [f"{_inside(one)}: {one.problem.en}".removeprefix(": ") for one in found[:MOST_SHOWN]]
    raise Unreadable(
        Text(
            "；".join(zh) + (f"；另有 {more} 处" if more > 0 else ""),
            "; ".join(en) + (f"; and {more} more" if more > 0 else ""),
        ),
        hint=found[0].hint,
    )


def _inside(error: AuditError) -> str:
    return error.where.removeprefix("!")


def _copy(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = info.file_size
    with opened.open(info) as source, target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"{info.filename}: larger than its directory says")
            out.write(chunk)
