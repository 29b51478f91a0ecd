"""Somebody who holds a role at very many places, as the form lets him be given."""

from bo_panel.models import Grant, Unit
from tests.browsing import PASSWORD
from tests.site import ACCOUNT, NORTH, PLATFORM_ADMINISTRATOR

MOST, FIRST = 1_000, 5_000
PAGES = ("/", "/users/", "/users/?search=nora&status=active", "/users/all/", "/audit/", "/units/", "/jobs/", "/account/")


def test_every_page_answers_to_somebody_with_a_role_at_a_thousand_places(site):
    world, places = site.world, range(FIRST, FIRST + MOST)
    shared = {"kind": ACCOUNT, "parent_id": NORTH, "name": "Line", "sort_name": "line", "created_at": world.now}
    world.plant({Unit: [{"id": place, "path": f"/1/{NORTH}/{place}/", **shared} for place in places]})
    user_id = world.user("many", home=NORTH, password=PASSWORD, away=True)
    held = {"user_id": user_id, "role_key": PLATFORM_ADMINISTRATOR, "away": True, "source": "admin", "created_at": world.now}
    world.plant({Grant: [{"unit_id": place, **held} for place in places]})
    many = site.visitor("many")

    for address in (*PAGES, f"/users/edit/?id={user_id}"):
        page = many.ask("GET", address)
        assert page.status == 200, (address, page.status, page.text[:300])
