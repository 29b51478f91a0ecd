"""Clear Cache and Manage Account of a ticket office (seed 000), from the Actions dropdown, without scripts."""

import pytest

from tests.browsing import PASSWORD, Page, Visitor
from tests.office import HALL, MIMI, NEXT_DOOR, SCAN_POS

pytestmark = pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)

SETTINGS = "/units/settings/"
XSS = "<img src=x onerror=alert(1)>"


def entries(page: Page) -> dict[str, str]:
    """Return what the Actions dropdown has: each entry with where it leads, or the form that it sends."""
    menu = page.tree.first("div", id="bulk-menu")
    return {node.text: node["href"] or node["form"] for node in menu.all("a", "button")}


def figures(page: Page) -> dict[str, str]:
    """Return the numbers of the dashboard."""
    cards = page.tree.first("section", **{"aria-labelledby": "dashboard-title"}).all("div", class_="stat")
    return {card.first("span").text: card.first("strong").text for card in cards}


def site(page: Page) -> str:
    return page.tree.first("section", **{"aria-labelledby": "site-title"}).text


def clear(browser: Visitor, address: str = "/users/") -> Page:
    """Choose Clear Cache in the Actions dropdown."""
    page = browser.get(address)
    assert entries(page)["Clear Cache"] == page.form("/units/clear-cache/")["id"]
    return browser.submit(page, "/units/clear-cache/")


def account(browser: Visitor) -> Page:
    """Choose Manage Account in the Actions dropdown."""
    return browser.get(entries(browser.get("/users/"))["Manage Account"])


@pytest.mark.seed("S0-17")
@pytest.mark.seed("S0-18")
@pytest.mark.seed("S0-59")
def test_the_dashboard_shows_old_numbers_until_the_cache_is_cleared_and_the_page_is_refreshed(anne, office):
    elsewhere = Visitor(office.beside())  # another process on the same database
    elsewhere.sign_in("anne")
    before = figures(anne.get("/"))
    assert figures(elsewhere.get("/")) == before
    assert (before["Member"], before["QR Scan / POS Operator Only"]) == ("1", "1")
    office.world.grant(MIMI, SCAN_POS, HALL)
    office.panel.clock.forward(minutes=7)
    page = anne.get("/")
    assert figures(page) == before and "Counted: 7 min ago" in page.text

    done = clear(anne)

    assert done.path == "/users/" and done.messages == ["Cleared at Concert Hall and beneath: Dashboard, Site."]
    page = anne.get("/")
    assert figures(page)["QR Scan / POS Operator Only"] == "2" and "Counted: Just now" in page.text
    assert figures(elsewhere.get("/")) == figures(page)


@pytest.mark.seed("S0-18")
@pytest.mark.seed("S0-19")
def test_what_the_site_tells_is_old_until_it_is_cleared_for_this_organization_alone(olga, office):
    nadja = office.visitor("nadja")
    assert "box@hall.example" not in site(olga.get("/"))
    assert "Next Door" in site(nadja.get("/"))
    for browser, email in ((olga, "box@hall.example"), (nadja, "box@next.example")):
        assert browser.submit(account(browser), SETTINGS, **{"profile:ticketing.support_email": email}).status == 200
        assert email not in site(browser.get("/"))

    clear(olga)

    assert "Support e-mail box@hall.example" in site(olga.get("/"))
    assert "box@next.example" not in site(nadja.get("/"))


@pytest.mark.seed("S0-19")
def test_whoever_administers_several_organizations_clears_one_or_all_and_it_is_on_the_audit_log(anne, office):
    office.world.user("pia", ("owner", 1), password=PASSWORD)
    pia = office.visitor("pia")

    assert clear(pia, f"/users/?home={NEXT_DOOR}").messages == ["Cleared at Next Door and beneath: Dashboard, Site."]
    assert clear(pia).messages == ["Cleared at Platform and beneath: Dashboard, Site."]
    assert pia.get("/audit/?event=caches.cleared").text.count("Cleared the cache") >= 2
    refused = anne.post("/units/clear-cache/", {"csrf_token": anne.token(), "unit": str(NEXT_DOOR)})
    assert (refused.status, refused.codes) == (404, ["not_found"])


def test_whoever_administers_nobody_clears_nothing(office):
    greg = office.visitor("greg")

    assert greg.post("/units/clear-cache/", {"csrf_token": greg.token()}).status == 403
    for unit in ("x", "0", "9" * 30, "-1", "2;3"):
        anne = office.visitor("anne")
        assert anne.post("/units/clear-cache/", {"csrf_token": anne.token(), "unit": unit}).status == 404


