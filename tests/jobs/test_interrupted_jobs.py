"""What gets in the way of a job: it waits and is begun again; only what never gets any further is given up."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from psycopg.errors import DiskFull, IdleInTransactionSessionTimeout, UndefinedTable
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import Busy, NotFound, StillRunning
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE, Status
from bo_panel.jobs import ActOnThem, Jobs, Order
from bo_panel.jobs.ledger import JobLedger
from bo_panel.jobs.troubles import AWAY, DATABASE, NO_SPACE, OTHERS, passing
from bo_panel.models import Grant, Job, User
from bo_panel.queries.sql import database_time
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CancelJob, MoveUsers, TakeRole
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Counted, Ids, Matching, Planned, SetChange, only, writing
from bo_panel.testing import World

CHUNK = 4


class Silent:
    """Sends no word to anybody."""

    def wake(self) -> None:
        pass


@pytest.fixture
def area(world: World) -> int:
    return world.unit("Area", kind="grove.area")


@pytest.fixture
def admin(world: World, area: int) -> Actor:
    return world.actor(world.user("admin", ("grove.admin", area), home=area))


@pytest.fixture
def leavers(world: World, area: int) -> list[int]:
    return [world.user(f"leaver.{number}", home=area) for number in range(10)]


@pytest.fixture
def jobs(world: World) -> Jobs:
    return Jobs(replace(world.panel.engine, chunk=CHUNK), Silent(), timedelta(seconds=60), timedelta(seconds=-1), attempts=3)


def given_in(world: World, jobs: Jobs, actor: Actor, leavers: list[int]) -> int:
    order = Order(ActOnThem(DISABLE.key), Ids(frozenset(leavers)), Counted(len(leavers), max(leavers)))
    return jobs.submit(world.session, actor, order)


def job(world: World, job_id: int) -> Job:
    world.session.rollback()
    return world.session.get_one(Job, job_id, populate_existing=True)


def put(world: World, job_id: int, **values: object) -> None:
    with writing(world.session):
        world.session.execute(update(Job).where(Job.id == job_id).values(**values))


def test_a_job_that_gets_no_further_waits_and_says_so_and_is_given_up_in_the_end(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, task={"do": "move"})

    for attempt in (1, 2, 3):
        assert jobs.work(world.session)
        waiting = job(world, job_id)
        assert (waiting.state, waiting.attempts, waiting.refusal) == (JobState.WAITING, attempt, "job.interrupted")
        assert "goes on by itself" in waiting.told
    assert jobs.work(world.session)

    over = job(world, job_id)
    assert (over.state, over.refusal) == (JobState.FAILED, "job.gave_up")
    assert "3 times" in over.told
    assert not jobs.work(world.session)


def test_a_job_whose_action_is_gone_stops_and_says_so(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, task={"do": "move", "move": "shop.leave"})

    assert jobs.work(world.session)

    stopped = job(world, job_id)
    assert (stopped.state, stopped.refusal, stopped.changed) == (JobState.STOPPED, "action.gone", 0)
    assert "not in use any more" in stopped.told
    assert not jobs.work(world.session)


def test_a_worker_that_dies_without_getting_any_further_counts_too(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, state=JobState.RUNNING, attempts=3, lease_until=database_time(world.session) - timedelta(seconds=1))
    assert jobs.work(world.session)
    assert job(world, job_id).state is JobState.FAILED


def test_who_gets_further_begins_to_count_anew_and_what_was_told_is_gone(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, attempts=2, refusal="job.interrupted", told="x")
    assert jobs.work(world.session)
    done = job(world, job_id)
    assert (done.state, done.attempts, done.refusal, done.told, done.changed) == (JobState.DONE, 0, None, None, 10)


def test_a_job_that_was_put_off_is_left_alone_until_its_time(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, task={"do": "move"})
    patient = replace(jobs, pause=timedelta(minutes=1))
    assert patient.work(world.session)
    assert not patient.work(world.session)
    patient.engine.run_single(world.session, admin, CancelJob(job_id=job_id))
    assert job(world, job_id).state is JobState.CANCELLED


def test_a_job_whose_worker_is_dead_is_cancelled_at_once(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, state=JobState.RUNNING, fence=1, lease_until=database_time(world.session) - timedelta(seconds=1))
    jobs.engine.run_single(world.session, admin, CancelJob(job_id=job_id))
    over = job(world, job_id)
    assert (over.state, over.fence, over.changed) == (JobState.CANCELLED, 2, 0)
    assert not jobs.work(world.session)


def test_what_still_goes_on_cannot_be_taken_back_yet(world, admin, leavers, jobs):
    selection = Matching(Wanted(search="leaver"), Counted(len(leavers), max(leavers)))
    job_id = jobs.submit(world.session, admin, Order(ActOnThem(DISABLE.key), selection, Counted(len(leavers), max(leavers))))
    assert jobs.work(world.session, lambda: False)  # one chunk, then it stops
    change_set_id = job(world, job_id).change_set_id

    with pytest.raises(StillRunning, match=f"job {job_id}"):
        undo_of(world.session, change_set_id)
    jobs.engine.run_single(world.session, admin, CancelJob(job_id=job_id))
    result = world.run(undo_of(world.session, change_set_id), by=admin, selection=Changed(change_set_id))

    assert result.changed == CHUNK
    assert world.session.scalar(select(func.count()).where(User.status == Status.DISABLED)) == 0


def test_ids_that_are_named_are_one_part_however_small_the_chunks_are(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    jobs.work(world.session)
    done = job(world, job_id)
    assert (done.state, done.changed) == (JobState.DONE, 10)


def test_ids_of_which_one_is_gone_are_refused_as_a_whole(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    with writing(world.session):
        world.session.execute(update(User).where(User.id == leavers[3]).values(status=Status.DELETED, deleted_at=world.now))
    jobs.work(world.session)
    stopped = job(world, job_id)
    assert (stopped.state, stopped.refusal, stopped.changed) == (JobState.STOPPED, NotFound.code, 0)


class Held(JobLedger):
    """Stops at the end of a chunk, before it is committed, until somebody lets it go on."""

    reached: Event
    released: Event

    def noted(self, session, done, upto):
        super().noted(session, done, upto)
        self.reached.set()
        assert self.released.wait(30)


@pytest.fixture
def held(world: World, jobs: Jobs, admin: Actor, leavers: list[int]) -> Iterator[Thread]:
    """A chunk in the hands of a thread, all written and nothing committed."""
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, state=JobState.RUNNING, fence=1)
    ledger = Held(job_id, 1, timedelta(seconds=60), world.panel.clock)
    ledger.reached, ledger.released = Event(), Event()

    def chunk() -> None:
        with world.panel.session() as session:
            jobs.engine.run_next(session, admin, Planned(MoveUsers(move=DISABLE), Ids(frozenset(leavers))), ledger)

    thread = Thread(target=chunk)
    thread.ledger = ledger
    world.session.rollback()
    thread.start()
    assert ledger.reached.wait(30)
    yield thread
    ledger.released.set()
    thread.join(30)


@pytest.mark.parametrize("how", ["demoted", "disabled"])
def test_nobody_takes_the_right_away_while_a_chunk_is_in_hand(world, area, admin, leavers, held, how):
    taken: SetChange = TakeRole(role="grove.admin", unit_ids=frozenset({area})) if how == "demoted" else MoveUsers(move=DISABLE)
    order: list[str] = []

    def revoke() -> None:
        with world.panel.session() as session:
            assert world.panel.engine.run(session, world.console, taken, only(admin.user_id)).changed == 1
            order.append(f"{session.scalar(select(func.count()).where(User.status == Status.DISABLED, User.id.in_(leavers)))} were disabled before")

    thread = Thread(target=revoke)
    thread.start()
    thread.join(0.7)
    assert thread.is_alive(), "the right went away while a chunk that needs it was being written"
    held.ledger.released.set()
    held.join(30)
    thread.join(30)
    assert order == ["10 were disabled before"]


def sqlite_problem(name: str) -> DBAPIError:
    problem = sqlite3.OperationalError("it went wrong")
    problem.sqlite_errorname = name
    return OperationalError("UPDATE x", {}, problem)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Busy(), OTHERS),
        (sqlite_problem("SQLITE_FULL"), NO_SPACE),
        (sqlite_problem("SQLITE_IOERR_WRITE"), DATABASE),
        (sqlite_problem("SQLITE_ERROR"), None),
        (OperationalError("UPDATE x", {}, DiskFull("no space")), NO_SPACE),
        (OperationalError("UPDATE x", {}, Exception("the server went away"), connection_invalidated=True), AWAY),
        (InternalError("UPDATE x", {}, IdleInTransactionSessionTimeout("too long")), AWAY),
        (ProgrammingError("UPDATE x", {}, UndefinedTable("no such table")), None),
        (NotFound(), None),
        (KeyError("move"), None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_passes_is_told_from_what_is_the_jobs_own_fault(problem, told):
    assert passing(problem) == told


def test_a_lease_is_counted_by_the_clock_of_the_database(world, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin, leavers)
    put(world, job_id, state=JobState.RUNNING, lease_until=database_time(world.session) + timedelta(seconds=30))
    world.panel.clock.forward(days=1000)  # a machine whose clock is wrong by years takes nothing out of another's hands
    assert not jobs.work(world.session)
    assert world.session.scalar(select(func.count()).select_from(Grant).where(Grant.user_id == admin.user_id)) == 2
