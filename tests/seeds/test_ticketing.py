"""Types and toggles of a ticket office (seed 000), without scripts."""

import pytest

from tests.browsing import PASSWORD, Page, Visitor
from tests.office import ADMINISTRATOR, ANNE, FINANCE, GREG, GROUP_LEADER, HALL, MIMI, OLGA, OVERRIDE, PERSON, PETE, SCAN, SCAN_POS, held

LABELS = ("Account Owner", "Administrator", "Group Leader", "Member", "QR Scan / POS Operator Only")


def edit(browser: Visitor, user_id: int) -> Page:
    return browser.get(f"/users/edit/?id={user_id}")


def agree(browser: Visitor, page: Page) -> Page:
    """Press the button of a page that asks before it saves."""
    return browser.submit(page, "/users/edit/")


def add(browser: Visitor, **values: object) -> Page:
    form = browser.get("/users/new/")
    return browser.submit(form, "/users/new/", first_name="Dora", last_name="Day", email="dora@example.com", user_name="dora", **values)


@pytest.mark.seed("S0-01")
@pytest.mark.seed("S0-06")
def test_the_page_to_manage_backend_users_shows_those_of_ones_own_organization(anne):
    page = anne.get("/users/")

    assert (page.heading, page.menu["Back Office"][0]) == ("Manage Users", "Manage Users")
    assert page.names == ["Anne Adams", "Greg Gold", "Mimi Moss", "Olga Owen", "Pete Poole"]


@pytest.mark.seed("S0-03")
@pytest.mark.seed("S0-54")
@pytest.mark.seed("S0-62")
def test_only_higher_level_users_have_the_page_and_its_actions(office, anne):
    assert anne.get("/users/").tree.first("div", id="bulk-menu")
    for name in ("greg", "mimi", "pete"):
        browser = office.visitor(name)
        page = browser.get("/users/")
        assert page.status == 403 and not page.tree.all("div", id="bulk-menu")
        assert "Manage Users" not in page.links()
        assert browser.get("/users/new/").status == 403


@pytest.mark.seed("S0-08")
@pytest.mark.seed("S0-35")
@pytest.mark.seed("S0-36")
def test_the_grid_is_searched_filtered_and_leads_to_the_editor_of_access_and_settings(anne):
    assert anne.get("/users/?search=poole").names == ["Pete Poole"]
    assert anne.get(f"/users/?role={GROUP_LEADER}").names == ["Greg Gold"]

    row = next(row for row in anne.get("/users/?search=gold").tree.all("tr") if "Greg Gold" in row.text)
    page = anne.get(next(link["href"] for link in row.all("a") if link.text == "Edit Account"))
    assert page.heading.startswith("Greg Gold")
    assert {"Username", "First Name", "Email", "User Type", "Additional access"} <= set(page.labels())


@pytest.mark.seed("S0-07")
@pytest.mark.seed("S0-09")
def test_adding_a_single_user_or_member_is_one_click_away(anne):
    page = anne.get("/users/")
    assert "Actions" in page.text

    form = anne.get(page.link("Add Single User / Member"))
    assert form.status == 200 and form.form("/users/new/")


@pytest.mark.seed("S0-10")
@pytest.mark.seed("S0-33")
@pytest.mark.seed("S0-47")
@pytest.mark.seed("S0-48")
@pytest.mark.seed("S0-49")
def test_all_five_types_are_made_with_one_form_by_the_account_owner(olga, office):
    assert list(olga.get("/users/new/").options("User Type")) == list(LABELS)
    for number, label in enumerate(LABELS):
        form = olga.get("/users/new/")
        olga.submit(form, "/users/new/", user_name=f"new{number}", first_name="New", last_name=f"No {number}", role=form.options("User Type")[label])
        assert olga.get(f"/users/?search=new{number}").row(f"New No {number}")["User Type"] == label


def test_an_administrator_makes_no_account_owner(anne):
    assert list(anne.get("/users/new/").options("User Type")) == list(LABELS[1:4])  # nor operators: he has neither gate nor till himself


@pytest.mark.seed("S0-23")
@pytest.mark.seed("S0-24")
@pytest.mark.seed("S0-25")
@pytest.mark.seed("S0-27")
@pytest.mark.seed("S0-28")
@pytest.mark.seed("S0-30")
@pytest.mark.seed("S0-31")
@pytest.mark.seed("S0-34")
def test_the_columns_are_those_of_a_ticket_office(anne):
    page = anne.get("/users/")

    heads = ["Name", "First Name", "Last Name", "User Account", "ID", "Username", "Email", "Mobile", "Last sign-in", "User Type", "Active", "Actions"]
    assert page.columns[1:] == heads
    row = page.row("Pete Poole")
    assert [row[head] for head in heads[1:7]] == ["Pete", "Poole", "Edit Account", str(PETE), "pete", "pete@example.com"]
    assert [row[head] for head in heads[7:11]] == ["", "Never", "QR Scan / POS Operator Only", "Active"]


