"""Disabling, enabling and deleting users from the list, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import NARROW
from tests.site import ADA, Site

pytestmark = pytest.mark.browser


@pytest.mark.seed("S2-31")
@pytest.mark.seed("S2-32")
@pytest.mark.seed("S2-33")
@pytest.mark.seed("S2-35")
@pytest.mark.seed("S2-36")
def test_disabling_enabling_and_deleting_one_user_from_his_row(nora, site: Site):
    page = nora.page
    nora.goto("/users/?search=ada")
    row = nora.row("Ada Clarke")

    nora.button("Actions for Ada Clarke").click()
    nora.glance("row menu")
    assert page.get_by_role("menuitem").locator("visible=true").all_inner_texts() == [
        "Add/Edit Back-Office User",
        "Disable Back-Office User",
        "Delete Back-Office User",
    ]
    nora.entry("Disable Back-Office User").click()
    expect(nora.dialog).to_contain_text("Disable Ada Clarke?")
    nora.look("dialog to disable")
    assert nora.focused() == "Cancel"
    page.keyboard.press("Enter")
    expect(nora.dialog).to_have_count(0)
    assert site.user(ADA).status.value == "active"

    row.click(button="right", position={"x": 300, "y": 10})
    nora.entry("Disable Back-Office User").click()
    nora.button("Yes, disable it!", nora.dialog).click()
    nora.message("1 user disabled.")
    nora.look("after an action")
    expect(row.locator(".pill")).to_have_text("Disabled")
    assert "search=ada" in page.url

    row.focus()
    page.keyboard.press("Shift+F10")
    expect(nora.entry("Add/Edit Back-Office User")).to_be_focused()
    row.dispatch_event("contextmenu", {"button": 0})  # which some browsers make of the same key
    expect(nora.entry("Add/Edit Back-Office User")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert nora.focused() == "Enable Back-Office User"
    page.keyboard.press("Enter")
    expect(nora.dialog).to_contain_text("Enable Ada Clarke?")
    nora.button("Yes, enable it!", nora.dialog).click()
    nora.message("1 user enabled.")
    expect(row.locator(".pill")).to_have_text("Active")

    nora.button("Actions for Ada Clarke").press("Enter")
    nora.entry("Delete Back-Office User").click()
    page.keyboard.press("Escape")
    expect(nora.dialog).to_have_count(0)
    nora.button("Actions for Ada Clarke").click()
    nora.entry("Delete Back-Office User").click()
    nora.button("Yes, delete it!", nora.dialog).click()
    nora.message("1 user deleted.")
    expect(row).to_have_count(0)
    assert site.user(ADA).status.value == "deleted"
    nora.quiet()


@pytest.mark.seed("S2-03")
@pytest.mark.seed("S2-30")
@pytest.mark.seed("S2-34")
def test_acting_on_a_selection(nora, site: Site):
    page = nora.page
    nora.goto("/users/?search=north.example&sort=id&size=25")
    assert nora.names()[:3] == ["Nora North", "Ada Clarke", "Bert Brown"]
    for name in ("Ada Clarke", "Bert Brown", "Cleo Dunn"):
        nora.row(name).get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="Selection")
    expect(bar).to_contain_text("3 selected")
    nora.look("selection")

    nora.button("Actions", page.locator(".toolbar")).click()
    nora.glance("actions menu")
    nora.entry("Disable/Enable Back-Office User").click()
    expect(nora.dialog).to_contain_text("Disable or enable 3 users?")
    nora.look("mixed dialog")
    nora.button("Yes, disable them!", nora.dialog).click()
    nora.message("2 users disabled.")
    assert [site.user(user_id).status.value for user_id in (ADA, 14, 15)] == ["disabled"] * 3

    for name in ("Ada Clarke", "Bert Brown"):
        nora.row(name).get_by_role("checkbox").check()
    nora.button("Actions", page.locator(".toolbar")).click()
    nora.entry("Disable/Enable Back-Office User").click()
    nora.button("Yes, enable them!", nora.dialog).click()
    nora.message("2 users enabled.")

    for name in ("Ada Clarke", "Bert Brown"):
        nora.row(name).get_by_role("checkbox").check()
    nora.button("Actions", page.locator(".toolbar")).click()
    nora.entry("Add/Edit Back-Office User").click()
    nora.heading("Edit 2 Back-Office Users")
    nora.look("edit several")
    page.get_by_role("link", name="Cancel").click()
    nora.heading("Back-Office Users")

    nora.goto("/users/?search=north.example&sort=id&size=25")
    page.set_viewport_size(NARROW)
    nora.row("Ada Clarke").get_by_role("checkbox").check()
    nora.button("Actions", bar).click()
    nora.entry("Delete Back-Office User").click()
    nora.button("Yes, delete it!", nora.dialog).click()
    nora.message("1 user deleted.")
    nora.quiet()
