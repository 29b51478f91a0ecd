"""The units of a demonstration: a few large ones, many small ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from bo_panel.demo.names import long_unit_name, words
from bo_panel.domain.actors import ROOT
from bo_panel.domain.units import ROOT_KIND, UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.settings.sections import TreeLevel

PEOPLE_FOR_EACH = 100
"""How many people there are at most for each unit; where there are more of them, there are more units."""

ODD_ONE = 60
"""After how many units the one with a very long name comes."""


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit that is going to be."""

    id: int
    kind: str
    name: str
    path: UnitPath

    @property
    def parent_id(self) -> int:
        """The id of the unit above it."""
        return self.path.ids[-2]


@dataclass(frozen=True, slots=True)
class PlannedTree:
    """All units below the root, level by level."""

    levels: tuple[tuple[PlannedUnit, ...], ...]

    @property
    def units(self) -> tuple[PlannedUnit, ...]:
        """Every unit, those above first."""
        return tuple(unit for level in self.levels for unit in level)

    @property
    def tops(self) -> tuple[PlannedUnit, ...]:
        """The units directly below the root; the root's kind has none of these."""
        return self.levels[0] if self.levels else ()

    def first_of(self, kind: str) -> PlannedUnit | None:
        """Return the first unit of a kind, the one with the most beneath it."""
        return next((unit for unit in self.units if unit.kind == kind), None)


class DemoProblem(Exception):
    """A demonstration cannot be made as it is configured; the text says why."""


def plan_tree(levels: Sequence[TreeLevel], registry: Registry, random: Random) -> PlannedTree:
    """Return the tree that `[demo] tree` describes; raise DemoProblem for one that the unit kinds do not allow."""
    root = PlannedUnit(1, ROOT_KIND, "", ROOT)
    planned: list[tuple[PlannedUnit, ...]] = []
    names = _Names(random, len(levels))
    next_id = 2
    for depth, level in enumerate(levels):
        _check(level, registry)
        above = [unit for units in [(root,), *planned] for unit in units if registry.may_stand_below(level.kind, unit.kind)]
        if not above:
            raise DemoProblem(f"demo.tree: {level.kind} can stand below none of the kinds before it. Name its parent kind first.")
        parents = _shared_out(above, level.count, random)
        planned.append(tuple(PlannedUnit(next_id + n, level.kind, names.draw(depth), p.path.child(next_id + n)) for n, p in enumerate(parents)))
        next_id += level.count
    return PlannedTree(tuple(planned))


def grown(levels: Sequence[TreeLevel], users: int) -> Sequence[TreeLevel]:
    """Return the levels of a tree for so many people: those that are not fixed grow with them, all in the same measure."""
    fixed = sum(level.count for level in levels if level.fixed)
    growing = sum(level.count for level in levels) - fixed
    measure = (users // PEOPLE_FOR_EACH - fixed) / growing if growing else 1.0
    if measure <= 1:
        return levels
    return [level if level.fixed else level.model_copy(update={"count": round(level.count * measure)}) for level in levels]


def skewed(count: int) -> tuple[float, ...]:
    """Return added-up weights for so many things: the first is drawn most often, then it falls."""
    return tuple(accumulate(1 / (index + 1.5) for index in range(count)))


def _check(level: TreeLevel, registry: Registry) -> None:
    if level.kind not in registry.kinds:
        raise DemoProblem(f"demo.tree: there is no unit kind {level.kind!r}; there are {', '.join(registry.kinds)}.")


def _shared_out(above: Sequence[PlannedUnit], count: int, random: Random) -> Sequence[PlannedUnit]:
    """Return a parent for each unit: everybody gets one, then the first ones get most of the rest."""
    each = list(above[:count])
    each += random.choices(above, cum_weights=skewed(len(above)), k=count - len(each))
    return sorted(each, key=lambda unit: unit.id)


class _Names:
    """Names for units; the same one is never drawn twice on a level."""

    def __init__(self, random: Random, depths: int) -> None:
        self._random = random
        self._lowest = depths - 1
        self._used: set[tuple[int, str]] = set()

    def draw(self, depth: int) -> str:
        """Return a new name for a unit at this depth; one of the lowest level is nearly too long."""
        name = self._draw(depth)
        if depth == self._lowest and len(self._used) == ODD_ONE:
            name = long_unit_name()
        while (depth, name) in self._used:
            name = f"{self._draw(depth)} {self._random.randrange(2, 1000)}"
        self._used.add((depth, name))
        return name

    def _draw(self, depth: int) -> str:
        if depth == self._lowest and depth > 0:
            return f"{self._random.choice(words('cities'))} {self._random.choice(words('corners'))}"
        second = "groups" if depth == 0 and self._lowest > 1 else "businesses"
        return f"{self._random.choice(words('first'))} {self._random.choice(words(second))}"
