"""Fixtures for the deployment `ticketing`: two organizations next door to each other, behind their pages."""

from collections.abc import Iterator

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.testing import World
from tests.browsing import PASSWORD, Visitor
from tests.site import Site, opened

ORGANIZATION = "ticketing.organization"
TYPES = ("account_owner", "administrator", "group_leader", "member", "scan_pos")
ACCOUNT_OWNER, ADMINISTRATOR, GROUP_LEADER, PERSON, SCAN_POS = (f"type:ticketing.{name}" for name in TYPES)
FINANCE, SCAN, OVERRIDE = (f"toggle:ticketing.{name}" for name in ("finance_access", "scan", "scan_override"))

HALL, NEXT_DOOR = 2, 3
OLGA, ANNE, GREG, MIMI, PETE, NADJA = 11, 12, 13, 14, 15, 21


@pytest.fixture
def office(ticketing_panel: Panel) -> Iterator[Site]:
    """A concert hall with one of each type, and an organization next door."""
    with opened(ticketing_panel, fill) as found:
        yield found


@pytest.fixture
def anne(office: Site) -> Visitor:
    """An administrator of the concert hall, signed in."""
    return office.visitor("anne")


@pytest.fixture
def olga(office: Site) -> Visitor:
    """The account owner of the concert hall, signed in."""
    return office.visitor("olga")


def fill(world: World) -> None:
    """Add the organizations and their people."""
    for unit_id, name in ((HALL, "Concert Hall"), (NEXT_DOOR, "Next Door")):
        world.unit(name, kind=ORGANIZATION, unit_id=unit_id)
    people = (
        (OLGA, "olga", "Olga", "Owen", HALL, (ACCOUNT_OWNER,)),
        (ANNE, "anne", "Anne", "Adams", HALL, (ADMINISTRATOR, FINANCE)),
        (GREG, "greg", "Greg", "Gold", HALL, (GROUP_LEADER,)),
        (MIMI, "mimi", "Mimi", "Moss", HALL, (PERSON,)),
        (PETE, "pete", "Pete", "Poole", HALL, (SCAN_POS,)),
        (NADJA, "nadja", "Nadja", "Next", NEXT_DOOR, (ACCOUNT_OWNER,)),
    )
    for user_id, name, first, last, home, roles in people:
        email = f"{name}@example.com"
        columns = {"first_name": first, "last_name": last, "email": email, "email_key": email}
        world.user(name, *((role, home) for role in roles), home=home, password=PASSWORD, id=user_id, **columns)


def held(office: Site, user_id: int) -> set[str]:
    """Return the roles that somebody holds, `member` apart."""
    office.world.session.rollback()
    return {role for role, _unit in office.world.held(user_id)} - {"member"}
