"""Finding somebody in a long list, in a browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
STAYED = "() => window.stayed === true"


def test_finding_somebody_in_a_long_list(reader):
    page = reader.page
    reader.refusals = {401}
    reader.goto("/users/")
    reader.look("sign in")
    reader.sign_in("nora", "wrong")
    reader.look("sign in refused")
    reader.sign_in("nora")
    reader.heading("Hello, Nora")
    reader.look("overview")

    page.get_by_role("link", name="Back-Office Users").first.click()
    reader.heading("Back-Office Users")
    reader.look("list")
    page.evaluate("() => { window.stayed = true }")

    page.get_by_role("searchbox").fill("haddad")
    expect(page).to_have_url(re.compile("search=haddad"))
    expect(page.locator("tbody tr[data-id]")).to_have_count(12)
    assert all("Haddad" in name for name in reader.names())
    page.get_by_role("searchbox").fill("nobody at all")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    reader.look("nothing found")
    page.get_by_role("link", name="Reset list", exact=True).first.click()
    expect(page.locator("tbody tr[data-id]")).to_have_count(50)

    page.get_by_role("button", name="Filter", exact=True).click()
    reader.glance("filter menu")
    reader.entry("Status").click()
    page.get_by_label("Disabled").check()
    reader.glance("filter")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_have_text(re.compile("Status:\\s+Disabled"))
    assert {row.inner_text() for row in page.locator(".grid .pill").all()} == {"Disabled"}
    reader.look("filtered")
    page.get_by_role("link", name="Remove the filter Status").click()
    expect(page.locator(".chip")).to_have_count(0)

    page.get_by_role("link", name="User Name", exact=True).click()
    expect(page.get_by_role("columnheader", name="User Name")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="User Name", exact=True).click()
    expect(page.get_by_role("columnheader", name="User Name")).to_have_attribute("aria-sort", "descending")
    first = reader.names()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("after="))
    expect(page.get_by_role("link", name="Previous")).to_have_attribute("href", re.compile("before="))
    assert not set(first) & set(reader.names())
    page.go_back()
    expect(page).not_to_have_url(re.compile("after="))
    expect(page.locator("tbody tr[data-id]").first).to_have_attribute("data-name", first[0])
    assert reader.names() == first

    page.get_by_role("button", name="Columns").click()
    page.get_by_label("ID", exact=True).check()
    reader.glance("columns")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("columnheader", name="ID", exact=True)).to_be_visible()
    assert page.evaluate(STAYED), "the page was loaded anew"
    reader.quiet()
