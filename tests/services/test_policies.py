"""Policies: levels put together by hand for one user at one unit, a role without a name, shared by content."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bo_panel.domain.access import MEMBER
from bo_panel.domain.errors import AboveOwnAccess, NotAllowed, OwnAccount, Refusal, Superior, UnknownLevel, UnknownRole, UnknownUnit
from bo_panel.domain.policies import policy_key, rung_chosen
from bo_panel.domain.units import UnitPath
from bo_panel.models import ChangeSet, Grant, Role, Unit
from bo_panel.queries.access import access_of
from bo_panel.queries.roles import role_book_for, roles_at, some_roles
from bo_panel.queries.units import place
from bo_panel.services.changes import EditUsers, GiveRole, MoveUnit, left_in, policy_changes, policy_of
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, only, writing
from tests.services.conftest import Town

VIEW, PRUNE = {"users": "view"}, {"grove.trees": "prune", "users": "edit"}


def give(town: Town, levels: Mapping[str, str], user: int, unit: int = 0, by: int = 0) -> None:
    world, unit = town.world, unit or town.stand
    found = place(world.session, unit)
    assert found is not None
    held = [role for role, at in world.held(user) if at == unit and role != MEMBER]
    book = role_book_for(world.session, world.panel.registry, frozenset(held))
    changes = policy_changes(policy_of(book.registry, levels, "", found.kind), found, held, left_in(book, held))
    actor = world.actor(by or town.admin_id)
    world.session.rollback()
    world.panel.engine.run_together(world.session, actor, changes, only(user))


def policies(town: Town, user: int) -> list[tuple[str, int]]:
    return sorted((role, unit) for role, unit in town.world.held(user) if role != MEMBER)


def key(levels: Mapping[str, str], label: str = "Policy", preset: str = "") -> str:
    return policy_key(levels, preset, label)


def allows(town: Town, user: int, resource: str, level: str, unit: int) -> bool:
    path = UnitPath(str(town.world.session.scalar(select(Unit.path).where(Unit.id == unit))))
    return access_of(town.world.session, user, town.world.panel.registry, town.world.now).allows(resource, level, path)


def test_a_policy_takes_the_place_of_what_is_held_at_the_unit_in_one_run_with_its_levels_on_the_trail(town: Town) -> None:
    give(town, PRUNE, town.ann)
    assert policies(town, town.ann) == [(key(PRUNE), town.stand)]
    assert allows(town, town.ann, "grove.trees", "prune", town.stand)
    given, taken = town.world.trail(town.ann)
    assert (given[0], given[2]["levels"], taken[0], taken[1]["role"]) == ("access.granted", PRUNE, "access.revoked", "grove.viewer")

    give(town, VIEW, town.ann)
    taken = town.world.trail(town.ann)[-1]
    assert (taken[0], taken[1]["levels"]) == ("access.revoked", PRUNE)
    assert town.world.session.scalars(select(ChangeSet.change)).all() == ["users.policy+users.revoke"] * 2


def test_what_a_policy_replaced_comes_back_with_an_undo(town: Town) -> None:
    give(town, PRUNE, town.ann)
    give(town, VIEW, town.ann)
    last = town.world.session.scalars(select(func.max(ChangeSet.id))).one()
    town.world.run(undo_of(town.world.session, last), selection=Changed(last), by=town.admin)
    assert policies(town, town.ann) == [(key(PRUNE), town.stand)]
    assert not allows(town, town.ann, "users", "create", town.stand)


def test_the_same_policy_is_one_role_however_many_hold_it(town: Town) -> None:
    give(town, PRUNE, town.ann)
    give(town, dict(reversed(PRUNE.items())), town.bob)
    give(town, {**PRUNE, "units": "none"}, town.guest)
    rows = town.world.session.execute(select(Role.key, Role.unit_id, Role.levels)).all()
    assert [tuple(row) for row in rows] == [(key(PRUNE), None, PRUNE)]


def test_a_policy_of_nothing_leaves_nothing_at_the_unit(town: Town) -> None:
    give(town, {"users": "none"}, town.ann)
    assert policies(town, town.ann) == []
    assert (MEMBER, town.stand) in town.world.held(town.ann)


def test_a_policy_is_never_on_offer_and_cannot_be_given_as_a_role(town: Town) -> None:
    give(town, VIEW, town.ann)
    book = roles_at(town.world.session, town.world.panel.registry, UnitPath("/1/"))
    assert key(VIEW) not in book.offered_at(UnitPath("/1/")) and not book.policies
    with pytest.raises(UnknownRole):
        town.world.run(GiveRole(role=key(VIEW), unit_ids=frozenset({town.stand})), town.bob, by=town.admin)


@pytest.mark.parametrize(
    ("levels", "user", "unit", "by", "refusal"),
    [
        ({"grove.trees": "fell"}, "ann", "stand", "admin_id", AboveOwnAccess),
        ({"grove.trees": "burn"}, "ann", "stand", "admin_id", UnknownLevel),
        ({"moon": "view"}, "ann", "stand", "admin_id", UnknownLevel),
        (VIEW, "admin_id", "north", "admin_id", OwnAccount),
        (VIEW, "guest", "south", "admin_id", UnknownUnit),
        (VIEW, "bob", "stand", "guest", NotAllowed),
    ],
)
def test_what_the_guard_refuses_is_not_given(town: Town, levels: Mapping[str, str], user: str, unit: str, by: str, refusal: type[Refusal]) -> None:
    before = town.world.counts()
    with pytest.raises(Refusal) as caught:
        give(town, levels, getattr(town, user), getattr(town, unit), getattr(town, by))
    assert caught.type is refusal
    assert town.world.counts() == before


def test_nobody_changes_the_policy_of_somebody_above_him(town: Town) -> None:
    town.world.grant(town.ann, "grove.feller", town.stand)
    with pytest.raises(Refusal):
        give(town, VIEW, town.ann)
    feller = town.world.user("feller", ("grove.feller", town.north), home=town.north)
    with pytest.raises(Superior):
        give(town, VIEW, feller)


@pytest.mark.parametrize("few", [0, 200])
def test_who_holds_a_high_policy_is_a_superior_like_anybody_else(town: Town, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr("bo_panel.services.guard.FEW_ROLES", few)
    give(town, {"grove.trees": "fell"}, town.bob, by=town.boss)
    assert some_roles(town.world.session, town.world.panel.registry, 0) is None
    result = town.world.run(EditUsers(values={"email": "mine@example.com"}), town.bob, by=town.admin)
    assert [row.code for row in result.refusals] == [Superior.code]
    with pytest.raises(AboveOwnAccess):
        give(town, {}, town.bob)


@pytest.mark.parametrize(
    ("ticked", "was", "meant"), [({2}, 0, 2), ({1, 2}, 0, 2), ((), 3, 0), ({1, 3}, 3, 1), ({2, 3}, 3, 0), ({1, 4}, 1, 4), ({1}, 2, 1)]
)
def test_ticking_means_those_below_and_clearing_means_those_above(ticked: Collection[int], was: int, meant: int) -> None:
    assert rung_chosen(ticked, was) == meant


def leave(town: Town, **levels: str) -> None:
    """Let Ann hold a policy that was made while there was one plugin more."""
    old = {"gone.stuff": "edit", **levels}
    role = key(old)
    with writing(town.world.session):
        town.world.session.add(Role(key=role, label="Policy", levels=old, preset="", unit_kinds=[], created_at=town.world.now))
    town.world.grant(town.ann, role, town.stand)


def test_what_a_plugin_left_in_a_policy_stays_with_what_is_changed_beside_it(town: Town) -> None:
    leave(town, users="view")
    give(town, PRUNE, town.ann)

    assert policies(town, town.ann) == [(key({"gone.stuff": "edit", **PRUNE}), town.stand)]


def test_who_takes_everything_takes_what_was_left_too(town: Town) -> None:
    leave(town, users="view")
    give(town, {}, town.ann)

    assert policies(town, town.ann) == []


def test_nobody_but_an_owner_of_all_gives_a_role_of_which_a_part_is_left_by_a_plugin(town: Town) -> None:
    gives = GiveRole(role=town.world.role("own:odd", {"gone.stuff": "edit"}, town.north), unit_ids=frozenset({town.stand}))

    with pytest.raises(AboveOwnAccess):
        town.world.run(gives, town.ann, by=town.admin)
    assert town.world.run(gives, town.ann).changed == 1


def test_the_top_of_every_ladder_there_is_does_not_reach_what_a_plugin_left(town: Town) -> None:
    ladders = town.world.panel.registry.catalogue.ladders
    top = town.world.role("own:top", {ladder.resource: ladder.levels[-1] for ladder in ladders}, town.north)
    boss = town.world.actor(town.world.user("boss2", (top, town.north), home=town.north))
    odd = town.world.role("own:odd", {"gone.stuff": "edit"}, town.north)

    with pytest.raises(AboveOwnAccess):
        town.world.run(GiveRole(role=odd, unit_ids=frozenset({town.stand})), town.ann, by=boss)


def test_who_owns_for_a_time_gives_what_a_plugin_left_for_that_time_only(town: Town) -> None:
    world, end = town.world, town.world.now + timedelta(hours=1)
    odd = world.role("own:odd", {"gone.stuff": "edit", "users": "view"}, town.north)
    world.grant(town.admin_id, "owner", town.north, end)

    world.run(GiveRole(role=odd, unit_ids=frozenset({town.stand})), town.ann, by=world.actor(town.admin_id))

    world.session.rollback()
    assert world.session.scalar(select(Grant.expires_at).where(Grant.user_id == town.ann, Grant.role_key == odd)) == end


def test_nobody_gains_what_a_plugin_left_by_the_move_of_a_unit(town: Town) -> None:
    world = town.world
    ladder = next(found for found in world.panel.registry.catalogue.ladders if found.resource == "units")
    mover = world.actor(world.user("mover", (world.role("own:mover", {"units": ladder.levels[-1], "users": "view"}), 1)))
    world.grant(town.sue, world.role("own:odd", {"gone.stuff": "edit"}), town.south)

    with pytest.raises(AboveOwnAccess):
        world.single(MoveUnit(unit_id=town.stand, parent_id=town.south), by=mover)
