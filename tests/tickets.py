"""Fixtures for the deployment `event_tickets`: two clients next door to each other with their events, behind the pages of the panel."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_panel.domain.access import OWNER
from bo_panel.testing import Store, World
from bo_panel.testing.world import ROOT_ID
from tests.browsing import PASSWORD
from tests.site import Site, opened

CLIENT, EVENT = "event_tickets.client", "event_tickets.event"
ADMINISTRATOR, BOX_OFFICE = "event_tickets.client_administrator", "event_tickets.box_office"
LUNA, SOMMER, HERBST, OTHER, THEIRS = 2, 3, 4, 5, 6
OLGA, CARL, EVA, BOX, STRANGER = 11, 12, 13, 14, 15


@pytest.fixture
def tickets(tickets_store: Store, tmp_path: Path) -> Iterator[Site]:
    """A client with two events and a neighbour, with those who work there, and the pages of the panel."""
    panel = tickets_store.fresh(tmp_path)
    with opened(panel, _fill) as found:
        yield found
    panel.database.dispose()


def _fill(world: World) -> None:
    for unit_id, kind, below, name in (
        (LUNA, CLIENT, ROOT_ID, "Luna Concerts"),
        (SOMMER, EVENT, LUNA, "Summer Night"),
        (HERBST, EVENT, LUNA, "Autumn Fair"),
        (OTHER, CLIENT, ROOT_ID, "Other Client"),
        (THEIRS, EVENT, OTHER, "Their Event"),
    ):
        world.unit(name, kind=kind, below=below, unit_id=unit_id)
    some = {"password": PASSWORD}
    world.user("olga", (OWNER, ROOT_ID), id=OLGA, home=ROOT_ID, **some, email="olga@tickets.example", first_name="Olga", last_name="Owner")
    world.user("carl", (ADMINISTRATOR, LUNA), id=CARL, home=LUNA, **some, email="carl@luna.example", first_name="Carl", last_name="Client")
    manager = ("event_tickets.event_manager", SOMMER)
    world.user("eva", manager, id=EVA, home=LUNA, **some, email="eva@luna.example", first_name="Eva", last_name="Event")
    world.user("box", (BOX_OFFICE, SOMMER), id=BOX, home=SOMMER, **some, email="box1@luna.example", first_name="Box", last_name="One")
    world.user("xaver", (ADMINISTRATOR, OTHER), id=STRANGER, home=OTHER, **some, email="x@other.example", first_name="Xaver", last_name="Other")
