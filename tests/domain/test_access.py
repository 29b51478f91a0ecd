"""Access is a lattice: the maximum over what is held, and nobody above himself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_panel.domain.access import Access, Catalogue, Held, Ladder, at_or_below, highest
from bo_panel.domain.actors import ROOT, console
from bo_panel.domain.units import UnitPath

CATALOGUE = Catalogue((Ladder("users", ("view", "edit", "delete")), Ladder("bills", ("view", "pay"))))
VECTORS = st.tuples(st.integers(0, 3), st.integers(0, 2))
PATHS = st.lists(st.sampled_from((2, 20, 3)), max_size=3).map(lambda ids: UnitPath.of(1, *ids))
ROLES = {f"r{users}{bills}": (users, bills) for users in range(4) for bills in range(3)}
HELD = st.lists(st.builds(Held, path=PATHS, role=st.sampled_from(sorted(ROLES))), max_size=6).map(tuple)


def access(held: tuple[Held, ...]) -> Access:
    return Access(CATALOGUE, held, ROLES.__getitem__)


def test_a_ladder_counts_from_one_and_none_is_nothing() -> None:
    assert [CATALOGUE.rung("users", level) for level in ("none", "view", "delete")] == [(0, 0), (0, 1), (0, 3)]
    assert CATALOGUE.vector({"users": "edit", "unknown": "view", "bills": "fly"}) == (2, 0)
    assert CATALOGUE.everything == (3, 2) and CATALOGUE.nothing == (0, 0)
    with pytest.raises(KeyError):
        CATALOGUE.position("unknown")


@given(st.lists(VECTORS, max_size=4))
def test_the_highest_is_above_each_and_no_higher(vectors: list[tuple[int, int]]) -> None:
    top = highest(vectors, (0, 0))
    assert all(at_or_below(vector, top) for vector in vectors)
    assert all(rung in {0, *(vector[place] for vector in vectors)} for place, rung in enumerate(top))


@given(HELD, PATHS, PATHS)
def test_access_only_grows_downwards(held: tuple[Held, ...], upper: UnitPath, lower: UnitPath) -> None:
    if upper.covers(lower):
        assert at_or_below(access(held).at(upper), access(held).at(lower))


@given(HELD, PATHS, st.sampled_from(("view", "edit", "delete")))
def test_reach_is_where_a_level_is_held(held: tuple[Held, ...], path: UnitPath, level: str) -> None:
    mine = access(held)
    assert any(top.covers(path) for top in mine.reach("users", level)) == mine.allows("users", level, path)
    assert mine.anywhere("users", level) == bool(mine.reach("users", level))


@given(HELD, PATHS, VECTORS)
def test_what_is_dominated_lies_below_one_of_a_few_units(held: tuple[Held, ...], path: UnitPath, vector: tuple[int, int]) -> None:
    mine = access(held)
    if any(vector):
        assert any(top.covers(path) for top in mine.dominates(vector)) == at_or_below(vector, mine.at(path))


def test_the_console_holds_everything() -> None:
    assert console(CATALOGUE).access.at(ROOT) == CATALOGUE.everything
