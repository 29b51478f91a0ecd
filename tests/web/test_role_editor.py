"""The form of a role that a unit owns, as somebody without scripts fills it in."""

from urllib.parse import unquote

import pytest

from bo_panel.domain.access import MEMBER
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import ADMINISTRATOR, AMBER, CLEO, NORTH, SOUTH, Site

ROLES = {"roles": "edit", "users": "delete", "units": "view", "service_provider.reports": "view"}


@pytest.fixture
def rolf(site: Site) -> Visitor:
    """Somebody who administers the roles of the first provider."""
    site.world.role("roles", ROLES, owned_at=1)
    site.world.user("rolf", ("roles", NORTH), (MEMBER, NORTH), home=NORTH, password=PASSWORD)
    return site.visitor("rolf")


def ticked(page: Page) -> dict[str, list[str]]:
    """Return the levels that are ticked, by resource."""
    rows = {row["data-ladder"]: row.all("input", type="checkbox") for row in page.tree.all("div", class_="levels-row")}
    return {key: [box["value"] for box in boxes if "checked" in box] for key, boxes in rows.items() if any("checked" in box for box in boxes)}


def key_of(page: Page, name: str) -> str:
    return unquote(page.link(f"Edit {name}").partition("key=")[2])


def test_a_role_is_added_changed_and_removed(rolf, site):
    page = rolf.get(rolf.get("/roles/").link("Add a role"))
    levels = {"level:users": "edit", "level:service_provider.reports": "view"}
    added = rolf.submit(page, "/roles/new/", name="Front desk", **levels)
    assert added.messages == ["Front desk was saved."]

    form = rolf.get(added.link("Edit Front desk"))
    assert ticked(form) == {"users": ["view", "edit"], "service_provider.reports": ["view"]}
    changed = rolf.submit(form, "/roles/edit/", **{"name": "Reception", "level:users": ["view"]})
    assert changed.messages == ["Reception was saved."]
    assert ticked(rolf.get(changed.link("Edit Reception"))) == {"users": ["view"], "service_provider.reports": ["view"]}

    asked = rolf.get(rolf.get(changed.link("Edit Reception")).link("Remove"))
    assert asked.heading == "Remove Reception?"
    removed = rolf.submit(asked, "/roles/remove/")
    assert removed.messages == ["Reception was removed."]
    assert "Edit Reception" not in removed.links()
    labels = [node.text for node in site.visitor("boss").get("/audit/").tree.all("summary")]
    assert [label for label in labels if "role" in label.lower()][:3]


def test_clearing_a_lower_level_clears_those_above_it_and_ticking_a_higher_one_ticks_those_below(rolf):
    page = rolf.submit(rolf.get(rolf.get("/roles/").link("Add a role")), "/roles/new/", name="Desk", **{"level:users": ["create"]})
    form = rolf.get(page.link("Edit Desk"))
    assert ticked(form)["users"] == ["view", "edit", "create"]

    rolf.submit(form, "/roles/edit/", **{"level:users": ["view", "create"]})
    assert ticked(rolf.get(page.link("Edit Desk")))["users"] == ["view"]


def test_only_what_is_ones_own_can_be_ticked_and_a_crafted_form_is_refused_with_everything_in_it(rolf, site):
    form = rolf.get(rolf.get("/roles/").link("Add a role"))
    billing = next(row for row in form.tree.all("div", class_="levels-row") if row["data-ladder"] == "service_provider.billing")
    assert all("disabled" in box for box in billing.all("input", type="checkbox"))

    before = site.everything()
    refused = rolf.submit(form, "/roles/new/", name="Greedy", **{"level:service_provider.billing": "edit", "level:users": "view"})
    assert (refused.status, refused.problems) == (
        403,
        ["Greedy gives more than you hold at Northwind Telecom. Choose a lower role, or ask somebody above you. access.ceiling"[:-15]],
    )
    assert ticked(refused) == {"users": ["view"], "service_provider.billing": ["view", "edit"]}
    assert refused.control("Name")["value"] == "Greedy"
    assert rolf.submit(form, "/roles/new/", name="Odd", **{"level:moon": "view"}).status == 422
    assert rolf.submit(form, "/roles/new/", name="Odd", **{"level:users": "rule"}).status == 422
    assert site.everything() == before


def test_a_role_that_is_held_is_not_removed_and_who_holds_it_is_counted(rolf, site):
    added = rolf.submit(rolf.get(rolf.get("/roles/").link("Add a role")), "/roles/new/", name="Desk", **{"level:users": "view"})
    site.world.grant(CLEO, key_of(added, "Desk"), AMBER)

    refused = rolf.submit(rolf.get(f"/roles/remove/?key={key_of(added, 'Desk')}"), "/roles/remove/")
    assert (refused.status, refused.codes) == (409, ["role.held"])
    assert "Desk is still held: 1." in refused.text


def test_an_address_of_a_role_or_a_unit_that_is_not_ones_own_leads_nowhere(rolf, nora, site):
    site.world.role("theirs", {"users": "view"}, owned_at=SOUTH)
    for address in ("edit/?key=theirs", "edit/?key=", "remove/?key=roles", f"edit/?key={ADMINISTRATOR}", f"new/?unit={SOUTH}", "new/?unit=x", "new/"):
        assert rolf.get(f"/roles/{address}").status == 404, address
    assert nora.get(f"/roles/new/?unit={NORTH}").status == 403
    assert "Add a role" not in nora.get("/roles/").links()


def test_a_form_that_somebody_else_saved_meanwhile_says_so_and_can_be_saved_again(rolf):
    added = rolf.submit(rolf.get(rolf.get("/roles/").link("Add a role")), "/roles/new/", name="Desk", **{"level:users": "view"})
    form = rolf.get(added.link("Edit Desk"))
    rolf.submit(form, "/roles/edit/", **{"level:users": ["view", "edit"]})

    stale = rolf.submit(form, "/roles/edit/", name="Desks")
    assert (stale.status, stale.codes) == (409, ["role.stale"])
    assert rolf.submit(stale, "/roles/edit/").messages == ["Desks was saved."]


def test_the_page_of_a_unit_leads_to_a_role_of_its_own(rolf):
    form = rolf.get(rolf.get(f"/units/show/?id={AMBER}").link("Add a role"))

    assert form.control("Belongs to").text == "Amber Line"
