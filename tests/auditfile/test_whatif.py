from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from fcim_audit.assessment import RecommendationCode
from fcim_audit.auditfile.whatif import LADDER, Do, Unit, ways
from fcim_audit.model import Status
from fcim_audit.recommendation import Counted, recommended
from tests.auditfile.audits import profile


def requirement(id_: str, status: Status = Status.CONFORM, effort: int | None = None) -> Unit:
    return Unit(Counted(id_, id_.partition("-")[0], status), effort)


def found(
    id_: str, status: Status, effort: int | None = None, rule: str = "", clause: str = "8.1"
) -> Unit:
    return Unit(Counted(id_, clause, status, rule), effort)


ALL = [requirement(f"4.{n}") for n in range(20)]


def told(units: list[Unit], alarms: tuple[str, ...] = ()) -> dict[str, tuple[int, list[str]]]:
    return {
        way.code.value: (way.days, [fix.id for fix in way.fixes])
        for way in ways(ALL, units, alarms, profile())
    }


def test_nothing_is_better_than_recommended() -> None:
    assert told([]) == {}


def test_the_cheapest_majors_go_first() -> None:
    majors = [
        found("N1", Status.MAJOR, 9),
        found("N2", Status.MAJOR, 1),
        found("N3", Status.MAJOR, 5),
    ]
    assert told(majors) == {
        "after_verification": (1, ["N2"]),
        "recommend": (15, ["N1", "N2", "N3"]),
    }


def test_minors_need_a_plan_after_the_majors_are_closed() -> None:
    units = [found("N1", Status.MAJOR, 3), found("N2", Status.MINOR, 2)]
    assert told(units) == {"after_plan": (3, ["N1"]), "recommend": (5, ["N1", "N2"])}


def test_a_group_of_one_clause_falls_back_to_minors_when_it_is_small_enough() -> None:
    group = [found(f"8.1-{n}", Status.MAJOR, n, "M4") for n in (1, 2, 3, 4)]
    assert told(group)["after_plan"] == (3, ["8.1-1", "8.1-2"])


def test_a_doubt_about_evidence_must_be_settled_first() -> None:
    assert told([], ("G1-1",)) == {"recommend": (1, ["G1-1"])}


def test_what_must_be_verified_comes_before_what_is_cheap() -> None:
    requirements = [
        *ALL,
        requirement("6.3-a", Status.NOT_VERIFIED, 8),
        requirement("5.1-a", Status.NOT_VERIFIED, 1),
    ]
    (way,) = ways(requirements, [], (), profile())
    assert [(fix.do, fix.id) for fix in way.fixes] == [(Do.VERIFY, "6.3-a")]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([Status.MAJOR, Status.MINOR]), st.integers(1, 9)), max_size=6
    )
)
def test_no_cheaper_set_of_fixes_reaches_the_same(kinds: list[tuple[Status, int]]) -> None:
    """Held against every subset, with the rules of recommendation themselves."""
    units = [
        found(f"N{n}", status, effort, clause=f"8.{n}") for n, (status, effort) in enumerate(kinds)
    ]
    for way in ways(ALL, units, (), profile()):
        assert way.days == cheapest(units, way.code)


def cheapest(units: list[Unit], code: RecommendationCode) -> int:
    wanted = LADDER.index(code)
    return min(
        sum(unit.days for unit in gone)
        for size in range(len(units) + 1)
        for gone in combinations(units, size)
        if LADDER.index(reached([u for u in units if u not in gone])) >= wanted
    )


def reached(left: list[Unit]) -> RecommendationCode:
    counted = [u.counted for u in ALL]
    return recommended(counted, profile(), found_as=[u.counted for u in left]).code
