"""The parts that the list of users falls into."""

from collections.abc import Sequence
from urllib.parse import urlencode

from bo_panel.hooks.contributions import Tab
from bo_panel.web import grid
from bo_panel.web.listing import State

TAB = "tab"
OF_A_TAB = (TAB, "status")
"""The parameters that mean nothing in another tab."""


def tab_named(tabs: Sequence[Tab], key: str) -> Tab | None:
    """Return the tab that an address names: the first for one that there is not, None where there are no tabs."""
    return next((tab for tab in tabs if tab.key == key), next(iter(tabs), None))


def part_of(tabs: Sequence[Tab], tab: Tab | None) -> tuple[tuple[str, str], ...]:
    """Return the parameters that name a tab in an address; none for the first."""
    return () if tab is None or tab is tabs[0] else ((TAB, tab.key),)


def tabs_of(state: State, tabs: Sequence[Tab], current: Tab | None) -> list[grid.Tab]:
    """Return the tabs as they are shown; what is searched for is searched for in the others too."""
    kept = [(key, value) for key, value in state.pairs if key not in OF_A_TAB]
    queries = [urlencode([*part_of(tabs, tab), *kept]) for tab in tabs]
    return [grid.Tab(tab.label, f"{state.path}?{query}" if query else state.path, tab is current) for tab, query in zip(tabs, queries, strict=True)]
