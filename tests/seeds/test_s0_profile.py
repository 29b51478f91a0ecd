"""The profile form of an organization (seed 000): its own editor, its own fields, a member number of its own."""

import pytest

from tests.office import HALL, MIMI, NADJA, NEXT_DOOR

EDITOR = "/profile-fields/"


def add(browser, label, **more):
    return browser.submit(browser.get(f"{EDITOR}add/"), f"{EDITOR}add/", label=label, **more)


@pytest.mark.seed("S0-14")
@pytest.mark.seed("S0-16")
def test_custom_profile_fields_open_the_form_editor_of_one_s_own_organization(olga, office):
    page = olga.get(olga.get("/users/").link("User Profile Form Editor"))

    assert page.heading == "User Profile Form Editor"
    assert "everybody at home at Concert Hall" in page.text
    add(olga, "Instrument")
    nadja = office.visitor("nadja")
    assert "everybody at home at Next Door" in nadja.get(EDITOR).text
    assert "Instrument" not in nadja.get(EDITOR).text
    assert "Instrument" not in nadja.get(f"/users/edit/?id={NADJA}").labels()
    assert nadja.get(f"{EDITOR}?unit={HALL}").status == 404
    assert olga.get(f"{EDITOR}?unit={NEXT_DOOR}").status == 404


@pytest.mark.seed("S0-15")
def test_fields_are_added_put_in_order_edited_and_removed_and_hold_for_users_and_members(olga, office):
    add(olga, "Instrument", type="one_of", choices="Violin\nHorn")
    add(olga, "Shirt size")
    mine = office.own_field("Instrument")
    olga.submit(olga.get(f"/users/edit/?id={MIMI}"), "/users/edit/", **{mine: "Horn"})
    assert office.user(MIMI).profile == {mine[8:]: "Horn"}
    page = olga.get("/users/new/")
    assert page.labels().index("Instrument") < page.labels().index("Shirt size")

    forms = [form for form in olga.get(EDITOR).tree.all("form") if "/move/" in form["action"]]
    olga.post(forms[1]["action"], {"csrf_token": olga.token(), "to": "up"})
    page = olga.get("/users/new/")
    assert page.labels().index("Shirt size") < page.labels().index("Instrument")
    edit, remove = (
        next(link["href"] for link in olga.get(EDITOR).tree.all("a") if link["aria-label"] == f"{what} Instrument") for what in ("Edit", "Remove")
    )
    olga.submit(olga.get(edit), f"{EDITOR}edit/", label="Plays", choices="Violin\nHorn\nHarp")
    assert "Harp" in olga.get(f"/users/edit/?id={MIMI}").options("Plays")
    olga.post(remove, {"csrf_token": olga.token()})
    assert "Plays" not in olga.get(f"/users/edit/?id={MIMI}").labels()
    assert office.user(MIMI).profile == {mine[8:]: "Horn"}


@pytest.mark.seed("S0-46")
def test_an_organization_may_have_member_numbers_and_no_two_of_them_are_the_same(olga, office):
    add(olga, "Member number", rules=["unique", "searchable"])
    number = office.own_field("Member number")
    assert olga.submit(olga.get(f"/users/edit/?id={MIMI}"), "/users/edit/", **{number: "M-1"}).messages
    greg = olga.get("/users/?search=greg").rows[0]["data-id"]
    refused = olga.submit(olga.get(f"/users/edit/?id={greg}"), "/users/edit/", **{number: "m-1"})

    assert refused.problems == ["Member number: Somebody else has this already. Enter another."]
    assert olga.get("/users/?search=M-1").names == ["Mimi Moss"]
