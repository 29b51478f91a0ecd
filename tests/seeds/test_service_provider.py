"""Back Office User Administration (seed 002), walked through without scripts; what needs a browser is in tests/journeys."""

import pytest

from tests.browsing import PASSWORD, Page, Visitor
from tests.site import (
    ADA,
    ADMINISTRATOR,
    AMBER,
    BERT,
    BIRCH,
    NEIGHBOURS_ROLE,
    NORTH,
    PLATFORM_ADMINISTRATOR,
    PLATFORM_USER,
    SOUTH,
    SUPPORT,
    Site,
)

FORM = ["Service Provider", "User Name", "Password", "First Name", "Last Name", "Email", "Phone", "User Role", "Platform Accounts", "Sub-Accounts"]
NEW = {"user_name": "dora", "first_name": "Dora", "last_name": "Day", "email": "dora@north.example", "phone": "+442071838751"}
ACCOUNTS = "units:service_provider.account"


def add(browser: Visitor, **values: str | list[str]) -> Page:
    page = browser.get("/users/new/")
    return browser.submit(page, "/users/new/", **{**NEW, "home": str(NORTH), "role": SUPPORT, **values})


@pytest.mark.seed("S2-01")
def test_the_menu_has_back_office_users_under_service_providers_management(nora):
    page = nora.get("/")

    assert page.menu["Service Providers Management"] == ["Back-Office Users", "Units", "Roles"]
    assert nora.get(page.link("Back-Office Users")).heading == "Back-Office Users"


@pytest.mark.seed("S2-02")
def test_the_list_has_a_button_add_back_office_user_that_opens_the_form(nora):
    page = nora.get("/users/")

    assert nora.get(page.link("Add Back-Office User")).heading == "Add Back-Office User"


@pytest.mark.seed("S2-03")
def test_one_selected_user_is_edited_through_add_edit_in_the_actions_list(nora):
    page = nora.get("/users/")
    assert page.actions()["edit"]["label"] == "Add/Edit Back-Office User"
    assert "Add/Edit Back-Office User" in [entry.text for entry in page.tree.first(id="bulk-menu").all("button")]

    form = nora.act(page, "edit", ADA)

    assert form.heading == "Ada Clarke Active"
    assert form.control("User Name")["value"] == "ada"


@pytest.mark.seed("S2-03")
def test_several_selected_users_are_edited_in_one_form(nora, site):
    form = nora.act(nora.get("/users/"), "edit", ADA, BERT)
    assert form.heading == "Edit 2 Back-Office Users"

    done = nora.submit(form, "/users/several/", phone="+442071838799")

    assert done.messages == ["2 users were changed."]
    assert [site.user(user_id).phone for user_id in (ADA, BERT)] == ["+44 20 7183 8799"] * 2
    assert [site.user(user_id).first_name for user_id in (ADA, BERT)] == ["Ada", "Bert"]


@pytest.mark.seed("S2-04")
def test_the_same_form_adds_and_edits(nora):
    adding, editing = nora.get("/users/new/"), nora.get(f"/users/edit/?id={ADA}")

    assert adding.labels() == FORM
    assert editing.labels() == [label for label in FORM if label != "Password"]


@pytest.mark.seed("S2-05")
def test_save_creates_a_user_and_update_changes_one(nora, site):
    form = nora.get("/users/new/")
    assert form.tree.first("button", type="submit", class_="primary").text == "Save"
    page = add(nora)
    assert page.messages == ["dora was added."]
    assert page.row("Dora Day")["Status"] == "Active"

    form = nora.get(page.link("Dora Day"))
    assert form.tree.first("button", type="submit", class_="primary").text == "Update"
    page = nora.submit(form, "/users/edit/", last_name="Dean")

    assert page.messages == ["Dora Dean was saved."]
    assert "Dora Dean" in page.names


@pytest.mark.seed("S2-06")
@pytest.mark.parametrize("address", ["/users/new/", f"/users/edit/?id={ADA}"])
def test_cancel_returns_to_the_list_and_writes_nothing(nora, site, address):
    before = site.everything()

    page = nora.get(nora.get(address).link("Cancel"))

    assert page.heading == "Back-Office Users"
    assert site.everything() == before


@pytest.mark.seed("S2-07")
def test_a_role_decides_what_its_holder_may_do(site):
    support, administrator = site.visitor("sam").get("/users/"), site.visitor("nora").get("/users/")

    assert "Add Back-Office User" not in support.links()
    assert "Add Back-Office User" in administrator.links()
    assert support.names == administrator.names


@pytest.mark.seed("S2-08")
def test_roles_exist_for_the_three_levels_of_access(nora):
    options = nora.get(f"/users/edit/?id={ADA}").control("User Role").all("option")
    held_at = {option.text: option["data-kinds"] for option in options if option["value"]}

    assert held_at["Service Provider Administrator"] == held_at["Service Provider Support"] == ""
    assert held_at["Platform Administrator"] == "service_provider.account"
    assert held_at["Platform User"] == "service_provider.account service_provider.sub_account"


