"""One process that does jobs: woken by a message, and looking by itself now and then in case that none came."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic, sleep
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from bo_panel.jobs.schedule import Schedule
from bo_panel.jobs.troubles import passing
from bo_panel.services.engine import Engine
from bo_panel.services.plugin_errors import keep_faults

log = structlog.get_logger()

SLICE = 1.0
"""How many seconds it takes at most until somebody who waits sees that he is to stop."""
LONGEST_PAUSE = 6
"""How many times longer the pause becomes, at most, while the database stays away."""
PATIENCE = 10.0
"""For how many seconds whoever was told to stop is waited for."""


class Work(Protocol):
    """What there is to do."""

    @property
    def engine(self) -> Engine:
        """What it is done with."""
        ...

    def work(self, session: Session, go_on: Callable[[], bool]) -> bool:
        """Do some of it, as long as `go_on` says so; return whether there was any."""
        ...


def slept(seconds: float) -> bool:
    """Wait where there is no word to be had."""
    sleep(seconds)
    return False


@dataclass(slots=True)
class Worker:
    """Does what is waiting, one job after the other; the table of jobs is the truth, a message only a reason to look sooner."""

    jobs: Work
    sessions: Callable[[], AbstractContextManager[Session]]
    heard: Callable[[float], bool]
    """Waits for word for about so many seconds, and says whether it came."""
    look_every: float
    """In seconds."""
    schedule: Schedule = field(default_factory=Schedule)
    beside: "tuple[Worker, ...]" = ()
    """Who do other work meanwhile, each in a thread of its own, so that none holds up another."""
    _stopping: bool = False
    _failures: int = 0
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own, that does not keep the process alive."""
        self._thread = Thread(target=self.run, name="bo-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the users in hand; what is left of the job goes back. Takes no lock, so that a signal may call it."""
        self._stopping = True
        for other in self.beside:
            other.stop()

    def join(self, seconds: float = PATIENCE) -> None:
        """Wait until the thread has stopped, but no longer than so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def run(self) -> None:
        """Work until stopped; whatever fails is logged, and tried again after a pause that grows."""
        does = type(self.jobs).__name__.lower()
        log.info("worker.started", does=does)
        for other in self.beside:
            other.start()
        while not self._stopping:
            found = self._tried(self.look)
            if not self._failures:
                self._tried(self.chores)
            if self._failures:
                self._pause(self.look_every * min(self._failures, LONGEST_PAUSE), slept)
            elif not found:
                self._pause(self.look_every, self.heard)
        until = monotonic() + PATIENCE
        for other in self.beside:
            other.join(max(0, until - monotonic()))
        log.info("worker.stopped", does=does)

    def run_once(self) -> None:
        """Do all that waits, and the chores that are due; what fails is raised."""
        self.chores()
        while not self._stopping and self.look():
            pass
        with ThreadPoolExecutor(len(self.beside) or 1) as threads:
            list(threads.map(Worker.run_once, self.beside))

    def look(self) -> bool:
        """Do one job; return whether there was one."""
        with self.sessions() as session:
            found = self.jobs.work(session, self._goes_on)
            keep_faults(session, self.jobs.engine.host.faults, self.jobs.engine.clock.now())
            return found

    def chores(self) -> bool:
        """Do the chores that are due and that nobody else has done; return whether there was one."""
        with self.sessions() as session:
            return self.schedule.look(session, self.jobs.engine.clock.now())

    def _tried(self, work: Callable[[], bool]) -> bool:
        """Do it, and keep account of failures; what passes by itself, such as a database that is away, is one line in the log, once."""
        try:
            found = work()
        except Exception as problem:
            self._failures += 1
            told = passing(problem)
            if told is None:
                log.exception("worker.failed")
            elif self._failures == 1:
                log.warning("worker.interrupted", problem=told)
            return False
        if work == self.look and self._failures:
            log.info("worker.goes_on", failures=self._failures)
            self._failures = 0
        return found

    def _pause(self, seconds: float, wait: Callable[[float], bool]) -> None:
        """Wait until word comes, the time is over or somebody says stop."""
        until = monotonic() + seconds
        while self._goes_on() and (left := until - monotonic()) > 0:
            if wait(min(left, SLICE)):
                return

    def _goes_on(self) -> bool:
        return not self._stopping
