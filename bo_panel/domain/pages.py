"""Pages of a list by keyset: an order, a place in it, and which way to go from there."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Self

MOST_LETTERS = 900


@dataclass(frozen=True, slots=True)
class Place:
    """The row that a page starts after: its sort value and its id."""

    value: str | float
    id: int

    def text(self) -> str:
        """Return the place for a URL."""
        packed = json.dumps([self.value, self.id], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the place that a URL names, or None when it is broken."""
        if len(text) > MOST_LETTERS:
            return None
        try:
            unpacked = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            value, row_id = unpacked
            str(value).encode()  # half of a pair of surrogates is no text that a database takes
        except (ValueError, TypeError, RecursionError, binascii.Error):
            return None
        if type(value) not in (str, int, float) or type(row_id) is not int or not 0 <= row_id < 2**63:
            return None
        return cls(value, row_id)


@dataclass(frozen=True, slots=True)
class Step:
    """Which page: after a place, before one, the first (no place) or the last (no place, backwards); or after so many rows."""

    place: Place | None = None
    backwards: bool = False
    skip: int = 0


LAST = Step(None, backwards=True)


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by."""

    key: str
    descending: bool = False
