"""Access that is changed at everybody's own home at once: whom it is refused for, what it takes with it, and what takes it back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bo_panel.domain.errors import HeldBeneath, LastOwner, NotAlone, NotAtHome, NotGivenThere, OwnAccount, Superior
from bo_panel.models import Grant
from bo_panel.services.changes.access_at_home import ChangeAccess
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine.selection import Changed
from tests.services.conftest import Town


def change(*gives: str, takes: tuple[str, ...] = ()) -> ChangeAccess:
    return ChangeAccess(gives=frozenset(gives), takes=frozenset(takes))


def codes(result) -> dict[int, str]:
    return {row.user_id: row.code for row in result.refusals}


def test_each_gets_it_at_his_own_home_and_loses_the_other_wherever_he_held_it(town: Town) -> None:
    result = town.world.run(change("grove.editor", takes=("grove.viewer",)), town.ann, town.bob, by=town.admin)

    assert (result.changed, result.refused) == (2, 0)
    assert town.world.held(town.ann) == {("member", town.stand), ("grove.editor", town.stand)}
    assert town.world.held(town.bob) == {("member", town.north), ("grove.editor", town.north)}
    assert [event for event, _before, _after in town.world.trail(town.ann)] == ["access.changed", "access.changed"]
    assert town.world.run(change("grove.editor", takes=("grove.viewer",)), town.ann).same == 1


def test_it_is_taken_back_exactly(town: Town) -> None:
    before = {user: town.world.held(user) for user in (town.ann, town.bob)}
    run = town.world.run(change("grove.editor", takes=("grove.viewer",)), town.ann, town.bob, by=town.admin)

    undone = town.world.run(undo_of(town.world.session, run.change_set_id), selection=Changed(run.change_set_id), by=town.admin)

    assert undone.changed == 2
    assert {user: town.world.held(user) for user in before} == before


def test_refusals_are_row_by_row(town: Town) -> None:
    above = town.world.run(change("grove.feller"), town.ann, town.bob, by=town.admin)
    assert set(codes(above).values()) == {NotGivenThere.code}

    corner = town.world.run(change("grove.corner_keeper"), town.bob)
    assert codes(corner) == {town.bob: NotGivenThere.code}  # a corner is no area

    mixed = town.world.run(change("grove.viewer"), town.bob, town.admin_id, town.guest, by=town.admin)
    assert (mixed.changed, codes(mixed)) == (1, {town.admin_id: OwnAccount.code, town.guest: NotAtHome.code})


def test_nothing_is_taken_from_a_superior_nor_where_one_administers_nothing(town: Town) -> None:
    town.world.grant(town.bob, "grove.feller", town.south)

    taken = town.world.run(change("grove.viewer", takes=("grove.feller",)), town.bob, by=town.admin)

    assert codes(taken) == {town.bob: Superior.code}


def test_the_last_owner_stays_one_and_one_of_two_goes(town: Town) -> None:
    owner = town.world.user("olga", ("owner", town.north), home=town.north)
    town.world.run(change("grove.viewer", takes=("owner",)), town.boss)
    assert ("owner", 1) in town.world.held(town.boss)
    assert codes(town.world.run(change("grove.viewer", takes=("owner",)), owner)) == {owner: LastOwner.code}

    town.world.user("otto", ("owner", town.north), home=town.north)
    assert town.world.run(change("grove.viewer", takes=("owner",)), owner).changed == 1


def test_nobody_gives_for_longer_than_he_has_it_himself(town: Town) -> None:
    until = town.world.now + timedelta(days=3)
    tim = town.world.user("tim", home=town.north)
    town.world.grant(tim, "grove.editor", town.north, until)

    town.world.run(change("grove.viewer"), town.bob, by=town.world.actor(tim))

    rows = town.world.session.scalars(select(Grant.expires_at).where(Grant.user_id == town.bob, Grant.role_key == "grove.viewer")).all()
    assert [found.replace(tzinfo=None) for found in rows] == [until.replace(tzinfo=None)]


def test_what_expired_makes_room_and_comes_back_with_the_undo(town: Town) -> None:
    town.world.grant(town.bob, "grove.viewer", town.north, town.world.now - timedelta(days=1))

    run = town.world.run(change("grove.viewer"), town.bob, by=town.admin)
    assert run.changed == 1

    town.world.run(undo_of(town.world.session, run.change_set_id), selection=Changed(run.change_set_id), by=town.admin)
    rows = town.world.session.scalars(select(Grant.expires_at).where(Grant.user_id == town.bob, Grant.role_key == "grove.viewer")).all()
    assert [found is not None for found in rows] in ([True], [])


def with_roles(town: Town, *keys: str, **changed: object) -> None:
    host = town.world.panel.host
    roles = host.registry.roles
    registry = replace(host.registry, roles={**roles, **{key: replace(roles[key], **changed) for key in keys}})
    if "owner" in changed:
        registry = replace(registry, owner_roles=registry.owner_roles | {*keys})
    object.__setattr__(town.world, "panel", replace(town.world.panel, host=replace(host, registry=registry)))


def test_a_role_that_is_held_alone_is_not_given_together_with_another(town: Town) -> None:
    with_roles(town, "grove.editor", exclusive=True)

    with pytest.raises(NotAlone):
        town.world.run(change("grove.editor", "grove.viewer"), town.bob)
    assert town.world.run(change("grove.editor"), town.bob).changed == 1


def test_an_owner_at_home_is_still_the_last_owner_of_another_unit(town: Town) -> None:
    with_roles(town, "grove.editor", owner=True)
    olga = town.world.user("olga", ("owner", town.north), home=town.north)
    oscar = town.world.user("oscar", ("owner", town.north), ("owner", town.south), home=town.north)

    result = town.world.run(change("grove.editor", takes=("owner",)), olga, oscar)

    assert (result.changed, codes(result)) == (1, {oscar: LastOwner.code})


def test_what_is_held_beneath_a_home_is_not_taken_for_something_at_the_whole_of_it(town: Town) -> None:
    town.world.grant(town.bob, "grove.viewer", town.stand)

    result = town.world.run(change("grove.editor", takes=("grove.viewer",)), town.ann, town.bob, by=town.admin)

    assert (result.changed, codes(result)) == (1, {town.bob: HeldBeneath.code})
    assert town.world.held(town.bob) == {("member", town.north), ("grove.viewer", town.stand)}
    assert town.world.run(change(takes=("grove.viewer",)), town.bob, by=town.admin).changed == 1


def test_what_expired_elsewhere_stays_as_it_was(town: Town) -> None:
    town.world.grant(town.bob, "grove.viewer", town.stand, town.world.now - timedelta(days=1))

    assert town.world.run(change("grove.viewer"), town.bob, by=town.admin).changed == 1

    rows = town.world.session.scalars(select(Grant.unit_id).where(Grant.user_id == town.bob, Grant.role_key == "grove.viewer")).all()
    assert set(rows) == {town.north, town.stand}
