"""Exports in the background: killed, cancelled and begun again, and never a file that is not whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bo_panel.domain.actors import Actor
from bo_panel.domain.jobs import JobState
from bo_panel.domain.pages import Order as Sorting
from bo_panel.domain.tabular import Format, Sheet
from bo_panel.jobs import Exports, ExportThem, Jobs, Order, exported_file
from bo_panel.jobs.exported_file import unpacked
from bo_panel.jobs.exports import sweep
from bo_panel.models import AuditEvent, ExportFile, ExportPart, Grant, Job, User
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CancelJob
from bo_panel.services.engine import Counted, Matching, writing
from bo_panel.testing import World

USERS = 10
SHEET = Sheet(Format.CSV, ("id", "user_name"), ("ID", "User name"))


class Silent:
    """Sends no word."""

    def wake(self) -> None:
        pass


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two users make a part."""
    monkeypatch.setattr(exported_file, "USERS_AT_ONCE", 2)
    monkeypatch.setattr("bo_panel.queries.streaming.AT_ONCE", 2)


@pytest.fixture
def area(world: World) -> int:
    return world.unit("Area", kind="grove.area")


@pytest.fixture
def admin(world: World, area: int) -> Actor:
    return world.actor(world.user("admin", ("grove.admin", area), home=area))


@pytest.fixture
def jobs(world: World) -> Jobs:
    return Jobs(world.panel.engine, Silent(), timedelta(seconds=60), exports=Exports(world.panel.engine, world.panel.exporter))


@pytest.fixture
def job_id(world: World, area: int, admin: Actor, jobs: Jobs) -> int:
    for number in range(USERS):
        world.user(f"some.{number}", home=area)
    task = ExportThem(SHEET, Sorting("id"))
    return jobs.submit(world.session, admin, Order(task, Matching(Wanted(search="some")), Counted(USERS, 0)))


def job(world: World, job_id: int) -> Job:
    world.session.rollback()
    return world.session.get_one(Job, job_id, populate_existing=True)


def whole(world: World, job_id: int) -> bytes:
    file = world.session.get_one(ExportFile, job_id)
    parts = world.session.execute(select(ExportPart.number, ExportPart.data).where(ExportPart.job_id == job_id).order_by(ExportPart.number)).all()
    data = b"".join(unpacked(part.data) for part in parts)
    assert [part.number for part in parts] == list(range(file.parts))
    assert len(data) == file.size
    return data


def lines(world: World, job_id: int) -> list[bytes]:
    return whole(world, job_id).removeprefix(b"\xef\xbb\xbf").splitlines()


def exported(world: World) -> int:
    world.session.rollback()
    return world.session.scalar(select(func.count()).where(AuditEvent.event == "users.exported")) or 0


def stopping(after: int) -> Callable[[], bool]:
    calls = iter([True] * after)
    return lambda: next(calls, False)


def test_everybody_is_in_the_file_once(world, jobs, job_id):
    assert jobs.work(world.session)

    done = job(world, job_id)
    assert (done.state, done.selected, done.changed, done.refused) == (JobState.DONE, USERS, 0, 0)
    assert len(lines(world, job_id)) == USERS + 1
    assert exported(world) == 1
    assert not jobs.work(world.session)


def test_what_was_cut_off_is_begun_again_and_leaves_nothing_broken(world, jobs, job_id):
    jobs.work(world.session, stopping(after=3))
    cut = job(world, job_id)
    assert (cut.state, cut.selected) == (JobState.WAITING, 6)
    assert world.session.scalar(select(func.count()).select_from(ExportPart)) == 3
    assert world.session.get(ExportFile, job_id) is None
    with writing(world.session):  # as if it had been killed: it still holds the lease
        held = {"state": JobState.RUNNING, "lease_until": world.now - timedelta(seconds=1)}
        world.session.execute(update(Job).where(Job.id == job_id).values(held))
        world.session.execute(update(User).where(User.user_name == "some.3").values(user_name="else"))

    assert jobs.work(world.session)

    assert job(world, job_id).selected == USERS
    assert len(lines(world, job_id)) == USERS + 1
    assert b"else" in whole(world, job_id)
    assert exported(world) == 1


def test_who_comes_late_writes_nothing_into_the_file_of_another(world, jobs, job_id):
    def lose() -> bool:
        with world.panel.session() as other, writing(other):
            other.execute(update(Job).where(Job.id == job_id).values(fence=Job.fence + 1))
        return True

    assert jobs.work(world.session, lose)

    assert job(world, job_id).state is JobState.RUNNING  # the other's
    assert world.session.scalar(select(func.count()).select_from(ExportPart)) == 0
    assert exported(world) == 0


def test_a_cancelled_export_is_no_file_and_is_swept(world, jobs, job_id):
    def cancel() -> bool:
        with world.panel.session() as other:
            jobs.engine.run_single(other, world.console, CancelJob(job_id=job_id))
        return True

    steps = iter([lambda: True, cancel])
    assert jobs.work(world.session, lambda: next(steps)())

    assert job(world, job_id).state is JobState.CANCELLED
    assert world.session.scalar(select(func.count()).select_from(ExportPart)) == 1
    assert (world.session.get(ExportFile, job_id), exported(world)) == (None, 0)
    assert sweep(world.session, world.panel.settings, world.now) == 0
    assert world.session.scalar(select(func.count()).select_from(ExportPart)) == 0


def test_what_goes_on_is_not_swept(world, jobs, job_id):
    jobs.work(world.session, stopping(after=3))
    sweep(world.session, world.panel.settings, world.now + timedelta(days=400))

    assert world.session.scalar(select(func.count()).select_from(ExportPart)) == 3


def test_who_loses_the_right_half_way_gets_no_file(world, admin, jobs, job_id):
    def lose() -> bool:
        with world.panel.session() as other, writing(other):
            other.query(Grant).where(Grant.user_id == admin.user_id, Grant.role_key == "grove.admin").delete()
        return True

    assert jobs.work(world.session, lose)

    assert (job(world, job_id).state, job(world, job_id).refusal) == (JobState.STOPPED, "access.denied")
    assert (world.session.get(ExportFile, job_id), exported(world)) == (None, 0)


def test_the_file_shows_one_moment(world, area, jobs, job_id):
    def add() -> bool:
        with world.panel.session() as other:
            World(world.panel, other).user(f"some.late.{next(numbers)}", home=area)
        return True

    numbers = iter(range(100))
    assert jobs.work(world.session, add)

    assert len(lines(world, job_id)) == USERS + 1


def test_a_worker_that_does_no_exports_leaves_them_to_another(world, jobs, job_id):
    assert replace(jobs, exports=None).work(world.session)
    assert job(world, job_id).state is JobState.WAITING
    assert job(world, job_id).refusal == "job.interrupted"
