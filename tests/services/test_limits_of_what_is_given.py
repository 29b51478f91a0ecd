"""Nobody gives for longer than he has, and nobody overwrites what he has not seen."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bo_panel.domain.errors import Invalid, Stale, TooManyTries
from bo_panel.models import Grant, User
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole
from bo_panel.services.engine import Ids, only, writing
from tests.services.conftest import Town

ROLE = "grove.viewer"


def ends(town: Town, user_id: int, unit_id: int) -> list[datetime | None]:
    mine = (Grant.user_id == user_id, Grant.unit_id == unit_id, Grant.role_key == ROLE)
    return list(town.world.session.scalars(select(Grant.expires_at).where(*mine)))


def let_the_admin_expire(town: Town) -> datetime:
    tomorrow = town.world.now + timedelta(days=1)
    with writing(town.world.session):
        town.world.session.execute(update(Grant).where(Grant.user_id == town.admin_id).values(expires_at=tomorrow))
    return tomorrow


def test_what_is_given_ends_when_the_giver_s_own_access_ends(town: Town) -> None:
    tomorrow = let_the_admin_expire(town)
    actor = town.world.actor(town.admin_id)

    town.world.run(GiveRole(role=ROLE, unit_ids=frozenset({town.north})), town.ann, by=actor)
    change = CreateUser(values={"user_name": "newcomer"}, home_id=town.north, role=ROLE, unit_ids=frozenset({town.north}))
    newcomer = town.world.single(change, by=actor).subject_id or 0

    assert ends(town, town.ann, town.north) == [tomorrow]
    assert ends(town, newcomer, town.north) == [tomorrow]


def test_what_lasts_is_given_for_ever(town: Town) -> None:
    town.world.run(GiveRole(role=ROLE, unit_ids=frozenset({town.north})), town.ann, by=town.admin)

    assert ends(town, town.ann, town.north) == [None]


def test_a_form_for_several_is_refused_when_one_of_them_was_saved_meanwhile(town: Town) -> None:
    rows = select(User.version).where(User.id.in_((town.ann, town.bob)))
    seen = Ids(frozenset({town.ann, town.bob}), sum(town.world.session.scalars(rows)))
    town.world.run(EditUsers(values={"first_name": "Meanwhile"}), town.bob, by=town.admin)

    with pytest.raises(Stale):
        town.world.panel.engine.run_together(town.world.session, town.admin, [EditUsers(values={"last_name": "Late"})], seen)


def test_access_given_from_an_old_form_is_refused(town: Town) -> None:
    give = GiveRole(role=ROLE, unit_ids=frozenset({town.north}))
    town.world.run(EditUsers(values={"first_name": "Meanwhile"}), town.ann, by=town.admin)

    with pytest.raises(Stale):
        town.world.panel.engine.run_together(town.world.session, town.admin, [give], only(town.ann, 1))


def test_the_current_password_is_not_guessed_for_long(town: Town) -> None:
    panel, session = town.world.panel, town.world.session
    entered = panel.sign_in.enter(session, "ann", "secret")
    who = panel.sign_in.who(session, entered.token)  # type: ignore[union-attr]
    assert who is not None
    actor = replace(town.world.actor(town.ann), name="ann")

    for _ in range(panel.settings.sign_in.attempts_per_account):
        with pytest.raises(Invalid):
            panel.passwords.change(session, actor, who, ("wrong", "x", "x"))
    with pytest.raises(TooManyTries):
        panel.passwords.change(session, actor, who, ("secret", "correct horse battery staple", "correct horse battery staple"))
