"""Fixtures for the web door: the deployment `service_provider` with two providers next door to each other, behind its pages."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import select

from bo_panel.app import create_app
from bo_panel.bootstrap import Panel
from bo_panel.domain.access import OWNER
from bo_panel.domain.lifecycle import Status
from bo_panel.models import OwnField, User
from bo_panel.settings.sections import Secrets
from bo_panel.testing import World, counted
from bo_panel.testing.world import ROOT_ID
from bo_panel.web.current import db
from tests.browsing import PASSWORD, Visitor

PROVIDER, ACCOUNT, SUB_ACCOUNT = (f"service_provider.{kind}" for kind in ("provider", "account", "sub_account"))
ADMINISTRATOR, SUPPORT, PLATFORM_ADMINISTRATOR, PLATFORM_USER = (
    f"service_provider.{role}" for role in ("administrator", "support", "platform_administrator", "platform_user")
)
SENTINEL = "Qwyzzle"
"""Stands in every name and address of the neighbour."""
NEIGHBOURS_ROLE = f"{SENTINEL}_own"

NORTH, AMBER, BIRCH, AMBER_ONE, AMBER_TWO, SOUTH, CEDAR, CEDAR_ONE = 2, 3, 4, 5, 6, 7, 8, 9
UNITS = (
    (NORTH, PROVIDER, ROOT_ID, "Northwind Telecom"),
    (AMBER, ACCOUNT, NORTH, "Amber Line"),
    (BIRCH, ACCOUNT, NORTH, "Birch Line"),
    (AMBER_ONE, SUB_ACCOUNT, AMBER, "Amber One"),
    (AMBER_TWO, SUB_ACCOUNT, AMBER, "Amber Two"),
    (SOUTH, PROVIDER, ROOT_ID, f"{SENTINEL} Telecom"),
    (CEDAR, ACCOUNT, SOUTH, f"{SENTINEL} Line"),
    (CEDAR_ONE, SUB_ACCOUNT, CEDAR, f"{SENTINEL} Corner"),
)
BOSS, NORA, ADA, BERT, CLEO, SAM, SVEN, SALLY, GUEST = 11, 12, 13, 14, 15, 16, 21, 22, 23


@dataclass(frozen=True, slots=True)
class Site:
    """A panel with its pages, and who and what there is."""

    panel: Panel
    world: World
    app: Flask
    others: list[Flask] = field(default_factory=list)

    def beside(self, **sections: Any) -> Flask:
        """Return the pages of the same panel with some sections of its settings put in place of those of its file."""
        self.others.append(application(self.panel, **sections))
        return self.others[-1]

    def own_field(self, label: str) -> str:
        """Return what a field that a unit owns is called in a form."""
        return "profile:" + self.world.session.scalars(select(OwnField.key).where(OwnField.label == label)).one()

    def visitor(self, name: str = "", **headers: str) -> Visitor:
        """Return a browser; with a user name, that person has signed in."""
        browser = Visitor(self.app, **headers)
        if name:
            assert browser.sign_in(name).path != "/sign-in"
        return browser

    def user(self, user_id: int) -> User:
        """Return a user as stored now."""
        self.world.session.rollback()
        return self.world.row(user_id)

    def trail(self, user_id: int) -> list[str]:
        """Return the names of the events about a user, in order, without signing in."""
        self.world.session.rollback()
        return [event for event, _before, _after in self.world.trail(user_id) if event != "account.signed_in"]

    def everything(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return self.world.counts()

    def statements(self) -> AbstractContextManager[list[str]]:
        """Return what collects the statements that the pages send to the database."""
        with self.app.app_context():
            return counted(db.engine)

    def close(self) -> None:
        """Give the database back."""
        for app in (self.app, *self.others):
            with app.app_context():
                db.engine.dispose()


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of a test run, and again when their text changes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template from what is kept."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def application(panel: Panel, **sections: Any) -> Flask:
    """Return the pages of a panel, with some sections of its settings put in place of those of its file."""
    app = create_app(with_settings(panel, **sections))
    app.jinja_env.bytecode_cache = COMPILED
    return app


def with_settings(panel: Panel, **sections: Any) -> Panel:
    """Return the panel with some sections of its settings put in place of those of its file."""
    secrets = Secrets(secret_key="a key for tests only, of some length")  # type: ignore[arg-type]
    return replace(panel, settings=panel.settings.model_copy(update={"secrets": secrets, **sections}))


@contextmanager
def opened(panel: Panel, filled: Callable[[World], None]) -> Iterator[Site]:
    """Yield a panel that was filled, with its pages; give its database back."""
    with panel.session() as session:
        world = World(panel, session)
        filled(world)
        found = Site(with_settings(panel), world, application(panel))
        yield found
        found.close()


@pytest.fixture
def site(provider_panel: Panel, provider_world: World) -> Iterator[Site]:
    """Two providers next door, filled with a few people, and the pages of the panel."""
    panel = with_settings(provider_panel)
    fill(provider_world)
    found = Site(panel, provider_world, application(panel))
    yield found
    found.close()


@pytest.fixture
def nora(site: Site) -> Visitor:
    """The administrator of the first provider, signed in."""
    return site.visitor("nora")


@pytest.fixture
def boss(site: Site) -> Visitor:
    """The owner of the whole platform, signed in."""
    return site.visitor("boss")


def fill(world: World) -> None:
    """Plant the units and the people."""
    for unit_id, kind, below, name in UNITS:
        world.unit(name, kind=kind, below=below, unit_id=unit_id)
    _fill_platform(world)
    _fill_north(world)
    _fill_south(world)


def _fill_platform(world: World) -> None:
    world.user("boss", (OWNER, ROOT_ID), id=BOSS, home=ROOT_ID, password=PASSWORD, first_name="Bo", last_name="Sterling", email="bo@platform.example")


def _fill_north(world: World) -> None:
    north = {"home": NORTH, "password": PASSWORD}
    world.user("nora", (ADMINISTRATOR, NORTH), id=NORA, **north, first_name="Nora", last_name="North", email="nora@north.example")
    world.user(
        "ada",
        (PLATFORM_ADMINISTRATOR, AMBER),
        id=ADA,
        **north,
        first_name="Ada",
        last_name="Clarke",
        email="ada@north.example",
        phone="+442071838750",
    )
    world.user(
        "bert", (PLATFORM_USER, AMBER), (PLATFORM_USER, BIRCH), id=BERT, **north, first_name="Bert", last_name="Brown", email="bert@north.example"
    )
    world.user(
        "cleo", (PLATFORM_USER, AMBER_ONE), id=CLEO, **north, first_name="Cleo", last_name="Dunn", email="cleo@north.example", status=Status.DISABLED
    )
    world.user("sam", (SUPPORT, NORTH), id=SAM, **north, first_name="Sam", last_name="Support", email="sam@north.example")


def _fill_south(world: World) -> None:
    south = {"home": SOUTH, "password": PASSWORD, "last_name": SENTINEL, "phone": "+13125550142"}
    world.user("sven", (ADMINISTRATOR, SOUTH), id=SVEN, **south, first_name="Sven", email=f"sven@{SENTINEL}.example")
    world.user("sally", (PLATFORM_USER, CEDAR), id=SALLY, **south, first_name="Sally", email=f"sally@{SENTINEL}.example")
    guest = {**south, "last_name": "Visitor", "first_name": "Gus", "email": f"gus@{SENTINEL}.example"}
    world.user("gus", (PLATFORM_USER, CEDAR), (PLATFORM_USER, AMBER), id=GUEST, **guest)
    world.role(NEIGHBOURS_ROLE, {"service_provider.reports": "view"}, owned_at=SOUTH)
