"""The result JSON is a promise: it fits its schema, and the same report is the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema

from fcim_audit.renderers.json import render
from fcim_audit.schemas import schema
from tests.renderers.told import LONG, SCRIPT, report


def test_hostile_text_arrives_as_text() -> None:
    document = json.loads(render(report()))
    (check,) = [c for r in document["requirements"] for c in r["checks"]]
    keys = [place["key"] for place in check["exceptions"]["places"]]
    assert SCRIPT in keys
    assert LONG in keys


def test_the_document_fits_its_schema() -> None:
    jsonschema.validate(json.loads(render(report())), schema("result"))


def test_a_figure_and_an_exception_lead_to_their_cells() -> None:
    document = json.loads(render(report()))
    (check,) = [c for r in document["requirements"] for c in r["checks"]]
    (source,) = check["sources"]
    assert (source["sha256"], source["range"]) == ("1" * 64, "A1:C4")
    assert source["columns"]["made"]["parts"] == [{"heading": "甲", "letter": "C"}]
    assert check["exceptions"]["places"][0]["cells"][1] == {
        "column": "note", "heading": "备注", "cell": "C2", "text": None,
    }  # fmt: skip


def test_a_result_without_cells_and_sources_fits_the_schema_still() -> None:
    document = json.loads(render(report()))
    (check,) = [c for r in document["requirements"] for c in r["checks"]]
    del check["sources"]
    for place in check["exceptions"]["places"]:
        del place["cell"], place["cells"]
    jsonschema.validate(document, schema("result"))


def test_the_schema_refuses_a_status_of_its_own() -> None:
    document = json.loads(render(report()))
    document["requirements"][0]["status"] = "fine"
    errors = list(jsonschema.Draft202012Validator(schema("result")).iter_errors(document))
    assert [error.validator for error in errors] == ["enum"]


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(report()) == render(report())


def test_every_requirement_has_a_row() -> None:
    assert len(json.loads(render(report()))["requirements"]) == 167


def test_defects_of_the_text_and_leading_sentences_are_told() -> None:
    document = json.loads(render(report()))
    assert [note["id"] for note in document["criteria_notes"]] == [f"P{n}" for n in range(1, 19)]
    assert {told["clause"] for told in document["lead_ins"]} >= {"4.3", "5.3", "8.5.2", "9.3"}


def test_the_declaration_that_was_evaluated_is_told_by_its_hash() -> None:
    document = json.loads(render(replace(report(), declaration="a" * 64)))
    assert document["declaration"] == {"file": "bundle.yaml", "sha256": "a" * 64}
    jsonschema.validate(document, schema("result"))
