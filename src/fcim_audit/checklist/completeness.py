"""Knows what a checklist that is sound may still lack: guidance, counts, datasets that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from fcim_audit.checklist.schema import Checklist, Requirement
from fcim_audit.checks.base import ScopedCheck
from fcim_audit.language import Text

_NO_RULE = frozenset({"document_text", "org_profile"})
"""Datasets that decide nothing: paragraphs to read, and who the organisation is."""


def gaps(checklist: Checklist) -> Iterator[Text]:
    """Everything that is missing, in the order of the checklist."""
    yield from _counts(checklist)
    for _, requirement in checklist.requirements.values():
        for name in _missing(requirement):
            yield Text(f"{requirement.id} 缺少 {name}", f"{requirement.id} lacks {name}")
    yield from _datasets(checklist)


def _counts(checklist: Checklist) -> Iterator[Text]:
    for chapter, declared in checklist.head.leaves.items():
        found = sum(
            len(clause.requirements) for of, clause in checklist.clauses() if of.chapter == chapter
        )
        if found != declared:
            yield Text(
                f"第 {chapter} 章应有 {declared} 项要求，实有 {found} 项",
                f"chapter {chapter} should have {declared} requirements and has {found}",
            )


def _missing(requirement: Requirement) -> Iterator[str]:
    for name in ("ask_for", "question", "sampling", "not_enough"):
        if getattr(requirement, name) is None:
            yield name
    if not requirement.keywords:
        yield "keywords"


def _datasets(checklist: Checklist) -> Iterator[Text]:
    used = _used(checklist) | _NO_RULE
    for name, dataset in checklist.datasets.items():
        if name not in used:
            yield Text(f"没有规则用到数据集 {name}", f"no rule uses the dataset {name}")
        for id_ in dataset.evidence_for:
            if id_ not in checklist.requirements:
                yield Text(
                    f"数据集 {name} 的 evidence_for 中没有要求 {id_}",
                    f"the dataset {name} is evidence for {id_}, which does not exist",
                )


def _used(checklist: Checklist) -> set[str]:
    """The datasets that a check stands on, straight or by a view."""
    named = {
        relation
        for _, requirement in checklist.requirements.values()
        for check in requirement.checks
        if isinstance(check, ScopedCheck)
        for relation in (check.dataset, *check.others())
    }
    return {name for relation in named for name in checklist.catalogue.relations[relation].needs}
