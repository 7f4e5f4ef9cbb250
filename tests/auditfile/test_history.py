"""What stands when histories are united: laws that hold for whatever was done in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from fcim_audit.auditfile.history import History, Node, Standing, merged

ATOMS = [
    ("judgements.yaml", ("requirements", "6.3-a")),
    ("judgements.yaml", ("requirements", "6.3-b")),
    ("findings.yaml", ("items", "NC-1")),
]
VALUES = [None, "conform", "minor", "major"]
Atom = tuple[str, tuple[str, ...]]


@dataclass
class Copy:
    """A copy under work: its history and the end of its journal."""

    history: dict[str, Node] = field(default_factory=dict)
    head: tuple[str, ...] = ()

    def put(self, hash_: str, puts: dict[Atom, str | None], *, decides: bool = False) -> None:
        self.history[hash_] = Node(hash_, self.head, puts, by=hash_, decides=decides)
        self.head = (hash_,)

    def take_over(self, other: Copy, hash_: str) -> None:
        self.history.update(other.history)
        self.head = tuple(dict.fromkeys((*self.head, *other.head)))
        self.put(hash_, {})

    def copied(self) -> Copy:
        return Copy(dict(self.history), self.head)


STEP = st.one_of(
    st.tuples(
        st.just("put"), st.integers(0, 2), st.sampled_from(ATOMS), st.sampled_from(VALUES)
    ),
    st.tuples(
        st.just("decide"), st.integers(0, 2), st.sampled_from(ATOMS), st.sampled_from(VALUES)
    ),
    st.tuples(st.just("merge"), st.integers(0, 2), st.sampled_from(ATOMS), st.integers(0, 2)),
)  # fmt: skip


@st.composite
def three_copies(draw: st.DrawFn) -> list[Copy]:
    """Three copies of one audit after edits, merges among them and decisions."""
    base = Copy()
    base.put("begun", dict.fromkeys(draw(st.sets(st.sampled_from(ATOMS))), "conform"))
    copies = [base.copied() for _ in range(3)]
    for number, (what, which, atom, value) in enumerate(draw(st.lists(STEP, max_size=10))):
        copy, hash_ = copies[which], f"{number:02}"
        if isinstance(value, int):
            copy.take_over(copies[value], hash_)
        else:
            copy.put(hash_, {atom: value}, decides=what == "decide")
    return copies


def joined(*copies: Copy) -> Copy:
    """A merge as it is done: a new node that follows the ends of all copies."""
    made = copies[0].copied()
    for copy in copies[1:]:
        made.take_over(copy, f"merge of {sorted(made.head)} and {sorted(copy.head)}")
    return made


def stands(*histories: History) -> dict[Atom, Standing]:
    return merged(*histories)


@settings(max_examples=300, deadline=None)
@given(three_copies())
def test_the_order_of_two_copies_changes_nothing(copies: list[Copy]) -> None:
    a, b, _ = copies
    assert stands(joined(a, b).history) == stands(joined(b, a).history)


@settings(max_examples=300, deadline=None)
@given(three_copies())
def test_which_two_of_three_are_merged_first_changes_nothing(copies: list[Copy]) -> None:
    a, b, c = copies
    first = stands(joined(joined(a, b), c).history)
    assert first == stands(joined(a, joined(b, c)).history)
    assert first == stands(joined(joined(c, a), b).history)
    assert first == stands(a.history, b.history, c.history)


@settings(max_examples=300, deadline=None)
@given(three_copies())
def test_merging_again_changes_nothing(copies: list[Copy]) -> None:
    a, b, _ = copies
    once = joined(a, b)
    assert stands(once.history) == stands(joined(once, b).history)
    assert stands(a.history) == stands(joined(a, a).history)


@settings(max_examples=300, deadline=None)
@given(three_copies())
def test_nothing_is_lost_that_nobody_replaced_knowing_it(copies: list[Copy]) -> None:
    united = joined(*copies).history
    found = stands(united)
    for node in united.values():
        for atom, value in node.puts.items():
            values = [stand.value for stand in found[atom].stands]
            assert value in values or replaced(united, node.hash, atom)


def replaced(history: History, hash_: str, atom: Atom) -> bool:
    """Whether somebody put the thing anew who had seen this node."""
    return any(atom in node.puts and hash_ in past(history, node.hash) for node in history.values())


def past(history: History, hash_: str) -> set[str]:
    found: set[str] = set()
    waiting = list(history[hash_].parents)
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            waiting += history[parent].parents
    return found


@settings(max_examples=300, deadline=None)
@given(three_copies(), st.sampled_from(ATOMS), st.sampled_from(VALUES))
def test_what_the_lead_decides_on_all_copies_stands_alone(
    copies: list[Copy], atom: Atom, value: str | None
) -> None:
    united = joined(*copies)
    united.put("decision", {atom: value}, decides=True)
    assert [stand.value for stand in stands(united.history)[atom].stands] == [value]


A, B, C = ATOMS


def test_one_side_that_changed_is_taken() -> None:
    a = Copy()
    a.put("0", {A: "conform"})
    b = a.copied()
    b.put("1", {A: "minor"})
    (stand,) = merged(a.history, b.history)[A].stands
    assert stand.value == "minor"


def test_both_sides_that_changed_are_kept_with_what_stood_before() -> None:
    a = Copy()
    a.put("0", {A: "conform"})
    b = a.copied()
    a.put("1", {A: "major"})
    b.put("2", {A: "minor"})
    standing = merged(a.history, b.history)[A]
    assert [stand.value for stand in standing.stands] == ["major", "minor"]
    assert standing.before == "conform"


def test_an_edit_over_an_open_conflict_is_one_more_side() -> None:
    a = Copy()
    a.put("0", {})
    b = a.copied()
    a.put("1", {A: "major"})
    b.put("2", {A: "minor"})
    united = joined(a, b)
    united.put("3", {A: "conform"})
    values = [stand.value for stand in merged(united.history)[A].stands]
    assert values == ["conform", "major", "minor"]


def test_a_change_made_without_knowing_the_decision_is_a_conflict_again() -> None:
    a = Copy()
    a.put("0", {})
    b = a.copied()
    a.put("1", {A: "major"})
    b.put("2", {A: "minor"})
    united = joined(a, b)
    united.put("3", {A: "major"}, decides=True)
    b.put("4", {A: "conform"})
    values = [stand.value for stand in merged(united.history, b.history)[A].stands]
    assert values == ["conform", "major"]


def test_two_who_judge_alike_agree_whoever_and_whenever() -> None:
    a = Copy()
    a.put("0", {})
    b = a.copied()
    said = {"status": "minor", "note": "late"}
    a.history["1"] = Node("1", a.head, {A: {**said, "by": "A1", "at": "1"}}, by="A1")
    b.history["2"] = Node("2", b.head, {A: {**said, "by": "A2", "at": "2"}}, by="A2")
    (stand,) = merged(a.history, b.history)[A].stands
    assert stand.value == {**said, "by": "A1", "at": "1"}
    assert [by for by, _ in stand.touched] == ["A1", "A2"]
