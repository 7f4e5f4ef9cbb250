"""Knows in Chinese what the command line library says of a call that it can't read."""

from __future__ import annotations

import re
from typing import Protocol

_SAID = (
    (r"No such option: (.+?)(?: \(Possible options: (.+)\)| Did you mean (.+)\?)?", "没有选项 {0}"),
    (r"No such command '(.+?)'\.(?: Did you mean (.+)\?| \(Possible commands: (.+)\))?", "没有命令 {0}"),
    (r"Missing command\.", "缺少命令"),
    (r"Missing argument '(.+?)'\.(?:.*)", "缺少参数 {0}"),
    (r"Missing option '(.+?)'\.(?:.*)", "缺少选项 {0}"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多余的参数：{0}"),
    (r"Option '(.+?)' requires an argument\.", "选项 {0} 需要一个值"),
    (r"Option '(.+?)' does not take a value\.", "选项 {0} 不带值"),
    (r"Invalid value for '(.+?)': (?:Value error, )?'(.*)' is not one of (.+)\.", "{0} 不能是 {1}"),
    (r"Invalid value for '(.+?)': Input should be a valid integer.*", "{0} 须为整数"),
    (r"Invalid value for '(.+?)': (.+)", "{0} 的值不对：{1}"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), said) for pattern, said in _SAID)
_CHOICES = {"没有选项 {0}": "是否指", "没有命令 {0}": "是否指", "{0} 不能是 {1}": "可选"}


class Context(Protocol):
    """Where on the command line it went wrong."""

    @property
    def command_path(self) -> str:
        """The command as it is called."""
        ...

    def get_usage(self) -> str:
        """How it is called."""
        ...


def in_chinese(message: str, context: Context | None) -> str:
    """The usage, where to read more, and the mistake; what nobody foresaw, and a help text, stay."""
    if message.startswith("Usage:"):
        return message.replace("Usage: ", "用法：", 1) + "\n"
    told = f"错误：{_mistake(message)}\n"
    if context is None:
        return told
    usage = context.get_usage().replace("Usage: ", "用法：", 1)
    return f"{usage}\n详见 {context.command_path} --help\n\n{told}"


def _mistake(message: str) -> str:
    for pattern, said in _PATTERNS:
        if found := pattern.fullmatch(message):
            groups = [group for group in found.groups() if group is not None]
            line = said.format(*groups)
            needed = said.count("{")
            more = _CHOICES.get(said)
            choices = "、".join(
                group.replace("'", "").replace(", ", "、") for group in groups[needed:]
            )
            return f"{line}（{more}：{choices}）" if more and choices else line
    return message
