"""The review page through its application: who may come in, what is kept, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from fcim_audit.auditfile.folder import changing
from fcim_audit.auditfile.schema import EvidenceKind
from fcim_audit.language import Lang
from fcim_audit.model import Status
from fcim_audit.serve.app import application
from fcim_audit.serve.door import Key
from tests.serve.audits import FAILED, OPEN, actions, begun, desk, entry, ticket_hash, written

KEY = Key(8000, "right-token", Lang.EN)
HERE = "http://127.0.0.1:8000"
CHECK = "check: 6.3-d.response"


def client(folder: Path, member: str = "ZL") -> TestClient:
    """A browser without the token."""
    return TestClient(
        application(desk(folder, member), KEY),
        base_url=HERE,
        headers={"Origin": HERE, "Content-Type": "application/json"},
    )


def inside(folder: Path, member: str = "ZL") -> TestClient:
    """A browser that opened the address with the token."""
    made = client(folder, member)
    made.get("/?token=right-token")
    return made


def facts(browser: TestClient, id_: str) -> dict[str, str]:
    """What the page of a requirement tells its script."""
    page = browser.get(f"/r/{id_}").text
    told: dict[str, str] = json.loads(page.partition('id="facts">')[2].partition("</script>")[0])
    return told


def send(browser: TestClient, where: str, id_: str, **typed: object) -> Response:
    """One write, as the page makes it after it was loaded."""
    seen = facts(browser, id_)["seen"]
    answer: Response = browser.post(where, json={"id": id_, "seen": seen, "typed": typed})
    return answer


def lacks(answer: Response) -> dict[str, str]:
    """What was refused, by field."""
    assert answer.status_code == 422, answer.text
    return {lack["field"]: lack["says"] for lack in answer.json()["lacks"]}


def test_without_the_token_nothing_is_shown(tmp_path: Path) -> None:
    answer = client(begun(tmp_path / "a")).get(f"/r/{FAILED}")
    assert answer.status_code == 403
    assert "工单" not in answer.text


def test_a_wrong_token_sets_no_cookie(tmp_path: Path) -> None:
    answer = client(begun(tmp_path / "a")).get("/?token=wrong")
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_the_right_token_sets_a_strict_cookie(tmp_path: Path) -> None:
    answer = client(begun(tmp_path / "a")).get("/?token=right-token")
    said = answer.headers["set-cookie"]
    assert answer.status_code == 200
    assert said == "fcim_review_8000=right-token; HttpOnly; Path=/; SameSite=strict"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:9000", "127.0.0.1:8000.evil.example", ""]
)
def test_another_host_is_refused(tmp_path: Path, host: str) -> None:
    answer = inside(begun(tmp_path / "a")).get(f"/r/{FAILED}", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
    ],
    ids=["foreign", "null", "other port", "cross-site", "a form's content type"],
)
def test_a_write_from_elsewhere_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    sent = {"id": FAILED, "seen": facts(browser, FAILED)["seen"], "typed": {"status": "minor"}}
    answer = browser.post("/accept", content=json.dumps(sent), headers=headers)
    assert (answer.status_code, entry(folder, FAILED)) == (403, None)


def test_a_write_without_origin_is_refused(tmp_path: Path) -> None:
    browser = inside(begun(tmp_path / "a"))
    del browser.headers["Origin"]
    assert browser.post("/save", content="{}").status_code == 403


@pytest.mark.parametrize("path", ["/", f"/r/{FAILED}", "/review.js", "/nowhere", "/r/99"])
def test_every_answer_forbids_what_is_not_ours(tmp_path: Path, path: str) -> None:
    answer = inside(begun(tmp_path / "a")).get(path, follow_redirects=False)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"


def test_it_begins_with_the_first_open_requirement(tmp_path: Path) -> None:
    browser = inside(begun(tmp_path / "a"))
    assert str(browser.get("/").url) == f"{HERE}/r/4.1-a?show=open"


def test_an_unknown_requirement_is_not_found(tmp_path: Path) -> None:
    assert inside(begun(tmp_path / "a")).get("/r/99.9").status_code == 404


def test_the_page_shows_figure_rule_places_and_how_many_more(tmp_path: Path) -> None:
    page = inside(begun(tmp_path / "a")).get(f"/r/{FAILED}").text
    assert "117/120 = 97.5 % (≥ 100 %)" in page
    assert "客服/工单.csv:2" in page
    assert page.count('data-ref="客服/工单.csv#2"') == 50
    assert "10 more in result.json" in page
    assert "两小时内回复" in page


def test_hostile_text_arrives_as_text(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a", key="<script>alert(1)</script>\u202e")
    page = inside(folder).get(f"/r/{FAILED}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x202e" in page


def test_typed_text_comes_back_as_text(tmp_path: Path) -> None:
    browser = inside(begun(tmp_path / "a"))
    send(browser, "/draft", FAILED, note="</textarea><script>alert(1)</script>")
    assert "</textarea><script>" not in browser.get(f"/r/{FAILED}").text


def test_the_page_speaks_the_language_of_the_audit_and_the_other_on_demand(tmp_path: Path) -> None:
    browser = inside(begun(tmp_path / "a"))
    assert "What the tool proposes" in browser.get(f"/r/{FAILED}").text
    assert "工具的建议" in browser.get(f"/r/{FAILED}?lang=zh").text
    assert "工具的建议" in browser.get(f"/r/{OPEN}").text


@pytest.mark.parametrize(
    ("show", "count"), [("open", 167), ("mine", 8), ("failed", 1), ("all", 167)]
)
def test_the_queue_lists_what_is_asked_for(tmp_path: Path, show: str, count: int) -> None:
    page = inside(begun(tmp_path / "a"), "LM").get(f"/r/{FAILED}?show={show}").text
    assert page.partition('class="queue"')[2].partition("</nav>")[0].count('href="/r/') == count


def test_the_open_queue_loses_what_is_judged(tmp_path: Path) -> None:
    browser = inside(begun(tmp_path / "a"))
    send(browser, "/accept", FAILED)
    page = browser.get(f"/r/{OPEN}?show=open").text
    assert f'href="/r/{FAILED}?' not in page
    assert "judged <b>1/167</b>" in page


def test_a_complete_choice_is_a_judgement_with_the_proposal_beside_it(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    answer = send(inside(folder), "/save", FAILED, status="minor", evidence=["客服/工单.csv#2"], note="晚了", effort="15")  # fmt: skip
    kept = entry(folder, FAILED)
    assert answer.status_code == 200
    assert kept is not None
    assert kept.proposal is not None
    assert (kept.status, kept.by, kept.note, kept.effort) == (Status.MINOR, "ZL", "晚了", 15)
    assert (kept.evidence[0].ref, kept.evidence[0].sha256) == ("客服/工单.csv#2", ticket_hash())
    assert (kept.proposal.status, kept.proposal.rule) == (Status.MINOR, "m1")
    assert actions(folder) == ["new", "judge"]


def test_saving_the_same_again_writes_nothing(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/save", FAILED, status="minor", evidence=[CHECK])
    send(browser, "/save", FAILED, status="minor", evidence=[CHECK])
    assert actions(folder) == ["new", "judge"]


def test_a_conclusion_needs_evidence(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    answer = send(inside(folder), "/save", FAILED, status="minor", evidence=[" "])
    assert lacks(answer) == {"evidence": "objective evidence is needed"}
    assert entry(folder, FAILED) is None


def test_another_status_than_the_proposal_needs_a_reason(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    answer = send(browser, "/save", FAILED, status="conform", evidence=[CHECK], reason=" ")
    assert lacks(answer) == {"reason": "a reason is needed"}
    assert entry(folder, FAILED) is None
    reasoned = send(browser, "/save", FAILED, status="conform", evidence=[CHECK], reason="时钟差")
    assert reasoned.status_code == 200


def test_not_applicable_needs_reason_and_lead(tmp_path: Path) -> None:
    answer = send(inside(begun(tmp_path / "a"), "LM"), "/save", "8.3.1", status="not_applicable", approved_by="LM")  # fmt: skip
    assert {"reason", "approved_by"} <= lacks(answer).keys()


def test_what_may_not_be_left_out_can_not_be_not_applicable(tmp_path: Path) -> None:
    answer = send(inside(begun(tmp_path / "a")), "/save", FAILED, status="not_applicable", reason="无", approved_by="ZL")  # fmt: skip
    assert "status" in lacks(answer)


@pytest.mark.parametrize(
    "line", ["客服/没有.csv", "../audit.yaml", "check: 6.3-d.nothing", "interview:"]
)
def test_evidence_that_is_not_there_is_refused(tmp_path: Path, line: str) -> None:
    answer = send(inside(begun(tmp_path / "a")), "/save", FAILED, status="minor", evidence=[line])
    assert list(lacks(answer)) == ["evidence"]


def test_without_a_status_and_with_odd_days_both_are_told(tmp_path: Path) -> None:
    answer = send(inside(begun(tmp_path / "a")), "/save", OPEN, effort="1.5 h")
    assert list(lacks(answer)) == ["status", "effort"]


@pytest.mark.parametrize(
    "body",
    ['{"id": "6.3-d"}', "not json", '{"id":"6.3-d","seen":"","typed":{"note":"' + "x" * 4001 + '"}}', '{"id":"6.3-d","seen":"","typed":{"status":"good"}}', " " * 1_000_001],
    ids=["missing", "no json", "too long a note", "no such status", "too large"],
)  # fmt: skip
def test_what_the_page_would_never_send_is_refused(tmp_path: Path, body: str) -> None:
    answer = inside(begun(tmp_path / "a")).post("/save", content=body)
    assert (answer.status_code, list(answer.json())) == (422, ["problem"])


@pytest.mark.parametrize(
    "note", ["a\x00b", "# not a comment: [", "行一\n行二\u2028三", "'\"`", "\ufeff~"]
)
def test_an_odd_note_is_kept_as_typed(tmp_path: Path, note: str) -> None:
    folder = begun(tmp_path / "a")
    send(inside(folder), "/save", FAILED, status="minor", evidence=[CHECK], note=note)
    kept = entry(folder, FAILED)
    assert kept is not None
    assert kept.note == note


def test_the_proposal_is_accepted_with_its_checks_and_what_was_typed(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    send(inside(folder), "/accept", FAILED, evidence=["interview: 客服主管"], note="属实")
    kept = entry(folder, FAILED)
    assert kept is not None
    assert (kept.status, kept.note) == (Status.MINOR, "属实")
    assert [e.kind for e in kept.evidence] == [EvidenceKind.INTERVIEW, EvidenceKind.CHECK]
    assert actions(folder) == ["new", "accept"]


def test_an_open_proposal_can_not_be_accepted(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    assert "form" in lacks(send(inside(folder), "/accept", OPEN))
    assert entry(folder, OPEN) is None


def test_an_observer_judges_and_undoes_nothing(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    send(inside(folder), "/accept", FAILED)
    before = written(folder)
    assert "by" in lacks(send(inside(folder, "GC"), "/save", OPEN, status="not_verified"))
    assert "form" in lacks(send(inside(folder, "GC"), "/undo", FAILED))
    assert written(folder) == before


def test_undo_puts_back_what_stood_before_and_the_journal_keeps_both(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/save", FAILED, status="minor", evidence=[CHECK])
    first = entry(folder, FAILED)
    send(browser, "/save", FAILED, status="major", evidence=[CHECK], reason="涉及安全")
    assert send(browser, "/undo", FAILED).status_code == 200
    assert entry(folder, FAILED) == first
    assert send(browser, "/undo", FAILED).status_code == 200
    assert entry(folder, FAILED) is None
    assert lacks(send(browser, "/undo", FAILED)) == {"form": "there is no change to undo"}
    assert actions(folder) == ["new", "judge", "judge", "undo", "undo"]


def test_a_judgement_after_an_undo_is_undone_alone(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/save", OPEN, status="not_verified", note="一")
    send(browser, "/save", OPEN, status="not_verified", note="二")
    send(browser, "/undo", OPEN)
    send(browser, "/save", OPEN, status="not_verified", note="三")
    send(browser, "/undo", OPEN)
    kept = entry(folder, OPEN)
    assert kept is not None
    assert kept.note == "一"


def test_an_edit_by_hand_is_undone_too(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/save", OPEN, status="not_verified", note="一")
    text = written(folder).decode()
    (folder / "judgements.yaml").write_text(text.replace("note: 一", "note: 二"), encoding="utf-8")
    send(browser, "/undo", OPEN)
    kept = entry(folder, OPEN)
    assert kept is not None
    assert kept.note == "一"
    assert actions(folder) == ["new", "judge", "edited_by_hand", "undo"]


def test_what_was_changed_elsewhere_is_not_overwritten(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    old, other = inside(folder), inside(folder, "LM")
    seen = facts(old, FAILED)["seen"]
    send(other, "/save", FAILED, status="minor", evidence=[CHECK], note="李明")
    sent = {"id": FAILED, "seen": seen, "typed": {"status": "minor", "evidence": [CHECK]}}
    for where in ("/save", "/accept", "/undo"):
        assert old.post(where, json=sent).status_code == 409
    kept = entry(folder, FAILED)
    assert kept is not None
    assert (kept.by, kept.note) == ("LM", "李明")


def test_a_change_of_another_requirement_stops_nothing_and_is_told(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser, other = inside(folder), inside(folder, "LM")
    loaded = facts(browser, FAILED)
    send(other, "/save", OPEN, status="not_verified")
    now = browser.get(f"/state/{FAILED}").json()
    assert now["seen"] == loaded["seen"]
    assert now["head"] != loaded["head"]
    sent = {"id": FAILED, "seen": loaded["seen"], "typed": {}}
    assert browser.post("/accept", json=sent).status_code == 200


def test_a_new_evaluation_makes_the_page_old(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    seen = facts(browser, FAILED)["seen"]
    result = json.loads((folder / "out" / "result.json").read_bytes())
    result["requirements"][1]["status"] = "major"
    (folder / "out" / "result.json").write_text(json.dumps(result), encoding="utf-8")
    assert browser.post("/accept", json={"id": FAILED, "seen": seen}).status_code == 409


def test_another_process_that_changes_the_audit_is_named(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    seen = facts(browser, FAILED)["seen"]
    with changing(folder):
        answer = browser.post("/accept", json={"id": FAILED, "seen": seen})
    assert answer.status_code == 503
    assert "is changing this audit" in answer.json()["problem"]


def test_a_draft_judges_nothing_and_comes_back(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    before = written(folder)
    send(inside(folder), "/draft", FAILED, status="conform", note="还要看录音")
    page = inside(folder).get(f"/r/{FAILED}").text
    assert (written(folder), actions(folder)) == (before, ["new"])
    assert "还要看录音</textarea>" in page
    assert "A draft, no judgement yet" in page
    assert "还要看录音" not in inside(folder, "LM").get(f"/r/{FAILED}").text


def test_a_judgement_ends_its_draft_and_no_other(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/draft", FAILED, note="甲")
    send(browser, "/draft", OPEN, note="乙")
    send(browser, "/accept", FAILED)
    kept = json.loads((folder / "out" / "review-drafts.json").read_bytes())
    assert list(kept["drafts"]["ZL"]) == [OPEN]


def test_an_empty_draft_is_no_draft(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/draft", FAILED, note="甲")
    send(browser, "/draft", FAILED)
    assert json.loads((folder / "out" / "review-drafts.json").read_bytes())["drafts"] == {}


def test_a_refused_choice_keeps_its_draft(tmp_path: Path) -> None:
    browser = inside(begun(tmp_path / "a"))
    send(browser, "/draft", FAILED, status="conform", note="甲")
    send(browser, "/save", FAILED, status="conform", note="甲")
    assert "甲</textarea>" in browser.get(f"/r/{FAILED}").text


def test_a_broken_drafts_file_is_named_and_stays(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    file = folder / "out" / "review-drafts.json"
    file.write_text("{broken", encoding="utf-8")
    answer = inside(folder).get(f"/r/{FAILED}")
    assert answer.status_code == 503
    assert "review-drafts.json" in answer.text
    assert file.read_text(encoding="utf-8") == "{broken"


def test_a_mistake_typed_into_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    (folder / "judgements.yaml").write_text(
        "judgements: 1\nrequirements:\n  6.3-d: {status: good}\n", encoding="utf-8"
    )
    answer = inside(folder).get(f"/r/{FAILED}")
    assert answer.status_code == 503
    assert "judgements.yaml:3 (requirements.6.3-d.status)" in answer.text


def test_the_history_tells_who_changed_what(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    send(inside(folder), "/accept", FAILED)
    send(inside(folder, "LM"), "/undo", FAILED)
    rows = inside(folder).get(f"/r/{FAILED}").text.partition('id="history"')[2]
    assert "<td>LM</td><td>undone</td><td>minor nonconformity</td><td>no judgement</td>" in rows
    assert "<td>ZL</td><td>proposal accepted</td><td>no judgement</td><td>minor nonconformity</td>" in rows  # fmt: skip


def test_evidence_that_changed_since_it_was_named_is_told(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/save", FAILED, status="minor", evidence=["客服/工单.csv#2"])
    assert "Changed or gone since" not in browser.get(f"/r/{FAILED}").text
    (folder / "evidence" / "客服" / "工单.csv").write_text("工单编号\n", encoding="utf-8")
    page = browser.get(f"/r/{FAILED}").text
    assert "Changed or gone since it was named: 客服/工单.csv#2" in page


def test_a_place_in_an_archive_is_named_by_the_archive(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a", file="导出.zip!/工单.csv")
    (folder / "evidence" / "导出.zip").write_bytes(b"PK")
    browser = inside(folder)
    assert 'data-ref="导出.zip#工单.csv:2"' in browser.get(f"/r/{FAILED}").text
    answer = send(browser, "/save", FAILED, status="minor", evidence=["导出.zip#工单.csv:2"])
    assert answer.status_code == 200


def test_a_proposal_that_changed_after_the_judgement_is_marked(tmp_path: Path) -> None:
    folder = begun(tmp_path / "a")
    browser = inside(folder)
    send(browser, "/accept", FAILED)
    result = json.loads((folder / "out" / "result.json").read_bytes())
    result["requirements"][1]["status"] = "major"
    (folder / "out" / "result.json").write_text(json.dumps(result), encoding="utf-8")
    page = browser.get(f"/r/{FAILED}?show=all").text
    assert "minor nonconformity · proposal changed" in page
    assert "The proposal has changed since the judgement." in page
