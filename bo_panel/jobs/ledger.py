"""Keeps account of one job: what it writes is in the transaction that it tells of, and counts only while the lease is held."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bo_panel.domain.jobs import JobState
from bo_panel.domain.ports import Clock
from bo_panel.models import Job
from bo_panel.services.engine.chunk import Tally


class Lost(Exception):
    """Somebody else has the job in hand by now, or it has ended."""


class Cancelled(Exception):
    """Somebody asked for the job to end."""


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
        mine = update(Job).where(Job.id == self.job_id, Job.fence == self.fence, Job.state == JobState.RUNNING)
        found = session.execute(
            mine.values(lease_until=self.clock.now() + self.lease).returning(Job.change_set_id, Job.checkpoint, Job.cancel_asked),
            execution_options={"synchronize_session": False},
        ).one_or_none()
        if found is None:
            raise Lost
        if found.cancel_asked:
            raise Cancelled
        return found.change_set_id, found.checkpoint

    def noted(self, session: Session, done: Tally, upto: int) -> None:
        """Move the checkpoint on, and add up what was done."""
        sums = {name: getattr(Job, name) + getattr(done, name) for name in ("selected", "changed", "refused")}
        self._write(session, {"change_set_id": done.change_set_id, "checkpoint": upto, **sums})

    def anew(self, session: Session) -> None:
        """Begin to count from nothing, for what cannot be taken up where it was left."""
        self._write(session, {"selected": 0, "checkpoint": 0})

    def ended(self, session: Session, change_set_id: int) -> None:
        """Say that all is done; a job without anybody to change still has a run to show."""
        self._write(session, {"change_set_id": change_set_id, "state": JobState.DONE, "finished_at": self.clock.now(), "lease_until": None})

    def _write(self, session: Session, values: dict[str, object]) -> None:
        session.execute(update(Job).where(Job.id == self.job_id).values(values), execution_options={"synchronize_session": False})
