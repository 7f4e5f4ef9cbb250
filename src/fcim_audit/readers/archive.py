"""Knows how to take a zip apart without being harmed: checked first, unpacked with a count."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 512 * 1024 * 1024
MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024
MAX_RATIO = 150
RATIO_APPLIES_FROM = 1024 * 1024
_CHUNK = 1024 * 1024
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10))}


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip into an empty folder; raises AuditError naming every member that is refused."""
    try:
        with zipfile.ZipFile(archive) as opened:
            raise_all(refusals(opened, archive.name))
            for info in opened.infolist():
                if not info.is_dir():
                    _copy(opened, info, folder / PurePosixPath(info.filename))
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
        reason = _refused(info)
        key = unicodedata.normalize("NFC", info.filename).casefold()
        if key in seen:
            reason = Text("名称重复", "the name stands twice")
        seen.add(key)
        if reason is not None:
            yield AuditError(reason, f"{name}!{info.filename[:120]}")


def _refused(info: zipfile.ZipInfo) -> Text | None:
    path = PurePosixPath(info.filename)
    bad_part = any(
        part in {"..", ""}
        or part.split(".")[0].casefold() in _RESERVED
        or part.endswith((" ", "."))
        for part in path.parts
    )
    if path.is_absolute() or bad_part or any(c in info.filename for c in ":\\\0"):
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


def _copy(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = info.file_size
    with opened.open(info) as source, target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"{info.filename}: larger than its directory says")
            out.write(chunk)
