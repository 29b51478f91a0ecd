"""Plugins are told what was done: all of it, in order, again until they take it, and none waits for another."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from bo_panel.domain.lifecycle import DISABLE, ENABLE
from bo_panel.jobs.outbox import AT_ONCE
from bo_panel.models import Outgoing, PluginSwitch
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CreateUnit, EditUsers, GiveRole, MoveUsers
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Matching, only, writing
from tests.jobs.office import Offices
from tests.services.conftest import Town
from tests.services.test_every_change import Statements, many


def test_without_a_plugin_that_listens_nothing_is_kept(town: Town, office: Offices) -> None:
    found = office()
    town.world.run(MoveUsers(move=DISABLE), town.ann, town.bob)
    town.world.single(CreateUnit(kind="grove.area", parent_id=1, name="New"))

    assert found.waiting() == []
    assert not found.told()


def test_every_way_to_change_something_is_told_with_what_the_trail_says(town: Town, office: Offices) -> None:
    found, world = office("a"), town.world
    result = world.run(MoveUsers(move=DISABLE), town.ann, town.bob, by=town.admin)
    edit, give = EditUsers(values={"first_name": "Neu"}), GiveRole(role="grove.viewer", unit_ids=frozenset({town.north}))
    world.panel.engine.run_together(world.session, town.admin, [edit, give], only(town.bob))
    world.single(CreateUnit(kind="grove.area", parent_id=1, name="New"))
    world.panel.engine.run(world.session, town.admin, undo_of(world.session, result.change_set_id), Changed(result.change_set_id), reason="a mistake")

    assert found.told()

    heard = found.listeners["a"].heard
    assert [event.key for event in heard] == ["users.disabled", "users.edited", "access.granted", "units.created", "users.undone"]
    assert found.listeners["a"].lines == found.trail()
    assert found.waiting() == []
    first = heard[0]
    assert (first.actor_id, first.actor_name) == (town.admin_id, f"user {town.admin_id}")
    assert (first.change_set_id, first.at) == (result.change_set_id, world.now)
    assert [(entry.user_id, entry.user_name, entry.before, entry.after) for entry in first.entries] == [
        (town.ann, "ann", {"status": "active"}, {"status": "disabled"}),
        (town.bob, "bob", {"status": "active"}, {"status": "disabled"}),
    ]
    assert first.id == f"{first.entries[0].id}-{first.entries[1].id}"
    assert first.is_("users.enabled", "users.disabled")
    assert heard[4].reason == "a mistake"
    assert not found.told()


def test_what_is_kept_for_an_undo_only_is_not_told(town: Town, office: Offices) -> None:
    found = office("a")
    town.world.run(EditUsers(values={"email": "new@example.com"}), town.ann)
    found.told()

    [event] = found.listeners["a"].heard
    assert set(event.entries[0].after) == {"email"}


def test_what_was_refused_or_only_planned_is_not_told(town: Town, office: Offices) -> None:
    found = office("a")
    holy = town.world.user("holy", home=town.north)
    assert town.world.run(MoveUsers(move=DISABLE), holy).changed == 0
    town.world.panel.engine.plan(town.world.session, town.admin, MoveUsers(move=DISABLE), only(town.ann))

    assert found.waiting() == []


def test_many_users_are_one_row_and_are_told_some_hundreds_at_a_time_in_order(town: Town, office: Offices) -> None:
    found = office("a", "b")
    many(town.world, 2 * AT_ONCE + 10, town.stand)
    town.world.run(MoveUsers(move=DISABLE), selection=Matching(Wanted(search="u")), by=town.admin)
    assert len(found.waiting()) == 2 * 2  # chunks of a thousand

    assert found.told()

    for listener in found.listeners.values():
        assert [len(event.entries) for event in listener.heard] == [AT_ONCE, AT_ONCE, 10]
        assert listener.lines == found.trail()
    assert found.waiting() == []


def test_a_thousand_cost_as_many_statements_as_one_also_with_a_listener(town: Town, office: Offices, statements: Statements) -> None:
    office("a", "b")
    ids, counts = many(town.world, 1_000, town.stand), []
    for chosen in (ids[:1], ids[1:]):
        actor = town.admin
        with statements(town.world.panel) as seen:
            town.world.run(MoveUsers(move=DISABLE), *chosen, by=actor)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_a_plugin_that_fails_is_told_again_after_a_pause_that_grows_and_holds_up_nobody(town: Town, office: Offices) -> None:
    found = office("a", "b", attempts=5)
    found.listeners["a"].failures = 2
    town.world.run(MoveUsers(move=DISABLE), town.ann)
    pauses = []
    for _ in range(2):
        assert found.told() is bool(not pauses)  # the first time b takes it
        [row] = found.waiting()
        assert (row.plugin, row.attempts, row.dead_at) == ("a", len(pauses) + 1, None)
        assert row.told.startswith("ConnectionError at ")
        assert "hunter2" not in row.told
        pauses.append(row.not_before)
        assert not found.told(), "it was not left alone"
        found.hurry()

    assert found.told()

    assert found.listeners["a"].lines == found.listeners["b"].lines == found.trail()
    assert timedelta(seconds=5) < pauses[1] - pauses[0]


def test_of_one_run_nothing_overtakes_what_failed_and_other_runs_go_on(town: Town, office: Offices) -> None:
    found = office("a")
    many(town.world, 1_010, town.stand)
    found.listeners["a"].failures = 1
    large = town.world.run(MoveUsers(move=DISABLE), selection=Matching(Wanted(search="u")), by=town.admin)
    small = town.world.run(MoveUsers(move=ENABLE), 1_000, by=town.admin)
    found.told()
    found.told()

    assert [event.change_set_id for event in found.listeners["a"].heard] == [small.change_set_id]
    found.hurry()
    found.told()
    assert [event.change_set_id for event in found.listeners["a"].heard[1:]] == [large.change_set_id] * 3
    assert sorted(found.listeners["a"].lines) == found.trail()


def test_what_is_given_up_stays_and_goes_on_where_it_stood_when_somebody_says_so(town: Town, office: Offices) -> None:
    found = office("a", attempts=3)
    ids = many(town.world, AT_ONCE + 5, town.stand)
    town.world.run(MoveUsers(move=DISABLE), selection=Matching(Wanted(search="u")), by=town.admin)
    [row] = found.waiting()
    with writing(town.world.session):  # the first hundreds were taken already
        town.world.session.execute(update(Outgoing).values(upto=row.upto + AT_ONCE))
    found.listeners["a"].failures = 3
    for _ in range(3):
        found.told()
        found.hurry()
    [row] = found.waiting()
    assert row.dead_at is not None
    assert not found.told()

    assert found.outbox.again(town.world.session, [row.id, 999]) == 1
    assert found.told()

    assert [entry.user_id for event in found.listeners["a"].heard for entry in event.entries] == list(ids[-5:])
    assert found.waiting() == []


def test_what_is_dropped_is_told_to_nobody(town: Town, office: Offices) -> None:
    found = office("a")
    town.world.run(MoveUsers(move=DISABLE), town.ann)
    assert found.outbox.drop(town.world.session, [row.id for row in found.waiting()]) == 1

    assert not found.told()
    assert found.listeners["a"].heard == []


def test_more_than_a_statement_has_parameters_for_are_tried_again_and_dropped(town: Town, office: Offices) -> None:
    found = office("a", attempts=1)
    found.listeners["a"].failures = 1
    town.world.run(MoveUsers(move=DISABLE), town.ann)
    found.told()
    [row] = found.waiting()
    ids = range(row.id, row.id + 300_000)

    assert found.outbox.again(town.world.session, ids) == 1
    [row] = found.waiting()
    assert row.dead_at is None
    assert found.outbox.drop(town.world.session, ids) == 1
    assert found.waiting() == []


def test_what_is_for_a_plugin_that_is_not_in_use_waits(town: Town, office: Offices) -> None:
    office("a")
    town.world.run(MoveUsers(move=DISABLE), town.ann)
    found = office("b")

    assert not found.told()
    assert [row.plugin for row in found.waiting()] == ["a"]


def test_a_plugin_is_not_told_of_what_is_done_where_it_is_off(town: Town, office: Offices) -> None:
    found, world = office("a", "b"), town.world
    host = found.outbox.engine.host
    loaded = replace(host.registry.plugins[0], name="a", per_unit=True)
    host = replace(host, registry=replace(host.registry, plugins=(*host.registry.plugins, loaded)))
    found.outbox = replace(found.outbox, engine=replace(found.outbox.engine, host=host))
    world.plant({PluginSwitch: [{"plugin": "a", "unit_id": town.stand, "on": False}]})
    world.run(MoveUsers(move=DISABLE), town.ann, town.bob)
    world.run(EditUsers(values={"first_name": "Neu"}), town.ann)

    assert found.told()
    assert [[entry.user_id for entry in event.entries] for event in found.listeners["a"].heard] == [[town.bob]]
    assert len(found.listeners["b"].lines) == 3
    assert found.waiting() == []
