"""What is said about declarations that refer to one another: where they stand, what there is, and what there is not."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bo_panel.domain.profile_fields import ProfileField
from bo_panel.hooks.contributions import AccessToggle, Feature, FieldRule, Preset, Resource, Role, UnitKind, UserType
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.unit_contributions import CacheDomain
from bo_panel.settings.suggestion import did_you_mean

NONE = "none"
Known: TypeAlias = tuple[str, Mapping[str, Any]]
"""What something is called, and all that there is of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is declared."""

    plugin: str
    hook: str
    item: str

    def problem(self, field: str, wrong: str, remedy: str = "", hint: str = "") -> Problem:
        """Return what is wrong with one field here."""
        return Problem(plugin=self.plugin, hook=self.hook, item=self.item, field=field, wrong=wrong, remedy=remedy, hint=hint)


@dataclass(frozen=True, slots=True)
class Names:
    """What may be referred to; of `absent` plugins nothing is known, so that what refers to them is not a problem of its own."""

    kinds: Mapping[str, UnitKind]
    resources: Mapping[str, Resource]
    roles: Mapping[str, Role]
    presets: Mapping[str, Preset]
    types: Mapping[str, UserType]
    toggles: Mapping[str, AccessToggle]
    profile_fields: Mapping[str, ProfileField]
    features: Mapping[str, Feature]
    rules: tuple[FieldRule, ...]
    domains: Mapping[str, CacheDomain]
    settings: Mapping[str, ProfileField]
    pages: frozenset[str]
    """The addresses that an action can lead to."""
    absent: frozenset[str]

    def unknown(self, key: str, known: Collection[str]) -> bool:
        """Return whether a key refers to nothing, and not to a plugin that could not be loaded either."""
        return key not in known and key.partition(".")[0] not in self.absent

    def at_or_below(self, kind: str) -> frozenset[str]:
        """Return this kind and all that may stand somewhere beneath it."""
        reached, edge = {kind}, {kind}
        while edge:
            edge = {key for key, below in self.kinds.items() if edge & set(below.parents)} - reached
            reached |= edge
        return frozenset(reached)


def unknown_kinds(keys: Collection[str], field: str, place: Place, names: Names) -> Iterator[Problem]:
    """Yield the unit kinds that there are not."""
    for key in keys:
        if names.unknown(key, names.kinds):
            yield place.problem(field, f"there is no unit kind {key!r}.", hint=did_you_mean(key, names.kinds))


def unknown_levels(levels: Mapping[str, str], place: Place, names: Names, said: str = "levels") -> Iterator[Problem]:
    """Yield the resources that there are not, and the levels that their ladders do not have."""
    for key, level in levels.items():
        if names.unknown(key, names.resources):
            yield place.problem(said, f"there is no resource {key!r}.", hint=did_you_mean(key, names.resources))
        elif key in names.resources and level not in _known(names.resources[key], said):
            ladder = names.resources[key].levels
            yield place.problem(said, f"{key} has no level {level!r}; it has {', '.join(ladder)}.", hint=did_you_mean(level, ladder))


def _known(resource: Resource, said: str) -> tuple[str, ...]:
    """Return the levels that can be said of a resource; nothing can be given, and is no level to ask for."""
    return (NONE, *resource.levels) if said == "levels" else resource.levels


def unknown_keys(keys: Collection[str], field: str, place: Place, names: Names) -> Iterator[Problem]:
    """Yield the keys of a field of roles, of toggles, of user types or of profile fields that nothing has."""
    said, known = OF_FIELDS[field](names)
    for key in keys:
        if names.unknown(key, known):
            yield place.problem(field, f"there is no {said} {key!r}.", hint=did_you_mean(key, known))


def _roles(names: Names) -> Known:
    return "role", names.roles


def _toggles(names: Names) -> Known:
    return "access toggle", names.toggles


def _types(names: Names) -> Known:
    return "user type", names.types


def _fields(names: Names) -> Known:
    return "profile field", names.profile_fields


OF_FIELDS: Mapping[str, Callable[[Names], Known]] = {
    "roles": _roles,
    "gives": _roles,
    "takes": _roles,
    "toggles": _toggles,
    "user_type": _types,
    "user_types": _types,
    "values": _fields,
}
"""What the fields of declarations refer to."""
