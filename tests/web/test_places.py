"""The fields of places for those who see little, for guests, and in other deployments."""

from pathlib import Path

import pytest

from bo_panel.domain.actors import console
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.host import Host
from bo_panel.queries.roles import RoleBook, StoredRole
from bo_panel.queries.units import Place
from bo_panel.settings import load
from bo_panel.web.users.access import RoleOffer, picker_kinds
from tests.browsing import PASSWORD, Visitor
from tests.seeds.places import ACCOUNTS, SUB_ACCOUNTS, held, is_open, tokens
from tests.site import ACCOUNT, AMBER, AMBER_ONE, AMBER_TWO, BERT, CLEO, GUEST, NORTH, PLATFORM_USER, SUB_ACCOUNT, SUPPORT, Site

CLIENT, EVENT = "event_tickets.client", "event_tickets.event"


def offer(deployment: str, kind: str, **stored: tuple[str, ...]) -> RoleOffer:
    """Return what the owner of everything may give to an account at home in a unit of this kind."""
    root = Path(__file__).parents[1] / "deployment" if deployment == "grove" else None
    settings = load(deployment, {}, root=root) if root else load(deployment, {})
    registry = Host.compile(settings).registry
    own = {key: StoredRole(key, key, {"users": "view"}, kinds, UnitPath.of(1)) for key, kinds in stored.items()}
    home = Place(2, "Home", kind, UnitPath.of(1, 2))
    return RoleOffer(RoleBook(registry, own), console(registry.catalogue).access, home, picker_kinds(registry, settings.users.home_kinds))


def test_what_fits_a_client_and_its_events_is_held_at_some_events_or_at_all():
    at_client, at_event = offer("event_tickets", CLIENT), offer("event_tickets", EVENT)

    assert at_client.kinds("event_tickets.event_manager") == at_client.whole("event_tickets.event_manager") == (EVENT,)
    assert at_client.kinds("event_tickets.client_administrator") == at_client.kinds("owner") == ()
    assert at_event.kinds("event_tickets.event_manager") == ()
    assert at_client.rules("event_tickets.event_manager") == ()


def test_what_can_be_held_anywhere_is_held_at_home():
    at_area = offer("grove", "grove.area", wide=(), narrow=("grove.area", "grove.plot"))

    assert at_area.kinds("grove.editor") == at_area.kinds("owner") == at_area.kinds("wide") == ()
    assert at_area.kinds("grove.corner_keeper") == ("grove.corner",)
    assert at_area.whole("grove.corner_keeper") == ()
    assert at_area.kinds("narrow") == at_area.whole("narrow") == ("grove.plot",)


def sub_administrator(site: Site) -> Visitor:
    """Return somebody, signed in, who administers one sub-account by a role that his provider made."""
    operations = {"service_provider.numbers": "edit", "service_provider.routing": "edit", "service_provider.reports": "view"}
    role = site.world.role("keeper", {**operations, "users": "delete", "units": "view"}, owned_at=NORTH, kinds=(ACCOUNT, SUB_ACCOUNT))
    site.world.user("suba", (role, AMBER_ONE), home=NORTH, password=PASSWORD)
    return site.visitor("suba")


def test_all_sub_accounts_are_on_offer_for_the_roles_of_the_rule():
    found = offer("service_provider", "service_provider.provider", keeper=(ACCOUNT, SUB_ACCOUNT))

    assert found.whole(PLATFORM_USER) == (ACCOUNT, SUB_ACCOUNT)
    assert (found.kinds("keeper"), found.whole("keeper")) == ((ACCOUNT, SUB_ACCOUNT), ())
    assert found.whole(SUPPORT) == ()


def test_who_administers_one_sub_account_gives_it_without_seeing_the_account(site):
    suba = sub_administrator(site)
    form = suba.get(f"/users/edit/?id={CLEO}")
    assert (tokens(form, "Platform Accounts"), tokens(form, "Sub-Accounts")) == ([], ["Amber One"])
    assert is_open(form, "Sub-Accounts")

    assert suba.submit(form, "/users/edit/").messages == ["Cleo Dunn was saved."]
    assert site.trail(CLEO) == []
    page = suba.submit(form, "/users/edit/", **{SUB_ACCOUNTS: [str(AMBER_ONE), str(AMBER_TWO)]})

    assert page.status == 422
    assert held(site, "cleo") == {(PLATFORM_USER, AMBER_ONE)}


def test_a_role_that_is_held_elsewhere_out_of_sight_is_refused_without_saying_where(site):
    suba = sub_administrator(site)
    site.world.grant(CLEO, PLATFORM_USER, AMBER_TWO)
    lena = site.world.user("lena", ("member", AMBER_ONE), (PLATFORM_USER, 4), home=NORTH, first_name="Lena")

    page = suba.submit(suba.get(f"/users/edit/?id={lena}"), "/users/edit/", role=PLATFORM_USER, **{SUB_ACCOUNTS: [str(AMBER_ONE)]})

    assert page.status == 409
    assert page.problems[0].startswith("Platform Accounts: This role is held at another place that does not go with these.")
    assert "Birch" not in page.text
    assert held(site, "lena") == {(PLATFORM_USER, 4)}


def test_a_guest_gets_sub_accounts_here_whatever_he_holds_at_home(nora, site):
    page = nora.submit(nora.get(f"/users/edit/?id={GUEST}"), "/users/edit/", **{ACCOUNTS: str(AMBER), SUB_ACCOUNTS: [str(AMBER_ONE)]})

    assert page.messages == ["Gus Visitor was saved."]
    assert held(site, "gus") == {(PLATFORM_USER, 8), (PLATFORM_USER, AMBER_ONE)}


def test_places_left_over_from_another_role_are_told_and_then_let_go(nora, site):
    form = nora.get(f"/users/edit/?id={BERT}")

    page = nora.submit(form, "/users/edit/", role=SUPPORT)
    assert page.problems == [
        "Platform Accounts: Service Provider Support cannot be held at Platform Accounts. Choose another role or another place."
    ]
    assert not is_open(page, "Platform Accounts")
    page = nora.submit(page, "/users/edit/")

    assert page.messages == ["Bert Brown was saved."]
    assert held(site, "bert") == {(SUPPORT, NORTH)}


@pytest.mark.parametrize("text", ["ALL", "all ", "*", "0", "-1", "9" * 400])
def test_nothing_but_the_word_itself_stands_for_all(nora, site, text):
    before = site.everything()

    page = nora.submit(nora.get(f"/users/edit/?id={BERT}"), "/users/edit/", **{ACCOUNTS: text})

    assert page.status == 422
    assert page.problems == ["Platform Accounts: That place does not exist here. Choose one from the list."]
    assert site.everything() == before
