"""Entries of the Actions menu above the list that are not about its rows: pages that plugins lead to, and what is about a unit as a whole."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask import request

from bo_panel.queries.units import Place
from bo_panel.web.addresses import address_of
from bo_panel.web.current import me, panel, scope

CLEAR_CACHE = "clear-cache-form"


class Tool(NamedTuple):
    """An entry that leads to a page, or sends a form."""

    label: str
    icon: str
    url: str = ""
    form: str = ""
    """The id of the form that it sends, where it leads nowhere."""


class Tools(NamedTuple):
    """The entries, the unit that they are about, '' where the list is narrowed to none, and where what is kept of it is cleared."""

    entries: tuple[Tool, ...]
    unit: str
    clear_url: str


def tools_of(named: str, homes: Sequence[Place], seen: Sequence[Place]) -> Tools:
    """Return where plugins lead, and what may be done with the unit among `homes` that the list is narrowed to, or else with the topmost ones."""
    words, narrowed = panel().settings.words, next((place for place in homes if str(place.id) == named), None)
    account = _account([narrowed] if narrowed else [place for place in seen if place.path in scope("units", "edit").paths])
    entries = list(_pages())
    if _may_clear(narrowed):
        entries.append(Tool(words.clear_cache, "refresh-cw", form=CLEAR_CACHE))
    if account:
        entries.append(Tool(words.manage_account, "settings", f"{address_of('units.settings_view', request.script_root)}?id={account.id}"))
    clear_url = address_of("units.clear_cache_view", request.script_root)
    return Tools(tuple(entries), str(narrowed.id) if narrowed else "", clear_url)


def _pages() -> Iterator[Tool]:
    """Yield the pages that plugins lead somebody to who may go there; each page asks him again."""
    for found in panel().registry.actions.values():
        if found.page and me().access.anywhere(*found.needs):
            yield Tool(found.label, found.icon, request.script_root + found.page)


def _may_clear(narrowed: Place | None) -> bool:
    reach = scope("users", "edit")
    return bool(panel().registry.cache_domains) and (reach.covers(narrowed.path) if narrowed else bool(reach.paths))


def _account(places: Sequence[Place]) -> Place | None:
    """Return the first of some units whose settings the person asking may change."""
    reach, registry = scope("units", "edit"), panel().registry
    return next((place for place in places if reach.covers(place.path) and registry.settings_at(place.kind)), None)
