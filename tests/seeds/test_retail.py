"""The back office of a retail company (seed 001), walked through without scripts; what needs a browser is in tests/journeys."""

import pytest
from sqlalchemy import select

from bo_panel.domain.access import OWNER
from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit, User
from bo_panel.queries.access import access_of
from tests.browsing import PASSWORD, Page, Visitor
from tests.seeds.places import tokens
from tests.shop import ADAM, ADMINISTRATOR, ANALYST, CITY, COAST, FOUNDER, LARCH, OLIVIA, PIA, PRICING, RUTH, STORE, UNIT
from tests.site import Site

NEW = {"user_name": "dora", "first_name": "Dora", "last_name": "Day", "email": "dora@larch.example", "role": ADMINISTRATOR}
UNITS = f"units:{UNIT}"


def add(browser: Visitor, **values: str | list[str]) -> Page:
    page = browser.get("/users/new/")
    return browser.submit(page, "/users/new/", **{**NEW, **values})


def delete(browser: Visitor, *user_ids: int) -> Page:
    return browser.act(browser.get("/users/"), "delete", *user_ids, confirmed=True)


def partner(shop: Site) -> Visitor:
    """Return a second owner of the company, signed in."""
    columns = {"home": LARCH, "password": PASSWORD, "email": "otto@larch.example"}
    shop.world.user("otto", (OWNER, LARCH), id=31, **columns, first_name="Otto", last_name="Oak")
    return shop.visitor("otto")


def id_of(shop: Site, name: str) -> int:
    shop.world.session.rollback()
    return shop.world.session.scalars(select(User.id).where(User.user_name == name, User.deleted_at.is_(None))).one()


def may(shop: Site, user_id: int, resource: str, level: str) -> set[str]:
    """Return the names of the units of the company where somebody may do something."""
    shop.world.session.rollback()
    access = access_of(shop.world.session, user_id, shop.panel.registry, shop.world.now)
    units = shop.world.session.execute(select(Unit.name, Unit.path).where(Unit.id >= LARCH)).all()
    return {name for name, path in units if access.allows(resource, level, UnitPath(path))}


@pytest.mark.seed("S1-01")
def test_users_are_managed_under_employees_users(olivia: Visitor):
    page = olivia.get("/")

    assert page.menu["Employees"][0] == "Users"
    assert olivia.get(page.link("Users")).heading == "Users"


@pytest.mark.seed("S1-02")
def test_the_list_has_all_who_have_access_to_the_back_office_and_nobody_else(olivia: Visitor):
    assert olivia.get("/users/").names == ["Adam Ash", "Olivia Larch", "Pia Pine", "Ruth Rowan"]


@pytest.mark.seed("S1-03")
def test_users_are_added_edited_and_deleted(olivia: Visitor, shop: Site):
    page = olivia.get("/users/")
    assert page.link("+New") == "/users/new/"
    assert {key for key, action in page.actions().items() if action["in_toolbar"]} == {"edit", "delete"}
    assert [page.actions()[key]["label"] for key in ("edit", "delete")] == ["Edit", "Delete"]

    add(olivia)
    dora = id_of(shop, "dora")
    olivia.submit(olivia.get(f"/users/edit/?id={dora}"), "/users/edit/", last_name="Dean")
    assert "Dora Dean" in olivia.get("/users/").names
    assert delete(olivia, dora).messages == ["1 user deleted."]
    assert "Dora Dean" not in olivia.get("/users/").names


@pytest.mark.seed("S1-05")
def test_the_new_button_leads_to_a_screen_of_its_own(olivia: Visitor):
    page = olivia.get(olivia.get("/users/").link("+New"))

    assert (page.path, page.heading) == ("/users/new/", "New user")


@pytest.mark.seed("S1-06")
@pytest.mark.parametrize("typed", ["", "dora", "dora@", "dora at larch.example"])
def test_a_valid_email_address_has_to_be_assigned(olivia: Visitor, shop: Site, typed: str):
    before = shop.everything()

    page = add(olivia, email=typed)

    assert page.status == 422
    assert page.problems[0].startswith("E-mail address: Enter an e-mail address")
    assert page.control("First name")["value"] == "Dora"
    assert shop.everything() == before


@pytest.mark.seed("S1-07")
def test_a_new_user_gets_a_password_that_the_system_made(olivia: Visitor, shop: Site):
    assert olivia.get("/users/new/").form("/users/new/").all("input", name="password") == []

    page = add(olivia)
    password = page.tree.first("code", class_="mono").text

    assert len(password) >= 20
    assert shop.visitor().sign_in("dora@larch.example", password).heading == "Choose a new password"


