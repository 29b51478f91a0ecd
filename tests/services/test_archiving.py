"""Archiving and restoring: the moves of deployments whose people leave and come back."""

from bo_panel.domain.errors import LastOwner, WrongState
from bo_panel.domain.lifecycle import ARCHIVE, DISABLE, ENABLE, RESTORE, Status
from bo_panel.models import SignInSession
from bo_panel.services.changes import MoveUsers
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine.selection import Changed
from tests.services.conftest import Town


def test_archiving_ends_every_session_whatever_the_status_and_restoring_makes_active_again(town: Town) -> None:
    world = town.world
    session = {"token_hash": "x", "user_id": town.ann, "created_at": world.now, "seen_at": world.now, "address": "", "agent": ""}
    world.plant({SignInSession: [session]})
    world.run(MoveUsers(move=DISABLE), town.bob, by=town.admin)

    assert world.run(MoveUsers(move=ARCHIVE), town.ann, town.bob, by=town.admin).changed == 2
    assert world.sessions(town.ann) == 0
    assert [world.row(user_id).status for user_id in (town.ann, town.bob)] == [Status.ARCHIVED] * 2
    assert [row.code for row in world.run(MoveUsers(move=ENABLE), town.bob, by=town.admin).refusals] == [WrongState.code]

    assert world.run(MoveUsers(move=RESTORE), town.ann, town.bob, by=town.admin).changed == 2
    assert world.row(town.bob).status is Status.ACTIVE
    assert [event for event, _before, _after in world.trail(town.ann)] == ["users.archived", "users.restored"]


def test_the_last_owner_is_not_archived_and_an_undo_brings_back_whoever_was(town: Town) -> None:
    world = town.world
    assert [row.code for row in world.run(MoveUsers(move=ARCHIVE), town.boss).refusals] == [LastOwner.code]
    world.run(MoveUsers(move=DISABLE), town.bob)
    done = world.run(MoveUsers(move=ARCHIVE), town.ann, town.bob)

    world.run(undo_of(world.session, done.change_set_id or 0), selection=Changed(done.change_set_id or 0))

    assert [world.row(user_id).status for user_id in (town.ann, town.bob)] == [Status.ACTIVE, Status.DISABLED]
