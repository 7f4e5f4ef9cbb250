"""Knows the parts of an .xlsx file: which are refused, and which one holds which sheet."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
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


def checked(opened: zipfile.ZipFile) -> None:
    """Refuse what a workbook never needs: unsafe members, DOCTYPE, other encodings than UTF-8."""
    demand_sound(opened)
    for info in opened.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            _demand_plain(opened, info)


def _demand_plain(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """A part is UTF-8 and declares no entities, wherever in it that may stand."""
    tail = b""
    with opened.open(info) as member:
        while chunk := member.read(_CHUNK):
            if b"\0" in chunk:
                raise Unreadable(
                    Text(f"{info.filename} 不是 UTF-8", f"{info.filename} is not UTF-8"),
                    hint=Text("请用 Excel 或 WPS 另存", "save it again in Excel or WPS"),
                )
            if any(mark in tail + chunk for mark in _DECLARATIONS):
                raise Unreadable(
                    Text(
                        f"{info.filename} 含 DOCTYPE，拒绝读取",
                        f"{info.filename} holds a DOCTYPE: refused",
                    )
                )
            tail = chunk[-16:]


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
