"""Knows what every kind of check shares: what it may speak of, its query, and how counts conclude.

A check compiles to *units*: a query with one row for each thing that must be as it should, in one of
the states `good`, `bad`, `unknown` (a cell it needs could not be understood), `not_due`, `excluded`
or `outside` (not in the audit period). Counting, listing and concluding are the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, field_validator
from sqlglot import exp

from fcim_audit.datasets import ColumnType, Dataset, Identifier
from fcim_audit.errors import AuditError
from fcim_audit.expression import Condition, Moment, bound, condition, stamp
from fcim_audit.language import Text
from fcim_audit.model import (
    Breakdown,
    Consequence,
    Counts,
    Coverage,
    ExceptionRow,
    Figure,
    Outcome,
    Target,
    Verdict,
)
from fcim_audit.sampling import lower_bound, share_verdict
from fcim_audit.spans import PlanValue, Span, declared
from fcim_audit.yaml_source import Refusal, Strict

STATES = ("good", "bad", "unknown", "not_due", "excluded", "outside")
ROW_MASK = 1 << 40
RESERVED = frozenset({*STATES, "key", "state", "why", "place", "item", "top", "bottom"})
"""Names that queries of checks use themselves."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A dataset or a view as checks see it."""

    name: str
    columns: Mapping[str, ColumnType | None]
    vocabularies: Mapping[str, tuple[str, ...]]
    keys: tuple[str, ...]
    personal: frozenset[str]
    time: str | None
    needs: Mapping[str, frozenset[str]]
    select: exp.Select | None = None
    origins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a view: the columns below that each of its columns is made of."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that checks may name.

    Where `mistakes` is a list, wrong expressions are gathered there instead of being raised.
    """

    relations: Mapping[str, Relation]
    parameters: frozenset[str]
    mistakes: list[AuditError] | None = None


def relation_of(dataset: Dataset) -> Relation:
    """A dataset as checks see it."""
    return Relation(
        name=dataset.name,
        columns=dict(dataset.types),
        vocabularies={c.name: tuple(c.values) for c in dataset.columns if c.values},
        keys=dataset.keys,
        personal=frozenset(c.name for c in dataset.columns if c.personal),
        time=dataset.time,
        needs={dataset.name: frozenset()},
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The queries of one check, own functions already replaced.

    `summary` yields one row: a count for each of STATES, then what the kind adds. `listing` yields
    `_place, key, state, why` and one column for each name in `shown`, worst place first.
    """

    summary: exp.Select
    listing: exp.Select
    shown: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    detail: exp.Select | None = None
    beside_needs: tuple[frozenset[str], ...] = ()
    parts: exp.Select | None = None

    @property
    def queries(self) -> tuple[exp.Select | None, ...]:
        """Everything that it may ask."""
        return self.summary, self.listing, self.detail, self.parts

    def spelled(
        self, spell: Callable[[exp.Select], str], newest: exp.Select | None = None
    ) -> Spelled:
        """The same in the words of an engine."""
        return Spelled(
            summary=spell(self.summary),
            columns=tuple(self.summary.named_selects),
            listing=spell(self.listing),
            shown=self.shown,
            needs={name: frozenset(columns) for name, columns in self.needs.items()},
            detail=None if self.detail is None else spell(self.detail),
            beside_needs=self.beside_needs,
            newest=None if newest is None else spell(newest),
            parts=None if self.parts is None else spell(self.parts),
        )


@dataclass(frozen=True, slots=True)
class Spelled:
    """A plan as SQL text; `columns` are those of the summary, `newest` asks for the latest stamp.

    `parts` counts the same by month and site, where a check carries an indicator.
    """

    summary: str
    columns: tuple[str, ...]
    listing: str
    shown: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    detail: str | None
    beside_needs: tuple[frozenset[str], ...]
    newest: str | None
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Every column of every dataset that the queries look at, whether it must be there or not."""
    verbatim: frozenset[str] = frozenset()
    """The columns that stand beside an exception as they are: keys, and what `show` merely names."""
    parts: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What running a plan gave, and how far the evidence behind it carries."""

    summary: Mapping[str, Any]
    exceptions: tuple[ExceptionRow, ...] = ()
    detail: tuple[tuple[Any, ...], ...] = ()
    parts: tuple[tuple[Any, ...], ...] = ()
    coverage: Coverage = Coverage.POPULATION
    population_size: int | None = None
    provided: frozenset[str] = frozenset()

    @property
    def counts(self) -> Counts:
        """The rows by state."""
        return Counts(**{state: int(self.summary.get(state) or 0) for state in STATES})


