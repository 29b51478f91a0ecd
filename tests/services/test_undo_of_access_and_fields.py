"""Undoing edits and roles: what comes back exactly, what the guard and the names of others forbid, and at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import (
    AboveOwnUndo,
    AlreadyUndone,
    ChangedSince,
    EmailTaken,
    LastOwner,
    NotAllowed,
    NotUndoable,
    Objected,
    OwnAccount,
    RoleGone,
    Superior,
)
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.domain.plans import Result
from bo_panel.models import AuditEvent, Grant, User, UserSearch
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole, MoveUnit, MoveUsers, RenameUnit, TakeRole
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Ids
from bo_panel.testing import World
from tests.services.conftest import Town
from tests.services.test_every_change import many

Statements = Callable[[Panel], AbstractContextManager[list[str]]]


def undo(world: World, done: Result, by: Actor | None = None) -> Result:
    assert done.change_set_id is not None
    return world.run(undo_of(world.session, done.change_set_id), selection=Changed(done.change_set_id), by=by)


def codes(result: Result) -> list[str]:
    return [refused.code for refused in result.refusals]


def at(role: str, *units: int) -> dict[str, object]:
    return {"role": role, "unit_ids": frozenset(units)}


def test_an_edit_comes_back_with_what_he_is_found_by(town: Town) -> None:
    done = town.world.run(EditUsers(values={"first_name": "Zoë", "email": "Zoe@Example.com"}), town.ann, by=town.admin)
    assert undo(town.world, done, town.admin).changed == 1
    ann = town.world.row(town.ann)
    assert (ann.first_name, ann.email, ann.email_key, ann.sort_name, ann.version) == ("Ann", "ann@example.com", "ann@example.com", "ann", 3)
    assert "zoe" not in town.world.session.get_one(UserSearch, town.ann).document


def test_a_role_given_is_taken_and_one_taken_comes_back_with_its_end_and_its_source(town: Town) -> None:
    world, end = town.world, town.world.now + timedelta(days=9)
    world.grant(town.ann, "grove.editor", town.south, end)
    given = world.run(GiveRole(**at("grove.editor", town.north)), town.bob, by=town.admin)
    taken = world.run(TakeRole(**at("grove.editor", town.south)), town.ann)
    assert not world.row(town.bob).away
    undo(world, given, town.admin)
    undo(world, taken)
    assert ("grove.editor", town.north) not in world.held(town.bob)
    back = world.session.scalars(select(Grant).where(Grant.user_id == town.ann, Grant.unit_id == town.south)).one()
    assert (back.role_key, back.source, back.expires_at, back.away) == ("grove.editor", "admin", end, True)
    assert world.row(town.ann).away


def test_what_was_done_together_is_undone_together(town: Town) -> None:
    changes = [EditUsers(values={"first_name": "New"}), GiveRole(**at("grove.editor", town.stand)), TakeRole(**at("grove.viewer", town.stand))]
    done = town.world.panel.engine.run_together(town.world.session, town.admin, changes, Ids(frozenset({town.ann})))
    held = {("member", town.stand), ("grove.viewer", town.stand)}
    assert town.world.held(town.ann) != held
    assert undo(town.world, done, town.admin).changed == 1
    assert (town.world.row(town.ann).first_name, town.world.held(town.ann)) == ("Ann", held)


def test_a_grant_that_was_changed_since_is_left_alone_and_the_others_go_on(town: Town) -> None:
    done = town.world.run(GiveRole(**at("grove.editor", town.stand)), town.ann, town.bob, by=town.admin)
    town.world.run(TakeRole(**at("grove.editor", town.stand)), town.ann, by=town.admin)
    again = town.world.run(GiveRole(**at("grove.editor", town.stand)), town.ann, by=town.admin)
    result = undo(town.world, done, town.admin)
    assert (result.changed, codes(result)) == (1, [ChangedSince.code])
    assert ("grove.editor", town.stand) in town.world.held(town.ann)
    assert undo(town.world, again, town.admin).changed == 1


def test_nobody_gives_back_more_than_he_holds_nor_takes_it(town: Town) -> None:
    taken = town.world.run(TakeRole(**at("grove.viewer", town.stand)), town.ann)
    given = town.world.run(GiveRole(**at("grove.feller", town.north)), town.bob)
    there = town.world.run(GiveRole(**at("grove.viewer", town.south)), town.guest)
    assert codes(undo(town.world, given, town.admin)) == [AboveOwnUndo.code]
    assert codes(undo(town.world, there, town.admin)) == [AboveOwnUndo.code]
    assert undo(town.world, taken, town.admin).changed == 1
    with pytest.raises(NotAllowed):
        undo(town.world, given, town.world.actor(town.guest))


def test_nobody_gives_back_for_longer_than_he_has(town: Town) -> None:
    end = town.world.now + timedelta(days=2)
    town.world.grant(town.bob, "grove.admin", town.stand, end)
    taken = town.world.run(TakeRole(**at("grove.viewer", town.stand)), town.ann)
    assert undo(town.world, taken, town.world.actor(town.bob)).changed == 1
    back = town.world.session.scalars(select(Grant).where(Grant.user_id == town.ann, Grant.role_key == "grove.viewer")).one()
    assert back.expires_at == end
    told = town.world.trail(town.ann)[-1][2]
    assert told["role"] == "grove.viewer" and told["expires_at"] is not None


def test_to_restore_an_address_is_to_take_the_account_over(town: Town) -> None:
    edited = town.world.run(EditUsers(values={"email": "new@example.com"}), town.ann, by=town.admin)
    town.world.grant(town.ann, "grove.feller", town.south)
    assert codes(undo(town.world, edited, town.admin)) == [Superior.code]


def test_a_name_that_another_has_by_now_does_not_come_back(town: Town) -> None:
    edited = town.world.run(EditUsers(values={"email": "new@example.com"}), town.ann, by=town.admin)
    town.world.single(CreateUser(values={"user_name": "ann@example.com"}, home_id=town.south))
    assert codes(undo(town.world, edited, town.admin)) == [EmailTaken.code]
    assert town.world.row(town.ann).email == "new@example.com"


def test_a_role_that_is_gone_does_not_come_back(town: Town) -> None:
    town.world.grant(town.ann, "felled", town.stand)
    taken = town.world.run(TakeRole(**at("felled", town.stand)), town.ann)
    assert codes(undo(town.world, taken)) == [RoleGone.code]


def test_who_saw_only_a_part_takes_that_back_and_leaves_the_rest_to_others(town: Town) -> None:
    done = town.world.run(MoveUsers(move=DISABLE), town.ann, town.bob, town.sue)
    assert undo(town.world, done, town.admin).changed == 2
    rest = undo(town.world, done)
    assert (rest.changed, rest.same) == (1, 2)
    with pytest.raises(AlreadyUndone):
        undo(town.world, done)


def test_the_last_owner_stays_one_and_ones_own_access_is_left_to_others(town: Town) -> None:
    given = town.world.run(GiveRole(**at("owner", town.stand)), town.bob)
    assert codes(undo(town.world, given)) == [LastOwner.code]
    own = town.world.run(GiveRole(**at("grove.viewer", town.north)), town.admin_id)
    assert codes(undo(town.world, own, town.admin)) == [OwnAccount.code]


def test_plugins_object_to_an_undo_as_to_what_it_amounts_to(town: Town) -> None:
    holy = town.world.user("holy oak", home=town.north)
    with_it = EditUsers(values={"first_name": "New"})
    done = town.world.run(with_it, town.ann, by=town.admin)
    change = undo_of(town.world.session, done.change_set_id or 0)
    assert change.key == "users.edit"
    both = replace(change, told=replace(change.told, given=frozenset({"grove.viewer"})))
    assert both.key == "users.edit+users.revoke"
    given = town.world.run(MoveUsers(move=DISABLE), holy, town.bob, by=town.admin)
    assert codes(given) == [Objected.code]


@pytest.mark.parametrize("instead", ["Rename the place again", "Move the place back", "Disable or delete"])
def test_what_cannot_be_undone_says_what_to_do_instead(town: Town, instead: str) -> None:
    plot = town.world.unit("Plot", kind="grove.plot", below=town.stand)
    change = {
        "Rename the place again": RenameUnit(unit_id=plot, name="New"),
        "Move the place back": MoveUnit(unit_id=plot, parent_id=town.south),
        "Disable or delete": CreateUser(values={"user_name": "new"}, home_id=town.north),
    }[instead]
    done = town.world.single(change)
    with pytest.raises(NotUndoable, match=instead):
        undo_of(town.world.session, done.change_set_id or 0)


@pytest.mark.parametrize("name", ["edit", "clear", "give", "take"])
def test_to_undo_a_thousand_costs_as_many_statements_as_one(town: Town, statements: Statements, name: str) -> None:
    world, ids, counts = town.world, many(town.world, 1_000, town.stand), []
    change = {
        "edit": EditUsers(values={"first_name": "New"}),
        "clear": EditUsers(values={"phone": "+44 20 7946 0018"}),
        "give": GiveRole(**at("grove.viewer", town.stand, town.north)),
        "take": GiveRole(**at("grove.viewer", town.stand)),
    }[name]
    for chosen in (ids[:1], ids[1:]):
        done = world.run(change, *chosen, by=town.admin)
        done = world.run(TakeRole(**at("grove.viewer", town.stand)), *chosen, by=town.admin) if name == "take" else done
        back, actor = undo_of(world.session, done.change_set_id or 0), town.admin
        with statements(world.panel) as seen:
            result = world.run(back, selection=Changed(done.change_set_id or 0), by=actor)
        assert result.changed == len(chosen)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 30
    trail = world.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.event == "users.undone"))
    assert trail == (2_000 if name == "give" else 1_000)
    assert world.session.scalar(select(func.min(User.version)).where(User.id.in_(ids))) == (4 if name == "take" else 3)
