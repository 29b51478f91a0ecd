"""What does not fit together among everything that is declared: keys, ladders, kinds, roles, presets."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bo_panel.domain.lifecycle import Status
from bo_panel.domain.profile_fields import FieldType, ProfileField, unfit
from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks.contributions import PLACES, AccessToggle, Feature, FieldRule, Preset, Resource, Role, Slot, Tab, UnitKind, UserType
from bo_panel.hooks.core import CORE, Declared, Item, all_of, of_their_owners, unsure_of
from bo_panel.hooks.graph import cycles
from bo_panel.hooks.hookspecs import DECLARES
from bo_panel.hooks.icons import icon_names
from bo_panel.hooks.on_users_checks import ON_USERS
from bo_panel.hooks.pages import CORE_PAGES, ModelPage
from bo_panel.hooks.pages_checks import PAGES, same_tables
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.references import NONE, Names, Place, unknown_keys, unknown_kinds, unknown_level, unknown_levels
from bo_panel.hooks.replacing import as_they_are, unreplaceable
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSetting
from bo_panel.settings.suggestion import did_you_mean

KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\Z")
LONGEST_KEY = 80
"""How long a key is at most, as databases keep it."""
A_YEAR = 366 * 24 * 60
LEVEL = re.compile(r"[a-z][a-z0-9_]*\Z")


def problems_among(everything: list[Declared], absent: frozenset[str]) -> Iterator[Problem]:
    """Yield every problem among what the core and the plugins declare."""
    right = of_their_owners(everything)
    strange = {item.key for part in everything for items in part.items.values() for item in items if not part.owns(item.key)}
    names = _names(right, absent | strange - {part.plugin for part in everything})
    yield from _keys(everything)
    for part in everything:
        for hook, kind in DECLARES.items():
            for item in part.items.get(kind, ()):
                yield from CHECKS[kind](item, Place(part.plugin, hook, item.key), names)
    yield from _circles(right, names.kinds)
    yield from same_tables(right)


def _names(everything: list[Declared], absent: frozenset[str]) -> Names:
    kinds, resources = _by_key(everything, UnitKind), _by_key(everything, Resource)
    roles, presets = as_they_are(all_of(everything, Role)), as_they_are(all_of(everything, Preset))
    types = as_they_are(all_of(everything, UserType))
    toggles, fields, features = _by_key(everything, AccessToggle), _by_key(everything, ProfileField), _by_key(everything, Feature)
    rules, domains = tuple(all_of(everything, FieldRule)), _by_key(everything, CacheDomain)
    settings = {key: setting.field for key, setting in _by_key(everything, UnitSetting).items()}
    pages = CORE_PAGES.union(*(page.addresses for page in all_of(everything, ModelPage)))
    replacing: list[Any] = [*all_of(everything, Role), *all_of(everything, Preset), *all_of(everything, UserType)]
    stand_ins = {item.key: item.replaces for item in replacing if item.replaces}
    unsure = unsure_of(everything)
    return Names(kinds, resources, roles, presets, types, toggles, fields, features, rules, domains, settings, pages, stand_ins, absent, unsure)


def _by_key(everything: list[Declared], kind: type[Item]) -> dict[str, Item]:
    """Return what is declared of a kind; of two with one key, the first is meant, and the second is told."""
    found: dict[str, Any] = {}
    for item in all_of(everything, kind):
        found.setdefault(getattr(item, "key"), item)  # noqa: B009 every contribution has one
    return found


def _circles(everything: list[Declared], kinds: Mapping[str, UnitKind]) -> Iterator[Problem]:
    owners = {kind.key: part.plugin for part in reversed(everything) for kind in part.of(UnitKind)}
    for circle in cycles({key: kind.parents for key, kind in kinds.items()}):
        place = Place(owners[circle[0]], "bo_unit_kinds", circle[0])
        yield place.problem("parents", f"stand below one another in a circle: {' → '.join(circle)}.", "Let one stand below the root.")


def _keys(everything: list[Declared]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for part in everything:
        for hook, kind in DECLARES.items():
            for item in part.items.get(kind, ()):
                place = Place(part.plugin, hook, item.key)
                if part.owns(item.key) and (hook, item.key) in seen:
                    yield place.problem("key", "is declared twice.", "Give each a key of its own.")
                if part.owns(item.key):  # else it is told as such alone, and whose key it is may have it
                    seen.add((hook, item.key))
                if part.plugin != CORE:
                    yield from _key(item.key, place)
                    said = SAID.get(kind, "label")
                    if not getattr(item, said).strip():
                        yield place.problem(said, "is empty.", "Say what people shall read.")


def _key(key: str, place: Place) -> Iterator[Problem]:
    if not key.startswith(f"{place.plugin}.") or not KEY.match(key):
        remedy = f"Use lower-case letters, digits and _, as in {place.plugin}.something."
        yield place.problem("key", f'must start with "{place.plugin}.".', remedy)
    elif len(key) > LONGEST_KEY:
        yield place.problem("key", f"is longer than {LONGEST_KEY} characters.", "Shorten it.")


def _kind(kind: UnitKind, place: Place, names: Names) -> Iterator[Problem]:
    if not kind.parents and place.plugin != CORE:
        yield place.problem("parents", "is empty, so that no unit of this kind could stand anywhere.", "Name at least one kind.")
    yield from unknown_kinds(kind.parents, "parents", place, names)
    if not kind.plural.strip():
        yield place.problem("plural", "is empty.", "Say what several of them are called.")
    if kind.icon and kind.icon not in icon_names():
        yield place.problem("icon", f"there is no icon {kind.icon!r} in lucide.", hint=did_you_mean(kind.icon, icon_names()))


def _resource(resource: Resource, place: Place, names: Names) -> Iterator[Problem]:
    levels = resource.levels
    if not levels:
        yield place.problem("levels", "is empty.", "Name at least one level, the lowest first.")
    if len(set(levels)) != len(levels):
        yield place.problem("levels", "names a level twice.", "A ladder has each level once.")
    for level in levels:
        if level == NONE or not LEVEL.match(level):
            yield place.problem("levels", f"{level!r} cannot be a level.", 'Use a lower-case word other than "none".')
    yield from unknown_kinds(resource.unit_kinds, "unit_kinds", place, names)


def _role(role: Role, place: Place, names: Names) -> Iterator[Problem]:
    yield from unreplaceable(role, ("role", names.roles, Role), place, names)
    yield from unknown_levels(role.levels, place, names)
    yield from unknown_kinds(role.unit_kinds, "unit_kinds", place, names)
    if role.requires_feature and names.unknown(role.requires_feature, names.features, Feature):
        wrong = f"there is no feature {role.requires_feature!r}."
        yield place.problem("requires_feature", wrong, hint=did_you_mean(role.requires_feature, names.features))
    if role.owner and role.levels:
        yield place.problem("levels", "an owner has the top of every ladder anyway.", "Leave them empty.")
    for resource in _elsewhere(role.levels, role.unit_kinds, names) if role.unit_kinds else ():
        yield place.problem("levels", f"{resource} does not exist where this role can be held, nor beneath.", "Take it out of the role.")


def _preset(preset: Preset, place: Place, names: Names) -> Iterator[Problem]:
    yield from unreplaceable(preset, ("preset", names.presets, Preset), place, names)
    yield from unknown_levels(preset.levels, place, names)
    yield from unknown_kinds((preset.unit_kind,), "unit_kind", place, names)
    for resource in _elsewhere(preset.levels, (preset.unit_kind,), names):
        yield place.problem("levels", f"{resource} does not exist at {preset.unit_kind}, nor beneath.", "Take it out of the preset.")


def _user_type(found: UserType, place: Place, names: Names) -> Iterator[Problem]:
    yield from unreplaceable(found, ("user type", names.types, UserType), place, names)
    if not found.roles:
        yield place.problem("roles", "is empty.", 'Name what the type brings; "member" gives nothing.')
    yield from unknown_keys(found.roles, "roles", place, names)
    kinds = [set(names.roles[key].unit_kinds) for key in found.roles if key in names.roles and names.roles[key].unit_kinds]
    if kinds and not set.intersection(*kinds):
        yield place.problem("roles", "cannot all be held at one kind of unit.", "Name roles that fit together.")
    yield from unknown_keys(found.toggles, "toggles", place, names)
    for key in found.toggles:
        if key in names.toggles and names.toggles[key].user_types and (found.replaces or found.key) not in names.toggles[key].user_types:
            yield place.problem("toggles", f"{key} does not go with this type.", "Take it out, or name the type in the toggle.")


def _toggle(found: AccessToggle, place: Place, names: Names) -> Iterator[Problem]:
    if not found.levels:
        yield place.problem("levels", "is empty, so that it would give nothing.", "Name at least one resource with a level.")
    elif all(level == NONE for level in found.levels.values()):
        yield place.problem("levels", "gives nothing.", "Name a level above none.")
    yield from unknown_levels(found.levels, place, names)
    yield from unknown_keys(found.user_types, "user_types", place, names)


def _field_rule(rule: FieldRule, place: Place, names: Names) -> Iterator[Problem]:
    yield from unknown_kinds((rule.unit_kind,), "unit_kind", place, names)
    yield from unknown_kinds((rule.inside,), "inside", place, names)
    kind = names.kinds.get(rule.unit_kind)
    if rule.inside == ROOT_KIND:
        yield place.problem("inside", "there is only one root to choose.", "Name a kind of which there are several.")
    elif kind and rule.inside in names.kinds and kind.parents != (rule.inside,):
        yield place.problem("inside", f"{rule.unit_kind} can stand elsewhere too.", f"Let it stand below {rule.inside} only.")
    for key in rule.roles:
        if names.unknown(key, names.roles, Role):
            yield place.problem("roles", f"there is no role {key!r}.", hint=names.hint(key, names.roles))
        elif key in names.roles and not names.roles[key].fits(rule.unit_kind):
            yield place.problem("roles", f"{key} cannot be held at {rule.unit_kind}.", "Take it out of the rule, or let the role fit there.")
        elif key in names.roles and not names.roles[key].fits(rule.inside):
            yield place.problem("roles", f"{key} cannot be held at {rule.inside}, where all of them are given.", "Let the role fit there too.")


def _tab(tab: Tab, place: Place, _names: Names) -> Iterator[Problem]:
    if not tab.statuses:
        yield place.problem("statuses", "is empty, so that nobody would ever be in it.", "Name at least one status.")
    if Status.DELETED in tab.statuses:
        yield place.problem("statuses", "nobody sees deleted users.", "Name other statuses.")


def _profile_field(field: ProfileField, place: Place, names: Names, kind: type = ProfileField) -> Iterator[Problem]:
    for name, wrong, remedy in unfit(field):
        yield place.problem(name, wrong, remedy)
    yield from unknown_kinds(field.unit_kinds, "unit_kinds", place, names)
    for name in ("view", "edit"):
        if getattr(field, name):
            yield from unknown_level(getattr(field, name), name, place, names)
    country = names.profile_fields.get(field.depends_on)
    if field.depends_on and country is None and names.unknown(field.depends_on, (), kind):
        yield place.problem("depends_on", f"there is no field {field.depends_on!r}.", hint=did_you_mean(field.depends_on, names.profile_fields))
    elif country is not None and country.type is not FieldType.COUNTRY:
        yield place.problem("depends_on", f"{country.key} is no country.", "Name a field of the type country.")
    elif country is not None and country.unit_kinds and not names.kinds.keys() & set(field.unit_kinds or names.kinds) <= set(country.unit_kinds):
        wrong = f"{country.key} is not there at every kind of unit at which this is."
        yield place.problem("unit_kinds", wrong, f"Take it from among {', '.join(country.unit_kinds)}.")


def _slot(slot: Slot, place: Place, names: Names) -> Iterator[Problem]:
    if slot.place not in PLACES:
        yield place.problem("place", f"there is no place {slot.place!r}.", f"There are {', '.join(PLACES)}.", did_you_mean(slot.place, PLACES))
    if not slot.template.startswith(f"{place.plugin}/"):
        yield place.problem("template", f"must start with {place.plugin!r}/.", f"Put it into templates/{place.plugin}.")
    if slot.needs is not None:
        for problem in unknown_levels(dict([slot.needs]), place, names, "needs"):
            yield replace(problem, field="needs")
    if slot.shows and names.unknown(slot.shows, names.domains, CacheDomain):
        yield place.problem("shows", f"there is no cache domain {slot.shows!r}.", hint=did_you_mean(slot.shows, names.domains))
    if slot.shows and slot.needs is None:
        yield place.problem("needs", "is empty, though something of a unit is shown.", "Name what somebody must hold at the unit to see it.")


def _cache_domain(domain: CacheDomain, place: Place, _names: Names) -> Iterator[Problem]:
    if not 1 <= domain.minutes <= A_YEAR:
        yield place.problem("minutes", f"must be from 1 to {A_YEAR}, which is a year.", "Leave it out to keep it for an hour.")


def _unit_setting(setting: UnitSetting, place: Place, names: Names) -> Iterator[Problem]:
    if not setting.unit_kinds:
        yield place.problem("unit_kinds", "is empty, so that no unit would have it.", "Name at least one kind.")
    if setting.type is FieldType.IMAGE:
        yield place.problem("type", "is a picture, which only profiles hold.", "Take another type.")
    yield from _profile_field(setting.field, place, replace(names, profile_fields=names.settings), UnitSetting)


def _elsewhere(levels: Mapping[str, str], kinds: Collection[str], names: Names) -> Iterator[str]:
    """Yield the resources that exist at none of these kinds, nor beneath; nothing where a kind that matters is not known."""
    for key in levels:
        there = names.resources[key].unit_kinds if key in names.resources else ()
        above = names.at_or_above(there)
        if there and above.isdisjoint(kinds) and all(kind in names.kinds for kind in (*kinds, *above)):
            yield key


SAID: dict[type, str] = {FieldRule: "reason", Slot: "template"}
"""What people read of a contribution where that is not its label."""
CHECKS: dict[type, Callable[[Any, Place, Names], Iterator[Problem]]] = {
    UnitKind: _kind,
    Resource: _resource,
    Role: _role,
    Preset: _preset,
    UserType: _user_type,
    AccessToggle: _toggle,
    ProfileField: _profile_field,
    FieldRule: _field_rule,
    Feature: lambda _feature, _place, _names: iter(()),
    Tab: _tab,
    Slot: _slot,
    CacheDomain: _cache_domain,
    UnitSetting: _unit_setting,
    **PAGES,
    **ON_USERS,
}
"""What is looked at in each kind of contribution."""
