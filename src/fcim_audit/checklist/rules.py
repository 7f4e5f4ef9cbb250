"""Knows whether a checklist's rules are sound, also where other parts of it are not.

A view, dataset or plan parameter that is itself mistaken is not held against the checks that name it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ValidationError
from sqlglot import exp

from fcim_audit.checklist.files import Read
from fcim_audit.checklist.schema import (
    Chapter,
    Head,
    PlanParameter,
    Requirement,
    View,
    view_relation,
)
from fcim_audit.checks import AnyCheck
from fcim_audit.checks.plan import Catalogue, Relation, relation_of
from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, AuditErrors
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.spans import PlanValue, declared
from fcim_audit.yaml_source import Loc

_ANY_DAY = dt.datetime(2025, 6, 30, 12)


def unsound_rules(
    head: Read[Head], chapters: Sequence[Read[Chapter]], datasets: Sequence[Read[Dataset]]
) -> Iterator[AuditError]:
    """Every mistake in views and checks that can be told."""
    named = {part.model.name: part.model for part in datasets if part.model is not None}
    broken = {str(part.at("name")) for part in datasets if part.model is None}
    plan = _plan(head, broken)
    relations = {name: relation_of(dataset) for name, dataset in named.items()}
    for number, declared_view in _views(head, broken):
        parameters = frozenset(plan) | broken
        mistakes = list(_unsound_view(declared_view, named, parameters))
        if mistakes:
            if not _mentions(declared_view, broken):
                where = head.where(("views", number, "select"))
                yield from (_placed(error, where) for error in mistakes)
            broken.add(declared_view.name)
        else:
            relations[declared_view.name] = view_relation(declared_view, named, parameters)
    for part in chapters:
        for id_, check, loc in _checks(part):
            if not _mentions(check, broken):
                for error in _unsound_check(check, relations, plan):
                    yield _placed(error, part.where(loc), f"{id_}：", f"{id_}: ")


def _plan(head: Read[Head], broken: set[str]) -> dict[str, PlanValue]:
    if head.model is not None:
        return {name: declared(p.default) for name, p in head.model.plan.items()}
    plan = {}
    raw = head.at("plan")
    for name, value in raw.items() if isinstance(raw, dict) else ():
        try:
            plan[name] = declared(PlanParameter.model_validate(value).default)
        except ValidationError:
            broken.add(name)
    return plan


def _views(head: Read[Head], broken: set[str]) -> Iterator[tuple[int, View]]:
    if head.model is not None:
        yield from enumerate(head.model.views)
        return
    for number in range(head.size("views")):
        try:
            yield number, View.model_validate(head.at("views", number))
        except ValidationError:
            broken.add(str(head.at("views", number, "name")))


def _checks(part: Read[Chapter]) -> Iterator[tuple[str, AnyCheck, Loc]]:
    for requirement, loc in _requirements(part):
        for number, check in enumerate(requirement.checks):
            yield requirement.id, check, (*loc, "checks", number)


def _requirements(part: Read[Chapter]) -> Iterator[tuple[Requirement, Loc]]:
    if part.model is not None:
        for c, clause in enumerate(part.model.clauses):
            for r, requirement in enumerate(clause.requirements):
                yield requirement, ("clauses", c, "requirements", r)
        return
    for c in range(part.size("clauses")):
        for r in range(part.size("clauses", c, "requirements")):
            loc = ("clauses", c, "requirements", r)
            try:
                yield Requirement.model_validate(part.at(*loc)), loc
            except ValidationError:
                continue  # its mistakes are told with the chapter's


def _unsound_view(
    declared_view: View, named: Mapping[str, Dataset], parameters: frozenset[str]
) -> Iterator[AuditError]:
    if declared_view.name in named:
        name = declared_view.name
        yield AuditError(
            Text(f"视图与数据集 {name} 重名", f"the view has the name of the dataset {name}")
        )
    for name, needed in declared_view.needs.items():
        known = named[name].types if name in named else {}
        for column in needed:
            if column not in known:
                yield AuditError(
                    Text(f"needs 中没有 {name}.{column}", f"needs names no column {name}.{column}")
                )
    try:
        relation = view_relation(declared_view, named, parameters)
    except AuditError as error:
        yield from error.errors if isinstance(error, AuditErrors) else (error,)
        return
    assert relation.select is not None
    for table in sorted({table.name for table in relation.select.find_all(exp.Table)} & set(named)):
        if table not in declared_view.needs:
            yield AuditError(
                Text(f"needs 中缺少数据集 {table}", f"the dataset {table} is missing in needs"),
                hint=Text("列出视图用到的每个数据集及其列", "list every dataset the view reads"),
            )


def _unsound_check(
    check: AnyCheck, relations: Mapping[str, Relation], plan: Mapping[str, PlanValue]
) -> Iterator[AuditError]:
    found: list[AuditError] = []
    moment = Moment(_ANY_DAY, _ANY_DAY.replace(year=2024), _ANY_DAY, plan)
    try:
        check.plan(Catalogue(relations, frozenset(plan), found), moment)
    except AuditError as error:
        found.append(error)
    for mistake in found:
        yield from mistake.errors if isinstance(mistake, AuditErrors) else (mistake,)


def _mentions(part: BaseModel, broken: set[str]) -> bool:
    if not broken:
        return False
    text = part.model_dump_json()
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in broken)


def _placed(error: AuditError, where: str, zh: str = "", en: str = "") -> AuditError:
    problem = Text(zh + error.problem.zh, en + error.problem.en)
    return AuditError(problem, where, error.hint)
