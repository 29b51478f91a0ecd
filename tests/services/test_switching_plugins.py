"""A plugin switched off for a unit offers no roles there and beneath, and has no say about who is at home there."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from bo_panel.domain.errors import NotAllowed, NotFound, Objected, OffAbove, SwitchedOff
from bo_panel.domain.lifecycle import DISABLE, Status
from bo_panel.models import CONFIGURATION, CacheVersion
from bo_panel.queries.roles import kept_roles_at, role_book_for, roles_near
from bo_panel.queries.units import place
from bo_panel.services.changes import CreateUnit, CreateUser, GiveRole, MoveUsers, RenameUnit, SwitchPlugin
from bo_panel.services.engine import Ids
from bo_panel.testing import World
from bo_panel.testing.world import ROOT_ID

AREA, STAND = "grove.area", "grove.stand"


@dataclass(frozen=True, slots=True)
class Wood:
    """An area with a stand in it, and another area; the plugin of the deployment can be switched."""

    world: World
    area: int
    stand: int
    other: int

    def switch(self, unit: int, *, on: bool, **by: object) -> list[tuple[object, object]]:
        self.world.single(SwitchPlugin(plugin="grove", unit_id=unit, on=on), **by)  # type: ignore[arg-type]
        return [(before, after) for event, before, after in self.world.trail() if event == "plugins.switched"]

    def version(self) -> int:
        self.world.session.rollback()
        return self.world.session.scalar(select(CacheVersion.version).where(CacheVersion.domain == CONFIGURATION)) or 0

    def offered(self, unit: int) -> set[str]:
        found = place(self.world.session, unit)
        assert found
        book = kept_roles_at(self.world.session, self.world.panel.registry, found.path, self.version())
        near = roles_near(self.world.session, self.world.panel.registry, [found.path])
        assert set(book.offered_at(found.path)) == set(near.offered_at(found.path))
        return set(book.offered_at(found.path))


@pytest.fixture
def wood(world: World) -> Wood:
    host = world.panel.host
    registry = replace(host.registry, plugins=tuple(replace(plugin, per_unit=True) for plugin in host.registry.plugins))
    object.__setattr__(world, "panel", replace(world.panel, host=replace(host, registry=registry)))
    area = world.unit(kind=AREA)
    return Wood(world, area, world.unit(kind=STAND, below=area), world.unit(kind=AREA))


def test_its_roles_are_no_longer_offered_there_and_beneath_and_are_again(wood: Wood) -> None:
    before = wood.offered(wood.stand)
    assert "grove.viewer" in before

    assert wood.switch(wood.area, on=False) == [({"plugin": "grove", "on": True}, {"plugin": "grove", "on": False})]
    assert [wood.offered(unit) for unit in (wood.area, wood.stand)] == [{"owner", "member"}] * 2
    assert wood.offered(wood.other) == before

    wood.switch(wood.area, on=True)
    assert wood.offered(wood.stand) == before


def test_whoever_gives_one_of_its_roles_there_is_refused_by_every_door(wood: Wood) -> None:
    world, user = wood.world, wood.world.user("ann", home=wood.area)
    wood.switch(wood.area, on=False)

    with pytest.raises(SwitchedOff):
        world.run(GiveRole(role="grove.viewer", unit_ids=frozenset({wood.stand})), user)
    new = CreateUser(values={"user_name": "new"}, home_id=wood.area, role="grove.viewer", unit_ids=frozenset({wood.stand}))
    with pytest.raises(SwitchedOff):
        world.single(new)
    assert world.run(GiveRole(role="grove.viewer", unit_ids=frozenset({wood.other})), user).changed == 1


def test_what_was_given_before_stays(wood: Wood) -> None:
    user = wood.world.user("ann", ("grove.viewer", wood.stand), home=wood.area)
    wood.switch(wood.area, on=False)

    found = place(wood.world.session, wood.stand)
    assert found
    assert wood.world.actor(user).access.allows("users", "view", found.path)
    assert role_book_for(wood.world.session, wood.world.panel.registry, frozenset({"grove.viewer"})).label("grove.viewer") == "Viewer"


def test_its_objections_are_not_asked_for_those_at_home_there(wood: Wood) -> None:
    world = wood.world
    here, there = world.user("holy-ann", home=wood.stand), world.user("holy-ben", home=wood.other)
    assert world.run(MoveUsers(move=DISABLE), here, there).refused == 2

    wood.switch(wood.area, on=False)
    planned = world.panel.engine.plan(world.session, world.console, MoveUsers(move=DISABLE), Ids(frozenset({here, there})))
    result = world.run(MoveUsers(move=DISABLE), here, there)

    assert (planned.changed, planned.refused) == (1, 1)
    assert (result.changed, [(row.user_id, row.code) for row in result.refusals]) == (1, [(there, Objected.code)])
    assert world.row(here).status is Status.DISABLED


def test_one_that_fails_stands_in_the_way_of_nobody_at_home_where_it_is_off(wood: Wood) -> None:
    world = wood.world
    cursed, ben = world.user("cursed", home=wood.other), world.user("ben", home=wood.stand)
    wood.switch(wood.area, on=False)

    result = world.run(MoveUsers(move=DISABLE), cursed, ben)

    assert (result.changed, result.refused, world.row(ben).status) == (1, 1, Status.DISABLED)


def test_nor_for_units_there(wood: Wood) -> None:
    wood.switch(wood.area, on=False)
    wood.world.single(RenameUnit(unit_id=wood.stand, name="holy"))

    with pytest.raises(Objected):
        wood.world.single(CreateUnit(kind=AREA, parent_id=ROOT_ID, name="holy"))


def test_off_above_it_cannot_be_on_beneath(wood: Wood) -> None:
    wood.switch(wood.area, on=False)
    with pytest.raises(OffAbove):
        wood.switch(wood.stand, on=True)

    wood.switch(wood.stand, on=False)
    wood.switch(wood.area, on=True)
    assert "grove.viewer" not in wood.offered(wood.stand)


def test_what_is_so_already_is_no_change(wood: Wood) -> None:
    version = wood.version()
    assert wood.switch(wood.area, on=True) == []
    assert wood.version() == version
    assert len(wood.switch(wood.area, on=False)) == len(wood.switch(wood.area, on=False)) == 1
    assert wood.version() != version


def test_only_who_holds_edit_at_a_unit_switches_there_and_nobody_what_cannot_be_switched(wood: Wood) -> None:
    world = wood.world
    world.role("looker", {"plugins": "view"})
    world.role("switcher", {"plugins": "edit"})
    looker = world.actor(world.user("looker", ("looker", wood.area), home=wood.area))
    switcher = world.actor(world.user("switcher", ("switcher", wood.area), home=wood.area))

    for by, unit, refusal in ((looker, wood.stand, NotAllowed), (looker, wood.other, NotFound), (switcher, wood.other, NotFound)):
        with pytest.raises(refusal):
            wood.switch(unit, on=False, by=by)
    with pytest.raises(NotFound):
        world.single(SwitchPlugin(plugin="nobody", unit_id=wood.area, on=False))
    assert len(wood.switch(wood.stand, on=False, by=switcher)) == 1
