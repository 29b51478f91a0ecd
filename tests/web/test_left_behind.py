"""A plugin that is taken out leaves its units, roles and tables: nothing comes of them, and every page works."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, text, update

from bo_panel.bootstrap import Panel
from bo_panel.cli.plugin_health import left_by_plugins
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.policies import policy_key
from bo_panel.models import Grant, PluginSwitch, Role, UnitFeature, User
from bo_panel.services.engine import writing
from bo_panel.settings import load
from bo_panel.testing import StillClock
from bo_panel.testing.passwords import CheapHasher
from bo_panel.web.current import db
from tests.browsing import Visitor
from tests.site import ADA, AMBER, CEDAR_ONE, NORTH, SAM, Site, application
from tests.tickets import BOX, SOMMER, tickets  # noqa: F401 fixtures
from tests.web.test_statements import PAGES

LEFT = "(left by a plugin that is not installed)"


@pytest.fixture
def without(site: Site) -> Iterator[Site]:
    """The data of one deployment behind the pages of another, which has none of its plugins."""
    url = site.panel.database.url.render_as_string(hide_password=False)
    settings = load("event_tickets", {"DATABASE_URL": url, "SECRET_KEY": "a key for tests only, of some length"})
    panel = Panel.start(settings, clock=StillClock(), hasher=CheapHasher())
    found = Site(panel, site.world, application(panel))
    yield found
    with found.app.app_context():
        db.engine.dispose()
    panel.database.dispose()


@pytest.fixture
def owner(without: Site) -> Visitor:
    browser = Visitor(without.app)
    browser.sign_in("bo@platform.example")
    return browser


def test_every_page_works(without: Site, owner: Visitor) -> None:
    answered = {address: owner.get(address).status for address in (*PAGES, f"/users/edit/?id={SAM}", f"/units/show/?id={CEDAR_ONE}")}

    assert {address: status for address, status in answered.items() if status not in (200, 403, 404)} == {}
    assert answered[f"/users/edit/?id={ADA}"] == answered[f"/units/show/?id={AMBER}"] == 200


def test_what_was_left_is_shown_as_that(owner: Visitor) -> None:
    assert f"service_provider.platform_administrator {LEFT}" in owner.get("/users/?search=ada").row("Ada Clarke")["Policy"]
    assert f"service_provider.account {LEFT}" in owner.get(f"/units/show/?id={AMBER}").text
    assert f"service_provider.provider {LEFT}" in owner.get("/units/").text


def test_it_gives_nothing(without: Site) -> None:
    nora = Visitor(without.app)
    page = nora.sign_in("nora@north.example")

    assert "Users" not in page.links()
    assert nora.get("/users/").status == 403


def test_people_can_still_be_looked_after(without: Site, owner: Visitor) -> None:
    form = owner.get(f"/users/edit/?id={ADA}")
    saved = owner.submit(form, "/users/edit/", first_name="Augusta")
    assert saved.problems == []
    owner.act(owner.get("/users/"), "disable", SAM, confirmed=True)

    assert without.user(ADA).first_name == "Augusta"
    assert without.user(SAM).status is Status.DISABLED
    assert ("service_provider.platform_administrator", AMBER) in without.world.held(ADA)
    assert owner.get(f"/units/new/?id={NORTH}").status in (200, 403, 404, 409)


def test_doctor_counts_it(without: Site, site: Site) -> None:
    with site.panel.database.begin() as connection:
        connection.execute(text("CREATE TABLE p_people_member (id INTEGER)"))
    try:
        finding = left_by_plugins(SimpleNamespace(panel=lambda: without.panel))  # type: ignore[arg-type]
        still = left_by_plugins(SimpleNamespace(panel=lambda: site.panel))  # type: ignore[arg-type]
    finally:
        with site.panel.database.begin() as connection:
            connection.execute(text("DROP TABLE p_people_member"))

    with writing(site.world.session):
        site.world.session.add(UnitFeature(unit_id=AMBER, key="fleet.vans", enabled=True))
        site.world.session.add(PluginSwitch(plugin="fleet", unit_id=AMBER, on=False))
        site.world.session.execute(update(User).where(User.id.in_((ADA, SAM))).values(profile={"fleet.badge": "B 7", "fleet.size": "M"}))
    kept = left_by_plugins(SimpleNamespace(panel=lambda: site.panel))  # type: ignore[arg-type]
    assert kept.says.startswith("values of profile fields: 4; features of units: 1; switches of plugins at units: 1, which")
    assert finding.state == still.state == "warn"
    assert finding.says.startswith("grants of roles: 10; units of kinds: 8; tables: p_people_member, which")
    assert still.says.startswith("tables: p_people_member, which")


def test_what_is_left_of_a_policy_is_told_and_kept_by_who_saves_it(tickets: Site) -> None:  # noqa: F811
    levels = {"gone.stuff": "edit", "users": "view"}
    key = policy_key(levels, "", "Policy")
    with writing(tickets.world.session):
        tickets.world.session.add(Role(key=key, label="Policy", levels=levels, preset="", unit_kinds=[], created_at=tickets.world.now))
        tickets.world.session.execute(delete(Grant).where(Grant.user_id == BOX, Grant.unit_id == SOMMER))
    tickets.world.grant(BOX, key, SOMMER)
    carl = tickets.visitor("carl@luna.example")
    page = carl.get(f"/users/policy/?id={BOX}&unit={SOMMER}")
    assert "Left by a plugin that is not installed, and kept until everything is taken: gone.stuff: edit." in page.text

    assert carl.submit(page, "/users/policy/").messages
    assert (key, SOMMER) in tickets.world.held(BOX)
    saved = carl.submit(carl.get(f"/users/policy/?id={BOX}&unit={SOMMER}"), "/users/policy/", **{"level:event_tickets.orders": "view"})
    assert saved.messages
    tickets.world.session.rollback()
    assert (policy_key({**levels, "event_tickets.orders": "view"}, "", "Policy"), SOMMER) in tickets.world.held(BOX)
