"""One process that does jobs: woken by a message, and looking by itself now and then in case that none came."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Thread

import structlog
from sqlalchemy.orm import Session

from bo_panel.jobs.desk import Jobs

log = structlog.get_logger()


@dataclass(slots=True)
class Worker:
    """Does what is waiting, one job after the other; the table of jobs is the truth, a message only a reason to look sooner."""

    jobs: Jobs
    sessions: Callable[[], AbstractContextManager[Session]]
    look_every: float
    """In seconds."""
    chores: Callable[[Session], None] = lambda _session: None
    _woken: Event = field(default_factory=Event)
    _stopping: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own, that does not keep the process alive."""
        self._thread = Thread(target=self.run, name="bo-worker", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 10) -> None:
        """Stop after the job in hand, and wait for that."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def wake(self) -> None:
        """Look for jobs now."""
        self._woken.set()

    def run(self) -> None:
        """Work until stopped; whatever fails is logged, and tried again later."""
        while not self._stopping.is_set():
            if not self.look():
                self._woken.wait(self.look_every)
                self._woken.clear()

    def look(self) -> bool:
        """Do one job; return whether there was one."""
        try:
            with self.sessions() as session:
                return self.jobs.work(session, lambda: not self._stopping.is_set())
        except Exception:
            log.exception("worker.failed")
            return False
