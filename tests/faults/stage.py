"""A deployment on a database of its own, with real worker processes that can be killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bo_panel.bootstrap import Panel
from bo_panel.domain.lifecycle import Move
from bo_panel.jobs import ActOnThem, Order
from bo_panel.models import Job
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Matching
from bo_panel.settings import load
from bo_panel.testing import World
from tests.faults.crowd import Crowd, planted

REPOSITORY = Path(__file__).parents[2]
@dataclass(frozen=True, slots=True)
class Form:
    """How large it is done: the short form in `make test`, the full one in `make faults`."""

    name: str
    users: int
    chunk: int
    kills: int
    lease: int
    """In seconds; the full form is also run where others take most of the machine."""
    patience: int
    """After how many seconds a test no longer waits; a loaded machine is slow, and only what hangs gets here."""


SHORT, FULL = Form("short", 1_600, 40, 2, 1, 120), Form("full", 100_000, 1_000, 10, 5, 1_800)


@dataclass(slots=True)
class Stage:
    """A deployment, its crowd, and its workers by process id."""

    folder: Path
    form: Form
    settings: dict[str, str]
    panel: Panel = field(init=False)
    workers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the folder, and a panel in this process on the same database."""
        shutil.copytree(REPOSITORY / "tests" / "deployment", self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        fast = {"BO_JOBS__LEASE_SECONDS": str(self.form.lease), "BO_JOBS__LOOK_EVERY_SECONDS": "0.2", "BO_JOBS__RETRY_SECONDS": "0.3"}
        self.settings = {"SECRET_KEY": "a key for tests only, of some length", "BO_ENGINE__CHUNK": str(self.form.chunk), **fast, **self.settings}
        self.panel = Panel.start(load("grove", self.settings, root=self.folder))

    @contextmanager
    def world(self) -> Iterator[World]:
        """Yield the units and users, in a session of this process."""
        with self.panel.session() as session:
            yield World(self.panel, session)

    def crowd(self) -> Crowd:
        """Plant everybody."""
        with self.world() as world:
            return planted(world, self.form.users)

    def submit(self, crowd: Crowd, move: Move, *, counted: bool = True, wanted: Wanted | None = None) -> int:
        """Give in a job that moves the whole crowd, by its boss, and return its id."""
        with self.world() as world:
            actor, selection = crowd.actor(world), Matching(wanted or crowd.wanted)
            _result, found = self.panel.engine.preview(world.session, actor, MoveUsers(move=move), selection).result()
            order = Order(ActOnThem(move.key), Matching(selection.wanted, found if counted else None), found, "they left")
            return self.panel.jobs.submit(world.session, actor, order)

    def work(self, count: int = 1, **settings: str) -> None:
        """Start so many workers; what they log is in the folder."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BO_")}
        environment = {**inherited, "PYTHONPATH": str(REPOSITORY), **self.settings, **settings}
        command = [sys.executable, "-m", "tests.faults.process", str(self.folder), "-d", "grove", "worker"]
        with (self.folder / "workers.log").open("ab") as log:
            for _ in range(count):
                worker = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log, start_new_session=True)
                self.workers[worker.pid] = worker

    def ready(self) -> None:
        """Wait until all workers wait for jobs."""
        end = time.monotonic() + self.form.patience
        while self.log().count("Waiting for jobs") < len(self.workers):
            assert time.monotonic() < end, self.log()
            time.sleep(0.02)

    def job(self, job_id: int) -> Job:
        """Return a job as it stands."""
        with self.panel.session() as session:
            return session.get_one(Job, job_id)

    def kill_holder(self, job_id: int) -> bool:
        """Kill the process that holds the lease; return whether it died with it, and with work left."""
        before = self.job(job_id)
        victim = self.workers.get(int((before.holder or ":0").rpartition(":")[2]))
        if before.state.over or victim is None:
            return False
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        del self.workers[victim.pid]
        after = self.job(job_id)
        held = (after.holder, after.fence, after.state.value) == (before.holder, before.fence, "running")
        return held and after.selected < after.expected

    def until(self, job_id: int, holds: Callable[[Job], bool]) -> Job:
        """Wait for something to hold of a job, through times in which the database is away, and return it."""
        end = time.monotonic() + self.form.patience
        while time.monotonic() < end:
            try:
                found = self.job(job_id)
            except DBAPIError:
                found = None
            if found is not None and holds(found):
                return found
            time.sleep(0.01)
        raise AssertionError(f"waited too long for {found and {c.name: getattr(found, c.name) for c in Job.__table__.c}}\n{self.log()[-4000:]}")

    def over(self, *job_ids: int) -> None:
        """Wait for jobs to end."""
        for job_id in job_ids:
            self.until(job_id, lambda job: job.state.over)

    def log(self) -> str:
        """Return what the workers logged."""
        return (self.folder / "workers.log").read_text(errors="replace")

    def close(self) -> None:
        """End the workers, and let go of the database."""
        for worker in self.workers.values():
            worker.kill()
            worker.wait()
        self.workers.clear()
        self.panel.database.dispose()
