"""A demonstration keeps every promise that the change engine keeps."""

import unicodedata
from datetime import timedelta
from typing import Any

import phonenumbers
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.demo import State, fill, state_of
from bo_panel.demo.filling import plan_of
from bo_panel.demo.tree import grown
from bo_panel.domain.access import MEMBER, OWNER
from bo_panel.domain.accounts import document_of, identity_keys, name_key
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models import NEVER, AuditEvent, ChangeSet, Credential, Grant, Role, Unit, User, UserSearch
from bo_panel.queries.search import hits
from bo_panel.queries.units import Place
from bo_panel.services.changes import CreateUnit, CreateUser
from bo_panel.services.field_rules import check_together
from bo_panel.settings.sections import TreeLevel
from bo_panel.testing import World

USERS = 1500


@pytest.fixture
def filled(provider_world: World) -> World:
    fill(provider_world.panel, USERS)
    return provider_world


def rows(session: Session, table: Any) -> list[Any]:
    return list(session.scalars(select(table)))


def test_an_empty_deployment_is_filled_once(provider_world: World) -> None:
    panel = provider_world.panel
    assert state_of(panel) is State.EMPTY

    told: list[int] = []
    fill(panel, USERS, told.append)

    assert state_of(panel) is State.FILLED
    assert told == [USERS]


def schema(session: Session) -> list[Any]:
    """Return the indexes and the triggers there are, as the database writes them."""
    lite = session.get_bind().dialect.name == "sqlite"
    wanted = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')" if lite else "SELECT indexname, indexdef FROM pg_indexes"
    return sorted(map(str, session.execute(text(wanted))))


def test_what_rests_while_people_are_written_is_there_afterwards(provider_world: World) -> None:
    before = schema(provider_world.session)
    provider_world.session.rollback()
    fill(provider_world.panel, 40)
    provider_world.session.execute(text("SELECT 1"))

    assert schema(provider_world.session) == before
    assert len(before) > 20
    found = provider_world.session.scalars(hits(("owner",), provider_world.session.get_bind().dialect.name)).all()
    assert len(found) == len({user.id for user in rows(provider_world.session, User) if "owner" in user.user_name})


def test_a_tree_grows_with_the_people_except_where_it_is_fixed() -> None:
    levels = (TreeLevel(kind="a", count=3, fixed=True), TreeLevel(kind="b", count=40), TreeLevel(kind="c", count=300))

    assert grown(levels, 34_000) == levels
    assert [level.count for level in grown(levels, 1_000_000)] == [3, 1176, 8821]
    assert [level.count for level in grown([TreeLevel(kind="a", count=5)], 5_000)] == [50]
    assert grown(levels[:1], 1_000_000) == levels[:1]
    assert grown((), 10) == ()


def test_what_people_made_is_told_from_a_demonstration(provider_world: World) -> None:
    provider_world.user("olivia")

    assert state_of(provider_world.panel) is State.IN_USE


def test_accounts_are_stored_as_the_engine_stores_them(filled: World) -> None:
    documents = {row.user_id: row.document for row in rows(filled.session, UserSearch)}
    people = rows(filled.session, User)

    assert len(people) == len(documents) == USERS
    for user in people:
        fields = {name: getattr(user, name) for name in ("user_name", "first_name", "last_name", "email", "phone")}
        assert documents[user.id] == document_of(fields)
        assert user.sort_name == name_key(fields)
        assert {"user_name_key": user.user_name_key, "email_key": user.email_key} == identity_keys(fields)
        assert (user.status is Status.DELETED) is (user.deleted_at is not None)
        assert user.last_sign_in == NEVER or user.created_at <= user.last_sign_in <= filled.panel.clock.now()
        assert user.email is not None or not user.email_deliverable


def test_everybody_is_a_member_at_home_and_away_is_true(filled: World) -> None:
    held: dict[int, list[Grant]] = {}
    for grant in rows(filled.session, Grant):
        held.setdefault(grant.user_id, []).append(grant)

    for user in rows(filled.session, User):
        assert (user.home_id, MEMBER) in {(grant.unit_id, grant.role_key) for grant in held[user.id]}
        assert [grant.away for grant in held[user.id]] == [grant.unit_id != user.home_id for grant in held[user.id]]
        assert user.away is any(grant.away for grant in held[user.id])


def test_roles_fit_and_are_offered_where_they_are_held(filled: World) -> None:
    units = {unit.id: unit for unit in rows(filled.session, Unit)}
    own = {role.key: role for role in rows(filled.session, Role)}
    registry = filled.panel.registry

    assert len({role.unit_id for role in own.values()}) == 3
    for grant in rows(filled.session, Grant):
        unit = units[grant.unit_id]
        if grant.role_key in own:
            role = own[grant.role_key]
            assert unit.kind in role.unit_kinds
            assert UnitPath(units[role.unit_id].path).covers(UnitPath(unit.path))
        else:
            assert registry.roles[grant.role_key].fits(unit.kind)


def test_where_a_rule_names_its_roles_nobody_holds_another(filled: World) -> None:
    [rule] = filled.panel.registry.field_rules
    held = select(Grant.role_key).join(Unit, Unit.id == Grant.unit_id).where(Unit.kind == rule.unit_kind)

    assert rule.roles
    assert set(filled.session.scalars(held)) == set(rule.roles)
    assert all(role.unit_kinds and rule.unit_kind not in role.unit_kinds for role in rows(filled.session, Role))


