"""What the tests of jobs share."""

import pytest

from bo_panel.domain.actors import Actor
from bo_panel.testing import World
from tests.jobs.office import office  # noqa: F401 fixture
from tests.services.conftest import town  # noqa: F401 fixture


@pytest.fixture
def area(world: World) -> int:
    return world.unit("Area", kind="grove.area")


@pytest.fixture
def admin(world: World, area: int) -> Actor:
    return world.actor(world.user("admin", ("grove.admin", area), home=area))


@pytest.fixture
def leavers(world: World, area: int) -> list[int]:
    return [world.user(f"leaver.{number}", home=area) for number in range(10)]
