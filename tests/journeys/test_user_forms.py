"""Adding and editing users, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.site import ADA, Site

pytestmark = pytest.mark.browser


@pytest.mark.seed("S2-11")
@pytest.mark.seed("S2-12")
@pytest.mark.seed("S2-16")
@pytest.mark.seed("S2-17")
def test_adding_a_user_whose_provider_decides_the_roles_and_whose_role_decides_the_places(reader, site: Site):
    page = reader.page
    reader.refusals = {409}
    reader.sign_in("boss")
    reader.goto("/users/")
    page.get_by_role("link", name="Add Back-Office User").click()
    reader.heading("Add Back-Office User")
    reader.look("add")
    role, accounts = page.get_by_label("User Role"), page.get_by_role("combobox", name="Platform Accounts")
    closed = page.get_by_text("For roles that are held at Platform Accounts. Choose such a role first.")
    expect(closed).to_be_visible()

    page.get_by_label("Service Provider").select_option(label="Qwyzzle Telecom")
    expect(role.locator("option", has_text="Qwyzzle_Own")).to_have_count(1)
    page.get_by_label("Service Provider").select_option(label="Northwind Telecom")
    expect(role.locator("option", has_text="Qwyzzle_Own")).to_have_count(0)
    role.select_option(label="Service Provider Support")
    expect(closed).to_be_visible()
    role.select_option(label="Platform User")
    expect(closed).to_be_hidden()
    expect(accounts).to_be_enabled()

    accounts.press_sequentially("line")
    options = page.get_by_role("listbox").locator("visible=true").get_by_role("option")
    expect(options).to_have_count(2)
    reader.glance("picking places")
    page.keyboard.press("Enter")
    expect(page.locator(".token")).to_have_text(["Amber Line"])
    page.get_by_role("option", name="Birch Line").click()
    page.keyboard.press("Escape")
    expect(page.locator(".token")).to_have_text(["Amber Line", "Birch Line"])

    password = page.get_by_label("Password", exact=True)
    generated = password.input_value()
    reader.button("Generate").click()
    assert password.input_value() not in ("", generated)
    password.fill("lorries sing at noon today")
    page.get_by_label("User Name").fill("ada")
    page.get_by_label("First Name").fill("Dora")
    page.get_by_label("Last Name").fill("Day")
    reader.look("form filled in")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    reader.look("form refused")
    expect(page.locator(".token")).to_have_text(["Amber Line", "Birch Line"])
    page.get_by_role("link", name=re.compile("User Name: ")).click()
    assert reader.focused() == "user_name"
    page.keyboard.type("dora")
    page.get_by_label("User Name").fill("dora")
    page.keyboard.press("Control+s")
    reader.message("dora was added.")

    site.world.session.rollback()
    assert site.visitor().sign_in("dora", "lorries sing at noon today").heading == "Choose a new password"
    new = next(int(row["data-id"]) for row in site.visitor("nora").get("/users/?search=dora").rows)
    assert {unit for held, unit in site.world.held(new) if held != "member"} == {3, 4}
    reader.quiet()


@pytest.mark.seed("S2-05")
@pytest.mark.seed("S2-06")
def test_editing_cancelling_and_a_conflict(nora, site: Site):
    page = nora.page
    nora.refusals = {409}
    nora.goto("/users/?search=ada")
    page.get_by_role("link", name="Ada Clarke").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada Clarke")
    nora.look("edit")

    page.on("dialog", lambda question: question.accept())
    page.get_by_label("Last Name").fill("King")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    nora.heading("Back-Office Users")
    assert site.user(ADA).last_name == "Clarke"

    nora.goto(f"/users/edit/?id={ADA}")
    boss = site.visitor("boss")
    boss.submit(boss.get(f"/users/edit/?id={ADA}"), "/users/edit/", last_name="Lovelace")
    page.get_by_label("Last Name").fill("King")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_role("alert").first).to_contain_text("Someone else saved this user while you were editing")
    nora.look("conflict")
    expect(page.get_by_label("Last Name")).to_have_value("King")
    page.get_by_role("button", name="Update").click()
    nora.message("Ada King was saved.")
    assert site.user(ADA).last_name == "King"

    nora.goto(f"/users/edit/?id={ADA}")
    nora.button("Disable Back-Office User").click()
    nora.button("Yes, disable it!", nora.dialog).click()
    nora.message("1 user disabled.")
    nora.quiet()
