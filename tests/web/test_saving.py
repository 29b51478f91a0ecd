"""Two people at one account, plugins that object, and what is told about those that an action left alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from bo_panel.domain.lifecycle import Status
from bo_panel.models import User
from bo_panel.services.engine import writing
from bo_panel.testing import World
from tests.site import (
    ADA,
    ADMINISTRATOR,
    AMBER,
    AMBER_ONE,
    BERT,
    BIRCH,
    CLEO,
    NORA,
    NORTH,
    PLATFORM_ADMINISTRATOR,
    PLATFORM_USER,
    Site,
    application,
)

ACCOUNTS = "units:service_provider.account"


def save(browser, page, **values):
    return browser.submit(page, "/users/edit/", **values)


def test_the_second_of_two_editors_is_shown_what_the_first_one_saved_and_loses_nothing(site, boss, nora):
    mine, theirs = nora.get(f"/users/edit/?id={ADA}"), boss.get(f"/users/edit/?id={ADA}")
    save(boss, theirs, last_name="Lovelace", phone="+442071838799")

    page = save(nora, mine, last_name="King", first_name="Augusta")

    assert page.status == 409
    assert page.title.startswith("Error:")
    assert "Someone else saved this user while you were editing" in page.text and page.codes == ["user.stale"]
    assert "boss saved it just now." in page.text
    compared = [[cell.text for cell in row.all("th", "td")] for row in page.tree.first("table", class_="compare").first("tbody").all("tr")]
    assert compared == [["First Name", "Ada", "Augusta"], ["Last Name", "Lovelace", "King"], ["Phone", "+44 20 7183 8799", "+442071838750"]]
    assert (page.control("First Name")["value"], page.control("Last Name")["value"]) == ("Augusta", "King")
    assert site.user(ADA).last_name == "Lovelace"


def test_saving_again_after_a_conflict_overwrites(site, boss, nora):
    mine, theirs = nora.get(f"/users/edit/?id={ADA}"), boss.get(f"/users/edit/?id={ADA}")
    save(boss, theirs, last_name="Lovelace")

    page = save(nora, save(nora, mine, last_name="King"))

    assert page.messages == ["Ada King was saved."]
    assert site.user(ADA).last_name == "King"


def test_a_conflict_about_roles_and_places_is_shown_by_name(site, boss, nora):
    mine, theirs = nora.get(f"/users/edit/?id={ADA}"), boss.get(f"/users/edit/?id={ADA}")
    save(boss, theirs, role=PLATFORM_USER, **{ACCOUNTS: [str(BIRCH)], "units:service_provider.sub_account": "all"})

    page = save(nora, mine, last_name="King")

    assert page.status == 409
    compared = [[cell.text for cell in row.all("th", "td")] for row in page.tree.first("table", class_="compare").first("tbody").all("tr")]
    assert ["User Role", "Platform User", "Platform Administrator"] in compared
    assert ["Platform Accounts", "Birch Line", "Amber Line"] in compared


def test_who_saved_is_named_and_not_who_did_something_else_since(site, boss, nora):
    mine, theirs = nora.get(f"/users/edit/?id={ADA}"), boss.get(f"/users/edit/?id={ADA}")
    save(boss, theirs, last_name="Lovelace")
    site.visitor("ada")

    page = save(nora, mine, last_name="King")

    assert "boss saved it just now." in page.text


def test_a_conflict_with_somebody_who_was_deleted_meanwhile_says_that_he_is_gone(site, boss, nora):
    mine = nora.get(f"/users/edit/?id={ADA}")
    boss.act(boss.get("/users/"), "delete", ADA, confirmed=True)

    page = save(nora, mine, last_name="King")

    assert (page.status, page.codes) == (404, ["not_found"])


def test_saving_what_was_not_changed_writes_no_event(site, nora):
    page = save(nora, nora.get(f"/users/edit/?id={ADA}"))

    assert page.messages == ["Ada Clarke was saved."]
    assert site.trail(ADA) == []


def test_everything_typed_is_still_in_a_form_that_was_refused(nora, site):
    form = nora.get("/users/new/")
    typed = {"user_name": "ADA", "first_name": "Dora <b>", "last_name": '"Day"', "email": "dora@north.example", "password": "one of my own making"}

    page = nora.submit(form, "/users/new/", home=str(NORTH), role=PLATFORM_USER, **typed, **{ACCOUNTS: [str(AMBER), str(BIRCH)]})

    assert page.status == 409
    assert page.problems == ["User Name: This user name is already taken. Choose another."]
    assert {
        name: page.control(label)["value"] for name, label in zip(typed, ("User Name", "First Name", "Last Name", "Email", "Password"), strict=True)
    } == typed
    assert page.filled(page.form("/users/new/"))["role"] == [PLATFORM_USER]
    assert page.filled(page.form("/users/new/"))[ACCOUNTS] == [str(AMBER), str(BIRCH)]
    assert page.control("User Name")["aria-invalid"] == "true"


def test_what_people_type_is_shown_as_typed_and_never_run(nora, site):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    save(nora, nora.get(f"/users/edit/?id={ADA}"), last_name=evil)

    for address in ("/users/", "/audit/", "/", f"/users/edit/?id={ADA}", "/users/?search=script"):
        page = nora.get(address)
        assert evil in page.html.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&#39;", "'"), address
        assert not [node for node in page.tree.all("img") if node["src"] == "x"], address
        assert not [node for node in page.tree.all("script") if "alert" in node.raw and node["type"] != "application/json"], address


def test_of_a_selection_the_page_says_how_many_were_left_alone_and_why(nora, site):
    with writing(site.world.session):
        site.world.row(CLEO).status = Status.ARCHIVED
    page = nora.act(nora.get("/users/"), "disable", ADA, BERT, CLEO, NORA, confirmed=True)

    assert page.messages[0] == "2 users disabled."
    assert page.messages[1].startswith("2 were left alone. ")
    assert "This is your own account. Ask another administrator to do this. (user.own_account)" in page.messages[1]
    assert "This account's status does not allow it. Reload the list and look again. (user.wrong_state)" in page.messages[1]
    assert [site.user(one).status.value for one in (ADA, BERT, CLEO, NORA)] == ["disabled", "disabled", "archived", "active"]


def test_nobody_shuts_himself_out_nor_lowers_himself(nora, site):
    row = next(row for row in nora.get("/users/").rows if row["data-name"] == "Nora North")
    assert row["data-allowed"] == "edit"

    page = nora.act(nora.get("/users/"), "disable", NORA, confirmed=True)
    assert page.messages == ["1 was left alone. This is your own account. Ask another administrator to do this. (user.own_account)"]

    page = save(nora, nora.get(f"/users/edit/?id={NORA}"), role=PLATFORM_USER, **{ACCOUNTS: [str(AMBER)]})
    assert page.status == 409
    assert "This is your own account. Ask another administrator to do this." in page.text
    site.world.session.rollback()
    assert (ADMINISTRATOR, NORTH) in site.world.held(NORA)


def test_the_last_owner_stays(site, boss):
    olga = site.world.user("olga", ("owner", NORTH), home=NORTH, first_name="Olga", last_name="Owner")
    oscar = site.world.user("oscar", ("owner", NORTH), home=NORTH, first_name="Oscar", last_name="Owner")

    page = boss.act(boss.get("/users/"), "disable", olga, oscar, confirmed=True)

    assert page.messages == [
        "1 user disabled.",
        "1 was left alone. This is the last owner who can sign in. Appoint another owner first, then try again. (unit.last_owner)",
    ]
    assert sorted(site.user(one).status.value for one in (olga, oscar)) == ["active", "disabled"]


def test_a_superior_is_neither_shut_out_nor_taken_over(site):
    ada = site.visitor("ada")
    site.world.user("zoe", (PLATFORM_ADMINISTRATOR, AMBER), home=AMBER, first_name="Zoe", last_name="Zander")
    strong = site.world.user("max", (PLATFORM_USER, AMBER), (ADMINISTRATOR, NORTH), home=AMBER, first_name="Max", last_name="Mighty")

    page = ada.act(ada.get("/users/"), "disable", strong, confirmed=True)
    assert page.messages == ["1 was left alone. This account holds more access than you do. Ask somebody above you. (user.superior)"]

    page = save(ada, ada.get(f"/users/edit/?id={strong}"), email="taken@north.example")
    assert page.status == 403
    assert "This account holds more access than you do. Ask somebody above you." in page.text
    assert site.user(strong).email is None


@pytest.fixture
def grove(panel, world: World):
    """The pages of the test deployment, whose plugin objects to some names and fails at others."""
    area = world.unit("Area", kind="grove.area")
    world.user("boss", ("owner", 1), id=11, password="correct horse battery staple")
    ids = {name: world.user(name, home=area, first_name=name.title(), last_name="Tree") for name in ("holy", "cursed", "oak")}
    settings = panel.settings.model_copy()
    settings._root = Path(__file__).parents[2]  # where the templates are
    found = Site(panel, world, application(replace(panel, settings=settings)))
    yield found, ids
    found.close()


def test_an_objection_of_a_plugin_is_shown_in_its_own_words_and_the_others_are_done(grove):
    site, ids = grove
    browser = site.visitor("boss")

    page = browser.act(browser.get("/users/"), "disable", ids["holy"], ids["oak"], confirmed=True)

    assert page.messages == ["1 user disabled.", "1 was left alone. Holy trees stay. Ask the druid. (plugin.objected)"]
    assert [site.user(ids[name]).status.value for name in ("holy", "oak")] == ["active", "disabled"]


def test_a_plugin_that_fails_stops_what_it_was_asked_about_and_is_named(grove):
    site, ids = grove
    browser = site.visitor("boss")

    page = browser.act(browser.get("/users/"), "disable", ids["cursed"], confirmed=True)

    assert len(page.messages) == 1
    assert "grove" in page.messages[0]
    assert "(plugin.objected)" in page.messages[0]
    assert "spirits" not in page.html
    assert site.user(ids["cursed"]).status.value == "active"


def test_the_form_of_several_shows_only_what_they_can_share(nora):
    form = nora.act(nora.get("/users/"), "edit", ADA, BERT)

    assert form.labels() == ["Back-Office Users", "Phone", "User Role", "Platform Accounts", "Sub-Accounts"]
    assert form.control("Back-Office Users").text == "Bert Brown, Ada Clarke"
    assert form.control("User Role").all("option")[0].text == "Leave unchanged"


def test_several_get_a_role_in_place_of_those_they_held(nora, site):
    form = nora.act(nora.get("/users/"), "edit", ADA, BERT)

    page = nora.submit(form, "/users/several/", role=PLATFORM_USER, **{"units:service_provider.sub_account": [str(AMBER_ONE)]})

    assert page.messages == ["2 users were changed."], page.text
    site.world.session.rollback()
    for user_id in (ADA, BERT):
        assert site.world.held(user_id) == {("member", NORTH), (PLATFORM_USER, AMBER_ONE)}


def test_several_left_unchanged_stay_as_they_are(nora, site):
    before = site.everything()

    page = nora.submit(nora.act(nora.get("/users/"), "edit", ADA, BERT), "/users/several/")

    assert page.messages == ["0 users were changed."]
    assert site.everything() == before


def test_what_is_deleted_frees_its_name(nora, site):
    nora.act(nora.get("/users/"), "delete", ADA, confirmed=True)

    page = nora.submit(nora.get("/users/new/"), "/users/new/", home=str(NORTH), user_name="ada", role="service_provider.support")

    assert page.messages == ["ada was added."]
    site.world.session.rollback()
    assert site.world.session.query(User).filter_by(user_name="ada").count() == 2
