"""Clearing what is kept of units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import randbits
from typing import Any

from sqlalchemy import delete, insert

from bo_panel.domain.errors import NotAllowed, NotFound
from bo_panel.models import UnitCacheVersion
from bo_panel.queries.units import Place, places
from bo_panel.services.engine import Context, Needs, SingleChange, Trail

BITS = 53
"""How long a version is: one that is never given twice, not even after a transaction that came to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearCache(SingleChange):
    """Have everything that is kept of some units, and of all that is beneath them, worked out anew by every process."""

    unit_ids: frozenset[int]

    key = "caches.clear"
    requires = Needs("users", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the units."""
        return {"units": sorted(self.unit_ids)}

    def run(self, context: Context) -> Sequence[Trail]:
        """Give every domain another version there; raise unless the actor may at each of them."""
        units, domains = self._units(context), context.registry.cache_domains
        there = (UnitCacheVersion.unit_id.in_(sorted(self.unit_ids)), UnitCacheVersion.domain.in_(sorted(domains)))
        context.session.execute(delete(UnitCacheVersion).where(*there))
        rows = [{"unit_id": unit.id, "domain": key, "version": randbits(BITS)} for unit in units for key in domains]
        if not rows:
            return []
        context.session.execute(insert(UnitCacheVersion), rows)
        cleared = ", ".join(domain.label for domain in domains.values())
        return [Trail("caches.cleared", unit.id, None, {}, {"cleared": cleared}) for unit in units]

    def _units(self, context: Context) -> Sequence[Place]:
        found, access = places(context.session, self.unit_ids), context.actor.access
        if len(found) < len(self.unit_ids) or not all(access.allows("users", "view", unit.path) for unit in found.values()):
            raise NotFound
        for unit in found.values():
            if not access.allows(*self.requires, unit.path):
                raise NotAllowed(where=unit.name)
        return list(found.values())
