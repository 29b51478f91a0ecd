"""Roles, declared by plugins, owned by units or put together as policies, as one book."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from threading import RLock
from typing import Any

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from bo_panel.domain.access import Access, Vector, at_or_below
from bo_panel.domain.policies import is_policy
from bo_panel.domain.units import UnitPath, minimal
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, Role, Unit
from bo_panel.queries.sql import among_given, dialect, kept, listed, one_of, rows_of, within
from bo_panel.queries.switches import EVERYTHING_ON, Switches, switches

LEFT = "{key} (left by a plugin that is not installed)"
MOST_KEPT = 50
"""Books, each of which may hold a thousand roles."""
MOST_POLICIES = 5_000


@dataclass(frozen=True, slots=True)
class StoredRole:
    """A role that belongs to a unit."""

    key: str
    label: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...]
    owned_at: UnitPath


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Levels that were put together by hand; `preset` is what they started from, '' for nothing. Equal to itself alone."""

    label: str
    levels: Mapping[str, str]
    preset: str


@dataclass(frozen=True, slots=True, eq=False)
class RoleBook:
    """What every role gives: the registry's, and those stored ones that were asked for."""

    registry: Registry
    stored: Mapping[str, StoredRole] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    switches: Switches = EVERYTHING_ON
    """Where plugins are switched off, so that their roles are not offered there; known to books of what is offered."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """Held by somebody, and never on offer."""

    def vector_of(self, key: str) -> Vector:
        """Return what the role gives; a role that nobody knows any more gives nothing."""
        levels = self._levels(key)
        return self.registry.vector_of(key) if levels is None else self.registry.catalogue.vector(levels)

    def demand_of(self, key: str) -> Vector:
        """Return what somebody must hold to give the role: what it gives, or everything where a plugin that is gone declared a part of that."""
        levels = self._levels(key)
        return self.registry.vector_of(key) if levels is None else self.registry.catalogue.demand(levels)

    def is_within(self, key: str, access: Access, path: UnitPath) -> bool:
        """Return whether the role is at or below what somebody holds at a unit; of one that is partly left by a plugin, whether he owns it."""
        return at_or_below(self.vector_of(key), access.at(path)) and (not self.left_of(key) or any(top.covers(path) for top in self._owned(access)))

    def dominated(self, key: str, access: Access) -> tuple[UnitPath, ...]:
        """Return the topmost units at and beneath which the role is within what somebody holds."""
        return minimal(self._owned(access)) if self.left_of(key) else access.dominates(self.vector_of(key))

    def until(self, key: str, access: Access, path: UnitPath) -> datetime | None:
        """Return until when somebody holds as much as the role at a unit, who holds it there; None for ever."""
        if not self.left_of(key):
            return access.until(self.vector_of(key), path)
        ends = [held.expires_at for held in access.held if held.role in self.registry.owner_roles and held.path.covers(path)]
        return max((end for end in ends if end is not None), default=None) if None not in ends else None

    def _owned(self, access: Access) -> Iterator[UnitPath]:
        return (held.path for held in access.held if held.role in self.registry.owner_roles)

    def left_of(self, key: str) -> Mapping[str, str]:
        """Return what of the role is left by plugins that are gone: levels of resources that there are not."""
        return {resource: level for resource, level in (self._levels(key) or {}).items() if resource not in self.registry.resources}

    def _levels(self, key: str) -> Mapping[str, str] | None:
        levels = self.levels.get(key)
        if levels is None and (role := self.stored.get(key) or self.policies.get(key)):
            levels = role.levels
        return levels

    def label(self, key: str) -> str:
        """Return the role's name; an unknown role shows its key, and that a plugin left it where that is so."""
        if role := self.stored.get(key) or self.policies.get(key):
            return role.label
        declared = self.registry.roles.get(key)
        return declared.label if declared else LEFT.format(key=key) if self.registry.is_left(key) else key

    def fits(self, key: str, kind: str) -> bool:
        """Return whether the role can be held at units of this kind."""
        if key in self.stored:
            kinds: tuple[str, ...] = self.stored[key].unit_kinds
            return not kinds or kind in kinds
        if key in self.policies:
            return True
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
        return tuple(key for key in (*self.registry.roles, *own) if not self.switches.hides(key, path))


def role_book(session: Session, registry: Registry) -> RoleBook:
    """Return the book of all roles; one statement."""
    return _book_of(registry, session.execute(_stored()).all())


def some_roles(session: Session, registry: Registry, limit: int) -> RoleBook | None:
    """Return the book of all roles, or None when more than `limit` are stored; one statement."""
    rows = session.execute(_stored().limit(limit + 1)).all()
    return _book_of(registry, rows) if len(rows) <= limit else None


def role_book_for(session: Session, registry: Registry, keys: frozenset[str]) -> RoleBook:
    """Return the book that knows these roles; no statement when the registry has them all."""
    missing = keys - registry.roles.keys()
    if not missing:
        return RoleBook(registry)
    return _book_of(registry, session.execute(_stored().where(Role.key.in_(missing))).all())


