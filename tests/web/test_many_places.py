"""Somebody who holds a role at very many places, as the form lets him be given."""

import pytest
from sqlalchemy import select

from bo_panel.domain.lifecycle import Status
from bo_panel.models import Grant, Unit, User
from tests.browsing import PASSWORD, Visitor
from tests.site import ACCOUNT, NORTH, PLATFORM_ADMINISTRATOR

MOST, FIRST, PEOPLE = 1_000, 5_000, 4
WANTED = "search=leaver&status=active"
PAGES = ("/", "/users/", f"/users/?{WANTED}", "/users/all/", "/audit/", "/units/", "/jobs/", "/account/")
ON_EVERYBODY = "/users/all/?" + WANTED + "&action=disable"
LEFT_ALONE = "/users/all/refused/?" + WANTED + "&action=disable"
NARROWED = f"{ON_EVERYBODY}&role={PLATFORM_ADMINISTRATOR}&signed_in=never"


@pytest.fixture
def many(site) -> Visitor:
    """Return the browser of somebody who administers a thousand accounts; at some of them are those who leave."""
    world, places = site.world, range(FIRST, FIRST + MOST)
    shared = {"kind": ACCOUNT, "parent_id": NORTH, "name": "Line", "sort_name": "line", "created_at": world.now}
    world.plant({Unit: [{"id": place, "path": f"/1/{NORTH}/{place}/", **shared} for place in places]})
    user_id = world.user("many", home=NORTH, password=PASSWORD, away=True)
    held = {"user_id": user_id, "role_key": PLATFORM_ADMINISTRATOR, "away": True, "source": "admin", "created_at": world.now}
    world.plant({Grant: [{"unit_id": place, **held} for place in places]})
    for number in range(PEOPLE):
        world.user(f"leaver{number}", home=FIRST + number)
    return site.visitor("many")


def test_every_page_answers_to_somebody_with_a_role_at_a_thousand_places(site, many):
    user_id = site.world.session.scalar(select(User.id).where(User.user_name == "many"))
    for address in (*PAGES, ON_EVERYBODY, LEFT_ALONE, NARROWED, f"/users/edit/?id={user_id}"):
        page = many.ask("GET", address)
        assert page.status == 200, (address, page.status, page.text[:300])


def test_everybody_who_matches_is_disabled_and_exported_by_him(site, many):
    page = many.get(ON_EVERYBODY)
    assert page.heading == f"Disable {PEOPLE} users?"
    many.submit(page, "/users/all/run/")
    wanted = {"format": "csv", "search": "leaver", "status": Status.DISABLED.value}
    rows = many.post("/users/export/", {"csrf_token": many.token(), **wanted}, follow=False)
    assert rows.response.data.decode().count("leaver") >= PEOPLE
