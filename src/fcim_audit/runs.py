"""Knows how one check is run on what was handed in: what hinders it, what it finds, what tempers that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from fcim_audit.checklist.schema import Requirement
from fcim_audit.checks import AnyCheck, ManualCheck
from fcim_audit.checks.base import ScopedCheck
from fcim_audit.checks.concluding import span_of
from fcim_audit.checks.plan import Facts, Spelled
from fcim_audit.engines.base import Engine, Row
from fcim_audit.errors import AuditError
from fcim_audit.evidence.bundle import TEXT_DATASET
from fcim_audit.evidence.holdings import Holdings, Table
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.model import (
    Cell,
    Coverage,
    ExceptionRow,
    Figure,
    Lead,
    Outcome,
    Place,
    Verdict,
)
from fcim_audit.plans import Plans
from fcim_audit.wording import hidden_texts

_WEAKEST_FIRST = (Coverage.JUDGEMENT_SAMPLE, Coverage.RANDOM_SAMPLE, Coverage.POPULATION)


def _not_supplied(table: Table, absent: Sequence[str]) -> Text:
    """Which columns a dataset does not supply, and which files lack one that others have."""
    lacking = dict.fromkeys(file for name in absent for file in table.partly.get(name, ()))
    some = Text(
        f"（缺于 {'、'.join(lacking)}）" if lacking else "",
        f" (not in {', '.join(lacking)})" if lacking else "",
    )
    return Text(
        f"{table.dataset} 没有提供列 {'、'.join(absent)}{some.zh}",
        f"{table.dataset} does not supply {', '.join(absent)}{some.en}",
    )


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation under way."""

    moment: Moment
    holdings: Holdings
    engine: Engine
    plans: Plans

    def outcome(self, requirement: Requirement, check: AnyCheck) -> Outcome:
        """What one check of a requirement found, or why it could not look."""
        check_id = f"{requirement.id}.{check.name}"
        if isinstance(check, ManualCheck):
            return check.unanswered(check_id, requirement.question)
        plan = self.plans[check_id]
        sql = plan.summary
        if check.when_supplied is not None and not self._is_supplied(check.when_supplied):
            reason = Text("没有提供这类证据，不适用", "none of this evidence was handed in")
            return Outcome(
                check_id=check_id,
                kind=check.kind,
                verdict=Verdict.NOT_APPLICABLE,
                measured=Figure(None, "ratio"),
                title=check.title,
                datasets=tuple(plan.needs),
                sql=sql,
                reasons=(reason,),
            )
        obstacle = self._obstacle(plan, check)
        if obstacle is not None:
            verdict, reason = obstacle
            return Outcome(
                check_id=check_id,
                kind=check.kind,
                verdict=verdict,
                measured=Figure(None, "ratio"),
                datasets=tuple(plan.needs),
                sql=sql,
                reasons=(reason,),
                consequence=check.consequence,
                is_kpi=check.kpi,
            )
        try:
            facts = self._facts(plan)
        except AuditError as error:
            raise AuditError(error.problem, check_id, error.hint) from error
        outcome = check.conclude(check_id, plan, facts)
        notes = tuple(n for name in plan.needs for n in self.holdings.tables[name].notes)
        outcome = replace(
            outcome,
            title=check.title,
            datasets=tuple(plan.needs),
            sql=sql,
            reasons=(*outcome.reasons, *notes),
            by=check.breakdown(facts),
        )
        tempered = self._tempered(outcome, plan, check)
        return replace(tempered, reasons=(*tempered.reasons, *hidden_texts(tempered)))

    def _is_supplied(self, dataset: str) -> bool:
        table = self.holdings.tables.get(dataset)
        some = table is not None and table.rows > 0
        return some or bool(self.holdings.unreadable.get(dataset))

    def _obstacle(self, plan: Spelled, check: ScopedCheck) -> tuple[Verdict, Text] | None:
        for name, columns in plan.needs.items():
            table = self.holdings.tables.get(name)
            if table is None or table.rows == 0:
                broken = self.holdings.unreadable.get(name, ())
                if broken:
                    files = "、".join(broken), ", ".join(broken)
                    return Verdict.UNREADABLE, Text(f"读不了 {files[0]}", f"can't read {files[1]}")
                if table is None:
                    return Verdict.NO_EVIDENCE, Text(
                        f"没有数据集 {name}", f"no evidence for {name}"
                    )
                return Verdict.NO_EVIDENCE, Text(f"数据集 {name} 没有记录", f"{name} has no rows")
            absent = sorted(columns - table.provided)
            if absent:
                return Verdict.NO_EVIDENCE, _not_supplied(table, absent)
        return None

    def _facts(self, plan: Spelled) -> Facts:
        (row,) = self.engine.rows(plan.summary)
        summary = dict(zip(plan.columns, row, strict=True))
        wrong = any(summary.get(state) for state in ("bad", "unknown"))
        listed = self.engine.rows(plan.listing) if wrong else []
        tables = [self.holdings.tables[name] for name in plan.needs]
        sampled = min((t for t in tables), key=lambda t: _WEAKEST_FIRST.index(t.coverage))
        return Facts(
            summary=summary,
            exceptions=tuple(self._exception(plan, row) for row in listed),
            detail=() if plan.detail is None else tuple(self.engine.rows(plan.detail)),
            parts=() if plan.parts is None else tuple(self.engine.rows(plan.parts)),
            coverage=sampled.coverage,
            population_size=sampled.population_size,
            provided=frozenset().union(*(table.provided for table in tables)),
        )

    def _rows(self, query: exp.Select) -> list[Row]:
        return self.engine.rows(self.engine.sql(query))

    def _exception(self, plan: Spelled, row: Row) -> ExceptionRow:
        place, key, state, why, *values = row
        part, number = self.holdings.part(int(str(place)))
        return ExceptionRow(
            place=Place(part.file, part.sheet, number),
            key=str(key),
            why=str(why or ""),
            unknown=state == "unknown",
            values={name: _cell(v) for name, v in zip(plan.shown, values, strict=True)},
        )

    def _tempered(self, outcome: Outcome, plan: Spelled, check: ScopedCheck) -> Outcome:
        """A pass does not survive unread files, stale rows or too short a period."""
        outcome = self._sampled(outcome, plan, check)
        if outcome.verdict is not Verdict.PASS:
            return outcome
        for verdict, reason in self._doubts(plan, check):
            return replace(outcome, verdict=verdict, reasons=(*outcome.reasons, reason))
        return outcome

    def _sampled(self, outcome: Outcome, plan: Spelled, check: ScopedCheck) -> Outcome:
        """A sample does not show that what is not in it is missing."""
        decides = check.absence_decides or len(plan.needs) > 1
        if outcome.coverage is Coverage.POPULATION or not decides:
            return outcome
        if outcome.verdict is not Verdict.FAIL and outcome.kind != "cadence":
            return outcome
        reason = Text(
            "抽样数据不能证明缺失", "a sample can't prove that what is not in it is missing"
        )
        verdict = Verdict.INCONCLUSIVE
        return replace(outcome, verdict=verdict, reasons=(*outcome.reasons, reason))

    def _doubts(self, plan: Spelled, check: ScopedCheck) -> Iterator[tuple[Verdict, Text]]:
        for name in plan.needs:
            broken = self.holdings.unreadable.get(name, ())
            if broken:
                yield (
                    Verdict.UNREADABLE,
                    Text(
                        f"还有读不了的文件：{'、'.join(broken)}",
                        f"some files can't be read: {', '.join(broken)}",
                    ),
                )
            unparsed = self.holdings.tables[name].unparsed
            if unparsed:
                yield (
                    Verdict.INCONCLUSIVE,
                    Text(
                        f"{name} 有 {unparsed} 行未能解析",
                        f"{unparsed} lines of {name} could not be parsed",
                    ),
                )
        if check.min_period is not None:
            span = span_of(check.min_period, self.moment)
            if self.moment.period_start > span.ago(self.moment.period_end):
                yield (
                    Verdict.INCONCLUSIVE,
                    Text(f"期间不足 {span}", f"the period is shorter than {span}"),
                )
        newest = self._newest(plan, check)
        if newest is not None:
            yield (
                Verdict.STALE,
                Text(f"最新记录是 {newest}，已过时", f"the newest row is of {newest}: stale"),
            )

    def _newest(self, plan: Spelled, check: ScopedCheck) -> str | None:
        if plan.newest is None or check.fresh_within is None:
            return None
        ((newest,),) = self.engine.rows(plan.newest)
        oldest = span_of(check.fresh_within, self.moment).ago(self.moment.as_of)
        stale = newest is None or str(newest) < oldest.isoformat(sep=" ")
        return str(newest) if stale else None

    def paragraphs(self) -> Iterator[Lead]:
        """Every paragraph of the documents handed in."""
        if TEXT_DATASET not in self.holdings.tables:
            return
        columns = ("_place", "number", "page", "heading", "text")
        query = exp.select(*columns).from_(TEXT_DATASET).order_by("_place")
        for place, number, page, heading, text in self._rows(query):
            part, _ = self.holdings.part(int(str(place)))
            shown = None if page is None else int(str(page))
            yield Lead(part.file, int(str(number)), shown, str(heading or ""), str(text or ""))

    def corrected(self) -> frozenset[str]:
        """Requirement ids for which a corrective action is on record."""
        table: Table | None = self.holdings.tables.get("corrective_actions")
        if table is None or "requirement_id" not in table.provided:
            return frozenset()
        query = exp.select("requirement_id").distinct().from_("corrective_actions")
        return frozenset(str(row[0]) for row in self._rows(query) if row[0] is not None)


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, int):
        return value
    text = str(value)
    return (
        text.rstrip("0").rstrip(".")
        if "." in text and text.replace(".", "", 1).lstrip("-").isdigit()
        else text
    )
