"""Two service providers next door: whoever administers one sees, finds and changes nothing of the other."""

from itertools import product

import pytest

from bo_panel.domain.pages import Place
from tests.browsing import Page, Visitor
from tests.site import (
    ADA,
    ADMINISTRATOR,
    AMBER,
    BOSS,
    CEDAR,
    GUEST,
    NEIGHBOURS_ROLE,
    NORA,
    NORTH,
    PLATFORM_USER,
    SALLY,
    SENTINEL,
    SOUTH,
    SUPPORT,
    SVEN,
    Site,
)

ACCOUNTS = "units:service_provider.account"
LOOKING = (
    "/",
    "/users/",
    "/users/?sort=user_name&size=100&cols=home&cols=email&cols=phone&cols=id&cols=last_sign_in",
    f"/users/?home={SOUTH}",
    f"/users/?home={CEDAR}",
    f"/users/?role={NEIGHBOURS_ROLE}",
    "/users/?search=sven",
    "/users/?search=0142",
    f"/users/?sort=id&after={Place(SALLY + 1, SALLY + 1).text()}",
    f"/users/?before={Place('sven', SVEN + 1).text()}",
    "/users/?last=1",
    "/units/",
    "/units/?search=telecom",
    f"/units/show/?id={NORTH}",
    f"/units/parents/?id={AMBER}&q=telecom",
    f"/users/access/?id={ADA}",
    f"/users/access/?id={ADA}&unit={AMBER}",
    "/users/access/places/?q=telecom",
    "/roles/",
    f"/audit/?unit={SOUTH}",
    f"/audit/?unit={CEDAR}",
    "/users/new/",
    f"/users/new/?home={SOUTH}",
    f"/users/edit/?id={SVEN}",
    f"/users/edit/?id={SALLY}",
    f"/users/edit/?id={GUEST}",
    f"/users/edit/?id={BOSS}",
    "/users/ajax/lookup/?kind=home",
    "/users/ajax/lookup/?kind=home&q=q",
    f"/users/ajax/lookup/?kind=service_provider.account&home={SOUTH}",
    f"/users/ajax/lookup/?kind=service_provider.provider&home={SOUTH}",
    "/users/ajax/lookup/?kind=service_provider.account&home=1",
    f"/users/ajax/lookup/?kind=service_provider.sub_account&home={CEDAR}",
    f"/users/roles/?home={SOUTH}",
    "/users/roles/?home=1",
    "/audit/",
    "/audit/?search=sven",
    "/audit/?event=users.edited",
    "/audit/?search=sally",
    "/account/",
)


def shows_the_neighbour(page: Page, but: str = "-") -> bool:
    """Return whether anything of the neighbour is on a page, apart from the address that was asked for, and what a notice repeats of it."""
    read = page.html.replace("&amp;", "&").replace(but, "").replace(f": {but.partition('?')[2]}.", "").casefold()
    return SENTINEL.casefold() in read or "5550142" in read


@pytest.fixture
def history(site: Site) -> None:
    """Something happened in both places."""
    boss = site.visitor("boss")
    for user_id in (SVEN, SALLY, ADA, GUEST):
        page = boss.submit(
            boss.get(f"/users/edit/?id={user_id}"), "/users/edit/", first_name=f"{SENTINEL}x" if user_id in (SVEN, SALLY) else "Changed"
        )
        assert page.status == 200, page.problems
    assert shows_the_neighbour(boss.get("/audit/"))


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", ["nora", "sam", "ada"])
def test_no_page_shows_anything_of_the_neighbour(site, name):
    browser = site.visitor(name)

    for address in LOOKING:
        page = browser.get(address)
        assert page.status in (200, 403, 404), address
        assert not shows_the_neighbour(page, but=address), address


def test_the_neighbours_own_administrator_does_see_it(site):
    browser = site.visitor("sven")

    assert shows_the_neighbour(browser.get("/users/"))
    assert browser.get(f"/users/edit/?id={SALLY}").status == 200


def test_a_neighbour_cannot_be_opened_or_saved_and_does_not_exist(nora, site):
    before, form = site.everything(), {"csrf_token": nora.token(), "version": "1", "first_name": "Taken"}

    for user_id in (SVEN, SALLY, BOSS, 999, 0):
        opened, saved = nora.get(f"/users/edit/?id={user_id}"), nora.post(f"/users/edit/?id={user_id}", form)
        assert [(page.status, page.codes) for page in (opened, saved)] == [(404, ["not_found"])] * 2, user_id

    assert site.everything() == before


def test_no_action_reaches_a_neighbour_nor_whoever_is_named_beside_him(nora, site):
    before, token = site.everything(), nora.token()

    for case in product(("disable", "enable", "delete", "disable_enable", "edit", ""), ([SVEN], [ADA, SVEN], [SALLY, BOSS]), ("1", "")):
        action, ids, confirmed = case
        page = nora.post("/users/action/", {"csrf_token": token, "action": action, "ids": [str(one) for one in ids], "confirmed": confirmed})
        assert (page.status, page.codes) == (404, ["not_found"]), case

    assert site.everything() == before
    assert site.user(ADA).status.value == site.user(SVEN).status.value == "active"