def _share(value: object) -> object:
    try:
        read = declared(str(value))
    except ValueError:
        read = None
    if not isinstance(read, Fraction):
        raise Refusal(
            Text(f"{value} 不是数值", f"{value} is not a figure"),
            Text("写成 95 % 或 0.95", "write 95 % or 0.95"),
        )
    return read


def _limit(value: object) -> object:
    text = str(value).strip()
    if text.startswith("$"):
        return text
    try:
        read: PlanValue | None = declared(text)
    except ValueError:
        read = None
    if not isinstance(read, Span):
        raise Refusal(
            Text(f"{text} 不是时长", f"{text} is not a length of time"),
            Text("写成 2 h、3 d、12 months 或 $参数", "write 2 h, 3 d, 12 months or $parameter"),
        )
    return text


Share = Annotated[Fraction, BeforeValidator(_share), Field(json_schema_extra={"type": "string"})]
Limit = Annotated[str, BeforeValidator(_limit)]


class Exclusion(Strict):
    """Rows that don't belong to the population, and why."""

    when: str
    reason: Text


class Check(Strict):
    """What the YAML of every kind may say."""

    absence_decides: ClassVar[bool] = False
    """Whether a row that is not there counts against: then a sample can't prove a failure."""

    name: Identifier
    title: Text | None = None
    consequence: Consequence = Consequence.NONE
    kpi: bool = False

    def plan(self, catalogue: Catalogue, moment: Moment) -> Plan | None:
        """The check's queries; None for a kind that asks no data."""
        raise NotImplementedError

    def conclude(self, check_id: str, plan: Spelled, facts: Facts) -> Outcome:
        """The outcome from what the queries gave."""
        raise NotImplementedError

    def parameters(self) -> frozenset[str]:
        """The plan parameters that the check uses."""
        found: set[str] = set()
        for value in self.model_dump(mode="python").values():
            found.update(_parameters_in(value))
        return frozenset(found)


def _parameters_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        for part in value.replace("(", " ").replace(")", " ").replace(",", " ").split():
            if part.startswith("$"):
                yield part[1:]
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _parameters_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _parameters_in(inner)


class ScopedCheck(Check):
    """A check on the rows of one dataset or view."""

    dataset: Identifier
    where: str | None = None
    exclude: tuple[Exclusion, ...] = ()
    not_due: str | None = None
    in_period: bool = True
    optional: tuple[Identifier, ...] = ()
    show: dict[Identifier, str] = Field(default_factory=dict)
    at_least: Annotated[int, Field(ge=1)] = 1
    fresh_within: Limit | None = None

    min_period: Limit | None = None
    when_supplied: Identifier | None = None
    """Looks closer where this dataset is handed in; says nothing where it is not."""

    @field_validator("show")
    @classmethod
    def _leaves_our_names_alone(cls, value: dict[str, str]) -> dict[str, str]:
        taken = sorted(set(value) & RESERVED)
        if taken:
            raise Refusal(
                Text(f"show 不能用名字 {taken[0]}", f"show may not use the name {taken[0]}"),
                Text("换一个名字", "take another name"),
            )
        return value

    def newest(self, catalogue: Catalogue, moment: Moment) -> exp.Select | None:
        """The query for the latest stamp up to the cut-off, where fresh rows are demanded."""
        scope = Scope.over(self.dataset, catalogue, moment)
        if self.fresh_within is None or scope.relation.time is None:
            return None
        time = exp.cast(exp.column(scope.relation.time), "TIMESTAMP")
        past = exp.LTE(this=time.copy(), expression=stamp(moment.as_of))
        latest = exp.cast(exp.Max(this=time), "VARCHAR")
        return exp.select(latest).from_(scope.source(), copy=False).where(past, copy=False)

    def breakdown(self, facts: Facts) -> tuple[Breakdown, ...]:
        """The figure by month and site, where the check carries an indicator."""
        return ()

    def others(self) -> tuple[str, ...]:
        """The further datasets or views that it looks into."""
        return ()


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


def is_true(test: exp.Expr) -> exp.Expr:
    """The test holds for sure; SQL's unknown does not."""
    return exp.Is(this=exp.paren(test.copy(), copy=False), expression=exp.true())


