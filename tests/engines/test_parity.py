"""DuckDB and Spark say the same of every check of the checklist, on both samples."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from fcim_audit.checklist.load import load_checklist
from fcim_audit.checklist.schema import Checklist
from fcim_audit.checklist.shipped import shipped
from fcim_audit.checks import KINDS
from fcim_audit.evaluate import evaluate
from fcim_audit.evidence.bundle import open_bundle
from fcim_audit.evidence.ingest import gather
from fcim_audit.model import Outcome, RequirementResult
from tests.checks.stories import DOCUMENTS, TICKETS, ticket, tickets
from tests.workbench import concluded

pytestmark = pytest.mark.spark


def outcomes(checklist: Checklist, sample: str, engine: str) -> dict[str, Outcome]:
    with (
        tempfile.TemporaryDirectory() as cache,
        open_bundle(shipped("evidence_samples") / sample) as bundle,
    ):
        holdings = gather(bundle, checklist.datasets, Path(cache))
        found = evaluate(checklist, holdings, bundle.file, engine=engine)
    return {o.check_id: replace(o, sql=None) for r in found.results for o in _automatic(r)}


def _automatic(result: RequirementResult) -> list[Outcome]:
    return [o for o in result.outcomes if o.kind != "manual"]


@pytest.mark.parametrize("sample", ["property", "eldercare"])
def test_a_sample_comes_out_the_same(sample: str) -> None:
    checklist = load_checklist(shipped("checklists") / "fcim")
    expected = outcomes(checklist, sample, "duckdb")
    assert outcomes(checklist, sample, "spark") == expected
    assert {o.kind for o in expected.values()} == {
        str(kind.model_fields["kind"].annotation.__args__[0])  # type: ignore[union-attr]
        for kind in KINDS
    } - {"manual"}


@pytest.mark.parametrize(
    "check",
    [
        pytest.param({"kind": "metric", "good": "done", "target": {"op": ">=", "value": "95 %"}}, id="share"),
        pytest.param({"kind": "metric", "statistic": "mean", "value": "score", "scale_min": "1",
                      "scale_max": "5", "target": {"op": ">=", "value": "90"}}, id="mean"),
        pytest.param({"kind": "metric", "statistic": "ratio", "numerator": "good", "denominator": '"all"',
                      "target": {"op": ">=", "value": "95 %"}}, id="ratio"),
        pytest.param({"kind": "records", "must": "within(created, answered, months(1)) or owner like '%李%'"}, id="records"),
        pytest.param({"kind": "coverage", "on": "theme", "values": ["leak", "outage"], "must": "done"}, id="values"),
        pytest.param({"kind": "coverage", "on": "id", "covered_by": {"dataset": "tickets", "on": "owner"}}, id="rows"),
        pytest.param({"kind": "lifecycle", "steps": ["created", "answered"],
                      "limits": [{"start": "created", "end": "answered", "within": "2 h"}]}, id="lifecycle"),
        pytest.param({"kind": "cadence", "at": "created", "by": "owner", "max_gap": "6 months"}, id="cadence"),
    ],
)  # fmt: skip
def test_a_kind_of_check_comes_out_the_same(check: dict[str, object]) -> None:
    rows = {
        "tickets": [
            *tickets(3, done=True, owner="T1", theme="leak", score=4, good=19, all=20),
            ticket(4, done=None, owner="李", score=None, _bad=",score,"),
            ticket(5, done=False, answered=ticket(1)["created"], score=5, good=1, all=0),
            ticket(6) | {"created": None},
        ]
    }
    told = {**check, "dataset": "tickets"}
    first = concluded(told, [TICKETS], rows)
    second = concluded(told, [TICKETS], rows, engine="spark")
    assert replace(second, sql=None) == replace(first, sql=None)


def test_a_document_comes_out_the_same() -> None:
    check = {"kind": "document", "types": ["policy", "scope"]}
    rows = {"document_register": [{"id": "1", "type": "policy", "status": "draft"}]}
    first = concluded(check, [DOCUMENTS], rows)
    second = concluded(check, [DOCUMENTS], rows, engine="spark")
    assert replace(second, sql=None) == replace(first, sql=None)
