"""Settings of a unit: typed, checked, versioned, on the trail, and kept where their plugin is gone."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import Invalid, NotAllowed, NotFound, StaleUnit, UnknownField
from bo_panel.models import Unit
from bo_panel.queries.left_behind import left_behind
from bo_panel.services.changes import EditUnitSettings
from bo_panel.services.engine import writing
from bo_panel.testing import World
from tests.office import ANNE, HALL, NADJA, OLGA, fill

EMAIL, PHONE, WEBSITE, ZONE, NOTE = (f"ticketing.{name}" for name in ("support_email", "support_phone", "website", "time_zone", "note"))


@pytest.fixture
def office(ticketing_panel: Panel) -> Iterator[World]:
    with ticketing_panel.session() as session:
        world = World(ticketing_panel, session)
        fill(world)
        yield world


def put(world: World, settings: dict[str, str | None], by: int | None = None, version: int | None = None) -> int:
    change = EditUnitSettings(unit_id=HALL, settings=settings, expected_version=version)
    return world.single(change, by=world.actor(by) if by else None).changed


def stored(world: World) -> tuple[dict[str, Any], int]:
    world.session.rollback()
    return tuple(world.session.execute(select(Unit.settings, Unit.version).where(Unit.id == HALL)).one())  # type: ignore[return-value]


def test_they_are_stored_in_one_form_with_a_trail_and_a_new_version(office: World) -> None:
    typed = {EMAIL: " Box@HALL.example ", PHONE: "+44 2079460817", ZONE: "Europe/London", NOTE: "<b>Hi</b>", WEBSITE: ""}

    assert put(office, typed, by=OLGA) == 1

    told = {EMAIL: "Box@hall.example", PHONE: "+44 20 7946 0817", ZONE: "Europe/London", NOTE: "<b>Hi</b>"}
    assert stored(office) == (told, 2)
    [(event, before, after)] = office.trail()
    assert (event, set(before.values())) == ("units.settings_edited", {None})
    assert after == {f"setting:{key}": value for key, value in told.items()}
    assert put(office, {EMAIL: "box@hall.example", PHONE: None}) == 1
    assert office.trail()[-1][1:] == (
        {f"setting:{EMAIL}": "Box@hall.example", f"setting:{PHONE}": "+44 20 7946 0817"},
        {f"setting:{EMAIL}": "box@hall.example", f"setting:{PHONE}": None},
    )
    assert PHONE not in stored(office)[0]


def test_what_is_so_already_is_no_change(office: World) -> None:
    put(office, {NOTE: "Open at noon"})

    assert put(office, {NOTE: "Open at noon", EMAIL: None}) == 0
    assert (stored(office)[1], len(office.trail())) == (2, 1)


@pytest.mark.parametrize(
    ("key", "value"), [(EMAIL, "box"), (PHONE, "12"), (WEBSITE, "javascript:alert(1)"), (ZONE, "Europe/Atlantis"), (NOTE, "x" * 4_001)]
)
def test_a_value_that_a_setting_does_not_take_is_told_at_its_field(office: World, key: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        put(office, {key: value, "ticketing.note" if key != NOTE else EMAIL: ""})

    assert caught.value.field == f"profile:{key}"
    assert stored(office) == ({}, 1)


def test_a_setting_that_there_is_not_and_a_unit_without_any_are_told(office: World) -> None:
    with pytest.raises(UnknownField):
        put(office, {"ticketing.support_mail": "x"})
    with pytest.raises(UnknownField):
        office.single(EditUnitSettings(unit_id=1, settings={EMAIL: "box@hall.example"}))


def test_they_are_for_whoever_may_edit_the_unit(office: World) -> None:
    with pytest.raises(NotAllowed):
        put(office, {NOTE: "x"}, by=ANNE)
    with pytest.raises(NotFound):
        put(office, {NOTE: "x"}, by=NADJA)


def test_who_saves_second_is_told(office: World) -> None:
    put(office, {NOTE: "first"}, version=1)

    with pytest.raises(StaleUnit):
        put(office, {NOTE: "second"}, version=1)
    assert stored(office)[0] == {NOTE: "first"}


def test_what_a_plugin_left_stays_and_is_counted(office: World) -> None:
    with writing(office.session):
        office.session.execute(update(Unit).where(Unit.id == HALL).values(settings={"gone.colour": "red", NOTE: "x"}))
    assert left_behind(office.session, office.panel.registry).settings == 1

    put(office, {NOTE: "y"})

    assert stored(office)[0] == {"gone.colour": "red", NOTE: "y"}
