"""Units: created, renamed, moved with everybody in them; refused in the wrong kind, into itself and next door."""

import pytest
from sqlalchemy import select

from bo_panel.domain.errors import AboveOwnAccess, IntoItself, Invalid, NotAllowed, NotFound, Objected, Refusal, WrongKind
from bo_panel.models import Unit, User
from bo_panel.queries.access import access_of
from bo_panel.queries.audit import WantedEvents, audit_page
from bo_panel.queries.units import place
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import CreateUnit, CreateUser, MoveUnit, RenameUnit
from bo_panel.services.engine import SingleChange
from bo_panel.testing import World
from tests.services.conftest import Town

ARABIC = "قسم الشمال"


def refused(town: Town, change: SingleChange, refusal: type[Refusal]) -> None:
    before = town.world.counts()
    with pytest.raises(refusal):
        town.world.single(change, by=town.admin)
    assert town.world.counts() == before


def path(world: World, unit_id: int) -> str:
    found = place(world.session, unit_id)
    assert found is not None
    return found.path.text


def test_a_unit_is_created_below_one_that_its_kind_may_stand_below(town: Town) -> None:
    new = town.world.single(CreateUnit(kind="grove.plot", parent_id=town.stand, name=f"  {ARABIC}\n"), by=town.admin).subject_id
    assert new is not None
    unit = town.world.session.get_one(Unit, new)
    assert (unit.name, unit.path, unit.parent_id) == (ARABIC, f"/1/{town.north}/{town.stand}/{new}/", town.stand)
    assert town.world.trail()[-1] == ("units.created", {}, {"name": ARABIC, "kind": "grove.plot", "parent": "Stand"})


@pytest.mark.parametrize("kind", ["grove.area", "root", "nonsense", ""])
def test_a_unit_of_the_wrong_kind_is_refused(town: Town, kind: str) -> None:
    refused(town, CreateUnit(kind=kind, parent_id=town.stand, name="New"), WrongKind)


@pytest.mark.parametrize("name", ["", " \x00\n", "x" * 121, "x" * 300])
def test_a_unit_without_a_name_or_with_too_long_a_one_is_refused(town: Town, name: str) -> None:
    refused(town, CreateUnit(kind="grove.plot", parent_id=town.stand, name=name), Invalid)
    refused(town, RenameUnit(unit_id=town.stand, name=name), Invalid)


def test_a_name_that_folds_to_many_letters_is_kept(town: Town) -> None:
    town.world.single(RenameUnit(unit_id=town.stand, name="ﷺ" * 100), by=town.admin)
    assert town.world.session.get_one(Unit, town.stand).name == "ﷺ" * 100


def test_next_door_and_above_no_unit_exists(town: Town) -> None:
    for unit_id in (town.south, 1, 999):
        refused(town, CreateUnit(kind="grove.stand", parent_id=unit_id, name="New"), NotFound)
        refused(town, RenameUnit(unit_id=unit_id, name="New"), NotFound)
        refused(town, MoveUnit(unit_id=unit_id, parent_id=town.north), NotFound)
        refused(town, MoveUnit(unit_id=town.stand, parent_id=unit_id), NotFound)


def test_who_may_only_look_at_units_changes_none(town: Town) -> None:
    looker = town.world.actor(town.world.user("looker", ("grove.editor", town.north), home=town.north))
    for change in (CreateUnit(kind="grove.plot", parent_id=town.stand, name="New"), RenameUnit(unit_id=town.stand, name="New")):
        with pytest.raises(NotAllowed):
            town.world.single(change, by=looker)


def test_a_plugin_objects_to_a_name(town: Town) -> None:
    refused(town, CreateUnit(kind="grove.plot", parent_id=town.stand, name="holy"), Objected)
    refused(town, RenameUnit(unit_id=town.stand, name="cursed"), Objected)


def test_renaming_moves_nothing(town: Town) -> None:
    before = path(town.world, town.stand)
    town.world.single(RenameUnit(unit_id=town.stand, name="Élan"), by=town.admin)
    unit = town.world.session.scalars(select(Unit).where(Unit.id == town.stand)).one()
    assert (unit.name, unit.sort_name, unit.path, unit.version) == ("Élan", "elan", before, 2)
    assert town.world.trail()[-1] == ("units.renamed", {"name": "Stand"}, {"name": "Élan"})


