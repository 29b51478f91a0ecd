"""What each change of users does in particular."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import (
    AboveOwnAccess,
    EmailTaken,
    HomeKept,
    Invalid,
    LastOwner,
    NoPlace,
    NotAllowed,
    Objected,
    OneAtATime,
    Refusal,
    RoleDoesNotFit,
    Stale,
    UnknownField,
    UnknownRole,
    UnknownUnit,
    UserNameTaken,
    WrongState,
)
from bo_panel.domain.lifecycle import DELETE, DISABLE, ENABLE, Status
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.models import Credential, Grant
from bo_panel.queries.users import Wanted, users_page
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole, MoveUsers, Start, TakeRole
from bo_panel.testing import World
from tests.services.conftest import Town

ARABIC = "محمد عبد الله"


def at(*unit_ids: int) -> frozenset[int]:
    return frozenset(unit_ids)


def found(world: World, text: str) -> list[str]:
    return [row.user_name for row in users_page(world.session, Scope((ROOT,)), Wanted(search=text), world.now).rows]


def edited(town: Town, values: dict[str, str | None], **more: int) -> list[str]:
    return [row.code for row in town.world.run(EditUsers(values=values, **more), town.ann, by=town.admin).refusals]


def created(town: Town, values: dict[str, str | None], **more: object) -> int:
    change = CreateUser(**{"values": values, "home_id": town.stand, **more})  # type: ignore[arg-type]
    return town.world.single(change, by=town.admin).subject_id or 0


# --- moves


def test_disabling_ends_every_session_and_enabling_does_not(town: Town) -> None:
    for _ in range(2):
        town.world.panel.sign_in.enter(town.world.session, "ann", "secret")
    town.world.run(MoveUsers(move=DISABLE), town.ann, by=town.admin)
    assert town.world.sessions(town.ann) == 0
    assert town.world.row(town.ann).status is Status.DISABLED
    town.world.run(MoveUsers(move=ENABLE), town.ann, by=town.admin)
    assert town.world.row(town.ann).status is Status.ACTIVE
    trail = [entry for entry in town.world.trail(town.ann) if entry[0].startswith("users.")]
    there, back = {"status": "active"}, {"status": "disabled"}
    assert trail == [("users.disabled", there, back), ("users.enabled", back, there)]


def test_a_deleted_user_is_gone_from_the_list_and_frees_his_names(town: Town) -> None:
    town.world.run(MoveUsers(move=DELETE), town.ann, by=town.admin)
    row = town.world.row(town.ann)
    assert (row.status, row.deleted_at) == (Status.DELETED, town.world.now)
    assert "ann" not in found(town.world, "ann")
    again = created(town, {"user_name": "Ann", "email": "ANN@example.com"})
    assert again not in (0, town.ann)


def test_what_is_so_already_or_cannot_be_from_here_is_told_apart(town: Town) -> None:
    result = town.world.run(MoveUsers(move=ENABLE), town.ann, by=town.admin)
    assert (result.same, result.change_set_id) == (1, None)
    archived = town.world.user("archived", home=town.north, status=Status.ARCHIVED)
    assert [row.code for row in town.world.run(MoveUsers(move=ENABLE), archived, by=town.admin).refusals] == [WrongState.code]


def test_the_last_owner_stays_and_the_one_before_may_go(town: Town) -> None:
    second = town.world.user("second", ("owner", 1))
    result = town.world.run(MoveUsers(move=DISABLE), town.boss, second)
    assert (result.changed, [(row.user_id, row.code) for row in result.refusals]) == (1, [(second, LastOwner.code)])
    assert [row.code for row in town.world.run(TakeRole(role="owner", unit_ids=at(1)), second).refusals] == [LastOwner.code]


# --- editing


def test_editing_brings_the_order_the_search_and_the_trail_along(town: Town) -> None:
    assert edited(town, {"first_name": ARABIC, "last_name": "Élan", "phone": "+44 20 7946 0018"}) == []
    row = town.world.row(town.ann)
    assert (row.first_name, row.last_name, row.phone, row.sort_name) == (ARABIC, "Élan", "+44 20 7946 0018", f"elan {ARABIC}")
    for text in (ARABIC, "elan", "7946 0018", "ann@example"):
        assert found(town.world, text) == ["ann"], text
    (event,) = town.world.trail(town.ann)
    assert event[1] == {"first_name": "Ann", "last_name": "", "phone": None}
    assert event[2] == {"first_name": ARABIC, "last_name": "Élan", "phone": "+44 20 7946 0018"}


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"user_name": "SUE"}, UserNameTaken),
        ({"user_name": " ｓｕｅ "}, UserNameTaken),
        ({"user_name": "su\u200be"}, UserNameTaken),
        ({"user_name": "Sue@Example.com"}, UserNameTaken),
        ({"email": "SUE@EXAMPLE.COM"}, EmailTaken),
        ({"email": "mail@sign-in.example"}, EmailTaken),
    ],
)
def test_a_name_somebody_else_signs_in_with_is_taken_in_any_spelling(town: Town, values: dict[str, str | None], refusal: type[Refusal]) -> None:
    town.world.user("Mail@sign-in.example")
    assert edited(town, values) == [refusal.code]
    with pytest.raises(refusal):
        created(town, {"user_name": "fresh", **values})
    assert town.world.row(town.ann).version == 1


def test_the_own_e_mail_may_be_the_own_user_name_and_the_own_spelling_may_change(town: Town) -> None:
    assert edited(town, {"user_name": "ann@example.com"}) == []
    assert edited(town, {"user_name": "ANN@example.com"}) == []
    assert created(town, {"user_name": "max@example.com", "email": "max@example.com"})


def test_what_somebody_signs_in_with_is_edited_one_at_a_time_and_emptied_for_many(town: Town) -> None:
    with pytest.raises(OneAtATime):
        town.world.run(EditUsers(values={"email": "same@example.com"}), town.ann, town.bob, by=town.admin)
    assert town.world.run(EditUsers(values={"email": ""}), town.ann, town.bob, by=town.admin).changed == 1
    assert (town.world.row(town.ann).email, town.world.row(town.ann).email_deliverable) == (None, False)


def test_a_value_that_no_two_users_share_is_given_to_one_and_taken_from_many(town: Town) -> None:
    host = town.world.panel.host
    fields = {**host.registry.profile_fields, "grove.tag": ProfileField("grove.tag", "Tag", unique=True)}
    registry = replace(host.registry, profile_fields=fields)
    object.__setattr__(town.world, "panel", replace(town.world.panel, host=replace(host, registry=registry)))

    with pytest.raises(OneAtATime):
        town.world.run(EditUsers(profile={"grove.tag": "7"}), town.ann, town.bob, by=town.admin)
    assert town.world.run(EditUsers(profile={"grove.tag": "7"}), town.ann, by=town.admin).changed == 1
    assert town.world.run(EditUsers(profile={"grove.tag": ""}), town.ann, town.bob, by=town.admin).changed == 1


def test_a_stale_form_is_refused_and_the_same_values_change_nothing(town: Town) -> None:
    assert edited(town, {"first_name": "Anna"}, expected_version=1) == []
    assert edited(town, {"first_name": "Anne"}, expected_version=1) == [Stale.code]
    assert town.world.run(EditUsers(values={"first_name": " Anna "}), town.ann, by=town.admin).same == 1
    assert town.world.run(EditUsers(values={}), town.ann, by=town.admin).same == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_name": "x" * 300}, "first_name"),
        ({"user_name": ""}, "user_name"),
        ({"user_name": "\x00\u200b\ud800 "}, "user_name"),
        ({"user_name": "ﷺ" * 100}, "user_name"),
        ({"email": "no address"}, "email"),
        ({"email": "x" * 300 + "@example.com"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "+442079460018x12345678901234567890"}, "phone"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_at_its_field(town: Town, values: dict[str, str | None], field: str) -> None:
    before = town.world.counts()
    with pytest.raises(Invalid) as caught:
        edited(town, values)
    assert caught.value.field == field
    with pytest.raises(Invalid) as caught:
        created(town, {"user_name": "fresh", **values})
    assert caught.value.field == field
    assert town.world.counts() == before


@pytest.mark.parametrize("field", ["status", "home_id", "id", "version", "password_hash", "user_type"])
def test_a_field_that_the_form_does_not_have_is_refused(town: Town, field: str) -> None:
    with pytest.raises(UnknownField):
        edited(town, {field: "x"})
    with pytest.raises(UnknownField):
        created(town, {"user_name": "fresh", field: "x"})


def test_control_characters_and_turns_of_direction_are_left_out(town: Town) -> None:
    assert edited(town, {"first_name": "A\x00n\x1bn\u202eeilA", "last_name": "\ud800 De\n Vries\t"}) == []
    row = town.world.row(town.ann)
    assert (row.first_name, row.last_name) == ("AnneilA", "De Vries")


# --- roles


def test_giving_and_taking_keep_the_grants_the_away_flags_and_the_access_version(town: Town) -> None:
    give = GiveRole(role="grove.editor", unit_ids=at(town.stand, town.north))
    assert town.world.run(give, town.bob, town.ann, by=town.admin).changed == 2
    assert {("grove.editor", town.stand), ("grove.editor", town.north)} <= town.world.held(town.bob)
    bob = town.world.row(town.bob)
    assert (bob.away, bob.access_version, bob.version) == (True, 2, 2)
    assert town.world.run(give, town.bob, by=town.admin).same == 1
    assert town.world.run(TakeRole(role="grove.editor", unit_ids=at(town.stand)), town.bob, by=town.admin).changed == 1
    bob = town.world.row(town.bob)
    assert (bob.away, bob.access_version, town.world.held(town.bob)) == (False, 3, {("member", town.north), ("grove.editor", town.north)})
    events = [event for event, *_ in town.world.trail(town.bob)]
    assert events == ["access.granted", "access.granted", "access.revoked"]


def test_a_role_that_expired_is_given_anew(town: Town) -> None:
    town.world.grant(town.bob, "grove.editor", town.stand, town.world.now - timedelta(days=1))
    result = town.world.run(GiveRole(role="grove.editor", unit_ids=at(town.stand)), town.bob, by=town.admin)
    assert result.changed == 1
    grant = town.world.session.scalars(select(Grant).where(Grant.user_id == town.bob, Grant.role_key == "grove.editor")).one()
    assert grant.expires_at is None


@pytest.mark.parametrize(
    ("role", "unit", "refusal"),
    [
        ("owner", "north", AboveOwnAccess),
        ("grove.feller", "north", AboveOwnAccess),
        ("own.strong", "stand", AboveOwnAccess),
        ("own.elsewhere", "stand", UnknownRole),
        ("nonsense", "stand", UnknownRole),
        ("grove.corner_keeper", "stand", RoleDoesNotFit),
        ("grove.viewer", "south", UnknownUnit),
        ("grove.viewer", "nowhere", UnknownUnit),
        ("grove.viewer", None, NoPlace),
    ],
)
def test_a_role_is_refused_by_whom_and_where_it_cannot_be_given(town: Town, role: str, unit: str | None, refusal: type[Refusal]) -> None:
    town.world.role("own.strong", {"grove.trees": "fell"}, town.north)
    town.world.role("own.elsewhere", {"users": "view"}, town.south)
    units = at() if unit is None else at(getattr(town, unit, 999))
    before = town.world.counts()
    with pytest.raises(refusal):
        town.world.run(GiveRole(role=role, unit_ids=units), town.bob, by=town.admin)
    with pytest.raises(refusal):
        created(town, {"user_name": "fresh"}, role=role, unit_ids=units)
    assert town.world.counts() == before


def test_a_role_of_a_unit_is_given_beneath_it(town: Town) -> None:
    town.world.role("own.weak", {"users": "view"}, town.north)
    assert town.world.run(GiveRole(role="own.weak", unit_ids=at(town.stand)), town.bob, by=town.admin).changed == 1


def test_nobody_takes_what_is_above_him_and_everybody_stays_a_member_of_his_home(town: Town) -> None:
    town.world.grant(town.bob, "grove.feller", town.north)
    with pytest.raises(AboveOwnAccess):
        town.world.run(TakeRole(role="grove.feller", unit_ids=at(town.north)), town.bob, by=town.admin)
    result = town.world.run(TakeRole(role="member", unit_ids=at(town.north)), town.bob, by=town.admin)
    assert [row.code for row in result.refusals] == [HomeKept.code]


# --- creating


def test_a_new_user_has_a_home_a_role_a_password_and_a_trail(town: Town) -> None:
    start = Start(password_hash="cheap$x")
    values: dict[str, str | None] = {"user_name": ARABIC, "first_name": "Mo", "email": "mo@example.com"}
    new = created(town, values, role="grove.editor", unit_ids=at(town.stand, town.north), start=start)
    row = town.world.row(new)
    assert (row.user_name, row.home_id, row.away, row.status) == (ARABIC, town.stand, True, Status.ACTIVE)
    assert town.world.held(new) == {("member", town.stand), ("grove.editor", town.stand), ("grove.editor", town.north)}
    assert town.world.session.get_one(Credential, new).must_change
    assert found(town.world, ARABIC) == [ARABIC]
    assert [event for event, *_ in town.world.trail(new)] == ["users.created", "access.granted", "access.granted"]
    assert "cheap$x" not in repr(start) and "cheap$x" not in str(town.world.trail())


def test_nobody_is_created_next_door_above_or_where_one_may_only_look(town: Town) -> None:
    for home in (town.south, 1, 999):
        with pytest.raises(UnknownUnit):
            created(town, {"user_name": "fresh"}, home_id=home)
    looker = town.world.user("looker", ("grove.viewer", town.north), home=town.north)
    with pytest.raises(NotAllowed):
        town.world.single(CreateUser(values={"user_name": "fresh"}, home_id=town.north), by=town.world.actor(looker))


def test_a_plugin_may_object_to_what_is_created_and_its_failure_refuses(town: Town) -> None:
    before = town.world.counts()
    with pytest.raises(Objected, match="The plugin grove failed"):
        created(town, {"user_name": "cursed"})
    with pytest.raises(Objected, match="Holy trees stay"):
        created(town, {"user_name": "holy"})
    assert town.world.counts() == before
