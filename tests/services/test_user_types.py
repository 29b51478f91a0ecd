"""An account has one type, and toggles that go with it, whatever the door."""

import pytest

from bo_panel.domain.errors import OneType, Refusal, ToggleApart
from bo_panel.services.changes import CreateUser, GiveRole, TakeRole
from bo_panel.services.engine import only
from tests.office import ADMINISTRATOR, ANNE, FINANCE, GREG, GROUP_LEADER, HALL, MIMI, OVERRIDE, PETE, SCAN, SCAN_POS, held
from tests.site import Site

HERE = frozenset({HALL})


def together(office: Site, user_id: int, *changes: GiveRole | TakeRole) -> None:
    world = office.world
    office.panel.engine.run_together(world.session, world.console, changes, only(user_id))


def test_a_second_type_is_refused_unless_the_first_is_taken_in_the_same_run(office):
    refused = office.world.run(GiveRole(role=ADMINISTRATOR, unit_ids=HERE), MIMI, GREG)
    assert (refused.changed, {one.code for one in refused.refusals}) == (0, {OneType.code})

    together(office, GREG, GiveRole(role=ADMINISTRATOR, unit_ids=HERE), TakeRole(role=GROUP_LEADER, unit_ids=HERE))
    assert held(office, GREG) == {ADMINISTRATOR}


def test_a_toggle_is_refused_to_those_whose_type_it_does_not_go_with(office):
    result = office.world.run(GiveRole(role=FINANCE, unit_ids=HERE), MIMI, GREG, PETE)

    assert (result.changed, [one.code for one in result.refusals]) == (2, [ToggleApart.code])
    assert FINANCE not in held(office, PETE)


def test_a_type_is_refused_to_whoever_keeps_a_toggle_that_does_not_go_with_it(office):
    changes = GiveRole(role=SCAN_POS, unit_ids=HERE), TakeRole(role=ADMINISTRATOR, unit_ids=HERE)
    with pytest.raises(ToggleApart):
        together(office, ANNE, *changes)
    together(office, ANNE, *changes, TakeRole(role=FINANCE, unit_ids=HERE))

    assert held(office, ANNE) == {SCAN_POS}


def test_somebody_new_starts_with_toggles_that_go_with_the_type_or_not_at_all(office):
    new = CreateUser(values={"user_name": "dora"}, home_id=HALL, role=GROUP_LEADER, unit_ids=HERE, toggles=frozenset({SCAN, OVERRIDE}))
    made = office.world.single(new)
    assert held(office, made.subject_id or 0) == {GROUP_LEADER, SCAN, OVERRIDE}

    wrong = CreateUser(values={"user_name": "dolf"}, home_id=HALL, role=SCAN_POS, unit_ids=HERE, toggles=frozenset({FINANCE}))
    with pytest.raises(Refusal):
        office.world.single(wrong)


def test_somebody_new_starts_with_one_type(office):
    before = office.world.counts()
    two = CreateUser(values={"user_name": "dina"}, home_id=HALL, role=GROUP_LEADER, unit_ids=HERE, also={ADMINISTRATOR: HERE})

    with pytest.raises(OneType):
        office.world.single(two)
    assert office.world.counts() == before
