"""Roles of a field service (seed 003): several for one user, which of them stand alone, and what each reaches."""

import pytest

from bo_panel.domain.units import UnitPath
from bo_panel.queries.access import access_of
from tests.seeds.companies import AREAS, BOSS, DOORS, EAST, FIXIT, LIFTS, NEW, OTTO, PUMPS, TEAMS, TOM, WILL, add, held, role, sign_in

SETTINGS = ("clients", "employees", "teams", "services", "devices", "types")
OPERATIONAL = ("requests", "inspections", "work_orders", "invoices")
REPORTING = ("reports", "timesheets")
PATHS = {FIXIT: UnitPath.of(1, FIXIT), EAST: UnitPath.of(1, FIXIT, EAST), LIFTS: UnitPath.of(1, FIXIT, EAST, LIFTS)}
PATHS |= {PUMPS: UnitPath.of(1, FIXIT, EAST, PUMPS), DOORS: UnitPath.of(1, FIXIT, 4, DOORS)}
ALONE = "One of these roles is held alone: whoever has it has no other. Leave it out, or take the others."


def ticked(page):
    boxes = page.control("Roles").all("input")
    return [box["value"].partition(".")[2] for box in boxes if "checked" in box]


def reach(site, user_id, unit):
    """Return at which level somebody reaches what there is at a unit, by the name of the resource; 0 is not at all."""
    site.world.session.rollback()
    access = access_of(site.world.session, user_id, site.panel.registry, site.world.now)
    ladders = site.panel.registry.catalogue.ladders
    return dict(zip((ladder.resource.partition(".")[2] for ladder in ladders), access.at(PATHS[unit]), strict=True))


def open_groups(site, name, unit, *roles, **places):
    """Add somebody with these roles and return, by group, how many of its resources he reaches at a unit."""
    alma = sign_in(site, "alma@fixit.example")
    page = add(alma, *roles, user_name=name, email=f"{name}@fixit.example", **places)
    assert page.status == 200, page.problems
    boss = sign_in(site, "bo@platform.example")
    user_id = next(int(row["data-id"]) for row in boss.get(f"/users/?search={name}").rows)
    found = reach(site, user_id, unit)
    return tuple(sum(found[key] > 0 for key in group) for group in (SETTINGS, OPERATIONAL, REPORTING))


@pytest.mark.seed("S3-02", "S3-21")
def test_roles_limit_what_somebody_reaches(fixit):
    assert reach(fixit, TOM, LIFTS)["work_orders"] > 0
    assert reach(fixit, TOM, LIFTS)["clients"] == 0
    assert not any(reach(fixit, TOM, DOORS).values())


@pytest.mark.seed("S3-05", "S3-15")
def test_add_opens_a_dialog_whose_ok_creates_the_user(alma, fixit):
    page = alma.get(alma.get("/users/").link("Add"))
    assert page.labels()[-4:] == ["Roles", "Areas", "Teams", "Additional access"]
    assert "OK" in [button.text for button in page.tree.all("button")]

    done = add(alma, "accountant", "work_manager")

    assert done.status == 200
    assert held(fixit) == {("accountant", FIXIT), ("work_manager", FIXIT)}


@pytest.mark.seed("S3-06", "S3-15")
def test_edit_opens_the_same_dialog_filled_and_ok_changes_it(alma, fixit):
    page = alma.get(f"/users/edit/?id={WILL}")
    assert ticked(page) == ["work_manager"]

    done = alma.submit(page, "/users/edit/", roles=[role("work_manager"), role("accountant")], first_name="Willy")

    assert done.messages == ["Willy Early was saved."]
    assert held(fixit, "willy") == {("work_manager", FIXIT), ("accountant", FIXIT)}
    assert fixit.trail(WILL) == ["users.edited", "access.granted"]
    assert alma.get("/users/").row("Willy Early")["Roles"] == "Work Manager Accountant"


