"""Roles that are held alone, whatever the door: sets, both directions, swaps, expiry, undo, new accounts, and two at the same moment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import ChangedSince, NotAlone
from bo_panel.models import UnitFeature
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import place
from bo_panel.services.changes import CreateUser, EditRole, GiveRole, TakeRole, policy_changes, policy_of
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Ids
from bo_panel.services.engine.selection import Changed
from bo_panel.testing import World

TECHNICIAN, ACCOUNTANT, MANAGER = (f"field_service.{name}" for name in ("technician", "accountant", "work_manager"))
COMPANY, AREA, TEAM, OTHER_TEAM = 2, 3, 4, 5


@pytest.fixture
def company(field_panel: Panel) -> Iterator[World]:
    with field_panel.session() as session:
        world = World(field_panel, session)
        for unit_id, kind, below in ((COMPANY, "company", 1), (AREA, "area", COMPANY), (TEAM, "team", AREA), (OTHER_TEAM, "team", AREA)):
            world.unit(kind, kind=f"field_service.{kind}", below=below, unit_id=unit_id)
        world.plant({UnitFeature: [{"unit_id": COMPANY, "key": "field_service.technician_users", "enabled": True}]})
        world.user("tom", (TECHNICIAN, TEAM), id=11, home=COMPANY)
        world.user("ann", (ACCOUNTANT, COMPANY), id=12, home=COMPANY)
        world.user("new", id=13, home=COMPANY)
        yield world


def give(role: str, *units: int) -> GiveRole:
    return GiveRole(role=role, unit_ids=frozenset(units))


def test_a_set_is_refused_where_it_holds_what_stands_alone_and_changed_elsewhere(company: World) -> None:
    result = company.run(give(MANAGER, COMPANY), 11, 12, 13)

    assert (result.changed, [(row.user_id, row.code) for row in result.refusals]) == (2, [(11, NotAlone.code)])


def test_what_stands_alone_is_not_given_to_whoever_holds_another(company: World) -> None:
    result = company.run(give(TECHNICIAN, TEAM), 12, 13)

    assert (result.changed, [(row.user_id, row.code) for row in result.refusals]) == (1, [(12, NotAlone.code)])


def test_it_is_held_at_several_places_and_beside_being_a_member(company: World) -> None:
    assert company.run(give(TECHNICIAN, OTHER_TEAM), 11).changed == 1
    assert company.run(give("member", AREA), 11).changed == 1


def test_a_role_of_a_unit_counts_as_another_and_one_that_is_gone_does_not(company: World) -> None:
    company.role("own", {"users": "view"}, owned_at=COMPANY)
    company.grant(12, "own", COMPANY)
    company.user("left", ("gone", COMPANY), id=14, home=COMPANY)
    company.run(TakeRole(role=ACCOUNTANT, unit_ids=frozenset({COMPANY})), 12)

    result = company.run(give(TECHNICIAN, TEAM), 12, 14)

    assert (result.changed, [row.user_id for row in result.refusals]) == (1, [12])


def test_what_has_expired_does_not_count(company: World) -> None:
    company.grant(13, TECHNICIAN, TEAM, expires_at=company.now - timedelta(days=1))

    assert company.run(give(MANAGER, COMPANY), 13).changed == 1


def test_one_is_changed_for_the_other_in_one_go_and_back(company: World) -> None:
    swap = [give(ACCOUNTANT, COMPANY), TakeRole(role=TECHNICIAN, unit_ids=frozenset({TEAM}))]
    done = company.panel.engine.run_together(company.session, company.console, swap, Ids(frozenset({11})))
    assert company.held(11) == {("member", COMPANY), (ACCOUNTANT, COMPANY)}

    company.run(undo_of(company.session, done.change_set_id or 0), selection=Changed(done.change_set_id or 0))

    assert company.held(11) == {("member", COMPANY), (TECHNICIAN, TEAM)}


def test_a_swap_that_leaves_one_behind_is_refused(company: World) -> None:
    company.grant(11, TECHNICIAN, OTHER_TEAM)
    swap = [give(ACCOUNTANT, COMPANY), TakeRole(role=TECHNICIAN, unit_ids=frozenset({TEAM}))]

    with pytest.raises(NotAlone):
        company.panel.engine.run_together(company.session, company.console, swap, Ids(frozenset({11})))


def test_an_undo_does_not_bring_it_back_beside_another(company: World) -> None:
    taken = company.run(TakeRole(role=TECHNICIAN, unit_ids=frozenset({TEAM})), 11)
    company.run(give(ACCOUNTANT, COMPANY), 11)

    back = company.run(undo_of(company.session, taken.change_set_id or 0), selection=Changed(taken.change_set_id or 0))

    assert [row.code for row in back.refusals] == [ChangedSince.code]


def test_a_new_account_holds_it_alone_and_may_hold_several_others(company: World) -> None:
    started = {"values": {"user_name": "dora", "email": "dora@example.com"}, "home_id": COMPANY, "role": ACCOUNTANT, "unit_ids": frozenset({COMPANY})}
    with pytest.raises(NotAlone):
        company.single(CreateUser(**started, also={TECHNICIAN: frozenset({TEAM})}))

    made = company.single(CreateUser(**started, also={MANAGER: frozenset({COMPANY})})).subject_id or 0

    assert company.held(made) == {("member", COMPANY), (ACCOUNTANT, COMPANY), (MANAGER, COMPANY)}
    assert [event for event, _before, _after in company.trail(made)] == ["users.created", "access.granted", "access.granted"]


def test_a_policy_counts_as_another_role_and_may_take_the_place_of_what_stands_alone(company: World) -> None:
    engine, session, book = company.panel.engine, company.session, RoleBook(company.panel.registry)
    at_company, at_team = (place(session, unit) for unit in (COMPANY, TEAM))
    assert at_company is not None and at_team is not None
    session.rollback()
    beside = policy_changes(policy_of(book.registry, {"users": "view"}, "", at_company.kind), at_company, ())
    with pytest.raises(NotAlone):
        engine.run_together(session, company.console, beside, Ids(frozenset({11})))
    instead = policy_changes(policy_of(book.registry, {"users": "view"}, "", at_team.kind), at_team, (TECHNICIAN,))
    assert engine.run_together(session, company.console, instead, Ids(frozenset({11}))).changed == 1
    assert company.run(give(TECHNICIAN, TEAM), 11).refusals[0].code == NotAlone.code


def test_a_role_that_gave_nothing_is_not_filled_where_it_is_held_beside_what_stands_alone(company: World) -> None:
    company.role("badge", {}, owned_at=COMPANY)
    company.grant(11, "badge", COMPANY)
    with pytest.raises(NotAlone):
        company.single(EditRole(role="badge", name="Badge", levels={"users": "view"}))
    company.run(TakeRole(role=TECHNICIAN, unit_ids=frozenset({TEAM})), 11)
    company.single(EditRole(role="badge", name="Badge", levels={"users": "view"}))
