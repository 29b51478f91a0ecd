"""Fixtures for the pages of the deployment `retail`: a company with two organizational units, and another company next door."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import OWNER
from bo_panel.models import Unit
from bo_panel.services.engine import writing
from bo_panel.testing import World
from bo_panel.testing.world import ROOT_ID
from tests.browsing import PASSWORD, Visitor
from tests.site import Site, opened

COMPANY, UNIT, STORE = "retail.company", "retail.unit", "retail.store"
ADMINISTRATOR, MANAGER, PRICING, ANALYST = (f"retail.{role}" for role in ("administrator", "manager", "pricing", "analyst"))
LARCH, CITY, COAST, CITY_ONE, COAST_ONE, MAPLE = 2, 3, 4, 5, 6, 7
UNITS = (
    (LARCH, COMPANY, ROOT_ID, "Larch Foods"),
    (CITY, UNIT, LARCH, "City"),
    (COAST, UNIT, LARCH, "Coast"),
    (CITY_ONE, STORE, CITY, "City One"),
    (COAST_ONE, STORE, COAST, "Coast One"),
    (MAPLE, COMPANY, ROOT_ID, "Maple Foods"),
)
OLIVIA, ADAM, PIA, RUTH, MAX = 11, 12, 13, 14, 21
FOUNDER = "olivia@larch.example"


@pytest.fixture
def shop(retail_panel: Panel) -> Iterator[Site]:
    """Two companies, filled with a few people, and the pages of the panel."""
    with opened(retail_panel, fill) as found:
        yield found


@pytest.fixture
def olivia(shop: Site) -> Visitor:
    """Whoever signed the company up, signed in."""
    return shop.visitor("olivia")


def fill(world: World) -> None:
    """Plant the units and the people."""
    for unit_id, kind, below, name in UNITS:
        world.unit(name, kind=kind, below=below, unit_id=unit_id)
    larch = {"home": LARCH, "password": PASSWORD}
    world.user("olivia", (OWNER, LARCH), id=OLIVIA, **larch, first_name="Olivia", last_name="Larch", email=FOUNDER)
    world.user("adam", (ADMINISTRATOR, LARCH), id=ADAM, **larch, first_name="Adam", last_name="Ash", email="adam@larch.example")
    world.user("pia", (PRICING, CITY), id=PIA, **larch, first_name="Pia", last_name="Pine", email="pia@larch.example")
    world.user("ruth", (ANALYST, COAST), id=RUTH, **larch, first_name="Ruth", last_name="Rowan", email="ruth@larch.example")
    world.user("max", (OWNER, MAPLE), id=MAX, home=MAPLE, password=PASSWORD, first_name="Max", last_name="Maple", email="max@maple.example")
    with writing(world.session):
        world.session.execute(update(Unit).where(Unit.id == LARCH).values(founder_email_key=FOUNDER))