@pytest.mark.seed("S0-20")
def test_manage_account_opens_the_settings_of_the_organization(olga, office):
    page = account(olga)

    assert (page.heading, page.path) == ("Manage Account", SETTINGS)
    assert page.labels() == ["Name", "Support e-mail", "Support telephone", "Website", "Time zone", "Note to customers"]
    values = {"name": "Opera House", "profile:ticketing.time_zone": "Europe/London", "profile:ticketing.note": XSS}
    saved = olga.submit(page, SETTINGS, **values)

    assert saved.messages == ["Opera House was saved."]
    assert saved.control("Note to customers").text.strip() == XSS
    assert saved.control("Name")["value"] == "Opera House"
    log = olga.get("/audit/?event=units.settings_edited")
    assert "Time zone" in log.text and "Europe/London" in log.text and XSS in log.text
    assert not [node for page in (saved, log, olga.get("/")) for node in page.tree.all("img")]
    assert "Renamed a unit" in olga.get("/audit/").text


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(olga):
    typed = {"name": "Opera House", "profile:ticketing.support_email": "box", "profile:ticketing.note": "Open at noon"}
    page = olga.submit(account(olga), SETTINGS, **typed)

    assert page.status == 422
    assert page.problems == ["Support e-mail: Enter an e-mail address in the form name@example.com."]
    assert page.control("Name")["value"] == "Opera House"
    assert page.control("Support e-mail")["value"] == "box"
    assert page.control("Note to customers").raw.strip() == "Open at noon"
    assert account(olga).control("Name")["value"] == "Concert Hall"
    nameless = olga.submit(account(olga), SETTINGS, name=" ", **{"profile:ticketing.note": "Open at noon"})
    assert nameless.problems == ["Name: Enter a name."]
    assert account(olga).control("Note to customers").raw.strip() == ""
    assert olga.submit(account(olga), SETTINGS, **{"profile:ticketing.nothing": "x"}).status == 422


def test_who_saves_second_sees_what_the_other_saved_and_can_put_his_own_in_its_place(olga, office):
    form = account(olga)
    other = office.visitor("olga")
    other.submit(account(other), SETTINGS, **{"profile:ticketing.note": "theirs"})

    page = olga.submit(form, SETTINGS, **{"profile:ticketing.note": "mine"})

    assert page.status == 409 and "Someone else saved this account while you were editing olga saved it just now." in page.text
    assert page.codes == ["unit.stale"]
    assert [cell.text for cell in page.tree.first("table", class_="compare").all("td")] == ["theirs", "mine"]
    assert olga.submit(page, SETTINGS).messages == ["Concert Hall was saved."]
    assert account(other).control("Note to customers").raw.strip() == "mine"


@pytest.mark.seed("S0-21")
@pytest.mark.seed("S0-55")
def test_manage_account_is_hidden_from_and_refused_to_all_but_account_owners(anne, olga, office):
    assert "Manage Account" not in entries(anne.get("/users/"))
    for name in ("anne", "greg", "mimi", "pete"):
        browser = office.visitor(name)
        for address in (SETTINGS, f"{SETTINGS}?id={HALL}", f"{SETTINGS}?id={NEXT_DOOR}"):
            assert browser.get(address).status == 403
        assert browser.post(f"{SETTINGS}?id={HALL}", {"csrf_token": browser.token(), "name": "Mine"}).status == 403
    for unit in (NEXT_DOOR, 1, "x", "9" * 30):
        assert olga.get(f"{SETTINGS}?id={unit}").status == 404
    assert account(olga).control("Name")["value"] == "Concert Hall"


@pytest.mark.seed("S0-22")
def test_the_route_to_the_account_that_people_know_leads_there_and_past_nobody(olga, office):
    route = "/?r=customer/customer/customer-view"

    page = olga.get(route)
    assert (page.path, page.control("Name")["value"]) == (SETTINGS, "Concert Hall")
    assert office.visitor("anne").get(route).status == 403
    assert Visitor(office.app).get(route).path == "/sign-in"


def test_whoever_is_above_all_organizations_chooses_one(office):
    office.world.user("pia", ("owner", 1), password=PASSWORD)
    pia = office.visitor("pia")

    page = pia.get(SETTINGS)
    assert (page.path, page.messages) == ("/units/", ["Choose whose settings you want to see."])
    page = pia.get(pia.get(f"/units/show/?id={NEXT_DOOR}").link("Manage Account"))
    assert page.control("Name")["value"] == "Next Door"
    assert entries(pia.get(f"/users/?home={HALL}"))["Manage Account"] == f"{SETTINGS}?id={HALL}"


def test_a_list_and_an_overview_that_show_it_ask_as_little_as_before(anne, office):
    anne.get("/"), anne.get("/users/")
    for address, most in (("/", 6), ("/users/", 6)):
        with office.statements() as seen:
            assert anne.get(address).status == 200
        assert len(seen) <= most, seen
