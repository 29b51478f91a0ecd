"""Where two plugins claim the same thing, and who wins: what is required comes first, then what the deployment lists first."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bo_panel.hooks.contributions import FieldRule
from bo_panel.hooks.registry import Registry

BOTH = "both"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two declarations about the same thing, the plugin that wins (or `both`), and what that means."""

    about: str
    first: str
    second: str
    wins: str
    says: str


def conflicts_in(registry: Registry) -> tuple[Conflict, ...]:
    """Return where plugins get into each other's way, in the order in which they are asked."""
    names = [plugin.name for plugin in registry.plugins]
    return tuple(found for one, other in combinations(names, 2) for found in _between(registry, one, other))


def _between(registry: Registry, one: str, other: str) -> Iterator[Conflict]:
    mine, theirs = registry.brought.get(one, {}), registry.brought.get(other, {})
    for hook in mine:
        for first in mine[hook]:
            for second in theirs.get(hook, ()):
                if isinstance(first, FieldRule):
                    yield from _rules(registry, one, first, second)
                elif replaced := _replaced(first, second):
                    if _at_last(registry, hook, first if replaced is second else second):
                        wins = one if replaced is second else other
                        yield Conflict(hook, first.key, second.key, wins, _says(first, second, replaced))
                elif _same_name(first, second):
                    says = f"Both are called {first.label!r}, and nobody who chooses sees which is which. Call one something else."
                    yield Conflict(hook, first.key, second.key, BOTH, says)


def _rules(registry: Registry, one: str, first: FieldRule, second: FieldRule) -> Iterator[Conflict]:
    apart = first.roles and second.roles and not set(first.roles) & set(second.roles)
    if first.unit_kind == second.unit_kind and not apart:
        field = registry.kinds[first.unit_kind].plural
        says = f"Both rule where {field} are chosen. Both are kept; people read the reason of the first."
        yield Conflict("bo_field_rules", first.key, second.key, one, says)


def _replaced(first: Any, second: Any) -> Any:
    """Return which of two declarations the other one stands in the place of; of two that replace the same it is the first; None for none."""
    of_first, of_second = getattr(first, "replaces", ""), getattr(second, "replaces", "")
    if of_second and of_second in (first.key, of_first):
        return first
    return second if of_first and of_first == second.key else None


def _at_last(registry: Registry, hook: str, item: Any) -> bool:
    """Return whether it is this that stands in the place of something, and not what is declared later; the same is not told twice."""
    others = [found for brought in registry.brought.values() for found in brought.get(hook, ()) if found.replaces == item.replaces]
    return others[-1] is item


def _says(first: Any, second: Any, replaced: Any) -> str:
    winner = second if replaced is first else first
    if first.replaces == second.replaces:
        return f"Both replace {first.replaces}; the later one does, so it is {winner.key}."
    return f"{winner.key} stands in the place of {replaced.key}, under that key."


def _same_name(first: Any, second: Any) -> bool:
    """Return whether two things would be read as one: the same label, offered in the same place."""
    if getattr(first, "label", None) is None or first.label.casefold() != second.label.casefold():
        return False
    if getattr(first, "group", "") != getattr(second, "group", ""):
        return False
    if getattr(first, "unit_kind", "") != getattr(second, "unit_kind", ""):
        return False
    here, there = set(getattr(first, "unit_kinds", ())), set(getattr(second, "unit_kinds", ()))
    return not here or not there or bool(here & there)