@pytest.mark.seed("S1-08")
def test_first_and_last_name_are_assigned(olivia: Visitor):
    add(olivia, first_name="Dora Maria", last_name="de la Day")

    assert "Dora Maria de la Day" in olivia.get("/users/").names


@pytest.mark.seed("S1-09")
def test_the_role_decides_which_permissions_a_user_has(olivia: Visitor, shop: Site):
    assert list(olivia.get("/users/new/").options("User role")) == ["Owner", "Administrator", "Manager", "Price Changes", "Reporting"]
    everywhere = {"Larch Foods", "City", "Coast", "City One", "Coast One"}

    add(olivia)
    dora = id_of(shop, "dora")
    assert may(shop, dora, "retail.reporting", "export") == may(shop, dora, "users", "delete") == everywhere

    olivia.submit(olivia.get(f"/users/edit/?id={dora}"), "/users/edit/", role=ANALYST, **{UNITS: "all"})
    assert may(shop, dora, "retail.reporting", "export") == everywhere
    assert may(shop, dora, "users", "view") == may(shop, dora, "retail.prices", "view") == set()


@pytest.mark.seed("S1-10")
def test_a_section_of_the_form_controls_the_access_for_each_organizational_unit(olivia: Visitor, shop: Site):
    found = olivia.get(f"/users/ajax/lookup/?kind={UNIT}&home={LARCH}&q=c").json["results"]
    assert [place["label"] for place in found] == ["City", "Coast"]

    add(olivia, role=ANALYST, **{UNITS: [str(CITY)]})
    form = olivia.get(olivia.get("/users/").link("Dora Day"))
    assert tokens(form, "Organizational Units") == ["City"]
    assert "Access" in [heading.text for heading in form.tree.all("h2")]

    olivia.submit(form, "/users/edit/", **{UNITS: [str(CITY), str(COAST)]})
    assert tokens(olivia.get(form.url), "Organizational Units") == ["City", "Coast"]
    assert may(shop, id_of(shop, "dora"), "retail.reporting", "view") == {"City", "City One", "Coast", "Coast One"}


@pytest.mark.seed("S1-11")
def test_price_changes_are_limited_to_one_organizational_unit_and_reporting_to_another(olivia: Visitor, shop: Site):
    assert may(shop, PIA, "retail.prices", "change") == {"City", "City One"}
    assert may(shop, PIA, "retail.reporting", "view") == set()
    assert may(shop, RUTH, "retail.reporting", "export") == {"Coast", "Coast One"}
    assert may(shop, RUTH, "retail.prices", "view") == set()

    olivia.submit(olivia.get(f"/users/edit/?id={PIA}"), "/users/edit/", **{UNITS: [str(COAST)]})

    assert may(shop, PIA, "retail.prices", "change") == {"Coast", "Coast One"}
    explained = olivia.get(f"/users/access/?id={PIA}&unit={CITY}")
    assert "Price changes" in explained.text


@pytest.mark.seed("S1-10", "S1-11")
def test_somebody_may_do_something_else_at_each_organizational_unit(olivia: Visitor, shop: Site):
    add(olivia, role=ANALYST, **{UNITS: [str(CITY), str(COAST)]})
    dora = id_of(shop, "dora")

    page = olivia.get(f"/users/?home={COAST}")
    assert page.names == ["Dora Day", "Ruth Rowan"]
    pencil = next(link["href"] for link in page.tree.all("a") if link["aria-label"] == "Edit access here: Dora Day")
    form = olivia.get(pencil)
    assert [option.text for option in form.control("Preset").all("option")][1:] == ["Reporting", "Price Changes", "Reporting and Price Changes"]
    saved = olivia.submit(olivia.get(f"{pencil}&preset=retail.unit_prices"), "/users/policy/")
    assert saved.messages == ["Dora Day was saved."]

    assert may(shop, dora, "retail.reporting", "view") == {"City", "City One"}
    assert may(shop, dora, "retail.prices", "change") == {"Coast", "Coast One"}
    assert olivia.get(f"/users/edit/?id={dora}").status == 200


@pytest.mark.seed("S1-11")
def test_one_store_can_be_chosen_too(olivia: Visitor, shop: Site):
    store = olivia.get(f"/users/ajax/lookup/?kind={STORE}&home={LARCH}&q=coast").json["results"][0]["id"]

    add(olivia, role=PRICING, **{f"units:{STORE}": [str(store)]})

    assert may(shop, id_of(shop, "dora"), "retail.prices", "change") == {"Coast One"}


@pytest.mark.seed("S1-14")
def test_the_users_selected_in_the_list_are_deleted_by_the_delete_button(olivia: Visitor):
    page = olivia.get("/users/")
    assert [button.text for button in page.tree.first("div", class_="bulkbar").all("button") if button["data-bulk"]] == ["Edit", "Delete"]

    asked = olivia.act(page, "delete", PIA, RUTH)
    assert asked.heading == "Delete 2 users?"
    done = olivia.press(asked, "Yes, delete them!")

    assert done.messages == ["2 users deleted."]
    assert done.names == ["Adam Ash", "Olivia Larch"]


