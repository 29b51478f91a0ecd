"""What somebody may give: where a role is at or below his own access, and what is too high where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from bo_panel.domain.access import Access, exceeding
from bo_panel.domain.actors import ROOT
from bo_panel.domain.units import UnitPath, shared
from bo_panel.queries.roles import RoleBook


@dataclass(frozen=True, slots=True)
class Giving:
    """Where a role may be given, and where it may not, what is in the way at the unit where the least is."""

    places: tuple[UnitPath, ...] = ()
    """The topmost units at and beneath which it may be given."""
    nearest: UnitPath | None = None
    too_high: Sequence[int] = ()
    """The positions of the resources on which the role exceeds what is held at the nearest unit."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who gives roles: at `reach` he may change what others hold."""

    access: Access
    reach: Sequence[UnitPath]

    def giving(self, book: RoleBook, key: str) -> Giving:
        """Return where he may give a role; whether units there have a kind that it fits is not looked at."""
        vector = book.demand_of(key)
        offered = shared(self.reach, (book.stored[key].owned_at if key in book.stored else ROOT,))
        places = shared(offered, book.dominated(key, self.access))
        if places or not offered:
            return Giving(places)
        short = {path: exceeding(vector, self.access.at(path)) for path in offered}
        nearest = min(short, key=lambda path: len(short[path]))
        return Giving((), nearest, short[nearest])