def test_places_of_one_role_go_together(filled: World) -> None:
    units = {unit.id: Place(unit.id, unit.name, unit.kind, UnitPath(unit.path)) for unit in rows(filled.session, Unit)}
    held: dict[tuple[int, str], list[Place]] = {}
    for grant in rows(filled.session, Grant):
        if grant.expires_at is None or grant.expires_at > filled.now:
            held.setdefault((grant.user_id, grant.role_key), []).append(units[grant.unit_id])

    assert max(len(places) for places in held.values()) > 2
    for (_user_id, role), places in held.items():
        check_together(filled.panel.registry, role, places)


def test_users_are_at_home_where_users_may_be(filled: World) -> None:
    kinds = filled.session.execute(select(Unit.kind, func.count()).join(User, User.home_id == Unit.id).group_by(Unit.kind)).all()

    assert dict(tuple(row) for row in kinds) == {"root": 1, "service_provider.provider": USERS - 1}


def test_every_unit_that_needs_an_owner_has_one_who_can_sign_in(filled: World) -> None:
    owned = select(Grant.unit_id).join(User, User.id == Grant.user_id).where(Grant.role_key == OWNER, User.status == Status.ACTIVE)
    owned = owned.where(Grant.expires_at.is_(None)).join(Credential, Credential.user_id == User.id)
    found = set(filled.session.scalars(owned))

    assert found == {unit.id for unit in rows(filled.session, Unit) if filled.panel.registry.needs_owner(unit.kind)}


def test_the_tree_is_as_the_deployment_says(filled: World) -> None:
    counts = dict(tuple(row) for row in filled.session.execute(select(Unit.kind, func.count()).group_by(Unit.kind)).all())
    paths = {unit.id: unit.path for unit in rows(filled.session, Unit)}

    assert counts == {"root": 1, **{level.kind: level.count for level in filled.panel.settings.demo.tree}}
    assert all(unit.path == f"{paths[unit.parent_id]}{unit.id}/" for unit in rows(filled.session, Unit) if unit.parent_id)


def test_there_is_everybody_that_a_list_has_to_cope_with(filled: World) -> None:
    people, now = rows(filled.session, User), filled.panel.clock.now()
    letters = {unicodedata.name(user.first_name[0]).split()[0] for user in people if user.first_name}

    assert letters >= {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "DEVANAGARI"}
    assert {user.status for user in people} == set(Status)
    assert any(len(user.first_name) == len(user.last_name) == 120 for user in people)
    assert all(user.user_name.isascii() for user in people)
    assert any(user.email and not user.email_deliverable for user in people)
    assert any(user.phone is None for user in people)
    assert len({user.phone for user in people if user.phone}) < sum(user.phone is not None for user in people)
    assert any(user.last_sign_in == NEVER for user in people)
    assert any(NEVER < user.last_sign_in < now - timedelta(days=600) for user in people)
    assert any(grant.expires_at and grant.expires_at < now for grant in rows(filled.session, Grant))


def test_some_are_guests_of_another_provider(filled: World) -> None:
    tops = {unit.id: UnitPath(unit.path).ids[1:2] for unit in rows(filled.session, Unit)}
    homes = {user.id: user.home_id for user in rows(filled.session, User)}

    assert any(grant.away and tops[grant.unit_id] != tops[homes[grant.user_id]] for grant in rows(filled.session, Grant))


def test_phones_are_written_as_they_are_stored(filled: World) -> None:
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    for phone in {user.phone for user in rows(filled.session, User) if user.phone}:
        assert phonenumbers.format_number(phonenumbers.parse(phone), international) == phone


def test_it_is_one_change_set_with_one_event(filled: World) -> None:
    [event], [change_set] = rows(filled.session, AuditEvent), rows(filled.session, ChangeSet)

    assert (event.event, event.change_set_id, event.unit_id, event.after["users"]) == ("demo.filled", change_set.id, 1, USERS)
    assert (change_set.change, change_set.changed) == ("demo.fill", USERS)


def test_the_panel_works_on_it_afterwards(filled: World) -> None:
    panel, actor = filled.panel, filled.console
    home = panel.engine.run_single(filled.session, actor, CreateUnit(kind="service_provider.provider", parent_id=1, name="Later")).subject_id
    assert home is not None

    made = panel.engine.run_single(filled.session, actor, CreateUser(values={"user_name": "newcomer"}, home_id=home))

    assert made.subject_id is not None
    assert made.subject_id > USERS


def test_those_to_sign_in_as_can(provider_panel: Panel) -> None:
    told = fill(provider_panel, 60)

    assert [person.user_name for person in told.people][:3] == ["owner", "provider_owner", "administrator"]
    with provider_panel.session() as session:
        for person in told.people:
            user = session.scalars(select(User).where(User.user_name == person.user_name)).one()
            credential = session.get_one(Credential, user.id)
            assert user.status is Status.ACTIVE
            assert provider_panel.hasher.verify(credential.password_hash, told.password)
            assert not credential.must_change


def test_the_same_seed_gives_the_same_people(provider_panel: Panel, provider_world: World) -> None:
    fill(provider_panel, 300)
    first = [(user.id, user.user_name, user.home_id, user.last_sign_in) for user in rows(provider_world.session, User)]
    provider_world.session.rollback()

    again = plan_of(provider_panel, 300, provider_panel.clock.now()).members()
    second = [(number, m.person.user_name, m.belonging.home_id, m.person.last_sign_in) for number, m in enumerate(again, start=1)]

    assert sorted(first) == second
