"""Jobs: done in small transactions, cancelled, taken up again, and stopped where the actor may no longer do it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import AlreadyCancelled, AlreadyUndone, JobOver, NotFound, NotUndoable, SelectionChanged
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DELETE, DISABLE, ENABLE, Status
from bo_panel.jobs import ActOnThem, Jobs, Order, TakeBack
from bo_panel.jobs.ledger import JobLedger, Lost
from bo_panel.models import AuditEvent, ChangeSet, Grant, Job, RefusedRow, User
from bo_panel.queries.sql import database_time
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CancelJob, CreateUser, EditUsers, MoveUsers
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Counted, Matching, writing
from bo_panel.testing import World

EVERYBODY = Wanted(search="leaver")
CHUNK = 4


class Silent:
    """Sends no word to anybody, and counts how often it should have."""

    def __init__(self) -> None:
        self.sent = 0

    def wake(self) -> None:
        self.sent += 1


@pytest.fixture
def jobs(world: World) -> Jobs:
    return Jobs(replace(world.panel.engine, chunk=CHUNK), Silent(), timedelta(seconds=60))


def counted(world: World, jobs: Jobs, actor: Actor, wanted: Wanted = EVERYBODY) -> Matching:
    _result, found = jobs.engine.preview(world.session, actor, MoveUsers(move=DISABLE), Matching(wanted)).result()
    return Matching(wanted, found)


def given_in(world: World, jobs: Jobs, actor: Actor) -> int:
    selection = counted(world, jobs, actor)
    assert selection.counted is not None
    return jobs.submit(world.session, actor, Order(ActOnThem(DISABLE.key), selection, selection.counted, "they left"))


def job(world: World, job_id: int) -> Job:
    world.session.rollback()
    return world.session.get_one(Job, job_id, populate_existing=True)


def disabled(world: World) -> int:
    world.session.rollback()
    return world.session.scalar(select(func.count()).where(User.status == Status.DISABLED)) or 0


def is_sound(world: World) -> bool:
    """Return whether everybody who was changed is on the trail once, and has one version more."""
    world.session.rollback()
    told = select(AuditEvent.user_id, func.count()).where(AuditEvent.event == "users.disabled").group_by(AuditEvent.user_id)
    events = dict(tuple(row) for row in world.session.execute(told))
    changed = dict(tuple(row) for row in world.session.execute(select(User.id, User.version).where(User.status == Status.DISABLED)))
    return dict.fromkeys(changed, 1) == events and set(changed.values()) <= {2}


def test_a_job_is_done_in_chunks_that_each_move_the_checkpoint(world, area, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin)
    assert job(world, job_id).state is JobState.WAITING
    assert jobs.messenger.sent == 1

    assert jobs.work(world.session)

    done = job(world, job_id)
    assert (done.state, done.expected, done.selected, done.changed, done.refused) == (JobState.DONE, 10, 10, 10, 0)
    assert done.checkpoint == max(leavers)
    assert disabled(world) == 10
    assert is_sound(world)
    change_set = world.session.get_one(ChangeSet, done.change_set_id)
    assert (change_set.selected, change_set.changed, change_set.reason) == (10, 10, "they left")
    assert not jobs.work(world.session)


def test_what_a_killed_worker_left_is_taken_up_where_it_stood(world, area, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin)
    calls = iter([True, False])
    jobs.work(world.session, lambda: next(calls))  # two chunks, then it stops
    assert disabled(world) == 8
    with writing(world.session):  # as if it had been killed: it still holds the lease
        held = {"state": JobState.RUNNING, "lease_until": database_time(world.session) - timedelta(seconds=1)}
        world.session.execute(update(Job).where(Job.id == job_id).values(held))

    assert jobs.work(world.session)

    assert job(world, job_id).state is JobState.DONE
    assert job(world, job_id).changed == 10
    assert is_sound(world)
    assert world.session.scalar(select(func.count()).select_from(ChangeSet)) == 1


def test_nobody_works_on_what_another_has_in_hand_and_the_late_one_writes_nothing(world, area, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin)
    calls = iter([True, False])
    jobs.work(world.session, lambda: next(calls))
    with writing(world.session):
        held = {"state": JobState.RUNNING, "lease_until": database_time(world.session) + timedelta(seconds=60)}
        world.session.execute(update(Job).where(Job.id == job_id).values(held))
    assert not jobs.work(world.session)
    with writing(world.session):
        world.session.execute(update(Job).where(Job.id == job_id).values(fence=Job.fence + 1))

    with pytest.raises(Lost), writing(world.session):
        JobLedger(job_id, 1, timedelta(seconds=60), world.panel.clock).opened(world.session)
    assert disabled(world) == 8


def test_an_actor_who_loses_the_right_half_way_changes_not_one_row_more(world, area, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin)
    calls = iter([False])
    jobs.work(world.session, lambda: next(calls))
    assert disabled(world) == CHUNK
    with writing(world.session):
        world.session.query(Grant).where(Grant.user_id == admin.user_id, Grant.role_key == "grove.admin").delete()

    jobs.work(world.session)

    stopped = job(world, job_id)
    assert (stopped.state, stopped.refusal, stopped.changed) == (JobState.STOPPED, "access.denied", CHUNK)
    assert stopped.told
    assert disabled(world) == CHUNK


def test_a_set_that_changed_since_it_was_counted_stops_and_says_what_differs(world, area, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin)
    with writing(world.session):
        world.session.execute(update(User).where(User.id == leavers[3]).values(status=Status.DELETED, deleted_at=world.now))

    jobs.work(world.session)

    stopped = job(world, job_id)
    assert (stopped.state, stopped.refusal) == (JobState.STOPPED, "selection.changed")
    assert "10" in stopped.told
    assert "9" in stopped.told
    assert disabled(world) == 0


def test_who_is_added_after_the_count_is_left_alone(world, area, admin, leavers, jobs):
    job_id = given_in(world, jobs, admin)
    late = world.user("leaver.late", home=area)

    jobs.work(world.session)

    assert job(world, job_id).changed == 10
    assert world.row(late).status is Status.ACTIVE


def test_cancelling(world, area, admin, leavers, jobs):
    waiting = given_in(world, jobs, admin)
    jobs.engine.run_single(world.session, admin, CancelJob(job_id=waiting))
    assert job(world, waiting).state is JobState.CANCELLED
    assert not jobs.work(world.session)
    with pytest.raises(JobOver):
        jobs.engine.run_single(world.session, admin, CancelJob(job_id=waiting))
    with pytest.raises(NotFound):
        jobs.engine.run_single(world.session, admin, CancelJob(job_id=999))

    running = given_in(world, jobs, admin)
    calls = iter([False])
    jobs.work(world.session, lambda: next(calls))
    with writing(world.session):
        held = {"state": JobState.RUNNING, "lease_until": database_time(world.session) + timedelta(seconds=60)}
        world.session.execute(update(Job).where(Job.id == running).values(held))
    jobs.engine.run_single(world.session, admin, CancelJob(job_id=running))
    with pytest.raises(AlreadyCancelled):
        jobs.engine.run_single(world.session, admin, CancelJob(job_id=running))
    with writing(world.session):  # the worker that has it in hand comes to its next chunk
        world.session.execute(update(Job).where(Job.id == running).values(lease_until=None))
    jobs.work(world.session)
    assert job(world, running).state is JobState.CANCELLED
    assert disabled(world) == CHUNK


def test_refused_rows_are_kept_even_where_nothing_else_was_done(world, area, jobs, leavers):
    admin = world.actor(world.user("leaver.admin", ("grove.admin", area), home=area))
    selection = counted(world, jobs, admin, Wanted(search="leaver.admin"))
    job_id = jobs.submit(world.session, admin, Order(ActOnThem(DISABLE.key), selection, selection.counted))

    jobs.work(world.session)

    done = job(world, job_id)
    assert (done.state, done.selected, done.changed, done.refused) == (JobState.DONE, 1, 0, 1)
    assert world.session.scalars(select(RefusedRow.code).where(RefusedRow.change_set_id == done.change_set_id)).all() == ["user.own_account"]


def test_a_preview_says_what_a_run_would_do_and_writes_nothing(world, area, admin, leavers, jobs):
    world.run(MoveUsers(move=DISABLE), leavers[0], leavers[1])
    before = world.counts()
    result, found = jobs.engine.preview(world.session, admin, MoveUsers(move=DISABLE), Matching(Wanted())).result()
    planned = jobs.engine.plan(world.session, admin, MoveUsers(move=DISABLE), Matching(Wanted()))
    assert (result.selected, result.changed, result.refused, result.same) == (planned.selected, planned.changed, planned.refused, planned.same)
    assert result.codes == {"user.own_account": 1}
    assert found.users == result.selected
    assert world.counts() == before


def undone(world: World, jobs: Jobs, actor: Actor, change_set_id: int):
    return jobs.engine.run(world.session, actor, undo_of(world.session, change_set_id), Changed(change_set_id))


@pytest.mark.parametrize("move", [DISABLE, DELETE])
def test_undoing_gives_back_exactly_what_was_changed_and_leaves_alone_what_was_changed_since(world, area, admin, leavers, jobs, move):
    world.run(MoveUsers(move=DISABLE), leavers[0])
    first = world.run(MoveUsers(move=move), *leavers, by=admin)
    assert first.changed == (9 if move is DISABLE else 10)
    if move is DISABLE:
        world.run(MoveUsers(move=ENABLE), leavers[5])
        world.run(EditUsers(values={"first_name": "New"}), leavers[6])

    result = undone(world, jobs, admin, first.change_set_id)

    statuses = [world.row(user_id).status for user_id in leavers]
    if move is DELETE:
        assert statuses == [Status.DISABLED] + [Status.ACTIVE] * 9
        assert result.changed == 10
    else:
        assert statuses == [Status.DISABLED] + [Status.ACTIVE] * 5 + [Status.DISABLED] + [Status.ACTIVE] * 3
        assert (result.changed, result.same, result.refused) == (7, 1, 1)
        assert [(refused.user_id, refused.code) for refused in result.refusals] == [(leavers[6], "undo.changed_since")]
    assert world.trail(leavers[9])[-1][0] == "users.undone"


def test_undo_twice_and_undo_of_an_undo(world, area, admin, leavers, jobs):
    first = world.run(MoveUsers(move=DISABLE), *leavers, by=admin)
    second = undone(world, jobs, admin, first.change_set_id)
    with pytest.raises(AlreadyUndone):
        undone(world, jobs, admin, first.change_set_id)
    assert disabled(world) == 0

    third = undone(world, jobs, admin, second.change_set_id)

    assert third.changed == 10
    assert disabled(world) == 10


def test_an_undo_by_someone_without_the_right_and_of_what_cannot_be_undone(world, area, admin, leavers, jobs):
    first = world.run(MoveUsers(move=DISABLE), *leavers, by=admin)
    elsewhere = world.unit("Elsewhere", kind="grove.area")
    neighbour = world.actor(world.user("neighbour", ("grove.admin", elsewhere), home=elsewhere))
    result = undone(world, jobs, neighbour, first.change_set_id)
    assert (result.selected, result.changed) == (0, 0)
    assert disabled(world) == 10
    created = world.single(CreateUser(values={"user_name": "new"}, home_id=area), by=admin)
    with pytest.raises(NotUndoable, match="Disable or delete"):
        undo_of(world.session, created.change_set_id)
    with pytest.raises(NotFound):
        undo_of(world.session, 999)


def test_an_undo_can_be_a_job(world, area, admin, leavers, jobs):
    first = world.run(MoveUsers(move=DISABLE), *leavers, by=admin)
    job_id = jobs.submit(world.session, admin, Order(TakeBack(first.change_set_id), Changed(first.change_set_id), Counted(10, max(leavers))))
    jobs.work(world.session)
    assert job(world, job_id).changed == 10
    assert disabled(world) == 0


def test_an_undo_that_changed_nobody_can_be_tried_again(world, area, admin, leavers, jobs):
    first = world.run(MoveUsers(move=DISABLE), *leavers, by=admin)
    world.run(EditUsers(values={"first_name": "New"}), *leavers)
    tries = [Order(TakeBack(first.change_set_id), Changed(first.change_set_id), Counted(10, max(leavers))) for _ in range(2)]
    for order in tries:
        job_id = jobs.submit(world.session, admin, order)
        jobs.work(world.session)
        assert (job(world, job_id).state, job(world, job_id).changed, job(world, job_id).refused) == (JobState.DONE, 0, 10)


def test_a_count_that_is_wrong_is_refused_without_a_job_too(world, area, admin, leavers, jobs):
    with pytest.raises(SelectionChanged):
        jobs.engine.run(world.session, admin, MoveUsers(move=DISABLE), Matching(EVERYBODY, Counted(9, max(leavers))))
    assert disabled(world) == 0


def test_somebody_deleted_does_not_come_back_under_a_name_that_another_has_by_now(world, area, admin, leavers, jobs):
    first = world.run(MoveUsers(move=DELETE), leavers[0], leavers[1], by=admin)
    world.user("leaver.0", home=area)
    result = undone(world, jobs, admin, first.change_set_id)
    assert (result.changed, [refused.code for refused in result.refusals]) == (1, ["user.user_name_taken"])


