"""One thing broken in the sound sample: that requirement is flagged, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation import Mutant, Sample, breakable, flagged, listed, sample

MUTANTS = listed()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    yield from sample(tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.breaks for mutant in MUTANTS])
def test_a_break_is_found_where_it_is_and_nowhere_else(
    sound: Sample, mutant: Mutant, tmp_path: Path
) -> None:
    found = flagged(sound, mutant, tmp_path)
    assert (found.verdict, found.requirements) == (mutant.verdict, mutant.expected)


def test_every_automatic_check_of_the_sample_is_broken_once(sound: Sample) -> None:
    assert sorted(mutant.breaks for mutant in MUTANTS) == sorted(breakable(sound))