def test_a_unit_moves_with_everything_and_everybody_in_it(town: Town) -> None:
    corner = town.world.unit("Corner", kind="grove.corner", below=town.stand)
    plot = town.world.unit("Plot", kind="grove.plot", below=town.north)
    twin = town.world.unit("Twin", kind="grove.plot", below=town.north, unit_id=town.stand * 10)
    before = {user_id: town.world.row(user_id).access_version for user_id in (town.ann, town.bob)}
    town.world.single(MoveUnit(unit_id=town.stand, parent_id=town.south))
    assert path(town.world, corner) == f"/1/{town.south}/{town.stand}/{corner}/"
    assert (path(town.world, plot), path(town.world, twin)) == (f"/1/{town.north}/{plot}/", f"/1/{town.north}/{twin}/")
    after = {user_id: town.world.row(user_id).access_version for user_id in (town.ann, town.bob)}
    assert {user_id: after[user_id] - before[user_id] for user_id in after} == {town.ann: 1, town.bob: 0}
    stand = place(town.world.session, town.stand)
    assert stand is not None
    admin, ann = (access_of(town.world.session, user_id, town.world.panel.registry, town.world.now) for user_id in (town.admin_id, town.ann))
    assert not admin.allows("users", "view", stand.path) and ann.allows("users", "view", stand.path)
    assert not town.world.session.scalar(select(User.away).where(User.id == town.ann))
    assert town.world.trail() == [("units.moved", {"parent": "North"}, {"parent": "South"}), ("units.moved_away", {"unit": "Stand"}, {})]
    seen = audit_page(town.world.session, Scope(admin.reach("audit", "view")), WantedEvents()).rows  # he has lost the unit from sight
    assert [(row.event, row.unit_name, row.before) for row in seen] == [("units.moved_away", "North", {"unit": "Stand"})]


def test_a_unit_is_not_moved_into_itself_nor_below_the_wrong_kind_and_stays_where_it_is_already(town: Town) -> None:
    plot = town.world.unit("Plot", kind="grove.plot", below=town.stand)
    refused(town, MoveUnit(unit_id=town.stand, parent_id=plot), IntoItself)
    refused(town, MoveUnit(unit_id=town.stand, parent_id=town.stand), IntoItself)
    corner = town.world.unit("Corner", kind="grove.corner", below=plot)
    refused(town, MoveUnit(unit_id=plot, parent_id=corner), IntoItself)
    other = town.world.unit("Other", kind="grove.corner", below=town.north)
    refused(town, MoveUnit(unit_id=plot, parent_id=other), WrongKind)
    with pytest.raises(IntoItself):
        town.world.single(MoveUnit(unit_id=1, parent_id=town.north))
    before = town.world.counts()
    assert town.world.single(MoveUnit(unit_id=plot, parent_id=town.stand), by=town.admin).change_set_id is None
    assert town.world.counts() == before


def test_a_unit_is_not_moved_to_where_somebody_would_hold_more_in_it_than_the_mover(town: Town) -> None:
    plot = town.world.unit("Plot", kind="grove.plot", below=town.north)
    town.world.grant(town.bob, "grove.feller", town.stand)
    refused(town, MoveUnit(unit_id=plot, parent_id=town.stand), AboveOwnAccess)


def test_a_unit_is_not_taken_from_those_above_by_who_holds_nothing_there(town: Town) -> None:
    plot = town.world.unit("Plot", kind="grove.plot", below=town.stand)
    mover = town.world.actor(town.world.user("mover", ("grove.admin", town.stand), ("grove.admin", town.south)))
    with pytest.raises(NotFound):
        town.world.single(MoveUnit(unit_id=plot, parent_id=town.south), by=mover)
    town.world.single(MoveUnit(unit_id=plot, parent_id=town.south))
    assert path(town.world, plot) == f"/1/{town.south}/{plot}/"


def test_the_three_levels_of_a_service_provider(provider_world: World) -> None:
    world = provider_world
    provider = world.single(CreateUnit(kind="service_provider.provider", parent_id=1, name="Acme")).subject_id or 0
    account = world.single(CreateUnit(kind="service_provider.account", parent_id=provider, name="Account")).subject_id or 0
    sub = world.single(CreateUnit(kind="service_provider.sub_account", parent_id=account, name="Sub")).subject_id or 0
    with pytest.raises(WrongKind):
        world.single(MoveUnit(unit_id=sub, parent_id=provider))
    units = frozenset({sub})
    clerk = CreateUser(values={"user_name": "clerk"}, home_id=provider, role="service_provider.platform_user", unit_ids=units)
    clerk_id = world.single(clerk).subject_id or 0
    access = access_of(world.session, clerk_id, world.panel.registry, world.now)
    assert {top.ids[-1] for top in access.reach("service_provider.numbers", "edit")} == {sub}
    assert not access.anywhere("service_provider.numbers", "create") and not access.anywhere("users", "view")
    admin = CreateUser(values={"user_name": "a"}, home_id=provider, role="service_provider.platform_administrator", unit_ids=frozenset({account}))
    admin_id = world.single(admin).subject_id or 0
    with pytest.raises(Refusal):
        world.single(CreateUser(values={"user_name": "b"}, home_id=provider), by=world.actor(admin_id))
