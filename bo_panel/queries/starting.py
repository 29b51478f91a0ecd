"""Where the search for a page of users starts, chosen by how much there is to look at.

A walk along the index of the order stops as soon as the page is full, so it is cheap where many match and dear where few do;
collecting the users of the scope or the hits of a text, and sorting them, is the opposite.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

MANY = 4_000
"""Up to this many users or hits are counted; more of them are never collected."""

LOOK, FETCH = 4, 15
"""What it costs to look at a user in an index, and to fetch a row, in microseconds; measured on both databases."""

LASTS = timedelta(minutes=1)
"""How long an extent is believed."""
MOST_SCOPES = 1_000

FILTERED = 4
"""Of how many users one passes the filters, as a guess."""


class Start(Enum):
    """Where to start."""

    WALK = auto()
    UNITS = auto()
    HITS = auto()


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a scope is: the users and units in it, counted up to a little over the limits, and the highest id of all users."""

    users: int = 0
    units: int = 0
    of_all: int = 0


class Extents:
    """The extents of scopes, counted now and then: they choose how a page is asked for, and never what is on it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: WeakKeyDictionary[Any, dict[Hashable, tuple[datetime, Extent]]] = WeakKeyDictionary()

    def known(self, session: Session, scope: Hashable, now: datetime) -> Extent | None:
        """Return the extent of a scope on the database of this session, or None when it was not counted within the last minute."""
        counted, extent = self._kept.get(session.get_bind(), {}).get(scope, (None, None))
        return extent if counted is not None and abs(now - counted) < LASTS else None

    def keep(self, session: Session, scope: Hashable, now: datetime, extent: Extent) -> Extent:
        """Keep what was counted, and return it."""
        kept = self._kept.setdefault(session.get_bind(), {})
        if len(kept) >= MOST_SCOPES:
            kept.clear()
        kept[scope] = (now, extent)
        return extent


extents = Extents()


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much there is to look at: the scope, and the hits of a text, counted up to a little over the limit."""

    everything: bool = False
    searched: bool = False
    extent: Extent = Extent()
    hits: int = 0

    def start(self, size: int, *, filtered: bool = False) -> Start:
        """Return where it is cheapest to start for a page of so many rows."""
        costs = {Start.WALK: self._walk(size * FILTERED if filtered else size)}
        if not self.everything and self.extent.users <= MANY:
            costs[Start.UNITS] = FETCH * self.extent.users
        if self.searched and self.hits <= MANY:
            costs[Start.HITS] = FETCH * self.hits
        return min(costs, key=lambda start: costs[start])

    def _walk(self, wanted: int) -> float:
        """Return what it costs to walk until so many users match, or to the end."""
        of_all = max(self.extent.of_all, 1)
        in_scope = 1.0 if self.everything else self.extent.users / of_all
        found = 1.0 if not self.searched else self.hits / of_all
        looked_at = of_all if not in_scope * found else min(of_all, wanted / (in_scope * found))
        return looked_at * LOOK * (1 + self.searched * min(in_scope, 1.0))
