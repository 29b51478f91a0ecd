"""Pages of users: every row once, in order, in both directions, in at most two statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import ROOT
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order, Place, Step
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, User, UserSearch
from bo_panel.queries.page import Page
from bo_panel.queries.users import SORTS, Wanted, users_page
from bo_panel.queries.visible import Scope
from bo_panel.testing import World
from bo_panel.testing.world import user_row

Check = Callable[..., Callable[[Callable[..., None]], None]]
Statements = Callable[[Panel], AbstractContextManager[list[str]]]
EVERYWHERE = Scope((ROOT,))
NAMES = st.sampled_from(("", "Ann", "ann", "Änn", "بدر", "Zoë", "\U0001f333 tree", "z"))


def planted(world: World, people: list[tuple[str, int, bool]], unit: int) -> None:
    users = []
    for number, (name, days, inside) in enumerate(people, 1):
        signed_in = world.now - timedelta(days=days, microseconds=days)
        columns = {"last_name": name, "last_sign_in": signed_in, "away": not inside and number % 4 == 0}
        columns["home_id"] = unit if inside else 1
        users.append(user_row(number, f"{name}{number % 3}-common-{number}", world.now, columns))
    world.plant({User: users, UserSearch: [{"user_id": row["id"], "document": f"  common  {row['id']}"} for row in users]})
    guests = [row["id"] for row in users if row["away"]]
    grant = {"unit_id": unit, "role_key": "grove.viewer", "away": True, "source": "admin", "created_at": world.now}
    world.plant({Grant: [{"user_id": user_id, **grant} for user_id in guests]})


def walk(world: World, scope: Scope, wanted: Wanted) -> Iterator[Page[Any]]:
    page = users_page(world.session, scope, wanted, world.now)
    yield page
    backwards = wanted.step.backwards
    while (place := page.previous if backwards else page.next) is not None:
        page = users_page(world.session, scope, replace(wanted, step=Step(Place.parse(place.text()), backwards)), world.now)
        yield page


def test_pages_show_every_row_once_and_in_order_from_either_end(world: World, check: Check) -> None:
    people = st.lists(st.tuples(NAMES, st.integers(0, 3), st.booleans()), min_size=1, max_size=23)

    @check(people, st.sampled_from(sorted(SORTS)), st.booleans(), st.integers(1, 9), st.sampled_from(("", "common")), share=0.6)
    def holds(people: list[tuple[str, int, bool]], sort: str, descending: bool, size: int, search: str) -> None:
        unit = world.unit("North", kind="grove.area")
        planted(world, people, unit)
        for scope in (EVERYWHERE, Scope((UnitPath.of(1, unit),))):
            wanted = Wanted(order=Order(sort, descending), size=size, search=search)
            expected = in_order(world, scope, sort, descending)
            forwards = list(walk(world, scope, wanted))
            assert [row.id for page in forwards for row in page.rows] == expected
            backwards = list(walk(world, scope, replace(wanted, step=Step(backwards=True))))
            assert [row.id for page in reversed(backwards) for row in page.rows] == expected
            assert {page.count for page in (*forwards, *backwards) if page.rows} <= {len(expected)}
            assert_ends_are_known(world, scope, wanted, (forwards, backwards))


def in_order(world: World, scope: Scope, sort: str, descending: bool) -> list[int]:
    rows = world.session.query(User, SORTS[sort].label("value")).all()
    unit = scope.paths[0].ids[-1]
    guests = {user_id for (user_id,) in world.session.query(Grant.user_id)}
    seen = [(value, user.id) for user, value in rows if scope.everything or user.home_id == unit or user.id in guests]
    return [user_id for _, user_id in sorted(seen, reverse=descending)]


def assert_ends_are_known(world: World, scope: Scope, wanted: Wanted, walks: tuple[list[Page[Any]], list[Page[Any]]]) -> None:
    forwards, backwards = walks
    assert forwards[0].previous is None and forwards[-1].next is None
    assert backwards[0].next is None and backwards[-1].previous is None
    for earlier, later in pairwise(forwards):
        assert later.previous is not None
        back = users_page(world.session, scope, replace(wanted, step=Step(later.previous, backwards=True)), world.now)
        assert [row.id for row in back.rows] == [row.id for row in earlier.rows]
        assert back.next is not None


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_a_place_of_the_wrong_type_or_out_of_range_leads_to_the_first_page(world: World, sort: str) -> None:
    world.user("ann")
    for value in ("x\x00", 1e300, float("nan"), 2**70, "2026-01-01", -1.5):
        page = users_page(world.session, EVERYWHERE, Wanted(order=Order(sort), step=Step(Place(value, 0))), world.now)
        assert len(page.rows) <= 1


@pytest.mark.parametrize("descending", [False, True])
def test_a_search_finds_what_lies_together_at_the_end(world: World, statements: Statements, descending: bool) -> None:
    for number in range(60):
        world.user(f"ann.{number:02}", first_name="Ann", last_name="Early")
    late = [world.user(f"zoe.{number:02}", first_name="Zoe", last_name="Late") for number in range(40)]
    wanted = Wanted(search="zoe", size=1, order=Order("name", descending))

    with statements(world.panel) as seen:
        first = users_page(world.session, EVERYWHERE, wanted, world.now)
    found = [row.id for page in walk(world, EVERYWHERE, wanted) for row in page.rows]

    assert found == sorted(late, reverse=descending)
    assert len(seen) == (2 if descending else 3), "the walk begins far from them, or right there"
    assert any("walk_end" in statement for statement in seen)
    assert first.count == 40


def test_a_page_takes_two_statements_and_one_where_all_is_in_reach_or_was_counted_a_moment_ago(world: World, statements: Statements) -> None:
    unit = world.unit("North", kind="grove.area")
    planted(world, [("Ann", 1, True)] * 30, unit)
    for scope, wanted, most in (
        (EVERYWHERE, Wanted(), 1),
        (EVERYWHERE, Wanted(search="common", statuses=(Status.ACTIVE,), roles=("grove.viewer",), signed_in="recently"), 2),
        (Scope((UnitPath.of(1, unit),)), Wanted(size=7), 2),
        (Scope((UnitPath.of(1, unit),)), Wanted(search="common", roles=("grove.viewer",), signed_in="long_ago"), 1),
        (Scope((UnitPath.of(1, unit),)), Wanted(search="other", roles=("grove.viewer",), signed_in="long_ago"), 2),
    ):
        with statements(world.panel) as seen:
            users_page(world.session, scope, wanted, world.now)
        assert len(seen) == most, seen
