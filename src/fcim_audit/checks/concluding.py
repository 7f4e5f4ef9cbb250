"""Knows how counts conclude: exact shares against targets, with what has to be remarked."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fcim_audit.checks.base import Check
from fcim_audit.checks.plan import Facts
from fcim_audit.errors import AuditError
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.model import Counts, Coverage, Figure, Outcome, Target, Verdict
from fcim_audit.sampling import lower_bound, share_verdict
from fcim_audit.spans import Span, declared


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
