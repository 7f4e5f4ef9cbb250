"""Knows the check that only an auditor can decide."""

from __future__ import annotations

from typing import Literal

from fcim_audit.checks.base import Check
from fcim_audit.checks.plan import Catalogue, Facts, Plan, Spelled
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.model import Figure, Outcome, Verdict


class ManualCheck(Check):
    """A question that the auditor answers on site; data never answers it.

    Passes and fails only by an auditor's judgement; until then the requirement is not verified.
    """

    kind: Literal["manual"]
    question: Text | None = None

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan | None:
        """No query: no data decides this."""
        return None

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """Always `manual`."""
        return self.unanswered(check_id, None)

    def unanswered(self, check_id: str, question: Text | None) -> Outcome:
        """The question, waiting for the auditor: its own or its requirement's."""
        return Outcome(
            check_id=check_id,
            kind=self.kind,
            verdict=Verdict.MANUAL,
            measured=Figure(None, "count"),
            question=self.question or question,
        )
