"""The page of the plugins: what each brings, how it fares, where it failed; for whoever may look at them at the root."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bo_panel.hooks.hookspecs import DOCTOR, OBJECT
from bo_panel.sdk import Finding, Level
from bo_panel.services.engine import writing
from bo_panel.testing.world import ROOT_ID
from tests.browsing import PASSWORD
from tests.site import ADA, AMBER, NORTH, Site, application

NAME = "service_provider"
SHOW = f"/plugins/show/?name={NAME}"


def beside(site: Site, hook: str, call: Callable[..., Any]) -> Site:
    """Return the pages of the same panel where one plugin does this when the hook is called."""
    panel = replace(site.panel, host=replace(site.panel.host, callers={hook: ((NAME, call),)}))
    site.others.append(application(panel))
    return replace(site, panel=panel, app=site.others[-1])


def fail(**_given: Any) -> list[Any]:
    raise ValueError("hunter2")


def test_the_list_says_what_each_brings(boss):
    page = boss.get("/plugins/")

    assert page.heading == "Plugins"
    assert "Plugins" in page.menu["Oversight"]
    assert "3 unit kinds" in page.text
    assert "Works" in page.text
    assert boss.get(page.link(NAME)).heading == NAME


def test_one_shows_what_it_is_and_all_that_it_declares(boss):
    page = boss.get(SHOW)

    facts = {fact.first("dt").text: fact.first("dd").text for fact in page.tree.first("dl").all("div")}
    assert facts["Comes from"] == f"plugins/{NAME}"
    assert facts["Migrations"] == "It has no tables"
    assert "bo_field_rules" in facts["Hooks"]
    assert [table.first("summary").text for table in page.tree.all("details", class_="brought")][:2] == ["Unit kinds 3", "Resources 4"]
    assert "Service Provider Administrator" in page.text


@pytest.mark.parametrize("address", ["/plugins/show/", "/plugins/show/?name=nobody", "/plugins/show/?name=%00&name=x"])
def test_a_plugin_that_is_not_there_is_not_found(boss, address):
    assert boss.get(address).status == 404


def test_who_may_look_at_plugins_beneath_the_root_only_is_not_offered_the_page(site: Site, nora):
    site.world.role("looker", {"plugins": "view"})
    site.world.user("lou", ("looker", NORTH), home=NORTH, password=PASSWORD)
    site.world.user("liz", ("looker", ROOT_ID), home=ROOT_ID, password=PASSWORD)

    for browser in (nora, site.visitor("lou")):
        assert "Plugins" not in browser.get("/").links()
        assert [browser.get(address).status for address in ("/plugins/", SHOW)] == [403, 403]
    assert site.visitor("liz").get(SHOW).status == 200


def test_where_a_plugin_failed_is_on_its_page_and_what_it_said_is_not(site: Site):
    boss = beside(site, OBJECT, fail).visitor("boss")

    refused = boss.act(boss.get("/users/"), "disable", ADA, confirmed=True)
    assert f"The plugin {NAME} failed while checking this" in refused.text

    page = boss.get(SHOW)
    assert "ValueError at" in page.text
    assert "bo_object · once" in page.text
    assert "hunter2" not in page.html
    assert "Failed of late" in boss.get("/plugins/").text


def test_what_a_plugin_finds_is_on_its_page_as_text(site: Site):
    found = Finding(Level.ERROR, "<img src=x onerror=alert(1)> is away.")
    page = beside(site, DOCTOR, lambda: [[found]]).visitor("boss").get(SHOW)

    assert "<img src=x onerror=alert(1)> is away." in page.text
    assert not page.tree.all("img")
    assert "Broken" in page.text


def test_the_list_asks_no_plugin(site: Site):
    found = beside(site, DOCTOR, fail)
    found.visitor("boss").get("/plugins/")

    assert not found.panel.host.faults


@pytest.fixture
def switchable(site: Site) -> Site:
    """The pages of the same panel, with its plugin made one that can be switched."""
    registry = replace(site.panel.registry, plugins=tuple(replace(plugin, per_unit=True) for plugin in site.panel.registry.plugins))
    panel = replace(site.panel, host=replace(site.panel.host, registry=registry))
    site.others.append(application(panel))
    return replace(site, panel=panel, app=site.others[-1])


def test_a_plugin_is_switched_off_and_on_for_a_unit_from_its_page(switchable: Site):
    boss = switchable.visitor("boss")
    roles = f"/users/roles/?home={NORTH}"
    before = boss.get(roles, headers={"Accept": "application/json"}).json
    [link] = [node["href"] for node in boss.get(f"/units/show/?id={NORTH}").tree.first("main").all("a") if node.text == "Plugins"]
    page = boss.get(link)
    assert page.heading == "Plugins at Northwind Telecom"

    done = boss.submit(page, "/plugins/switch/", state="off")
    assert done.messages == [f"{NAME} is off at Northwind Telecom."]
    assert boss.get(roles, headers={"Accept": "application/json"}).json != before
    assert "Service Provider Support" not in boss.get(f"/users/new/?home={NORTH}").options("User Role")
    assert "Northwind Telecom" in boss.get(SHOW).tree.first("main").text
    beneath = boss.get(f"/plugins/at/?unit={AMBER}")
    assert "Off above" in beneath.text
    assert [form for form in beneath.tree.all("form") if form["action"] == "/plugins/switch/"] == []
    assert "Switched a plugin" in boss.get("/audit/").text

    boss.submit(done, "/plugins/switch/", state="on")
    assert boss.get(roles, headers={"Accept": "application/json"}).json == before


def test_who_may_switch_beneath_the_root_sees_the_places_and_nothing_of_the_code(switchable: Site):
    switchable.world.role("switcher", {"plugins": "edit"})
    switchable.world.user("lou", ("switcher", AMBER), home=NORTH, password=PASSWORD)
    lou = switchable.visitor("lou")
    page = lou.get("/plugins/")

    assert "Plugins" in page.menu["Oversight"]
    assert NAME not in page.text
    assert lou.get(page.link("Amber Line")).heading == "Plugins at Amber Line"
    assert lou.get(SHOW).status == 403
    assert [lou.get(f"/plugins/at/{query}").status for query in (f"?unit={NORTH}", "", "?unit=x")] == [404] * 3


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"plugin": NAME, "unit": str(NORTH), "state": "maybe"}, 422),
        ({"plugin": "nobody", "unit": str(NORTH), "state": "off"}, 404),
        ({"plugin": NAME, "unit": "999999", "state": "off"}, 404),
        ({"plugin": "\x00" * 200, "unit": str(NORTH), "state": "off"}, 404),
        ({}, 404),
    ],
)
def test_a_crafted_switch_is_refused(switchable: Site, values: dict[str, str], status: int):
    boss = switchable.visitor("boss")

    assert boss.post("/plugins/switch/", {"csrf_token": boss.token(), **values}).status == status


def test_one_that_cannot_be_switched_is_not(site: Site, boss):
    values = {"csrf_token": boss.token(), "plugin": NAME, "unit": str(NORTH), "state": "off"}

    assert boss.post("/plugins/switch/", values).status == 404
    assert "Plugins" not in boss.get(f"/units/show/?id={NORTH}").tree.first("main").text
    assert site.panel.registry.switchable == ()


def test_a_plugin_that_the_database_is_ahead_of_is_shown_with_what_to_do(site: Site, tmp_path: Path):
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    plugins = tuple(replace(plugin, folder=tmp_path) for plugin in site.panel.registry.plugins)
    found = replace(site, panel=replace(site.panel, host=replace(site.panel.host, registry=replace(site.panel.registry, plugins=plugins))))
    found.others.append(application(found.panel))
    with writing(site.world.session):
        site.world.session.execute(text(f"CREATE TABLE alembic_version_p_{NAME} (version_num VARCHAR(32) NOT NULL)"))
        site.world.session.execute(text(f"INSERT INTO alembic_version_p_{NAME} VALUES ('later_0009')"))

    page = replace(found, app=found.others[-1]).visitor("boss").get(SHOW)

    assert page.status == 200
    assert "the database knows a revision that this version does not have. Install the version that was there before" in page.text
