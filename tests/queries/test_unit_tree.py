"""The tree of units: every unit once and in order, with who is there, in one statement however many units there are."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import text

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import ROOT
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Step
from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit
from bo_panel.queries.unit_tree import MANY_USERS, Branch, Twig, units_page, way_to
from bo_panel.queries.visible import Scope
from bo_panel.testing import World
from tests.worlds import plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
Statements = Callable[[Panel], AbstractContextManager[list[str]]]
EVERYWHERE = Scope((ROOT,))


def walk(world: World, branch: Branch, size: int = 3) -> Iterator[Twig]:
    step: Step | None = Step()
    while step is not None:
        page = units_page(world.session, branch, step, size, now=world.now)
        yield from page.rows
        step = Step(page.next) if page.next else None


def named(world: World, branch: Branch) -> list[str]:
    return [twig.name for twig in walk(world, branch)]


def test_a_branch_shows_every_unit_below_once_with_who_is_at_it(world: World, check: Check) -> None:
    @check(worlds(), share=0.6)
    def holds(drawn) -> None:  # type: ignore[no-untyped-def]
        plant(world, drawn)
        parents = {unit_id: UnitPath(path).ids[-2] for unit_id, path in drawn.paths.items() if unit_id != 1}
        kept = {user_id for user_id, status in drawn.statuses.items() if status is not Status.DELETED}
        for unit_id in drawn.paths:
            found = {twig.id: twig for twig in walk(world, Branch(EVERYWHERE, below=unit_id))}
            assert set(found) == {below for below, parent in parents.items() if parent == unit_id}
            for below, twig in found.items():
                at_home = {user_id for user_id in kept if drawn.homes[user_id] == below}
                guests = {held.user_id for held in drawn.live if held.unit_id == below and held.user_id in kept}
                assert twig.users == len(at_home | guests)
                assert twig.opens is (below in parents.values())
            assert [place.id for place in way_to(world.session, unit_id)] == list(UnitPath(drawn.paths[unit_id]).ids)


@pytest.fixture
def town(world: World) -> World:
    north = world.unit("North", kind="grove.area", unit_id=2)
    world.unit("Élan", kind="grove.stand", below=north, unit_id=3)
    world.unit("100% oak", kind="grove.plot", below=north, unit_id=4)
    world.unit("South", kind="grove.area", unit_id=20)
    world.unit("Elan too", kind="grove.stand", below=20, unit_id=21)
    return world


def test_the_topmost_units_in_sight_are_where_one_begins(town: World) -> None:
    assert named(town, Branch(EVERYWHERE)) == ["Platform"]
    assert named(town, Branch(Scope((UnitPath.of(1, 20), UnitPath.of(1, 2, 3))))) == ["Élan", "South"]
    assert named(town, Branch(Scope(()))) == []


def test_a_search_finds_what_is_in_scope_and_takes_every_sign_for_itself(town: World) -> None:
    assert named(town, Branch(EVERYWHERE, search="elan")) == ["Élan", "Elan too"]
    assert named(town, Branch(Scope((UnitPath.of(1, 2),)), search="ELAN")) == ["Élan"]
    assert named(town, Branch(EVERYWHERE, search="%")) == ["100% oak"]
    assert named(town, Branch(EVERYWHERE, search="_")) == []


def test_there_is_no_way_to_what_does_not_exist(town: World) -> None:
    assert way_to(town.session, 999) == []


def test_users_are_counted_up_to_a_limit_guests_once_and_expired_grants_not(town: World) -> None:
    town.user("ann", ("grove.viewer", 3), ("grove.editor", 3), home=2)
    town.grant(town.user("bob", home=20), "grove.viewer", 3, expires_at=town.now - timedelta(days=1))
    [elan] = [twig for twig in walk(town, Branch(EVERYWHERE, below=2)) if twig.id == 3]
    assert elan.users == 1
    for number in range(MANY_USERS + 5):
        town.user(f"u{number}", home=3)
    [elan] = [twig for twig in walk(town, Branch(EVERYWHERE, below=2)) if twig.id == 3]
    assert elan.users > MANY_USERS


def test_ten_thousand_units_are_read_in_one_statement_and_in_a_moment(world: World, statements: Statements) -> None:
    area = world.unit("North", kind="grove.area", unit_id=2)
    common = {"parent_id": area, "kind": "grove.stand", "settings": {}, "created_at": world.now, "version": 1}
    rows = [{**common, "id": n, "name": f"Stand {n}", "sort_name": f"stand {n * 7919 % 10_007:05}", "path": f"/1/2/{n}/"} for n in range(3, 10_003)]
    world.plant({Unit: rows})
    if world.panel.database.dialect.name == "postgresql":
        world.session.execute(text("ANALYZE unit"))
    branches = (Branch(EVERYWHERE), Branch(EVERYWHERE, below=area), Branch(EVERYWHERE, search="stand 00"), Branch(EVERYWHERE, search="nothing"))
    for branch in branches:
        units_page(world.session, branch, Step(), 50, now=world.now)
        begun = perf_counter()
        with statements(world.panel) as seen:
            page = units_page(world.session, branch, Step(), 50, now=world.now)
        assert len(seen) == 1
        assert perf_counter() - begun < 1  # some milliseconds; where every unit is looked at one by one it is seconds
    page = units_page(world.session, Branch(EVERYWHERE, below=area), Step(), 50, now=world.now)
    assert len({twig.id for twig in page.rows}) == 50
    assert page.counted_out
