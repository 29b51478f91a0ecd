"""Everything that the core and the plugins declare, compiled: immutable, and answered without asking a plugin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bo_panel.domain.access import TYPE, Catalogue, Vector
from bo_panel.domain.profile_fields import ProfileField
from bo_panel.hooks.contributions import AccessToggle, Feature, FieldRule, Preset, Resource, Role, Slot, Tab, UnitKind, UserType
from bo_panel.hooks.on_users import Action, Column
from bo_panel.hooks.pages import ModelPage
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSetting


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """One plugin that is in use, and where it came from."""

    name: str
    version: str
    api: str
    requires: tuple[str, ...]
    critical: bool
    description: str
    source: str
    """What people are told: `plugins/<name>`, or the distribution and its version."""
    folder: Path
    hooks: tuple[str, ...]
    per_unit: bool = False

    @property
    def templates(self) -> Path | None:
        """The folder with its templates, if it has any."""
        templates = self.folder / "templates"
        return templates if templates.is_dir() else None

    @property
    def migrations(self) -> Path | None:
        """The folder with its Alembic revisions, if it has any."""
        versions = self.folder / "migrations" / "versions"
        return versions if versions.is_dir() else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registry:
    """What there is in this deployment: unit kinds, resources, roles, presets, profile fields, plugins. There is one, equal to itself alone."""

    kinds: Mapping[str, UnitKind]
    resources: Mapping[str, Resource]
    catalogue: Catalogue
    roles: Mapping[str, Role]
    presets: Mapping[str, Preset]
    types: Mapping[str, UserType]
    """User types, by the key of the role that is held for each."""
    toggles: Mapping[str, AccessToggle]
    """Access toggles, by the key of the role that is held where one is on."""
    profile_fields: Mapping[str, ProfileField]
    field_rules: tuple[FieldRule, ...]
    features: Mapping[str, Feature]
    tabs: tuple[Tab, ...]
    plugins: tuple[LoadedPlugin, ...]
    owner_roles: frozenset[str]
    nothing: Vector
    vectors: Mapping[str, Vector]
    columns: Mapping[str, Column] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    slots: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
    """What plugins draw at each place that anything is drawn at, in order."""
    cache_domains: Mapping[str, CacheDomain] = field(default_factory=dict)
    unit_settings: Mapping[str, UnitSetting] = field(default_factory=dict)
    pages: Mapping[str, ModelPage] = field(default_factory=dict)
    """The pages over tables of plugins."""
    brought: Mapping[str, Mapping[str, tuple[Any, ...]]] = field(default_factory=dict)
    """What each plugin declares, by its name and by hook, as it said it."""

    @property
    def switchable(self) -> tuple[str, ...]:
        """The plugins that can be switched off for a unit."""
        return tuple(plugin.name for plugin in self.plugins if plugin.per_unit)

    def vector_of(self, role_key: str) -> Vector:
        """Return what a role gives; a role that this deployment does not know gives nothing."""
        return self.vectors.get(role_key, self.nothing)

    def is_left(self, key: str) -> bool:
        """Return whether a key was declared by a plugin that is not in use."""
        return "." in key and key.rpartition(":")[2].partition(".")[0] not in {plugin.name for plugin in self.plugins}

    def may_stand_below(self, kind: str, parent_kind: str) -> bool:
        """Return whether a unit of `kind` may stand directly below one of `parent_kind`; no for kinds that are not known."""
        return kind in self.kinds and parent_kind in self.kinds[kind].parents

    def kinds_below(self, kind: str) -> tuple[UnitKind, ...]:
        """Return the kinds that may stand directly below `kind`."""
        return tuple(below for below in self.kinds.values() if kind in below.parents)

    def kinds_beneath(self, kind: str) -> frozenset[str]:
        """Return the kinds that may stand somewhere beneath `kind`."""
        found: set[str] = set()
        waiting = [kind]
        while waiting:
            below = {known.key for known in self.kinds_below(waiting.pop())} - found
            found |= below
            waiting += below
        return frozenset(found)

    def resources_at(self, kind: str) -> tuple[Resource, ...]:
        """Return what can be touched at a unit of this kind, or at one beneath it."""
        there = {kind, *self.kinds_beneath(kind)}
        return tuple(found for found in self.resources.values() if not found.unit_kinds or there & set(found.unit_kinds))

    def settings_at(self, kind: str) -> tuple[UnitSetting, ...]:
        """Return what is set of units of this kind, in the order of the form."""
        return tuple(setting for setting in self.unit_settings.values() if kind in setting.unit_kinds)

    def presets_for(self, kind: str) -> tuple[Preset, ...]:
        """Return what a policy at a unit of this kind can start from."""
        return tuple(preset for preset in self.presets.values() if preset.unit_kind == kind)

    def needs_owner(self, kind: str) -> bool:
        """Return whether each unit of this kind keeps an owner; no for a kind that is not known."""
        return kind in self.kinds and bool(self.kinds[kind].needs_owner)

    def rules_for(self, role_key: str) -> tuple[FieldRule, ...]:
        """Return what is to be kept about the places where a role is held."""
        return tuple(rule for rule in self.field_rules if rule.governs(role_key))

    def feature_of(self, role_key: str) -> Feature | None:
        """Return the feature without which a role is not given; None for none."""
        role = self.roles.get(role_key)
        return self.features.get(role.requires_feature) if role else None

    @property
    def exclusive_roles(self) -> frozenset[str]:
        """Return the roles that are held alone."""
        return frozenset(key for key, role in self.roles.items() if role.exclusive)

    def goes_with(self, toggle: str, user_type: str) -> bool:
        """Return whether a toggle can be on for accounts of a type; both are named by their roles."""
        found = self.toggles.get(toggle)
        return found is not None and (not found.user_types or user_type in {TYPE + key for key in found.user_types})

    def counted(self) -> tuple[UnitKind, ...]:
        """Return the kinds of which it is told how many somebody has access to."""
        return tuple(kind for kind in self.kinds.values() if kind.counted)

    def roles_for(self, kind: str) -> tuple[Role, ...]:
        """Return the roles that can be held at units of this kind."""
        return tuple(role for role in self.roles.values() if role.fits(kind))