@pytest.mark.seed("S0-37")
def test_name_email_username_and_phone_are_edited_in_one_place(anne, office):
    values = {"first_name": "Gregor", "last_name": "Golding", "user_name": "gregor", "email": "gregor@example.com", "phone": "+44 20 7946 0817"}
    anne.submit(edit(anne, GREG), "/users/edit/", **values)

    row = office.user(GREG)
    assert {name: getattr(row, name) for name in values} == values


@pytest.mark.seed("S0-38")
@pytest.mark.seed("S0-39")
@pytest.mark.seed("S0-65")
def test_another_type_is_asked_about_and_then_changes_what_somebody_may_do(anne, office):
    asked = anne.submit(edit(anne, MIMI), "/users/edit/", role=ADMINISTRATOR)
    assert "Member becomes Administrator." in asked.text and "Nothing is saved yet." in asked.text
    assert held(office, MIMI) == {PERSON}
    assert office.visitor("mimi").get("/users/").status == 403

    assert agree(anne, asked).messages == ["Mimi Moss was saved."]
    assert held(office, MIMI) == {ADMINISTRATOR}
    assert office.visitor("mimi").get("/users/").status == 200


def test_whoever_changes_the_form_after_agreeing_is_asked_again(anne, office):
    asked = anne.submit(edit(anne, MIMI), "/users/edit/", role=ADMINISTRATOR)
    again = anne.submit(asked, "/users/edit/", role=GROUP_LEADER)

    assert "Member becomes Group Leader." in again.text
    assert held(office, MIMI) == {PERSON}


@pytest.mark.seed("S0-40")
@pytest.mark.seed("S0-56")
def test_finance_scanning_and_override_are_ticks_beside_the_type(olga, office):
    page = edit(olga, GREG)
    assert page.options("User Type")["Group Leader"] == GROUP_LEADER
    assert [node.text.split("  ")[0].strip() for node in page.tree.first("ul", class_="toggles").all("bdi")] == [
        "Finance access",
        "Ticket scanning",
        "Scan override",
    ]

    asked = olga.submit(page, "/users/edit/", toggles=["", FINANCE, SCAN])
    assert "Finance access is switched on." in asked.text and "Ticket scanning is" not in asked.text
    agree(olga, asked)
    assert held(office, GREG) == {GROUP_LEADER, FINANCE, SCAN}

    agree(olga, olga.submit(edit(olga, GREG), "/users/edit/", toggles=["", SCAN]))
    assert held(office, GREG) == {GROUP_LEADER, SCAN}


def test_a_tick_that_does_not_go_with_the_type_is_refused_and_stays_in_the_form(olga, office):
    refused = olga.submit(edit(olga, PETE), "/users/edit/", toggles=["", FINANCE])

    assert refused.status == 409
    assert refused.problems == ["Additional access: This access does not go with that type. Switch it off, or choose another type."]
    assert refused.tree.first("input", value=FINANCE)["checked"] is not None
    assert held(office, PETE) == {SCAN_POS}


def test_ticks_go_with_the_type_that_they_went_with(olga, office):
    agree(olga, olga.submit(edit(olga, GREG), "/users/edit/", toggles=["", FINANCE, OVERRIDE]))
    agree(olga, olga.submit(edit(olga, GREG), "/users/edit/", role=SCAN_POS, toggles=["", OVERRIDE]))

    assert held(office, GREG) == {SCAN_POS, OVERRIDE}


def test_nobody_ticks_what_he_does_not_have(anne, office):
    page = edit(anne, GREG)
    assert page.tree.first("input", value=OVERRIDE)["data-locked"] is not None

    refused = anne.submit(page, "/users/edit/", toggles=["", OVERRIDE])
    assert refused.status == 403 and "Scan override gives more than you hold" in refused.problems[0]
    assert held(office, GREG) == {GROUP_LEADER}


@pytest.mark.seed("S0-43")
@pytest.mark.seed("S0-44")
def test_accounts_are_deactivated_and_activated_from_the_editor_and_are_signed_out_at_once(anne, office):
    greg = office.visitor("greg")
    assert greg.get("/account/").status == 200

    anne.post("/users/action/", {"csrf_token": anne.token(), "action": "disable", "confirmed": "1", "ids": str(GREG)})
    assert anne.get("/users/").row("Greg Gold")["Active"] == "Inactive"
    assert greg.ask("GET", "/account/").status == 303
    assert office.visitor().sign_in("greg").path == "/sign-in"

    anne.post("/users/action/", {"csrf_token": anne.token(), "action": "enable", "confirmed": "1", "ids": str(GREG)})
    assert office.visitor("greg").get("/account/").status == 200


