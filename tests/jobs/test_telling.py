"""Who tells plugins: killed, too slow, told to stop, or beside a worker."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import update

from bo_panel.domain.lifecycle import DISABLE, ENABLE
from bo_panel.hooks.contributions import ChangeEvent
from bo_panel.hooks.hookspecs import CHANGED
from bo_panel.jobs import ActOnThem, Jobs, Order, Outbox, Worker, slept
from bo_panel.jobs.outbox import AT_ONCE
from bo_panel.models import Outgoing
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Counted, Matching, writing
from tests.jobs.office import Offices
from tests.services.conftest import Town
from tests.services.test_every_change import many

LATER = datetime(2999, 1, 1, tzinfo=UTC)
"""Never in these tests."""


def until(condition: Callable[[], object]) -> bool:
    """Wait for it, but not for long; return whether it came true."""
    return any(condition() or slept(0.05) for _ in range(200))


def with_listener(outbox: Outbox, listener: Callable[[ChangeEvent], list[Any]]) -> Outbox:
    """Return what tells this one only, as the plugin `a`."""
    host = replace(outbox.engine.host, callers={CHANGED: (("a", listener),)})
    return replace(outbox, plugins=("a",), engine=replace(outbox.engine, host=host))


def test_what_a_killed_worker_had_in_hand_is_told_after_its_lease_and_the_late_one_counts_no_more(town: Town, office: Offices) -> None:
    found = office("a", "b")
    town.world.run(MoveUsers(move=DISABLE), town.ann)

    def kills(event: ChangeEvent) -> list[Any]:
        raise KeyboardInterrupt

    dying = with_listener(found.outbox, kills)
    with pytest.raises(KeyboardInterrupt):
        dying.work(town.world.session)
    assert found.told()
    assert (found.listeners["a"].heard, len(found.listeners["b"].heard)) == ([], 1), "it was told while another had it in hand"

    found.hurry()
    [row] = found.waiting()
    assert (row.fence, row.attempts) == (1, 1)
    assert found.told()
    assert found.listeners["a"].lines == found.trail()


def test_what_ends_the_worker_each_time_is_given_up_and_the_same_look_finds_what_comes_after_it(town: Town, office: Offices) -> None:
    found = office("a", attempts=2)
    for user in (town.ann, town.bob):
        town.world.run(MoveUsers(move=DISABLE), user)
    with writing(town.world.session):
        town.world.session.execute(update(Outgoing).values(attempts=2))
    last = town.world.run(MoveUsers(move=ENABLE), town.ann)

    assert found.told()

    assert [(row.dead_at is not None, row.told) for row in found.waiting()] == [(True, "The worker ended while it was told.")] * 2
    assert [event.change_set_id for event in found.listeners["a"].heard] == [last.change_set_id]


def test_who_is_told_to_stop_leaves_the_rest_to_the_next(town: Town, office: Offices) -> None:
    found = office("a")
    many(town.world, AT_ONCE + 5, town.stand)
    town.world.run(MoveUsers(move=DISABLE), selection=Matching(Wanted(search="u")), by=town.admin)
    goes_on = iter([True, False, False])

    assert found.outbox.work(town.world.session, lambda: next(goes_on))

    [row] = found.waiting()
    assert (row.attempts, row.not_before) == (0, None)
    assert len(found.listeners["a"].lines) == AT_ONCE
    assert found.told()
    assert found.listeners["a"].lines == found.trail()


def test_what_a_plugin_took_counts_also_when_it_took_longer_than_its_lease(town: Town, office: Offices) -> None:
    found, world = office("a"), town.world
    many(world, AT_ONCE + 5, town.stand)
    world.run(MoveUsers(move=DISABLE), selection=Matching(Wanted(search="u")), by=town.admin)

    def slow(event: ChangeEvent) -> list[Any]:
        """Be told for so long that another worker begins to tell it meanwhile, and is at it still."""
        with writing(world.session):
            world.session.execute(update(Outgoing).values(fence=Outgoing.fence + 1, not_before=LATER))
        return found.listeners["a"](event)

    late = with_listener(found.outbox, slow)
    assert late.work(world.session)
    [row] = found.waiting()
    assert row.upto == found.trail()[AT_ONCE - 1]
    found.hurry()
    assert late.work(world.session)

    assert found.listeners["a"].lines == found.trail()
    assert found.waiting() == []


def test_who_is_late_leaves_alone_what_got_the_number_of_what_he_told(town: Town, office: Offices) -> None:
    found, world = office("a"), town.world
    world.run(MoveUsers(move=DISABLE), town.ann)

    def slow(event: ChangeEvent) -> list[Any]:
        """Be told for so long that another worker is done with it, and has the next one in hand."""
        found.outbox.drop(world.session, [row.id for row in found.waiting()])
        world.run(MoveUsers(move=DISABLE), town.bob)
        with writing(world.session):
            world.session.execute(update(Outgoing).values(fence=1, not_before=LATER))
        return []

    goes_on = iter([True, False])
    with_listener(found.outbox, slow).work(world.session, lambda: next(goes_on))
    found.hurry()
    found.told()

    assert [entry.user_id for event in found.listeners["a"].heard for entry in event.entries] == [town.bob]


def test_a_worker_tells_beside_its_jobs(town: Town, office: Offices) -> None:
    found, panel = office("a"), town.world.panel

    class Silent:
        def wake(self) -> None: ...

    jobs = Jobs(panel.engine, Silent(), timedelta(seconds=60))
    counted = Counted(1, town.ann)
    jobs.submit(town.world.session, town.admin, Order(ActOnThem(DISABLE.key), Matching(Wanted(search="ann"), counted), counted))
    worker = Worker(jobs, panel.session, slept, 0.05, beside=(Worker(found.outbox, panel.session, slept, 0.05),))

    worker.run_once()

    assert [event.key for event in found.listeners["a"].heard] == ["users.disabled"]
    assert len(panel.worker().beside) == 1
    assert office().world.panel.worker().beside == ()


def test_the_thread_beside_tells_what_is_done_meanwhile_and_stops_with_the_worker(town: Town, office: Offices) -> None:
    found, panel = office("a"), town.world.panel
    worker = replace(panel.worker(), heard=slept, look_every=0.05, beside=(Worker(found.outbox, panel.session, slept, 0.05),))
    worker.start()
    town.world.run(MoveUsers(move=DISABLE), town.ann)
    until(lambda: found.listeners["a"].heard)
    worker.stop()
    worker.join()

    assert found.listeners["a"].lines == found.trail()
    assert not worker._thread.is_alive()
    assert not worker.beside[0]._thread.is_alive()


@pytest.mark.parametrize("way", [Worker.run, Worker.run_once])
def test_a_plugin_that_hangs_keeps_no_other_from_being_told(way: Callable[[Worker], None], town: Town, office: Offices) -> None:
    found, answered = office("a", "b", "c"), Event()
    found.listeners["a"].hangs = lambda: answered.wait(60)
    town.world.run(MoveUsers(move=DISABLE), town.ann)
    worker = replace(town.world.panel.worker(), heard=slept)
    thread = Thread(target=way, args=(worker,), daemon=True)
    thread.start()
    try:
        assert until(lambda: all(found.listeners[name].heard for name in "bc"))
        assert found.listeners["a"].heard == []
    finally:
        answered.set()
        until(lambda: found.listeners["a"].heard)
        worker.stop()
        thread.join(30)

    assert not thread.is_alive()
    assert [listener.lines for listener in found.listeners.values()] == [found.trail()] * 3
    assert found.waiting() == []
