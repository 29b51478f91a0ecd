"""What else people would reach for: stock Flask-Admin and Django admin, over the same tables with the same columns.

Each is set up as its own documentation says, with its default settings: 50 rows a page, the same columns, the same order, a search
over the same fields, filters by status and home. Neither narrows what is seen, so both are asked as whoever sees everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Protocol

from tests.benchmarks.measuring import Measured, Pages
from tests.benchmarks.works import Work

SHOWN = 50
COLUMNS = ("user_name", "first_name", "last_name", "email", "home", "grants", "status", "last_sign_in")
SEARCHED = ("user_name", "first_name", "last_name", "email", "phone")
LIMIT = 10.0
ROUNDS = 3
PAGES = ("first page", "deep page", "last page", "by last sign-in", "search, few hits", "search, many hits", "status + home")
HEAD = ("work", "raw ms", "bo_panel ms")


class Peer(Protocol):
    """One of them, started."""

    name: str
    pages: Pages

    def address(self, work: Work, page: int) -> str:
        """Return the address of a page; `page` counts from 1."""
        ...


@dataclass(frozen=True, slots=True)
class Server:
    """A WSGI application in the form that pages are asked in."""

    wsgi_app: Any


def asked(peer: Peer, address: str) -> float | None:
    """Return the milliseconds of a page, median of a few; None when it takes longer than anybody waits."""
    times = []
    for _round in range(ROUNDS + 1):
        start = perf_counter()
        peer.pages.get(address)
        times.append(perf_counter() - start)
        if times[-1] > LIMIT:
            return None
    return median(times[1:]) * 1000


def compared(peers: Sequence[Peer], works: Sequence[Work], found: Mapping[str, Measured], last: int) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table: each page on all sides, as a multiple of the raw program's; `last` is the number of the last page."""
    yield (*HEAD, *(f"{peer.name} ms" for peer in peers))
    for work in works:
        page = found.get(work.title)
        if work.title in PAGES and page is not None:
            number = last if work.last else min(1_000, last) if work.deep else 1
            times = [asked(peer, peer.address(work, number)) for peer in peers]
            yield (work.title, f"{page.raw:.1f}", _times(page.panel, page.raw), *(_times(time, page.raw) for time in times))


def _times(time: float | None, raw: float) -> str:
    return f"> {LIMIT:g} s" if time is None else f"{time:.1f} ×{time / raw:.{1 if time / raw < 10 else 0}f}"
