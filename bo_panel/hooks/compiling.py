"""Turns what is declared into the registry."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from bo_panel.domain.access import TOGGLE, TYPE, Catalogue, Ladder, highest
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.hooks.contributions import PLACES, AccessToggle, Feature, FieldRule, Preset, Resource, Role, Slot, Tab, UnitKind, UserType
from bo_panel.hooks.core import CORE, Declared, all_of, unsure_of
from bo_panel.hooks.hookspecs import DECLARES
from bo_panel.hooks.on_users import Action, Column
from bo_panel.hooks.pages import ModelPage
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.references import is_absent, is_unsure
from bo_panel.hooks.registry import LoadedPlugin, Registry
from bo_panel.hooks.replacing import in_place
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSetting
from bo_panel.settings import Settings
from bo_panel.settings.suggestion import did_you_mean

Value = TypeVar("Value")


def registry_of(everything: list[Declared], plugins: tuple[LoadedPlugin, ...]) -> Registry:
    """Return the registry of declarations that fit together; the order is theirs, the core's first."""
    kinds = {kind.key: _decided(kind) for kind in all_of(everything, UnitKind)}
    resources = {resource.key: resource for resource in all_of(everything, Resource)}
    catalogue = Catalogue(tuple(Ladder(resource.key, resource.levels) for resource in resources.values()))
    types = {TYPE + key: found for key, found in in_place(all_of(everything, UserType)).items()}
    toggles = {TOGGLE + found.key: found for found in all_of(everything, AccessToggle)}
    declared = in_place(all_of(everything, Role))
    behind = [*(_of_type(key, found, declared, catalogue) for key, found in types.items()), *(_of_toggle(*found) for found in toggles.items())]
    roles = {role.key: _placed(role, kinds) for role in [*declared.values(), *behind]}
    offered = in_place(all_of(everything, Preset))
    presets = {key: replace(preset, levels=MappingProxyType(dict(preset.levels))) for key, preset in offered.items()}
    vectors = {key: catalogue.everything if role.owner else catalogue.vector(role.levels) for key, role in roles.items()}
    return Registry(
        kinds=_frozen(kinds),
        resources=_frozen(resources),
        catalogue=catalogue,
        roles=_frozen(roles),
        presets=_frozen(presets),
        types=_frozen(types),
        toggles=_frozen(toggles),
        profile_fields=_frozen({field.key: field for field in all_of(everything, ProfileField)}),
        field_rules=tuple(all_of(everything, FieldRule)),
        features=_frozen({feature.key: feature for feature in all_of(everything, Feature)}),
        tabs=tuple(all_of(everything, Tab)),
        columns=_frozen({column.key: column for column in all_of(everything, Column)}),
        actions=_frozen({action.key: action for action in all_of(everything, Action)}),
        plugins=plugins,
        owner_roles=frozenset(key for key, role in roles.items() if role.owner),
        nothing=catalogue.nothing,
        vectors=_frozen(vectors),
        slots=_frozen({place: tuple(slots) for place in PLACES if (slots := [one for one in all_of(everything, Slot) if one.place == place])}),
        cache_domains=_frozen({domain.key: domain for domain in all_of(everything, CacheDomain)}),
        unit_settings=_frozen({setting.key: setting for setting in all_of(everything, UnitSetting)}),
        pages=_frozen({page.key: page for page in all_of(everything, ModelPage)}),
        brought=_frozen({part.plugin: _by_hook(part) for part in everything if part.plugin != CORE}),
    )


def _by_hook(part: Declared) -> Mapping[str, tuple[Any, ...]]:
    return _frozen({hook: part.items[kind] for hook, kind in DECLARES.items() if part.items.get(kind)})


def _decided(kind: UnitKind) -> UnitKind:
    return replace(kind, needs_owner=bool(kind.needs_owner))


def _placed(role: Role, kinds: Mapping[str, UnitKind]) -> Role:
    levels = MappingProxyType(dict(role.levels))
    where_owned = tuple(key for key, kind in kinds.items() if kind.needs_owner)
    return replace(role, levels=levels, unit_kinds=where_owned if role.owner and not role.unit_kinds else role.unit_kinds)


def _of_type(key: str, found: UserType, declared: Mapping[str, Role], catalogue: Catalogue) -> Role:
    """Return the role behind a user type: the highest level of each resource that its roles give."""
    brought = [declared[role] for role in found.roles]
    top = highest((catalogue.vector(role.levels) for role in brought), catalogue.nothing)
    levels = {ladder.resource: ladder.levels[rung - 1] for ladder, rung in zip(catalogue.ladders, top, strict=True) if rung}
    kinds = [set(role.unit_kinds) for role in brought if role.unit_kinds]
    owner = any(role.owner for role in brought)
    common = tuple(sorted(set.intersection(*kinds))) if kinds else ()
    return Role(key, found.label, {} if owner else levels, common, owner=owner, description=found.description)


def _of_toggle(key: str, found: AccessToggle) -> Role:
    return Role(key, found.label, found.levels, description=found.description)


def _frozen(values: dict[str, Value]) -> Mapping[str, Value]:
    return MappingProxyType(values)


def problems_with(settings: Settings, everything: list[Declared], absent: frozenset[str]) -> Iterator[Problem]:
    """Yield the unit kinds, and the columns, that the deployment names and nobody declares, and what does not go with the declared."""
    columns = [column.key for column in all_of(everything, Column)] + [field.name for field in all_of(everything, ProfileField)]
    unsure = unsure_of(everything)
    for key in map(str, settings.users.columns):
        own, kind = key.removeprefix("profile:"), ProfileField if key.startswith("profile:") else Column
        if "." in key and key not in columns and not is_absent(own, absent) and not is_unsure(own, kind, unsure):
            source = settings.source_of("users.columns")
            yield Problem(plugin=source, item="users.columns", wrong=f"there is no column {key!r}.", hint=did_you_mean(key, columns))
    known = [kind.key for kind in all_of(everything, UnitKind)]
    named = [("users.home_kinds", key) for key in settings.users.home_kinds]
    named += [("demo.tree", level.kind) for level in settings.demo.tree]
    for setting, key in named:
        if key not in known and not is_absent(key, absent) and not is_unsure(key, UnitKind, unsure):
            source = settings.source_of(setting)
            yield Problem(plugin=source, item=setting, wrong=f"there is no unit kind {key!r}.", hint=did_you_mean(key, known))
    types = [found.key for found in all_of(everything, UserType)]
    if types and settings.users.access == "roles":
        wrong, remedy = f"an account has one user type, and there are some ({types[0]!r} is one).", 'Set access = "role", or leave it out.'
        yield Problem(plugin=settings.source_of("users.access"), item="users.access", wrong=wrong, remedy=remedy)
