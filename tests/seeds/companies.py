"""The deployment `field_service`: two companies next door to each other, their areas, teams and people, behind the pages."""

from collections.abc import Iterator

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import OWNER
from bo_panel.domain.lifecycle import Status
from bo_panel.models import UnitFeature
from bo_panel.testing import World
from bo_panel.testing.world import ROOT_ID
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import Site, opened

COMPANY, AREA, TEAM = (f"field_service.{kind}" for kind in ("company", "area", "team"))
FIXIT, EAST, WEST, LIFTS, PUMPS, DOORS, OTHER, FAR, CRANES = range(2, 11)
UNITS = (
    (FIXIT, COMPANY, ROOT_ID, "Fixit"),
    (EAST, AREA, FIXIT, "East"),
    (WEST, AREA, FIXIT, "West"),
    (LIFTS, TEAM, EAST, "Lifts"),
    (PUMPS, TEAM, EAST, "Pumps"),
    (DOORS, TEAM, WEST, "Doors"),
    (OTHER, COMPANY, ROOT_ID, "Otherco"),
    (FAR, AREA, OTHER, "Far"),
    (CRANES, TEAM, FAR, "Cranes"),
)
BOSS, ALMA, ANN, TOM, WILL, OLD, OTTO = range(11, 18)
AREAS, TEAMS = f"units:{AREA}", f"units:{TEAM}"
NEW = {"user_name": "dora", "first_name": "Dora", "last_name": "Day", "email": "dora@fixit.example"}


def role(name: str) -> str:
    """Return the key of a role."""
    return f"field_service.{name}"


@pytest.fixture
def fixit(field_panel: Panel) -> Iterator[Site]:
    """Two companies next door to each other with a few people, and the pages of the panel."""
    with opened(field_panel, fill) as found:
        yield found


@pytest.fixture
def alma(fixit: Site) -> Visitor:
    """The administrator of the first company, signed in."""
    return sign_in(fixit, "alma@fixit.example")


def sign_in(site: Site, email: str) -> Visitor:
    """Return a browser in which somebody signed in with an e-mail address."""
    return site.visitor(email)


def fill(world: World) -> None:
    """Plant the units and the people."""
    for unit_id, kind, below, name in UNITS:
        world.unit(name, kind=kind, below=below, unit_id=unit_id)
    world.plant({UnitFeature: [{"unit_id": FIXIT, "key": "field_service.technician_users", "enabled": True}]})
    world.user("boss", (OWNER, ROOT_ID), id=BOSS, home=ROOT_ID, password=PASSWORD, first_name="Bo", last_name="Sterling", email="bo@platform.example")
    here = {"home": FIXIT, "password": PASSWORD}
    people = (
        ("alma", ALMA, "Alma", "Arno", (role("administrator"), FIXIT), {}),
        ("ann", ANN, "Ann", "Ledger", (role("accountant"), FIXIT), {"phone": "+44 20 7946 0123"}),
        ("tom", TOM, "Tom", "Wrench", (role("technician"), LIFTS), {}),
        ("will", WILL, "Will", "Early", (role("work_manager"), FIXIT), {}),
        ("old", OLD, "Olda", "Gone", (role("work_manager"), FIXIT), {"status": Status.ARCHIVED}),
    )
    for name, user_id, first, last, held, more in people:
        world.user(name, held, id=user_id, **here, first_name=first, last_name=last, email=f"{name}@fixit.example", **more)
    world.user("otto", (role("administrator"), OTHER), id=OTTO, home=OTHER, password=PASSWORD, first_name="Otto", email="otto@other.example")


def add(browser: Visitor, *roles: str, **values: str | list[str]) -> Page:
    """Send the form for somebody new, with these roles."""
    page = browser.get("/users/new/")
    return browser.submit(page, "/users/new/", **{**NEW, "home": str(FIXIT), "roles": [role(name) for name in roles], **values})


def held(site: Site, name: str = "dora") -> set[tuple[str, int]]:
    """Return what somebody holds, being a member at home apart."""
    site.world.session.rollback()
    boss = sign_in(site, "bo@platform.example")
    found = next(int(row["data-id"]) for row in boss.get(f"/users/?search={name}").rows)
    return {(key.partition(".")[2], unit) for key, unit in site.world.held(found) if key != "member"}
