"""Roles against resources, ready to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from bo_panel.domain.access import MEMBER, Access, at_or_below
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.contributions import Resource
from bo_panel.queries.giving import Giving
from bo_panel.queries.holders import Holders
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.web.roles.levels import Rung, level_word, rungs_of
from bo_panel.web.translating import gettext

NAMED = 3


class Cell(NamedTuple):
    """How high a role reaches on one ladder; `too_high` says that it is more than the person asking may give."""

    resource: str
    level: str
    rungs: Sequence[Rung]
    too_high: bool


class Row(NamedTuple):
    """One role; what each part is is said in templates/roles/list.html."""

    label: str
    about: str
    owned_at: str
    held_at: str
    users: str
    users_url: str
    gives: bool
    giving: str
    cells: Sequence[Cell]
    edit_url: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everything the page is drawn from."""

    book: RoleBook
    given: Mapping[str, Giving]
    places: Mapping[int, Place]
    holders: Holders
    users_url: str
    edit_url: str
    access: Access

    def groups(self) -> list[tuple[str, int]]:
        """Return the groups of resources, and how many are in each."""
        return [(label, len(list(found))) for label, found in groupby(self._ordered(), lambda each: each[1].group)]

    def resources(self) -> list[str]:
        """Return the names of the resources, in order of their groups."""
        return [resource.label for _position, resource in self._ordered()]

    def rows(self) -> list[Row]:
        """Return the roles, the most powerful first."""
        keys = sorted(self.given, key=lambda key: (-sum(self.book.vector_of(key)), self.book.label(key)))
        return [self._row(key) for key in keys]

    def _ordered(self) -> list[tuple[int, Resource]]:
        """Return the resources with their positions in a vector, brought together by group."""
        found = list(enumerate(self.book.registry.resources.values()))
        order = list(dict.fromkeys(resource.group for _position, resource in found))
        return sorted(found, key=lambda each: order.index(each[1].group))

    def _row(self, key: str) -> Row:
        declared = self.book.registry.roles.get(key)
        owner = self.book.stored[key].owned_at if key in self.book.stored else None
        owned_at = self.places.get(owner.ids[-1]) if owner else None
        gives, giving = self._giving(key)
        return Row(
            self.book.label(key),
            declared.description if declared else "",
            owned_at.name if owned_at else "",
            self._kinds(key),
            self._users(key),
            self.users_url + key if self.users_url and key != MEMBER else "",
            gives,
            giving,
            self._cells(key),
            self._edit_url(key),
        )

    def _edit_url(self, key: str) -> str:
        """Return where the role is changed; '' where that is not the person's to do. Whoever holds it himself gives it another name only."""
        role = self.book.stored.get(key)
        if role is None or not self.access.allows("roles", "edit", role.owned_at):
            return ""
        return self.edit_url + quote(key) if at_or_below(self.book.vector_of(key), self.access.at(role.owned_at)) else ""

    def _cells(self, key: str) -> list[Cell]:
        vector, ladders = self.book.vector_of(key), self.book.registry.catalogue.ladders
        cells = []
        for position, resource in self._ordered():
            rung, ladder = vector[position], ladders[position]
            level = level_word(ladder.levels[rung - 1]) if rung else ""
            cells.append(Cell(resource.label, level, rungs_of(ladder, rung), position in self.given[key].too_high))
        return cells

    def _kinds(self, key: str) -> str:
        registry = self.book.registry
        kinds = self.book.stored[key].unit_kinds if key in self.book.stored else registry.roles[key].unit_kinds
        return ", ".join(registry.kinds[kind].label if kind in registry.kinds else kind for kind in kinds) or gettext("Anywhere")

    def _users(self, key: str) -> str:
        """Return how many hold it, as far as that was counted."""
        if not self.users_url:
            return ""
        count = self.holders.users.get(key, 0)
        if self.holders.complete:
            return gettext("Held by %(n)s", n=count) if count else gettext("Held by nobody")
        return gettext("Held by %(n)s or more", n=count) if count else gettext("Held by: see the list")

    def _giving(self, key: str) -> tuple[bool, str]:
        """Return whether the person asking may give the role, and where, or why not."""
        giving = self.given[key]
        if key == MEMBER:
            return True, gettext("Comes with every account.")
        fitting = [path for path in giving.places if self._has_room(key, path)]
        if fitting:
            return True, gettext("You may give it at %(places)s and beneath.", places=self._names(fitting))
        if giving.places:
            return False, gettext("Not yours to give: no unit that you administer is one where it can be held.")
        if giving.nearest is None:
            return False, gettext("Not yours to give: you change no users where it exists.")
        return False, self._too_high(key, giving.nearest, giving.too_high)

    def _too_high(self, key: str, nearest: UnitPath, positions: Sequence[int]) -> str:
        resources = list(self.book.registry.resources.values())
        named = ", ".join(resources[position].label for position in positions[:NAMED])
        more = gettext(" and %(n)s more", n=len(positions) - NAMED) if len(positions) > NAMED else ""
        unit = self._names([nearest])
        return gettext("Not yours to give: it exceeds what you hold at %(unit)s (%(resources)s).", unit=unit, resources=named + more)

    def _has_room(self, key: str, path: UnitPath) -> bool:
        """Return whether a unit that the role fits can stand at a path or beneath."""
        place = self.places.get(path.ids[-1])
        kinds = {place.kind, *self.book.registry.kinds_beneath(place.kind)} if place else set()
        return any(self.book.fits(key, kind) for kind in kinds)

    def _names(self, paths: Sequence[UnitPath]) -> str:
        names = [self.places[path.ids[-1]].name for path in paths if path.ids[-1] in self.places]
        more = gettext(" and %(n)s more", n=len(names) - NAMED) if len(names) > NAMED else ""
        return ", ".join(names[:NAMED]) + more
