"""Where jobs are given in, handed out to workers and ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor, console
from bo_panel.domain.errors import GaveUp, Interrupted, Refusal
from bo_panel.domain.identifiers import tidy
from bo_panel.domain.jobs import UNFINISHED, JobState
from bo_panel.domain.ports import Messenger
from bo_panel.jobs.ledger import Cancelled, JobLedger, Lost, let_go_when_hung, this_process
from bo_panel.jobs.tasks import Changing, ExportThem, Task, change_of, selection_of, stored_selection, stored_task, task_of
from bo_panel.jobs.troubles import UNKNOWN, passing
from bo_panel.jobs.turns import Turns
from bo_panel.models import Job
from bo_panel.queries.access import access_of
from bo_panel.queries.sql import database_time
from bo_panel.services.engine import Counted, Engine, Planned, Selection, written

log = structlog.get_logger()

TOLD_LIMIT = 400
MOST = 2**31 - 1
"""The largest count that the table takes."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, to whom, and why; `counted` is how many somebody saw."""

    task: Task
    selection: Selection
    counted: Counted
    reason: str = ""


class Body(Protocol):
    """Does jobs that change nobody."""

    def admit(self, session: Session, actor: Actor) -> None:
        """Raise when somebody may not give in another one now."""
        ...

    def run(self, session: Session, actor: Actor, taken: tuple[Job, JobLedger], go_on: Callable[[], bool]) -> bool:
        """Do a job; return False when it was to stop before the end."""
        ...


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a deployment."""

    engine: Engine
    messenger: Messenger
    lease: timedelta
    pause: timedelta = timedelta(seconds=10)
    """After which a job is begun again that something got in the way of."""
    attempts: int = 10
    """How many times it may be begun without getting any further."""
    exports: Body | None = None

    def submit(self, session: Session, actor: Actor, order: Order) -> int:
        """Give a job in, tell the workers, and return its id; who may do what is decided again while it runs."""
        job_id = written(session, lambda: self._insert(session, actor, order))
        self.messenger.wake()
        return job_id

    def work(self, session: Session, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Do one job, or what is left of it, as long as `go_on` says so; return False when there is none to be had."""
        taken = written(session, lambda: self._take(session))
        if taken is None:
            return False
        if taken.state.over:
            return True
        log.info("job.taken", job=taken.id, fence=taken.fence, checkpoint=taken.checkpoint)
        ledger = JobLedger(taken.id, taken.fence, self.lease, self.engine.clock)
        self._ended(session, ledger, lambda: self._run(session, (taken, ledger), go_on))
        return True

    def _insert(self, session: Session, actor: Actor, order: Order) -> int:
        if isinstance(order.task, ExportThem):
            self._exports.admit(session, actor)
        job = Job(
            created_at=self.engine.clock.now(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            door=actor.door,
            task=dict(stored_task(order.task)),
            selection=dict(stored_selection(order.selection)),
            reason=tidy(order.reason)[:TOLD_LIMIT],
            expected=min(order.counted.users, MOST),
        )
        session.add(job)
        session.flush()
        return job.id

    def _take(self, session: Session) -> Job | None:
        """Return the oldest job that nobody has in hand, now in this worker's hands, or over if it got no further too often."""
        let_go_when_hung(session, self.lease)
        now = database_time(session)
        free = and_(Job.state.in_(UNFINISHED), or_(Job.lease_until.is_(None), Job.lease_until < now))
        job = session.scalars(select(Job).where(free).order_by(Job.id).limit(1).with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        self._give_up(job) if job.attempts >= self.attempts else self._hand_out(job, now)
        session.flush()
        session.expunge(job)
        return job

    def _hand_out(self, job: Job, now: datetime) -> None:
        job.state, job.fence, job.holder = JobState.RUNNING, job.fence + 1, this_process()
        job.lease_until, job.started_at = now + self.lease, job.started_at or self._now()
        job.attempts += 1

    def _give_up(self, job: Job) -> None:
        refusal = GaveUp(times=job.attempts)
        job.state, job.fence, job.finished_at, job.lease_until = JobState.FAILED, job.fence + 1, self._now(), None
        job.refusal, job.told = refusal.code, str(refusal)

    def _run(self, session: Session, taken: tuple[Job, JobLedger], go_on: Callable[[], bool]) -> None:
        job, ledger = taken
        task, actor = task_of(job.task), self._actor(session, job)
        if isinstance(task, ExportThem):
            done = self._exports.run(session, actor, taken, go_on)
        else:
            done = self._change(session, actor, (job, ledger, task), go_on)
        if done:
            log.info("job.ended", job=job.id, state=JobState.DONE.value)
        else:
            self._give_back(session, ledger)

    def _change(self, session: Session, actor: Actor, taken: tuple[Job, JobLedger, Changing], go_on: Callable[[], bool]) -> bool:
        """Change users chunk by chunk; return False when it was to stop before the end."""
        job, ledger, task = taken
        registry = self.engine.host.registry
        selection, change = selection_of(job.selection, registry), change_of(session, registry, task)
        planned, turns = Planned(change, selection, reason=job.reason), Turns(session)
        while self.engine.run_next(session, actor, planned, ledger):
            if not go_on():
                return False
            turns.pass_on()
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
        except Exception as problem:
            if isinstance(problem, Refusal) and not passing(problem):
                self._end(session, ledger, JobState.STOPPED, problem)
            else:
                log.exception("job.interrupted", job=ledger.job_id)
                self._put_off(session, ledger, problem)

    def _give_back(self, session: Session, ledger: JobLedger) -> None:
        """Leave the rest to whoever looks next."""
        fewer = case((Job.attempts > 0, Job.attempts - 1), else_=0)  # nothing was in its way
        self._write(session, ledger, {"state": JobState.WAITING, "lease_until": None, "attempts": fewer})
        log.info("job.given_back", job=ledger.job_id)
        self.messenger.wake()

    def _put_off(self, session: Session, ledger: JobLedger, problem: Exception) -> None:
        """Leave the rest for a while; what is not the job's fault does not count against it.

        If this cannot be written either, the lease runs out by itself.
        """
        told, attempts = Interrupted(problem=passing(problem) or UNKNOWN), Job.attempts - (1 if passing(problem) else 0)
        waiting = {"state": JobState.WAITING, "attempts": attempts, "refusal": told.code, "told": str(told)}
        written(session, lambda: ledger.closed(session, {**waiting, "lease_until": database_time(session) + self.pause}))

    def _end(self, session: Session, ledger: JobLedger, state: JobState, refusal: Refusal | None = None) -> None:
        told = {"refusal": refusal.code, "told": str(refusal)[:TOLD_LIMIT]} if refusal else {}
        self._write(session, ledger, {"state": state, "finished_at": self._now(), "lease_until": None, **told})
        log.info("job.ended", job=ledger.job_id, state=state.value, refusal=told.get("refusal"))

    def _write(self, session: Session, ledger: JobLedger, values: Mapping[str, Any]) -> None:
        written(session, lambda: ledger.closed(session, values))

    def _now(self) -> datetime:
        return self.engine.clock.now()