@pytest.mark.seed("S2-09")
def test_a_user_is_subordinate_to_the_service_provider_that_was_selected(boss, site):
    choices = boss.get("/users/new/").options("Service Provider")
    assert list(choices) == ["Northwind Telecom", "Qwyzzle Telecom"]

    page = add(boss, home=choices["Northwind Telecom"])

    assert page.row("Dora Day")["Service Provider"] == "Northwind Telecom"


@pytest.mark.seed("S2-10")
def test_the_user_name_is_entered_and_is_what_one_signs_in_with(nora, site):
    password = nora.get("/users/new/").control("Password")["value"]
    add(nora, user_name="dora.day", password=password)

    page = site.visitor().sign_in("dora.day", password)

    assert page.heading == "Choose a new password"


@pytest.mark.seed("S2-11")
def test_the_password_is_generated_anew_each_time_and_in_sight(nora):
    first, second = (nora.get("/users/new/").control("Password") for _ in range(2))

    assert first["type"] == "text"
    assert len(first["value"]) >= 20
    assert first["value"] != second["value"]


@pytest.mark.seed("S2-12")
def test_the_generated_password_can_be_edited_before_the_user_is_saved(nora, site):
    page = add(nora, password="a few unrelated words indeed")

    assert page.messages == ["dora was added."]
    assert site.visitor().sign_in("dora", "a few unrelated words indeed").heading == "Choose a new password"


@pytest.mark.seed("S2-12")
def test_a_password_that_is_easy_to_guess_is_refused_by_the_field(nora, site):
    page = add(nora, password="short")

    assert page.status == 422
    assert page.problems[0].startswith("Password: ")
    assert page.control("User Name")["value"] == "dora"


@pytest.mark.seed("S2-13")
def test_first_and_last_name_are_two_fields(nora, site):
    page = add(nora, first_name="Dora Maria", last_name="de la Day")

    assert page.messages == ["dora was added."]
    assert "Dora Maria de la Day" in page.names


@pytest.mark.seed("S2-15")
def test_a_contact_phone_number_is_kept_and_shown(nora):
    add(nora, phone="+44 20 7183 8752")

    assert nora.get("/users/?cols=phone").row("Dora Day")["Phone"] == "+44 20 7183 8752"


@pytest.mark.seed("S2-16")
def test_the_roles_on_offer_differ_by_service_provider(boss, site):
    offered = {home: boss.get(f"/users/roles/?home={home}").json["roles"] for home in (NORTH, SOUTH)}
    labels = {home: {role["label"] for role in roles} for home, roles in offered.items()}

    assert labels[SOUTH] - labels[NORTH] == {"Qwyzzle_Own"}
    assert labels[NORTH] < labels[SOUTH]


@pytest.mark.seed("S2-16")
def test_a_role_of_another_service_provider_is_refused(boss, site):
    before = site.everything()

    page = add(boss, role=NEIGHBOURS_ROLE)

    assert page.status == 422
    assert page.problems == ["User Role: That role does not exist here. Choose one from the list."]
    assert site.everything() == before


@pytest.mark.seed("S2-17")
def test_a_user_gets_access_to_the_platform_accounts_that_were_selected(nora, site):
    found = nora.get(f"/users/ajax/lookup/?kind=service_provider.account&home={NORTH}&q=line").json["results"]
    assert [place["label"] for place in found] == ["Amber Line", "Birch Line"]

    add(nora, role=PLATFORM_USER, **{ACCOUNTS: [place["id"] for place in map(lambda place: {"id": str(place["id"])}, found)]})
    form = nora.get(nora.get("/users/").link("Dora Day"))

    tokens = [token.first("bdi").text for token in form.tree.all("li", class_="token")]
    assert tokens == ["Amber Line", "Birch Line"]
    new = next(int(row["data-id"]) for row in nora.get("/users/").rows if row["data-name"] == "Dora Day")
    site.world.session.rollback()
    assert {held for held in site.world.held(new) if held[0] != "member"} == {(PLATFORM_USER, AMBER), (PLATFORM_USER, BIRCH)}


@pytest.mark.seed("S2-17")
def test_a_role_for_platform_accounts_needs_at_least_one_of_them(nora, site):
    page = add(nora, role=PLATFORM_ADMINISTRATOR)

    assert page.status == 422
    assert page.problems[0].startswith("Platform Accounts: ")


def test_the_words_of_the_deployment_are_on_the_page_to_sign_in_on(site: Site):
    page = site.visitor().get("/sign-in")

    assert page.tree.first("button", type="submit").text == "Sign In"
    assert ADMINISTRATOR in site.panel.registry.roles
    assert PASSWORD not in page.html
