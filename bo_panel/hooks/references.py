"""What is said about declarations that refer to one another: where they stand, what there is, and what there is not."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bo_panel.domain.profile_fields import ProfileField, level_of
from bo_panel.hooks.contributions import AccessToggle, Feature, FieldRule, Preset, Resource, Role, UnitKind, UserType
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.unit_contributions import CacheDomain
from bo_panel.settings.suggestion import did_you_mean

NONE = "none"
Known: TypeAlias = tuple[str, Mapping[str, Any], type]
"""What something is called, all that there is of it, and what declares it."""


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
    """What may be referred to.

    Of `absent` plugins nothing is known, nor of keys that could not be read, so that what refers to them is not a problem of its own.
    """

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
    stand_ins: Mapping[str, str]
    """What stands in the place of something else, and is referred to by the key of that: both keys."""
    absent: frozenset[str]
    unsure: frozenset[tuple[str, type]]
    """The plugins that declare something of a kind of which not even the key is known."""

    def unknown(self, key: str, known: Collection[str], kind: type) -> bool:
        """Return whether a key refers to nothing, and not to something that could not be read either."""
        return key not in known and not is_absent(key, self.absent) and not is_unsure(key, kind, self.unsure)

    def hint(self, key: str, known: Collection[str]) -> str:
        """Return what may be meant by a key that refers to nothing; '' for nothing like it."""
        return f"It replaces {self.stand_ins[key]}: name that." if key in self.stand_ins else did_you_mean(key, known)

    def at_or_above(self, kinds: Collection[str]) -> frozenset[str]:
        """Return these kinds and all below which they may stand, those included that are not known."""
        reached, edge = set(kinds), set(kinds)
        while edge:
            edge = {parent for key in edge & self.kinds.keys() for parent in self.kinds[key].parents} - reached
            reached |= edge
        return frozenset(reached)


def is_absent(key: str, absent: frozenset[str]) -> bool:
    """Return whether a key is of a plugin of which nothing is known, or one that could not be read."""
    return key in absent or key.partition(".")[0] in absent


def is_unsure(key: str, kind: type, unsure: frozenset[tuple[str, type]]) -> bool:
    """Return whether a key is of a plugin that declares something of this kind of which not even the key is known."""
    return (key.partition(".")[0], kind) in unsure


def unknown_kinds(keys: Collection[str], field: str, place: Place, names: Names) -> Iterator[Problem]:
    """Yield the unit kinds that there are not."""
    for key in keys:
        if names.unknown(key, names.kinds, UnitKind):
            yield place.problem(field, f"there is no unit kind {key!r}.", hint=did_you_mean(key, names.kinds))


def unknown_levels(levels: Mapping[str, str], place: Place, names: Names, said: str = "levels") -> Iterator[Problem]:
    """Yield the resources that there are not, and the levels that their ladders do not have."""
    for key, level in levels.items():
        if names.unknown(key, names.resources, Resource):
            yield place.problem(said, f"there is no resource {key!r}.", hint=did_you_mean(key, names.resources))
        elif key in names.resources and level not in _known(names.resources[key], said):
            ladder = names.resources[key].levels
            yield place.problem(said, f"{key} has no level {level!r}; it has {', '.join(ladder)}.", hint=did_you_mean(level, ladder))


def unknown_level(text: str, said: str, place: Place, names: Names) -> Iterator[Problem]:
    """Yield why `resource:level` names nothing that can be held."""
    resource, level = level_of(text)
    if not level:
        yield place.problem(said, f"{text!r} names no level.", "Write it as resource:level, such as users:view.")
    else:
        yield from unknown_levels({resource: level}, place, names, said)


def _known(resource: Resource, said: str) -> tuple[str, ...]:
    """Return the levels that can be said of a resource; nothing can be given, and is no level to ask for."""
    return (NONE, *resource.levels) if said == "levels" else resource.levels


def unknown_keys(keys: Collection[str], field: str, place: Place, names: Names) -> Iterator[Problem]:
    """Yield the keys of a field of roles, of toggles, of user types or of profile fields that nothing has."""
    said, known, kind = OF_FIELDS[field](names)
    for key in keys:
        if names.unknown(key, known, kind):
            yield place.problem(field, f"there is no {said} {key!r}.", hint=names.hint(key, known))


def _roles(names: Names) -> Known:
    return "role", names.roles, Role


def _toggles(names: Names) -> Known:
    return "access toggle", names.toggles, AccessToggle


def _types(names: Names) -> Known:
    return "user type", names.types, UserType


def _fields(names: Names) -> Known:
    return "profile field", names.profile_fields, ProfileField


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
