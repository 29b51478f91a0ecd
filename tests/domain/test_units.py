"""Paths: what covers what, and the fewest that cover the same."""

from hypothesis import given
from hypothesis import strategies as st

from bo_panel.domain.units import UnitPath, minimal

PATHS = st.lists(st.sampled_from((2, 20, 3, 30, 200)), max_size=4).map(lambda ids: UnitPath.of(1, *ids))


def test_siblings_that_share_a_prefix_do_not_cover_one_another() -> None:
    assert not UnitPath.of(1, 7).covers(UnitPath.of(1, 70))
    assert UnitPath.of(1, 7).covers(UnitPath.of(1, 7, 70))
    assert UnitPath.of(1, 7).covers(UnitPath.of(1, 7))
    assert UnitPath.of(1, 7).child(8).ids == (1, 7, 8)


@given(PATHS, PATHS)
def test_a_subtree_is_one_range_of_texts(top: UnitPath, other: UnitPath) -> None:
    assert top.covers(other) == (top.text <= other.text < top.end) == (other.ids[: len(top.ids)] == top.ids)


@given(st.lists(PATHS), PATHS)
def test_the_fewest_paths_cover_the_same_and_none_covers_another(paths: list[UnitPath], other: UnitPath) -> None:
    few = minimal(paths)
    assert any(top.covers(other) for top in few) == any(top.covers(other) for top in paths)
    assert not any(one.covers(two) for one in few for two in few if one != two)
