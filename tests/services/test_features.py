"""Features of units: where they are on, who switches them, and the roles that need them."""

from collections.abc import Iterator

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import FeatureOff, NotAllowed, NotFound, RoleGone
from bo_panel.domain.units import UnitPath
from bo_panel.models import UnitFeature
from bo_panel.queries.features import feature_book
from bo_panel.services.changes import CreateUser, GiveRole, SwitchFeature, TakeRole
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine.selection import Changed
from bo_panel.testing import World
from tests.conftest import Statements

FEATURE, TECHNICIAN = "field_service.technician_users", "field_service.technician"
COMPANY, AREA, TEAM = 2, 3, 4
AT = {1: UnitPath.of(1), COMPANY: UnitPath.of(1, 2), AREA: UnitPath.of(1, 2, 3), TEAM: UnitPath.of(1, 2, 3, 4)}


@pytest.fixture
def company(field_panel: Panel) -> Iterator[World]:
    with field_panel.session() as session:
        world = World(field_panel, session)
        for unit_id, kind, below in ((COMPANY, "company", 1), (AREA, "area", COMPANY), (TEAM, "team", AREA)):
            world.unit(kind, kind=f"field_service.{kind}", below=below, unit_id=unit_id)
        world.user("tom", id=11, home=COMPANY)
        world.user("alma", ("field_service.administrator", COMPANY), id=12, home=COMPANY)
        yield world


def switch(world: World, unit: int, *, on: bool, by: int | None = None) -> int:
    change = SwitchFeature(unit_id=unit, feature=FEATURE, on=on)
    return world.single(change, by=world.actor(by) if by else None).changed


def where(world: World) -> list[int]:
    """Return where the feature is on."""
    world.session.rollback()
    book = feature_book(world.session)
    return [unit_id for unit_id, path in AT.items() if book.is_on(FEATURE, path)]


def rows(world: World) -> int:
    return world.counts()[UnitFeature.__tablename__]


def test_a_feature_is_off_until_it_is_switched_on_and_holds_beneath(company: World) -> None:
    assert where(company) == []

    assert switch(company, COMPANY, on=True) == 1
    assert where(company) == [COMPANY, AREA, TEAM]
    assert switch(company, COMPANY, on=True) == 0
    assert [event for event, _before, _after in company.trail()] == ["features.switched_on"]


def test_it_is_kept_only_where_it_differs_from_above(company: World) -> None:
    switch(company, COMPANY, on=True)
    switch(company, AREA, on=False)
    assert (where(company), rows(company)) == ([COMPANY], 2)

    switch(company, AREA, on=True)
    assert (where(company), rows(company)) == ([COMPANY, AREA, TEAM], 1)
    switch(company, COMPANY, on=False)
    assert (where(company), rows(company)) == ([], 0)


def test_it_is_switched_from_above_and_by_nobody_else(company: World) -> None:
    with pytest.raises(NotAllowed):
        switch(company, COMPANY, on=True, by=12)
    with pytest.raises(NotFound):
        switch(company, COMPANY, on=True, by=11)

    with pytest.raises(NotAllowed):
        switch(company, AREA, on=True, by=12)
    assert where(company) == []


def test_a_tenant_leaves_out_and_takes_in_again_only_what_it_has(company: World) -> None:
    switch(company, COMPANY, on=True)
    assert switch(company, AREA, on=False, by=12) == 1
    assert switch(company, TEAM, on=True, by=12) == 1
    assert where(company) == [COMPANY, TEAM]

    switch(company, COMPANY, on=False)
    assert where(company) == []
    for unit in (AREA, TEAM):
        with pytest.raises(NotAllowed):
            switch(company, unit, on=True, by=12)


def test_the_root_switches_it_on_for_one_area_of_a_tenant(company: World) -> None:
    assert switch(company, AREA, on=True) == 1
    assert where(company) == [AREA, TEAM]


def test_a_role_that_needs_it_is_given_where_it_is_on_whatever_else_is_held(company: World) -> None:
    give = GiveRole(role=TECHNICIAN, unit_ids=frozenset({TEAM}))
    with pytest.raises(FeatureOff):
        company.run(give, 11)
    switch(company, AREA, on=True)

    assert company.run(give, 11).changed == 1
    switch(company, AREA, on=False)
    assert (TECHNICIAN, TEAM) in company.held(11)


@pytest.mark.parametrize("on", [True, False])
def test_an_undo_gives_it_back_only_where_the_feature_is_on(company: World, on: bool) -> None:
    switch(company, COMPANY, on=True)
    company.grant(11, TECHNICIAN, TEAM)
    taken = company.run(TakeRole(role=TECHNICIAN, unit_ids=frozenset({TEAM})), 11).change_set_id or 0
    switch(company, AREA, on=on)

    back = company.run(undo_of(company.session, taken), selection=Changed(taken))

    assert [row.code for row in back.refusals] == ([] if on else [RoleGone.code])
    assert ((TECHNICIAN, TEAM) in company.held(11)) is on


@pytest.mark.parametrize("make", [False, True])
def test_giving_a_role_at_many_places_costs_as_many_statements_as_at_few(company: World, statements: Statements, make: bool) -> None:
    switch(company, COMPANY, on=True)
    teams = [company.unit(f"Team {number}", kind="field_service.team", below=AREA) for number in range(50)]
    counts = []
    for number in (5, 50):
        places, values = frozenset(teams[:number]), {"user_name": f"new{number}", "email": f"new{number}@x.example"}
        with statements(company.panel) as seen:
            if make:
                company.single(CreateUser(values=values, home_id=COMPANY, role=TECHNICIAN, unit_ids=places))
            else:
                company.run(GiveRole(role=TECHNICIAN, unit_ids=places), 11)
        counts.append(len(seen))

    assert counts[0] == counts[1]
