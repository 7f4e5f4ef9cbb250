"""A call that can't be read is said in the user's language, with the exit code of wrong usage."""

from __future__ import annotations

import pytest

from tests.cli.command import run


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param("report --kind x", "错误：--kind 不能是 x（可选：plan、checklist、nc、", id="choice"),
        pytest.param("reprot", "错误：没有命令 reprot（是否指：report）\n", id="command"),
        pytest.param("report --finl", "错误：没有选项 --finl（是否指：--fields、--final、", id="option"),
        pytest.param("audit judge", "错误：缺少参数 requirement\n", id="argument"),
        pytest.param("evaluate a b c", "错误：多余的参数：b c\n", id="too-many"),
        pytest.param("audit accept -C", "错误：选项 -C 需要一个值\n", id="no-value"),
        pytest.param("audit judge 1 --status conform --effort x", "错误：--effort 须为整数\n", id="number"),
    ],
)  # fmt: skip
def test_a_mistaken_call_is_said_in_chinese(call: str, said: str) -> None:
    done = run("--lang", "zh", *call.split())
    assert done.returncode == 2
    assert said in done.stderr
    assert "Error" not in done.stderr


def test_it_says_how_the_command_is_called_and_where_to_read_more() -> None:
    done = run("--lang", "zh", "report", "--kind", "x")
    assert done.stderr.startswith("用法：fcim-audit report [OPTIONS] [AUDIT]\n")
    assert "\n详见 fcim-audit report --help\n" in done.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_command_the_help_is_shown(lang: str) -> None:
    done = run("--lang", lang)
    assert done.returncode == 2
    assert "evaluate" in done.stderr
    assert "错误：" not in done.stderr


def test_english_is_as_before() -> None:
    done = run("--lang", "en", "reprot")
    assert done.stderr.endswith("Error: No such command 'reprot'. Did you mean 'report'?\n")
