"""What only an auditor can decide stays open."""

from __future__ import annotations

from fcim_audit.model import Verdict
from tests.workbench import concluded


def test_a_question_waits_for_the_auditor() -> None:
    check = {"kind": "manual", "question": {"zh": "怎样？", "en": "How?"}}
    outcome = concluded(check, [], {})
    assert (outcome.verdict, outcome.sql) == (Verdict.MANUAL, None)
    assert outcome.question is not None
