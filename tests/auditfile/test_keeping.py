from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fcim_audit.auditfile.journal import Change
from fcim_audit.auditfile.keeping import applied, differences, in_order, textual, with_values
from fcim_audit.yaml_source import Value, parse_yaml

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60
) | st.sampled_from(
    ["null", "~", "true", "1", "007", "2026-01-20", "- a", "a: b", "#x", "x\ny", "x\n\n y \n"]
)


def test_a_comment_stays_where_a_person_wrote_it() -> None:
    data = b"# head\na:\n  x: 1 # mine\n  y: 2\n"
    assert with_values(data, {("a", "y"): 3}).decode() == "# head\na:\n  x: 1 # mine\n  y: 3\n"


def test_a_comment_inside_an_entry_stays_when_the_entry_changes() -> None:
    data = b"r:\n  k:\n    status: minor # why\n    by: A1\n"
    changed = with_values(data, {("r", "k"): {"status": "minor", "by": "A2"}})
    assert changed == b"r:\n  k:\n    status: minor # why\n    by: A2\n"


def test_a_new_key_finds_its_place_among_numbers() -> None:
    data = b"r:\n  6.2: a\n  6.10: b\n"
    assert with_values(data, {("r", "6.3-d"): "c"}) == b"r:\n  6.2: a\n  6.3-d: c\n  6.10: b\n"


def test_a_value_is_removed_with_nothing_else() -> None:
    assert with_values(b"r:\n  a: x\n  b: y\n", {("r", "a"): None}) == b"r:\n  b: y\n"


def test_keys_are_sorted_by_their_numbers() -> None:
    assert sorted(["6.10", "6.3-b", "6.3-a", "10.1"], key=in_order) == [
        "6.3-a",
        "6.3-b",
        "6.10",
        "10.1",
    ]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    data = with_values(b"a: 1\n", {("r", "note"): text})
    assert parse_yaml(data, "x").value == {"a": "1", "r": {"note": text}}


def read(value: dict[str, dict[str, str]]) -> Value:
    return {key: {**inner} for key, inner in value.items()}


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b"]), st.dictionaries(st.sampled_from("xyz"), TEXTS), max_size=2
    ),
    st.dictionaries(
        st.sampled_from(["a", "b"]), st.dictionaries(st.sampled_from("xyz"), TEXTS), max_size=2
    ),
)
def test_differences_lead_from_one_reading_to_the_other(
    old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]
) -> None:
    before, after = read(old), read(new)
    value = before
    for change in differences("d", before, after):
        value = applied(value, change)
    assert isinstance(value, dict)
    assert {k: v for k, v in value.items() if v} == {k: v for k, v in new.items() if v}


def test_a_change_deep_in_a_document_is_named_by_its_keys() -> None:
    old = textual({"items": {"N1": {"grade": "minor", "site": "S1"}}})
    new = textual({"items": {"N1": {"grade": "major", "site": "S1"}}})
    assert list(differences("d", old, new)) == [
        Change(
            "d", ("items", "N1"), {"grade": "minor", "site": "S1"}, {"grade": "major", "site": "S1"}
        )
    ]
