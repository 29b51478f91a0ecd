"""Several people of a field service changed in one form (seed 003): the roles and what is kept of them, each left as it is until it is touched."""

import pytest

from tests.seeds.companies import ANN, FIXIT, LIFTS, TEAMS, TOM, WILL, held, role

FIELD = "profile:field_service."
SEVERAL = "/users/several/"

pytestmark = pytest.mark.parametrize("field_store", ["sqlite"], indirect=True)


def form(alma, *ids):
    return alma.act(alma.get("/users/"), "edit", *ids)


def test_several_are_given_several_roles_in_the_place_of_those_they_hold(alma, fixit):
    page = form(alma, ANN, WILL)
    assert not [box for box in page.control("Roles").all("input") if "checked" in box]
    done = alma.submit(page, SEVERAL, roles=[role("work_manager"), role("accountant")])

    assert done.messages == ["2 users were changed."]
    assert held(fixit, "will") == held(fixit, "ledger") == {("work_manager", FIXIT), ("accountant", FIXIT)}


def test_what_is_held_alone_is_refused_beside_another_and_stays_ticked(alma, fixit):
    refused = alma.submit(form(alma, ANN, WILL), SEVERAL, roles=[role("technician"), role("accountant")], **{TEAMS: [str(LIFTS)]})

    assert refused.status == 409
    assert len([box for box in refused.control("Roles").all("input") if "checked" in box]) == 2
    assert held(fixit, "will") == {("work_manager", FIXIT)}


def test_the_profile_is_left_as_it_is_but_for_what_is_touched(alma, fixit):
    page = alma.get(f"/users/edit/?id={ANN}")
    alma.submit(page, "/users/edit/", **{f"{FIELD}city": "Oakland", f"{FIELD}address": "2 Pine Street"})
    page = form(alma, ANN, TOM)
    assert "Leave unchanged" in page.control("Country").text and "optional" in page.tree.first("main").text
    done = alma.submit(page, SEVERAL, **{f"{FIELD}city": "Berkeley", f"{FIELD}country": "US", f"{FIELD}state": "US-CA"})

    assert done.messages == ["2 users were changed."]
    shared = {"field_service.city": "Berkeley", "field_service.country": "US", "field_service.state": "US-CA"}
    assert fixit.user(ANN).profile == {**shared, "field_service.address": "2 Pine Street"}
    assert fixit.user(TOM).profile == shared
    assert held(fixit, "wrench") == {("technician", LIFTS)}


def test_what_does_not_fit_is_said_at_the_field_and_nobody_is_changed(alma, fixit):
    refused = alma.submit(form(alma, ANN, TOM), SEVERAL, **{f"{FIELD}state": "US-CA", f"{FIELD}city": "Berkeley"})

    assert refused.problems == ["State/Province: Choose a state of the country that is chosen."]
    assert refused.filled(refused.form(SEVERAL))[f"{FIELD}city"] == ["Berkeley"]
    assert fixit.user(ANN).profile == {}


def test_places_go_with_the_roles(alma, fixit):
    done = alma.submit(form(alma, ANN, WILL), SEVERAL, roles=[role("technician")], **{TEAMS: [str(LIFTS)]})
    assert done.messages == ["2 users were changed."], done.problems
    assert held(fixit, "will") == held(fixit, "ledger") == {("technician", LIFTS)}

