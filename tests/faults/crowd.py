"""Whom the jobs are about: an area full of people, most of whom change, some are so already, and some are refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bo_panel.domain.access import MEMBER, OWNER
from bo_panel.domain.actors import Actor
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, User
from bo_panel.queries.users import Wanted
from bo_panel.testing import World
from bo_panel.testing.world import ROOT_ID, user_row

ALREADY, SUPERIOR, HOLY = 50, 97, 101
"""One of so many is disabled already, is above the actor, is one whom a plugin objects to."""
FIRST = 1_000
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """An area, who acts in it, and everybody there by id with the status that they begin with."""

    area: int
    boss: int
    began: dict[int, Status]
    refused: frozenset[int]

    @property
    def wanted(self) -> Wanted:
        return Wanted(beneath=UnitPath.of(ROOT_ID, self.area))

    @property
    def last(self) -> int:
        return max(self.began)

    def to_change(self) -> frozenset[int]:
        """Whom it takes a change to disable."""
        return frozenset(user_id for user_id, status in self.began.items() if status is Status.ACTIVE) - self.refused

    def actor(self, world: World) -> Actor:
        return world.actor(self.boss)


def planted(world: World, size: int) -> Crowd:
    """Plant the area, with `size` people of whom one acts."""
    area = world.unit("Area", kind="grove.area")
    boss = world.user("boss", ("grove.admin", area), id=FIRST, home=area)
    ids = range(FIRST + 1, FIRST + size)
    began = {user_id: Status.DISABLED if user_id % ALREADY == 0 else Status.ACTIVE for user_id in ids}
    refused = {user_id for user_id in ids if user_id % SUPERIOR == 0 or (user_id % HOLY == 0 and began[user_id] is Status.ACTIVE)}
    for some in _batches(ids):
        world.plant({User: [_row(world, area, user_id, began[user_id]) for user_id in some], Grant: _grants(world, area, some)})
    return Crowd(area, boss, {boss: Status.ACTIVE, **began}, frozenset({boss, *refused}))


def _row(world: World, area: int, user_id: int, status: Status) -> dict[str, Any]:
    name = "holy" if user_id % HOLY == 0 else "leaver"
    return user_row(user_id, f"{name}.{user_id}", world.now, {"home_id": area, "status": status})


def _grants(world: World, area: int, ids: Iterable[int]) -> list[dict[str, Any]]:
    held = [(user_id, role) for user_id in ids for role in ((MEMBER, OWNER) if user_id % SUPERIOR == 0 else (MEMBER,))]
    common = {"unit_id": area, "source": "admin", "created_at": world.now, "away": False, "expires_at": None}
    return [{"user_id": user_id, "role_key": role, **common} for user_id, role in held]


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(ids)
    while some := list(islice(rest, BATCH)):
        yield some