def test_several_users_are_not_edited_when_one_of_them_is_a_neighbour(nora, site):
    before = site.everything()

    page = nora.post("/users/several/", {"csrf_token": nora.token(), "ids": [str(ADA), str(SVEN)], "phone": "+442071838799"})

    assert (page.status, page.codes) == (404, ["not_found"])
    assert site.everything() == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"home": str(SOUTH)}, 422),
        ({"home": "1"}, 422),
        ({"home": str(CEDAR)}, 422),
        ({"role": NEIGHBOURS_ROLE}, 422),
        ({"role": "owner"}, 403),
        ({"role": PLATFORM_USER, ACCOUNTS: [str(CEDAR)]}, 422),
        ({"role": PLATFORM_USER, ACCOUNTS: [str(AMBER), str(CEDAR)]}, 422),
    ],
    ids=str,
)
def test_nobody_is_added_at_the_neighbours_or_with_what_is_theirs(nora, site, changed, code):
    before = site.everything()
    form = nora.get("/users/new/")

    page = nora.submit(form, "/users/new/", **{"home": str(NORTH), "user_name": "dora", "role": SUPPORT, **changed})

    assert page.status == code
    assert not shows_the_neighbour(page) or changed.get("role") == NEIGHBOURS_ROLE
    assert site.everything() == before


@pytest.mark.parametrize(
    "changed",
    [{"role": NEIGHBOURS_ROLE}, {"role": ADMINISTRATOR, "home": str(SOUTH)}, {"role": PLATFORM_USER, ACCOUNTS: [str(CEDAR)]}, {"role": "owner"}],
    ids=str,
)
def test_nobody_is_moved_to_the_neighbours_by_an_edit(nora, site, changed):
    before, held = site.everything(), site.world.held(ADA)

    page = nora.submit(nora.get(f"/users/edit/?id={ADA}"), "/users/edit/", **changed)

    assert page.status in (403, 422)
    assert site.everything() == before
    site.world.session.rollback()
    assert site.world.held(ADA) == held


def test_a_guest_shows_name_user_name_status_and_what_he_holds_here(nora):
    row = nora.get(
        "/users/?cols=user_name&cols=first_name&cols=last_name&cols=email&cols=phone&cols=home&cols=role&cols=status&cols=last_sign_in&cols=id"
    ).row("Gus Visitor")

    assert {key: text for key, text in row.items() if text and key not in ("", "Actions")} == {
        "Name": "GV Gus Visitor",
        "User Name": "gus",
        "First Name": "Gus",
        "Last Name": "Visitor",
        "User Role": "Platform User",
        "Status": "Active",
    }


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("search=gus", True),
        ("search=visit", True),
        ("search=gu", True),
        ("search=5550142", False),
        (f"search={SENTINEL}", False),
        ("signed_in=never", False),
    ],
)
def test_a_guest_is_found_by_what_is_shown_of_him_only(nora, asked, there):
    assert ("Gus Visitor" in nora.get(f"/users/?{asked}").names) is there


def test_the_form_of_a_guest_shows_no_more_and_changes_only_what_he_holds_here(nora, site):
    page = nora.get(f"/users/edit/?id={GUEST}")
    shown = {label: page.control(label).text for label in page.labels() if page.control(label).tag == "p"}

    assert page.status == 200
    assert not shows_the_neighbour(page)
    assert shown == {"User Name": "gus", "First Name": "Gus", "Last Name": "Visitor"}
    assert [token.first("bdi").text for token in page.tree.all("li", class_="token")] == ["Amber Line"]

    done = nora.submit(page, "/users/edit/", **{ACCOUNTS: ["4"]})
    assert done.messages == ["Gus Visitor was saved."]
    site.world.session.rollback()
    assert site.world.held(GUEST) == {("member", SOUTH), (PLATFORM_USER, CEDAR), (PLATFORM_USER, 4)}


@pytest.mark.parametrize(
    "values",
    [{"email": "taken@north.example"}, {"user_name": "taken"}, {"phone": "+442071838799"}, {"first_name": "Taken"}, {"home": str(NORTH)}],
    ids=str,
)
def test_the_account_of_a_guest_is_not_changed(nora, site, values):
    page = nora.submit(nora.get(f"/users/edit/?id={GUEST}"), "/users/edit/", **values)

    assert (page.status, page.codes) == (403, ["user.not_at_home"])
    assert (site.user(GUEST).user_name, site.user(GUEST).home_id) == ("gus", SOUTH)


@pytest.mark.parametrize(("action", "done"), [("disable", "disabled"), ("delete", "deleted")])
def test_a_guest_is_not_shut_out(nora, site, action, done):
    page = nora.act(nora.get("/users/"), action, GUEST, confirmed=True)

    assert page.messages == ["1 was left alone. This account is at home elsewhere. Ask an administrator of its home. (user.not_at_home)"]
    assert site.user(GUEST).status.value == "active"
    assert f"users.{done}" not in site.trail(GUEST)


def test_an_account_of_a_neighbour_can_be_seen_taken_but_not_whose_it_is(nora, site):
    page = nora.submit(nora.get("/users/new/"), "/users/new/", home=str(NORTH), user_name="Sven", role=SUPPORT)

    assert page.problems == ["User Name: This user name is already taken. Choose another."]
    assert not shows_the_neighbour(page)


def test_who_lost_everything_here_is_told_that_it_does_not_exist(site: Site):
    browser: Visitor = site.visitor("sam")
    assert browser.get(f"/users/edit/?id={NORA}").status == 403
    assert browser.post("/users/action/", {"csrf_token": browser.token(), "action": "disable", "ids": str(ADA)}).status == 403