def case(branches: Sequence[tuple[exp.Expr, str]], otherwise: str) -> exp.Expr:
    """CASE WHEN test THEN 'word' ... ELSE 'word' END."""
    made = exp.Case()
    for test, word in branches:
        made = made.when(test, exp.Literal.string(word), copy=False)
    return made.else_(exp.Literal.string(otherwise), copy=False)


def as_units(
    scope: Scope,
    check: ScopedCheck,
    good: exp.Expr,
    *,
    why: exp.Expr | None = None,
    not_due: exp.Expr | None = None,
    extra: Mapping[str, exp.Expr] | None = None,
) -> exp.Select:
    """One row a unit: `_place`, `key`, `state`, `why`, the shown values, then `extra` columns."""
    where = scope.sql(check.where) if check.where is not None else None
    decisive = set(scope.used)
    branches: list[tuple[exp.Expr, str]] = [
        (test, state) for state, test in scope.period(check.in_period).items()
    ]
    if where is not None:
        branches.append((exp.Not(this=exp.paren(is_true(where), copy=False)), "unknown"))
    branches += [(is_true(scope.sql(e.when)), "excluded") for e in check.exclude]
    if check.not_due is not None:
        branches.append((is_true(scope.sql(check.not_due)), "not_due"))
    if not_due is not None:
        branches.append((is_true(not_due), "not_due"))
    lenient = sorted(_lenient(good) & set(scope.relation.columns))
    if lenient:
        branches.append((exp.and_(is_true(good), scope.unreadable(lenient)), "unknown"))
    branches.append((is_true(good), "good"))
    branches.append((scope.unreadable(sorted(scope.used)), "unknown"))
    select = exp.select(
        exp.column("_place"),
        exp.alias_(scope.key(), "key", copy=False),
        exp.alias_(case(branches, "bad"), "state", copy=False),
        exp.alias_(why if why is not None else exp.Literal.string(""), "why", copy=False),
        *(exp.alias_(value, name, copy=False) for name, value in scope.shown(check.show).items()),
        *(exp.alias_(value, name, copy=False) for name, value in (extra or {}).items()),
    ).from_(scope.source(), copy=False)
    if where is None:
        return select
    unclear = exp.and_(
        exp.Is(this=where.copy(), expression=exp.Null()),
        scope.unreadable(sorted(decisive)),
        copy=False,
    )
    return select.where(exp.or_(is_true(where), unclear, copy=False), copy=False)


def _lenient(test: exp.Expr) -> set[str]:
    """Columns whose emptiness can make a test hold: an unreadable cell must not pass for empty."""
    found: set[str] = set()
    for node in test.find_all(exp.Is, exp.Coalesce, exp.Case, exp.NullSafeEQ, exp.NullSafeNEQ):
        asks = isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null)
        refuses = isinstance(node, exp.Is) and isinstance(node.parent, exp.Not)
        if not asks and not refuses:
            found |= {column.name for column in node.find_all(exp.Column)}
    return found


def planned(
    units: exp.Select,
    shown: Sequence[str],
    needs: Mapping[str, frozenset[str]],
    sums: Mapping[str, exp.Expr] | None = None,
    detail: exp.Select | None = None,
) -> Plan:
    """The plan over units; `sums` are further columns of the summary."""
    counts = [
        exp.alias_(exp.Sum(this=_one_if(exp.column("state").eq(state))), state, copy=False)
        for state in STATES
    ]
    summary = exp.select(
        *counts, *(exp.alias_(value, name, copy=False) for name, value in (sums or {}).items())
    ).from_(units.subquery("units", copy=False), copy=False)
    listed = exp.column("state").isin("bad", "unknown")
    listing = (
        exp.select("_place", "key", "state", "why", *(exp.column(name) for name in shown))
        .from_(units.subquery("units", copy=False), copy=False)
        .where(listed, copy=False)
        .order_by("_place", "key", "why", copy=False)
    )
    return Plan(summary, listing, tuple(shown), needs, detail)


def _one_if(test: exp.Expr) -> exp.Expr:
    return (
        exp.Case()
        .when(test, exp.Literal.number(1), copy=False)
        .else_(exp.Literal.number(0), copy=False)
    )


def count_if(test: exp.Expr) -> exp.Expr:
    """SUM(CASE WHEN test IS TRUE THEN 1 ELSE 0 END)."""
    return exp.Sum(this=_one_if(is_true(test)))


