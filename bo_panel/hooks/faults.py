"""Where plugins failed, noted while nothing may be written, until somebody can write it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

MOST = 200
"""How many different places are kept; those beyond are in the log alone."""


class Fault(NamedTuple):
    """A place where a plugin failed: in which hook or template, and on which line. Never what the exception said."""

    plugin: str
    hook: str
    place: str


@dataclass(slots=True)
class Faults:
    """What failed since it was last taken, each place with how often."""

    _counts: dict[Fault, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._counts)

    def note(self, fault: Fault, times: int = 1) -> None:
        """Count a failure."""
        with self._lock:
            if fault in self._counts or len(self._counts) < MOST:
                self._counts[fault] = self._counts.get(fault, 0) + times

    def take(self) -> Mapping[Fault, int]:
        """Return all of it, and begin anew."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def give_back(self, taken: Mapping[Fault, int]) -> None:
        """Keep what could not be written for the next time."""
        for fault, times in taken.items():
            self.note(fault, times)
