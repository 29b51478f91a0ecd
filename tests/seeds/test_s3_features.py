"""What a company subscribes to (seed 003): the role Technician comes with the feature TechnicianUsers, and goes with it."""

import pytest

from bo_panel.domain.lifecycle import Status
from tests.seeds.companies import ALMA, CRANES, FAR, FIXIT, LIFTS, NEW, OTHER, TEAMS, TOM, add, held, role, sign_in

FEATURE = "field_service.technician_users"


def on_offer(browser, home):
    return [found["value"].partition(".")[2] for found in browser.get(f"/users/roles/?home={home}").json["roles"]]


def switch(browser, unit, on):
    return browser.post(f"/units/feature/?id={unit}", {"csrf_token": browser.token(), "feature": FEATURE, "on": "1" if on else ""})


@pytest.mark.seed("S3-32")
def test_the_role_technician_is_on_offer_where_the_company_has_the_feature(fixit):
    boss = sign_in(fixit, "bo@platform.example")

    assert "technician" in on_offer(boss, FIXIT)
    assert "technician" not in on_offer(boss, OTHER)


@pytest.mark.seed("S3-32")
def test_without_the_feature_it_is_refused_and_said_what_to_do(fixit):
    otto = sign_in(fixit, "otto@other.example")

    page = add(otto, "technician", home=str(OTHER), **{TEAMS: [str(CRANES)]})

    assert page.status == 409
    assert page.problems == [
        "Roles: Technician needs TechnicianUsers, which is off at Cranes. Have it switched on there, or choose another role."
    ]
    assert page.control("First Name")["value"] == NEW["first_name"]


@pytest.mark.seed("S3-32")
def test_whoever_is_above_the_company_switches_it_on_for_all_that_is_in_it(fixit):
    boss, otto = sign_in(fixit, "bo@platform.example"), sign_in(fixit, "otto@other.example")
    page = boss.get(f"/units/show/?id={OTHER}")
    assert "TechnicianUsers Off" in page.text

    done = boss.submit(page, "/units/feature/")

    assert done.messages == ["TechnicianUsers is on at Otherco."]
    assert "On, as at Otherco" in boss.get(f"/units/show/?id={FAR}").text
    assert "technician" in on_offer(otto, OTHER)
    assert add(otto, "technician", home=str(OTHER), email="dora@other.example", **{TEAMS: [str(CRANES)]}).status == 200
    assert held(fixit) == {("technician", CRANES)}
    assert "Switched a feature on" in boss.get("/audit/").text


def test_a_company_does_not_subscribe_itself(fixit):
    otto = sign_in(fixit, "otto@other.example")

    assert "Switch on" not in otto.get(f"/units/show/?id={OTHER}").text
    done = switch(otto, OTHER, on=True)

    assert "access.denied" in done.messages[0]
    assert "technician" not in on_offer(otto, OTHER)


def test_an_area_can_be_left_out_and_taken_in_again(fixit):
    alma, boss = sign_in(fixit, "alma@fixit.example"), sign_in(fixit, "bo@platform.example")
    assert switch(alma, 3, on=False).messages == ["TechnicianUsers is off at East."]

    assert add(alma, "technician", **{TEAMS: [str(LIFTS)]}).status == 409
    assert switch(boss, 3, on=True).messages == ["TechnicianUsers is on at East."]
    assert "On, as at Fixit" in alma.get("/units/show/?id=3").text


@pytest.mark.seed("S3-32")
def test_a_technician_stays_one_when_the_feature_goes_and_others_do_not_become_one(fixit):
    boss, alma = sign_in(fixit, "bo@platform.example"), sign_in(fixit, "alma@fixit.example")
    switch(boss, FIXIT, on=False)

    page = alma.get(f"/users/edit/?id={TOM}")
    assert [box["value"] for box in page.control("Roles").all("input") if "checked" in box] == [role("technician")]
    assert alma.submit(page, "/users/edit/", first_name="Tommy").messages == ["Tommy Wrench was saved."]
    assert held(fixit, "tommy") == {("technician", LIFTS)}
    assert "technician" not in on_offer(alma, FIXIT)


def test_a_feature_or_a_unit_that_is_not_there_is_not_found(fixit):
    boss, alma = sign_in(fixit, "bo@platform.example"), sign_in(fixit, "alma@fixit.example")

    assert boss.post(f"/units/feature/?id={FIXIT}", {"csrf_token": boss.token(), "feature": "field_service.gone", "on": "1"}).status == 404
    assert switch(alma, OTHER, on=True).status == 404
    assert fixit.user(ALMA).status is Status.ACTIVE


def test_a_company_that_does_not_have_it_is_not_offered_it_for_its_areas(fixit):
    otto, boss = sign_in(fixit, "otto@other.example"), sign_in(fixit, "bo@platform.example")

    assert "Switch on" in boss.get(f"/units/show/?id={FAR}").text
    assert "Switch on" not in otto.get(f"/units/show/?id={FAR}").text
    assert "access.denied" in switch(otto, FAR, on=True).messages[0]