def listed(words: Sequence[str]) -> exp.Query:
    """SELECT 'a' AS item UNION ALL SELECT 'b' ..."""
    selects = [
        exp.select(exp.alias_(exp.Literal.string(word), "item", copy=False)) for word in words
    ]
    made: exp.Query = selects[0]
    for select in selects[1:]:
        made = exp.union(made, select, distinct=False, copy=False)
    return made


def span_of(limit: str, moment: Moment) -> Span:
    """A limit as a length of time; raises AuditError for a parameter that is none."""
    if not limit.startswith("$"):
        read = declared(limit)
    elif limit[1:] in moment.plan:
        read = moment.plan[limit[1:]]
    else:
        raise AuditError(
            Text(f"未知的参数 {limit}", f"unknown parameter {limit}"),
            hint=Text("在检查表的 plan 中声明它", "declare it under plan in the checklist"),
        )
    if not isinstance(read, Span):
        raise AuditError(
            Text(f"参数 {limit} 不是时长", f"the parameter {limit} is not a length of time"),
            hint=Text("写成 3 d、2 h 或 12 months", "write it as 3 d, 2 h or 12 months"),
        )
    return read


def share_outcome(
    check: Check, check_id: str, kind: str, facts: Facts, target: Target, at_least: int = 1
) -> Outcome:
    """The outcome of a check whose figure is the share of good units."""
    counts = facts.counts
    verdict = share_verdict(
        counts.good, counts.bad, counts.unknown, target.value, facts.coverage, facts.population_size
    )
    reasons = list(_remarks(counts))
    if counts.population == 0:
        reasons.append(Text("范围内没有任何记录", "no row is in scope"))
    elif counts.population < at_least and verdict is Verdict.PASS:
        verdict = Verdict.INCONCLUSIVE
        reasons.append(
            Text(
                f"记录少于 {at_least} 条，不足以下结论",
                f"fewer than {at_least} rows, too few to conclude",
            )
        )
    bound = lower_bound(
        counts.bad + counts.unknown, counts.population, facts.coverage, facts.population_size
    )
    if facts.coverage is not Coverage.POPULATION:
        reasons.append(_sample_remark(facts, counts, bound))
    value = Fraction(counts.good, counts.population) if counts.population else None
    return Outcome(
        check_id=check_id,
        kind=kind,
        verdict=verdict,
        measured=Figure(value, "ratio"),
        target=target,
        numerator=counts.good,
        denominator=counts.population,
        counts=counts,
        coverage=facts.coverage,
        bound=bound,
        exceptions=facts.exceptions,
        exception_count=counts.bad + counts.unknown,
        reasons=tuple(reasons),
        consequence=check.consequence,
        is_kpi=check.kpi,
    )


def _remarks(counts: Counts) -> Iterator[Text]:
    if counts.unknown:
        yield Text(
            f"{counts.unknown} 条有读不懂的单元格，既不算符合也不算不符合",
            f"{counts.unknown} have cells that could not be understood: neither met nor not met",
        )
    if counts.not_due:
        yield Text(
            f"{counts.not_due} 条截止时未到期，不计入",
            f"{counts.not_due} not yet due at the cut-off, not counted",
        )
    if counts.excluded:
        yield Text(f"{counts.excluded} 条按规则排除", f"{counts.excluded} excluded by rule")
    if counts.outside:
        yield Text(
            f"{counts.outside} 条不在审核期间内", f"{counts.outside} outside the audit period"
        )


def _sample_remark(facts: Facts, counts: Counts, bound: Fraction | None) -> Text:
    size = "?" if facts.population_size is None else str(facts.population_size)
    if facts.population_size is not None and facts.population_size < counts.population:
        return Text(
            f"申报总体 {size} 条，少于样本 {counts.population} 条，不能下结论",
            f"the declared population of {size} is smaller than the sample of {counts.population}",
        )
    if facts.coverage is Coverage.RANDOM_SAMPLE:
        share = "?" if bound is None else f"{float(bound * 100):.2f} %"
        return Text(
            f"随机抽样 {counts.population}/{size}：95 % 单侧置信下至少 {share}",
            f"random sample {counts.population} of {size}: at least {share} at 95 % one-sided",
        )
    return Text(
        f"判断抽样 {counts.population}/{size}，不作推断，仅在确定时下结论",
        f"judgement sample {counts.population} of {size}: no inference, concluded only where certain",
    )
