"""Where a page and its count start is chosen by how much there is, and is nowhere seen on the page."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, update

from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order
from bo_panel.domain.units import UnitPath
from bo_panel.models import User
from bo_panel.queries.sql import dialect
from bo_panel.queries.starting import ALL, MANY, MANY_HITS, Amounts, Extent, Hits, Start
from bo_panel.queries.users import Wanted, everybody, matching, users_page
from bo_panel.queries.visible import Scope
from bo_panel.services.engine import writing
from bo_panel.testing import World
from tests.queries.test_users_page import planted

A_MILLION = 1_000_000
PAGE, COUNT = 50, 1_000


def scope_with(home: int, guests: int, **amounts: Any) -> Amounts:
    return Amounts(extent=Extent(home, guests, 1, A_MILLION), **amounts)


def test_few_are_collected_and_many_walked() -> None:
    assert scope_with(0, 1_000).start(PAGE) is Start.UNITS
    assert scope_with(0, 20_000).start(PAGE) is Start.WALK
    assert scope_with(MANY + 1, 0).start(PAGE) is Start.WALK


def test_the_rarer_they_match_the_rather_are_they_collected() -> None:
    assert scope_with(0, 18_000).start(PAGE) is Start.WALK
    assert scope_with(0, 18_000, one_in=10).start(PAGE) is Start.UNITS


def test_a_search_walks_only_where_that_should_be_much_shorter_than_its_hits() -> None:
    def searched(hits: int) -> Start:
        return Amounts(everything=True, searched=True, hits=Hits(hits, 100_000)).start(PAGE)

    assert searched(1_000) is Start.HITS
    assert searched(MANY_HITS) is Start.WALK


def test_everybody_who_is_searched_for_is_found_by_the_hits_and_not_by_a_walk_past_all() -> None:
    uncounted = Hits(MANY_HITS + 1, A_MILLION)
    assert Amounts(everything=True, searched=True, hits=uncounted).start(ALL) is Start.HITS
    assert scope_with(MANY + 1, 0, searched=True, hits=uncounted).start(ALL) is Start.HITS
    assert scope_with(0, 18_000, searched=True, hits=uncounted).start(ALL) is Start.UNITS, "nearly all may be hits"
    assert scope_with(MANY + 1, 0).start(ALL) is Start.WALK
    assert scope_with(MANY + 1, 0, searched=True, hits=uncounted, seldom=10).start(ALL) is Start.WALK, "few documents are left to be fetched"


@pytest.mark.parametrize("apart_first", [False, True])
def test_a_count_collects_from_a_small_scope(apart_first: bool) -> None:
    assert scope_with(0, 18_000, apart_first=apart_first).start_of_count(COUNT) is Start.UNITS
    assert scope_with(0, 18_000, apart_first=apart_first, one_in=10).start_of_count(COUNT) is Start.UNITS


def test_a_count_walks_where_very_many_guests_would_first_be_told_apart() -> None:
    assert scope_with(0, MANY + 1, apart_first=True).start_of_count(COUNT) is Start.WALK
    assert scope_with(0, MANY + 1).start_of_count(COUNT) is Start.UNITS
    assert scope_with(MANY + 1, MANY + 1, apart_first=True).start_of_count(COUNT) is Start.UNITS, "it is full before a guest is asked for"


def test_a_count_of_everything_walks() -> None:
    assert Amounts(everything=True).start_of_count(COUNT) is Start.WALK


@pytest.mark.parametrize(("page", "count"), list(product((Start.WALK, Start.UNITS), repeat=2)))
def test_wherever_it_starts_the_page_is_the_same(world: World, monkeypatch: pytest.MonkeyPatch, page: Start, count: Start) -> None:
    unit = world.unit("North", kind="grove.area")
    planted(world, [("Ann", 1, number % 3 > 0) for number in range(30)], unit)
    with writing(world.session):
        world.session.execute(update(User).where(User.id % 2 == 0).values(status=Status.DISABLED))
    monkeypatch.setattr(Amounts, "start", lambda _amounts, _size: page)
    monkeypatch.setattr(Amounts, "start_of_count", lambda _amounts, _size: count)
    scope = Scope((UnitPath.of(1, unit),))
    for wanted in (Wanted(order=Order("id")), Wanted(order=Order("id"), statuses=(Status.DISABLED,))):
        expected = [number for number in range(1, 31) if (number - 1) % 3 > 0 or number % 4 == 0]
        expected = [number for number in expected if not wanted.statuses or number % 2 == 0]
        found = users_page(world.session, scope, wanted, world.now)
        assert ([row.id for row in found.rows], found.count) == (expected, len(expected))


@pytest.mark.parametrize("start", Start)
def test_wherever_they_are_sought_everybody_is_who_meets_the_condition(world: World, monkeypatch: pytest.MonkeyPatch, start: Start) -> None:
    unit = world.unit("North", kind="grove.area")
    planted(world, [("Ann", 1, number % 3 > 0) for number in range(30)], unit)
    world.grant(4, "grove.editor", unit)  # a guest already, and once all the same
    monkeypatch.setattr(Amounts, "start", lambda _amounts, _size: start)
    name = dialect(world.session)
    for paths, search in product(((1, unit), (1,)), ("common", "omm") if start is Start.HITS else ("", "common")):
        if paths == (1,) and start is Start.UNITS:
            continue
        scope, wanted = Scope((UnitPath.of(*paths),)), Wanted(search=search)
        people = everybody(world.session, scope, wanted, world.now, select(User.id)).subquery()
        meets = select(User.id).where(User.deleted_at.is_(None), *matching(scope, wanted, world.now, name))
        found = sorted(world.session.scalars(select(people.c.id)))
        assert found == sorted(world.session.scalars(meets))
        assert found
