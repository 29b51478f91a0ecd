"""Fields that units own, removed and purged: what stays with them, who changes them, and what is stored under their keys."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bo_panel.domain.errors import CountryGone, FieldNeeded, NotAllowed
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.models import OwnField, UserSearch
from bo_panel.queries.profile_fields import own_field
from bo_panel.services.changes import (
    AddProfileField,
    BringBackProfileField,
    CreateUser,
    EditProfileField,
    EditUsers,
    PurgeProfileField,
    RemoveProfileField,
)
from bo_panel.services.changes.undo import undo_of
from tests.services.conftest import Town

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def add(town: Town, label: str, kind: FieldType = FieldType.TEXT, unit: int = 0, **more: Any) -> tuple[int, str]:
    """Add a field at the north, or at another unit; return its id and its key."""
    town.world.single(AddProfileField(unit_id=unit or town.north, field=ProfileField("", label, kind, **more)))
    row = town.world.session.query(OwnField).order_by(OwnField.id.desc()).first()
    assert row is not None
    return row.id, row.key


def remove(town: Town, field_id: int, unit: int = 0) -> None:
    town.world.single(RemoveProfileField(unit_id=unit or town.north, field_id=field_id))


def purge(town: Town, field_id: int) -> None:
    town.world.single(PurgeProfileField(unit_id=town.north, field_id=field_id))


@pytest.mark.parametrize("purged", [False, True])
@pytest.mark.parametrize("more", [{}, {"unique": True}, {"view": "grove.trees:fell"}], ids=str)
def test_an_undo_writes_nothing_into_a_field_that_is_gone(town: Town, more: dict[str, Any], purged: bool) -> None:
    world = town.world
    field_id, key = add(town, "Badge", **more)
    world.run(EditUsers(profile={key: "B7"}), town.bob)
    done = world.run(EditUsers(profile={key: "B8"}), town.bob).change_set_id or 0
    remove(town, field_id)
    if purged:
        purge(town, field_id)
    for by in (None, town.admin):
        assert [row.code for row in world.run(undo_of(world.session, done), town.bob, by=by).refusals] == ["undo.field_gone"]
    assert world.row(town.bob).profile == ({} if purged else {key: "B8"})


def test_a_search_finds_nobody_by_a_field_that_is_removed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bo_panel.services.changes.profile_fields.AT_ONCE", 2)
    world = town.world
    nobodys, _key = add(town, "Locker", searchable=True)
    badge, key = add(town, "Badge", searchable=True)
    holders = [town.bob, *(world.user(f"holder{number}", home=town.north) for number in range(4))]
    for user_id in holders:
        world.run(EditUsers(profile={key: f"Zebra {user_id}"}), user_id)
    assert found(town, "zebra") == sorted(holders)

    remove(town, nobodys)
    assert found(town, "zebra") == sorted(holders)
    remove(town, badge)
    assert found(town, "zebra") == []
    world.single(BringBackProfileField(unit_id=town.north, field_id=badge))
    assert found(town, "zebra") == sorted(holders)


def found(town: Town, word: str) -> list[int]:
    """Return whom a search finds by a word."""
    rows = town.world.session.scalars(select(UserSearch.user_id).where(UserSearch.document.contains(word)).order_by(UserSearch.user_id))
    return list(rows)


def test_a_key_is_never_given_again(town: Town) -> None:
    field_id, key = add(town, "Badge")
    assert key.startswith(f"unit_{town.north}.badge_")
    remove(town, field_id)
    purge(town, field_id)
    assert add(town, "Badge")[1] != key


def test_a_country_stays_while_a_state_depends_on_it(town: Town) -> None:
    world = town.world
    country, key = add(town, "Country", FieldType.COUNTRY)
    state, _key = add(town, "State", FieldType.STATE, town.stand, depends_on=key)
    with pytest.raises(FieldNeeded) as refused:
        remove(town, country)
    assert str(refused.value) == "State at Stand depends on this field. Remove that one first."
    world.session.rollback()
    assert world.session.query(OwnField).filter(OwnField.removed_at.is_not(None)).count() == 0

    remove(town, state, town.stand)
    remove(town, country)
    with pytest.raises(CountryGone):
        world.single(BringBackProfileField(unit_id=town.stand, field_id=state))
    world.session.rollback()
    world.single(BringBackProfileField(unit_id=town.north, field_id=country))
    world.single(BringBackProfileField(unit_id=town.stand, field_id=state))


def test_whoever_may_not_fill_in_the_country_is_not_asked_for_the_state(town: Town) -> None:
    _country, key = add(town, "Country", FieldType.COUNTRY, edit="grove.trees:fell")
    add(town, "State", FieldType.STATE, depends_on=key, required=True)
    created = CreateUser(values={"user_name": "new"}, home_id=town.north)
    assert town.world.single(created, by=town.admin).changed == 1


@pytest.mark.parametrize("asked", [{"view": "grove.trees:fell"}, {"edit": "grove.trees:fell"}], ids=str)
def test_nobody_changes_a_field_that_he_does_not_see_and_fill_in(town: Town, asked: dict[str, str]) -> None:
    world = town.world
    field_id, _key = add(town, "Verdict", **asked)
    row = world.session.get_one(OwnField, field_id)
    opened = replace(own_field(row), view="", edit="")
    where = {"unit_id": town.north, "field_id": field_id}
    for change in (EditProfileField(**where, field=opened, version=1), RemoveProfileField(**where)):
        with pytest.raises(NotAllowed):
            world.single(change, by=town.admin)
        world.session.rollback()
    remove(town, field_id)
    with pytest.raises(NotAllowed):
        world.single(PurgeProfileField(**where), by=town.admin)
