"""Where jobs are given in, handed out to workers, cancelled and ended."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor, console
from bo_panel.domain.errors import AlreadyCancelled, JobOver, NotFound, Refusal
from bo_panel.domain.jobs import JobState
from bo_panel.domain.ports import Messenger
from bo_panel.jobs.ledger import Cancelled, JobLedger, Lost
from bo_panel.jobs.tasks import ExportThem, MoveThem, TakeBack, Task, change_of, selection_of, stored_selection, stored_task, task_of
from bo_panel.models import Job
from bo_panel.queries.access import access_of
from bo_panel.services.engine import Counted, Engine, Planned, Selection, written

log = structlog.get_logger()

TOLD_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, to whom, and why; `counted` is how many somebody saw."""

    task: Task
    selection: Selection
    counted: Counted
    reason: str = ""


class Body(Protocol):
    """Does jobs that change nobody."""

    def run(self, session: Session, actor: Actor, taken: tuple[Job, JobLedger], go_on: Callable[[], bool]) -> bool:
        """Do a job; return False when it was to stop before the end."""
        ...


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a deployment."""

    engine: Engine
    messenger: Messenger
    lease: timedelta
    exports: Body | None = None

    def submit(self, session: Session, actor: Actor, order: Order) -> int:
        """Give a job in, tell the workers, and return its id; who may do what is decided again while it runs."""
        job_id = written(session, lambda: self._insert(session, actor, order))
        self.messenger.wake()
        return job_id

    def cancel(self, session: Session, job_id: int) -> None:
        """Ask for a job to end; one that waits ends at once, one that runs after the users that it has in hand."""
        written(session, lambda: self._cancel(session, job_id))

    def work(self, session: Session, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Do one job, or what is left of it, as long as `go_on` says so; return False when there is none to be had."""
        taken = written(session, lambda: self._take(session))
        if taken is None:
            return False
        ledger = JobLedger(taken.id, taken.fence, self.lease, self.engine.clock)
        self._ended(session, ledger, lambda: self._run(session, (taken, ledger), go_on))
        return True

    def _insert(self, session: Session, actor: Actor, order: Order) -> int:
        job = Job(
            created_at=self.engine.clock.now(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            door=actor.door,
            task=dict(stored_task(order.task)),
            selection=dict(stored_selection(order.selection)),
            reason=order.reason[:TOLD_LIMIT],
            expected=order.counted.users,
        )
        session.add(job)
        session.flush()
        return job.id

    def _cancel(self, session: Session, job_id: int) -> None:
        job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
        if job is None:
            raise NotFound
        if job.state.over:
            raise JobOver
        if job.cancel_asked:
            raise AlreadyCancelled
        job.cancel_asked = True
        if job.state is JobState.WAITING:
            job.state, job.finished_at = JobState.CANCELLED, self.engine.clock.now()

    def _take(self, session: Session) -> Job | None:
        """Return the oldest job that nobody has in hand, now in this worker's hands."""
        now = self.engine.clock.now()
        free = or_(Job.state == JobState.WAITING, and_(Job.state == JobState.RUNNING, Job.lease_until < now))
        job = session.scalars(select(Job).where(free).order_by(Job.id).limit(1).with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        job.state, job.fence, job.holder = JobState.RUNNING, job.fence + 1, _me()
        job.lease_until, job.started_at = now + self.lease, job.started_at or now
        session.flush()
        session.expunge(job)
        return job

    def _run(self, session: Session, taken: tuple[Job, JobLedger], go_on: Callable[[], bool]) -> None:
        job, ledger = taken
        task, actor = task_of(job.task), self._actor(session, job)
        if isinstance(task, ExportThem):
            done = self._exports.run(session, actor, taken, go_on)
        else:
            done = self._change(session, actor, (job, ledger, task), go_on)
        if not done:
            self._give_back(session, ledger)

    def _change(self, session: Session, actor: Actor, taken: tuple[Job, JobLedger, MoveThem | TakeBack], go_on: Callable[[], bool]) -> bool:
        """Change users chunk by chunk; return False when it was to stop before the end."""
        job, ledger, task = taken
        selection, change = selection_of(job.selection), change_of(session, task)
        if not job.checkpoint:
            self.engine.check_count(session, actor, change, selection)
        planned = Planned(change, selection, reason=job.reason)
        while self.engine.run_next(session, actor, planned, ledger):
            if not go_on():
                return False
        return True

    @property
    def _exports(self) -> Body:
        if self.exports is None:
            raise RuntimeError("nothing here does exports")
        return self.exports

    def _actor(self, session: Session, job: Job) -> Actor:
        registry = self.engine.host.registry
        if job.actor_id is None:
            return console(registry.catalogue, job.actor_name)
        return Actor(job.actor_id, job.actor_name, access_of(session, job.actor_id, registry, self._now()), job.door)

    def _ended(self, session: Session, ledger: JobLedger, work: Callable[[], None]) -> None:
        """Do the work, and write down what ended it, unless it ended by itself or went to somebody else."""
        try:
            work()
        except Lost:
            log.info("job.lost", job=ledger.job_id)
        except Cancelled:
            self._end(session, ledger, JobState.CANCELLED)
        except Refusal as refusal:
            self._end(session, ledger, JobState.STOPPED, refusal)
        except Exception:
            log.exception("job.failed", job=ledger.job_id)
            self._end(session, ledger, JobState.FAILED)

    def _give_back(self, session: Session, ledger: JobLedger) -> None:
        """Leave the rest to whoever looks next."""
        mine = update(Job).where(Job.id == ledger.job_id, Job.fence == ledger.fence, Job.state == JobState.RUNNING)
        written(session, lambda: session.execute(mine.values(state=JobState.WAITING), execution_options={"synchronize_session": False}))

    def _end(self, session: Session, ledger: JobLedger, state: JobState, refusal: Refusal | None = None) -> None:
        told = {"refusal": refusal.code, "told": str(refusal)[:TOLD_LIMIT]} if refusal else {}
        mine = update(Job).where(Job.id == ledger.job_id, Job.fence == ledger.fence)
        ended = mine.values(state=state, finished_at=self._now(), lease_until=None, **told)
        written(session, lambda: session.execute(ended, execution_options={"synchronize_session": False}))

    def _now(self) -> datetime:
        return self.engine.clock.now()


def _me() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}"
