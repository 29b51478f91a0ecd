"""What holds for every change of users: next door it does not exist, plugins may object, and rows are judged one by one."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import (
    AboveOwnAccess,
    NotAllowed,
    NotAtHome,
    NotFound,
    NothingSelected,
    Objected,
    OwnAccount,
    Refusal,
    Superior,
    TooMany,
    WrongState,
)
from bo_panel.domain.lifecycle import DELETE, DISABLE, ENABLE, Status
from bo_panel.models import ChangeSet, Grant, RefusedRow, User, UserSearch
from bo_panel.queries import visible
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import EditUsers, GiveRole, MoveUsers, TakeRole
from bo_panel.services.engine import Ids, Matching, SetChange, only
from bo_panel.testing import World
from bo_panel.testing.world import user_row
from tests.services.conftest import Town

Statements = Callable[[Panel], AbstractContextManager[list[str]]]

CHANGES: Mapping[str, Callable[[Town], SetChange]] = {
    "disable": lambda town: MoveUsers(move=DISABLE),
    "delete": lambda town: MoveUsers(move=DELETE),
    "edit": lambda town: EditUsers(values={"first_name": "Neu"}),
    "edit e-mail": lambda town: EditUsers(values={"email": "new@example.com"}),
    "give": lambda town: GiveRole(role="grove.editor", unit_ids=frozenset({town.stand})),
    "take": lambda town: TakeRole(role="grove.viewer", unit_ids=frozenset({town.stand})),
}
every_change = pytest.mark.parametrize("name", CHANGES)


def refusals(town: Town, change: SetChange, *user_ids: int) -> list[str]:
    return [row.code for row in town.world.run(change, *user_ids, by=town.admin).refusals]


@every_change
def test_it_is_done_with_a_trail_and_a_new_version(town: Town, name: str) -> None:
    before = town.world.row(town.ann).version
    result = town.world.run(CHANGES[name](town), town.ann, by=town.admin)
    assert (result.selected, result.changed, result.refused, result.same) == (1, 1, 0, 0)
    assert town.world.row(town.ann).version == before + 1
    assert len(town.world.trail(town.ann)) == 1
    change_set = town.world.session.get_one(ChangeSet, result.change_set_id)
    assert (change_set.actor_id, change_set.selected, change_set.changed, change_set.refused) == (town.admin_id, 1, 1, 0)


@every_change
def test_next_door_nobody_exists_and_nothing_is_written(town: Town, name: str) -> None:
    before = town.world.counts()
    for ids in ((town.sue,), (town.ann, town.sue), (999,), (town.boss,)):
        with pytest.raises(NotFound):
            town.world.run(CHANGES[name](town), *ids, by=town.admin)
    assert town.world.counts() == before
    assert town.world.row(town.ann).version == 1


@every_change
def test_who_holds_too_low_a_level_is_told_so(town: Town, name: str) -> None:
    before = town.world.counts()
    with pytest.raises(Refusal) as caught:
        town.world.run(CHANGES[name](town), town.bob, by=town.world.actor(town.guest))
    assert caught.type is NotAllowed
    assert town.world.counts() == before


@every_change
def test_an_actor_who_was_disabled_or_lost_his_role_meanwhile_does_nothing(town: Town, name: str) -> None:
    actor = town.admin
    town.world.run(TakeRole(role="grove.admin", unit_ids=frozenset({town.north})), town.admin_id)
    with pytest.raises(NotAllowed):
        town.world.run(CHANGES[name](town), town.ann, by=actor)
    town.world.run(MoveUsers(move=DISABLE), town.admin_id)
    with pytest.raises(NotAllowed):
        town.world.run(CHANGES[name](town), town.ann, by=actor)


@every_change
def test_a_plugin_may_object_to_one_and_the_others_go_on(town: Town, name: str) -> None:
    holy = town.world.user("holy oak", ("grove.viewer", town.stand), home=town.north)
    change = CHANGES[name](town)
    ids = (holy,) if change.one_at_a_time else (holy, town.ann)
    result = town.world.run(change, *ids, by=town.admin)
    assert [(row.user_id, row.code, row.reason) for row in result.refusals] == [(holy, Objected.code, "Holy trees stay. Ask the druid.")]
    assert result.changed == len(ids) - 1
    assert town.world.row(holy).version == 1


@every_change
def test_a_plugin_that_fails_refuses_all_and_is_named(town: Town, name: str) -> None:
    cursed = town.world.user("cursed", ("grove.viewer", town.stand), home=town.north)
    change, before = CHANGES[name](town), town.world.counts()
    ids = (cursed,) if change.one_at_a_time else (cursed, town.ann)
    result = town.world.run(change, *ids, by=town.admin)
    assert (result.changed, result.refused) == (0, len(ids))
    assert all("The plugin grove failed" in str(row.refusal) for row in result.refusals)
    assert town.world.counts() == before


@pytest.mark.parametrize("name", ["disable", "delete", "give", "take"])
def test_nobody_does_it_to_himself(town: Town, name: str) -> None:
    assert refusals(town, CHANGES[name](town), town.admin_id) == [OwnAccount.code]


def test_everybody_with_the_right_to_edit_edits_his_own_fields(town: Town) -> None:
    assert refusals(town, EditUsers(values={"email": "admin@example.com"}), town.admin_id) == []


@pytest.mark.parametrize(("name", "codes"), [("disable", [NotAtHome.code]), ("edit", [NotAtHome.code]), ("give", []), ("take", [])])
def test_a_guest_is_given_and_taken_roles_and_nothing_else(town: Town, name: str, codes: list[str]) -> None:
    assert refusals(town, CHANGES[name](town), town.guest) == codes


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize(
    ("name", "held_at", "codes"),
    [
        ("disable", "stand", [Superior.code]),
        ("disable", "south", []),
        ("edit e-mail", "stand", [Superior.code]),
        ("edit e-mail", "south", [Superior.code]),
        ("edit", "stand", [Superior.code]),
        ("edit", "south", []),
    ],
)
def test_a_superior_is_not_taken_over_and_is_contained_only_if_his_access_is_elsewhere(
    town: Town, monkeypatch: pytest.MonkeyPatch, few: int, name: str, held_at: str, codes: list[str]
) -> None:
    monkeypatch.setattr(visible, "FEW_USERS", few)
    town.world.grant(town.ann, "grove.feller", getattr(town, held_at))
    assert refusals(town, CHANGES[name](town), town.ann) == codes


def test_in_bulk_each_is_judged_and_the_rest_goes_on(town: Town) -> None:
    off = town.world.user("off", home=town.north, status=Status.DISABLED)
    archived = town.world.user("archived", home=town.north, status=Status.ARCHIVED)
    feller = town.world.user("feller", ("grove.feller", town.north), home=town.north)
    holy = town.world.user("holy", home=town.north)
    chosen = (town.ann, town.bob, town.guest, town.admin_id, off, archived, feller, holy)
    result = town.world.run(MoveUsers(move=DISABLE), *chosen, by=town.admin)
    assert (result.selected, result.changed, result.refused, result.same) == (8, 2, 5, 1)
    expected = {
        town.guest: NotAtHome.code,
        town.admin_id: OwnAccount.code,
        archived: WrongState.code,
        feller: Superior.code,
        holy: Objected.code,
    }
    assert {row.user_id: row.code for row in result.refusals} == expected
    kept = town.world.session.execute(select(RefusedRow.user_id, RefusedRow.code).where(RefusedRow.change_set_id == result.change_set_id))
    assert {row.user_id: row.code for row in kept} == expected


def test_a_plan_says_what_a_run_then_does_and_writes_nothing(town: Town) -> None:
    before, chosen = town.world.counts(), Ids(frozenset({town.ann, town.bob, town.guest}))
    plan = town.world.panel.engine.plan(town.world.session, town.admin, MoveUsers(move=DISABLE), chosen)
    assert town.world.counts() == before
    result = town.world.run(MoveUsers(move=DISABLE), selection=chosen, by=town.admin)
    assert (plan.selected, plan.changed, plan.refused, plan.refusals) == (result.selected, result.changed, result.refused, result.refusals)
    assert plan.change_set_id is None and result.change_set_id is not None


def test_several_changes_together_are_all_done_or_none(town: Town) -> None:
    engine, session = town.world.panel.engine, town.world.session
    edit, give = CHANGES["edit"](town), CHANGES["give"](town)
    holy = town.world.user("holy", home=town.north)
    before = town.world.counts()
    with pytest.raises(Objected):
        engine.run_together(session, town.admin, [edit, give], only(holy))
    with pytest.raises(AboveOwnAccess):
        engine.run_together(session, town.admin, [edit, GiveRole(role="owner", unit_ids=frozenset({town.north}))], only(town.ann))
    assert town.world.counts() == before
    result = engine.run_together(session, town.admin, [edit, give], only(town.ann))
    assert result.changed == 1
    assert [event for event, *_ in town.world.trail(town.ann)] == ["users.edited", "access.granted"]


def test_nothing_and_too_much_cannot_be_selected() -> None:
    with pytest.raises(NothingSelected):
        Ids.of([], 10)
    with pytest.raises(TooMany, match="11 are selected, and at most 10"):
        Ids.of(range(11), 10)


def many(world: World, count: int, unit: int) -> range:
    ids = range(1_000, 1_000 + count)
    users = [user_row(user_id, f"u{user_id}", world.now, {"home_id": unit}) for user_id in ids]
    documents = [{"user_id": user_id, "document": f"  u{user_id}"} for user_id in ids]
    grant = {"unit_id": unit, "role_key": "member", "source": "admin", "away": False, "created_at": world.now}
    world.plant({User: users, UserSearch: documents, Grant: [{"user_id": user_id, **grant} for user_id in ids]})
    return ids


@pytest.mark.parametrize("name", ["disable", "delete", "edit", "give"])
def test_a_thousand_cost_as_many_statements_as_one(town: Town, statements: Statements, name: str) -> None:
    ids = many(town.world, 1_000, town.stand)
    counts = []
    for chosen in (ids[:1], ids[1:]):
        actor = town.admin
        with statements(town.world.panel) as seen:
            result = town.world.run(CHANGES[name](town), *chosen, by=actor)
        assert result.changed == len(chosen)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 18


def test_a_query_is_worked_through_in_chunks_that_cost_the_same_each(town: Town, statements: Statements) -> None:
    many(town.world, 2_500, town.stand)
    everybody = Matching(Wanted(search="u"))
    with statements(town.world.panel) as seen:
        result = town.world.run(MoveUsers(move=DISABLE), selection=everybody, by=town.admin)
    assert (result.selected, result.changed) == (2_500, 2_500)
    assert town.world.session.scalars(select(ChangeSet.changed)).all() == [2_500]
    by_kind = [statement.split()[0:3] for statement in seen]
    assert len(seen) <= 1 + 3 * 18, by_kind
    again = town.world.run(MoveUsers(move=ENABLE), selection=everybody, by=town.admin)
    assert again.changed == 2_500