def test_a_role_that_is_not_ticked_any_more_is_taken_and_the_other_stays(alma, fixit):
    add(alma, "accountant", "work_manager")
    page = alma.get(alma.get("/users/?search=dora").link("Dora Day"))

    alma.submit(page, "/users/edit/", roles=[role("accountant")])

    assert held(fixit) == {("accountant", FIXIT)}


def test_nobody_is_without_a_role(alma, fixit):
    page = add(alma)

    assert page.status == 422
    assert page.problems == ["Roles: Choose at least one role."]
    assert page.control("First Name")["value"] == NEW["first_name"]


@pytest.mark.seed("S3-22")
def test_what_is_given_stands_in_three_groups(alma, fixit):
    page = alma.get("/roles/")

    heads = [node.text for node in page.tree.all("th")]
    assert [group for group in ("Settings", "Operational data", "Reporting data") if any(group in head for head in heads)] == [
        "Settings",
        "Operational data",
        "Reporting data",
    ]


@pytest.mark.seed("S3-23", "S3-24", "S3-26", "S3-27")
@pytest.mark.parametrize(
    ("name", "reached"),
    [("administrator", (6, 4, 2)), ("accountant", (3, 4, 2)), ("work_manager", (0, 3, 1)), ("work_manager_read_only", (0, 3, 1))],
)
def test_roles_of_a_company_reach_all_of_it(fixit, name, reached):
    assert open_groups(fixit, "dora", DOORS, name) == reached


@pytest.mark.seed("S3-27")
def test_work_managers_read_only_see_and_no_more(fixit):
    open_groups(fixit, "dora", FIXIT, "work_manager_read_only")

    boss = sign_in(fixit, "bo@platform.example")
    user_id = int(boss.get("/users/?search=dora").rows[0]["data-id"])
    assert max(reach(fixit, user_id, FIXIT).values()) == 1


@pytest.mark.seed("S3-25", "S3-28", "S3-30")
@pytest.mark.parametrize(
    ("name", "reached"), [("technician", (0, 1, 2)), ("team_work_manager", (0, 4, 2)), ("team_administrator", (6, 4, 2))]
)
def test_roles_of_teams_reach_their_teams_and_no_others(fixit, name, reached):
    places = {TEAMS: [str(LIFTS), str(DOORS)]}

    assert open_groups(fixit, "one", LIFTS, name, **places) == reached
    assert open_groups(fixit, "two", DOORS, name, **places) == reached
    assert open_groups(fixit, "three", PUMPS, name, **places) == (0, 0, 0)


@pytest.mark.seed("S3-29", "S3-31")
@pytest.mark.parametrize(("name", "reached"), [("area_work_manager", (0, 4, 2)), ("area_administrator", (6, 4, 2))])
def test_roles_of_areas_reach_the_teams_of_their_areas(fixit, name, reached):
    assert open_groups(fixit, "one", PUMPS, name, **{AREAS: [str(EAST)]}) == reached
    assert open_groups(fixit, "two", DOORS, name, **{AREAS: [str(EAST)]}) == (0, 0, 0)


def test_a_role_of_teams_needs_a_team_and_one_of_companies_takes_none(alma):
    assert add(alma, "team_administrator").problems == ["Teams: Choose at least one place where Team Administrator holds."]
    assert add(alma, "accountant", **{TEAMS: [str(LIFTS)]}).status == 422


def test_each_role_keeps_its_own_places_when_others_are_added(alma, fixit):
    add(alma, "area_administrator", "team_administrator", **{AREAS: [str(EAST)], TEAMS: [str(DOORS)]})
    page = alma.get(alma.get("/users/?search=dora").link("Dora Day"))

    alma.submit(page, "/users/edit/", **{TEAMS: [str(DOORS), str(LIFTS)]})

    assert held(fixit) == {("area_administrator", EAST), ("team_administrator", DOORS), ("team_administrator", LIFTS)}


@pytest.mark.seed("S3-33")
@pytest.mark.parametrize(("name", "places"), [("technician", {TEAMS: [str(LIFTS)]}), ("area_work_manager", {AREAS: [str(EAST)]})])
def test_whoever_is_to_have_a_role_of_its_own_is_given_no_other(alma, fixit, name, places):
    page = add(alma, name, "accountant", **places)

    assert page.status == 409
    assert page.problems == [f"Roles: {ALONE}"]
    assert ticked(page) == ["accountant", name]


