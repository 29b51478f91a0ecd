"""The worker: woken by word, looking by itself, patient with what is away, and quick to stop."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bo_panel.adapters.queue import HueyMessenger, queue_of
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.jobs import ActOnThem, Jobs, Order, Worker
from bo_panel.jobs.ledger import JobLedger
from bo_panel.models import Job
from bo_panel.queries.users import Wanted
from bo_panel.services.engine import Counted, Matching, writing
from bo_panel.services.engine.chunk import Tally
from bo_panel.testing import World

GONE = "redis://127.0.0.1:1/0"


@pytest.fixture
def leavers(world: World) -> list[int]:
    area = world.unit("Area", kind="grove.area")
    return [world.user(f"leaver.{number}", home=area) for number in range(3)]


@pytest.fixture
def messenger(tmp_path: Path) -> HueyMessenger:
    return HueyMessenger(lambda: queue_of("grove", "", tmp_path / "queue", "a secret for tests"))


@pytest.fixture
def working(world: World, messenger: HueyMessenger) -> Iterator[Callable[..., Worker]]:
    """Start workers, and stop them in the end."""
    started: list[Worker] = []

    def start(**changes: object) -> Worker:
        jobs = Jobs(world.panel.engine, messenger, timedelta(seconds=60))
        found = replace(Worker(jobs, world.panel.session, messenger.heard, look_every=60), **changes)
        found.start()
        started.append(found)
        return found

    yield start
    for found in started:
        found.stop()
        found.join()


def submit(world: World, messenger: HueyMessenger, ids: list[int]) -> int:
    jobs = Jobs(world.panel.engine, messenger, timedelta(seconds=60))
    counted = Counted(len(ids), max(ids))
    return jobs.submit(world.session, world.console, Order(ActOnThem(DISABLE.key), Matching(Wanted(search="leaver"), counted), counted))


def state(world: World, job_id: int) -> JobState:
    world.session.rollback()
    return world.session.scalars(select(Job.state).where(Job.id == job_id)).one()


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_word_wakes_a_worker_that_would_not_look_for_a_minute(world, leavers, messenger, working):
    working()
    time.sleep(0.5)

    job_id = submit(world, messenger, leavers)

    assert wait_for(lambda: state(world, job_id) is JobState.DONE)


def test_without_a_queue_the_worker_finds_the_job_by_itself_and_says_so_once(world, leavers, working):
    away = HueyMessenger(lambda: queue_of("grove", GONE, Path(), "a secret for tests"))
    with capture_logs() as logs:
        working(heard=away.heard, look_every=0.2)
        job_id = submit(world, away, leavers)
        assert wait_for(lambda: state(world, job_id) is JobState.DONE)
        time.sleep(0.5)

    assert [line["event"] for line in logs].count("queue.unreachable") == 1


def test_word_that_came_while_nobody_waited_is_still_there_and_each_is_heard_by_one(messenger):
    messenger.wake()
    messenger.wake()

    assert [messenger.heard(0.01) for _ in range(3)] == [True, True, False]


def test_waiting_for_word_takes_its_time_also_where_the_queue_is_away():
    away = HueyMessenger(lambda: queue_of("grove", GONE, Path(), "a secret for tests"))
    began = time.monotonic()

    assert not away.heard(0.3)

    assert time.monotonic() - began >= 0.29


class Flaky:
    """Sessions of a database that is away for the first few times."""

    def __init__(self, world: World, failures: int) -> None:
        self.panel, self.left, self.asked = world.panel, failures, 0

    @contextmanager
    def __call__(self) -> Iterator[Session]:
        self.asked += 1
        if self.left > 0:
            self.left -= 1
            raise OperationalError("SELECT 1", {}, ConnectionError("server closed the connection"))
        with self.panel.session() as session:
            yield session


def test_a_database_that_is_away_is_told_once_and_looked_for_with_a_pause(world, leavers, messenger, working):
    sessions = Flaky(world, 4)
    job_id = submit(world, messenger, leavers)
    with capture_logs() as logs:
        working(sessions=sessions, look_every=0.2)
        time.sleep(0.1)
        assert sessions.asked == 1  # then it waits
        assert wait_for(lambda: "worker.goes_on" in [line["event"] for line in logs])

    events = [line["event"] for line in logs]
    assert (events.count("worker.interrupted"), events.count("worker.goes_on")) == (1, 1)
    assert state(world, job_id) is JobState.DONE


def test_what_nobody_foresaw_is_logged_and_the_worker_goes_on(world, leavers, messenger, working):
    def broken() -> None:
        raise ZeroDivisionError

    job_id = submit(world, messenger, leavers)
    found = working(sessions=broken, look_every=0.1)
    time.sleep(0.3)
    assert state(world, job_id) is JobState.WAITING

    found.sessions = world.panel.session

    assert wait_for(lambda: state(world, job_id) is JobState.DONE)


def test_stopping_takes_a_second_at_most_and_gives_the_job_back(world, leavers, messenger, working):
    idle = working()
    began = time.monotonic()
    idle.stop()
    idle.join()
    assert time.monotonic() - began < 3
    job_id = submit(world, messenger, leavers)
    busy = Worker(Jobs(replace(world.panel.engine, chunk=1), messenger, timedelta(seconds=60)), world.panel.session, messenger.heard, look_every=60)
    busy.stop()

    with capture_logs() as logs:
        busy.look()

    job = row(world, job_id)
    assert (job.state, job.changed, job.lease_until) == (JobState.WAITING, 1, None)
    assert [line["event"] for line in logs] == ["job.taken", "job.given_back"]
    assert messenger.heard(0.01), "nobody was told that there is something to do again"


def row(world: World, job_id: int) -> Job:
    world.session.rollback()
    return world.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_in_a_long_transaction_is_not_taken_from_its_worker(world, leavers, messenger):
    job_id = submit(world, messenger, leavers)
    lease = timedelta(seconds=3)
    jobs = Jobs(world.panel.engine, messenger, lease)
    with writing(world.session):
        world.session.execute(update(Job).where(Job.id == job_id).values(state=JobState.RUNNING, fence=1, lease_until=world.now))
    ledger = JobLedger(job_id, 1, lease, world.panel.clock)
    with world.panel.session() as busy, writing(busy):
        ledger.opened(busy)
        if world.panel.database.dialect.name == "sqlite":  # it has one writer at a time: nobody else gets as far as this
            time.sleep(3.2)
        else:
            busy.execute(text("SELECT pg_sleep(3.2)"))
            assert not jobs.work(world.session)
        ledger.noted(busy, Tally(), 0)

    assert not jobs.work(world.session)
    assert state(world, job_id) is JobState.RUNNING
    assert row(world, job_id).fence == 1
