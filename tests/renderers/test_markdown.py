"""The Markdown acts on nobody: what evidence says stands there as text, and a long result fits a job summary."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from fcim_audit.auditfile.schema import AuditFile
from fcim_audit.language import Lang
from fcim_audit.renderers.markdown import escaped, render
from tests.renderers.held import with_audit
from tests.renderers.told import report

LIMIT = 1_048_576


def shown(markdown: str) -> str:
    """What a reader gets, as HTML."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return str(reader.render(markdown))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", id="html"),
        pytest.param("a `b` *c* _d_ ~~e~~", "a `b` *c* _d_ ~~e~~", id="emphasis-and-code"),
        pytest.param("[x](javascript:1)", "[x](javascript:1)", id="link"),
        pytest.param("![x](http)", "![x](http)", id="picture"),
        pytest.param("# x", "# x", id="heading"),
        pytest.param("1. x", "1. x", id="numbered-list"),
        pytest.param("1.", "1.", id="empty-numbered-list"),
        pytest.param("- x", "- x", id="list"),
        pytest.param("---", "---", id="rule"),
        pytest.param("=1+1", "=1+1", id="formula"),
        pytest.param("a\nb\r\nc", "a b c", id="line-breaks-are-spaces"),
        pytest.param("&lt;", "&amp;lt;", id="entity"),
        pytest.param("back\\*slash", "back\\*slash", id="backslash"),
        pytest.param("bell\x07", "bell\\x07", id="control-character"),
        pytest.param("$x$", "$x$", id="formula-of-mathematics"),
    ],
)  # fmt: skip
def test_text_is_shown_as_it_stands(text: str, html: str) -> None:
    assert shown(escaped(text)) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param("@octocat", "@&#8203;octocat", id="mention"),
        pytest.param("see #12", "see #&#8203;12", id="issue"),
        pytest.param("GH-12", "GH&#8203;-12", id="issue-by-letters"),
        pytest.param("https://x.cn", "https:&#8203;//x.cn", id="address"),
        pytest.param("WWW.x.cn", "WWW&#8203;.x.cn", id="address-without-scheme"),
        pytest.param(":bomb:", "\\:&#8203;bomb:", id="picture-by-name"),
        pytest.param("a@b.cn", "a@&#8203;b.cn", id="mail"),
        pytest.param("a|b", "a\\|b", id="cell-border"),
    ],
)
def test_nobody_is_called_and_nothing_linked(text: str, broken: str) -> None:
    assert escaped(text) == broken


def test_hostile_evidence_adds_no_tag_of_its_own() -> None:
    html = shown(render(report()).decode())
    assert "<script" not in html
    assert html.count("<details>") == 1
    assert html.count("<table>") == 2
    assert "bell\\x07" in html
    assert "\u202e" not in html


def test_a_text_of_forty_thousand_characters_is_cut_and_says_so() -> None:
    page = render(report()).decode()
    assert "长" * 250 in page
    assert "长" * 301 not in page
    assert "…" in page


def test_english_speaks_english() -> None:
    page = render(report(Lang.EN)).decode()
    assert "## What was not looked at" in page
    assert "| 6.3-d |" in page


def test_what_is_left_out_is_counted() -> None:
    told = with_audit(report(Lang.EN), findings=51)
    page = render(told).decode()
    assert page.count("<details>") == 50
    assert "1 more: see html, xlsx or JSON." in page


def test_the_worst_findings_come_first() -> None:
    page = render(with_audit(report(Lang.EN), findings=3)).decode()
    assert page.index("major nonconformity · NC02") < page.index("minor nonconformity · NC01")


def test_thousands_of_findings_full_of_text_fit_a_job_summary() -> None:
    told = with_audit(report(), findings=2000, text="<$&*>|" * 600)
    assert 100_000 < len(render(told)) < LIMIT


def test_an_audit_names_its_team_and_what_is_due() -> None:
    told = with_audit(report(Lang.EN), findings=1)
    page = render(told).decode()
    assert "A-1 · initial audit, stage 2 · 2026-01-20 – 2026-01-22 · 张三" in page
    assert "Auditors judged 1/167" in page
    assert "corrective action done" not in page
    assert "2026-02-21, overdue by 7 d (not issued yet)" in page


def test_the_day_of_the_report_decides_what_is_overdue() -> None:
    told = with_audit(report(Lang.EN), findings=1)
    assert told.audit is not None
    early = replace(told, audit=replace(told.audit, today=dt.date(2026, 2, 21)))
    assert isinstance(told.audit.file, AuditFile)
    assert "overdue" not in render(early).decode()
