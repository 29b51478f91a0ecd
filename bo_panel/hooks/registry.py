"""Everything that the core and the plugins declare, compiled: immutable, and answered without asking a plugin."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bo_panel.domain.access import Catalogue, Vector
from bo_panel.hooks.contributions import FieldRule, Preset, Resource, Role, UnitKind


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

    @property
    def migrations(self) -> Path | None:
        """The folder with its Alembic revisions, if it has any."""
        versions = self.folder / "migrations" / "versions"
        return versions if versions.is_dir() else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registry:
    """What there is in this deployment: unit kinds, resources, roles, presets, plugins. There is one, equal to itself alone."""

    kinds: Mapping[str, UnitKind]
    resources: Mapping[str, Resource]
    catalogue: Catalogue
    roles: Mapping[str, Role]
    presets: Mapping[str, Preset]
    field_rules: tuple[FieldRule, ...]
    plugins: tuple[LoadedPlugin, ...]
    owner_roles: frozenset[str]
    nothing: Vector
    vectors: Mapping[str, Vector]

    def vector_of(self, role_key: str) -> Vector:
        """Return what a role gives; a role that this deployment does not know gives nothing."""
        return self.vectors.get(role_key, self.nothing)

    def may_stand_below(self, kind: str, parent_kind: str) -> bool:
        """Return whether a unit of `kind` may stand directly below one of `parent_kind`; no for kinds that are not known."""
        return kind in self.kinds and parent_kind in self.kinds[kind].parents

    def kinds_below(self, kind: str) -> tuple[UnitKind, ...]:
        """Return the kinds that may stand directly below `kind`."""
        return tuple(below for below in self.kinds.values() if kind in below.parents)

    def needs_owner(self, kind: str) -> bool:
        """Return whether each unit of this kind keeps an owner; no for a kind that is not known."""
        return kind in self.kinds and bool(self.kinds[kind].needs_owner)

    def rules_for(self, role_key: str) -> tuple[FieldRule, ...]:
        """Return what is to be kept about the places where a role is held."""
        return tuple(rule for rule in self.field_rules if rule.governs(role_key))

    def counted(self) -> tuple[UnitKind, ...]:
        """Return the kinds of which it is told how many somebody has access to."""
        return tuple(kind for kind in self.kinds.values() if kind.counted)

    def roles_for(self, kind: str) -> tuple[Role, ...]:
        """Return the roles that can be held at units of this kind."""
        return tuple(role for role in self.roles.values() if role.fits(kind))
