"""The same pages of the list over many users and over a thousand: how much longer they take."""

from collections.abc import Iterator
from statistics import median

from bo_panel.app.factory import create_app
from bo_panel.bootstrap import Panel
from tests.benchmarks.comparing import place_of
from tests.benchmarks.figures import Figure, in_turn
from tests.benchmarks.measuring import Pages
from tests.benchmarks.stage import people
from tests.benchmarks.works import works

FEW = 1_000
WORKS = ("first page", "deep page", "last page", "by last sign-in", "by last sign-in, deep", "by user name")


def grown(large: Panel, small: Panel, rounds: int) -> Iterator[Figure]:
    """Yield each page as the owner of everything, over both databases in turn."""
    sides = []
    for panel in (small, large):
        owner = people(panel)[0]
        sides.append((panel, owner, Pages(create_app(panel), f"bo_session={owner.token}")))
    for work in works("", "", None):
        if work.title in WORKS:
            asked = []
            for panel, owner, pages in sides:
                address = work.address(place_of(panel, owner, work) if work.deep else None)
                settled = pages.settled(address)
                asked.append(lambda settled=settled, address=address: settled.get(address))
            few, many = (median(times) for times in in_turn(asked, rounds, warm=5))
            yield Figure(work.title, f"bo_panel over {FEW:,} users", few, many, "ms", 1.5)
