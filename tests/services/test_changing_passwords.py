"""A new password for the own account, and what is kept of long names and reasons."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bo_panel.domain.errors import NotAllowed
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.models import ChangeSet, User, UserSearch
from bo_panel.services.changes import ChangePassword, MoveUsers
from bo_panel.services.engine import only
from tests.services.conftest import Town


def test_a_new_password_ends_the_other_sessions_and_the_old_password(town: Town) -> None:
    sign_in, session = town.world.panel.sign_in, town.world.session
    tokens = [sign_in.enter(session, "ann", "secret").token for _ in range(2)]  # type: ignore[union-attr]
    kept = sign_in.who(session, tokens[0])
    assert kept is not None
    change = ChangePassword(password_hash=town.world.panel.hasher.hash("another"), keep_session_id=kept.session_id)
    town.world.single(change, by=town.world.actor(town.ann))
    assert [sign_in.who(session, token) is not None for token in tokens] == [True, False]
    assert not hasattr(sign_in.enter(session, "ann", "secret"), "token")
    assert hasattr(sign_in.enter(session, "ann", "another"), "token")
    assert "another" not in repr(change) and ("account.password_changed", {}, {}) in town.world.trail(town.ann)


def test_nobody_without_a_password_of_his_own_changes_one(town: Town) -> None:
    for actor in (town.world.actor(town.bob), town.world.console):
        with pytest.raises(NotAllowed):
            town.world.single(ChangePassword(password_hash="cheap$x"), by=actor)


def test_long_names_of_actors_and_long_reasons_are_cut(town: Town) -> None:
    actor = replace(town.admin, name="x" * 300)
    town.world.panel.engine.run(town.world.session, actor, MoveUsers(move=DISABLE), only(town.ann), reason="y" * 999 + "\x00")
    kept = town.world.session.scalars(select(ChangeSet)).one()
    assert (len(kept.actor_name), len(kept.reason)) == (120, 400)
    assert town.world.session.scalar(select(User.id).where(User.id == town.ann)) and town.world.session.get(UserSearch, town.ann)
