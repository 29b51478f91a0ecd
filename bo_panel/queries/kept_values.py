"""What a process keeps of units for plugins, by versions that the database holds (docs/decisions/0016, 0020)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import RLock
from typing import Any, NamedTuple

from cachetools import LRUCache
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bo_panel.domain.errors import NotFound
from bo_panel.domain.ports import Clock
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSnapshot
from bo_panel.models import UnitCacheVersion
from bo_panel.queries.sql import among_given, dialect, kept, listed, rows_of
from bo_panel.queries.unit_settings import snapshot_of

MOST_KEPT = 1_000


class Kept(NamedTuple):
    """What was worked out of a unit, as it was then."""

    value: object
    unit: UnitSnapshot


@dataclass(frozen=True, slots=True)
class Keeper:
    """What one process keeps: no more than so many values, those that were asked for last.

    `apart` opens a session for a plugin, so that nothing that it does there is in the way of whoever asks.
    """

    registry: Registry
    clock: Clock
    apart: Callable[[], AbstractContextManager[Session]]
    values: LRUCache[Any, Kept] = field(default_factory=lambda: LRUCache(MOST_KEPT))
    lock: RLock = field(default_factory=RLock)

    def kept(self, session: Session, key: str, path: UnitPath) -> Kept:
        """Return what is kept in a domain of the unit at a path, or have it worked out; one statement, and those of the plugin.

        The versions are read before: something newer may be kept by an old one, for which nobody asks any more, never the other way round.
        """
        domain, place = self.registry.cache_domains[key], (key, path, _versions(session, key, path))
        with self.lock:
            found = self.values.get(place)
        if found is None or not timedelta() <= self.clock.now() - found.unit.at < timedelta(minutes=domain.minutes):
            found = self._worked_out(domain, path)
            with self.lock:
                self.values[place] = found
        return found

    def _worked_out(self, domain: CacheDomain, path: UnitPath) -> Kept:
        with self.apart() as session:
            unit = snapshot_of(session, self.registry, path.ids[-1], self.clock.now())
            if unit is None:
                raise NotFound
            return Kept(domain.load(unit, session), unit)


def _versions(session: Session, domain: str, path: UnitPath) -> tuple[tuple[int, int], ...]:
    """Return the versions at a unit and above it: cleared above is cleared beneath."""
    name = dialect(session)
    rows = rows_of(session, _above(name), {"domain": domain, "above": listed(path.ids, name)})
    return tuple((row.unit_id, row.version) for row in rows)


@kept
def _above(name: str) -> Any:
    mine = UnitCacheVersion.domain == bindparam("domain", type_=UnitCacheVersion.domain.type)
    here = among_given(UnitCacheVersion.unit_id, "above", name)
    columns = (UnitCacheVersion.unit_id, UnitCacheVersion.version)
    return select(*columns).where(mine, here).order_by(UnitCacheVersion.unit_id)
