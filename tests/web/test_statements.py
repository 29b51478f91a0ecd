"""How much a page asks of the database: a handful of statements, however many rows it shows."""

import pytest
from sqlalchemy import func, select

from bo_panel.models import ChangeSet, Grant, User, UserSearch
from bo_panel.testing.world import user_row
from tests.site import ADA, AMBER, AMBER_ONE, CLEO, NORTH, PLATFORM_USER, Site

MOST = 6
PAGES = (
    "/",
    "/users/",
    "/users/?search=doe",
    "/users/?search=nobody-at-all",
    "/users/?status=active&role=service_provider.platform_user&signed_in=never",
    f"/users/?home={NORTH}&sort=-id",
    "/users/?last=1",
    "/users/?cols=role&cols=count:service_provider.sub_account",
    f"/users/edit/?id={CLEO}",
    "/users/new/",
    f"/users/edit/?id={ADA}",
    f"/users/ajax/lookup/?kind=service_provider.account&home={NORTH}&q=a",
    f"/users/roles/?home={NORTH}",
    "/units/",
    "/units/?search=line",
    f"/units/show/?id={NORTH}",
    f"/units/show/?id={AMBER}",
    f"/units/new/?id={NORTH}",
    f"/units/edit/?id={AMBER}",
    f"/units/move/?id={AMBER}",
    f"/units/parents/?id={AMBER_ONE}&q=line",
    "/roles/",
    f"/roles/new/?unit={NORTH}",
    f"/users/access/?id={ADA}",
    f"/users/access/?id={ADA}&unit={AMBER}",
    "/users/access/places/?q=a",
    f"/users/?home={AMBER}",
    f"/audit/?unit={AMBER}",
    "/audit/",
    "/audit/?search=doe",
    "/audit/?event=users.edited",
    "/account/",
    "/plugins/",
    "/plugins/show/?name=service_provider",
)


def plant(site: Site, numbers: range) -> None:
    """Add people with a grant each, and an event about each."""
    rows = [
        user_row(1_000 + number, f"doe{number}", site.world.now, {"home_id": NORTH, "first_name": "Doe", "last_name": f"No {number}", "away": True})
        for number in numbers
    ]
    common = {"source": "admin", "created_at": site.world.now}
    grants = [
        {"user_id": row["id"], "role_key": key, "unit_id": unit, "away": unit != NORTH, **common}
        for row in rows
        for key, unit in (("member", NORTH), (PLATFORM_USER, AMBER))
    ]
    site.world.plant({User: rows, UserSearch: [{"user_id": row["id"], "document": row["user_name"]} for row in rows], Grant: grants})
    boss = site.visitor("boss")
    boss.post("/users/action/", {"csrf_token": boss.token(), "action": "disable", "confirmed": "1", "ids": [str(row["id"]) for row in rows]})


def counted(site: Site, name: str) -> dict[str, int]:
    browser, counts = site.visitor(name), {}
    for address in PAGES:
        site.world.panel.clock.forward(minutes=2)  # so that noting when the session was used is counted, too
        with site.statements() as seen:
            assert browser.ask("GET", f"{address}{'&' if '?' in address else '?'}size=100").status in (200, 403, 404)
        counts[address] = len(seen)
    return counts


@pytest.mark.parametrize("name", ["boss", "nora", "ada"])
def test_no_page_asks_more_than_a_handful_of_statements_and_none_asks_more_for_more_rows(site, name):
    plant(site, range(1))
    few = counted(site, name)
    plant(site, range(1, 100))
    many = counted(site, name)

    assert {address: count for address, count in many.items() if count > MOST} == {}
    assert {address: (few[address], count) for address, count in many.items() if count > few[address]} == {}


def test_looking_at_a_change_before_it_is_done_or_taken_back_asks_the_same_however_many_it_is_about(site):
    counts = []
    for numbers in (range(1), range(1, 100)):
        plant(site, numbers)
        boss, (change_set,) = site.visitor("boss"), site.world.session.scalars(select(func.max(ChangeSet.id)))
        for address, most in (("/users/all/?action=disable", MOST), (f"/jobs/undo/?change_set={change_set}", MOST + 2)):
            with site.statements() as seen:
                assert boss.ask("GET", address).status == 200
            counts.append(len(seen))
            assert len(seen) <= most, seen
        site.world.session.rollback()

    assert all(many <= few for few, many in zip(counts[:2], counts[2:], strict=True)), counts


def test_an_action_on_a_hundred_asks_as_much_as_one_on_two(site):
    plant(site, range(100))
    boss, counts = site.visitor("boss"), []
    token = boss.token()
    for ids, action in ((range(1_000, 1_002), "enable"), (range(1_002, 1_100), "enable")):
        with site.statements() as seen:
            boss.post("/users/action/", {"csrf_token": token, "action": action, "confirmed": "1", "ids": [str(one) for one in ids]}, follow=False)
        counts.append(len(seen))

    assert counts[1] <= counts[0]


def test_saving_and_refusing_a_form_asks_a_constant_number_of_statements(nora, site):
    form = nora.get(f"/users/edit/?id={ADA}")
    with site.statements() as seen:
        assert nora.submit(form, "/users/edit/", follow=False, first_name="Augusta").status == 303

    assert len(seen) <= 24
