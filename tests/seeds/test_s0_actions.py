"""The actions of a ticket office (seed 000): the tools of the account, and what takes somebody down to the lowest access."""

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from bo_panel.domain.lifecycle import Status
from bo_panel.models import User
from bo_panel.services.changes import SwitchPlugin
from bo_panel.services.engine import writing
from bo_panel.settings.sections import Jobs
from tests.browsing import PASSWORD, Page, Visitor
from tests.office import ADMINISTRATOR, ANNE, FINANCE, GREG, GROUP_LEADER, HALL, MIMI, NADJA, NEXT_DOOR, OLGA, PERSON, PETE, SCAN_POS, held
from tests.site import application

ACTION, YES = "ticketing.scan_pos_only", "Yes, only scanning and selling!"


def tools(page: Page) -> dict[str, str]:
    return {link.text: link["href"] for link in page.tree.first("div", id="bulk-menu").all("a")}


def act(browser: Visitor, *ids: int, **more: str) -> Page:
    form = {"csrf_token": browser.token(), "action": ACTION, "confirmed": "1", "ids": [str(user_id) for user_id in ids]}
    return browser.post("/users/action/", {**form, **more})


@pytest.mark.seed("S0-07")
@pytest.mark.seed("S0-09")
@pytest.mark.seed("S0-12")
@pytest.mark.seed("S0-14")
def test_the_menu_of_actions_leads_to_the_tools_of_the_account(anne):
    found = tools(anne.get("/users/"))

    assert list(found) == ["Add Single User / Member", "Export Users", "Custom Profile Fields"]
    assert [anne.get(url).status for url in found.values()] == [200, 200, 200]
    assert anne.get(found["Custom Profile Fields"]).heading == "User Profile Form Editor"


@pytest.mark.seed("S0-57")
@pytest.mark.seed("S0-63")
def test_somebody_is_taken_down_to_scanning_and_selling_from_his_row(olga, office):
    page = olga.get("/users/")
    offered = {row["data-name"]: ACTION in row["data-allowed"].split() for row in page.rows}
    assert offered == {"Anne Adams": True, "Greg Gold": True, "Mimi Moss": True, "Olga Owen": False, "Pete Poole": False}
    assert page.actions()[ACTION]["title_one"] == "Make {name} a QR Scan / POS Operator Only?"

    asked = olga.act(page, ACTION, ANNE)
    assert asked.heading == "Make Anne Adams a QR Scan / POS Operator Only?" and "finance access" in asked.text
    done = olga.press(asked, YES)
    assert "1 user was changed." in done.messages
    assert held(office, ANNE) == {SCAN_POS}
    assert office.trail(ANNE) == ["access.changed"] * 3
    assert "Changed the access" in olga.get("/audit/").text

    olga.submit(done, "/jobs/undo/")
    assert held(office, ANNE) == {ADMINISTRATOR, FINANCE}


def test_it_is_done_beside_the_form_of_one_and_from_the_menu_of_a_row_without_scripts(olga, office):
    form = olga.get(f"/users/edit/?id={GREG}")
    assert any(button.text == "Scan / POS only" for button in form.tree.first("aside").all("button"))
    assert not any(button.text == "Scan / POS only" for button in olga.get(f"/users/edit/?id={PETE}").tree.all("button"))

    chosen = olga.submit(olga.get("/users/"), "/users/action/", row=str(GREG))
    olga.press(olga.press(chosen, "Scan / POS only"), YES)
    assert held(office, GREG) == {SCAN_POS}


def test_refusals_are_row_by_row_and_say_why(olga, anne, office):
    asked = olga.act(olga.get("/users/"), ACTION, OLGA, GREG, PETE)
    assert "user.not_for_them" in asked.text and "user.own_account" in asked.text
    olga.press(asked, YES)
    assert (held(office, GREG), held(office, PETE)) == ({SCAN_POS}, {SCAN_POS})

    refused = act(anne, MIMI)  # an administrator has neither gate nor till himself
    assert any("access.not_given_there" in message for message in refused.messages)
    assert held(office, MIMI) == {PERSON}
    assert ACTION not in {key for row in anne.get("/users/").rows for key in row["data-allowed"].split()}


def test_nobody_next_door_and_nothing_crafted_is_touched(olga, anne, office):
    assert act(olga, NADJA).status == 404
    assert act(olga, GREG, NADJA).status == 404
    for action in ("ticketing.scan_pos", "ticketing.add", "type:ticketing.scan_pos", "' OR 1=1", "edit.", ""):
        assert act(olga, GREG, action=action).status in (200, 404)
    assert olga.get("/users/all/?action=ticketing.add").status == 200
    assert held(office, GREG) == {GROUP_LEADER}
    assert office.visitor("mimi").get("/users/").status == 403


def test_everybody_who_matches_is_looked_at_done_as_a_job_and_taken_back(office):
    many = [office.world.user(f"many{number}", (PERSON, HALL), home=HALL) for number in range(5)]
    few = office.beside(jobs=Jobs(above=3))
    olga = Visitor(few)
    olga.sign_in("olga")
    page = olga.get(f"/users/all/?role={PERSON}&action={ACTION}")
    assert page.heading == "Make 6 users QR Scan / POS Operators Only?" and "in the background" in page.text

    job = olga.submit(page, "/users/all/run/")
    assert job.heading.startswith("Scan / POS only: 6 users")
    with office.panel.session() as session:
        while office.panel.jobs.work(session):
            pass
    assert [held(office, user_id) for user_id in many] == [{SCAN_POS}] * 5

    olga.submit(olga.get(olga.get(job.url).link("Undo it")), "/jobs/undo/")
    with office.panel.session() as session:
        while office.panel.jobs.work(session):
            pass
    assert [held(office, user_id) for user_id in many] == [{PERSON}] * 5


