"""What the people of a demonstration hold, and where they are at home."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from bo_panel.demo.roles import RoleChoice
from bo_panel.demo.tree import PlannedTree, PlannedUnit, skewed
from bo_panel.domain.access import MEMBER

Units = tuple[PlannedUnit, ...]

AT_THE_TOP = 0.06
"""The part of the people who work at a topmost unit itself."""


@dataclass(frozen=True, slots=True)
class PlannedGrant:
    """A role at a unit, perhaps until a moment."""

    unit_id: int
    role: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where somebody is at home, and what he holds; the first grant is that of a member at home."""

    home_id: int
    grants: tuple[PlannedGrant, ...]

    @classmethod
    def at(cls, home_id: int, *grants: PlannedGrant) -> "Belonging":
        """Return the belonging of somebody who holds these grants besides being a member at home, each of them once."""
        once = {(grant.unit_id, grant.role): grant for grant in (PlannedGrant(home_id, MEMBER), *grants)}
        return cls(home_id, tuple(once.values()))

    @property
    def away(self) -> bool:
        """Whether a grant is held elsewhere than at home."""
        return any(grant.unit_id != self.home_id for grant in self.grants)

    def owns_home(self, owner_roles: Collection[str]) -> bool:
        """Return whether the home is his."""
        return any(grant.role in owner_roles and grant.unit_id == self.home_id for grant in self.grants)


class Homes:
    """Finds where somebody who works at a unit is at home."""

    def __init__(self, tree: PlannedTree, home_kinds: Sequence[str]) -> None:
        """Take the kinds where a user may be at home; none named: any."""
        self._kinds = frozenset(home_kinds)
        self._kind_of = {unit.id: unit.kind for unit in tree.units}

    def of(self, unit: PlannedUnit) -> int:
        """Return the id of the unit itself or of the nearest one above it that can be a home."""
        if not self._kinds:
            return unit.id
        return next((above for above in reversed(unit.path.ids) if self._kind_of.get(above) in self._kinds), unit.id)


class Belongings:
    """Draws where people work, and as what."""

    def __init__(self, tree: PlannedTree, homes: Homes, roles: RoleChoice, random: Random) -> None:
        """Take the tree and the roles."""
        self._tree = tree
        self._homes = homes
        self._roles = roles
        self._random = random
        self._inside: dict[int, list[Units]] = _by_top(tree)
        self._children: dict[int, list[PlannedUnit]] = defaultdict(list)
        for unit in tree.units:
            self._children[unit.parent_id].append(unit)
        self._weights = cache(skewed)

    def draw(self, now: datetime) -> Belonging:
        """Return where somebody is at home, and what he holds at one place or several."""
        top = self._skewed(self._tree.tops)
        units = self._places(top)
        role = self._roles.draw(top.id, units[0].kind)
        if role is None or self._random.random() < 0.03:
            return Belonging.at(self._homes.of(units[0]))
        expires = self._expiry(now)
        grants = [PlannedGrant(unit.id, role, expires) for unit in units]
        home, elsewhere = self._homes.of(units[0]), [grant for grant in self._elsewhere(top, now) if self._roles.together(role, grant.role)]
        return Belonging.at(home, *grants, *(PlannedGrant(home, toggle) for toggle in self._roles.toggles(role)), *elsewhere)

    def _places(self, top: PlannedUnit) -> Units:
        """Return one unit of the subtree, or some of one kind below one parent or under one home."""
        levels = self._inside[top.id]
        level = levels[0] if self._random.random() < AT_THE_TOP or len(levels) == 1 else self._random.choice(levels[1:])
        first = self._skewed(level)
        if self._random.random() < 0.7 or len(level) == 1:
            return (first,)
        many = self._random.choice((2, 2, 2, 3, 3, 4, 6))
        beside = self._children[first.parent_id] if self._roles.ruled(first.kind) else level
        others = (unit for unit in self._random.choices(beside, k=many - 1) if unit.kind == first.kind)
        return tuple({unit.id: unit for unit in (first, *others)}.values())

    def _elsewhere(self, top: PlannedUnit, now: datetime) -> Iterator[PlannedGrant]:
        """Yield a grant of a guest beneath another topmost unit, and one that has expired, for a few."""
        if self._random.random() < 0.02 and len(self._tree.tops) > 1:
            other = self._random.choice([unit for unit in self._tree.tops if unit.id != top.id])
            yield from self._one_at(self._random.choice(self._inside[other.id][-1]), None)
        if self._random.random() < 0.03:
            yield from self._one_at(self._skewed(self._inside[top.id][-1]), now - timedelta(days=self._random.randrange(1, 500)))

    def _one_at(self, unit: PlannedUnit, expires_at: datetime | None) -> Iterator[PlannedGrant]:
        role = self._roles.draw(unit.path.ids[1], unit.kind)
        if role is not None:
            yield PlannedGrant(unit.id, role, expires_at)

    def _expiry(self, now: datetime) -> datetime | None:
        """Return when a role ends: for most never, for a few soon, for a few some time ago."""
        chance = self._random.random()
        if chance < 0.02:
            return now + timedelta(days=self._random.randrange(1, 120))
        return now - timedelta(days=self._random.randrange(1, 300)) if chance < 0.03 else None

    def _skewed(self, units: Units) -> PlannedUnit:
        return self._random.choices(units, cum_weights=self._weights(len(units)))[0]


def _by_top(tree: PlannedTree) -> dict[int, list[Units]]:
    """Return the units beneath each topmost one, itself included, level by level."""
    found: dict[int, list[Units]] = {}
    for level in tree.levels:
        inside: dict[int, list[PlannedUnit]] = defaultdict(list)
        for unit in level:
            inside[unit.path.ids[1]].append(unit)
        for top_id, units in inside.items():
            found.setdefault(top_id, []).append(tuple(units))
    return found
