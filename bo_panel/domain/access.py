"""Access as a lattice: ladders of levels, the maximum over grants, and staying at or below one's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from bo_panel.domain.units import UnitPath, minimal

OWNER = "owner"
MEMBER = "member"
TYPE = "type:"
"""Before the key of a user type: the role that everybody of this type holds at home."""
TOGGLE = "toggle:"
"""Before the key of an access toggle: the role of those for whom it is on, held at home."""
MOST_SEEN = 1_000

Vector: TypeAlias = tuple[int, ...]
"""The rung held on each resource's ladder, in the order of the catalogue; 0 is nothing."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A resource and its levels, lowest first; each level includes those before it."""

    resource: str
    levels: tuple[str, ...]

    def rung(self, level: str) -> int:
        """Return how high `level` stands, from 1; `none` is 0. ValueError when the ladder has no such level."""
        return 0 if level == "none" else self.levels.index(level) + 1


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every ladder that this deployment knows, in a fixed order."""

    ladders: tuple[Ladder, ...]

    @property
    def nothing(self) -> Vector:
        """The vector of somebody who may do nothing."""
        return (0,) * len(self.ladders)

    @property
    def everything(self) -> Vector:
        """The top of every ladder, those of plugins installed later included."""
        return tuple(len(ladder.levels) for ladder in self.ladders)

    def position(self, resource: str) -> int:
        """Return where `resource` stands in a vector. KeyError when there is no such resource."""
        for index, ladder in enumerate(self.ladders):
            if ladder.resource == resource:
                return index
        raise KeyError(resource)

    def rung(self, resource: str, level: str) -> tuple[int, int]:
        """Return (position in a vector, height on its ladder)."""
        position = self.position(resource)
        return position, self.ladders[position].rung(level)

    def vector(self, levels: Mapping[str, str]) -> Vector:
        """Return the vector for levels by resource; what this deployment does not know is left out, and so inert."""
        rungs = list(self.nothing)
        for index, ladder in enumerate(self.ladders):
            level = levels.get(ladder.resource, "none")
            if level in ladder.levels:
                rungs[index] = ladder.rung(level)
        return tuple(rungs)

    def demand(self, levels: Mapping[str, str]) -> Vector:
        """Return what somebody must hold to give levels: themselves, or everything where nobody can tell any more how much one of them is."""
        known = {ladder.resource: ladder.levels for ladder in self.ladders}
        told = all(level == "none" or level in known.get(resource, ()) for resource, level in levels.items())
        return self.vector(levels) if told else self.everything


def highest(vectors: Iterable[Vector], nothing: Vector) -> Vector:
    """Return the maximum per resource: what all of `vectors` give together."""
    found = tuple(vectors)
    return tuple(map(max, zip(nothing, *found, strict=True))) if found else nothing


@lru_cache(maxsize=1_000)
def at_or_below(lower: Vector, upper: Vector) -> bool:
    """Return whether `lower` exceeds `upper` on no resource."""
    return all(low <= up for low, up in zip(lower, upper, strict=True))


def exceeding(lower: Vector, upper: Vector) -> tuple[int, ...]:
    """Return the positions of the resources on which `lower` exceeds `upper`."""
    return tuple(position for position, (low, up) in enumerate(zip(lower, upper, strict=True)) if low > up)


@dataclass(frozen=True, slots=True)
class Held:
    """One live grant of somebody: a role, and the path of the unit where it is held."""

    path: UnitPath
    role: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """What one person may do, and where: the live grants, read through a role's vector.

    Equal to itself alone, so that whatever follows from it can be kept by it.
    """

    catalogue: Catalogue
    held: tuple[Held, ...]
    vector_of: Callable[[str], Vector]
    _seen: dict[UnitPath, Vector] = field(default_factory=dict, repr=False)
    _reached: dict[tuple[str, str], tuple[UnitPath, ...]] = field(default_factory=dict, repr=False)
    _allowed: dict[tuple[str, str, UnitPath], bool] = field(default_factory=dict, repr=False)

    def at(self, path: UnitPath) -> Vector:
        """Return the effective access at a unit: the maximum over the grants on the path from the root."""
        found = self._seen.get(path)
        if found is None:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            vectors = (self.vector_of(held.role) for held in self.held if held.path.covers(path))
            found = self._seen[path] = highest(vectors, self.catalogue.nothing)
        return found

    def allows(self, resource: str, level: str, path: UnitPath) -> bool:
        """Return whether this level of the resource is held at the unit; asked again, it is looked up."""
        try:
            return self._allowed[resource, level, path]
        except KeyError:
            position, rung = self.catalogue.rung(resource, level)
            if len(self._allowed) >= MOST_SEEN:
                self._allowed.clear()
            found = self._allowed[resource, level, path] = self.at(path)[position] >= rung
            return found

    def reach(self, resource: str, level: str) -> tuple[UnitPath, ...]:
        """Return the topmost units where this level is held; it holds at and beneath each of them."""
        asked = (resource, level)
        if asked not in self._reached:
            position, rung = self.catalogue.rung(resource, level)
            self._reached[asked] = minimal(held.path for held in self.held if self.vector_of(held.role)[position] >= rung)
        return self._reached[asked]

    def anywhere(self, resource: str, level: str) -> bool:
        """Return whether this level is held at some unit."""
        return bool(self.reach(resource, level))

    def places(self) -> tuple[UnitPath, ...]:
        """Return the topmost units where anything is held."""
        return minimal(held.path for held in self.held)

    def until(self, vector: Vector, path: UnitPath) -> datetime | None:
        """Return until when this access stays at or above `vector` at a unit; None for as long as nobody changes it.

        For what is at or above it now: the last moment at which the grants that have not expired suffice.
        """
        here = [held for held in self.held if held.path.covers(path)]
        ends = sorted((held.expires_at for held in here if held.expires_at is not None), reverse=True)
        lasting = [held for held in here if held.expires_at is None]
        for end in [None, *ends]:
            enough = lasting + [held for held in here if end is not None and held.expires_at is not None and held.expires_at >= end]
            if at_or_below(vector, highest((self.vector_of(held.role) for held in enough), self.catalogue.nothing)):
                return end
        return ends[-1] if ends else None

    def dominates(self, vector: Vector) -> tuple[UnitPath, ...]:
        """Return the topmost units at and beneath which this access is at or above `vector`."""
        return minimal(held.path for held in self.held if at_or_below(vector, self.at(held.path)))
