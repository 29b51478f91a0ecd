"""The tree of units, the roles, and what somebody may do where, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.site import ADA, AMBER_ONE, BIRCH, NORTH, Site

pytestmark = pytest.mark.browser


def test_opening_the_tree_creating_renaming_and_moving_a_unit(nora, site: Site):
    page = nora.page
    nora.refusals = {409, 422}
    page.get_by_role("link", name="Units", exact=True).click()
    nora.heading("Units")
    branch = nora.button("Inside Amber Line")
    expect(branch).to_have_attribute("aria-expanded", "false")
    branch.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Amber One")).to_be_visible()
    expect(branch).to_have_attribute("aria-expanded", "true")
    nora.look("tree")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Amber One")).to_be_hidden()

    page.get_by_role("searchbox", name="Search Units").fill("two")
    expect(page.get_by_text("Northwind Telecom › Amber Line")).to_be_visible()
    nora.look("search")
    page.get_by_role("link", name="Amber Two").click()
    nora.heading("Amber Two")
    page.get_by_role("link", name="Amber Line").click()
    nora.heading("Amber Line")
    nora.look("unit")

    page.get_by_role("link", name="Add Sub-Account").click()
    nora.heading("Add Sub-Account")
    nora.look("new unit")
    nora.button("Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("Name: Enter a name.")
    nora.look("new unit refused")
    page.get_by_label("Name").fill("Amber Three")
    page.keyboard.press("Control+s")
    nora.message("Amber Three was created.")
    nora.heading("Amber Three")

    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name").fill("Birch One")
    nora.button("Update").click()
    nora.message("Amber Three is now called Birch One.")

    page.get_by_role("link", name="Move").click()
    nora.heading("Move Birch One")
    page.get_by_role("combobox", name="New place").press_sequentially("birch")
    expect(page.get_by_role("option", name="Birch Line")).to_be_visible()
    nora.glance("moving a unit")
    page.keyboard.press("Enter")
    nora.look("place chosen")
    nora.button("Move").click()
    nora.message("Birch One is now below Birch Line.")
    site.world.session.rollback()
    assert [event for event, _before, _after in site.world.trail() if event.startswith("units.")] == [
        "units.created",
        "units.renamed",
        "units.moved",
        "units.moved_away",
    ]
    nora.quiet()


def test_a_branch_of_many_units_is_read_page_by_page(nora, site: Site):
    for number in range(60):
        site.world.unit(f"Corner {number:02}", kind="service_provider.sub_account", below=BIRCH)
    site.world.session.rollback()
    page = nora.page
    nora.goto("/units/")
    nora.button("Inside Birch Line").click()
    corners = page.get_by_role("link", name=re.compile(r"Corner \d\d"))
    expect(corners).to_have_count(50)
    page.get_by_role("link", name="Show more").click()
    expect(corners).to_have_count(60)
    assert nora.focused() == "Corner 50"
    nora.goto(f"/units/show/?id={BIRCH}")
    expect(corners).to_have_count(50)
    page.get_by_role("link", name="Show more").click()
    expect(corners).to_have_count(60)
    nora.quiet()


def test_from_a_unit_to_its_users_and_to_what_happened_there(nora, site: Site):
    page = nora.page
    nora.goto(f"/units/show/?id={AMBER_ONE}")
    page.get_by_role("link", name=re.compile("List all")).click()
    nora.heading("Back-Office Users")
    nora.look("users of a unit")
    expect(page.get_by_role("button", name="Unit: Amber One")).to_be_visible()
    nora.goto(f"/units/show/?id={NORTH}")
    page.get_by_role("link", name="What happened").click()
    nora.heading("Audit log")
    expect(page.get_by_role("button", name="Unit: Northwind Telecom")).to_be_visible()
    nora.look("what happened at a unit")
    nora.quiet()


def test_roles_and_why_somebody_can_or_cannot(nora, site: Site):
    page = nora.page
    page.get_by_role("link", name="Roles", exact=True).click()
    nora.heading("Roles")
    owner = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Owner"))
    expect(owner).to_contain_text("Not yours to give")
    nora.look("roles")
    nora.look("roles that are wider than the window", (("light", {"width": 1024, "height": 700}),))

    nora.goto(f"/users/edit/?id={ADA}")
    page.get_by_role("link", name="Access explained").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Access of Ada Clarke")
    nora.look("access at home")
    page.get_by_role("link", name="Amber Line").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Phone numbers"))
    expect(row).to_contain_text("Platform Administrator at Amber Line")
    nora.look("access at a unit")
    nora.button("Remove Amber Line").click()
    page.get_by_role("combobox", name="At").press_sequentially("amber one")
    expect(page.get_by_role("option", name="Amber One")).to_be_visible()
    page.keyboard.press("Enter")
    nora.button("Explain").click()
    expect(page.get_by_role("heading", name="What may be done at Amber One")).to_be_visible()
    assert f"unit={AMBER_ONE}" in page.url
    nora.quiet()
