"""Policies at clients and at events (seed 004), without scripts."""

import pytest
from sqlalchemy import func, select

from bo_panel.domain.access import MEMBER
from bo_panel.domain.units import UnitPath
from bo_panel.models import ChangeSet
from bo_panel.queries.access import access_of
from bo_panel.services.changes import policy_of
from tests.browsing import Page, Visitor
from tests.site import Site
from tests.tickets import BOX, CARL, CLIENT, EVA, EVENT, HERBST, LUNA, OTHER, SOMMER, THEIRS
from tests.tickets import BOX_OFFICE as BOX_OFFICE_ROLE

DOOR, MANAGER, BOX_OFFICE = (f"event_tickets.{preset}" for preset in ("event_door", "event_manager", "event_box_office"))
ORDERS, GUESTS, SCANNING = (f"event_tickets.{key}" for key in ("orders", "guest_list", "scanning"))


def policy(browser: Visitor, user: int, unit: int, more: str = "") -> Page:
    return browser.get(f"/users/policy/?id={user}&unit={unit}{more}")


def ticked(page: Page) -> dict[str, str]:
    """Return the highest level that is ticked, by resource."""
    rows = {row["data-ladder"]: [box["value"] for box in row.all("input", type="checkbox") if "checked" in box] for row in ladders(page)}
    return {key: levels[-1] for key, levels in rows.items() if levels}


def users_of(browser: Visitor, unit: int) -> Page:
    """Follow the link to the users of a client or an event on its own page."""
    head = browser.get(f"/units/show/?id={unit}").tree.first("div", class_="page-head")
    return browser.get(next(link["href"] for link in head.all("a") if link.text == "Users"))


def ladders(page: Page) -> list:
    return page.tree.all("div", class_="levels-row")


def state(page: Page) -> str:
    return page.tree.first("output").text


def save(browser: Visitor, page: Page, **levels: str | list[str]) -> Page:
    return browser.submit(page, "/users/policy/", **{f"level:event_tickets.{key}": value for key, value in levels.items()})


def pencils(page: Page) -> dict[str, str]:
    """Return where the pencil in each row leads, by the name of the person."""
    return {row["data-name"]: link["href"] for row in page.rows for link in row.all("a") if "person-policy" in link["class"]}


def may(site: Site, user: int, resource: str, level: str, *path: int) -> bool:
    site.world.session.rollback()
    return access_of(site.world.session, user, site.panel.registry, site.world.now).allows(resource, level, UnitPath.of(1, *path))


@pytest.mark.seed("S4-10")
@pytest.mark.seed("S4-16")
def test_the_users_of_a_client_and_those_of_an_event_are_listed_from_its_own_page(tickets):
    carl = tickets.visitor("carl@luna.example")
    assert carl.get("/").menu["Manage"][0] == "Users"

    client, event = users_of(carl, LUNA), users_of(carl, SOMMER)
    assert client.names == ["Carl Client", "Eva Event", "Box One"]
    assert event.names == ["Eva Event", "Box One"]
    assert users_of(carl, HERBST).names == []


@pytest.mark.seed("S4-16")
@pytest.mark.seed("S4-19")
def test_the_pencil_next_to_the_address_opens_the_policy_at_the_level_of_the_list(tickets):
    carl = tickets.visitor("carl@luna.example")
    at_event = carl.get(f"/users/?home={SOMMER}")
    row = next(row for row in at_event.rows if row["data-name"] == "Box One")
    who = row.first("div", class_="person")
    assert ("box1@luna.example" in who.text, who.first("a", class_="btn")["title"]) == (True, "Edit Policy")
    assert pencils(at_event) == {"Eva Event": f"/users/policy/?id={EVA}&unit={SOMMER}", "Box One": f"/users/policy/?id={BOX}&unit={SOMMER}"}
    assert pencils(carl.get(f"/users/?home={LUNA}"))["Eva Event"] == f"/users/policy/?id={EVA}&unit={LUNA}"

    page = carl.get(pencils(at_event)["Box One"])
    assert (page.heading, ticked(page)[ORDERS]) == ("Edit Policy", "create")
    assert "Summer Night" in page.text and "Saving takes the place of: Box Office." in page.text
    assert "Carl Client" not in pencils(at_event)


