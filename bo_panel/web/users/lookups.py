"""What the form of a user looks up while it is filled in, as JSON."""

from collections.abc import Mapping
from typing import Any

from bo_panel.queries.units import units_below
from bo_panel.services.countries import states_of
from bo_panel.web.current import scope
from bo_panel.web.users.desk import Desk

LONGEST = 100
MOST = 20
TOLD = ("value", "label", "hint", "kinds", "whole", "toggles", "alone")


def units_found(desk: Desk, args: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the units of a kind that a text finds: beneath a home, inside another unit, where the person asking administers users."""
    kind, text = args.get("kind", "").replace("\x00", ""), args.get("q", "")[:LONGEST].replace("\x00", "")
    registry, home_kinds = desk.panel.registry, desk.panel.settings.users.home_kinds
    if kind == "home":
        reach, kinds = scope("users", "create"), list(home_kinds or registry.kinds)
    else:
        reach, kinds = desk.beneath(desk.beneath(scope("users", "edit"), args.get("home", "")), args.get("inside", "")), [kind]
    found = units_below(desk.session, reach, kinds, text, MOST + 1)
    hints = {place.kind: registry.kinds[place.kind].label for place in found if place.kind in registry.kinds}
    results = [{"id": place.id, "label": place.name, "hint": hints.get(place.kind, "")} for place in found[:MOST]]
    return {"results": results, "more": len(found) > MOST}


def states_in(country: str) -> list[dict[str, str]]:
    """Return the states of a country as options; none for no such country."""
    return [{"value": code, "label": name} for code, name in states_of(country).items()]


def roles_on_offer(desk: Desk, home: str) -> Mapping[str, Any]:
    """Return the roles on offer for an account at a home."""
    place = desk.home(home)
    offered = desk.offer(place).choices if place else ()
    return {"roles": [{name: getattr(role, name) for name in TOLD} for role in offered]}
