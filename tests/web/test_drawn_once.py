"""What is drawn once and kept shows nobody anything of somebody else, and nothing that has changed since."""

from contextlib import suppress

from sqlalchemy import delete, select, update

from bo_panel.models import CONFIGURATION, CacheVersion, Role
from bo_panel.services.engine import writing
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import ADA, BERT, CLEO, NORTH, Site

VERSION = select(CacheVersion.version).where(CacheVersion.domain == CONFIGURATION)


def test_people_who_reach_as_many_pages_but_other_ones_are_each_shown_their_own_menu(site: Site) -> None:
    for name, resource in (("ula", "units"), ("rob", "roles")):
        role = site.world.role(f"only_{resource}", {resource: "view"}, owned_at=NORTH)
        site.world.user(name, (role, NORTH), home=NORTH, password=PASSWORD)

    menus = [[entry for entries in site.visitor(name).get("/account/").menu.values() for entry in entries] for name in ("ula", "rob")]

    assert len(menus[0]) == len(menus[1])
    assert ("Units" in menus[0], "Roles" in menus[0]) == (True, False)
    assert ("Units" in menus[1], "Roles" in menus[1]) == (False, True)


def values(page: Page, *labels: str) -> list[str]:
    return [page.control(label)["value"] for label in labels]


def test_a_form_drawn_for_one_user_shows_the_next_one_his_own_values(nora: Visitor) -> None:
    first, second = (nora.get(f"/users/edit/?id={one}") for one in (ADA, BERT))

    assert values(first, "First Name", "Last Name", "Email") == ["Ada", "Clarke", "ada@north.example"]
    assert values(second, "First Name", "Last Name", "Email") == ["Bert", "Brown", "bert@north.example"]
    assert "Clarke" not in second.html
    assert "Remove Birch Line" in second.html and "Remove Birch Line" not in first.html


def test_what_was_typed_and_what_was_said_against_it_are_told_once(nora: Visitor) -> None:
    refused = nora.submit(nora.get(f"/users/edit/?id={ADA}"), "/users/edit/", email="not <an> address")
    fresh = nora.get(f"/users/edit/?id={BERT}")

    assert refused.status == 422 and values(refused, "Email") == ["not <an> address"]
    assert refused.tree.first("p", id="field-email-error").text
    assert "an&gt; address" in refused.html and "<an>" not in refused.html
    assert "an&gt; address" not in fresh.html and "field-email-error" not in fresh.html


def test_a_role_that_was_renamed_is_offered_under_its_new_name(site: Site, nora: Visitor) -> None:
    role = site.world.role("nightly", {"units": "view"}, owned_at=NORTH)
    before = nora.get(f"/users/edit/?id={CLEO}")
    with writing(site.world.session):
        site.world.session.execute(update(Role).where(Role.key == role).values(label="Day Shift"))
    after = nora.get(f"/users/edit/?id={CLEO}")

    assert "Nightly" in before.text and "Day Shift" not in before.text
    assert "Day Shift" in after.text and "Nightly" not in after.text


def test_a_role_is_offered_from_when_it_is_made_until_it_is_removed(site: Site, nora: Visitor) -> None:
    address = f"/users/edit/?id={CLEO}"
    before = nora.get(address)
    role = site.world.role("nightly", {"units": "view"}, owned_at=NORTH)
    there = nora.get(address)
    with writing(site.world.session):
        site.world.session.execute(delete(Role).where(Role.key == role))
    after = nora.get(address)

    assert ["Nightly" in page.text for page in (before, there, after)] == [False, True, False]


class Regretted(Exception):
    """Why a change is taken back."""


def test_a_change_that_was_taken_back_leaves_no_trace_in_what_is_shown(site: Site, nora: Visitor) -> None:
    address, session = f"/users/edit/?id={CLEO}", site.world.session
    role = site.world.role("nightly", {"units": "view"}, owned_at=NORTH)
    nora.get(address)

    versions = set()
    for label in ("Day Shift", "Late Shift"):
        with suppress(Regretted), writing(session):
            session.execute(update(Role).where(Role.key == role).values(label=label))
            versions.add(session.scalar(VERSION))
            raise Regretted
        assert "Nightly" in nora.get(address).text

    assert len(versions) == 2 and session.scalar(VERSION) not in versions
