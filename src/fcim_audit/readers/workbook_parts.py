"""Knows the parts of an .xlsx file: which are refused, and which one holds which sheet."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from fcim_audit.language import Text
from fcim_audit.readers.archive import demand_sound
from fcim_audit.readers.base import Unreadable

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What a damaged zip makes the library raise."""
_CHUNK = 1024 * 1024
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")
_PREFIX = rb"(?:\w+:)?"
_SHEET = re.compile(rb"<" + _PREFIX + rb"sheet\b([^>]*)>")
_RELATION = re.compile(rb"<" + _PREFIX + rb"Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def checked(opened: zipfile.ZipFile, later: Collection[str] = ()) -> None:
    """Refuse what a workbook never needs: unsafe members, DOCTYPE, other encodings than UTF-8.

    The members `later` are left to `plain_part`.
    """
    demand_sound(opened)
    for info in opened.infolist():
        is_text = info.filename.lower().endswith((".xml", ".rels"))
        if is_text and info.filename not in later:
            with opened.open(info) as member:
                tail = b""
                while chunk := member.read(_CHUNK):
                    _demand_plain(info.filename, tail + chunk)
                    tail = chunk[-16:]


def plain_part(opened: zipfile.ZipFile, member: str) -> bytes:
    """The bytes of one XML part, checked; raises Unreadable when it is refused or damaged."""
    data = part(opened, member)
    _demand_plain(member, data)
    return data


def _demand_plain(member: str, data: bytes) -> None:
    """A part is UTF-8 and declares no entities, wherever in it that may stand."""
    if b"\0" in data:
        raise Unreadable(
            Text(f"{member} 不是 UTF-8", f"{member} is not UTF-8"),
            hint=Text("请用 Excel 或 WPS 另存", "save it again in Excel or WPS"),
        )
    # One character is sought many times faster than a word, and few sheets hold it.
    if b"!" in data and any(mark in data for mark in _DECLARATIONS):
        raise Unreadable(
            Text(f"{member} 含 DOCTYPE，拒绝读取", f"{member} holds a DOCTYPE: refused")
        )


def sheet_parts(opened: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet and the zip member that holds it; every sheet must have its part."""
    sheets = (
        (sheet.get("name", ""), next((v for k, v in sheet.items() if k.endswith(":id")), ""))
        for sheet in _attributes(_SHEET, part(opened, "xl/workbook.xml"))
    )
    return related(opened, "xl/_rels/workbook.xml.rels", sheets)


def related(
    opened: zipfile.ZipFile, relations: str, sheets: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """The members that hold these sheets (name, relation id); charts and macros are left away."""
    members = {info.filename for info in opened.infolist()}
    targets = {
        relation.get("Id", ""): relation
        for relation in _attributes(_RELATION, part(opened, relations))
    }
    parts: dict[str, str] = {}
    for name, identifier in sheets:
        relation = targets.get(identifier, {})
        if not relation.get("Type", "/worksheet").endswith("/worksheet"):
            continue
        target = relation.get("Target", "")
        member = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
        if member not in members:
            raise Unreadable(
                Text(f"工作表 {name} 的内容缺失", f"the content of sheet {name} is missing"),
                hint=Text("文件可能已损坏，请重新导出", "the file may be damaged; export it again"),
            )
        parts[name] = member
    return parts


def part(opened: zipfile.ZipFile, member: str) -> bytes:
    """The bytes of one member; raises Unreadable when it is missing or damaged."""
    try:
        return opened.read(member)
    except (KeyError, *BROKEN) as error:
        raise Unreadable(
            Text(f"缺少或损坏的部分 {member}", f"the part {member} is missing or damaged"),
            hint=Text("请重新导出", "export it again"),
        ) from error


def _attributes(tag: re.Pattern[bytes], data: bytes) -> Iterator[dict[str, str]]:
    for match in tag.finditer(data):
        yield {
            name.decode(): _unescaped((double or single).decode("utf-8", "replace"))
            for name, double, single in _ATTRIBUTE.findall(match[1])
        }


def _unescaped(text: str) -> str:
    for entity, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'")):
        text = text.replace(entity, plain)
    return text.replace("&amp;", "&")
