"""Knows the list of the kinds of check: one module each, named here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fcim_audit.checks.cadence import CadenceCheck
from fcim_audit.checks.coverage import CoverageCheck
from fcim_audit.checks.document import DocumentCheck
from fcim_audit.checks.lifecycle import LifecycleCheck
from fcim_audit.checks.manual import ManualCheck
from fcim_audit.checks.metric import MetricCheck
from fcim_audit.checks.records import RecordsCheck

KINDS = (
    MetricCheck,
    RecordsCheck,
    CoverageCheck,
    LifecycleCheck,
    CadenceCheck,
    DocumentCheck,
    ManualCheck,
)
"""Every kind of check, in the order in which docs list them."""

AnyCheck = Annotated[
    MetricCheck
    | RecordsCheck
    | CoverageCheck
    | LifecycleCheck
    | CadenceCheck
    | DocumentCheck
    | ManualCheck,
    Field(discriminator="kind"),
]
"""What stands under `checks:` in a checklist."""

__all__ = [
    "KINDS",
    "AnyCheck",
    "CadenceCheck",
    "CoverageCheck",
    "DocumentCheck",
    "LifecycleCheck",
    "ManualCheck",
    "MetricCheck",
    "RecordsCheck",
]
