"""Knows the moment that rules are read for: cut-off, period, and the plan parameters as said or by default."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Mapping

from fcim_audit.checklist.schema import Checklist
from fcim_audit.errors import AuditError, raise_all
from fcim_audit.evidence.bundle import BundleFile
from fcim_audit.expression import Moment
from fcim_audit.language import Text
from fcim_audit.spans import PlanValue, declared


def moment_of(checklist: Checklist, bundle: BundleFile) -> tuple[Moment, frozenset[str]]:
    """Cut-off, period and plan; the names of the plan parameters left to their defaults."""
    plan = plan_values(checklist, bundle.plan, lambda name: f"bundle.yaml (plan.{name})")
    if bundle.as_of < bundle.period.start:
        raise AuditError(
            Text("截止日早于审核期间", "the cut-off lies before the audit period"),
            "as_of",
            Text("检查 as_of（或 --as-of）和 period", "check as_of (or --as-of) and period"),
        )
    end = min(bundle.period.end, bundle.as_of)
    moment = Moment(bundle.as_of, bundle.period.start, end, plan)
    return moment, frozenset(plan) - set(bundle.plan)


def plan_values(
    checklist: Checklist, said: Mapping[str, str], where: Callable[[str], str]
) -> dict[str, PlanValue]:
    """Every plan parameter by name: as said, else its default; raises AuditErrors for what won't do.

    `where` says where a parameter was written, for messages.
    """
    plan = dict(checklist.defaults)
    mistakes = []
    for name, text in said.items():
        if name not in plan:
            near = difflib.get_close_matches(name, plan, n=3) or list(plan)
            mistakes.append(
                AuditError(
                    Text(f"未知的 plan 参数 {name}", f"unknown plan parameter {name}"),
                    where(name),
                    Text(f"可用：{'、'.join(near)}", f"use one of {', '.join(near)}"),
                )
            )
            continue
        try:
            plan[name] = declared(text)
        except ValueError:
            mistakes.append(
                AuditError(
                    Text(f"{name} 的值 {text} 无法理解", f"{name}: can't understand {text}"),
                    where(name),
                    Text(
                        "写成 3 d、2 h、12 months 或数字", "write 3 d, 2 h, 12 months or a number"
                    ),
                )
            )
    raise_all(mistakes)
    return plan


def any_moment(checklist: Checklist) -> Moment:
    """A moment with the default plan: for looking at rules where there is no bundle."""
    day = dt.datetime(2025, 12, 31)
    return Moment(day, day.replace(month=1, day=1), day, checklist.defaults)
