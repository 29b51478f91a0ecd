"""What helps whoever administers a ticket office (seed 000): finding by id, which tool is for what, old accounts, and why somebody cannot sign in."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bo_panel.domain.lifecycle import Status
from bo_panel.models import Attempt, Credential, User
from bo_panel.services.engine import writing
from bo_panel.services.sign_in.throttle import of_account
from tests.browsing import Visitor
from tests.office import ADMINISTRATOR, ANNE, GREG, HALL, MIMI, NADJA, PERSON, PETE, held

SIGNING_IN = "Signing in"


def about(browser: Visitor, user_id: int) -> str:
    """Return what stands beside the form of somebody."""
    return browser.get(f"/users/edit/?id={user_id}").tree.first("aside").text


@pytest.mark.seed("S0-26")
def test_the_id_is_shown_copied_and_searched_for(anne):
    assert anne.get("/users/").row("Greg Gold")["ID"] == str(GREG)
    button = next(node for node in anne.get(f"/users/edit/?id={GREG}").tree.all("button") if "data-copy" in node)
    assert (button["data-copy"], button["aria-label"]) == (str(GREG), "Copy the ID")
    for text in (f"id:{GREG}", f" ID: {GREG} ", f"%23{GREG}", f"id:000{GREG}"):
        assert anne.get(f"/users/?search={text}").names == ["Greg Gold"], text
    assert anne.get(f"/users/?search=id:{GREG}&status=disabled").names == []
    assert anne.get(f"/users/?search=id:{GREG}&sort=-last_sign_in").names == ["Greg Gold"]
    assert anne.get(f"/users/?search=id:{NADJA}").names == []
    for odd in ("id:", "id:0", "id:x", "id:" + "9" * 40, "#", "id:1 2"):
        assert anne.get("/users/", query_string={"search": odd}).names == []


@pytest.mark.seed("S0-26")
def test_a_plain_number_leads_to_the_user_with_that_id(anne):
    page = anne.get(f"/users/?search={MIMI}&status=active")
    found = anne.get(page.link(f"Show the user with this ID: id:{MIMI}"))

    assert found.names == ["Mimi Moss"]
    assert "status=active" in found.url
    assert "Show the user with this ID" not in anne.get("/users/?search=mimi").text


def test_an_id_is_exported_and_acted_on_as_it_is_listed(anne, office):
    sent = {"csrf_token": anne.token(), "format": "csv", "cols": ["user_name"], "search": f"id:{GREG}"}
    assert anne.post("/users/export/", sent).response.text.splitlines()[1:] == ["Greg Gold,greg"]
    assert "1 user" in anne.get(f"/users/all/?search=id:{GREG}&action=disable").text


@pytest.mark.seed("S0-51")
def test_the_list_says_which_tool_is_for_what_and_the_editor_has_what_it_promises(anne):
    page = anne.get("/users/")
    tools = page.tree.first("details", class_="notice")
    heads = [node.text for node in tools.all("dt")]
    assert heads == ["Add Single User / Member", "Edit Account", "User Profile Form Editor", "Deactivate"]
    assert "a new person" in tools.text and "type, contact details, status, finance access or scanner access" in tools.text

    editor = anne.get(f"/users/edit/?id={GREG}")
    assert {"User Type", "Email", "Mobile", "Username", "Additional access"} <= set(editor.labels())
    assert {"Finance access", "Ticket scanning"} <= {node.text for node in editor.tree.first("ul", class_="toggles").all("bdi")}
    assert "Deactivate" in [button.text for button in editor.tree.all("button")]


@pytest.mark.seed("S0-64")
def test_the_guidance_leads_to_accounts_that_nobody_used_for_long_to_deactivate_them(anne, office):
    with writing(office.world.session):
        long_ago = office.world.now - timedelta(days=100)
        office.world.session.execute(update(User).where(User.id == GREG).values(last_sign_in=long_ago))
    tools = anne.get("/users/").tree.first("details", class_="notice")
    old, never = (link["href"] for link in tools.all("a"))

    page = anne.get(old)
    assert page.names == ["Greg Gold"]
    assert set(anne.get(never).names) == {"Mimi Moss", "Olga Owen", "Pete Poole"}
    anne.press(anne.act(page, "disable", GREG), "Yes, deactivate it!")
    assert office.user(GREG).status is Status.DISABLED
    assert anne.get(old).names == []


@pytest.mark.seed("S0-58")
def test_the_editor_says_why_somebody_cannot_sign_in(anne, office):
    assert "Can sign in, as greg or greg@example.com." in about(anne, GREG)

    anne.post("/users/action/", {"csrf_token": anne.token(), "action": "disable", "confirmed": "1", "ids": str(GREG)})
    assert "The account is Inactive. To let them in again: Activate." in about(anne, GREG)
    with writing(office.world.session):
        office.world.session.execute(update(Credential).where(Credential.user_id == MIMI).values(must_change=True))
    assert "A new password has to be chosen at the next sign-in." in about(anne, MIMI)
    office.world.user("nell", (PERSON, HALL), home=HALL, id=40)
    assert "The account has no password to sign in with." in about(anne, 40)


@pytest.mark.seed("S0-58")
@pytest.mark.parametrize("name", ["pete", "Pete@Example.com"])
def test_the_editor_says_when_too_many_wrong_passwords_were_tried(anne, office, name):
    for _try in range(office.panel.settings.sign_in.attempts_per_account + 1):
        office.visitor().sign_in(name, "wrong, and long enough")
    until = office.world.now + timedelta(minutes=office.panel.settings.sign_in.block_minutes)

    said = about(anne, PETE)
    assert "Too many wrong passwords were tried with this name from one address." in said
    assert f"Sign-in from there is possible again {until:%Y-%m-%d %H:%M}" in said and "Can sign in, as pete" in said
    assert "Too many" not in about(anne, MIMI)

    with writing(office.world.session):
        office.world.session.execute(update(Attempt).where(Attempt.key == of_account(name)).values(blocked_until=until))
    said = about(anne, PETE)
    assert f"Too many wrong passwords were tried with this name. Sign-in is possible again {until:%Y-%m-%d %H:%M}" in said
    assert "from one address" not in said and "Can sign in" not in said


def test_several_are_given_a_type_a_toggle_and_a_field_after_a_question(olga, office):
    page = olga.act(olga.get("/users/"), "edit", GREG, MIMI)
    assert page.labels()[1:] == ["Mobile", "User Type", "Finance access", "Ticket scanning", "Scan override"]
    asked = olga.submit(page, "/users/several/", role=ADMINISTRATOR, **{"switch:toggle:ticketing.finance_access": "on"})
    for sentence in ("Group Leader becomes Administrator.", "Member becomes Administrator.", "Finance access is switched on."):
        assert sentence in asked.text
    assert held(office, MIMI) == {PERSON}

    done = olga.submit(asked, "/users/several/")
    assert done.messages == ["2 users were changed."]
    assert held(office, MIMI) == held(office, GREG) == {ADMINISTRATOR, "toggle:ticketing.finance_access"}

    page = olga.act(olga.get("/users/"), "edit", ANNE, MIMI)
    olga.submit(olga.submit(page, "/users/several/", **{"switch:toggle:ticketing.finance_access": "off"}), "/users/several/")
    assert held(office, MIMI) == held(office, ANNE) == {ADMINISTRATOR}


def test_a_toggle_that_does_not_go_with_the_type_of_one_of_them_changes_nobody(olga, office):
    page = olga.act(olga.get("/users/"), "edit", PETE, MIMI)
    asked = olga.submit(page, "/users/several/", **{"switch:toggle:ticketing.finance_access": "on"})
    refused = olga.submit(asked, "/users/several/")

    assert refused.status == 409 and "does not go with that type" in refused.text
    assert refused.control("Finance access").first("option", value="on")["selected"] is not None
    assert held(office, MIMI) == {PERSON}


def test_nobody_is_offered_a_switch_that_is_not_his(anne, office):
    page = anne.act(anne.get("/users/"), "edit", GREG, MIMI)
    assert "Scan override" not in page.labels()
    refused = anne.submit(page, "/users/several/", **{"switch:toggle:ticketing.scan_override": "on"})
    assert refused.status == 422 and held(office, MIMI) == {PERSON}
