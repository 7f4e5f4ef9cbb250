"""What a user is told: where, what, what to do; all mistakes together."""

from __future__ import annotations

import pytest

from fcim_audit.errors import AuditError, AuditErrors, UsageError, raise_all
from fcim_audit.language import Lang, Text

LATE = AuditError(
    Text("第 14 行无日期", "row 14 has no date"), "leavers.xlsx", Text("补上日期", "add the date")
)
EMPTY = AuditError(Text("文件是空的", "the file is empty"), "tickets.csv")
BARE = AuditError(Text("没有证据", "there is no evidence"))
WRONG_CALL = UsageError(Text("没有这个选项", "there is no such option"))


@pytest.mark.parametrize(
    ("error", "lang", "said"),
    [
        pytest.param(
            LATE, Lang.EN, "leavers.xlsx: row 14 has no date\n  -> add the date", id="whole-english"
        ),
        pytest.param(
            LATE, Lang.ZH, "leavers.xlsx: 第 14 行无日期\n  → 补上日期", id="whole-chinese"
        ),
        pytest.param(EMPTY, Lang.EN, "tickets.csv: the file is empty", id="without-a-hint"),
        pytest.param(BARE, Lang.ZH, "没有证据", id="without-a-place"),
    ],
)
def test_one_mistake_is_said(error: AuditError, lang: Lang, said: str) -> None:
    assert error.said(lang) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        pytest.param(
            Lang.EN,
            "leavers.xlsx: row 14 has no date\n  -> add the date\n"
            "tickets.csv: the file is empty\n2 mistakes",
            id="english",
        ),
        pytest.param(
            Lang.ZH,
            "leavers.xlsx: 第 14 行无日期\n  → 补上日期\ntickets.csv: 文件是空的\n共 2 处问题",
            id="chinese",
        ),
    ],
)
def test_all_mistakes_are_said_and_counted(lang: Lang, said: str) -> None:
    assert AuditErrors([LATE, EMPTY]).said(lang) == said


def test_one_mistake_alone_is_not_counted() -> None:
    assert AuditErrors([EMPTY]).said(Lang.EN) == "tickets.csv: the file is empty"


def test_mistakes_together_stand_where_the_first_stands() -> None:
    assert (AuditErrors([LATE, EMPTY]).where, str(AuditErrors([LATE, EMPTY]))) == (
        "leavers.xlsx",
        "row 14 has no date",
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(EMPTY, 3, id="unusable-input"),
        pytest.param(WRONG_CALL, 2, id="wrong-call"),
        pytest.param(AuditErrors([WRONG_CALL, EMPTY]), 3, id="both"),
        pytest.param(AuditErrors([WRONG_CALL, WRONG_CALL]), 2, id="wrong-calls-only"),
    ],
)
def test_a_mistake_has_its_exit_code(error: AuditError, code: int) -> None:
    assert error.exit_code == code


def test_nothing_collected_raises_nothing() -> None:
    raise_all([])


def test_a_single_mistake_is_raised_as_itself() -> None:
    with pytest.raises(AuditError) as caught:
        raise_all([EMPTY])
    assert caught.value is EMPTY


def test_mistakes_in_mistakes_are_raised_side_by_side() -> None:
    with pytest.raises(AuditErrors) as caught:
        raise_all([AuditErrors([LATE, EMPTY]), BARE])
    assert caught.value.errors == (LATE, EMPTY, BARE)


def test_a_single_mistake_inside_mistakes_is_raised_as_itself() -> None:
    with pytest.raises(AuditError) as caught:
        raise_all([AuditErrors([BARE])])
    assert caught.value is BARE


def test_mistakes_are_taken_from_a_generator() -> None:
    with pytest.raises(AuditErrors) as caught:
        raise_all(error for error in (LATE, BARE))
    assert caught.value.errors == (LATE, BARE)
