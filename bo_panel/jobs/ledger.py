"""Keeps account of one job: what it writes is in the transaction that it tells of, and counts only while the lease is held."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bo_panel.domain.jobs import JobState
from bo_panel.domain.ports import Clock
from bo_panel.models import Job
from bo_panel.queries.sql import POSTGRESQL, database_time, dialect
from bo_panel.services.engine.chunk import Tally


class Lost(Exception):
    """Somebody else has the job in hand by now, or it has ended."""


class Cancelled(Exception):
    """Somebody asked for the job to end."""


def this_process() -> str:
    """Return by which name a process holds a job."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def let_go_when_hung(session: Session, lease: timedelta) -> None:
    """Have PostgreSQL end this transaction if the process is there and does nothing for so long: its locks would keep the job from others.

    Called before anything is locked. SQLite cannot do that; who stops a process in the middle of writing has to end it.
    """
    if dialect(session) == POSTGRESQL:
        milliseconds = str(int(lease.total_seconds() * 1000))
        session.execute(select(func.set_config("idle_in_transaction_session_timeout", milliseconds, True)))


@dataclass(slots=True)
class JobLedger:
    """The account of one job while one worker, with the fence that it was given, has it in hand."""

    job_id: int
    fence: int
    lease: timedelta
    clock: Clock

    def opened(self, session: Session) -> tuple[int | None, int]:
        """Return the change set and the id up to which all is done, and keep the job from everybody else until the transaction ends.

        Raises Lost when the lease went to another, and Cancelled when somebody asked for the end.
        """
        let_go_when_hung(session, self.lease)
        mine = update(Job).where(Job.id == self.job_id, Job.fence == self.fence, Job.state == JobState.RUNNING)
        found = session.execute(
            mine.values(lease_until=self._until(session)).returning(Job.change_set_id, Job.checkpoint, Job.cancel_asked),
            execution_options={"synchronize_session": False},
        ).one_or_none()
        if found is None:
            raise Lost
        if found.cancel_asked:
            raise Cancelled
        return found.change_set_id, found.checkpoint

    def noted(self, session: Session, done: Tally, upto: int) -> None:
        """Move the checkpoint on, add up what was done, and hold the lease from now: a chunk may have taken longer than that.

        What has no checkpoint gets no further by it, and its beginnings go on being counted.
        """
        sums = {name: getattr(Job, name) + getattr(done, name) for name in ("selected", "changed", "refused")}
        ahead = {"lease_until": self._until(session), "refusal": None, "told": None, **({"attempts": 0} if upto else {})}
        self._write(session, {"change_set_id": done.change_set_id, "checkpoint": upto, **sums, **ahead})

    def anew(self, session: Session) -> None:
        """Begin to count from nothing, for what cannot be taken up where it was left."""
        self._write(session, {"selected": 0, "checkpoint": 0})

    def ended(self, session: Session, change_set_id: int) -> None:
        """Say that all is done; a job without anybody to change still has a run to show."""
        done = {"state": JobState.DONE, "finished_at": self.clock.now(), "lease_until": None, "refusal": None, "told": None}
        self._write(session, {"change_set_id": change_set_id, **done})

    def closed(self, session: Session, values: Mapping[str, Any]) -> None:
        """Write how it stands when the worker lets go of it; nothing, if somebody else has it in hand or it has ended."""
        mine = update(Job).where(Job.id == self.job_id, Job.fence == self.fence, Job.state == JobState.RUNNING)
        session.execute(mine.values(**values), execution_options={"synchronize_session": False})

    def _until(self, session: Session) -> datetime:
        return database_time(session) + self.lease

    def _write(self, session: Session, values: dict[str, object]) -> None:
        session.execute(update(Job).where(Job.id == self.job_id).values(values), execution_options={"synchronize_session": False})
