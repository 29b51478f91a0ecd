"""The page that says what a user may do at a unit, and why."""

from datetime import timedelta

import pytest

from bo_panel.domain.access import OWNER
from bo_panel.domain.lifecycle import Status
from tests.browsing import Page
from tests.site import ADA, ADMINISTRATOR, AMBER, AMBER_ONE, BERT, BIRCH, BOSS, CLEO, GUEST, NORTH, SOUTH, SVEN, Site

NARROW = "This counts what is held where you may look."


def line(page: Page, resource: str) -> list[str]:
    found = next(node for node in page.tree.all("tr") if node.first("th").text.split(" (")[0] == resource)
    return [cell.text for cell in found.all("td")]


def grants(page: Page) -> list[str]:
    return [node.text for node in page.tree.first("section", class_="access-grants").all("li")]


def test_the_form_leads_to_what_a_user_may_do_at_home_and_from_there_elsewhere(nora):
    page = nora.get(nora.get(f"/users/edit/?id={ADA}").link("Access explained"))
    assert page.heading == "Access of Ada Clarke Active"
    assert "What may be done at Northwind Telecom" in page.text
    assert line(page, "Users")[:2] == ["None", "No grant here gives it"]

    page = nora.get(page.link("Amber Line"))

    assert line(page, "Phone numbers") == [
        "Create",
        "Platform Administrator at Amber Line",
        "Delete: Service Provider Administrator at Northwind Telecom, Owner at Northwind Telecom",
    ]
    assert line(page, "Users")[2] == "Nothing: this is the top."


def test_a_grant_reaches_beneath_and_what_a_unit_cannot_have_is_said(nora):
    page = nora.get(f"/users/access/?id={ADA}&unit={AMBER_ONE}")

    assert line(page, "Call routing")[:2] == ["Edit", "Platform Administrator at Amber Line"]
    assert "Billing (does not exist at: Sub-Account)" in page.text
    assert line(nora.get(f"/users/access/?id={ADA}&unit={BIRCH}"), "Call routing")[0] == "None"


def test_expired_grants_unknown_roles_and_the_status_are_told(nora, site):
    site.world.grant(CLEO, ADMINISTRATOR, NORTH, expires_at=site.world.now - timedelta(days=2))
    site.world.grant(CLEO, "service_provider.gone", NORTH)
    page = nora.get(f"/users/access/?id={CLEO}&unit={AMBER_ONE}")

    assert "This account can do nothing now, because it is not active: Disabled." in page.text
    told = grants(page)
    assert "Member at Northwind Telecom Being a member gives nothing by itself." in told
    assert any(text.startswith("Service Provider Administrator at Northwind Telecom Expired") and "until 2026-" in text for text in told)
    assert "service_provider.gone at Northwind Telecom This role does not exist any more, so it gives nothing." in told
    assert line(page, "Users")[0] == "None"


@pytest.mark.parametrize("user_id", [GUEST, SVEN, BOSS, 999, 0])
def test_of_guests_and_of_those_elsewhere_nothing_is_told(nora, user_id):
    page = nora.get(f"/users/access/?id={user_id}")

    assert (page.status, page.codes) == (404, ["not_found"])


@pytest.mark.parametrize("unit_id", [SOUTH, 1, 999, "x"])
def test_a_unit_out_of_sight_does_not_exist(nora, unit_id):
    assert nora.get(f"/users/access/?id={ADA}&unit={unit_id}").codes == ["not_found"]


def test_what_somebody_holds_out_of_sight_changes_nothing_of_what_is_told(nora, site):
    before = nora.get(f"/users/access/?id={BERT}&unit={AMBER}")
    site.world.grant(BERT, OWNER, 1)
    site.world.grant(BERT, ADMINISTRATOR, SOUTH)

    after = nora.get(f"/users/access/?id={BERT}&unit={AMBER}")

    assert after.tree.first("main").text == before.tree.first("main").text
    assert NARROW in before.text
    whole = site.visitor("boss").get(f"/users/access/?id={BERT}&unit={AMBER}")
    assert line(whole, "Users")[:2] == ["Delete", "Owner at Platform"]
    assert NARROW not in whole.text


def test_units_are_looked_up_where_one_may_look_at_users(nora, site: Site):
    assert [found["label"] for found in nora.get("/users/access/places/?q=line").json["results"]] == ["Amber Line", "Birch Line"]
    assert site.visitor("bert").get("/users/access/places/?q=line").status == 403


def test_who_may_only_look_comes_from_the_unit_to_the_explanation(site: Site):
    sam = site.visitor("sam")
    page = sam.get(f"/units/show/?id={AMBER}")

    assert sam.get(page.link("Ada Clarke")).heading == "Access of Ada Clarke Active"
    assert site.user(ADA).status is Status.ACTIVE
