"""What does not fit together among everything that is declared: keys, ladders, kinds, roles, presets."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks.contributions import FieldRule, Preset, Resource, Role, UnitKind
from bo_panel.hooks.core import CORE, Declared
from bo_panel.hooks.graph import cycles
from bo_panel.hooks.icons import icon_names
from bo_panel.hooks.problems import Problem
from bo_panel.settings.suggestion import did_you_mean

KEY = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_.]*$")
LEVEL = re.compile(r"^[a-z][a-z0-9_]*$")
NONE = "none"


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


def problems_among(everything: list[Declared], absent: frozenset[str]) -> Iterator[Problem]:
    """Yield every problem among what the core and the plugins declare."""
    kinds = {kind.key: kind for part in everything for kind in part.kinds}
    resources = {resource.key: resource for part in everything for resource in part.resources}
    roles = {role.key: role for part in everything for role in part.roles}
    names = Names(kinds, resources, roles, absent)
    yield from _keys(everything)
    for part in everything:
        for kind in part.kinds:
            yield from _kind(kind, Place(part.plugin, "bo_unit_kinds", kind.key), names)
        for resource in part.resources:
            yield from _resource(resource, Place(part.plugin, "bo_resources", resource.key), names)
        for role in part.roles:
            yield from _role(role, Place(part.plugin, "bo_roles", role.key), names)
        for preset in part.presets:
            yield from _preset(preset, Place(part.plugin, "bo_presets", preset.key), names)
        for rule in part.field_rules:
            yield from _field_rule(rule, Place(part.plugin, "bo_field_rules", rule.key), names)
    for circle in cycles({key: kind.parents for key, kind in kinds.items()}):
        place = Place(circle[0].partition(".")[0], "bo_unit_kinds", circle[0])
        yield place.problem("parents", f"stand below one another in a circle: {' → '.join(circle)}.", "Let one stand below the root.")


def _keys(everything: list[Declared]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for part in everything:
        named = (
            ("bo_unit_kinds", part.kinds, "label"),
            ("bo_resources", part.resources, "label"),
            ("bo_roles", part.roles, "label"),
            ("bo_presets", part.presets, "label"),
            ("bo_field_rules", part.field_rules, "reason"),
        )
        for hook, items, said in named:
            for item in items:
                place = Place(part.plugin, hook, item.key)
                if (hook, item.key) in seen:
                    yield place.problem("key", "is declared twice.", "Give each a key of its own.")
                seen.add((hook, item.key))
                if part.plugin != CORE:
                    yield from _key(item.key, place)
                    if not getattr(item, said).strip():
                        yield place.problem(said, "is empty.", "Say what people shall read.")


def _key(key: str, place: Place) -> Iterator[Problem]:
    if not key.startswith(f"{place.plugin}.") or not KEY.match(key):
        remedy = f"Use lower-case letters, digits and _, as in {place.plugin}.something."
        yield place.problem("key", f'must start with "{place.plugin}.".', remedy)


def _kind(kind: UnitKind, place: Place, names: Names) -> Iterator[Problem]:
    if not kind.parents and place.plugin != CORE:
        yield place.problem("parents", "is empty, so that no unit of this kind could stand anywhere.", "Name at least one kind.")
    yield from _kinds(kind.parents, "parents", place, names)
    if not kind.plural.strip():
        yield place.problem("plural", "is empty.", "Say what several of them are called.")
    if kind.icon and kind.icon not in icon_names():
        yield place.problem("icon", f"there is no icon {kind.icon!r} in lucide.", hint=did_you_mean(kind.icon, icon_names()))


def _kinds(keys: Collection[str], field: str, place: Place, names: Names) -> Iterator[Problem]:
    for key in keys:
        if names.unknown(key, names.kinds):
            yield place.problem(field, f"there is no unit kind {key!r}.", hint=did_you_mean(key, names.kinds))


def _resource(resource: Resource, place: Place, names: Names) -> Iterator[Problem]:
    levels = resource.levels
    if not levels:
        yield place.problem("levels", "is empty.", "Name at least one level, the lowest first.")
    if len(set(levels)) != len(levels):
        yield place.problem("levels", "names a level twice.", "A ladder has each level once.")
    for level in levels:
        if level == NONE or not LEVEL.match(level):
            yield place.problem("levels", f"{level!r} cannot be a level.", 'Use a lower-case word other than "none".')
    yield from _kinds(resource.unit_kinds, "unit_kinds", place, names)


def _levels(levels: Mapping[str, str], place: Place, names: Names) -> Iterator[Problem]:
    for key, level in levels.items():
        if names.unknown(key, names.resources):
            yield place.problem("levels", f"there is no resource {key!r}.", hint=did_you_mean(key, names.resources))
        elif key in names.resources and level not in (NONE, *names.resources[key].levels):
            ladder = names.resources[key].levels
            yield place.problem("levels", f"{key} has no level {level!r}; it has {', '.join(ladder)}.", hint=did_you_mean(level, ladder))


def _role(role: Role, place: Place, names: Names) -> Iterator[Problem]:
    yield from _levels(role.levels, place, names)
    yield from _kinds(role.unit_kinds, "unit_kinds", place, names)
    if role.owner and role.levels:
        yield place.problem("levels", "an owner has the top of every ladder anyway.", "Leave them empty.")
    reached = frozenset[str]().union(*(names.at_or_below(kind) for kind in role.unit_kinds))
    for resource in _elsewhere(role.levels, reached, names) if role.unit_kinds else ():
        yield place.problem("levels", f"{resource} does not exist where this role can be held, nor beneath.", "Take it out of the role.")


def _preset(preset: Preset, place: Place, names: Names) -> Iterator[Problem]:
    yield from _levels(preset.levels, place, names)
    yield from _kinds((preset.unit_kind,), "unit_kind", place, names)
    for resource in _elsewhere(preset.levels, names.at_or_below(preset.unit_kind), names):
        yield place.problem("levels", f"{resource} does not exist at {preset.unit_kind}, nor beneath.", "Take it out of the preset.")


def _field_rule(rule: FieldRule, place: Place, names: Names) -> Iterator[Problem]:
    yield from _kinds((rule.unit_kind,), "unit_kind", place, names)
    yield from _kinds((rule.inside,), "inside", place, names)
    kind = names.kinds.get(rule.unit_kind)
    if rule.inside == ROOT_KIND:
        yield place.problem("inside", "there is only one root to choose.", "Name a kind of which there are several.")
    elif kind and rule.inside in names.kinds and kind.parents != (rule.inside,):
        yield place.problem("inside", f"{rule.unit_kind} can stand elsewhere too.", f"Let it stand below {rule.inside} only.")
    for key in rule.roles:
        if names.unknown(key, names.roles):
            yield place.problem("roles", f"there is no role {key!r}.", hint=did_you_mean(key, names.roles))
        elif key in names.roles and not names.roles[key].fits(rule.unit_kind):
            yield place.problem("roles", f"{key} cannot be held at {rule.unit_kind}.", "Take it out of the rule, or let the role fit there.")
        elif key in names.roles and not names.roles[key].fits(rule.inside):
            yield place.problem("roles", f"{key} cannot be held at {rule.inside}, where all of them are given.", "Let the role fit there too.")


def _elsewhere(levels: Mapping[str, str], reached: Collection[str], names: Names) -> Iterator[str]:
    for key in levels:
        there = names.resources[key].unit_kinds if key in names.resources else ()
        if there and not any(kind in reached for kind in there):
            yield key
