"""Where the search for a page of users starts, chosen by how much there is to look at.

A walk along the index of the order stops as soon as the page is full, so it is cheap where many match and dear where few do;
collecting the users of the scope or the hits of a text, and sorting them, is the opposite.
"""

from dataclasses import dataclass
from enum import Enum, auto

MANY = 4_000
"""Up to this many users or hits are counted; more of them are never collected."""

LOOK, FETCH = 4, 15
"""What it costs to look at a user in an index, and to fetch a row, in microseconds; measured on both databases."""

FILTERED = 4
"""Of how many users one passes the filters, as a guess."""


class Start(Enum):
    """Where to start."""

    WALK = auto()
    UNITS = auto()
    HITS = auto()


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much there is: users in all, users and units in scope, and hits of the text; counted up to a little over the limits."""

    everything: bool = False
    searched: bool = False
    of_all: int = 0
    users: int = 0
    units: int = 0
    hits: int = 0

    def start(self, size: int, *, filtered: bool = False) -> Start:
        """Return where it is cheapest to start for a page of so many rows."""
        costs = {Start.WALK: self._walk(size * FILTERED if filtered else size)}
        if not self.everything and self.users <= MANY:
            costs[Start.UNITS] = FETCH * self.users
        if self.searched and self.hits <= MANY:
            costs[Start.HITS] = FETCH * self.hits
        return min(costs, key=lambda start: costs[start])

    def _walk(self, wanted: int) -> float:
        """Return what it costs to walk until so many users match, or to the end."""
        of_all = max(self.of_all, 1)
        in_scope = 1.0 if self.everything else self.users / of_all
        found = 1.0 if not self.searched else self.hits / of_all
        looked_at = of_all if not in_scope * found else min(of_all, wanted / (in_scope * found))
        return looked_at * LOOK * (1 + self.searched * min(in_scope, 1.0))