@pytest.mark.seed("S3-33")
def test_a_technician_gets_no_other_role_and_others_do_not_become_technicians_beside(alma, fixit):
    more = alma.submit(alma.get(f"/users/edit/?id={TOM}"), "/users/edit/", roles=[role("technician"), role("accountant")])
    beside = alma.submit(
        alma.get(f"/users/edit/?id={WILL}"), "/users/edit/", **{"roles": [role("work_manager"), role("technician")], TEAMS: [str(LIFTS)]}
    )

    assert [page.problems for page in (more, beside)] == [[f"Roles: {ALONE}"]] * 2
    assert held(fixit, "tom") == {("technician", LIFTS)}
    assert held(fixit, "will") == {("work_manager", FIXIT)}


@pytest.mark.seed("S3-33")
def test_a_technician_becomes_an_accountant_in_one_go_and_back_by_undo(alma, fixit):
    page = alma.submit(alma.get(f"/users/edit/?id={TOM}"), "/users/edit/", **{"roles": [role("accountant")], TEAMS: []})
    assert page.messages == ["Tom Wrench was saved."]
    assert held(fixit, "tom") == {("accountant", FIXIT)}


@pytest.mark.seed("S3-33")
def test_the_browser_is_told_which_roles_stand_alone(alma):
    boxes = alma.get("/users/new/").control("Roles").all("input")

    assert {box["value"].partition(".")[2] for box in boxes if "data-alone" in box} == {"technician", "team_work_manager", "area_work_manager"}


def test_roles_that_are_not_ones_own_to_take_are_ticked_locked_and_stay(fixit):
    fixit.world.grant(WILL, "owner", FIXIT)
    alma = sign_in(fixit, "alma@fixit.example")

    page = alma.get(f"/users/edit/?id={WILL}")
    box = next(node for node in page.control("Roles").all("input") if node["value"] == "owner")
    assert "checked" in box
    assert "disabled" in box


def test_next_door_is_neither_seen_nor_given(fixit):
    otto = sign_in(fixit, "otto@other.example")

    assert otto.get(f"/users/edit/?id={TOM}").status == 404
    page = add(otto, "team_administrator", home=str(8), **{TEAMS: [str(LIFTS)]})
    assert page.status == 422
    assert BOSS != OTTO


@pytest.mark.seed("S3-19")
def test_creating_support_tickets_is_allowed_to_single_users_beside_any_role(alma, fixit):
    page = alma.get(f"/users/edit/?id={TOM}")
    assert reach(fixit, TOM, FIXIT)["support_cases"] == 0
    [box] = page.control("Additional access").all("input", type="checkbox")
    assert box["value"] == "toggle:field_service.support_tickets"
    assert "Lets users submit support cases" in page.text

    done = alma.submit(page, "/users/edit/", toggles=["toggle:field_service.support_tickets"])

    assert done.messages == ["Tom Wrench was saved."]
    assert reach(fixit, TOM, FIXIT)["support_cases"] == 1
    assert held(fixit, "tom") == {("technician", LIFTS), ("support_tickets", FIXIT)}
    alma.submit(alma.get(f"/users/edit/?id={TOM}"), "/users/edit/", toggles=[""])
    assert reach(fixit, TOM, FIXIT)["support_cases"] == 0


def test_the_last_thing_that_somebody_has_besides_being_a_member_is_switched_off(alma, fixit):
    toggle = "toggle:field_service.support_tickets"
    fixit.world.user("dora", (toggle, FIXIT), id=50, home=FIXIT, first_name="Dora", last_name="Day", email="dora@fixit.example")
    page = alma.get("/users/edit/?id=50")
    assert "checked" in page.tree.first("input", value=toggle)

    done = alma.submit(page, "/users/edit/", toggles=[""])

    assert done.messages == ["Dora Day was saved."]
    assert held(fixit) == set()
