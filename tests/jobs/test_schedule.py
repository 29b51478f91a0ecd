"""Housekeeping: each chore once in its time, whoever does it, and only what nobody needs any more is deleted."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bo_panel.bootstrap import Panel
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.jobs import Duty, Schedule, find_anew
from bo_panel.jobs.chores import PRESENCE, SLICE, duties_of, tidy_database
from bo_panel.models import Attempt, AuditEvent, ChangeSet, Chore, Job, SignInSession
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import writing
from bo_panel.testing import World, counted


class Broom:
    """Counts how often it was used."""

    def __init__(self) -> None:
        self.used = 0

    def __call__(self, *_given: object) -> int:
        self.used += 1
        return 3

    def schedule(self) -> Schedule:
        return Schedule((Duty("sweep", timedelta(hours=1), self),))


@pytest.fixture
def broom() -> Broom:
    return Broom()


def look(world: World, schedule: Schedule) -> bool:
    return schedule.look(world.session, world.now)


def test_a_chore_is_done_once_in_its_time_by_whoever_looks_first(world, broom):
    with capture_logs() as logs:
        assert look(world, broom.schedule())
        assert not look(world, broom.schedule())
        world.panel.clock.forward(minutes=59)
        assert not look(world, broom.schedule())
        world.panel.clock.forward(minutes=1)
        assert look(world, broom.schedule())

    assert broom.used == 2
    assert logs[0] == {"event": "chore.done", "chore": "sweep", "found": 3, "log_level": "info"}


def test_looking_when_nothing_is_due_is_one_statement(world, broom, statements):
    look(world, broom.schedule())
    world.session.rollback()
    with statements(world.panel) as seen:
        look(world, broom.schedule())

    assert len(seen) == 1


def test_many_workers_at_the_same_moment_do_it_once(world, broom):
    start, problems = Barrier(4), []

    def race() -> None:
        try:
            with world.panel.session() as session:
                start.wait()
                broom.schedule().look(session, world.now)
        except Exception as problem:
            problems.append(problem)

    threads = [Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (broom.used, problems) == (1, [])


def test_a_chore_that_fails_keeps_no_other_from_being_done_and_is_tried_again_later(world, broom):
    def broken(*_given: object) -> int:
        raise ZeroDivisionError

    both = Schedule((Duty("broken", timedelta(hours=1), broken), *broom.schedule().duties))
    with capture_logs() as logs:
        look(world, both)
        look(world, both)
    assert [line["event"] for line in logs] == ["chore.failed", "chore.done"]

    world.panel.clock.forward(minutes=11)
    mended = Schedule((Duty("broken", timedelta(hours=1), broom),))
    assert look(world, mended)
    assert broom.used == 2


def test_what_a_dead_worker_began_is_done_by_another_once_its_lease_is_over(world, broom):
    with writing(world.session):
        world.session.execute(insert(Chore).values(name="sweep", lease_until=world.now + timedelta(minutes=10)))
    assert not look(world, broom.schedule())

    world.panel.clock.forward(minutes=10)

    assert look(world, broom.schedule())


@pytest.fixture
def all_duties(world: World) -> Schedule:
    return Schedule(duties_of(world.panel.settings))


def test_a_worker_does_the_chores_of_its_deployment_and_leaves_word_that_it_was_there(world):
    assert world.panel.worker().chores()

    world.session.rollback()
    done = dict(tuple(row) for row in world.session.execute(select(Chore.name, Chore.done_at)))
    assert set(done) == {duty.name for duty in (*duties_of(world.panel.settings), find_anew(world.panel.engine))}
    assert done[PRESENCE] == world.now


def test_sessions_that_ended_by_themselves_are_deleted_and_no_others(world, all_duties):
    user_id = world.user("ann")
    policy, now = world.panel.settings.sign_in, world.now
    idle, whole = timedelta(minutes=policy.session_idle_minutes), timedelta(hours=policy.session_absolute_hours)
    moment = timedelta(seconds=1)
    kinds = {
        "idle": (now - idle - moment, now - idle - moment),
        "old": (now - whole - moment, now),
        "open": (now - whole + moment, now - idle + moment),
    }
    rows = [{"token_hash": name, "user_id": user_id, "created_at": begun, "seen_at": seen} for name, (begun, seen) in kinds.items()]
    world.plant({SignInSession: rows})

    look(world, all_duties)

    world.session.rollback()
    assert world.session.scalars(select(SignInSession.token_hash)).all() == ["open"]


def test_counts_of_tries_go_with_their_window_but_not_before_their_block(world, all_duties):
    now, window = world.now, timedelta(minutes=world.panel.settings.sign_in.attempt_window_minutes)
    old = now - window - timedelta(seconds=1)
    rows = [
        {"key": "old", "since": old, "blocked_until": None},
        {"key": "blocked", "since": old, "blocked_until": now + timedelta(seconds=1)},
        {"key": "was blocked", "since": old, "blocked_until": now},
        {"key": "new", "since": now - window, "blocked_until": None},
    ]
    world.plant({Attempt: [{**row, "failures": 3} for row in rows]})

    look(world, all_duties)

    world.session.rollback()
    assert sorted(world.session.scalars(select(Attempt.key))) == ["blocked", "new"]


def test_a_job_that_ended_long_ago_is_forgotten_and_what_it_did_is_not(world, all_duties):
    ann = world.user("ann")
    change_set_id = world.run(MoveUsers(move=DISABLE), ann).change_set_id
    days = timedelta(days=world.panel.settings.housekeeping.jobs_days)
    common = {"created_at": world.now - 2 * days, "actor_name": "console", "door": "cli", "task": {}, "selection": {}, "change_set_id": change_set_id}
    old, young = world.now - days - timedelta(seconds=1), world.now - days
    rows = [
        {"state": JobState.DONE, "finished_at": old},
        {"state": JobState.FAILED, "finished_at": old},
        {"state": JobState.DONE, "finished_at": young},
        {"state": JobState.RUNNING, "finished_at": None},
        {"state": JobState.WAITING, "finished_at": None},
    ]
    world.plant({Job: [{**common, **row} for row in rows]})

    look(world, all_duties)

    world.session.rollback()
    assert sorted(world.session.scalars(select(Job.state))) == [JobState.DONE, JobState.RUNNING, JobState.WAITING]
    assert world.session.scalar(select(func.count()).select_from(ChangeSet)) == 1
    assert world.session.scalar(select(func.count()).where(AuditEvent.change_set_id == change_set_id)) == 1


def test_a_great_many_are_deleted_in_small_transactions(world, all_duties, statements):
    rows = [{"key": f"key {number}", "failures": 1, "since": world.now - timedelta(days=1)} for number in range(2 * SLICE + 1)]
    world.plant({Attempt: rows})
    with statements(world.panel) as seen:
        look(world, all_duties)

    assert len([statement for statement in seen if statement.startswith("DELETE FROM attempt")]) == 4
    world.session.rollback()
    assert world.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_the_log_file_of_sqlite_is_cut_back(panel: Panel, world: World, all_duties):
    if panel.database.dialect.name == "postgresql":
        with counted(panel.database) as seen:
            look(world, all_duties)
        assert not [statement for statement in seen if "PRAGMA" in statement]
        return
    world.plant({Attempt: [{"key": f"key {number}", "failures": 1, "since": world.now} for number in range(500)]})
    file = f"{panel.database.url.database}-wal"
    with open(file, "rb") as log:
        assert len(log.read()) > 10_000

    look(world, Schedule(tuple(duty for duty in all_duties.duties if duty.name == "database")))

    with open(file, "rb") as log:
        assert len(log.read()) < 20_000  # only that the chore is done is written after it


def test_sqlite_is_tidied_another_time_where_somebody_writes_all_the_while(panel: Panel, world: World):
    if panel.database.dialect.name == "postgresql":
        return
    world.plant({Attempt: [{"key": f"few {number}", "failures": 1, "since": world.now} for number in range(5)]})
    with panel.database.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    panel.database.dispose()  # statistics are read by who connects
    world.plant({Attempt: [{"key": f"key {number}", "failures": 1, "since": world.now} for number in range(900)]})
    world.session.scalars(select(Attempt.key).where(Attempt.key > "key 2", Attempt.account > "a")).all()

    with writing(Session(panel.database)):
        assert tidy_database(world.session, world.now) == 0

    assert world.session.scalar(text("PRAGMA busy_timeout")) == 10_000
    assert tidy_database(world.session, world.now) == 1


def test_how_often_and_how_long_are_settings(world):
    keeping = world.panel.settings.housekeeping.model_copy(update={"sign_ins_minutes": 7, "jobs_hours": 2})
    duties = {duty.name: duty for duty in duties_of(world.panel.settings.model_copy(update={"housekeeping": keeping}))}

    assert (duties["attempts"].every, duties["sessions"].every) == (timedelta(minutes=7), timedelta(minutes=7))
    assert duties["jobs"].every == timedelta(hours=2)
