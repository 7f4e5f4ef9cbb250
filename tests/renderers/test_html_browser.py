"""The report page in a real browser: tiles, filter, links, print, what it asks of the network, who can read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from fcim_audit.language import Lang
from fcim_audit.renderers.html import render
from tests.renderers.held import with_audit
from tests.renderers.told import report

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"


@dataclass(slots=True)
class Shown:
    """The page as a browser shows it, with what it complained of and asked for."""

    page: Page
    said: list[str]
    asked: list[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page") / "report.html"
    made.write_bytes(render(with_audit(report(Lang.EN), findings=3)))
    return made


@pytest.fixture
def shown(browser: Browser, file: Path) -> Iterator[Shown]:
    page = browser.new_page()
    seen = Shown(page, [], [])
    page.on("console", lambda message: seen.said.append(message.text))
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    page.goto(file.as_uri())
    yield seen
    page.close()


def visible_rows(page: Page) -> list[str]:
    """The requirements that are listed now."""
    rows = page.locator("#all > tbody > tr[id]:visible")
    return [str(id_) for id_ in rows.evaluate_all("rows => rows.map(row => row.id)")]


def test_nothing_is_asked_of_the_network_and_nothing_is_complained_of(
    shown: Shown, file: Path
) -> None:
    shown.page.locator("#kpis").scroll_into_view_if_needed()
    assert (shown.asked, shown.said) == ([file.as_uri()], [])


def test_words_narrow_the_list_and_escape_shows_all_again(shown: Shown) -> None:
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("6.3-d")
    expect(shown.page.locator("#r-6\\.3-d")).to_be_visible()
    assert "r-4.1-a" not in visible_rows(shown.page)
    shown.page.keyboard.press("Escape")
    assert len(visible_rows(shown.page)) == 167


def test_a_status_narrows_the_list(shown: Shown) -> None:
    shown.page.locator("#by-status").select_option("minor")
    assert visible_rows(shown.page) == ["r-6.3-d"]


def test_the_number_of_a_tile_shows_its_rows(shown: Shown) -> None:
    shown.page.locator("#t-nonconformities a[data-ids]").last.click()
    assert visible_rows(shown.page) == ["r-6.3-d"]
    expect(shown.page.locator("#t-nonconformities b")).to_have_text("3")


@pytest.mark.parametrize("mark", ["r-6.3-d", "f-NC01", "x-6.3-d.response"])
def test_a_link_from_outside_opens_what_it_leads_to(
    browser: Browser, file: Path, mark: str
) -> None:
    page = browser.new_page()
    page.goto(f"{file.as_uri()}#{mark}")
    expect(page.locator(f"[id='{mark}']")).to_be_in_viewport()
    page.close()


def test_print_opens_what_is_folded_and_closes_it_again(shown: Shown) -> None:
    closed = "details:not([open]):not(.sql, .sql *)"
    before = shown.page.locator(closed).count()
    assert before > 0
    shown.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert shown.page.locator(closed).count() == 0
    shown.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert shown.page.locator(closed).count() == before


def test_it_prints_on_a4(shown: Shown) -> None:
    printed = shown.page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("held", [True, False], ids=["audit", "bundle"])
def test_no_rule_of_accessibility_is_broken(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"], held: bool
) -> None:
    told = report(Lang.ZH)
    (tmp_path / "page.html").write_bytes(render(with_audit(told, 2) if held else told))
    page = browser.new_page(color_scheme=scheme, bypass_csp=True)
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    found = Axe().run(page)
    page.close()
    assert len(found.response["passes"]) > 10
    assert [(v["id"], v["nodes"][0]["target"]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    browser: Browser, file: Path, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(file.as_uri())
    ground, text = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; }"
    )
    page.close()
    light, dark = (ground, text) if scheme == "light" else (text, ground)
    assert sum(_parts(light)) > 600 > 200 > sum(_parts(dark))


def _parts(colour: str) -> list[int]:
    inside = colour[colour.index("(") + 1 : colour.index(")")]
    return [int(part) for part in inside.split(",")[:3]]