@pytest.mark.seed("S4-17")
def test_a_policy_at_a_client_covers_all_its_events_and_can_give_more(tickets):
    carl = tickets.visitor("carl@luna.example")
    page = policy(carl, EVA, LUNA)
    keys = {row["data-ladder"] for row in ladders(page)}
    assert {"event_tickets.settlements", "event_tickets.branding", "event_tickets.campaigns", ORDERS} <= keys

    assert save(carl, page, orders=["view", "edit"], campaigns="edit").messages == ["Eva Event was saved."]
    assert all(may(tickets, EVA, ORDERS, "edit", LUNA, event) for event in (SOMMER, HERBST))
    assert not may(tickets, EVA, ORDERS, "view", OTHER, THEIRS)
    later = tickets.world.unit("Winter Ball", kind=EVENT, below=LUNA)
    assert may(tickets, EVA, ORDERS, "edit", LUNA, later)


@pytest.mark.seed("S4-18")
def test_a_policy_at_an_event_holds_there_only_and_has_much_less_in_it(tickets):
    carl = tickets.visitor("carl@luna.example")
    page = policy(carl, BOX, SOMMER)
    keys, at_client = {row["data-ladder"] for row in ladders(page)}, {row["data-ladder"] for row in ladders(policy(carl, EVA, LUNA))}
    assert at_client - keys == {"event_tickets.settlements", "event_tickets.branding", "event_tickets.campaigns"}
    assert keys < at_client

    save(carl, page, orders=["view", "edit", "create", "delete"])
    assert may(tickets, BOX, ORDERS, "delete", LUNA, SOMMER)
    assert not may(tickets, BOX, ORDERS, "view", LUNA, HERBST) and not may(tickets, BOX, ORDERS, "view", LUNA)

    forged = carl.post(f"/users/policy/?id={BOX}&unit={SOMMER}", {"csrf_token": carl.token(), "level:event_tickets.settlements": "edit"})
    assert (forged.status, forged.codes) == (422, ["field.unknown"])


@pytest.mark.seed("S4-20")
def test_a_preset_at_the_top_fills_the_policy_in(tickets):
    carl = tickets.visitor("carl@luna.example")
    page = policy(carl, BOX, SOMMER)
    select = page.control("Preset")
    assert [option.text for option in select.all("option")] == ["Choose…", "Event Manager", "Box Office", "Door staff"]
    assert [option.text for option in policy(carl, EVA, LUNA).control("Preset").all("option")][1:] == ["Everything", "Marketing", "Finance"]

    filled = policy(carl, BOX, SOMMER, f"&preset={DOOR}")
    assert (state(filled), ticked(filled)) == ("Door staff", {GUESTS: "view", SCANNING: "scan"})
    assert ticked(policy(carl, BOX, SOMMER))[ORDERS] == "create", "nothing is saved before it is saved"
    saved = carl.submit(filled, "/users/policy/")
    assert saved.row("Box One")["Policy"] == "Door staff"
    assert state(policy(carl, BOX, SOMMER)) == "Door staff"


@pytest.mark.seed("S4-21")
def test_items_are_changed_after_a_preset_and_the_page_and_the_list_say_so(tickets):
    carl = tickets.visitor("carl@luna.example")
    saved = save(carl, policy(carl, BOX, SOMMER, f"&preset={DOOR}"), orders="view")
    assert saved.row("Box One")["Policy"] == "Door staff + changes"
    again = policy(carl, BOX, SOMMER)
    assert (state(again), ticked(again)) == ("Door staff + changes", {ORDERS: "view", GUESTS: "view", SCANNING: "scan"})
    assert next(option for option in again.control("Preset").all("option") if "selected" in option).text == "Door staff"

    assert save(carl, policy(carl, EVA, LUNA), orders="view").row("Eva Event")["Policy"] == "Policy Event Manager"


@pytest.mark.seed("S4-22")
def test_a_box_to_the_right_includes_those_before_it_and_clearing_one_clears_those_after_it(tickets):
    carl = tickets.visitor("carl@luna.example")
    page = policy(carl, EVA, LUNA)
    row = next(row for row in ladders(page) if row["data-ladder"] == ORDERS)
    assert [label.text for label in row.all("label")] == ["View", "Edit", "Create", "Delete"]

    save(carl, page, orders="edit")
    assert may(tickets, EVA, ORDERS, "view", LUNA) and may(tickets, EVA, ORDERS, "edit", LUNA)
    save(carl, policy(carl, EVA, LUNA), orders="edit", sales="view")
    assert not may(tickets, EVA, ORDERS, "view", LUNA), "View was cleared"
    assert may(tickets, EVA, "event_tickets.sales", "view", LUNA)


