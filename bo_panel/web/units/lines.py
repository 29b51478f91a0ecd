"""The units of a page, ready to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bo_panel.hooks.contributions import UnitKind
from bo_panel.hooks.registry import Registry
from bo_panel.queries.roles import LEFT
from bo_panel.queries.unit_tree import MANY_USERS, Twig
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope

PICTURE = "network"
"""For kinds without an icon of their own."""
BETWEEN = " › "


class Line(NamedTuple):
    """One unit; what each part is is said in templates/units/branch.html."""

    id: int
    name: str
    kind: str
    icon: str
    url: str
    opens: bool
    users: str
    way: str


def kind_of(registry: Registry, kind: str) -> UnitKind:
    """Return a kind as it is shown; one that nobody declares any more shows its key, and that a plugin left it."""
    left = LEFT.format(key=kind)
    return registry.kinds.get(kind) or UnitKind(kind, left, left)


def picture_of(registry: Registry, kind: str) -> str:
    """Return the icon of a kind."""
    return kind_of(registry, kind).icon or PICTURE


@dataclass(frozen=True, slots=True)
class Lines:
    """What is needed to draw any unit: `url` holds `{id}`, `people` is where users may be looked at."""

    registry: Registry
    url: str
    people: Scope
    above: Mapping[int, Place] = field(default_factory=dict)
    """The units on the ways to those that are drawn, by id, where the ways are told."""

    def lines(self, twigs: Sequence[Twig]) -> list[Line]:
        """Return the units of a page."""
        return [self._line(twig) for twig in twigs]

    def way(self, place: Place | Twig) -> str:
        """Return the names of the units above one, as far as they are known here."""
        return BETWEEN.join(self.above[unit_id].name for unit_id in place.path.ids[:-1] if unit_id in self.above)

    def _line(self, twig: Twig) -> Line:
        counted = twig.users and self.people.covers(twig.path)
        users = f"{MANY_USERS}+" if twig.users > MANY_USERS else str(twig.users)
        kind = kind_of(self.registry, twig.kind)
        url = self.url.replace("{id}", str(twig.id))
        return Line(twig.id, twig.name, kind.label, kind.icon or PICTURE, url, twig.opens, users if counted else "", self.way(twig))
