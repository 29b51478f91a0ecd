"""What is done now and then, by one worker of all, however many there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bo_panel.models import Chore
from bo_panel.queries.sql import POSTGRESQL, dialect
from bo_panel.services.engine import written

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""For how long a chore belongs to whoever began it; one that failed is tried again after that."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A chore: how often, and what; it returns how much there was to do."""

    name: str
    every: timedelta
    work: Callable[[Session, datetime], int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The chores of a deployment; when each was done stands in the database, so that the workers need not know one another."""

    duties: tuple[Duty, ...] = ()

    def look(self, session: Session, now: datetime) -> bool:
        """Do the chores that are due and that nobody has in hand; return whether there was one."""
        rows = {row.name: row for row in session.execute(select(*Chore.__table__.c)).all()} if self.duties else {}
        due = [duty for duty in self.duties if duty.name not in rows or _is_due(rows[duty.name], duty, now)]
        mine = [duty for duty in due if written(session, lambda duty=duty: _taken(session, duty, now))]  # type: ignore[misc]
        for duty in mine:
            self._do(session, duty, now)
        return bool(mine)

    def _do(self, session: Session, duty: Duty, now: datetime) -> None:
        """Do one; what fails is logged and keeps no other from being done."""
        try:
            found = duty.work(session, now)
        except Exception:
            log.exception("chore.failed", chore=duty.name)
            return
        done = update(Chore).where(Chore.name == duty.name).values(done_at=now, lease_until=None)
        written(session, lambda: session.execute(done))
        if found:
            log.info("chore.done", chore=duty.name, found=found)


def _is_due(row: Any, duty: Duty, now: datetime) -> bool:
    """Return whether it is worth while to try and take it; whether it is had is decided under a lock."""
    waited = row.done_at is None or row.done_at <= now - duty.every
    return waited and (row.lease_until is None or row.lease_until <= now)


def _taken(session: Session, duty: Duty, now: datetime) -> bool:
    """Return whether the chore is this worker's now; the others find it taken or done."""
    insert = postgresql.insert if dialect(session) == POSTGRESQL else sqlite.insert
    session.execute(insert(Chore).values(name=duty.name).on_conflict_do_nothing())
    waited = or_(Chore.done_at.is_(None), Chore.done_at <= now - duty.every)
    free = or_(Chore.lease_until.is_(None), Chore.lease_until <= now)
    mine = update(Chore).where(Chore.name == duty.name, waited, free).values(lease_until=now + LEASE).returning(Chore.name)
    return session.scalar(mine) is not None
