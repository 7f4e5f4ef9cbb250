"""Knows how to read a YAML file of ours safely: a guard first, then values with their lines.

Scalars stay text (`1.10`, `NO`, `0012` are kept as written); the pydantic model that receives them
gives them their types. Anchors, aliases, tags and duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from fcim_audit.durable import text_sha256
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.language import Text

MAX_BYTES = 5_000_000
MAX_DEPTH = 50
MAX_NODES = 500_000

Value = str | None | list["Value"] | dict[str, "Value"]
Loc = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Strict(BaseModel):
    """Base of everything that comes from outside: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Refusal(ValueError):
    """Raised inside a model's validator: what is wrong, in both languages, and what to do."""

    def __init__(self, problem: Text, hint: Text | None = None) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML document: its name for messages, its values, and the line of every path.

    `sha256` is of the bytes as they were read, line ends of Windows aside.
    """

    name: str
    value: Value
    lines: dict[Loc, int]
    sha256: bytes

    def where(self, loc: Loc) -> str:
        """`name, line N (path)` for the nearest known ancestor of `loc`."""
        path = loc
        while path and path not in self.lines:
            path = path[:-1]
        line = self.lines.get(path, 1)
        shown = ".".join(str(part) for part in loc)
        return f"{self.name}:{line} ({shown})" if shown else f"{self.name}:{line}"


def read_yaml(path: Path, name: str | None = None) -> Source:
    """Read one YAML file; raises AuditError with the line for anything that is not plain YAML."""
    name = name or str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise AuditError(
            Text("文件不存在", "there is no such file"),
            name,
            Text("检查路径和文件名的拼写", "check the path and the spelling of the name"),
        ) from None
    except OSError as error:
        raise AuditError(
            Text(f"无法读取：{error.strerror}", f"can't be read: {error.strerror}"), name
        ) from error
    return parse_yaml(data, name)


def parse_yaml(data: bytes, name: str) -> Source:
    """Parse YAML bytes; raises AuditError with the line for anything that is not plain YAML."""
    if len(data) > MAX_BYTES:
        raise AuditError(
            Text(f"文件大于 {MAX_BYTES} 字节", f"the file is larger than {MAX_BYTES} bytes"), name
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AuditError(
            Text("不是 UTF-8 编码", "is not UTF-8"),
            f"{name}:{line}",
            Text("请用 UTF-8 另存", "save the file as UTF-8"),
        ) from None
    try:
        _guard(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise AuditError(
            Text(f"YAML 语法错误：{error.problem}", f"YAML syntax error: {error.problem}"),
            f"{name}:{line}",
            Text(
                "检查缩进、冒号后的空格和引号", "check indentation, the blank after ':' and quotes"
            ),
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise AuditError(
            Text(
                f"不允许的字符 #x{error.character:04x}",
                f"the character #x{error.character:04x} is not allowed",
            ),
            f"{name}:{line}",
            Text("删去控制字符", "remove the control character"),
        ) from None
    if node is None:
        raise AuditError(Text("文件是空的", "the file is empty"), name)
    lines: dict[Loc, int] = {}
    mistakes: list[AuditError] = []
    value = _value(node, (), name, lines, mistakes)
    raise_all(mistakes)
    return Source(name, value, lines, text_sha256(data))


def _guard(text: str, name: str) -> None:
    depth = documents = 0
    for nodes, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        refused: Text | None = None
        if getattr(event, "anchor", None) is not None:
            refused = Text("不允许锚点和别名（& *）", "anchors and aliases (& *) are not allowed")
        elif getattr(event, "tag", None) not in {None, "!"}:
            refused = Text("不允许标签（!）", "tags (!) are not allowed")
        elif depth > MAX_DEPTH:
            refused = Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
        elif nodes > MAX_NODES or documents > 1:
            refused = Text("文件过大或含多个文档", "too many entries, or more than one document")
        if refused is not None:
            raise AuditError(refused, f"{name}:{line}")


def _value(
    node: Node, loc: Loc, name: str, lines: dict[Loc, int], mistakes: list[AuditError]
) -> Value:
    lines[loc] = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        plain = not node.style
        return None if plain and node.value in {"", "~", "null"} else str(node.value)
    if isinstance(node, SequenceNode):
        return [_value(n, (*loc, i), name, lines, mistakes) for i, n in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    mapping: dict[str, Value] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            mistakes.append(
                AuditError(
                    Text("键必须是文字", "a key must be text"),
                    f"{name}:{key_node.start_mark.line + 1}",
                )
            )
            continue
        key = str(key_node.value)
        if key in mapping:
            mistakes.append(
                AuditError(
                    Text(f"键 {key} 重复", f"the key {key} stands twice"),
                    f"{name}:{key_node.start_mark.line + 1}",
                    Text("只保留一个", "keep one of them"),
                )
            )
        mapping[key] = _value(value_node, (*loc, key), name, lines, mistakes)
    return mapping


def validated(model: type[Model], source: Source, under: Loc = ()) -> Model:
    """The document (or the part `under` a path) as `model`; raises all mistakes with their lines."""
    value: object = source.value
    for part in under:
        value = value[part]  # type: ignore[index]  # the caller walked there before
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise_all(mistake(source, under, detail) for detail in _told(error.errors()))
        raise


def _told(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Without those of a list that is too short only because its entries are mistaken."""
    deep = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(
            loc != detail["loc"] and loc[: len(detail["loc"])] == detail["loc"] for loc in deep
        )
    ]


