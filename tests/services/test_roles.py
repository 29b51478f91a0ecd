"""Roles that a unit owns: making, changing and removing them is guarded like giving and taking."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from bo_panel.domain.errors import (
    AboveOwnAccess,
    ForATime,
    Invalid,
    NotAllowed,
    NotFound,
    Objected,
    OwnRole,
    Refusal,
    RoleHeld,
    RoleHeldAbove,
    RoleHeldThere,
    StaleRole,
    UnknownLevel,
)
from bo_panel.domain.units import UnitPath
from bo_panel.models import Role, Unit
from bo_panel.queries.access import access_of
from bo_panel.services.changes import CreateRole, EditRole, GiveRole, RemoveRole
from tests.services.conftest import Town

VIEW, EDIT, PRUNE, FELL = {"users": "view"}, {"users": "edit"}, {"grove.trees": "prune"}, {"grove.trees": "fell"}


def create(town: Town, levels: Mapping[str, str], **more: object) -> None:
    values = {"unit_id": town.north, "name": "Night watch", "levels": levels, **more}
    town.world.single(CreateRole(**values), by=town.admin)  # type: ignore[arg-type]


def edit(town: Town, key: str, levels: Mapping[str, str], **more: object) -> None:
    town.world.single(EditRole(role=key, levels=levels, **{"name": key.title(), **more}), by=town.admin)  # type: ignore[arg-type]


def stored(town: Town, key: str) -> Role:
    town.world.session.rollback()
    return town.world.session.scalars(select(Role).where(Role.key == key)).one()


def refused(town: Town, refusal: type[Refusal], key: str, levels: Mapping[str, str], **more: object) -> None:
    before, role = town.world.counts(), dict(stored(town, key).levels)
    with pytest.raises(Refusal) as caught:
        edit(town, key, levels, **more)
    assert caught.type is refusal
    assert (town.world.counts(), dict(stored(town, key).levels)) == (before, role)


def test_a_new_role_is_on_offer_at_its_unit_and_can_be_given_there(town: Town) -> None:
    create(town, {"users": "view", "units": "none"}, unit_kinds=("grove.stand",))
    [role] = town.world.session.scalars(select(Role)).all()
    key = role.key
    assert (role.label, role.levels, role.unit_kinds, role.unit_id) == ("Night watch", {"users": "view"}, ["grove.stand"], town.north)
    assert town.world.trail(None)[-1] == ("roles.created", {}, {"name": "Night watch", "levels": {"users": "view"}, "kinds": ["grove.stand"]})
    town.world.run(GiveRole(role=key, unit_ids=frozenset({town.stand})), town.bob, by=town.admin)
    assert (key, town.stand) in town.world.held(town.bob)


@pytest.mark.parametrize(
    ("levels", "more", "refusal"),
    [
        (FELL, {}, AboveOwnAccess),
        ({"grove.trees": "burn"}, {}, UnknownLevel),
        ({"moon": "view"}, {}, UnknownLevel),
        (VIEW, {"name": "  "}, Invalid),
        (VIEW, {"name": "x" * 121}, Invalid),
        (VIEW, {"unit_kinds": ("root",)}, Invalid),
        (VIEW, {"unit_id": 999}, NotFound),
        (VIEW, {"unit_id": 1}, NotFound),
        (VIEW, {"name": "holy"}, Objected),
    ],
)
def test_a_role_that_gives_too_much_or_makes_no_sense_is_not_made(
    town: Town, levels: Mapping[str, str], more: dict[str, object], refusal: type
) -> None:
    before = town.world.counts()
    with pytest.raises(Refusal) as caught:
        create(town, levels, **more)
    assert caught.type is refusal
    assert town.world.counts() == before


def test_who_may_only_look_at_roles_makes_none(town: Town) -> None:
    town.world.role("looker", {"roles": "view", "users": "edit"})
    reader = town.world.user("reader", ("looker", town.north), home=town.north)
    with pytest.raises(NotAllowed):
        town.world.single(CreateRole(unit_id=town.north, name="Mine", levels=VIEW), by=town.world.actor(reader))


def test_what_a_role_gives_is_changed_for_everybody_who_holds_it_and_is_on_the_trail(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.grant(town.ann, "watch", town.stand)
    edit(town, "watch", PRUNE)
    path = UnitPath(str(town.world.session.scalar(select(Unit.path).where(Unit.id == town.stand))))
    assert access_of(town.world.session, town.ann, town.world.panel.registry, town.world.now).allows("grove.trees", "prune", path)
    event, before, after = town.world.trail(None)[-1]
    assert (event, before, after) == ("roles.edited", {"role": "watch", "levels": VIEW}, {"role": "watch", "levels": PRUNE})
    assert stored(town, "watch").version == 2
    events = len(town.world.trail(None))
    edit(town, "watch", PRUNE)
    assert len(town.world.trail(None)) == events, "nothing is written where nothing changes"


def test_nobody_puts_more_into_a_role_than_he_holds_or_takes_out_what_is_above_him(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.role("woodcutters", FELL, owned_at=town.north)
    refused(town, AboveOwnAccess, "watch", FELL)
    refused(town, AboveOwnAccess, "woodcutters", PRUNE)
    with pytest.raises(AboveOwnAccess):
        town.world.single(RemoveRole(role="woodcutters"), by=town.admin)


def test_a_role_next_door_or_above_does_not_exist(town: Town) -> None:
    town.world.role("theirs", VIEW, owned_at=town.south)
    town.world.role("everybody's", VIEW)
    for key in ("theirs", "everybody's", "none at all", "grove.viewer"):
        with pytest.raises(NotFound):
            town.world.single(EditRole(role=key, name="x", levels={}), by=town.admin)
        with pytest.raises(NotFound):
            town.world.single(RemoveRole(role=key), by=town.admin)


def test_a_role_that_is_held_where_a_unit_was_moved_away_to_counts_there_too(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.grant(town.sue, "watch", town.south)
    refused(town, AboveOwnAccess, "watch", PRUNE)
    refused(town, AboveOwnAccess, "watch", {})


def test_nobody_changes_what_a_role_gives_that_he_holds_himself_but_may_call_it_otherwise(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.grant(town.admin_id, "watch", town.north)
    refused(town, OwnRole, "watch", PRUNE)
    refused(town, OwnRole, "watch", {})
    edit(town, "watch", VIEW, name="Watch by night")
    assert stored(town, "watch").label == "Watch by night"


def test_a_role_that_somebody_above_holds_too_is_left_alone(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    feller = town.world.user("feller", ("watch", town.stand), ("grove.feller", town.north), home=town.north)
    refused(town, RoleHeldAbove, "watch", PRUNE)
    assert feller


def test_what_is_held_for_a_time_only_does_not_go_into_a_role(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.role("keeper", {"roles": "edit", "users": "view"}, owned_at=town.north)
    keeper = town.world.user("keeper", ("keeper", town.north), home=town.north)
    town.world.grant(keeper, "grove.admin", town.north, town.world.now + timedelta(days=1))
    with pytest.raises(ForATime):
        town.world.single(CreateRole(unit_id=town.north, name="New", levels=PRUNE), by=town.world.actor(keeper))
    with pytest.raises(ForATime):
        town.world.single(EditRole(role="watch", name="Watch", levels=PRUNE), by=town.world.actor(keeper))
    town.world.single(EditRole(role="watch", name="Watch", levels={}), by=town.world.actor(keeper))


def test_a_role_stays_possible_where_it_is_held(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.grant(town.ann, "watch", town.stand)
    refused(town, RoleHeldThere, "watch", VIEW, unit_kinds=("grove.plot",))
    edit(town, "watch", VIEW, unit_kinds=("grove.plot", "grove.stand"))
    assert stored(town, "watch").unit_kinds == ["grove.stand", "grove.plot"]


def test_who_saves_a_form_that_is_out_of_date_is_told_so(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    edit(town, "watch", PRUNE, expected_version=1)
    refused(town, StaleRole, "watch", EDIT, expected_version=1)


def test_a_role_is_removed_once_nobody_holds_it(town: Town) -> None:
    town.world.role("watch", VIEW, owned_at=town.north)
    town.world.grant(town.ann, "watch", town.stand)
    with pytest.raises(RoleHeld, match="still held: 1"):
        town.world.single(RemoveRole(role="watch"), by=town.admin)
    town.world.role("other", VIEW, owned_at=town.north)
    town.world.single(RemoveRole(role="other"), by=town.admin)
    assert town.world.session.scalars(select(Role.key)).all() == ["watch"]
    before = {"role": "other", "name": "Other", "levels": VIEW, "kinds": []}
    assert town.world.trail(None)[-1] == ("roles.removed", before, {})


def test_levels_of_things_that_nobody_can_choose_there_are_kept(town: Town) -> None:
    town.world.role("watch", {**VIEW, "gone.plugin": "edit"}, owned_at=town.north)
    edit(town, "watch", PRUNE)
    assert stored(town, "watch").levels == {**PRUNE, "gone.plugin": "edit"}
