"""The own account, the audit log, and the way in and out, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.site import ADA, NORTH, Site

pytestmark = pytest.mark.browser


def test_the_own_account_the_audit_log_and_the_way_out(nora, site: Site):
    page = nora.page
    nora.refusals = {404, 422}
    boss = site.visitor("boss")
    boss.submit(boss.get(f"/users/edit/?id={ADA}"), "/users/edit/", last_name="Lovelace")
    page.get_by_role("link", name="Audit log").click()
    nora.heading("Audit log")
    page.locator("summary").filter(has_text="Edited a user").first.click()
    expect(page.get_by_role("cell", name="Lovelace")).to_be_visible()
    nora.look("audit log")

    page.get_by_role("button", name="Your account: Nora North").click()
    nora.glance("account menu")
    nora.entry("My account").click()
    nora.heading("My account")
    nora.look("my account")
    for label, words in (("Current password", "correct horse battery staple"), ("New password", "short"), ("New password, again", "short")):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert").first).to_contain_text("New password:")
    nora.look("password refused")
    for label, words in (
        ("Current password", "correct horse battery staple"),
        ("New password", "lorries sing at noon"),
        ("New password, again", "lorries sing at noon"),
    ):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Change password").click()
    nora.message("Your password was changed.")

    nora.goto("/users/edit/?id=999")
    nora.heading("There is nothing here. It may have been removed, or it is not yours to see.")
    nora.look("not found")
    page.keyboard.press("?")
    nora.glance("shortcuts")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Your account: Nora North").click()
    nora.entry("Sign out").click()
    nora.message("You are signed out.")
    nora.sign_in("nora", "lorries sing at noon")
    nora.heading("Hello, Nora")
    nora.quiet()


def test_a_first_sign_in_with_a_password_made_by_somebody_else(reader, site: Site):
    boss = site.visitor("boss")
    form = boss.get("/users/new/")
    boss.submit(form, "/users/new/", user_name="dora", home=str(NORTH), role="service_provider.support", password="lorries sing at noon")

    reader.sign_in("dora", "lorries sing at noon")
    reader.heading("Choose a new password")
    reader.look("first sign-in")
    reader.goto("/users/")
    reader.heading("Choose a new password")
    reader.quiet()
