"""Knows the models of a checklist: chapters, clauses, requirements, views and plan parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from sqlglot import exp

from fcim_audit.checks import AnyCheck
from fcim_audit.checks.plan import Catalogue, Relation, relation_of
from fcim_audit.datasets import Dataset, Identifier
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.expression import view
from fcim_audit.language import Text
from fcim_audit.model import Modality
from fcim_audit.spans import PlanValue, declared
from fcim_audit.yaml_source import Refusal, Strict

RequirementId = Annotated[str, Field(pattern=r"^\d+(\.\d+)*(-[a-z0-9]+)?$")]
ClauseId = Annotated[str, Field(pattern=r"^\d+(\.\d+)*$")]


ManagementClause = Annotated[str, Field(pattern=r"^([4-9]|10)(\.\d{1,2}){0,3}$")]
AnnexA = Annotated[
    str,
    Field(
        pattern=r"^(5\.([1-9]|[12]\d|3[0-7])|6\.[1-8]|7\.([1-9]|1[0-4])|8\.([1-9]|[12]\d|3[0-4]))$"
    ),
]


class References(Strict):
    """Where other standards ask for the like; numbers only (27001: controls of Annex A)."""

    gbt19001: tuple[ManagementClause, ...] = ()
    gbt45001: tuple[ManagementClause, ...] = ()
    iso27001: tuple[AnnexA, ...] = ()


class Requirement(Strict):
    """One leaf requirement, in our own words, and how it is checked."""

    id: RequirementId
    title: Text
    criterion: Text
    modality: Modality
    weight: Annotated[float, Field(gt=0, le=10)]
    may_be_not_applicable: bool = False
    ask_for: Text | None = None
    question: Text | None = None
    sampling: Text | None = None
    not_enough: Text | None = None
    keywords: tuple[str, ...] = ()
    interpretation: Text | None = None
    checks: Annotated[tuple[AnyCheck, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_its_checks_apart(self) -> Requirement:
        names = [check.name for check in self.checks]
        if len(set(names)) < len(names):
            raise Refusal(
                Text(f"{self.id} 的检查重名", f"{self.id} has two checks of one name"),
                Text("给每个检查不同的 name", "give each check its own name"),
            )
        return self

    @model_validator(mode="after")
    def _asks_what_data_does_not_tell(self) -> Requirement:
        for check in self.checks:
            if check.kind == "manual" and check.question is None and self.question is None:
                raise Refusal(
                    Text(f"{self.id} 缺少审核问题", f"{self.id} asks nothing"),
                    Text("补上 question", "add a question"),
                )
        return self

    @property
    def is_automatic(self) -> bool:
        """Whether data decides at least a part of it."""
        return any(check.kind != "manual" for check in self.checks)


class Clause(Strict):
    """A numbered clause; a heading without requirements of its own has none."""

    id: ClauseId
    title: Text
    references: References = References()
    lead_in: tuple[Text, ...] = ()
    """What its leading sentence asks for besides the lettered items; judged with them, told once."""
    requirements: tuple[Requirement, ...] = ()


class Chapter(Strict):
    """One file under `clauses/`."""

    chapter: Annotated[str, Field(pattern=r"^\d+$")]
    title: Text
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]


class View(Strict):
    """A named SELECT over datasets that checks may use like one."""

    name: Identifier
    title: Text
    keys: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    personal: tuple[Identifier, ...] = ()
    time: Identifier | None = None
    needs: dict[Identifier, tuple[Identifier, ...]] = Field(min_length=1)
    """Every dataset it reads, with the columns it can't do without; none: read where supplied."""
    select: str


class PlanParameter(Strict):
    """A limit that the organisation sets for itself; the default stands where it has not."""

    default: str
    title: Text

    @field_validator("default")
    @classmethod
    def _is_readable(cls, value: str) -> str:
        try:
            declared(value)
        except ValueError:
            raise Refusal(
                Text(f"无法理解 {value}", f"can't understand {value}"),
                Text(
                    "写成 3 d、2 h、12 months、95 % 或数字",
                    "write 3 d, 2 h, 12 months, 95 % or a number",
                ),
            ) from None
        return value


class CriteriaNote(Strict):
    """A defect of the standard's text, and how this checklist reads it."""

    id: str
    clauses: tuple[ClauseId, ...] = ()
    """The clauses it matters to; none: the whole standard."""
    type: Literal["edition", "text", "structure", "definition", "scope"]
    defect: Text
    reading: Text
    decided_by: Text
    decided_on: str

    def concerns(self, clause: str) -> bool:
        """Whether it matters to a clause or to one under it."""
        return any(clause == c or clause.startswith(f"{c}.") for c in self.clauses)


class Head(Strict):
    """`checklist.yaml`: what this checklist is."""

    checklist: Literal["1"]
    id: str
    edition: str
    title: Text
    criteria: Text
    criteria_notes: tuple[CriteriaNote, ...] = ()
    leaves: dict[str, int] = Field(default_factory=dict)
    """How many requirements each chapter must have."""
    plan: dict[Identifier, PlanParameter] = Field(default_factory=dict)
    views: tuple[View, ...] = ()