@pytest.mark.seed("S1-15")
def test_whoever_was_deleted_is_out_at_the_next_click_and_cannot_sign_in_again(olivia: Visitor, shop: Site):
    adam = shop.visitor("adam")
    assert adam.get("/users/").heading == "Users"

    delete(olivia, ADAM)

    assert adam.get("/users/").path == "/sign-in"
    assert shop.world.sessions(ADAM) == 0
    for name in ("adam", "adam@larch.example"):
        assert shop.visitor().sign_in(name).path == "/sign-in"


@pytest.mark.seed("S1-16")
def test_whoever_signed_the_company_up_cannot_be_deleted(shop: Site):
    second = partner(shop)
    assert "Signed Larch Foods up" in second.get(f"/users/edit/?id={OLIVIA}").text

    page = delete(second, OLIVIA, PIA)

    assert page.messages[0].startswith("1 user deleted.")
    assert "This account signed up the place that it belongs to" in page.text
    assert "user.founder" in page.text
    assert page.names == ["Adam Ash", "Olivia Larch", "Otto Oak", "Ruth Rowan"]


@pytest.mark.seed("S1-17")
def test_but_the_email_address_can_be_changed(olivia: Visitor, shop: Site):
    page = olivia.submit(olivia.get(f"/users/edit/?id={OLIVIA}"), "/users/edit/", email="olivia@elsewhere.example")

    assert page.messages == ["Olivia Larch was saved."]
    assert shop.user(OLIVIA).email == "olivia@elsewhere.example"


@pytest.mark.seed("S1-18")
def test_after_that_the_user_can_be_removed_and_made_anew(shop: Site):
    second = partner(shop)
    second.submit(second.get(f"/users/edit/?id={OLIVIA}"), "/users/edit/", email="olivia@elsewhere.example")

    assert delete(second, OLIVIA).messages == ["1 user deleted."]

    add(second, user_name="olivia", first_name="Oliver", last_name="Larch", email=FOUNDER)
    assert second.get("/users/").names == ["Adam Ash", "Oliver Larch", "Otto Oak", "Pia Pine", "Ruth Rowan"]


def test_the_last_owner_stays_whatever_his_address_is(olivia: Visitor, shop: Site):
    olivia.submit(olivia.get(f"/users/edit/?id={OLIVIA}"), "/users/edit/", email="olivia@elsewhere.example")
    shop.world.user("boss", (OWNER, 1), home=1, password=PASSWORD, email="boss@platform.example")

    assert "unit.last_owner" in delete(shop.visitor("boss"), OLIVIA).text


@pytest.mark.seed("S1-19")
def test_a_user_is_selected_and_edited_by_the_edit_button(olivia: Visitor, shop: Site):
    form = olivia.act(olivia.get("/users/"), "edit", PIA)
    assert form.heading == "Pia Pine Active"

    olivia.submit(form, "/users/edit/", last_name="Poplar")

    assert shop.user(PIA).last_name == "Poplar"


@pytest.mark.seed("S1-20")
def test_a_row_tells_the_browser_that_a_click_selects_it_and_where_a_double_click_leads(olivia: Visitor):
    page = olivia.get("/users/")

    assert page.tree.first("table", class_="grid")["data-click"] == "select"
    assert [row["data-href"] for row in page.rows][:1] == [f"/users/edit/?id={ADAM}"]


@pytest.mark.seed("S1-23")
def test_the_password_is_changed_by_the_current_one_and_the_new_one_twice(olivia: Visitor, shop: Site):
    page = olivia.get(olivia.get("/users/").link("My account"))
    typed = {"current": PASSWORD, "new": "four words of no relation", "repeat": "four words of no relation"}

    for wrong in ({"current": "not it at all, really"}, {"repeat": "four words of some relation"}):
        assert olivia.submit(page, "/account/password/", **{**typed, **wrong}).status == 422
    assert olivia.submit(page, "/account/password/", **typed).messages == ["Your password was changed. Every other session was ended."]

    assert shop.visitor().sign_in("olivia").path == "/sign-in"
    assert shop.visitor().sign_in("olivia", typed["new"]).heading == "Hello, Olivia"


def test_what_the_deployment_does_not_offer_is_not_beside_the_form_either(olivia: Visitor):
    beside = olivia.get(f"/users/edit/?id={PIA}").tree.first("aside")
    assert [button.text for button in beside.all("button") if button["name"] == "action"] == ["Delete"]