def test_a_policy_of_nothing_takes_everything_at_the_place_and_an_undo_gives_it_back(tickets):
    carl = tickets.visitor("carl@luna.example")
    none = {f"level:{row['data-ladder']}": [] for row in ladders(policy(carl, BOX, SOMMER))}
    page = carl.submit(policy(carl, BOX, SOMMER), "/users/policy/", **none)
    assert tickets.world.held(BOX) == {(MEMBER, SOMMER)}
    taken = tickets.world.session.scalars(select(func.max(ChangeSet.id))).one()
    carl.submit(carl.get(f"/jobs/undo/?change_set={taken}"), "/jobs/undo/")
    tickets.world.session.rollback()
    assert tickets.world.held(BOX) == {(MEMBER, SOMMER), (BOX_OFFICE_ROLE, SOMMER)}
    assert page.names == ["Eva Event", "Box One"]


def test_only_what_is_ones_own_can_be_ticked_given_and_taken(tickets):
    eva = tickets.visitor("eva@luna.example")
    page = policy(eva, BOX, SOMMER)
    open_boxes = {row["data-ladder"]: [box["value"] for box in row.all("input", type="checkbox") if "disabled" not in box] for row in ladders(page)}
    assert (open_boxes[SCANNING], open_boxes["users"], open_boxes["event_tickets.sales"]) == (["scan", "override"], ["view", "edit"], ["view"])

    before = tickets.everything()
    refused = save(eva, page, sales=["view", "export"], orders="view")
    assert (refused.status, refused.codes) == (403, ["access.ceiling"])
    assert ticked(refused)["event_tickets.sales"] == "export", "nothing that was chosen is lost"
    assert tickets.everything() == before


def test_ones_own_policy_and_that_of_somebody_above_are_shown_and_not_changed(tickets):
    eva, carl = tickets.visitor("eva@luna.example"), tickets.visitor("carl@luna.example")
    own = policy(eva, EVA, SOMMER)
    assert "This is your own account." in own.text and not [button for button in own.tree.all("button") if button.text == "Update"]
    assert carl.post(f"/users/policy/?id={CARL}&unit={LUNA}", {"csrf_token": carl.token(), "version": "1"}).status in (403, 409)


def test_of_a_guest_nobody_is_led_to_what_only_his_home_explains(tickets):
    eva = tickets.visitor("eva@luna.example")
    for user, explained in ((BOX, True), (CARL, False)):
        links = [link["href"] for link in policy(eva, user, SOMMER).tree.all("a") if link.text == "Access explained"]
        assert [eva.get(link).status for link in links] == [200] * explained


def test_addresses_of_others_lead_nowhere(tickets):
    carl, stranger = tickets.visitor("carl@luna.example"), tickets.visitor("x@other.example")
    for address in (f"id={BOX}&unit={THEIRS}", f"id={BOX}&unit=x", f"id=999&unit={SOMMER}", "", f"id={BOX}", f"id={BOX}&unit=1"):
        assert carl.get(f"/users/policy/?{address}").status == 404, address
    assert policy(stranger, BOX, SOMMER).status == 404
    assert carl.get(f"/users/policy/?id={BOX}&unit={SOMMER}&preset=nonsense").status == 200
    assert tickets.visitor("box1@luna.example").get(f"/users/policy/?id={EVA}&unit={SOMMER}").status == 403


def test_who_saves_a_policy_that_somebody_else_saved_meanwhile_is_told_so(tickets):
    carl = tickets.visitor("carl@luna.example")
    page = policy(carl, BOX, SOMMER)
    save(carl, page, orders="view")

    stale = save(carl, page, orders=["view", "edit"])
    assert (stale.status, stale.codes) == (409, ["user.stale"])
    assert save(carl, stale).messages == ["Box One was saved."]


def test_what_a_policy_gives_is_explained_and_on_the_audit_log(tickets):
    carl = tickets.visitor("carl@luna.example")
    save(carl, policy(carl, BOX, SOMMER, f"&preset={DOOR}"), orders="view")

    explained = carl.get(policy(carl, BOX, SOMMER).link("Access explained"))
    assert "Door staff + changes" in explained.text
    log = carl.get("/audit/")
    assert "Door staff + changes" in log.text and "Guest list" in log.text
    assert "policy:" not in log.text + explained.text + carl.get(f"/users/edit/?id={BOX}").text + carl.get("/users/").text


def test_a_policy_is_called_after_what_it_started_from(tickets):
    registry = tickets.panel.registry
    door = dict(registry.presets[DOOR].levels)

    def named(levels: dict[str, str], preset: str, kind: str) -> tuple[str, str]:
        found = policy_of(registry, levels, preset, kind)
        return found.label, found.preset

    assert named(door, DOOR, EVENT) == ("Door staff", DOOR)
    assert named({**door, "users": "view"}, DOOR, EVENT) == ("Door staff + changes", DOOR)
    assert named(door, "", EVENT) == named(door, DOOR, CLIENT) == named(door, "nonsense", EVENT) == ("Policy", "")
