"""Where the search for a page of users starts, chosen by how much there is to look at.

A walk along the index of the order stops as soon as the page is full, so it is cheap where many match and dear where few do;
collecting the users of the scope or the hits of a text, and sorting them, is the opposite.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from math import inf
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

MANY, MANY_HITS = 50_000, 8_000
"""Up to this many users at home in a scope, guests' grants there, and hits, are counted.

More users are never collected, and more hits only where a walk is given up, or would be one past everybody.
"""

ALL = 10**9
"""Stands for a page of everybody who matches."""

LOOK, GATHER, FETCH, APART = 4, 5, 6, 1
"""What it costs in microseconds, measured on both databases.

To look at a user in an index, to collect one from the units of a scope, to fetch the row or the document of one who may be
anywhere, and to tell the guests of a scope apart, for each of their grants.
"""

MARGIN = 1.3
"""How much further than it should take a walk goes, for what is searched for may lie together at the end."""

RISK = 2
"""How much dearer a walk in search of a text counts than it should be, for the same reason: given up, it was for nothing."""

LASTS = timedelta(minutes=10)
"""How long a count is believed; what it chooses stays right while the users grow or shrink by half."""
MOST_KEPT = 1_000

Counted = TypeVar("Counted")


class Start(Enum):
    """Where to start."""

    WALK = auto()
    UNITS = auto()
    HITS = auto()


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a scope is, counted up to a little over the limits, and the highest id of all users.

    It is the users at home in it, the grants of guests, and the units.
    """

    home: int = 0
    guests: int = 0
    units: int = 0
    of_all: int = 0

    @property
    def users(self) -> int:
        """How many there are at most."""
        return self.home + self.guests

    @property
    def whole(self) -> bool:
        """Whether everybody was counted."""
        return self.home <= MANY and self.guests <= MANY


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
        """Return what was counted for a key on the database of this session, or None when that was not a moment ago."""
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
    one_in: int = 1
    """Of how many users one passes the filters, as a guess."""
    seldom: int = 1
    """Of how many users one passes those of them that the row itself answers, as a guess."""
    apart_first: bool = False
    """Whether all guests are told apart before the first of them is there, as on PostgreSQL."""

    def start(self, size: int) -> Start:
        """Return where it is cheapest to start for a page of so many rows."""
        walk = self._looked_at(size) * (LOOK + FETCH * self.searched * self._in_scope)
        costs = {Start.WALK: self._past_all if size == ALL else walk * RISK if self.searched else walk}
        if not self.everything and self.extent.whole:
            costs[Start.UNITS] = (FETCH if self.searched else GATHER) * self.extent.users
        counted = self.hits.users <= MANY_HITS
        if self.searched and (counted or size == ALL):
            costs[Start.HITS] = FETCH * (self.hits.users if counted else self._of_all)
        return min(costs, key=lambda start: costs[start])

    def start_of_count(self, size: int) -> Start:
        """Return where it is cheapest to start for a count that ends at this size, where nothing is searched for."""
        enough = size * self.one_in
        gather: float = GATHER * min(self.extent.users, enough)
        if self.apart_first and self.extent.home < enough:
            gather += APART * self.extent.guests if self.extent.guests <= MANY else inf
        return Start.UNITS if not self.everything and gather <= LOOK * self._looked_at(size) else Start.WALK

    def limit(self, size: int) -> int:
        """Return how many users a walk may look at before it is given up: somewhat more than a page should take; 0 for all of them.

        A scope that is larger than is counted is taken for everything: the walk is then given up rather too early.
        """
        limit = 1 + int(MARGIN * self._looked_at(size) * (1 if self.extent.whole else self._in_scope))
        return limit if limit < self._of_all else 0

    @property
    def _of_all(self) -> int:
        return max(self.extent.of_all, self.hits.of_all, 1)

    @property
    def _past_all(self) -> float:
        """Return what a walk past everybody costs; the documents are fetched of those only who pass the filters."""
        return self._of_all * (LOOK + FETCH * self.searched / self.seldom)

    @property
    def _in_scope(self) -> float:
        return 1.0 if self.everything else min(1.0, self.extent.users / self._of_all)

    def _looked_at(self, size: int) -> float:
        """Return how many users a walk looks at until so many match, or to the end."""
        found = 1.0 if not self.searched else self.hits.users / self._of_all
        matching = self._in_scope * found
        return self._of_all if not matching else min(self._of_all, size * self.one_in / matching)