def mistake(source: Source, under: Loc, detail: ErrorDetails) -> AuditError:
    """One pydantic error in the user's words, with its line."""
    loc = (*under, *_known(source, under, detail["loc"]))
    if detail["type"] == "missing":
        loc = (*loc, detail["loc"][-1])
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    problem, hint = _in_words(detail, key)
    return AuditError(problem, source.where(loc), hint)


def _known(source: Source, under: Loc, loc: Sequence[str | int]) -> Loc:
    """Drop the parts that pydantic adds for unions and discriminators."""
    path: Loc = ()
    for part in loc:
        if (*under, *path, part) in source.lines:
            path = (*path, part)
    return path


_WORDS: dict[str, tuple[str, str, str, str]] = {
    "missing": ("缺少 {key}", "{key} is missing", "补上这一项", "add it"),
    "extra_forbidden": (
        "不认识的键 {key}",
        "unknown key {key}",
        "检查拼写，或删去它",
        "check the spelling, or remove it",
    ),
    "union_tag_not_found": (
        "缺少 kind",
        "kind is missing",
        "写明检查类型",
        "name the kind of check",
    ),
}
_DAY = (
    "{key} 的值 {shown} 不是日期",
    "{key}: {shown} is no date",
    "写成 2026-01-31",
    "write it as 2026-01-31",
)
_TIME = (
    "{key} 的值 {shown} 不是时间",
    "{key}: {shown} is no time",
    "写成 2026-01-31T14:30:00Z",
    "write it as 2026-01-31T14:30:00Z",
)
_MISREAD: dict[str, tuple[str, str, str, str]] = {
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_type": _DAY,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "datetime_type": _TIME,
}
"""What stands in a field and is not of its kind: problem and hint in both languages."""
_MEMBER = re.compile(r"<[\w.]+: ('[^']*')>")


def _in_words(detail: ErrorDetails, key: str) -> tuple[Text, Text | None]:
    words = _WORDS.get(detail["type"])
    if words is not None:
        zh, en, hint_zh, hint_en = (word.format(key=key) for word in words)
        return Text(zh, en), Text(hint_zh, hint_en)
    context = detail.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, Refusal):
        return cause.problem, cause.hint
    shown = str(detail.get("input"))[:80]
    if detail["type"] == "union_tag_invalid":
        key, shown = str(context.get("discriminator")).strip("'"), str(context.get("tag"))[:80]
    expected = context.get("expected") or context.get("expected_tags")
    if expected is not None:
        listed = _MEMBER.sub(r"\1", str(expected))
        in_chinese = listed.replace(", ", "、").replace(" or ", "、")
        return (
            Text(f"{key} 的值 {shown} 不在允许范围内", f"{key}: {shown} is not allowed"),
            Text(f"可用：{in_chinese}", f"use one of {listed}"),
        )
    misread = _MISREAD.get(detail["type"])
    if misread is not None:
        zh, en, hint_zh, hint_en = (w.format(key=key, shown=shown, **context) for w in misread)
        return Text(zh, en), Text(hint_zh, hint_en)
    message = detail["msg"].removeprefix("Value error, ")
    return (
        Text(f"{key} 的值 {shown} 不合要求：{message}", f"{key}: {shown} won't do: {message}"),
        None,
    )
