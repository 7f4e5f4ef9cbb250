"""The terminal: verdict first, hostile text harmless, no character that a Chinese console lacks."""

from __future__ import annotations

from fcim_audit.language import Lang
from fcim_audit.renderers.text import render
from tests.renderers.told import report


def test_the_verdict_stands_before_the_figures() -> None:
    told = render(report()).decode()
    assert 0 < told.index("尚不能下结论") < told.index("6.3 的八项指标") < told.index("没有看的")


def test_escape_sequences_and_markup_do_not_pass() -> None:
    told = render(report()).decode()
    assert "\x1b" not in told
    assert "<script>alert(1)</script>" in told


def test_own_words_fit_a_gbk_console() -> None:
    kept = [line for line in render(report(Lang.ZH)).decode().splitlines() if "script" not in line]
    "\n".join(line for line in kept if "\\ud800" not in line).encode("gbk")


def test_english_speaks_english() -> None:
    assert "The eight figures of 6.3" in render(report(Lang.EN)).decode()
