"""The roles of a demonstration: which of the declared ones are given where, and some that belong to a unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from bo_panel.demo.tree import PlannedTree, PlannedUnit
from bo_panel.domain.access import MEMBER, OWNER, Vector
from bo_panel.hooks.contributions import Role
from bo_panel.hooks.registry import Registry


@dataclass(frozen=True, slots=True)
class PlannedRole:
    """A role that belongs to a unit."""

    key: str
    unit_id: int
    label: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...]


def declared_for(registry: Registry, kind: str) -> tuple[Role, ...]:
    """Return the declared roles that people hold at units of this kind, or the types where there are types; owners and mere members left out."""
    apart = registry.roles.keys() - registry.types.keys() if registry.types else {MEMBER, *registry.toggles}
    return tuple(role for role in registry.roles_for(kind) if role.key not in apart and not role.owner)


def owner_role(registry: Registry) -> str:
    """Return the role that owners of units hold: a type of owners, where there is one."""
    return next((key for key in registry.types if key in registry.owner_roles), OWNER)


def plan_roles(tree: PlannedTree, registry: Registry) -> tuple[PlannedRole, ...]:
    """Return a few roles for each topmost unit, each at or below what is declared, so that different units offer different roles."""
    if registry.types:
        return ()
    labels = (("Auditor", "Trainee"), ("Auditor", "Coordinator"), ("Night shift", "Trainee", "Coordinator"))
    return tuple(
        PlannedRole(f"role:{top.id}.{label.lower().replace(' ', '_')}", top.id, label, levels, kinds)
        for number, top in enumerate(tree.tops)
        for label in labels[number % len(labels)]
        for levels, kinds in _meaning(label, tree, registry)
    )


def _meaning(label: str, tree: PlannedTree, registry: Registry) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Yield the levels and the kinds of a role of this name; nothing where no such role makes sense."""
    kinds = _kinds(tree, registry)
    if label == "Auditor":
        yield {"users": "view", "units": "view", "audit": "view"}, kinds
        return
    if label == "Coordinator":
        yield {"users": "edit", "units": "view"}, kinds
        return
    lowest = min(declared_for(registry, kinds[-1]), key=lambda role: sum(registry.vector_of(role.key)), default=None)
    if lowest is None:
        return
    yield {name: registry.resources[name].levels[0] for name in lowest.levels} if label == "Trainee" else dict(lowest.levels), (kinds[-1],)


def _kinds(tree: PlannedTree, registry: Registry) -> tuple[str, ...]:
    """Return the kinds where any role may be held; not one whose places are chosen by a rule for roles that it names."""
    kept = {rule.unit_kind for rule in registry.field_rules if rule.roles}
    return tuple(dict.fromkeys(unit.kind for unit in tree.units if unit.kind not in kept))


class RoleChoice:
    """Draws roles that fit a unit: the less a role gives, the more people hold it."""

    def __init__(self, registry: Registry, planned: Sequence[PlannedRole], random: Random) -> None:
        """Take the roles there are."""
        self._registry = registry
        self._random = random
        self._planned = planned
        self._fitting = cache(self._find_fitting)

    def draw(self, top_id: int, kind: str) -> str | None:
        """Return the key of a role for a unit of this kind below this topmost unit, or None when there is none."""
        keys, weights = self._fitting(top_id, kind)
        return self._random.choices(keys, cum_weights=weights)[0] if keys else None

    def ruled(self, kind: str) -> bool:
        """Return whether units of this kind are held beside those of the same unit above only."""
        return any(rule.unit_kind == kind for rule in self._registry.field_rules)

    def toggles(self, role: str) -> tuple[str, ...]:
        """Return the toggles that are on for somebody of a type: for one in six, one of those that go with it."""
        fitting = [toggle for toggle in self._registry.toggles if self._registry.goes_with(toggle, role)]
        return (self._random.choice(fitting),) if fitting and self._random.random() < 1 / 6 else ()

    def together(self, one: str, other: str) -> bool:
        """Return whether somebody can hold both of these roles."""
        return one == other or not self._registry.exclusive_roles & {one, other}

    def fits(self, key: str, unit: PlannedUnit) -> bool:
        """Return whether the role can be held at the unit."""
        return key in self._fitting(unit.path.ids[1], unit.kind)[0]

    def _find_fitting(self, top_id: int, kind: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
        declared = {role.key: self._weight(self._registry.vector_of(role.key)) for role in declared_for(self._registry, kind)}
        own = {
            role.key: self._weight(self._registry.catalogue.vector(role.levels)) / 3
            for role in self._planned
            if role.unit_id == top_id and kind in role.unit_kinds
        }
        weights = declared | own
        return tuple(weights), tuple(accumulate(weights.values()))

    @staticmethod
    def _weight(vector: Vector) -> float:
        return 1 / (4 + sum(vector))
