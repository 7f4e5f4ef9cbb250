"""Knows SQL expressions of checklists and bundles: the gate they pass, and what they mean."""

from fcim_audit.expression.gate import (
    Condition,
    columns_of,
    condition,
    parameters_of,
    select_over,
    view,
)
from fcim_audit.expression.meaning import (
    OWN_FUNCTIONS,
    Moment,
    bound,
    later,
    microseconds,
    stamp,
    within,
)

__all__ = [
    "OWN_FUNCTIONS",
    "Condition",
    "Moment",
    "bound",
    "columns_of",
    "condition",
    "later",
    "microseconds",
    "parameters_of",
    "select_over",
    "stamp",
    "view",
    "within",
]
