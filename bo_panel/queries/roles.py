"""Roles, declared by plugins and owned by units, as one book."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from bo_panel.domain.access import Vector
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.models import Role, Unit
from bo_panel.queries.sql import among_given, dialect, listed, one_of, rows_of, within


@dataclass(frozen=True, slots=True)
class StoredRole:
    """A role that belongs to a unit."""

    key: str
    label: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...]
    owned_at: UnitPath


@dataclass(frozen=True, slots=True, eq=False)
class RoleBook:
    """What every role gives: the registry's, and those stored ones that were asked for."""

    registry: Registry
    stored: Mapping[str, StoredRole] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def vector_of(self, key: str) -> Vector:
        """Return what the role gives; a role that nobody knows any more gives nothing."""
        levels = self.levels.get(key)
        if levels is None and key in self.stored:
            levels = self.stored[key].levels
        return self.registry.vector_of(key) if levels is None else self.registry.catalogue.vector(levels)

    def label(self, key: str) -> str:
        """Return the role's name; an unknown role shows its key."""
        if key in self.stored:
            return self.stored[key].label
        declared = self.registry.roles.get(key)
        return declared.label if declared else key

    def fits(self, key: str, kind: str) -> bool:
        """Return whether the role can be held at units of this kind."""
        if key in self.stored:
            kinds: tuple[str, ...] = self.stored[key].unit_kinds
            return not kinds or kind in kinds
        declared = self.registry.roles.get(key)
        return declared is not None and declared.fits(kind)

    def kinds(self, key: str) -> tuple[str, ...]:
        """Return the kinds of units that the role is made for; none when it can be held anywhere, or is not known."""
        if key in self.stored:
            return self.stored[key].unit_kinds
        declared = self.registry.roles.get(key)
        return declared.unit_kinds if declared else ()

    def offered_at(self, path: UnitPath) -> tuple[str, ...]:
        """Return the roles that can be given to somebody at home at `path`: declared ones, and those owned there or above."""
        own = (role.key for role in self.stored.values() if role.owned_at.covers(path))
        return (*self.registry.roles, *own)


def role_book(session: Session, registry: Registry) -> RoleBook:
    """Return the book of all roles; one statement."""
    rows = session.execute(_stored()).all()
    return RoleBook(registry, {row.key: _role(row) for row in rows})


def some_roles(session: Session, registry: Registry, limit: int) -> RoleBook | None:
    """Return the book of all roles, or None when units own more than `limit`; one statement."""
    rows = session.execute(_stored().limit(limit + 1)).all()
    return RoleBook(registry, {row.key: _role(row) for row in rows}) if len(rows) <= limit else None


def role_book_for(session: Session, registry: Registry, keys: frozenset[str]) -> RoleBook:
    """Return the book that knows these roles; no statement when the registry has them all."""
    missing = keys - registry.roles.keys()
    if not missing:
        return RoleBook(registry)
    rows = session.execute(_stored().where(Role.key.in_(missing))).all()
    return RoleBook(registry, {row.key: _role(row) for row in rows})


def roles_at(session: Session, registry: Registry, path: UnitPath) -> RoleBook:
    """Return the book of what is offered at a unit: declared roles, and those owned at it or above; one statement."""
    name = dialect(session)
    return _book(registry, tuple(rows_of(session, _above(name), {"above": listed(path.ids, name)})))


def roles_near(session: Session, registry: Registry, paths: Sequence[UnitPath]) -> RoleBook:
    """Return the book of what can be held in these subtrees: declared roles, and those owned inside or above them; one statement."""
    return _book(registry, tuple(rows_of(session, _near(tuple(paths)), {})))


def book_of_levels(registry: Registry, levels: Mapping[str, Mapping[str, str]]) -> RoleBook:
    """Return the book that knows what these stored roles give, and no more of them; the same book for the same levels."""
    return _book_of_levels(registry, tuple((key, tuple(given.items())) for key, given in levels.items()))


@lru_cache(maxsize=500)
def _near(paths: tuple[UnitPath, ...]) -> Any:
    above = sorted({unit_id for path in paths for unit_id in path.ids})
    return _as_text().where(or_(within(Unit.path, paths), one_of(Unit.id, above)))


@lru_cache
def _above(name: str) -> Any:
    return _as_text().where(among_given(Role.unit_id, "above", name))


@lru_cache(maxsize=500)
def _book(registry: Registry, rows: tuple[Any, ...]) -> RoleBook:
    """Return the book of stored roles, whose levels and kinds come as text; the same book for the same roles, so that more can be kept."""
    found = ((key, label, json.loads(levels), tuple(json.loads(kinds)), UnitPath(path)) for key, label, levels, kinds, path in rows)
    return RoleBook(registry, {role[0]: StoredRole(*role) for role in found})


@lru_cache(maxsize=500)
def _book_of_levels(registry: Registry, levels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> RoleBook:
    return RoleBook(registry, levels={key: dict(given) for key, given in levels})


def _as_text() -> Any:
    columns = (Role.key, Role.label, cast(Role.levels, Text), cast(Role.unit_kinds, Text), Unit.path)
    return select(*columns).join(Unit, Unit.id == Role.unit_id).order_by(Role.label, Role.id)


def _stored() -> Any:
    columns = (Role.key, Role.label, Role.levels, Role.unit_kinds, Unit.path)
    return select(*columns).join(Unit, Unit.id == Role.unit_id).order_by(Role.label, Role.id)


def _role(row: Any) -> StoredRole:
    return StoredRole(row.key, row.label, row.levels, tuple(row.unit_kinds), UnitPath(row.path))
