"""A small town: two areas next door to one another, an administrator of one, and people in both."""

from dataclasses import dataclass

import pytest

from bo_panel.domain.actors import Actor
from bo_panel.testing import World
from tests.office import office  # noqa: F401 a fixture


@dataclass(frozen=True)
class Town:
    """The ids of what there is; `admin` administers the north."""

    world: World
    north: int
    stand: int
    south: int
    boss: int
    admin_id: int
    ann: int
    bob: int
    guest: int
    sue: int

    @property
    def admin(self) -> Actor:
        """The administrator of the north, with what he holds now."""
        return self.world.actor(self.admin_id)


@pytest.fixture
def town(world: World) -> Town:
    north = world.unit("North", kind="grove.area")
    stand = world.unit("Stand", kind="grove.stand", below=north)
    south = world.unit("South", kind="grove.area")
    return Town(
        world,
        north,
        stand,
        south,
        boss=world.user("boss", ("owner", 1)),
        admin_id=world.user("admin", ("grove.admin", north), home=north),
        ann=world.user("ann", ("grove.viewer", stand), home=stand, email="ann@example.com", first_name="Ann", password="secret"),
        bob=world.user("bob", home=north, first_name="Bob"),
        guest=world.user("guest", ("grove.viewer", stand), home=south),
        sue=world.user("sue", home=south, email="sue@example.com"),
    )
