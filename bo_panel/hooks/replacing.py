"""What a plugin declares in the place of what another one does: roles, presets and user types."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from bo_panel.hooks.contributions import Preset, Role, UserType
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.references import Known, Names, Place

Item = TypeVar("Item", Role, Preset, UserType)


def of_their_own(items: Iterable[Item]) -> dict[str, Item]:
    """Return what can be referred to, by key: not what stands in the place of something else."""
    return {item.key: item for item in items if not item.replaces}


def in_place(items: Iterable[Item]) -> dict[str, Item]:
    """Return what there is, by key, in the order in which it was declared; of several that replace the same, the last one is there."""
    found = list(items)
    others = {item.replaces: replace(item, key=item.replaces, replaces="") for item in found if item.replaces}
    return {**of_their_own(found), **others}


def as_they_are(items: Iterable[Item]) -> dict[str, Item]:
    """Return what can be referred to, by key, each as what stands in its place has it."""
    found = list(items)
    there = in_place(found)
    return {key: there[key] for key in of_their_own(found)}


def unreplaceable(item: Any, known: Known, place: Place, names: Names) -> Iterator[Problem]:
    """Yield why something cannot stand in the place of what it names."""
    what, there, kind = known
    if not item.replaces:
        return
    if names.unknown(item.replaces, there, kind):
        yield place.problem("replaces", f"there is no {what} {item.replaces!r}.", hint=names.hint(item.replaces, there))
    elif item.replaces.partition(".")[0] in (item.replaces, place.plugin):
        yield place.problem("replaces", f"{item.replaces} is no {what} of another plugin.", "Only those can be replaced.")
