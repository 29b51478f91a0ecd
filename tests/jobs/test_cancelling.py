"""Cancelling a job is a change: it says who did it, once, and is for those who may."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import AlreadyCancelled, JobOver, NotAllowed
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.jobs import ActOnThem, Jobs, Order
from bo_panel.models import AuditEvent, ChangeSet, Job
from bo_panel.queries.sql import database_time
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CancelJob
from bo_panel.services.engine import Counted, Matching, writing
from tests.jobs.office import Offices
from tests.services.conftest import Town


class Silent:
    """Sends no word to anybody."""

    def wake(self) -> None: ...


@pytest.fixture
def jobs(town: Town) -> Jobs:
    return Jobs(town.world.panel.engine, Silent(), timedelta(seconds=60))


def given_in(town: Town, jobs: Jobs, actor: Actor) -> int:
    counted = Counted(1, town.bob)
    return jobs.submit(town.world.session, actor, Order(ActOnThem(DISABLE.key), Matching(Wanted(search="bob"), counted), counted))


def job(town: Town, job_id: int) -> Job:
    town.world.session.rollback()
    return town.world.session.get_one(Job, job_id, populate_existing=True)


def test_it_says_who_cancelled_whose_job_where_that_one_is_at_home(town: Town, jobs: Jobs) -> None:
    job_id = given_in(town, jobs, town.admin)

    jobs.engine.run_single(town.world.session, town.world.actor(town.boss), CancelJob(job_id=job_id))

    assert job(town, job_id).state is JobState.CANCELLED
    [event] = town.world.session.scalars(select(AuditEvent))
    assert (event.event, event.actor_id, event.user_id, event.unit_id) == ("jobs.cancelled", town.boss, None, town.north)
    assert (event.before, event.after) == ({}, {"job": job_id, "given_in_by": f"user {town.admin_id}"})
    [run] = town.world.session.scalars(select(ChangeSet))
    assert (run.change, run.actor_id, run.changed) == ("jobs.cancel", town.boss, 1)


def test_a_job_of_the_command_line_is_told_at_the_root(town: Town, jobs: Jobs) -> None:
    jobs.engine.run_single(town.world.session, town.world.console, CancelJob(job_id=given_in(town, jobs, town.world.console)))

    assert town.world.session.scalars(select(AuditEvent.unit_id)).all() == [1]


def test_what_goes_on_is_cancelled_once_and_leaves_one_event(town: Town, jobs: Jobs) -> None:
    job_id = given_in(town, jobs, town.admin)
    with writing(town.world.session):
        running = town.world.session.get_one(Job, job_id)
        running.state, running.lease_until = JobState.RUNNING, database_time(town.world.session) + timedelta(seconds=60)
    jobs.engine.run_single(town.world.session, town.admin, CancelJob(job_id=job_id))
    assert (job(town, job_id).state, job(town, job_id).cancel_asked) == (JobState.RUNNING, True)

    with pytest.raises(AlreadyCancelled):
        jobs.engine.run_single(town.world.session, town.admin, CancelJob(job_id=job_id))

    assert [event for event, *_ in town.world.trail()] == ["jobs.cancelled"]


def test_what_is_over_is_not_cancelled_and_nothing_is_written(town: Town, jobs: Jobs) -> None:
    job_id = given_in(town, jobs, town.admin)
    jobs.work(town.world.session)
    before = town.world.counts()

    with pytest.raises(JobOver):
        jobs.engine.run_single(town.world.session, town.admin, CancelJob(job_id=job_id))

    assert town.world.counts() == before


def test_the_job_of_another_is_for_those_who_may_do_anything_to_users_anywhere(town: Town, jobs: Jobs) -> None:
    job_id = given_in(town, jobs, town.world.actor(town.boss))

    with pytest.raises(NotAllowed):
        jobs.engine.run_single(town.world.session, town.admin, CancelJob(job_id=job_id))

    assert not job(town, job_id).cancel_asked
    assert town.world.trail() == []


def test_plugins_are_told(town: Town, jobs: Jobs, office: Offices) -> None:
    found = office("a")
    told = Jobs(found.outbox.engine, Silent(), timedelta(seconds=60))
    told.engine.run_single(town.world.session, town.admin, CancelJob(job_id=given_in(town, told, town.admin)))

    assert found.told()

    assert [event.key for event in found.listeners["a"].heard] == ["jobs.cancelled"]
