"""Taking the list of users away as a file, in a browser."""

import csv

import pytest
from playwright.sync_api import Page, expect

from bo_panel.settings.sections import Export
from tests.journeys.reader import NARROW
from tests.site import Site

pytestmark = pytest.mark.browser


def rows(page: Page, press: object) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        press()  # type: ignore[operator]
    with open(waiting.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_listed_is_exported(nora, site: Site):
    page = nora.page
    nora.goto("/users/?search=north.example&status=disabled&sort=-id&size=25")
    nora.button("Export").click()
    nora.glance("export menu")
    assert page.get_by_role("menuitem").locator("visible=true").all_inner_texts() == ["CSV", "Excel workbook", "JSON Lines"]
    found = rows(page, nora.entry("CSV").click)
    assert [row["Name"] for row in found] == nora.names()
    assert {row["Status"] for row in found} == {"Disabled"}
    nora.heading("Back-Office Users")

    nora.button("Export").press("Enter")
    expect(nora.entry("CSV")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert nora.focused() == "Excel workbook"
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(".xlsx")
    nora.quiet()

    page.set_viewport_size(NARROW)
    nora.goto("/users/")
    nora.button("Export").click()
    nora.look("export menu on a telephone", (("light", NARROW),))


def test_many_are_exported_in_the_background(nora, site: Site):
    page = nora.page
    settings = site.app.extensions["bo_panel"].settings
    object.__setattr__(settings, "export", Export(above=50))
    nora.goto("/users/?cols=email&cols=role")
    nora.button("Export").click()
    nora.entry("CSV").click()
    nora.heading("Export 106 users as CSV")
    nora.look("export that waits")
    assert site.panel.worker().look()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    nora.look("export that is done")
    found = rows(page, page.get_by_role("link", name="Download").click)
    assert len(found) == 106
    assert list(found[0]) == ["Name", "Email", "User Role"]
    nora.goto("/jobs/")
    nora.look("jobs with an export")
