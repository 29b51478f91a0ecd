"""The page of the roles: a ladder for each resource, who holds them, and which are not one's own to give."""

from tests.browsing import Page
from tests.site import AMBER, NEIGHBOURS_ROLE, NORTH, Site


def row(page: Page, name: str) -> dict[str, str]:
    """Return the row of a role: its cells by resource, and what is said about it."""
    found = next(node for node in page.tree.all("tr") if node.all("th", role="rowheader") and node.first("th").text == name)
    cells = {cell["data-label"]: cell.text for cell in found.all("td", class_="ladder-cell")}
    return {**cells, "about": found.first("td", class_="ladder-about").text, "giving": found.first("p", class_="ladder-giving").text}


def names(page: Page) -> list[str]:
    return [node.text for node in page.tree.all("th", class_="ladder-role")]


def test_every_role_in_sight_stands_against_every_resource_with_a_word_for_each_level(nora):
    page = nora.get("/roles/")

    assert names(page)[:2] == ["Owner", "Service Provider Administrator"]
    assert NEIGHBOURS_ROLE.title() not in names(page)
    support = row(page, "Service Provider Support")
    assert (support["Users"], support["Call routing"], support["Billing"]) == ("View", "Edit", "– None")
    assert [group.text for group in page.tree.all("th", class_="ladder-group")] == ["Administration", "Platform"]


def test_where_a_role_is_held_and_by_how_many_leads_to_them(nora):
    about = row(nora.get("/roles/"), "Platform User")["about"]

    assert "At: Service Provider, Platform Account, Sub-Account" in about
    assert "Held by 3" in about
    page = nora.get("/roles/")
    assert nora.get(page.link("Held by 3")).names == ["Bert Brown", "Cleo Dunn", "Gus Visitor"]


def test_what_one_may_not_give_is_said_with_what_is_too_high_and_where(nora):
    page = nora.get("/roles/")

    assert row(page, "Owner")["giving"] == "Not yours to give: it exceeds what you hold at Northwind Telecom (Roles, Plugins, Profile fields)."
    assert row(page, "Service Provider Administrator")["giving"] == "You may give it at Northwind Telecom and beneath."
    assert row(page, "Member")["giving"] == "Comes with every account."
    locks = [node["aria-label"] for node in page.tree.all("svg", role="img")]
    assert locks == ["more than you may give"] * 3


def test_who_administers_one_account_gives_what_fits_there(site):
    site.world.role("reader", {"roles": "view", "users": "edit"}, owned_at=NORTH)
    site.world.grant(site.world.user("rolf", home=NORTH, password="correct horse battery staple"), "reader", AMBER)
    page = site.visitor("rolf").get("/roles/")

    assert row(page, "Service Provider Support")["giving"].startswith("Not yours to give: it exceeds what you hold at Amber Line")
    assert row(page, "Reader")["giving"] == "You may give it at Amber Line and beneath."
    assert "Northwind" not in page.text.replace(page.tree.first("header").text, "")


def test_who_may_not_look_at_roles_is_not_offered_the_page(site: Site):
    sam = site.visitor("sam")

    assert "Roles" not in sam.get("/").links()
    assert sam.get("/roles/").status == 403


def test_the_root_owner_sees_the_roles_of_all_and_may_give_every_one(boss):
    page = boss.get("/roles/")

    assert NEIGHBOURS_ROLE.title() in names(page)
    assert "Belongs to" in row(page, NEIGHBOURS_ROLE.title())["about"]
    assert not [node for node in page.tree.all("p", class_="ladder-giving") if "data-refused" in node]
