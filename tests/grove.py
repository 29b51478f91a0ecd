"""Fixtures for the web door of the test deployment `grove`: an area with a stand in it, and those who administer them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.settings.loading import ROOT
from bo_panel.testing import World
from tests.browsing import PASSWORD, Visitor
from tests.site import Site, application, with_settings


@dataclass(frozen=True, slots=True)
class Grove:
    """The pages of the deployment, and the ids of what there is."""

    site: Site
    north: int
    stand: int
    south: int
    ann: int
    editor: int

    @property
    def world(self) -> World:
        """The panel's units and users."""
        return self.site.world

    def visitor(self, name: str) -> Visitor:
        """Return somebody with a browser, signed in."""
        return self.site.visitor(name)


@pytest.fixture
def grove(panel: Panel, world: World) -> Iterator[Grove]:
    """The north with a stand, and the south; `boss` owns all, `admin` administers the north, `editor` edits its users, `viewer` sees them."""
    north = world.unit("North", kind="grove.area")
    stand = world.unit("Stand", kind="grove.stand", below=north)
    south = world.unit("South", kind="grove.area")
    world.user("boss", ("owner", 1), password=PASSWORD)
    world.user("admin", ("grove.admin", north), home=north, password=PASSWORD)
    editor = world.user("editor", ("grove.editor", north), home=north, password=PASSWORD)
    world.user("viewer", ("grove.viewer", north), home=north, password=PASSWORD)
    ann = world.user("ann", ("grove.viewer", north), home=north, first_name="Ann", last_name="Ash", email="ann@example.com")
    pages = with_settings(panel)
    pages.settings._root = ROOT
    found = Site(pages, world, application(pages))
    yield Grove(found, north, stand, south, ann, editor)
    found.close()
