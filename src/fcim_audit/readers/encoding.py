"""Knows which encoding a text file is in, and turns it into UTF-8 while counting its lines."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from fcim_audit.language import Text
from fcim_audit.readers.base import Request, Unreadable

MAX_WHOLE = 256 * 1024 * 1024
_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PLAIN = frozenset({"utf-8", "utf-8-sig"})
_GUESSES = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file in UTF-8: where it lies now, what it was, how many physical lines it has."""

    path: Path
    encoding: str
    lines: int
    trailing_blank_lines: int


@dataclass(slots=True)
class _Pass:
    """The running count of one pass over a file; lines end with LF, CR LF or CR.

    `longest`: how many characters a line may have, if there is a limit.
    """

    longest: int | None
    breaks: int = 0
    since_break: int = 0
    last: str = ""
    tail: str = ""

    def take(self, text: str) -> None:
        """Count on; raises Unreadable for what no text holds."""
        if "\0" in text:
            raise _nul_in(self.breaks + _breaks(text[: text.index("\0")]) + 1)
        end = max(text.rfind("\n"), text.rfind("\r"))
        self.since_break = len(text) - end - 1 + (self.since_break if end < 0 else 0)
        self.breaks += _breaks(text)
        if self.longest is not None and self.since_break > self.longest:
            raise _too_long(self.breaks + 1, self.longest)
        if self.last == "\r" and text.startswith("\n"):
            self.breaks -= 1
        self.last = text[-1:] or self.last
        self.tail = (self.tail + text)[-10_000:]


def _nul_in(line: int) -> Unreadable:
    return Unreadable(
        Text(f"第 {line} 行含 NUL 字符", f"line {line} holds a NUL character"),
        hint=Text("文件可能已损坏，请重新导出", "the file may be damaged; export it again"),
    )


def _too_long(line: int, longest: int) -> Unreadable:
    return Unreadable(
        Text(
            f"第 {line} 行超过 {longest:,} 个字符",
            f"line {line} has more than {longest:,} characters",
        ),
        hint=Text("文件可能已损坏，请重新导出", "the file may be damaged; export it again"),
    )


def text_file(request: Request, longest_line: int | None = None) -> TextFile:
    """The file as UTF-8; raises Unreadable when no encoding fits, for NUL and for endless lines."""
    if request.encoding is not None:
        return _decoded(request, _known(request.encoding), longest_line)
    with request.path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _decoded(request, encoding, longest_line)
    for encoding in _GUESSES:
        try:
            return _decoded(request, encoding, longest_line)
        except UnicodeDecodeError:
            continue
    raise Unreadable(
        Text("既不是 UTF-8 也不是 GB18030 编码", "is neither UTF-8 nor GB18030"),
        hint=Text(
            "用 UTF-8 另存，或在 read.encoding 写明编码", "save as UTF-8, or name read.encoding"
        ),
    )


def whole(text: TextFile) -> str:
    """All of a file whose format can only be taken apart as one piece; raises Unreadable."""
    if text.path.stat().st_size > MAX_WHOLE:
        raise Unreadable(
            Text(
                f"超过 {MAX_WHOLE // 2**20} MB，这种格式要整份读入内存",
                f"more than {MAX_WHOLE // 2**20} MB, in a format that has to be read in one piece",
            ),
            hint=Text("拆分，或导出成 CSV、JSON Lines", "split it, or export CSV or JSON lines"),
        )
    return text.path.read_text(encoding="utf-8-sig")


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise Unreadable(
            Text(f"不认识的编码 {encoding}", f"unknown encoding {encoding}"),
            hint=Text("例如 utf-8、gb18030、utf-16", "for example utf-8, gb18030, utf-16"),
        ) from None
    return "gb18030" if name in {"gb2312", "gbk"} else name


def _decoded(request: Request, encoding: str, longest: int | None) -> TextFile:
    is_plain = encoding in _PLAIN
    target = request.path if is_plain else request.work / f"{request.table}.utf8"
    try:
        seen = _Pass(longest)
        if is_plain:
            _count(request.path, encoding, seen)
        else:
            _convert(request, encoding, target, seen)
    except UnicodeDecodeError:
        if request.encoding is None and encoding in _GUESSES:
            raise
        raise Unreadable(
            Text(f"内容不是 {encoding} 编码", f"its bytes are not {encoding}"),
            hint=Text("检查 read.encoding", "check read.encoding"),
        ) from None
    complete = seen.last in {"\n", "\r"}
    body = seen.tail.rstrip("\r\n")
    blank = _breaks(seen.tail[len(body) :]) - 1 if complete and body else 0
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    return TextFile(target, name, seen.breaks + (not complete), max(blank, 0))


def _count(path: Path, encoding: str, seen: _Pass) -> None:
    with path.open(encoding=encoding, newline="") as source:
        while text := source.read(_CHUNK):
            seen.take(text)


def _convert(request: Request, encoding: str, target: Path, seen: _Pass) -> None:
    with (
        request.path.open(encoding=encoding, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        first = True
        while text := source.read(_CHUNK):
            text = text.removeprefix("\ufeff") if first else text
            first = False
            seen.take(text)
            out.write(text)


def _breaks(text: str) -> int:
    returns = text.count("\r")
    return text.count("\n") + (returns - text.count("\r\n") if returns else 0)
