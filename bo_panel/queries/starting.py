"""Where the search for a page of users starts, chosen by how much there is to look at.

A walk along the index of the order stops as soon as the page is full, so it is cheap where many match and dear where few do;
collecting the users of the scope or the hits of a text, and sorting them, is the opposite.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

MANY = 4_000
"""Up to this many users or hits are counted; more of them are never collected."""

LOOK, FETCH = 4, 15
"""What it costs to look at a user in an index, and to fetch a row, in microseconds; measured on both databases."""

LASTS = timedelta(minutes=1)
"""How long a count is believed."""
MOST_KEPT = 1_000

Counted = TypeVar("Counted")

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


@dataclass(frozen=True, slots=True)
class Hits:
    """How many users a text finds, counted up to a little over the limit, and the highest id of all users."""

    users: int = 0
    of_all: int = 0


class Counts(Generic[Counted]):
    """What was counted, kept for a little while: it chooses how a page is asked for, and never what is on it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: WeakKeyDictionary[Any, dict[Hashable, tuple[datetime, Counted]]] = WeakKeyDictionary()

    def known(self, session: Session, key: Hashable, now: datetime) -> Counted | None:
        """Return what was counted for a key on the database of this session, or None when that was not within the last minute."""
        counted, found = self._kept.get(session.get_bind(), {}).get(key, (None, None))
        return found if counted is not None and abs(now - counted) < LASTS else None

    def keep(self, session: Session, key: Hashable, now: datetime, found: Counted) -> Counted:
        """Keep what was counted, and return it."""
        kept = self._kept.setdefault(session.get_bind(), {})
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = (now, found)
        return found


extents: Counts[Extent] = Counts()
"""By scope."""
hits_of: Counts[Hits] = Counts()
"""By the words that are searched for: whoever turns the pages of a search does not have it counted for each of them."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much there is to look at: the scope, and the hits of a text."""

    everything: bool = False
    searched: bool = False
    extent: Extent = Extent()
    hits: Hits = Hits()

    def start(self, size: int, *, filtered: bool = False) -> Start:
        """Return where it is cheapest to start for a page of so many rows."""
        costs = {Start.WALK: self._walk(size * FILTERED if filtered else size)}
        if not self.everything and self.extent.users <= MANY:
            costs[Start.UNITS] = FETCH * self.extent.users
        if self.searched and self.hits.users <= MANY:
            costs[Start.HITS] = FETCH * self.hits.users
        return min(costs, key=lambda start: costs[start])

    def _walk(self, wanted: int) -> float:
        """Return what it costs to walk until so many users match, or to the end."""
        of_all = max(self.extent.of_all, self.hits.of_all, 1)
        in_scope = 1.0 if self.everything else self.extent.users / of_all
        found = 1.0 if not self.searched else self.hits.users / of_all
        looked_at = of_all if not in_scope * found else min(of_all, wanted / (in_scope * found))
        return looked_at * LOOK * (1 + self.searched * min(in_scope, 1.0))
