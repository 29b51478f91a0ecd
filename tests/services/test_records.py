"""Records of a plugin's page, through the engine: who may, and what stands."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import NotAllowed, NotFound, Objected, RecordChanged, RecordsRefused, RecordTaken, UnknownUnit
from bo_panel.domain.lifecycle import DELETE, DISABLE
from bo_panel.hooks.hookspecs import OBJECT
from bo_panel.hooks.pages import ModelPage
from bo_panel.queries.records import NOBODY, WantedRecords, how_many_records, records_page
from bo_panel.queries.visible import Scope
from bo_panel.sdk import ChangeNotice, Objection
from bo_panel.services.changes import AddRecords, DeleteRecord, EditRecord, MoveUsers
from bo_panel.services.changes.record_values import as_typed
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, writing
from bo_panel.testing import World
from tests.office import ANNE, GREG, HALL, NADJA, NEXT_DOOR, OLGA, PETE, fill

ZOE = {"first_name": "Zoe", "last_name": "Ames", "active": "yes", "member_number": "M-1", "leader_id": "greg"}


@pytest.fixture
def world(ticketing_panel: Panel) -> Iterator[World]:
    with ticketing_panel.session() as session:
        found = World(ticketing_panel, session)
        fill(found)
        yield found


@pytest.fixture
def page(world: World) -> ModelPage:
    return world.panel.registry.pages["ticketing.people"]


def run(world: World, change: object, user_id: int) -> object:
    return world.panel.engine.run_single(world.session, world.actor(user_id), change)  # type: ignore[arg-type]


def rows(world: World, page: ModelPage) -> list[dict[str, object]]:
    world.session.rollback()
    return [dict(row._mapping) for row in world.session.execute(select(page.table).order_by(page.table.c.id))]


def test_the_models_equal_the_migrations(world: World, page: ModelPage) -> None:
    options = {"include_name": lambda name, kind, _above: kind != "table" or name.startswith("p_"), "version_table": "alembic_version"}
    context = MigrationContext.configure(world.session.connection(), opts=options)

    found = [step for step in compare_metadata(context, page.model.metadata) if "p_ticketing_member" in str(step)]
    assert found == []


def test_who_holds_the_level_at_the_unit_adds_edits_and_deletes_and_nobody_else(world: World, page: ModelPage) -> None:
    add = AddRecords(page=page, unit_id=HALL, rows=(ZOE,))
    for user_id, refusal in ((PETE, NotFound), (NADJA, NotFound)):
        with pytest.raises(refusal):
            run(world, add, user_id)
    with pytest.raises(UnknownUnit):
        run(world, replace(add, unit_id=1), world.user("boss", ("owner", 1)))
    run(world, add, GREG)

    [zoe] = rows(world, page)
    assert (zoe["sort_key"], zoe["member_number_key"], zoe["leader_id"], zoe["organization_id"]) == ("ames zoe", "m-1", GREG, HALL)
    about = {"page": page, "record_id": int(str(zoe["id"])), "version": 1}
    with pytest.raises(NotFound):
        run(world, EditRecord(**about, typed={"note": "x"}), NADJA)
    with pytest.raises(NotAllowed):
        run(world, DeleteRecord(**about), GREG)
    run(world, EditRecord(**about, typed={"note": "x"}), GREG)
    with pytest.raises(RecordChanged):
        run(world, EditRecord(**about, typed={"note": "y"}), ANNE)
    run(world, DeleteRecord(**{**about, "version": 2}), ANNE)
    assert rows(world, page) == []


def test_what_is_the_same_is_not_written(world: World, page: ModelPage) -> None:
    run(world, AddRecords(page=page, unit_id=HALL, rows=(ZOE,)), GREG)
    before = rows(world, page)

    run(world, EditRecord(page=page, record_id=int(str(before[0]["id"])), version=1, typed=ZOE), GREG)
    assert rows(world, page) == before


def test_a_number_is_told_apart_in_one_organization_however_it_is_spelled(world: World, page: ModelPage) -> None:
    run(world, AddRecords(page=page, unit_id=HALL, rows=(ZOE,)), ANNE)
    with pytest.raises(RecordTaken):
        run(world, AddRecords(page=page, unit_id=HALL, rows=({**ZOE, "member_number": "ｍ-1"},)), ANNE)
    run(world, AddRecords(page=page, unit_id=NEXT_DOOR, rows=({**ZOE, "leader_id": ""},)), NADJA)

    raw = {**rows(world, page)[0], "id": 999}
    with pytest.raises(IntegrityError), writing(world.session):
        world.session.execute(insert(page.table).values(raw))


def test_several_are_added_together_or_none_and_all_that_is_wrong_is_told(world: World, page: ModelPage) -> None:
    good, late = {**ZOE, "member_number": "M-2"}, {**ZOE, "last_name": ""}
    with pytest.raises(RecordsRefused) as caught:
        run(world, AddRecords(page=page, unit_id=HALL, rows=(ZOE, late, {**good, "joined": "soon"}, good, {**good, "first_name": "Twin"})), ANNE)
    assert [(problem.place, problem.field) for problem in caught.value.problems] == [(1, "Last Name"), (2, "Joined"), (4, "Member Number")]
    assert rows(world, page) == []


def looks_after(world: World, page: ModelPage) -> list[tuple[str, list[str]]]:
    """Return who looks after each record, as the list has it, and whether the filters by Greg and by nobody find it."""
    scope, found = Scope((ROOT,)), []
    for row in records_page(world.session, page, scope, WantedRecords()).rows:
        wanted = [WantedRecords(filters={"leader_id": (value,)}) for value in (str(GREG), NOBODY)]
        by = [str(how_many_records(world.session, page, scope, narrowed)) for narrowed in wanted]
        found.append((as_typed(page, row)["leader_id"], by))
    return found


def test_a_record_of_somebody_who_is_deleted_has_nobody_until_an_undo_brings_him_back(world: World, page: ModelPage) -> None:
    run(world, AddRecords(page=page, unit_id=HALL, rows=(ZOE,)), ANNE)
    world.run(MoveUsers(move=DISABLE), GREG, by=world.actor(OLGA))
    assert looks_after(world, page) == [("greg", ["1", "0"])]

    before = rows(world, page)
    done = world.run(MoveUsers(move=DELETE), GREG, by=world.actor(OLGA)).change_set_id or 0
    assert looks_after(world, page) == [("", ["0", "1"])]

    run(world, EditRecord(page=page, record_id=int(str(before[0]["id"])), version=1, typed={"note": "x", "leader_id": ""}), ANNE)
    world.run(undo_of(world.session, done), selection=Changed(done))
    assert looks_after(world, page) == [("greg", ["1", "0"])]


def test_a_plugin_may_object_to_what_is_done_with_records(world: World, page: ModelPage) -> None:
    def call(change: ChangeNotice, users: object) -> list[list[Objection]]:
        return [[Objection("The season is over.")] if change.is_("records.add") and change.values["page"] == page.key else []]

    engine = replace(world.panel.engine, host=replace(world.panel.host, callers={OBJECT: (("ticketing", call),)}))
    with pytest.raises(Objected, match="The season is over"):
        engine.run_single(world.session, world.actor(ANNE), AddRecords(page=page, unit_id=HALL, rows=(ZOE,)))
    assert rows(world, page) == []
