"""The plugin `event_tickets`: ladders, presets, and more at a client than at an event."""

from pathlib import Path

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import upgrade
from bo_panel.domain.access import OWNER, at_or_below
from bo_panel.hooks.host import Host
from bo_panel.settings import load
from bo_panel.testing import World
from bo_panel.testing.passwords import CheapHasher
from bo_panel.web.current import db
from tests.browsing import PASSWORD, Visitor
from tests.site import application

CLIENT, EVENT = "event_tickets.client", "event_tickets.event"


@pytest.fixture
def host() -> Host:
    return Host.compile(load("event_tickets", {}))


def test_events_stand_below_clients(host: Host) -> None:
    assert [kind.key for kind in host.registry.kinds_below("root")] == [CLIENT]
    assert [kind.key for kind in host.registry.kinds_below(CLIENT)] == [EVENT]


def test_a_higher_level_includes_those_below_it(host: Host) -> None:
    catalogue = host.registry.catalogue

    assert at_or_below(catalogue.vector({"event_tickets.orders": "view"}), catalogue.vector({"event_tickets.orders": "edit"}))


def test_presets_of_events_give_less_than_those_of_clients(host: Host) -> None:
    registry = host.registry
    everything = registry.catalogue.vector(registry.presets["event_tickets.client_everything"].levels)
    of_events = [preset for preset in registry.presets.values() if preset.unit_kind == EVENT]

    assert [preset.label for preset in of_events] == ["Event Manager", "Box Office", "Door staff"]
    for preset in of_events:
        gives = registry.catalogue.vector(preset.levels)
        assert at_or_below(gives, everything)
        assert not at_or_below(everything, gives)


def test_what_exists_at_clients_only_is_in_no_preset_of_an_event(host: Host) -> None:
    registry = host.registry
    at_clients_only = {key for key, resource in registry.resources.items() if resource.unit_kinds == (CLIENT,)}

    assert at_clients_only == {"event_tickets.settlements", "event_tickets.branding", "event_tickets.campaigns"}
    for preset in registry.presets.values():
        assert preset.unit_kind == CLIENT or at_clients_only.isdisjoint(preset.levels)


def test_people_sign_in_by_email(host: Host) -> None:
    settings = load("event_tickets", {})

    assert settings.sign_in.by == ("email",)
    assert settings.users.email_required


def test_where_a_policy_is_given_is_said_above_the_users_and_what_is_for_clients_only_beneath_the_roles(tmp_path: Path) -> None:
    settings = load("event_tickets", {"DATABASE_URL": f"sqlite:///{tmp_path / 'panel.db'}", "SECRET_KEY": "a key for tests only, of some length"})
    panel = Panel.start(settings, hasher=CheapHasher())
    upgrade(panel)
    with panel.session() as session:
        World(panel, session).user("bo", (OWNER, 1), password=PASSWORD, email="bo@platform.example")
    app = application(panel)
    browser = Visitor(app)
    browser.sign_in("bo@platform.example")

    assert "A client, or one event?" in browser.get("/users/").text
    assert "Settlements, branding and campaigns exist at clients only." in browser.get("/roles/").text
    with app.app_context():
        db.engine.dispose()
    panel.database.dispose()