@dataclass(frozen=True)
class Checklist:
    """A whole checklist, sound in itself."""

    head: Head
    chapters: tuple[Chapter, ...]
    datasets: Mapping[str, Dataset]
    sha256: str

    def clauses(self) -> Iterator[tuple[Chapter, Clause]]:
        """Every clause with its chapter, in order."""
        for chapter in self.chapters:
            for clause in chapter.clauses:
                yield chapter, clause

    @cached_property
    def requirements(self) -> Mapping[str, tuple[Clause, Requirement]]:
        """Every requirement by id with its clause, in clause order."""
        return {r.id: (clause, r) for _, clause in self.clauses() for r in clause.requirements}

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the checks may name: datasets, views, plan parameters."""
        return catalogue_of(self.head, self.datasets)

    @cached_property
    def defaults(self) -> Mapping[str, PlanValue]:
        """The plan parameters' default values."""
        return {name: declared(p.default) for name, p in self.head.plan.items()}


def catalogue_of(head: Head, datasets: Mapping[str, Dataset]) -> Catalogue:
    """Datasets and views side by side; raises AuditError for a view that won't do."""
    relations = {name: relation_of(dataset) for name, dataset in datasets.items()}
    parameters = frozenset(head.plan)
    for declared_view in head.views:
        relations[declared_view.name] = view_relation(declared_view, datasets, parameters)
    return Catalogue(relations, parameters)


def view_relation(
    declared_view: View, datasets: Mapping[str, Dataset], parameters: frozenset[str]
) -> Relation:
    """A view as checks see it; raises AuditError with all its mistakes."""
    columns = {name: (*d.types, "_place", "_bad") for name, d in datasets.items()}
    below = [
        column
        for dataset in declared_view.needs
        if dataset in datasets
        for column in datasets[dataset].columns
    ]
    words: dict[str, tuple[str, ...]] = {}
    for column in below:
        words[column.name] = (*words.get(column.name, ()), *column.values)
    free = {column.name for column in below if not column.values}
    vocabularies = {name: known for name, known in words.items() if name not in free}
    select = view(declared_view.select, columns, parameters, vocabularies)
    names = dict.fromkeys(select.named_selects)
    raise_all(_unselected(declared_view, names))
    personal = {column.name for column in below if column.personal}
    return Relation(
        name=declared_view.name,
        columns=names,
        vocabularies={name: known for name, known in vocabularies.items() if name in names},
        keys=declared_view.keys,
        personal=frozenset(declared_view.personal) | _derived(select, personal),
        time=declared_view.time,
        needs={name: frozenset(n) for name, n in declared_view.needs.items() if n},
        select=select,
        origins=_origins(select, names),
    )


def _unselected(declared_view: View, names: Collection[str]) -> Iterator[AuditError]:
    wanted = (*declared_view.keys, *declared_view.personal, declared_view.time)
    for name in dict.fromkeys(filter(None, wanted)):
        if name not in names:
            yield AuditError(
                Text(f"视图没有列 {name}", f"the view has no column {name}"),
                hint=Text(f"可用：{'、'.join(names)}", f"use one of {', '.join(names)}"),
            )


def _origins(select: exp.Select, names: Collection[str]) -> dict[str, frozenset[str]]:
    """What each column of a view is made of, by name, through all of its parts."""
    made: dict[str, set[str]] = {}
    for alias in select.find_all(exp.Alias):
        below = {column.name for column in alias.this.find_all(exp.Column)}
        made.setdefault(alias.alias, set()).update(below)
    found: dict[str, frozenset[str]] = {}
    for name in names:
        seen, new = set[str](), {name}
        while new:
            seen |= new
            new = {below for n in new for below in made.get(n, ())} - seen
        found[name] = frozenset(seen - {"_place", "_bad"})
    return found


def _derived(select: exp.Select, personal: Collection[str]) -> frozenset[str]:
    """Personal columns of the datasets below and every name that a view makes from one."""
    made = set(personal)
    aliases = list(select.find_all(exp.Alias))
    while True:
        more = {alias.alias for alias in aliases if _says(alias.this, made)}
        if more <= made:
            return frozenset(made)
        made |= more


def _says(value: exp.Expr, personal: Collection[str]) -> bool:
    """Whether a value can hold what a personal column holds; a count or a comparison can't."""
    if isinstance(value, exp.Column):
        return value.name in personal
    if isinstance(value, exp.Count | exp.Predicate | exp.Connector | exp.Not):
        return False
    if isinstance(value, exp.Window):
        return _says(value.this, personal)
    if isinstance(value, exp.Case):
        chosen = [branch.args["true"] for branch in value.args.get("ifs", ())]
        return any(
            _says(c, personal) for c in (*chosen, value.args.get("default")) if c is not None
        )
    return any(_says(child, personal) for child in value.iter_expressions())
