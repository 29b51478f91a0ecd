"""Members of the concert hall and of the organization next door, for tests of the page People / Front-End Members."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from bo_panel.domain.actors import console
from bo_panel.hooks.pages import ModelPage
from bo_panel.services.changes import AddRecords
from tests.office import HALL, NEXT_DOOR
from tests.site import Site

PEOPLE = "/pages/ticketing/people/"
NEW, EDIT, DELETE, EXPORT = f"{PEOPLE}new/", f"{PEOPLE}edit/", f"{PEOPLE}delete/", f"{PEOPLE}export/"
IMG = "<img src=x onerror=alert(1)>"


def page_of(office: Site) -> ModelPage:
    """Return the page."""
    return office.panel.registry.pages["ticketing.people"]


def add(office: Site, unit_id: int, *rows: Mapping[str, str]) -> None:
    """Add members, as the command line would."""
    full = tuple({"active": "yes", **row} for row in rows)
    actor = console(office.panel.registry.catalogue)
    office.panel.engine.run_single(office.world.session, actor, AddRecords(page=page_of(office), unit_id=unit_id, rows=full))


def some(office: Site) -> None:
    """Add three members here, and one next door."""
    add(
        office,
        HALL,
        {"first_name": "Zoe", "last_name": "Ames", "email": "zoe@example.com", "member_number": "M-1", "joined": "2020-01-05"},
        {"first_name": "Bob", "last_name": "Zane", "mobile": "+44 20 7946 0018", "leader_id": "greg"},
        {"first_name": "Émile", "last_name": "Moss", "active": "no", "member_number": "M-3"},
    )
    add(office, NEXT_DOOR, {"first_name": "Qwyzzle", "last_name": "Next", "member_number": "M-1"})


def stored(office: Site) -> Sequence[Any]:
    """Return all members as they are stored."""
    table = page_of(office).table
    office.world.session.rollback()
    return office.world.session.execute(select(table).order_by(table.c.id)).all()


def member_id(office: Site, first_name: str) -> int:
    """Return the id of the member with this first name."""
    return next(row.id for row in stored(office) if row.first_name == first_name)
