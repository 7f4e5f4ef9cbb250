"""Knows the rows that a check looks at, and spells its expressions over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from fcim_audit.checks.plan import Catalogue, Relation
from fcim_audit.errors import AuditError
from fcim_audit.expression import Condition, Moment, bound, condition
from fcim_audit.language import Text


@dataclass(frozen=True, slots=True)
class Scope:
    """One relation with the catalogue's words at hand: parses, binds, and writes the FROM."""

    relation: Relation
    catalogue: Catalogue
    moment: Moment
    used: set[str] = field(default_factory=set)

    @classmethod
    def over(cls, name: str, catalogue: Catalogue, moment: Moment) -> Scope:
        """The scope over a dataset or view; raises AuditError if there is none of that name."""
        relation = catalogue.relations.get(name)
        if relation is None:
            raise AuditError(
                Text(f"未知的数据集 {name}", f"unknown dataset {name}"),
                hint=Text("用 checklist show 查看数据集", "see the datasets with checklist show"),
            )
        return cls(relation, catalogue, moment)

    def parsed(self, text: str) -> Condition:
        """Parse a condition over this relation; its columns count as needed."""
        read = self._read(text)
        self.used.update(read.columns)
        return read

    def _read(self, text: str) -> Condition:
        try:
            return condition(
                text, self.relation.columns, self.relation.vocabularies, self.catalogue.parameters
            )
        except AuditError as error:
            if self.catalogue.mistakes is None:
                raise
            self.catalogue.mistakes.append(error)
            return Condition(text, exp.null(), frozenset(), frozenset())

    def sql(self, text: str) -> exp.Expr:
        """A condition in plain SQL, in brackets."""
        return exp.paren(bound(self.parsed(text).tree, self.moment), copy=False)

    def column(self, name: str) -> exp.Expr:
        """A column that must exist; it counts as needed."""
        return self.sql(name).unnest()

    def source(self) -> exp.Expr:
        """What stands behind FROM: the table, or the view's SELECT in brackets."""
        if self.relation.select is None:
            return exp.to_table(self.relation.name)
        select = bound(self.relation.select, self.moment)
        return exp.Subquery(
            this=select, alias=exp.TableAlias(this=exp.to_identifier(self.relation.name))
        )

    def unreadable(self, columns: Sequence[str]) -> exp.Expr:
        """SQL for: one of these cells of the row could not be understood."""
        made_of = {name for c in columns for name in (c, *self.relation.origins.get(c, ()))}
        tests = [
            exp.Like(this=exp.column("_bad"), expression=exp.Literal.string(f"%,{name},%"))
            for name in sorted(made_of)
        ]
        return exp.paren(exp.or_(*tests, copy=False), copy=False) if tests else exp.false()

    def key(self) -> exp.Expr:
        """The row's key as text, without personal columns; empty text if nothing is left."""
        names = [name for name in self.relation.keys if name not in self.relation.personal]
        parts: list[exp.Expr] = []
        for name in names:
            if parts:
                parts.append(exp.Literal.string(" / "))
            parts.append(
                exp.func(
                    "COALESCE",
                    exp.cast(exp.column(name), "VARCHAR", copy=False),
                    exp.Literal.string(""),
                )
            )
        if not parts:
            return exp.Literal.string("")
        return exp.Concat(expressions=parts) if len(parts) > 1 else parts[0]

    def shown(self, columns: Mapping[str, str]) -> dict[str, exp.Expr]:
        """The values to show beside an exception; a personal column is refused."""
        values: dict[str, exp.Expr] = {}
        for name, text in columns.items():
            read = self._read(text)
            personal = sorted(read.columns & self.relation.personal)
            if personal:
                raise AuditError(
                    Text(
                        f"{personal[0]} 是个人信息，不得展示",
                        f"{personal[0]} is personal and may not be shown",
                    )
                )
            values[name] = exp.cast(bound(read.tree, self.moment), "VARCHAR", copy=False)
        return values

    def needs(self, optional: Sequence[str] = ()) -> dict[str, frozenset[str]]:
        """The datasets and the columns of them that must have been supplied."""
        if self.relation.select is not None:
            return dict(self.relation.needs)
        return {self.relation.name: frozenset(self.used - set(optional))}

    def period(self, active: bool) -> dict[str, exp.Expr]:
        """States for rows that the period leaves out: `outside`, or `unknown` without a stamp."""
        if not active or self.relation.time is None:
            return {}
        time = exp.column(self.relation.time)
        inside = exp.Between(
            this=exp.cast(time.copy(), "TIMESTAMP", copy=False),
            low=bound(exp.Placeholder(this="period_start"), self.moment),
            high=bound(exp.Placeholder(this="period_end"), self.moment),
        )
        return {
            "unknown": exp.Is(this=time, expression=exp.Null()),
            "outside": exp.Not(this=exp.paren(inside, copy=False)),
        }
