"""The review page in a real browser: keys, drafts, Chinese input, and what it asks of the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from fcim_audit.auditfile.folder import JUDGEMENTS, changing
from fcim_audit.auditfile.schema import JudgementEntry
from fcim_audit.model import Status
from fcim_audit.serve.door import Key
from tests.serve.audits import AT, FAILED, OPEN, actions, begun, entry
from tests.serve.serving import serving

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"


@dataclass(slots=True)
class Seat:
    """A browser's page at a review, and what it said and asked for."""

    page: Page
    key: Key
    folder: Path
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def look_at(self, requirement: str, show: str = "all") -> None:
        """Open a requirement."""
        self.page.goto(f"http://127.0.0.1:{self.key.port}/r/{requirement}?show={show}")

    def status(self, text: str) -> None:
        """Wait until the page says this."""
        expect(self.page.locator("#status")).to_contain_text(text)

    def is_at(self, requirement: str) -> None:
        """Wait until this requirement is shown."""
        expect(self.page.locator("#choice h2")).to_have_text(f"Judgement {requirement}")
        expect(self.page.locator("body[data-ready]")).to_have_count(1)

    def press(self, **event: object) -> None:
        """A key that the page is told of while the focused element is the note."""
        self.page.locator("#note").focus()
        self.page.evaluate(
            "e => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...e}))",
            event,
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def seat(browser: Browser, tmp_path: Path) -> Iterator[Seat]:
    folder = begun(tmp_path / "audit")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en")
    with serving(folder) as key:
        page = context.new_page()
        made = Seat(page, key, folder)
        page.on("console", lambda told: made.said.append(told.text))
        page.on("pageerror", lambda error: made.said.append(str(error)))
        page.on("request", lambda request: made.asked.append(request.url))
        page.goto(key.address)
        made.is_at(OPEN)
        yield made
        context.close()


def test_a_requirement_is_judged_by_keyboard_alone(seat: Seat) -> None:
    seat.look_at(FAILED, show="open")
    seat.page.keyboard.press("3")
    seat.page.keyboard.press("e")
    seat.page.keyboard.insert_text("访谈：客服主管")
    seat.page.keyboard.press("Control+Enter")
    seat.is_at("6.3-e")
    seat.status("saved 6.3-d")
    kept = entry(seat.folder, FAILED)
    assert kept is not None
    assert (kept.status, str(kept.evidence[0])) == (Status.MINOR, "interview: 客服主管")


def test_the_proposal_is_accepted_with_one_key(seat: Seat) -> None:
    seat.look_at(FAILED, show="open")
    seat.page.keyboard.press("a")
    seat.is_at("6.3-e")
    assert actions(seat.folder) == ["new", "accept"]


def test_a_place_of_an_exception_becomes_evidence_with_one_click(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("summary").filter(has_text="Places").click()
    seat.page.locator('td [data-ref="客服/工单.csv#2"]').first.click()
    expect(seat.page.locator("input.evidence")).to_have_value("客服/工单.csv#2")


def test_a_reason_is_asked_for_as_soon_as_the_choice_differs(seat: Seat) -> None:
    seat.look_at(FAILED)
    expect(seat.page.locator("#reason")).to_be_hidden()
    seat.page.keyboard.press("1")
    expect(seat.page.locator("#reason")).to_be_visible()
    expect(seat.page.locator("#why-differs")).to_contain_text("minor nonconformity")
    seat.page.keyboard.press("Control+Enter")
    expect(seat.page.locator("#lack-reason")).to_have_text("a reason is needed")
    expect(seat.page.locator("#lack-evidence")).to_have_text("objective evidence is needed")
    expect(seat.page.locator("#reason")).to_be_focused()
    assert entry(seat.folder, FAILED) is None


def test_what_was_typed_is_there_after_a_reload_and_judges_nothing(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("#note").fill("还要看录音")
    seat.page.keyboard.press("Escape")
    seat.page.keyboard.press("2")
    seat.status("draft kept")
    seat.page.reload()
    expect(seat.page.locator("#note")).to_have_value("还要看录音")
    expect(seat.page.locator("input[value=ofi]")).to_be_checked()
    assert actions(seat.folder) == ["new"]


def test_moving_on_at_once_keeps_what_was_typed(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("#note").fill("甲")
    seat.page.keyboard.press("Escape")
    seat.page.keyboard.press("j")
    seat.is_at("6.3-e")
    seat.page.keyboard.press("k")
    seat.is_at(FAILED)
    expect(seat.page.locator("#note")).to_have_value("甲")


def test_a_discarded_draft_is_gone(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("#note").fill("甲")
    seat.status("draft kept")
    seat.page.reload()
    seat.page.locator("#discard").click()
    expect(seat.page.locator("#note")).to_have_value("")
    expect(seat.page.locator("#discard")).to_have_count(0)


def test_keys_of_a_word_under_composition_do_nothing(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.keyboard.press("3")
    seat.page.locator('.check > h3 [data-ref="check: 6.3-d.response"]').click()
    seat.press(key="Enter", ctrlKey=True, isComposing=True)
    seat.press(key="Enter", ctrlKey=True, keyCode=229)
    seat.press(key="Escape", isComposing=True)
    expect(seat.page.locator("#note")).to_be_focused()
    seat.status("draft kept")
    assert entry(seat.folder, FAILED) is None
    seat.press(key="Enter", ctrlKey=True)
    seat.status("saved 6.3-d")


def test_a_key_of_a_composition_outside_fields_chooses_nothing(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.evaluate(
        "() => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {bubbles: true, key: '1', keyCode: 229}))"
    )
    expect(seat.page.locator("input[name=status]:checked")).to_have_count(0)


def test_chinese_composed_in_a_field_arrives_and_enter_of_the_composition_saves_nothing(
    seat: Seat,
) -> None:
    seat.look_at(FAILED)
    seat.page.keyboard.press("3")
    seat.page.locator("input.evidence").focus()
    tools = seat.page.context.new_cdp_session(seat.page)
    tools.send("Input.imeSetComposition", {"text": "fangtan", "selectionStart": 7, "selectionEnd": 7})  # fmt: skip
    tools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229})  # fmt: skip
    tools.send("Input.insertText", {"text": "访谈：张工"})
    expect(seat.page.locator("input.evidence")).to_have_value("访谈：张工")
    expect(seat.page.locator("input.evidence")).to_have_count(1)
    assert entry(seat.folder, FAILED) is None


def test_letters_and_digits_typed_in_a_field_are_text(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("#note").focus()
    seat.page.keyboard.type("1auj?")
    expect(seat.page.locator("#note")).to_have_value("1auj?")
    expect(seat.page.locator("input[name=status]:checked")).to_have_count(0)
    expect(seat.page.locator("#keys")).to_be_hidden()
    seat.is_at(FAILED)
    assert entry(seat.folder, FAILED) is None


def test_single_keys_can_be_switched_off(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.keyboard.press("?")
    seat.page.locator("#keys-on").uncheck()
    seat.page.keyboard.press("Escape")
    seat.page.reload()
    seat.page.keyboard.press("1")
    expect(seat.page.locator("input[name=status]:checked")).to_have_count(0)


def test_u_takes_the_last_judgement_back(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.keyboard.press("a")
    seat.is_at("6.3-e")
    seat.look_at(FAILED)
    seat.page.keyboard.press("u")
    seat.status("undone")
    expect(seat.page.locator("input[name=status]:checked")).to_have_count(0)
    assert entry(seat.folder, FAILED) is None
    assert actions(seat.folder) == ["new", "accept", "undo"]


def test_a_judgement_made_elsewhere_stays_and_what_was_typed_too(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("#note").fill("我的说明")
    with changing(seat.folder) as ledger:
        made = JudgementEntry(status=Status.NOT_VERIFIED, note="李明", by="LM", at=AT)
        ledger.put(JUDGEMENTS, ("requirements", FAILED), made)
        ledger.commit(by="LM", at=AT, action="judge")
    seat.page.keyboard.press("Control+Enter")
    seat.status("changed elsewhere")
    expect(seat.page.locator("#note")).to_have_value("我的说明")
    kept = entry(seat.folder, FAILED)
    assert kept is not None
    assert kept.note == "李明"


def test_a_wrong_token_opens_nothing(seat: Seat, browser: Browser) -> None:
    with browser.new_context() as stranger:
        answer = stranger.new_page().goto(f"http://127.0.0.1:{seat.key.port}/?token=wrong")
        assert answer is not None
        assert answer.status == 403


def test_a_whole_session_says_nothing_to_the_console_and_asks_nobody_else(seat: Seat) -> None:
    seat.look_at(FAILED, show="open")
    seat.page.locator("#note").fill("说明")
    seat.page.locator("#language").click()
    expect(seat.page.locator("#note")).to_have_value("说明")
    seat.page.locator("#requirement").click()
    seat.page.keyboard.press("a")
    expect(seat.page.locator("#choice h2")).to_have_text("判断 6.3-e")
    assert seat.said == []
    assert {url.split("/")[2] for url in seat.asked if not url.startswith("data:")} == {
        f"127.0.0.1:{seat.key.port}"
    }


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 700)])
def test_nothing_is_wider_than_the_window(seat: Seat, width: int, height: int) -> None:
    seat.page.set_viewport_size({"width": width, "height": height})
    seat.look_at(FAILED)
    seat.page.keyboard.press("1")
    wide = seat.page.evaluate(
        "() => [document.documentElement, ...document.querySelectorAll('.columns > *')]"
        ".filter(e => e.scrollWidth > e.clientWidth).map(e => e.className)"
    )
    assert wide == []


def test_what_is_typed_stays_when_the_command_has_ended(browser: Browser, tmp_path: Path) -> None:
    folder = begun(tmp_path / "audit")
    page = browser.new_page()
    with serving(folder) as key:
        page.goto(key.address)
        expect(page.locator("#choice h2")).to_have_text(f"Judgement {OPEN}")
    page.locator("#note").fill("甲")
    expect(page.locator("#status")).to_contain_text("does not answer")
    expect(page.locator("#note")).to_have_value("甲")
    page.close()


def test_a_reload_right_after_a_key_loses_nothing(seat: Seat) -> None:
    seat.look_at(FAILED)
    seat.page.locator("#note").fill("甲")
    seat.page.locator("input.evidence").fill("访谈：乙")
    seat.page.reload()
    expect(seat.page.locator("#note")).to_have_value("甲")
    expect(seat.page.locator("input.evidence")).to_have_value("访谈：乙")
    seat.status("draft kept")
