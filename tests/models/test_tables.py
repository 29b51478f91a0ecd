"""What must be true is a constraint of the database too, and secrets are not shown."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from bo_panel.models import Credential, Grant, SignInSession, Unit, User
from bo_panel.services.engine import writing
from bo_panel.testing import World


@pytest.mark.parametrize(
    "statement",
    [
        update(User).values(status="deleted"),
        update(User).where(User.user_name == "ann").values(user_name_key="bob"),
        update(User).values(status="nonsense"),
        update(User).values(home_id=999),
        update(Unit).values(parent_id=1),
        insert(Grant).values(user_id=1, unit_id=1, role_key="member", source="x", away=False, created_at=datetime.fromisoformat("2026-01-01T00:00Z")),
    ],
)
def test_what_must_be_true_cannot_be_written_otherwise(world: World, statement: Any) -> None:
    world.user("ann")
    world.user("bob")
    with pytest.raises((IntegrityError, StatementError)), writing(world.session):
        world.session.execute(statement)


def test_moments_are_aware_on_the_way_in_and_out(world: World) -> None:
    user_id = world.user("ann", last_sign_in=datetime.fromisoformat("2026-01-01T12:00:00.123456+05:00"))
    assert world.row(user_id).last_sign_in.isoformat() == "2026-01-01T07:00:00.123456+00:00"
    with pytest.raises(StatementError, match="a moment must be aware"):
        world.session.scalar(select(User.id).where(User.last_sign_in == datetime(2026, 1, 1)))  # noqa: DTZ001 naive on purpose


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(Credential(user_id=1, password_hash="secret"))
    assert "secret" not in repr(SignInSession(id=1, user_id=1, token_hash="secret"))
