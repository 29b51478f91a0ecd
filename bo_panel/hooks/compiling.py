"""Turns what is declared into the registry."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from bo_panel.domain.access import Catalogue, Ladder
from bo_panel.hooks.contributions import Role, UnitKind
from bo_panel.hooks.core import Declared
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.registry import LoadedPlugin, Registry
from bo_panel.settings import Settings
from bo_panel.settings.suggestion import did_you_mean

Value = TypeVar("Value")


def registry_of(everything: list[Declared], plugins: tuple[LoadedPlugin, ...]) -> Registry:
    """Return the registry of declarations that fit together; the order is theirs, the core's first."""
    kinds = {kind.key: _decided(kind) for part in everything for kind in part.kinds}
    resources = {resource.key: resource for part in everything for resource in part.resources}
    catalogue = Catalogue(tuple(Ladder(resource.key, resource.levels) for resource in resources.values()))
    roles = {role.key: _placed(role, kinds) for part in everything for role in part.roles}
    presets = {preset.key: replace(preset, levels=MappingProxyType(dict(preset.levels))) for part in everything for preset in part.presets}
    vectors = {key: catalogue.everything if role.owner else catalogue.vector(role.levels) for key, role in roles.items()}
    return Registry(
        kinds=_frozen(kinds),
        resources=_frozen(resources),
        catalogue=catalogue,
        roles=_frozen(roles),
        presets=_frozen(presets),
        field_rules=tuple(rule for part in everything for rule in part.field_rules),
        plugins=plugins,
        owner_roles=frozenset(key for key, role in roles.items() if role.owner),
        nothing=catalogue.nothing,
        vectors=_frozen(vectors),
    )


def _decided(kind: UnitKind) -> UnitKind:
    return replace(kind, needs_owner=bool(kind.needs_owner))


def _placed(role: Role, kinds: Mapping[str, UnitKind]) -> Role:
    levels = MappingProxyType(dict(role.levels))
    where_owned = tuple(key for key, kind in kinds.items() if kind.needs_owner)
    return replace(role, levels=levels, unit_kinds=where_owned if role.owner and not role.unit_kinds else role.unit_kinds)


def _frozen(values: dict[str, Value]) -> Mapping[str, Value]:
    return MappingProxyType(values)


def problems_with(settings: Settings, everything: list[Declared], absent: frozenset[str]) -> Iterator[Problem]:
    """Yield the unit kinds that the deployment names and nobody declares."""
    known = [kind.key for part in everything for kind in part.kinds]
    named = [("users.home_kinds", key) for key in settings.users.home_kinds]
    named += [("demo.tree", level.kind) for level in settings.demo.tree]
    for setting, key in named:
        if key not in known and key.partition(".")[0] not in absent:
            source = settings.source_of(setting)
            yield Problem(plugin=source, item=setting, wrong=f"there is no unit kind {key!r}.", hint=did_you_mean(key, known))
