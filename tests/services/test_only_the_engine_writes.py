"""Only the engine writes, and what is in the trail stays."""

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bo_panel.models import AuditEvent, Grant, Unit, User
from bo_panel.services.engine import writing
from tests.services.conftest import Town


def test_a_plain_session_reads_and_cannot_write(town: Town) -> None:
    before = town.world.counts()
    statements = (
        insert(Grant).values(user_id=town.ann, unit_id=1, role_key="owner", source="x", away=True, created_at=town.world.now),
        update(User).values(status="disabled"),
        delete(Grant),
        text("  delete from unit"),
        text("WITH x AS (SELECT 1) UPDATE unit SET name = 'x'"),
    )
    for statement in statements:
        with town.world.panel.session() as session, pytest.raises(RuntimeError, match="only the change engine writes"):
            session.execute(statement)
    with town.world.panel.session() as session:
        session.add(Unit(parent_id=1, kind="grove.area", name="x", sort_name="x", path="/1/77/", created_at=town.world.now))
        with pytest.raises(RuntimeError, match="only the change engine writes"):
            session.commit()
    assert town.world.counts() == before


def test_the_right_to_write_ends_with_the_transaction(town: Town) -> None:
    with writing(town.world.session):
        town.world.session.execute(update(User).where(User.id == town.ann).values(first_name="x"))
    with pytest.raises(RuntimeError, match="only the change engine writes"):
        town.world.session.execute(update(User).values(first_name="y"))


@pytest.mark.parametrize("statement", [update(AuditEvent).values(event="x"), delete(AuditEvent)], ids=["update", "delete"])
def test_nobody_rewrites_the_trail_not_even_the_engine(town: Town, statement: object) -> None:
    with writing(town.world.session):
        event = AuditEvent(at=town.world.now, actor_name="x", event="x", unit_id=1, before={}, after={})
        town.world.session.add(event)
    with pytest.raises(DBAPIError, match="append-only"), writing(town.world.session):
        town.world.session.execute(statement)  # type: ignore[call-overload]
    assert town.world.session.scalars(select(AuditEvent.event)).all() == ["x"]
