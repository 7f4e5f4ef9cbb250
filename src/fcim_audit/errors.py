"""Knows what a user can cause and mend: the problem, where it is, what to do, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable

from fcim_audit.language import Lang, Text

USAGE = 2
UNUSABLE_INPUT = 3


class AuditError(Exception):
    """Something the user can mend: what is wrong, where (file, sheet, row or line), what to do."""

    exit_code = UNUSABLE_INPUT

    def __init__(self, problem: Text, where: str = "", hint: Text | None = None) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.where = where
        self.hint = hint

    def said(self, lang: Lang) -> str:
        """One message: `where: problem. What to do.`"""
        message = (
            f"{self.where}: {self.problem.said(lang)}" if self.where else self.problem.said(lang)
        )
        if self.hint is not None:
            arrow = "→ " if lang is Lang.ZH else "-> "
            message += f"\n  {arrow}{self.hint.said(lang)}"
        return message


class UsageError(AuditError):
    """The command was called in a way that makes no sense."""

    exit_code = USAGE


class AuditErrors(AuditError):
    """All mistakes of one input, reported together."""

    def __init__(self, errors: Iterable[AuditError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(first.problem, first.where, first.hint)
        self.exit_code = max(error.exit_code for error in self.errors)

    def said(self, lang: Lang) -> str:
        """Every message, one after the other, then their number."""
        lines = [error.said(lang) for error in self.errors]
        if len(lines) > 1:
            lines.append(f"共 {len(lines)} 处问题" if lang is Lang.ZH else f"{len(lines)} mistakes")
        return "\n".join(lines)


def raise_all(errors: Iterable[AuditError]) -> None:
    """Raise what was collected: nothing, the one error, or all of them together."""
    found: list[AuditError] = []
    for error in errors:
        found.extend(error.errors if isinstance(error, AuditErrors) else (error,))
    if len(found) == 1:
        raise found[0]
    if found:
        raise AuditErrors(found)