@pytest.mark.seed("S0-50")
def test_whoever_only_scans_and_sells_is_refused_every_page_of_the_administration(office):
    pete = office.visitor("pete")

    pages = ("/users/", "/users/new/", f"/users/edit/?id={GREG}", "/units/", "/roles/", "/audit/")
    assert {path: pete.get(path).status for path in pages} == dict.fromkeys(pages, 403)


@pytest.mark.seed("S0-52")
def test_the_list_is_narrowed_by_name_last_sign_in_type_and_whether_active(anne):
    assert anne.get("/users/?search=moss").names == ["Mimi Moss"]
    assert "Anne Adams" not in anne.get("/users/?signed_in=never").names
    assert anne.get(f"/users/?role={SCAN_POS}").names == ["Pete Poole"]
    assert anne.get("/users/?status=disabled").names == []


@pytest.mark.seed("S0-53")
def test_reset_list_clears_search_filters_order_and_page(anne):
    page = anne.get(f"/users/?search=o&status=active&role={SCAN_POS}&sort=-id&size=25")

    assert anne.get(page.link("Reset List")).names == anne.get("/users/").names


@pytest.mark.seed("S0-57")
@pytest.mark.seed("S0-63")
def test_raising_an_operator_warns_to_use_the_lowest_access(olga):
    page = edit(olga, PETE)
    assert "Scan override" in page.text

    asked = olga.submit(page, "/users/edit/", role=ADMINISTRATOR)
    assert "Use the lowest access that still lets somebody do the job" in asked.text
    down = olga.submit(edit(olga, ANNE), "/users/edit/", role=SCAN_POS, toggles=[""])
    assert "Use the lowest access" not in down.text


def test_a_new_operator_has_what_he_was_ticked_and_next_door_is_not_seen(olga, office):
    add(olga, role=SCAN_POS, toggles=["", OVERRIDE])
    row = olga.get("/users/?search=dora").row("Dora Day")

    assert held(office, int(row["ID"])) == {SCAN_POS, OVERRIDE}
    assert olga.get("/users/?search=nadja").names == []


def test_the_last_account_owner_stays_one(office):
    office.world.user("boss", ("owner", 1), password=PASSWORD)
    browser = office.visitor("boss")

    refused = browser.submit(edit(browser, OLGA), "/users/edit/", role=ADMINISTRATOR)
    assert agree(browser, refused).codes == ["unit.last_owner"]


@pytest.mark.seed("S0-11")
def test_the_route_to_add_a_user_that_people_know_leads_there_and_past_nobody(anne, office):
    assert anne.get("/?r=user/user/create").path == "/users/new/"
    assert office.visitor("pete").get("/?r=user/user/create").status == 403
    assert Visitor(office.app).get("/?r=user/user/create").path == "/sign-in"


@pytest.mark.seed("S0-13")
def test_the_route_to_the_export_tool_that_people_know_leads_there_and_past_nobody(anne, office):
    page = anne.get("/fmz/user/admin/export?search=gold")
    assert (page.path, page.heading) == ("/users/export/", "Export users")
    assert "Greg Gold" in anne.submit(page, "/users/export/", format="csv").response.text

    assert office.visitor("pete").get("/fmz/user/admin/export").status == 403
    assert Visitor(office.app).get("/fmz/user/admin/export").path == "/sign-in"


@pytest.mark.seed("S0-32")
def test_whoever_never_signed_in_or_not_for_long_is_found_and_sorted(anne, office):
    office.visitor("greg")

    never = anne.get("/users/?signed_in=never").names
    assert "Mimi Moss" in never and not {"Greg Gold", "Anne Adams"} & set(never)
    assert anne.get("/users/?signed_in=long_ago").names == []
    assert set(anne.get("/users/?sort=-last_sign_in").names[:2]) == {"Greg Gold", "Anne Adams"}
    assert set(anne.get("/users/?sort=last_sign_in").names[-2:]) == {"Greg Gold", "Anne Adams"}


def test_nothing_is_asked_about_access_that_is_not_ones_own_to_switch(anne, office):
    office.world.grant(GREG, OVERRIDE, HALL)

    asked = anne.submit(edit(anne, GREG), "/users/edit/", role=ADMINISTRATOR)

    assert "Group Leader becomes Administrator." in asked.text
    assert "Scan override is switched off." not in asked.text
    agree(anne, asked)
    assert held(office, GREG) == {ADMINISTRATOR, OVERRIDE}