def with_policies(session: Session, book: RoleBook, keys: Iterable[str]) -> RoleBook:
    """Return the book with those policies among these roles, the same for the same; one statement where one of them was not met yet."""
    held = frozenset(key for key in keys if is_policy(key))
    if not held:
        return book
    found = _met(held)
    unmet = held - found.keys()
    if unmet:
        rows = session.execute(select(Role.key, Role.label, Role.levels, Role.preset).where(Role.key.in_(sorted(unmet))))
        found |= _meet({row.key: Policy(row.label, row.levels, row.preset) for row in rows})
    return _with_policies(book, frozenset(found.items()))


def _met(keys: Iterable[str]) -> dict[str, Policy]:
    with _MEETING:
        return {key: _MET[key] for key in keys if key in _MET}


def _meet(policies: Mapping[str, Policy]) -> dict[str, Policy]:
    """Return these policies as they are kept: whoever read one first is the one whose is kept."""
    with _MEETING:
        return {key: _MET.setdefault(key, policy) for key, policy in policies.items()}


def roles_at(session: Session, registry: Registry, path: UnitPath) -> RoleBook:
    """Return the book of what is offered at a unit: declared roles, and those owned at it or above; one statement."""
    name = dialect(session)
    rows = tuple(rows_of(session, _above(name), {"above": listed(path.ids, name)}))
    return _book(registry, rows, switches(session, registry))


def kept_roles_at(session: Session, registry: Registry, path: UnitPath, version: int | None) -> RoleBook:
    """Return the same as `roles_at`; no statement where it was read at this version of the configuration, which was read before."""
    return roles_at(session, registry, path) if version is None else _kept_at(session, registry, path, version)


def roles_near(session: Session, registry: Registry, paths: Sequence[UnitPath]) -> RoleBook:
    """Return the book of what can be held in these subtrees: declared roles, and those owned inside or above them; one statement."""
    return _book(registry, tuple(rows_of(session, _near(tuple(paths)), {})), switches(session, registry))


def roles_ending(session: Session, user_id: int, unit_id: int) -> frozenset[str]:
    """Return the roles that somebody holds at a unit for a time only; one statement."""
    rows = select(Grant.role_key).where(Grant.user_id == user_id, Grant.unit_id == unit_id, Grant.expires_at.is_not(None))
    return frozenset(session.scalars(rows))


def book_of_levels(registry: Registry, levels: Mapping[str, Mapping[str, str]]) -> RoleBook:
    """Return the book that knows what these stored roles give, and no more of them; the same book for the same levels."""
    return _book_of_levels(registry, tuple((key, tuple(given.items())) for key, given in levels.items()))


_MET: LRUCache[str, Policy] = LRUCache(maxsize=MOST_POLICIES)
"""What was read of policies: they never change, and a key stands for one content everywhere."""
_MEETING = RLock()


@lru_cache(maxsize=MOST_KEPT)
def _with_policies(book: RoleBook, policies: frozenset[tuple[str, Policy]]) -> RoleBook:
    return replace(book, policies=dict(policies))


@cached(LRUCache(maxsize=MOST_KEPT), key=lambda _session, *asked: hashkey(*asked), lock=RLock())
def _kept_at(session: Session, registry: Registry, path: UnitPath, _version: int) -> RoleBook:
    return roles_at(session, registry, path)


@kept
def _near(paths: tuple[UnitPath, ...]) -> Any:
    above = sorted({unit_id for path in paths for unit_id in path.ids})
    return _as_text().where(or_(within(Unit.path, paths), one_of(Unit.id, above)))


@kept
def _above(name: str) -> Any:
    return _as_text().where(among_given(Unit.id, "above", name))


@lru_cache(maxsize=MOST_KEPT)
def _book(registry: Registry, rows: tuple[Any, ...], off: Switches) -> RoleBook:
    """Return the book of stored roles, whose levels and kinds come as text; the same book for the same roles, so that more can be kept."""
    found = ((key, label, json.loads(levels), tuple(json.loads(kinds)), UnitPath(path)) for key, label, levels, kinds, path in rows)
    return RoleBook(registry, {role[0]: StoredRole(*role) for role in found}, switches=off)


@lru_cache(maxsize=500)
def _book_of_levels(registry: Registry, levels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> RoleBook:
    return RoleBook(registry, levels={key: dict(given) for key, given in levels})


def _as_text() -> Any:
    columns = (Role.key, Role.label, cast(Role.levels, Text), cast(Role.unit_kinds, Text), Unit.path)
    return select(*columns).join(Unit, Unit.id == Role.unit_id).order_by(Role.label, Role.id)


def _stored() -> Any:
    columns = (Role.key, Role.label, Role.levels, Role.unit_kinds, Role.preset, Unit.path)
    return select(*columns).outerjoin(Unit, Unit.id == Role.unit_id).order_by(Role.label, Role.id)


def _book_of(registry: Registry, rows: Sequence[Any]) -> RoleBook:
    policies = {row.key: Policy(row.label, row.levels, row.preset) for row in rows if row.path is None}
    stored = {row.key: _role(row) for row in rows if row.path is not None}
    return RoleBook(registry, stored, policies=policies)


def _role(row: Any) -> StoredRole:
    return StoredRole(row.key, row.label, row.levels, tuple(row.unit_kinds), UnitPath(row.path))