def test_the_last_account_owner_and_those_who_may_not_sign_in(office):
    office.world.user("boss", ("owner", 1), password="correct horse battery staple")
    office.world.session.rollback()
    boss = office.visitor("boss")
    refused = act(boss, OLGA)
    assert any("unit.last_owner" in message for message in refused.messages)
    assert office.user(OLGA).status is Status.ACTIVE


@pytest.mark.seed("S0-32")
def test_who_stayed_away_is_seen_sorted_and_found_by_days(office, anne):
    for user_id, days in ((GREG, 40), (MIMI, 400)):
        with writing(office.world.session):
            when = office.world.now - timedelta(days=days, hours=1)
            office.world.session.execute(update(User).where(User.id == user_id).values(last_sign_in=when))
    column = "ticketing.days_away"

    page = anne.get(f"/users/?cols={column}&cols=email")
    assert "Days since last login" in page.columns
    days = {name: page.row(name)["Days since last login"] for name in ("Greg Gold", "Mimi Moss", "Pete Poole")}
    assert days == {"Greg Gold": "40", "Mimi Moss": "400", "Pete Poole": ""}
    assert anne.get(f"/users/?sort=-{column}").names[:2] == ["Mimi Moss", "Greg Gold"]
    assert anne.get(f"/users/?{column}=30&cols={column}").names == ["Greg Gold", "Mimi Moss"]
    assert anne.get(f"/users/?{column}=90&sort={column}").names == ["Mimi Moss"]
    for crafted in (f"sort={column}&after=W1wiYSIsIDFd", f"{column}=x", f"{column}=31", f"sort=-{column}x", f"cols={column}'"):
        assert anne.get(f"/users/?{crafted}").status == 200

    small = Visitor(office.beside(users=office.panel.settings.users.model_copy(update={"page_sizes": (2,), "page_size": 2})))
    small.sign_in("anne")
    page, walked = small.get(f"/users/?sort={column}"), []
    while page.names:
        walked += page.names
        after = [node["href"] for node in page.tree.all("a") if node["data-page"] == "next" and "href" in node]
        page = small.get(after[0]) if after else Page(small.get("/users/?search=nobody-at-all").response)
    assert (sorted(walked), walked[-2:]) == (anne.get("/users/").names, ["Greg Gold", "Mimi Moss"])
    export = anne.get(f"/users/export/?cols={column}&{column}=30")
    text = anne.submit(export, "/users/export/", format="csv").response.text
    assert "Days since last login" in text and "Mimi Moss,400" in text and "Pete" not in text


def test_of_guests_the_address_of_a_page_does_not_give_away_what_is_muted(office):
    office.world.user("elsa", (GROUP_LEADER, HALL), home=NEXT_DOOR, first_name="Elsa", last_name="Else")
    with writing(office.world.session):
        when = office.world.now - timedelta(days=4711, hours=1)
        office.world.session.execute(update(User).where(User.user_name == "elsa").values(last_sign_in=when))
        office.world.session.execute(update(User).where(User.id == GREG).values(last_sign_in=office.world.now - timedelta(days=40, hours=1)))
    small = Visitor(office.beside(users=office.panel.settings.users.model_copy(update={"page_sizes": (1,), "page_size": 1})))
    small.sign_in("anne")
    address, walked, places = "/users/?sort=-ticketing.days_away&cols=ticketing.days_away", [], []
    while address:
        page = small.get(address)
        walked += page.names
        after = [node["href"] for node in page.tree.all("a") if node["data-page"] == "next" and "href" in node]
        address = after[0] if after else ""
        places += [parse_qs(urlsplit(address).query)["after"][0]] if after else []

    assert (walked[0], len(walked)) == ("Greg Gold", 6) and "Elsa Else" in walked[1:]
    assert not any("4711" in urlsafe_b64decode(place + "==").decode() for place in places)
    assert "40" in urlsafe_b64decode(places[0] + "==").decode()


def test_it_is_not_offered_where_the_plugin_is_off_nor_for_a_type_held_elsewhere(office):
    registry = office.panel.registry
    registry = replace(registry, plugins=tuple(replace(plugin, per_unit=True) for plugin in registry.plugins))
    site = replace(office, panel=replace(office.panel, host=replace(office.panel.host, registry=registry)))
    office.others.append(application(site.panel))
    site.world.user("ben", ("owner", 1), ("member", 1), password=PASSWORD)
    site.world.user("elsa", (GROUP_LEADER, HALL), home=NEXT_DOOR, first_name="Elsa", last_name="Else")
    boss = replace(site, app=office.others[-1]).visitor("ben")

    def offered() -> set[str]:
        return {row["data-name"] for row in boss.get("/users/").rows if ACTION in row["data-allowed"].split()}

    assert offered() == {"Anne Adams", "Greg Gold", "Mimi Moss"}

    site.panel.engine.run_single(site.world.session, site.world.console, SwitchPlugin(plugin="ticketing", unit_id=HALL, on=False))
    assert offered() == set()
    assert not any(button.text == "Scan / POS only" for button in boss.get(f"/users/edit/?id={GREG}").tree.all("button"))
