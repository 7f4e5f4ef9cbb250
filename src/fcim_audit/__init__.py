"""Audits service organisations against a checklist: evidence in, verdicts and reports out."""

__version__ = "0.1.0"
